"""Forward chaining as written: the specification that every engine must equal.

Layer 0 asks what the household can have now. Each further layer assumes that what was found before
is granted (what is only possible is possibly granted), asks again for everything not yet certain,
and the chain ends when no grant changes. Grants only add truth, and a benefit once found stays
found, so the chain always ends. Under `none` and inside numbers only what holds already counts: no
grant ever closes anything, so the order in which things are found does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import cast

from jmentitle.chain.outcome import NEVER, NOW, Found, Outcome, split_benefits
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import (
    FALSE,
    OPEN,
    TRUE,
    UNKNOWN,
    DayBounds,
    NumberBounds,
    TruthBounds,
)
from jmentitle.language.tree import TruthNode
from jmentitle.pack.model import RECEIVES, FactDefinition
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts, Value

Grants = dict[tuple[str, int | None], TruthBounds]


class SpecificationEngine:
    name = "specification"

    def run(self, ruleset: Ruleset, facts: Facts, on: date) -> Outcome:
        household, person = split_benefits(ruleset)
        outcome = Outcome(
            household, person, _closed(household), [_closed(person) for _ in facts.members]
        )
        grants: Grants = {}
        layer = 0
        while True:
            world = World(ruleset, facts, on, grants)
            for member in (None, *range(len(facts.members))):
                found = outcome.found(member)
                for index, benefit in enumerate(outcome.benefits(member)):
                    if found.certain[index] == NEVER:
                        certain, possible = world.of(member).condition(benefit)
                        if certain:
                            found.certain[index] = layer
                        if possible and found.possible[index] == NEVER:
                            found.possible[index] = layer
            following = grants_before(layer + 1, ruleset, outcome)
            if following == grants:
                return outcome
            grants, layer = following, layer + 1


def grants_before(layer: int, ruleset: Ruleset, outcome: Outcome) -> Grants:
    """The statuses that benefits found before `layer` grant."""
    grants: Grants = {}
    if layer <= NOW:
        return grants
    for member in (None, *range(len(outcome.members))):
        found = outcome.found(member)
        for index, benefit in enumerate(outcome.benefits(member)):
            for status in ruleset.benefits[benefit].grants:
                if NEVER < found.certain[index] < layer:
                    grants[status, member] = TRUE
                elif NEVER < found.possible[index] < layer:
                    grants.setdefault((status, member), UNKNOWN)
    return grants


class World:
    """A household on a day, with what has been granted so far; statuses and quantities are worked
    out once."""

    def __init__(self, ruleset: Ruleset, facts: Facts, on: date, grants: Grants) -> None:
        self.ruleset, self.facts, self.on, self.grants = ruleset, facts, on, grants
        self.household = Context(self, None)
        self.members = [Context(self, member) for member in range(len(facts.members))]
        self.hanging: dict[object, object] = {}
        """What `unknowns` has collected in this world, by what it hangs on."""
        self._truths: dict[tuple[int, int | None], tuple[TruthNode, TruthBounds]] = {}

    @cached_property
    def as_it_stands(self) -> World:
        """The same household without any grant."""
        return World(self.ruleset, self.facts, self.on, {}) if self.grants else self

    @cached_property
    def _alike(self) -> dict[int | None, int | None]:
        return {None: None, **dict(enumerate(self.facts.alike()))}

    def truth(self, node: TruthNode, member: int | None) -> TruthBounds:
        """A condition of the ruleset, worked out once for all who are alike."""
        key = (id(node), self._alike[member])
        if key not in self._truths:
            # The node is kept, so that no other can come to have its id.
            self._truths[key] = node, evaluator.truth(node, self.of(member))
        return self._truths[key][1]

    def of(self, member: int | None) -> Context:
        return self.household if member is None else self.members[member]


class Context:
    """One person or the household: an `evaluator.Environment`."""

    def __init__(self, world: World, member: int | None) -> None:
        self.world, self.member = world, member
        self.on, self.members_complete = world.on, world.facts.members_complete
        self._statuses: dict[str, TruthBounds] = {}
        self._quantities: dict[str, NumberBounds] = {}

    def members(self) -> Iterable[Context]:
        return self.world.members

    def owner(self, entity: tree.Entity) -> Context:
        """Whose the name is: the household's names are reached from every person."""
        return self.world.household if entity == "household" else self

    def condition(self, benefit: str) -> TruthBounds:
        node = self.world.ruleset.conditions[benefit]
        return TRUE if node is None else evaluator.truth(node, self)

    # facts

    def value(self, fact: tree.Fact) -> Value | None:
        return self.world.facts.value(
            None if fact.entity == "household" else self.member, fact.name
        )

    def definition(self, fact: tree.Fact) -> FactDefinition:
        return self.world.ruleset.content.facts[fact.entity, fact.name]

    def truth_fact(self, fact: tree.Fact) -> TruthBounds:
        value = self.value(fact)
        return UNKNOWN if value is None else (bool(value), bool(value))

    def number_fact(self, fact: tree.Fact) -> NumberBounds:
        value = self.value(fact)
        if value is None:
            definition = self.definition(fact)
            return definition.least, definition.most
        assert isinstance(value, int)
        return value, value

    def day_fact(self, fact: tree.Fact) -> DayBounds:
        value = self.value(fact)
        assert value is None or isinstance(value, date)
        return value, value

    def choice_fact(self, fact: tree.Fact) -> str | None:
        value = self.value(fact)
        assert value is None or isinstance(value, str)
        return value

    def choices_fact(self, fact: tree.Fact) -> frozenset[str] | None:
        value = self.value(fact)
        assert value is None or isinstance(value, frozenset)
        return value

    # definitions

    def holder(self, status: tree.Status) -> Context:
        """Whose the status is, in the world in which it is asked: with the grants so far, or as
        things stand."""
        owner = self.owner(status.entity)
        return owner if status.granted else owner.world.as_it_stands.of(owner.member)

    def status(self, status: tree.Status) -> TruthBounds:
        owner = self.holder(status)
        if status.name not in owner._statuses:
            owner._statuses[status.name] = owner.work_out(status.name)
        return owner._statuses[status.name]

    def work_out(self, name: str) -> TruthBounds:
        """A status: granted, else attested, else derived or received."""
        granted = self.world.grants.get((name, self.member), FALSE)
        attested = self.attested(name)
        if attested is not None:
            return attested or granted[0], attested or granted[1]
        derived = self.derived(name)
        return derived[0] or granted[0], derived[1] or granted[1]

    def attested(self, name: str) -> bool | None:
        if self.world.ruleset.content.statuses[name].certificate is None:
            return None
        value = self.world.facts.value(self.member, name)
        return None if value is None else bool(value)

    def derived(self, name: str) -> TruthBounds:
        """The status without attestation and grants: its definition, or what is already
        received."""
        ruleset = self.world.ruleset
        node = ruleset.statuses[name]
        found = FALSE if node is None else evaluator.truth(node, self)
        received = self.received(name)
        if received is not None:
            return found[0] or received[0], found[1] or received[1]
        # With a certificate as the only way, not having stated it says nothing.
        only_attested = (
            ruleset.content.statuses[name].when is None
            and ruleset.content.statuses[name].certificate is not None
        )
        return UNKNOWN if only_attested else found

    def received(self, name: str) -> TruthBounds | None:
        """Whether a benefit that grants the status is drawn already; None when no benefit grants
        it."""
        grantors = self.world.ruleset.grantors.get(name)
        if grantors is None:
            return None
        receives = self.world.facts.value(self.member, RECEIVES)
        if receives is None:
            return UNKNOWN
        assert isinstance(receives, frozenset)
        held = any(
            benefit in receives or benefit.partition(".")[0] in receives for benefit in grantors
        )
        return held, held

    def quantity(self, quantity: tree.Quantity) -> NumberBounds:
        owner = self.owner(quantity.entity)
        if quantity.name not in owner._quantities:
            definition = self.world.ruleset.content.quantities[quantity.name]
            owner._quantities[quantity.name] = evaluator.number(definition.value, owner)
        return owner._quantities[quantity.name]

    # parameters

    def table(self, parameter: tree.Parameter) -> NumberBounds:
        cells = self.world.ruleset.parameters[parameter.name].cells
        key = tuple(self.value(fact) for fact in parameter.keys)
        exact = cells.get(cast("tuple[str | int, ...]", key))
        if exact is not None:
            return exact
        possible = [
            cell
            for known, cell in cells.items()
            if all(mine is None or mine == theirs for mine, theirs in zip(key, known, strict=True))
        ]
        return evaluator.hull(possible) if possible else OPEN

    def steps(self, parameter: tree.Parameter) -> list[tuple[int, NumberBounds]]:
        return list(self.world.ruleset.parameters[parameter.name].steps)

    @cached_property
    def label(self) -> str:
        return "household" if self.member is None else f"members[{self.member}]"


def _closed(benefits: tuple[str, ...]) -> Found:
    return Found([NEVER] * len(benefits), [NEVER] * len(benefits))
