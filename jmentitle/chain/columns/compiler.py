"""From the rules of a day to columns: every definition, test and benefit as an expression over the
frames of a population."""

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
"""Which columns each frame of a population has; a fact without a column is unknown for
everybody."""
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
    _known: dict[tuple[Entity, Node], Truth] = field(default_factory=dict)
    # By identity: nodes are equal by all that is below them, which takes as long to look up as to
    # work out.
    _homes: dict[int, tuple[Node, Entity]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entity, names in self.columns.items():
            self.graph.given(entity, names)

    # what is wanted

    def benefit(self, reference: str) -> Truth:
        """The condition of a benefit, as a column of the frame of those whom it is for."""
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
                behind = (
                    self.ruleset.statuses[node.name]
                    if isinstance(node, tree.Status)
                    else self.ruleset.content.quantities[node.name].value
                )
                if behind is not None:
                    self._count(behind, node.entity, seen)
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
        """A condition as it holds for each row of the frame of `entity`."""
        if isinstance(node, tree.Leaf):
            return self.truth(node.test, entity)
        found = self._known[entity, node] = self._truth(node, entity)
        return found

    def known(self, node: TruthNode, entity: Entity) -> Truth:
        """The result of `truth`; unknown if it was not called."""
        return self._known.get((entity, node))

    def _truth(self, node: TruthNode, entity: Entity) -> Truth:
        home = self.home(node, entity)
        if home != entity:
            return self._brought(node)
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
            return _decided(self._test(node, entity))
        key = (entity, node)
        if key not in self._truths:
            found = _decided(self._test(node, entity))
            self._truths[key] = (
                self.graph.derive(entity, self._fresh("test"), found)
                if isinstance(found, pl.Expr)
                else found
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
                held = (
                    None if column is None else sets.is_one_of(column, self._members(fact), members)
                )
                return negation(held) if negated else held
            case tree.Overlaps(fact=fact, members=members):
                return sets.overlaps(
                    fact.name, self._members(fact), members, self.columns[fact.entity]
                )
        assert_never(node)

    def _brought(self, node: TruthNode) -> Truth:
        """A value that is the same for all members of a household is computed once for the
        household."""
        found = self._shared(node)
        return self._broadcast(found) if isinstance(found, pl.Expr) else found

    def _shared(self, node: TruthNode) -> Truth:
        """The truth of a household's node, in a column of the households."""
        key = ("shared", node)
        if key not in self._truths:
            found = self.truth(node, "household")
            self._truths[key] = (
                pl.col(self.named(found, "household", "shared"))
                if isinstance(found, pl.Expr)
                else found
            )
        return self._truths[key]

    def _broadcast(self, column: pl.Expr) -> pl.Expr:
        return self.graph.broadcast(str(column.meta.output_name()))

    def _fresh(self, kind: str) -> str:
        """A name for a column that no other has."""
        self._names += 1
        return f"{self.prefix}{kind}:{self._names}"

    def named(self, expression: pl.Expr, entity: Entity, kind: str) -> str:
        """The name of a column that holds the expression: its own where it is a column already."""
        if expression.meta.is_column():
            return str(expression.meta.output_name())
        name = self._fresh(kind)
        self.graph.derive(entity, name, expression, costly=kind in ("number", "index"))
        return name

    def _status(self, node: tree.Status) -> Truth:
        key = ("status", node.name)
        if key not in self._truths:
            found = _decided(self._status_of(node.name))
            self._truths[key] = (
                self.graph.derive(node.entity, f"{self.prefix}status:{node.name}", found)
                if isinstance(found, pl.Expr)
                else found
            )
        return self._truths[key]

    def _status_of(self, name: str) -> Truth:
        """A status: attested, else derived or received."""
        definition, node, grantors = (
            self.ruleset.content.statuses[name],
            self.ruleset.statuses[name],
            self.ruleset.grantors.get(name),
        )
        entity, has = definition.entity, self.columns[definition.entity]
        found = False if node is None else self.truth(node, entity)
        if grantors is not None:
            listed = frozenset(grantors) | frozenset(
                benefit.partition(".")[0] for benefit in grantors
            )
            found = any_of(
                [
                    found,
                    sets.overlaps(
                        RECEIVES, sets.receivable(self.ruleset.content, entity), listed, has
                    ),
                ]
            )
        elif definition.when is None and definition.certificate is not None:
            found = None
        if definition.certificate is not None and name in has:
            found = stated_or(pl.col(name), found)
        return found

    # numbers and dates

    def number(self, node: Operand, entity: Entity) -> Number:
        """A number or date for each row of the frame of `entity`, at the node's scale."""
        if self.home(node, entity) != entity:
            return self._brought_number(node)
        key = (entity, node)
        if key in self._numbers:
            return self._numbers[key]
        found = _settled(self._number(node, entity))
        if self._uses[key] > 1 or isinstance(node, tree.Quantity):
            found = self._kept(found, entity)
            self._numbers[key] = found
        return found

    def _number(self, node: Operand, entity: Entity) -> Number:
        def of(inner: Operand) -> Number:
            return self._operand(inner, entity)

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
                steps = self.ruleset.parameters[node.name].steps
                return choices.step(
                    steps,
                    of(cast("NumberNode", steps_of)),
                    lambda index: pl.col(self.named(index, entity, "index")),
                )
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
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                return choices.choose(
                    self._kept_truth(self.truth(test, entity), entity), of(then), of(otherwise)
                )
            case tree.Elapsed(unit=unit, start=start, end=end):
                return arithmetic.elapsed(unit, of(start), of(end))
            case tree.CountMembers() | tree.SumMembers():
                return self._total(node)
            case tree.Quotient():
                raise AssertionError(node)  # only within Rounded
        assert_never(node)

    def _operand(self, node: Operand, entity: Entity) -> Number:
        """A number with its ends in columns: later expressions mention them more than once, and
        each mention would be recomputed."""
        return self._kept(self.number(node, entity), entity)

    def _kept_truth(self, truth: Truth, entity: Entity) -> Truth:
        return pl.col(self.named(truth, entity, "test")) if isinstance(truth, pl.Expr) else truth

    def _fact(self, fact: tree.Fact) -> Number:
        definition, column = self.ruleset.content.facts[fact.entity, fact.name], self.column(fact)
        if isinstance(fact.type, tree.Day):
            return Number(point=column)
        least, most = definition.least, definition.most
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
        # Each key has a place for every value that it may have in the table, and a last one where
        # it is unknown.
        values = [
            self._key_values(fact, [key[number] for key in cells])
            for number, fact in enumerate(node.keys)
        ]
        index = pl.lit(0, dtype=pl.UInt32)
        for fact, known in zip(node.keys, values, strict=True):
            index = index * (len(known) + 1) + self._key(fact, known, entity)
        indices = product(*[[*known, None] for known in values])
        return choices.lookup(
            [table.get(key, (None, None)) for key in indices],
            pl.col(self.named(index, entity, "index")),
        )

    def _key_values(self, fact: tree.Fact, known: list[str | int]) -> list[str | int]:
        """The members of an enum; for numbers, those in the table and one for all others."""
        return (
            list(self._members(fact))
            if isinstance(fact.type, tree.Choice)
            else [*sorted(set(known), key=str), ""]
        )

    def _key(self, fact: tree.Fact, known: list[str | int], entity: Entity) -> pl.Expr:
        """The place of the value of a key in its list; of the household's, too, for a person."""
        column, unknown = self.column(fact), len(known)
        if column is None:
            return pl.lit(unknown, dtype=pl.UInt32)
        if fact.entity != entity:
            column = self._broadcast(column)
        if isinstance(fact.type, tree.Choice):
            return column.cast(pl.UInt32).fill_null(unknown)
        found = pl.lit(len(known) - 1, dtype=pl.UInt32)
        for number, value in enumerate(known[:-1]):
            found = pl.when(column == value).then(pl.lit(number, dtype=pl.UInt32)).otherwise(found)
        return pl.when(column.is_null()).then(pl.lit(unknown, dtype=pl.UInt32)).otherwise(found)

    def _brought_number(self, node: Operand) -> Number:
        return _mapped(self._shared_number(node), self._broadcast)

    def _shared_number(self, node: Operand) -> Number:
        """The number of a household's node, in columns of the households."""
        key = ("shared", node)
        if key not in self._numbers:
            self._numbers[key] = self._kept(self.number(node, "household"), "household")
        return self._numbers[key]

    def _kept(self, number: Number, entity: Entity) -> Number:
        """The same number with its ends in columns of their own."""
        return _mapped(number, lambda end: pl.col(self.named(end, entity, "number")))

    # over members

    def _over_members(self, node: tree.AnyMember | tree.AllMembers) -> Truth:
        """Whether any or all members pass a test. INVARIANT: every household of a population lists
        at least one member."""
        if node in self._truths:
            return self._truths[node]
        inner, looks_for = self.truth(node.test, "person"), isinstance(node, tree.AnyMember)
        if not looks_for:
            inner = negation(inner)
        if isinstance(inner, pl.Expr):
            name = self.named(inner, "person", "for members")
            inner = self.graph.gather(
                self._fresh("any member"),
                lambda people, members: any_passes(people[name], members),
                [name],
            )
        # Nobody listed passes: with a list that is not complete, somebody else may.
        found = any_of([inner, self._others_possible()])
        self._truths[node] = found if looks_for else negation(found)
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
        found = (
            self._count_of(node, name)
            if isinstance(node, tree.CountMembers)
            else self._sum_of(node, name)
        )
        self._numbers["household", node] = found
        return found

    def _count_of(self, node: tree.CountMembers, name: str) -> Number:
        test = self.graph.derive(
            "person", f"{name}.test", as_expression(self.truth(node.test, "person"))
        )
        column = str(test.meta.output_name())

        def counted(test: pl.Series, members: Members) -> pl.Series:
            # Whoever counts up to MAX_MEMBERS needs no more bits.
            return pl.Series(count(test, members).astype(np.int8))

        low = self.graph.gather(
            f"{name}.low", lambda people, members: counted(people[column], members), [column]
        )
        high = self.graph.gather(
            f"{name}.high",
            lambda people, members: counted(people[column].fill_null(True), members),
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

        def summed(end: pl.Expr, which: str) -> pl.Expr:
            wide = self.graph.derive("person", f"{name}.each {which}", numbers.widened(end, size))
            column = str(wide.meta.output_name())
            found = self.graph.gather(
                f"{name}.{which}", lambda people, members: sums(people[column], members), [column]
            )
            if MEMBERS_COMPLETE in self.columns["household"]:
                return self.graph.derive(
                    "household",
                    f"{name}.closed {which}",
                    pl.when(pl.col(MEMBERS_COMPLETE)).then(found),
                )
            return found

        if inner.unbounded_point is not None:
            return Number(size=size, point=summed(inner.unbounded_point, "both"))
        low, high = (
            None if end is None else summed(numbers.as_column(end), which)
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
        """Whose the node is: within a person's condition, what asks only of the household is the
        household's."""
        if entity == "household":
            return entity
        found = self._homes.get(id(node))
        if found is None:
            found = self._homes[id(node)] = (
                node,
                "household" if set(_entities(node)) == {"household"} else "person",
            )
        return found[1]


def _settled(number: Number) -> Number:
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


def _decided(truth: Truth) -> Truth:
    """The same truth, folded to a constant if it depends on no column."""
    return (
        cast("Truth", pl.select(truth).item())
        if isinstance(truth, pl.Expr) and not roots(truth)
        else truth
    )


def _entities(node: Node) -> Iterator[Entity]:
    """Whose names a node uses; functions over members belong to the household."""
    if isinstance(node, tree.MemberNode):
        yield "household"
    elif isinstance(node, tree.Fact | tree.Status | tree.Quantity):
        yield node.entity
    else:
        for child in tree.children(node):
            yield from _entities(child)


def _mapped(number: Number, column: Callable[[pl.Expr], pl.Expr]) -> Number:
    """The same number with every column among its ends replaced by `column(end)`."""
    if number.point is not None:
        return replace(number, point=column(number.point))
    low, high = (column(end) if isinstance(end, pl.Expr) else end for end in number.ends)
    return replace(number, ends=(low, high))
