"""Numbers as they come (integers, decimals, floats) as whole numbers at the scale of their fact.

Four floats in yuan at the scale 2 (fen):

    column    whole   fine    far
    900.0     90000   false   false
    900.5     90050   false   false
    900.555   null    true    false
    1e20      null    false   true
"""

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
    larger than a fact may be, or not finite. Each is None if no row is."""

    whole: pl.Series
    far: pl.Series | None
    fine: pl.Series | None

    def outside(self, least: int | None, most: int | None) -> pl.Series | None:
        """Mask of the rows that are far, below `least` or above `most`; None if no row is."""
        low, high = _ends(self.whole)
        mask = self.far
        if least is not None and low < least:
            mask = _either(mask, self.whole < least)
        if most is not None and high > most:
            mask = _either(mask, self.whole > most)
        return mask


def scaled(column: pl.Series, scale: int) -> Scaled:
    """The numbers of a column, times ten to the power of the scale."""
    kind = column.dtype
    if kind.is_float():
        return _of_floats(column, 10**scale)
    digits = kind.scale if isinstance(kind, pl.Decimal) else 0
    numbers = column.to_physical() if isinstance(kind, pl.Decimal) else column
    fine = None
    if digits > scale:
        unit = pl.lit(10 ** (digits - scale), dtype=pl.Int128)
        fine = pl.select(pl.lit(numbers) % unit != 0).to_series()
        numbers = pl.select(pl.when(~fine).then(pl.lit(numbers) // unit)).to_series()
    limit = LARGEST_NUMBER // 10 ** max(scale - digits, 0)
    low, high = _ends(numbers)
    far = None
    if low < -limit or high > limit:
        near = numbers.is_between(0 if kind.is_unsigned_integer() else -limit, limit)
        far = ~near
        numbers = pl.select(pl.when(near).then(numbers)).to_series()
    return Scaled(_times(numbers, 10 ** max(scale - digits, 0)), far, _where_any(fine))


def _of_floats(column: pl.Series, unit: int) -> Scaled:
    # A float is read as the shortest decimal that prints a float of its type: no other decimal with
    # as few places is as near.
    numbers = column if column.dtype == pl.Float64 else column.cast(pl.String).cast(pl.Float64)
    whole = (numbers * unit).round()
    # Divided by numpy: Polars multiplies by the reciprocal, which is not exact.
    fine = (pl.Series(whole.fill_null(0).to_numpy() / unit) != numbers) & (numbers.abs() < _WHOLE)
    far = (whole.abs() > LARGEST_NUMBER) | numbers.is_nan()
    return Scaled(
        narrow(pl.select(pl.when(~(far | fine)).then(whole)).to_series()),
        _where_any(far & ~fine),
        _where_any(fine),
    )


def of_texts(column: pl.Series, scale: int) -> tuple[Scaled, pl.Series]:
    """Decimals as we print them, such as `900.00`, and a mask of the texts that are no decimals."""
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


def _either(left: pl.Series | None, right: pl.Series) -> pl.Series:
    return right if left is None else left.fill_null(False) | right.fill_null(False)
