"""The family's path: what can be applied for now, and what opens after which application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from jmentitle.assessment.models import ItemResult, Step
from jmentitle.chain.outcome import NEVER, Outcome
from jmentitle.chain.specification import Context
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, UNKNOWN
from jmentitle.language.tree import Node, TruthNode
from jmentitle.pack.model import Benefit
from jmentitle.pack.ruleset import Ruleset

Granting = Callable[[Context, str], list[str]]


def openers(
    ruleset: Ruleset, benefit: Benefit, context: Context, outcome: Outcome, layer: int
) -> list[str]:
    """The items whose grant makes this benefit hold in `layer`: those open before that grant a
    status the benefit uses."""
    search = _Openers(lambda owner, status: _granting(owner, status, outcome, layer))
    node = ruleset.conditions[benefit.reference]
    if node is not None:
        search.collect(node, context)
    return list(search.items)


@dataclass
class _Openers:
    """Collects, below a condition, the items that grant its statuses.

    A benefit requires `any: [low_income, receives_dibao]`, and both hold only once an item is
    granted:

    | part            | items that grant it              | chosen               |
    |-----------------|----------------------------------|----------------------|
    | low_income      | low_income_recognition           | yes: it needs fewest |
    | receives_dibao  | dibao_urban, medical_recognition | no                   |
    """

    granting: Granting
    items: dict[str, None] = field(default_factory=dict)
    visited: set[tuple[int | None, str]] = field(default_factory=set)

    def collect(self, node: Node, context: Context) -> None:
        """Add the items below `node`. A `none` adds nothing: no grant makes it hold."""
        match node:
            case tree.NoneOf():
                return
            case tree.AnyOf(parts=parts):
                self._easiest(parts, context)
            case tree.Status():
                self._status(node, context)
            case tree.Quantity(entity=kind, name=name):
                value = context.world.ruleset.content.quantities[name].value
                self.collect(value, context.owner(kind))
            case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
                for member in context.members():
                    self._children(node, member)
            case (
                tree.All()
                | tree.Leaf()
                | tree.Compare()
                | tree.IsOneOf()
                | tree.Overlaps()
                | tree.Fact()
                | tree.Parameter()
                | tree.Conditional()
                | tree.Elapsed()
            ):
                self._children(node, context)
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
            ):
                self._children(node, context)
            case tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                pass
            case _:
                assert_never(node)

    def _children(self, node: Node, context: Context) -> None:
        for child in tree.children(node):
            self.collect(child, context)

    def _easiest(self, parts: tuple[TruthNode, ...], context: Context) -> None:
        """Add the items of one part that is not false: one that is true before one that is
        unknown, then the one with the fewest items."""
        options = []
        for part in parts:
            truth = evaluator.truth(part, context)
            if truth != FALSE:
                option = _Openers(self.granting, visited=set(self.visited))
                option.collect(part, context)
                options.append((truth == UNKNOWN, len(option.items), option.items))
        if options:
            self.items.update(min(options, key=lambda option: option[:2])[2])

    def _status(self, status: tree.Status, context: Context) -> None:
        """Add the items that grant a status; without a grant, those below its definition."""
        name = status.name
        owner = context.holder(status)
        if (owner.member, name) in self.visited:
            return
        self.visited.add((owner.member, name))
        when = context.world.ruleset.statuses[name]
        if (name, owner.member) in owner.world.grants:
            self.items.update(dict.fromkeys(self.granting(owner, name)))
        elif owner.attested(name) is None and when is not None:
            self.collect(when, owner)


def _granting(owner: Context, status: str, outcome: Outcome, layer: int) -> list[str]:
    """The items that have granted the status to this owner before the layer: the certain ones where
    there are any."""
    layers = outcome.layers_of(owner.member)
    indices = {benefit: index for index, benefit in enumerate(outcome.benefits(owner.member))}
    grantors = [
        (benefit.partition(".")[0], indices[benefit])
        for benefit in owner.world.ruleset.grantors.get(status, ())
        if benefit in indices
    ]
    certain = [item for item, index in grantors if NEVER < layers.certain[index] < layer]
    return list(
        dict.fromkeys(
            certain or [item for item, index in grantors if NEVER < layers.possible[index] < layer]
        )
    )


def pathway_of(results: list[ItemResult]) -> list[Step]:
    """The applications in order: a step comes after every step that it waits for. Received or
    universal items need no step. A benefit may open after another of the same item: that is the
    same application, which does not wait for itself."""
    open_ = [
        result
        for result in results
        if result.decision in ("eligible", "discretionary")
        and not result.received
        and not result.universal
    ]
    steps: list[Step] = []
    order_of: dict[str, int] = {}
    remaining = open_
    order = 1
    while remaining:
        ready = [
            result
            for result in remaining
            if all(item in order_of or not _waits(item, open_) for item in _others(result))
        ]
        ready = ready or remaining
        for result in ready:
            opens = sorted({other.item for other in open_ if result.item in _others(other)})
            steps.append(
                Step(
                    order=order,
                    item=result.item,
                    subject=result.subject,
                    name=result.name,
                    decision=result.decision,
                    after=_others(result),
                    opens=opens,
                )
            )
        order_of.update({result.item: order for result in ready})
        remaining = [result for result in remaining if result not in ready]
        order += 1
    return steps


def _others(result: ItemResult) -> list[str]:
    return [item for item in result.after if item != result.item]


def _waits(item: str, results: list[ItemResult]) -> bool:
    return any(result.item == item for result in results)
