"""Shares under unknown facts: certain counts, possible counts, and the bounds of the share."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

OF, COUNTS, ROWS = "of", "counts", "rows"
"""The columns of truths by which rows are counted (who is in question, and who of them counts; null
is unknown), and of how many rows."""
CASES = ("both", "only_of", "of_unsure", "unsure_both", "unsure_none", "unsure")
"""The six cases of a row: certainly in the base (`of`) and counted, not counted or unknown;
possibly in the base and counted, not counted or unknown."""


def tally(rows: pl.DataFrame) -> pl.DataFrame:
    """Count the rows (ROWS) of each combination of values that occurs, in the order of the columns
    and of their values, null last."""
    code = np.zeros(rows.height, dtype=np.int64)
    levels = [_values(column) for column in rows.iter_columns()]
    for column, values in zip(rows.iter_columns(), levels, strict=True):
        code = code * (len(values) + 1) + _codes(column, values)
    counted = np.bincount(code)
    rest = counted.nonzero()[0]
    columns = [pl.Series(ROWS, counted[rest], dtype=pl.Int64)]
    for column, values in zip(reversed(rows.get_columns()), reversed(levels), strict=True):
        rest, which = np.divmod(rest, len(values) + 1)
        columns.append(values.extend_constant(None, 1).gather(which).alias(column.name))
    return pl.DataFrame(columns[::-1])


def _codes(column: pl.Series, values: pl.Series) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """The index of each value of a column in `values`; null has the index after the last."""
    if column.dtype == pl.Boolean:
        indices = column.cast(pl.UInt32)
    elif isinstance(column.dtype, pl.Enum):
        indices = column.to_physical().cast(pl.UInt32)
    else:
        indices = values.search_sorted(column.fill_null(values.first())).set(column.is_null(), None)
    return indices.fill_null(len(values)).to_numpy()


def _values(column: pl.Series) -> pl.Series:
    """The values that a column may have, in order."""
    if column.dtype == pl.Boolean:
        return pl.Series([False, True])
    if isinstance(column.dtype, pl.Enum):
        return pl.Series(column.dtype.categories, dtype=column.dtype)
    return column.drop_nulls().unique().sort()


def counting(tests: dict[str, pl.Expr]) -> list[pl.Expr]:
    """For tallied rows, in how many each test holds."""
    return [
        pl.col(ROWS).filter(test.fill_null(False)).sum().alias(name) for name, test in tests.items()
    ]


def cases() -> dict[str, pl.Expr]:
    """The tests by which rows with OF and COUNTS fall into the cases."""
    of, counts = pl.col(OF), pl.col(COUNTS)
    tests = (
        of & counts,
        of & ~counts,
        of & counts.is_null(),
        of.is_null() & counts,
        of.is_null() & ~counts,
        of.is_null() & counts.is_null(),
    )
    return dict(zip(CASES, tests, strict=True))


def with_rates(counted: pl.DataFrame) -> pl.DataFrame:
    """The counted cases as figures:

    of_certain, of_possible: how many are certainly, and at most, in question; counted_certain,
    counted_possible: how many of them count; undetermined: of how many one or the other is unknown;
    rate_low, rate_high: the least and the greatest share that the unknowns allow; rate: the share
    where nothing is unknown; rate_known: the share among those of whom both are known, no estimate
    of the others. Shares are from 0 to 1, null where nobody is in question.
    """
    both, only_of, of_unsure, unsure_both, unsure_none, unsure = (pl.col(name) for name in CASES)
    sure = both + only_of + of_unsure
    # The share is least when those who may be in question are so exactly if they do not count, and
    # greatest when they are so exactly if they do.
    widest = sure + unsure_none + unsure
    most = both + of_unsure + unsure_both + unsure
    undetermined = of_unsure + unsure_both + unsure_none + unsure
    return counted.with_columns(
        of_certain=sure,
        of_possible=sure + unsure_both + unsure_none + unsure,
        counted_certain=both,
        counted_possible=most,
        undetermined=undetermined,
        rate_low=pl.when(widest > 0).then(both / widest).when(unsure_both > 0).then(1.0),
        rate_high=pl.when(most + only_of > 0)
        .then(most / (most + only_of))
        .when(unsure_none > 0)
        .then(0.0),
        rate=pl.when((undetermined == 0) & (sure > 0)).then(both / sure),
        rate_known=pl.when(both + only_of > 0).then(both / (both + only_of)),
    ).drop(CASES)
