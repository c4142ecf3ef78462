"""What Polars and Arrow raise over frames that they cannot read. Their words quote ids and values,
so only a code goes on."""

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
    """Whatever fails in here but diagnostics of our own is raised as HouseholdError (JM100)."""
    try:
        yield
    except JmentitleError:
        raise
    except UNREADABLE:
        fail("JM100", message, path=path, expected=expected, error=HouseholdError)


def gathered(problem: HouseholdError, collector: Collector) -> None:
    """Add what was raised to what is gathered."""
    for one in problem.diagnostics:
        collector.add(
            one.code, one.message, path=one.path, expected=one.expected, suggestion=one.suggestion
        )


def refuse_repeated(names: list[str], path: str) -> None:
    """Raises HouseholdError (JM100) for a column that stands twice."""
    repeated = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if repeated is not None:
        fail(
            "JM100",
            "duplicate column",
            path=f"{path}.{shown_name(repeated)}",
            expected="each column once",
            error=HouseholdError,
        )
