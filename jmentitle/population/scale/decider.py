"""The rules of a day over a population that comes part by part: compiled once, whatever happens to
be unknown in one of the parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.chain.columns import sets
from jmentitle.chain.columns.compiler import Columns
from jmentitle.chain.columns.engine import ColumnEngine
from jmentitle.language.tree import Entity
from jmentitle.pack.model import Content
from jmentitle.population.frames import HOUSEHOLD, MEMBER, Population, column_type, words_of
from jmentitle.population.run import Run

if TYPE_CHECKING:
    from jmentitle.pack.rules import Rules


class Decider:
    """Decides parts of one population; `columns` are those that any of its parts may have."""

    def __init__(self, pack: Rules, on: date, columns: Columns) -> None:
        self.pack = pack
        self.on = on
        self.columns = columns
        self.engine = ColumnEngine(pack.ruleset(on), on, columns, {})

    def run(self, part: Population) -> Run:
        """The run of one part. Its facts may be fewer than the columns, not more."""
        households = _widen(
            part.content, "household", part.households, len(part), self.columns["household"]
        )
        people = _widen(
            part.content, "person", part.people, len(part.member_ids), self.columns["person"]
        )
        return Run(self.pack, self.on, part, self.engine.run(households, people, part.members))


def columns_of(content: Content, households: Iterable[str], members: Iterable[str]) -> Columns:
    """The columns that a population may have whose frames have columns with these names."""
    return {
        "household": _columns(content, "household", households),
        "person": _columns(content, "person", members),
    }


def _columns(content: Content, entity: Entity, names: Iterable[str]) -> frozenset[str]:
    columns: set[str] = set()
    for name in names:
        words = words_of(content, entity, name)
        if words is not None:
            columns |= {sets.word_column(name, word) for word in range(sets.count_of_words(words))}
        elif name not in (HOUSEHOLD, MEMBER):
            columns.add(name)
    return frozenset(columns)


def _widen(
    content: Content, entity: Entity, frame: pl.DataFrame, height: int, wanted: frozenset[str]
) -> pl.DataFrame:
    """The frame with a column of nulls for each fact that is unknown for everybody in it."""
    missing = [
        pl.repeat(
            None,
            height,
            dtype=sets.WORD if ":" in name else column_type(content, entity, name),
            eager=True,
        ).alias(name)
        for name in sorted(wanted.difference(frame.columns))
    ]
    return frame.hstack(missing) if frame.width else pl.DataFrame(missing)
