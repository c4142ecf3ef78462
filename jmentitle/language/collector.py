"""Gathering mistakes while reading goes on, so that all are reported at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jmentitle.errors import TooManyMistakesError
from jmentitle.language.codes import Code
from jmentitle.language.diagnostics import Diagnostic, Span, shortened

MAX_FOUND = 200
"""A pack with more mistakes than this is not read on: nobody reads so many, and finding the nearest
names takes time."""


@dataclass(slots=True)
class Collector:
    """Gathers diagnostics while reading goes on, so that all come at once. INVARIANT: each
    diagnostic is held once."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    found: dict[Diagnostic, None] = field(default_factory=dict)
    error_count: int = 0
    ignored: frozenset[Code] = frozenset()
    """Codes that are passed over: what cannot be known because something else is lost."""

    def add(
        self,
        code: Code,
        message: str,
        span: Span | None = None,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
        path: str | None = None,
    ) -> None:
        """Record one problem. Raises TooManyMistakesError."""
        if code in self.ignored:
            return
        excerpt = None
        if span is not None and span.file in self.lines:
            lines = self.lines[span.file]
            if 0 < span.line <= len(lines):
                excerpt = lines[span.line - 1]
        one = Diagnostic(code, shortened(message), span, path, expected, suggestion, excerpt)
        if one in self.found:
            return
        self.found[one] = None
        self.error_count += one.severity == "error"
        if self.error_count == MAX_FOUND:
            limit = Diagnostic(
                "JM012", f"more than {MAX_FOUND} mistakes; the rest is not shown", path="the rest"
            )
            raise TooManyMistakesError([*self, limit])

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self.found, key=_order))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(one for one in self if one.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(one for one in self if one.severity == "warning")


def _order(one: Diagnostic) -> tuple[str, int, int, str, str]:
    span = one.span
    return (
        (span.file, span.line, span.column, one.code, one.message)
        if span
        else ("", 0, 0, one.code, one.path or "")
    )
