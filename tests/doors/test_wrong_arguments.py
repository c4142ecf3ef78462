"""Every public call, given arguments of wrong kinds: an answer or a JmentitleError with a code,
never another exception."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from jmentitle import JmentitleError, load_pack
from jmentitle.assessment.replay import as_json, differences, read_record
from jmentitle.policy import plots
from jmentitle.population import (
    PackReference,
    cliffs,
    coverage,
    decide_partition,
    indicators,
    near,
    population_cliffs,
    run_spark,
    sensitivity,
    synthetic_city,
    thresholds,
)
from jmentitle.population.scale.stream import Files
from jmentitle.views.diff import diff
from tests.policy.test_whatif import HOUSEHOLDS, MEMBERS
from tests.support.small_pack import ON, small_pack

mpl.use("agg")
HOUSEHOLDS_FILE, MEMBERS_FILE = "households.parquet", "members.parquet"
FAMILY = {
    "household": {"district": "north", "income": 1000},
    "members": [{"id": "a", "birth_date": "1950-01-01", "lives_alone": False}],
}
WRONG: dict[str, Any] = {
    "None": None,
    "number": 5,
    "fraction": 0.5,
    "not a number": float("nan"),
    "text": "x",
    "list": [],
    "list of lists": [[]],
    "list of numbers": [5],
    "bytes": b"x",
    "mapping": {},
    "object": object(),
}


@cache
def pack() -> Any:
    return small_pack()


@cache
def assessment() -> Any:
    return pack().assess(FAMILY, ON)


@cache
def run() -> Any:
    return pack().run(pack().population(HOUSEHOLDS, MEMBERS, ON), ON)


@cache
def comparison() -> Any:
    return run().compare(run())


@cache
def explanation() -> Any:
    return pack().explain(FAMILY, "meals", ON)[0]


@cache
def closed() -> Any:
    return pack().counterfactuals(FAMILY, "meals", ON)


@cache
def curve() -> Any:
    return cliffs(pack(), FAMILY, ON, "income", up_to=2000, step=500)


@cache
def crowd() -> Any:
    return population_cliffs(pack(), run().population, ON, "income", 500)


@cache
def steps() -> Any:
    return sensitivity(pack(), run().population, ON, "meals", "meal_grant", values=[1, 2])


DOORS: dict[str, Callable[[Any], object]] = {
    "load_pack": lambda x: load_pack(x),
    "load_pack overlays": lambda x: load_pack(overlays=x),
    "read": lambda x: pack().read(x),
    "read on": lambda x: pack().read(FAMILY, x),
    "decide": lambda x: pack().decide(x, ON),
    "decide on": lambda x: pack().decide(pack().read(FAMILY), x),
    "decide engine": lambda x: pack().decide(pack().read(FAMILY), ON, engine_name=x),
    "assess": lambda x: pack().assess(x, ON),
    "assess on": lambda x: pack().assess(FAMILY, x),
    "assess engine": lambda x: pack().assess(FAMILY, ON, engine_name=x),
    "population households": lambda x: pack().population(x, MEMBERS),
    "population members": lambda x: pack().population(HOUSEHOLDS, x),
    "population on": lambda x: pack().population(HOUSEHOLDS, MEMBERS, x),
    "run": lambda x: pack().run(x, ON),
    "run on": lambda x: pack().run(run().population, x),
    "run progress": lambda x: pack().run(run().population, ON, progress=x),
    "timeline": lambda x: pack().timeline(x, ON),
    "timeline on": lambda x: pack().timeline(FAMILY, x),
    "timeline until": lambda x: pack().timeline(FAMILY, ON, x),
    "explain": lambda x: pack().explain(x, "meals", ON),
    "explain item": lambda x: pack().explain(FAMILY, x, ON),
    "explain on": lambda x: pack().explain(FAMILY, "meals", x),
    "explain benefit": lambda x: pack().explain(FAMILY, "meals", ON, benefit=x),
    "explain member": lambda x: pack().explain(FAMILY, "meals", ON, member=x),
    "explain engine": lambda x: pack().explain(FAMILY, "meals", ON, engine_name=x),
    "counterfactuals": lambda x: pack().counterfactuals(x, "meals", ON),
    "counterfactuals item": lambda x: pack().counterfactuals(FAMILY, x, ON),
    "counterfactuals on": lambda x: pack().counterfactuals(FAMILY, "meals", x),
    "counterfactuals benefit": lambda x: pack().counterfactuals(FAMILY, "meals", ON, benefit=x),
    "counterfactuals member": lambda x: pack().counterfactuals(FAMILY, "meals", ON, member=x),
    "rule": lambda x: pack().rule(x),
    "rule on": lambda x: pack().rule("meals", x),
    "rule text": lambda x: pack().rule("meals").to_text(x),
    "item": lambda x: pack().item(x),
    "ruleset": lambda x: pack().ruleset(x),
    "amend": lambda x: pack().amend(x),
    # one assessment
    "result item": lambda x: assessment().result(x, "a"),
    "result subject": lambda x: assessment().result("meals", x),
    "to_text": lambda x: assessment().to_text(x),
    "to_markdown": lambda x: assessment().to_markdown(x),
    "to_html": lambda x: assessment().to_html(x),
    "letter": lambda x: assessment().letter(x),
    "draw_pathway": lambda x: assessment().draw_pathway(x),
    "show_conflicts": lambda x: assessment().show_conflicts(x),
    "explanation text": lambda x: explanation().to_text(x),
    "counterfactuals of": lambda x: closed().of(x),
    "read_record": lambda x: read_record(x),
    "as_json": lambda x: as_json(x),
    "differences": lambda x: differences(x, assessment()),
    "differences repeated": lambda x: differences(assessment(), x),
    "diff left": lambda x: diff(x, assessment()),
    "diff right": lambda x: diff(assessment(), x),
    # a population
    "decisions items": lambda x: run().decisions(x),
    "decisions": lambda x: run().decisions(decisions=x),
    "wide": lambda x: run().wide(x),
    "wide items": lambda x: run().wide("person", x),
    "benefits": lambda x: run().benefits(x),
    "totals": lambda x: run().totals(x),
    "item_totals": lambda x: run().item_totals(x),
    "unknowns": lambda x: run().unknowns(x),
    "run items": lambda x: list(run().items(x)),
    "run assess": lambda x: run().assess(x),
    "run explain": lambda x: run().explain(x, "meals"),
    "run explain item": lambda x: run().explain("a", x),
    "run explain benefit": lambda x: run().explain("a", "meals", benefit=x),
    "run explain member": lambda x: run().explain("a", "meals", member=x),
    "compare": lambda x: run().compare(x),
    "comparison text": lambda x: comparison().to_text(x),
    "comparison html": lambda x: comparison().to_html(x),
    "changed": lambda x: comparison().decision_changes(x),
    "comparison by": lambda x: comparison().by(x),
    "comparison bands": lambda x: comparison().by("age", age=x),
    "tables": lambda x: comparison().tables(x),
    "fared": lambda x: comparison().winners_and_losers_report(x),
    "fared groups": lambda x: comparison().winners_and_losers_report("income", x),
    "winners_and_losers": lambda x: comparison().winners_and_losers(x),
    "winners_and_losers groups": lambda x: comparison().winners_and_losers("income", x),
    "coverage": lambda x: coverage(x),
    "coverage items": lambda x: coverage(run(), x),
    "coverage by": lambda x: coverage(run(), by=x),
    "coverage bands": lambda x: coverage(run(), by="age", bands=x),
    "coverage text": lambda x: coverage(run()).to_text(x),
    "coverage html": lambda x: coverage(run()).to_html(x),
    "indicators": lambda x: indicators(x),
    "indicators by": lambda x: indicators(run(), by=x),
    "indicators bands": lambda x: indicators(run(), by="age", bands=x),
    "indicators text": lambda x: indicators(run()).to_text(x),
    "indicators html": lambda x: indicators(run()).to_html(x),
    "cliffs pack": lambda x: cliffs(x, FAMILY, ON, "income", up_to=2000),
    "cliffs household": lambda x: cliffs(pack(), x, ON, "income", up_to=2000),
    "cliffs on": lambda x: cliffs(pack(), FAMILY, x, "income", up_to=2000),
    "cliffs fact": lambda x: cliffs(pack(), FAMILY, ON, x, up_to=2000),
    "cliffs up_to": lambda x: cliffs(pack(), FAMILY, ON, "income", up_to=x),
    "cliffs member": lambda x: cliffs(pack(), FAMILY, ON, "rooms", up_to=2, member=x),
    "cliffs step": lambda x: cliffs(pack(), FAMILY, ON, "income", up_to=2000, step=x),
    "cliffs html": lambda x: curve().to_html(x),
    "population_cliffs pack": lambda x: population_cliffs(x, run().population, ON, "income"),
    "population_cliffs": lambda x: population_cliffs(pack(), x, ON, "income"),
    "population_cliffs on": lambda x: population_cliffs(pack(), run().population, x, "income"),
    "population_cliffs fact": lambda x: population_cliffs(pack(), run().population, ON, x),
    "population_cliffs by": lambda x: population_cliffs(pack(), run().population, ON, "income", x),
    "population_cliffs html": lambda x: crowd().to_html(x),
    "sensitivity pack": lambda x: sensitivity(
        x, run().population, ON, "meals", "meal_grant", values=[1]
    ),
    "sensitivity population": lambda x: sensitivity(
        pack(), x, ON, "meals", "meal_grant", values=[1]
    ),
    "sensitivity on": lambda x: sensitivity(
        pack(), run().population, x, "meals", "meal_grant", values=[1]
    ),
    "sensitivity item": lambda x: sensitivity(
        pack(), run().population, ON, x, "meal_grant", values=[1]
    ),
    "sensitivity parameter": lambda x: sensitivity(
        pack(), run().population, ON, "meals", x, values=[1]
    ),
    "sensitivity values": lambda x: sensitivity(
        pack(), run().population, ON, "meals", "meal_grant", values=x
    ),
    "sensitivity scales": lambda x: sensitivity(
        pack(), run().population, ON, "meals", "meal_grant", scales=x
    ),
    "sensitivity html": lambda x: steps().to_html(x),
    "thresholds": lambda x: thresholds(x, "meals", ON),
    "thresholds item": lambda x: thresholds(pack(), x, ON),
    "thresholds on": lambda x: thresholds(pack(), "meals", x),
    "near": lambda x: near(x, "meals"),
    "near item": lambda x: near(run(), x),
    "near margin": lambda x: near(run(), "meals", x),
    "synthetic_city": lambda x: synthetic_city(x, 2),
    "synthetic_city seed": lambda x: synthetic_city(load_pack(), 1, seed=x),
    "synthetic_city households": lambda x: synthetic_city(load_pack(), x),
    "synthetic_city unknown": lambda x: synthetic_city(load_pack(), 1, unknown=x),
    "synthetic_city on": lambda x: synthetic_city(load_pack(), 1, on=x),
    "synthetic_city first": lambda x: synthetic_city(load_pack(), 1, first=x),
    "synthetic_city marginals": lambda x: synthetic_city(load_pack(), 1, marginals=x),
    "PackReference": lambda x: PackReference.of(x),
    "Files": lambda x: Files.open(x),
    "decide_partition pack": lambda x: list(decide_partition(x, ON, [])),
    "decide_partition on": lambda x: list(decide_partition(PackReference.of(pack()), x, [])),
    "decide_partition rows": lambda x: list(
        decide_partition(PackReference.of(pack()), ON, [], rows=x)
    ),
    "run_files households": lambda x: pack().run_files(x, MEMBERS_FILE, "out", ON),
    "run_files members": lambda x: pack().run_files(HOUSEHOLDS_FILE, x, "out", ON),
    "run_files out": lambda x: pack().run_files(HOUSEHOLDS_FILE, MEMBERS_FILE, x, ON),
    "run_files on": lambda x: pack().run_files(HOUSEHOLDS_FILE, MEMBERS_FILE, "out", x),
    "run_files decisions": lambda x: pack().run_files(
        HOUSEHOLDS_FILE, MEMBERS_FILE, "out", ON, decisions=x
    ),
    "run_spark pack": lambda x: run_spark(x, HOUSEHOLDS, MEMBERS, ON),
    "run_spark households": lambda x: run_spark(pack(), x, MEMBERS, ON),
    "run_spark on": lambda x: run_spark(pack(), HOUSEHOLDS, MEMBERS, x),
    "run_spark rows": lambda x: run_spark(pack(), HOUSEHOLDS, MEMBERS, ON, rows=x),
    # pictures
    "rule_graph pack": lambda x: plots.rule_graph(x, "meals", language="en"),
    "rule_graph item": lambda x: plots.rule_graph(pack(), x, language="en"),
    "rule_graph language": lambda x: plots.rule_graph(pack(), "meals", language=x),
    "ages": lambda x: plots.ages(x, "age", language="en"),
    "ages quantity": lambda x: plots.ages(run(), x, language="en"),
    "ages bands": lambda x: plots.ages(run(), "age", bands=x, language="en"),
    "ages items": lambda x: plots.ages(run(), "age", items=x, language="en"),
    "ages language": lambda x: plots.ages(run(), "age", language=x),
    "budget": lambda x: plots.budget(x, language="en"),
    "budget items": lambda x: plots.budget(run(), x, language="en"),
    "budget language": lambda x: plots.budget(run(), language=x),
    "coverage_by": lambda x: plots.coverage_by(x, "district", language="en"),
    "coverage_by by": lambda x: plots.coverage_by(run(), x, language="en"),
    "coverage_by language": lambda x: plots.coverage_by(run(), "district", language=x),
    "plot of cliffs": lambda x: plots.cliffs(x, language="en"),
    "plot of cliffs fact": lambda x: plots.cliffs(curve().curve, fact=x, language="en"),
    "plot of winners": lambda x: plots.winners_and_losers(x, language="en"),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("door", DOORS)
def test_a_wrong_kind_of_argument_gives_an_answer_or_a_code(
    door: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if door.startswith("run_files"):
        HOUSEHOLDS.write_parquet(HOUSEHOLDS_FILE)
        MEMBERS.write_parquet(MEMBERS_FILE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            DOORS[door](WRONG[kind])
        except JmentitleError as problem:
            assert problem.diagnostics
