"""Who gains and who loses by a change, and by how much in a year."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from jmentitle.errors import fail
from jmentitle.language.decimals import decimal_at
from jmentitle.policy.whatif.annual_value import ELIGIBLE, UNDETERMINED, Worth, as_yuan
from jmentitle.policy.whatif.conflicts import rival_groups
from jmentitle.policy.whatif.run_pair import RunPair
from jmentitle.policy.whatif.unaffected import Mask
from jmentitle.population.answers import MONEY
from jmentitle.population.arguments import whole
from jmentitle.population.names import decimals, named, of_household

if TYPE_CHECKING:
    pass

Indices = np.ndarray[Any, np.dtype[np.uint32]]


def changes(pair: RunPair) -> pl.DataFrame:
    """Before, after and change for each household, in fen a year: the lower ends of what its
    members and itself are eligible for.

    The change is null if it is not known: an affected benefit is undetermined in one of the runs,
    or its amount is unknown or depends on an unknown fact. Unaffected benefits may be unknown: they
    are the same before and after.
    """
    worths = pair.worths
    unknown = pl.any_horizontal(_unknown(pair, worth) for worth in worths)
    before, after = (_by_household(worth) for worth in worths)
    frame = pl.DataFrame({"before": before, "after": after})
    return frame.with_columns(change=pl.when(~unknown).then(pl.col("after") - pl.col("before")))


def _by_household(worth: Worth) -> pl.Series:
    rows = (
        worth.money.filter(pl.col("counts") & (pl.col("standing") == ELIGIBLE))
        .group_by("home")
        .agg(pl.col("low").sum())
    )
    return _scattered(rows["home"], rows["low"], len(worth.run.population))


def _unknown(pair: RunPair, worth: Worth) -> pl.Series:
    """The households for which something that the change touches is not known.

    A benefit that comes out alike for a household matters only where a conflict sets it against one
    that does not, and that may be open there.
    """
    content, names = worth.run.pack.content, worth.names
    alike = {name: pair.settled.alike(name) for name in names}
    homes = {
        name: _unclear(pair, worth, index)
        for index, name in enumerate(names)
        if not alike[name].all()
    }
    homes |= {
        name: _unclear(pair, worth, names.index(name))
        for group in rival_groups(content, names)
        if homes.keys() & group
        for name in group
    }
    found = np.zeros(len(worth.run.population), dtype=bool)
    for group in rival_groups(content, names):
        moved = np.zeros(len(found), dtype=bool)
        for name in group:
            moved |= ~alike[name] & _may_be_open(pair, name)
        for name in group:
            if name in homes:
                indices = homes[name]
                found[indices] |= moved[indices] | ~alike[name][indices]
    return pl.Series(found)


def _unclear(pair: RunPair, worth: Worth, index: int) -> Indices:
    """The households for which a benefit is undetermined, or is granted but not to an amount that
    the rules alone leave open."""
    rows = worth.money.filter(pl.col("benefit") == index)
    stated = pl.Series(pair.settled.stated(worth.names[index], worth.run)).gather(rows["home"])
    granted = (pl.col("standing") == ELIGIBLE) & pl.col("counts")
    vague = pl.col("low").is_null() | (pl.col("low").ne_missing(pl.col("high")) & ~stated)
    return rows.filter((pl.col("standing") == UNDETERMINED) | (granted & vague))["home"].to_numpy()


def _may_be_open(pair: RunPair, name: str) -> Mask:
    """The households of which somebody gets or may get a benefit in one of the runs."""
    found = np.zeros(len(pair.before.population), dtype=bool)
    for worth in pair.worths:
        if name in worth.names:
            found[
                worth.money.filter(pl.col("benefit") == worth.names.index(name))["home"].to_numpy()
            ] = True
    return found


def _scattered(indices: pl.Series, values: pl.Series, height: int) -> pl.Series:
    found: np.ndarray[Any, np.dtype[np.int64]] = np.zeros(height, dtype=np.int64)
    found[indices.to_numpy()] = values.to_numpy()
    return pl.Series(found)


def winners_and_losers(pair: RunPair, income: str, groups: int, *, per_head: bool) -> pl.DataFrame:
    """See `Comparison.winners_and_losers`."""
    if whole(groups, 0, "groups") < 1:
        fail("JM075", "the number of groups is below 1", path="groups", expected="at least 1")
    run = pair.before
    one = named(run.pack.content, income, "income", number=True)
    incomes = of_household(run, one)
    if per_head:
        starts = run.population.members.starts
        incomes = incomes // pl.Series(np.diff(starts, append=len(run.population.members.of)))
    rows = (
        changes(pair)
        .select("change", income=incomes)
        .with_columns(group=_group(pl.col("income"), groups))
    )
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
    means = [
        _mean(total, count)
        for total, count in found.select(
            "total", pl.col("households") - pl.col("undetermined")
        ).iter_rows()
    ]
    return found.with_columns(
        decimals(found["income_from"], one.scale).alias("income_from"),
        decimals(found["income_to"], one.scale).alias("income_to"),
        pl.Series("mean_change", means, dtype=MONEY),
        pl.Series("total_change", [as_yuan(total) for total in found["total"]], dtype=MONEY),
    ).drop("total")


def _group(income: pl.Expr, groups: int) -> pl.Expr:
    """1 for the poorest part of the households, and so on; equal incomes stand in the group in
    which the first of them falls."""
    return (
        (income.rank("min").cast(pl.Int64) - 1) * groups // income.count().cast(pl.Int64) + 1
    ).cast(pl.Int32)


def _mean(total: int, count: int) -> Decimal | None:
    return decimal_at(round(Fraction(total, count)), 2) if count else None
