"""What callers give beside facts: days, ids, packs, keys, amendments and odd files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from jmentitle import ArgumentError, Assessment, InputError, Pack, PackError
from jmentitle.assessment.replay import as_json, differences, read_record
from jmentitle.cli.main import main
from jmentitle.profile.validation import parse_text
from jmentitle.render.counterfactual import counterfactuals_text
from jmentitle.render.diff import diff_text
from jmentitle.render.plan import plan_text
from jmentitle.views.diff import diff
from tests.support.families import shipped
from tests.support.small_pack import small_pack

ON = date(2018, 10, 15)
ITEM = "elderly_welfare_subsidy"


def codes(call: Callable[[], object]) -> set[str]:
    with pytest.raises((InputError, PackError)) as caught:
        call()
    return {one.code for one in caught.value.diagnostics}


# days

DAYS = [
    "2018-10-15",
    datetime(2018, 10, 15),
    pd.Timestamp(ON),
    np.datetime64(ON),
    np.datetime64(ON, "ns"),
    np.str_("2018-10-15"),
]
NO_DAYS = [
    "20181015",
    "15.10.2018",
    "2018-02-30",
    20181015,
    0,
    True,
    1.5,
    datetime(2018, 10, 15, 8),
    datetime(2018, 10, 15, tzinfo=UTC),
    pd.Timestamp("2018-10-15", tz="Asia/Shanghai"),
    pd.NaT,
    pd.NA,
    np.datetime64("NaT", "D"),
    np.datetime64("2018-10"),
    float("nan"),
    b"2018-10-15",
]
RAW = {"members": [{"id": "a", "birth_date": "1937-01-01"}]}
CALLS: dict[str, Callable[[Pack, object], object]] = {
    "ruleset": lambda pack, day: pack.ruleset(day),
    "read": lambda pack, day: pack.read(RAW, day),
    "decide": lambda pack, day: pack.decide(pack.read(RAW), day),
    "assess": lambda pack, day: pack.assess(RAW, day),
    "explain": lambda pack, day: pack.explain(RAW, ITEM, day),
    "counterfactuals": lambda pack, day: pack.counterfactuals(RAW, ITEM, day),
    "timeline": lambda pack, day: pack.timeline(RAW, day, "2018-10-16"),
    "until": lambda pack, day: pack.timeline(RAW, "2018-10-14", day),
    "rule": lambda pack, day: pack.rule(ITEM, day),
    "population": lambda pack, day: pack.population(
        {"household": [1]}, {"household": [1], "member": [1]}, day
    ),
}


@pytest.mark.parametrize("call", [name for name in CALLS if name != "population"])
def test_every_call_takes_a_day_in_each_form(call: str) -> None:
    for day in DAYS:
        CALLS[call](shipped(), day)


@pytest.mark.parametrize("call", CALLS)
def test_every_call_refuses_what_is_no_day(call: str) -> None:
    for day in NO_DAYS:
        assert codes(lambda day=day: CALLS[call](shipped(), day)) == {"JM072"}, repr(day)


def test_the_day_of_a_result_is_a_plain_date() -> None:
    assert type(shipped().assess(RAW, pd.Timestamp(ON)).on) is date


@pytest.mark.parametrize("written", ["20181015", "2018-W42-1", "15/10/2018"])
def test_the_command_line_takes_a_day_as_documented(
    written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "family.json"
    file.write_text(json.dumps(RAW), encoding="utf-8")
    assert main(["assess", str(file), "--on", written, "--format", "json"]) == 2
    (said,) = json.loads(capsys.readouterr().err)["errors"]
    assert (said["code"], said["path"], said["expected"]) == ("JM072", "--on", "YYYY-MM-DD")


# ids

ODD_IDS: list[str | int] = ["<script>alert(1)</script>", "a*_b`|[x](y)", "李 雷", 7, "0012", 10**30]


@pytest.fixture(scope="module")
def odd() -> tuple[dict[str, object], Assessment]:
    raw: dict[str, object] = {
        "household": {"hukou_county": "dongbao"},
        "members": [{"id": id_, "birth_date": "1937-01-01"} for id_ in ODD_IDS],
    }
    return raw, shipped().assess(raw, ON)


def test_ids_are_kept_as_they_came(odd: tuple[dict[str, object], Assessment]) -> None:
    raw, assessment = odd
    for id_ in ODD_IDS:
        assert assessment.result(ITEM, id_).subject == id_
        assert assessment.result(ITEM, str(id_)).subject == id_
        assert next(one.subject for one in shipped().explain(raw, ITEM, ON, member=id_)) == id_
        assert shipped().counterfactuals(raw, ITEM, ON, member=str(id_)).of(id_).subject == id_


def test_records_keep_ids(odd: tuple[dict[str, object], Assessment]) -> None:
    raw, assessment = odd
    record = read_record(as_json(assessment))
    assert record == assessment
    assert differences(record, shipped().assess(raw, ON)) == []
    later = shipped().assess(raw, date(2019, 10, 15))
    assert diff_text(diff(record, later), "en")
    others = shipped().assess({**raw, "members": [{"id": "王芳"}]}, ON)
    assert not any(
        str(id_) in path for path in differences(record, others) for id_ in ("王芳", "李 雷")
    )


def test_no_view_shows_an_id_raw(odd: tuple[dict[str, object], Assessment]) -> None:
    raw, assessment = odd
    found = shipped().explain(raw, ITEM, ON)
    near = shipped().counterfactuals(raw, ITEM, ON)
    line = shipped().timeline(raw, ON, "2019-03-01")
    plan = assessment.plan()
    views = [
        assessment.to_html(),
        assessment.to_markdown(),
        assessment.letter(),
        assessment._repr_html_(),
        found._repr_html_(),
    ]
    views += [
        near._repr_html_(),
        line._repr_html_(),
        plan._repr_html_(),
        str(assessment.draw_pathway()._repr_html_()),
        counterfactuals_text(near, "zh"),
    ]
    views += [
        plan_text(plan, "zh", assessment.pack_name),
        repr(found),
        repr(assessment),
        repr(assessment.results[0]),
    ]
    for text in views:
        assert "<script>alert" not in text
        assert "a*_b`|[x](y)" not in text


def test_an_id_that_tells_who_somebody_is_stands_in_no_error() -> None:
    raw = {"members": [{"id": "李雷"}, {"id": "father"}]}
    with pytest.raises(InputError) as caught:
        shipped().explain(raw, ITEM, ON, member="fathr")
    assert "李雷" not in str(caught.value)
    assert "did you mean: father" in str(caught.value)
    with pytest.raises(ArgumentError) as missing:
        shipped().assess(raw, ON).result(ITEM, "王芳")
    assert "王芳" not in str(missing.value)


def test_a_number_and_its_text_are_one_id() -> None:
    assert codes(lambda: shipped().read({"members": [{"id": 1}, {"id": "1"}]}, ON)) == {"JM077"}
    assert codes(lambda: shipped().read({"members": [{"id": "a"}, {"id": "a"}]}, ON)) == {"JM077"}


def test_the_command_line_finds_a_number_by_its_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "family.yaml"
    file.write_text(
        "members: [{id: 7, birth_date: 1937-01-01}, {id: 0012}, {id: 1E5}]", encoding="utf-8"
    )
    for member, id_ in (("7", 7), ("0012", "0012"), ("1E5", "1E5")):
        assert (
            main(["why", ITEM, str(file), "--on", str(ON), "--member", member, "--format", "json"])
            == 0
        )
        assert {one["subject"] for one in json.loads(capsys.readouterr().out)["explanations"]} == {
            id_
        }


# packs and keys


def test_a_profile_of_another_pack_is_refused() -> None:
    profile = small_pack().read({"members": [{}]}, "2018-06-01")
    for call in (
        shipped().assess,
        lambda one: shipped().counterfactuals(one, ITEM),
        lambda one: shipped().decide(one, ON),
    ):
        assert codes(lambda call=call: call(profile)) == {"JM082"}


def test_a_profile_serves_an_amended_pack() -> None:
    profile = shipped().read(RAW, ON)
    amended = shipped().amend({"parameters": {"dibao_urban": {"scale": "1.1"}}})
    assert amended.assess(profile, "2018-11-01").on == date(2018, 11, 1)


def test_pyyaml_makes_a_truth_value_of_on() -> None:
    raw = yaml.safe_load("on: 2018-10-15\nmembers: [{}]")
    with pytest.raises(InputError) as caught:
        shipped().assess(raw)
    (said,) = caught.value.diagnostics
    assert said.code == "JM006"
    assert '"on"' in str(said.expected)
    assert "`on=`" in str(said.expected)


@pytest.mark.parametrize("key", [1, None, 1.5, (1, 2), False, b"on", date(2018, 1, 1)], ids=str)
def test_a_key_that_is_no_text_is_refused_everywhere(key: object) -> None:
    for raw in (
        {key: 1, "members": [{}]},
        {"members": [{key: 1}]},
        {"household": {key: 1}, "members": [{}]},
    ):
        assert codes(lambda raw=raw: shipped().read(raw, ON)) == {"JM071"}


def test_unknown_keys_are_echoed_only_when_they_look_like_facts() -> None:
    with pytest.raises(InputError) as caught:
        shipped().read(
            {"members": [{"Zhang San": 1, "张三": 1, "ZhangSan": 1, "brith_date": 1}]}, ON
        )
    assert [one.path for one in caught.value.diagnostics] == [
        "members[0].brith_date",
        "members[0].…",
    ]


# files

TEXTS = {
    '{"members": [{"wage_income": NaN}]}': "JM075",
    '{"members": [{"wage_income": -Infinity}]}': "JM075",
    '{"members": [{"wage_income": 1e400}]}': "JM075",
    '{"members": [{"wage_income": 1e-400}]}': "JM075",
    '{"members": [{"wage_income": 1e99999999999999999999}]}': "JM075",
    '{"members": [{"wage_income": ' + "9" * 5000 + "}]}": "JM075",
    '{"members": [{"id": ' + "9" * 5000 + "}]}": "JM072",
    '{"members": [{"sex": "\\ud800"}]}': "JM073",
    '{"members": [{"id": "\\udfff"}]}': "JM072",
    '{"members": [{"\\ud800": 1}]}': "JM071",
    '{"members": ' + "[" * 100_000 + "]" * 100_000 + "}": "JM011",
    '{"a": ' * 100_000: "JM011",
    '{"members": [{"sex": "male", "sex": "male"}]}': "JM002",
    '{"members": [{}], "members": [{}]}': "JM002",
    '{"members": [{}], "household": {"x": {"y": 1, "y": 2}}}': "JM002",
    "members: [{wage_income: .inf}]": "JM075",
    "members: [{wage_income: -.INF}]": "JM075",
    "members: [{wage_income: .nan}]": "JM075",
    "members: [{wage_income: 0x10}]": "JM072",
    "members: [{wage_income: 0o17}]": "JM072",
    "members: [{wage_income: 010}]": "JM072",
    "members: [{wage_income: 1_000}]": "JM072",
    "members: [{wage_income: 1e3}]": "JM072",
    "members: [{wage_income: 1:30}]": "JM072",
    "members: [{wage_income: 12345678901234567890}]": "JM075",
    "members: [{orphan: yes}]": "JM072",
    "members: [{orphan: on}]": "JM072",
    "members: [{orphan: 'true'}]": "JM072",
    "members: [{orphan: TRUE}]": "JM072",
    "members: [{birth_date: 1950-01-01 08:00:00}]": "JM072",
    "members: [{birth_date: 1950-01-01T00:00:00Z}]": "JM072",
    "members: [{birth_date: 1950-1-1}]": "JM072",
    "members: " + "[" * 500 + "]" * 500: "JM011",
}


@pytest.mark.parametrize(("text", "code"), TEXTS.items(), ids=[text[:40] for text in TEXTS])
def test_odd_values_of_files_have_their_code(text: str, code: str) -> None:
    assert codes(lambda: shipped().read(parse_text(text), ON)) == {code}


@pytest.mark.parametrize(
    "text",
    [
        '{"members": [{"wage_income": -0, "orphan": false}]}',
        '{"members": [{"wage_income": -0.0}]}',
        '{"members": [{"wage_income": 9e2}]}',
    ],
)
def test_odd_numbers_that_are_right_are_taken(text: str) -> None:
    assert shipped().read(parse_text(text), ON).facts.value(0, "wage_income") in (0, 90000)


# amendments


@pytest.mark.parametrize("value", [np.float64(1.1), np.float32(1.1), 1.1, "1.1"], ids=repr)
def test_an_amendment_takes_values_of_frames(value: object) -> None:
    plain = shipped().amend({"parameters": {"dibao_urban": {"scale": "1.1"}}})
    given = shipped().amend({np.str_("parameters"): {"dibao_urban": {"scale": value}}})
    assert given.content.parameters == plain.content.parameters


@pytest.mark.parametrize(
    "day",
    [
        pd.Timestamp("2018-07-01"),
        np.datetime64("2018-07-01"),
        datetime(2018, 7, 1),
        date(2018, 7, 1),
    ],
    ids=repr,
)
def test_an_amendment_takes_days_of_frames(day: object) -> None:
    amended = shipped().amend({"parameters": {"dibao_urban": {"scale": np.int64(2), "from": day}}})
    assert date(2018, 7, 1) in [
        entry.window.start for entry in amended.content.parameters["dibao_urban"].entries
    ]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("scale", np.float64("nan"), "JM008"),
        ("scale", np.float64(1.1) + np.float64(2.2), "JM008"),
        ("scale", pd.NA, "JM008"),
        ("scale", np.bool_(True), "JM008"),
        ("scale", 1j, "JM005"),
        ("from", pd.Timestamp("2018-07-01 08:00"), "JM007"),
        ("from", np.datetime64("2018-07"), "JM005"),
    ],
    ids=repr,
)
def test_an_amendment_refuses_what_is_not_exact(key: str, value: object, code: str) -> None:
    change = {"scale": 2, "unit": "CNY/person/month", key: value}
    assert codes(lambda: shipped().amend({"parameters": {"dibao_urban": change}})) == {code}
