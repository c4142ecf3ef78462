"""Diagnostics: what is wrong, where, what was expected and the nearest right thing.

Every mistake that a person can make in a pack or in a household file has a stable code, listed here
once with its title. `docs/errors/<code>.md` explains each. A diagnostic about a household file
names paths and never holds a value.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from jmentitle.language.characters import visible
from jmentitle.language.record import record

Severity = Literal["error", "warning"]

TITLES: dict[str, str] = {
    # reading YAML
    "JM001": "not valid YAML",
    "JM002": "duplicate key",
    "JM003": "unknown key",
    "JM004": "missing key",
    "JM005": "wrong shape",
    "JM006": "accidental boolean",
    "JM007": "not a date",
    "JM008": "not a plain number",
    "JM009": "anchor, alias or merge key",
    "JM010": "YAML tag",
    "JM011": "nested too deep",
    "JM012": "too large",
    "JM013": "text missing in one language",
    "JM014": "not a name",
    "JM015": "unquoted date where a text is expected",
    "JM016": "not one of the allowed words",
    "JM017": "file cannot be read",
    "JM018": "not a pack",
    "JM019": "output cannot be written",
    # expressions
    "JM020": "unexpected character",
    "JM021": "full-width punctuation",
    "JM022": "invalid expression",
    "JM023": "expression too long or too deep",
    "JM024": "number too long",
    "JM025": "unknown name",
    "JM026": "unknown function",
    "JM027": "wrong number of arguments",
    "JM028": "types do not fit",
    "JM029": "units do not fit",
    "JM030": "unknown enum member",
    "JM031": "name of the other entity",
    "JM032": "division outside round",
    "JM033": "not a condition",
    "JM034": "unknown unit",
    "JM035": "money without a unit",
    "JM036": "amount finer than a fen",
    "JM037": "members within members",
    "JM038": "and, or, not inside an expression",
    # the pack as a whole
    "JM039": "version of the rule language not read",
    "JM040": "duplicate name",
    "JM041": "circular definition",
    "JM042": "unused name",
    "JM043": "unknown source",
    "JM044": "unknown document",
    "JM045": "unknown duty or no office for it",
    "JM046": "dates leave a gap",
    "JM047": "dates overlap",
    "JM048": "dates reversed or outside the validity",
    "JM049": "null without a reason",
    "JM050": "missing table key",
    "JM051": "unknown or repeated table key",
    "JM052": "condition is empty on a date",
    "JM053": "item in the wrong place",
    "JM054": "benefit without content",
    "JM055": "unknown item or benefit",
    "JM056": "exclusion without a conflict",
    "JM057": "grant is not a status",
    "JM058": "status can never hold",
    "JM059": "citation missing",
    "JM060": "steps out of order",
    "JM061": "unusable example",
    "JM062": "example fails",
    "JM063": "examples not at the end",
    "JM064": "value does not suit its unit",
    "JM065": "unexpected file in a pack",
    "JM066": "overlay changes a published value",
    "JM067": "overlay for another pack",
    "JM068": "number may grow too large",
    "JM069": "former form",
    # household files
    "JM070": "unusable household file",
    "JM071": "unknown fact",
    "JM072": "value of the wrong type",
    "JM073": "not a member of the list",
    "JM074": "date in the future",
    "JM075": "number out of range",
    "JM076": "no members",
    "JM077": "duplicate member id",
    "JM079": "date outside the validity of the pack",
    "JM080": "money finer than a fen",
    "JM081": "fact in the wrong place",
    "JM082": "household of another pack",
    # running
    "JM090": "engine not available",
    "JM091": "unknown pack",
    "JM092": "record cannot be replayed",
    "JM093": "unknown item",
    "JM094": "unknown benefit or member",
    "JM095": "extra not installed",
    "JM096": "invalid command line",
    # populations
    "JM100": "unusable frame",
    "JM101": "invalid ids in a population",
    "JM102": "unusable output folder",
    # synthetic cities
    "JM110": "shares do not add up to 1",
    "JM111": "quantiles out of order or range",
    "JM112": "unreachable case",
    # trying out
    "JM115": "amendment cites a source",
    "JM116": "amendment contradicts itself",
    "JM117": "no published value to scale or shift",
}

WARNINGS = frozenset({"JM042", "JM056", "JM069"})

MAX_FOUND = 200
"""A pack with more mistakes than this is not read on: nobody reads so many, and finding the nearest
names takes time."""
_MAX_MESSAGE = 300
_MAX_WORD = 64
_SHOWN_BEFORE, _SHOWN = 120, 200


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
    """One problem: a code of `TITLES`, a sentence, and where it is (a span in a pack, a path in a
    household file)."""

    code: str
    message: str
    span: Span | None = None
    path: str | None = None
    expected: str | None = None
    nearest: str | None = None
    excerpt: str | None = None

    @property
    def severity(self) -> Severity:
        return "warning" if self.code in WARNINGS else "error"

    def render(self) -> str:
        """The diagnostic as lines for a terminal: place, sentence, excerpt with a caret,
        expectation, help."""
        where = ""
        if self.span is not None:
            where = f"{visible(self.span.file)}:{self.span.line}:{self.span.column}: "
        elif self.path is not None:
            where = f"{visible(self.path)}: "
        lines = [f"{where}{self.severity} {self.code}: {visible(self.message)}"]
        if self.excerpt is not None and self.span is not None:
            number, start = str(self.span.line), self.span.column - 1
            # Of a long line only the part around the place is shown.
            cut = 0 if len(self.excerpt) <= _SHOWN else max(0, start - _SHOWN_BEFORE)
            shown = self.excerpt[cut : cut + _SHOWN]
            before, under = (
                visible(shown[: start - cut]),
                visible(shown[start - cut : start - cut + self.span.length]),
            )
            lines.append(f"  {number} | {visible(shown)}")
            lines.append(
                f"  {' ' * len(number)} | {' ' * _width(before)}{'^' * max(1, _width(under))}"
            )
        if self.expected is not None:
            lines.append(f"  expected: {visible(self.expected)}")
        if self.nearest is not None:
            lines.append(f"  did you mean: {visible(self.nearest)}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """The diagnostic for machines; keys without content are left out."""
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
            "nearest": self.nearest,
        }
        return {**{key: visible(text) for key, text in texts.items() if text is not None}, **place}


class DiagnosticsError(ValueError):
    """Raised with every problem found at once; `diagnostics` holds them in order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(one.render() for one in self.diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        """Made anew from its diagnostics where it is copied or sent to another process; its args
        hold the text only."""
        return type(self), (self.diagnostics,), self.__dict__


class PackError(DiagnosticsError):
    """A pack that cannot be used."""


class ProfileError(DiagnosticsError):
    """A household file that cannot be used."""


class TooManyMistakes(PackError, ProfileError):
    """Raised while reading goes on, with the first `MAX_FOUND` mistakes of a pack or a household
    file."""


@dataclass(slots=True)
class Collector:
    """Gathers diagnostics while reading goes on, so that all come at once. INVARIANT: each
    diagnostic is held once."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    found: dict[Diagnostic, None] = field(default_factory=dict)
    error_count: int = 0
    ignored: frozenset[str] = frozenset()
    """Codes that are passed over: what cannot be known because something else is lost."""

    def add(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        expected: str | None = None,
        nearest: str | None = None,
        path: str | None = None,
    ) -> None:
        """Record one problem; `code` must be one of `TITLES`. Raises TooManyMistakes."""
        assert code in TITLES, code
        if code in self.ignored:
            return
        excerpt = None
        if span is not None and span.file in self.lines:
            lines = self.lines[span.file]
            if 0 < span.line <= len(lines):
                excerpt = lines[span.line - 1]
        if len(message) > _MAX_MESSAGE:
            message = message[:_MAX_MESSAGE] + "…"
        one = Diagnostic(code, message, span, path, expected, nearest, excerpt)
        if one in self.found:
            return
        self.found[one] = None
        self.error_count += one.severity == "error"
        if self.error_count == MAX_FOUND:
            limit = Diagnostic(
                "JM012", f"more than {MAX_FOUND} mistakes; the rest is not shown", path="the rest"
            )
            raise TooManyMistakes([*self, limit])

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self.found, key=_order))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(one for one in self if one.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(one for one in self if one.severity == "warning")


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` most like `word`, or None when nothing is near. No name is longer than 64
    characters."""
    if len(word) > _MAX_WORD:
        return None
    matches = difflib.get_close_matches(word, sorted(words), n=1, cutoff=0.6)
    return matches[0] if matches else None


def documentation_page(code: str) -> Path:
    """Where the page of a code lies, relative to the project."""
    return Path("docs/errors") / f"{code}.md"


def _order(one: Diagnostic) -> tuple[str, int, int, str, str]:
    span = one.span
    return (
        (span.file, span.line, span.column, one.code, one.message)
        if span
        else ("", 0, 0, one.code, one.path or "")
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
