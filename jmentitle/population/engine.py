"""Forward chaining over columns: the layers of `chain.specification` for all households of a population at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from jmentitle.chain.native import reached_by_grants
from jmentitle.chain.outcome import NEVER
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import Benefit
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.compiler import AmountCompiler, Columns, Compiler, granted_column
from jmentitle.population.graph import ROW, Level, Members, work_out
from jmentitle.population.numbers import End, as_column, least
from jmentitle.population.truths import Truth

Frames = dict[Entity, pl.DataFrame]
ENTITIES: tuple[Entity, ...] = ("household", "person")
_AS_WRITTEN = pl.QueryOptFlags.none()
"""Plans are made as they should run; looking for a better one takes longer than a small batch."""


@dataclass(frozen=True)
class Money:
    """What the benefits of one item pay: the steps to work it out for those who may get it, and by benefit the ends of the amount and of how long."""

    entity: Entity
    steps: list[list[pl.Expr]]
    ends: dict[str, dict[str, pl.Expr]]

    @property
    def inputs(self) -> set[str]:
        """The columns that must be there before the first step."""
        expressions = [expression for step in self.steps for expression in step] + [end for ends in self.ends.values() for end in ends.values()]
        made = {expression.meta.output_name() for step in self.steps for expression in step}
        return {name for expression in expressions for name in expression.meta.root_names()} - made


@dataclass(frozen=True)
class Pass:
    """One layer of chaining: the passes over the frames, and the column or constant of each benefit that it decides."""

    levels: list[Level]
    truths: dict[str, Truth]
    inputs: dict[Entity, list[str]]


@dataclass(frozen=True)
class Layers:
    """What was found for the rows of a batch.

    `now` holds a boolean column for each benefit, null where it is undetermined. `certain` and `possible` hold the layers of the benefits that
    grants can open, NEVER where they stay closed. `paid` holds the rows that may get money of a benefit: their places and the ends of the money.
    """

    now: Frames
    certain: Frames
    possible: Frames
    paid: dict[str, pl.DataFrame]


class ColumnEngine:
    """The rules of one day, compiled for populations that have the same columns."""

    def __init__(self, ruleset: Ruleset, on: date, columns: Columns) -> None:
        self.ruleset, self.on, self.columns = ruleset, on, columns
        self.reached = reached_by_grants(ruleset)
        self.money: list[Money] = []
        self.first = self._first()
        self.again = self._again() if self.reached else None

    def _first(self) -> Pass:
        compiler = Compiler(self.ruleset, self.on, self.columns)
        compiler.count_uses(self._nodes(list(self.ruleset.benefits)))
        truths = {benefit: self._derived(compiler, benefit) for benefit in self.ruleset.benefits}
        self.money = [self._money(compiler, item) for item in self._paying(truths)]
        wanted = self._wanted(truths) + [(money.entity, name) for money in self.money for name in money.inputs]
        return Pass(compiler.graph.plan(wanted), truths, compiler.graph.inputs())

    def _paying(self, truths: dict[str, Truth]) -> list[list[Benefit]]:
        """The benefits of money that somebody may get, by item."""
        items: dict[str, list[Benefit]] = {}
        for benefit in self.ruleset.benefits.values():
            if benefit.pays is not None and (truths[benefit.reference] is not False or benefit.reference in self.reached):
                items.setdefault(benefit.item, []).append(benefit)
        return list(items.values())

    def _money(self, main: Compiler, benefits: list[Benefit]) -> Money:
        compiler, entity = AmountCompiler(main), self._entity(benefits[0].reference)
        found = {}
        for benefit in benefits:
            pays = benefit.pays
            assert pays is not None
            amount = compiler.number(pays.amount, entity)
            if pays.cap is not None:
                amount = least([amount, compiler.number(pays.cap, entity)])
            found[benefit.reference] = {"low": _end(amount.low), "high": _end(amount.high)}
            if pays.lasts is not None:
                lasts = compiler.number(pays.lasts, entity)
                found[benefit.reference] |= {"lasts_low": _end(lasts.low), "lasts_high": _end(lasts.high)}
        return Money(entity, compiler.graph.steps(entity), found)

    def _again(self) -> Pass:
        granted: dict[Entity, set[str]] = {"household": set(), "person": set()}
        for benefit in self.ruleset.benefits.values():
            granted[self.ruleset.entity_of(benefit.reference)] |= {granted_column(status) for status in benefit.grants}
        columns: Columns = {entity: names | granted[entity] for entity, names in self.columns.items()}
        compiler = Compiler(self.ruleset, self.on, columns, with_grants=True)
        compiler.count_uses(self._conditions(self.reached))
        truths = {benefit: self._derived(compiler, benefit) for benefit in self.reached}
        return Pass(compiler.graph.plan(self._wanted(truths)), truths, compiler.graph.inputs())

    def _derived(self, compiler: Compiler, benefit: str) -> Truth:
        found = compiler.benefit(benefit)
        return compiler.graph.derive(self._entity(benefit), benefit, found) if isinstance(found, pl.Expr) else found

    def _wanted(self, truths: dict[str, Truth]) -> list[tuple[Entity, str]]:
        return [(self._entity(benefit), benefit) for benefit, truth in truths.items() if isinstance(truth, pl.Expr)]

    def _conditions(self, benefits: list[str]) -> Iterator[tuple[Node, Entity]]:
        for benefit in benefits:
            node = self.ruleset.conditions[benefit]
            if node is not None:
                yield node, self._entity(benefit)

    def _nodes(self, benefits: list[str]) -> Iterator[tuple[Node, Entity]]:
        yield from self._conditions(benefits)
        for benefit in benefits:
            pays = self.ruleset.benefits[benefit].pays
            for node in () if pays is None else (pays.amount, pays.cap, pays.lasts):
                if node is not None:
                    yield node, self._entity(benefit)

    # running

    def run(self, households: pl.DataFrame, people: pl.DataFrame, members: Members) -> Layers:
        """All layers for a batch of households; the frames hold exactly the columns that were compiled for."""
        frames: Frames = dict(zip(ENTITIES, work_out(self.first.levels, households, people, members), strict=True))
        heights: dict[Entity, int] = {"household": len(members.starts), "person": len(members.of)}
        now = self._columns(self.first, frames, heights)
        none: Frames = {entity: pl.DataFrame() for entity in ENTITIES}
        certain, possible = (none, none) if self.again is None else self._chain({"household": households, "person": people}, now, members)
        return Layers(now, certain, possible, self._paid(frames, now, possible))

    def _columns(self, done: Pass, frames: Frames, heights: dict[Entity, int]) -> Frames:
        """A boolean column for each benefit, also where it is the same for everybody."""

        def column(benefit: str, truth: Truth, entity: Entity) -> pl.Series:
            if isinstance(truth, pl.Expr):
                return frames[entity][benefit]
            return pl.repeat(truth, heights[entity], dtype=pl.Boolean, eager=True).alias(benefit)

        return {
            entity: pl.DataFrame([column(benefit, truth, entity) for benefit, truth in done.truths.items() if self._entity(benefit) == entity])
            for entity in ENTITIES
        }

    def _chain(self, given: Frames, now: Frames, members: Members) -> tuple[Frames, Frames]:
        """The layers in which what grants can open becomes certain and possible."""
        assert self.again is not None
        reached = {entity: [benefit for benefit in self.reached if self._entity(benefit) == entity] for entity in ENTITIES}
        certain = {entity: now[entity].select(_layer(pl.col(benefit), 0).alias(benefit) for benefit in reached[entity]) for entity in ENTITIES}
        possible = {
            entity: now[entity].select(_layer(pl.col(benefit).is_null() | pl.col(benefit), 0).alias(benefit) for benefit in reached[entity])
            for entity in ENTITIES
        }
        # Only households in which something may be granted can change.
        granted = self._granted(now)
        touched = _touched(granted, members)
        if not touched.any():
            return certain, possible
        places: dict[Entity, pl.Series] = {"household": touched.arg_true(), "person": touched.gather(members.of).arg_true()}
        needed = {entity: [name for name in self.again.inputs[entity] if name in given[entity].columns] for entity in ENTITIES}
        given = _taken({entity: given[entity].select(needed[entity]) for entity in ENTITIES}, places)
        granting = {entity: [name for name in now[entity].columns if self.ruleset.benefits[name].grants] for entity in ENTITIES}
        state, granted = _taken({entity: now[entity].select(granting[entity]) for entity in ENTITIES}, places), _taken(granted, places)
        members = members.subset(touched)
        found = _taken(certain, places), _taken(possible, places)
        heights: dict[Entity, int] = {entity: len(place) for entity, place in places.items()}
        previous: Frames | None = None
        layer = 0
        while previous is None or not all(granted[entity].equals(previous[entity]) for entity in ENTITIES):
            layer += 1
            frames = {entity: pl.concat([given[entity], granted[entity]], how="horizontal") for entity in ENTITIES}
            done = dict(zip(ENTITIES, work_out(self.again.levels, frames["household"], frames["person"], members), strict=True))
            truths = self._columns(self.again, done, heights)
            found = tuple(_later(one, truths, layer, possible=which) for which, one in enumerate(found))  # type: ignore[assignment]
            state = {
                entity: state[entity].with_columns(column for column in truths[entity].iter_columns() if column.name in granting[entity])
                for entity in ENTITIES
            }
            previous, granted = granted, self._granted(state)
        return _scattered(certain, found[0], places), _scattered(possible, found[1], places)

    def _granted(self, truths: Frames) -> Frames:
        """Which statuses have been granted, null where they may have been."""
        expressions: dict[Entity, dict[str, pl.Expr]] = {"household": {}, "person": {}}
        for status, benefits in self.ruleset.grantors.items():
            for benefit in benefits:
                columns, name = expressions[self._entity(benefit)], granted_column(status)
                columns[name] = columns[name] | pl.col(benefit) if name in columns else pl.col(benefit)
        return {entity: truths[entity].select(**expressions[entity]) for entity in ENTITIES}

    def _paid(self, frames: Frames, now: Frames, possible: Frames) -> dict[str, pl.DataFrame]:
        """For each benefit of money, the places of those who may get it and the ends of what they may get."""
        plans, benefits = [], []
        for money in self.money:
            masks = {f"may:{benefit}": self._may_get(benefit, now, possible) for benefit in money.ends}
            rows = frames[money.entity].lazy().select(ROW, *money.inputs).with_columns(**masks).filter(pl.any_horizontal(*masks))
            for step in money.steps:
                rows = rows.with_columns(step)
            rows = rows.select(ROW, *masks, *[end.alias(f"{benefit}/{name}") for benefit, ends in money.ends.items() for name, end in ends.items()])
            plans.append(rows)
        for money, found in zip(self.money, pl.collect_all(plans, optimizations=_AS_WRITTEN), strict=True):
            for benefit, ends in money.ends.items():
                columns = [pl.col(f"{benefit}/{name}").alias(name) for name in ends]
                benefits.append(found.lazy().filter(pl.col(f"may:{benefit}")).select(pl.col(ROW).alias("row"), *columns))
        named = [benefit for money in self.money for benefit in money.ends]
        return dict(zip(named, pl.collect_all(benefits, optimizations=_AS_WRITTEN), strict=True))

    def _may_get(self, benefit: str, now: Frames, possible: Frames) -> pl.Series:
        layers, entity = possible[self._entity(benefit)], self._entity(benefit)
        return layers[benefit] != NEVER if benefit in layers.columns else now[entity][benefit].ne_missing(False)

    def _entity(self, benefit: str) -> Entity:
        return self.ruleset.entity_of(benefit)


def _end(end: End) -> pl.Expr:
    return pl.lit(None, dtype=pl.Int64) if end is None else as_column(end).cast(pl.Int64)


def _layer(condition: pl.Expr, layer: int) -> pl.Expr:
    return pl.when(condition).then(pl.lit(layer, dtype=pl.Int8)).otherwise(pl.lit(NEVER, dtype=pl.Int8))


def _later(layers: Frames, truths: Frames, layer: int, *, possible: int) -> Frames:
    """The layers, with what is open now and was not before."""
    found = {}
    for entity in ENTITIES:
        opened = {
            name: pl.when((pl.col(name) == NEVER) & (truths[entity][name].ne_missing(False) if possible else truths[entity][name]))
            .then(pl.lit(layer, dtype=pl.Int8))
            .otherwise(pl.col(name))
            for name in layers[entity].columns
        }
        found[entity] = layers[entity].with_columns(**opened)
    return found


def _touched(granted: Frames, members: Members) -> pl.Series:
    """The households in which something is or may be granted."""
    found = np.zeros(len(members.starts), dtype=bool)
    for entity in ENTITIES:
        for column in granted[entity].iter_columns():
            places = column.ne_missing(False).arg_true()
            found[(places if entity == "household" else members.of.gather(places)).to_numpy()] = True
    return pl.Series(found)


def _taken(frames: Frames, places: dict[Entity, pl.Series]) -> Frames:
    return {entity: frame[places[entity]] if frame.width else frame for entity, frame in frames.items()}


def _scattered(whole: Frames, part: Frames, places: dict[Entity, pl.Series]) -> Frames:
    """The whole with the rows of a part put back into their places."""
    return {
        entity: pl.DataFrame([column.scatter(places[entity], part[entity][column.name]) for column in frame.iter_columns()])
        for entity, frame in whole.items()
    }
