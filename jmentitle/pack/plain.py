"""Plain values from outside, copied with limits before anything else reads them.

A caller's value may contain itself, share parts so that it grows without end when written out, or
be of a class whose methods do anything. The copy has only exact built-in types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Never

from jmentitle.errors import PackError, fail
from jmentitle.language.codes import Code
from jmentitle.language.values import RefusedValueError, day, plain
from jmentitle.pack.files import MAX_BYTES
from jmentitle.pack.yaml_tree import MAX_DEPTH

MAX_VALUES = 10_000
"""Values of an amendment, each counted as often as it is met: some ten times more than any
needs."""
MAX_DIGITS = 1_000
_SHAPES = "mappings, lists, texts, numbers, dates, truth values and None"


def plain_copy(value: object, what: str) -> object:
    """The same values as mappings, lists and scalars of built-in types.

    Raises PackError: JM011 for what is nested too deep (or in itself), JM012 for what is too large,
    JM005 for what is no plain value. `what` is its name in messages, such as `amendment`.
    """
    return _Copying(what).copy(value, 1)


class _Copying:
    def __init__(self, what: str) -> None:
        self.what = what
        self.values = 0
        self.characters = 0

    def copy(self, value: object, depth: int) -> object:
        self.values += 1
        if self.values > MAX_VALUES:
            self.refuse("JM012", "has too many values", f"at most {MAX_VALUES}")
        if depth > MAX_DEPTH:
            message = "is nested too deep, or contains itself"
            self.refuse("JM011", message, f"at most {MAX_DEPTH} levels")
        if isinstance(value, Mapping):
            pairs = self.parts(value.items() if not isinstance(value, dict) else dict.items(value))
            copied = {}
            for pair in pairs:
                if not isinstance(pair, tuple) or len(pair) != 2:
                    self.refuse_shape(value)
                copied[self.scalar(pair[0])] = self.copy(pair[1], depth + 1)
            return copied
        if isinstance(value, list | tuple):
            return [self.copy(part, depth + 1) for part in self.parts(value)]
        return self.scalar(value)

    def parts(self, parts: Iterable[object]) -> list[object]:
        """The entries of a mapping or list, up to a limit: its class may yield entries without
        end."""
        try:
            return list(islice(parts, MAX_VALUES + 1))
        except Exception:
            self.refuse_shape(parts)

    def scalar(self, value: object) -> object:
        """A text, number, date, truth value or None as a value of its built-in type."""
        value = plain(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, float):
            return float.__pos__(value)
        if isinstance(value, str):
            return self.text(str.__str__(value))
        if isinstance(value, int):
            if abs(int.__index__(value)).bit_length() > 4 * MAX_DIGITS:
                self.refuse_number()
            return int.__index__(value)
        if isinstance(value, Decimal):
            number = value if type(value) is Decimal else Decimal(value)
            if number.is_finite() and abs(number.adjusted()) > MAX_DIGITS:
                self.refuse_number()
            return number if number.is_finite() else float(number)
        if isinstance(value, datetime):
            try:
                return day(value)
            except RefusedValueError:
                return value.isoformat()  # refused where a day is read
        if type(value) is not date:
            self.refuse_shape(value)
        return value

    def text(self, value: str) -> str:
        self.characters += len(value)
        if self.characters > MAX_BYTES:
            self.refuse("JM012", "has too much text", f"at most {MAX_BYTES} characters")
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.refuse("JM005", "contains half a character", "texts of Unicode")
        return value

    def refuse_number(self) -> Never:
        self.refuse("JM012", "holds a number that is too long", f"at most {MAX_DIGITS} digits")

    def refuse_shape(self, value: object) -> Never:
        self.refuse("JM005", f"holds `{type(value).__name__}`", _SHAPES)

    def refuse(self, code: Code, message: str, expected: str) -> Never:
        fail(code, f"the {self.what} {message}", path=self.what, expected=expected, error=PackError)
