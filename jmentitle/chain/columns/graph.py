"""The graph of derived columns over two frames: the households, and their members in the order of
the households.

A column is an expression over columns of its own frame, a household's column brought to its
members, or what is gathered from the members for their household. Columns of one level use only
those of earlier levels, so each level is one pass over each frame. Columns that matter only to some
rows are computed for those (a selection).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from jmentitle.chain.columns.coding import Coding
from jmentitle.chain.columns.members import HOUSEHOLD_PREFIX, Members, brought
from jmentitle.language.tree import Entity

Column = tuple[Entity, str]
Gather = Callable[["pl.DataFrame", "Members"], pl.Series]
"""Makes a household column out of columns of the members' frame."""
ROW = "#"
"""The place of a row: a column that every frame keeps, so that it has its height also when nothing
else is left of it."""
_AS_WRITTEN = pl.QueryOptFlags.none()
"""Plans are made as they should run; looking for a better one takes longer than a small batch."""
MOST_ROWS = 0.6
"""The share of rows up to which it is worth leaving the others out."""


@dataclass(frozen=True)
class Selection:
    """Columns computed step by step for the rows in which `guard` holds; other columns use the
    `outputs`. In all other rows they are what the column or value named by `elsewhere` says, or
    null."""

    entity: Entity
    guard: str
    inputs: list[str]
    steps: list[list[pl.Expr]]
    outputs: list[str]
    elsewhere: dict[str, str | bool]

    def work_out(self, frame: pl.DataFrame) -> pl.DataFrame:
        mask, found = frame[self.guard], frame[[ROW, *self.inputs]].lazy()
        if int(mask.sum()) >= MOST_ROWS * frame.height:
            return worked_out(found, self.steps, self.outputs)
        return self._among_others(
            worked_out(found.filter(mask), self.steps, [ROW, *self.outputs]), frame
        )

    def _among_others(self, found: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
        """The results for some rows as columns of the frame."""
        rows, columns = found[ROW], found[self.outputs].get_columns()
        coding = Coding.of(columns, nulls=True)
        everywhere = coding.codes(
            frame.select_seq(ROW, *[self._elsewhere(column) for column in columns])
        )
        return coding.columns(
            pl.DataFrame(
                [
                    everywhere[column.name].scatter(rows, column)
                    for column in coding.codes(found).iter_columns()
                ]
            )
        )

    def _elsewhere(self, column: pl.Series) -> pl.Expr:
        found = self.elsewhere.get(column.name)
        other = pl.col(found) if isinstance(found, str) else pl.lit(found, dtype=column.dtype)
        return other.alias(column.name)


@dataclass(frozen=True)
class Level:
    """The columns computed in one pass, and those of each frame that are needed afterwards."""

    household: list[pl.Expr]
    person: list[pl.Expr]
    broadcast: list[str]
    gathered: list[tuple[str, Gather]]
    selections: list[Selection]
    keep_household: list[str]
    keep_person: list[str]


@dataclass
class Graph:
    """Columns by their definition. Columns of the given frames and of a parent, which is computed
    first, exist already."""

    parent: Graph | None = None
    derived: dict[Column, pl.Expr] = field(default_factory=dict)
    costly: set[Column] = field(default_factory=set)
    guards: dict[Column, str] = field(default_factory=dict)
    elsewhere: dict[Column, str | bool] = field(default_factory=dict)
    _given: set[Column] = field(default_factory=set)
    _gathered: dict[str, tuple[Gather, list[str]]] = field(default_factory=dict)
    _broadcast: dict[str, None] = field(default_factory=dict)
    _levels: dict[Column, int] = field(default_factory=dict)

    # what there is

    def given(self, entity: Entity, names: Iterable[str]) -> None:
        self._given |= {(entity, name) for name in names}

    def derive(
        self, entity: Entity, name: str, expression: pl.Expr, *, costly: bool = False
    ) -> pl.Expr:
        """A column with this name; the expression names only columns that exist. `costly` ones may
        be worth a guard."""
        self.derived[entity, name] = expression
        if costly:
            self.costly.add((entity, name))
        return pl.col(name)

    def broadcast(self, name: str) -> pl.Expr:
        """A household's column as a column of its members."""
        self._broadcast[name] = None
        return pl.col(HOUSEHOLD_PREFIX + name)

    @property
    def brought(self) -> list[str]:
        """The households' columns that are brought to their members."""
        return list(self._broadcast)

    def gather(self, name: str, made_by: Gather, uses: list[str]) -> pl.Expr:
        """A household's column made out of columns of its members."""
        self._gathered[name] = (made_by, uses)
        return pl.col(name)

    def uses(self) -> Iterator[tuple[Column, Column]]:
        """Each column that is made here with each column that it is made from."""
        for (entity, name), expression in self.derived.items():
            yield from (((entity, name), (entity, root)) for root in roots(expression))
        yield from (
            (("person", HOUSEHOLD_PREFIX + name), ("household", name)) for name in self._broadcast
        )
        yield from (
            (("household", name), ("person", root))
            for name, (_, uses) in self._gathered.items()
            for root in uses
        )

    def inputs(self) -> dict[Entity, list[str]]:
        """The columns that something here is made from and that are not made here."""
        made = {column for column, _ in self.uses()}
        used = {column: None for _, column in self.uses() if column not in made}
        return {
            entity: [name for owner, name in used if owner == entity]
            for entity in ("household", "person")
        }

    # in which order

    def steps(self, entity: Entity) -> list[list[pl.Expr]]:
        """The steps for one frame that need no column of the other."""
        return in_steps(
            {
                name: expression
                for (owner, name), expression in self.derived.items()
                if owner == entity
            }
        )

    def plan(self, wanted: Iterable[Column]) -> list[Level]:
        """The passes in order; columns that nobody uses any more are let go."""
        self._levels = self._find_levels()
        last_use: dict[Column, int] = {}
        for column, root in self.uses():
            last_use[root] = max(last_use.get(root, 0), self._levels[column])
        for column in self.guards:
            for before in self._before(column):
                last_use[before] = max(last_use.get(before, 0), self._levels[column])
        count = max(self._levels.values(), default=0)
        for column in wanted:
            last_use[column] = count + 1
        return [self._level(level, last_use) for level in range(1, count + 1)]

    def _find_levels(self) -> dict[Column, int]:
        """The level of every column that is made here. A selection is made in one go, after all
        that comes from outside of it."""
        before: dict[Column, set[Column]] = {}
        for column, root in self.uses():
            before.setdefault(self._unit(column), set()).add(self._unit(root))
        for column in self.guards:
            before[self._unit(column)].update(self._before(column))
        levels: dict[Column, int] = {}

        def level(unit: Column) -> int:
            if unit not in levels:
                made = unit in before or unit in self.derived
                levels[unit] = (
                    1 + max((level(one) for one in before.get(unit, ()) if one != unit), default=0)
                    if made
                    else 0
                )
            return levels[unit]

        return {
            column: level(self._unit(column))
            for column in {made: None for made, _ in self.uses()} | dict.fromkeys(self.derived)
        }

    def _before(self, column: Column) -> list[Column]:
        """The columns that a guarded column needs besides its inputs."""
        elsewhere = self.elsewhere.get(column)
        return [
            (column[0], name) for name in (self.guards[column], elsewhere) if isinstance(name, str)
        ]

    def _unit(self, column: Column) -> Column:
        """The columns computed together: a selection, or a single column."""
        return (column[0], f"selection {self.guards[column]}") if column in self.guards else column

    def _level(self, level: int, last_use: dict[Column, int]) -> Level:
        made = [column for column, at in self._levels.items() if at == level and column in last_use]

        def derived(wanted: Entity) -> list[pl.Expr]:
            alone = [
                column
                for column in made
                if column[0] == wanted and column in self.derived and column not in self.guards
            ]
            return [self.derived[column].alias(column[1]) for column in alone]

        def kept(wanted: Entity) -> list[str]:
            there = (
                name
                for (owner, name), last in last_use.items()
                if owner == wanted and self._levels.get((owner, name), 0) <= level < last
            )
            return [ROW, *there]

        selections = {
            (column[0], self.guards[column]): None for column in made if column in self.guards
        }
        return Level(
            derived("household"),
            derived("person"),
            [name for name in self._broadcast if ("person", HOUSEHOLD_PREFIX + name) in made],
            [
                (name, made_by)
                for name, (made_by, _) in self._gathered.items()
                if ("household", name) in made
            ],
            [self._selection(guard, entity, made, last_use) for entity, guard in selections],
            kept("household"),
            kept("person"),
        )

    def _selection(
        self, guard: str, entity: Entity, made: list[Column], last_use: dict[Column, int]
    ) -> Selection:
        names = {
            name: self.derived[owner, name]
            for owner, name in made
            if owner == entity and self.guards.get((owner, name)) == guard
        }
        used = {
            root: None
            for expression in names.values()
            for root in roots(expression)
            if root not in names
        }
        outputs = [name for name in names if self._used_elsewhere((entity, name), last_use)]
        elsewhere = {
            name: self.elsewhere[entity, name]
            for name in outputs
            if (entity, name) in self.elsewhere
        }
        return Selection(entity, guard, list(used), in_steps(names), outputs, elsewhere)

    def _used_elsewhere(self, column: Column, last_use: dict[Column, int]) -> bool:
        return last_use.get(column, 0) > self._levels[column]


def roots(expression: pl.Expr) -> list[str]:
    """The input columns of an expression."""
    return expression.meta.root_names()


def in_steps(expressions: Mapping[str, pl.Expr]) -> list[list[pl.Expr]]:
    """Columns of one frame in topological order: the columns of a step use only those of earlier
    steps."""
    steps: dict[str, int] = {}

    def step(name: str) -> int:
        if name not in steps:
            steps[name] = 1 + max(
                (step(root) for root in roots(expressions[name]) if root in expressions), default=-1
            )
        return steps[name]

    found: list[list[pl.Expr]] = [[] for _ in range(1 + max(map(step, expressions), default=-1))]
    for name, expression in expressions.items():
        found[steps[name]].append(expression.alias(name))
    return found


def worked_out(
    plan: pl.LazyFrame, steps: Iterable[list[pl.Expr]], wanted: Iterable[str | pl.Expr]
) -> pl.DataFrame:
    """The requested columns after all steps, in one pass."""
    for step in steps:
        plan = plan.with_columns_seq(step)
    return plan.select_seq(*wanted).collect(engine="in-memory", optimizations=_AS_WRITTEN)


def work_out(
    levels: list[Level], households: pl.DataFrame, people: pl.DataFrame, members: Members
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames after all passes, with the place of each row."""
    households, people = (
        _numbered(households, len(members.starts)),
        _numbered(people, len(members.of)),
    )
    for level in levels:
        own: list[pl.DataFrame] = []
        each: list[pl.DataFrame] = []
        for selection in level.selections:
            (own if selection.entity == "household" else each).append(
                selection.work_out(households if selection.entity == "household" else people)
            )
        if level.gathered:
            own.append(
                pl.DataFrame(
                    [made_by(people, members).alias(name) for name, made_by in level.gathered]
                )
            )
        if level.broadcast:
            each.append(brought(households[level.broadcast], members.of))
        households = _passed(households, level.household, own, level.keep_household)
        people = _passed(people, level.person, each, level.keep_person)
    return households, people


def _passed(
    frame: pl.DataFrame, derived: list[pl.Expr], beside: list[pl.DataFrame], kept: list[str]
) -> pl.DataFrame:
    """The columns of a frame that are kept after a pass."""
    if derived:
        frame = frame.with_columns_seq(derived)
    if beside:
        frame = pl.concat([frame, *beside], how="horizontal")
    return frame[kept]


def _numbered(frame: pl.DataFrame, height: int) -> pl.DataFrame:
    positions = pl.int_range(height, dtype=pl.UInt32, eager=True).alias(ROW)
    return pl.DataFrame([positions, *frame.iter_columns()])
