"""Frames of a user as Polars columns, read some at a time: a checked source column is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow.parquet as pq

from jmentitle.errors import HouseholdError, fail
from jmentitle.language.collector import Collector
from jmentitle.language.values import shown_name
from jmentitle.population.intake.csv_files import read_csv
from jmentitle.population.intake.files import is_csv, parquet_files, regular
from jmentitle.population.intake.guard import FORMS, UNREADABLE, add_all, guarded, refuse_repeated
from jmentitle.population.intake.pandas_frames import series_of

Frame = object
"""A Polars frame, eager or lazy, a pandas frame, an Arrow table or anything that speaks Arrow's
interface, or the path of a Parquet or CSV file."""
Take = Callable[[list[pl.Expr]], pl.DataFrame]
TEXTS = (pl.String, pl.Categorical, pl.Enum, pl.Null)
"""The types of columns of texts."""
_TOGETHER = 16
"""Columns read at a time: enough to keep the cores busy, few enough that they are small compared
with the checked columns."""


@dataclass(frozen=True)
class Source:
    """The columns of a frame; each is taken once. `literal`: all cells are texts because the source
    knows nothing else, as in CSV."""

    schema: pl.Schema
    _take: Take
    literal: bool = False

    def column(self, name: str) -> pl.Series:
        return self._take([pl.col(name)]).to_series()

    def columns(
        self, names: Sequence[str], lists: Mapping[str, pl.DataType]
    ) -> Iterator[pl.Series]:
        """These columns, lists first: as they come in they are by far the largest, and little else
        is kept by then.

        Lists of texts come as the types that `lists` gives for them, null for a text that is not
        in: a file is never held with all its texts.
        """
        kinds = {name: self.schema[name] for name in names}
        for name, kind in kinds.items():
            if isinstance(kind, pl.List | pl.Array):
                looked_up = (
                    isinstance(kind, pl.List) and isinstance(kind.inner, TEXTS) and name in lists
                )
                yield self._take(
                    [pl.col(name).cast(lists[name], strict=False) if looked_up else pl.col(name)]
                ).to_series()
        others = [name for name, kind in kinds.items() if not isinstance(kind, pl.List | pl.Array)]
        for first in range(0, len(others), _TOGETHER):
            frame = self._take([pl.col(name) for name in others[first : first + _TOGETHER]])
            for name in frame.columns:
                yield frame.drop_in_place(name)


def open_frame(frame: Frame, name: str, collector: Collector) -> Source | None:
    """The columns of a frame that diagnostics call `name`; None after adding to the collector that
    it cannot be read (JM100).

    Of a file of Parquet, and a lazy frame that only scans one, columns are read as they are taken:
    damage there raises HouseholdError (JM100) then.
    """
    try:
        with guarded(name):
            source = _open(frame, name)
    except HouseholdError as problem:
        add_all(problem, collector)
        return None

    def take(columns: list[pl.Expr]) -> pl.DataFrame:
        with guarded(name):
            return source._take(columns)

    return Source(source.schema, take, source.literal)


def _open(frame: Frame, name: str) -> Source:
    if isinstance(frame, pl.DataFrame):
        return Source(frame.schema, frame.select)
    if isinstance(frame, pl.LazyFrame):
        return _scanned(frame) if _only_scans(frame) else _ours(frame.collect())
    if isinstance(frame, str | Path):
        return (
            _ours(read_csv(regular(frame, name), name), literal=True)
            if is_csv(frame)
            else _of_parquet(frame, name)
        )
    if hasattr(frame, "iloc"):
        return _of_pandas(cast("Any", frame), name)
    if hasattr(frame, "__arrow_c_stream__"):
        return _of_arrow(cast("Any", frame), name)
    if not isinstance(frame, Mapping | Sequence):
        fail("JM100", "expected a frame", path=name, expected=FORMS, error=HouseholdError)
    return _ours(pl.DataFrame(cast("Any", frame)))


def _ours(frame: pl.DataFrame, *, literal: bool = False) -> Source:
    """A frame of our own, whose columns are dropped as they are read."""

    def take(columns: list[pl.Expr]) -> pl.DataFrame:
        return pl.DataFrame([frame.drop_in_place(name) for name in _names(columns)]).select(columns)

    return Source(frame.schema, take, literal)


def _scanned(frame: pl.LazyFrame) -> Source:
    return Source(
        frame.collect_schema(), lambda columns: frame.select(columns).collect(engine="streaming")
    )


def _only_scans(frame: pl.LazyFrame) -> bool:
    """Whether some of the columns cost no more than their share. Other plans would be computed
    again for each of their columns."""
    return frame.explain(optimized=False).startswith("Parquet SCAN")


def _of_parquet(path: str | Path, name: str) -> Source:
    files = parquet_files(path, name)
    try:
        return _scanned(pl.scan_parquet(files, glob=False, hive_partitioning=False))
    except UNREADABLE:
        refuse_repeated(list(pq.read_schema(files[0]).names), name)
        raise


def _of_pandas(frame: Any, name: str) -> Source:
    names = [str(column) for column in frame.columns]
    refuse_repeated(names, name)

    def column(of: str) -> pl.Series:
        with guarded(f"{name}.{shown_name(of)}", "the column cannot be read", "values of one type"):
            return series_of(frame.iloc[:, names.index(of)], of)

    # The type of a column of pandas is known only when it is read.
    schema = pl.Schema(dict.fromkeys(names, pl.Unknown()))
    return Source(
        schema, lambda columns: pl.DataFrame([column(of) for of in _names(columns)]).select(columns)
    )


def _of_arrow(frame: Any, name: str) -> Source:
    names = list(getattr(getattr(frame, "schema", None), "names", []))
    refuse_repeated(names, name)
    if hasattr(frame, "validate"):
        # Polars takes texts of Arrow for UTF-8 unseen.
        frame.validate(full=True)
    try:
        return _ours(pl.DataFrame(frame))
    except UNREADABLE:
        for index, of in enumerate(names):
            with guarded(
                f"{name}.{shown_name(of)}", "the column cannot be read", "a type that Polars knows"
            ):
                pl.DataFrame(frame.select([index]))
        raise


def _names(columns: list[pl.Expr]) -> list[str]:
    return [column.meta.output_name() for column in columns]
