"""Changing the facts of a household so that a condition comes out as wanted, at the edge where it
can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from jmentitle.chain.specification import World
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import TRUE, UNKNOWN, NumberBounds
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import RECEIVES
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts, Value
from tests.differential.edges import DAY, first_with, fitting, fitting_day, last_with

_STEPS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "<": ((-1,), (0, 1)),
    "<=": ((0, -1), (1,)),
    ">": ((1,), (0, -1)),
    ">=": ((0, 1), (-1,)),
    "==": ((0,), (-1, 1)),
    "!=": ((-1, 1), (0,)),
}
"""How far left may lie from right for a comparison to hold, and not to hold, nearest first."""
_TRIES = 4


@dataclass(frozen=True)
class Aim:
    """Works on the rows of `facts` themselves. What cannot be reached is left as it is: these are
    draws, and every household is as good as another.

    The status `granted` is to come of a grant: it is left alone.
    """

    ruleset: Ruleset
    facts: Facts
    on: date
    dice: Random
    granted: str | None = None

    def open(self, benefit: str, member: int | None) -> None:
        """Make a benefit certain: what is done for one part of its condition may undo another, so
        it is tried a few times."""
        node = self.ruleset.conditions[benefit]
        for _ in range(_TRIES if node is not None else 0):
            assert node is not None
            self.truth(node, member, True)
            if self.world.of(member).condition(benefit) == TRUE:
                return

    def truth(self, node: Node, member: int | None, wanted: bool) -> None:
        """Make a condition true or false for a member, or for the household (None)."""
        match node:
            case tree.Leaf(test=test):
                self.truth(test, member, wanted)
            case tree.All(parts=parts):
                self._parts(parts, member, all_of=wanted, wanted=wanted)
            case tree.AnyOf(parts=parts):
                self._parts(parts, member, all_of=not wanted, wanted=wanted)
            case tree.NoneOf(parts=parts):
                self._parts(parts, member, all_of=wanted, wanted=not wanted)
            case tree.AnyMember(test=test):
                self._members(test, all_of=not wanted, wanted=wanted)
            case tree.AllMembers(test=test):
                self._members(test, all_of=wanted, wanted=wanted)
            case tree.Fact(entity=entity, name=name):
                self.put(entity, member, name, wanted)
            case tree.Status(entity=entity, name=name):
                self._status(name, None if entity == "household" else member, wanted)
            case tree.IsOneOf(fact=fact, members=members, negated=negated):
                self._choice(fact, member, members, wanted != negated)
            case tree.Overlaps(fact=fact, members=members):
                held = self.value(fact, member)
                known = held if isinstance(held, frozenset) else frozenset()
                self.put(
                    fact.entity,
                    member,
                    fact.name,
                    known | {self.dice.choice(sorted(members))} if wanted else known - members,
                )
            case tree.Compare():
                self._compare(node, member, wanted)

    def _parts(
        self, parts: tuple[Node, ...], member: int | None, *, all_of: bool, wanted: bool
    ) -> None:
        for part in parts if all_of else [self.dice.choice(parts)]:
            self.truth(part, member, wanted)

    def _members(self, test: Node, *, all_of: bool, wanted: bool) -> None:
        everybody = range(len(self.facts.members))
        self.facts.members_complete |= all_of
        for member in everybody if all_of else [self.dice.choice(everybody)]:
            self.truth(test, member, wanted)

    def _status(self, name: str, member: int | None, wanted: bool) -> None:
        """By its certificate, by what is received, or by its definition."""
        if name == self.granted:
            return
        definition, grantors = (
            self.ruleset.content.statuses[name],
            self.ruleset.grantors.get(name, ()),
        )
        node = self.ruleset.statuses[name]
        if definition.certificate is not None:
            stated = node is None or self.dice.random() < 0.3
            self.put(definition.entity, member, name, wanted if stated else None)
            if stated:
                return
        own = [
            benefit for benefit in grantors if self.ruleset.entity_of(benefit) == definition.entity
        ]
        if own:
            held = self.facts.value(member, RECEIVES)
            known = held if isinstance(held, frozenset) else frozenset()
            if not wanted:
                self.put(
                    definition.entity,
                    member,
                    RECEIVES,
                    known - set(own) - {benefit.partition(".")[0] for benefit in own},
                )
            elif node is None or self.dice.random() < 0.5:
                benefit = self.dice.choice(own)
                self.put(
                    definition.entity,
                    member,
                    RECEIVES,
                    known | {self.dice.choice([benefit, benefit.partition(".")[0]])},
                )
                return
        if node is not None:
            self.truth(node, member, wanted)

    def _choice(
        self, fact: tree.Fact, member: int | None, members: frozenset[str], wanted: bool
    ) -> None:
        assert isinstance(fact.type, tree.Choice)
        fits = [
            one
            for one in self.ruleset.content.enums[fact.type.enum].members
            if (one in members) == wanted
        ]
        if fits:
            self.put(fact.entity, member, fact.name, self.dice.choice(fits))

    # numbers and days

    def _compare(self, node: tree.Compare, member: int | None, wanted: bool) -> None:
        step = self.dice.choice(_STEPS[node.comparator][not wanted])
        sides, sign = [node.left, node.right], 1
        if not _has_facts(node.left) or (_has_facts(node.right) and self.dice.random() < 0.5):
            sides, sign = [node.right, node.left], -1
        moved, fixed = sides
        if isinstance(moved, tree.Fact) and isinstance(moved.type, tree.Day):
            day = evaluator.day(fixed, self.world.of(member))[0]
            if day is not None:
                self.put(
                    moved.entity, member, moved.name, fitting_day(day + sign * step * DAY, self.on)
                )
            return
        self._publish(fixed, member)
        target = self.end_of(fixed, member)
        if target is not None:
            self.number(moved, member, target + sign * step)

    def _publish(self, node: Node, member: int | None) -> None:
        """Go to a key, mostly a county, for which a table has a value, if it has none where the
        household is."""
        for inner in tree.walk(node):
            if (
                isinstance(inner, tree.Parameter)
                and inner.keys
                and not _exact(evaluator.number(inner, self.world.of(member)))
            ):
                published = [
                    key
                    for key, cell in self.ruleset.parameters[inner.name].cells.items()
                    if _exact(cell)
                ]
                for fact, value in zip(
                    inner.keys,
                    self.dice.choice(published) if published else (),
                    strict=bool(published),
                ):
                    self.put(fact.entity, member, fact.name, value)

    def number(self, node: Node, member: int | None, target: int) -> None:
        """Bring a number to `target`, at the scale of the node."""
        match node:
            case tree.Fact(entity=entity, name=name):
                self.put(
                    entity, member, name, fitting(self.ruleset.content.facts[entity, name], target)
                )
            case tree.Quantity(name=name, entity=entity):
                self.number(
                    self.ruleset.content.quantities[name].value,
                    None if entity == "household" else member,
                    target,
                )
            case tree.Rescale(operand=operand, by=by):
                self.number(operand, member, self._divided(target, 10**by))
            case tree.Negative(operand=operand):
                self.number(operand, member, -target)
            case tree.Rounded() | tree.Sum() | tree.Difference() | tree.Product():
                self._operands(node, member, target)
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                self.number(self.dice.choice(parts), member, target)
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                held = evaluator.truth(test, self.world.of(member))
                taken = self.dice.random() < 0.5 if held == UNKNOWN else held[0]
                self.truth(test, member, taken)
                self.number(then if taken else otherwise, member, target)
            case tree.Elapsed():
                self._elapsed(node, member, target)
            case tree.CountMembers() | tree.SumMembers():
                self._total(node, target)
            case tree.Parameter(steps_of=steps_of, name=name) if steps_of is not None:
                self.number(
                    steps_of, member, self.dice.choice(self.ruleset.parameters[name].steps)[0]
                )

    def _operands(self, node: Node, member: int | None, target: int) -> None:
        """Bring a result of arithmetic to `target` by one of its operands."""
        match node:
            case tree.Rounded(
                operand=tree.Quotient(left=left, right=right, scale_left=above, scale_right=below),
                scale_to=scale,
            ):
                divisor = self.end_of(right, member)
                if divisor is not None:
                    self.number(left, member, target * divisor * 10**above // 10 ** (below + scale))
            case tree.Rounded(operand=operand, scale_from=scale_from, scale_to=scale):
                self.number(operand, member, target * 10**scale_from // 10**scale)
            case tree.Sum(left=left, right=right):
                moved, fixed = self._either(left, right)
                self.number(moved, member, target - self._settled(fixed, member))
            case tree.Difference(left=left, right=right) if (
                _has_facts(left) and self.dice.random() < 0.6
            ):
                self.number(left, member, target + self._settled(right, member))
            case tree.Difference(left=left, right=right):
                self.number(right, member, self._settled(left, member) - target)
            case tree.Product(left=left, right=right):
                moved, fixed = self._either(left, right)
                self.number(moved, member, self._divided(target, self.end_of(fixed, member) or 1))

    def _total(self, node: Node, target: int) -> None:
        """Bring a count or a sum over members to `target`."""
        self.facts.members_complete = True
        for index in range(len(self.facts.members)):
            match node:
                case tree.CountMembers(test=test):
                    self.truth(test, index, index < target)
                case tree.SumMembers(number=number):
                    self.number(number, index, 0 if index else target)

    def _settled(self, node: Node, member: int | None) -> int:
        """A number that is known, made 0 as far as it can be where it is not."""
        if not _exact(evaluator.number(node, self.world.of(member))):
            self.number(node, member, 0)
        return self.end_of(node, member) or 0

    def _divided(self, number: int, by: int) -> int:
        """Rounded either way, since the smallest unit of a fact may be larger than that of what it
        is compared with."""
        return self.dice.choice((number // by, -(-number // by)))

    def _either(self, left: Node, right: Node) -> tuple[Node, Node]:
        """What is moved first: one in which facts stand."""
        if not _has_facts(right) or (_has_facts(left) and self.dice.random() < 0.5):
            return left, right
        return right, left

    def _elapsed(self, node: tree.Elapsed, member: int | None, target: int) -> None:
        """The first or the last day on which so much is complete."""
        moves_start = isinstance(node.start, tree.Fact)
        fact, fixed = (node.start, node.end) if moves_start else (node.end, node.start)
        other = evaluator.day(fixed, self.world.of(member))[0]
        if not isinstance(fact, tree.Fact) or other is None:
            return
        if moves_start:
            edges = (
                last_with(node.unit, target, other),
                last_with(node.unit, target + 1, other) + DAY,
            )
        else:
            edges = (
                first_with(node.unit, target, other),
                first_with(node.unit, target + 1, other) - DAY,
            )
        self.put(fact.entity, member, fact.name, fitting_day(self.dice.choice(edges), self.on))

    # facts

    @property
    def world(self) -> World:
        """The household as its facts are now."""
        return World(self.ruleset, self.facts, self.on, {})

    def end_of(self, node: Node, member: int | None) -> int | None:
        """One of the ends of a number that are known, if there are any."""
        ends: NumberBounds = evaluator.number(node, self.world.of(member))
        known = [end for end in ends if end is not None]
        return self.dice.choice(known) if known else None

    def value(self, fact: tree.Fact, member: int | None) -> Value | None:
        return self.facts.value(None if fact.entity == "household" else member, fact.name)

    def put(self, entity: Entity, member: int | None, name: str, value: Value | None) -> None:
        self.facts.row(None if entity == "household" else member)[
            self.facts.order.of_entity(entity)[name]
        ] = value


def _exact(bounds: NumberBounds) -> bool:
    return bounds[0] is not None and bounds[0] == bounds[1]


def _has_facts(node: Node) -> bool:
    return any(
        isinstance(inner, tree.Fact | tree.Quantity | tree.MemberNode) for inner in tree.walk(node)
    )
