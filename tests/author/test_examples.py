"""The examples that stand beside the rules of the shipped pack hold."""

from __future__ import annotations

import pytest

from jmentitle import Pack
from jmentitle.author.coverage import coverage_lines, coverage_of
from jmentitle.author.examples import Example, Ran, read_examples, run_example
from jmentitle.language.collector import Collector
from tests.support.cases import thinned
from tests.support.engines import engines


@pytest.fixture(scope="module")
def examples(pack: Pack) -> list[Example]:
    collector = Collector()
    found = read_examples(pack, collector)
    assert not list(collector)
    return found


@pytest.mark.no_cover
def test_the_examples_of_the_pack_hold_and_cover_it(pack: Pack, examples: list[Example]) -> None:
    """Every example holds, and together they show each condition true, false and unknown and each
    benefit granted."""
    assert {example.item for example in examples} == set(pack.content.items)
    ran = [run_example(pack, example, Collector()) for example in examples]
    assert_no_problems(ran)
    coverage = coverage_of(pack, ran)
    assert coverage.complete, "\n".join(coverage_lines(coverage))


@pytest.mark.no_cover
def test_examples_hold_in_durable(pack: Pack, examples: list[Example]) -> None:
    """One in four, since durable is slow."""
    if "durable" not in engines():
        pytest.skip("durable-rules is not installed")
    assert_no_problems(
        [run_example(pack, example, Collector(), "durable") for example in thinned(examples, 4)]
    )


def assert_no_problems(ran: list[Ran]) -> None:
    problems = [problem.render() for one in ran for problem in one.problems]
    assert not problems, "\n".join(problems[:20])


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
