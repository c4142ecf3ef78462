"""Columns equal the written semantics: decisions and money, on random packs, populations and
unknowns, and on every example of every rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given

from jmentitle import Pack
from jmentitle.author.examples import Example, read_examples
from jmentitle.chain.columns.unknowns import undetermined_causes
from jmentitle.chain.engines import engine
from jmentitle.chain.specification import World
from jmentitle.language.collector import Collector
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.frames import Population
from jmentitle.profile.facts import Facts
from tests.support.cases import cases
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
    for benefit, rows in undetermined_causes(
        ruleset, on, population, list(ruleset.benefits)
    ).items():
        assert {row: (facts, values) for row, facts, values in rows.rows()} == expected_hanging(
            ruleset, benefit, worlds
        )


@pytest.mark.no_cover
@cases(60)
@given(dice=DICE)
def test_columns_equal_the_specification(dice: Random) -> None:
    """Each case is a random pack with eight households in one population."""
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


@pytest.fixture(scope="module")
def examples(pack: Pack) -> list[tuple[date, list[Example]]]:
    """The examples of the pack by day, the busiest day first."""
    by_day: dict[date, list[Example]] = defaultdict(list)
    for example in read_examples(pack, Collector()):
        by_day[example.on].append(example)
    return sorted(by_day.items(), key=lambda day: -len(day[1]))


def agree_with_native(pack: Pack, ruleset: Ruleset, on: date, examples: list[Example]) -> None:
    households = [pack.read(example.household, on).facts for example in examples]
    native = engine("native")
    assert outcomes(ruleset, households, on) == [
        native.run(ruleset, facts, on) for facts in households
    ]


@pytest.mark.no_cover
@pytest.mark.parametrize("everything", [False, True])
def test_the_examples_of_the_busiest_day_hold_in_columns(
    pack: Pack, examples: list[tuple[date, list[Example]]], everything: bool
) -> None:
    """All examples of one day are one population."""
    on, of_day = examples[0]
    assert len(of_day) > 2_000
    with guarding(everything):
        agree_with_native(pack, pack.ruleset(on), on, of_day)


@pytest.mark.no_cover
def test_the_examples_of_the_other_days_hold_in_columns(
    pack: Pack, examples: list[tuple[date, list[Example]]]
) -> None:
    """Compiling a day takes longer than deciding its few examples: only the items that they are
    about are compiled, with every benefit that grants something."""
    assert sum(len(of_day) for _, of_day in examples[1:]) > 500
    for number, (on, of_day) in enumerate(examples[1:]):
        ruleset = only(pack.ruleset(on), {example.item for example in of_day})
        with guarding(everything=number % 2 == 0):
            agree_with_native(pack, ruleset, on, of_day)


def only(ruleset: Ruleset, items: set[str]) -> Ruleset:
    """The rules with no other benefits than those of these items and those that grant."""
    benefits = {
        reference: benefit
        for reference, benefit in ruleset.benefits.items()
        if benefit.item in items or benefit.grants
    }
    conditions = {reference: ruleset.conditions[reference] for reference in benefits}
    return replace(ruleset, benefits=benefits, conditions=conditions)
