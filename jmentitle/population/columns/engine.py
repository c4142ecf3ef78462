"""The engine of columns: the rules of a day, compiled once for populations that have the same columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from jmentitle.chain.native import reached_by_grants
from jmentitle.chain.outcome import NEVER
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import Benefit
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.columns.amounts import AmountCompiler
from jmentitle.population.columns.chaining import Chaining
from jmentitle.population.columns.compiler import Columns, Compiler
from jmentitle.population.columns.graph import ROW, Members, roots, work_out
from jmentitle.population.columns.numbers import End, as_column, least
from jmentitle.population.columns.passes import ENTITIES, Frames, Pass, compile_benefits, conditions, wanted
from jmentitle.population.columns.truths import Truth

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
        return {name for expression in expressions for name in roots(expression)} - made


@dataclass(frozen=True)
class Layers:
    """What was found for the rows of a batch.

    `now` holds a boolean column for each benefit, null where it is undetermined. `later` holds, by benefit, the rows in which grants open more,
    with the layers in which it becomes certain and possible. `paid` holds, by benefit of money, the rows that may get it and the ends of what
    they may get, in fen.
    """

    now: Frames
    later: dict[str, pl.DataFrame]
    paid: dict[str, pl.DataFrame]


class ColumnEngine:
    """The rules of one day for populations with these columns."""

    def __init__(self, ruleset: Ruleset, on: date, columns: Columns) -> None:
        self.ruleset = ruleset
        compiler = Compiler(ruleset, on, columns)
        compiler.count_uses(self._nodes())
        truths = compile_benefits(compiler, ruleset.benefits)
        self.reached = frozenset(reached_by_grants(ruleset))
        self.chaining = Chaining.of(compiler, list(self.reached)) if self.reached else None
        self.money = [self._money(compiler, benefits) for benefits in self._paying(truths)]
        needed = wanted(ruleset, truths) + [(money.entity, name) for money in self.money for name in money.inputs]
        needed += self.chaining.wanted if self.chaining is not None else []
        self.first = Pass(ruleset, compiler.graph.plan(needed), truths, compiler.graph.inputs())

    def _nodes(self) -> Iterator[tuple[Node, Entity]]:
        yield from conditions(self.ruleset, self.ruleset.benefits)
        for benefit in self.ruleset.benefits.values():
            for node in () if benefit.pays is None else (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts):
                if node is not None:
                    yield node, self.ruleset.entity_of(benefit.reference)

    def _paying(self, truths: dict[str, Truth]) -> list[list[Benefit]]:
        """The benefits of money that somebody may get, by item."""
        items: dict[str, list[Benefit]] = {}
        for benefit in self.ruleset.benefits.values():
            if benefit.pays is not None and (truths[benefit.reference] is not False or benefit.reference in self.reached):
                items.setdefault(benefit.item, []).append(benefit)
        return list(items.values())

    def _money(self, main: Compiler, benefits: list[Benefit]) -> Money:
        compiler, entity = AmountCompiler(main), self.ruleset.entity_of(benefits[0].reference)
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

    def run(self, households: pl.DataFrame, people: pl.DataFrame, members: Members) -> Layers:
        """All layers for a batch of households; the frames hold exactly the columns that were compiled for."""
        done: Frames = dict(zip(ENTITIES, work_out(self.first.levels, households, people, members), strict=True))
        now = self.first.columns(done, members)
        later = {} if self.chaining is None else self.chaining.later({"household": households, "person": people}, done, now, members)
        return Layers(now, later, self._paid(done, now, later))

    def _paid(self, done: Frames, now: Frames, later: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        plans, found = [], {}
        for money in self.money:
            masks = {f"may:{benefit}": may_get(now[money.entity][benefit], later.get(benefit)) for benefit in money.ends}
            rows = done[money.entity].lazy().select(ROW, *money.inputs).with_columns(**masks).filter(pl.any_horizontal(*masks))
            for step in money.steps:
                rows = rows.with_columns(step)
            named = [end.alias(f"{benefit}/{name}") for benefit, ends in money.ends.items() for name, end in ends.items()]
            plans.append(rows.select(pl.col(ROW).alias("row"), *masks, *named))
        for money, frame in zip(self.money, pl.collect_all(plans, optimizations=_AS_WRITTEN), strict=True):
            for benefit, ends in money.ends.items():
                columns = [pl.col(f"{benefit}/{name}").alias(name) for name in ends]
                one = frame.select("row", *columns)
                found[benefit] = one if len(money.ends) == 1 else one.filter(frame[f"may:{benefit}"])
        return found


def may_get(now: pl.Series, later: pl.DataFrame | None) -> pl.Series:
    """Who may get a benefit, now or after what grants open."""
    found = now.ne_missing(False)
    if later is None:
        return found
    return found.scatter(later.filter(pl.col("possible") != NEVER)["row"], True)


def _end(end: End) -> pl.Expr:
    return pl.lit(None, dtype=pl.Int64) if end is None else as_column(end).cast(pl.Int64)
