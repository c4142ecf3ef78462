"""Every engine equals the written semantics, on random packs, households and unknowns."""

from __future__ import annotations

import os
from datetime import date
from random import Random

import pytest
from hypothesis import given

from jmentitle import Pack
from jmentitle.chain.engines import engine
from jmentitle.profile.facts import Facts
from tests.support.cases import cases
from tests.support.engines import compiled_engine, engines
from tests.support.random_packs import DICE, RandomPack, random_day, random_household

# The examples of the pack and the families go through the same lines on every engine; measuring
# coverage here would double the time.
pytestmark = pytest.mark.no_cover
UNKNOWN_RATES = (0.0, 0.1, 0.3, 0.6, 0.9, 1.0)


def agree(pack: Pack, facts: Facts, on: date) -> None:
    ruleset = pack.ruleset(on)
    expected = engine("specification").run(ruleset, facts, on)
    for name in engines():
        assert compiled_engine(name).run(ruleset, facts, on) == expected, name


def agree_on_random_households(pack: Pack, dice: Random) -> None:
    for rate in UNKNOWN_RATES:
        on = random_day(dice)
        agree(pack, pack.read(random_household(dice, pack, rate), on).facts, on)


@cases(150)
@given(dice=DICE)
def test_engines_equal_the_specification(dice: Random) -> None:
    """Each case is one random pack with six households."""
    agree_on_random_households(RandomPack(dice).pack(), dice)


@pytest.mark.parametrize("seed", range(6))
def test_engines_equal_the_specification_on_large_packs(seed: int) -> None:
    dice = Random(seed)
    agree_on_random_households(RandomPack(dice, items=40).pack(), dice)


def test_engines_equal_the_specification_on_the_shipped_pack(pack: Pack) -> None:
    """The vocabulary of the real pack with facts drawn at random: nonsense families, but every rule
    is reached."""
    from jmentitle.language.tree import Choice, ChoiceSet, Day, Numeric, Truth
    from jmentitle.pack.model import RECEIVES

    dice, content = Random(20180906), pack.content

    def value(entity: str, fact_name: str) -> object:
        if fact_name == RECEIVES:
            known = [item.id for item in content.items.values() if item.entity == entity]
            return dice.sample(known, dice.choice([0, 0, 1, 3]))
        fact = content.facts.get((entity, fact_name))  # type: ignore[call-overload]
        match None if fact is None else fact.type:
            case None | Truth():
                return dice.random() < 0.5
            case Day():
                return date(dice.randint(1930, 2015), dice.randint(1, 12), dice.choice([1, 15, 28]))
            case Choice(enum=enum):
                return dice.choice(list(content.enums[enum].members))
            case ChoiceSet(enum=enum):
                return dice.sample(list(content.enums[enum].members), dice.randint(0, 2))
            case Numeric(scale=scale):
                least, most = fact.least or 0, fact.most  # type: ignore[union-attr]
                top = 400 if most is None else min(most // 10**scale, 400)
                return dice.randint(-(-least // 10**scale), max(top, -(-least // 10**scale)))
        raise AssertionError(fact_name)

    for rate in (0.0, 0.05, 0.3, 0.7):
        for _ in range(4):
            on = random_day(dice)
            row = {
                entity: list(pack.row_order.of_entity(entity)) for entity in ("household", "person")
            }  # type: ignore[arg-type]
            raw = {
                "household": {
                    name: value("household", name)
                    for name in row["household"]
                    if dice.random() >= rate
                },
                "members": [
                    {name: value("person", name) for name in row["person"] if dice.random() >= rate}
                    for _ in range(3)
                ],
            }
            agree(pack, pack.read(raw, on).facts, on)


def test_the_engine_durable_is_tested_wherever_it_can_be_installed() -> None:
    import sys

    if sys.version_info < (3, 13) and "JMENTITLE_WITHOUT_DURABLE" not in os.environ:
        assert "durable" in engines()
