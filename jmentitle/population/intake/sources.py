"""Frames of a user, whoever made them, as Polars columns that are taken some at a time: what has been checked need not be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl

from jmentitle.language.diagnostics import Collector, ProfileError

Frame = object
"""A Polars frame, eager or lazy, a pandas frame, an Arrow table or anything that speaks Arrow's interface, or the path of a Parquet or CSV file."""
Take = Callable[[list[pl.Expr]], pl.DataFrame]
TEXTS = (pl.String, pl.Categorical, pl.Enum, pl.Null)
"""What texts come as."""
_TOGETHER = 16
"""Columns read at a time: enough to keep the cores busy, few enough that what is read is small beside what is kept."""
_UNREADABLE = (OSError, TypeError, ValueError, pl.exceptions.PolarsError)


@dataclass(frozen=True)
class Source:
    """The columns of a frame; each is taken once."""

    schema: pl.Schema
    _take: Take

    def column(self, name: str) -> pl.Series:
        return self._take([pl.col(name)]).to_series()

    def columns(self, names: Sequence[str], lists: Mapping[str, pl.DataType]) -> Iterator[pl.Series]:
        """These columns, lists first: as they come in they are by far the largest, and little else is kept by then.

        Lists of texts come as the types that `lists` gives for them, null for a text that is not in: a file is never held with all its texts.
        """
        kinds = {name: self.schema[name] for name in names}
        for name, kind in kinds.items():
            if isinstance(kind, pl.List | pl.Array):
                looked_up = isinstance(kind, pl.List) and isinstance(kind.inner, TEXTS) and name in lists
                yield self._take([pl.col(name).cast(lists[name], strict=False) if looked_up else pl.col(name)]).to_series()
        others = [name for name, kind in kinds.items() if not isinstance(kind, pl.List | pl.Array)]
        for first in range(0, len(others), _TOGETHER):
            taken = self._take([pl.col(name) for name in others[first : first + _TOGETHER]])
            for name in taken.columns:
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

    def take(columns: list[pl.Expr]) -> pl.DataFrame:
        try:
            return found._take(columns)
        except _UNREADABLE:
            _tell(name, collector)
            raise ProfileError(collector.errors) from None

    return Source(found.schema, take)


def _tell(name: str, collector: Collector) -> None:
    expected = "a Polars or pandas frame, an Arrow table, or the path of a Parquet or CSV file"
    collector.add("JM100", "this cannot be read as a frame", path=name, expected=expected)


def _ours(frame: pl.DataFrame) -> Source:
    """A frame that nobody else holds, so that columns are let go as they are taken."""
    return Source(frame.schema, lambda columns: pl.DataFrame([frame.drop_in_place(name) for name in _names(columns)]).select(columns))


def _scanned(frame: pl.LazyFrame) -> Source:
    return Source(frame.collect_schema(), lambda columns: frame.select(columns).collect(engine="streaming"))


def _only_scans(frame: pl.LazyFrame) -> bool:
    """Whether some of the columns cost no more than their share. Other plans would be worked out again for each of their columns."""
    return frame.explain(optimized=False).startswith("Parquet SCAN")


def _of_pandas(frame: Any) -> Source:
    places = {str(name): place for place, name in enumerate(frame.columns)}

    def take(columns: list[pl.Expr]) -> pl.DataFrame:
        return pl.from_pandas(frame.iloc[:, [places[name] for name in _names(columns)]]).select(columns)

    return Source(pl.from_pandas(frame.iloc[:0]).schema, take)


def _names(columns: list[pl.Expr]) -> list[str]:
    return [column.meta.output_name() for column in columns]
