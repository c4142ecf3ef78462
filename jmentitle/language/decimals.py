"""Exact decimals, whatever decimal context the caller has set.

Python's arithmetic with `Decimal` rounds to the context of the thread: with `prec = 4`, twelve
times 1,234.50 is 14,810. The language counts in whole numbers at a scale (1,234.50 yuan are
123450 fen); this module converts them to decimals and back without such arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)

_EXACT = Context(
    prec=100,
    rounding=ROUND_HALF_EVEN,
    Emin=-9999,
    Emax=9999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


def decimal_at(number: int, scale: int) -> Decimal:
    """The decimal of a whole number at a scale: 120050 at scale 2 is 1200.50."""
    # From text, because the constructor keeps every digit and `scaleb` rounds to the context.
    return Decimal(f"{number}E{-scale}")


def whole_at(number: Decimal, scale: int) -> tuple[int, bool]:
    """The whole part of a finite decimal at a scale, cut towards minus infinity, and whether
    nothing was cut off: 1200.5 at scale 2 is 120050, exactly."""
    numerator, denominator = number.as_integer_ratio()
    whole, rest = divmod(numerator * 10**scale, denominator)
    return whole, rest == 0


def digits(number: Decimal, grouping: str = "") -> str:
    """A decimal without needless zeros: 14.50 as 14.5, 1860.00 as 1860. `grouping` is `,` or
    empty."""
    text = f"{number:{grouping}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@contextmanager
def exactly() -> Iterator[None]:
    """A context in which sums and products of short decimals are exact, whatever the caller's."""
    with localcontext(_EXACT):
        yield
