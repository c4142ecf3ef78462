"""Every mistake has its message, held whole; all mistakes come at once, in the order of the files,
with the caret under the place."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from jmentitle.language.codes import TITLES
from jmentitle.language.collector import MAX_FOUND
from jmentitle.language.diagnostics import Diagnostic, Span
from tests.support.golden_messages import FOLDER, Case, cases
from tests.support.small_pack import FILES, diagnostics_of, replaced

CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in cases(path.stem)]
STATUSES = "vocabulary/statuses.yaml"


def test_the_small_pack_itself_is_without_fault() -> None:
    assert diagnostics_of({}) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_message(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert case.said(tmp_path) == case.says
    assert set(re.findall(r"(?:error|warning) (JM\d{3}):", case.says)) == {case.code}


def test_every_code_has_a_message() -> None:
    assert {case.code for case in CASES} == set(TITLES)


# all at once


MISTAKES = {
    "conflicts.yaml": (("kind: exclusive", "kind: exclusiv"),),
    "documents.yaml": (("disability_card:", "Disability:"),),
    "items/care/meals.yaml": (
        ("reach: targeted\n", ""),
        ("lives_alone, household", "lives_alon, household"),
        ("kind: cash", "kind: yes"),
    ),
    "items/care/visits.yaml": (("stroke in", "strok in"), ("visit/year", "vist/year")),
    "parameters/values.yaml": (
        ("from: 2019-01-01", "from: 2019-01-02"),
        ("north: 100", "north: 1_000"),
    ),
    "sources.yaml": (("grade: notice,", "grade: notice, number: 2018-09-06,"),),
    STATUSES: (
        ("age >= 60", "age >= 60 and lives_alone"),
        ("    label: {zh: 残疾人, en: disabled person}", "    label: {zh: 残疾人}"),
    ),
}
CODES = [
    "JM016",
    "JM014",
    "JM004",
    "JM006",
    "JM025",
    "JM030",
    "JM034",
    "JM008",
    "JM046",
    "JM015",
    "JM038",
    "JM013",
    "JM044",
]


def broken_everywhere() -> dict[str, str | None]:
    texts: dict[str, str | None] = {}
    for path, pairs in MISTAKES.items():
        text = FILES[path]
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        texts[path] = text
    return texts


def test_all_mistakes_of_a_pack_are_reported_at_once_in_the_order_of_the_files() -> None:
    found = diagnostics_of(broken_everywhere())
    assert [one.code for one in found] == CODES
    places = [
        (one.span.file, one.span.line, one.span.column) for one in found if one.span is not None
    ]
    assert len(places) == len(found)
    assert places == sorted(places)


def test_mistakes_seen_only_in_the_whole_pack_come_with_the_others() -> None:
    circular = FILES[STATUSES].replace("when: age >= 60", "when: {any: [senior, age >= 60]}")
    late = FILES["items/care/meals.yaml"].replace(
        "    kind: cash", "    kind: cash\n    from: 2021-01-01"
    )
    wrong_number = FILES["parameters/values.yaml"].replace("north: 100", "north: 1e2")
    found = diagnostics_of(
        {STATUSES: circular, "items/care/meals.yaml": late, "parameters/values.yaml": wrong_number}
    )
    assert [one.code for one in found] == ["JM048", "JM008", "JM041"]


def test_a_mistake_in_a_definition_is_not_reported_again_at_each_use() -> None:
    for path, old, new in (
        ("vocabulary/quantities.yaml", "years_since(birth_date)", "years_since(birth_dat)"),
        ("vocabulary/facts.yaml", "lives_alone: {type: bool", "lives_alone: {type: boole"),
        ("parameters/values.yaml", "unit: CNY/month\n", "unit: CNY/moon\n"),
    ):
        assert len(diagnostics_of(replaced(path, old, new))) == 1


def test_a_file_that_cannot_be_read_does_not_make_its_names_unknown() -> None:
    found = diagnostics_of(
        {"sources.yaml": "sources: [", STATUSES: FILES[STATUSES].replace("when: age", "wenn: age")}
    )
    assert [one.code for one in found] == ["JM001", "JM003"]


def test_reading_stops_after_very_many_mistakes_and_says_so() -> None:
    statuses = "".join(f"  status_{number}: {{colour: red}}\n" for number in range(1_000))
    found = diagnostics_of({STATUSES: FILES[STATUSES] + statuses})
    assert len(found) == MAX_FOUND + 1
    assert (
        found[-1].render() == "the rest: error JM012: more than 200 mistakes; the rest is not shown"
    )


# carets


def column_under_caret(rendered: str) -> tuple[int, int]:
    """Where the caret begins and how wide it is, in columns of a terminal."""
    line = rendered.splitlines()[2]
    return line.index("^"), line.count("^")


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


@pytest.mark.parametrize("before", ["", "abc", "残疾人", "残疾,人", "a残b\uff08"])
@pytest.mark.parametrize("under", ["x", "word", "残疾"])
def test_the_caret_stands_under_its_place_whatever_stands_before_it(
    before: str, under: str
) -> None:
    diagnostic = Diagnostic(
        "JM025", "…", Span("f", 7, len(before) + 1, len(under)), excerpt=f"{before}{under} and more"
    )
    assert column_under_caret(diagnostic.render()) == (len("  7 | ") + width(before), width(under))


def test_the_caret_of_an_expression_stands_under_the_word_after_chinese_text() -> None:
    line = (
        "  senior: {label: {zh: 六十岁以上的老年人, en: older}, for: person, when: '60 <= agee',"
        " cite: [circular]}"
    )
    statuses = FILES[STATUSES].split("  disabled:")[1]
    [found] = diagnostics_of({STATUSES: f"statuses:\n{line}\n  disabled:{statuses}"})
    start, length = column_under_caret(found.render())
    assert (found.code, start, length) == (
        "JM025",
        len("  2 | ") + width(line[: line.index("agee")]),
        4,
    )


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    long = "字" * 300
    rendered = Diagnostic("JM025", "…", Span("f", 1, 301, 4), excerpt=f"{long}word{long}").render()
    assert rendered.splitlines()[1] == "  1 | " + "字" * 120 + "word" + "字" * 76
    assert column_under_caret(rendered) == (len("  1 | ") + 240, 4)


def test_a_mistake_in_a_text_over_several_lines_is_shown_at_its_beginning() -> None:
    [found] = diagnostics_of(replaced(STATUSES, "when: age >= 60", "when: age >= 60 +\n      agee"))
    assert found.span is not None
    assert (found.span.line, found.span.column, found.span.length) == (5, 11, 1)


def test_no_message_grows_with_what_it_is_about() -> None:
    [found] = diagnostics_of(
        replaced("items/care/meals.yaml", "number: 1", f"number: 1\n{'x' * 5_000}: 1")
    )
    assert len(found.render()) < 1_000


# versions of the language


@pytest.mark.parametrize("written", ["1", "'1'", '"1"'])
def test_a_pack_names_a_version_of_the_language_that_is_read(written: str) -> None:
    assert diagnostics_of(replaced("pack.yaml", 'language: "1"', f"language: {written}")) == []


@pytest.mark.parametrize("written", ["2", '"1.0"', "0", "''", "one"])
def test_nothing_else_is_judged_in_another_version_of_the_language(written: str) -> None:
    mistakes = broken_everywhere() | replaced("pack.yaml", 'language: "1"', f"language: {written}")
    assert [one.code for one in diagnostics_of(mistakes)] == ["JM039"]


def test_a_missing_version_is_the_first_one_and_a_warning() -> None:
    unversioned = replaced("pack.yaml", 'language: "1"\n', "")
    assert [one.code for one in diagnostics_of(unversioned)] == ["JM069"]
    mistakes = broken_everywhere() | unversioned
    assert sorted(one.code for one in diagnostics_of(mistakes)) == sorted([*CODES, "JM069"])


@pytest.mark.parametrize("written", ["[1]", "{version: 1}"])
def test_the_version_is_a_single_value(written: str) -> None:
    found = diagnostics_of(replaced("pack.yaml", 'language: "1"', f"language: {written}"))
    assert [one.code for one in found] == ["JM005"]
