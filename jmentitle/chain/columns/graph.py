"""The graph of derived columns over two frames: the households, and their members in the order of
the households.

A column is an expression over columns of its own frame, a household's column broadcast to its
members, or a column gathered from the members of each household. Columns of one level use only
columns of earlier levels, so each level is one pass over each frame. A selection is a group of
columns that is computed only for the rows in which a guard holds.

Example: a selection with the guard `g`, the input `x`, the step `y = x * 2`, the output `y` and
`elsewhere = {"y": "z"}`. It filters rows 0 and 2, computes `y` there, and takes `z` in the others:

    before                           after the filter     after
    #  g      x  z                   #  x  y              #  y
    0  true   5  0                   0  5  10             0  10
    1  false  6  1         ->        2  7  14       ->    1  1
    2  true   7  0                                        2  14
    3  false  8  null                                     3  null
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from jmentitle.chain.columns.coding import Coding
from jmentitle.chain.columns.members import HOUSEHOLD_PREFIX, Members, bring_to_members
from jmentitle.language.tree import Entity

Column = tuple[Entity, str]
Gather = Callable[["pl.DataFrame", "Members"], pl.Series]
"""Computes a household column from columns of the members' frame."""
ROW = "#"
"""The column of row numbers. Every frame keeps it, so that a frame without other columns still has
its height."""
_AS_WRITTEN = pl.QueryOptFlags.none()
"""No optimization: plans are written as they should run, and optimizing takes longer than a small
batch."""
MOST_ROWS = 0.6
"""The largest share of selected rows for which filtering pays."""


@dataclass(frozen=True)
class Selection:
    """Columns computed step by step for the rows in which `guard` holds. Other columns use the
    `outputs`; in the other rows `elsewhere` gives the value of an output, or the column that holds
    it (null by default)."""

    entity: Entity
    guard: str
    inputs: list[str]
    steps: list[list[pl.Expr]]
    outputs: list[str]
    elsewhere: dict[str, str | bool]

    def compute(self, frame: pl.DataFrame) -> pl.DataFrame:
        mask = frame[self.guard]
        inputs = frame[[ROW, *self.inputs]].lazy()
        if int(mask.sum()) >= MOST_ROWS * frame.height:
            return run_steps(inputs, self.steps, self.outputs)
        return self._among_others(
            run_steps(inputs.filter(mask), self.steps, [ROW, *self.outputs]), frame
        )

    def _among_others(self, selected: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
        """The results for the selected rows, scattered into columns of the height of the frame."""
        rows = selected[ROW]
        columns = selected[self.outputs].get_columns()
        coding = Coding.of(columns, nulls=True)
        everywhere = coding.codes(
            frame.select_seq(ROW, *[self._elsewhere(column) for column in columns])
        )
        return coding.columns(
            pl.DataFrame(
                [
                    everywhere[column.name].scatter(rows, column)
                    for column in coding.codes(selected).iter_columns()
                ]
            )
        )

    def _elsewhere(self, column: pl.Series) -> pl.Expr:
        source = self.elsewhere.get(column.name)
        fallback = pl.col(source) if isinstance(source, str) else pl.lit(source, dtype=column.dtype)
        return fallback.alias(column.name)


@dataclass(frozen=True)
class Level:
    """The columns computed in one pass, and the columns of each frame that later passes use."""

    household: list[pl.Expr]
    person: list[pl.Expr]
    broadcast: list[str]
    gathered: list[tuple[str, Gather]]
    selections: list[Selection]
    keep_household: list[str]
    keep_person: list[str]


@dataclass
class Graph:
    """Derived columns by name. Their expressions may also use the columns that a population has,
    and columns of other graphs that are computed before."""

    derived: dict[Column, pl.Expr] = field(default_factory=dict)
    costly: set[Column] = field(default_factory=set)
    guards: dict[Column, str] = field(default_factory=dict)
    elsewhere: dict[Column, str | bool] = field(default_factory=dict)
    _gathered: dict[str, tuple[Gather, list[str]]] = field(default_factory=dict)
    _broadcast: dict[str, None] = field(default_factory=dict)
    _levels: dict[Column, int] = field(default_factory=dict)

    # columns

    def derive(
        self, entity: Entity, name: str, expression: pl.Expr, *, costly: bool = False
    ) -> pl.Expr:
        """A column with this name; the expression uses only existing columns. `costly` columns may
        get a guard."""
        self.derived[entity, name] = expression
        if costly:
            self.costly.add((entity, name))
        return pl.col(name)

    def broadcast(self, name: str) -> pl.Expr:
        """A household's column as a column of its members."""
        self._broadcast[name] = None
        return pl.col(HOUSEHOLD_PREFIX + name)

    @property
    def broadcast_names(self) -> list[str]:
        """The households' columns that are broadcast to their members."""
        return list(self._broadcast)

    def gather(self, name: str, gather: Gather, uses: list[str]) -> pl.Expr:
        """A household's column computed from the columns `uses` of its members."""
        self._gathered[name] = (gather, uses)
        return pl.col(name)

    def uses(self) -> Iterator[tuple[Column, Column]]:
        """Each column of this graph with each column that it is computed from."""
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
        """The columns that this graph uses and does not compute, by entity."""
        made = {column for column, _ in self.uses()}
        used = {column: None for _, column in self.uses() if column not in made}
        return {
            entity: [name for owner, name in used if owner == entity]
            for entity in ("household", "person")
        }

    # order

    def steps(self, entity: Entity) -> list[list[pl.Expr]]:
        """The steps of one frame, without any column of the other."""
        return in_steps(
            {
                name: expression
                for (owner, name), expression in self.derived.items()
                if owner == entity
            }
        )

    def plan(self, wanted: Iterable[Column]) -> list[Level]:
        """The passes in order; each drops the columns that no later pass uses."""
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
        """The level of every column of this graph. The columns of a selection share one level,
        after all its inputs."""
        before: dict[Column, set[Column]] = {}
        for column, root in self.uses():
            before.setdefault(self._unit(column), set()).add(self._unit(root))
        for column in self.guards:
            before[self._unit(column)].update(self._before(column))
        levels: dict[Column, int] = {}

        def level(unit: Column) -> int:
            if unit not in levels:
                is_computed = unit in before or unit in self.derived
                levels[unit] = (
                    1
                    + max(
                        (level(required) for required in before.get(unit, ()) if required != unit),
                        default=0,
                    )
                    if is_computed
                    else 0
                )
            return levels[unit]

        return {
            column: level(self._unit(column))
            for column in {user: None for user, _ in self.uses()} | dict.fromkeys(self.derived)
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

        def expressions_of(wanted: Entity) -> list[pl.Expr]:
            alone = [
                column
                for column in made
                if column[0] == wanted and column in self.derived and column not in self.guards
            ]
            return [self.derived[column].alias(column[1]) for column in alone]

        def columns_used_later(wanted: Entity) -> list[str]:
            names = (
                name
                for (owner, name), last in last_use.items()
                if owner == wanted and self._levels.get((owner, name), 0) <= level < last
            )
            return [ROW, *names]

        selections = {
            (column[0], self.guards[column]): None for column in made if column in self.guards
        }
        return Level(
            expressions_of("household"),
            expressions_of("person"),
            [name for name in self._broadcast if ("person", HOUSEHOLD_PREFIX + name) in made],
            [
                (name, gather)
                for name, (gather, _) in self._gathered.items()
                if ("household", name) in made
            ],
            [self._selection(guard, entity, made, last_use) for entity, guard in selections],
            columns_used_later("household"),
            columns_used_later("person"),
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

    grouped: list[list[pl.Expr]] = [[] for _ in range(1 + max(map(step, expressions), default=-1))]
    for name, expression in expressions.items():
        grouped[steps[name]].append(expression.alias(name))
    return grouped


def run_steps(
    plan: pl.LazyFrame, steps: Iterable[list[pl.Expr]], wanted: Iterable[str | pl.Expr]
) -> pl.DataFrame:
    """The `wanted` columns after all steps, in one pass."""
    for step in steps:
        plan = plan.with_columns_seq(step)
    return plan.select_seq(*wanted).collect(engine="in-memory", optimizations=_AS_WRITTEN)


def run_levels(
    levels: list[Level], households: pl.DataFrame, people: pl.DataFrame, members: Members
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames after all passes, with the number of each row."""
    households = _with_row_numbers(households, len(members.starts))
    people = _with_row_numbers(people, len(members.of))
    for level in levels:
        household_parts: list[pl.DataFrame] = []
        person_parts: list[pl.DataFrame] = []
        for selection in level.selections:
            (household_parts if selection.entity == "household" else person_parts).append(
                selection.compute(households if selection.entity == "household" else people)
            )
        if level.gathered:
            household_parts.append(
                pl.DataFrame(
                    [gather(people, members).alias(name) for name, gather in level.gathered]
                )
            )
        if level.broadcast:
            person_parts.append(bring_to_members(households[level.broadcast], members.of))
        households = _finish_pass(
            households, level.household, household_parts, level.keep_household
        )
        people = _finish_pass(people, level.person, person_parts, level.keep_person)
    return households, people


def _finish_pass(
    frame: pl.DataFrame, derived: list[pl.Expr], added: list[pl.DataFrame], wanted: list[str]
) -> pl.DataFrame:
    """The `wanted` columns of a frame after a pass, which derives some and adds others."""
    if derived:
        frame = frame.with_columns_seq(derived)
    if added:
        frame = pl.concat([frame, *added], how="horizontal")
    return frame[wanted]


def _with_row_numbers(frame: pl.DataFrame, height: int) -> pl.DataFrame:
    positions = pl.int_range(height, dtype=pl.UInt32, eager=True).alias(ROW)
    return pl.DataFrame([positions, *frame.iter_columns()])
