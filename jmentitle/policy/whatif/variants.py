"""One household many times over, with one number varied: what it is eligible for at each, all at
once."""

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
class Found:
    """What was found for each point: `worth` holds the yearly money in fen by benefit and member
    (the household itself first), `signs` how every condition and comparison comes out, and
    `undetermined` how many benefits of money cannot be told."""

    worth: Matrix
    signs: Matrix
    undetermined: Matrix

    @property
    def totals(self) -> Matrix:
        found: Matrix = self.worth.sum(axis=1)
        return found

    def part(self, indices: slice) -> Found:
        """Some of the points."""
        return Found(self.worth[indices], self.signs[indices], self.undetermined[indices])


class Variants:
    """A household whose fact `one` is varied, for the member at `place` where the fact is of
    persons."""

    def __init__(self, pack: Rules, facts: Facts, on: date, one: Named, index: int | None) -> None:
        self.pack, self.on, self.one, self.index = pack, on, one, index
        base = Population.of_facts(pack.content, [facts])
        if one.name not in base.columns[one.entity]:
            unknown = pl.repeat(
                None, 1 if index is None else len(facts.members), dtype=pl.Int64, eager=True
            )
            base = with_fact(base, one, unknown)
        self.base = base
        ruleset = pack.ruleset(on)
        self.engine = ColumnEngine(ruleset, on, self.base.columns, {})
        of_fact = [
            compared
            for compared in comparisons(
                ruleset, [("benefit", benefit) for benefit in ruleset.benefits]
            )
            if (one.entity, one.name) in behind(ruleset, compared.difference)
        ]
        self.lines = {
            str(index): (compared.difference, compared.entity)
            for index, compared in enumerate(of_fact)
        }

    def population(self, points: Matrix) -> Population:
        """The household once for each point."""
        count, size = len(points), len(self.base.member_ids)
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
            return with_fact(copies, self.one, pl.Series(points))
        column = people[self.one.name].cast(pl.Int64)
        return with_fact(
            copies, self.one, column.scatter(np.arange(count) * size + self.index, points)
        )

    def run(self, points: Matrix) -> Run:
        population = self.population(points)
        return Run(
            self.pack,
            self.on,
            population,
            self.engine.run(population.households, population.people, population.members),
        )

    def at(self, points: Matrix) -> Found:
        """The benefits of the household at each point (at the scale of the fact)."""
        return self.found(self.run(points))

    def found(self, run: Run) -> Found:
        """The same for points that have been run."""
        worth, count, size = Worth(run), len(run.population), len(self.base.member_ids)
        rows = worth.money.filter("counts").with_columns(
            who=(pl.col("member") - pl.col("home") * size + 1).fill_null(0)
        )
        paid = rows.filter(pl.col("standing") == ELIGIBLE)
        found = np.zeros((count, len(worth.names) * (size + 1)), dtype=np.int64)
        found[
            paid["home"].to_numpy(),
            (paid["benefit"].cast(pl.Int64) * (size + 1) + paid["who"]).to_numpy(),
        ] = paid["low"].fill_null(0).to_numpy()
        unclear = rows.filter(pl.col("standing") == UNDETERMINED)["home"].to_numpy()
        lows = [low for low, _ in evaluate.numbers(run, self.lines).values()]
        lines = [
            low.fill_null(0).sign().fill_null(0).to_numpy().astype(np.int64).reshape(count, -1)
            for low in lows
        ]
        return Found(
            found,
            np.hstack([_signs(run.layers, sorted(self.engine.reached), count), *lines]),
            np.bincount(unclear, minlength=count),
        )


def with_fact(population: Population, one: Named, values: pl.Series) -> Population:
    """The population with other values of a fact."""
    households, people = population.households, population.people
    if one.entity == "household":
        households = households.with_columns(values.alias(one.name))
    else:
        # A frame without any column has forgotten how many rows it had.
        people = (
            people.with_columns(values.alias(one.name))
            if people.width
            else values.alias(one.name).to_frame()
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
    """How every benefit comes out, for each household, its members side by side."""
    found = [
        layers.now[entity].select(pl.all().cast(pl.Int8).fill_null(2)).to_numpy().astype(np.int64)
        for entity in ENTITIES
    ]
    for benefit in reached:
        entity: Entity = "household" if benefit in layers.now["household"].columns else "person"
        column = np.full((layers.now[entity].height, 2), NEVER, dtype=np.int64)
        if benefit in layers.later:
            rows = layers.later[benefit]
            column[rows["row"].to_numpy()] = rows.select("certain", "possible").to_numpy()
        found.append(column)
    return np.hstack([columns.reshape(count, -1) for columns in found if columns.size])
