"""The causes of undetermined benefits, over columns: unknown facts or unpublished values.

This says of columns what `chain.unknowns` says of one household: only what can still change the
answer counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar, assert_never

import polars as pl

from jmentitle.chain.columns import sets
from jmentitle.chain.columns.compiler import Columns, Compiler
from jmentitle.chain.columns.graph import ROW, roots, work_out
from jmentitle.chain.columns.members import Members, count
from jmentitle.chain.columns.numbers import Number
from jmentitle.chain.columns.passes import ENTITIES, conditions
from jmentitle.chain.columns.truths import Truth, all_of, any_of, as_expression, negation
from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node, Operand, TruthNode
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES
from jmentitle.pack.ruleset import Ruleset

Kind = Literal["facts", "values"]
KINDS: tuple[Kind, ...] = ("facts", "values")
_Kind = TypeVar("_Kind", bound=Node)


@dataclass
class Hanging:
    """Whether an unknown value depends on causes of one kind: for each node a boolean column
    without nulls, or a constant."""

    compiler: Compiler
    kind: Kind
    _found: dict[object, Truth] = field(default_factory=dict)

    def truth(self, node: TruthNode, entity: Entity) -> Truth:
        """Whether a condition is unknown and depends on a cause of this kind."""
        return self._brought(("truth", node), node, entity, self._truth)

    def number(self, node: Operand, entity: Entity) -> Truth:
        """Whether a number or date is not exact and depends on a cause of this kind."""
        return self._brought(("number", node), node, entity, self._number)

    def _brought(
        self, key: object, node: _Kind, entity: Entity, work_out: Callable[[_Kind, Entity], Truth]
    ) -> Truth:
        """Worked out once where the node is at home, in a column of its own."""
        home, compiler = self.compiler.home(node, entity), self.compiler
        if (key, home) not in self._found:
            found = work_out(node, home)
            self._found[key, home] = (
                pl.col(compiler.named(found, home, "hangs"))
                if isinstance(found, pl.Expr)
                else found
            )
        found = self._found[key, home]
        return (
            compiler.graph.broadcast(str(found.meta.output_name()))
            if isinstance(found, pl.Expr) and home != entity
            else found
        )

    def _truth(self, node: TruthNode, entity: Entity) -> Truth:
        truth = self.compiler.truth(node, entity)
        return (
            False
            if isinstance(truth, bool)
            else all_of([_is_unknown(truth), self._below(node, entity)])
        )

    def _below(self, node: TruthNode, entity: Entity) -> Truth:
        match node:
            case tree.Leaf(test=test):
                return self.truth(test, entity)
            case tree.All(parts=parts) | tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
                return any_of(self.truth(part, entity) for part in parts)
            case tree.AnyMember(test=test) | tree.AllMembers(test=test):
                return any_of([self._of_somebody(self.truth(test, "person")), self._of_others()])
            case tree.Status():
                return self._status(node)
            case tree.Compare(left=left, right=right):
                return any_of([self.number(left, entity), self.number(right, entity)])
            case tree.Fact() | tree.IsOneOf() | tree.Overlaps():
                return self.kind == "facts"
        assert_never(node)

    def _status(self, node: tree.Status) -> Truth:
        ruleset, has = self.compiler.ruleset, self.compiler.columns[node.entity]
        behind, grantors = ruleset.statuses[node.name], ruleset.grantors.get(node.name)
        found = False if behind is None else self.truth(behind, node.entity)
        if self.kind == "values":
            return found
        if grantors is not None:
            received = sets.word_column(RECEIVES, 0)
            return any_of([found, pl.col(received).is_null() if received in has else True])
        return any_of(
            [found, behind is None and ruleset.content.statuses[node.name].certificate is not None]
        )

    def _number(self, node: Operand, entity: Entity) -> Truth:
        match node:
            case tree.Fact():
                column = self.compiler.column(node)
                return self.kind == "facts" and (True if column is None else column.is_null())
            case tree.Quantity():
                behind = self.compiler.ruleset.content.quantities[node.name].value
                return all_of(
                    [_inexact(self.compiler.number(node, entity)), self.number(behind, entity)]
                )
            case tree.Parameter():
                return self._parameter(node, entity)
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                held = self.compiler.truth(test, entity)
                first = all_of([_not_false(held), self.number(then, entity)])
                return any_of(
                    [
                        self.truth(test, entity),
                        first,
                        all_of([_not_false(negation(held)), self.number(otherwise, entity)]),
                    ]
                )
            case tree.CountMembers(test=test):
                return any_of([self._of_somebody(self.truth(test, "person")), self._of_others()])
            case tree.SumMembers(number=number):
                return any_of([self._of_somebody(self.number(number, "person")), self._of_others()])
            case tree.Sum() | tree.Difference() | tree.Product() | tree.Quotient():
                return any_of([self.number(node.left, entity), self.number(node.right, entity)])
            case (
                tree.Negative(operand=operand)
                | tree.Rescale(operand=operand)
                | tree.Rounded(operand=operand)
            ):
                return any_of([self.number(operand, entity)])
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                return any_of([self.number(part, entity) for part in parts])
            case tree.Elapsed(start=start, end=end):
                return any_of([self.number(start, entity), self.number(end, entity)])
            case tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                return False
        assert_never(node)

    def _parameter(self, node: tree.Parameter, entity: Entity) -> Truth:
        unknown_key = any_of([self._key(fact, entity) for fact in node.keys])
        reached: Truth = False
        hangs = unknown_key if self.kind == "facts" else False
        if node.steps_of is not None:
            reached = _inexact(self.compiler.number(node.steps_of, entity))
            hangs = any_of([hangs, all_of([reached, self.number(node.steps_of, entity)])])
        if self.kind == "values":
            hangs = any_of([hangs, negation(any_of([reached, unknown_key]))])
        return all_of([_inexact(self.compiler.number(node, entity)), hangs])

    def _key(self, fact: tree.Fact, entity: Entity) -> Truth:
        """Whether a key is unknown, whatever this hanging looks for."""
        column = self.compiler.column(fact)
        if column is None:
            return True
        return (
            self.compiler.graph.broadcast(fact.name) if fact.entity != entity else column
        ).is_null()

    def _of_somebody(self, inner: Truth) -> Truth:
        """Whether it holds of a member of the household."""
        if not isinstance(inner, pl.Expr):
            return inner
        name = self.compiler.named(inner, "person", "hangs")

        def made_by(people: pl.DataFrame, members: Members) -> pl.Series:
            return pl.Series(count(people[name], members) > 0)

        return self.compiler.graph.gather(f"somebody {name} {self.kind}", made_by, [name])

    def _of_others(self) -> Truth:
        """Whether there may be members who are not listed."""
        if self.kind == "values" or MEMBERS_COMPLETE not in self.compiler.columns["household"]:
            return False
        return ~pl.col(MEMBERS_COMPLETE)


def _is_unknown(truth: Truth) -> Truth:
    return truth.is_null() if isinstance(truth, pl.Expr) else truth is None


def _not_false(truth: Truth) -> Truth:
    return truth.is_null() | truth if isinstance(truth, pl.Expr) else truth is not False


def _inexact(number: Number) -> Truth:
    """Whether the ends of a number differ or are open."""
    if number.constant is not None:
        return False
    if number.point is not None:
        return number.point.is_null()
    low, high = number.low, number.high
    if low is None or high is None or not (isinstance(low, pl.Expr) or isinstance(high, pl.Expr)):
        return True
    return (
        pl.lit(low).ne_missing(high) | pl.lit(low).is_null()
        if not isinstance(low, pl.Expr)
        else low.is_null() | low.ne_missing(high)
    )


class Frames(Protocol):
    """The frames of a population: households, people, who belongs to whom, and the columns in which
    something is known."""

    @property
    def columns(self) -> Columns: ...
    @property
    def households(self) -> pl.DataFrame: ...
    @property
    def people(self) -> pl.DataFrame: ...
    @property
    def members(self) -> Members: ...


def hanging_on(
    ruleset: Ruleset, on: date, of: Frames, benefits: list[str]
) -> dict[str, pl.DataFrame]:
    """For each benefit the rows in which it is undetermined now, and whether it depends on `facts`
    and on `values`."""
    compiler = Compiler(ruleset, on, of.columns)
    compiler.count_uses(conditions(ruleset, benefits))
    columns: dict[str, dict[str, pl.Expr]] = {}
    for benefit in benefits:
        node, entity = ruleset.conditions[benefit], ruleset.entity_of(benefit)
        truth = True if node is None else compiler.truth(node, entity)
        if node is not None and not isinstance(truth, bool):
            asked = {kind: Hanging(compiler, kind).truth(node, entity) for kind in KINDS}
            columns[benefit] = {
                name: as_expression(found)
                for name, found in (("unknown", _is_unknown(truth)), *asked.items())
            }
    wanted = [
        (ruleset.entity_of(benefit), name)
        for benefit, found in columns.items()
        for one in found.values()
        for name in roots(one)
    ]
    frames = dict(
        zip(
            ENTITIES,
            work_out(compiler.graph.plan(wanted), of.households, of.people, of.members),
            strict=True,
        )
    )
    return {
        benefit: frames[ruleset.entity_of(benefit)]
        .select(pl.col(ROW).alias("row"), **found)
        .filter("unknown")
        .drop("unknown")
        for benefit, found in columns.items()
    }
