"""Completed time between two dates: the one definition of age.

A person has turned 60 on the day of the sixtieth birthday. Where a month has no such day, its last
day counts (General Provisions of the Civil Law, art. 202): born on 29 February 2000, eighteen on 28
February 2018.
"""

from __future__ import annotations

from datetime import date

_LAST_DAY = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def last_day_of_month(year: int, month: int) -> int:
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _LAST_DAY[month - 1]


def months_between(start: date, end: date) -> int:
    """Completed months from `start` to `end`; negative if `end` is before `start`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < start.day and end.day < last_day_of_month(end.year, end.month):
        months -= 1
    return months


def years_between(start: date, end: date) -> int:
    """Completed years from `start` to `end`; negative if `end` is before `start`."""
    return months_between(start, end) // 12


def days_between(start: date, end: date) -> int:
    return end.toordinal() - start.toordinal()
