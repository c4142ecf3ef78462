"""The example families, whole: what each is owed is held in tests/expected; `python -m tests.families` rewrites it."""

from __future__ import annotations

import pytest

from jmentitle import Pack, load_pack
from jmentitle.assessment.models import BEST_FIRST
from tests.families import EXPECTED, FAMILIES, family, summary
from tests.test_engines_agree import engines


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack()


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_family_is_owed(pack: Pack, name: str) -> None:
    assert summary(pack.assess(family(name))) == (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("engine_name", [*engines(), "specification"])
@pytest.mark.parametrize("name", FAMILIES)
def test_every_engine_gives_the_same_assessment(pack: Pack, name: str, engine_name: str) -> None:
    left = pack.assess(family(name)).model_dump(exclude={"receipt"})
    assert pack.assess(family(name), engine_name=engine_name).model_dump(exclude={"receipt"}) == left


@pytest.mark.parametrize("name", FAMILIES)
def test_every_item_is_answered_for_everybody_it_is_for(pack: Pack, name: str) -> None:
    assessment = pack.assess(family(name))
    members = [subject for subject in assessment.subjects if subject != "household"]
    answered = {(result.item, result.subject) for result in assessment.results}
    for item in pack.content.items.values():
        for subject in ["household"] if item.entity == "household" else members:
            assert (item.id, subject) in answered
    for result in assessment.results:
        assert result.decision == min((benefit.decision for benefit in result.benefits), key=BEST_FIRST.index)
        if result.decision != "ineligible":
            assert result.offices, result.item


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_undetermined_says_what_it_hangs_on(pack: Pack, name: str) -> None:
    for result in pack.assess(family(name)).results:
        for benefit in result.benefits:
            if benefit.decision == "undetermined":
                assert benefit.missing or benefit.unpublished, f"{result.item}.{benefit.benefit} for {result.subject}"


def test_what_is_received_is_reported_and_not_proposed(pack: Pack) -> None:
    result = pack.assess(family("old_villager_without_supporters")).result("resident_pension", "villager")
    assert result.received
    assert ("resident_pension", "villager") not in {
        (step.item, step.subject) for step in pack.assess(family("old_villager_without_supporters")).pathway
    }


def test_steps_of_the_path_come_after_what_they_wait_for(pack: Pack) -> None:
    for name in FAMILIES:
        path = pack.assess(family(name)).pathway
        order = {step.item: step.order for step in path}
        for step in path:
            for item in step.after:
                assert order.get(item, 0) < step.order
