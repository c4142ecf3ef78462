"""Deciding a population: part by part, two parts side by side, with the rules compiled once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar
from weakref import WeakKeyDictionary

import polars as pl

from jmentitle.chain.columns.engine import ColumnEngine, Layers
from jmentitle.chain.columns.money import Ends, concatenate
from jmentitle.chain.columns.passes import ENTITIES
from jmentitle.language import arguments
from jmentitle.language.tree import Entity
from jmentitle.population.frames import Population
from jmentitle.population.run import Run

if TYPE_CHECKING:
    from jmentitle.pack.rules import Rules

PART = 170_000
"""Households decided at a time: enough to keep the columns busy, few enough to stay in two hundred
megabytes."""
_AT_A_TIME = 2
"""Parts that are computed at the same time, each in its own thread."""
_WORTHWHILE = 40_000
"""Households from which on a part takes longer than making two of it."""
_KEPT = 4
_ENGINES: WeakKeyDictionary[Rules, dict[tuple[object, ...], ColumnEngine]] = WeakKeyDictionary()
Part = TypeVar("Part")


class Progress(Protocol):
    """Goes over something that comes in `count` parts as it shows how far it is."""

    def __call__(self, parts: Iterable[Part], count: int) -> Iterator[Part]: ...


def run(
    pack: Rules,
    population: Population,
    on: date,
    progress: Progress | None = None,
    part: int = PART,
) -> Run:
    """Decide everything for everybody, `part` households at a time at most; an interruption leaves
    nothing half done.

    Raises HouseholdError for a population that was read with a pack of other facts (JM101) or holds
    facts of later days (JM074).
    """
    arguments.of_kind(population, Population, "population", arguments.POPULATION)
    population.check(pack.content, on)
    engine = _engine(pack, on, population)
    count = _count_of_parts(len(population), part)

    def decided(part: Population) -> tuple[Layers, Population]:
        return engine.run(part.households, part.people, part.members), part

    results = side_by_side(decided, population.parts(-(-len(population) // count)))
    return Run(
        pack,
        on,
        population,
        _together(list(results if progress is None else progress(results, count))),
    )


def _count_of_parts(households: int, most: int) -> int:
    """In how many parts to decide, none of more than `most` households: as many for each thread,
    where that is worth it."""
    if households < min(most, _AT_A_TIME * _WORTHWHILE):
        return 1
    return _AT_A_TIME * -(-households // (_AT_A_TIME * most))


def side_by_side(work: Callable[[Population], Part], parts: Iterable[Population]) -> Iterator[Part]:
    """The work on each part, in their order; the next part is worked on meanwhile."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        waiting: deque[Future[Part]] = deque()
        try:
            for part in parts:
                waiting.append(pool.submit(work, part))
                if len(waiting) == _AT_A_TIME:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _engine(pack: Rules, on: date, population: Population) -> ColumnEngine:
    """The rules of a day compiled for these columns; the last few are kept, since the same
    population is run again and again."""
    engines = _ENGINES.setdefault(pack, {})
    columns = population.columns
    sizes = population.sizes
    key = (on, *(columns[entity] for entity in ENTITIES), frozenset(sizes.items()))
    engine = engines.pop(key, None) or ColumnEngine(pack.ruleset(on), on, columns, sizes)
    engines[key] = engine
    if len(engines) > _KEPT:
        engines.pop(next(iter(engines)), None)
    return engine


def _together(parts: list[tuple[Layers, Population]]) -> Layers:
    """The layers of parts in a row as those of the whole."""
    layers = [part_layers for part_layers, _ in parts]

    paid: dict[str, list[Ends]] = {}
    later: dict[str, list[pl.DataFrame]] = {}
    starts: dict[Entity, int] = dict.fromkeys(ENTITIES, 0)
    for part_layers, part in parts:
        start = {
            benefit: starts[entity]
            for entity in ENTITIES
            for benefit in part_layers.now[entity].columns
        }
        for benefit, ends in part_layers.paid.items():
            paid.setdefault(benefit, []).append(ends)
        for benefit, frame in part_layers.later.items():
            later.setdefault(benefit, []).append(
                frame.with_columns((pl.col("row") + start[benefit]).cast(pl.UInt32))
            )
        starts["household"] += len(part)
        starts["person"] += len(part.member_ids)
    # The pieces stay where they are: copying them into one would take as much memory once more.
    now = {
        entity: pl.concat([part_layers.now[entity] for part_layers in layers])
        for entity in ENTITIES
    }
    return Layers(
        now,
        {benefit: pl.concat(frames) for benefit, frames in later.items()},
        {benefit: concatenate(found) for benefit, found in paid.items()},
    )
