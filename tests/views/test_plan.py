"""The plan: nothing before what it waits for, no counter twice without need, everything that is
open once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given

from jmentitle import Assessment, Pack
from jmentitle.assessment.models import Label, Plan
from jmentitle.cli.main import main
from jmentitle.pack import loader
from jmentitle.pack.files import PackFile
from jmentitle.render.plan import WORDS, plan_text
from jmentitle.views.plan import plan_of
from tests.support.cases import cases
from tests.support.families import FAMILIES, assessed, path_of
from tests.support.random_packs import DICE, TEXT, RandomPack, random_day, random_household
from tests.support.small_pack import FILES, ON, small_pack

GOLDEN = "dibao_family_with_disabled_father"


def check(assessment: Assessment) -> Plan:
    plan = plan_of(assessment)
    applied = [
        (one.item, subject)
        for visit in plan.visits
        for one in visit.applications
        for subject in one.subjects
    ]
    open_ = {
        (result.item, result.subject)
        for result in assessment.results
        if result.decision in ("eligible", "discretionary")
        and not result.received
        and not result.universal
    }
    assert len(applied) == len(set(applied))
    assert set(applied) == open_
    first = {}
    for visit in plan.visits:
        for one in visit.applications:
            first.setdefault(one.item, visit.number)
    been: set[tuple[str, str] | None] = set()
    for number, visit in enumerate(plan.visits, start=1):
        assert visit.number == number
        waiting = [item for one in visit.applications for item in one.waits_for if item in first]
        assert all(first[item] < number for item in waiting)
        counter = None if visit.office is None else (visit.office.id, visit.office.name.zh)
        if counter is not None and counter in been:
            assert all(
                any(item in first for item in one.waits_for) for one in visit.applications
            ), "sent twice without need"
        been.add(counter)
        for one in visit.applications:
            assert all(document in visit.documents for document in one.documents)
            for subject in one.subjects:
                offices = assessment.result(one.item, subject).offices
                assert visit.office is None or visit.office.name in [
                    office.name for office in offices if office.role == "apply"
                ]
        assert len(visit.documents) == len({document.zh for document in visit.documents})
    chosen = [
        (choice.id, [(option.item, option.benefit, option.subject) for option in choice.options])
        for visit in plan.visits
        for choice in visit.choices
    ]
    assert len(chosen) == len({str(one) for one in chosen})
    for conflict in assessment.conflicts:
        touched = any((option.item, option.subject) in open_ for option in conflict.options)
        assert touched == any(conflict in visit.choices for visit in plan.visits)
    return plan


def with_counters(dice: Random, made: RandomPack) -> Pack:
    """A random pack in which items are applied for at one of three duties, each at one or two of
    three offices."""
    duties = ("desk", "bench", "gate")
    files = []
    for file in made.pack().files:
        text = file.text
        if file.path.startswith("items/"):
            text = text.replace("apply: {at: desk", f"apply: {{at: {dice.choice(duties)}")
        elif file.path == "offices.yaml":
            named = ", ".join(f"{duty}: {TEXT}" for duty in duties)
            text = f"duties: {{{named}}}\noffices:\n"
            for place, office in enumerate(("north", "south", "east")):
                served = {duties[place], dice.choice(duties)}
                listed = ", ".join(f"{{duty: {duty}}}" for duty in sorted(served))
                text += (
                    f"  {office}: {{name: {{zh: {office}, en: {office}}}, level: city, duties:"
                    f" [{listed}], phone: null, address: null, "
                )
                text += f"reason: {TEXT}, cite: [paper]}}\n"
        files.append(PackFile(file.path, text))
    return Pack(loader.load(tuple(files)), tuple(files))


@pytest.mark.no_cover
@cases(50)
@given(dice=DICE)
def test_plans_of_random_households_are_good(dice: Random) -> None:
    pack = with_counters(dice, RandomPack(dice, items=8))
    for rate in (0.0, 0.2):
        on = random_day(dice)
        check(pack.assess(random_household(dice, pack, rate), on))


@pytest.mark.parametrize("name", FAMILIES)
def test_plans_of_the_families_are_good(name: str) -> None:
    plan = check(assessed(name))
    assert Plan.model_validate_json(plan.model_dump_json()) == plan
    for language in ("zh", "en"):
        text = plan_text(plan, language, Label(zh="包", en="pack"))
        assert "None" not in text
        assert "{" not in text


# by hand, on the small pack: meals opens what visits is for, and the two conflict


def chained(**offices: str) -> Pack:
    visits = FILES["items/care/visits.yaml"].replace(
        "any: [stroke in illnesses, disabled, rooms > 8]\n      none: [meals_recipient]",
        "all: [meals_recipient]",
    )
    help_ = (
        FILES["items/care/visits.yaml"]
        .replace("id: visits", "id: help")
        .replace("number: 2", "number: 3")
    )
    texts: dict[str, str | None] = {"items/care/visits.yaml": visits, "items/care/help.yaml": help_}
    if offices:
        duties, counters = "duties:\n", "offices:\n"
        for duty in offices:
            duties += f"  {duty}: {{zh: 受理, en: desk}}\n"
        for counter in sorted({name for names in offices.values() for name in names.split()}):
            served = ", ".join(
                f"{{duty: {duty}}}" for duty, names in offices.items() if counter in names.split()
            )
            counters += (
                f"  {counter}: {{name: {{zh: {counter}, en: {counter}}}, level: city, duties:"
                f" [{served}], phone: null, address: null, "
            )
            counters += "reason: {zh: 未公布, en: not published}, cite: [circular]}\n"
        texts["offices.yaml"] = duties + counters
        for item, duty in zip(("meals", "visits", "help"), offices, strict=True):
            path = f"items/care/{item}.yaml"
            texts[path] = (texts.get(path) or FILES[path]).replace(
                "apply: {at: desk", f"apply: {{at: {duty}"
            )
    return small_pack(texts)


WOMAN = {
    "household": {"district": "north", "income": 1000, "receives": []},
    "members": [
        {
            "birth_date": "1950-01-01",
            "lives_alone": True,
            "receives": [],
            "illnesses": [],
            "disabled": True,
            "rooms": 2,
        }
    ],
}


def route(pack: Pack, household: object = WOMAN) -> list[tuple[str, list[str]]]:
    plan = check(pack.assess(household, ON))
    return [
        (visit.office.id if visit.office else "", [one.item for one in visit.applications])
        for visit in plan.visits
    ]


def test_one_counter_is_visited_again_only_for_what_had_to_wait() -> None:
    assert route(chained()) == [("counter", ["meals", "help"]), ("counter", ["visits"])]


def test_what_opens_others_comes_first() -> None:
    assert route(chained(a="zulu", b="alpha", c="alpha")) == [
        ("zulu", ["meals"]),
        ("alpha", ["help"]),
        ("alpha", ["visits"]),
    ]


def test_of_several_offices_that_will_do_the_one_that_saves_a_way_is_chosen() -> None:
    assert route(chained(a="near far", b="far", c="far")) == [
        ("far", ["meals", "help"]),
        ("far", ["visits"]),
    ]


def test_what_is_received_is_left_out() -> None:
    members = [{**WOMAN["members"][0], "receives": ["meals"]}]  # type: ignore[dict-item]
    assert route(chained(), {**WOMAN, "members": members}) == [("counter", ["visits"])]


def test_a_choice_stands_where_it_is_made_and_says_what_each_is_worth() -> None:
    first, second = plan_of(chained().assess(WOMAN, ON)).visits
    assert [choice.id for choice in first.choices] == ["meals_or_visits"]
    assert second.choices == []
    text = plan_text(plan_of(chained().assess(WOMAN, ON)), "en", Label(zh="小试", en="Small"))
    assert "Choose here: one of the two" in text
    assert "meal grant: 1,200 CNY a year" in text


def test_nothing_to_apply_for() -> None:
    plan = check(
        small_pack().assess(
            {"members": [{"birth_date": "1990-01-01", "receives": []}]}, date(2018, 6, 1)
        )
    )
    assert plan.visits == []
    assert "nothing to apply for" in plan_text(plan, "en", Label(zh="小试", en="Small"))


def test_words_are_complete() -> None:
    assert all(text.zh and text.en for text in WORDS.values())


def test_the_command_prints_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(path_of(GOLDEN)), "--lang", "en"]) == 0
    assert "Visits you can make now" in capsys.readouterr().out
    assert main(["plan", str(path_of(GOLDEN)), "--format", "json"]) == 0
    assert Plan.model_validate_json(capsys.readouterr().out).visits


def golden(pack: Pack) -> str:
    plan = plan_of(assessed(GOLDEN))
    return "".join(
        plan_text(plan, language, Label(zh=pack.content.name.zh, en=pack.content.name.en))
        for language in ("zh", "en")
    )


def path_of_golden() -> Path:
    return Path(__file__).parent / "golden/plan_dibao_family.txt"


def test_the_plan_reads_as_reviewed(pack: Pack) -> None:
    """`make goldens` rewrites the expected text; look at the difference."""
    assert golden(pack) == path_of_golden().read_text(encoding="utf-8")


def test_an_application_does_not_wait_for_itself() -> None:
    """A benefit of an item may open after another of the same item: one visit, not two."""
    test_plans_of_random_households_are_good.hypothesis.inner_test(Random(1432))  # type: ignore[attr-defined]
