"""Amounts over columns: computed only for possible recipients; an amount that is the same for
everyone is kept once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import polars as pl

from jmentitle.chain.columns.chaining import with_later
from jmentitle.chain.columns.choices import least
from jmentitle.chain.columns.compiler import Compiler
from jmentitle.chain.columns.graph import ROW, Graph, roots, worked_out
from jmentitle.chain.columns.members import HOUSEHOLD_PREFIX, Members, brought
from jmentitle.chain.columns.numbers import End, Number, as_column
from jmentitle.chain.columns.passes import Frames
from jmentitle.chain.columns.truths import Truth
from jmentitle.language import tree
from jmentitle.language.tree import Entity, Operand, TruthNode
from jmentitle.pack.model import Benefit, Pays

Ends = dict[str, pl.Series | int | None]
"""The amount of a benefit: low and high, in fen, and with a limit lasts_low and lasts_high. An end
is a column of the possible recipients, or one value for all of them; null and None are open."""


def as_frame(ends: Ends, count: int) -> pl.DataFrame:
    """The ends as columns, a row for each of the `count` who may get it."""

    def column(end: pl.Series | int | None) -> pl.Series:
        return (
            end.cast(pl.Int64)
            if isinstance(end, pl.Series)
            else pl.Series([end], dtype=pl.Int64).new_from_index(0, count)
        )

    return pl.DataFrame({name: column(end) for name, end in ends.items()})


def together(parts: Sequence[Ends]) -> Ends:
    """The amounts of a benefit in the parts of a population, concatenated."""
    found: Ends = {}
    for name, first in parts[0].items():
        columns = [column for part in parts if isinstance(column := part[name], pl.Series)]
        found[name] = pl.concat(columns) if columns else first
    return found


@dataclass(frozen=True)
class Amounts:
    """What the benefits of one item pay: `same` for everybody, or by the steps that work out the
    `ends` for those who may get it, to whom the columns named in `shared` are brought from their
    households."""

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
            found = dict(compiler.pays(benefit.pays, entity))
            known = {
                name: end for name, end in found.items() if end is None or isinstance(end, int)
            }
            if len(known) == len(found):
                same[benefit.reference] = {**known}
            else:
                ends[benefit.reference] = {name: _column(end) for name, end in found.items()}
        return cls(entity, same, compiler.graph.brought, compiler.graph.steps(entity), ends)

    @property
    def inputs(self) -> set[str]:
        """The columns of those whom the benefits are for that must be there before the first
        step."""
        expressions = [expression for step in self.steps for expression in step] + [
            end for ends in self.ends.values() for end in ends.values()
        ]
        made = {expression.meta.output_name() for step in self.steps for expression in step} | {
            HOUSEHOLD_PREFIX + name for name in self.shared
        }
        return {name for expression in expressions for name in roots(expression)} - made

    def work_out(
        self, done: Frames, may: pl.DataFrame, members: Members
    ) -> Iterator[tuple[str, Ends]]:
        """The amounts for possible recipients, given by the columns of `may`."""
        yield from self.same.items()
        if self.ends:
            named = {
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
                someone = rows.collect(engine="in-memory")
                rows = someone.hstack(
                    brought(done["household"][self.shared], members.of.gather(someone[ROW]))
                ).lazy()
            found = worked_out(rows, self.steps, [*self.ends, *chain.from_iterable(named.values())])
            for benefit, ends in self.ends.items():
                yield (
                    benefit,
                    {name: found[f"{benefit}/{name}"].filter(found[benefit]) for name in ends},
                )


class AmountCompiler(Compiler):
    """Numbers computed only for the rows that need them; columns of the main compiler hold those
    defined for every row."""

    def __init__(self, main: Compiler) -> None:
        super().__init__(
            main.ruleset, main.on, main.columns, main.sizes, Graph(main.graph), "amount "
        )
        self.main, self._uses = main, main._uses

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

    def _shared(self, node: TruthNode) -> Truth:
        return self.main._shared(node)

    def _shared_number(self, node: Operand) -> Number:
        return self.main._shared_number(node)

    def _broadcast(self, column: pl.Expr) -> pl.Expr:
        """A household's column, brought to nobody else unless it is brought to everybody."""
        graph = (
            self.main.graph if column.meta.output_name() in self.main.graph.brought else self.graph
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
    found: dict[str, Ends] = {}
    for one in amounts:
        found |= one.work_out(done, _may(one.ends, now[one.entity], later), members)
    return found


def _may(
    benefits: Iterable[str], now: pl.DataFrame, later: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Who may get each benefit, now or after what grants open."""
    may = now.select_seq(pl.col(benefit).ne_missing(False) for benefit in benefits)
    return pl.DataFrame(
        with_later(one, later[one.name], "possible") if one.name in later else one
        for one in may.iter_columns()
    )


def _column(end: End) -> pl.Expr:
    return pl.lit(None, dtype=pl.Int8) if end is None else as_column(end)
