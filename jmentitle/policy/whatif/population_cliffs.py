"""Cliffs over a population: the number of households that a little more income leaves with less."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl

from jmentitle.assessment import display
from jmentitle.assessment.display import Html
from jmentitle.errors import fail
from jmentitle.language import arguments
from jmentitle.language.decimals import whole_at
from jmentitle.language.values import DayGiven, day_of_call
from jmentitle.pack.rules import Rules
from jmentitle.policy.whatif import winners_and_losers
from jmentitle.policy.whatif.annual_value import ELIGIBLE, as_yuan, yuan
from jmentitle.policy.whatif.cliffs import fact_of, times_a_year
from jmentitle.policy.whatif.compare import Comparison, compare
from jmentitle.policy.whatif.variants import with_fact
from jmentitle.population.arguments import Figure, exact, whole
from jmentitle.population.deciding import run
from jmentitle.population.frames import HOUSEHOLD, Population
from jmentitle.population.names import Named


@dataclass(frozen=True)
class PopulationCliffs:
    """A population before and after a fact has risen for everybody. The representation shows no
    value.

    Fields:
        by: By how much it has risen, in the unit of the fact.
    Example:
        >>> risen
        <Cliffs of wage_income over <Population of 300 households with 867 members>>
    """

    comparison: Comparison
    fact: Named
    by: Decimal

    def __repr__(self) -> str:
        return f"<Cliffs of {self.fact.name} over {self.comparison.before.population!r}>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self, language: Literal["zh", "en"] = "zh") -> Html:
        """The totals and the items responsible.

        Arguments:
            language: `zh` or `en`.
        Returns:
            HTML that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> risen.to_html("en")[:23]
            '<div class="jmentitle">'
        """
        return display.html("population_cliffs.html", self, language)

    def households(self) -> pl.DataFrame:
        """A row for each household: what it earns and what it loses.

        Returns:
            A frame.
        Columns:
            household (id): The household.
            raised (Int64, members): For how many members the fact rose; 0 or 1 for a fact of the
                household.
            earned (Decimal, yuan a year): The rise itself.
            change (Decimal, yuan a year): The change of what it is eligible for; null where not
                known.
            net (Decimal, yuan a year): Both together; null where not known.
        Example:
            >>> frame = risen.households()
            >>> frame["earned"].min()
            Decimal('1200.00')
        """
        ids = pl.Series(HOUSEHOLD, self.comparison.before.population.household_ids)
        return self._fen.select(
            ids, "raised", *(yuan(name) for name in ("earned", "change", "net"))
        )

    def summary(self) -> dict[str, int | Decimal]:
        """The totals.

        Returns:
            `households`, `raised` (in which the fact rose), `losing` (left with less than before),
            `undetermined` (raised, but not known) and `lost` (what those who lose have less, in
            yuan a year, their rise counted).
        Example:
            >>> sorted(risen.summary())
            ['households', 'losing', 'lost', 'raised', 'undetermined']
        """
        frame = self._fen.filter(pl.col("raised") > 0)
        losing = frame.filter(pl.col("net") < 0)
        return {
            "households": len(self.comparison.before.population),
            "raised": len(frame),
            "losing": len(losing),
            "undetermined": frame["net"].null_count(),
            "lost": as_yuan(-int(losing["net"].sum())),
        }

    def items(self) -> pl.DataFrame:
        """The items that the losing households lose.

        Returns:
            A frame.
        Columns:
            item (String): The id of the item.
            households (UInt32, households): How many have less of it.
            change (Decimal, yuan a year): The change for all losing households together.
        Example:
            >>> frame = risen.items()
            >>> frame["change"].is_sorted()
            True
        """
        losing = (
            self._fen.with_row_index("home")
            .filter((pl.col("raised") > 0) & (pl.col("net") < 0))
            .select("home")
        )
        sides = []
        for sign, worth in zip((-1, 1), self.comparison.worths, strict=True):
            items = pl.Series([benefit.item for benefit in worth.benefits], dtype=pl.String)
            rows = worth.money.filter(pl.col("counts") & (pl.col("standing") == ELIGIBLE)).join(
                losing, on="home", how="semi"
            )
            sides.append(
                rows.select(
                    "home",
                    item=items.gather(rows["benefit"]),
                    change=pl.col("low").fill_null(0) * sign,
                )
            )
        lost = (
            pl.concat(sides)
            .group_by("item", "home")
            .agg(pl.col("change").sum())
            .filter(pl.col("change") != 0)
        )
        lost = lost.group_by("item").agg(
            households=(pl.col("change") < 0).sum(), change=pl.col("change").sum()
        )
        return lost.sort("change", "item").with_columns(yuan("change"))

    @cached_property
    def _fen(self) -> pl.DataFrame:
        """A row for each household, in fen a year."""
        population = self.comparison.before.population
        fact = self.fact
        raised = _raised(population, fact, self.by)[1]
        if fact.entity == "household":
            count = raised.cast(pl.Int64)
        else:
            count = pl.Series(
                np.bincount(
                    population.members.of.filter(raised).to_numpy(), minlength=len(population)
                ),
                dtype=pl.Int64,
            )
        each = int(self.by * 100) * times_a_year(fact)
        frame = pl.DataFrame(
            {
                "raised": count,
                "earned": count * each,
                "change": winners_and_losers.changes(self.comparison)["change"],
            }
        )
        # Where nothing rises nothing changes, however little is known.
        change = pl.when(pl.col("raised") > 0).then("change").otherwise(0)
        return frame.with_columns(change=change, net=pl.col("earned") + change)


def population_cliffs(
    pack: Rules, population: Population, on: DayGiven, fact: str, by: Figure = 1
) -> PopulationCliffs:
    """Raise a number of everybody, and see who is left with less.

    The fact rises for every person (or household) for whom it is known, those with 0 included,
    except beyond its greatest value; of a household with several members all rise at once.

    Arguments:
        pack: A loaded pack.
        population: A population of its facts.
        on: The day.
        fact: A number of the household or of persons.
        by: By how much it rises, in the unit of the fact.
    Returns:
        The two runs and what comes of them.
    Raises:
        ArgumentError: JM071 and JM072 for a fact that is no number, JM072 and JM075 for a `by` that
            is none or out of range.
    Example:
        >>> from jmentitle.population import population_cliffs
        >>> risen = population_cliffs(pack, population, on, "wage_income", by=100)
        >>> risen.summary()["raised"]
        300
    """
    arguments.of_kind(pack, Rules, "pack", arguments.PACK)
    arguments.of_kind(population, Population, "population", arguments.POPULATION)
    on = day_of_call(on, "on")
    varied = fact_of(pack.content, fact)
    rise = exact(by, "by")
    if whole(rise, varied.scale, "by") <= 0:
        fail("JM075", "the increase is not above 0", path="by", expected="a number above 0")
    if varied.name not in population.columns[varied.entity]:
        # Nobody's is known: nothing rises.
        before = run(pack, population, on)
        return PopulationCliffs(compare(before, before), varied, rise)
    risen, _ = _raised(population, varied, rise)
    return PopulationCliffs(
        compare(run(pack, population, on), run(pack, with_fact(population, varied, risen), on)),
        varied,
        rise,
    )


def _raised(population: Population, fact: Named, by: Decimal) -> tuple[pl.Series, pl.Series]:
    """The fact as it is after the rise, and for whom it rose."""
    frame = population.households if fact.entity == "household" else population.people
    if fact.name not in frame.columns:
        return pl.Series(dtype=pl.Int64), pl.repeat(
            False, frame.height, dtype=pl.Boolean, eager=True
        )
    column = frame[fact.name].cast(pl.Int64)
    most = population.content.facts[fact.entity, fact.name].most
    risen = column + whole_at(by, fact.scale)[0]
    rises = risen.is_not_null() if most is None else (risen <= most).fill_null(False)
    return pl.select(pl.when(rises).then(risen).otherwise(column)).to_series(), rises
