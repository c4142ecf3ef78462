"""Lists of words over columns: enum facts as the place of their member, sets as words of bits, a
bit for each member."""

from __future__ import annotations

import operator
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import polars as pl

from jmentitle.chain.columns.truths import Truth
from jmentitle.language.tree import Entity
from jmentitle.pack.model import Content

BITS = 8
"""How many members a word holds: rules ask for few of them, so small words are read faster."""
WORD = pl.UInt8
_TABLE = 2**20


def word_column(name: str, word: int) -> str:
    """The column of the members with places from BITS × word on, of the set with this name."""
    return f"{name}:{word}"


def count_of_words(members: Sequence[str]) -> int:
    """How many words hold a set of some of these members."""
    return -(-len(members) // BITS)


def receivable(content: Content, entity: Entity) -> list[str]:
    """The allowed entries of `receives` for an entity: items and their benefits, in the order of
    the pack."""
    items = [item for item in content.items.values() if item.entity == entity]
    return [item.id for item in items] + [
        benefit.reference for item in items for benefit in item.benefits
    ]


def is_one_of(column: pl.Expr, members: Sequence[str], wanted: Collection[str]) -> pl.Expr:
    """Whether an enum has one of the wanted members; null where it is unknown."""
    indices = sorted(members.index(member) for member in wanted)
    if len(indices) > 1 and indices == list(range(indices[0], indices[-1] + 1)):
        above = column >= indices[0] if indices[0] else None
        below = column <= indices[-1]
        return (
            below if above is None else above if indices[-1] == len(members) - 1 else above & below
        )
    found = column == indices[0]
    for index in indices[1:]:
        found = found | (column == index)
    return found


def overlaps(
    name: str, members: Sequence[str], wanted: Collection[str], columns: Collection[str]
) -> Truth:
    """Whether a set has at least one of the wanted members; null where it is unknown."""
    if word_column(name, 0) not in columns:
        return None
    masks: dict[int, int] = {}
    for member in wanted:
        word, bit = divmod(members.index(member), BITS)
        masks[word] = masks.get(word, 0) | 1 << bit
    if not masks:
        return None
    return (
        reduce(
            operator.or_,
            [
                pl.col(word_column(name, word)) & pl.lit(mask, dtype=WORD)
                for word, mask in sorted(masks.items())
            ],
        )
        != 0
    )


@dataclass(frozen=True)
class Lists:
    """A column of lists of an enum: which lists are `known`, the rows of those that are `filled`,
    how many each of these holds, and the `places` of all that they hold, one after another, null
    for what is not in the enum."""

    known: pl.Series
    filled: pl.Series
    sizes: pl.Series
    indices: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> Lists:
        sizes = column.list.len()
        filled = (sizes > 0).arg_true()
        return cls(
            column.is_not_null(),
            filled,
            sizes.gather(filled),
            column.filter(sizes > 0).explode().to_physical(),
        )

    @property
    def rows(self) -> pl.Series:
        """The row of each place."""
        return pl.Series(np.repeat(self.filled.to_numpy(), self.sizes.to_numpy()))


def words(name: str, lists: Lists, members: Sequence[str]) -> list[pl.Series]:
    """The columns of words of a set, all of whose places are known; null where the list is. A set
    without members has none."""
    if not members:
        return []
    found = np.zeros((count_of_words(members), len(lists.known)), np.uint8)
    filled, sizes, indices = (
        lists.filled.to_numpy(),
        lists.sizes.to_numpy(),
        lists.indices.to_numpy(),
    )
    width, done = BITS * len(found), 0
    # A byte for each member of some rows, packed to bits: so few rows that their table stays in the
    # cache.
    table = np.empty((_TABLE // width, width), np.bool_)
    for first in range(0, len(filled), len(table)):
        rows = filled[first : first + len(table)]
        starts = np.repeat(
            np.arange(0, width * len(rows), width), sizes[first : first + len(table)]
        )
        table.fill(False)
        table.reshape(-1)[starts + indices[done : done + len(starts)]] = True
        done += len(starts)
        for word, packed in zip(
            found, np.packbits(table[: len(rows)], axis=1, bitorder="little").T, strict=True
        ):
            word[rows] = packed
    known = pl.when(lists.known)
    return [
        pl.select(known.then(pl.Series(word)).alias(word_column(name, index))).to_series()
        for index, word in enumerate(found)
    ]


def listed(words_of_row: Sequence[int], members: Sequence[str]) -> frozenset[str]:
    """The members whose bits are set."""
    return frozenset(
        member
        for index, member in enumerate(members)
        if words_of_row[index // BITS] >> (index % BITS) & 1
    )
