"""Proofs: the result of a condition for one person or the household, expanded on demand.

A `Proof` is about a truth, a `Figure` about a number or a date. Both know their `children` (every
part) and `because` (the parts that decide the answer). The first failing part decides an `all` that
fails, the first holding part an `any` that holds; later parts are evaluated only if somebody asks
for all children. A node is *needed* if the root reaches it through `because` alone.

For `all: [adult, any: [rural, disabled]]` and a disabled adult in a town:

| node     | truth | because    | needed |
| all      | true  | adult, any | yes    |
| adult    | true  |            | yes    |
| any      | true  | disabled   | yes    |
| rural    | false |            | no     |
| disabled | true  |            | yes    |

The facts used are personal data: a tree holds them because the caller asked for reasons, but no
representation ever shows a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import assert_never, cast

from jmentitle.chain.specification import Context
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, UNKNOWN, DayBounds, NumberBounds, TruthBounds
from jmentitle.language.tree import About, DayNode, Node, Operand, TruthNode
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES, ParameterEntry
from jmentitle.profile.facts import Value

CONDITION_KINDS: dict[type[Node], str] = {
    tree.All: "all",
    tree.AnyOf: "any",
    tree.NoneOf: "none",
    tree.AnyMember: "any_member",
    tree.AllMembers: "all_members",
    tree.Status: "status",
    tree.Fact: "fact",
    tree.IsOneOf: "choice",
    tree.Overlaps: "overlaps",
    tree.Compare: "comparison",
}
ATTESTED, RECEIVED, GRANTED = "attested", "received", "granted"
WAYS = (ATTESTED, RECEIVED, GRANTED)
"""How a status holds other than by its definition: a certificate, a benefit that is drawn already,
a grant earlier in the chain."""
FIGURE_KINDS: dict[type[Node], str] = {
    tree.Fact: "fact",
    tree.Quantity: "quantity",
    tree.Parameter: "parameter",
    tree.Constant: "constant",
    tree.DayConstant: "date",
    tree.AssessmentDate: "assessment_date",
    tree.Sum: "sum",
    tree.Difference: "difference",
    tree.Product: "product",
    tree.Negative: "negative",
    tree.Rounded: "rounded",
    tree.Least: "least",
    tree.Greatest: "greatest",
    tree.Conditional: "conditional",
    tree.Elapsed: "elapsed",
    tree.CountMembers: "count_members",
    tree.SumMembers: "sum_members",
}
# The truth of one part that makes the others irrelevant.
_ENOUGH: dict[type[Node], bool] = {
    tree.All: False,
    tree.AllMembers: False,
    tree.AnyOf: True,
    tree.NoneOf: True,
    tree.AnyMember: True,
    tree.Status: True,
}
# Tuples, not unions: these tests run for every node.
_JOINED = (tree.All, tree.AnyOf, tree.NoneOf)
_OF_MEMBERS = (tree.AnyMember, tree.AllMembers)
_GROUPS = frozenset((*_JOINED, *_OF_MEMBERS))
_NOTHING_SAID = About()


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that was looked at: its place in the household file, whose it is, and its value (None:
    not known)."""

    path: str
    name: str
    member: int | None
    value: Value | None = field(repr=False)


class Proof:
    """One condition for one person or the household. A leaf is known by its expression, `test`;
    `about` is what the pack says of it."""

    way: str | None = None
    _value: TruthBounds | None = None
    _because: tuple[Child, ...] | None = None
    _children: tuple[Child, ...] | None = None
    _made: tuple[Proof, ...] = ()

    def __init__(self, node: TruthNode, context: Context) -> None:
        # Thousands of these are made for one household: compute nothing else here.
        self.node = node
        self.entity = context

    @classmethod
    def of_way(cls, way: str, status: tree.Status, owner: Context) -> Proof:
        """One way for a status to hold, of WAYS."""
        proof = cls(status, owner)
        proof.way = way
        return proof

    def __repr__(self) -> str:
        return (
            f"<Proof of {self.kind} `{self.about.text}`>"
            if self.about.text
            else f"<Proof of {self.kind}>"
        )

    @property
    def test(self) -> TruthNode:
        """The expression of a leaf, or the condition itself."""
        return self.node.test if isinstance(self.node, tree.Leaf) else self.node

    @property
    def kind(self) -> str:
        """One of CONDITION_KINDS or WAYS."""
        return self.way or CONDITION_KINDS[type(self.test)]

    @property
    def about(self) -> About:
        return self.node.about if isinstance(self.node, tree.Condition) else _NOTHING_SAID

    @property
    def owner(self) -> Context:
        """The member whom the condition is about (None: the household). A person's conditions also
        reach the statuses and facts of the household."""
        test = self.test
        if isinstance(test, tree.Status):
            return self.entity.holder(test)
        return self.entity.owner(test.entity) if isinstance(test, tree.Fact) else self.entity

    @property
    def member(self) -> int | None:
        """The place of the person whom the condition is about; None for the household."""
        return self.owner.member

    @property
    def bounds(self) -> TruthBounds:
        """The truth: (True, True), (False, False), or (False, True) when it is not known."""
        if self._value is None:
            node = self.node
            if type(node) in _GROUPS:
                self._value, _ = self._settle()
            elif self.way is not None:
                self._value = _way(self.way, node, self.entity)
            elif isinstance(node, tree.Leaf):
                self._value = evaluator.truth(node.test, self.entity)
            else:
                self._value = evaluator.truth(node, self.entity)
        return self._value

    @property
    def because(self) -> tuple[Child, ...]:
        """The parts that decide the answer; empty if facts alone decide it."""
        if self._because is None:
            if self.way is None and type(self.test) in _ENOUGH:
                _, self._because = self._settle()
            else:
                self._because = self.children
        return self._because

    @property
    def children(self) -> tuple[Child, ...]:
        """Every part, in order, whether it decides the answer or not."""
        if self._children is None:
            if self.way is not None:
                self._children = ()
            elif isinstance(self.test, tree.Compare):
                self._children = (
                    Figure(self.test.left, self.entity),
                    Figure(self.test.right, self.entity),
                )
            elif type(self.test) in _ENOUGH:
                if self._because is None:
                    self._settle()
                self._children = (*self._made, *islice(self._parts(), len(self._made), None))
            else:
                self._children = ()
        return self._children

    @property
    def facts(self) -> list[FactUsed]:
        """The facts that this node itself looks at; those of its parts are with the parts."""
        if self.way is not None:
            assert isinstance(self.node, tree.Status)
            return (
                []
                if self.way == GRANTED
                else [_fact_used(RECEIVES if self.way == RECEIVED else self.node.name, self.entity)]
            )
        match self.test:
            case tree.Fact() as fact:
                return [_used(fact, self.entity)]
            case tree.IsOneOf(fact=fact) | tree.Overlaps(fact=fact):
                return [_used(fact, self.entity)]
            case tree.AnyMember() | tree.AllMembers() if not self.entity.members_complete:
                return [FactUsed(f"household.{MEMBERS_COMPLETE}", MEMBERS_COMPLETE, None, False)]
            case (
                tree.AnyMember()
                | tree.AllMembers()
                | tree.All()
                | tree.AnyOf()
                | tree.NoneOf()
                | tree.Status()
                | tree.Compare()
                | tree.Leaf()
            ):
                return []
        assert_never(self.test)

    @property
    def grantors(self) -> tuple[str, ...]:
        """The benefits that grant the status."""
        return (
            self.entity.world.ruleset.grantors.get(self.test.name, ())
            if isinstance(self.test, tree.Status)
            else ()
        )

    def _parts(self) -> Iterator[Proof]:
        test = self.test
        entity = self.entity
        if isinstance(test, _JOINED):
            return (Proof(part, entity) for part in test.parts)
        if isinstance(test, _OF_MEMBERS):
            inner = test.test
            return (Proof(inner, member) for member in entity.world.members)
        assert isinstance(test, tree.Status)
        return _ways(test, self.owner)

    def _settle(self) -> tuple[TruthBounds, tuple[Child, ...]]:
        """Evaluate parts in order until one is enough. Returns the truth and the parts that decide
        it."""
        kind = type(self.test)
        enough = _ENOUGH[kind]
        low = high = not enough
        made: list[Proof] = []
        for child in self._parts():
            made.append(child)
            node = child.node
            if type(node) is tree.Leaf:
                # Most parts are leaves: what `bounds` would do, without asking it.
                child_low, child_high = child._value = evaluator.truth(node.test, child.entity)
            else:
                child_low, child_high = child.bounds
            if child_low if enough else not child_high:
                because: tuple[Child, ...] = (child,)
                low = high = enough
                break
            low, high = (
                (low or child_low, high or child_high)
                if enough
                else (low and child_low, high and child_high)
            )
        else:
            because = tuple(made)
            if kind in _OF_MEMBERS and not self.entity.members_complete:
                # Without a complete list nothing follows from those who are on it.
                low, high = (low, True) if kind is tree.AnyMember else (False, high)
        self._made = tuple(made)
        self._because = because
        self._value = (not high, not low) if kind is tree.NoneOf else (low, high)
        return self._value, because


class Figure:
    """One number or date, and its inputs. Numbers are integers at `scale` decimal places."""

    _value: NumberBounds | DayBounds | None = None
    _children: tuple[Child, ...] | None = None

    def __init__(self, node: Operand, context: Context) -> None:
        while isinstance(node, tree.Rescale):
            node = node.operand
        self.node: Operand = node
        self.entity = context
        self.kind = FIGURE_KINDS[type(node)]

    def __repr__(self) -> str:
        return f"<Figure: {self.kind}>"

    @property
    def is_day(self) -> bool:
        return self.kind in ("date", "assessment_date") or (
            isinstance(self.node, tree.Fact) and isinstance(self.node.type, tree.Day)
        )

    @property
    def scale(self) -> int:
        return tree.scale_of(self.node)

    @property
    def owner(self) -> Context:
        return (
            self.entity.owner(self.node.entity)
            if isinstance(self.node, tree.Quantity | tree.Fact)
            else self.entity
        )

    @property
    def member(self) -> int | None:
        return self.owner.member

    @property
    def bounds(self) -> NumberBounds | DayBounds:
        """The least and the greatest possible value; an end is None if it is open."""
        if self._value is None:
            if self.is_day:
                self._value = evaluator.day(cast("DayNode", self.node), self.entity)
            else:
                self._value = evaluator.number(self.node, self.entity)
        return self._value

    @property
    def exact(self) -> bool:
        low, high = self.bounds
        return low is not None and low == high

    @property
    def because(self) -> tuple[Child, ...]:
        """The parts that decide the value; of a choice between two, the one taken."""
        if isinstance(self.node, tree.Conditional):
            test, then, otherwise = self.children
            low, high = test.bounds
            return (test, *((then,) if high else ()), *((otherwise,) if not low else ()))
        return self.children

    @property
    def children(self) -> tuple[Child, ...]:
        if self._children is None:
            self._children = tuple(self._parts())
        return self._children

    @property
    def facts(self) -> list[FactUsed]:
        """The facts that this node itself looks at: its own, or the keys under which a table was
        read."""
        match self.node:
            case tree.Fact():
                return [_used(self.node, self.entity)]
            case tree.Parameter(keys=keys):
                return [_used(fact, self.entity) for fact in keys]
            case tree.CountMembers() | tree.SumMembers() if not self.entity.members_complete:
                return [FactUsed(f"household.{MEMBERS_COMPLETE}", MEMBERS_COMPLETE, None, False)]
        return []

    @property
    def entry(self) -> ParameterEntry | None:
        """The dated value of a parameter: its days and, where nothing was published, the reason."""
        return (
            self.entity.world.ruleset.parameters[self.node.name]
            if isinstance(self.node, tree.Parameter)
            else None
        )

    @property
    def cite(self) -> tuple[str, ...]:
        """The sources of a dated value or of the definition of a quantity."""
        match self.node:
            case tree.Parameter(name=name, keys=keys):
                return self.entity.world.ruleset.parameters[name].cite_of(
                    tuple(self.entity.value(fact) for fact in keys)
                )
            case tree.Quantity(name=name):
                return self.entity.world.ruleset.content.quantities[name].cite
        return ()

    def _parts(self) -> Iterator[Child]:
        entity = self.entity
        match self.node:
            case tree.Quantity(name=name):
                yield Figure(entity.world.ruleset.content.quantities[name].value, self.owner)
            case tree.Fact() | tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                pass
            case tree.Parameter(steps_of=steps_of):
                if steps_of is not None:
                    yield Figure(steps_of, entity)
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                yield from (Proof(test, entity), Figure(then, entity), Figure(otherwise, entity))
            case tree.CountMembers(test=test):
                yield from (Proof(test, member) for member in entity.world.members)
            case tree.SumMembers(number=number):
                yield from (Figure(number, member) for member in entity.world.members)
            case tree.Rounded(operand=tree.Quotient() as quotient):
                yield from (Figure(operand, entity) for operand in tree.operands(quotient))
            case (
                tree.Sum()
                | tree.Difference()
                | tree.Product()
                | tree.Quotient()
                | tree.Negative()
                | tree.Rescale()
                | tree.Rounded()
                | tree.Least()
                | tree.Greatest()
                | tree.Elapsed()
            ):
                yield from (Figure(operand, entity) for operand in tree.operands(self.node))
            case _:
                assert_never(self.node)


Child = Proof | Figure


def walk(root: Child, *, everything: bool = False) -> Iterator[tuple[Child, bool]]:
    """The needed nodes below and with `root`, or every node, depth first; each with whether it is
    needed."""
    stack: list[tuple[Child, bool]] = [(root, True)]
    while stack:
        node, needed = stack.pop()
        yield node, needed
        stack.extend(reversed(parts(node, needed=needed, everything=everything)))


def parts(node: Child, *, needed: bool, everything: bool) -> list[tuple[Child, bool]]:
    """The children of a node that is itself needed or not, each with whether it is."""
    if not everything:
        return [(child, needed) for child in node.because] if needed else []
    because = {id(child) for child in node.because}
    return [(child, needed and id(child) in because) for child in node.children]


def _ways(status: tree.Status, owner: Context) -> Iterator[Proof]:
    """The ways in which a status can hold, as `compute_status` weighs them: a certificate takes
    the place of all but grants."""
    ruleset = owner.world.ruleset
    definition = ruleset.content.statuses[status.name]
    node = ruleset.statuses[status.name]
    drawn = status.name in ruleset.grantors
    if owner.attested(status.name) is not None:
        yield Proof.of_way(ATTESTED, status, owner)
    else:
        if drawn:
            yield Proof.of_way(RECEIVED, status, owner)
        if node is not None:
            yield Proof(node, owner)
        elif definition.when is None and definition.certificate is not None and not drawn:
            yield Proof.of_way(ATTESTED, status, owner)
    if (status.name, owner.member) in owner.world.grants:
        yield Proof.of_way(GRANTED, status, owner)


def _way(kind: str, node: Node, owner: Context) -> TruthBounds:
    assert isinstance(node, tree.Status)
    if kind == GRANTED:
        return owner.world.grants[node.name, owner.member]
    if kind == RECEIVED:
        return owner.received(node.name) or FALSE
    stated = owner.attested(node.name)
    return UNKNOWN if stated is None else (stated, stated)


def _used(fact: tree.Fact, context: Context) -> FactUsed:
    return _fact_used(fact.name, context.owner(fact.entity))


def _fact_used(name: str, owner: Context) -> FactUsed:
    return FactUsed(
        f"{owner.label}.{name}", name, owner.member, owner.world.facts.value(owner.member, name)
    )
