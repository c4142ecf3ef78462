"""Cliffs: found to the fen where a rule draws its line, for one family and over a population."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from jmentitle import Pack, load_pack
from jmentitle.errors import InputError
from jmentitle.policy.whatif.cliffs import Cliffs, cliffs
from jmentitle.policy.whatif.population_cliffs import PopulationCliffs, population_cliffs
from tests.support.families import family
from tests.support.small_pack import FILES, ON, replaced, small_pack

MEALS, VISITS = "items/care/meals.yaml", "items/care/visits.yaml"
OLD_WOMAN = {
    "household": {"district": "north", "income": 1000},
    "members": [
        {
            "id": "she",
            "birth_date": "1950-01-01",
            "lives_alone": True,
            "illnesses": [],
            "rooms": 0,
            "disabled": False,
            "receives": [],
        }
    ],
}


def of_income(pack: Pack, up_to: int | Decimal = 5000, **arguments: int) -> Cliffs:
    return cliffs(pack, OLD_WOMAN, ON, "income", up_to=up_to, **arguments)


def test_a_cliff_is_found_exactly_at_the_line() -> None:
    found = of_income(small_pack())
    (step,) = found.losses
    # Meals of 100 a month up to 3,000 a month, that line included.
    assert (step.at, step.loss, step.one_more) == (
        Decimal("3000.00"),
        Decimal("1200.00"),
        Decimal("-1188.00"),
    )
    assert [(one.item, one.before, one.after, one.change) for one in step.items] == [
        ("meals", "eligible", "ineligible", Decimal(-1200))
    ]
    strict = replaced(
        MEALS, "household.income <= 3000 CNY/month", "household.income < 2999.99 CNY/month"
    )
    assert [one.at for one in of_income(small_pack(strict)).losses] == [Decimal("2999.98")]
    assert found.steps == found.losses


def test_the_curve_holds_both_sides_of_every_step() -> None:
    curve = of_income(small_pack(), step=500).curve
    assert curve.columns == ["income", "yearly", "with_fact", "undetermined"]
    assert curve["income"].is_sorted()
    # The end of the grid lies on the line itself.
    line = curve.filter(pl.col("income").is_between(Decimal(2500), Decimal(3500))).rows()
    assert line == [
        (Decimal("2500.00"), Decimal(1200), Decimal(31200), 0),
        (Decimal("3000.00"), Decimal(1200), Decimal(37200), 0),
        (Decimal("3000.01"), Decimal(0), Decimal("36000.12"), 0),
        (Decimal("3500.00"), Decimal(0), Decimal(42000), 0),
    ]


def test_what_opens_within_one_step_of_the_grid_is_found_by_its_comparisons() -> None:
    narrow = replaced(
        MEALS,
        "household.income <= 3000 CNY/month",
        "household.income >= 2010 CNY/month, household.income <= 2015 CNY/month",
    )
    found = of_income(small_pack(narrow), step=1000)
    assert [(step.at, step.loss) for step in found.steps] == [
        (Decimal("2009.99"), Decimal(-1200)),
        (Decimal("2015.00"), Decimal(1200)),
    ]
    assert [step.at for step in found.losses] == [Decimal("2015.00")]


def test_money_that_shrinks_with_income_is_no_cliff() -> None:
    gap = replaced(MEALS, "amount: meal_grant", 'amount: "3000 CNY/month - household.income"')
    found = of_income(
        small_pack(
            {
                **gap,
                "parameters/values.yaml": FILES["parameters/values.yaml"].replace(
                    "by: [household.district]", "by: [household.district]"
                ),
            }
        )
    )
    assert found.steps == ()
    assert "No cliff" in found.to_html("en")


def test_what_excludes_each_other_gives_way_without_a_cliff_of_its_own() -> None:
    # Nine rooms bring visits of 400 a year, which meals exclude: beyond the line the visits are
    # left.
    rooms = {**OLD_WOMAN, "members": [{**OLD_WOMAN["members"][0], "rooms": 9}]}  # type: ignore[dict-item,index]
    found = cliffs(small_pack(), rooms, ON, "income", up_to=5000)
    (step,) = found.losses
    assert (step.at, step.loss) == (Decimal(3000), Decimal(800))
    assert {one.item: one.change for one in step.items} == {
        "meals": Decimal(-1200),
        "visits": Decimal(400),
    }


def test_a_number_of_a_member_is_varied_for_that_member() -> None:
    two = {
        **OLD_WOMAN,
        "members": [
            *OLD_WOMAN["members"],
            {**OLD_WOMAN["members"][0], "id": "he", "lives_alone": False},
        ],
    }  # type: ignore[misc,dict-item,index]
    found = cliffs(small_pack(), two, ON, "rooms", member="he", up_to=9, step=3)
    # With more than eight rooms visits open, at 400 a year; the steps of the grant itself pay
    # nobody before.
    assert [(step.at, step.loss, step.one_more) for step in found.steps] == [
        (Decimal(8), Decimal(-400), Decimal(400))
    ]
    assert found.losses == ()
    assert found.curve["with_fact"].to_list() == found.curve["yearly"].to_list()


def test_what_cannot_be_varied_is_refused() -> None:
    pack = small_pack()
    for fact, arguments, code in (
        ("incomes", {}, "JM071"),
        ("district", {}, "JM072"),
        ("age", {}, "JM072"),
        ("rooms", {"member": "it"}, "JM094"),
        ("rooms", {"up_to": 10}, "JM075"),
    ):
        with pytest.raises(InputError, match=code) as caught:
            cliffs(pack, OLD_WOMAN, ON, fact, **{"up_to": 5, **arguments})  # type: ignore[arg-type]
        assert len(caught.value.diagnostics) == 1
    for arguments, code in (
        ({"up_to": 0}, "up_to: error JM075"),
        ({"step": -1}, "step: error JM075"),
        ({"step": "a"}, "step: error JM072"),
    ):
        with pytest.raises(InputError, match=code):
            of_income(pack, **arguments)


def test_a_family_of_which_nothing_is_known_has_no_steps_but_what_cannot_be_told() -> None:
    found = cliffs(small_pack(), {"members": [{"id": "she"}]}, ON, "rooms", up_to=9, step=3)
    assert found.losses == () and found.curve["undetermined"].min() == 1


def test_nothing_of_the_family_stands_in_its_representation() -> None:
    found = of_income(small_pack())
    assert "3000" not in repr(found) and "1200" not in repr(found.steps)
    assert "1,200" in found._repr_html_() and found._repr_html_().index(
        "助餐"
    ) < found._repr_html_().index("Meals")


def test_the_dibao_line_of_jingmen_is_a_cliff() -> None:
    pack, on = load_pack(), date(2018, 10, 15)
    found = cliffs(
        pack,
        family("dibao_family_with_disabled_father"),
        on,
        "wage_income",
        member="mother",
        up_to=3000,
        step=500,
    )
    (step,) = found.losses
    # Three members, 620 a month each, and income must lie below: 1,859.99 is the last that does.
    assert step.at == Decimal(3 * 620) - Decimal("0.01")
    changes = {one.item: one for one in step.items}
    assert changes["minimum_living_guarantee"].after == "ineligible"
    # With dibao goes the living subsidy of the father, 50 a month.
    assert changes["disabled_living_and_care_subsidies"].change == Decimal(-600)
    assert step.loss == Decimal("600.12")


# over a population

HOUSEHOLDS = pl.DataFrame(
    {
        "household": ["a", "b", "c", "d"],
        "district": ["north"] * 4,
        "income": [2999, 3000, 5000, None],
    }
)
MEMBERS = pl.DataFrame(
    {
        "household": ["a", "b", "c", "d"],
        "member": ["1"] * 4,
        "birth_date": [date(1950, 1, 1)] * 4,
        "lives_alone": [True] * 4,
        "rooms": [0, 0, 9, 0],
        "disabled": [False] * 4,
        "illnesses": [[]] * 4,
        "receives": [[]] * 4,
    },
    schema_overrides={"illnesses": pl.List(pl.String), "receives": pl.List(pl.String)},
)


def over(
    by: int | Decimal, fact: str = "income", households: pl.DataFrame = HOUSEHOLDS
) -> PopulationCliffs:
    pack = small_pack()
    return population_cliffs(pack, pack.population(households, MEMBERS, ON), ON, fact, by)


def test_one_more_yuan_for_everybody() -> None:
    found = over(1)
    assert found.summary() == {
        "households": 4,
        "raised": 3,
        "losing": 1,
        "undetermined": 0,
        "lost": Decimal(1188),
    }
    assert found.items().rows() == [("meals", 1, Decimal(-1200))]
    assert found.households()["net"].to_list() == [
        Decimal(12),
        Decimal(-1188),
        Decimal(12),
        Decimal(0),
    ]
    assert over(2).summary()["losing"] == 2
    assert over(Decimal("0.01")).summary()["lost"] == Decimal("1199.88")
    html = found._repr_html_()
    assert "1,188" in html and ">b<" not in html and "Meals" in html
    assert repr(found) == "<Cliffs of income over <Population of 4 households with 4 members>>"


def test_a_number_of_persons_rises_up_to_its_greatest_value() -> None:
    found = over(1, "rooms")
    assert found.households()["raised"].to_list() == [1, 1, 0, 1]
    assert found.summary()["losing"] == 0
    assert found.items().is_empty()


def test_what_nobody_has_stated_does_not_rise() -> None:
    found = over(1, households=HOUSEHOLDS.drop("income"))
    assert found.summary() == {
        "households": 4,
        "raised": 0,
        "losing": 0,
        "undetermined": 0,
        "lost": Decimal(0),
    }


def test_a_rise_that_is_none_is_refused() -> None:
    for by, code in ((0, "JM075"), (Decimal("0.001"), "JM075"), ("much", "JM072")):
        with pytest.raises(InputError, match=f"by: error {code}"):
            over(by)  # type: ignore[arg-type]
