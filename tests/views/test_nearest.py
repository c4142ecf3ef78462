"""Nearest changes: every suggestion, applied to the household file, opens what it says in every
engine, and no part of it does."""

from __future__ import annotations

import copy
from datetime import date
from itertools import combinations, product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given

from jmentitle import Pack, load_pack
from jmentitle.chain.outcome import NEVER
from jmentitle.cli.main import main
from jmentitle.errors import InputError
from jmentitle.render.counterfactual import WORDS, counterfactuals_text
from jmentitle.views import questions
from jmentitle.views.counterfactual.models import (
    Change,
    Counterfactual,
    Counterfactuals,
    Suggestion,
)
from tests.support.cases import cases
from tests.support.engines import engines
from tests.support.families import FAMILIES, family, path_of
from tests.support.random_packs import DICE, RandomPack, random_day, random_household
from tests.support.small_pack import ON, replaced, small_pack

Raw = dict[str, object]


def applied(
    raw: object, on: date, changes: list[Change], picks: tuple[object, ...]
) -> tuple[Raw, date]:
    """The household file with the changes written at their paths."""
    made: Raw = copy.deepcopy(raw)  # type: ignore[assignment]
    for change, value in zip(changes, picks, strict=True):
        if change.path == "on":
            on = date.fromisoformat(str(value))
            continue
        place, _, name = change.path.partition(".")
        row = (
            made.setdefault("household", {})
            if place == "household"
            else made["members"][int(place[8:-1])]
        )  # type: ignore[index]
        row[name] = value  # type: ignore[index]
    made.pop("on", None)
    return made, on


def is_open(
    pack: Pack,
    raw: Raw,
    on: date,
    one: Counterfactual,
    engine_name: str = "native",
    *,
    certainly: bool = False,
) -> bool:
    """Whether the benefit asked for, or one of the item, is not closed; `certainly`, that it is not
    undetermined either."""
    profile = pack.read(raw, on)
    outcome = pack.decide(profile, on, engine_name=engine_name)
    member = None if one.subject == "household" else profile.facts.ids.index(one.subject)
    layers = outcome.layers_of(member).certain if certainly else outcome.layers_of(member).possible
    wanted = {
        benefit.reference
        for benefit in pack.item(one.item).benefits
        if one.benefit in (None, benefit.name)
    }
    return any(
        layer != NEVER
        for reference, layer in zip(outcome.benefits(member), layers, strict=True)
        if reference in wanted
    )


def prove(pack: Pack, raw: object, found: Counterfactuals, names: list[str]) -> int:
    """Check every suggestion with every choice of its options; gives how many there were."""
    count = 0
    for one in found.found:
        for suggestion in one.suggestions:
            count += 1
            assert one.decision == "ineligible"
            assert (
                len({change.path for change in suggestion.changes}) == len(suggestion.changes) <= 4
            )
            for picks in product(*(change.to for change in suggestion.changes)):
                made, on = applied(raw, found.on, suggestion.changes, picks)
                for name in names:
                    assert is_open(pack, made, on, one, name), suggestion
                for size in range(len(picks)):
                    for places in combinations(range(len(picks)), size):
                        part, day = applied(
                            raw,
                            found.on,
                            [suggestion.changes[place] for place in places],
                            tuple(picks[place] for place in places),
                        )
                        assert not is_open(pack, part, day, one), suggestion
    return count


@cases(40)
@given(dice=DICE)
def test_every_suggestion_opens_and_no_part_of_it_does(dice: Random) -> None:
    pack = RandomPack(dice).pack()
    on = random_day(dice)
    raw = random_household(dice, pack, dice.choice([0.0, 0.1, 0.4]))
    item = dice.choice(list(pack.content.items.values()))
    benefit = dice.choice([None, item.benefits[0].name])
    prove(
        pack,
        raw,
        pack.counterfactuals(raw, item.id, on, benefit=benefit),
        [*engines(), "specification"],
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(40))
def test_what_one_truth_or_choice_opens_is_found(seed: int) -> None:
    """Brute force over single facts: where one flips the decision, there is a suggestion with a
    single change."""
    dice = Random(seed)
    pack = RandomPack(dice).pack()
    on = random_day(dice)
    raw = random_household(dice, pack, 0.0)
    raw["household"].pop("members_complete", None)  # type: ignore[attr-defined]
    for item in pack.content.items.values():
        for one in pack.counterfactuals(raw, item.id, on).found:
            if one.decision == "ineligible" and all(
                len(suggestion.changes) > 1 for suggestion in one.suggestions
            ):
                for made in singles(raw):
                    # To come to a line that nobody published is no way to be entitled.
                    assert not is_open(pack, made, on, one, certainly=True), item.id


def singles(raw: Raw) -> list[Raw]:
    """The household with one truth turned, or one choice made otherwise."""
    found = []
    rows = [("household", None), *(("members", place) for place in range(len(raw["members"])))]  # type: ignore[arg-type]
    for group, place in rows:
        row = raw[group] if place is None else raw[group][place]  # type: ignore[index]
        for name, value in row.items():  # type: ignore[attr-defined]
            others: list[object] = (
                [not value]
                if isinstance(value, bool)
                else ["red", "green", "blue"]
                if isinstance(value, str) and "day" not in name
                else []
            )
            for other in others:
                made = copy.deepcopy(raw)
                (made[group] if place is None else made[group][place])[name] = other  # type: ignore[index]
                found.append(made)
    return found


@pytest.mark.no_cover
@pytest.mark.parametrize("name", FAMILIES)
def test_suggestions_for_the_families_are_proved(pack: Pack, name: str) -> None:
    raw, dice = family(name), Random(name)
    for id_ in dice.sample(list(pack.content.items), 1):
        prove(pack, raw, pack.counterfactuals(raw, id_), ["native"])


def test_a_pack_that_was_asked_before_gives_the_same(pack: Pack) -> None:
    """What is kept between questions, generated code above all, changes no answer."""
    names, items = (
        ("family_above_every_line", "veteran_with_left_behind_grandchildren"),
        ("disabled_housing", "senior_high_tuition_waiver"),
    )
    fresh = {
        (name, item): load_pack().counterfactuals(family(name), item)
        for name in names
        for item in items
    }
    for _ in range(5):
        assert {
            (name, item): pack.counterfactuals(family(name), item)
            for name in names
            for item in items
        } == fresh


def test_only_so_many_cones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_CONES", 1)
    pack = small_pack()
    for item in ("meals", "visits", "meals"):
        pack.counterfactuals(old_woman(), item, ON)
        assert list(questions.cones(pack)) == [(item, None)]


# what is said, on the small pack


def old_woman(**facts: object) -> Raw:
    person = {
        "birth_date": "1950-01-01",
        "lives_alone": True,
        "receives": [],
        "illnesses": [],
        "disabled": False,
        "rooms": 2,
        **facts,
    }
    return {"household": {"district": "north", "income": 1000, "receives": []}, "members": [person]}


def only(pack: Pack, raw: Raw, item: str, on: date = ON, **more: str) -> list[Suggestion]:
    (one,) = pack.counterfactuals(raw, item, on, **more).found  # type: ignore[arg-type]
    return one.suggestions


def test_waiting_gives_the_day_and_what_time_brings() -> None:
    (suggestion,) = only(small_pack(), old_woman(birth_date="1958-10-02"), "meals")
    (change,) = suggestion.changes
    assert (suggestion.how, change.kind, change.to) == ("time", "wait", ["2018-10-02"])
    assert change.to_text.en == "2018-10-02 (in 4 months)"
    assert [reason.en for reason in change.because] == ["turns 60"]


def test_what_time_brings_after_the_rules_end_is_not_dated() -> None:
    pack = small_pack()
    raw = old_woman(birth_date="1980-10-02")
    (suggestion,) = only(pack, raw, "meals")
    assert (suggestion.how, suggestion.changes[0].kind) == ("time", "fact")
    assert suggestion.changes[0].to == ["1958-06-01"]
    assert suggestion.changes[0].gap is not None
    assert suggestion.changes[0].gap.difference == -23
    assert "not within the time these rules cover" in counterfactuals_text(
        pack.counterfactuals(raw, "meals", ON), "en"
    )


def test_a_number_is_put_just_inside_the_line() -> None:
    raw = old_woman()
    raw["household"]["income"] = 3120  # type: ignore[index]
    (suggestion,) = only(small_pack(), raw, "meals")
    (change,) = suggestion.changes
    assert change.path == "household.income"
    assert [str(value) for value in change.to] == ["3000.00"]
    assert change.gap is not None
    assert str(change.gap.difference) == "120.00"


def test_what_the_pack_says_of_a_fact_decides_who_can_change_it() -> None:
    raw = old_woman(lives_alone=False)
    assert only(small_pack(), raw, "meals")[0].how == "family"
    for how in ("time", "family", "office", "never"):
        line = "lives_alone: {type: bool, "
        pack = small_pack(replaced("vocabulary/facts.yaml", line, f"{line}changes: {how}, "))
        assert only(pack, raw, "meals")[0].how == how


def test_an_unknown_word_for_what_changes_a_fact_is_an_error() -> None:
    with pytest.raises(Exception, match="JM016"):
        small_pack(
            replaced(
                "vocabulary/facts.yaml",
                "lives_alone: {type: bool, ",
                "lives_alone: {type: bool, changes: familly, ",
            )
        )


def test_every_way_is_given_the_possible_first() -> None:
    suggestions = only(small_pack(), old_woman(lives_alone=False), "visits")
    assert [[change.path.partition(".")[2] for change in one.changes] for one in suggestions] == [
        ["illnesses"],
        ["disabled"],
        ["rooms"],
    ]
    assert suggestions[1].changes[0].kind == "certificate"
    assert [paper.en for paper in suggestions[1].changes[0].evidence] == ["disability card"]
    assert suggestions[0].changes[0].to == [["stroke"]]


def test_two_changes_that_only_help_together_stand_together() -> None:
    raw = old_woman(birth_date="1958-10-02", lives_alone=False)
    (suggestion,) = only(small_pack(), raw, "meals")
    assert [change.path for change in suggestion.changes] == ["on", "members[0].lives_alone"]
    assert suggestion.on == date(2018, 10, 2)


def test_what_is_received_can_be_given_up() -> None:
    suggestions = only(
        small_pack(), old_woman(receives=["meals"], disabled=True, lives_alone=False), "visits"
    )
    assert [(change.kind, change.to) for change in suggestions[0].changes] == [("received", [[]])]


def test_what_is_open_or_unknown_has_no_suggestions() -> None:
    pack = small_pack()
    assert only(pack, old_woman(), "meals") == []
    (one,) = pack.counterfactuals({"members": [{"birth_date": "1950-01-01"}]}, "meals", ON).found
    assert (one.decision, one.suggestions) == ("undetermined", [])
    assert {fact.name for fact in one.ask} == {"lives_alone", "income"}


def test_what_would_have_to_be_asked_then_is_said() -> None:
    raw = {"household": {"receives": []}, "members": [{"birth_date": "1958-10-02", "receives": []}]}
    (suggestion,) = only(small_pack(), raw, "meals")
    assert [one.decision for one in suggestion.opens] == ["undetermined"]
    assert suggestion.missing == ["members[0].lives_alone", "household.income"]


def test_a_benefit_that_begins_later_is_waited_for() -> None:
    pack = small_pack(
        replaced(
            "items/care/meals.yaml", "    kind: cash\n", "    kind: cash\n    from: 2019-03-01\n"
        )
    )
    (suggestion,) = only(pack, old_woman(), "meals")
    assert suggestion.on == date(2019, 3, 1)
    assert [
        [change.path for change in one.changes]
        for one in only(pack, old_woman(lives_alone=False), "meals")
    ] == [["on", "members[0].lives_alone"]]


def test_unknown_names_are_errors() -> None:
    pack = small_pack()
    for arguments, code in (
        ({"item": "meal"}, "JM093"),
        ({"item": "meals", "benefit": "x"}, "JM094"),
        ({"item": "meals", "member": "x"}, "JM094"),
    ):
        with pytest.raises(InputError, match=code):
            pack.counterfactuals(old_woman(), on=ON, **arguments)  # type: ignore[arg-type]


def test_words_are_complete() -> None:
    assert all(text.zh and text.en for text in WORDS.values())


def test_the_command_prints_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "what-would-open",
        "unemployment_insurance",
        str(path_of("dibao_family_with_disabled_father")),
        "--member",
        "mother",
    ]
    assert main([*arguments, "--lang", "en"]) == 0
    assert "employment status: must be" in capsys.readouterr().out
    assert main([*arguments, "--format", "json"]) == 0
    assert Counterfactuals.model_validate_json(capsys.readouterr().out).of("mother").suggestions
    assert (
        main(["what-would-open", "unemployment", str(path_of("dibao_family_with_disabled_father"))])
        == 2
    )
    assert "JM093" in capsys.readouterr().err


# golden texts of the shipped pack

GOLDEN = (
    ("dibao_family_with_disabled_father", "disabled_living_and_care_subsidies", "mother"),
    ("dibao_family_with_disabled_father", "unemployment_insurance", "mother"),
    ("family_above_every_line", "minimum_living_guarantee", None),
    ("family_above_every_line", "resident_pension", "husband"),
    ("veteran_with_left_behind_grandchildren", "rural_left_behind_children", None),
)


def golden(pack: Pack) -> str:
    parts = []
    for name, item, member in GOLDEN:
        found = pack.counterfactuals(family(name), item, member=member)
        parts += [
            f"# {name}\n",
            counterfactuals_text(found, "zh"),
            counterfactuals_text(found, "en"),
        ]
    return "".join(parts)


def path_of_golden() -> Path:
    return Path(__file__).parent / "golden/counterfactuals.txt"


def test_the_texts_read_as_reviewed(pack: Pack) -> None:
    """`make goldens` rewrites the expected text; look at the difference."""
    assert golden(pack) == path_of_golden().read_text(encoding="utf-8")


def test_former_names_still_answer_and_say_the_new_one(
    pack: Pack, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(path_of("dibao_family_with_disabled_father"))
    arguments = ["unemployment_insurance", file, "--on", "2018-10-15", "--lang", "en"]
    assert main(["what-would-open", *arguments]) == 0
    now = capsys.readouterr()
    assert main(["nearest", *arguments]) == 0
    then = capsys.readouterr()
    assert (then.out, then.err) == (now.out, now.err + "`nearest` is now `what-would-open`\n")
    with pytest.warns(DeprecationWarning, match="`nearest_changes` of Pack is now"):
        pack.nearest_changes({"members": [{}]}, "unemployment_insurance", ON)  # type: ignore[attr-defined]
    with pytest.warns(DeprecationWarning, match="`on` of Pack is now `ruleset`"):
        assert pack.on(ON) is pack.ruleset(ON)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = pack.off  # type: ignore[attr-defined]
