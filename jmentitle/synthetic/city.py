"""A synthetic city: households and people drawn from documented figures, for trying things. It
describes nobody.

from jmentitle import load_pack
from jmentitle.population import synthetic_city
city = synthetic_city(load_pack("jingmen"), 20_000, seed=1, unknown=0.1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import polars as pl

from jmentitle.errors import fail
from jmentitle.language import arguments
from jmentitle.language.values import DayGiven, day_of_call
from jmentitle.pack.finding import find_pack
from jmentitle.pack.rules import Rules
from jmentitle.pack.text import Text
from jmentitle.population.arguments import exact, whole
from jmentitle.synthetic.block import Block
from jmentitle.synthetic.draws import Draws
from jmentitle.synthetic.frames import Frames
from jmentitle.synthetic.marginals import Marginals
from jmentitle.synthetic.marginals_reader import read_marginals
from jmentitle.synthetic.shapes import fact_shapes

BLOCK = 20_000
"""Households drawn at a time. It decides speed and memory, never a value."""


MOST_HOUSEHOLDS = 10_000_000
"""Households drawn at once; a larger city is drawn in portions."""


@dataclass(frozen=True)
class City:
    """A made-up city: it describes nobody.

    Columns of both frames are the facts of the vocabulary, statuses with a certificate and
    `receives`; null is unknown.

    Fields:
        households: A row for each household, in the order of the id `household`.
        members: A row for each person, in the same order, with the id `member`.
        note: What the figures are, in two languages.
        seed: The seed.
        on: The last day on which an event can have happened.
    Example:
        >>> city.households.height
        300
    """

    households: pl.DataFrame
    members: pl.DataFrame
    note: Text
    seed: int
    on: date


def synthetic_city(
    pack: Rules,
    households: int = 1_000_000,
    *,
    seed: int = 1,
    unknown: float = 0.0,
    on: DayGiven | None = None,
    first: int = 1,
    marginals: str | Path | None = None,
) -> City:
    """Draw a city with the households `first` to `first + households - 1`, for trying things.

    Every value depends only on the seed, the column and the id of the row: the same household is
    drawn whatever the number asked for, and a city drawn in portions (`first`) equals one drawn at
    once.

    Arguments:
        pack: A loaded pack, for which figures exist.
        households: How many households; at most 10 million at once.
        seed: The seed.
        unknown: The chance, from 0 to 1, with which each cell is blanked, ids excepted; what is
            left stays as it is at any other rate.
        on: The day up to which things have happened; that of the figures unless said.
        first: The id of the first household.
        marginals: A file or folder of figures of one's own.
    Returns:
        The city, as two frames.
    Raises:
        PackError: JM110 to JM112 and the codes of packs, for figures with mistakes.
        ArgumentError: JM072 and JM075 for numbers that make no city, JM079 for a day outside the
            validity.
    Example:
        >>> synthetic_city(pack, 10, first=21).households["household"].to_list()[:3]
        [21, 22, 23]
    """
    arguments.of_kind(pack, Rules, "pack", arguments.PACK)
    households = _count(households, "households", MOST_HOUSEHOLDS)
    first = _count(first, "first", MOST_HOUSEHOLDS * 1_000)
    seed = int(whole(seed, 0, "seed"))
    unknown = float(exact(unknown, "unknown"))
    if not 0 <= unknown <= 1:
        fail("JM075", "the number is out of range", path="unknown", expected="a chance from 0 to 1")
    figures = load_marginals(pack, marginals)
    day = figures.on if on is None else day_of_call(on, "on")
    pack.ruleset(day)
    draws = Draws(seed)
    frames = Frames(figures, pack.content, fact_shapes(pack.content))
    homes, people = [], []
    for block in _blocks(figures, draws, day, first, households):
        homes.append(frames.frame(block, "household", draws, unknown))
        people.append(frames.frame(block, "person", draws, unknown))
    return City(pl.concat(homes), pl.concat(people), figures.note, seed, day)


def _count(value: object, path: str, most: int) -> int:
    """A whole number from 1 to `most`. Raises ArgumentError (JM072, JM075)."""
    count = whole(value, 0, path)
    if not 1 <= count <= most:
        fail(
            "JM075",
            "the number is out of range",
            path=path,
            expected=f"a whole number from 1 to {most:,}",
        )
    return count


def load_marginals(pack: Rules, marginals: str | Path | None = None) -> Marginals:
    """The figures of a file or folder, or those that ship for the pack, which are read once.
    Raises PackError."""
    if marginals is not None:
        return _read(arguments.file_path(marginals, "marginals"), pack)
    if "marginals" not in pack.memo:
        folder = find_pack(pack.content.id).parent / "synthetic" / pack.content.id
        pack.memo["marginals"] = _read(folder, pack)
    return cast("Marginals", pack.memo["marginals"])


def _read(path: Path, pack: Rules) -> Marginals:
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return read_marginals(files, pack.content)


def _blocks(figures: Marginals, draws: Draws, on: date, first: int, count: int) -> Iterator[Block]:
    for start in range(first, first + count, BLOCK):
        yield Block(figures, draws, on, start, min(BLOCK, first + count - start))
