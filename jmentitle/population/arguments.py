"""Arguments that cannot be used are refused as wrong facts are: with a code, the name of the
argument, what was expected and the nearest name."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Never

from jmentitle.language import values
from jmentitle.language.decimals import whole_at
from jmentitle.language.diagnostics import Collector, ProfileError, nearest

Figure = int | float | Decimal
"""A number as somebody writes it; a float stands for the decimal that it is written as."""


def refuse(
    code: str,
    message: str,
    path: str,
    *,
    expected: str | None = None,
    word: str = "",
    known: Iterable[str] = (),
) -> Never:
    """Raises ProfileError. `word` is what was given, `known` the names among which the nearest is
    looked for."""
    collector = Collector()
    near = nearest(word, known)
    collector.add(code, message, path=path, expected=None if near else expected, nearest=near)
    raise ProfileError(collector.errors) from None


def exact(value: object, path: str) -> Decimal:
    """A number exactly as it was written. Raises ProfileError (JM072) for what is none."""
    try:
        return values.number(value)
    except values.Refused:
        refuse("JM072", "expected a number", path, expected="a number")


def whole(value: object, scale: int, path: str) -> int:
    """A number at a scale, such as yuan in fen. Raises ProfileError (JM072; JM075 where it is finer
    than the scale)."""
    scaled, fits = whole_at(exact(value, path), scale)
    if not fits:
        refuse(
            "JM075",
            "the number has too many decimal places",
            path,
            expected=f"at most {scale} decimal places" if scale else "a whole number",
        )
    return scaled
