"""The yearly value of the benefits of a run, by recipient."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from jmentitle.language.decimals import decimal_at
from jmentitle.pack.model import Benefit
from jmentitle.policy.whatif.conflicts import counted
from jmentitle.population.answers import MONEY, yearly
from jmentitle.population.run import Run

ELIGIBLE, DISCRETIONARY, UNDETERMINED, INELIGIBLE = range(4)
"""Decisions as numbers, the best first, in the column `standing`."""
_SCHEMA = pl.Schema(
    {
        "benefit": pl.UInt16,
        "home": pl.UInt32,
        "member": pl.UInt32,
        "standing": pl.UInt8,
        "low": pl.Int64,
        "high": pl.Int64,
    }
)


@dataclass(frozen=True)
class Worth:
    """The money of a run by the year. Money counts whether it is open now or after other
    applications, and whether or not it is received already: what the rules give is compared, not
    what is still to be applied for. Loans are left out: they are paid back. With `item` there is
    only its own money, as if there were no other."""

    run: Run
    item: str | None = None

    @cached_property
    def benefits(self) -> list[Benefit]:
        """The benefits of money that exist on the day, loans left out."""
        benefits = self.run.pack.ruleset(self.run.on).benefits
        paying = [
            benefit
            for benefit in benefits.values()
            if benefit.pays is not None
            and benefit.kind != "loan"
            and benefit.reference in self.run.layers.paid
        ]
        return [benefit for benefit in paying if self.item in (None, benefit.item)]

    @property
    def names(self) -> list[str]:
        return [benefit.reference for benefit in self.benefits]

    @cached_property
    def money(self) -> pl.DataFrame:
        """A row for each benefit and each person or household who gets or may get it.

        Columns: benefit (its index in `names`), home and member (indices in the population; member
        is null for a household's own benefit), standing, low and high (fen a year, null where that
        end is not known) and counts: false where a declared conflict lets something worth more be
        counted instead (see `conflicts.counted`).
        """
        frames = [self._of(index, benefit) for index, benefit in enumerate(self.benefits)]
        rows = pl.concat(frames) if frames else pl.DataFrame(schema=_SCHEMA)
        return rows.with_columns(counts=counted(self.run.pack.content, self.names, rows))

    def _of(self, index: int, benefit: Benefit) -> pl.DataFrame:
        entity = self.run.pack.content.items[benefit.item].entity
        assert benefit.pays is not None
        paid = self.run.layers.amounts(benefit.reference)
        standing = pl.Series(self.run.answers.rank(benefit)[paid["row"].to_numpy()] // 2)
        of_household = entity == "household"
        rows = paid.select(
            benefit=pl.lit(index, dtype=pl.UInt16),
            home="row" if of_household else self.run.population.members.of.gather(paid["row"]),
            member=pl.lit(None, dtype=pl.UInt32) if of_household else pl.col("row"),
            standing=standing,
            low=yearly(benefit.pays, "low"),
            high=yearly(benefit.pays, "high"),
        )
        low = pl.col("low")
        # No amount is below 0, so a lower end of 0 is unknown, unless the amount is exactly 0.
        says = (low > 0) | (low == pl.col("high"))
        return (
            rows.cast(_SCHEMA)
            .filter(pl.col("standing") != INELIGIBLE)
            .with_columns(low=pl.when(says).then(low))
        )


def sums() -> list[pl.Expr]:
    """Sums over rows of `Worth.money`: the yearly cost in fen, and the number of unknown amounts.

    low holds what is certain for those eligible, high the upper ends (floors where there is none);
    discretionary and undetermined hold possible further amounts, at their upper end.
    """
    low = pl.col("low")
    high = pl.coalesce("high", "low")
    counts = pl.col("counts")
    eligible = counts & (pl.col("standing") == ELIGIBLE)
    return [
        low.filter(eligible).sum().alias("low"),
        high.filter(eligible).sum().alias("high"),
        high.filter(counts & (pl.col("standing") == DISCRETIONARY)).sum().alias("discretionary"),
        high.filter(counts & (pl.col("standing") == UNDETERMINED)).sum().alias("undetermined"),
        (eligible & high.is_null()).sum().cast(pl.Int64).alias("unknown"),
    ]


SUMS = ("low", "high", "discretionary", "undetermined", "unknown")


def yuan(name: str) -> pl.Expr:
    """A column of fen as exact yuan."""
    return (pl.col(name).cast(MONEY) / 100).alias(name)


def as_yuan(fen: int) -> Decimal:
    return decimal_at(fen, 2)
