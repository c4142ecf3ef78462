"""The family's path: what can be applied for now, and what opens after which application."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from jmentitle.assessment.models import ItemResult, Step
from jmentitle.chain.outcome import NEVER, Outcome
from jmentitle.chain.specification import Context
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, UNKNOWN
from jmentitle.language.tree import Node
from jmentitle.pack.model import Benefit
from jmentitle.pack.ruleset import Ruleset

Granting = Callable[[Context, str], list[str]]


def openers(
    ruleset: Ruleset, benefit: Benefit, context: Context, outcome: Outcome, layer: int
) -> list[str]:
    """The items whose grant makes this benefit hold in `layer`: those found before that grant a
    status on which it rests."""
    found: dict[str, None] = {}
    node = ruleset.conditions[benefit.reference]
    if node is not None:
        _collect(
            node,
            context,
            found,
            set(),
            lambda owner, status: _granting(owner, status, outcome, layer),
        )
    return list(found)


def _collect(
    node: Node,
    context: Context,
    found: dict[str, None],
    visited: set[tuple[int | None, str]],
    granting: Granting,
) -> None:
    ruleset = context.world.ruleset
    match node:
        case tree.NoneOf():
            return
        case tree.AnyOf(parts=parts):
            # One part that holds is enough: the one that needs the fewest grants.
            needed = []
            for part in parts:
                if evaluator.truth(part, context) != FALSE:
                    own: dict[str, None] = {}
                    _collect(part, context, own, set(visited), granting)
                    needed.append((evaluator.truth(part, context) == UNKNOWN, len(own), own))
            if needed:
                found.update(min(needed, key=lambda one: one[:2])[2])
        case tree.Status(name=name):
            owner = context.holder(node)
            if (owner.member, name) in visited:
                return
            visited.add((owner.member, name))
            if (name, owner.member) in owner.world.grants:
                found.update(dict.fromkeys(granting(owner, name)))
            elif owner.attested(name) is None and (when := ruleset.statuses[name]) is not None:
                _collect(when, owner, found, visited, granting)
        case tree.Quantity(entity=kind, name=name):
            _collect(
                ruleset.content.quantities[name].value,
                context.owner(kind),
                found,
                visited,
                granting,
            )
        case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
            for member in context.members():
                _collect_below(node, member, found, visited, granting)
        case (
            tree.All()
            | tree.Leaf()
            | tree.Compare()
            | tree.IsOneOf()
            | tree.Overlaps()
            | tree.Fact()
            | tree.Parameter()
        ):
            _collect_below(node, context, found, visited, granting)
        case (
            tree.Sum()
            | tree.Difference()
            | tree.Product()
            | tree.Quotient()
            | tree.Negative()
            | tree.Rescale()
            | tree.Rounded()
        ):
            _collect_below(node, context, found, visited, granting)
        case tree.Least() | tree.Greatest() | tree.Conditional() | tree.Elapsed():
            _collect_below(node, context, found, visited, granting)
        case tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
            pass
        case _:
            assert_never(node)


def _collect_below(
    node: Node,
    context: Context,
    found: dict[str, None],
    visited: set[tuple[int | None, str]],
    granting: Granting,
) -> None:
    for child in tree.children(node):
        _collect(child, context, found, visited, granting)


def _granting(owner: Context, status: str, outcome: Outcome, layer: int) -> list[str]:
    """The items that have granted the status to this owner before the layer: the certain ones where
    there are any."""
    found, indices = (
        outcome.layers_of(owner.member),
        {benefit: index for index, benefit in enumerate(outcome.benefits(owner.member))},
    )
    grantors = [
        (benefit.partition(".")[0], indices[benefit])
        for benefit in owner.world.ruleset.grantors.get(status, ())
        if benefit in indices
    ]
    certain = [item for item, index in grantors if NEVER < found.certain[index] < layer]
    return list(
        dict.fromkeys(
            certain or [item for item, index in grantors if NEVER < found.possible[index] < layer]
        )
    )


def pathway_of(results: list[ItemResult]) -> list[Step]:
    """Applications in order: a step comes after every step that it waits for. What is received or
    universal needs no step.

    A benefit may open after another of the same item: that is the same application, which does not
    wait for itself.
    """
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
