"""The unknowns behind an undetermined result: facts to ask for, and unpublished values.

Only unknowns that can still change the answer count: true parts of an `all` and false parts of an
`any` are skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never, cast

from jmentitle.chain.specification import Context, World
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import UNKNOWN, NumberBounds
from jmentitle.language.tree import Operand, TruthNode
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES

FactPath = tuple[int | None, str]


@dataclass(slots=True)
class Unknowns:
    """Facts as (member, name), in the order of discovery, and names of parameters.

    Each world collects the unknowns of a status, a benefit or a member function once and merges
    them afterwards. Otherwise each of the thousands of results of forty members would visit all
    members again.
    INVARIANT: merging adds what collecting again would add, in the same order.
    """

    facts: dict[FactPath, None] = field(default_factory=dict)
    parameters: dict[str, None] = field(default_factory=dict)
    _visited: set[FactPath] = field(default_factory=set)
    """Statuses and benefits, as (member, name), whose unknowns are collected."""
    _open: set[FactPath] = field(default_factory=set)
    """Those of them that are in progress."""
    _worlds: set[World] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.facts or self.parameters)

    def of_benefit(self, benefit: str, context: Context) -> None:
        node = context.world.ruleset.conditions[benefit]
        if node is not None:
            self._once(benefit, context, lambda inner: inner.of_truth(node, context))

    def of_truth(self, node: TruthNode, context: Context) -> None:
        """Collect the unknowns that a condition depends on, if it is unknown."""
        if context.world.truth(node, context.member) != UNKNOWN:
            return
        match node:
            case tree.Leaf(test=test):
                self.of_truth(test, context)
            case tree.All(parts=parts) | tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
                for part in parts:
                    self.of_truth(part, context)
            case tree.AnyMember(test=test) | tree.AllMembers(test=test):
                self._of_members(test, context)
            case tree.Status():
                self._of_status(node.name, context.holder(node))
            case tree.IsOneOf(fact=fact) | tree.Overlaps(fact=fact):
                self._of_fact(fact, context)
            case tree.Fact():
                self._of_fact(node, context)
            case tree.Compare(left=left, right=right):
                self.of_number(left, context)
                self.of_number(right, context)
            case _:
                assert_never(node)

    def of_number(self, node: Operand, context: Context) -> None:
        """Collect the unknowns that a number or a date depends on, if it is not exact."""
        if isinstance(node, tree.Calculation):
            for operand in tree.operands(node):
                self.of_number(operand, context)
            return
        match node:
            case tree.Fact():
                if context.value(node) is None:
                    self._of_fact(node, context)
            case tree.Quantity():
                if not _exact(context.quantity(node)):
                    definition = context.world.ruleset.content.quantities[node.name]
                    self.of_number(definition.value, context.owner(node.entity))
            case tree.Parameter():
                self._of_parameter(node, context)
            case tree.Conditional():
                self._of_conditional(node, context)
            case tree.CountMembers(test=test):
                self._of_members(test, context)
            case tree.SumMembers(number=number):
                self._shared(
                    id(number), context.world, lambda inner: inner._of_sum(number, context)
                )
            case tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                pass
            case _:
                assert_never(node)

    def _of_conditional(self, node: tree.Conditional, context: Context) -> None:
        certain, possible = context.world.truth(node.test, context.member)
        self.of_truth(node.test, context)
        if possible:
            self.of_number(node.then, context)
        if not certain:
            self.of_number(node.otherwise, context)

    def _of_fact(self, fact: tree.Fact, context: Context) -> None:
        self.facts[context.owner(fact.entity).member, fact.name] = None

    def _of_members(self, test: TruthNode, context: Context) -> None:
        self._shared(id(test), context.world, lambda inner: inner._of_tests(test, context))

    def _of_tests(self, test: TruthNode, context: Context) -> None:
        for member in context.world.members:
            self.of_truth(test, member)
        self._of_member_list(context)

    def _of_sum(self, number: Operand, context: Context) -> None:
        for member in context.world.members:
            self.of_number(number, member)
        self._of_member_list(context)

    def _of_member_list(self, context: Context) -> None:
        if not context.members_complete:
            self.facts[None, MEMBERS_COMPLETE] = None

    def _of_status(self, name: str, context: Context) -> None:
        self._once(name, context, lambda inner: inner._through_status(name, context))

    def _through_status(self, name: str, context: Context) -> None:
        ruleset = context.world.ruleset
        if context.attested(name) is None:
            node = ruleset.statuses[name]
            if node is not None:
                self.of_truth(node, context)
            if context.received(name) == UNKNOWN:
                self.facts[context.member, RECEIVES] = None
            elif (
                node is None
                and name not in ruleset.grantors
                and ruleset.content.statuses[name].certificate is not None
            ):
                self.facts[context.member, name] = None
        if context.world.grants.get((name, context.member)) == UNKNOWN:
            for benefit in ruleset.grantors.get(name, ()):
                self.of_benefit(benefit, context)

    def _once(self, name: str, context: Context, collect: Callable[[Unknowns], None]) -> None:
        """Collect the unknowns of a status or a benefit, unless that was done."""
        key = (context.member, name)

        def through(inner: Unknowns) -> None:
            inner._visited.add(key)
            inner._open.add(key)
            inner._worlds.add(context.world)
            collect(inner)
            inner._open.remove(key)

        if key not in self._visited:
            self._shared(key, context.world, through)

    def _shared(self, key: object, world: World, collect: Callable[[Unknowns], None]) -> None:
        """Add the unknowns that `collect` finds; each world computes them once per key."""
        if key not in world.unknowns:
            world.unknowns[key] = None
            unknowns = Unknowns()
            collect(unknowns)
            world.unknowns[key] = unknowns
        shared = cast("Unknowns | None", world.unknowns[key])
        # Two cases are collected again. A cycle back to a status or benefit in progress would add
        # its facts too early. A status of another world counts as visited although fewer unknowns
        # decide it there.
        if (
            shared is None
            or not self._open.isdisjoint(shared._visited)
            or len(self._worlds | shared._worlds) > 1
        ):
            collect(self)
        else:
            self.facts |= shared.facts
            self.parameters |= shared.parameters
            self._visited |= shared._visited
            self._worlds |= shared._worlds

    def _of_parameter(self, node: tree.Parameter, context: Context) -> None:
        bounds = evaluator.number(node, context)
        if _exact(bounds):
            return
        unknown_keys = [fact for fact in node.keys if context.value(fact) is None]
        for fact in unknown_keys:
            self._of_fact(fact, context)
        reached = None if node.steps_of is None else evaluator.number(node.steps_of, context)
        if reached is not None and not _exact(reached) and node.steps_of is not None:
            self.of_number(node.steps_of, context)
        elif not unknown_keys:
            self.parameters[node.name] = None


def _exact(bounds: NumberBounds) -> bool:
    return bounds[0] is not None and bounds[0] == bounds[1]
