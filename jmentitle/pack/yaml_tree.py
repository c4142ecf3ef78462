"""YAML as positioned text: every scalar stays the text that was written, every piece knows its
place.

Reading is by events and stops at the first limit, so a hostile file costs bounded time and memory.
Tags, anchors, aliases and merge keys are refused: nothing in a pack can refer to Python or grow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from jmentitle.language.characters import unseen, visible
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span
from jmentitle.language.record import record
from jmentitle.pack.files import MAX_BYTES

MAX_DEPTH = 32
MAX_NODES = 100_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@record
class Scalar:
    """A scalar as written; `plain` when it stood without quotes."""

    text: str
    plain: bool
    span: Span


@record
class Sequence:
    items: tuple[Piece, ...]
    span: Span


@record
class Mapping:
    entries: tuple[tuple[Scalar, Piece], ...]
    span: Span


Piece = Scalar | Sequence | Mapping


def words(texts: Iterable[str], span: Span) -> Sequence:
    """A list of words that nobody wrote there."""
    return Sequence(tuple(Scalar(text, False, span) for text in texts), span)


def entry(piece: Mapping, key: str) -> Piece | None:
    """The value at a key of a mapping."""
    return next((value for label, value in piece.entries if label.text == key), None)


def put(piece: Mapping, key: Scalar, value: Piece | None) -> Mapping:
    """The mapping in which a key has this value, in the place of its former one; without the key
    where the value is None."""
    if value is None:
        return Mapping(
            tuple(pair for pair in piece.entries if pair[0].text != key.text), piece.span
        )
    if entry(piece, key.text) is None:
        return Mapping((*piece.entries, (key, value)), piece.span)
    return Mapping(
        tuple(
            (key, value) if label.text == key.text else (label, own) for label, own in piece.entries
        ),
        piece.span,
    )


class _StopError(Exception):
    """Reading cannot go on; the reason has been reported."""


def read(
    text: str, file: str, collector: Collector, *, any_character: bool = False
) -> Piece | None:
    """The single document in `text`; None after reporting why there is no such document. Invisible
    characters are reported, unless `any_character` leaves that to the reader of the values."""
    collector.lines[file] = text.split("\n")
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        collector.add(
            "JM017",
            "the file cannot be read: it contains half a character",
            Span(file, 1, 1),
            expected="a readable UTF-8 file",
        )
        return None
    if size > MAX_BYTES:
        collector.add(
            "JM012",
            "the file is too large",
            Span(file, 1, 1),
            expected=f"at most {MAX_BYTES} bytes",
        )
        return None
    hidden = (
        []
        if any_character
        else [
            (line, index)
            for line, written in enumerate(collector.lines[file], 1)
            for index in unseen(written, "\t\r")
        ]
    )
    try:
        piece = _Reader(text, file, collector, any_character or bool(hidden)).document()
    except _StopError:
        return None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file, 1, 1)
        collector.add("JM001", f"not valid YAML: {problem.problem or problem.context}", span)
        return None
    except yaml.YAMLError as problem:
        collector.add("JM001", f"not valid YAML: {str(problem).splitlines()[0]}", Span(file, 1, 1))
        return None
    for line, index in hidden:
        report_unseen(
            collector, collector.lines[file][line - 1][index], Span(file, line, index + 1)
        )
    return piece


def report_unseen(collector: Collector, char: str, span: Span) -> None:
    """A character that nobody sees, written as such or as an escape."""
    message = f"the character {visible(char)} is invisible here"
    collector.add(
        "JM020", message, span, expected="text without control, direction and zero-width characters"
    )


class _Reader:
    def __init__(self, text: str, file: str, collector: Collector, any_character: bool) -> None:
        self.file = file
        self.collector = collector
        self.any_character = any_character
        # Between the start and the end of a sequence or mapping there are only events of nodes; the
        # stubs know no better than Any.
        self.events: Any = yaml.parse(text, Loader=_LOADER)
        self.count = 0

    def span(self, event: yaml.Event, length: int = 1) -> Span:
        mark: Any = event.start_mark
        return Span(self.file, mark.line + 1, mark.column + 1, max(1, length))

    def stop(
        self, code: Code, message: str, event: yaml.Event, expected: str | None = None
    ) -> _StopError:
        self.collector.add(code, message, self.span(event), expected=expected)
        return _StopError()

    def document(self) -> Piece | None:
        piece: Piece | None = None
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                if piece is not None:
                    raise self.stop(
                        "JM001", "the file has a second document", event, "one document a file"
                    )
                piece = self.piece(event, 0)
        if piece is None:
            self.collector.add(
                "JM005", "the file is empty", Span(self.file, 1, 1), expected="a mapping"
            )
        return piece

    def piece(self, event: yaml.NodeEvent, depth: int) -> Piece:
        self.count += 1
        if self.count > MAX_NODES:
            raise self.stop("JM012", "the file has too many parts", event, f"at most {MAX_NODES}")
        if depth > MAX_DEPTH:
            raise self.stop(
                "JM011", "the file is nested too deep", event, f"at most {MAX_DEPTH} levels"
            )
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.stop(
                "JM009", "packs cannot use anchors or aliases", event, "the value written out"
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self.stop("JM010", f"packs cannot use the tag `{tag}`", event, "plain values")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                items.append(self.piece(inner, depth + 1))
            return Sequence(tuple(items), self.span(event))
        return self.mapping(event, depth)

    def scalar(self, event: Any) -> Scalar:
        # A pack has some fifty thousand scalars, so the position on the line is computed without
        # further calls.
        start = event.start_mark
        end = event.end_mark
        style = event.style
        plain = not style
        inset = 0 if plain or style in "|>" else 1  # what is quoted begins after the quote
        length = end.column - start.column - 2 * inset if end.line == start.line else 1
        span = Span(
            self.file, start.line + 1, start.column + 1 + inset, length if length > 1 else 1
        )
        if not event.value.isprintable() and not self.any_character:
            for index in unseen(event.value, "\n")[:1]:
                report_unseen(self.collector, event.value[index], span)
        return Scalar(event.value, plain, span)

    def mapping(self, event: yaml.NodeEvent, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Piece]] = []
        seen: dict[str, Span] = {}
        while not isinstance(inner := next(self.events), yaml.MappingEndEvent):
            key = self.piece(inner, depth + 1)
            if not isinstance(key, Scalar):
                raise self.stop("JM005", "found a list or mapping as a key", inner, "a name as key")
            if key.plain and key.text == "<<":
                raise self.stop(
                    "JM009", "packs cannot use merge keys", inner, "the values written out"
                )
            if key.text in seen:
                first = seen[key.text]
                self.collector.add(
                    "JM002",
                    f"duplicate key `{key.text}`; first in line {first.line}",
                    key.span,
                    expected="each key once",
                )
            seen[key.text] = key.span
            entries.append((key, self.piece(next(self.events), depth + 1)))
        return Mapping(tuple(entries), self.span(event))
