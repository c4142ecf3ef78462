"""What-if: what a change does to populations of which the answer is known by hand, and what must
hold of every comparison."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmentitle import Pack
from jmentitle.errors import InputError
from jmentitle.policy.whatif.compare import COUNTS, Comparison
from jmentitle.policy.whatif.conflicts import _worth_most, counted
from jmentitle.policy.whatif.sensitivity import sensitivity
from jmentitle.policy.whatif.thresholds import near, thresholds
from jmentitle.population.frames import Population
from jmentitle.population.run import Run
from tests.support.families import FAMILIES, family, shipped
from tests.support.small_pack import FILES, ON, replaced, small_pack

VALUES = "parameters/values.yaml"
MEALS = "items/care/meals.yaml"
RICHER = replaced(VALUES, "north: 100, outer: 80", "north: 150, outer: 80")
STRICTER = replaced(
    MEALS, "household.income <= 3000 CNY/month", "household.income <= 2000 CNY/month"
)
# Meals for the old who live alone: 100 a month in the north, 80 elsewhere; visits by rooms, up to
# 400 a year; not both.
HOUSEHOLDS = pl.DataFrame(
    {
        "household": ["a", "b", "c", "d", "e"],
        "district": ["north", "north", "south", "north", None],
        "income": [1000, 2500, 2000, None, 9000],
    }
)
MEMBERS = pl.DataFrame(
    {
        "household": ["a", "b", "c", "c", "d", "e"],
        "member": ["1", "1", "1", "2", "1", "1"],
        "birth_date": [
            date(1950, 1, 1),
            date(1950, 1, 1),
            date(1940, 1, 1),
            date(1990, 1, 1),
            date(1950, 1, 1),
            date(1950, 1, 1),
        ],
        "lives_alone": [True, True, True, False, True, True],
        "rooms": [9, 9, 0, 0, 0, 9],
        "illnesses": [[], [], [], [], [], []],
        "receives": [[], [], [], [], [], []],
        "disabled": [False] * 6,
    },
    schema_overrides={"illnesses": pl.List(pl.String), "receives": pl.List(pl.String)},
)


def ran(
    pack: Pack,
    households: pl.DataFrame = HOUSEHOLDS,
    members: pl.DataFrame = MEMBERS,
    on: date = ON,
) -> Run:
    return pack.run(pack.population(households, members, on), on)


def compared(overrides: dict[str, str | None]) -> Comparison:
    return ran(small_pack()).compare(ran(small_pack(overrides)))


@pytest.fixture(scope="module")
def stricter() -> Comparison:
    return compared(STRICTER)


def test_who_changes_stands_in_rows(stricter: Comparison) -> None:
    assert stricter.decision_changes().rows() == [("b", "1", "meals", "eligible", "ineligible")]
    assert stricter.decision_changes(["visits"]).is_empty()


def test_former_names_still_answer_and_say_the_new_one(stricter: Comparison) -> None:
    with pytest.warns(
        DeprecationWarning, match="`changed` of Comparison is now `decision_changes`"
    ):
        assert stricter.changed().equals(stricter.decision_changes())
    with pytest.warns(DeprecationWarning, match="`fared` of Comparison is now"):
        report = stricter.fared("age", groups=2)
    assert report.to_text() == stricter.winners_and_losers_report("age", groups=2).to_text()
    with pytest.warns(DeprecationWarning, match="`place_of` of Run is now `index_of`"):
        assert stricter.before.place_of("b") == stricter.before.index_of("b") == 1


def test_an_item_counts_who_comes_and_goes_and_what_it_costs(stricter: Comparison) -> None:
    meals, visits = stricter.items().rows(named=True)
    assert [meals[name] for name in ("domain", "item", "for")] == ["care", "meals", "person"]
    assert [meals[name] for name in COUNTS] == [3, 2, 0, 1, 0, 0]
    # Before a, b and c have 1200, 1200 and 960 a year; a and b would have visits for 400, which
    # meals exclude.
    assert (meals["before_low"], meals["after_low"], meals["change_low"]) == (
        Decimal(3360),
        Decimal(2160),
        Decimal(-1200),
    )
    assert meals["before_undetermined"] == Decimal(1200)
    # b, who lost the meals, has the visits instead; e has them all along.
    assert (visits["before_low"], visits["after_low"], visits["change_high"]) == (
        Decimal(400),
        Decimal(800),
        Decimal(400),
    )
    assert [visits[name] for name in COUNTS] == [3, 3, 0, 0, 0, 0]


def test_more_money_is_no_change_of_who_is_eligible() -> None:
    richer = compared(RICHER)
    assert richer.decision_changes().is_empty()
    meals = richer.items().row(0, named=True)
    assert meals["change_low"] == Decimal(2 * 50 * 12)
    assert richer.households()["change"].to_list() == [
        Decimal(600),
        Decimal(600),
        Decimal(0),
        None,
        Decimal(0),
    ]


def test_winners_and_losers_are_told_by_income(stricter: Comparison) -> None:
    found = stricter.winners_and_losers("income", 2, per_head=False)
    assert found.columns[:2] == ["group", "households"]
    # The stricter line cannot be told for d, whose income is not known.
    assert found.rows() == [
        (
            1,
            2,
            Decimal("1000.00"),
            Decimal("2000.00"),
            0,
            0,
            2,
            0,
            Decimal("0.00"),
            Decimal("0.00"),
        ),
        (
            2,
            2,
            Decimal("2500.00"),
            Decimal("9000.00"),
            0,
            1,
            1,
            0,
            Decimal("-400.00"),
            Decimal("-800.00"),
        ),
        (None, 1, None, None, 0, 0, 0, 1, None, Decimal("0.00")),
    ]
    per_head = stricter.winners_and_losers("income", 4)
    assert per_head["income_from"].to_list()[:2] == [Decimal("1000.00"), Decimal("2500.00")]
    assert per_head["households"].to_list() == [2, 1, 1, 1]
    by_rooms = stricter.winners_and_losers("rooms", 2)
    assert by_rooms["households"].sum() == 5


def test_parts_add_up_to_the_whole(stricter: Comparison) -> None:
    whole = stricter.by().row(0, named=True)
    assert whole["change_low"] == Decimal(-800)
    for parts in (
        stricter.items(),
        stricter.by("district"),
        stricter.by("domain", "district", age=[30, Decimal(70)]),
        stricter.by("senior"),
        stricter.by("lives_alone", income=[2000]),
        stricter.by("birth_date"),
        stricter.by("rooms", "income"),
    ):
        assert {name: parts[name].sum() for name in whole} == whole


def test_bands_begin_at_their_cuts(stricter: Comparison) -> None:
    found = stricter.by("item", income=[1000, 2500]).filter(pl.col("item") == "meals")
    assert found["income"].to_list() == ["1,000 – < 2,500", "2,500+", None]
    assert found["eligible_before"].to_list() == [2, 1, 0]
    persons = stricter.by(age=[60])
    assert persons.select("for", "age").rows() == [("person", "< 60"), ("person", "60+")]


def test_names_that_divide_nobody_are_refused(stricter: Comparison) -> None:
    for ask, code, path, nearest in (
        (lambda: stricter.by("incom"), "JM071", "by", "income"),
        (lambda: stricter.by("domian"), "JM071", "by", "domain"),
        (lambda: stricter.by("illnesses"), "JM072", "by", None),
        (lambda: stricter.by(age=[60, 18]), "JM060", "age", None),
        (lambda: stricter.by(district=[60]), "JM072", "district", None),
        (lambda: stricter.winners_and_losers("lives_alone"), "JM072", "income", None),
        (lambda: stricter.winners_and_losers("incomes"), "JM071", "income", "income"),
        (lambda: stricter.winners_and_losers("income", 0), "JM075", "groups", None),
        (lambda: stricter.decision_changes(["meal"]), "JM093", "items", "meals"),
    ):
        with pytest.raises(InputError) as caught:
            ask()
        assert [(one.code, one.path, one.suggestion) for one in caught.value.diagnostics] == [
            (code, path, nearest)
        ]


def test_other_households_are_refused() -> None:
    run = ran(small_pack())
    fewer = ran(small_pack(), HOUSEHOLDS.head(2), MEMBERS.head(2))
    with pytest.raises(InputError, match="JM101") as caught:
        run.compare(fewer)
    assert len(caught.value.diagnostics) == 2
    moved = ran(
        small_pack(),
        HOUSEHOLDS,
        MEMBERS.with_columns(household=pl.Series(["a", "b", "c", "d", "d", "e"])),
    )
    with pytest.raises(InputError, match="other households"):
        run.compare(moved)


def test_a_population_read_with_other_facts_is_refused() -> None:
    other = small_pack(
        {
            "vocabulary/enums.yaml": (
                FILES["vocabulary/enums.yaml"].replace(
                    "stroke: {zh: 中风, en: stroke}, ",
                    "gout: {zh: 痛风, en: gout}, stroke: {zh: 中风, en: stroke}, ",
                )
            )
        }
    )
    run = ran(small_pack())
    with pytest.raises(InputError, match="JM101"):
        other.run(run.population, ON)


def test_an_item_that_only_one_pack_has_is_ineligible_in_the_other() -> None:
    more = FILES["items/care/visits.yaml"].replace("id: visits\nnumber: 2", "id: calls\nnumber: 3")
    found = ran(small_pack()).compare(ran(small_pack({"items/care/calls.yaml": more})))
    *_, calls = found.items().rows(named=True)
    assert found.items()["item"].to_list() == ["meals", "visits", "calls"]
    assert (calls["item"], calls["newly_eligible"], calls["change_low"]) == (
        "calls",
        3,
        Decimal(1200),
    )


ROOMS = replaced(VALUES, "2: 200, 4: 400", "2: 200, 4: 500")


def test_what_the_change_cannot_touch_may_stay_unknown() -> None:
    homes = compared(ROOMS)
    # d's income is unknown, so its meals are; but it has no room, and no visits to choose instead.
    assert homes.difference.benefits == {"visits.home"}
    assert homes.households()["change"].to_list() == [
        Decimal(0),
        Decimal(0),
        Decimal(0),
        Decimal(0),
        Decimal(100),
    ]


def test_a_choice_between_what_changes_and_what_is_unknown_is_unknown() -> None:
    nine = MEMBERS.with_columns(rooms=pl.lit(9))
    before, after = ran(small_pack(), HOUSEHOLDS, nine), ran(small_pack(ROOMS), HOUSEHOLDS, nine)
    # Has d meals, it has no visits, and nothing changes; has it none, it gains 100. In c the second
    # member has visits and no meals.
    assert before.compare(after).households()["change"].to_list() == [
        Decimal(0),
        Decimal(0),
        Decimal(100),
        None,
        Decimal(100),
    ]
    alone = {
        "conflicts.yaml": FILES["conflicts.yaml"].replace("kind: exclusive", "kind: unsettled")
    }
    free = ran(small_pack(alone), HOUSEHOLDS, nine).compare(
        ran(small_pack({**alone, **ROOMS}), HOUSEHOLDS, nine)
    )
    assert free.households()["change"].to_list() == [
        Decimal(100),
        Decimal(100),
        Decimal(200),
        Decimal(100),
        Decimal(100),
    ]


def test_a_status_that_is_known_and_the_same_passes_no_change_on() -> None:
    older = replaced("vocabulary/statuses.yaml", "age >= 60", "age >= 65")
    changed = compared(older)
    # All are far beyond either age: what is unknown about d's income stays so, and nothing changes.
    assert changed.difference.benefits == {"meals.grant", "visits.home"}
    assert changed.households()["change"].to_list() == [Decimal(0)] * 5


def test_two_days_are_compared_like_two_packs() -> None:
    pack = small_pack()
    later = date(2019, 6, 1)
    found = ran(pack).compare(pack.run(pack.population(HOUSEHOLDS, MEMBERS, ON), later))
    # The south has no published value in 2019: c's change is not known, and the amount counts as
    # unknown.
    assert found.households()["change"].to_list() == [
        Decimal(240),
        Decimal(240),
        None,
        None,
        Decimal(0),
    ]
    assert found.items()["after_unknown"].to_list() == [1, 0]


def money(rows: list[tuple[int, int, int | None, int, int | None]]) -> pl.DataFrame:
    schema = {
        "benefit": pl.UInt16,
        "home": pl.UInt32,
        "member": pl.UInt32,
        "standing": pl.UInt8,
        "low": pl.Int64,
        "high": pl.Int64,
    }
    return pl.DataFrame([(*row[:4], row[4], None) for row in rows], schema=schema, orient="row")


def conflicting(kind: str, *pairs: str) -> Pack:
    lines = [
        f"  one_{number}: {{kind: {kind}, between: [{pair}], text: {{zh: 二选一, en: one}}, cite:"
        " [circular]}"
        for number, pair in enumerate(pairs)
    ]
    return small_pack({"conflicts.yaml": "conflicts:\n" + "\n".join(lines) + "\n"})


@pytest.mark.parametrize("kind", ["exclusive", "higher"])
def test_what_excludes_each_other_is_counted_once(kind: str) -> None:
    content, benefits = (
        conflicting(kind, "meals.grant, visits").content,
        ["meals.grant", "visits.home"],
    )
    # Two members, each with both; and one who has only one of the two.
    rows = money(
        [
            (0, 0, 0, 0, 100),
            (0, 0, 1, 0, 100),
            (1, 0, 0, 0, 70),
            (1, 0, 1, 0, 130),
            (1, 1, 2, 0, 50),
        ]
    )
    assert counted(content, benefits, rows).to_list() == [True, False, False, True, True]
    # What is eligible does not compete with what cannot be told, and what nobody knows wins
    # nothing.
    assert counted(content, benefits, money([(0, 0, 0, 0, 100), (1, 0, 0, 2, 900)])).to_list() == [
        True,
        True,
    ]
    assert counted(content, benefits, money([(0, 0, 0, 0, 100), (1, 0, 0, 0, None)])).to_list() == [
        True,
        False,
    ]


def test_an_unsettled_conflict_lets_both_count() -> None:
    content = conflicting("unsettled", "meals.grant, visits").content
    assert counted(
        content, ["meals.grant", "visits.home"], money([(0, 0, 0, 0, 1), (1, 0, 0, 0, 1)])
    ).to_list() == [True, True]


def test_a_households_payment_stands_against_all_its_members() -> None:
    content, benefits = (
        conflicting("exclusive", "meals.grant, visits").content,
        ["meals.grant", "visits.home"],
    )
    for theirs, kept in ((60, [False, True, True]), (40, [True, False, False])):
        rows = money([(0, 0, None, 0, 100), (1, 0, 0, 0, theirs), (1, 0, 1, 0, theirs)])
        assert counted(content, benefits, rows).to_list() == kept


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=4, max_size=4),
    st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))),
    st.sets(st.integers(0, 3)),
)
def test_the_choice_is_the_best_of_all(
    worths: list[int], pairs: set[tuple[int, int]], own: set[int]
) -> None:
    graph = {
        place: {a + b - place for a, b in pairs if place in (a, b) and a != b} for place in range(4)
    }

    def fits(choice: tuple[int, ...]) -> bool:
        return not any(other in graph[one] for one in choice for other in choice)

    best = max(
        sum(worths[place] for place in choice)
        for size in range(5)
        for choice in combinations(range(4), size)
        if fits(choice)
    )
    keeps = tuple(
        int(place) for place in np.flatnonzero(_worth_most(np.array([worths]), graph, own)[0])
    )
    assert fits(keeps)
    assert sum(worths[place] for place in keeps) == best


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["north", "south", None]),
            st.one_of(st.none(), st.integers(0, 4000)),
            st.integers(0, 9),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_everybody_is_a_winner_a_loser_unchanged_or_undetermined(
    families: list[tuple[str | None, int | None, int]],
) -> None:
    count = len(families)
    districts, incomes, rooms = zip(*families, strict=True)
    kinds_of = {"household": pl.Int64, "district": pl.String, "income": pl.Int64}
    households = pl.DataFrame(
        {"household": range(count), "district": districts, "income": incomes}, schema=kinds_of
    )
    alike = {"member": "1", "lives_alone": True, "birth_date": date(1950, 1, 1)}
    members = pl.DataFrame({"household": range(count), "rooms": rooms}).with_columns(
        pl.lit(value).alias(name) for name, value in alike.items()
    )
    before = ran(small_pack(), households, members)
    found = before.compare(ran(small_pack(STRICTER), households, members))
    table = found.winners_and_losers("income", 3)
    kinds = ("winners", "losers", "unchanged", "undetermined")
    assert sum(int(table[kind].sum()) for kind in kinds) == int(table["households"].sum()) == count
    change = found.households()["change"]
    assert table["total_change"].sum() == sum(change.drop_nulls().to_list(), Decimal(0))
    same = before.compare(before)
    assert same.decision_changes().is_empty() and not same.difference.touched
    assert same.households()["change"].to_list() == [Decimal(0)] * count
    assert same.items()["change_low"].sum() == same.items()["change_high"].sum() == 0


OWN, PERSONS = ("district", "income"), ("rooms", "lives_alone", "disabled")
UNKNOWN_OR = st.one_of(st.none(), st.none(), st.booleans())


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(*(st.tuples(UNKNOWN_OR, st.booleans()) for _ in range(5))),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([RICHER, STRICTER, ROOMS]),
)
def test_a_change_that_is_known_holds_whatever_the_unknown_facts_are(
    families: list[tuple[tuple[bool | None, bool], ...]], change: dict[str, str]
) -> None:
    """Each fact is one of two values or unknown; then the unknown ones are filled in, and no change
    that was known may come out differently."""
    values = {
        "district": ("north", "south"),
        "income": (1000, 2500),
        "rooms": (0, 9),
        "lives_alone": (True, False),
        "disabled": (True, False),
    }
    packs = small_pack(), small_pack(dict(change))

    def frames(*, filled: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
        found: dict[str, list[object]] = {name: [] for name in values}
        for one in families:
            for (known, other), (name, pair) in zip(one, values.items(), strict=True):
                found[name].append(
                    pair[known if known is not None else other]
                    if filled or known is not None
                    else None
                )
        ids = pl.DataFrame({"household": range(len(families))})
        alike = {
            "member": pl.lit("1"),
            "birth_date": pl.lit(date(1950, 1, 1)),
            "receives": pl.lit([], dtype=pl.List(pl.String)),
        }
        own, member = (
            ids.with_columns(pl.Series(name, found[name], strict=False) for name in names)
            for names in (OWN, PERSONS)
        )
        return own, member.with_columns(illnesses=pl.lit([], dtype=pl.List(pl.String)), **alike)

    def changes(*, filled: bool) -> list[Decimal | None]:
        before, after = (ran(pack, *frames(filled=filled)) for pack in packs)
        return before.compare(after).households()["change"].to_list()

    for unsure, sure in zip(changes(filled=False), changes(filled=True), strict=True):
        assert sure is not None
        assert unsure in (None, sure)


# sensitivity


def test_an_item_answers_to_its_parameter() -> None:
    pack = small_pack()
    population = pack.population(HOUSEHOLDS, MEMBERS, ON)
    scaled = sensitivity(
        pack, population, ON, "meals", "meal_grant", scales=[Decimal("0.5"), 1, 2]
    ).frame
    assert scaled["low"].to_list() == [Decimal(1680), Decimal(3360), Decimal(6720)]
    assert scaled["eligible"].to_list() == [3, 3, 3]
    assert scaled["undetermined_count"].to_list() == [1, 1, 1]
    # A float is the decimal that it is written as.
    assert sensitivity(pack, population, ON, "meals", "meal_grant", scales=[0.5]).frame.equals(
        scaled.head(1)
    )
    assert sensitivity(pack, population, ON, "meals", "meal_grant", values=[10]).frame[
        "low"
    ].to_list() == [Decimal(360)]
    homes = sensitivity(pack, population, ON, "visits", "home_grant", scales=[2])
    assert homes.frame["low"].to_list() == [Decimal(2400)]
    assert "0.5" not in repr(homes)


def test_what_a_sensitivity_cannot_show_is_refused() -> None:
    pack = small_pack()
    population = pack.population(HOUSEHOLDS, MEMBERS, ON)
    with pytest.raises(InputError, match="JM093"):
        sensitivity(pack, population, ON, "meal", "meal_grant", scales=[1])
    for item, parameter, arguments, code, path in (
        ("meals", "home_grant", {"scales": [1]}, "JM025", "parameter"),
        ("meals", "meal_grant", {}, "JM027", "values"),
        ("meals", "meal_grant", {"scales": [1], "values": [1]}, "JM027", "values"),
        ("meals", "meal_grant", {"scales": [-1]}, "JM075", "scales"),
        ("meals", "meal_grant", {"scales": ["much"]}, "JM072", "scales"),
        ("meals", "meal_grant", {"scales": [10**12]}, "JM075", "meal_grant"),
        ("meals", "meal_grant", {"values": [Decimal("0.001")]}, "JM075", "values"),
        ("visits", "home_grant", {"values": [5]}, "JM060", "values"),
    ):
        with pytest.raises(InputError) as caught:
            sensitivity(pack, population, ON, item, parameter, **arguments)  # type: ignore[arg-type]
        assert [(one.code, one.path) for one in caught.value.diagnostics] == [(code, path)]


def test_thresholds_are_found_with_those_who_stand_near() -> None:
    pack = small_pack()
    found = thresholds(pack, "meals", ON)
    assert [(one.text, one.literals, one.facts) for one in found] == [
        ("household.income <= 3000 CNY/month", ("3000.00 CNY/month",), ("household.income",)),
        ("age >= 60", ("60",), ("birth_date",)),
    ]
    run = ran(pack)
    frame = near(run, "meals", Decimal("0.2"))
    income = frame.filter(pl.col("text").str.contains("income")).row(0, named=True)
    # Of six persons one lives in a household with 2,500, and one in one whose income is not known.
    assert (income["below"], income["at"], income["above"], income["unknown"]) == (1, 0, 0, 1)
    assert near(run, "meals", 0.2).equals(frame)
    for margin, code in ((-1, "JM075"), ("some", "JM072")):
        with pytest.raises(InputError, match=f"margin: error {code}"):
            near(run, "meals", margin)  # type: ignore[arg-type]


# what is shown


def test_tables_show_no_id_and_escape_what_packs_say() -> None:
    hostile = "<script>x</script>"
    named = {
        MEALS: (
            FILES[MEALS].replace(
                "name: {zh: 助餐, en: Meals}", f"name: {{zh: 助餐, en: '{hostile}'}}"
            )
        )
    }
    households = HOUSEHOLDS.with_columns(pl.col("household") + "-secret")
    members = MEMBERS.with_columns(
        pl.col("household") + "-secret", member=pl.col("member") + "-private"
    )
    before = ran(small_pack(named), households, members)
    both = {MEALS: str(named[MEALS]).replace("<= 3000 CNY", "<= 2000 CNY")}
    found = before.compare(ran(small_pack(both), households, members))
    for language in ("zh", "en"):
        html = found.to_html(language)  # type: ignore[arg-type]
        assert "secret" not in html and "private" not in html and hostile not in html
        assert "&lt;script&gt;" in html and "-1,200" in html
    assert found._repr_html_().index("不再符合") < found._repr_html_().index("no longer eligible")
    assert found.to_html("en").index("no longer eligible") < found.to_html("en").index("不再符合")
    assert "secret" not in repr(found)
    shown = sensitivity(
        small_pack(named), before.population, ON, "meals", "meal_grant", scales=[1]
    )._repr_html_()
    assert hostile not in shown and "3,360" in shown
    assert "give the same results" in before.compare(before)._repr_html_()


# Jingmen


def test_a_run_of_jingmen_compared_with_itself_and_with_a_higher_line() -> None:
    pack, on = shipped(), date(2018, 10, 15)
    higher = pack.amend(
        {"id": "line_up", "parameters": {"dibao_urban": {"shift": 100, "unit": "CNY/person/month"}}}
    )
    profiles = {name: pack.read(family(name)) for name in FAMILIES}
    known = {
        name: profile.facts
        for name, profile in profiles.items()
        if profile.latest is None or profile.latest[0] <= on
    }
    population = Population.of_facts(pack.content, list(known.values()))
    before = pack.run(population, on)
    same = before.compare(before)
    assert same.decision_changes().is_empty() and same.items()["change_high"].sum() == 0
    assert same.households()["change"].null_count() == 0
    found = before.compare(higher.run(population, on))
    assert "minimum_living_guarantee.gap_payment" in found.difference.benefits
    assert "resident_pension.monthly_pension" not in found.difference.benefits
    # The family on dibao with three members has 300 a month more; whether the father could draw
    # dibao alone instead cannot be told.
    _, had, has, change = found.households().row(
        list(known).index("dibao_family_with_disabled_father")
    )
    assert (has - had, change) == (Decimal(3600), None)
    parts = (
        found.by("domain"),
        found.by("disability_grade"),
        found.by("domain", "hukou_county", age=[18, 60]),
    )
    assert len({part["change_low"].sum() for part in parts}) == 1
