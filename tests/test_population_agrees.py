"""Columns equal the written semantics: decisions and money, on random packs, populations and
unknowns, and on every example of every rule."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from jmentitle import Pack
from jmentitle.author.examples import read_examples
from jmentitle.chain.columns.unknowns import hanging_on
from jmentitle.chain.engines import engine
from jmentitle.chain.specification import World
from jmentitle.language.collector import Collector
from jmentitle.population.frames import Population
from jmentitle.profile.facts import Facts
from tests.support.columns import (
    expected_hanging,
    expected_money,
    guarding,
    layers_of,
    outcomes,
    outcomes_of,
    rows_paid,
)
from tests.support.random_packs import DICE, RandomPack, random_day, random_household

# Each example is a random pack with eight households in one population, so 150 examples are 1,200
# cases. For the longer profile, by hand: JMENTITLE_EXAMPLES=5000 python -m pytest
# tests/test_population_agrees.py
EXAMPLES = int(os.environ.get("JMENTITLE_EXAMPLES", "150"))
UNKNOWN_RATES = (0.0, 0.1, 0.2, 0.3, 0.3, 0.6, 0.9, 1.0)


def agree(pack: Pack, households: list[Facts], on: date) -> None:
    ruleset = pack.ruleset(on)
    layers = layers_of(ruleset, households, on)
    expected = [engine("specification").run(ruleset, facts, on) for facts in households]
    assert outcomes_of(ruleset, layers, households) == expected
    worlds = [World(ruleset, facts, on, {}) for facts in households]
    for benefit, definition in ruleset.benefits.items():
        if definition.pays is not None:
            assert rows_paid(layers, benefit) == expected_money(ruleset, benefit, worlds, expected)


def agree_on_unknowns(pack: Pack, households: list[Facts], on: date) -> None:
    """Whether an undetermined benefit hangs on facts, on unpublished values, or on both."""
    ruleset = pack.ruleset(on)
    population = Population.of_facts(pack.content, households)
    worlds = [World(ruleset, facts, on, {}) for facts in households]
    for benefit, rows in hanging_on(ruleset, on, population, list(ruleset.benefits)).items():
        assert {row: (facts, values) for row, facts, values in rows.rows()} == expected_hanging(
            ruleset, benefit, worlds
        )


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(dice=DICE)
@pytest.mark.no_cover
def test_columns_equal_the_specification(dice: Random) -> None:
    pack, on = RandomPack(dice).pack(), random_day(dice)
    households = [pack.read(random_household(dice, pack, rate), on).facts for rate in UNKNOWN_RATES]
    with guarding(everything=dice.random() < 0.5):
        agree(pack, households, on)
    agree_on_unknowns(pack, households, on)


@pytest.mark.parametrize("seed", [29, 6813])
def test_numbers_that_are_the_same_for_everybody_are_worked_out_beforehand(seed: int) -> None:
    """A column that hangs on no column is not as long as its frame."""
    dice = Random(seed)
    pack, on = RandomPack(dice).pack(), random_day(dice)
    agree(
        pack,
        [pack.read(random_household(dice, pack, rate), on).facts for rate in UNKNOWN_RATES],
        on,
    )


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_columns_equal_the_specification_on_large_packs(seed: int, everything: bool) -> None:
    dice = Random(seed)
    pack, on = RandomPack(dice, items=40).pack(), random_day(dice)
    with guarding(everything):
        agree(
            pack,
            [pack.read(random_household(dice, pack, rate), on).facts for rate in UNKNOWN_RATES],
            on,
        )


@pytest.mark.no_cover
@pytest.mark.parametrize("everything", [False, True])
def test_every_example_of_every_rule_holds_in_columns(pack: Pack, everything: bool) -> None:
    """All examples of one day are one population."""
    by_day: dict[date, list[Facts]] = defaultdict(list)
    for example in read_examples(pack, Collector()):
        by_day[example.on].append(pack.read(example.household, example.on).facts)
    assert sum(map(len, by_day.values())) > 2_700
    for on, households in by_day.items():
        ruleset, native = pack.ruleset(on), engine("native")
        with guarding(everything):
            found = outcomes(ruleset, households, on)
        assert found == [native.run(ruleset, facts, on) for facts in households]
