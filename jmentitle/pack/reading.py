"""Reading positioned YAML by expectation: each place knows what it expects, and says what it found
instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span, nearest_name
from jmentitle.language.record import record
from jmentitle.language.tree import ALWAYS, Window
from jmentitle.pack.text import NO_TEXT, Text
from jmentitle.pack.yaml_tree import Mapping, Piece, Scalar, Sequence

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,11})(?:\.\d{1,4})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PARAGRAPHS = frozenset(
    f"`{key}`" for key in ("summary", "notes", "note", "text", "reason", "cannot", "how", "gives")
)
"""The texts that may have several lines; all others are shown within a line."""
RENAMED = {
    "quantity": "volume",
    "functions": "duties",
    "function": "duty",
    "proof": "evidence",
    "places": "decimals",
}
"""Former names of keys, which this release still reads."""
_ACCIDENTAL = frozenset({"yes", "no", "on", "off", "y", "n"})


@record
class Fields:
    """The entries of one mapping, read by key. Unknown keys are reported when it is opened."""

    entries: dict[str, Piece]
    keys: dict[str, Scalar]
    span: Span
    collector: Collector

    @classmethod
    def open(
        cls, piece: Piece | None, collector: Collector, allowed: Collection[str] | None, what: str
    ) -> Fields | None:
        """The mapping `what`, or None after reporting that the piece is no mapping. `allowed` lists
        the allowed keys (None: any)."""
        if piece is None:
            return None
        if not isinstance(piece, Mapping):
            collector.add("JM005", f"{what} is {_shape(piece)}", piece.span, expected="a mapping")
            return None
        if allowed is not None:
            piece = rename_keys(piece, allowed, collector)
            for key, _ in piece.entries:
                if key.text not in allowed:
                    expected = ", ".join(sorted(allowed))
                    collector.add(
                        "JM003",
                        f"unknown key `{key.text}` in {what}",
                        key.span,
                        expected=expected,
                        suggestion=nearest_name(key.text, allowed),
                    )
        entries = {key.text: value for key, value in piece.entries}
        return cls(entries, {key.text: key for key, _ in piece.entries}, piece.span, collector)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def items(self) -> Iterator[tuple[Scalar, Piece]]:
        for key, value in self.entries.items():
            yield self.keys[key], value

    def piece(self, key: str, *, required: bool = False) -> Piece | None:
        """The value at `key`; reports a missing required one."""
        found = self.entries.get(key)
        if found is None and required:
            self.collector.add("JM004", f"missing key `{key}`", self.span, expected=f"`{key}:`")
        return found

    def scalar(self, key: str, *, required: bool = False) -> Scalar | None:
        found = self.piece(key, required=required)
        if found is None or isinstance(found, Scalar):
            return found
        self.collector.add(
            "JM005", f"`{key}` is {_shape(found)}", found.span, expected="a single value"
        )
        return None

    def child(
        self, key: str, known: Collection[str] | None, *, required: bool = False
    ) -> Fields | None:
        return Fields.open(self.piece(key, required=required), self.collector, known, f"`{key}`")

    def sequence(self, key: str, *, required: bool = False) -> tuple[Piece, ...]:
        found = self.piece(key, required=required)
        if found is None:
            return ()
        if isinstance(found, Sequence):
            return found.items
        self.collector.add("JM005", f"`{key}` is {_shape(found)}", found.span, expected="a list")
        return ()

    def name(self, key: str, *, required: bool = False) -> str | None:
        scalar = self.scalar(key, required=required)
        return None if scalar is None else name(scalar, self.collector)

    def names(self, key: str) -> tuple[Scalar, ...]:
        """A list of scalars that are names or citations."""
        found = [piece for piece in self.sequence(key) if _is_scalar(piece, self.collector)]
        return tuple(piece for piece in found if isinstance(piece, Scalar))

    def word(
        self, key: str, words: Collection[str], *, required: bool = False, default: str = ""
    ) -> str:
        """One of a fixed list of words."""
        scalar = self.scalar(key, required=required)
        if scalar is None:
            return default
        if scalar.text in words:
            return scalar.text
        if not _accidental(scalar, self.collector):
            expected = ", ".join(words)
            self.collector.add(
                "JM016",
                f"unknown word `{scalar.text}`",
                scalar.span,
                expected=expected,
                suggestion=nearest_name(scalar.text, words),
            )
        return default

    def flag(self, key: str, *, default: bool = False) -> bool:
        scalar = self.scalar(key)
        if scalar is None:
            return default
        found = truth(scalar, self.collector)
        return default if found is None else found

    def number(self, key: str, *, required: bool = False) -> Decimal | None:
        scalar = self.scalar(key, required=required)
        return None if scalar is None else number(scalar, self.collector)

    def day(self, key: str, *, required: bool = False) -> date | None:
        scalar = self.scalar(key, required=required)
        return None if scalar is None else day(scalar, self.collector)

    def plain_text(self, key: str, *, required: bool = False) -> str | None:
        """A text in no particular language: a number of a document, an address."""
        scalar = self.scalar(key, required=required)
        if scalar is None or (scalar.plain and _accidental(scalar, self.collector)):
            return None
        if scalar.plain and _DATE.fullmatch(scalar.text):
            self.collector.add(
                "JM015",
                f"{scalar.text} is a date",
                scalar.span,
                expected="a text; put it in quotes if it is one",
            )
            return None
        return _line(scalar, self.collector)

    def text(self, key: str, *, required: bool = False) -> Text:
        """A text in both languages; NO_TEXT where it is left out."""
        texts = self.piece(key, required=required)
        return NO_TEXT if texts is None else text(texts, self.collector, f"`{key}`")

    def window(self) -> Window:
        """The days between `from` and `until`."""
        start, end = self.day("from"), self.day("until")
        if start is None and end is None:
            return ALWAYS
        if start is not None and end is not None and end < start:
            self.collector.add(
                "JM048",
                f"the days run from {start} back to {end}",
                self.entries["from"].span,
                expected="`from` not after `until`",
            )
        return Window(start, end)

    def each(self, key: str, known: Collection[str] | None, what: str) -> Iterator[Fields]:
        """The mappings in the list at `key`."""
        for piece in self.sequence(key):
            fields = Fields.open(piece, self.collector, known, what)
            if fields is not None:
                yield fields

    def each_named(
        self, key: str, keys: Collection[str] | None, what: str
    ) -> Iterator[tuple[str, Scalar, Fields]]:
        """The mappings under the names at `key`."""
        group = self.child(key, None)
        if group is None:
            return
        for label, piece in group.items():
            word = name(label, self.collector)
            fields = Fields.open(piece, self.collector, keys, f"{what} `{label.text}`")
            if word is not None and fields is not None:
                yield word, label, fields


def rename_keys(piece: Mapping, allowed: Collection[str], collector: Collector) -> Mapping:
    """The mapping under the names that its keys have now; a former name is a warning."""
    given = {key.text for key, _ in piece.entries}
    entries = []
    for key, value in piece.entries:
        now = RENAMED.get(key.text)
        if now is not None and key.text not in allowed and now in allowed and now not in given:
            collector.add(
                "JM069", f"`{key.text}` is now called `{now}`", key.span, expected=f"`{now}:`"
            )
            key = replace(key, text=now)
        entries.append((key, value))
    return replace(piece, entries=tuple(entries))


def name(scalar: Scalar, collector: Collector) -> str | None:
    """A lower_snake_case name."""
    if _NAME.fullmatch(scalar.text):
        if scalar.plain and _accidental(scalar, collector):
            return None
        return scalar.text
    if not _accidental(scalar, collector):
        collector.add(
            "JM014",
            f"`{scalar.text[:64]}` is not a name",
            scalar.span,
            expected="lower_snake_case, at most 64 characters",
        )
    return None


def truth(scalar: Scalar, collector: Collector) -> bool | None:
    if scalar.plain and scalar.text in ("true", "false"):
        return scalar.text == "true"
    if not _accidental(scalar, collector):
        collector.add(
            "JM016",
            f"`{scalar.text[:64]}` is not a truth value",
            scalar.span,
            expected="true or false",
        )
    return None


def number(scalar: Scalar, collector: Collector) -> Decimal | None:
    if _NUMBER.fullmatch(scalar.text):
        return Decimal(scalar.text)
    if not _accidental(scalar, collector):
        expected = "digits with at most 4 decimal places, such as 620 or 14.5"
        collector.add(
            "JM008", f"`{scalar.text[:64]}` is not a plain number", scalar.span, expected=expected
        )
    return None


def day(scalar: Scalar, collector: Collector) -> date | None:
    if _DATE.fullmatch(scalar.text):
        try:
            return date.fromisoformat(scalar.text)
        except ValueError:
            collector.add(
                "JM007", f"{scalar.text} is not a calendar date", scalar.span, expected="YYYY-MM-DD"
            )
            return None
    collector.add(
        "JM007", f"`{scalar.text[:64]}` is not a date", scalar.span, expected="YYYY-MM-DD"
    )
    return None


def text(piece: Piece, collector: Collector, what: str) -> Text:
    fields = Fields.open(piece, collector, None, what)
    if fields is None:
        return NO_TEXT
    texts: dict[str, str] = {}
    for language in ("zh", "en"):
        scalar = fields.scalar(language)
        if scalar is None or not scalar.text.strip():
            collector.add(
                "JM013", f"{what} has no `{language}` text", piece.span, expected="{zh: …, en: …}"
            )
        elif not _accidental(scalar, collector):
            texts[language] = (
                scalar.text.strip() if what in _PARAGRAPHS else _line(scalar, collector)
            )
    for key in fields.entries:
        if key not in ("zh", "en", "plan"):
            collector.add(
                "JM003",
                f"unknown key `{key}` in {what}",
                fields.keys[key].span,
                expected="zh, en",
                suggestion=nearest_name(key, ("zh", "en")),
            )
    return Text(texts.get("zh", ""), texts.get("en", ""))


def _line(scalar: Scalar, collector: Collector) -> str:
    """A text of one line."""
    line = scalar.text.strip()
    if "\n" in line:
        collector.add(
            "JM020",
            "the text has more than one line",
            scalar.span,
            expected="a text of one line; `>` folds a long one",
        )
    return line


def is_null(piece: Piece) -> bool:
    """Whether the value is empty: an unquoted `null`, `~` or nothing."""
    return isinstance(piece, Scalar) and piece.plain and piece.text in ("null", "~", "")


def one_of(
    scalar: Scalar, names: Collection[str], code: Code, what: str, collector: Collector
) -> bool:
    """Whether the scalar names one of `known`; reports `code` with the nearest when not."""
    if scalar.text in names:
        return True
    collector.add(
        code,
        f"unknown {what} `{scalar.text[:64]}`",
        scalar.span,
        suggestion=nearest_name(scalar.text, names),
    )
    return False


def _accidental(scalar: Scalar, collector: Collector) -> bool:
    if scalar.plain and scalar.text.lower() in _ACCIDENTAL:
        expected = "true or false, or the word in quotes"
        collector.add(
            "JM006",
            f"many YAML readers take `{scalar.text}` for a truth value",
            scalar.span,
            expected=expected,
        )
        return True
    return False


def _is_scalar(piece: Piece, collector: Collector) -> bool:
    if isinstance(piece, Scalar):
        return True
    collector.add("JM005", f"found {_shape(piece)}", piece.span, expected="a single value")
    return False


def _shape(piece: Piece) -> str:
    return (
        "a list"
        if isinstance(piece, Sequence)
        else "a mapping"
        if isinstance(piece, Mapping)
        else "a single value"
    )
