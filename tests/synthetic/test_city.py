"""The synthetic city: figures are hit, rows are valid household files, the same seed gives the same
city, and broken figures are reported."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from jmentitle.chain.columns.sets import receivable
from jmentitle.errors import InputError, PackError
from jmentitle.language.time import years_between
from jmentitle.synthetic.block import completed_years
from jmentitle.synthetic.city import City, load_marginals, synthetic_city
from jmentitle.synthetic.files import household_files
from jmentitle.synthetic.marginals import Marginals
from jmentitle.synthetic.table import page
from tests.support.families import shipped
from tests.support.paths import ROOT
from tests.support.small_city import CITY, said_of, small_city
from tests.support.small_pack import small_pack

DAY = date(2018, 10, 15)
LARGE = 20_000


@cache
def figures() -> Marginals:
    return load_marginals(shipped())


@cache
def city() -> City:
    return synthetic_city(shipped(), LARGE)


def small(
    tmp_path: Path,
    text: str = CITY,
    households: int = 2000,
    *,
    seed: int = 1,
    unknown: float = 0.0,
    first: int = 1,
) -> City:
    (tmp_path / "city.yaml").write_text(text, encoding="utf-8")
    return synthetic_city(
        small_pack(),
        households,
        seed=seed,
        unknown=unknown,
        first=first,
        marginals=tmp_path / "city.yaml",
    )


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return frame.select(condition.mean()).item()


# the same city


def test_the_same_seed_gives_the_same_city_and_another_seed_another(tmp_path: Path) -> None:
    one, same, other = small(tmp_path), small(tmp_path), small(tmp_path, seed=2)
    assert_frame_equal(one.households, same.households)
    assert_frame_equal(one.members, same.members)
    assert not one.members.equals(other.members)


def test_a_city_in_portions_is_the_city_at_once() -> None:
    parts = [synthetic_city(shipped(), 120, first=first, unknown=0.2) for first in (1, 121)]
    whole = synthetic_city(shipped(), 240, unknown=0.2)
    assert_frame_equal(pl.concat([part.households for part in parts]), whole.households)
    assert_frame_equal(pl.concat([part.members for part in parts]), whole.members)


def test_a_longer_city_begins_with_the_shorter_one() -> None:
    start = synthetic_city(shipped(), 50)
    assert_frame_equal(start.households, city().households.head(50))
    assert_frame_equal(start.members, city().members.filter(pl.col("household") <= 50))


# the form of the frames


def test_every_fact_has_a_column_of_its_type_in_the_order_of_household_files() -> None:
    order = shipped().row_order
    assert city().households.columns == ["household", *order.household]
    assert city().members.columns == ["household", "member", *order.person]
    dtypes = city().members.schema
    assert (dtypes["birth_date"], dtypes["wage_income"], dtypes["babies_born"]) == (
        pl.Date,
        pl.Int32,
        pl.Int8,
    )
    assert dtypes["school_stage"] == pl.Enum(list(shipped().content.enums["school_stage"].members))
    assert dtypes["diagnoses"] == pl.List(
        pl.Enum(list(shipped().content.enums["diagnosis"].members))
    )
    assert dtypes["receives"] == pl.List(pl.Enum(receivable(shipped().content, "person")))
    assert dtypes["pension_wage_index"] == pl.Decimal(18, 4)


def test_the_figures_speak_of_every_fact_of_the_shipped() -> None:
    drawn = {column.name for column in figures().columns} | {("person", figures().birth)}
    assert drawn >= set(shipped().content.facts)


def test_rows_are_sorted_and_every_household_has_somebody() -> None:
    ids = city().members["household"]
    assert ids.is_sorted()
    assert ids.unique().equals(city().households["household"])
    assert city().members.select(pl.struct("household", "member").is_unique().all()).item()


def test_every_generated_household_is_a_valid_household_file() -> None:
    places = np.random.default_rng(3).choice(LARGE, 300, replace=False)
    homes = city().households.filter(
        pl.col("household").is_in([int(place) + 1 for place in places])
    )
    files = list(household_files(homes, city().members))
    assert len(files) == 300
    for file in files:
        shipped().read(file, DAY)


def test_rows_with_unknowns_and_on_another_day_are_valid_too() -> None:
    early = synthetic_city(shipped(), 60, unknown=0.3, on=date(2016, 2, 29))
    for file in household_files(early.households, early.members):
        shipped().read(file, date(2016, 2, 29))


# figures are hit


def test_families_and_ages() -> None:
    homes, people = city().households, city().members
    assert people.height / homes.height == pytest.approx(2.9, abs=0.05)
    years = (pl.lit(DAY) - pl.col("birth_date")).dt.total_days() / 365.2425
    assert share(people, years < 18) == pytest.approx(0.23, abs=0.02)
    assert share(people, years >= 65) == pytest.approx(0.12, abs=0.02)


def test_shares_of_households() -> None:
    column = next(
        column for column in figures().columns if column.name == ("household", "hukou_county")
    )
    shares = {"zhongxiang": 0.31, "dongbao": 0.115, "outside": 0.045}
    assert all(f"{name} {part}" in column.cases[0].text for name, part in shares.items())
    for name, part in shares.items():
        assert share(city().households, pl.col("hukou_county") == name) == pytest.approx(
            part, abs=0.01
        )


def test_published_figures() -> None:
    people = city().members.join(
        city().households.select("household", "residence_area"), on="household"
    )
    years = pl.col("birth_date").dt.offset_by("3y").le(DAY) & pl.col("birth_date").dt.offset_by(
        "6y"
    ).gt(DAY)
    assert share(people.filter(years), pl.col("school_stage") == "kindergarten") == pytest.approx(
        0.89, abs=0.02
    )
    pensions = people.filter(
        pl.col("employee_pensioner") & (pl.col("pension_scheme") == "employee_scheme")
    )["pension_income"]
    assert pensions.mean() == pytest.approx(1597, rel=0.02)
    towns = people.filter(pl.col("residence_area") != "rural")
    working = [
        "employee",
        "public_employee",
        "own_account",
        "own_business_with_staff",
        "flexible_work",
    ]
    at_work = towns.filter(pl.col("employment_status").cast(pl.String).is_in(working)).height
    jobless = towns["registered_unemployed"].sum()
    assert 0.03 < jobless / (jobless + at_work) < 0.044
    assert share(
        people, pl.col("skill_certificate_level") != "no_skill_certificate"
    ) == pytest.approx(0.13, abs=0.01)


def test_facts_hang_together() -> None:
    homes, people = city().households, city().members
    joined = people.join(homes.select("household", "dibao_household"), on="household")
    minors = people.filter(pl.col("birth_date") > date(2002, 10, 15))
    assert minors["spouse_birth_date"].null_count() == minors.height
    assert minors["wage_income"].sum() == 0
    assert (
        share(
            people,
            pl.col("disability_types").list.len().gt(0) == (pl.col("disability_grade") != "none"),
        )
        == 1
    )
    assert people.filter(pl.col("sex") == "male")["pregnancy_weeks"].max() == 0
    income = joined.group_by("household", "dibao_household").agg(
        (pl.col("wage_income") + pl.col("business_income")).mean().alias("income")
    )
    assert (
        income.filter(pl.col("dibao_household"))["income"].median()
        < 0.3 * income.filter(~pl.col("dibao_household"))["income"].median()
    )
    couples = people.filter(
        pl.col("relation").is_in(["self", "spouse"]) & pl.col("spouse_birth_date").is_not_null()
    )
    pairs = couples.group_by("household").agg(
        pl.col("birth_date"), pl.col("spouse_birth_date").reverse()
    )
    pairs = pairs.filter(pl.col("birth_date").list.len() == 2)
    assert pairs.height > 5000
    assert pairs.select((pl.col("birth_date") == pl.col("spouse_birth_date")).all()).item()


def test_what_is_drawn_follows_from_the_facts() -> None:
    people = city().members.filter(
        pl.col("receives").list.contains("resident_pension.monthly_pension")
    )
    assert people.height > 3000
    assert people["resident_pensioner"].all()
    dibao = city().households.filter(pl.col("dibao_household"))
    assert share(
        dibao, pl.col("receives").list.contains("minimum_living_guarantee.gap_payment")
    ) == pytest.approx(0.97, abs=0.03)


# unknowns


def test_cells_are_blanked_at_the_chosen_rate_and_the_others_stay() -> None:
    known, some = synthetic_city(shipped(), 3000), synthetic_city(shipped(), 3000, unknown=0.1)
    for name in ("birth_date", "wage_income", "sex", "chinese_citizen", "diagnoses", "receives"):
        assert some.members[name].null_count() / some.members.height == pytest.approx(
            0.1, abs=0.015
        )
        kept = some.members[name].is_not_null()
        assert some.members[name].filter(kept).equals(known.members[name].filter(kept))
    together = some.members.select(
        (pl.col("sex").is_null() & pl.col("wage_income").is_null()).mean()
    ).item()
    assert together == pytest.approx(0.01, abs=0.005)
    assert some.members["member"].null_count() == some.households["household"].null_count() == 0


def test_everything_may_be_unknown(tmp_path: Path) -> None:
    nothing = small(tmp_path, households=10, unknown=1.0)
    assert all(
        nothing.members[name].null_count() == nothing.members.height
        for name in nothing.members.columns[2:]
    )


@pytest.mark.parametrize("wrong", [{"households": 0}, {"unknown": 1.5}, {"first": 0}])
def test_numbers_that_make_no_city(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="JM075"):
        synthetic_city(shipped(), **{"households": 1, **wrong})  # type: ignore[arg-type]


def test_a_day_outside_the_pack_is_an_error() -> None:
    with pytest.raises(InputError, match="JM079"):
        synthetic_city(shipped(), 1, on=date(2030, 1, 1))


# another pack, other figures


def test_figures_of_another_pack(tmp_path: Path) -> None:
    found = small(tmp_path)
    assert share(found.households, pl.col("district") == "north") == pytest.approx(0.5, abs=0.03)
    halves = found.households["income"].drop_nulls().cast(pl.Float64) * 2
    assert halves.eq(halves.round()).all()
    assert (halves % 2).max() == 1
    poor = found.households.filter(pl.col("income").is_not_null())
    assert 0 < poor.height < found.households.height
    assert found.households["income"].dtype == pl.Decimal(18, 2)
    assert found.members.filter(pl.col("member") == "elder")["lives_alone"].all()
    assert found.members["rooms"].dtype == pl.Int8
    for file in household_files(found.households.head(50), found.members):
        small_pack().read(file, found.on)


MISTAKES = [
    ("  district:", "  districts:", "JM025", "district"),
    ("household.district: outer", "household.distrikt: outer", "JM025", "household.district"),
    ("{north: 0.5,", "{nort: 0.5,", "JM030", "north"),
    ("role: elder", "role: eldest", "JM030", "elder"),
    ("meals.grant", "meals.grants", "JM055", "meals.grant"),
    ("cite: [circular]", "cite: [circulars]", "JM043", "circular"),
    ("cite: [circular], ", "", "JM059", None),
    ("quantiles: {0: 1, 100: 4}", "share: 0.5", "JM028", None),
    ("quantiles: {0: 1, 100: 4}", "quantile: {0: 1, 100: 4}", "JM003", "quantiles"),
    ("same_as: working", "same_as: rooms", "JM028", None),
    ("where: {age: {from: 16, until: 59}}", "where: {disabled: true}", "JM041", None),
    ("older_than: wife", "older_than: wive", "JM025", "wife"),
    (
        "wife: {age: {0: 25, 100: 80}, partner",
        "wife: {older_than: husband, by: {0: 1, 100: 2}, partner",
        "JM041",
        None,
    ),
    ("{age: {0: 60, 100: 90}}", "{}", "JM004", None),
    ("birth_date_fact: birth_date", "birth_date_fact: birthdate", "JM025", "birth_date"),
    ("on: 2018-06-01\n", "", "JM004", None),
    ("{where: {role: elder}, value: true}", "{where: {birth_date: 3}, value: true}", "JM028", None),
    ("helper: truth", "helper: [yes, 0]", "JM030", None),
    ("  rooms:", "  age: {helper: number, synthetic: true, value: 3}\n  rooms:", "JM040", None),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "near"), MISTAKES, ids=[mistake[1][:30] for mistake in MISTAKES]
)
def test_mistakes_have_a_code_a_place_and_the_nearest_name(
    old: str, new: str, code: str, near: str | None
) -> None:
    found = [one for one in said_of(small_city(old, new)) if one.code == code]
    assert found, [one.render() for one in said_of(small_city(old, new))]
    assert all(one.span is not None and one.span.file == "city.yaml" for one in found)
    assert near is None or found[0].suggestion == near


def test_all_mistakes_come_at_once() -> None:
    text = (
        small_city("{north: 0.5,", "{nort: 0.5,")
        .replace("meals.grant", "meals.grants")
        .replace("cite: [circular], ", "")
    )
    assert {one.code for one in said_of(text)} >= {"JM030", "JM055", "JM059"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="JM017"):
        load_marginals(shipped(), tmp_path / "nowhere.yaml")


# sources


def test_every_figure_is_marked_and_what_is_published_names_a_source() -> None:
    marks = [case.mark for column in figures().columns for case in column.cases] + [
        family.mark for family in figures().families
    ]
    assert all(mark.synthetic or mark.cite for mark in marks)
    cited = {
        column.name[1]
        for column in figures().columns
        if any(case.mark.cite for case in column.cases)
    }
    assert cited == {
        "school_stage",
        "home_tenure",
        "home_in_renovation_area",
        "dwelling_danger_grade",
        "pension_income",
        "basic_resident_pension_income",
        "registered_unemployed",
        "skill_certificate_level",
    }
    assert "合成" in city().note.zh
    assert "Synthetic" in city().note.en


def test_the_page_of_figures_is_made_from_the_files() -> None:
    assert (ROOT / "docs/synthetic_city_figures.md").read_text(encoding="utf-8") == page(
        figures(), shipped().content
    )


def test_the_example_of_the_page_draws_a_city(tmp_path: Path) -> None:
    shown = re.findall(
        r"```yaml\n(.+?)```",
        (ROOT / "docs/synthetic_city.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    (tmp_path / "own.yaml").write_text(shown[0], encoding="utf-8")
    own = synthetic_city(shipped(), 500, marginals=tmp_path / "own.yaml")
    assert own.members["seriously_ill"].null_count() == 0
    assert own.members["wage_income"].null_count() == own.members.height


# ages


@settings(max_examples=60, deadline=None)
@given(
    births=st.lists(st.dates(date(1900, 1, 1), date(2016, 1, 1)), min_size=1, max_size=30),
    on=st.one_of(
        st.dates(date(2016, 1, 1), date(2020, 12, 31)),
        st.sampled_from([date(2018, 2, 28), date(2016, 2, 29), date(2018, 4, 30)]),
    ),
)
def test_ages_are_those_of_the_rules(births: list[date], on: date) -> None:
    days = np.array([(birth - date(1970, 1, 1)).days for birth in births], dtype=np.int32)
    assert completed_years(days, on).tolist() == [years_between(birth, on) for birth in births]
