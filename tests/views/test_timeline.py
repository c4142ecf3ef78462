"""The timeline equals stepping through every day, says why, and stays within what the pack
knows."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given

from jmentitle import InputError, Pack
from jmentitle.assessment.models import Label
from jmentitle.cli.main import main
from jmentitle.render.change_words import WORDS
from jmentitle.render.timeline import timeline_text
from jmentitle.views.timeline.build import CLOSED, Day, TimelineBuilder
from jmentitle.views.timeline.models import Change, Timeline
from tests.support.cases import cases
from tests.support.families import FAMILIES, family
from tests.support.random_packs import DICE, FIRST_DAY, LAST_DAY, TEXT, RandomPack, random_household
from tests.support.small_pack import FILES, replaced, small_pack, write

HORIZON = 400
THRESHOLDS = {"year": 8, "month": 96, "day": 500}


class TimedPack(RandomPack):
    """A random pack in which time matters: elapsed time with thresholds that are reached, amounts
    and schedules that run with it."""

    def elapsed(self, entity: str) -> tuple[str, str]:
        dice, unit = self.dice, self.dice.choice(["year", "month", "month", "day"])
        day = dice.choice([*self.plain(entity, "days") * 2, str(self.some_day())])
        shape = dice.choice(
            ["between({day}, assessment_date)"] * 3 + ["between(assessment_date, {day})"]
        )
        return f"{unit}s_{shape.format(day=day)}", unit

    def leaf(self, entity: str, depth: int) -> str:
        dice = self.dice
        if dice.random() < 0.5:
            return super().leaf(entity, depth)
        text, unit = self.elapsed(entity)
        threshold = dice.choice([1, 1, -1]) * dice.randint(0, THRESHOLDS[unit])
        other = f"{abs(threshold)} {unit}"
        side = dice.choice(
            [
                "{e}",
                "0 {u} - {e}",
                "{e} + 2 {u}",
                "-{e}",
                "max({e}, 3 {u})",
                "3 {u} - {e}",
                "if({t}, {e}, 5 {u})",
            ]
        )
        number = side.format(e=text, u=unit, t=dice.choice(self.plain(entity, "truths")))
        sign = dice.choice(["<", "<=", ">", ">=", "==", "!="])
        return f"{number} {sign} {'-' if threshold < 0 else ''}{other}"

    def condition(self, entity: str, depth: int, indent: int, within: bool = False) -> str:
        """Often one leaf: a change deep inside a large condition seldom reaches the decision."""
        if depth < 2 or self.dice.random() < 0.4:
            return super().condition(entity, depth, indent, within)
        pad = " " * indent
        return f"{pad}{self.dice.choice(['all', 'none'])}:\n{pad}  - '{self.leaf(entity, 1)}'\n"

    def item(self, number: int) -> None:
        super().item(number)
        path, text = self.items.pop()
        entity = self.entity_of_item[f"item_{number}"]
        plain = f"    kind: service\n    gives: {TEXT}"
        parts = text.split(plain)
        self.items.append(
            (path, parts[0] + "".join(plain + self.worth(entity) + part for part in parts[1:]))
        )

    def worth(self, entity: str) -> str:
        dice = self.dice
        text, unit = self.elapsed(entity)
        money = [name for name, own in self.names[entity].numbers if own == "CNY/month"]
        lines = ""
        if dice.random() < 0.5:
            leaf = f"if({self.leaf(entity, 0)}, 50 CNY, 80 CNY)"
            rising = f"3 CNY/{unit} * max({text}, 0 {unit})"
            stepped = f"if({text} > 9, 7 CNY, 9 CNY)"
            amount = dice.choice([dice.choice(money), leaf, rising, stepped])
            lines += f"\n    pays: {{amount: '{amount}'}}"
        if dice.random() < 0.3:
            lines += f"\n    schedule:\n      by: '{text}'\n      entries:\n"
            lines += f"        - {{at: {dice.randint(0, 9)}, text: {TEXT}, cite: [paper]}}\n"
            lines += (
                f"        - {{at: 10, to: {dice.randint(10, THRESHOLDS[unit] + 10)}, from:"
                f" {self.some_day()}, text: {TEXT}, cite: [paper]}}"
            )
        return lines


def timed_household(dice: Random, pack: Pack, start: date) -> dict[str, object]:
    """A random household whose dates lie shortly, some months or some years before `start`."""
    household = random_household(dice, pack, 0.15)
    for row in (household["household"], *household["members"]):  # type: ignore[misc]
        for name in ("h_day", "p_day"):
            if name in row:
                row[name] = start - timedelta(
                    days=dice.choice(
                        [dice.randint(0, 12), dice.randint(0, 300), dice.randint(0, 2600)]
                    )
                )
    return household


def stepped(
    pack: Pack, raw: object, start: date, end: date
) -> list[tuple[date, dict[tuple[str, str], object]]]:
    """Every day on which something stands differently than the day before, with how it stands:
    found by asking every day."""
    profile = pack.read(raw, start)
    names = {None: "household", **dict(enumerate(profile.facts.ids))}
    found = []
    before = Day(pack, profile, start).standings
    for ordinal in range(start.toordinal() + 1, end.toordinal() + 1):
        now = Day(pack, profile, date.fromordinal(ordinal)).standings
        keys = [key for key in {**before, **now} if before.get(key, CLOSED) != now.get(key, CLOSED)]
        if keys:
            found.append(
                (
                    date.fromordinal(ordinal),
                    {(key[0], names[key[1]]): now.get(key, CLOSED) for key in keys},
                )
            )
        before = now
    return found


def changed(timeline: Timeline) -> list[tuple[date, dict[tuple[str, str], object]]]:
    return [
        (event.on, {(f"{one.item}.{one.benefit}", one.subject): one.now for one in event.changes})
        for event in timeline.events
    ]


@pytest.mark.no_cover
@cases(10)
@given(dice=DICE)
def test_a_timeline_equals_stepping_through_every_day(dice: Random) -> None:
    pack = TimedPack(dice, items=8).pack()
    start = FIRST_DAY + timedelta(days=dice.randint(0, (LAST_DAY - FIRST_DAY).days - HORIZON))
    raw = timed_household(dice, pack, start)
    end = start + timedelta(days=HORIZON)
    timeline = pack.timeline(raw, start, end)
    assert changed(timeline) == stepped(pack, raw, start, end)
    assert all(one.because for event in timeline.events for one in event.changes)


def test_random_timelines_are_not_empty() -> None:
    """The property above would be cheap if nothing ever changed."""
    counts = []
    for seed in range(10):
        dice = Random(seed)
        pack = TimedPack(dice, items=8).pack()
        start = date(2017, 3, 31)
        counts.append(
            len(
                pack.timeline(
                    timed_household(dice, pack, start), start, start + timedelta(days=HORIZON)
                ).events
            )
        )
    assert sum(count > 0 for count in counts) >= 6
    assert sum(counts) >= 20


@pytest.mark.parametrize(
    "condition",
    [
        "months_since(birth_date) >= 40",
        "months_since(birth_date) > 40",
        "months_since(birth_date) == 40",
        "-months_since(birth_date) < -40 month",
        "0 month - months_since(birth_date) <= -40 month",
        "60 month - months_since(birth_date) > 18",
        "60 month - months_since(birth_date) == 18",
        "months_since(birth_date) - 12 month >= 30",
        "months_since(birth_date) + 2 month == 44",
        "0 month - months_between(assessment_date, birth_date) <= 40",
        "months_between(assessment_date, 2020-02-29) >= 20",
        "days_between(2018-03-01, assessment_date) > 200",
        "assessment_date > 2018-06-30",
        "assessment_date == 2018-06-30",
        "max(months_since(birth_date), 3 month) == 41",
        "if(lives_alone, months_since(birth_date), 2 month) < 41",
        "months_since(birth_date) >= if(lives_alone, 41 month, 50 month)",
        "round(months_since(birth_date) * 0.5, whole, down) >= 20",
        "count_members(months_since(birth_date) >= 45) >= 1",
        "sum_members(years_since(birth_date)) >= 3",
        "days_since(birth_date) == rooms * 260 day",
    ],
)
def test_every_way_of_asking_for_elapsed_time_is_found(condition: str) -> None:
    pack = small_pack(
        replaced("items/care/meals.yaml", "when: senior\n", f"when: {{if: '{condition}'}}\n")
    )
    member = {**OLD_WOMAN["members"][0], "birth_date": "2015-01-31", "rooms": 5}  # type: ignore[dict-item,index]
    household = {**OLD_WOMAN, "members": [member]}
    start, end = date(2018, 1, 2), date(2018, 12, 31)
    timeline = pack.timeline(household, start, end)
    assert timeline.events
    assert changed(timeline) == stepped(pack, household, start, end)
    assert all(one.because for event in timeline.events for one in event.changes)


@pytest.mark.parametrize(
    "worth",
    [
        "    pays: {amount: '3 CNY/month * months_since(birth_date)'}\n",
        "    pays: {amount: 500 CNY, cap: '9 CNY/month * months_since(birth_date)'}\n",
        "    pays: {amount: 'if(months_since(birth_date) == 40, 5 CNY, 6 CNY)'}\n",
        "    pays: {amount: 5 CNY/month, lasts: '60 month - months_since(birth_date)'}\n",
        (
            "    gives: {zh: 文, en: text}\n    volume: {amount: months_since(birth_date), unit:"
            " month}\n"
        ),
        (
            "    gives: {zh: 文, en: text}\n    schedule:\n      by: months_since(birth_date)\n    "
            "  entries:\n        - {at: 38, to: 40, text: {zh: 文, en: text}, cite: [circular]}\n  "
            "      - {at: 0, from: 2018-05-05, until: 2018-05-06, text: {zh: 文, en: text}, cite:"
            " [circular]}\n"
        ),
    ],
)
def test_every_amount_that_runs_with_time_is_found(worth: str) -> None:
    item = (
        FILES["items/care/meals.yaml"]
        .replace("    pays: {amount: meal_grant, payer: city}\n", worth)
        .replace("when: senior\n", "")
    )
    pack = small_pack({"items/care/meals.yaml": item.partition("given:")[0]})
    household = {**OLD_WOMAN, "members": [{**OLD_WOMAN["members"][0], "birth_date": "2015-01-31"}]}  # type: ignore[dict-item,index]
    start, end = date(2018, 1, 2), date(2018, 12, 31)
    timeline = pack.timeline(household, start, end)
    assert timeline.events
    assert changed(timeline) == stepped(pack, household, start, end)
    assert all(one.because for event in timeline.events for one in event.changes)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "name", ["dibao_family_with_disabled_father", "migrant_family_with_school_children"]
)
def test_a_timeline_of_the_shipped_pack_equals_coarse_stepping(pack: Pack, name: str) -> None:
    """Between two events nothing changes: on any day things stand as the last event left them, also
    by a full assessment."""
    profile = pack.read(family(name))
    assert profile.on is not None
    timeline = pack.timeline(profile, profile.on, pack.content.last_day)
    assert timeline.events
    standing = dict(Day(pack, profile, profile.on).standings)
    numbers = {name: place for place, name in enumerate(profile.facts.ids)}
    events = list(timeline.events)
    for ordinal in range(profile.on.toordinal(), timeline.end.toordinal() + 1, 173):
        day = date.fromordinal(ordinal)
        while events and events[0].on <= day:
            for one in events.pop(0).changes:
                key = (f"{one.item}.{one.benefit}", numbers.get(one.subject))
                assert standing.get(key, CLOSED) == one.before
                standing[key] = one.now
        for key, found in assessed(pack, profile, day).items():
            mine = standing.get(key, CLOSED)
            assert (mine.decision, mine.after, mine.amount, mine.due) == found, (day, key)


def assessed(
    pack: Pack, profile: object, day: date
) -> dict[tuple[str, int | None], tuple[object, ...]]:
    """How things stand by a full assessment."""
    assessment = pack.assess(profile, day)
    numbers = {
        name: place
        for place, name in enumerate(name for name in assessment.subjects if name != "household")
    }
    found: dict[tuple[str, int | None], tuple[object, ...]] = {}
    for result in assessment.results:
        for one in result.benefits:
            known = one.decision in ("eligible", "discretionary")
            due = [line.text for line in one.schedule if line.state == "due"] if known else []
            key = (f"{result.item}.{one.benefit}", numbers.get(result.subject))
            found[key] = (
                one.decision,
                one.after if known else [],
                one.amount if known else None,
                due,
            )
    return found


# what is said
# --------------------------------------------------------------------------------------------------


def only(timeline: Timeline, on: date) -> list[Change]:
    return next(event.changes for event in timeline.events if event.on == on)


OLD_WOMAN = {
    "household": {"district": "north", "income": 1000, "receives": []},
    "members": [{"birth_date": "1958-08-31", "lives_alone": True, "receives": []}],
}


def test_an_age_and_a_dated_value_are_named_with_both_sides() -> None:
    timeline = small_pack().timeline(OLD_WOMAN, date(2018, 6, 1), date(2019, 6, 1))
    turns = only(timeline, date(2018, 8, 31))
    assert (turns[0].item, turns[0].before.decision, turns[0].now.decision) == (
        "meals",
        "ineligible",
        "eligible",
    )
    assert [(reason.zh, reason.en) for reason in turns[0].because] == [("满60周岁", "turns 60")]
    (rate,) = only(timeline, date(2019, 1, 1))
    assert rate.before.amount is not None
    assert rate.now.amount is not None
    assert (rate.before.amount.low, rate.now.amount.low) == (100, 120)
    assert [reason.en for reason in rate.because] == [
        "meal grant: 100 CNY a month → 120 CNY a month (Circular, official notice)"
    ]
    assert [reason.zh for reason in rate.because] == [
        "助餐标准：每月100元 → 每月120元（《通知》，政府文件）"
    ]


def test_an_expiring_benefit_is_said_to_end() -> None:
    pack = small_pack(
        replaced(
            "items/care/meals.yaml", "    kind: cash\n", "    kind: cash\n    until: 2019-03-31\n"
        )
    )
    timeline = pack.timeline(OLD_WOMAN, date(2018, 12, 1), date(2019, 12, 31))
    (ends,) = [one for one in only(timeline, date(2019, 4, 1)) if one.item == "meals"]
    assert (ends.before.decision, ends.now.decision) == ("eligible", "ineligible")
    assert [reason.en for reason in ends.because] == [
        "“meal grant” ends (Circular, official notice)"
    ]


def test_a_dated_condition_is_named_only_when_it_matters() -> None:
    dated = (
        "when:\n  all: [senior]\n  none: [household.income > 9000 CNY/month, {if: disabled, from:"
        " 2019-05-01}, {if: senior, from: 2019-05-01}]\n"
    )
    pack = small_pack(replaced("items/care/meals.yaml", "when: senior\n", dated))
    household = {**OLD_WOMAN, "members": [{**OLD_WOMAN["members"][0], "disabled": False}]}  # type: ignore[dict-item,index]
    timeline = pack.timeline(household, date(2019, 1, 15), date(2019, 12, 31))
    assert [event.on for event in timeline.events] == [date(2019, 5, 1)]
    (reason,) = timeline.events[0].changes[0].because
    assert reason.en == "a condition is added to the rule: older person (Circular, official notice)"


def test_another_way_to_the_same_decision_is_explained() -> None:
    """Visits open after meals until these end, then after soup: eligible all the time, but by
    another application."""
    meals = FILES["items/care/meals.yaml"].partition("given:")[0]
    soup = (
        meals.replace("id: meals", "id: soup")
        .replace("number: 1", "number: 3")
        .replace("en: Meals}", "en: Soup}")
    )
    pack = small_pack(
        {
            "items/care/meals.yaml": meals.replace(
                "    kind: cash\n", "    kind: cash\n    until: 2019-03-31\n"
            ),
            "items/care/soup.yaml": soup.replace(
                "    kind: cash\n", "    kind: cash\n    from: 2019-04-01\n"
            ),
            "items/care/visits.yaml": FILES["items/care/visits.yaml"].replace(
                "      any: [stroke in illnesses, disabled, rooms > 8]\n"
                "      none: [meals_recipient]\n",
                "      any: [meals_recipient]\n",
            ),
        }
    )
    timeline = pack.timeline(OLD_WOMAN, date(2019, 1, 15), date(2019, 12, 31))
    (visits,) = [one for one in only(timeline, date(2019, 4, 1)) if one.item == "visits"]
    assert (visits.before.decision, visits.before.after, visits.now.decision, visits.now.after) == (
        "eligible",
        ["meals"],
        "eligible",
        ["soup"],
    )
    assert [reason.en for reason in visits.because] == [
        "“meal grant” ends (Circular, official notice)",
        "“meal grant” begins (Circular, official notice)",
    ]
    assert timeline.items["soup"].en == "Soup"


def test_a_horizon_beyond_the_pack_is_cut_and_said_so() -> None:
    pack = small_pack()
    assert pack.timeline(OLD_WOMAN, date(2019, 6, 1), date(2030, 1, 1)).model_dump(
        include={"start", "end", "cut"}
    ) == {
        "start": date(2019, 6, 1),
        "end": date(2019, 12, 31),
        "cut": True,
    }
    assert not pack.timeline(OLD_WOMAN, date(2019, 6, 1), date(2019, 12, 31)).cut
    for start, until in (
        (date(2017, 6, 1), date(2018, 6, 1)),
        (date(2019, 6, 1), date(2019, 5, 31)),
    ):
        with pytest.raises(InputError, match="JM079"):
            pack.timeline(OLD_WOMAN, start, until)


def test_unknown_dates_give_no_days() -> None:
    pack = small_pack()
    profile = pack.read({"members": [{}, {"birth_date": "1958-08-31"}]})
    assert TimelineBuilder(pack, profile).candidates(date(2018, 6, 1), date(2018, 12, 31)) == [
        date(2018, 8, 31)
    ]
    unknown = pack.read({"members": [{}]})
    assert TimelineBuilder(pack, unknown).candidates(date(2018, 6, 1), date(2018, 12, 31)) == []


def test_a_threshold_on_an_age_costs_one_day_and_not_one_a_year() -> None:
    pack = small_pack()
    profile = pack.read({"members": [{"birth_date": "1940-02-29"}]})
    assert TimelineBuilder(pack, profile).candidates(date(2018, 1, 2), date(2019, 12, 31)) == [
        date(2019, 1, 1)
    ]


def test_a_timeline_has_a_stable_json_form() -> None:
    timeline = small_pack().timeline(OLD_WOMAN, date(2018, 6, 1), date(2019, 6, 1))
    text = timeline.model_dump_json()
    assert Timeline.model_validate_json(text) == timeline
    assert list(json.loads(text)) == ["start", "end", "cut", "items", "subjects", "events"]


def test_every_event_of_the_example_families_has_a_reason_in_both_languages(pack: Pack) -> None:
    for name in FAMILIES[:2]:
        profile = pack.read(family(name))
        assert profile.on is not None
        for event in pack.timeline(profile, profile.on, profile.on + timedelta(days=300)).events:
            for one in event.changes:
                assert one.because
                assert all(
                    reason.zh
                    and reason.en
                    and not any("\u4e00" <= char <= "\u9fff" for char in reason.en)
                    for reason in one.because
                )


# the command
# --------------------------------------------------------------------------------------------------


def test_the_text_is_complete_in_both_languages() -> None:
    for zh, en in WORDS.values():
        assert zh
        assert en
        assert sorted(re.findall(r"{\w*}", zh)) == sorted(re.findall(r"{\w*}", en))
        assert not any("\u4e00" <= char <= "\u9fff" for char in en)


def test_the_text_says_when_what_and_why() -> None:
    timeline = small_pack().timeline(OLD_WOMAN, date(2018, 6, 1), date(2030, 1, 1))
    text = timeline_text(timeline, "en", Label(zh="小试", en="Small"))
    assert text.endswith("""\
## 31 August 2018
because: turns 60
  Meals  —  member 1
    • meal grant: not eligible → 100 CNY a month

## 1 January 2019
because: meal grant: 100 CNY a month → 120 CNY a month (Circular, official notice)
  Meals  —  member 1
    • meal grant: 100 CNY a month → 120 CNY a month

The rules are known only until 31 December 2019; later changes are not known.
"""), text
    assert (
        "原因：满60周岁\n  助餐  —  成员1\n    • 餐补：不符合条件 → 每月100元\n"
        in timeline_text(timeline, "zh", Label(zh="小试", en="Small"))
    )


def test_the_command_prints_text_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "family.json"
    file.write_text(json.dumps(OLD_WOMAN), encoding="utf-8")
    shared = [
        str(file),
        "--pack",
        str(write(tmp_path / "pack")),
        "--on",
        "2018-06-01",
        "--until",
        "2018-12-31",
    ]
    assert main(["timeline", *shared, "--format", "json"]) == 0
    assert [event["on"] for event in json.loads(capsys.readouterr().out)["events"]] == [
        "2018-08-31"
    ]
    assert main(["timeline", *shared]) == 0
    assert "【2018年8月31日】" in capsys.readouterr().out
    assert main(["timeline", *shared[:-1], "2018-05-31"]) == 2
    assert "JM079" in capsys.readouterr().err
