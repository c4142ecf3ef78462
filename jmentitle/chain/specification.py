"""Forward chaining as written: the specification that every engine must equal.

Layer 0 decides every benefit as things are. Each further layer assumes the grants of the benefits
that are open so far (possible benefits grant possibly) and decides again all benefits that are not
certain. The chain ends at the first layer without a new grant. It always ends, because grants only
add truth and an open benefit stays open. Under `none` and inside numbers grants do not count, so no
grant ever closes a benefit, and the order of grants does not matter.

Example: `dibao` grants the status `poor`; `fuel` needs `poor` and grants `fuel_user`; `heating`
needs `fuel_user`. A household that qualifies for `dibao` alone, and one for which it is unknown:

    layer  grants before           opens                     if dibao is unknown
    0      -                       dibao                     dibao possible
    1      poor                    fuel                      fuel possible
    2      poor, fuel_user         heating                   heating possible

`heating` grants nothing, so the grants before layer 3 are those before layer 2: the chain ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import cast

from jmentitle.chain.outcome import NEVER, NOW, BenefitLayers, Outcome, split_benefits
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
            household, person, _all_closed(household), [_all_closed(person) for _ in facts.members]
        )
        grants: Grants = {}
        layer = 0
        while True:
            world = World(ruleset, facts, on, grants)
            for member in (None, *range(len(facts.members))):
                layers = outcome.layers_of(member)
                for index, benefit in enumerate(outcome.benefits(member)):
                    if layers.certain[index] == NEVER:
                        certain, possible = world.of(member).condition(benefit)
                        if certain:
                            layers.certain[index] = layer
                        if possible and layers.possible[index] == NEVER:
                            layers.possible[index] = layer
            following = grants_before(layer + 1, ruleset, outcome)
            if following == grants:
                return outcome
            grants = following
            layer += 1


def grants_before(layer: int, ruleset: Ruleset, outcome: Outcome) -> Grants:
    """The statuses granted by the benefits that are open before `layer`."""
    grants: Grants = {}
    if layer <= NOW:
        return grants
    for member in (None, *range(len(outcome.members))):
        layers = outcome.layers_of(member)
        for index, benefit in enumerate(outcome.benefits(member)):
            for status in ruleset.benefits[benefit].grants:
                if NEVER < layers.certain[index] < layer:
                    grants[status, member] = TRUE
                elif NEVER < layers.possible[index] < layer:
                    grants.setdefault((status, member), UNKNOWN)
    return grants


class World:
    """A household on a day, with the grants so far; statuses and quantities are computed once."""

    def __init__(self, ruleset: Ruleset, facts: Facts, on: date, grants: Grants) -> None:
        self.ruleset = ruleset
        self.facts = facts
        self.on = on
        self.grants = grants
        self.household = Context(self, None)
        self.members = [Context(self, member) for member in range(len(facts.members))]
        self.unknowns: dict[object, object] = {}
        """The cache of `unknowns`: the `Unknowns` collected in this world, by key."""
        self._truths: dict[tuple[int, int | None], tuple[TruthNode, TruthBounds]] = {}

    @cached_property
    def without_grants(self) -> World:
        """The same household without any grant."""
        return World(self.ruleset, self.facts, self.on, {}) if self.grants else self

    @cached_property
    def _alike(self) -> dict[int | None, int | None]:
        return {None: None, **dict(enumerate(self.facts.alike()))}

    def truth(self, node: TruthNode, member: int | None) -> TruthBounds:
        """A condition of the ruleset, computed once for all members with the same facts."""
        key = (id(node), self._alike[member])
        if key not in self._truths:
            # The entry holds the node, so that no other node can get its id.
            self._truths[key] = node, evaluator.truth(node, self.of(member))
        return self._truths[key][1]

    def of(self, member: int | None) -> Context:
        return self.household if member is None else self.members[member]


class Context:
    """One person or the household: an `evaluator.Environment`."""

    def __init__(self, world: World, member: int | None) -> None:
        self.world = world
        self.member = member
        self.on = world.on
        self.members_complete = world.facts.members_complete
        self._statuses: dict[str, TruthBounds] = {}
        self._quantities: dict[str, NumberBounds] = {}

    def members(self) -> Iterable[Context]:
        return self.world.members

    def owner(self, entity: tree.Entity) -> Context:
        """The context of the names of an entity: a person's rules may use the household's."""
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
        """The context of a status, in the world with the grants so far or in the one without."""
        owner = self.owner(status.entity)
        return owner if status.granted else owner.world.without_grants.of(owner.member)

    def status(self, status: tree.Status) -> TruthBounds:
        owner = self.holder(status)
        if status.name not in owner._statuses:
            owner._statuses[status.name] = owner.compute_status(status.name)
        return owner._statuses[status.name]

    def compute_status(self, name: str) -> TruthBounds:
        """A status: granted, else attested, else derived or received."""
        granted = self.world.grants.get((name, self.member), FALSE)
        attested = self.attested(name)
        if attested is not None:
            return attested or granted[0], attested or granted[1]
        derived = self.derive_status(name)
        return derived[0] or granted[0], derived[1] or granted[1]

    def attested(self, name: str) -> bool | None:
        if self.world.ruleset.content.statuses[name].certificate is None:
            return None
        value = self.world.facts.value(self.member, name)
        return None if value is None else bool(value)

    def derive_status(self, name: str) -> TruthBounds:
        """The status without attestation and grants: from its definition or from benefits that the
        beneficiary receives already."""
        ruleset = self.world.ruleset
        node = ruleset.statuses[name]
        defined = FALSE if node is None else evaluator.truth(node, self)
        received = self.received(name)
        if received is not None:
            return defined[0] or received[0], defined[1] or received[1]
        # If a certificate is the only way to the status, no statement leaves it unknown.
        only_attested = (
            ruleset.content.statuses[name].when is None
            and ruleset.content.statuses[name].certificate is not None
        )
        return UNKNOWN if only_attested else defined

    def received(self, name: str) -> TruthBounds | None:
        """Whether the beneficiary receives a benefit that grants the status; None if no benefit
        grants it."""
        grantors = self.world.ruleset.grantors.get(name)
        if grantors is None:
            return None
        receives = self.world.facts.value(self.member, RECEIVES)
        if receives is None:
            return UNKNOWN
        assert isinstance(receives, frozenset)
        drawn = any(
            benefit in receives or benefit.partition(".")[0] in receives for benefit in grantors
        )
        return drawn, drawn

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
            for cell_key, cell in cells.items()
            if all(
                value is None or value == cell_value
                for value, cell_value in zip(key, cell_key, strict=True)
            )
        ]
        return evaluator.hull(possible) if possible else OPEN

    def steps(self, parameter: tree.Parameter) -> list[tuple[int, NumberBounds]]:
        return list(self.world.ruleset.parameters[parameter.name].steps)

    @cached_property
    def label(self) -> str:
        return "household" if self.member is None else f"members[{self.member}]"


def _all_closed(benefits: tuple[str, ...]) -> BenefitLayers:
    return BenefitLayers([NEVER] * len(benefits), [NEVER] * len(benefits))
