"""The sources that a result rests on, and the weakest grade among what it needed.

A condition that cites several sources rests on the strongest of them. Of an `any` that holds, the best founded part that holds is enough; of an
`all` that fails, the best founded part that fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from jmentitle.chain.specification import Entity
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE
from jmentitle.language.tree import Node
from jmentitle.pack.model import GRADES, Content, Grade


@dataclass(frozen=True, slots=True)
class Basis:
    """Citations in the order in which they were needed; `rank` is the place of the weakest in GRADES, -1 when nothing was needed."""

    rank: int = -1
    cited: tuple[str, ...] = ()

    def __add__(self, other: Basis) -> Basis:
        return Basis(max(self.rank, other.rank), tuple(dict.fromkeys((*self.cited, *other.cited))))

    @property
    def grade(self) -> Grade:
        return GRADES[max(self.rank, 0)]


NOTHING = Basis()


def basis_of_cite(cite: tuple[str, ...], content: Content) -> Basis:
    """The strongest of several citations of one statement."""
    ranks = [GRADES.index(content.sources[text.split(" ", 1)[0]].grade) for text in cite]
    return Basis(min(ranks), cite) if ranks else NOTHING


def basis_of_condition(node: Node, entity: Entity) -> Basis:
    """What the value of a condition rests on."""
    content = entity.world.ruleset.content
    value = evaluator.truth(node, entity)
    match node:
        case tree.All(parts=parts):
            return _of_parts(parts, entity, FALSE if value == FALSE else None)
        case tree.AnyOf(parts=parts):
            return _of_parts(parts, entity, TRUE if value == TRUE else None)
        case tree.NoneOf(parts=parts):
            return _of_parts(parts, entity, TRUE if value == FALSE else None)
        case tree.Leaf(test=test, about=about):
            return basis_of_cite(about.cite, content) + basis_of_names(test, entity)
        case tree.AnyMember(test=test, about=about) | tree.AllMembers(test=test, about=about):
            total = basis_of_cite(about.cite, content)
            for member in entity.members():
                total += basis_of_condition(test, member)
            return total
    return basis_of_names(node, entity)


def basis_of_names(node: Node, entity: Entity) -> Basis:
    """What the names within an expression rest on: definitions of statuses and quantities, and dated values."""
    ruleset = entity.world.ruleset
    match node:
        case tree.Status(entity=kind, name=name):
            owner, when = entity.owner(kind), ruleset.statuses[name]
            return basis_of_condition(when, owner) if owner.attested(name) is None and when is not None else NOTHING
        case tree.Quantity(entity=kind, name=name):
            definition = ruleset.content.quantities[name]
            return basis_of_cite(definition.cite, ruleset.content) + basis_of_names(definition.value, entity.owner(kind))
        case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
            parts = [basis_of_names(child, member) for member in entity.members() for child in tree.children(node)]
        case _:
            parts = [basis_of_names(child, entity) for child in tree.children(node)]
    own = NOTHING
    if isinstance(node, tree.Parameter):
        key = tuple(entity.value(fact) for fact in node.keys)
        own = basis_of_cite(ruleset.parameters[node.name].cite_of(key), ruleset.content)
    return sum(parts, start=own)


def _of_parts(parts: tuple[Node, ...], entity: Entity, enough: evaluator.TruthBounds | None) -> Basis:
    """All parts, or, when one with the value `enough` settles the matter, the best founded of those."""
    if enough is None:
        total = NOTHING
        for part in parts:
            total += basis_of_condition(part, entity)
        return total
    settling = [basis_of_condition(part, entity) for part in parts if evaluator.truth(part, entity) == enough]
    return min(settling, key=lambda basis: basis.rank)
