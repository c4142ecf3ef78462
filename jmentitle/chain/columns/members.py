"""Between households and their members: sums, counts and tests gathered from the members, and
columns broadcast to them.

Example: households 0 and 1 with two members each, `of = [0, 0, 1, 1]` and `starts = [0, 2]`:

    member  of   income   over 60         household  sum    count  any over 60
    0       0    100      true       ->   0          300    1      true
    1       0    200      null            1          null   0      false
    2       1    50       false
    3       1    null     false
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jmentitle.chain.columns.coding import Coding

HOUSEHOLD_PREFIX = "household:"


@dataclass(frozen=True)
class Members:
    """The household of each member: `of` holds the index of the household for each member,
    `starts` the index of the first member for each household."""

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


def bring_to_members(columns: pl.DataFrame, of: pl.Series) -> pl.DataFrame:
    """The columns of households as columns of members, where `of` holds the index of each member's
    household."""
    coding = Coding.of(columns.get_columns())
    return coding.columns(coding.codes(columns).select_seq(pl.all().gather(of))).rename(
        HOUSEHOLD_PREFIX.__add__
    )


def count(test: pl.Series, members: Members) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The number of members of each household that certainly pass a test."""
    return np.bincount(members.of.filter(test).to_numpy(), minlength=len(members.starts))


def any_passes(test: pl.Series, members: Members) -> pl.Series:
    """Whether a member of each household passes a test; null if that depends on members with an
    unknown result."""
    passes = pl.Series(count(test, members) > 0)
    if not test.has_nulls():
        return passes
    return pl.select(
        pl.when(passes | pl.Series(count(test.is_null(), members) == 0)).then(passes)
    ).to_series()


def sums(ends: pl.Series, members: Members) -> pl.Series:
    """The sum over the members of each household; null if it is null for one of them."""
    if ends.dtype == pl.Int128:
        return _sums_128(ends, members)
    values = ends.fill_null(0).to_numpy()
    # Differences of running sums. A running sum may overflow, but the difference of two overflows
    # back to the right value.
    totals = pl.Series(
        np.diff(np.cumsum(values, dtype=values.dtype)[members.lasts], prepend=values.dtype.type(0))
    )
    if not ends.has_nulls():
        return totals
    return pl.select(
        pl.when(pl.Series(count(ends.is_null(), members) == 0)).then(totals)
    ).to_series()


def _sums_128(ends: pl.Series, members: Members) -> pl.Series:
    frame = pl.DataFrame({"household": members.of, "end": ends}).group_by(
        "household", maintain_order=True
    )
    totals = frame.agg(pl.when(pl.col("end").null_count() == 0).then(pl.col("end").sum()))
    return totals["end"]
