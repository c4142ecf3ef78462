"""Enums and sets over columns: an enum fact is the index of its member, a set fact is some words of
bits, one bit for each member."""

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
"""Members to a word. Rules use few members of a set, so they read small words faster."""
WORD = pl.UInt8
_TABLE = 2**20


def word_column(name: str, word: int) -> str:
    """The column of a word of the set `name`, which holds the members from BITS * word on."""
    return f"{name}:{word}"


def count_of_words(members: Sequence[str]) -> int:
    """The number of words for a set of these members."""
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
    matches = column == indices[0]
    for index in indices[1:]:
        matches = matches | (column == index)
    return matches


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
    """A column of lists of an enum, by its non-empty lists.

    `known` is the mask of lists that are not null, `filled` holds the rows of non-empty lists,
    `sizes` their lengths, and `indices` the index in the enum of each entry, one list after the
    other; null for entries outside the enum.
    """

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
        """The row of each index."""
        return pl.Series(np.repeat(self.filled.to_numpy(), self.sizes.to_numpy()))


def words(name: str, lists: Lists, members: Sequence[str]) -> list[pl.Series]:
    """The columns of words of a set without null indices; null where the list is null. An enum
    without members has no words."""
    if not members:
        return []
    packed_words = np.zeros((count_of_words(members), len(lists.known)), np.uint8)
    filled, sizes, indices = (
        series.to_numpy() for series in (lists.filled, lists.sizes, lists.indices)
    )
    width = BITS * len(packed_words)
    done = 0
    # The table has a byte for each member of a batch of rows, packed to bits afterwards. A batch is
    # small enough for the table to stay in the cache.
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
            packed_words,
            np.packbits(table[: len(rows)], axis=1, bitorder="little").T,
            strict=True,
        ):
            word[rows] = packed
    if_known = pl.when(lists.known)
    return [
        pl.select(if_known.then(pl.Series(word)).alias(word_column(name, index))).to_series()
        for index, word in enumerate(packed_words)
    ]


def members_of_words(words_of_row: Sequence[int], members: Sequence[str]) -> frozenset[str]:
    """The members whose bits are set."""
    return frozenset(
        member
        for index, member in enumerate(members)
        if words_of_row[index // BITS] >> (index % BITS) & 1
    )
