"""Why a benefit stands differently than the day before: the same rule evaluated on both days,
followed to where the two part.

A truth or a number that is the same on both days explains nothing and is not looked into. What is
left at the end of every branch is something that time does: an age reached, a dated value replaced,
a condition or a benefit that begins or ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import assert_never

from jmentitle.assessment.models import Label
from jmentitle.chain.specification import Context
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, TruthBounds
from jmentitle.language.tree import Operand, TruthNode
from jmentitle.pack.model import Benefit
from jmentitle.views.explain.explanation import Explainer
from jmentitle.views.timeline import words

# What a quantity consists of when nothing but time moves it.
_RUNNING = (
    tree.Elapsed,
    tree.Sum,
    tree.Difference,
    tree.Negative,
    tree.Rescale,
    tree.Least,
    tree.Greatest,
    tree.Constant,
    tree.DayConstant,
    tree.AssessmentDate,
    tree.Fact,
)


class Reasons:
    """The reasons for the change of one benefit from one day to the next. `subject` names the
    members."""

    def __init__(self, before: Explainer, now: Explainer, subject: Callable[[int], Label]) -> None:
        self.before, self.now, self.subject = before, now, subject
        self.content = now.ruleset.content
        self.everything = False
        self._about: int | None = None
        self._found: dict[Label, None] = {}
        self._visited: set[tuple[int | None, str]] = set()

    def of(self, benefit: Benefit, member: int | None) -> list[Label]:
        """What brought it about that `benefit` stands differently for `member` (None: the
        household)."""
        self._about = member
        self._benefit(benefit, member)
        self._worth(benefit, member)
        if not self._found:
            # The same decision by another way, as when another application comes to open it:
            # whatever has changed on the way to it.
            self.everything = True
            self._visited.clear()
            self._benefit(benefit, member)
        return list(self._found)

    def _add(self, reason: Label, member: int | None = None) -> None:
        if member is not None and member != self._about:
            reason = words.of_subject(self.subject(member), reason)
        self._found[reason] = None

    # benefits

    def _benefit(self, benefit: Benefit, member: int | None) -> None:
        """Why the benefit opens differently."""
        if (member, benefit.reference) in self._visited:
            return
        self._visited.add((member, benefit.reference))
        existed, exists = (
            benefit.reference in day.ruleset.benefits for day in (self.before, self.now)
        )
        if existed != exists:
            self._add(words.benefit_exists(self.content, benefit, begins=exists))
        elif exists and benefit.when is not None:
            for layer in range(self._layers()):
                one, two = self.before.world(layer).of(member), self.now.world(layer).of(member)
                if self.everything or one.condition(benefit.reference) != two.condition(
                    benefit.reference
                ):
                    self._truth(benefit.when, one, two, TRUE)
                    if not self.everything:
                        return

    def _layers(self) -> int:
        """How many layers there are to look at on either day."""
        found = [
            one
            for outcome in (self.before.outcome, self.now.outcome)
            for one in (outcome.household, *outcome.members)
        ]
        return 2 + max(layer for one in found for layer in (*one.possible, *one.certain, 0))

    def _worth(self, benefit: Benefit, member: int | None) -> None:
        """Why the amount, the volume or what is due of an open benefit is another."""
        one, two = self.before.of(benefit, member), self.now.of(benefit, member)
        if not {one.decision, two.decision} <= {"eligible", "discretionary"}:
            return
        pays, volume, schedule = benefit.pays, benefit.volume, benefit.schedule
        for node in (pays.amount, pays.cap, pays.lasts) if pays is not None else ():
            if node is not None:
                self._number(node, one.entity, two.entity)
        if volume is not None:
            self._number(volume.amount, one.entity, two.entity)
        if schedule is not None:
            self._number(schedule.by, one.entity, two.entity)
            for entry in schedule.entries:
                if entry.window.holds(one.on) != entry.window.holds(two.on):
                    self._add(
                        words.schedule_line_exists(entry.text, begins=entry.window.holds(two.on))
                    )

    # truths

    def _truth(self, node: TruthNode, one: Context, two: Context, neutral: TruthBounds) -> None:
        """Why a condition came out differently. One with the `neutral` truth may appear or
        disappear without any effect."""
        first, second = tree.on_date(node, one.on), tree.on_date(node, two.on)
        if first is None or second is None:
            exists, entity = (first, one) if second is None else (second, two)
            if exists is not None and (
                self.everything or evaluator.truth(exists, entity) != neutral
            ):
                assert isinstance(node, tree.Condition)
                self._add(words.condition_exists(self.content, node, begins=second is not None))
            return
        if not self.everything and evaluator.truth(first, one) == evaluator.truth(second, two):
            return
        match node:
            case tree.All(parts=parts):
                for part in parts:
                    self._truth(part, one, two, TRUE)
            case tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
                for part in parts:
                    self._truth(part, one, two, FALSE)
            case tree.Leaf(test=test):
                self._truth(test, one, two, neutral)
            case tree.AnyMember(test=test) | tree.AllMembers(test=test):
                self._of_members(test, one, two)
            case tree.Status(entity=owner, name=name):
                self._status(name, one.owner(owner), two.owner(owner))
            case tree.Compare(left=left, right=right):
                if tree.AssessmentDate() in (left, right):
                    self._add(
                        words.day_passes(
                            self.content, left if isinstance(right, tree.AssessmentDate) else right
                        ),
                        one.member,
                    )
                elif not _is_day(left):
                    self._number(left, one, two)
                    self._number(right, one, two)
            case tree.Fact() | tree.IsOneOf() | tree.Overlaps():
                pass
            case _:
                assert_never(node)

    def _of_members(self, test: TruthNode, one: Context, two: Context) -> None:
        for first, second in zip(one.members(), two.members(), strict=True):
            self._truth(test, first, second, FALSE)

    def _status(self, name: str, one: Context, two: Context) -> None:
        if (one.member, name) in self._visited:
            return
        self._visited.add((one.member, name))
        definition = self.content.statuses[name]
        if one.attested(name) is None:
            if definition.when is not None:
                self._truth(definition.when, one, two, FALSE)
            drawn = one.received(name) != two.received(name)
        else:
            drawn = False
        granted = one.world.grants.get((name, one.member)) != two.world.grants.get(
            (name, two.member)
        )
        grantors = dict.fromkeys(
            (*self.before.ruleset.grantors.get(name, ()), *self.now.ruleset.grantors.get(name, ()))
        )
        for reference in grantors if drawn or granted or self.everything else ():
            benefit = (
                self.now.ruleset.benefits.get(reference) or self.before.ruleset.benefits[reference]
            )
            self._benefit(benefit, one.member)

    # numbers

    def _number(self, node: Operand, one: Context, two: Context) -> None:
        """Why a number is another."""
        if isinstance(node, tree.Quotient):
            self._parts((node.left, node.right), one, two)
            return
        before, now = evaluator.number(node, one), evaluator.number(node, two)
        if before == now and not self.everything:
            return
        match node:
            case tree.Elapsed(start=start, end=end):
                if before != now and now[0] is not None:
                    personal = any(
                        isinstance(day, tree.Fact) and day.entity == "person"
                        for day in (start, end)
                    )
                    self._add(
                        words.elapsed(self.content, node, now[0]), one.member if personal else None
                    )
            case tree.Quantity(entity=owner, name=name):
                value, owners = (
                    self.content.quantities[name].value,
                    (one.owner(owner), two.owner(owner)),
                )
                if all(isinstance(inner, _RUNNING) for inner in tree.walk(value)):
                    if before != now and before[0] is not None and now[0] is not None:
                        self._add(
                            words.reaches(self.content, node, before[0], now[0]), owners[0].member
                        )
                else:
                    self._number(value, *owners)
            case tree.Parameter():
                self._parameter(node, one, two)
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                self._truth(test, one, two, TRUE)
                self._number(then, one, two)
                self._number(otherwise, one, two)
            case tree.CountMembers(test=test):
                self._of_members(test, one, two)
            case tree.SumMembers(number=number):
                for first, second in zip(one.members(), two.members(), strict=True):
                    self._number(number, first, second)
            case tree.Sum() | tree.Difference() | tree.Product():
                self._parts((node.left, node.right), one, two)
            case (
                tree.Negative(operand=operand)
                | tree.Rescale(operand=operand)
                | tree.Rounded(operand=operand)
            ):
                self._number(operand, one, two)
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                self._parts(parts, one, two)
            case tree.Constant() | tree.Fact() | tree.DayConstant() | tree.AssessmentDate():
                pass
            case _:
                assert_never(node)

    def _parts(self, nodes: Iterable[Operand], one: Context, two: Context) -> None:
        for node in nodes:
            self._number(node, one, two)

    def _parameter(self, node: tree.Parameter, one: Context, two: Context) -> None:
        """A dated value is replaced, or another step of it is reached."""
        entries = [entity.world.ruleset.parameters[node.name] for entity in (one, two)]
        if entries[0] is not entries[1]:
            # At what is reached today, so that a step reached on the same day is told apart.
            before = (
                one.table(node)
                if node.steps_of is None
                else evaluator.step(one.steps(node), evaluator.number(node.steps_of, two))
            )
            now = evaluator.number(node, two)
            if before != now:
                cite = entries[1].cite_of(tuple(two.value(fact) for fact in node.keys))
                self._add(words.value_changes(self.content, node, before, now, cite))
        if node.steps_of is not None:
            self._number(node.steps_of, one, two)


def _is_day(node: Operand) -> bool:
    return isinstance(node, tree.DayConstant) or (
        isinstance(node, tree.Fact) and isinstance(node.type, tree.Day)
    )
