"""Copies of one household with one number varied, decided in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from jmentitle.chain.columns.engine import ColumnEngine, Layers
from jmentitle.chain.columns.members import Members
from jmentitle.chain.columns.passes import ENTITIES
from jmentitle.chain.outcome import NEVER
from jmentitle.language.tree import Entity
from jmentitle.policy.whatif.annual_value import ELIGIBLE, UNDETERMINED, Worth
from jmentitle.policy.whatif.comparisons import behind, comparisons
from jmentitle.population import evaluate
from jmentitle.population.frames import Population
from jmentitle.population.names import Named
from jmentitle.population.run import Run
from jmentitle.profile.facts import Facts

if TYPE_CHECKING:
    from jmentitle.pack.rules import Rules

Matrix = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Outcomes:
    """The results at each point: `worth` is the yearly money in fen by benefit and member (the
    household itself first), `signs` the truth or sign of every condition and comparison, and
    `undetermined` the number of undetermined benefits of money."""

    worth: Matrix
    signs: Matrix
    undetermined: Matrix

    @property
    def totals(self) -> Matrix:
        totals: Matrix = self.worth.sum(axis=1)
        return totals

    def part(self, indices: slice) -> Outcomes:
        """Some of the points."""
        return Outcomes(self.worth[indices], self.signs[indices], self.undetermined[indices])


class Variants:
    """A household whose `fact` is varied, for the member at `index` if the fact is of persons."""

    def __init__(self, pack: Rules, facts: Facts, on: date, fact: Named, index: int | None) -> None:
        self.pack = pack
        self.on = on
        self.fact = fact
        self.index = index
        base = Population.of_facts(pack.content, [facts])
        if fact.name not in base.columns[fact.entity]:
            unknown = pl.repeat(
                None, 1 if index is None else len(facts.members), dtype=pl.Int64, eager=True
            )
            base = with_fact(base, fact, unknown)
        self.base = base
        ruleset = pack.ruleset(on)
        self.engine = ColumnEngine(ruleset, on, self.base.columns, {})
        of_fact = [
            compared
            for compared in comparisons(
                ruleset, [("benefit", benefit) for benefit in ruleset.benefits]
            )
            if (fact.entity, fact.name) in behind(ruleset, compared.difference)
        ]
        self.lines = {
            str(index): (compared.difference, compared.entity)
            for index, compared in enumerate(of_fact)
        }

    def population(self, points: Matrix) -> Population:
        """The household once for each point."""
        count = len(points)
        size = len(self.base.member_ids)
        households = self.base.households[np.zeros(count, dtype=np.uint32)]
        people = self.base.people[np.tile(np.arange(size, dtype=np.uint32), count)]
        copies = Population(
            self.pack.content,
            households,
            people,
            Members.of_counts(pl.Series([size] * count, dtype=pl.UInt32)),
            pl.Series("household", range(count), dtype=pl.UInt32),
            self.base.member_ids.gather(np.tile(np.arange(size, dtype=np.uint32), count)),
        )
        if self.index is None:
            return with_fact(copies, self.fact, pl.Series(points))
        column = people[self.fact.name].cast(pl.Int64)
        return with_fact(
            copies, self.fact, column.scatter(np.arange(count) * size + self.index, points)
        )

    def run(self, points: Matrix) -> Run:
        population = self.population(points)
        return Run(
            self.pack,
            self.on,
            population,
            self.engine.run(population.households, population.people, population.members),
        )

    def at(self, points: Matrix) -> Outcomes:
        """The benefits of the household at each point (at the scale of the fact)."""
        return self.outcomes_of(self.run(points))

    def outcomes_of(self, run: Run) -> Outcomes:
        """The same for points that have been run."""
        worth = Worth(run)
        count = len(run.population)
        size = len(self.base.member_ids)
        rows = worth.money.filter("counts").with_columns(
            who=(pl.col("member") - pl.col("home") * size + 1).fill_null(0)
        )
        paid = rows.filter(pl.col("standing") == ELIGIBLE)
        money = np.zeros((count, len(worth.names) * (size + 1)), dtype=np.int64)
        money[
            paid["home"].to_numpy(),
            (paid["benefit"].cast(pl.Int64) * (size + 1) + paid["who"]).to_numpy(),
        ] = paid["low"].fill_null(0).to_numpy()
        unclear = rows.filter(pl.col("standing") == UNDETERMINED)["home"].to_numpy()
        lows = [low for low, _ in evaluate.numbers(run, self.lines).values()]
        lines = [
            low.fill_null(0).sign().fill_null(0).to_numpy().astype(np.int64).reshape(count, -1)
            for low in lows
        ]
        return Outcomes(
            money,
            np.hstack([_signs(run.layers, sorted(self.engine.reached), count), *lines]),
            np.bincount(unclear, minlength=count),
        )


def with_fact(population: Population, fact: Named, values: pl.Series) -> Population:
    """The population with other values of a fact."""
    households, people = population.households, population.people
    if fact.entity == "household":
        households = households.with_columns(values.alias(fact.name))
    else:
        # A frame without any column has forgotten how many rows it had.
        people = (
            people.with_columns(values.alias(fact.name))
            if people.width
            else values.alias(fact.name).to_frame()
        )
    return Population(
        population.content,
        households,
        people,
        population.members,
        population.household_ids,
        population.member_ids,
    )


def _signs(layers: Layers, reached: Sequence[str], count: int) -> Matrix:
    """The truth of every benefit for each household, its members side by side."""
    signs = [
        layers.now[entity].select(pl.all().cast(pl.Int8).fill_null(2)).to_numpy().astype(np.int64)
        for entity in ENTITIES
    ]
    for benefit in reached:
        entity: Entity = "household" if benefit in layers.now["household"].columns else "person"
        column = np.full((layers.now[entity].height, 2), NEVER, dtype=np.int64)
        if benefit in layers.later:
            rows = layers.later[benefit]
            column[rows["row"].to_numpy()] = rows.select("certain", "possible").to_numpy()
        signs.append(column)
    return np.hstack([columns.reshape(count, -1) for columns in signs if columns.size])
