"""Numbers as they come (integers, decimals, floats) as whole numbers at the scale of their fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import polars as pl

from jmentitle.pack.model import LARGEST_NUMBER
from jmentitle.population.frames import narrow, narrowest


@dataclass(frozen=True)
class Scaled:
    """`whole` holds the numbers, null where one is `far`: larger than a fact may be, or not finite; `fine` are those that are finer than the scale.
    Both are None where there are none."""

    whole: pl.Series
    far: pl.Series | None
    fine: pl.Series | None

    def outside(self, least: int | None, most: int | None) -> pl.Series | None:
        """Which are far, below `least` or above `most`; None where there are none."""
        low, high = _ends(self.whole)
        found = self.far
        if least is not None and low < least:
            found = _either(found, self.whole < least)
        if most is not None and high > most:
            found = _either(found, self.whole > most)
        return found


def scaled(column: pl.Series, scale: int) -> Scaled:
    """The numbers of a column, times ten to the power of the scale."""
    kind = column.dtype
    digits = kind.scale if isinstance(kind, pl.Decimal) else 0
    numbers = column.to_physical() if isinstance(kind, pl.Decimal) else column
    limit = LARGEST_NUMBER / 10**scale if kind.is_float() else LARGEST_NUMBER * 10**digits // 10**scale
    low, high = _ends(numbers)
    far = None
    if low < -limit or high > limit or (kind.is_float() and numbers.is_nan().any()):
        near = numbers.is_between(0 if kind.is_unsigned_integer() else -limit, limit)
        far = ~near
        numbers = pl.select(pl.when(near).then(numbers)).to_series()
    if kind.is_float():
        return _of_floats(numbers, 10**scale, far)
    if digits <= scale:
        return Scaled(_times(numbers, 10 ** (scale - digits)), far, None)
    whole = pl.select(pl.lit(numbers) // pl.lit(10 ** (digits - scale), dtype=pl.Int128)).to_series()
    fine = pl.select(pl.lit(whole) * pl.lit(10 ** (digits - scale), dtype=pl.Int128) != pl.lit(numbers)).to_series()
    return Scaled(narrow(whole), far, fine if fine.any() else None)


def _of_floats(numbers: pl.Series, one: int, far: pl.Series | None) -> Scaled:
    # A float is read as the shortest decimal that stands for it: what is left after rounding is the float's own coarseness.
    numbers = numbers.cast(pl.Float64) * one
    whole = numbers.round()
    fine = (numbers - whole).abs() > 1e-6 + numbers.abs() * 2**-50
    return Scaled(narrow(whole), far, fine if fine.any() else None)


def _times(numbers: pl.Series, by: int) -> pl.Series:
    low, high = _ends(numbers)
    return narrow(numbers.cast(narrowest(low * by, max(high * by, by))) * by)


def _ends(numbers: pl.Series) -> tuple[int, int]:
    """The smallest and the largest number; 0 where nothing is known."""
    low, high = numbers.min(), numbers.max()
    return (0, 0) if low is None else (cast("int", low), cast("int", high))


def _either(one: pl.Series | None, other: pl.Series) -> pl.Series:
    return other if one is None else one.fill_null(False) | other.fill_null(False)
