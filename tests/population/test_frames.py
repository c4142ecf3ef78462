"""Frames become populations whoever made them, and whatever is wrong with them is said at once, by
column and row, without a value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from jmentitle import Pack
from jmentitle.errors import InputError
from jmentitle.population.frames import Population

ON = date(2018, 10, 15)
HOUSEHOLDS = pl.DataFrame(
    {
        "household": ["b", "a"],
        "hukou_county": ["dongbao", None],
        "hukou_area": ["urban", "rural"],
        "members_complete": [None, False],
        "receives": [["minimum_living_guarantee"], None],
    }
)
MEMBERS = pl.DataFrame(
    {
        "household": ["a", "b", "a"],
        "member": ["mother", "father", "son"],
        "birth_date": [date(1974, 9, 2), date(1930, 1, 1), date(2009, 6, 30)],
        "wage_income": [900.5, None, 0.0],
        "disability_grade": [None, "grade_1", "none"],
        "incapacity_certified": [None, True, False],
        "disability_types": [None, ["visual", "limb"], []],
    }
)
FILES = {
    "a": {
        "household": {"hukou_area": "rural", "members_complete": False},
        "members": [
            {"id": "mother", "birth_date": "1974-09-02", "wage_income": Decimal("900.5")},
            {
                "id": "son",
                "birth_date": "2009-06-30",
                "wage_income": 0,
                "disability_grade": "none",
                "incapacity_certified": False,
                "disability_types": [],
            },
        ],
    },
    "b": {
        "household": {
            "hukou_county": "dongbao",
            "hukou_area": "urban",
            "receives": ["minimum_living_guarantee"],
        },
        "members": [
            {
                "id": "father",
                "birth_date": "1930-01-01",
                "disability_grade": "grade_1",
                "incapacity_certified": True,
                "disability_types": ["visual", "limb"],
            }
        ],
    },
}


def same_as_files(pack: Pack, population: Population) -> None:
    assert population.household_ids.to_list() == ["b", "a"]
    for place, household in enumerate(population.household_ids):
        assert population.facts(place) == pack.read(FILES[household], ON).facts


def test_frames_say_what_household_files_say(pack: Pack) -> None:
    same_as_files(pack, pack.population(HOUSEHOLDS, MEMBERS, ON))


def test_frames_come_from_pandas_arrow_lazy_frames_and_files(pack: Pack, tmp_path: Path) -> None:
    HOUSEHOLDS.write_parquet(tmp_path / "households.parquet")
    MEMBERS.write_parquet(tmp_path / "members.parquet")
    areas, grades = pl.Enum(["rural", "moon", "urban"]), pl.Enum(["none", "grade_1", "grade_9"])
    pairs = [
        (HOUSEHOLDS.lazy(), MEMBERS.lazy()),
        (
            HOUSEHOLDS.with_columns(pl.col("hukou_area").cast(areas)),
            MEMBERS.with_columns(pl.col("disability_grade").cast(grades)),
        ),
        (HOUSEHOLDS.with_columns(pl.col("hukou_county").cast(pl.Categorical)), MEMBERS),
        (HOUSEHOLDS.to_arrow(), MEMBERS.to_arrow()),
        (HOUSEHOLDS.to_pandas(), MEMBERS.to_pandas()),
        (tmp_path / "households.parquet", str(tmp_path / "members.parquet")),
    ]
    for households, members in pairs:
        same_as_files(pack, pack.population(households, members, ON))


def test_a_pandas_frame_made_by_hand_may_hold_gaps_and_python_values(pack: Pack) -> None:
    members = pd.DataFrame(
        {
            "household": [1, 1],
            "member": ["a", "b"],
            "birth_date": [pd.Timestamp("1950-01-01"), pd.NaT],
            "incapacity_certified": [True, None],
            "children_ever": [2, None],
        }
    )
    population = pack.population(pd.DataFrame({"household": [1]}), members, ON)
    facts = population.facts(0)
    assert [facts.value(member, "birth_date") for member in (0, 1)] == [date(1950, 1, 1), None]
    assert [facts.value(member, "incapacity_certified") for member in (0, 1)] == [True, None]
    assert [facts.value(member, "children_ever") for member in (0, 1)] == [2, None]


@pytest.mark.parametrize(
    ("wages", "fen"),
    [
        (pl.Series([1200, 0, None], dtype=pl.Int16), [120000, 0, None]),
        (pl.Series([1200.5, 0.07, 0.29]), [120050, 7, 29]),
        (pl.Series([Decimal("1200.50"), Decimal("0.01"), None]), [120050, 1, None]),
        (
            pl.Series(
                [Decimal("1200.5"), None, Decimal("9999999999999.99")], dtype=pl.Decimal(38, 20)
            ),
            [120050, None, 999_999_999_999_999],
        ),
        (pl.Series([9_999_999_999.99, 1e12, 0.1]), [999_999_999_999, 100_000_000_000_000, 10]),
    ],
)
def test_money_is_exact_however_it_comes(
    pack: Pack, wages: pl.Series, fen: list[int | None]
) -> None:
    members = pl.DataFrame(
        {"household": [1, 1, 1], "member": ["a", "b", "c"], "wage_income": wages}
    )
    facts = pack.population(pl.DataFrame({"household": [1]}), members, ON).facts(0)
    assert [facts.value(member, "wage_income") for member in range(3)] == fen


def test_dates_may_be_texts_or_midnights(pack: Pack) -> None:
    for column in (
        pl.Series(["1950-01-31"]),
        pl.Series([datetime(1950, 1, 31)]),
        pl.Series([date(1950, 1, 31)]),
    ):
        members = pl.DataFrame({"household": [1], "member": ["a"], "birth_date": column})
        assert pack.population(pl.DataFrame({"household": [1]}), members, ON).facts(0).value(
            0, "birth_date"
        ) == date(1950, 1, 31)


def said(pack: Pack, households: object, members: object) -> str:
    with pytest.raises(InputError) as problem:
        pack.population(households, members, ON)
    return str(problem.value)


def test_all_that_is_wrong_with_facts_is_said_at_once_without_a_value(pack: Pack) -> None:
    households = HOUSEHOLDS.with_columns(
        hukou_conty=pl.lit("x"),
        hukou_area=pl.lit("moon"),
        birth_date=pl.lit(ON),
        receives=pl.lit("all"),
    )
    members = MEMBERS.with_columns(
        birth_date=pl.Series([date(1974, 9, 2), date(2031, 1, 1), date(1850, 1, 1)]),
        wage_income=pl.Series([0.123, -7.0, float("nan")]),
        disability_types=pl.Series([None, ["visual", "wings"], ["gills"]]),
        incapacity_certified=pl.Series(["yes", "no", None]),
        children_ever=pl.Series([1.5, 2.0, None]),
    )
    text = said(pack, households, members)
    assert (
        text == "households.hukou_conty: error JM071: unknown fact\n"
        "  did you mean: hukou_county\n"
        "households.receives: error JM072: expected lists\n"
        "  expected: a column of lists of texts; [] where there is none\n"
        "members.children_ever, row 0: error JM072: numbers are too fine\n"
        "  expected: numbers in person, whole\n"
        "members.incapacity_certified: error JM072: expected truth values\n"
        "  expected: a column of booleans\n"
        "households.hukou_area, row 0 and 1 more: error JM073: unknown values\n"
        "  expected: urban, county_town, rural\n"
        "members.disability_types, row 1 and 1 more: error JM073: unknown values\n"
        "  expected: visual, hearing, speech, limb, intellectual, mental, multiple\n"
        "members.birth_date, row 1: error JM074: the dates are after the day of assessment\n"
        "  expected: dates up to 2018-10-15\n"
        "members.birth_date, row 2: error JM075: the dates are too long ago\n"
        "  expected: dates from 1900 on\n"
        "members.wage_income, row 1 and 1 more: error JM075: the numbers are out of range\n"
        "  expected: numbers in CNY/month, from 0\n"
        "members.wage_income, row 0: error JM080: numbers are too fine\n"
        "  expected: numbers in CNY/month, at most 2 decimal places\n"
        "households.birth_date: error JM081: the fact is in the wrong frame\n"
        "  expected: a column of `members`"
    )


def test_facts_of_later_days_are_refused_by_a_run_too(pack: Pack) -> None:
    """A population may be read without a day; a run has one."""
    later = MEMBERS.with_columns(birth_date=pl.Series([date(1974, 9, 2), date(2019, 1, 1), None]))
    population = pack.population(HOUSEHOLDS, later)
    with pytest.raises(InputError) as problem:
        pack.run(population, ON)
    assert (
        str(problem.value)
        == "members.birth_date, rows: 1: error JM074: the dates are after the day of assessment\n "
        " expected: dates up to 2018-10-15"
    )
    pack.run(population, date(2019, 1, 1))


def test_ids_that_do_not_fit_are_named_by_row(pack: Pack) -> None:
    households = pl.DataFrame({"household": [1, 2, 2, 3, None]})
    members = pl.DataFrame({"household": [1, 1, 9, None], "member": ["a", "a", "c", "d"]})
    assert (
        said(pack, households, members)
        == "households.household, row 1 and 3 more: error JM101: the household has no member\n"
        "  expected: at least one row in `members`\n"
        "households.household, row 2: error JM101: duplicate household id\n"
        "  expected: an id of its own\n"
        "households.household, row 4: error JM101: missing id\n"
        "  expected: an id in every row\n"
        "members.household, row 2: error JM101: unknown household id\n"
        "  expected: an id of `households`\n"
        "members.household, row 3: error JM101: missing id\n"
        "  expected: an id in every row\n"
        "members.member, row 1: error JM101: duplicate member id\n"
        "  expected: an id of its own"
    )


def test_frames_that_cannot_be_read_are_refused(pack: Pack, tmp_path: Path) -> None:
    assert "JM100" in said(pack, 5, MEMBERS)
    assert "JM100" in said(pack, tmp_path / "nothing.parquet", MEMBERS)
    assert "there is `houshold`" in said(pack, pl.DataFrame({"houshold": [1]}), MEMBERS)
    assert "the frame is empty" in said(pack, HOUSEHOLDS.clear(), MEMBERS)
    assert "different types" in said(
        pack, HOUSEHOLDS.with_columns(household=pl.Series([1, 2])), MEMBERS
    )


def test_representations_show_no_value(pack: Pack) -> None:
    population = pack.population(HOUSEHOLDS, MEMBERS, ON)
    assert repr(population) == "<Population of 2 households with 3 members>"
    assert (
        repr(pack.run(population, ON))
        == "<Run of jingmen on 2018-10-15: <Population of 2 households with 3 members>>"
    )
