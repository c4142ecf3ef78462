"""From what an engine found to an assessment: amounts, offices, documents, what is missing, the
path, conflicts and discrepancies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from jmentitle.assessment import models
from jmentitle.assessment.conflicts import conflicts_of
from jmentitle.assessment.grades import Bases, Basis, basis_of_cite
from jmentitle.assessment.models import BEST_FIRST, ItemResult, Label
from jmentitle.assessment.needs import Needs
from jmentitle.assessment.offices import label, offices_of
from jmentitle.assessment.pathway import openers, pathway_of
from jmentitle.assessment.receipt import draft_receipt, with_result_digest
from jmentitle.chain import amounts
from jmentitle.chain.engines import decide
from jmentitle.chain.outcome import NEVER, Outcome
from jmentitle.chain.specification import Context, World, grants_before
from jmentitle.chain.unknowns import Unknowns
from jmentitle.language import evaluator, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.values import MemberId
from jmentitle.pack.garbage import without_collection
from jmentitle.pack.model import GRADES, RECEIVES, Benefit, Item
from jmentitle.pack.rules import Rules
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts
from jmentitle.profile.validation import Profile

HOUSEHOLD = Label(zh="全家", en="household")


def assess(
    rules: Rules, profile: Profile, on: date, engine_name: str = "native"
) -> models.Assessment:
    """The assessment of a checked household on a day. Raises ArgumentError (JM079) outside the
    validity."""
    outcome = decide(rules, profile.facts, on, engine_name)
    return Builder(
        rules.ruleset(on), rules.digest, engine_name, profile.facts, on, outcome
    ).assessment()


@dataclass
class Builder:
    """One assessment in the making."""

    ruleset: Ruleset
    pack_digest: str
    engine: str
    facts: Facts
    on: date
    outcome: Outcome
    needs: Needs = field(init=False)
    cited: dict[str, None] = field(default_factory=dict)
    _worlds: dict[int, World] = field(default_factory=dict)
    _bases: dict[World, Bases] = field(default_factory=dict)
    _indices: dict[str, int] = field(default_factory=dict)
    _alike: dict[int | None, int | None] = field(default_factory=dict)
    """The first member with the same facts: but for what is missing, the same comes of both."""
    _items: dict[tuple[str, int | None], ItemResult] = field(default_factory=dict)
    _unknowns: dict[tuple[str, int | None], Unknowns] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._alike.update(enumerate(self.facts.alike()))
        self.needs = Needs(self.ruleset.content, self.facts)
        for benefits in (self.outcome.household_benefits, self.outcome.person_benefits):
            self._indices.update({benefit: index for index, benefit in enumerate(benefits)})

    def assessment(self) -> models.Assessment:
        """The whole assessment. It consists of up to some ten thousand objects, which all stay."""
        with without_collection():
            return with_result_digest(self.whole())

    def whole(self) -> models.Assessment:
        content = self.ruleset.content
        results = [
            self.item(item, member)
            for item, member in self.subjects()
            if any(self.benefits_in_force(item))
        ]
        conflicts = conflicts_of(content, results)
        return models.Assessment(
            on=self.on,
            pack_name=label(content.name),
            units=self.units(results),
            domains={name: label(text) for name, text in content.domains.items()},
            subjects={
                "household": HOUSEHOLD,
                **{str(id_): self.member_label(index) for index, id_ in enumerate(self.facts.ids)},
            },
            results=results,
            missing=self.needs.facts(),
            unpublished=self.needs.values(),
            pathway=pathway_of(results),
            conflicts=conflicts,
            discrepancies=list(self.discrepancies()),
            sources=self.sources([text for conflict in conflicts for text in conflict.sources]),
            hotlines=self.hotlines(results),
            receipt=draft_receipt(content, self.pack_digest, self.engine, self.facts, self.on),
        )

    def subjects(self) -> Iterator[tuple[Item, int | None]]:
        for item in self.ruleset.content.items.values():
            if item.entity == "household":
                yield item, None
            else:
                yield from ((item, member) for member in range(len(self.facts.members)))

    def benefits_in_force(self, item: Item) -> list[Benefit]:
        return [benefit for benefit in item.benefits if benefit.reference in self.ruleset.benefits]

    def world(self, layer: int) -> World:
        """The household with everything granted that was found before `layer`."""
        if layer not in self._worlds:
            self._worlds[layer] = World(
                self.ruleset, self.facts, self.on, grants_before(layer, self.ruleset, self.outcome)
            )
        return self._worlds[layer]

    def subject(self, member: int | None) -> MemberId:
        return "household" if member is None else self.facts.ids[member]

    def member_label(self, index: int) -> Label:
        """How a text calls a member: by relation where that is known, by number otherwise; never by
        name."""
        fact = self.ruleset.content.facts.get(("person", "relation"))
        if fact is not None and fact.name in self.facts.order.person:
            value = self.facts.value(index, "relation")
            enum = getattr(fact.type, "enum", None)
            if isinstance(value, str) and enum is not None:
                text = self.ruleset.content.enums[enum].members[value]
                return Label(
                    zh=f"成员{index + 1}（{text.zh}）", en=f"member {index + 1} ({text.en})"
                )
        return Label(zh=f"成员{index + 1}", en=f"member {index + 1}")

    # items and benefits

    def item(self, item: Item, member: int | None) -> ItemResult:
        """The result of an item for one person or the household."""
        like = self._alike.get(member, member)
        if like != member:
            twin_result = self._items[item.id, like]
            pairs = zip(self.benefits_in_force(item), twin_result.benefits, strict=True)
            same = [self.copy_benefit(benefit, result, member) for benefit, result in pairs]
            return twin_result.model_copy(
                update={"subject": self.subject(member), "benefits": same}
            )
        result = self._items[item.id, member] = self.first_item(item, member)
        return result

    def first_item(self, item: Item, member: int | None) -> ItemResult:
        benefits = [self.benefit(benefit, member) for benefit in self.benefits_in_force(item)]
        best = min(
            benefits, key=lambda result: (BEST_FIRST.index(result.decision), bool(result.after))
        )
        apply = item.apply
        entity = self.world(0).of(member)
        grades = [result.grade for result in benefits if result.decision == best.decision]
        return ItemResult(
            item=item.id,
            number=item.number,
            domain=item.domain,
            name=label(item.name),
            summary=label(item.summary),
            universal=item.universal,
            subject=self.subject(member),
            decision=best.decision,
            received=any(result.received for result in benefits),
            after=best.after,
            benefits=benefits,
            offices=offices_of(item, entity, self.on) if best.decision != "ineligible" else [],
            documents=[label(self.ruleset.content.documents[document]) for document in apply.bring]
            if best.decision != "ineligible"
            else [],
            how=label(apply.how) if apply.how.zh and best.decision != "ineligible" else None,
            information=[
                label(remark.text) for remark in item.information if remark.window.holds(self.on)
            ],
            gaps=[label(gap.text) for gap in item.gaps],
            grade=max(grades, key=GRADES.index),
        )

    def benefit(self, benefit: Benefit, member: int | None) -> models.BenefitResult:
        decision, layer, entity = self.decision_of(benefit, member)
        amount, unknowns = self.unknowns_of(benefit, decision, entity)
        self._unknowns[benefit.reference, member] = unknowns
        missing, unpublished = self.needs.note(unknowns)
        basis = self.basis(benefit, entity, decision)
        self.cited.update(dict.fromkeys(basis.cited))
        return models.BenefitResult(
            benefit=benefit.name,
            name=label(benefit.title),
            kind=benefit.kind,
            decision=decision,
            received=self.received(benefit, member),
            after=openers(self.ruleset, benefit, entity, self.outcome, layer)
            if layer > 0 and decision != "ineligible"
            else [],
            amount=None if amount is None else self.amount(amount, benefit),
            gives=label(benefit.gives) if benefit.gives.zh else None,
            volume=self.volume(benefit, entity),
            schedule=self.schedule(benefit, entity) if decision != "ineligible" else [],
            missing=missing,
            unpublished=unpublished,
            grade=basis.grade,
            sources=list(basis.cited),
        )

    def copy_benefit(
        self, benefit: Benefit, result: models.BenefitResult, member: int | None
    ) -> models.BenefitResult:
        """The result of a benefit for a member, copied from a member with equal facts."""
        like = self._alike[member]
        unknowns = self._unknowns[benefit.reference, like]
        if any(other not in (None, like) for other, _ in unknowns.facts):
            # The facts of others come in the order of a walk that begins with the member's own.
            decision, _, entity = self.decision_of(benefit, member)
            _, unknowns = self.unknowns_of(benefit, decision, entity)
        elif unknowns.facts:
            own_unknowns = {
                (None if of is None else member, name): None for of, name in unknowns.facts
            }
            unknowns = Unknowns(own_unknowns, unknowns.parameters)
        missing, unpublished = self.needs.note(unknowns)
        return result.model_copy(update={"missing": missing, "unpublished": unpublished})

    def decision_of(
        self, benefit: Benefit, member: int | None
    ) -> tuple[models.Decision, int, Context]:
        """The decision, the layer that reached it, and the member in the world of that layer."""
        layers = self.outcome.layers_of(member)
        index = self._indices[benefit.reference]
        certain, possible = layers.certain[index], layers.possible[index]
        decision: models.Decision = (
            "ineligible"
            if possible == NEVER
            else "undetermined"
            if certain == NEVER
            else "eligible"
        )
        if decision == "eligible" and benefit.discretionary:
            decision = "discretionary"
        layer = max(certain if certain != NEVER else possible, 0)
        return decision, layer, self.world(layer).of(member)

    def unknowns_of(
        self, benefit: Benefit, decision: models.Decision, context: Context
    ) -> tuple[amounts.Amount | None, Unknowns]:
        """The amount, and the facts and values on which decision and amount hang."""
        unknowns = Unknowns()
        if decision == "undetermined":
            unknowns.of_benefit(benefit.reference, context)
        amount = None
        if benefit.pays is not None and decision != "ineligible":
            amount = amounts.amount_of(benefit.pays, context)
            unknowns.facts.update(amount.unknowns.facts)
            unknowns.parameters.update(amount.unknowns.parameters)
        return amount, unknowns

    def received(self, benefit: Benefit, member: int | None) -> bool:
        receives = self.facts.value(member, RECEIVES)
        return isinstance(receives, frozenset) and (
            benefit.reference in receives or benefit.item in receives
        )

    def basis(self, benefit: Benefit, context: Context, decision: models.Decision) -> Basis:
        node = self.ruleset.conditions[benefit.reference]
        basis = basis_of_cite(benefit.cite, self.ruleset.content)
        bases = self._bases.setdefault(context.world, Bases(self.ruleset.content))
        if node is not None:
            basis += bases.of_condition(node, context)
        if benefit.pays is not None and decision != "ineligible":
            basis += bases.of_names(benefit.pays.amount, context)
        return basis

    def amount(self, amount: amounts.Amount, benefit: Benefit) -> models.Amount:
        payer = (
            None
            if benefit.pays is None or benefit.pays.payer is None
            else label(self.ruleset.content.payers[benefit.pays.payer])
        )
        lasts = amount.lasts or (None, None)
        return models.Amount(
            certainty=amount.certainty,
            low=_decimal(amount.low, 2)
            if amount.certainty not in ("unpublished", "undetermined", "at_most")
            else None,
            high=_decimal(amount.high, 2)
            if amount.certainty not in ("unpublished", "undetermined", "at_least")
            else None,
            currency=units.CURRENCY,
            period=units.period_of(amount.unit),
            lasts_low=lasts[0],
            lasts_high=lasts[1],
            lasts_unit=units.show(amount.lasts_unit) if amount.lasts is not None else None,
            payer=payer,
        )

    def volume(self, benefit: Benefit, context: Context) -> models.Volume | None:
        if benefit.volume is None:
            return None
        low, high = evaluator.number(benefit.volume.amount, context)
        scale = benefit.volume.type.scale
        return models.Volume(
            low=_decimal(low, scale),
            high=_decimal(high, scale),
            unit=units.show(benefit.volume.type.unit),
        )

    def schedule(self, benefit: Benefit, context: Context) -> list[models.ScheduleLine]:
        if benefit.schedule is None:
            return []
        low, high = evaluator.number(benefit.schedule.by, context)
        position = low if low == high else None
        entries = [entry for entry in benefit.schedule.entries if entry.window.holds(self.on)]
        lines = []
        for entry in entries:
            state: models.ScheduleState
            if position is None:
                state = "unknown"
            elif position < entry.at:
                state = "later"
            else:
                state = "due" if entry.to is None or position <= entry.to else "past"
            lines.append(
                models.ScheduleLine(at=entry.at, to=entry.to, text=label(entry.text), state=state)
            )
        return lines

    # the whole

    def discrepancies(self) -> Iterator[models.Discrepancy]:
        """Certificates and facts that are both known and differ."""
        content = self.ruleset.content
        world = self.world(0)
        for status in content.statuses.values():
            for member in (
                [None] if status.entity == "household" else range(len(self.facts.members))
            ):
                entity = world.of(member)
                attested = entity.attested(status.name)
                if attested is None:
                    continue
                low, high = entity.derive_status(status.name)
                if low == high and low != attested:
                    yield models.Discrepancy(
                        subject=self.subject(member),
                        status=status.name,
                        label=label(status.label),
                        attested=attested,
                        derived=low,
                    )

    def sources(self, more: list[str]) -> dict[str, models.Cited]:
        content = self.ruleset.content
        cited = {}
        for text in [*self.cited, *more]:
            id_, _, passage = text.partition(" ")
            source = content.sources[id_]
            cited[text] = models.Cited(
                source=id_,
                place=passage or None,
                title=label(source.title),
                issuer=label(source.issuer),
                number=source.number,
                date=source.date,
                grade=source.grade,
            )
        return dict(sorted(cited.items()))

    def units(self, results: list[ItemResult]) -> dict[str, Label]:
        """The pack's names of the units in which quantities are given."""
        used_units = [
            benefit.volume.unit
            for result in results
            for benefit in result.benefits
            if benefit.volume is not None
        ]
        bases = {base for unit in used_units for base in unit.split("/")}
        return {
            base: label(text) for base, text in self.ruleset.content.units.items() if base in bases
        }

    def hotlines(self, results: list[ItemResult]) -> dict[str, Label]:
        numbers = {
            number for result in results for office in result.offices for number in office.hotlines
        }
        return {
            number: label(self.ruleset.content.hotlines[number].name) for number in sorted(numbers)
        }


def _decimal(value: int | None, scale: int) -> Decimal | None:
    return None if value is None else decimal_at(value, scale)
