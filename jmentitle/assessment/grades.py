"""The sources of a result, and the weakest grade among those it needs.

A condition that cites several sources is as strong as the strongest of them. For an `any` that
holds, the holding part with the strongest sources is enough; for an `all` that fails, the failing
part with the strongest sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from jmentitle.chain.specification import Context
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, UNKNOWN, TruthBounds
from jmentitle.language.tree import Node, TruthNode
from jmentitle.pack.model import GRADES, Content, Grade


@dataclass(frozen=True, slots=True)
class Basis:
    """Citations in the order in which they were needed; `rank` is the place of the weakest in
    GRADES, -1 when nothing was needed."""

    rank: int = -1
    cited: tuple[str, ...] = ()

    def __add__(self, other: Basis) -> Basis:
        if not other.cited or not self.cited:
            return self if not other.cited else other
        return Basis(max(self.rank, other.rank), tuple(dict.fromkeys((*self.cited, *other.cited))))

    @property
    def grade(self) -> Grade:
        return GRADES[max(self.rank, 0)]


NOTHING = Basis()


def basis_of_cite(cite: tuple[str, ...], content: Content) -> Basis:
    """The strongest of several citations of one statement."""
    if not cite:
        return NOTHING
    ranks = [GRADES.index(content.sources[text.split(" ", 1)[0]].grade) for text in cite]
    return Basis(min(ranks), cite)


class Bases:
    """The sources of results in one world. Definitions are weighed once for each person and the
    household."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._names: dict[tuple[Context, str], Basis] = {}

    def of_condition(self, node: TruthNode, context: Context) -> Basis:
        """The sources of the value of a condition."""
        return self._weigh(node, context)[1]

    def of_names(self, node: Node, context: Context) -> Basis:
        """The sources of the names in an expression: definitions of statuses and quantities, and
        dated values."""
        match node:
            case tree.Status(name=name) | tree.Quantity(name=name):
                owner = (
                    context.holder(node)
                    if isinstance(node, tree.Status)
                    else context.owner(node.entity)
                )
                key = (owner, name)
                if key not in self._names:
                    self._names[key] = self._of_definition(node, owner)
                return self._names[key]
            case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
                return sum(
                    (self._below(node, member) for member in context.members()), start=NOTHING
                )
            case tree.Parameter(name=name, keys=keys):
                cell = tuple(context.value(fact) for fact in keys)
                own = basis_of_cite(
                    context.world.ruleset.parameters[name].cite_of(cell), self.content
                )
                return own + self._below(node, context)
            case (
                tree.All()
                | tree.AnyOf()
                | tree.NoneOf()
                | tree.Leaf()
                | tree.Compare()
                | tree.IsOneOf()
                | tree.Overlaps()
            ):
                return self._below(node, context)
            case (
                tree.Sum()
                | tree.Difference()
                | tree.Product()
                | tree.Quotient()
                | tree.Negative()
                | tree.Rescale()
                | tree.Rounded()
            ):
                return self._below(node, context)
            case tree.Least() | tree.Greatest() | tree.Conditional() | tree.Elapsed():
                return self._below(node, context)
            case tree.Fact() | tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                return NOTHING
        assert_never(node)

    def _below(self, node: Node, context: Context) -> Basis:
        parts = [
            found
            for child in tree.children(node)
            if (found := self.of_names(child, context)) is not NOTHING
        ]
        return sum(parts, start=NOTHING) if parts else NOTHING

    def _of_definition(self, node: tree.Status | tree.Quantity, owner: Context) -> Basis:
        if isinstance(node, tree.Quantity):
            definition = self.content.quantities[node.name]
            return basis_of_cite(definition.cite, self.content) + self.of_names(
                definition.value, owner
            )
        when = owner.world.ruleset.statuses[node.name]
        return (
            self.of_condition(when, owner)
            if owner.attested(node.name) is None and when is not None
            else NOTHING
        )

    def _weigh(self, node: TruthNode, context: Context) -> tuple[TruthBounds, Basis]:
        match node:
            case tree.All(parts=parts):
                return self._of_parts([self._weigh(part, context) for part in parts], FALSE)
            case tree.AnyOf(parts=parts):
                return self._of_parts([self._weigh(part, context) for part in parts], TRUE)
            case tree.NoneOf(parts=parts):
                value, basis = self._of_parts([self._weigh(part, context) for part in parts], TRUE)
                return evaluator.negation(value), basis
            case tree.Leaf(test=test, about=about):
                return evaluator.truth(node, context), basis_of_cite(
                    about.cite, self.content
                ) + self.of_names(test, context)
            case tree.AnyMember(test=test, about=about) | tree.AllMembers(test=test, about=about):
                of_members = [self.of_condition(test, member) for member in context.members()]
                return evaluator.truth(node, context), sum(
                    of_members, start=basis_of_cite(about.cite, self.content)
                )
            case tree.Fact() | tree.Status() | tree.Compare() | tree.IsOneOf() | tree.Overlaps():
                return evaluator.truth(node, context), self.of_names(node, context)
        assert_never(node)

    @staticmethod
    def _of_parts(
        parts: list[tuple[TruthBounds, Basis]], settling: TruthBounds
    ) -> tuple[TruthBounds, Basis]:
        """When parts with the value `settling` settle the matter, the best founded of those;
        otherwise all parts."""
        enough = [basis for value, basis in parts if value == settling]
        if enough:
            return settling, min(enough, key=lambda basis: basis.rank)
        unknown = any(value == UNKNOWN for value, _ in parts)
        return UNKNOWN if unknown else evaluator.negation(settling), sum(
            (basis for _, basis in parts), start=NOTHING
        )
