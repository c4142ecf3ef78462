"""What Polars and Arrow raise over frames that they cannot read. Their words quote ids and values,
so only a code goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from jmentitle.language.diagnostics import Collector, DiagnosticsError, ProfileError
from jmentitle.language.values import shown_name
from jmentitle.population.arguments import refuse

FORMS = "a Polars or pandas frame, an Arrow table, or the path of a Parquet or CSV file"
UNREADABLE = (Exception, pl.exceptions.PanicException)
"""A panic of Polars is no `Exception`."""


@contextmanager
def guarded(path: str, message: str = "expected a frame", expected: str = FORMS) -> Iterator[None]:
    """Whatever fails in here but diagnostics of our own is raised as ProfileError (JM100)."""
    try:
        yield
    except DiagnosticsError:
        raise
    except UNREADABLE:
        refuse("JM100", message, path, expected=expected)


def gathered(problem: ProfileError, collector: Collector) -> None:
    """Add what was raised to what is gathered."""
    for one in problem.diagnostics:
        collector.add(
            one.code, one.message, path=one.path, expected=one.expected, nearest=one.nearest
        )


def refuse_repeated(names: list[str], path: str) -> None:
    """Raises ProfileError (JM100) for a column that stands twice."""
    repeated = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if repeated is not None:
        refuse(
            "JM100",
            "duplicate column",
            f"{path}.{shown_name(repeated)}",
            expected="each column once",
        )
