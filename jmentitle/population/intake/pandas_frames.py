"""Columns of pandas as columns of Polars. pandas itself is not imported: its frames bring the
methods that are needed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, cast

import polars as pl

from jmentitle.population.intake.guard import UNREADABLE

_ALIKE: dict[type, pl.DataType] = {str: pl.String(), bool: pl.Boolean(), date: pl.Date()}
"""Objects of one type that a column of Polars holds as they are."""


def series_of(column: Any, name: str) -> pl.Series:
    """A column of pandas; missing values, NaN among them, are null. Values of several types stay
    the objects that they are."""
    if column.dtype != object:
        with suppress(*UNREADABLE):
            return _as_arrow(column, name)
    return _of_objects(column, name)


def _of_objects(column: Any, name: str) -> pl.Series:
    # pandas takes a decimal NaN for missing; in a single household it is an error.
    cells = zip(column.isna(), column, strict=True)
    values = [
        None if missing and not isinstance(value, Decimal) else value for missing, value in cells
    ]
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pl.Series(name, values, dtype=pl.Null)
    with suppress(*UNREADABLE):
        if all(issubclass(kind, str) for kind in kinds):
            return pl.Series(
                name, [None if value is None else str(value) for value in values], dtype=pl.String
            )
        if len(kinds) == 1 and kinds <= _ALIKE.keys():
            return pl.Series(name, values, dtype=_ALIKE[kinds.pop()])
        if all(issubclass(kind, list) or kind.__name__ == "ndarray" for kind in kinds):
            return _as_arrow(column, name)
    return pl.Series(name, values, dtype=pl.Object)


def _as_arrow(column: Any, name: str) -> pl.Series:
    return cast("pl.Series", pl.from_pandas(column.rename(None))).alias(name)
