"""Between households and their members: what is gathered from the members for their household, and what is brought to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from polars.datatypes import IntegerType

HOUSEHOLD_PREFIX = "household:"


@dataclass(frozen=True)
class Members:
    """Which household each member belongs to: `of` holds the place of the household for each member, `starts` the first member of each."""

    of: pl.Series
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]

    @classmethod
    def of_counts(cls, counts: pl.Series) -> Members:
        sizes = counts.to_numpy().astype(np.int64)
        starts = np.zeros(len(sizes), dtype=np.int64)
        np.cumsum(sizes[:-1], out=starts[1:])
        return cls(pl.Series(np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)), starts)

    def subset(self, households: pl.Series) -> Members:
        """The members of some households, given as a mask."""
        sizes = pl.Series(np.diff(self.starts, append=len(self.of)))
        return Members.of_counts(sizes.filter(households))


def brought(columns: pl.DataFrame, members: Members) -> pl.DataFrame:
    """The columns of households as columns of their members. Gathering is much faster where nothing is null, so nulls go as numbers of their own."""
    going, coming = [], []
    for column in columns.iter_columns():
        name, kind = column.name, column.dtype
        come = pl.col(name)
        if kind == pl.Boolean:
            going.append(pl.col(name).cast(pl.UInt8).fill_null(2))
            come = pl.when(come < 2).then(come == 1) if column.null_count() else come == 1
        elif isinstance(kind, IntegerType) and kind.is_signed_integer() and column.null_count():
            # INVARIANT: numbers stay away from the ends of their type (`numbers`).
            nobody = kind.min()
            going.append(pl.col(name).fill_null(nobody))
            come = pl.when(come != nobody).then(come)
        else:
            going.append(pl.col(name))
        coming.append(come.alias(HOUSEHOLD_PREFIX + name))
    return columns.select(going).select(pl.all().gather(members.of)).select(coming)


def counts(test: pl.Series, members: Members) -> tuple[np.ndarray, np.ndarray | None]:
    """How many members of each household certainly pass a test, and for how many it is unknown; None where it is known for everybody."""
    households = len(members.starts)
    certain = np.bincount(members.of.filter(test).to_numpy(), minlength=households)
    if not test.null_count():
        return certain, None
    return certain, np.bincount(members.of.filter(test.is_null()).to_numpy(), minlength=households)


def sums(ends: pl.Series, members: Members) -> pl.Series:
    """The sum over the members of each household; null where it is for one of them."""
    if ends.dtype == pl.Int128:
        return _sums_128(ends, members)
    known = np.add.reduceat(ends.fill_null(0).to_numpy(), members.starts)
    found = pl.Series(known)
    if not ends.null_count():
        return found
    missing = pl.Series(np.bincount(members.of.filter(ends.is_null()).to_numpy(), minlength=len(found)) > 0)
    return pl.select(pl.when(~missing).then(found)).to_series()


def _sums_128(ends: pl.Series, members: Members) -> pl.Series:
    frame = pl.DataFrame({"household": members.of, "end": ends}).group_by("household", maintain_order=True)
    found = frame.agg(pl.when(pl.col("end").null_count() == 0).then(pl.col("end").sum()))
    return found["end"]
