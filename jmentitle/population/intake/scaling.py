"""Numbers as they come (integers, decimals, floats) as whole numbers at the scale of their fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import polars as pl

from jmentitle.pack.model import LARGEST_NUMBER
from jmentitle.population.frames import narrow, narrowest

_PLAIN = r"\A(?P<sign>-?)(?P<whole>0|[1-9][0-9]*)(?:\.(?P<decimals>[0-9]+))?\z"
_WHOLE = 2.0**53
"""From here on every float is a whole number."""


@dataclass(frozen=True)
class Scaled:
    """`whole` holds the numbers, null where one is `fine`, finer than the scale, or else `far`:
    larger than a fact may be, or not finite. Both are None where there are none."""

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
    if kind.is_float():
        return _of_floats(column, 10**scale)
    digits = kind.scale if isinstance(kind, pl.Decimal) else 0
    numbers, fine = column.to_physical() if isinstance(kind, pl.Decimal) else column, None
    if digits > scale:
        one = pl.lit(10 ** (digits - scale), dtype=pl.Int128)
        fine = pl.select(pl.lit(numbers) % one != 0).to_series()
        numbers = pl.select(pl.when(~fine).then(pl.lit(numbers) // one)).to_series()
    limit = LARGEST_NUMBER // 10 ** max(scale - digits, 0)
    low, high = _ends(numbers)
    far = None
    if low < -limit or high > limit:
        near = numbers.is_between(0 if kind.is_unsigned_integer() else -limit, limit)
        far = ~near
        numbers = pl.select(pl.when(near).then(numbers)).to_series()
    return Scaled(_times(numbers, 10 ** max(scale - digits, 0)), far, _where_any(fine))


def _of_floats(column: pl.Series, one: int) -> Scaled:
    # A float is read as the shortest decimal of its own type that stands for it: no other with as
    # few places is as near, so it comes back.
    numbers = column if column.dtype == pl.Float64 else column.cast(pl.String).cast(pl.Float64)
    whole = (numbers * one).round()
    # Divided by numpy: Polars multiplies by the reciprocal, which is not exact.
    fine = (pl.Series(whole.fill_null(0).to_numpy() / one) != numbers) & (numbers.abs() < _WHOLE)
    far = (whole.abs() > LARGEST_NUMBER) | numbers.is_nan()
    return Scaled(
        narrow(pl.select(pl.when(~(far | fine)).then(whole)).to_series()),
        _where_any(far & ~fine),
        _where_any(fine),
    )


def of_texts(column: pl.Series, scale: int) -> tuple[Scaled, pl.Series]:
    """Decimals as we print them, such as `900.00`, and which of the texts are none."""
    parts = column.str.extract_groups(_PLAIN).struct.unnest()
    sign, whole, decimals = (parts[name] for name in ("sign", "whole", "decimals"))
    odd = whole.is_null() & column.is_not_null()
    decimals = decimals.fill_null("").str.strip_chars_end("0")
    fine = (decimals.str.len_bytes() > scale) & ~odd
    far = (whole.str.len_bytes() > len(str(LARGEST_NUMBER)) - scale) & ~fine
    digits = pl.select(
        pl.when(~(odd | fine | far)).then(pl.lit(whole) + decimals.str.pad_end(scale, "0"))
    ).to_series()
    numbers = (
        digits.cast(pl.Int64) * pl.select(pl.when(sign == "-").then(-1).otherwise(1)).to_series()
    )
    return Scaled(narrow(numbers), _where_any(far), _where_any(fine)), odd


def _where_any(rows: pl.Series | None) -> pl.Series | None:
    return rows if rows is not None and rows.any() else None


def _times(numbers: pl.Series, by: int) -> pl.Series:
    low, high = _ends(numbers)
    return narrow(numbers.cast(narrowest(low * by, max(high * by, by))) * by)


def _ends(numbers: pl.Series) -> tuple[int, int]:
    """The smallest and the largest number; 0 where nothing is known."""
    low, high = numbers.min(), numbers.max()
    return (0, 0) if low is None else (cast("int", low), cast("int", high))


def _either(one: pl.Series | None, other: pl.Series) -> pl.Series:
    return other if one is None else one.fill_null(False) | other.fill_null(False)
