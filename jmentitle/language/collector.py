"""Collecting mistakes while reading continues, so that all are reported at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jmentitle.errors import TooManyMistakesError
from jmentitle.language.codes import Code
from jmentitle.language.diagnostics import Diagnostic, Span, shortened

MAX_FOUND = 200
"""The limit of mistakes at which reading stops: nobody reads more, and finding the nearest names
takes time."""


@dataclass(slots=True)
class Collector:
    """Collects diagnostics while reading continues, so that all are reported at once. INVARIANT:
    each diagnostic is in it once."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    diagnostics: dict[Diagnostic, None] = field(default_factory=dict)
    error_count: int = 0
    ignored: frozenset[Code] = frozenset()
    """Codes that are skipped, because an earlier mistake may have caused them."""

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
        diagnostic = Diagnostic(code, shortened(message), span, path, expected, suggestion, excerpt)
        if diagnostic in self.diagnostics:
            return
        self.diagnostics[diagnostic] = None
        self.error_count += diagnostic.severity == "error"
        if self.error_count == MAX_FOUND:
            limit = Diagnostic(
                "JM012", f"more than {MAX_FOUND} mistakes; the rest is not shown", path="the rest"
            )
            raise TooManyMistakesError([*self, limit])

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self.diagnostics, key=_order))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(diagnostic for diagnostic in self if diagnostic.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(diagnostic for diagnostic in self if diagnostic.severity == "warning")


def _order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    span = diagnostic.span
    return (
        (span.file, span.line, span.column, diagnostic.code, diagnostic.message)
        if span
        else ("", 0, 0, diagnostic.code, diagnostic.path or "")
    )
