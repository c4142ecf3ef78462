"""Completed time over columns is completed time as it is defined for one pair of dates."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from jmentitle.chain.columns import calendar
from jmentitle.language.time import months_between, years_between

FIRST = date(1900, 1, 1)
DAYS = st.dates(FIRST, date(2020, 12, 31))
# Around the ends of months, where the definition has its corners.
CORNERS = [
    date(year, month, 1) + timedelta(days=shift)
    for year in (1999, 2000, 2004)
    for month in (1, 2, 3, 12)
    for shift in (-2, -1, 0, 1)
]
PAIRS = st.lists(
    st.tuples(st.sampled_from(CORNERS) | DAYS, st.sampled_from(CORNERS) | DAYS),
    min_size=1,
    max_size=20,
)


@given(pairs=PAIRS, known=st.sampled_from(CORNERS) | DAYS)
def test_columns_count_completed_time_as_one_pair_does(
    pairs: list[tuple[date, date]], known: date
) -> None:
    frame = pl.DataFrame(pairs, schema={"start": pl.Date, "end": pl.Date}, orient="row")
    start, end = pl.col("start"), pl.col("end")
    found = frame.select(
        both=calendar.months_between(start, end),
        years=calendar.months_between(start, end, a_year=12),
        until=calendar.months_between(start, known),
        years_until=calendar.months_between(start, known, a_year=12),
        since=calendar.months_between(known, end),
    )
    for (one, other), row in zip(pairs, found.rows(), strict=True):
        assert row == (
            months_between(one, other),
            years_between(one, other),
            months_between(one, known),
            years_between(one, known),
            months_between(known, other),
        )


def test_an_unknown_date_leaves_the_time_unknown() -> None:
    frame = pl.DataFrame({"day": [None, date(2000, 2, 29)]}, schema={"day": pl.Date})
    assert frame.select(
        calendar.months_between(pl.col("day"), date(2001, 2, 28))
    ).to_series().to_list() == [None, 12]
