"""Explanations: for any benefit and beneficiary the decision, its proof and how the amount came
about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from jmentitle.assessment import display
from jmentitle.chain import amounts
from jmentitle.chain.outcome import NEVER, NOW, BenefitLayers, Outcome
from jmentitle.chain.specification import Context, World, grants_before
from jmentitle.language import former
from jmentitle.language.values import MemberId, shown_id
from jmentitle.pack.model import RECEIVES, Benefit, Content, Item
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts
from jmentitle.views.explain.proof import GRANTED, Figure, Proof

if TYPE_CHECKING:
    from jmentitle.views.counterfactual.models import Counterfactuals

Decision = Literal["eligible", "discretionary", "undetermined", "ineligible"]


@dataclass(slots=True, repr=False)
class Explanation:
    """One benefit for one beneficiary, with the reasons. The parts below the decision are computed
    on demand.

    Fields:
        benefit: The benefit, as the pack has it.
        decision: `eligible`, `discretionary`, `undetermined` or `ineligible`.
        layer: 0 for what is so now, n for what is so once the applications of the layers before
            have been granted.
        in_force: False where the benefit does not exist on this day.
    Example:
        >>> why = pack.explain(family, "elderly_welfare_subsidy", on, member="grandmother")[0]
        >>> why.decision
        'undetermined'
    """

    benefit: Benefit
    entity: Context
    decision: Decision
    layer: int
    in_force: bool
    proof: Proof | None
    outcome: Outcome
    look_for_changes: Callable[[], Counterfactuals] | None = None

    def _repr_html_(self) -> str:
        """The tree with the facts used, for a notebook: the caller has asked for reasons."""
        return Explanations([self])._repr_html_()

    def __repr__(self) -> str:
        return (
            f"<Explanation of {self.benefit.reference} for {shown_id(self.subject)}:"
            f" {self.decision}>"
        )

    @property
    def content(self) -> Content:
        return self.entity.world.ruleset.content

    @property
    def on(self) -> date:
        """The day of assessment."""
        return self.entity.on

    @property
    def item(self) -> Item:
        """The item that the benefit belongs to."""
        return self.content.items[self.benefit.item]

    @property
    def subject(self) -> MemberId:
        """`household` or the id of the member, as in an assessment."""
        member = self.entity.member
        return "household" if member is None else self.entity.world.facts.ids[member]

    @property
    def received(self) -> bool:
        """Whether the household file says that it is drawn already."""
        drawn = self.entity.world.facts.value(self.entity.member, RECEIVES)
        return isinstance(drawn, frozenset) and (
            self.benefit.reference in drawn or self.benefit.item in drawn
        )

    @property
    def after(self) -> tuple[str, ...]:
        """The benefits on whose grant the answer rests, those that are certain where there
        are any."""
        if self.proof is None or self.layer <= NOW:
            return ()
        return tuple(
            dict.fromkeys(
                reference
                for granted in _grants(self.proof, True)
                for reference in self._opening(granted)
            )
        )

    def _opening(self, granted: Proof) -> list[str]:
        layers = self.outcome.layers_of(granted.member)
        benefits = self.outcome.benefits(granted.member)
        indices = [(reference, benefits.index(reference)) for reference in granted.grantors]
        certain = [
            reference for reference, index in indices if NEVER < layers.certain[index] < self.layer
        ]
        return certain or [
            reference for reference, index in indices if NEVER < layers.possible[index] < self.layer
        ]

    @property
    def amount(self) -> amounts.Amount | None:
        """The amount; None if nothing is paid or the benefit is closed."""
        pays = self.benefit.pays
        return (
            None
            if pays is None or self.decision == "ineligible"
            else amounts.amount_of(pays, self.entity)
        )

    @property
    def counterfactuals(self) -> Counterfactuals | None:
        """The counterfactuals that would open a closed benefit; each access searches again, for
        some milliseconds."""
        return (
            self.look_for_changes()
            if self.decision == "ineligible" and self.look_for_changes is not None
            else None
        )

    @property
    def nearest(self) -> Counterfactuals | None:
        """The former name of `counterfactuals`."""
        former.warn("Explanation", "nearest", "counterfactuals")
        return self.counterfactuals

    def to_text(
        self, language: str = "zh", *, why_not: bool = False, everything: bool = False
    ) -> str:
        """The explanation for people.

        Arguments:
            language: `zh`, `zh-Hant` or `en`.
            why_not: Whether it also says what would open the benefit.
            everything: Whether it also shows what the answer does not rest on.
        Returns:
            Plain text. It holds the facts that were used: personal data.
        Raises:
            ArgumentError: JM073 for another language.
            ExtraMissingError: JM095 for `zh-Hant` without the extra `hant`.
        Example:
            >>> print(why.to_text("en").splitlines()[0])
            Welfare subsidies for the elderly · high-age allowance — member 2 (2018-10-15)
        """
        return display.text(
            "explanation.text", self, language, why_not=why_not, everything=everything
        )

    def to_dict(self, *, why_not: bool = False, everything: bool = False) -> dict[str, object]:
        """The explanation as plain values, ready for JSON.

        Arguments:
            why_not: Whether it also says what would open the benefit.
            everything: Whether it also shows what the answer does not rest on.
        Returns:
            Plain values. They hold the facts that were used: personal data.
        Example:
            >>> why.to_dict()["decision"]
            'undetermined'
        """
        record: dict[str, object] = display.form("explanation.record")(self, everything=everything)
        if why_not:
            opening = self.counterfactuals
            record["counterfactuals"] = None if opening is None else opening.model_dump(mode="json")
        return record

    @property
    def figures(self) -> list[Figure]:
        """The formula of the amount and, where there is one, of its cap."""
        pays = self.benefit.pays
        if pays is None or self.decision == "ineligible":
            return []
        return [Figure(node, self.entity) for node in (pays.amount, pays.cap) if node is not None]


class Explanations(list[Explanation]):
    """A list of explanations that a notebook shows one below the other.

    Example:
        >>> item = "disabled_living_and_care_subsidies"
        >>> explanations = pack.explain(family, item, on, member="father")
        >>> [one.decision for one in explanations]
        ['undetermined', 'undetermined']
    """

    def _repr_html_(self) -> str:
        return display.html("explanations.notebook", self, "zh")


@dataclass
class Explainer:
    """The explanations of one household on one day, from what any engine found."""

    ruleset: Ruleset
    facts: Facts
    on: date
    outcome: Outcome
    _worlds: dict[int, World] = field(default_factory=dict)

    def world(self, layer: int) -> World:
        """The household with everything granted that was found before `layer`."""
        if layer not in self._worlds:
            self._worlds[layer] = World(
                self.ruleset, self.facts, self.on, grants_before(layer, self.ruleset, self.outcome)
            )
        return self._worlds[layer]

    def of(self, benefit: Benefit, member: int | None) -> Explanation:
        """The explanation of one benefit; `member` is None exactly for benefits of the
        household."""
        if benefit.reference not in self.ruleset.benefits:
            return Explanation(
                benefit, self.world(NOW).of(member), "ineligible", NEVER, False, None, self.outcome
            )
        reference = benefit.reference
        return self._explanation(
            reference,
            self.outcome.layers_of(member),
            self.outcome.benefits(member).index(reference),
            member,
        )

    def of_item(self, item: Item) -> Iterator[Explanation]:
        """Every benefit of an item for everybody whom it is for, those that do not exist on this
        day included."""
        for member in [None] if item.entity == "household" else range(len(self.facts.members)):
            yield from (self.of(benefit, member) for benefit in item.benefits)

    def all(self) -> Iterator[Explanation]:
        """Every benefit that exists on this day for every beneficiary: the household first, then
        each member."""
        for member in (None, *range(len(self.facts.members))):
            found = self.outcome.layers_of(member)
            for index, reference in enumerate(self.outcome.benefits(member)):
                yield self._explanation(reference, found, index, member)

    def _explanation(
        self, reference: str, layers: BenefitLayers, index: int, member: int | None
    ) -> Explanation:
        benefit = self.ruleset.benefits[reference]
        certain, possible = layers.certain[index], layers.possible[index]
        decision: Decision = (
            "ineligible"
            if possible == NEVER
            else "undetermined"
            if certain == NEVER
            else "eligible"
        )
        if decision == "eligible" and benefit.discretionary:
            decision = "discretionary"
        layer = certain if certain != NEVER else possible if possible != NEVER else NOW
        entity = self.world(layer).of(member)
        node = self.ruleset.conditions[reference]
        return Explanation(
            benefit,
            entity,
            decision,
            layer,
            True,
            None if node is None else Proof(node, entity),
            self.outcome,
        )


def _grants(proof: Proof, positive: bool) -> Iterator[Proof]:
    """The grants that help: what is granted below a `none` does not."""
    if proof.way == GRANTED and positive:
        yield proof
    for child in proof.because:
        if isinstance(child, Proof):
            yield from _grants(child, positive != (proof.kind == "none"))
