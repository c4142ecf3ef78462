"""Coverage of examples: what is asked of a leaf, what counts as seen, and what the command says."""

from __future__ import annotations

import json

import pytest

from jmentitle.author.coverage import Coverage, coverage_data, coverage_lines, coverage_of
from jmentitle.author.examples import read_examples, run_example
from jmentitle.cli.main import main
from jmentitle.language.collector import Collector
from tests.support.small_pack import FILES, small_pack, write

STATUSES = FILES["vocabulary/statuses.yaml"].partition("  meals_recipient:")[0]
GIVEN = """\
given:
  household: {district: north, income: 1000}
  members: {birth_date: 1950-01-01, lives_alone: true}
"""


def measured(item: str, examples: str, overrides: dict[str, str | None] | None = None) -> Coverage:
    """The coverage of a pack with one item `meals` that has these conditions and examples."""
    text = (
        FILES["items/care/meals.yaml"].partition("when: senior")[0]
        + item
        + GIVEN
        + "examples:\n"
        + examples
    )
    fewer = {
        "items/care/visits.yaml": None,
        "conflicts.yaml": None,
        "vocabulary/statuses.yaml": STATUSES,
    }
    pack = small_pack({**fewer, "items/care/meals.yaml": text, **(overrides or {})})
    collector = Collector()
    return coverage_of(
        pack, [run_example(pack, example, collector) for example in read_examples(pack, collector)]
    )


def item(when: str, more: str = "") -> str:
    return f"""\
benefits:
  grant:
    name: {{zh: 餐补, en: meal grant}}
    kind: service
    gives: {{zh: 餐, en: meals}}
    when: {when}
{more}apply: {{at: desk, bring: [identity_card], cite: [circular]}}
"""


def example(member: str, on: str = "2018-06-01", household: str = "{}") -> str:
    return (
        f"  - {{name: one, on: {on}, household: {household}, members: [{member}], expect: {{}}}}\n"
    )


def missing(coverage: Coverage) -> dict[str, list[str]]:
    return {leaf.text: list(leaf.missing) for leaf in coverage.leaves if leaf.missing}


def test_every_value_of_a_leaf_is_asked_for() -> None:
    known = example("{}")
    assert missing(measured(item("lives_alone"), known))["lives_alone"] == ["false", "unknown"]
    other = known + example("{lives_alone: false}")
    assert missing(measured(item("lives_alone"), other))["lives_alone"] == ["unknown"]
    assert "lives_alone" not in missing(
        measured(item("lives_alone"), other + example("{lives_alone: unknown}"))
    )


def test_leaves_count_whatever_the_rest_of_the_condition() -> None:
    coverage = measured(item("{all: [rooms > 8, lives_alone]}"), example("{rooms: 1}"))
    assert missing(coverage)["lives_alone"] == ["false", "unknown"]
    assert not coverage.benefits[0].granted


def test_only_the_subject_counts_and_for_member_functions_every_member() -> None:
    two = "  - {name: two, on: 2018-06-01, members: [{rooms: 1}, {rooms: 9}], expect: {}}\n"
    assert missing(measured(item("rooms > 8"), two))["rooms > 8"] == ["true", "unknown"]
    second = two.replace("expect", "member: 2, expect")
    assert missing(measured(item("rooms > 8"), second))["rooms > 8"] == ["false", "unknown"]
    assert missing(measured(item("{any_member: rooms > 8}"), two))["rooms > 8"] == ["unknown"]


def test_a_status_counts_wherever_it_is_reached_and_with_what_it_uses() -> None:
    coverage = measured(item("senior"), example("{}") + example("{birth_date: 2000-01-01}"))
    leaf = next(leaf for leaf in coverage.leaves if leaf.text == "age >= 60")
    assert (leaf.owner, leaf.span.file, leaf.missing) == (
        "senior",
        "vocabulary/statuses.yaml",
        ["unknown"],
    )
    elsewhere = measured(item("lives_alone"), example("{}"))
    assert next(leaf for leaf in elsewhere.leaves if leaf.text == "age >= 60").missing == [
        "true",
        "false",
        "unknown",
    ]


def test_a_leaf_counts_on_the_days_on_which_it_exists() -> None:
    when = "{all: [lives_alone, {if: rooms > 8, from: 2019-01-01}]}"
    before = measured(item(when), example("{rooms: 9}", "2018-12-31"))
    assert missing(before)["rooms > 8"] == ["true", "false", "unknown"]
    after = measured(
        item(when), example("{rooms: 9}", "2018-12-31") + example("{rooms: 9}", "2019-01-01")
    )
    assert missing(after)["rooms > 8"] == ["false", "unknown"]


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("assessment_date >= 2019-06-01", {"true", "false"}),
        ("assessment_date >= 2020-06-01", {"false"}),
        ("years_since(2018-03-01) >= 1", {"true", "false"}),
        ("{all: [lives_alone, {if: assessment_date >= 2019-06-01, from: 2019-07-01}]}", {"true"}),
        ("count_members(lives_alone) >= 0", {"true"}),
        ("rooms <= 9", {"true"}),
        ("birth_date < 1960-01-01", {"true", "false", "unknown"}),
        ("disabled", {"true", "false", "unknown"}),
        ("household.income <= meal_grant", {"true", "false", "unknown"}),
        ("household.income <= never_published", {"unknown"}),
        ("household.income > never_published", {"unknown"}),
        ("household.income < floor_only", {"true", "unknown"}),
        ("household.income >= floor_only", {"false", "unknown"}),
        ("household.income <= ceiling_only", {"false", "unknown"}),
        (
            "household.income <= if(lives_alone, never_published, 500 CNY/month)",
            {"true", "false", "unknown"},
        ),
        ("500 CNY/month <= never_published", {"unknown"}),
        ("household.income - floor_only < 0", {"true", "unknown"}),
        ("-household.income > -floor_only", {"true", "unknown"}),
        ("-floor_only < household.income + 1 CNY/month", {"true"}),
        ("never_true", {"false", "unknown"}),
    ],
)
def test_nothing_impossible_is_asked_for(when: str, asked: set[str]) -> None:
    values = "    - {value: null, reason: {zh: 无, en: unpublished}, cite: []}\n"
    label = "    label: {zh: 值, en: value}\n    unit: CNY/month\n    values:\n  "
    parameters = (
        FILES["parameters/values.yaml"] + f"  never_published:\n{label}{values}"
        f"  floor_only:\n{label}{values.replace('null', '{at_least: 500}')}"
        f"  ceiling_only:\n{label}{values.replace('null', '{at_most: 500}')}"
    )
    statuses = (
        STATUSES
        + "  never_true: {for: person, label: {zh: 否, en: never}, when: {all: [lives_alone,"
        " assessment_date >= 2020-06-01]}, cite: [circular]}\n"
    )
    coverage = measured(
        item(when),
        example("{}"),
        {"parameters/values.yaml": parameters, "vocabulary/statuses.yaml": statuses},
    )
    leaf = [leaf for leaf in coverage.leaves if leaf.owner == "meals"][-1]
    assert leaf.asked == asked


def test_a_benefit_is_granted_when_eligible_or_discretionary_and_else_not_asked_for() -> None:
    assert not measured(item("lives_alone"), example("{lives_alone: unknown}")).benefits[0].granted
    assert measured(item("lives_alone"), example("{}")).benefits[0].granted
    assert (
        measured(item("lives_alone", "    discretionary: true\n"), example("{}"))
        .benefits[0]
        .granted
    )
    closed = measured(item("{all: [lives_alone, assessment_date >= 2020-06-01]}"), example("{}"))
    assert not closed.benefits[0].asked
    assert closed.grants == (0, 0)


def test_a_leaf_that_a_grant_makes_true_is_seen() -> None:
    pack = small_pack(
        {
            "items/care/visits.yaml": FILES["items/care/visits.yaml"].replace(
                "none: [meals_recipient]", "all: [meals_recipient]"
            )
            + (
                "given: {household: {district: north, income: 1000, receives: []}}\nexamples:\n"
                "  - {name: one, on: 2018-06-01,\n"
                "     members: [\n"
                "       {birth_date: 1950-01-01, lives_alone: true, receives: [], rooms: 9}],\n"
                "     expect: {home: after meals}}\n"
            )
        }
    )
    collector = Collector()
    ran = [run_example(pack, one, collector) for one in read_examples(pack, collector)]
    assert not [problem for one in ran for problem in one.problems]
    leaf = next(leaf for leaf in coverage_of(pack, ran).leaves if leaf.text == "meals_recipient")
    assert leaf.missing == ["unknown"]


def test_the_report_names_place_text_and_what_is_missing() -> None:
    coverage = measured(item("lives_alone"), example("{lives_alone: false}"))
    assert list(coverage_lines(coverage)) == [
        "meals",
        "  items/care/meals.yaml:10: benefit `grant` is granted in no example",
        "  items/care/meals.yaml:14: `lives_alone` is never true, never unknown",
        "senior",
        "  vocabulary/statuses.yaml:5: `age >= 60` is never true, never false, never unknown",
        "values of conditions: 1 of 6 (16.6 %)",
        "benefits granted: 0 of 1 (0.0 %)",
    ]
    data = coverage_data(coverage)
    assert data["values"] == {"seen": 1, "asked": 6, "percent": "16.6"}
    assert json.loads(json.dumps(data)) == data


def test_the_command_exits_with_1_until_everything_is_covered(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    text = (
        FILES["items/care/meals.yaml"].partition("when: senior")[0]
        + item("lives_alone")
        + GIVEN
        + "examples:\n"
        + example("{}")
    )
    more = {
        "items/care/visits.yaml": None,
        "conflicts.yaml": None,
        "vocabulary/quantities.yaml": None,
        "vocabulary/statuses.yaml": None,
    }
    folder = str(write(tmp_path / "partly", {**more, "items/care/meals.yaml": text}))
    assert main(["examples", folder]) == 0
    capsys.readouterr()
    assert main(["examples", folder, "--coverage"]) == 1
    assert "`lives_alone` is never false, never unknown" in capsys.readouterr().out
    assert main(["examples", folder, "--coverage", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["coverage"]["benefits"] == {
        "granted": 1,
        "asked": 1,
        "percent": "100.0",
    }
    whole = text + example("{lives_alone: false}") + example("{lives_alone: unknown}")
    folder = str(write(tmp_path / "whole", {**more, "items/care/meals.yaml": whole}))
    assert main(["examples", folder, "--coverage"]) == 0
    assert "values of conditions: 3 of 3 (100.0 %)" in capsys.readouterr().out
