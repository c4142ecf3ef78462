"""The engine of columns: the rules of a day, compiled once for populations with the same
columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from jmentitle.chain.columns.chaining import Chaining, GrantCompiler, Sureness, with_later
from jmentitle.chain.columns.compiler import Columns, Compiler, Sizes
from jmentitle.chain.columns.graph import Column, run_levels
from jmentitle.chain.columns.guards import Benefits, Guards, interest
from jmentitle.chain.columns.members import Members
from jmentitle.chain.columns.money import Amounts, Ends, as_frame, pay
from jmentitle.chain.columns.passes import (
    ENTITIES,
    Frames,
    Pass,
    compile_benefits,
    conditions,
    wanted,
)
from jmentitle.chain.columns.truths import Truth
from jmentitle.chain.native import reached_by_grants
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import Benefit
from jmentitle.pack.ruleset import Ruleset


@dataclass(frozen=True)
class Layers:
    """The results for the rows of a batch.

    `now` has a boolean column for each benefit, null where it is undetermined. `later` has, by
    benefit, the rows that grants change, with the layers in which it becomes certain and possible.
    `paid` has, by benefit of money, the amounts of its possible recipients.
    """

    now: Frames
    later: dict[str, pl.DataFrame]
    paid: dict[str, Ends]

    def certain(self, benefit: str) -> pl.Series:
        """A mask of the certain recipients of a benefit, now or after grants."""
        return self._with_later(benefit, self._now(benefit).eq_missing(True), "certain")

    def possible(self, benefit: str) -> pl.Series:
        """A mask of the possible recipients of a benefit, now or after grants."""
        return self._with_later(benefit, self._now(benefit).ne_missing(False), "possible")

    def amounts(self, benefit: str) -> pl.DataFrame:
        """The amounts of a benefit for its possible recipients, with their index as `row`."""
        rows = self.possible(benefit).arg_true().alias("row")
        return as_frame(self.paid[benefit], len(rows)).insert_column(0, rows)

    def _now(self, benefit: str) -> pl.Series:
        return next(frame[benefit] for frame in self.now.values() if benefit in frame.columns)

    def _with_later(self, benefit: str, now: pl.Series, sureness: Sureness) -> pl.Series:
        return with_later(now, self.later[benefit], sureness) if benefit in self.later else now


class ColumnEngine:
    """The rules of one day for populations with these columns."""

    def __init__(self, ruleset: Ruleset, on: date, columns: Columns, sizes: Sizes) -> None:
        self.ruleset = ruleset
        compiler = Compiler(ruleset, on, columns, sizes)
        compiler.count_uses(self._nodes())
        truths = compile_benefits(compiler, ruleset.benefits)
        self.reached = frozenset(reached_by_grants(ruleset))
        opened = GrantCompiler(compiler)
        self.chaining = Chaining.of(opened, sorted(self.reached)) if self.reached else None
        self.amounts = [
            Amounts.of(compiler, benefits, ruleset.entity_of(benefits[0].reference))
            for benefits in self._paying(truths)
        ]
        wanted_columns = self._find_wanted(truths, opened)
        Guards(
            compiler, opened.opens, self.chaining.wanted if self.chaining is not None else ()
        ).place(wanted_columns)
        self.first = Pass.of(compiler, truths, wanted_columns)

    def _find_wanted(
        self, truths: dict[str, Truth], opened: GrantCompiler
    ) -> dict[Column, Benefits | None]:
        """The columns of the first layer that others use, each with the benefits that need it;
        None means every row."""
        benefits_by_column: dict[Column, Benefits | None] = {}

        def want(column: Column, benefits: Benefits | None) -> None:
            before = benefits_by_column.get(column, frozenset())
            benefits_by_column[column] = (
                None if benefits is None or before is None else before | benefits
            )

        for entity, benefit in wanted(self.ruleset, truths):
            want((entity, benefit), frozenset([benefit]))
        for amounts in self.amounts:
            for name in amounts.inputs:
                want((amounts.entity, name), frozenset(amounts.ends))
            for name in amounts.shared:
                want(("household", name), None)
        if self.chaining is not None:
            interests = interest(
                opened.graph,
                {
                    column: frozenset([column[1]])
                    for column in wanted(self.ruleset, self.chaining.again.truths)
                },
            )
            for column in self.chaining.wanted:
                want(column, None if column in self.chaining.statuses else interests[column])
        return benefits_by_column

    def _nodes(self) -> Iterator[tuple[Node, Entity]]:
        yield from conditions(self.ruleset, self.ruleset.benefits)
        for benefit in self.ruleset.benefits.values():
            for node in (
                ()
                if benefit.pays is None
                else (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts)
            ):
                if node is not None:
                    yield node, self.ruleset.entity_of(benefit.reference)

    def _paying(self, truths: dict[str, Truth]) -> list[list[Benefit]]:
        """The benefits of money with a possible recipient, by item."""
        items: dict[str, list[Benefit]] = {}
        for benefit in self.ruleset.benefits.values():
            if benefit.pays is not None and (
                truths[benefit.reference] is not False or benefit.reference in self.reached
            ):
                items.setdefault(benefit.item, []).append(benefit)
        return list(items.values())

    def run(self, households: pl.DataFrame, people: pl.DataFrame, members: Members) -> Layers:
        """All layers for a batch of households; the frames have exactly the columns that the
        engine was compiled for."""
        done: Frames = dict(
            zip(ENTITIES, run_levels(self.first.levels, households, people, members), strict=True)
        )
        now = self.first.columns(done, members)
        later = {} if self.chaining is None else self.chaining.later(done, now, members)
        return Layers(now, later, pay(self.amounts, done, now, later, members))
