"""Frames of a user, whoever made them, as Polars columns that are taken some at a time: what has been checked need not be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl

from jmentitle.language.diagnostics import Collector, ProfileError

Frame = object
"""A Polars frame, eager or lazy, a pandas frame, an Arrow table or anything that speaks Arrow's interface, or the path of a Parquet or CSV file."""
Take = Callable[[list[str]], pl.DataFrame]
_TOGETHER = 16
"""Columns read at a time: enough to keep the cores busy, few enough that what is read is small beside what is kept."""
_UNREADABLE = (OSError, TypeError, ValueError, pl.exceptions.PolarsError)


@dataclass(frozen=True)
class Source:
    """The columns of a frame; each is taken once."""

    schema: pl.Schema
    _take: Take

    def column(self, name: str) -> pl.Series:
        return self._take([name]).to_series()

    def columns(self, names: Sequence[str]) -> Iterator[pl.Series]:
        """These columns, those of lists first: as they come in they are by far the largest, and little else is kept by then."""
        lists = [name for name in names if isinstance(self.schema[name], pl.List | pl.Array)]
        others = [name for name in names if name not in lists]
        for some in [*([name] for name in lists), *(others[first : first + _TOGETHER] for first in range(0, len(others), _TOGETHER))]:
            taken = self._take(some)
            for name in some:
                yield taken.drop_in_place(name)


def opened(frame: Frame, name: str, collector: Collector) -> Source | None:
    """The columns of a frame that diagnostics call `name`; None where it cannot be read, which the collector is told (JM100).

    Of a file of Parquet, and a lazy frame that only scans one, columns are read as they are taken: damage there raises ProfileError (JM100) then.
    """
    if isinstance(frame, pl.DataFrame):
        return Source(frame.schema, frame.select)
    if isinstance(frame, pl.LazyFrame):
        return _scanned(frame) if _only_scans(frame) else _ours(frame.collect())
    if isinstance(frame, str | Path) and not Path(frame).exists():
        collector.add("JM100", "there is no such file", path=name, expected="the path of a Parquet or CSV file")
        return None
    try:
        return _read(frame, name, collector)
    except _UNREADABLE:
        _tell(name, collector)
        return None


def _read(frame: Frame, name: str, collector: Collector) -> Source:
    if isinstance(frame, str | Path):
        if str(frame).endswith(".csv"):
            return _ours(pl.read_csv(frame, infer_schema_length=None))
        found = _scanned(pl.scan_parquet(frame))
    elif hasattr(frame, "iloc"):
        found = _of_pandas(cast("Any", frame))
    else:
        return _ours(pl.DataFrame(cast("Any", frame)))

    def take(names: list[str]) -> pl.DataFrame:
        try:
            return found._take(names)
        except _UNREADABLE:
            _tell(name, collector)
            raise ProfileError(collector.errors) from None

    return Source(found.schema, take)


def _tell(name: str, collector: Collector) -> None:
    expected = "a Polars or pandas frame, an Arrow table, or the path of a Parquet or CSV file"
    collector.add("JM100", "this cannot be read as a frame", path=name, expected=expected)


def _ours(frame: pl.DataFrame) -> Source:
    """A frame that nobody else holds, so that columns are let go as they are taken."""
    return Source(frame.schema, lambda names: pl.DataFrame([frame.drop_in_place(name) for name in names]))


def _scanned(frame: pl.LazyFrame) -> Source:
    return Source(frame.collect_schema(), lambda names: frame.select(names).collect())


def _only_scans(frame: pl.LazyFrame) -> bool:
    """Whether some of the columns cost no more than their share. Other plans would be worked out again for each of their columns."""
    return frame.explain(optimized=False).startswith("Parquet SCAN")


def _of_pandas(frame: Any) -> Source:
    places = {str(name): place for place, name in enumerate(frame.columns)}
    return Source(pl.from_pandas(frame.iloc[:0]).schema, lambda names: pl.from_pandas(frame.iloc[:, [places[name] for name in names]]))
