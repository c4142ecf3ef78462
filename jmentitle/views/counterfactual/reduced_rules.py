"""Deciding one item alone, again and again: only what can bear on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from jmentitle.chain.native import NativeEngine
from jmentitle.chain.outcome import NEVER, Outcome
from jmentitle.language import tree
from jmentitle.language.tree import Node
from jmentitle.pack.model import Benefit, Content
from jmentitle.pack.rules import Rules
from jmentitle.pack.ruleset import Ruleset, breakpoints, stretch
from jmentitle.profile.facts import Facts
from jmentitle.views.counterfactual.moves import Situation
from jmentitle.views.timeline.clocks import Clocks


@dataclass
class Cone:
    """Some benefits (`goals`) and everything on which they can depend: the benefits that grant a
    status on their way.

    INVARIANT: a decision about a goal is the same here as among all items.
    """

    rules: Rules
    goals: tuple[Benefit, ...]
    _benefits: dict[str, Benefit] = field(default_factory=dict)
    _names: dict[str, None] = field(default_factory=dict)
    _engine: NativeEngine = field(default_factory=lambda: NativeEngine(interpreted=8))
    _rulesets: dict[date, Ruleset] = field(default_factory=dict)

    def __post_init__(self) -> None:
        content = self.rules.content
        granting: dict[str, list[Benefit]] = {}
        for item in content.items.values():
            for benefit in item.benefits:
                for status in benefit.grants:
                    granting.setdefault(status, []).append(benefit)
        waiting = list(self.goals)
        while waiting:
            benefit = waiting.pop()
            if benefit.reference not in self._benefits:
                self._benefits[benefit.reference] = benefit
                for name in self._reached(benefit.when):
                    waiting += granting.get(name, ())

    def _reached(self, node: Node | None) -> list[str]:
        """The statuses, quantities and parameters that a condition uses, through definitions; each
        only the first time."""
        content = self.rules.content
        names = list[str]()
        for inner in tree.walk(node) if node is not None else ():
            if (
                isinstance(inner, tree.Status | tree.Quantity | tree.Parameter)
                and inner.name not in self._names
            ):
                self._names[inner.name] = None
                names.append(inner.name)
                if isinstance(inner, tree.Status):
                    names += self._reached(content.statuses[inner.name].when)
                elif isinstance(inner, tree.Quantity):
                    names += self._reached(content.quantities[inner.name].value)
        return names

    @cached_property
    def content(self) -> Content:
        """The pack reduced to the goals. Amounts are left out: they do not decide whether a benefit
        opens."""
        whole = self.rules.content
        items: dict[str, list[Benefit]] = {}
        for benefit in self._benefits.values():
            items.setdefault(benefit.item, []).append(
                replace(benefit, pays=None, volume=None, schedule=None)
            )
        return replace(
            whole,
            items={
                item: replace(whole.items[item], benefits=tuple(benefits))
                for item, benefits in items.items()
            },
            statuses={
                name: status for name, status in whole.statuses.items() if name in self._names
            },
            parameters={
                name: parameter
                for name, parameter in whole.parameters.items()
                if name in self._names
            },
        )

    @cached_property
    def breakpoints(self) -> list[date]:
        """The days on which the rules that bear on the goals change, beginning with the first day
        of validity."""
        return breakpoints(self.content)

    def days(self, facts: Facts, first: date) -> list[date]:
        """The days after `first` on which time or a dated rule may change a decision."""
        last = self.content.last_day
        found = self._clocks.days(facts, first, last) if first < last else set()
        return sorted(found | {day for day in self.breakpoints if day > first})

    @cached_property
    def _clocks(self) -> Clocks:
        return Clocks(self.content)

    def ruleset(self, day: date) -> Ruleset:
        """The rules in force on a day, as far as they bear on the goals."""
        first, last = stretch(self.content, self.breakpoints, day)
        if first not in self._rulesets:
            whole = self.rules.ruleset(day)
            benefits = {
                reference: benefit
                for reference, benefit in whole.benefits.items()
                if reference in self._benefits
            }
            conditions = {reference: whole.conditions[reference] for reference in benefits}
            # Who grants what stays whole: what is drawn already may be any of them.
            self._rulesets[first] = replace(
                whole, first_day=first, last_day=last, benefits=benefits, conditions=conditions
            )
        return self._rulesets[first]

    def decide(self, situation: Situation) -> Outcome:
        return self._engine.run(self.ruleset(situation.on), situation.facts, situation.on)

    def open_goals(self, member: int | None, outcome: Outcome) -> list[tuple[Benefit, int, bool]]:
        """The goals that are not closed, with the layer in which they open and whether that is
        certain."""
        open_goals = []
        indices = {reference: index for index, reference in enumerate(outcome.benefits(member))}
        layers = outcome.layers_of(member)
        for goal in self.goals:
            index = indices.get(goal.reference)
            if index is not None and layers.possible[index] != NEVER:
                certain = layers.certain[index]
                open_goals.append(
                    (
                        goal,
                        layers.possible[index] if certain == NEVER else certain,
                        certain != NEVER,
                    )
                )
        return open_goals

    def first_day_in_force(self, day: date) -> date | None:
        """The first day, not before `day`, on which a goal exists; None if there is none."""
        days = [day, *(later for later in self.breakpoints if later > day)]
        return next(
            (one for one in days if any(goal.window.holds(one) for goal in self.goals)), None
        )
