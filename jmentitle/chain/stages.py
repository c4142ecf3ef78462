"""The order of definitions when the household and its members depend on each other.

Stages alternate: even stages compute the household, odd ones every member in turn. A member
function (`any_member`, `sum_members`, …) is gathered in the first member stage after everything
below it, and the next household stage can use it.

Example: four definitions, each of which uses the one before:

    definition                                            stage
    status disabled of a person (a fact)                  1
    quantity needs = count_members(disabled)         ->   2 (gathered in 1)
    status burdened of the household: needs >= 2          2
    benefit care of a person: burdened and disabled       3
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jmentitle.language import tree
from jmentitle.language.tree import Entity, MemberNode, Node
from jmentitle.pack.ruleset import Ruleset

Definition = tuple[str, str]
"""("status" | "ungranted" | "quantity" | "benefit", name). An ungranted status leaves out
further grants."""


@dataclass
class Stages:
    """The stage of each definition and member function; definitions use only earlier ones."""

    ruleset: Ruleset
    with_grants: bool = False
    of_definition: dict[Definition, int] = field(default_factory=dict)
    of_member_node: dict[MemberNode, int] = field(default_factory=dict)

    @classmethod
    def plan(cls, ruleset: Ruleset, benefits: Iterable[str], *, with_grants: bool) -> Stages:
        """The stages that decide `benefits`. Without grants, a status and its ungranted form are
        one definition."""
        stages = cls(ruleset, with_grants)
        for benefit in benefits:
            stages.stage_of(("benefit", benefit))
        return stages

    @property
    def count(self) -> int:
        return max([*self.of_definition.values(), *self.of_member_node.values()], default=0) + 1

    def definitions(self, stage: int) -> list[Definition]:
        """The definitions of a stage. INVARIANT: each follows everything that it uses, because it
        is recorded after them."""
        return [definition for definition, at in self.of_definition.items() if at == stage]

    def member_nodes(self, stage: int) -> list[MemberNode]:
        """The member functions gathered during a member stage."""
        return [node for node, ready in self.of_member_node.items() if ready == stage + 1]

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
        return ("status" if status.granted or not self.with_grants else "ungranted", status.name)

    def nodes(self, definition: Definition) -> list[Node]:
        """The nodes that the definition is computed from."""
        kind, name = definition
        if kind == "quantity":
            return [self.ruleset.content.quantities[name].value]
        node = self.ruleset.conditions[name] if kind == "benefit" else self.ruleset.statuses[name]
        if node is None:
            return []
        return [tree.ungranted(node)] if kind == "ungranted" else [node]

    def stage_of(self, definition: Definition) -> int:
        """The stage that computes the definition, planned with everything below it."""
        if definition not in self.of_definition:
            earliest = max((self.needed(node) for node in self.nodes(definition)), default=0)
            self.of_definition[definition] = _with_parity(
                earliest, 0 if self.entity(definition) == "household" else 1
            )
        return self.of_definition[definition]

    def needed(self, node: Node) -> int:
        """The earliest stage with a value for everything below `node`."""
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
