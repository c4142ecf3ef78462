"""What a run shows: the frames say of everybody what an assessment says of one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import cast

import polars as pl
import pytest

from jmentitle import Assessment, Pack
from jmentitle.assessment.conflicts import yearly
from jmentitle.assessment.models import Decision
from jmentitle.errors import InputError
from jmentitle.population.deciding import run, side_by_side
from jmentitle.population.frames import Population
from jmentitle.population.run import Run
from jmentitle.profile.facts import Facts
from jmentitle.profile.validation import Profile
from tests.support.families import FAMILIES, family

ON = date(2018, 10, 15)
ALL = ("eligible", "discretionary", "undetermined", "ineligible")


@pytest.fixture(scope="module")
def facts(pack: Pack) -> list[Facts]:
    profiles = [pack.read(family(name)) for name in FAMILIES]
    return [one.facts for one in profiles if one.latest is None or one.latest[0] <= ON]


@pytest.fixture(scope="module")
def whole(pack: Pack, facts: list[Facts]) -> Run:
    return pack.run(Population.of_facts(pack.content, facts), ON)


@pytest.fixture(scope="module")
def alone(pack: Pack, facts: list[Facts]) -> dict[int, Assessment]:
    """Each family as if it had come alone."""
    return {place: pack.assess(Profile(one, None), ON) for place, one in enumerate(facts)}


def subject(member: str | None) -> str:
    return member or "household"


def test_items_are_decided_as_in_an_assessment(whole: Run, alone: dict[int, Assessment]) -> None:
    rows = whole.decisions(decisions=ALL).rows()
    assert len(rows) == sum(len(one.results) for one in alone.values())
    for household, member, item, decision, after, received in rows:
        result = alone[household].result(item, subject(member))
        assert (decision, after > 0, received) == (
            result.decision,
            bool(result.after),
            result.received,
        )


def test_benefits_and_money_are_as_in_an_assessment(
    whole: Run, alone: dict[int, Assessment]
) -> None:
    found = {
        (row["household"], subject(row["member"]), row["item"], row["benefit"]): row
        for row in whole.benefits(decisions=ALL).iter_rows(named=True)
    }
    exact = 0
    for household, assessment in alone.items():
        for result in assessment.results:
            for benefit in result.benefits:
                row = found.pop((household, result.subject, result.item, benefit.benefit))
                assert (row["decision"], row["after"] > 0, row["received"]) == (
                    benefit.decision,
                    bool(benefit.after),
                    benefit.received,
                )
                amount = benefit.amount
                if amount is None:
                    assert row["low"] is row["high"] is None
                elif amount.certainty == "exact":
                    exact += 1
                    assert row["low"] == row["high"] == amount.low
                    assert row["period"] == amount.period
                    assert (row["lasts_low"], row["lasts_high"], row["lasts_unit"]) == (
                        amount.lasts_low,
                        amount.lasts_high,
                        amount.lasts_unit,
                    )
                    assert row["yearly_high"] == yearly(benefit)
                elif amount.certainty == "at_least":
                    assert (row["low"], row["high"]) == (amount.low, None)
    assert not found
    assert exact > 100


def test_wide_frames_and_totals_count_the_same(whole: Run) -> None:
    long = whole.decisions(decisions=ALL)
    for entity, ids in (("household", 1), ("person", 2)):
        wide = whole.wide(entity)  # type: ignore[arg-type]
        counted = Counter(
            (item, decision) for item in wide.columns[ids:] for decision in wide[item]
        )
        rows = long.filter(
            pl.col("member").is_null() if entity == "household" else pl.col("member").is_not_null()
        )
        assert counted == Counter(
            (item, decision) for item, decision in rows.select("item", "decision").iter_rows()
        )
    totals = whole.item_totals()
    sums = totals.select(
        pl.sum_horizontal(
            "eligible", "eligible_after", "discretionary", "undetermined", "ineligible"
        )
    ).to_series()
    people = len(whole.population.member_ids)
    assert sums.to_list() == [
        len(whole.population) if entity == "household" else people for entity in totals["for"]
    ]


def test_totals_add_up_what_benefits_pay(whole: Run) -> None:
    rows = whole.benefits(decisions=("eligible", "discretionary"))
    paid = rows.group_by("item", "benefit").agg(pl.coalesce("yearly_low", "yearly_high").sum())
    expected = {(item, benefit): total for item, benefit, total in paid.iter_rows()}
    for row in whole.totals().filter(pl.col("yearly_low") > 0).iter_rows(named=True):
        assert row["yearly_low"] == expected[row["item"], row["benefit"]]
    assert sum(whole.totals()["yearly_low"].drop_nulls(), Decimal(0)) > 0


def test_one_of_the_crowd_is_explained_as_if_it_had_come_alone(
    whole: Run, alone: dict[int, Assessment]
) -> None:
    assert whole.assess(3) == alone[3]
    item = alone[3].results[0].item
    assert [one.to_text("en") for one in whole.explain(3, item)] == [
        one.to_text("en") for one in whole.pack.explain(whole._profile(3), item, ON)
    ]
    with pytest.raises(InputError, match="unknown household"):
        whole.assess("nobody")


def test_unknowns_are_told_apart_as_in_an_assessment(
    whole: Run, alone: dict[int, Assessment]
) -> None:
    rows = {
        (row[0], subject(row[1]), row[2], row[3]): row[4:] for row in whole.unknowns().iter_rows()
    }
    undetermined = 0
    for household, assessment in alone.items():
        for result in assessment.results:
            for benefit in result.benefits:
                key = (household, result.subject, result.item, benefit.benefit)
                if (
                    benefit.decision == "undetermined"
                    and not benefit.after
                    and benefit.amount is None
                ):
                    undetermined += 1
                    assert rows[key] == (bool(benefit.missing), bool(benefit.unpublished)), key
    assert undetermined > 500


def test_parts_make_the_same_whole(pack: Pack, facts: list[Facts], whole: Run) -> None:
    parts = run(pack, Population.of_facts(pack.content, facts), ON, part=5)
    assert parts.decisions(decisions=ALL).equals(whole.decisions(decisions=ALL))
    assert parts.benefits(decisions=ALL).equals(whole.benefits(decisions=ALL))


def test_only_the_items_asked_for_are_shown(whole: Run) -> None:
    assert set(whole.decisions(["elderly_welfare_subsidy"], ALL)["item"].unique()) == {
        "elderly_welfare_subsidy"
    }
    assert whole.decisions("elderly_welfare_subsidy", ALL).equals(
        whole.decisions(["elderly_welfare_subsidy"], ALL)
    )
    with pytest.raises(InputError, match="JM093"):
        whole.decisions(["elderly_welfare"])


def test_only_the_decisions_asked_for_are_shown(whole: Run) -> None:
    assert set(whole.decisions(decisions="ineligible")["decision"].unique()) == {"ineligible"}
    assert whole.benefits(decisions="eligible").equals(whole.benefits(decisions=["eligible"]))
    for given in ("eligble", ["eligible", "eligble"]):
        with pytest.raises(InputError) as caught:
            whole.benefits(decisions=cast("Decision", given))
        (problem,) = caught.value.diagnostics
        assert (problem.code, problem.path) == ("JM073", "decisions")
        assert problem.suggestion == "eligible"


def test_parts_come_in_their_order_and_an_error_stops_the_rest() -> None:
    begun: list[int] = []

    def work(part: int) -> int:
        begun.append(part)
        if part == 3:
            raise ValueError(part)
        return 2 * part

    found = side_by_side(work, iter(range(100)))
    assert [next(found) for _ in range(3)] == [0, 2, 4]
    with pytest.raises(ValueError, match="3"):
        next(found)
    assert len(begun) < 10
