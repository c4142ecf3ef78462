"""Proofs: how a condition came out for one person or the household, worked out only as far as it is asked for.

A `Proof` is about a truth, a `Figure` about a number or a date. Both know their `children` (every part) and `because` (the parts that the
answer rests on). Of an `all` that fails, the first failing part is enough, of an `any` that holds the first that holds; nothing after it is
even evaluated until somebody asks for all children. What is reached from a root through `because` alone is *needed*.

Facts used are personal data: trees hold them because the caller asked for reasons, but no representation ever shows a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jmentitle.chain.specification import Entity
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, TruthBounds
from jmentitle.language.tree import NOTHING_SAID, About, Condition, Node
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES
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
WAYS = ("attested", "received", "granted")
"""How a status can hold other than by its definition: a certificate, a benefit that is drawn already, a grant earlier in the chain."""
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
_ENOUGH = {"all": FALSE, "all_members": FALSE, "any": TRUE, "none": TRUE, "any_member": TRUE, "status": TRUE}
_GROUPS = frozenset(_ENOUGH) - {"status"}


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that was looked at: where it stands in the household file, and its value (None: not known)."""

    path: str
    name: str
    member: int | None
    value: Value | None = field(repr=False)


class Proof:
    """One condition for one person or the household. `bounds` is its truth; `about` carries its words, sources and remark."""

    __slots__ = ("_because", "_bounds", "_children", "about", "entity", "kind", "node")

    def __init__(self, node: Node, entity: Entity, way: str | None = None) -> None:
        self.about: About = NOTHING_SAID
        if isinstance(node, tree.Leaf):
            self.about, node = node.about, node.test
        elif isinstance(node, Condition):
            self.about = node.about
        self.node, self.entity = node, entity
        self.kind = way or CONDITION_KINDS[type(node)]
        self._bounds: TruthBounds | None = None
        self._because: tuple[Child, ...] | None = None
        self._children: tuple[Child, ...] | None = None

    @property
    def bounds(self) -> TruthBounds:
        if self._bounds is None:
            if self.kind in _GROUPS:
                self._settle()
            elif self.kind in WAYS:
                self._bounds = self._way()
            else:
                self._bounds = evaluator.truth(self.node, self.entity)
        assert self._bounds is not None
        return self._bounds

    @property
    def because(self) -> tuple[Child, ...]:
        """The children that the answer rests on; empty for what rests on facts alone."""
        if self._because is None:
            if self.kind in _ENOUGH:
                self._settle()
            else:
                self._because = self.children
        assert self._because is not None
        return self._because

    @property
    def children(self) -> tuple[Child, ...]:
        """Every part, whether the answer rests on it or not."""
        if self._children is None:
            if self.kind in _ENOUGH:
                made = {id(child): child for child in self._made()}
                self._children = tuple(made.values())
            elif isinstance(self.node, tree.Compare):
                self._children = (Figure(self.node.left, self.entity), Figure(self.node.right, self.entity))
            else:
                self._children = ()
        return self._children

    @property
    def owner(self) -> Entity:
        """Whom a status is about."""
        return self.entity.owner(self.node.entity) if isinstance(self.node, tree.Status) else self.entity

    @property
    def facts(self) -> list[FactUsed]:
        """The facts that this node itself looks at; those of its parts are with the parts."""
        match self.node:
            case tree.Fact():
                return [fact_used(self.node, self.entity)]
            case tree.IsOneOf(fact=fact) | tree.Overlaps(fact=fact):
                return [fact_used(fact, self.entity)]
            case tree.Status(name=name) if self.kind in ("attested", "received"):
                return [named_fact(RECEIVES if self.kind == "received" else name, self.owner)]
            case tree.AnyMember() | tree.AllMembers() if not self.entity.members_complete:
                return [FactUsed(f"household.{MEMBERS_COMPLETE}", MEMBERS_COMPLETE, None, False)]
        return []

    @property
    def grantors(self) -> tuple[str, ...]:
        """The benefits that grant the status, which is drawn already or has been granted earlier in the chain."""
        assert isinstance(self.node, tree.Status)
        return self.owner.world.ruleset.grantors.get(self.node.name, ())

    def _settle(self) -> None:
        """Evaluate parts in order until one is enough."""
        enough, low, high = _ENOUGH[self.kind], enough_of_none(self.kind), enough_of_none(self.kind)
        made: list[Child] = []
        for child in self._made():
            made.append(child)
            value = child.bounds
            if value == enough:
                self._because, low, high = (child,), value[0], value[1]
                break
            low, high = (low and value[0], high and value[1]) if enough == FALSE else (low or value[0], high or value[1])
        else:
            self._because = self._children = tuple(made)
        if not self.entity.members_complete:
            if self.kind == "any_member":
                high = True
            elif self.kind == "all_members":
                low = False
        self._bounds = (not high, not low) if self.kind == "none" else (bool(low), bool(high))
