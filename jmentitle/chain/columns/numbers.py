"""Numbers and dates over columns, as bounds, for `comparison`, `arithmetic` and `choices`.

An end is a Polars expression in which null is open, a constant, or None if it is open for every
row. Integers are exact. Each column uses the narrowest type (8 to 128 bits) that can hold every
value the facts and parameters allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

End = pl.Expr | int | date | None
Constant = int | date
_KINDS: tuple[tuple[int, type[pl.DataType]], ...] = (
    (2**6, pl.Int8),
    (2**14, pl.Int16),
    (2**30, pl.Int32),
    (2**62, pl.Int64),
)
"""The types of integers by the sizes that they hold; narrow columns are faster. Larger numbers
have 128 bits."""


@dataclass(frozen=True)
class Number:
    """A number or date between `low` and `high`.

    With `point`, one column holds both ends; where it is null, they are `least` and `most`. `size`
    bounds the absolute value of every closed end. A `grounded` number has a low end of at least 0
    in every row, which makes arithmetic simpler.
    """

    ends: tuple[End, End] = (None, None)
    size: int = 0
    point: pl.Expr | None = None
    least: int | None = None
    most: int | None = None
    grounded: bool = False

    @property
    def low(self) -> End:
        return self.ends[0] if self.point is None else _known_or(self.point, self.least)

    @property
    def high(self) -> End:
        return self.ends[1] if self.point is None else _known_or(self.point, self.most)

    @property
    def constant(self) -> Constant | None:
        """The value if it is the same in every row, else None."""
        low, high = self.ends
        return (
            None
            if self.point is not None
            or isinstance(low, pl.Expr)
            or isinstance(high, pl.Expr)
            or low != high
            else low
        )

    @property
    def unbounded_point(self) -> pl.Expr | None:
        """The column if it is both ends in every row, so that arithmetic needs one column."""
        return self.point if self.least is None and self.most is None else None


def constant(value: Constant) -> Number:
    return between(value, value, abs(value) if isinstance(value, int) else 0)


def between(low: End, high: End, size: int, *, grounded: bool = False) -> Number:
    """A number between two ends; one column for both ends is a point."""
    if isinstance(low, pl.Expr) and low is high:
        return Number(size=size, point=low)
    return Number((low, high), size, grounded=grounded or (isinstance(low, int) and low >= 0))


def fact(column: pl.Expr | None, size: int, least: int | None, most: int | None) -> Number:
    """A fact between `least` and `most`; without a column it is unknown for every row."""
    if column is None:
        return between(least, most, size)
    return Number(
        size=size, point=column, least=least, most=most, grounded=least is not None and least >= 0
    )


def as_column(end: End) -> pl.Expr:
    """An end as a column of its own type, for comparisons."""
    assert end is not None
    if isinstance(end, pl.Expr):
        return end
    if isinstance(end, date):
        return pl.lit(end, dtype=pl.Date)
    # An untyped literal takes the type of the column; a typed one would widen the column.
    return (
        pl.lit(end)
        if abs(end) < 2**31
        else pl.lit(end, dtype=pl.Int64 if abs(end) < 2**63 else pl.Int128)
    )


def kind_for(size: int) -> type[pl.DataType]:
    """The integers that hold results up to `size`."""
    return next((kind for most, kind in _KINDS if size < most), pl.Int128)


def widen(expression: pl.Expr, size: int) -> pl.Expr:
    """The column as integers that hold results up to `size`. INVARIANT: `pack.sizes` lets no number
    beyond 128 bits into a pack."""
    return expression.cast(kind_for(size))


def end_column(end: End, size: int) -> pl.Expr:
    """An end as a column, null where it is open."""
    return (
        end.cast(kind_for(size)) if isinstance(end, pl.Expr) else pl.lit(end, dtype=kind_for(size))
    )


def end_columns(number: Number, size: int) -> tuple[pl.Expr, pl.Expr]:
    return end_column(number.low, size), end_column(number.high, size)


def _known_or(point: pl.Expr, end: int | None) -> pl.Expr:
    return point if end is None else point.fill_null(end)
