"""Tables as plain text with aligned columns; Chinese characters are two wide."""

from __future__ import annotations

from collections.abc import Sequence

from jmentitle.render.graph import width_of

_FIGURES = frozenset("0123456789,.+-–~?%— ")


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table: figures to the right, names to the left."""
    widths = [max(map(width_of, column)) for column in zip(head, *rows, strict=True)]
    right = [
        all(set(cell) <= _FIGURES for cell in column) and bool(rows)
        for column in zip(*rows, strict=True)
    ] or [False] * len(head)

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (width - width_of(cell)) + cell
            if to_right
            else cell + " " * (width - width_of(cell))
            for cell, width, to_right in zip(cells, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    return [line(cells) for cells in (head, *rows)]
