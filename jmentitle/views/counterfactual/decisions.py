"""Memo of one search: each decision and each repair of a household is computed once for the whole
family."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from jmentitle.chain.outcome import Outcome
from jmentitle.chain.specification import World, grants_before
from jmentitle.profile.facts import Value
from jmentitle.views.counterfactual.moves import Key, Situation
from jmentitle.views.counterfactual.reduced_rules import Cone
from jmentitle.views.counterfactual.repairs import Repairs

Changed = frozenset[tuple[Key, Value]]


@dataclass
class Decisions:
    """Decisions about the goals of a cone for one household, as it is and with changes."""

    cone: Cone
    now: Situation
    _known: dict[Changed, tuple[Situation, Outcome]] = field(default_factory=dict)
    _repairs: dict[Changed, list[Repairs]] = field(default_factory=dict)

    def of(self, values: dict[Key, Value]) -> tuple[Situation, Outcome]:
        """The household with these changes, and what comes of it."""
        key = frozenset(values.items())
        if key not in self._known:
            situation = self.now.with_values(values)
            self._known[key] = situation, self.cone.decide(situation)
        return self._known[key]

    def open(self, values: dict[Key, Value], member: int | None) -> bool:
        """Whether any goal is not closed."""
        return bool(self.cone.open_goals(member, self.of(values)[1]))

    @cached_property
    def days(self) -> list[date]:
        """The days to come on which time or a dated rule may change a decision."""
        return self.cone.days(self.now.facts, self.now.on)

    def repairs(self, values: dict[Key, Value]) -> list[Repairs]:
        """The repairs of the household with these changes: without grants, and with all possible
        grants."""
        key = frozenset(values.items())
        if key not in self._repairs:
            situation, outcome = self.of(values)
            ruleset = self.cone.ruleset(situation.on)
            standing = World(ruleset, situation.facts, situation.on, {})
            last = max(
                layer
                for layers in (outcome.household, *outcome.members)
                for layer in (0, *layers.possible, *layers.certain)
            )
            granted = grants_before(last + 1, ruleset, outcome)
            goals = frozenset(goal.reference for goal in self.cone.goals)
            days = [day for day in self.days if day > situation.on]
            first = Repairs(standing, self.now.on, days, _Later(self.cone, standing), goals)
            self._repairs[key] = [first, first.with_grants(granted)] if granted else [first]
        return self._repairs[key]


class _Later:
    """The same household on later days, each decided once."""

    def __init__(self, cone: Cone, world: World) -> None:
        self.cone = cone
        self.world = world
        self.worlds: dict[date, World] = {}

    def __call__(self, day: date) -> World:
        if day not in self.worlds:
            self.worlds[day] = World(self.cone.ruleset(day), self.world.facts, day, {})
        return self.worlds[day]
