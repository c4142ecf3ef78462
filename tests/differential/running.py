"""Batch after batch: draw households, decide them with all engines, compare, count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from jmentitle import Pack
from tests.differential.comparing import PAIRS, Beside, Difference
from tests.differential.households import Drawing
from tests.differential.shrinking import Shrinking, as_test
from tests.differential.tally import Tally
from tests.support.engines import engines

REASONS_EVERY = 3
"""Compiling the reasons takes longer than everything else in a batch, so one batch in so many is
asked for them."""


@dataclass(frozen=True)
class Disagreement:
    """A difference of a batch, in a household as small as any that has one, and the least that
    shows it as the source of a test."""

    batch: int
    difference: Difference
    test: str


def run(
    pack: Pack, tally: Tally, decisions: int, pairs: Sequence[str] = tuple(PAIRS)
) -> Iterator[Disagreement | None]:
    """Go on from where the tally stands until so many decisions have been compared; after each
    batch, what differed in it.

    Columns and native decide everybody, the others the first households of each batch. An engine
    that fails says in a note which batch it was.
    """
    drawing = Drawing(pack, tally.seed, tally.households)
    pairs = [pair for pair in pairs if pair != "durable" or pair in engines()]
    while tally.decisions < decisions:
        number, started = tally.batches, perf_counter()
        try:
            found = _batch(pack, drawing, tally, pairs)
        except Exception as problem:
            problem.add_note(
                f"in batch {number} of {tally.households} households, seed {tally.seed}"
            )
            raise
        tally.seconds += perf_counter() - started
        yield found


def _batch(pack: Pack, drawing: Drawing, tally: Tally, pairs: list[str]) -> Disagreement | None:
    number = tally.batches
    batch = drawing.batch(number)
    beside = Beside(pack.ruleset(batch.on), batch.on, batch.households)
    sampled, first = beside.first(tally.sample), None
    for pair in pairs:
        if pair == "reasons" and number % REASONS_EVERY:
            continue
        asked = beside if pair == "columns" else sampled
        differing = list(PAIRS[pair](asked))
        tally.count(pair, asked.decisions, len(differing))
        first = first or min(
            differing, key=lambda one: len(beside.households[one.household].members), default=None
        )
    tally.add(beside)
    return None if first is None else disagreement(pack, number, beside, first)


def disagreement(pack: Pack, number: int, beside: Beside, difference: Difference) -> Disagreement:
    """The difference with the smallest households that show it."""
    facts = beside.households[difference.household]
    smallest = Shrinking(beside.ruleset, beside.on, facts, difference).smallest()
    text = (
        as_test(pack, beside.on, smallest, difference)
        if smallest
        else f"# shows only within the whole batch {number}\n"
    )
    return Disagreement(number, difference, text)
