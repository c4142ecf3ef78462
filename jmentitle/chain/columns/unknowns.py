"""The causes of undetermined benefits, over columns: unknown facts or unpublished values.

This is `chain.unknowns` for columns: only unknowns that can still change the answer count.

Example: `any` of `income < 500` and `disabled`, for causes of the kind "facts":

    row  income  disabled     income unknown  disabled unknown  condition unknown, by facts
    0    400     false   ->   false           false             false
    1    null    false        true            false             true
    2    null    true         true            false             false (already true)
    3    900     null         false           true              true
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar, assert_never

import polars as pl

from jmentitle.chain.columns import sets
from jmentitle.chain.columns.compiler import Columns, Compiler
from jmentitle.chain.columns.graph import ROW, roots, run_levels
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
class Dependence:
    """Whether an unknown value depends on causes of one kind: for each node a boolean column
    without nulls, or a constant."""

    compiler: Compiler
    kind: Kind
    _computed: dict[tuple[object, Entity], Truth] = field(default_factory=dict)

    def truth(self, node: TruthNode, entity: Entity) -> Truth:
        """Whether a condition is unknown and depends on a cause of this kind."""
        return self._compute_once(("truth", node), node, entity, self._truth)

    def number(self, node: Operand, entity: Entity) -> Truth:
        """Whether a number or date is not exact and depends on a cause of this kind."""
        return self._compute_once(("number", node), node, entity, self._number)

    def _compute_once(
        self, key: object, node: _Kind, entity: Entity, compute: Callable[[_Kind, Entity], Truth]
    ) -> Truth:
        """The dependence of a node, in a column of the frame of its home; broadcast from there."""
        home = self.compiler.home(node, entity)
        if (key, home) not in self._computed:
            depends = compute(node, home)
            self._computed[key, home] = (
                pl.col(self.compiler.column_name(depends, home, "depends"))
                if isinstance(depends, pl.Expr)
                else depends
            )
        column = self._computed[key, home]
        if not isinstance(column, pl.Expr) or home == entity:
            return column
        return self.compiler.graph.broadcast(str(column.meta.output_name()))

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
        ruleset = self.compiler.ruleset
        condition = ruleset.statuses[node.name]
        depends = False if condition is None else self.truth(condition, node.entity)
        if self.kind == "values":
            return depends
        if node.name in ruleset.grantors:
            received = sets.word_column(RECEIVES, 0)
            has_column = received in self.compiler.columns[node.entity]
            return any_of([depends, pl.col(received).is_null() if has_column else True])
        certificate = ruleset.content.statuses[node.name].certificate
        return any_of([depends, condition is None and certificate is not None])

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
                passes = self.compiler.truth(test, entity)
                branches = ((passes, then), (negation(passes), otherwise))
                return any_of(
                    [
                        self.truth(test, entity),
                        *(
                            all_of([_not_false(taken), self.number(branch, entity)])
                            for taken, branch in branches
                        ),
                    ]
                )
            case tree.CountMembers(test=test):
                return any_of([self._of_somebody(self.truth(test, "person")), self._of_others()])
            case tree.SumMembers(number=number):
                return any_of([self._of_somebody(self.number(number, "person")), self._of_others()])
            case tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                return False
        return any_of([self.number(operand, entity) for operand in tree.operands(node)])

    def _parameter(self, node: tree.Parameter, entity: Entity) -> Truth:
        unknown_key = any_of([self._key(fact, entity) for fact in node.keys])
        reached: Truth = False
        depends = unknown_key if self.kind == "facts" else False
        if node.steps_of is not None:
            reached = _inexact(self.compiler.number(node.steps_of, entity))
            depends = any_of([depends, all_of([reached, self.number(node.steps_of, entity)])])
        if self.kind == "values":
            depends = any_of([depends, negation(any_of([reached, unknown_key]))])
        return all_of([_inexact(self.compiler.number(node, entity)), depends])

    def _key(self, fact: tree.Fact, entity: Entity) -> Truth:
        """Whether a key is unknown, for causes of either kind."""
        column = self.compiler.column(fact)
        if column is None:
            return True
        return (
            self.compiler.graph.broadcast(fact.name) if fact.entity != entity else column
        ).is_null()

    def _of_somebody(self, inner: Truth) -> Truth:
        """Whether it is true of a member of the household."""
        if not isinstance(inner, pl.Expr):
            return inner
        name = self.compiler.column_name(inner, "person", "depends")

        def is_true_of_any(people: pl.DataFrame, members: Members) -> pl.Series:
            return pl.Series(count(people[name], members) > 0)

        return self.compiler.graph.gather(f"somebody {name} {self.kind}", is_true_of_any, [name])

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
    """The frames of a population: households, people, the household of each person, and the
    columns with known facts."""

    @property
    def columns(self) -> Columns: ...
    @property
    def households(self) -> pl.DataFrame: ...
    @property
    def people(self) -> pl.DataFrame: ...
    @property
    def members(self) -> Members: ...


def undetermined_causes(
    ruleset: Ruleset, on: date, population: Frames, benefits: list[str]
) -> dict[str, pl.DataFrame]:
    """For each benefit the rows in which it is undetermined now, and whether it depends on `facts`
    and on `values`."""
    compiler = Compiler(ruleset, on, population.columns)
    compiler.count_uses(conditions(ruleset, benefits))
    columns = {
        benefit: expressions
        for benefit in benefits
        if (expressions := _cause_columns(compiler, benefit))
    }
    wanted = [
        (ruleset.entity_of(benefit), name)
        for benefit, expressions in columns.items()
        for expression in expressions.values()
        for name in roots(expression)
    ]
    levels = compiler.graph.plan(wanted)
    computed = run_levels(levels, population.households, population.people, population.members)
    frames = dict(zip(ENTITIES, computed, strict=True))
    return {
        benefit: frames[ruleset.entity_of(benefit)]
        .select(pl.col(ROW).alias("row"), **expressions)
        .filter("unknown")
        .drop("unknown")
        for benefit, expressions in columns.items()
    }


def _cause_columns(compiler: Compiler, benefit: str) -> dict[str, pl.Expr]:
    """The columns `unknown`, `facts` and `values` of a benefit; none where it is decided for
    everybody."""
    node = compiler.ruleset.conditions[benefit]
    if node is None:
        return {}
    entity = compiler.ruleset.entity_of(benefit)
    truth = compiler.truth(node, entity)
    if isinstance(truth, bool):
        return {}
    columns: dict[str, Truth] = {"unknown": _is_unknown(truth)}
    for kind in KINDS:
        columns[kind] = Dependence(compiler, kind).truth(node, entity)
    return {name: as_expression(column) for name, column in columns.items()}
