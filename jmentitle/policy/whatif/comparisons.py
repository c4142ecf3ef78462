"""The comparisons in rules: both sides, and the names that each side reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node, NumberNode, Operand
from jmentitle.pack.ruleset import Ruleset
from jmentitle.policy.whatif.dependence import Name, reach, read_by


@dataclass(frozen=True)
class Compared:
    """Two numbers that a rule compares, for each row of `entity`; `within` is the definition that
    contains it, `text` its source there.

    A step of a parameter counts as a comparison with the number at which it begins.
    """

    left: NumberNode
    right: NumberNode
    comparator: tree.Comparator
    entity: Entity
    within: Name
    text: str

    @property
    def difference(self) -> NumberNode:
        """Left minus right, at their scale: 0 on the line."""
        return tree.Difference(self.left, self.right)


def comparisons(ruleset: Ruleset, names: Iterable[Name]) -> list[Compared]:
    """The comparisons of numbers in some definitions and in all that they read, each once, in the
    order of the definitions. Dates are left out."""
    by_sides: dict[tuple[NumberNode, NumberNode, Entity], Compared] = {}
    for name in reach(ruleset, names):
        for node, entity in definitions(ruleset, name):
            for compared in _inside(ruleset, node, entity, name, ""):
                by_sides.setdefault((compared.left, compared.right, compared.entity), compared)
    return list(by_sides.values())


def definitions(ruleset: Ruleset, name: Name) -> Iterator[tuple[Node, Entity]]:
    """The nodes of a definition and whose they are."""
    kind, id_ = name
    if kind == "benefit":
        entity = ruleset.entity_of(id_)
        benefit = ruleset.benefits[id_]
        pays = (
            ()
            if benefit.pays is None
            else (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts)
        )
        yield from ((node, entity) for node in (ruleset.conditions[id_], *pays) if node is not None)
    elif kind == "status":
        node = ruleset.statuses[id_]
        if node is not None:
            yield node, ruleset.content.statuses[id_].entity
    elif kind == "quantity":
        quantity = ruleset.content.quantities[id_]
        yield quantity.value, quantity.entity


def _inside(
    ruleset: Ruleset, node: Node, entity: Entity, within: Name, text: str
) -> Iterator[Compared]:
    if isinstance(node, tree.Condition) and node.about.text:
        text = node.about.text
    if isinstance(node, tree.MemberNode):
        entity = "person"
    if isinstance(node, tree.Compare) and _is_number(node.left) and _is_number(node.right):
        yield Compared(node.left, node.right, node.comparator, entity, within, text)
    elif isinstance(node, tree.Parameter) and node.steps_of is not None:
        scale = tree.scale_of(node.steps_of)
        for start, _ in ruleset.parameters[node.name].steps[1:]:
            yield Compared(
                node.steps_of,
                tree.Constant(start, tree.Numeric((), scale)),
                ">=",
                entity,
                within,
                node.name,
            )
    for child in tree.children(node):
        yield from _inside(ruleset, child, entity, within, text)


def _is_number(node: Operand) -> TypeGuard[NumberNode]:
    if isinstance(node, tree.Fact):
        return isinstance(node.type, tree.Numeric)
    return not isinstance(node, tree.DayConstant | tree.AssessmentDate)


def behind(ruleset: Ruleset, node: Node) -> dict[Name, None]:
    """All names that a node reads, directly or through definitions."""
    return reach(ruleset, read_by([node]))
