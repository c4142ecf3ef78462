"""When time is completed: birthdays, 29 February, the ends of months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmentitle.language import evaluator
from jmentitle.language.time import days_between, last_day_of_month, months_between, years_between
from tests.support.random_packs import FIRST_DAY


@pytest.mark.parametrize(
    ("start", "end", "years", "months"),
    [
        ("1958-06-15", "2018-06-14", 59, 719),
        ("1958-06-15", "2018-06-15", 60, 720),
        ("2000-02-29", "2018-02-27", 17, 215),
        ("2000-02-29", "2018-02-28", 18, 216),
        ("2000-02-29", "2020-02-28", 19, 239),
        ("2000-02-29", "2020-02-29", 20, 240),
        ("2018-01-31", "2018-02-27", 0, 0),
        ("2018-01-31", "2018-02-28", 0, 1),
        ("2018-01-31", "2018-03-30", 0, 1),
        ("2018-01-31", "2018-03-31", 0, 2),
        ("2018-01-31", "2018-04-30", 0, 3),
        ("2020-01-30", "2020-02-29", 0, 1),
        ("2018-06-01", "2018-06-01", 0, 0),
        ("2018-06-02", "2018-06-01", -1, -1),
        ("2018-07-01", "2018-06-01", -1, -1),
        ("2019-06-02", "2018-06-01", -2, -13),
        ("1900-02-28", "1901-02-28", 1, 12),
    ],
)
def test_completed_time(start: str, end: str, years: int, months: int) -> None:
    days = date.fromisoformat(start), date.fromisoformat(end)
    assert (years_between(*days), months_between(*days)) == (years, months)


DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS, DAYS)
def test_time_only_grows(start: date, end: date) -> None:
    later = end + timedelta(days=1)
    for between in (years_between, months_between, days_between):
        assert 0 <= between(start, later) - between(start, end) <= 1
        assert between(start, start) == 0
    assert years_between(start, end) == months_between(start, end) // 12


@given(DAYS, st.integers(0, 1_200))
def test_a_month_is_completed_on_the_same_day_or_the_last_of_the_month(
    start: date, count: int
) -> None:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    day = date(year, month + 1, min(start.day, last_day_of_month(year, month + 1)))
    assert months_between(start, day) == count
    assert months_between(start, day - timedelta(days=1)) == count - 1


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_the_last_day_of_a_month(year: int, month: int) -> None:
    last = date(year, month, last_day_of_month(year, month))
    assert (last + timedelta(days=1)).day == 1


def test_the_time_from_an_unknown_day_is_open() -> None:
    day = (FIRST_DAY, FIRST_DAY)
    assert evaluator.elapsed("year", (None, None), day) == (None, None)
    assert evaluator.elapsed("day", (FIRST_DAY - timedelta(days=9), FIRST_DAY), day) == (0, 9)
