"""What a notebook shows and a command prints: lines and tables of counts and sums, in both
languages as HTML and in one as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from jmentitle.assessment.display import Html
from jmentitle.render.columns import aligned
from jmentitle.render.html import notebook_html, table, tag
from jmentitle.render.words import check

Language = Literal["zh", "en"]
Both = tuple[str, str]
"""A text in the language that was asked for, and the same in the other one."""


@dataclass(frozen=True)
class Table:
    """Columns and rows under a heading; the cells of names are in both languages, figures are
    written alike in both."""

    heading: Both
    columns: Sequence[Both]
    rows: Sequence[Sequence[Both | str]]


@dataclass(frozen=True)
class Report:
    """A title, lines under it, and tables."""

    title: Both
    lines: Sequence[Both] = ()
    tables: Sequence[Table] = ()

    def to_html(self) -> Html:
        """For a notebook: the language that was asked for with the other one beside it."""
        shown: list[object] = [
            tag("h1", _beside(self.title)),
            *(tag("p", _beside(line)) for line in self.lines),
        ]
        for one in self.tables:
            shown += [tag("h2", _beside(one.heading))] if any(one.heading) else []
            shown.append(
                table(
                    map(_beside, one.columns),
                    (
                        [_beside(cell) if isinstance(cell, tuple) else cell for cell in row]
                        for row in one.rows
                    ),
                )
            )
        return notebook_html(*shown)

    def to_text(self) -> str:
        """For a terminal: the language that was asked for alone."""
        parts = ["\n".join([self.title[0], *(line[0] for line in self.lines)])]
        for one in self.tables:
            rows = [
                [cell[0] if isinstance(cell, tuple) else cell for cell in row] for row in one.rows
            ]
            parts.append(
                "\n".join(
                    [
                        *([one.heading[0]] if one.heading[0] else []),
                        *aligned([column[0] for column in one.columns], rows),
                    ]
                )
            )
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True)
class Shown:
    """A report that shows itself in a notebook, in Chinese first."""

    in_language: Callable[[str], Report]

    def to_html(self, language: Language = "zh") -> Html:
        """`language` comes first, the other one beside it. Raises ArgumentError for a language
        without words."""
        return self.in_language(check(language)).to_html()

    def to_text(self, language: Language = "zh") -> str:
        """The same as plain text, in one language. Raises ArgumentError for a language without
        words."""
        return self.in_language(check(language)).to_text()

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return "<Shown: tables for a notebook>"


def _beside(texts: Both) -> Html:
    own, other = texts
    return (
        tag("span", own)
        if own == other
        else tag("span", own, " ", tag("span", other, class_="foot"))
    )
