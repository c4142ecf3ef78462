"""The corpus, entry by entry, and a bounded run of every door: the same cases each time."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz import corpus
from tests.fuzz.corpus import Entry
from tests.fuzz.doors import DOORS

ENTRIES = [entry for door in DOORS for entry in corpus.entries(door)]
# What is measured elsewhere costs twice the time here.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.door}/{entry.file}")
def test_an_input_of_the_corpus_comes_to_what_the_index_says(entry: Entry) -> None:
    outcome = DOORS[entry.door].judge(entry.case())
    assert entry.allows(outcome), f"{outcome} and not {entry.expected}"


@pytest.mark.parametrize("door", DOORS)
def test_the_index_of_a_door_lists_every_file_once(door: str) -> None:
    listed = [entry.file for entry in corpus.entries(door)]
    assert sorted(listed) == sorted(
        path.name for path in (corpus.FOLDER / door).iterdir() if path.name != corpus.INDEX
    )


@pytest.mark.parametrize("door", DOORS)
def test_whatever_comes_in_ends_in_an_answer_or_in_codes(door: str) -> None:
    opened = DOORS[door]

    @settings(
        max_examples=opened.examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32 - 1))
    def run(seed: int) -> None:
        opened.judge(opened.case(Random(seed)))

    run()
