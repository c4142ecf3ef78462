"""The examples that stand beside the rules of the shipped pack hold, in every engine."""

from __future__ import annotations

import pytest

from jmentitle import Pack
from jmentitle.author.coverage import coverage_lines, coverage_of
from jmentitle.author.examples import read_examples, run_example
from jmentitle.language.collector import Collector
from tests.test_engines_agree import engines


@pytest.mark.no_cover
@pytest.mark.parametrize("engine_name", engines())
def test_the_examples_of_the_pack_hold_and_cover_it(pack: Pack, engine_name: str) -> None:
    """Every example holds, and together they show each condition true, false and unknown and each
    benefit granted."""
    collector = Collector()
    examples = read_examples(pack, collector)
    assert not list(collector)
    assert {example.item for example in examples} == set(pack.content.items)
    ran = [run_example(pack, example, collector, engine_name) for example in examples]
    problems = [problem.render() for one in ran for problem in one.problems]
    assert not problems, "\n".join(problems[:20])
    if engine_name == "native":
        coverage = coverage_of(pack, ran)
        assert coverage.complete, "\n".join(coverage_lines(coverage))


def test_the_pack_has_the_eighty_items_of_the_plan(pack: Pack) -> None:
    counts: dict[str, int] = {}
    for item in pack.content.items.values():
        counts[item.domain] = counts.get(item.domain, 0) + 1
    assert counts == {
        "education": 7,
        "employment": 10,
        "social_insurance": 8,
        "health": 20,
        "social_services": 13,
        "housing": 3,
        "culture_sport": 9,
        "disability": 10,
    }
    assert [item.number for item in pack.content.items.values()] == list(range(1, 81))
    assert not pack.warnings, "\n".join(warning.render() for warning in pack.warnings)
