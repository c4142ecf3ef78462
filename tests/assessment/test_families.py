"""The example families, whole: `golden/` holds what each is owed; `make goldens` rewrites it."""

from __future__ import annotations

import pytest

from jmentitle import Pack
from jmentitle.assessment.models import BEST_FIRST
from tests.support.engines import compiled_engine, engines
from tests.support.families import FAMILIES, GOLDEN, assessed, family, summary


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_family_is_owed(name: str) -> None:
    assert summary(assessed(name)) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FAMILIES)
def test_every_engine_finds_the_same(pack: Pack, name: str) -> None:
    """An assessment is made of nothing but what the engine found."""
    profile = pack.read(family(name))
    assert profile.on is not None
    expected = pack.decide(profile, profile.on, engine_name="specification")
    for engine_name in engines():
        assert (
            compiled_engine(engine_name).run(pack.ruleset(profile.on), profile.facts, profile.on)
            == expected
        )


@pytest.mark.parametrize("engine_name", [*engines(), "specification"])
def test_every_engine_gives_the_same_assessment(pack: Pack, engine_name: str) -> None:
    found = pack.assess(family(FAMILIES[0]), engine_name=engine_name).model_dump(
        exclude={"receipt"}
    )
    assert found == assessed(FAMILIES[0]).model_dump(exclude={"receipt"})


@pytest.mark.parametrize("name", FAMILIES)
def test_every_item_is_answered_for_everybody_it_is_for(pack: Pack, name: str) -> None:
    assessment = assessed(name)
    members = [subject for subject in assessment.subjects if subject != "household"]
    answered = {(result.item, result.subject) for result in assessment.results}
    for item in pack.content.items.values():
        for subject in ["household"] if item.entity == "household" else members:
            assert (item.id, subject) in answered
    for result in assessment.results:
        assert result.decision == min(
            (benefit.decision for benefit in result.benefits), key=BEST_FIRST.index
        )
        if result.decision != "ineligible":
            assert result.offices, result.item


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_undetermined_says_what_it_hangs_on(name: str) -> None:
    for result in assessed(name).results:
        for benefit in result.benefits:
            if benefit.decision == "undetermined":
                assert benefit.missing or benefit.unpublished, (
                    f"{result.item}.{benefit.benefit} for {result.subject}"
                )


def test_what_is_received_is_reported_and_not_proposed() -> None:
    assessment = assessed("old_villager_without_supporters")
    assert assessment.result("resident_pension", "villager").received
    assert ("resident_pension", "villager") not in {
        (step.item, step.subject) for step in assessment.pathway
    }


def test_steps_of_the_path_come_after_what_they_wait_for() -> None:
    for name in FAMILIES:
        path = assessed(name).pathway
        order = {step.item: step.order for step in path}
        for step in path:
            for item in step.after:
                assert order.get(item, 0) < step.order
