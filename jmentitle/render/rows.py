"""Outlines: what a view says, line by line, each with its depth. A terminal prints them indented; a
page nests them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its depth, its mark (a bullet, ✓ …) and its kind. A row without text is an empty
    line."""

    text: str = ""
    level: int = 0
    mark: str = ""
    kind: Literal["title", "heading", "entry", "plain"] = "plain"


EMPTY = Row()


def outline_text(rows: Iterable[Row], language: str, indents: tuple[int, ...] = ()) -> str:
    """The outline as plain text. `indents` are the spaces before each level, two a level by
    default."""
    return "".join(f"{_line(row, language, indents)}\n" for row in rows)


def _line(row: Row, language: str, indents: tuple[int, ...]) -> str:
    if row.kind == "heading":
        return f"【{row.text}】" if language == "zh" else f"## {row.text}"
    indent = indents[row.level] if row.level < len(indents) else 2 * row.level
    return f"{' ' * indent}{row.mark}{' ' if row.mark else ''}{row.text}"
