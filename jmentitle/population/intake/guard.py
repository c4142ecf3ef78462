"""Errors of Polars and Arrow about unreadable frames. Their messages quote ids and values, so only
a code is passed on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from jmentitle.errors import HouseholdError, JmentitleError, fail
from jmentitle.language.collector import Collector
from jmentitle.language.values import shown_name

FORMS = "a Polars or pandas frame, an Arrow table, or the path of a Parquet or CSV file"
UNREADABLE = (Exception, pl.exceptions.PanicException)
"""A panic of Polars is no `Exception`."""


@contextmanager
def guarded(path: str, message: str = "expected a frame", expected: str = FORMS) -> Iterator[None]:
    """Raise HouseholdError (JM100) for any failure but our own diagnostics."""
    try:
        yield
    except JmentitleError:
        raise
    except UNREADABLE:
        fail("JM100", message, path=path, expected=expected, error=HouseholdError)


def add_all(problem: HouseholdError, collector: Collector) -> None:
    """Add the problems of an error to the collector."""
    for diagnostic in problem.diagnostics:
        collector.add(
            diagnostic.code,
            diagnostic.message,
            path=diagnostic.path,
            expected=diagnostic.expected,
            suggestion=diagnostic.suggestion,
        )


def refuse_repeated(names: list[str], path: str) -> None:
    """Raise HouseholdError (JM100) for a duplicate column."""
    repeated = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if repeated is not None:
        fail(
            "JM100",
            "duplicate column",
            path=f"{path}.{shown_name(repeated)}",
            expected="each column once",
            error=HouseholdError,
        )
