"""Columns that are worked out from columns, over two frames: the households, and their members in the order of the households.

A column is an expression over columns of its own frame, a household's column brought to its members, or what is gathered from the members for
their household. Columns of one level use only those of earlier levels, so each level is one pass over each frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from polars.datatypes import IntegerType

from jmentitle.language.tree import Entity

AS_WRITTEN = pl.QueryOptFlags.none()
"""Plans are made as they should run; looking for a better one takes longer than a small batch."""
Gather = Callable[["pl.DataFrame", "Members"], pl.Series]
"""Makes a household column out of columns of the members' frame."""
HOUSEHOLD_PREFIX = "household:"
ROW = "#"
"""The place of a row: a column that every frame keeps, so that it has its height also when nothing else is left of it."""


@dataclass(frozen=True)
class Members:
    """Which household each member belongs to: `of` holds the place of the household for each member, `starts` the first member of each."""

    of: pl.Series
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]

    @classmethod
    def of_counts(cls, counts: pl.Series) -> Members:
        sizes = counts.to_numpy().astype(np.int64)
        starts = np.zeros(len(sizes), dtype=np.int64)
        np.cumsum(sizes[:-1], out=starts[1:])
        return cls(pl.Series(np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)), starts)


    def subset(self, households: pl.Series) -> Members:
        """The members of some households, given as a mask."""
        sizes = pl.Series(np.diff(self.starts, append=len(self.of)))
        return Members.of_counts(sizes.filter(households))


@dataclass(frozen=True)
class Level:
    """What is worked out in one pass, and which columns of each frame are still needed afterwards."""

    household: list[pl.Expr]
    person: list[pl.Expr]
    broadcast: list[str]
    gathered: list[tuple[str, Gather]]
    keep_household: list[str]
    keep_person: list[str]


@dataclass
class Graph:
    """`levels_of` knows every column; those of the given frames and of a parent, which is worked out before, have level 0."""

    parent: Graph | None = None
    levels_of: dict[tuple[Entity, str], int] = field(default_factory=dict)
    _derived: dict[tuple[Entity, str], pl.Expr] = field(default_factory=dict)
    _gathered: dict[str, tuple[Gather, list[str]]] = field(default_factory=dict)
    _broadcast: list[str] = field(default_factory=list)

    def given(self, entity: Entity, names: Iterable[str]) -> None:
        self.levels_of.update({(entity, name): 0 for name in names})

    def derive(self, entity: Entity, name: str, expression: pl.Expr) -> pl.Expr:
        """A column with this name; the expression names only columns that exist."""
        self.levels_of[entity, name] = 1 + max((self._level_of(entity, used) for used in roots(expression)), default=0)
        self._derived[entity, name] = expression
        return pl.col(name)

    def _level_of(self, entity: Entity, name: str) -> int:
        if self.parent is not None and (entity, name) not in self.levels_of:
            return 0
        return self.levels_of[entity, name]

    def steps(self, entity: Entity) -> list[list[pl.Expr]]:
        """What is worked out for one frame, level by level, where nothing comes from the other."""
        count = max(self.levels_of.values(), default=0)
        levels: list[list[pl.Expr]] = [[] for _ in range(count)]
        for (_, name), expression in self._derived.items():
            levels[self.levels_of[entity, name] - 1].append(expression.alias(name))
        return [level for level in levels if level]

    def broadcast(self, name: str) -> pl.Expr:
        """A household's column as a column of its members."""
        brought = HOUSEHOLD_PREFIX + name
        if ("person", brought) not in self.levels_of:
            self.levels_of["person", brought] = self._level_of("household", name) + 1
            self._broadcast.append(name)
        return pl.col(brought)

    def gather(self, name: str, made_by: Gather, uses: list[str]) -> pl.Expr:
        """A household's column made out of columns of its members."""
        self.levels_of["household", name] = 1 + max((self._level_of("person", used) for used in uses), default=0)
        self._gathered[name] = (made_by, uses)
        return pl.col(name)

    def inputs(self) -> dict[Entity, list[str]]:
        """The columns of the given frames that something is worked out from."""
        used = {(entity, root) for (entity, _), expression in self._derived.items() for root in roots(expression)}
        used |= {("household", name) for name in self._broadcast} | {("person", root) for _, roots in self._gathered.values() for root in roots}
        found: dict[Entity, list[str]] = {"household": [], "person": []}
        for entity, name in used:
            if self._level_of(entity, name) == 0:
                found[entity].append(name)
        return found

    def plan(self, wanted: Iterable[tuple[Entity, str]]) -> list[Level]:
        """The passes in order; columns that nobody uses any more are let go."""
        last_use: dict[tuple[Entity, str], int] = {}

        def used(entity: Entity, name: str, level: int) -> None:
            last_use[entity, name] = max(level, last_use.get((entity, name), 0))

        for (entity, name), expression in self._derived.items():
            for root in roots(expression):
                used(entity, root, self.levels_of[entity, name])
        for name in self._broadcast:
            used("household", name, self.levels_of["person", HOUSEHOLD_PREFIX + name])
        for name, (_, uses) in self._gathered.items():
            for root in uses:
                used("person", root, self.levels_of["household", name])
        count = max(self.levels_of.values(), default=0)
        for entity, name in wanted:
            used(entity, name, count + 1)
        return [self._level(level, last_use) for level in range(1, count + 1)]

    def _level(self, level: int, last_use: dict[tuple[Entity, str], int]) -> Level:
        def derived(wanted: Entity) -> list[pl.Expr]:
            return [
                expression.alias(name)
                for (entity, name), expression in self._derived.items()
                if entity == wanted and self.levels_of[entity, name] == level and (entity, name) in last_use
            ]

        def kept(wanted: Entity) -> list[str]:
            return [name for (entity, name), last in last_use.items() if entity == wanted and self._level_of(entity, name) <= level < last]

        return Level(
            derived("household"),
            derived("person"),
            [name for name in self._broadcast if self.levels_of["person", HOUSEHOLD_PREFIX + name] == level],
            [(name, made_by) for name, (made_by, _) in self._gathered.items() if self.levels_of["household", name] == level],
            kept("household"),
            kept("person"),
        )


def roots(expression: pl.Expr) -> list[str]:
    """The columns that an expression is worked out from."""
    return expression.meta.root_names()


def work_out(levels: list[Level], households: pl.DataFrame, people: pl.DataFrame, members: Members) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames after all passes, with the place of each row."""
    households, people = _numbered(households, len(members.starts)), _numbered(people, len(members.of))
    for level in levels:
        gathered = [made_by(people, members).alias(name) for name, made_by in level.gathered]
        brought = _brought(households.select(level.broadcast), members) if level.broadcast else None
        if level.person:
            people = people.with_columns(level.person)
        if brought is not None:
            people = people.hstack(brought)
        if level.household:
            households = households.with_columns(level.household)
        if gathered:
            households = households.hstack(gathered)
        households, people = households.select(ROW, *level.keep_household), people.select(ROW, *level.keep_person)
    return households, people


def _brought(columns: pl.DataFrame, members: Members) -> pl.DataFrame:
    """The columns of households as columns of their members. Gathering is much faster where nothing is null, so nulls go as numbers of their own."""
    going, coming = [], []
    for column in columns.iter_columns():
        name, kind = column.name, column.dtype
        come = pl.col(name)
        if kind == pl.Boolean:
            going.append(pl.col(name).cast(pl.UInt8).fill_null(2))
            come = pl.when(come < 2).then(come == 1) if column.null_count() else come == 1
        elif isinstance(kind, IntegerType) and kind.is_signed_integer() and column.null_count():
            # INVARIANT: numbers stay away from the ends of their type (`numbers`).
            nobody = kind.min()
            going.append(pl.col(name).fill_null(nobody))
            come = pl.when(come != nobody).then(come)
        else:
            going.append(pl.col(name))
        coming.append(come.alias(HOUSEHOLD_PREFIX + name))
    return columns.lazy().select(going).select(pl.all().gather(members.of)).select(coming).collect(optimizations=AS_WRITTEN)


def _numbered(frame: pl.DataFrame, height: int) -> pl.DataFrame:
    places = pl.int_range(height, dtype=pl.UInt32, eager=True).alias(ROW)
    return pl.DataFrame([places, *frame.iter_columns()])


# gathering -------------------------------------------------------------------------------------------------------------------


def counts(test: pl.Series, members: Members) -> tuple[np.ndarray, np.ndarray | None]:
    """How many members of each household certainly pass a test, and for how many it is unknown; None where it is known for everybody."""
    households = len(members.starts)
    certain = np.bincount(members.of.filter(test).to_numpy(), minlength=households)
    if not test.null_count():
        return certain, None
    return certain, np.bincount(members.of.filter(test.is_null()).to_numpy(), minlength=households)


def sums(ends: pl.Series, members: Members) -> pl.Series:
    """The sum over the members of each household; null where it is for one of them."""
    if ends.dtype == pl.Int128:
        return _sums_128(ends, members)
    known = np.add.reduceat(ends.fill_null(0).to_numpy(), members.starts)
    found = pl.Series(known)
    if not ends.null_count():
        return found
    missing = pl.Series(np.bincount(members.of.filter(ends.is_null()).to_numpy(), minlength=len(found)) > 0)
    return pl.select(pl.when(~missing).then(found)).to_series()


def _sums_128(ends: pl.Series, members: Members) -> pl.Series:
    frame = pl.DataFrame({"household": members.of, "end": ends}).group_by("household", maintain_order=True)
    found = frame.agg(pl.when(pl.col("end").null_count() == 0).then(pl.col("end").sum()))
    return found["end"]
