"""The outcome of an engine: for every benefit and beneficiary the layers in which it became
possible and certain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts

NEVER = -1
NOW = 0


@dataclass(slots=True)
class BenefitLayers:
    """Layers of the benefits of one beneficiary, in the order of `Outcome.benefits`; NEVER where a
    benefit stays closed.

    Layer 0 is now; layer n is open once the grants of all layers before it are made.
    """

    possible: list[int]
    certain: list[int]


@dataclass(slots=True)
class Outcome:
    """The layers that an engine has found.

    Layer 0 is now; layer n is open once what was found in the layers before has been granted; -1 is
    never. INVARIANT: certain layers are never before possible ones; engines agree on every number
    here.

    Fields:
        household_benefits: The benefits of the household, as `item.benefit`, in the order of
            `household`.
        person_benefits: The benefits of persons, in the order of each of `members`.
        household: Two lists of layers for the household: `possible` and `certain`.
        members: The same for each member.
    Example:
        >>> place = outcome.person_benefits.index("elderly_welfare_subsidy.high_age_allowance")
        >>> [(one.possible[place], one.certain[place]) for one in outcome.members]
        [(-1, -1), (0, -1)]
    """

    household_benefits: tuple[str, ...]
    person_benefits: tuple[str, ...]
    household: BenefitLayers
    members: list[BenefitLayers] = field(default_factory=list)

    def layers_of(self, member: int | None) -> BenefitLayers:
        return self.household if member is None else self.members[member]

    def benefits(self, member: int | None) -> tuple[str, ...]:
        return self.household_benefits if member is None else self.person_benefits


class Engine(Protocol):
    """A way of running a ruleset."""

    name: str

    def run(self, ruleset: Ruleset, facts: Facts, on: date) -> Outcome: ...


def split_benefits(ruleset: Ruleset) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The benefits of the household and of persons, in the order of the pack."""
    household = tuple(
        reference for reference in ruleset.benefits if ruleset.entity_of(reference) == "household"
    )
    person = tuple(
        reference for reference in ruleset.benefits if ruleset.entity_of(reference) == "person"
    )
    return household, person
