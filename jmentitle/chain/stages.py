"""In which order definitions are worked out when the household and its members depend on each
other.

Stages alternate: even stages are for the household, odd ones for every member in turn. A member
function (`any_member`, `sum_members`, …) is gathered in the member stage in which its test is known
and is ready for the household stage that follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jmentitle.language import tree
from jmentitle.language.tree import Entity, MemberNode, Node
from jmentitle.pack.ruleset import Ruleset

Definition = tuple[str, str]
"""("status" | "standing" | "quantity" | "benefit", name). A standing status is one without what
further grants make of it."""


@dataclass
class Stages:
    """What is worked out in which stage: definitions in an order in which each uses only earlier
    ones, and member functions."""

    ruleset: Ruleset
    with_grants: bool = False
    of_definition: dict[Definition, int] = field(default_factory=dict)
    of_member_node: dict[MemberNode, int] = field(default_factory=dict)

    @classmethod
    def plan(cls, ruleset: Ruleset, benefits: Iterable[str], *, with_grants: bool) -> Stages:
        """The stages needed to decide `benefits`; without grants a status and its standing form are
        one."""
        stages = cls(ruleset, with_grants)
        for benefit in benefits:
            stages.stage_of(("benefit", benefit))
        return stages

    @property
    def count(self) -> int:
        return max([*self.of_definition.values(), *self.of_member_node.values()], default=0) + 1

    def definitions(self, stage: int) -> list[Definition]:
        """INVARIANT: placed after everything they use, since a definition is recorded when it is
        finished."""
        return [definition for definition, placed in self.of_definition.items() if placed == stage]

    def member_nodes(self, stage: int) -> list[MemberNode]:
        """The member functions gathered during a member stage."""
        return [node for node, placed in self.of_member_node.items() if placed == stage + 1]

    def entity(self, definition: Definition) -> Entity:
        kind, name = definition
        if kind == "benefit":
            return self.ruleset.entity_of(name)
        content = self.ruleset.content
        return (
            content.quantities[name].entity if kind == "quantity" else content.statuses[name].entity
        )

    def of_status(self, status: tree.Status) -> Definition:
        """The definition that a status node asks for."""
        return ("status" if status.granted or not self.with_grants else "standing", status.name)

    def nodes(self, definition: Definition) -> list[Node]:
        """What the definition is worked out from."""
        kind, name = definition
        if kind == "quantity":
            return [self.ruleset.content.quantities[name].value]
        node = self.ruleset.conditions[name] if kind == "benefit" else self.ruleset.statuses[name]
        if node is None:
            return []
        return [tree.ungranted(node)] if kind == "standing" else [node]

    def stage_of(self, definition: Definition) -> int:
        if definition not in self.of_definition:
            earliest = max((self.needed(node) for node in self.nodes(definition)), default=0)
            self.of_definition[definition] = _with_parity(
                earliest, 0 if self.entity(definition) == "household" else 1
            )
        return self.of_definition[definition]

    def needed(self, node: Node) -> int:
        """The earliest stage at which everything below `node` is known."""
        if isinstance(node, tree.MemberNode):
            if node not in self.of_member_node:
                inner = max((self.needed(child) for child in tree.children(node)), default=0)
                self.of_member_node[node] = _with_parity(inner, 1) + 1
            return self.of_member_node[node]
        if isinstance(node, tree.Status):
            return self.stage_of(self.of_status(node))
        if isinstance(node, tree.Quantity):
            return self.stage_of(("quantity", node.name))
        return max((self.needed(child) for child in tree.children(node)), default=0)


def _with_parity(stage: int, parity: int) -> int:
    return stage if stage % 2 == parity else stage + 1
