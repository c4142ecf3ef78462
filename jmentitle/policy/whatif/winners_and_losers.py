"""Winners and losers of a change, with the yearly amounts.

`changes` takes the change of a household (fen a year) as known unless an affected benefit is
undetermined in one of the runs; `winners_and_losers` counts the households of each group:

    household   before   after    change
    a           120000   132000    12000    a winner
    b           120000        0  -120000    a loser
    c                0        0     null    undetermined
    d                0        0        0    unchanged
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

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
from jmentitle.population.names import decimals, find_name, of_household

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
    return _scatter(rows["home"], rows["low"], len(worth.run.population))


def _unknown(pair: RunPair, worth: Worth) -> pl.Series:
    """Mask of the households for which an affected benefit is not known.

    An unaffected benefit matters only if a conflict sets it against an affected one that may be
    open for the household.
    """
    content = worth.run.pack.content
    names = worth.names
    alike = {name: pair.unaffected.alike(name) for name in names}
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
    unknown = np.zeros(len(worth.run.population), dtype=bool)
    for group in rival_groups(content, names):
        moved = np.zeros(len(unknown), dtype=bool)
        for name in group:
            moved |= ~alike[name] & _may_be_open(pair, name)
        for name in group:
            if name in homes:
                indices = homes[name]
                unknown[indices] |= moved[indices] | ~alike[name][indices]
    return pl.Series(unknown)


def _unclear(pair: RunPair, worth: Worth, index: int) -> Indices:
    """The households for which a benefit is undetermined, or is granted but not to an amount that
    the rules alone leave open."""
    rows = worth.money.filter(pl.col("benefit") == index)
    stated = pl.Series(pair.unaffected.states_amount(worth.names[index], worth.run)).gather(
        rows["home"]
    )
    granted = (pl.col("standing") == ELIGIBLE) & pl.col("counts")
    vague = pl.col("low").is_null() | (pl.col("low").ne_missing(pl.col("high")) & ~stated)
    return rows.filter((pl.col("standing") == UNDETERMINED) | (granted & vague))["home"].to_numpy()


def _may_be_open(pair: RunPair, name: str) -> Mask:
    """Mask of the households in which somebody gets or may get a benefit in one of the runs."""
    mask = np.zeros(len(pair.before.population), dtype=bool)
    for worth in pair.worths:
        if name in worth.names:
            mask[
                worth.money.filter(pl.col("benefit") == worth.names.index(name))["home"].to_numpy()
            ] = True
    return mask


def _scatter(indices: pl.Series, values: pl.Series, height: int) -> pl.Series:
    dense: np.ndarray[Any, np.dtype[np.int64]] = np.zeros(height, dtype=np.int64)
    dense[indices.to_numpy()] = values.to_numpy()
    return pl.Series(dense)


def winners_and_losers(pair: RunPair, income: str, groups: int, *, per_head: bool) -> pl.DataFrame:
    """See `Comparison.winners_and_losers`."""
    if whole(groups, 0, "groups") < 1:
        fail("JM075", "the number of groups is below 1", path="groups", expected="at least 1")
    run = pair.before
    variable = find_name(run.pack.content, income, "income", number=True)
    incomes = of_household(run, variable)
    if per_head:
        starts = run.population.members.starts
        incomes = incomes // pl.Series(np.diff(starts, append=len(run.population.members.of)))
    rows = (
        changes(pair)
        .select("change", income=incomes)
        .with_columns(group=_group(pl.col("income"), groups))
    )
    determined = pl.col("change").is_not_null()
    table = rows.group_by("group").agg(
        households=pl.len(),
        income_from=pl.col("income").min(),
        income_to=pl.col("income").max(),
        winners=(pl.col("change") > 0).sum(),
        losers=(pl.col("change") < 0).sum(),
        unchanged=(pl.col("change") == 0).sum(),
        undetermined=(~determined).sum(),
        total=pl.col("change").sum(),
    )
    table = table.sort("group", nulls_last=True)
    means = [
        _mean(total, count)
        for total, count in table.select(
            "total", pl.col("households") - pl.col("undetermined")
        ).iter_rows()
    ]
    return table.with_columns(
        decimals(table["income_from"], variable.scale).alias("income_from"),
        decimals(table["income_to"], variable.scale).alias("income_to"),
        pl.Series("mean_change", means, dtype=MONEY),
        pl.Series("total_change", [as_yuan(total) for total in table["total"]], dtype=MONEY),
    ).drop("total")


def _group(income: pl.Expr, groups: int) -> pl.Expr:
    """The group of an income: 1 is the poorest; equal incomes share the group of the first of
    them."""
    return (
        (income.rank("min").cast(pl.Int64) - 1) * groups // income.count().cast(pl.Int64) + 1
    ).cast(pl.Int32)


def _mean(total: int, count: int) -> Decimal | None:
    return decimal_at(round(Fraction(total, count)), 2) if count else None
