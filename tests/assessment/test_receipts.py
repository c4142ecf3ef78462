"""Receipts and replay: the same bytes, or what differs; JSON that stays the same."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jmentitle import JmentitleError, Pack, load_pack
from jmentitle.assessment.replay import as_json, differences, read_record
from tests.support.cases import cases, thinned
from tests.support.families import FAMILIES, assessed, family, shipped


@pytest.fixture(scope="module")
def loaded_anew() -> Pack:
    return load_pack()


@pytest.mark.no_cover
@pytest.mark.parametrize("name", thinned(FAMILIES, 3))
def test_a_replay_equals_the_record_byte_for_byte(loaded_anew: Pack, name: str) -> None:
    text = as_json(assessed(name))
    record = read_record(text)
    repeated = loaded_anew.assess(
        family(name), record.receipt.on, engine_name=record.receipt.engine
    )
    assert as_json(repeated) == text
    assert differences(record, repeated) == []


def test_a_replay_with_other_facts_says_what_differs_without_values(pack: Pack) -> None:
    record = assessed("disabled_veteran")
    changed = json.loads(json.dumps(family("disabled_veteran"), default=str))
    changed["members"][0]["military_disability_grade"] = "grade_8"
    found = differences(record, pack.assess(changed))
    assert found[:2] == ["receipt.input_digest", "receipt.result_digest"]
    assert any(path.startswith("results[") for path in found)
    assert not any("grade_8" in path for path in found)


def test_a_record_that_was_changed_is_found_out() -> None:
    record = json.loads(as_json(assessed("disabled_veteran")))
    record["results"][0]["decision"] = (
        "eligible" if record["results"][0]["decision"] != "eligible" else "ineligible"
    )
    with pytest.raises(JmentitleError, match="JM092"):
        read_record(json.dumps(record))
    with pytest.raises(JmentitleError, match="JM092"):
        read_record("{}")


def test_the_order_and_the_form_of_facts_do_not_matter(pack: Pack) -> None:
    on = date(2018, 10, 15)
    left = pack.assess({"members": [{"birth_date": "1950-03-01", "wage_income": 10}]}, on)
    right = pack.assess(
        {"members": [{"wage_income": 10.0, "birth_date": date(1950, 3, 1)}], "household": {}}, on
    )
    assert left.receipt == right.receipt


@pytest.mark.no_cover
@cases(4)
@given(st.dates(date(2016, 1, 1), date(2020, 12, 31)))
@example(date(2016, 2, 29))
@example(date(2020, 12, 31))
def test_every_day_of_the_validity_can_be_assessed_and_recorded(day: date) -> None:
    raw = {"members": [{"birth_date": "1950-03-01"}, {}]}
    text = as_json(shipped().assess(raw, day))
    assert as_json(read_record(text)) == text
