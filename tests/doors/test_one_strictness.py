"""Every door is equally strict: what one refuses, all refuse with the same code, and what one takes
means the same everywhere.

A case is a household with one value in it. Each door of `DOORS` turns it into what it takes and
gives the facts that were read, or raises; a door that cannot carry a value (JSON has no dates)
returns None.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from jmentitle import InputError
from jmentitle.cli.main import main
from jmentitle.profile.facts import Facts
from jmentitle.profile.validation import parse_text
from jmentitle.typed import jingmen
from tests.support.families import shipped

ON = date(2018, 10, 15)
Door = Callable[[str, object], Facts | None]


def household(place: str, value: object) -> dict[str, object]:
    """A household in which a value stands in one place: `person.NAME`, `household.NAME` or a key
    of the file."""
    raw: dict[str, object] = {"household": {}, "members": [{}]}
    entity, _, name = place.rpartition(".")
    if entity == "person":
        raw["members"] = [{name: value}]
    elif entity == "household":
        raw["household"] = {name: value}
    else:
        raw[place] = value
    return raw


MISSING = [None, pd.NA, pd.NaT, np.datetime64("NaT", "D")]
PLACES: dict[str, tuple[dict[str, list[object]], list[object]]] = {
    # place: (what each code is given for, what is taken)
    "person.orphan": (
        {
            "JM072": [
                0,
                1,
                1.0,
                "off",
                "true",
                "",
                "是",
                np.int64(1),
                np.float64(0),
                [],
                {},
                math.nan,
                b"true",
            ]
        },
        [True, False, np.bool_(True), *MISSING],
    ),
    "person.lives_alone_unlisted": ({"JM071": [True, 1]}, []),
    "household.members_complete": (
        {"JM072": [0, 1, "no", "false", math.nan, []]},
        [True, False, np.bool_(False), *MISSING],
    ),
    "person.birth_date": (
        {
            "JM072": [
                0,
                1,
                20180101,
                1.5,
                True,
                "0",
                "2018-1-1",
                "20180101",
                "2018-W01-1",
                "2018-02-30",
                "1950-01-01T00:00:00",
                " 1950-01-01",
                "１９５０-01-01",
                "1950/01/01",
                "1950-01-01\n",
                datetime(1950, 1, 1, 8),
                datetime(1950, 1, 1, tzinfo=UTC),
                np.datetime64("1950"),
                np.datetime64("1950-01"),
                np.datetime64("1950-01-01T08"),
                pd.Timestamp("1950-01-01 00:00:00.000000001"),
                pd.Timestamp("1950-01-01", tz="UTC"),
                math.nan,
                [],
                b"1950-01-01",
            ],
            "JM074": ["2018-10-16", date(2030, 1, 1)],
            "JM075": ["1899-12-31", date(1, 1, 1)],
        },
        [
            "1950-01-01",
            date(1950, 1, 1),
            datetime(1950, 1, 1),
            pd.Timestamp("1950-01-01"),
            np.datetime64("1950-01-01"),
            np.datetime64("1950-01-01T00:00:00", "ns"),
            np.str_("1950-01-01"),
            *MISSING,
        ],
    ),
    "person.wage_income": (
        {
            "JM072": [
                "1_000",
                "９００",
                " 900",
                "900 ",
                "1e3",
                "0x10",
                "+900",
                ".5",
                "5.",
                "007",
                "",
                "nine",
                "1,000",
                True,
                [],
                Fraction(1, 2),
                1j,
                b"900",
            ],
            "JM075": [
                -1,
                "-1",
                10**20,
                10**5000,
                "1" * 80,
                1e300,
                1e-300,
                math.nan,
                math.inf,
                -math.inf,
                np.float64("nan"),
                Decimal("NaN"),
                Decimal("sNaN"),
            ],
            "JM080": [
                0.005,
                1.1 + 2.2,
                "900.001",
                Decimal("0.001"),
                np.float64(1.1) + np.float64(2.2),
                np.float32(0.005),
            ],
        },
        [
            0,
            900,
            900.5,
            0.1,
            -0.0,
            "900",
            "900.00",
            "900.5",
            "-0",
            Decimal("900.50"),
            Decimal("9E+2"),
            np.int64(900),
            np.uint8(9),
            np.float64(0.1),
            np.float32(1.1),
            np.float16(1.5),
            np.str_("900.00"),
            *MISSING,
        ],
    ),
    "person.insurance_subsidy_months_used": (
        {
            "JM072": ["3", "3.0", 1.5, True, Decimal("0.5"), np.float64(1.5), []],
            "JM075": [-1, 10**20, math.inf, math.nan],
        },
        [3, 3.0, Decimal("3"), np.int8(3), np.float64(3), *MISSING],
    ),
    "person.sex": (
        {"JM073": ["Male", "", "man", 0, True, math.nan, [], ["male"], b"male"]},
        ["male", np.str_("female"), *MISSING],
    ),
    "person.diagnoses": (
        {
            "JM072": ["schizophrenia", b"", 5, True, {}, math.nan],
            "JM073": [["none"], [None], [1], ["schizophrenia", "x"]],
        },
        [
            [],
            ["schizophrenia"],
            ("schizophrenia",),
            {"schizophrenia"},
            frozenset(),
            np.array(["schizophrenia"]),
            ["schizophrenia", "schizophrenia"],
            [np.str_("schizophrenia")],
            *MISSING,
        ],
    ),
    "person.receives": (
        {
            "JM072": ["medical_assistance", b"", 0, {}],
            "JM073": [["rent"], [0], ["minimum_living_guarantee"]],
        },
        [[], ["medical_assistance"], ("medical_assistance.premium_full",), np.array([]), *MISSING],
    ),
    "person.id": (
        {
            "JM072": [
                "household",
                np.str_("household"),
                "",
                "x" * 65,
                "a\u202eb",
                "a\u200bb",
                "a\nb",
                "\ud800",
                True,
                1.0,
                1.5,
                math.nan,
                b"a",
                [],
                {},
                10**80,
                Decimal(1),
            ]
        },
        [
            "father",
            "0012",
            "1E5",
            "李 雷",
            "<b>",
            "a.b|c",
            "member_7",
            7,
            0,
            -1,
            10**30,
            np.int64(7),
            np.uint64(2**63),
            np.str_("a"),
            *MISSING,
        ],
    ),
    "pack": (
        {"JM072": [0, True, []], "JM082": ["wuhan", "jingmenn", "", "Jingmen"]},
        ["jingmen", None],
    ),
    "on": (
        {
            "JM072": [
                0,
                20181015,
                True,
                "15.10.2018",
                "20181015",
                "2018-02-30",
                datetime(2018, 10, 15, 8),
                math.nan,
            ]
        },
        ["2018-10-15", ON, datetime(2018, 10, 15), pd.Timestamp(ON), np.datetime64(ON), None],
    ),
    "household": ({"JM070": [[], "", 0, False, "x", [{}], 0.0]}, [{}, None]),
    "members": (
        {"JM076": [{}, [], "", 0, None, False, b"ab", "ab"], "JM070": [[0], ["x"], [None], [[]]]},
        [[{}], ({},)],
    ),
}

BAD = [
    (place, value, code)
    for place, (bad, _) in PLACES.items()
    for code, values in bad.items()
    for value in values
]
GOOD = [(place, value) for place, (_, good) in PLACES.items() for value in good]


# the doors


def read(place: str, raw: object) -> Facts:
    return shipped().read(raw, None if place == "on" else ON).facts


def as_mapping(place: str, value: object) -> Facts:
    return read(place, household(place, value))


def typed_call(place: str, value: object) -> Facts:
    """A typed household made by calling the classes, as a program does."""
    entity, _, name = place.rpartition(".")
    if entity == "person":
        return read(place, jingmen.HouseholdFile(members=[jingmen.Person(**{name: value})]))
    if entity == "household":
        home = jingmen.Household(**{name: value})
        return read(place, jingmen.HouseholdFile(members=[jingmen.Person()], household=home))
    return read(place, jingmen.HouseholdFile(**{"members": [jingmen.Person()], place: value}))


def typed_validated(place: str, value: object) -> Facts:
    return read(place, jingmen.HouseholdFile.model_validate(household(place, value)))


def typed_assigned(place: str, value: object) -> Facts:
    file = jingmen.HouseholdFile(members=[jingmen.Person()])
    entity, _, name = place.rpartition(".")
    owner = {"person": file.members[0], "household": file.household}.get(entity, file)
    setattr(owner, name, value)
    return read(place, file)


def typed_unchecked(place: str, value: object) -> Facts:
    """A typed household past pydantic's checks, by `model_construct` and `model_copy`."""
    entity, _, name = place.rpartition(".")
    person, home = jingmen.Person(), jingmen.Household()
    if entity == "person":
        person = jingmen.Person.model_construct(**{name: value})
    if entity == "household":
        home = home.model_copy(update={name: value})
    file = jingmen.HouseholdFile.model_construct(members=[person], household=home)
    return read(place, file if entity else file.model_copy(update={place: value}))


def json_text(place: str, value: object) -> str | None:
    """None where JSON would say another value: a number for a scalar of numpy, a list for a
    tuple."""
    if isinstance(value, np.generic):
        return None
    try:
        text = json.dumps(household(place, value))
    except (TypeError, ValueError):
        return None
    return text if value != value or json.loads(text) == household(place, value) else None


def yaml_text(place: str, value: object) -> str | None:
    """None where the YAML that files are written in has no such value: no exponents, no half
    characters."""
    if not isinstance(value, str | int | float | list | dict | date | None) or isinstance(
        value, datetime | np.generic
    ):
        return None
    if (
        (isinstance(value, float) and "e" in repr(value))
        or value == "\ud800"
        or (isinstance(value, int) and value > 10**100)
    ):
        return None
    try:
        return yaml.safe_dump(household(place, value), allow_unicode=True)
    except yaml.YAMLError:
        return None


def text_door(write: Callable[[str, object], str | None]) -> Door:
    def door(place: str, value: object) -> Facts | None:
        text = write(place, value)
        return None if text is None else read(place, parse_text(text))

    return door


DOORS: Mapping[str, Door] = {
    "mapping": as_mapping,
    "typed, called": typed_call,
    "typed, validated": typed_validated,
    "typed, assigned": typed_assigned,
    "typed, unchecked": typed_unchecked,
    "JSON text": text_door(json_text),
    "YAML text": text_door(yaml_text),
}


def numbered(cases: Iterable[tuple[object, ...]]) -> list[str]:
    """Names of tests that show no long or odd value."""
    return [f"{case[0]}-{number}" for number, case in enumerate(cases)]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("place", "value", "code"), BAD, ids=numbered(BAD))
def test_what_is_wrong_is_refused_at_every_door_with_the_same_code(
    door: str, place: str, value: object, code: str
) -> None:
    try:
        facts = DOORS[door](place, value)
    except InputError as problem:
        assert {one.code for one in problem.diagnostics} == {code}
    except ValidationError as problem:
        # Errors of pydantic's own kinds have no code of ours.
        assert {one["type"] for one in problem.errors() if one["type"].startswith("JM")} <= {code}
        assert (
            not isinstance(value, str)
            or len(value) < 3
            or value not in str(problem).replace("household", "")
        )
    else:
        assert facts is None, "taken"
        pytest.skip("the door cannot carry this value")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("place", "value"), GOOD, ids=numbered(GOOD))
def test_what_is_right_is_taken_at_every_door_and_means_the_same(
    door: str, place: str, value: object
) -> None:
    facts = DOORS[door](place, value)
    if facts is None:
        pytest.skip("the door cannot carry this value")
    assert facts == as_mapping(place, value)
    kept = [*facts.household, *facts.members[0], *facts.ids]
    assert {type(one) for one in kept} <= {type(None), bool, int, str, date, frozenset}


@pytest.mark.parametrize(("place", "value", "code"), BAD, ids=numbered(BAD))
def test_the_command_line_says_the_same(
    place: str, value: object, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json_text(place, value)
    if text is None:
        pytest.skip("JSON cannot carry this value")
    file = tmp_path / "family.json"
    file.write_text(text, encoding="utf-8")
    day = [] if place == "on" else ["--on", str(ON)]
    assert main(["assess", str(file), "--format", "json", *day]) == 2
    assert {one["code"] for one in json.loads(capsys.readouterr().err)["errors"]} == {code}


@pytest.mark.parametrize("place", PLACES)
def test_the_command_line_takes_what_the_library_takes(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [text for value in PLACES[place][1] if (text := yaml_text(place, value)) is not None]
    file = tmp_path / "family.yaml"
    for text in texts[:2]:
        file.write_text(text, encoding="utf-8")
        assert main(["letter", str(file), *([] if place == "on" else ["--on", str(ON)])]) == 0
    capsys.readouterr()
