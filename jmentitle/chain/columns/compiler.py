"""From the rules of a day to columns: every definition, test and benefit as an expression over the
frames of a population.

Example: a benefit for `all` of `children < 3` and `elderly`, with null for an unknown fact:

    row  children  elderly       children < 3   benefit
    0    2         true     ->   true           true
    1    null      true          null           null (undetermined)
    2    null      false         null           false
    3    4         true          false          false
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import assert_never, cast

import numpy as np
import polars as pl

from jmentitle.chain.columns import arithmetic, choices, comparison, numbers, sets
from jmentitle.chain.columns.graph import Column, Graph, roots
from jmentitle.chain.columns.members import Members, any_passes, count, sums
from jmentitle.chain.columns.numbers import Number
from jmentitle.chain.columns.truths import Truth, all_of, any_of, as_expression, negation, stated_or
from jmentitle.chain.emit import with_unknown_keys
from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node, NumberNode, Operand, TruthNode
from jmentitle.pack.model import LARGEST_NUMBER, MAX_MEMBERS, MEMBERS_COMPLETE, RECEIVES
from jmentitle.pack.ruleset import Ruleset

Columns = dict[Entity, frozenset[str]]
"""The columns of each frame of a population; a fact without a column is unknown in every row."""
Sizes = Mapping[Column, int]
"""Bounds on the absolute values of some columns that are tighter than the limits of their facts."""
Test = tree.Group | tree.Compare | tree.IsOneOf | tree.Overlaps
"""Conditions that are computed from their operands."""
_COSTLY = (
    tree.Compare,
    tree.IsOneOf,
    tree.Overlaps,
    tree.Group,
    tree.Elapsed,
    tree.Parameter,
    tree.Rounded,
    tree.Product,
    tree.Conditional,
)


@dataclass
class Compiler:
    """One use of the rules of a day; `prefix` keeps its columns apart from those of another use."""

    ruleset: Ruleset
    on: date
    columns: Columns
    sizes: Sizes = field(default_factory=dict)
    graph: Graph = field(default_factory=Graph)
    prefix: str = ""
    _truths: dict[object, Truth] = field(default_factory=dict)
    _numbers: dict[object, Number] = field(default_factory=dict)
    _uses: Counter[tuple[Entity, Node]] = field(default_factory=Counter)
    _names: int = 0
    _computed: dict[tuple[Entity, Node], Truth] = field(default_factory=dict)
    # Keyed by identity: the hash of a node visits everything below it, which takes as long as
    # finding its home.
    _homes: dict[int, tuple[Node, Entity]] = field(default_factory=dict)

    # benefits

    def benefit(self, reference: str) -> Truth:
        """The condition of a benefit, as a column of the frame of its entity."""
        node = self.ruleset.conditions[reference]
        return True if node is None else self.truth(node, self.ruleset.entity_of(reference))

    def count_uses(self, nodes: Iterator[tuple[Node, Entity]]) -> None:
        """Mark common subexpressions, so that each is computed once."""
        seen: set[object] = set()
        for node, entity in nodes:
            self._count(node, entity, seen)

    def _count(self, node: Node, entity: Entity, seen: set[object]) -> None:
        if isinstance(node, tree.Status | tree.Quantity):
            key: object = (type(node), node.name)
            if key not in seen:
                seen.add(key)
                definition = (
                    self.ruleset.statuses[node.name]
                    if isinstance(node, tree.Status)
                    else self.ruleset.content.quantities[node.name].value
                )
                if definition is not None:
                    self._count(definition, node.entity, seen)
            return
        if isinstance(node, tree.MemberNode):
            entity = "person"
        elif isinstance(node, _COSTLY):
            key = (self.home(node, entity), node)
            self._uses[key] += 1
            if self._uses[key] > 1:
                return
        for child in tree.children(node):
            self._count(child, entity, seen)

    # truths

    def truth(self, node: TruthNode, entity: Entity) -> Truth:
        """A condition for each row of the frame of `entity`."""
        if isinstance(node, tree.Leaf):
            return self.truth(node.test, entity)
        truth = self._computed[entity, node] = self._truth(node, entity)
        return truth

    def computed_truth(self, node: TruthNode, entity: Entity) -> Truth:
        """The result of `truth`; unknown if it was not called."""
        return self._computed.get((entity, node))

    def _truth(self, node: TruthNode, entity: Entity) -> Truth:
        home = self.home(node, entity)
        if home != entity:
            return self._truth_for_members(node)
        match node:
            case tree.Status():
                return self._status(node)
            case tree.Fact():
                return self.column(node)
            case tree.AnyMember() | tree.AllMembers():
                return self._over_members(node)
            case tree.Leaf(test=test):
                return self.truth(test, entity)
        if self._uses[entity, node] < 2 or not isinstance(node, _COSTLY):
            return _fold_truth(self._test(node, entity))
        key = (entity, node)
        if key not in self._truths:
            truth = _fold_truth(self._test(node, entity))
            self._truths[key] = (
                self.graph.derive(entity, self._fresh("test"), truth)
                if isinstance(truth, pl.Expr)
                else truth
            )
        return self._truths[key]

    def _test(self, node: Test, entity: Entity) -> Truth:
        match node:
            case tree.All(parts=parts):
                return all_of(self.truth(part, entity) for part in parts)
            case tree.AnyOf(parts=parts):
                return any_of(self.truth(part, entity) for part in parts)
            case tree.NoneOf(parts=parts):
                return negation(any_of(self.truth(part, entity) for part in parts))
            case tree.Compare(comparator=comparator, left=left, right=right):
                return comparison.compare(
                    comparator, self._operand(left, entity), self._operand(right, entity)
                )
            case tree.IsOneOf(fact=fact, members=members, negated=negated):
                column = self.column(fact)
                matches = (
                    None if column is None else sets.is_one_of(column, self._members(fact), members)
                )
                return negation(matches) if negated else matches
            case tree.Overlaps(fact=fact, members=members):
                return sets.overlaps(
                    fact.name, self._members(fact), members, self.columns[fact.entity]
                )
        assert_never(node)

    def _truth_for_members(self, node: TruthNode) -> Truth:
        """A household's condition for each of its members, computed once for the household."""
        truth = self._household_truth(node)
        return self._broadcast(truth) if isinstance(truth, pl.Expr) else truth

    def _household_truth(self, node: TruthNode) -> Truth:
        """The truth of a household's node, in a column of the households."""
        key = ("shared", node)
        if key not in self._truths:
            truth = self.truth(node, "household")
            self._truths[key] = (
                pl.col(self.column_name(truth, "household", "shared"))
                if isinstance(truth, pl.Expr)
                else truth
            )
        return self._truths[key]

    def _broadcast(self, column: pl.Expr) -> pl.Expr:
        return self.graph.broadcast(str(column.meta.output_name()))

    def _fresh(self, kind: str) -> str:
        """A new name for a column."""
        self._names += 1
        return f"{self.prefix}{kind}:{self._names}"

    def column_name(self, expression: pl.Expr, entity: Entity, kind: str) -> str:
        """The name of a column with the expression; a column keeps its own name."""
        if expression.meta.is_column():
            return str(expression.meta.output_name())
        name = self._fresh(kind)
        self.graph.derive(entity, name, expression, costly=kind in ("number", "index"))
        return name

    def _status(self, node: tree.Status) -> Truth:
        key = ("status", node.name)
        if key not in self._truths:
            truth = _fold_truth(self._status_of(node.name))
            self._truths[key] = (
                self.graph.derive(node.entity, f"{self.prefix}status:{node.name}", truth)
                if isinstance(truth, pl.Expr)
                else truth
            )
        return self._truths[key]

    def _status_of(self, name: str) -> Truth:
        """A status: attested, else derived or received."""
        definition = self.ruleset.content.statuses[name]
        node = self.ruleset.statuses[name]
        grantors = self.ruleset.grantors.get(name)
        entity = definition.entity
        columns = self.columns[entity]
        truth = False if node is None else self.truth(node, entity)
        if grantors is not None:
            accepted = frozenset(grantors) | frozenset(
                benefit.partition(".")[0] for benefit in grantors
            )
            truth = any_of(
                [
                    truth,
                    sets.overlaps(
                        RECEIVES, sets.receivable(self.ruleset.content, entity), accepted, columns
                    ),
                ]
            )
        elif definition.when is None and definition.certificate is not None:
            truth = None
        if definition.certificate is not None and name in columns:
            truth = stated_or(pl.col(name), truth)
        return truth

    # numbers and dates

    def number(self, node: Operand, entity: Entity) -> Number:
        """A number or date for each row of the frame of `entity`, at the node's scale."""
        if self.home(node, entity) != entity:
            return self._number_for_members(node)
        key = (entity, node)
        if key in self._numbers:
            return self._numbers[key]
        number = _fold_number(self._number(node, entity))
        if self._uses[key] > 1 or isinstance(node, tree.Quantity):
            number = self._materialize(number, entity)
            self._numbers[key] = number
        return number

    def _number(self, node: Operand, entity: Entity) -> Number:
        match node:
            case tree.Constant(value=value) | tree.DayConstant(value=value):
                return numbers.constant(value)
            case tree.AssessmentDate():
                return numbers.constant(self.on)
            case tree.Fact():
                return self._fact(node)
            case tree.Quantity():
                return self.number(self.ruleset.content.quantities[node.name].value, entity)
            case tree.Parameter(steps_of=None):
                return self._table(node, entity)
            case tree.Parameter(steps_of=steps_of):
                return choices.step(
                    self.ruleset.parameters[node.name].steps,
                    self._operand(cast("NumberNode", steps_of), entity),
                    lambda index: pl.col(self.column_name(index, entity, "index")),
                )
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                return choices.choose(
                    self._materialize_truth(self.truth(test, entity), entity),
                    self._operand(then, entity),
                    self._operand(otherwise, entity),
                )
            case tree.Elapsed(unit=unit, start=start, end=end):
                return arithmetic.elapsed(
                    unit, self._operand(start, entity), self._operand(end, entity)
                )
            case tree.CountMembers() | tree.SumMembers():
                return self._total(node)
            case tree.Quotient():
                raise AssertionError(node)  # only Rounded computes a Quotient
        return self._arithmetic(node, entity)

    def _arithmetic(self, node: tree.Arithmetic, entity: Entity) -> Number:
        """A number that is computed from other numbers, each of which gets a column first."""

        def of(inner: Operand) -> Number:
            return self._operand(inner, entity)

        match node:
            case tree.Sum(left=left, right=right):
                return arithmetic.add(of(left), of(right))
            case tree.Difference(left=left, right=right):
                return arithmetic.add(of(left), arithmetic.negative(of(right)))
            case tree.Product(left=left, right=right):
                return arithmetic.product(of(left), of(right))
            case tree.Negative(operand=operand):
                return arithmetic.negative(of(operand))
            case tree.Rescale(operand=operand, by=by):
                return arithmetic.times(of(operand), 10**by)
            case tree.Rounded(operand=tree.Quotient(left=left, right=right)):
                return arithmetic.quotient(node, of(left), of(right))
            case tree.Rounded(operand=operand):
                return arithmetic.rounded(node, of(operand))
            case tree.Least(parts=parts):
                return choices.least([of(part) for part in parts])
            case tree.Greatest(parts=parts):
                return choices.greatest([of(part) for part in parts])
        assert_never(node)

    def _operand(self, node: Operand, entity: Entity) -> Number:
        """A number with its ends in columns: later expressions use an end several times, and Polars
        would compute it at each use."""
        return self._materialize(self.number(node, entity), entity)

    def _materialize_truth(self, truth: Truth, entity: Entity) -> Truth:
        return (
            pl.col(self.column_name(truth, entity, "test")) if isinstance(truth, pl.Expr) else truth
        )

    def _fact(self, fact: tree.Fact) -> Number:
        definition = self.ruleset.content.facts[fact.entity, fact.name]
        column = self.column(fact)
        if isinstance(fact.type, tree.Day):
            return Number(point=column)
        least = definition.least
        most = definition.most
        size = LARGEST_NUMBER if least is None or most is None else max(abs(least), abs(most))
        return numbers.fact(
            column, min(size, self.sizes.get((fact.entity, fact.name), size)), least, most
        )

    def _table(self, node: tree.Parameter, entity: Entity) -> Number:
        cells = self.ruleset.parameters[node.name].cells
        if not node.keys:
            low, high = cells[()]
            return numbers.between(low, high, max(abs(end) for end in (low or 0, high or 0)))
        table = with_unknown_keys(cells, len(node.keys))
        if all(self.column(fact) is None for fact in node.keys):
            low, high = table[(None,) * len(node.keys)]
            return numbers.between(low, high, max(abs(end) for end in (low or 0, high or 0)))
        # Each key has an index for every value that it may have in the table, and a last one for
        # unknown.
        values_by_key = [
            self._key_values(fact, [key[position] for key in cells])
            for position, fact in enumerate(node.keys)
        ]
        index = pl.lit(0, dtype=pl.UInt32)
        for fact, values in zip(node.keys, values_by_key, strict=True):
            index = index * (len(values) + 1) + self._key(fact, values, entity)
        indices = product(*[[*values, None] for values in values_by_key])
        return choices.lookup(
            [table.get(key, (None, None)) for key in indices],
            pl.col(self.column_name(index, entity, "index")),
        )

    def _key_values(self, fact: tree.Fact, in_table: list[str | int]) -> list[str | int]:
        """The members of an enum; for numbers, those of the table and one for all others."""
        return (
            list(self._members(fact))
            if isinstance(fact.type, tree.Choice)
            else [*sorted(set(in_table), key=str), ""]
        )

    def _key(self, fact: tree.Fact, values: list[str | int], entity: Entity) -> pl.Expr:
        """The index of the value of a key in its list, for each row of the frame of `entity`."""
        column = self.column(fact)
        unknown = len(values)
        if column is None:
            return pl.lit(unknown, dtype=pl.UInt32)
        if fact.entity != entity:
            column = self._broadcast(column)
        if isinstance(fact.type, tree.Choice):
            return column.cast(pl.UInt32).fill_null(unknown)
        index = pl.lit(len(values) - 1, dtype=pl.UInt32)
        for candidate, value in enumerate(values[:-1]):
            index = (
                pl.when(column == value).then(pl.lit(candidate, dtype=pl.UInt32)).otherwise(index)
            )
        return pl.when(column.is_null()).then(pl.lit(unknown, dtype=pl.UInt32)).otherwise(index)

    def _number_for_members(self, node: Operand) -> Number:
        return _map_columns(self._household_number(node), self._broadcast)

    def _household_number(self, node: Operand) -> Number:
        """The number of a household's node, in columns of the households."""
        key = ("shared", node)
        if key not in self._numbers:
            self._numbers[key] = self._materialize(self.number(node, "household"), "household")
        return self._numbers[key]

    def _materialize(self, number: Number, entity: Entity) -> Number:
        """The same number with its ends in columns of their own."""
        return _map_columns(number, lambda end: pl.col(self.column_name(end, entity, "number")))

    # over members

    def _over_members(self, node: tree.AnyMember | tree.AllMembers) -> Truth:
        """Whether any or all members pass a test; `all` is `not any` of the negated test.
        INVARIANT: every household of a population lists at least one member."""
        if node in self._truths:
            return self._truths[node]
        inner = self.truth(node.test, "person")
        if isinstance(node, tree.AllMembers):
            inner = negation(inner)
        if isinstance(inner, pl.Expr):
            name = self.column_name(inner, "person", "for members")
            inner = self.graph.gather(
                self._fresh("any member"),
                lambda people, members: any_passes(people[name], members),
                [name],
            )
        # If nobody on the list passes, a member who is not on an incomplete list may pass.
        exists = any_of([inner, self._others_possible()])
        self._truths[node] = exists if isinstance(node, tree.AnyMember) else negation(exists)
        return self._truths[node]

    def _others_possible(self) -> Truth:
        """False where the list of members is complete, unknown where it is not."""
        if MEMBERS_COMPLETE not in self.columns["household"]:
            return False
        return pl.when(pl.col(MEMBERS_COMPLETE)).then(pl.lit(False))

    def _total(self, node: tree.CountMembers | tree.SumMembers) -> Number:
        if ("household", node) in self._numbers:
            return self._numbers["household", node]
        name = self._fresh("total")
        total = (
            self._count_of(node, name)
            if isinstance(node, tree.CountMembers)
            else self._sum_of(node, name)
        )
        self._numbers["household", node] = total
        return total

    def _count_of(self, node: tree.CountMembers, name: str) -> Number:
        test = self.graph.derive(
            "person", f"{name}.test", as_expression(self.truth(node.test, "person"))
        )
        column = str(test.meta.output_name())

        def count_passing(test: pl.Series, members: Members) -> pl.Series:
            # Eight bits hold a count of up to MAX_MEMBERS.
            return pl.Series(count(test, members).astype(np.int8))

        low = self.graph.gather(
            f"{name}.low", lambda people, members: count_passing(people[column], members), [column]
        )
        high = self.graph.gather(
            f"{name}.high",
            lambda people, members: count_passing(people[column].fill_null(True), members),
            [column],
        )
        if MEMBERS_COMPLETE in self.columns["household"]:
            high = self.graph.derive(
                "household", f"{name}.closed", pl.when(pl.col(MEMBERS_COMPLETE)).then(high)
            )
        return Number((low, high), MAX_MEMBERS, grounded=True)

    def _sum_of(self, node: tree.SumMembers, name: str) -> Number:
        inner = self.number(node.number, "person")
        size = inner.size * MAX_MEMBERS

        def sum_end(end: pl.Expr, which: str) -> pl.Expr:
            wide = self.graph.derive("person", f"{name}.each {which}", numbers.widen(end, size))
            column = str(wide.meta.output_name())
            total = self.graph.gather(
                f"{name}.{which}", lambda people, members: sums(people[column], members), [column]
            )
            if MEMBERS_COMPLETE in self.columns["household"]:
                return self.graph.derive(
                    "household",
                    f"{name}.closed {which}",
                    pl.when(pl.col(MEMBERS_COMPLETE)).then(total),
                )
            return total

        if inner.unbounded_point is not None:
            return Number(size=size, point=sum_end(inner.unbounded_point, "both"))
        low, high = (
            None if end is None else sum_end(numbers.as_column(end), which)
            for end, which in ((inner.low, "low"), (inner.high, "high"))
        )
        return Number(
            (low, high),
            size,
            grounded=inner.grounded and MEMBERS_COMPLETE not in self.columns["household"],
        )

    # names

    def column(self, fact: tree.Fact) -> pl.Expr | None:
        return pl.col(fact.name) if fact.name in self.columns[fact.entity] else None

    def _members(self, fact: tree.Fact) -> list[str]:
        enum = cast("tree.Choice | tree.ChoiceSet", fact.type).enum
        return list(self.ruleset.content.enums[enum].members)

    def home(self, node: Node, entity: Entity) -> Entity:
        """The entity of a node: a node of a person's condition that uses only the household belongs
        to the household."""
        if entity == "household":
            return entity
        entry = self._homes.get(id(node))
        if entry is None:
            entry = self._homes[id(node)] = (
                node,
                "household" if set(_entities(node)) == {"household"} else "person",
            )
        return entry[1]


def _fold_number(number: Number) -> Number:
    """The same number with ends folded to constants if they depend on no column."""

    def value(end: numbers.End) -> numbers.End:
        return (
            cast("numbers.End", pl.select(end).item())
            if isinstance(end, pl.Expr) and not roots(end)
            else end
        )

    if number.point is not None and roots(number.point):
        return number
    return numbers.between(
        value(number.low), value(number.high), number.size, grounded=number.grounded
    )


def _fold_truth(truth: Truth) -> Truth:
    """The same truth, folded to a constant if it depends on no column."""
    return (
        cast("Truth", pl.select(truth).item())
        if isinstance(truth, pl.Expr) and not roots(truth)
        else truth
    )


def _entities(node: Node) -> Iterator[Entity]:
    """The entities of the names that a node uses; member functions belong to the household."""
    if isinstance(node, tree.MemberNode):
        yield "household"
    elif isinstance(node, tree.Fact | tree.Status | tree.Quantity):
        yield node.entity
    else:
        for child in tree.children(node):
            yield from _entities(child)


def _map_columns(number: Number, column: Callable[[pl.Expr], pl.Expr]) -> Number:
    """The same number with every column among its ends replaced by `column(end)`."""
    if number.point is not None:
        return replace(number, point=column(number.point))
    low, high = (column(end) if isinstance(end, pl.Expr) else end for end in number.ends)
    return replace(number, ends=(low, high))
