"""Between households and their members: what is gathered from the members for their household, and
what is brought to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jmentitle.chain.columns.coding import Coding

HOUSEHOLD_PREFIX = "household:"


@dataclass(frozen=True)
class Members:
    """Which household each member belongs to: `of` holds the place of the household for each
    member, `starts` the first member of each."""

    of: pl.Series
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]

    @classmethod
    def of_counts(cls, counts: pl.Series) -> Members:
        sizes = counts.to_numpy().astype(np.int64)
        starts = np.zeros(len(sizes), dtype=np.int64)
        np.cumsum(sizes[:-1], out=starts[1:])
        return cls(pl.Series(np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)), starts)

    @property
    def lasts(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The last member of each household."""
        return np.append(self.starts[1:], len(self.of)) - 1

    def subset(self, households: pl.Series) -> Members:
        """The members of some households, given as a mask."""
        sizes = pl.Series(np.diff(self.starts, append=len(self.of)))
        return Members.of_counts(sizes.filter(households))


def brought(columns: pl.DataFrame, of: pl.Series) -> pl.DataFrame:
    """The columns of households as columns of members, where `of` holds the index of each member's
    household."""
    coding = Coding.of(columns.get_columns())
    return coding.columns(coding.codes(columns).select_seq(pl.all().gather(of))).rename(
        HOUSEHOLD_PREFIX.__add__
    )


def count(test: pl.Series, members: Members) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many members of each household certainly pass a test."""
    return np.bincount(members.of.filter(test).to_numpy(), minlength=len(members.starts))


def any_passes(test: pl.Series, members: Members) -> pl.Series:
    """Whether a member of each household passes a test; null if that depends on members for whom it
    is unknown."""
    found = pl.Series(count(test, members) > 0)
    if not test.has_nulls():
        return found
    return pl.select(
        pl.when(found | pl.Series(count(test.is_null(), members) == 0)).then(found)
    ).to_series()


def sums(ends: pl.Series, members: Members) -> pl.Series:
    """The sum over the members of each household; null where it is for one of them."""
    if ends.dtype == pl.Int128:
        return _sums_128(ends, members)
    known = ends.fill_null(0).to_numpy()
    # Sums up to the last member of each household: where they run over, so do the differences, back
    # to what they are.
    found = pl.Series(
        np.diff(np.cumsum(known, dtype=known.dtype)[members.lasts], prepend=known.dtype.type(0))
    )
    if not ends.has_nulls():
        return found
    return pl.select(
        pl.when(pl.Series(count(ends.is_null(), members) == 0)).then(found)
    ).to_series()


def _sums_128(ends: pl.Series, members: Members) -> pl.Series:
    frame = pl.DataFrame({"household": members.of, "end": ends}).group_by(
        "household", maintain_order=True
    )
    found = frame.agg(pl.when(pl.col("end").null_count() == 0).then(pl.col("end").sum()))
    return found["end"]
