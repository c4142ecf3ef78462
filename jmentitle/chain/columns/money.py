"""Amounts over columns: computed only for possible recipients; an amount that is the same for
everyone is stored once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import polars as pl

from jmentitle.chain.columns.chaining import with_later
from jmentitle.chain.columns.choices import least
from jmentitle.chain.columns.compiler import Compiler
from jmentitle.chain.columns.graph import ROW, roots, run_steps
from jmentitle.chain.columns.members import HOUSEHOLD_PREFIX, Members, bring_to_members
from jmentitle.chain.columns.numbers import End, Number, as_column
from jmentitle.chain.columns.passes import Frames
from jmentitle.chain.columns.truths import Truth
from jmentitle.language import tree
from jmentitle.language.tree import Entity, Operand, TruthNode
from jmentitle.pack.model import Benefit, Pays

Ends = dict[str, pl.Series | int | None]
"""The amount of a benefit: low and high, in fen, and lasts_low and lasts_high for a limited time.
An end is a column of the possible recipients, or one value for all; null and None are open."""


def as_frame(ends: Ends, count: int) -> pl.DataFrame:
    """The ends as columns, with a row for each of the `count` possible recipients."""

    def column(end: pl.Series | int | None) -> pl.Series:
        return (
            end.cast(pl.Int64)
            if isinstance(end, pl.Series)
            else pl.Series([end], dtype=pl.Int64).new_from_index(0, count)
        )

    return pl.DataFrame({name: column(end) for name, end in ends.items()})


def concatenate(parts: Sequence[Ends]) -> Ends:
    """The amounts of a benefit in the parts of a population, concatenated."""
    joined: Ends = {}
    for name, first in parts[0].items():
        columns = [column for part in parts if isinstance(column := part[name], pl.Series)]
        joined[name] = pl.concat(columns) if columns else first
    return joined


@dataclass(frozen=True)
class Amounts:
    """The amounts of the benefits of one item. `same` holds those that are the same for everybody;
    `steps` compute the `ends` of the others for possible recipients. The columns in `shared` are
    broadcast from households to these recipients."""

    entity: Entity
    same: dict[str, Ends]
    shared: list[str]
    steps: list[list[pl.Expr]]
    ends: dict[str, dict[str, pl.Expr]]

    @classmethod
    def of(cls, main: Compiler, benefits: Sequence[Benefit], entity: Entity) -> Amounts:
        compiler = AmountCompiler(main)
        same: dict[str, Ends] = {}
        ends: dict[str, dict[str, pl.Expr]] = {}
        for benefit in benefits:
            assert benefit.pays is not None
            amount = dict(compiler.pays(benefit.pays, entity))
            constants = {
                name: end for name, end in amount.items() if end is None or isinstance(end, int)
            }
            if len(constants) == len(amount):
                same[benefit.reference] = {**constants}
            else:
                ends[benefit.reference] = {name: _column(end) for name, end in amount.items()}
        return cls(entity, same, compiler.graph.broadcast_names, compiler.graph.steps(entity), ends)

    @property
    def inputs(self) -> set[str]:
        """The columns that the steps and ends use, of the frame of the entity."""
        expressions = [expression for step in self.steps for expression in step] + [
            end for ends in self.ends.values() for end in ends.values()
        ]
        computed = {expression.meta.output_name() for step in self.steps for expression in step} | {
            HOUSEHOLD_PREFIX + name for name in self.shared
        }
        return {name for expression in expressions for name in roots(expression)} - computed

    def compute(
        self, done: Frames, may: pl.DataFrame, members: Members
    ) -> Iterator[tuple[str, Ends]]:
        """The amounts for possible recipients, given by the columns of `may`."""
        yield from self.same.items()
        if self.ends:
            expressions = {
                benefit: [end.alias(f"{benefit}/{name}") for name, end in ends.items()]
                for benefit, ends in self.ends.items()
            }
            rows = (
                done[self.entity][[ROW, *self.inputs]]
                .hstack(may)
                .lazy()
                .filter(reduce(pl.Expr.__or__, map(pl.col, self.ends)))
            )
            if self.shared:
                people = rows.collect(engine="in-memory")
                households = members.of.gather(people[ROW])
                shared = bring_to_members(done["household"][self.shared], households)
                rows = people.hstack(shared).lazy()
            results = run_steps(
                rows, self.steps, [*self.ends, *chain.from_iterable(expressions.values())]
            )
            for benefit, ends in self.ends.items():
                yield (
                    benefit,
                    {name: results[f"{benefit}/{name}"].filter(results[benefit]) for name in ends},
                )


class AmountCompiler(Compiler):
    """Numbers computed only for the rows that need them; numbers of every row are columns of the
    main compiler."""

    def __init__(self, main: Compiler) -> None:
        super().__init__(main.ruleset, main.on, main.columns, main.sizes, prefix="amount ")
        self.main = main
        self._uses = main._uses

    def pays(self, pays: Pays, entity: Entity) -> Iterator[tuple[str, End]]:
        amount = self.number(pays.amount, entity)
        if pays.cap is not None:
            amount = least([amount, self.number(pays.cap, entity)])
        yield from (("low", amount.low), ("high", amount.high))
        if pays.lasts is not None:
            lasts = self.number(pays.lasts, entity)
            yield from (("lasts_low", lasts.low), ("lasts_high", lasts.high))

    def truth(self, node: TruthNode, entity: Entity) -> Truth:
        return (
            self.main.truth(node, entity)
            if (entity, node) in self.main._truths
            else super().truth(node, entity)
        )

    def number(self, node: Operand, entity: Entity) -> Number:
        return (
            self.main.number(node, entity)
            if (entity, node) in self.main._numbers
            else super().number(node, entity)
        )

    def _household_truth(self, node: TruthNode) -> Truth:
        return self.main._household_truth(node)

    def _household_number(self, node: Operand) -> Number:
        return self.main._household_number(node)

    def _broadcast(self, column: pl.Expr) -> pl.Expr:
        """A household's column, broadcast to possible recipients only, unless the main compiler
        broadcasts it to everybody."""
        graph = (
            self.main.graph
            if column.meta.output_name() in self.main.graph.broadcast_names
            else self.graph
        )
        return graph.broadcast(str(column.meta.output_name()))

    def _status(self, node: tree.Status) -> Truth:
        return self.main._status(node)

    def _over_members(self, node: tree.AnyMember | tree.AllMembers) -> Truth:
        return self.main._over_members(node)

    def _total(self, node: tree.CountMembers | tree.SumMembers) -> Number:
        return self.main._total(node)


def pay(
    amounts: Sequence[Amounts],
    done: Frames,
    now: Frames,
    later: dict[str, pl.DataFrame],
    members: Members,
) -> dict[str, Ends]:
    """The amount of every benefit of money for its possible recipients, now or after grants."""
    ends: dict[str, Ends] = {}
    for item in amounts:
        ends |= item.compute(
            done, _possible_recipients(item.ends, now[item.entity], later), members
        )
    return ends


def _possible_recipients(
    benefits: Iterable[str], now: pl.DataFrame, later: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Masks of the possible recipients of each benefit, now or after grants."""
    may = now.select_seq(pl.col(benefit).ne_missing(False) for benefit in benefits)
    return pl.DataFrame(
        with_later(column, later[column.name], "possible") if column.name in later else column
        for column in may.iter_columns()
    )


def _column(end: End) -> pl.Expr:
    return pl.lit(None, dtype=pl.Int8) if end is None else as_column(end)
