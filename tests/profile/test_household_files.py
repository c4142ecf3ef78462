"""Household files: bad ones get every problem with its path and the nearest name, and never a
value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmentitle import InputError, Pack
from jmentitle.profile.validation import parse_text
from tests.support.families import shipped

ON = date(2018, 10, 15)


def problems(pack: Pack, raw: object, on: date | None = ON) -> list[str]:
    with pytest.raises(InputError) as caught:
        pack.read(raw, on)
    return [one.render() for one in caught.value.diagnostics]


def test_every_problem_is_reported_at_once_with_its_path(pack: Pack) -> None:
    raw = {
        "household": {"hukou_conty": "dongbao", "hukou_area": "village"},
        "members": [
            {"birth_date": "2031-01-01", "disability_grade": "grade_7", "wage_income": -5},
            {
                "brith_date": "1950-01-01",
                "sex": True,
                "hukou_county": "dongbao",
                "wage_income": 10.005,
                "receives": ["minimum_living_guarante"],
            },
        ],
    }
    found = "\n".join(problems(pack, raw))
    for path, code, near in (
        ("household.hukou_conty", "JM071", "hukou_county"),
        ("members[0].birth_date", "JM074", None),
        ("members[0].disability_grade", "JM073", "grade_1"),
        ("members[0].wage_income", "JM075", None),
        ("members[1].brith_date", "JM071", "birth_date"),
        ("members[1].sex", "JM073", None),
        ("members[1].hukou_county", "JM081", None),
        ("members[1].wage_income", "JM080", None),
        ("members[1].receives[0]", "JM073", None),
    ):
        lines = [one for one in problems(pack, raw) if one.startswith(f"{path}: error {code}")]
        assert len(lines) == 1, (path, code, found)
        assert near is None or "did you mean: " in lines[0]


SECRET = "Zhang San 420802195001011234"


@pytest.mark.parametrize(
    "raw",
    [
        {"members": [{"birth_date": SECRET}]},
        {"members": [{"wage_income": SECRET}]},
        {"members": [{"sex": SECRET}]},
        {"members": [{"diagnoses": [SECRET]}]},
        {"members": [{"diagnoses": SECRET}]},
        {"members": [{"receives": [SECRET]}]},
        {"members": [{"id": SECRET * 3}]},
        {"members": [{SECRET: 1}]},
        {"members": [{"orphan": SECRET}]},
        {"members": SECRET},
        {"household": SECRET, "members": [{}]},
        {"members": [SECRET]},
        {SECRET: {}, "members": [{}]},
        SECRET,
    ],
    ids=str,
)
def test_no_error_shows_a_value(pack: Pack, raw: object) -> None:
    for text in problems(pack, raw):
        assert "Zhang" not in text
        assert "420802" not in text


@pytest.mark.parametrize(
    "text",
    [
        "members: [{name: Zhang San, name: Zhang San}]",
        '{"members": [{"birth_date": "Zhang San"',
        "members: [Zhang San: : :",
        "- !!python/object:os.system [Zhang San]",
    ],
)
def test_no_error_of_an_unreadable_file_shows_its_text(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_text(text)
    assert "Zhang" not in str(caught.value)


def test_neither_representations_nor_errors_of_profiles_show_values(pack: Pack) -> None:
    profile = pack.read({"members": [{"birth_date": "1950-01-01", "wage_income": 4321}]}, ON)
    assert "1950" not in repr(profile) + repr(profile.facts) + str(profile)
    assert "4321" not in repr(profile) + repr(profile.facts)


@pytest.mark.parametrize("raw", [{}, {"members": []}, {"members": None}, {"household": {}}])
def test_a_file_without_members_is_an_error(pack: Pack, raw: object) -> None:
    assert problems(pack, raw) == [
        "members: error JM076: the file has no members\n  expected: a list with at least one person"
    ]


def test_a_date_outside_the_validity_names_the_valid_range(pack: Pack) -> None:
    for day in (date(2015, 12, 31), date(2021, 1, 1)):
        with pytest.raises(InputError) as caught:
            pack.assess({"members": [{}]}, day)
        assert (
            str(caught.value)
            == f"on: error JM079: {day} is outside the validity of the pack `jingmen`\n  expected:"
            " a date from 2016-01-01 to 2020-12-31"
        )
    for day in (date(2016, 1, 1), date(2020, 12, 31)):
        assert pack.assess({"members": [{}]}, day).on == day


def test_facts_after_the_day_of_assessment_are_an_error_however_they_come(pack: Pack) -> None:
    raw = {"members": [{"birth_date": "2018-10-16"}]}
    assert problems(pack, raw) == [
        "members[0].birth_date: error JM074: the date is after the day of assessment\n  expected: a"
        " date up to 2018-10-15"
    ]
    profile = pack.read(raw, date(2019, 1, 1))
    with pytest.raises(InputError, match="JM074"):
        pack.assess(profile, ON)


def test_a_missing_fact_is_unknown_and_never_a_default(pack: Pack) -> None:
    profile = pack.read({"members": [{}]}, ON)
    assert set(profile.facts.household) == {None}
    assert set(profile.facts.members[0]) == {None}
    explicit = pack.read(
        {"household": {"hukou_county": None}, "members": [{"birth_date": None}]}, ON
    )
    assert explicit.facts.members == profile.facts.members


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        (1200, 120000),
        (1200.5, 120050),
        ("x", None),
        (Decimal("0.01"), 1),
        (450.00003, None),
        (0.1, 10),
        (True, None),
    ],
)
def test_money_is_exact_to_the_fen(pack: Pack, written: object, fen: int | None) -> None:
    raw = {"members": [{"wage_income": written}]}
    if fen is None:
        problems(pack, raw)
    else:
        assert pack.read(raw, ON).facts.value(0, "wage_income") == fen


@pytest.mark.parametrize(
    "written", ["1e999999999", "1e999999", "-1e400", "1e-999999", "1" + "0" * 4000]
)
def test_a_hostile_number_is_an_error_at_once(pack: Pack, written: str) -> None:
    text = '{"members": [{"wage_income": ' + written + "}]}"
    with pytest.raises(InputError, match=r"JM07[0125]"):
        pack.read(parse_text(text), ON)


def test_a_key_that_stands_twice_is_an_error_in_json_too() -> None:
    with pytest.raises(InputError, match="JM002"):
        parse_text('{"members": [{"sex": "male", "sex": "female"}]}')


def test_yaml_and_json_say_the_same(pack: Pack) -> None:
    text_yaml = (
        "members:\n  - {birth_date: 1950-01-01, wage_income: 10.50, disability_grade: none, orphan:"
        " false}\n"
    )
    text_json = (
        '{"members": [{"birth_date": "1950-01-01", "wage_income": 10.50, "disability_grade":'
        ' "none", "orphan": false}]}'
    )
    assert (
        pack.read(parse_text(text_yaml), ON).facts.members
        == pack.read(parse_text(text_json), ON).facts.members
    )


def test_yaml_words_that_are_no_truth_values_stay_words(pack: Pack) -> None:
    (problem,) = problems(pack, parse_text("members: [{orphan: no}]"))
    assert (
        problem
        == "members[0].orphan: error JM072: expected a truth value\n  expected: true or false"
    )


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["household", "members", "on", "x"]), _values, max_size=4)
    | _values
)
def test_whatever_is_given_ends_in_facts_or_in_diagnostics(raw: object) -> None:
    try:
        shipped().read(raw, ON)
    except InputError as problem:
        assert problem.diagnostics
