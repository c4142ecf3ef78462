"""Numbers as arguments of a call."""

from __future__ import annotations

from decimal import Decimal

from jmentitle.errors import fail
from jmentitle.language import values
from jmentitle.language.decimals import whole_at

Figure = int | float | Decimal
"""A number as somebody writes it; a float means the shortest decimal that prints it."""


def exact(value: object, path: str) -> Decimal:
    """A number exactly as it was written. Raises ArgumentError (JM072) for anything else."""
    try:
        return values.number(value)
    except values.RefusedValueError:
        fail("JM072", "expected a number", path=path, expected="a number")


def whole(value: object, scale: int, path: str) -> int:
    """A number at a scale, such as yuan in fen. Raises ArgumentError (JM072; JM075 where it is
    finer than the scale)."""
    scaled, fits = whole_at(exact(value, path), scale)
    if not fits:
        fail(
            "JM075",
            "the number has too many decimal places",
            path=path,
            expected=f"at most {scale} decimal places" if scale else "a whole number",
        )
    return scaled
