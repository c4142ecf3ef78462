"""Gaps: unpublished values, open questions and statements from memory, by item, with who could
settle them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from jmentitle.author.gaps import Gap, gap_lines, gaps_of
from jmentitle.cli.main import main
from jmentitle.language.tree import ALWAYS, Window
from tests.support.small_pack import FILES, replaced, small_pack, write

MEALS = "items/care/meals.yaml"
MEMORY = (
    FILES["sources.yaml"]
    + "  memory: {grade: recalled, issuer: {zh: 编者, en: editors}, title: {zh: 回忆, en:"
    " Recalled}}\n"
)


def gaps(overrides: dict[str, str | None] | None = None) -> dict[str, list[Gap]]:
    return gaps_of(small_pack({"sources.yaml": MEMORY, **(overrides or {})}).content)


def statements(overrides: dict[str, str | None]) -> list[tuple[str, str, str]]:
    return [
        (gap.part, gap.name, gap.text.en)
        for gap in gaps(overrides)["meals"]
        if gap.kind == "statement"
    ]


def test_an_unpublished_value_is_listed_with_days_keys_and_reason_under_its_item() -> None:
    found = gaps()
    assert list(found) == ["meals"]
    (gap,) = found["meals"]
    assert (gap.kind, gap.name, gap.text.en, gap.keys.en, gap.reason.en) == (
        "value",
        "meal_grant",
        "meal grant",
        "South, East",
        "not published",
    )
    assert gap.window == Window(date(2019, 1, 1))
    assert gap.office.en == "counter"


def test_floors_and_published_values_are_no_gaps() -> None:
    path = "parameters/values.yaml"
    assert (
        gaps(
            replaced(
                path,
                "outer: null}, reason: {zh: 未公布, en: not published}",
                "outer: {at_least: 80}}",
            )
        )
        == {}
    )


def test_the_office_named_by_the_value_settles_it() -> None:
    offices = (
        FILES["offices.yaml"].replace(
            "offices:\n", "  finance: {zh: 财政, en: finance}\noffices:\n"
        )
        + '  bureau:\n    name: {zh: "{place}财政局", en: "finance bureau, {place}"}\n    level:'
        " county\n    place: household.district\n    duties: [{duty: finance}]\n    phone:"
        " null\n    address: null\n    reason: {zh: 未公布, en: not published}\n    cite:"
        " [circular]\n"
    )
    values = replaced("parameters/values.yaml", "    by: ", "    settled_by: finance\n    by: ")
    assert (
        gaps({"offices.yaml": offices, **values})["meals"][0].office.en
        == "finance bureau, each county"
    )


def test_a_value_that_a_quantity_and_a_status_lead_to_counts_for_the_item() -> None:
    quantities = (
        FILES["vocabulary/quantities.yaml"]
        + "  line: {for: household, label: {zh: 线, en: line}, value: meal_grant * 10, unit:"
        " CNY/month, cite: [memory]}\n"
    )
    statuses = (
        FILES["vocabulary/statuses.yaml"]
        + "  poor: {for: household, label: {zh: 困难, en: poor}, when: income < line, cite:"
        " [memory]}\n"
    )
    visits = replaced(
        "items/care/visits.yaml",
        "none: [meals_recipient]",
        "all: [household.poor]\n      none: [meals_recipient]",
    )
    found = gaps(
        {"vocabulary/quantities.yaml": quantities, "vocabulary/statuses.yaml": statuses, **visits}
    )["visits"]
    assert [(gap.kind, gap.part, gap.name) for gap in found] == [
        ("statement", "condition", "poor"),
        ("statement", "definition", "line"),
        ("value", "value", "meal_grant"),
    ]


def test_an_open_question_names_who_could_answer_it() -> None:
    asked = (
        "gaps: [{text: {zh: 几餐, en: how many meals}, settled_by: desk, cite: [circular]}]\ngiven:"
    )
    found = gaps(replaced(MEALS, "given:", asked))["meals"]
    assert [(gap.text.en, gap.office.en) for gap in found if gap.kind == "question"] == [
        ("how many meals", "counter")
    ]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        (
            replaced(
                MEALS,
                "{all: [lives_alone, household",
                "{all: [{if: lives_alone, cite: [memory]}, household",
            ),
            ("condition", "grant", "alone"),
        ),
        (
            replaced(MEALS, "    kind: cash\n", "    kind: cash\n    cite: [memory]\n"),
            ("benefit", "grant", "meal grant"),
        ),
        (
            replaced(
                MEALS,
                "bring: [identity_card], cite: [circular]",
                "bring: [identity_card], cite: [memory]",
            ),
            ("apply", "desk", "desk"),
        ),
        (
            replaced("offices.yaml", "    cite: [circular]", "    cite: [memory]"),
            ("office", "counter", "counter"),
        ),
        (
            replaced(
                "parameters/values.yaml",
                "outer: 80}, cite: [circular]",
                "outer: 80}, cite: [memory]",
            ),
            ("value", "meal_grant", "meal grant"),
        ),
        (
            replaced("vocabulary/quantities.yaml", "cite: [circular]", "cite: [memory]"),
            ("definition", "age", "age"),
        ),
        (
            replaced(
                MEALS,
                "given:",
                "information: [{text: {zh: 平均, en: on average 90}, cite: [memory]}]\ngiven:",
            ),
            ("information", "meals", "on average 90"),
        ),
    ],
)
def test_what_rests_on_memory_alone_is_listed(
    overrides: dict[str, str | None], expected: tuple[str, str, str]
) -> None:
    assert expected in statements(overrides)
    # A second source that was seen is enough.
    seen = {
        path: text.replace("[memory]", "[memory, circular]")
        for path, text in overrides.items()
        if text is not None
    }
    assert statements({**overrides, **seen}) == []


def test_a_shared_condition_is_listed_once() -> None:
    twice = replaced(MEALS, "when: senior", "when: {if: lives_alone, cite: [memory]}")
    text = twice[MEALS]
    assert text is not None
    more = text.replace(
        "apply:",
        "  visit:\n    name: {zh: 访, en: visit}\n    kind: service\n    gives: {zh: 访, en:"
        " visit}\napply:",
    )
    found = [
        gap
        for gap in gaps({MEALS: more})["meals"]
        if gap.kind == "statement" and gap.text.en == "alone"
    ]
    assert len({gap.name for gap in found}) == len(found)


def test_lines_say_everything_in_both_languages() -> None:
    content = small_pack().content
    assert list(gap_lines(content, "en")) == [
        "1. Meals  [meals]",
        "  unpublished values",
        "    - meal grant [meal_grant] South, East (2019-01-01 – …): not published  → counter",
    ]
    assert (
        list(gap_lines(content, "zh"))[2]
        == "    - 助餐标准 [meal_grant] 南、东 (2019-01-01 – …)：未公布  → 窗口"
    )


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(write(tmp_path))
    assert main(["gaps", "--pack", folder, "--lang", "en"]) == 0
    assert "meal grant [meal_grant] South, East" in capsys.readouterr().out
    assert main(["gaps", "--pack", folder, "--format", "json"]) == 0
    (gap,) = json.loads(capsys.readouterr().out)["meals"]
    assert (gap["name"], gap["from"], gap["until"], gap["office"]["zh"]) == (
        "meal_grant",
        "2019-01-01",
        None,
        "窗口",
    )


def test_a_table_without_any_value_is_summed_up() -> None:
    (gap,) = gaps(replaced("parameters/values.yaml", "{north: 120, outer: null}", "null"))["meals"]
    assert gap.keys.en == "all cases"
    assert gap.window != ALWAYS
