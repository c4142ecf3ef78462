"""Lists of words over columns: enum facts as the place of their member, sets as words of 64 bits, a bit for each member."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jmentitle.language.tree import Entity
from jmentitle.pack.model import Content
from jmentitle.population.columns.truths import Truth

BITS = 64


def word_column(name: str, word: int) -> str:
    """The column of the members with places from 64 × word on, of the set with this name."""
    return f"{name}:{word}"


def count_of_words(members: Sequence[str]) -> int:
    """How many words hold a set of some of these members."""
    return -(-len(members) // BITS)


def receivable(content: Content, entity: Entity) -> list[str]:
    """What `receives` may list for an entity: items and their benefits, in the order of the pack."""
    items = [item for item in content.items.values() if item.entity == entity]
    return [item.id for item in items] + [benefit.reference for item in items for benefit in item.benefits]


def is_one_of(column: pl.Expr, members: Sequence[str], wanted: Collection[str]) -> pl.Expr:
    """Whether an enum has one of the wanted members; null where it is unknown."""
    places = sorted(members.index(member) for member in wanted)
    if len(places) > 1 and places == list(range(places[0], places[-1] + 1)):
        above = column >= places[0] if places[0] else None
        below = column <= places[-1]
        return below if above is None else above if places[-1] == len(members) - 1 else above & below
    found = column == places[0]
    for place in places[1:]:
        found = found | (column == place)
    return found


def overlaps(name: str, members: Sequence[str], wanted: Collection[str], columns: Collection[str]) -> Truth:
    """Whether a set has at least one of the wanted members; null where it is unknown."""
    if word_column(name, 0) not in columns:
        return None
    masks: dict[int, int] = {}
    for member in wanted:
        word, bit = divmod(members.index(member), BITS)
        masks[word] = masks.get(word, 0) | 1 << bit
    found: pl.Expr | None = None
    for word, mask in sorted(masks.items()):
        held = pl.col(word_column(name, word)) & pl.lit(mask, dtype=pl.UInt64) != 0
        found = held if found is None else found | held
    return found


@dataclass(frozen=True)
class Lists:
    """A column of lists of places in a list of members: row r holds `places[offsets[r]:offsets[r + 1]]`, or nothing known."""

    places: np.ndarray[Any, Any]
    offsets: np.ndarray[Any, Any]
    unknown: pl.Series

    @classmethod
    def of(cls, column: pl.Series, places: Callable[[pl.Series], pl.Series]) -> Lists:
        """A Polars column of lists, each value turned into its place."""
        arrow = column.to_arrow()
        return cls(places(pl.Series(arrow.values)).to_numpy(), arrow.offsets.to_numpy(), column.is_null())


def words(name: str, lists: Lists, members: Sequence[str]) -> list[pl.Series]:
    """The columns of words of a set; null where the list is."""
    rows = np.repeat(np.arange(len(lists.unknown)), np.diff(lists.offsets))
    places = lists.places[lists.offsets[0] : lists.offsets[-1]]
    found = []
    for word in range(count_of_words(members)):
        inside = (places // BITS) == word
        bits = np.zeros(len(lists.unknown), dtype=np.uint64)
        np.bitwise_or.at(bits, rows[inside], np.uint64(1) << (places[inside] % BITS).astype(np.uint64))
        column = pl.select(pl.when(~lists.unknown).then(pl.Series(bits))).to_series()
        found.append(column.alias(word_column(name, word)))
    return found


def listed(words_of_row: Sequence[int], members: Sequence[str]) -> frozenset[str]:
    """The members whose bits are set."""
    return frozenset(member for place, member in enumerate(members) if words_of_row[place // BITS] >> (place % BITS) & 1)
