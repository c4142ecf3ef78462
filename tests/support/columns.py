"""Households as the frames of a population, and what columns find as outcomes: how tests hold
columns equal to the written semantics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

import pytest

from jmentitle.chain import amounts
from jmentitle.chain.columns import graph, guards
from jmentitle.chain.columns.engine import ColumnEngine, Layers
from jmentitle.chain.outcome import NEVER, NOW, BenefitLayers, Outcome, split_benefits
from jmentitle.chain.specification import Context, World
from jmentitle.chain.unknowns import Unknowns
from jmentitle.language import evaluator
from jmentitle.language.tree import Entity
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.frames import Population
from jmentitle.profile.facts import Facts

T = TypeVar("T")


@contextmanager
def guarding(everything: bool) -> Iterator[None]:
    """With `everything`, whatever can be guarded is, and is worked out only where its guard holds:
    small packs and populations are never worth it."""
    with pytest.MonkeyPatch.context() as patch:
        if everything:
            patch.setattr(guards, "FEWEST", 1)
            patch.setattr(guards, "MOST_ITEMS", 1_000)
            patch.setattr(graph, "MOST_ROWS", 2)
        yield


def layers_of(ruleset: Ruleset, households: list[Facts], on: date) -> Layers:
    population = Population.of_facts(ruleset.content, households)
    engine = ColumnEngine(ruleset, on, population.columns, population.sizes)
    return engine.run(population.households, population.people, population.members)


def outcomes(ruleset: Ruleset, households: list[Facts], on: date) -> list[Outcome]:
    """What the columns find for households, as an engine would give it for each."""
    return outcomes_of(ruleset, layers_of(ruleset, households, on), households)


def outcomes_of(ruleset: Ruleset, layers: Layers, households: list[Facts]) -> list[Outcome]:
    household, person = split_benefits(ruleset)
    own = _found(layers, "household", household, len(households))
    everybody = _found(layers, "person", person, sum(len(one.members) for one in households))
    found, start = [], 0
    for place, facts in enumerate(households):
        found.append(
            Outcome(household, person, own[place], everybody[start : start + len(facts.members)])
        )
        start += len(facts.members)
    return found


def expected_money(
    ruleset: Ruleset, benefit: str, worlds: list[World], outcomes: list[Outcome]
) -> dict[int, tuple[int | None, ...]]:
    """The ends of the money of a benefit, as the written evaluator gives them, by the place of
    those who may get it."""
    pays, found = ruleset.benefits[benefit].pays, {}
    assert pays is not None
    for row, (entity, outcome) in enumerate(_entities(ruleset, benefit, worlds, outcomes)):
        place = outcome.benefits(entity.member).index(benefit)
        if outcome.layers_of(entity.member).possible[place] != NEVER:
            amount = amounts.amount_of(pays, entity)
            lasts = () if pays.lasts is None else evaluator.number(pays.lasts, entity)
            found[row] = (amount.low, amount.high, *lasts)
    return found


def expected_hanging(
    ruleset: Ruleset, benefit: str, worlds: list[World]
) -> dict[int, tuple[bool, bool]]:
    """Whether what is undetermined now hangs on facts and on unpublished values, as it is written
    for one household, by the place of whose it is."""
    found = {}
    for row, (entity, _) in enumerate(_entities(ruleset, benefit, worlds, worlds)):
        if entity.condition(benefit) == evaluator.UNKNOWN:
            unknowns = Unknowns()
            unknowns.of_benefit(benefit, entity)
            found[row] = (bool(unknowns.facts), bool(unknowns.parameters))
    return found


def _entities(
    ruleset: Ruleset, benefit: str, worlds: list[World], beside: Sequence[T]
) -> Iterator[tuple[Context, T]]:
    """Whoever the benefit is for, row by row, each with what stands beside the household."""
    for world, other in zip(worlds, beside, strict=True):
        for entity in (
            [world.household] if ruleset.entity_of(benefit) == "household" else world.members
        ):
            yield entity, other


def _found(
    layers: Layers, entity: Entity, benefits: tuple[str, ...], rows: int
) -> list[BenefitLayers]:
    certain, possible = [], []
    for benefit in benefits:
        now = layers.now[entity][benefit]
        certain.append([NOW if one else NEVER for one in now])
        possible.append([NEVER if one is False else NOW for one in now])
        for row, surely, perhaps in layers.later[benefit].rows() if benefit in layers.later else ():
            certain[-1][row], possible[-1][row] = surely, perhaps
    return [
        BenefitLayers([column[row] for column in possible], [column[row] for column in certain])
        for row in range(rows)
    ]


def rows_paid(layers: Layers, benefit: str) -> dict[int, tuple[int | None, ...]]:
    """The ends of the money of a benefit by the place of those who may get it."""
    return {row[0]: row[1:] for row in layers.amounts(benefit).rows()}
