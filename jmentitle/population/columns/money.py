"""What benefits pay, over columns: worked out only for the rows that may get something; what is the same for everybody is kept once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import polars as pl

from jmentitle.chain.outcome import NEVER
from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import Benefit, Pays
from jmentitle.population.columns.compiler import Compiler
from jmentitle.population.columns.graph import ROW, Graph, roots, worked_out
from jmentitle.population.columns.numbers import End, Number, as_column, least
from jmentitle.population.columns.passes import Frames
from jmentitle.population.columns.truths import Truth

Ends = dict[str, pl.Series | int | None]


@dataclass(frozen=True)
class Paid:
    """What a benefit pays: `who` tells of every row whether it may get it, the `ends` low and high what, in fen; with a limit also lasts_low and
    lasts_high. An end is a column of those who may get it, or one for all of them; null and None are open."""

    who: pl.Series
    ends: Ends

    @property
    def amounts(self) -> pl.DataFrame:
        """The ends, a row for each of those who may get it."""
        count = int(self.who.sum())

        def column(end: pl.Series | int | None) -> pl.Series:
            return end if isinstance(end, pl.Series) else pl.Series([end], dtype=pl.Int64).new_from_index(0, count)

        return pl.DataFrame({name: column(end) for name, end in self.ends.items()})

    @property
    def frame(self) -> pl.DataFrame:
        """The same with the places of those who may get it as `row`."""
        return pl.DataFrame({"row": self.who.arg_true()}).hstack(self.amounts)

    @classmethod
    def together(cls, parts: Sequence[Paid]) -> Paid:
        """The parts of a population as one."""
        ends: Ends = {}
        for name, first in parts[0].ends.items():
            columns = [column for part in parts if isinstance(column := part.ends[name], pl.Series)]
            ends[name] = pl.concat(columns) if columns else first
        return cls(pl.concat([part.who for part in parts]), ends)


@dataclass(frozen=True)
class Amounts:
    """What the benefits of one item pay: `same` for everybody, or by the steps that work out the `ends` for those who may get it."""

    entity: Entity
    same: dict[str, Ends]
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
            known = {name: end for name, end in found.items() if end is None or isinstance(end, int)}
            if len(known) == len(found):
                same[benefit.reference] = {**known}
            else:
                ends[benefit.reference] = {name: _column(end) for name, end in found.items()}
        return cls(entity, same, compiler.graph.steps(entity), ends)

    @property
    def inputs(self) -> set[str]:
        """The columns that must be there before the first step."""
        expressions = [expression for step in self.steps for expression in step] + [end for ends in self.ends.values() for end in ends.values()]
        made = {expression.meta.output_name() for step in self.steps for expression in step}
        return {name for expression in expressions for name in roots(expression)} - made

    def work_out(self, frame: pl.DataFrame, masks: Mapping[str, pl.Series]) -> Iterator[tuple[str, Paid]]:
        """What the benefits pay to those who may get them."""
        yield from ((benefit, Paid(masks[benefit], ends)) for benefit, ends in self.same.items())
        if not self.ends:
            return
        may = pl.DataFrame([masks[benefit].alias(benefit) for benefit in self.ends])
        rows = frame.select(ROW, *self.inputs).hstack(may).filter(pl.any_horizontal(*self.ends))
        named = {benefit: [end.alias(f"{benefit}/{name}") for name, end in ends.items()] for benefit, ends in self.ends.items()}
        found = worked_out(rows, self.steps, [*self.ends, *chain.from_iterable(named.values())])
        for benefit, ends in self.ends.items():
            getting = found.select(benefit, *[f"{benefit}/{name}" for name in ends])
            getting = getting if len(self.ends) == 1 else getting.filter(benefit)
            yield benefit, Paid(masks[benefit], {name: getting[f"{benefit}/{name}"] for name in ends})


class AmountCompiler(Compiler):
    """Numbers worked out only for those rows that want them: what is defined for everybody stands in the columns of the main compiler."""

    def __init__(self, main: Compiler) -> None:
        super().__init__(main.ruleset, main.on, main.columns, main.sizes, Graph(main.graph), "amount ")
        self.main, self._uses = main, main._uses

    def pays(self, pays: Pays, entity: Entity) -> Iterator[tuple[str, End]]:
        amount = self.number(pays.amount, entity)
        if pays.cap is not None:
            amount = least([amount, self.number(pays.cap, entity)])
        yield from (("low", amount.low), ("high", amount.high))
        if pays.lasts is not None:
            lasts = self.number(pays.lasts, entity)
            yield from (("lasts_low", lasts.low), ("lasts_high", lasts.high))

    def truth(self, node: Node, entity: Entity) -> Truth:
        return self.main.truth(node, entity) if (entity, node) in self.main._truths else super().truth(node, entity)

    def number(self, node: Node, entity: Entity) -> Number:
        return self.main.number(node, entity) if (entity, node) in self.main._numbers else super().number(node, entity)

    def _brought(self, node: Node) -> Truth:
        return self.main._brought(node)

    def _brought_number(self, node: Node) -> Number:
        return self.main._brought_number(node)

    def _broadcast(self, name: str) -> pl.Expr:
        return self.main._broadcast(name)

    def _status(self, node: tree.Status) -> Truth:
        return self.main._status(node)

    def _over_members(self, node: tree.AnyMember | tree.AllMembers) -> Truth:
        return self.main._over_members(node)

    def _total(self, node: tree.CountMembers | tree.SumMembers) -> Number:
        return self.main._total(node)


def pay(amounts: Sequence[Amounts], done: Frames, now: Frames, later: dict[str, pl.DataFrame]) -> dict[str, Paid]:
    """What every benefit of money pays to those who may get it, now or after what grants open."""
    paying = {benefit for one in amounts for benefit in (*one.same, *one.ends)}
    may = {entity: frame.select(pl.col(name).fill_null(True) for name in frame.columns if name in paying) for entity, frame in now.items()}
    found: dict[str, Paid] = {}
    for one in amounts:
        masks = {benefit: _with_later(may[one.entity][benefit], later.get(benefit)) for benefit in (*one.same, *one.ends)}
        found |= one.work_out(done[one.entity], masks)
    return found


def _with_later(may: pl.Series, later: pl.DataFrame | None) -> pl.Series:
    """Who may get a benefit now, with those who may after what grants open."""
    return may if later is None else may.scatter(later.filter(pl.col("possible") != NEVER)["row"], True)


def _column(end: End) -> pl.Expr:
    return pl.lit(None, dtype=pl.Int64) if end is None else as_column(end).cast(pl.Int64)
