"""Reports of counts and sums: HTML in both languages for a notebook, text in one for a command."""

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
"""A text in the requested language, and the same in the other one."""


@dataclass(frozen=True)
class Table:
    """Columns and rows under a heading; names are in both languages, figures are the same in
    both."""

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
        """HTML for a notebook: the requested language first, then the other one."""
        parts: list[object] = [
            tag("h1", _beside(self.title)),
            *(tag("p", _beside(line)) for line in self.lines),
        ]
        for section in self.tables:
            parts += [tag("h2", _beside(section.heading))] if any(section.heading) else []
            parts.append(
                table(
                    map(_beside, section.columns),
                    (
                        [_beside(cell) if isinstance(cell, tuple) else cell for cell in row]
                        for row in section.rows
                    ),
                )
            )
        return notebook_html(*parts)

    def to_text(self) -> str:
        """Text for a terminal, in the requested language."""
        parts = ["\n".join([self.title[0], *(line[0] for line in self.lines)])]
        for section in self.tables:
            rows = [
                [cell[0] if isinstance(cell, tuple) else cell for cell in row]
                for row in section.rows
            ]
            parts.append(
                "\n".join(
                    [
                        *([section.heading[0]] if section.heading[0] else []),
                        *aligned([column[0] for column in section.columns], rows),
                    ]
                )
            )
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True)
class BilingualReport:
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
        return "<BilingualReport: tables for a notebook>"


def _beside(texts: Both) -> Html:
    first, second = texts
    return (
        tag("span", first)
        if first == second
        else tag("span", first, " ", tag("span", second, class_="foot"))
    )
