"""Why the standing of a benefit differs from the day before: the same rule is evaluated on both
days and followed to where the results part.

A truth or a number that is equal on both days explains nothing and is not followed. Every branch
ends in something that time does: an age is reached, a dated value is replaced, a condition or a
benefit begins or ends. For `all: [age >= 60, low_income]` on a 60th birthday:

| node       | day before | day  | followed to          |
| all        | false      | true | its parts            |
| age >= 60  | false      | true | age                  |
| age        | 59         | 60   | the reason: turns 60 |
| low_income | true       | true | nothing              |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import assert_never

from jmentitle.assessment.models import Label
from jmentitle.chain.specification import Context
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, NumberBounds, TruthBounds
from jmentitle.language.tree import Operand, TruthNode
from jmentitle.pack.model import Benefit
from jmentitle.views.explain.explanation import Explainer
from jmentitle.views.timeline import words

# The kinds of nodes of a quantity that only time changes.
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
        self.before = before
        self.now = now
        self.subject = subject
        self.content = now.ruleset.content
        self.everything = False
        self._about: int | None = None
        self._found: dict[Label, None] = {}
        self._visited: set[tuple[int | None, str]] = set()

    def of(self, benefit: Benefit, member: int | None) -> list[Label]:
        """The reasons why the standing of `benefit` differs for `member` (None: the household)."""
        self._about = member
        self._benefit(benefit, member)
        self._worth(benefit, member)
        if not self._found:
            # The decision is the same by another way, as when another application opens it: then
            # every change on the way to it is a reason.
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
                earlier, later = (
                    self.before.world(layer).of(member),
                    self.now.world(layer).of(member),
                )
                if self.everything or earlier.condition(benefit.reference) != later.condition(
                    benefit.reference
                ):
                    self._truth(benefit.when, earlier, later, TRUE)
                    if not self.everything:
                        return

    def _layers(self) -> int:
        """How many layers there are to compare on either day."""
        outcomes = (self.before.outcome, self.now.outcome)
        return 2 + max(
            layer
            for outcome in outcomes
            for layers in (outcome.household, *outcome.members)
            for layer in (*layers.possible, *layers.certain, 0)
        )

    def _worth(self, benefit: Benefit, member: int | None) -> None:
        """Why the amount, the volume or what is due of an open benefit is another."""
        earlier, later = self.before.of(benefit, member), self.now.of(benefit, member)
        if not {earlier.decision, later.decision} <= {"eligible", "discretionary"}:
            return
        pays = benefit.pays
        volume = benefit.volume
        schedule = benefit.schedule
        for node in (pays.amount, pays.cap, pays.lasts) if pays is not None else ():
            if node is not None:
                self._number(node, earlier.entity, later.entity)
        if volume is not None:
            self._number(volume.amount, earlier.entity, later.entity)
        if schedule is not None:
            self._number(schedule.by, earlier.entity, later.entity)
            for entry in schedule.entries:
                if entry.window.holds(earlier.on) != entry.window.holds(later.on):
                    self._add(
                        words.schedule_line_exists(entry.text, begins=entry.window.holds(later.on))
                    )

    # truths

    def _truth(
        self, node: TruthNode, earlier: Context, later: Context, neutral: TruthBounds
    ) -> None:
        """Add why a condition differs. A condition with the `neutral` truth may appear or disappear
        without any effect."""
        before = tree.on_date(node, earlier.on)
        now = tree.on_date(node, later.on)
        if before is None or now is None:
            self._existence(node, (before, earlier), (now, later), neutral)
            return
        if not self.everything and evaluator.truth(before, earlier) == evaluator.truth(now, later):
            return
        match node:
            case tree.All(parts=parts):
                self._truths(parts, earlier, later, TRUE)
            case tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
                self._truths(parts, earlier, later, FALSE)
            case tree.Leaf(test=test):
                self._truth(test, earlier, later, neutral)
            case tree.AnyMember(test=test) | tree.AllMembers(test=test):
                self._of_members(test, earlier, later)
            case tree.Status(entity=owner, name=name):
                self._status(name, earlier.owner(owner), later.owner(owner))
            case tree.Compare():
                self._comparison(node, earlier, later)
            case tree.Fact() | tree.IsOneOf() | tree.Overlaps():
                pass
            case _:
                assert_never(node)

    def _existence(
        self,
        node: TruthNode,
        before: tuple[TruthNode | None, Context],
        now: tuple[TruthNode | None, Context],
        neutral: TruthBounds,
    ) -> None:
        """Add that a dated condition begins or ends, if that has an effect."""
        begins = before[0] is None
        condition, context = now if begins else before
        if condition is None:
            return
        if self.everything or evaluator.truth(condition, context) != neutral:
            assert isinstance(node, tree.Condition)
            self._add(words.condition_exists(self.content, node, begins=begins))

    def _comparison(self, node: tree.Compare, earlier: Context, later: Context) -> None:
        left, right = node.left, node.right
        if tree.AssessmentDate() in (left, right):
            day = left if isinstance(right, tree.AssessmentDate) else right
            self._add(words.day_passes(self.content, day), earlier.member)
        elif not _is_day(left):
            self._numbers((left, right), earlier, later)

    def _truths(
        self,
        nodes: Iterable[TruthNode],
        earlier: Context,
        later: Context,
        neutral: TruthBounds,
    ) -> None:
        for node in nodes:
            self._truth(node, earlier, later, neutral)

    def _of_members(self, test: TruthNode, earlier: Context, later: Context) -> None:
        for first, second in zip(earlier.members(), later.members(), strict=True):
            self._truth(test, first, second, FALSE)

    def _status(self, name: str, earlier: Context, later: Context) -> None:
        if (earlier.member, name) in self._visited:
            return
        self._visited.add((earlier.member, name))
        definition = self.content.statuses[name]
        if earlier.attested(name) is None:
            if definition.when is not None:
                self._truth(definition.when, earlier, later, FALSE)
            drawn = earlier.received(name) != later.received(name)
        else:
            drawn = False
        granted = earlier.world.grants.get((name, earlier.member)) != later.world.grants.get(
            (name, later.member)
        )
        grantors = dict.fromkeys(
            (*self.before.ruleset.grantors.get(name, ()), *self.now.ruleset.grantors.get(name, ()))
        )
        for reference in grantors if drawn or granted or self.everything else ():
            benefit = (
                self.now.ruleset.benefits.get(reference) or self.before.ruleset.benefits[reference]
            )
            self._benefit(benefit, earlier.member)

    # numbers

    def _number(self, node: Operand, earlier: Context, later: Context) -> None:
        """Add why a number differs."""
        if isinstance(node, tree.Quotient):
            self._numbers((node.left, node.right), earlier, later)
            return
        before = evaluator.number(node, earlier)
        now = evaluator.number(node, later)
        if before == now and not self.everything:
            return
        match node:
            case tree.Elapsed():
                if before != now:
                    self._elapsed(node, now[0], earlier.member)
            case tree.Quantity():
                self._quantity(node, (before, now), earlier, later)
            case tree.Parameter():
                self._parameter(node, earlier, later)
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                self._truth(test, earlier, later, TRUE)
                self._numbers((then, otherwise), earlier, later)
            case tree.CountMembers(test=test):
                self._of_members(test, earlier, later)
            case tree.SumMembers(number=number):
                self._summands(number, earlier, later)
            case tree.Constant() | tree.Fact() | tree.DayConstant() | tree.AssessmentDate():
                pass
            case (
                tree.Sum()
                | tree.Difference()
                | tree.Product()
                | tree.Negative()
                | tree.Rescale()
                | tree.Rounded()
                | tree.Least()
                | tree.Greatest()
            ):
                self._numbers(tree.operands(node), earlier, later)
            case _:
                assert_never(node)

    def _numbers(self, nodes: Iterable[Operand], earlier: Context, later: Context) -> None:
        for node in nodes:
            self._number(node, earlier, later)

    def _summands(self, number: Operand, earlier: Context, later: Context) -> None:
        for first, second in zip(earlier.members(), later.members(), strict=True):
            self._number(number, first, second)

    def _elapsed(self, clock: tree.Elapsed, now: int | None, member: int | None) -> None:
        """Add the time that a clock shows, of `member` if it runs from or to a date of theirs."""
        if now is not None:
            personal = any(
                isinstance(day, tree.Fact) and day.entity == "person"
                for day in (clock.start, clock.end)
            )
            self._add(words.elapsed(self.content, clock, now), member if personal else None)

    def _quantity(
        self,
        node: tree.Quantity,
        values: tuple[NumberBounds, NumberBounds],
        earlier: Context,
        later: Context,
    ) -> None:
        """Add the new value of a quantity that time alone moves, such as an age; else follow its
        definition."""
        definition = self.content.quantities[node.name].value
        owner = earlier.owner(node.entity)
        if not all(isinstance(inner, _RUNNING) for inner in tree.walk(definition)):
            self._number(definition, owner, later.owner(node.entity))
            return
        (before, _), (now, _) = values
        if values[0] != values[1] and before is not None and now is not None:
            self._add(words.reaches(self.content, node, before, now), owner.member)

    def _parameter(self, node: tree.Parameter, earlier: Context, later: Context) -> None:
        """A dated value is replaced, or another step of it is reached."""
        entries = [entity.world.ruleset.parameters[node.name] for entity in (earlier, later)]
        if entries[0] is not entries[1]:
            # Both values are taken at today's step, so that a step reached on the same day is a
            # reason of its own.
            before = (
                earlier.table(node)
                if node.steps_of is None
                else evaluator.step(earlier.steps(node), evaluator.number(node.steps_of, later))
            )
            now = evaluator.number(node, later)
            if before != now:
                cite = entries[1].cite_of(tuple(later.value(fact) for fact in node.keys))
                self._add(words.value_changes(self.content, node, before, now, cite))
        if node.steps_of is not None:
            self._number(node.steps_of, earlier, later)


def _is_day(node: Operand) -> bool:
    return isinstance(node, tree.DayConstant) or (
        isinstance(node, tree.Fact) and isinstance(node.type, tree.Day)
    )
