"""Columns as numbers without nulls, four truths to a number. Gathering and scattering such numbers
is several times as fast.

Example: a truth has two bits in its number, 1 for true and 2 for unknown, and a second truth the
next two bits. The null of an integer becomes the minimum of its type:

    row  a      b      income        truths:0     income
    0    true   false  900      ->   1 = 1 + 0    900
    1    null   true   null     ->   6 = 2 + 4    -32768
    2    false  null   0        ->   8 = 0 + 8    0
    3    true   true   50       ->   5 = 1 + 4    50
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import polars as pl
from polars.datatypes import IntegerType

_NUMBERS: dict[pl.DataType, type[IntegerType]] = {
    **{kind(): kind for kind in (pl.Int8, pl.Int16, pl.Int32, pl.Int64)},
    pl.UInt8(): pl.Int16,
    pl.UInt16(): pl.Int32,
    pl.UInt32(): pl.Int64,
    pl.Date(): pl.Int32,
}
"""The type of number for each type of column. INVARIANT: no value is the minimum of its type
(`numbers`), which encodes null."""
_TRUTHS = 4
"""Truths in a number of eight bits, two bits each: one for true, one for unknown."""


@dataclass(frozen=True)
class Coding:
    """The expressions that turn some columns `into` numbers and `back`. Columns of other types are
    not changed."""

    into: list[pl.Expr]
    back: list[pl.Expr]

    @classmethod
    def of(cls, columns: Sequence[pl.Series], *, nulls: bool = False) -> Coding:
        """The coding of columns like these; with `nulls` also of columns with more nulls."""
        into: list[pl.Expr] = []
        back: list[pl.Expr] = []
        truths = [column for column in columns if column.dtype == pl.Boolean]
        for first in range(0, len(truths), _TRUTHS):
            group = truths[first : first + _TRUTHS]
            code = f"truths:{first}"
            into.append(
                reduce(
                    add,
                    [
                        _code_of_truth(column.name, 4**position)
                        for position, column in enumerate(group)
                    ],
                ).alias(code)
            )
            back += [
                _truth(code, 4**position, nulls=nulls or column.has_nulls()).alias(column.name)
                for position, column in enumerate(group)
            ]
        for column in columns:
            if column.dtype != pl.Boolean:
                number = pl.col(column.name)
                kind = _NUMBERS.get(column.dtype)
                into.append(number if kind is None else number.cast(kind).fill_null(kind.min()))
                decoded = (
                    pl.when(number != kind.min()).then(number)
                    if kind is not None and (nulls or column.has_nulls())
                    else number
                )
                back.append(decoded.cast(column.dtype))
        return cls(into, back)

    def codes(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The numbers for a frame with these columns."""
        return frame.select_seq(self.into)

    def columns(self, codes: pl.DataFrame) -> pl.DataFrame:
        """The columns that the numbers encode."""
        return codes.select_seq(self.back)


def _code_of_truth(name: str, unit: int) -> pl.Expr:
    true, unknown, false = (pl.lit(bits * unit, dtype=pl.UInt8) for bits in (1, 2, 0))
    return pl.when(name).then(true).when(pl.col(name).is_null()).then(unknown).otherwise(false)


def _truth(code: str, unit: int, *, nulls: bool) -> pl.Expr:
    is_true = pl.col(code) & unit != 0
    return pl.when(pl.col(code) & 2 * unit == 0).then(is_true) if nulls else is_true
