"""Who gains and who loses by a change, and by how much in a year."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from jmentitle.population.choices import linked
from jmentitle.population.run import MONEY
from jmentitle.population.values import decimals, named, of_household
from jmentitle.population.worth import ELIGIBLE, UNDETERMINED, Worth, as_yuan

if TYPE_CHECKING:
    from jmentitle.population.compare import Comparison

_FEN = Decimal("0.01")


def changes(comparison: Comparison) -> pl.DataFrame:
    """Before, after and change for each household, in fen a year: the lower ends of what its members and itself are eligible for.

    The change is null where it is not known: something that the change touches is undetermined in one of the runs, or is granted without an
    amount that anybody knows. What the change cannot touch may be as unknown as it likes: it is the same before and after.
    """
    worths = comparison.worths
    unknown = pl.any_horizontal(_unknown(comparison, worth) for worth in worths)
    before, after = (_by_household(worth) for worth in worths)
    frame = pl.DataFrame({"before": before, "after": after})
    return frame.with_columns(change=pl.when(~unknown).then(pl.col("after") - pl.col("before")))


def _by_household(worth: Worth) -> pl.Series:
    rows = worth.money.filter(pl.col("counts") & (pl.col("standing") == ELIGIBLE)).group_by("home").agg(pl.col("low").sum())
    return _scattered(rows["home"], rows["low"], len(worth.run.population))


def _unknown(comparison: Comparison, worth: Worth) -> pl.Series:
    """The households for which something that the change touches is not known."""
    names = worth.names
    touched = linked(worth.run.pack.content, names, comparison.affected)
    places = [place for place, name in enumerate(names) if name in touched]
    unclear = (pl.col("standing") == UNDETERMINED) | ((pl.col("standing") == ELIGIBLE) & pl.col("counts") & pl.col("low").is_null())
    homes = worth.money.filter(pl.col("benefit").is_in(places) & unclear)["home"].unique()
    return _scattered(homes, pl.repeat(1, len(homes), dtype=pl.Int64, eager=True), len(worth.run.population)) > 0


def _scattered(places: pl.Series, values: pl.Series, height: int) -> pl.Series:
    found: np.ndarray[Any, np.dtype[np.int64]] = np.zeros(height, dtype=np.int64)
    found[places.to_numpy()] = values.to_numpy()
    return pl.Series(found)


def winners_and_losers(comparison: Comparison, income: str, groups: int, *, per_head: bool) -> pl.DataFrame:
    """See `Comparison.winners_and_losers`."""
    if groups < 1:
        raise ValueError("there must be at least one group")
    run = comparison.before
    one = named(run.pack.content, income, number=True)
    incomes = of_household(run, one)
    if per_head:
        starts = run.population.members.starts
        incomes = incomes // pl.Series(np.diff(starts, append=len(run.population.members.of)))
    rows = changes(comparison).select("change", income=incomes).with_columns(group=_group(pl.col("income"), groups))
    known = pl.col("change").is_not_null()
    found = rows.group_by("group").agg(
        households=pl.len(),
        income_from=pl.col("income").min(),
        income_to=pl.col("income").max(),
        winners=(pl.col("change") > 0).sum(),
        losers=(pl.col("change") < 0).sum(),
        unchanged=(pl.col("change") == 0).sum(),
        undetermined=(~known).sum(),
        total=pl.col("change").sum(),
    )
    found = found.sort("group", nulls_last=True)
    means = [_mean(total, count) for total, count in found.select("total", pl.col("households") - pl.col("undetermined")).iter_rows()]
    return found.with_columns(
        decimals(found["income_from"], one.scale).alias("income_from"),
        decimals(found["income_to"], one.scale).alias("income_to"),
        pl.Series("mean_change", means, dtype=MONEY),
        pl.Series("total_change", [as_yuan(total) for total in found["total"]], dtype=MONEY),
    ).drop("total")


def _group(income: pl.Expr, groups: int) -> pl.Expr:
    """1 for the poorest part of the households, and so on; equal incomes stand in the group in which the first of them falls."""
    return ((income.rank("min").cast(pl.Int64) - 1) * groups // income.count().cast(pl.Int64) + 1).cast(pl.Int32)


def _mean(total: int, count: int) -> Decimal | None:
    return (as_yuan(total) / count).quantize(_FEN, ROUND_HALF_EVEN) if count else None
