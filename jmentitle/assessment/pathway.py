"""The family's path: what can be applied for now, and what opens after which application."""

from __future__ import annotations

from jmentitle.assessment.models import ItemResult, Step
from jmentitle.chain.specification import Entity
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, UNKNOWN
from jmentitle.language.tree import Node
from jmentitle.pack.model import Benefit
from jmentitle.pack.ruleset import Ruleset


def openers(ruleset: Ruleset, benefit: Benefit, entity: Entity) -> list[str]:
    """The items whose grant makes this benefit hold: those that grant a status on which it now rests."""
    found: dict[str, None] = {}
    node = ruleset.conditions[benefit.reference]
    if node is not None:
        _collect(node, entity, found, set())
    return list(found)


def _collect(node: Node, entity: Entity, found: dict[str, None], visited: set[tuple[int | None, str]]) -> None:
    ruleset = entity.world.ruleset
    match node:
        case tree.NoneOf():
            return
        case tree.AnyOf(parts=parts):
            # One part that holds is enough: the one that needs the fewest grants.
            needed = []
            for part in parts:
                if evaluator.truth(part, entity) != FALSE:
                    own: dict[str, None] = {}
                    _collect(part, entity, own, set(visited))
                    needed.append((evaluator.truth(part, entity) == UNKNOWN, len(own), own))
            if needed:
                found.update(min(needed, key=lambda one: one[:2])[2])
        case tree.Status(name=name):
            owner = entity.holder(node)
            if (owner.member, name) in visited:
                return
            visited.add((owner.member, name))
            if (name, owner.member) in owner.world.grants:
                found.update(dict.fromkeys(_granting(owner, name)))
            elif owner.attested(name) is None and ruleset.statuses[name] is not None:
                _collect(ruleset.statuses[name], entity=owner, found=found, visited=visited)  # type: ignore[arg-type]
        case tree.Quantity(entity=kind, name=name):
            _collect(ruleset.content.quantities[name].value, entity.owner(kind), found, visited)
        case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
            for member in entity.members():
                for child in tree.children(node):
                    _collect(child, member, found, visited)
        case _:
            for child in tree.children(node):
                _collect(child, entity, found, visited)


def _granting(owner: Entity, status: str) -> list[str]:
    """The items that grant the status to this owner: the certain ones where there are any."""
    ruleset = owner.world.ruleset
    certain: list[str] = []
    possible: list[str] = []
    for benefit in ruleset.grantors.get(status, ()):
        low, high = owner.condition(benefit)
        if high:
            (certain if low else possible).append(benefit.partition(".")[0])
    return list(dict.fromkeys(certain or possible))


def pathway_of(results: list[ItemResult]) -> list[Step]:
    """Applications in order: a step comes after every step that it waits for. What is received or universal needs no step."""
    open_ = [result for result in results if result.decision in ("eligible", "discretionary") and not result.received and not result.universal]
    steps: list[Step] = []
    order_of: dict[str, int] = {}
    remaining = open_
    order = 1
    while remaining:
        ready = [result for result in remaining if all(item in order_of or not _waits(item, open_) for item in result.after)]
        ready = ready or remaining
        for result in ready:
            opens = sorted({other.item for other in open_ if result.item in other.after})
            steps.append(
                Step(
                    order=order,
                    item=result.item,
                    subject=result.subject,
                    name=result.name,
                    decision=result.decision,
                    after=result.after,
                    opens=opens,
                )
            )
        order_of.update({result.item: order for result in ready})
        remaining = [result for result in remaining if result not in ready]
        order += 1
    return steps


def _waits(item: str, results: list[ItemResult]) -> bool:
    return any(result.item == item for result in results)
