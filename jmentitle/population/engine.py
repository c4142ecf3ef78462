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
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.compiler import Columns, Compiler, granted_column
from jmentitle.population.graph import ROW, Level, Members, work_out
from jmentitle.population.numbers import End, Number, as_column, least
from jmentitle.population.truths import Truth, as_expression

Frames = dict[Entity, pl.DataFrame]
ENTITIES: tuple[Entity, ...] = ("household", "person")
CERTAIN, POSSIBLE = "certain:", "possible:"


@dataclass(frozen=True)
class Money:
    """What a benefit pays, as columns: the amount and how long it is paid, each with both ends."""

    amount: tuple[pl.Expr, pl.Expr]
    lasts: tuple[pl.Expr, pl.Expr] | None

    @property
    def columns(self) -> list[pl.Expr]:
        return [*self.amount, *(self.lasts or ())]


@dataclass(frozen=True)
class Pass:
    """One layer of chaining: the passes over the frames, and the column or constant of each benefit that it decides."""

    levels: list[Level]
    truths: dict[str, Truth]


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
        self.money: dict[str, Money] = {}
        self.first = self._first()
        self.again = self._again() if self.reached else None

    def _first(self) -> Pass:
        compiler = Compiler(self.ruleset, self.on, self.columns)
        compiler.count_uses(self._nodes(list(self.ruleset.benefits)))
        truths = {benefit: self._derived(compiler, benefit) for benefit in self.ruleset.benefits}
        wanted = self._wanted(truths)
        for benefit in self.ruleset.benefits.values():
            if benefit.pays is None or truths[benefit.reference] is False and benefit.reference not in self.reached:
                continue
            entity = self.ruleset.entity_of(benefit.reference)
            amount = compiler.number(benefit.pays.amount, entity)
            if benefit.pays.cap is not None:
                amount = least([amount, compiler.number(benefit.pays.cap, entity)])
            lasts = None if benefit.pays.lasts is None else _ends(compiler.number(benefit.pays.lasts, entity))
            money = self.money[benefit.reference] = Money(_ends(amount), lasts)
            wanted += [(entity, name) for column in money.columns for name in column.meta.root_names()]
        return Pass(compiler.graph.plan(wanted), truths)

    def _again(self) -> Pass:
        granted: dict[Entity, set[str]] = {"household": set(), "person": set()}
        for benefit in self.ruleset.benefits.values():
            granted[self.ruleset.entity_of(benefit.reference)] |= {granted_column(status) for status in benefit.grants}
        columns: Columns = {entity: names | granted[entity] for entity, names in self.columns.items()}
        compiler = Compiler(self.ruleset, self.on, columns, with_grants=True)
        compiler.count_uses(self._conditions(self.reached))
        truths = {benefit: self._derived(compiler, benefit) for benefit in self.reached}
        return Pass(compiler.graph.plan(self._wanted(truths)), truths)

    def _derived(self, compiler: Compiler, benefit: str) -> Truth:
        found = compiler.benefit(benefit)
        return compiler.graph.derive(self.ruleset.entity_of(benefit), benefit, found) if isinstance(found, pl.Expr) else found

    def _wanted(self, truths: dict[str, Truth]) -> list[tuple[Entity, str]]:
        return [(self.ruleset.entity_of(benefit), benefit) for benefit, truth in truths.items() if isinstance(truth, pl.Expr)]

    def _conditions(self, benefits: list[str]) -> Iterator[tuple[Node, Entity]]:
        for benefit in benefits:
            node = self.ruleset.conditions[benefit]
            if node is not None:
                yield node, self.ruleset.entity_of(benefit)

    def _nodes(self, benefits: list[str]) -> Iterator[tuple[Node, Entity]]:
        yield from self._conditions(benefits)
        for benefit in benefits:
            pays = self.ruleset.benefits[benefit].pays
            for node in () if pays is None else (pays.amount, pays.cap, pays.lasts):
                if node is not None:
                    yield node, self.ruleset.entity_of(benefit)

    # running

    def run(self, households: pl.DataFrame, people: pl.DataFrame, members: Members) -> Layers:
        """All layers for a batch of households; the frames hold exactly the columns that were compiled for."""
        frames: Frames = dict(zip(ENTITIES, work_out(self.first.levels, households, people, members), strict=True))
        heights: dict[Entity, int] = {"household": len(members.starts), "person": len(members.of)}
        now = self._columns(self.first, frames, heights)
        certain, possible = {"household": pl.DataFrame(), "person": pl.DataFrame()}, {"household": pl.DataFrame(), "person": pl.DataFrame()}
        if self.again is not None:
            certain, possible = self._chain({"household": households, "person": people}, now, members)
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
        places = {"household": touched.arg_true(), "person": touched.gather(members.of).arg_true()}
        given, state, granted = (_taken(frames, places) for frames in (given, now, granted))
        members = members.subset(touched)
        found = _taken(certain, places), _taken(possible, places)
        heights = {entity: len(place) for entity, place in places.items()}
        previous: Frames | None = None
        layer = 0
        while previous is None or not all(granted[entity].equals(previous[entity]) for entity in ENTITIES):
            layer += 1
            frames = {entity: pl.concat([given[entity], granted[entity]], how="horizontal") for entity in ENTITIES}
            done = dict(zip(ENTITIES, work_out(self.again.levels, frames["household"], frames["person"], members), strict=True))
            truths = self._columns(self.again, done, heights)
            found = tuple(_later(one, truths, layer, possible=which) for which, one in enumerate(found))  # type: ignore[assignment]
            state = {entity: state[entity].with_columns(truths[entity]) for entity in ENTITIES}
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
        plans = []
        for benefit, money in self.money.items():
            entity = self._entity(benefit)
            mask = possible[entity][benefit] != NEVER if benefit in possible[entity].columns else now[entity][benefit].ne_missing(False)
            names = dict(zip(("low", "high", "lasts_low", "lasts_high"), money.columns, strict=False))
            used = {name for column in money.columns for name in column.meta.root_names()}
            rows = frames[entity].lazy().select(ROW, *used).filter(mask)
            plans.append(rows.select(pl.col(ROW).alias("row"), **names))
        return dict(zip(self.money, pl.collect_all(plans), strict=True))

    def _entity(self, benefit: str) -> Entity:
        return self.ruleset.entity_of(benefit)


def _ends(number: Number) -> tuple[pl.Expr, pl.Expr]:
    def column(end: End) -> pl.Expr:
        return pl.lit(None, dtype=pl.Int64) if end is None else as_column(end).cast(pl.Int64)

    return column(number.low), column(number.high)


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
