"""Months and days of dates over columns, read from a table of all days: many times faster than working them out for each row."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from jmentitle.language.time import last_day_of_month
from jmentitle.profile.validation import FIRST_DAY

_LAST_DAY = date(2199, 12, 31)


def parts(day: object) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The month counted from year 0, the day of the month and the last day of that month, of a column of dates or of one date."""
    if isinstance(day, date):
        numbers = (day.year * 12 + day.month, day.day, last_day_of_month(day.year, day.month))
        month, of_month, last = (pl.lit(number, dtype=kind) for number, kind in zip(numbers, (pl.Int32, pl.Int8, pl.Int8), strict=True))
        return month, of_month, last
    assert isinstance(day, pl.Expr)
    place = day.to_physical() - _ordinal(FIRST_DAY)
    month, of_month, last = (pl.lit(column).gather(place) for column in _tables())
    return month, of_month, last


@cache
def _tables() -> tuple[pl.Series, pl.Series, pl.Series]:
    """For every day from `FIRST_DAY` on; no fact is dated earlier, and none lies after the day of assessment."""
    days = pl.date_range(FIRST_DAY, _LAST_DAY, eager=True)
    return days.dt.year() * 12 + days.dt.month(), days.dt.day(), days.dt.month_end().dt.day()


def _ordinal(day: date) -> int:
    """Days since 1970, as Polars counts them."""
    return (day - date(1970, 1, 1)).days
