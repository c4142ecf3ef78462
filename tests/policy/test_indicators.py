"""Indicators, coverage and take-up: the bounds are those of every way in which unknowns can turn
out, and what cannot be computed says why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmentitle.api import Pack
from jmentitle.errors import InputError
from jmentitle.policy.measures.coverage import coverage
from jmentitle.policy.measures.indicators import indicators
from jmentitle.policy.measures.rates import COUNTS, OF, cases, counting, tally, with_rates
from jmentitle.policy.measures.words import WORDS
from jmentitle.population.groups import grouping
from jmentitle.population.run import Run
from jmentitle.synthetic.city import synthetic_city
from tests.support.families import shipped
from tests.support.small_pack import FILES, ON, diagnostics_of, small_pack

INDICATORS = """\
indicators:
  old_people_alone:
    number: 2
    name: {zh: 独居老人比例, en: Older people who live alone}
    note: {zh: 独居老人占老年人的比例。, en: Of older people those who live alone.}
    for: person
    of: senior
    counts: lives_alone
    target: {by: 2019-12-31, value: 12.5, cite: [circular]}
    cite: [circular]
  fed:
    number: 1
    name: {zh: 餐补享受率, en: Reach of the meal grant}
    note: {zh: 应享受的人中已享受的。, en: Of those to whom it is due those who receive it.}
    take_up: [meals.grant]
    target: {by: 2019-12-31, value: null, reason: {zh: 没有公布, en: not published}}
    cite: [circular]
  poor:
    number: 3
    name: {zh: 低收入家庭比例, en: Poor households}
    note: {zh: 收入不超过1000元的家庭。, en: Households with 1000 CNY or less.}
    for: household
    of: district in [north, outer]
    counts: {if: income <= 1000 CNY/month, from: 2019-01-01}
    cite: [circular]
  readers:
    number: 4
    name: {zh: 阅读率, en: Readers}
    note: {zh: 读书的人。, en: People who read.}
    cannot: {zh: 没有问, en: nobody is asked}
    cite: [circular]
"""
TRUTH = st.sampled_from([True, False, None])


def with_indicators(old: str = "", new: str = "") -> dict[str, str | None]:
    assert not old or INDICATORS.count(old) == 1, old
    return {"indicators.yaml": INDICATORS.replace(old, new) if old else INDICATORS}


@cache
def pack() -> Pack:
    return small_pack(with_indicators())


def run_of(on: date = ON, *, received: bool = True) -> Run:
    households = pl.DataFrame(
        {"household": [1, 2, 3], "district": ["north", "south", None], "income": [800, 2000, None]}
    )
    members = pl.DataFrame(
        {
            "household": [1, 1, 2, 2, 3, 3],
            "member": ["a", "b", "a", "b", "a", "b"],
            "birth_date": [
                date(1950, 1, 1),
                date(1980, 1, 1),
                date(1940, 1, 1),
                None,
                date(1945, 1, 1),
                date(1951, 1, 1),
            ],
            "lives_alone": [True, False, True, True, None, False],
            "receives": [["meals"], [], [], ["meals.grant"], None, []],
        }
    )
    population = pack().population(
        households, members if received else members.drop("receives"), on
    )
    return pack().run(population, on)


def row(frame: pl.DataFrame, **wanted: object) -> dict[str, object]:
    return frame.filter(**wanted).row(0, named=True)


# rates


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TRUTH, TRUTH), max_size=4))
def test_bounds_are_those_of_every_way_in_which_unknowns_can_turn_out(
    rows: list[tuple[bool | None, bool | None]],
) -> None:
    frame = pl.DataFrame(rows, schema={OF: pl.Boolean, COUNTS: pl.Boolean}, orient="row")
    found = with_rates(tally(frame).select(counting(cases()))).row(0, named=True)
    turns = [
        list(product(*([truth] if truth is not None else [True, False] for truth in pair)))
        for pair in rows
    ]
    ways = [[counts for of, counts in way if of] for way in product(*turns)]
    shares = [sum(way) / len(way) for way in ways if way]
    assert (found["of_certain"], found["of_possible"]) == (min(map(len, ways)), max(map(len, ways)))
    assert (found["counted_certain"], found["counted_possible"]) == (
        min(map(sum, ways)),
        max(map(sum, ways)),
    )
    assert (found["rate_low"], found["rate_high"]) == (
        (min(shares), max(shares)) if shares else (None, None)
    )
    assert found["rate"] == (shares[0] if shares and not found["undetermined"] else None)


def test_rows_are_counted_by_every_combination_of_values() -> None:
    group_of = pl.Series("group", ["b", "a", "b", None], dtype=pl.Enum(["a", "b"]))
    counted = tally(pl.DataFrame([group_of, pl.Series(OF, [True, None, True, False])]))
    assert counted.rows() == [("a", None, 1), ("b", True, 2), (None, False, 1)]


# indicators


def test_an_indicator_counts_those_of_whom_both_conditions_hold() -> None:
    found = row(indicators(run_of()).frame, indicator="old_people_alone")
    # Four are old; one may be, and lives alone. Of the old two live alone, one does not, one may.
    assert (found["of_certain"], found["of_possible"], found["undetermined"]) == (4, 5, 2)
    assert (found["rate_low"], found["rate_high"], found["rate"], found["rate_known"]) == (
        0.5,
        0.8,
        None,
        2 / 3,
    )
    assert (found["target"], found["target_by"]) == (12.5, date(2019, 12, 31))


def test_take_up_is_worked_out_from_decisions_and_receipts() -> None:
    found = row(indicators(run_of()).frame, indicator="fed")
    # Due to the two old people who live alone, of whom one receives it; perhaps to two more, of
    # whom one does and of one it is unknown.
    assert (found["of_certain"], found["of_possible"]) == (2, 4)
    assert (found["counted_certain"], found["counted_possible"]) == (1, 3)
    assert (found["rate_low"], found["rate_high"]) == (pytest.approx(1 / 3), 0.75)


def test_what_an_office_has_granted_counts_though_it_is_due_to_nobody() -> None:
    """Meals are due to the old who live alone. Where a second benefit of theirs is left to the
    office, its receipt counts among them."""
    extra = """\
  extra:
    name: {zh: 加餐, en: extra meal}
    kind: service
    gives: {zh: 餐, en: meals}
    when: lives_alone
    discretionary: true
"""
    item = FILES["items/care/meals.yaml"].replace("apply: {at", extra + "apply: {at")
    both = small_pack(
        with_indicators("take_up: [meals.grant]", "take_up: [meals]")
        | {"items/care/meals.yaml": item}
    )
    households = pl.DataFrame({"household": [1], "district": ["north"], "income": [800]})
    members = pl.DataFrame(
        {
            "household": [1] * 3,
            "member": ["a", "b", "young"],
            "birth_date": [date(1950, 1, 1), date(1950, 1, 1), date(1990, 1, 1)],
            "lives_alone": [True] * 3,
            "receives": [["meals.extra"], [], ["meals.extra"]],
        }
    )
    run = both.run(both.population(households, members, ON), ON)
    found = row(indicators(run).frame, indicator="fed")
    assert (found["of_certain"], found["counted_certain"], found["rate"]) == (2, 1, 0.5)


def test_what_cannot_be_computed_has_no_figures_and_says_why() -> None:
    found = indicators(run_of())
    assert {name: why.en for name, why in found.why_not.items()} == {
        "readers": "nobody is asked",
        "poor": "not defined on this day",
    }
    assert row(found.frame, indicator="readers")["of_certain"] is None
    assert "poor" not in indicators(run_of(date(2019, 6, 1))).why_not
    assert found.frame["number"].to_list() == [1, 2, 3, 4]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_everything_in_both_languages(language: str) -> None:
    found = indicators(run_of())
    for text in (found.to_text(language), found.to_html(language)):
        for one in pack().content.indicators.values():
            assert one.name.in_language(language) in text
        assert ("没有问" if language == "zh" else "nobody is asked") in text
        assert "50.0%–80.0%" in text and "12.5%" in text
    assert found.to_html("zh") == found._repr_html_()
    assert "cannot be computed" in repr(found)


def test_every_phrase_is_there_in_both_languages() -> None:
    assert all(zh and en for zh, en in WORDS.values())


def test_indicators_are_split_by_groups() -> None:
    found = indicators(run_of(date(2019, 6, 1)), by="district")
    split = found.frame.filter(indicator="poor")
    assert dict(split.select("district", "counted_possible").iter_rows()) == {
        "north": 1,
        "south": 0,
        None: 1,
    }
    assert "North: " in found.to_text("en") and "not known: " in found.to_text("en")
    assert "poor" in indicators(run_of(date(2019, 6, 1)), by="senior").why_not


# groups


def test_people_are_grouped_by_facts_statuses_and_bands() -> None:
    run = run_of()
    senior = grouping(run, "senior")
    assert senior.of.to_list() == [True, False, True, None, True, True]
    assert [senior.label_of(group, "zh") for group in (True, False, None)] == ["是", "否", "不详"]
    ages = grouping(run, "age", [40, 70])
    assert (ages.of.to_list(), ages.label.en) == (
        ["40–69", "< 40", "70+", None, "70+", "40–69"],
        "age (year)",
    )
    assert grouping(run, "age").of.to_list() == ["65–69", "35–44", "70–79", None, "70–79", "65–69"]
    district = grouping(run, "household.district")
    people = district.rows("person", run)
    assert people is not None and people.to_list() == [
        "north",
        "north",
        "south",
        "south",
        None,
        None,
    ]
    assert (district.label_of("north", "en"), district.name) == ("North", "household.district")
    assert ages.rows("household", run) is None


def test_numbers_and_days_stand_for_themselves_where_no_bands_are_given() -> None:
    run = run_of()
    incomes = grouping(run, "income")
    assert incomes.of.to_list() == [Decimal(800), Decimal(2000), None]
    assert (incomes.label_of(Decimal(2000), "en"), incomes.label.zh) == ("2,000", "收入（元/月）")
    assert grouping(run, "income", [Decimal("800.01"), 2000]).of.to_list() == [
        "< 800.01",
        "2,000+",
        None,
    ]
    assert grouping(run, "birth_date").label_of(date(1950, 1, 1), "zh") == "1950-01-01"
    found = coverage(run, by="income").items
    assert (
        found["income"].to_list() == [Decimal(800), Decimal(2000), None] * found["item"].n_unique()
    )


def test_a_band_is_known_as_soon_as_all_that_a_number_may_be_lies_in_it() -> None:
    """Of a sum over members of whom one is unknown only the lower end is known: it is certain to
    lie in the last band, or it is not known."""
    more = (
        "  all_rooms: {for: household, label: {zh: 房间, en: rooms}, value: sum_members(rooms),"
        " unit: none, cite: [circular]}\n"
    )
    summed = small_pack({"vocabulary/quantities.yaml": FILES["vocabulary/quantities.yaml"] + more})
    households = pl.DataFrame({"household": [1, 2]})
    members = pl.DataFrame(
        {"household": [1, 1, 2, 2], "member": ["a", "b", "a", "b"], "rooms": [5, None, 1, None]}
    )
    run = summed.run(summed.population(households, members, ON), ON)
    assert grouping(run, "all_rooms", [2, 4]).of.to_list() == ["4+", None]
    assert grouping(run, "all_rooms").of.to_list() == [None, None]


@pytest.mark.parametrize(
    ("by", "bands", "code", "path", "nearest"),
    [
        ("distrikt", None, "JM071", "by", "district"),
        ("illnesses", None, "JM072", "by", None),
        ("receives", None, "JM072", "by", None),
        (5, None, "JM071", "by", None),
        ("district", [1, 2], "JM072", "bands", None),
        ("age", [60, 18], "JM060", "bands", None),
        ("age", [], "JM060", "bands", None),
        ("age", ["old"], "JM072", "bands", None),
        ("age", 60, "JM072", "bands", None),
        (None, [60], "JM027", "bands", None),
    ],
)
def test_a_group_that_is_not_there_is_an_error_at_its_place(
    by: str | None, bands: list[int] | None, code: str, path: str, nearest: str | None
) -> None:
    for ask in (coverage, indicators):
        with pytest.raises(InputError) as caught:
            ask(run_of(), by=by, bands=bands)
        assert [(one.code, one.path, one.suggestion) for one in caught.value.diagnostics] == [
            (code, path, nearest)
        ]


# coverage


def test_coverage_counts_decisions_and_receipts_of_an_item() -> None:
    found = row(coverage(run_of(), ["meals"]).items)
    assert (found["eligible"], found["undetermined_decisions"], found["ineligible"]) == (2, 2, 2)
    assert (found["receiving"], found["ineligible_receiving"]) == (2, 0)
    assert (
        found["of_certain"],
        found["counted_certain"],
        found["rate_low"],
        found["rate_high"],
    ) == (2, 1, pytest.approx(1 / 3), 0.75)


def test_domains_add_up_what_is_not_for_everybody() -> None:
    found = coverage(run_of(), by="district")
    items, domains = found.items, found.domains
    assert domains["eligible"].sum() == items.filter(~pl.col("universal"))["eligible"].sum()
    assert domains["district"].to_list() == ["north", "south", None]
    assert (
        coverage(run_of(), []).domains.is_empty()
        and coverage(run_of(), [], by="district").items.is_empty()
    )


def test_where_receipts_are_unknown_there_is_no_take_up() -> None:
    found = coverage(run_of(received=False))
    assert row(found.items, item="meals")["rate_high"] == 1.0
    assert "not known who receives what" in found.to_text("en")
    assert "不知道谁在领" in found.to_html("zh") == found._repr_html_()


def test_the_city_has_its_ten_indicators() -> None:
    jingmen = shipped()
    city = synthetic_city(jingmen, 2000, unknown=0.02)
    run = jingmen.run(jingmen.population(city.households, city.members, city.on), city.on)
    found = indicators(run)
    assert found.frame["number"].to_list() == list(range(1, 11))
    assert [jingmen.content.indicators[name].number for name in found.why_not] == [1, 2, 6, 7, 8]
    for one in found.frame.filter(pl.col("of_possible") > 0).to_dicts():
        assert 0 <= one["rate_low"] <= one["rate_high"] <= 1
        assert one["rate_known"] is None or one["rate_low"] <= one["rate_known"] <= one["rate_high"]
    split = indicators(run, by="residence_county").frame
    for name in ("pension_insurance_cover", "disabled_subsidies_cover"):
        assert (
            split.filter(indicator=name)["of_possible"].sum()
            == row(found.frame, indicator=name)["of_possible"]
        )
    whole, counties = coverage(run), coverage(run, by="hukou_county")
    numbers = ["eligible", "ineligible", "receiving", "undetermined"]
    assert (
        counties.items.group_by("item", maintain_order=True)
        .agg(pl.col(numbers).sum())
        .equals(whole.items.select("item", *numbers))
    )


# the file


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    counts: lives_alone\n", "", "JM004"),
        ("    cannot: {zh: 没有问, en: nobody is asked}\n", "", "JM004"),
        ("take_up: [meals.grant]", "take_up: [meals.grand]", "JM055"),
        ("of: senior", "of: seniors", "JM025"),
        ("value: null, reason: {zh: 没有公布, en: not published}", "value: null", "JM049"),
        ("value: 12.5", "value: 12.345", "JM064"),
        ("number: 4", "number: 3", "JM040"),
        (
            "    cannot: {zh: 没有问, en: nobody is asked}\n    cite: [circular]\n",
            "    cannot: {zh: 没有问, en: nobody is asked}\n",
            "JM059",
        ),
    ],
)
def test_mistakes_in_the_file_are_reported_at_their_place(old: str, new: str, code: str) -> None:
    found = diagnostics_of(with_indicators(old, new))
    assert [one.code for one in found] == [code]
    assert found[0].span is not None and found[0].span.file == "indicators.yaml"


def test_a_pack_without_the_file_has_no_indicators() -> None:
    bare = small_pack()
    population = bare.population(
        pl.DataFrame({"household": [1]}), pl.DataFrame({"household": [1], "member": ["a"]})
    )
    assert indicators(bare.run(population, ON)).frame.is_empty()
