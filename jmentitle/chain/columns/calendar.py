"""Completed time over columns of dates, read from tables of all days: many times faster than
computing it for each row."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from jmentitle.profile.validation import FIRST_DAY

LAST_DAY = date(2199, 12, 31)
MONTHS = 12 * (LAST_DAY.year - FIRST_DAY.year + 1)
"""A limit for the months between any two days."""
_MONTH = 32
"""The number of a day is its month, counted from year 0, times this, plus the day of the month."""


def months_between(start: pl.Expr | date, end: pl.Expr | date, *, a_year: int = 1) -> pl.Expr:
    """Completed months, as `language.time.months_between` counts them, or with `a_year=12`
    completed years; null where a date is null.

    A month is complete on the day of the month of the start; the last day of a month completes it
    for every start.
    """
    starts, ends = _tables()
    a_year *= _MONTH
    if isinstance(start, pl.Expr) and isinstance(end, pl.Expr):
        return ((_at(ends, end) - _at(starts, start)) // a_year).cast(pl.Int16)
    # If one day is known in advance, a table holds the answers.
    if isinstance(start, date):
        return _at(((ends - starts[_index(start)]) // a_year).cast(pl.Int16), end)
    assert isinstance(end, date)
    return _at(((ends[_index(end)] - starts) // a_year).cast(pl.Int16), start)


@cache
def _tables() -> tuple[pl.Series, pl.Series]:
    """Every day from `FIRST_DAY` on, as a start and as an end; no fact has an earlier date or one
    after the day of assessment."""
    days = pl.date_range(FIRST_DAY, LAST_DAY, eager=True)
    months = (days.dt.year() * 12 + days.dt.month()) * _MONTH
    day_of_month = days.dt.day().cast(pl.Int32)
    is_last = days == days.dt.month_end()
    return months + day_of_month, months + day_of_month.set(is_last, _MONTH - 1)


def _index(day: date) -> int:
    return (day - FIRST_DAY).days


def _at(table: pl.Series, day: pl.Expr | date) -> pl.Expr:
    """The entry of the table for the day."""
    assert isinstance(day, pl.Expr)
    values = table.to_numpy()
    since = (FIRST_DAY - date(1970, 1, 1)).days
    # Numpy takes entries from a table in less than half the time.
    entries = (day.to_physical().fill_null(since) - since).map_batches(
        lambda indices: pl.Series(values.take(indices)), return_dtype=table.dtype
    )
    return pl.when(day.is_not_null()).then(entries)
