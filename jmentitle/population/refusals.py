"""Arguments that cannot be used are refused as wrong facts are: with a code, the name of the argument, what was expected and the nearest name."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Never

from jmentitle.language.diagnostics import Collector, ProfileError, nearest

Figure = int | float | Decimal
"""A number as somebody writes it; a float stands for the decimal that it is written as."""


def refuse(code: str, message: str, path: str, *, expected: str | None = None, word: str = "", known: Iterable[str] = ()) -> Never:
    """Raises ProfileError. `word` is what was given, `known` the names among which the nearest is looked for."""
    collector = Collector()
    near = nearest(word, known)
    collector.add(code, message, path=path, expected=None if near else expected, nearest=near)
    raise ProfileError(collector.errors) from None


def exact(value: object, path: str) -> Decimal:
    """A number exactly as it was written. Raises ProfileError (JM072) for what is none."""
    try:
        found = Decimal(str(value)) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite():
        refuse("JM072", "this is no number", path, expected="a number")
    return found


def whole(value: object, scale: int, path: str) -> int:
    """A number at a scale, such as yuan in fen. Raises ProfileError (JM072; JM075 where it is finer than the scale)."""
    scaled = exact(value, path).scaleb(scale)
    if scaled % 1:
        refuse("JM075", "the number is too fine", path, expected=f"at most {scale} decimal places" if scale else "a whole number")
    return int(scaled)
