"""From what the search found to models: each change with its words, its measure, and what it
opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import cast

from jmentitle.assessment.models import BEST_FIRST, Decision, Label
from jmentitle.assessment.needs import Needs
from jmentitle.assessment.offices import label
from jmentitle.assessment.pathway import openers
from jmentitle.chain.outcome import Outcome
from jmentitle.chain.specification import Context, World, grants_before
from jmentitle.chain.unknowns import Unknowns
from jmentitle.language import tree, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.values import MemberId
from jmentitle.pack.model import RECEIVES, Benefit, FactDefinition, Item
from jmentitle.pack.rules import Rules
from jmentitle.pack.text import LANGUAGES, Text
from jmentitle.profile.facts import Facts, Value
from jmentitle.views.counterfactual.decisions import Decisions
from jmentitle.views.counterfactual.models import (
    HOW,
    Change,
    Counterfactual,
    Counterfactuals,
    FactValue,
    Gap,
    How,
    Kind,
    Opens,
    Suggestion,
)
from jmentitle.views.counterfactual.moves import WAIT, Move, Moves, Situation, firsts
from jmentitle.views.counterfactual.numbers import sides
from jmentitle.views.counterfactual.reduced_rules import Cone
from jmentitle.views.counterfactual.search import Search
from jmentitle.views.explain.explanation import Explainer
from jmentitle.views.explain.leaves import leaf_words
from jmentitle.views.explain.proof import FactUsed, Figure, Proof
from jmentitle.views.explain.rule_words import expression_words
from jmentitle.views.explain.values import Values, subject
from jmentitle.views.timeline.reasons import Reasons

_EACH = 2
"""Decimal places of what is missing a head."""
_RECEIVED = Label(zh="现在已领取", en="received now")
_DAY = Label(zh="等待", en="waiting")


def cone_of(rules: Rules, item: Item, benefit: str | None) -> Cone:
    """All that bears on an item, or on one benefit of it. It serves any number of households."""
    return Cone(rules, tuple(one for one in item.benefits if benefit in (None, one.name)))


def counterfactuals(
    cone: Cone, facts: Facts, on: date, item: Item, benefit: str | None, members: list[int | None]
) -> Counterfactuals:
    """The changes that would open an item, or one benefit of it, for each of `members` (None: the
    household) for whom it is closed."""
    finder = Finder(cone, Situation(facts, on), benefit)
    results = [finder.counterfactual(member) for member in members]
    content = cone.rules.content
    after = {
        name
        for result in results
        for suggestion in result.suggestions
        for opens in suggestion.opens
        for name in opens.after
    }
    return Counterfactuals(
        on=on,
        items={
            name: label(content.items[name].name)
            for name in dict.fromkeys((item.id, *sorted(after)))
        },
        subjects={
            "household": finder.subject_label(None),
            **{str(id_): finder.subject_label(index) for index, id_ in enumerate(facts.ids)},
        },
        found=results,
    )


@dataclass
class Finder:
    """The counterfactuals of one household for the goals of a cone."""

    cone: Cone
    now: Situation
    benefit: str | None
    values: dict[str, Values] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.content = self.cone.rules.content
        self.facts = self.now.facts
        self.values = {language: Values(self.content, language) for language in LANGUAGES}
        self.entities = World(self.cone.ruleset(self.now.on), self.facts, self.now.on, {})
        self.decisions = Decisions(self.cone, self.now)

    def counterfactual(self, member: int | None) -> Counterfactual:
        now, outcome = self.decisions.of({})
        opened = self.cone.open_goals(member, outcome)
        decisions = [_decision(goal, certain) for goal, _, certain in opened]
        decision: Decision = min(decisions, key=BEST_FIRST.index) if decisions else "ineligible"
        needs = Needs(self.content, self.facts)
        suggestions = list[Suggestion]()
        complete = True
        if decision == "undetermined":
            needs.note(self.unknowns(now, outcome, member, opened))
        elif decision == "ineligible":
            search = Search(self.decisions, member)
            suggestions = [self.suggestion(moves, member) for moves in search.smallest_changes()]
            complete = search.complete
        return Counterfactual(
            item=self.cone.goals[0].item,
            benefit=self.benefit,
            subject=self.subject(member),
            decision=decision,
            suggestions=suggestions,
            ask=needs.facts(),
            complete=complete,
        )

    def subject(self, member: int | None) -> MemberId:
        return "household" if member is None else self.facts.ids[member]

    def subject_label(self, member: int | None) -> Label:
        return label(subject(self.content, self.facts, member))

    def both(self, zh: str, en: str) -> Label:
        return Label(zh=zh, en=en)

    # what is opened

    def suggestion(self, moves: Moves, member: int | None) -> Suggestion:
        after, outcome = self.decisions.of(firsts(moves))
        opened = self.cone.open_goals(member, outcome)
        ruleset = self.cone.ruleset(after.on)
        unknowns = self.unknowns(after, outcome, member, opened)
        missing, unpublished = Needs(self.content, self.facts).note(unknowns)
        opens = []
        for goal, layer, certain in opened:
            entity = World(
                ruleset, after.facts, after.on, grants_before(layer, ruleset, outcome)
            ).of(member)
            waits = openers(ruleset, goal, entity, outcome, layer) if layer > 0 else []
            opens.append(
                Opens(
                    benefit=goal.name,
                    name=label(goal.title),
                    decision=_decision(goal, certain),
                    after=waits,
                )
            )
        return Suggestion(
            how=_how(max((move.hard for move in moves), default=0)),
            on=after.on,
            changes=[
                self.change(move, [goal for goal, _, _ in opened], member, after) for move in moves
            ],
            opens=opens,
            missing=missing,
            unpublished=unpublished,
        )

    def unknowns(
        self,
        situation: Situation,
        outcome: Outcome,
        member: int | None,
        opened: list[tuple[Benefit, int, bool]],
    ) -> Unknowns:
        """The inputs of the goals that are not certain."""
        ruleset = self.cone.ruleset(situation.on)
        unknowns = Unknowns()
        if any(certain for _, _, certain in opened):
            return unknowns
        for goal, layer, _ in opened:
            world = World(
                ruleset, situation.facts, situation.on, grants_before(layer, ruleset, outcome)
            )
            unknowns.of_benefit(goal.reference, world.of(member))
        return unknowns

    # changes

    def change(
        self, move: Move, opened: list[Benefit], member: int | None, after: Situation
    ) -> Change:
        if move.name == WAIT:
            return self.wait_change(move, opened, member, after)
        owner: tree.Entity = "household" if move.member is None else "person"
        now = self.facts.value(move.member, move.name)
        definition = self.content.facts.get((owner, move.name))
        status = self.content.statuses.get(move.name)
        kind: Kind
        evidence: tuple[str, ...] = ()
        who: Label | None = None
        if definition is not None:
            kind = "fact"
            text = label(definition.label)
            evidence = definition.evidence
            who = label(self.content.answerers[definition.who])
        elif status is not None and status.certificate is not None:
            kind = "certificate"
            text = label(status.label)
            evidence = (status.certificate,)
        else:
            kind = "received"
            text = _RECEIVED
        row = "household" if move.member is None else f"members[{move.member}]"
        return Change(
            kind=kind,
            how=_how(move.hard),
            subject=self.subject(move.member),
            path=f"{row}.{move.name}",
            label=text,
            now=None if now is None else _plain(now, definition),
            to=[_plain(option, definition) for option in move.options],
            now_text=self.both(
                *(
                    self.options_text(language, move, () if now is None else (now,), definition)
                    for language in LANGUAGES
                )
            ),
            to_text=self.both(
                *(
                    self.options_text(language, move, move.options, definition)
                    for language in LANGUAGES
                )
            ),
            because=self.because(move),
            gap=self.gap(move),
            who=who,
            evidence=[label(self.content.documents[document]) for document in evidence],
        )

    def wait_change(
        self, move: Move, opened: list[Benefit], member: int | None, after: Situation
    ) -> Change:
        on = self.now.on
        day = after.on
        before, later = (
            Explainer(
                self.cone.ruleset(assessed_on),
                self.facts,
                assessed_on,
                self.decisions.of({(None, WAIT): assessed_on})[1],
            )
            for assessed_on in (on, day)
        )
        reasons = Reasons(before, later, self.subject_label)
        why = [reason for goal in opened for reason in reasons.of(goal, member)]
        days = (day - on).days
        months = (day.year - on.year) * 12 + day.month - on.month - (day.day < on.day)
        zh, en = (
            (f"{months}个月后", f"in {months} month{'s' * (months > 1)}")
            if months
            else (f"{days}天后", f"in {days} day{'s' * (days > 1)}")
        )
        return Change(
            kind="wait",
            how=_how(move.hard),
            subject="household",
            path=WAIT,
            label=_DAY,
            now=on.isoformat(),
            to=[day.isoformat()],
            now_text=self.both(on.isoformat(), on.isoformat()),
            to_text=self.both(f"{day.isoformat()}（{zh}）", f"{day.isoformat()} ({en})"),
            because=list(dict.fromkeys(why)) or self.because(move),
            gap=self.gap(move),
            evidence=[],
        )

    def options_text(
        self,
        language: str,
        move: Move,
        options: tuple[Value, ...],
        definition: FactDefinition | None,
    ) -> str:
        """The options in words; of many members of an enum, those that it must not be."""
        values = self.values[language]
        if not options:
            return values.say("unknown")
        if move.name == RECEIVES:
            drawn = sorted(cast("frozenset[str]", options[0]))
            return values.items(tuple(drawn)) if drawn else values.say("empty")
        kind = None if definition is None else definition.type
        if isinstance(kind, tree.Choice) and len(options) > 1:
            members = frozenset(self.content.enums[kind.enum].members)
            others = members - frozenset(cast("tuple[str, ...]", options))
            if len(others) < len(options):
                return _text(_OTHER, language).format(members=values.members(kind, others, "or"))
            return values.members(kind, frozenset(cast("tuple[str, ...]", options)), "or")
        return values.join_words(
            [values.fact(FactUsed("", move.name, move.member, option), kind) for option in options],
            "or",
        )

    def because(self, move: Move) -> list[Label]:
        """The requirement of the rule, as a sentence; a plain fact needs none."""
        if move.reason is None:
            return []
        node, member, want = move.reason
        proof = Proof(node, self.entities.of(member))
        return [
            self.both(*(leaf_words(proof, want, self.values[language]) for language in LANGUAGES))
        ]

    def gap(self, move: Move) -> Gap | None:
        """By how much the line of a comparison is missed, in all and a head where the rule counts
        heads."""
        if move.reason is None:
            return None
        node, member, _ = move.reason
        entity = self.entities.of(member)
        (low, high), (bound, most) = sides(node, entity)
        if low != high or bound != most or not isinstance(low, int) or not isinstance(bound, int):
            return None
        scale = tree.scale_of(node.left)
        unit = self.values["en"].unit_of(Figure(node.left, entity))
        unit = unit or self.values["en"].unit_of(Figure(node.right, entity))
        heads = next(
            (count for side in (node.left, node.right) for count in _heads(side, entity)), 0
        )
        return Gap(
            label=self.both(
                *(expression_words(self.content, node.left, language) for language in LANGUAGES)
            ),
            unit=units.show(unit),
            value=decimal_at(low, scale),
            bound=decimal_at(bound, scale),
            difference=decimal_at(low - bound, scale),
            each=decimal_at(round(Fraction((low - bound) * 10**_EACH, heads * 10**scale)), _EACH)
            if heads > 1
            else None,
        )


_OTHER = Text("“{members}”以外的任何一项", "anything except: {members}")


def _text(text: Text, language: str) -> str:
    return text.in_language(language)


def _heads(node: tree.Node, context: Context) -> Iterator[int]:
    """The number of persons that a line is multiplied by."""
    match node:
        case tree.Rescale(operand=operand):
            yield from _heads(operand, context)
        case tree.Product(left=left, right=right):
            for factor in (left, right):
                if isinstance(factor, tree.Quantity) and dict(factor.type.unit) == {"person": 1}:
                    low, high = context.owner(factor.entity).quantity(factor)
                    if low is not None and low == high:
                        yield low


def _decision(benefit: Benefit, certain: bool) -> Decision:
    if not certain:
        return "undetermined"
    return "discretionary" if benefit.discretionary else "eligible"


def _how(hard: int) -> How:
    return HOW[hard]


def _plain(value: Value, definition: FactDefinition | None) -> FactValue:
    """A value as a household file would state it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    scale = (
        definition.type.scale
        if definition is not None and isinstance(definition.type, tree.Numeric)
        else 0
    )
    return decimal_at(value, scale) if scale else value
