"""Diagnostics: a mistake, its place, the expectation and the nearest correct name.

Every mistake that a person can make has a stable code (`codes`). A diagnostic about a household
names paths and never holds a value.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jmentitle.language.characters import visible
from jmentitle.language.codes import TITLES, WARNINGS, Code
from jmentitle.language.record import record

Severity = Literal["error", "warning"]

_MAX_MESSAGE = 300
_MAX_WORD = 64
_SHOWN_BEFORE = 120
_SHOWN = 200


@record
class Span:
    """A stretch of one line of a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    length: int = 1

    def at(self, offset: int, length: int = 1) -> Span:
        """The stretch that begins `offset` characters into this one; its beginning where it is too
        short (a text over several lines)."""
        if offset > self.length:
            return self
        return Span(self.file, self.line, self.column + offset, max(1, length))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a code, a sentence, and where it is.

    Fields:
        code: The stable code, such as `JM071`.
        message: A sentence without values of a household.
        span: File, line and column, for a problem in a pack.
        path: The path in a household file, or the argument.
        expected: What was expected.
        suggestion: The nearest right name.
        excerpt: The line of the pack.
    Example:
        >>> try:
        ...     pack.item("legal_ad")
        ... except ArgumentError as error:
        ...     problem = error.diagnostics[0]
        >>> problem.code, problem.path
        ('JM093', 'item')
    """

    code: Code
    message: str
    span: Span | None = None
    path: str | None = None
    expected: str | None = None
    suggestion: str | None = None
    excerpt: str | None = None

    @property
    def severity(self) -> Severity:
        """`error` or `warning`."""
        return "warning" if self.code in WARNINGS else "error"

    def render(self) -> str:
        """The diagnostic as lines for a terminal: place, sentence, excerpt with a caret,
        expectation, help.

        Returns:
            The lines as one text.
        Example:
            >>> print(problem.render())
            item: error JM093: unknown item
              expected: an id of `jmentitle items`
              did you mean: legal_aid
        """
        where = ""
        if self.span is not None:
            where = f"{visible(self.span.file)}:{self.span.line}:{self.span.column}: "
        elif self.path is not None:
            where = f"{visible(self.path)}: "
        lines = [f"{where}{self.severity} {self.code}: {visible(self.message)}"]
        if self.excerpt is not None and self.span is not None:
            number = str(self.span.line)
            start = self.span.column - 1
            # A long line is cut to the part around the mistake.
            cut = 0 if len(self.excerpt) <= _SHOWN else max(0, start - _SHOWN_BEFORE)
            part = self.excerpt[cut : cut + _SHOWN]
            before = visible(part[: start - cut])
            under = visible(part[start - cut : start - cut + self.span.length])
            lines.append(f"  {number} | {visible(part)}")
            lines.append(
                f"  {' ' * len(number)} | {' ' * _width(before)}{'^' * max(1, _width(under))}"
            )
        if self.expected is not None:
            lines.append(f"  expected: {visible(self.expected)}")
        if self.suggestion is not None:
            lines.append(f"  did you mean: {visible(self.suggestion)}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """The diagnostic for machines; keys without content are left out.

        Returns:
            Plain values, ready for JSON.
        Example:
            >>> problem.to_dict()["title"]
            'unknown item'
        """
        place: dict[str, object] = {}
        if self.span is not None:
            place = {
                "file": visible(self.span.file),
                "line": self.span.line,
                "column": self.span.column,
            }
        texts = {
            "code": self.code,
            "severity": self.severity,
            "title": TITLES[self.code],
            "message": self.message,
            "path": self.path,
            "expected": self.expected,
            "suggestion": self.suggestion,
        }
        return {**{key: visible(text) for key, text in texts.items() if text is not None}, **place}


def nearest_name(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` most like `word`, or None if none is near. No name is longer than 64
    characters."""
    if len(word) > _MAX_WORD:
        return None
    matches = difflib.get_close_matches(word, sorted(words), n=1, cutoff=0.6)
    return matches[0] if matches else None


def shortened(message: str) -> str:
    """A message that fits on a few lines of a terminal."""
    return message if len(message) <= _MAX_MESSAGE else message[:_MAX_MESSAGE] + "…"


def documentation_page(code: Code) -> Path:
    """The path of the page of a code, relative to the project."""
    return Path("docs/errors") / f"{code}.md"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
