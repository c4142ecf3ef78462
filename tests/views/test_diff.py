"""Two recorded assessments beside each other: what changed and why, without the facts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from jmentitle import Assessment, Pack
from jmentitle.assessment.replay import as_json
from jmentitle.cli.main import main
from jmentitle.render.diff import diff_text
from jmentitle.views.diff import Diff, diff
from tests.support.small_pack import FILES, replaced, small_pack

WOMAN = {
    "birth_date": "1958-08-31",
    "lives_alone": True,
    "receives": [],
    "disabled": False,
    "rooms": 2,
    "illnesses": [],
}


def assessed(
    pack: Pack | None = None, on: date = date(2018, 9, 1), income: int = 1437, **facts: object
) -> Assessment:
    household = {"district": "north", "income": income, "receives": []}
    known = {name: value for name, value in {**WOMAN, **facts}.items() if value is not None}
    return (pack or small_pack()).assess({"household": household, "members": [known]}, on)


def kinds(found: Diff) -> list[str]:
    return [cause.kind for cause in found.causes]


def test_the_same_records_do_not_differ() -> None:
    found = diff(assessed(), assessed())
    assert found.same
    assert found.causes == []
    assert (
        diff_text(found, "en")
        == "Comparison of two assessments\nBoth are based on the same.\n\nThe results are the"
        " same.\n"
    )


def test_other_facts_that_lead_to_the_same_are_no_difference() -> None:
    found = diff(assessed(), assessed(income=1438))
    assert found.same
    assert kinds(found) == ["facts"]


def test_another_day_changes_decision_and_amount() -> None:
    found = diff(assessed(on=date(2018, 8, 31)), assessed(on=date(2019, 1, 1)))
    assert kinds(found) == ["day"]
    (meals,) = found.items
    (grant,) = meals.benefits
    assert (meals.item, meals.subject, grant.benefit) == ("meals", "member_1", "grant")
    assert grant.left is not None
    assert grant.right is not None
    assert grant.left.amount is not None
    assert grant.right.amount is not None
    assert (grant.left.amount.low, grant.right.amount.low) == (100, 120)
    assert "• meal grant: 100 CNY a month → 120 CNY a month" in diff_text(found, "en")
    assert "• 餐补：每月100元 → 每月120元" in diff_text(found, "zh")


def test_other_facts_are_named_as_the_cause_and_never_shown() -> None:
    found = diff(assessed(), assessed(income=98765, lives_alone=None))
    assert kinds(found) == ["facts"]
    (meals,) = found.items
    assert (meals.left, meals.right) == ("eligible", "ineligible")
    assert [office.id for office in meals.offices_left] == ["counter"]
    assert meals.offices_right == []
    text = found.model_dump_json() + diff_text(found, "en") + diff_text(found, "zh")
    assert not any(value in text for value in ("1437", "98765", "98,765", "1958"))


def test_a_missing_fact_is_named_by_its_path() -> None:
    text = diff_text(diff(assessed(), assessed(lives_alone=None)), "en")
    assert (
        "• meal grant: 100 CNY a month → not yet known, 100 CNY a month\n    now depends on:"
        " members[0].lives_alone\n" in text
    )
    assert "no longer depends on: members[0].lives_alone" in diff_text(
        diff(assessed(lives_alone=None), assessed()), "en"
    )


def test_another_pack_and_several_causes_at_once() -> None:
    other = small_pack(
        replaced("parameters/values.yaml", "{north: 100, outer: 80}", "{north: 105, outer: 80}")
    )
    found = diff(assessed(), assessed(other))
    assert kinds(found) == ["pack"]
    assert [one.benefit for item in found.items for one in item.benefits] == ["grant"]
    both = diff(assessed(), assessed(other, income=1))
    assert kinds(both) == ["facts", "pack"]
    assert "do not show which" in diff_text(both, "en")


def test_another_package_or_engine_is_a_cause() -> None:
    record = assessed()
    other = record.model_copy(
        update={
            "receipt": record.receipt.model_copy(update={"package": "9.9", "engine": "durable"})
        }
    )
    assert [(cause.kind, cause.right) for cause in diff(record, other).causes] == [
        ("package", "9.9"),
        ("engine", "durable"),
    ]


def test_another_counter_is_a_difference() -> None:
    """Nothing but the name of the office changes."""
    other = small_pack(
        {
            "offices.yaml": (
                FILES["offices.yaml"].replace("{zh: 窗口, en: counter}", "{zh: 大厅, en: hall}")
            )
        }
    )
    found = diff(assessed(), assessed(other))
    assert [(item.item, item.benefits, item.differs) for item in found.items] == [
        ("meals", [], ["offices"])
    ]
    assert "where to go: counter → hall" in diff_text(found, "en")


def test_a_benefit_that_is_new_and_closed_to_the_family_is_passed_over_in_the_text() -> None:
    second = (
        "  second:\n    name: {zh: 二, en: second}\n    kind: service\n    when: disabled\n   "
        " gives: {zh: 二, en: second}\n"
    )
    grown = FILES["items/care/visits.yaml"].replace("apply:", f"{second}apply:")
    found = diff(assessed(), assessed(small_pack({"items/care/visits.yaml": grown})))
    assert [(one.benefit, one.left) for item in found.items for one in item.benefits] == [
        ("second", None)
    ]
    assert "second" not in diff_text(found, "en")


def test_the_command_ends_with_1_when_something_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for name, record in (("left", assessed()), ("right", assessed(income=9000))):
        paths.append(str(tmp_path / f"{name}.json"))
        Path(paths[-1]).write_text(as_json(record), encoding="utf-8")
    assert main(["diff", paths[0], paths[0]]) == 0
    assert main(["diff", *paths, "--lang", "en"]) == 1
    assert "Meals  —  member 1" in capsys.readouterr().out
    assert main(["diff", *paths, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data.pop("same") is False
    assert Diff.model_validate(data).items[0].item == "meals"
    Path(paths[1]).write_text("{}", encoding="utf-8")
    assert main(["diff", *paths]) == 2
    assert "JM092" in capsys.readouterr().err
