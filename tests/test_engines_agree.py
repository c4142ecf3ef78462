"""Every engine equals the written semantics, on random packs, households and unknowns."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jmentitle.chain.engines import engine
from tests.random_packs import RandomPack, random_day, random_household

# Each example is one random pack with several households. `JMENTITLE_EXAMPLES=20000` runs the longer profile.
EXAMPLES = int(os.environ.get("JMENTITLE_EXAMPLES", "400"))
HOUSEHOLDS = 6
RATES = (0.0, 0.1, 0.3, 0.6, 0.9, 1.0)


def outcomes_of(name: str, dice: Random) -> None:
    pack = RandomPack(dice).pack()
    for rate in RATES[:HOUSEHOLDS]:
        on = random_day(dice)
        profile = pack.read(random_household(dice, pack, rate), on)
        expected = engine("specification").run(pack.on(on), profile.facts, on)
        assert engine(name).run(pack.on(on), profile.facts, on) == expected


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_native_equals_the_specification(dice: Random) -> None:
    outcomes_of("native", dice)


@pytest.mark.parametrize("seed", range(40))
def test_native_equals_the_specification_on_large_packs(seed: int) -> None:
    dice = Random(seed)
    pack = RandomPack(dice, items=40).pack()
    for rate in RATES:
        on = random_day(dice)
        profile = pack.read(random_household(dice, pack, rate), on)
        expected = engine("specification").run(pack.on(on), profile.facts, on)
        assert engine("native").run(pack.on(on), profile.facts, on) == expected
