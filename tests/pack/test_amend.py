"""Amendments: what a reform changes, whom it reaches, what it leaves alone, how its results show
it, and what is said of a bad one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmentitle import Pack, load_pack
from jmentitle.assessment.models import BenefitResult
from jmentitle.author.examples import read_examples
from jmentitle.chain.native import NativeEngine
from jmentitle.cli.main import main
from jmentitle.errors import PackError
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.pack.model import Bounds, ParameterEntry
from tests.support.cases import cases
from tests.support.families import shipped
from tests.support.random_packs import DICE, RandomPack, random_day, random_household
from tests.support.small_pack import FILES, ON, small_pack, write

NAME = {"zh": "试行", "en": "trial"}
NOT_PUBLISHED = "`meal_grant` has no published value on these days"
NEW = {
    "name": {"zh": "水果", "en": "fruit"},
    "kind": "in_kind",
    "when": "age >= 70",
    "gives": {"zh": "水果", "en": "fruit"},
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


def household(
    district: str = "south", income: object = 1000, born: str = "1950-01-01", **member: object
) -> dict[str, object]:
    return {
        "household": {"district": district, "income": income, "receives": []},
        "members": [{"birth_date": born, "lives_alone": True, "receives": [], **member}],
    }


def benefit(
    pack: Pack, name: str = "meals.grant", of: Mapping[str, object] | None = None, on: date = ON
) -> BenefitResult | None:
    """What the one member gets; None when the benefit does not exist on the day."""
    item, _, short = name.partition(".")
    assessment = pack.assess(of or household(), on)
    return next(
        (
            one
            for result in assessment.results
            if result.item == item
            for one in result.benefits
            if one.benefit == short
        ),
        None,
    )


def amount(
    pack: Pack, of: Mapping[str, object] | None = None, on: date = ON, name: str = "meals.grant"
) -> str:
    found = benefit(pack, name, of, on)
    assert found is not None
    assert found.amount is not None
    low, high = found.amount.low, found.amount.high
    return (
        f"{low}"
        if found.amount.certainty == "exact"
        else f"{found.amount.certainty} {low or high or ''}".strip()
    )


def problems(pack: Pack, amendment: Mapping[str, object] | str) -> list[Diagnostic]:
    with pytest.raises(PackError) as raised:
        pack.amend(amendment)
    return list(raised.value.diagnostics)


def bounds_of(entry: ParameterEntry) -> list[Bounds]:
    return [*entry.cells.values(), *(bounds for _, bounds in entry.steps)]


def meal_grant(**change: object) -> dict[str, object]:
    return {"parameters": {"meal_grant": change}}


# what stays


def test_an_empty_amendment_changes_the_identity_and_nothing_else(pack: Pack) -> None:
    same = pack.amend({})
    before, after = pack.assess(household(), ON), same.assess(household(), ON)
    assert before.model_dump(exclude={"receipt"}) == after.model_dump(exclude={"receipt"})
    assert before.receipt.result_digest == after.receipt.result_digest
    assert same.digest != pack.digest
    assert [one.id for one in after.receipt.overlays] == ["amendment_1"]
    assert same.breakpoints == pack.breakpoints


def test_the_pack_itself_stays_as_it_is() -> None:
    pack = small_pack()
    digest, before = pack.digest, pack.assess(household(), ON)
    reform = meal_grant(scale=2) | {
        "statuses": {"senior": {"when": "age >= 90"}},
        "drop": ["visits"],
        "benefits": {"meals.fruit": NEW},
    }
    pack.amend(reform)
    assert (pack.digest, pack.content.amendments) == (digest, ())
    assert pack.assess(household(), ON) == before
    assert pack.content == small_pack().content


@cases(30)
@given(dice=DICE)
def test_on_random_packs_nothing_changes_nothing_and_engines_agree_on_what_is_amended(
    dice: Random,
) -> None:
    pack = RandomPack(dice).pack()
    content = pack.content
    references = [one.reference for item in content.items.values() for one in item.benefits]
    published = [
        name
        for name, one in content.parameters.items()
        if any(low == high for entry in one.entries for low, high in bounds_of(entry))
    ]
    reform = {
        "parameters": {
            name: {"scale": Decimal(dice.randint(0, 30)) / 10}
            for name in published
            if dice.random() < 0.5
        },
        "benefits": {
            one: {"when": None, "discretionary": True} for one in references if dice.random() < 0.2
        },
    }
    reform["drop"] = [
        one for one in references if one not in reform["benefits"] and dice.random() < 0.2
    ]  # type: ignore[assignment]
    same, amended = pack.amend({}), pack.amend(reform)
    for rate in (0.0, 0.3, 0.9):
        on = random_day(dice)
        raw = random_household(dice, pack, rate)
        profile = pack.read(raw, on)
        assert same.decide(profile, on, engine_name="specification") == pack.decide(
            profile, on, engine_name="specification"
        )
        profile = amended.read(raw, on)
        native = NativeEngine(interpreted=0).run(amended.ruleset(on), profile.facts, on)
        assert native == amended.decide(profile, on, engine_name="specification")


# values


def test_a_value_holds_on_all_days_unless_said_otherwise(pack: Pack) -> None:
    days = (date(2018, 1, 1), date(2018, 12, 31), date(2019, 12, 31))
    always = pack.amend(meal_grant(value=90, unit="CNY/month"))
    assert [amount(always, on=day) for day in days] == ["90.00", "90.00", "90.00"]
    dated = pack.amend(
        meal_grant(
            value=90, unit="CNY/month", **{"from": date(2018, 12, 31), "until": "2018-12-31"}
        )
    )
    assert [amount(dated, on=day) for day in days] == ["80.00", "90.00", "unpublished"]
    two = (
        {"value": 10, "unit": "CNY/month", "until": date(2018, 12, 30)},
        {"scale": 3, "from": date(2018, 12, 31)},
    )
    listed = pack.amend({"parameters": {"meal_grant": list(two)}})
    assert [amount(listed, on=day) for day in days] == ["10.00", "240.00", "unpublished"]


def test_keys_that_are_not_named_stay(pack: Pack) -> None:
    amended = pack.amend(meal_grant(value={"south": 90}, unit="CNY/month"))
    assert [amount(amended, household(place)) for place in ("south", "east", "north")] == [
        "90.00",
        "80.00",
        "100.00",
    ]
    scaled = pack.amend(meal_grant(scale={"north": 2, "south": "0.5"}))
    assert [amount(scaled, household(place)) for place in ("south", "east", "north")] == [
        "40.00",
        "80.00",
        "200.00",
    ]


@pytest.mark.parametrize(
    ("change", "published", "unpublished"),
    [
        ({"scale": Decimal("1.1")}, "88.00", "unpublished"),
        ({"scale": "0.3333"}, "26.66", "unpublished"),
        ({"scale": 0.00005}, None, None),
        ({"scale": 0}, "0.00", "unpublished"),
        ({"shift": -80, "unit": "CNY/month"}, "0.00", "unpublished"),
        ({"shift": "0.05", "unit": "CNY/month"}, "80.05", "unpublished"),
    ],
)
def test_what_is_published_moves_and_the_rest_stays_unpublished(
    pack: Pack, change: dict[str, object], published: str | None, unpublished: str | None
) -> None:
    if published is None:
        assert [one.code for one in problems(pack, meal_grant(**change))] == ["JM008"]
        return
    amended = pack.amend(meal_grant(**change))
    assert [amount(amended, on=day) for day in (ON, date(2019, 1, 1))] == [published, unpublished]


def test_floors_and_ceilings_move_with_their_number_and_halves_are_rounded_up() -> None:
    values = FILES["parameters/values.yaml"].replace(
        "north: 100, outer: 80", "north: {at_most: 0.05}, south: {at_least: 0.05}, east: 0.05"
    )
    pack = small_pack(
        {
            "parameters/values.yaml": values,
            "items/care/meals.yaml": FILES["items/care/meals.yaml"].partition("given:")[0],
        }
    )
    places = ("north", "south", "east")
    for change, expected in (
        ({"scale": "1.5"}, ["at_most 0.08", "at_least 0.08", "0.08"]),
        ({"shift": 1, "unit": "CNY/month"}, ["at_most 1.05", "at_least 1.05", "1.05"]),
    ):
        assert [
            amount(pack.amend(meal_grant(**change)), household(place)) for place in places
        ] == expected


def test_steps_are_given_whole_or_moved(pack: Pack) -> None:
    of = household(rooms=9)
    given_whole = pack.amend(
        {"parameters": {"home_grant": {"value": {0: 0, 9: 900}, "unit": "CNY/year"}}}
    )
    moved = pack.amend({"parameters": {"home_grant": {"scale": "1.25"}}})
    assert [amount(one, of, name="visits.home") for one in (pack, given_whole, moved)] == [
        "400.00",
        "900.00",
        "500.00",
    ]


# conditions and benefits


@settings(max_examples=60, deadline=None)
@given(line=st.integers(0, 6000), income=st.integers(0, 600_000))
def test_a_threshold_flips_exactly_the_households_between_old_and_new(
    line: int, income: int
) -> None:
    before = small_pack()
    after = before.amend(
        {
            "benefits": {
                "meals.grant": {
                    "when": {"all": ["lives_alone", f"household.income <= {line} CNY/month"]}
                }
            }
        }
    )
    of = household(income=Decimal(income) / 100)
    old, new = (benefit(one, of=of) for one in (before, after))
    assert old is not None
    assert new is not None
    assert (new.decision == "eligible") == (income <= line * 100)
    assert (old.decision != new.decision) == (
        min(line * 100, 300_000) < income <= max(line * 100, 300_000)
    )


@pytest.mark.parametrize(
    ("income", "old", "new"),
    [
        ("2500", True, True),
        ("2500.01", True, False),
        ("3000", True, False),
        ("3000.01", False, False),
    ],
)
def test_a_lower_threshold_by_example(pack: Pack, income: str, old: bool, new: bool) -> None:
    after = pack.amend(
        {"benefits": {"meals.grant": {"when": "household.income <= 2500 CNY/month"}}}
    )
    found = [benefit(one, of=household(income=Decimal(income))) for one in (pack, after)]
    assert [one is not None and one.decision == "eligible" for one in found] == [old, new]


def test_the_condition_of_a_status_and_of_an_item(pack: Pack) -> None:
    for reform in (
        {"statuses": {"senior": {"when": "age >= 55"}}},
        {"items": {"meals": {"when": "age >= 55"}}},
    ):
        after = pack.amend(reform)
        for born, opened in (("1963-06-01", True), ("1963-06-02", False)):
            old, new = (benefit(one, of=household(born=born)) for one in (pack, after))
            assert old is not None
            assert new is not None
            assert (old.decision, new.decision) == (
                "ineligible",
                "eligible" if opened else "ineligible",
            )
    everybody = benefit(
        pack.amend({"items": {"meals": {"when": None}}}), of=household(born="2010-01-01")
    )
    assert everybody is not None
    assert everybody.decision == "eligible"


def test_words_that_are_not_named_stay_and_null_takes_one_away(pack: Pack) -> None:
    paid = benefit(
        pack.amend({"benefits": {"meals.grant": {"pays": {"amount": "meal_grant + 5 CNY/month"}}}})
    )
    assert paid is not None
    assert paid.amount is not None
    assert (paid.decision, str(paid.amount.low), paid.amount.payer, paid.name.en) == (
        "eligible",
        "85.00",
        None,
        "meal grant",
    )
    in_kind = benefit(
        pack.amend(
            {
                "benefits": {
                    "meals.grant": {
                        "pays": None,
                        "kind": "in_kind",
                        "gives": {"zh": "饭", "en": "meals"},
                    }
                }
            }
        )
    )
    assert in_kind is not None
    assert (in_kind.amount, in_kind.kind) == (None, "in_kind")


def test_a_benefit_is_added(pack: Pack) -> None:
    after = pack.amend({"benefits": {"meals.fruit": NEW}})
    assert [one.name for one in after.item("meals").benefits] == ["grant", "fruit"]
    for born, decision in (("1948-06-01", "eligible"), ("1948-06-02", "ineligible")):
        found = benefit(after, "meals.fruit", household(born=born))
        assert found is not None
        assert (found.decision, found.grade) == (decision, "proposal")


def test_what_is_dropped_is_gone_opens_nothing_and_may_still_be_named(pack: Pack) -> None:
    of = household(rooms=9)
    of["members"][0]["receives"] = ["meals.grant", "meals"]  # type: ignore[index]
    for reference in ("meals", "meals.grant"):
        after = pack.amend({"drop": [reference]})
        assert benefit(after, of=of) is None
        visits = [benefit(one, "visits.home", of) for one in (pack, after)]
        assert [one is not None and one.decision for one in visits] == ["ineligible", "eligible"]
        (explained,) = after.explain(of, "meals", ON)
        assert "The amendment removes it." in explained.to_text("en")
        assert "meals" not in str(after.timeline(of, ON))


def test_every_view_of_an_amended_pack_can_be_made(pack: Pack) -> None:
    after = pack.amend(
        meal_grant(scale=2) | {"name": NAME, "drop": ["visits"], "benefits": {"meals.fruit": NEW}}
    )
    assessment = after.assess(household(), ON)
    for language in ("zh", "en"):
        assert assessment.to_text(language)
        assert assessment.letter(language)
        assert all(one.to_text(language) for one in after.explain(household(), "meals", ON))
    assert after.counterfactuals(household(income=9000), "meals", ON)
    assert repr(after).startswith("<Pack small 1 amended by amendment_1: 2 items")
    assert "修改方案，不是现行规定：试行" in after._repr_html_()
    assert "修改方案" not in pack._repr_html_()


# honesty


def test_what_rests_on_an_amendment_says_so_and_the_rest_does_not(pack: Pack) -> None:
    scaled = pack.amend(meal_grant(scale={"south": 2}) | {"id": "doubled"})
    found = [benefit(scaled, of=household(place)) for place in ("south", "north")]
    assert [(one.grade, one.sources) for one in found if one] == [
        ("proposal", ["circular", "doubled"]),
        ("notice", ["circular"]),
    ]
    unpublished = benefit(scaled, on=date(2019, 1, 1))
    assert unpublished is not None
    assert unpublished.grade == "notice"
    paid = pack.amend(
        {"id": "more", "benefits": {"meals.grant": {"pays": {"amount": "5 CNY/month"}}}}
    )
    (explained,) = paid.explain(household(), "meals", ON)
    text = explained.to_text("en")
    assert "source: more, proposal" in text
    assert (
        "older person: yes (age is at least 60 (birth 1950-01-01: 68 on 2018-06-01)) [Circular,"
        " official notice]" in text
    )


@pytest.mark.parametrize(
    "reform",
    [
        meal_grant(scale=1),
        meal_grant(value=80, unit="CNY/month"),
        {
            "parameters": {"home_grant": {"shift": 0, "unit": "CNY/year"}},
            "benefits": {"meals.grant": {"kind": "cash"}},
        },
        {"statuses": {"senior": {"when": "age >= 60"}}},
        {"items": {"meals": {"when": "senior"}}},
        {"benefits": {"meals.grant": {"when": "lives_alone"}}},
    ],
)
def test_a_grade_never_looks_better_than_it_is(pack: Pack, reform: dict[str, object]) -> None:
    assert (
        pack.amend(reform).assess(household(), ON).result("meals", "member_1").grade == "proposal"
    )


def test_no_pack_can_call_a_source_a_proposal() -> None:
    with pytest.raises(PackError) as raised:
        small_pack(
            {"sources.yaml": FILES["sources.yaml"].replace("grade: notice", "grade: proposal")}
        )
    assert [one.code for one in raised.value.diagnostics] == ["JM016"]


# stacks, files, receipts


def test_amendments_stack_in_order(pack: Pack) -> None:
    first = pack.amend(
        meal_grant(scale=2)
        | {"benefits": {"meals.grant": {"when": "age >= 60"}, "meals.fruit": NEW}}
    )
    second = first.amend(
        meal_grant(shift=1, unit="CNY/month")
        | {"benefits": {"meals.grant": {"kind": "in_kind"}, "meals.fruit": {"when": "age >= 80"}}}
    )
    found = benefit(second, of=household(income=9000))
    assert found is not None
    assert (amount(second), found.decision, found.kind) == ("161.00", "eligible", "in_kind")
    assert second.item("meals").benefits[0].cite == ("amendment_1", "amendment_2")
    assert [
        (benefit(one, "meals.fruit", household(born="1940-01-01")) or found).decision
        for one in (first, second)
    ] == ["eligible", "ineligible"]
    assert [one.id for one in second.assess(household(), ON).receipt.overlays] == [
        "amendment_1",
        "amendment_2",
    ]
    assert len({pack.digest, first.digest, second.digest}) == 3
    assert "amended by amendment_1, amendment_2:" in repr(second)


def test_what_was_dropped_stays_dropped_until_it_is_written_again(pack: Pack) -> None:
    dropped = pack.amend({"drop": ["meals.grant"]})
    assert benefit(dropped.amend({"benefits": {"meals.fruit": NEW}})) is None
    assert benefit(dropped.amend({"drop": ["visits"]})) is None
    again = dropped.amend({"benefits": {"meals.grant": {"kind": "cash"}}})
    assert amount(again) == "80.00"


def test_a_mapping_its_text_and_its_file_are_one(pack: Pack, tmp_path: Path) -> None:
    text = "id: more\nparameters:\n  meal_grant: {scale: 2}\n"
    path = tmp_path / "reform.yaml"
    path.write_text(text, encoding="utf-8")
    packs = [
        pack.amend(one) for one in ({"id": "more", **meal_grant(scale=2)}, text, path, str(path))
    ]
    assert {amount(one) for one in packs} == {"160.00"}
    assert len({one.digest for one in packs[1:]}) == 1
    assert pack.amend(text.replace("2}", "3}")).digest != packs[1].digest


def test_one_object_may_stand_in_a_mapping_twice(pack: Pack) -> None:
    days = {"from": date(2018, 3, 1)}
    change = {
        "value": {"south": Decimal("90"), "north": Decimal("90.50")},
        "unit": "CNY/month",
        **days,
    }
    after = pack.amend(
        {
            "parameters": {"meal_grant": change, "home_grant": [{"scale": 2, **days}]},
            "benefits": {"meals.fruit": {**NEW, **days}},
        }
    )
    assert [amount(after, household(place)) for place in ("south", "north")] == ["90.00", "90.50"]


def test_overlays_and_amendments_go_together(tmp_path: Path) -> None:
    folder, overlay = write(tmp_path / "small"), tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: {id: bureau, version: '3', name: {zh: 我局, en: our bureau}, for:"
        " small}\nparameters:\n  meal_grant:\n    unit: CNY/month\n    values: [{from: 2019-01-01,"
        " value: {south: 90}, cite: [circular]}]\n",
        encoding="utf-8",
    )
    after = load_pack(folder, overlays=[overlay]).amend(meal_grant(scale=2))
    assert amount(after, on=date(2019, 1, 1)) == "180.00"
    assert [(one.id, one.version) for one in after.assess(household(), ON).receipt.overlays] == [
        ("bureau", "3"),
        ("amendment_1", "proposal"),
    ]


def test_replay_needs_the_same_amendments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, reform, file, record = (
        tmp_path / name for name in ("small", "reform.yaml", "family.json", "record.json")
    )
    write(folder)
    reform.write_text("parameters: {meal_grant: {scale: 2}}\n", encoding="utf-8")
    file.write_text(json.dumps(household()), encoding="utf-8")
    with_pack = ["--pack", str(folder)]
    assert (
        main(
            [
                "assess",
                str(file),
                "--on",
                "2018-06-01",
                "--format",
                "json",
                "--amend",
                str(reform),
                *with_pack,
            ]
        )
        == 0
    )
    record.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["replay", str(record), str(file), "--amend", str(reform), *with_pack]) == 0
    capsys.readouterr()
    assert main(["replay", str(record), str(file), "--format", "json", *with_pack]) == 1
    assert {"receipt.overlays", "receipt.pack_digest"} <= set(
        json.loads(capsys.readouterr().out)["differences"]
    )


# mistakes


@pytest.mark.parametrize(
    ("amendment", "code", "message", "nearest"),
    [
        ({"parametres": {}}, "JM003", "unknown key `parametres` in the amendment", "parameters"),
        ({"id": "circular"}, "JM040", "duplicate source or overlay `circular`", None),
        ({"name": {"zh": "试"}}, "JM013", "`name` has no `en` text", None),
        (
            {"parameters": {"meal_grnt": {"scale": 2}}},
            "JM025",
            "unknown parameter `meal_grnt`",
            "meal_grant",
        ),
        (meal_grant(), "JM004", "no change is given for `meal_grant`", None),
        (
            meal_grant(scale=2, shift=3, unit="CNY/month"),
            "JM116",
            "`scale` and `shift` are both given",
            None,
        ),
        (meal_grant(value=90), "JM004", "missing key `unit`", None),
        (
            meal_grant(shift=5, unit="CNY/year"),
            "JM029",
            "the pack keeps `meal_grant` in CNY/month, not in CNY/year",
            None,
        ),
        (meal_grant(scale={"sout": 2}), "JM051", "unknown table key `sout`", "south"),
        (meal_grant(scale=None), "JM008", "`scale` is not a plain number", None),
        (meal_grant(scale={"at_least": 1}), "JM008", "`scale` is not a plain number", None),
        (meal_grant(scale=1.1 * 1.1), "JM008", "`1.2100000000000002` is not a plain number", None),
        (
            meal_grant(shift="0.001", unit="CNY/month"),
            "JM064",
            "the pack keeps `meal_grant` with 2 decimal places",
            None,
        ),
        (
            meal_grant(shift=-81, unit="CNY/month"),
            "JM064",
            "`meal_grant` would fall below zero, or grow beyond 12 digits",
            None,
        ),
        (
            meal_grant(scale=100_000_000_000),
            "JM064",
            "`meal_grant` would fall below zero, or grow beyond 12 digits",
            None,
        ),
        (meal_grant(value=None, unit="CNY/month"), "JM049", "the null has no reason", None),
        (meal_grant(scale=2, cite=["circular"]), "JM115", "an amendment cites no source", None),
        (
            meal_grant(scale=2, **{"from": "2020-01-01"}),
            "JM048",
            "the value is outside the validity of the pack",
            None,
        ),
        (
            {"parameters": {"meal_grant": [{"scale": 2}, {"scale": 3}]}},
            "JM047",
            "two values of `meal_grant` apply on 2018-01-01",
            None,
        ),
        (meal_grant(scale={"south": 2}, **{"from": "2019-01-01"}), "JM117", NOT_PUBLISHED, None),
        (meal_grant(scale={}), "JM117", NOT_PUBLISHED, None),
        (
            {"statuses": {"senor": {"when": "age >= 55"}}},
            "JM025",
            "unknown status `senor`",
            "senior",
        ),
        ({"statuses": {"senior": {}}}, "JM004", "missing key `when`", None),
        (
            {"statuses": {"senior": {"when": {"any": ["senior", "age > 9"]}}}},
            "JM041",
            "circular definition: senior → senior",
            None,
        ),
        (
            {"statuses": {"senior": {"when": "age >= 55 CNY"}}},
            "JM029",
            "cannot combine year and CNY",
            None,
        ),
        ({"items": {"meal": {"when": "senior"}}}, "JM055", "unknown item `meal`", "meals"),
        ({"items": {"meals": {}}}, "JM004", "missing key `when`", None),
        (
            {"benefits": {"meals.grnt": {"kind": "cash"}}},
            "JM055",
            "unknown benefit `meals.grnt`",
            "meals.grant",
        ),
        (
            {"benefits": {"meals": {"kind": "cash"}}},
            "JM055",
            "unknown benefit `meals`",
            "meals.grant",
        ),
        ({"benefits": {"meals.Grant": NEW}}, "JM014", "`Grant` is not a name", None),
        (
            {"benefits": {"meals.fruit": {**NEW, "kind": "cash", "pays": {"amount": "max(5, 6)"}}}},
            "JM029",
            None,
            None,
        ),
        ({"benefits": {"meals.grant": {"name": None}}}, "JM004", "missing key `name`", None),
        (
            {"benefits": {"meals.grant": {"when": "livs_alone"}}},
            "JM025",
            "unknown name `livs_alone`",
            "lives_alone",
        ),
        (
            {"benefits": {"meals.grant": {"from": "2021-01-01"}}},
            "JM048",
            "the benefit `grant` is outside the validity of the pack",
            None,
        ),
        (
            {
                "benefits": {
                    "meals.grant": {"when": {"all": [{"if": "lives_alone", "until": "2018-05-01"}]}}
                }
            },
            "JM052",
            None,
            None,
        ),
        ({"drop": ["meals.grnt"]}, "JM055", "unknown benefit `meals.grnt`", "meals.grant"),
        (
            {"drop": ["visits"], "benefits": {"visits.home": {"kind": "loan"}}},
            "JM116",
            "`visits.home` is both changed and dropped",
            None,
        ),
        ({"drop": {"visits"}}, "JM005", "the amendment holds `set`", None),
        ({"drop": [object()]}, "JM005", "the amendment holds `object`", None),
        ("", "JM005", "the file is empty", None),
        ("[1]", "JM005", "the amendment is a list", None),
        ("absent.yaml", "JM017", "the file cannot be read: no such file or directory", None),
        ("drop: &a [*a]", "JM009", "packs cannot use anchors or aliases", None),
    ],
)
def test_mistakes_are_reported_with_their_place(
    pack: Pack,
    amendment: Mapping[str, object] | str,
    code: str,
    message: str | None,
    nearest: str | None,
) -> None:
    (found,) = problems(pack, amendment)
    assert (found.code, found.suggestion) == (code, nearest)
    assert message in (None, found.message)
    assert found.path == "amendment" or (
        found.span is not None and found.span.file in ("amendment", "absent.yaml")
    )


def test_a_mapping_that_holds_itself_is_refused(pack: Pack) -> None:
    circle: dict[str, object] = {}
    circle["parameters"] = circle
    assert [(one.code, one.message) for one in problems(pack, circle)] == [
        ("JM011", "the amendment is nested too deep, or contains itself")
    ]


def test_all_mistakes_come_at_once_in_the_order_of_their_places(pack: Pack) -> None:
    found = problems(
        pack,
        {
            "parameters": {
                "meal_grnt": {"scale": 2},
                "home_grant": {"shift": -500, "unit": "CNY/year"},
            },
            "statuses": {"senior": {"when": "agee >= 55"}},
            "items": {"meals": {"when": {"all": ["senior"], "cite": ["circular"]}}},
            "benefits": {"visits.home": {"kind": "services"}, "visits.hme": {}},
            "drop": ["meals.grant", "mels"],
        },
    )
    assert [one.code for one in found] == [
        "JM025",
        "JM064",
        "JM025",
        "JM115",
        "JM016",
        "JM055",
        "JM055",
    ]
    places = [one.span.line for one in found if one.span is not None]
    assert places == sorted(places)
    assert len(places) == len(found)


def test_warnings_of_an_amended_pack_are_its_own(pack: Pack) -> None:
    after = pack.amend(
        {
            "benefits": {
                "meals.grant": {"grants": ["disabled"]},
                "visits.home": {"when": {"none": ["disabled"]}},
            }
        }
    )
    assert after.warnings == ()
    assert after.content.items["visits"].benefits[0].when is not None
    lonely = small_pack({"conflicts.yaml": "conflicts: {}\n"})
    assert [one.code for one in lonely.warnings] == ["JM056"]
    assert lonely.amend({}).warnings == lonely.warnings


# Jingmen


def test_the_urban_dibao_line_of_jingmen_raised_by_a_tenth() -> None:
    pack = shipped()
    after = pack.amend({"parameters": {"dibao_urban": {"scale": "1.1"}}})
    on = date(2018, 10, 15)
    old, new = (
        one.content.parameters["dibao_urban"].on(on).cells[("dongbao",)] for one in (pack, after)
    )
    assert (old, new) == ((62000, 62000), (68200, 68200))
    # The first example beside the rule: one person without income. Those between the old and the
    # new line, and only those, come in.
    example = next(
        one for one in read_examples(pack, Collector()) if one.item == "minimum_living_guarantee"
    )
    person = example.household["members"][0]  # type: ignore[index]
    for income, expected in (
        ("619.99", ["eligible", "eligible"]),
        ("620", ["ineligible", "eligible"]),
        ("681.99", ["ineligible", "eligible"]),
        ("682", ["ineligible", "ineligible"]),
    ):
        raw = {**example.household, "members": [{**person, "wage_income": Decimal(income)}]}
        found = [
            one.assess(raw, on).result("minimum_living_guarantee").decision for one in (pack, after)
        ]
        assert found == expected, income


def test_the_age_of_the_high_age_allowance_of_jingmen_lowered_to_75() -> None:
    pack = shipped()
    reference, on = "elderly_welfare_subsidy.high_age_allowance", date(2018, 10, 15)
    after = pack.amend({"benefits": {reference: {"when": "age >= 75"}}})
    for age, before_and_after in ((80, ["eligible", "eligible"]), (75, ["ineligible", "eligible"])):
        for late, expected in (
            (timedelta(0), before_and_after),
            (
                timedelta(1),
                [before_and_after[0], "ineligible"] if age == 75 else ["ineligible", "eligible"],
            ),
        ):
            born = date(on.year - age, on.month, on.day) + late
            raw = {
                "household": {"hukou_county": "dongbao"},
                "members": [
                    {"id": "elder", "birth_date": born.isoformat(), "hukou_with_household": True}
                ],
            }
            found = [
                one.assess(raw, on).result("elderly_welfare_subsidy", "elder").benefits[0]
                for one in (pack, after)
            ]
            assert [one.decision for one in found] == expected
