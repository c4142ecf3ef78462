"""A population: many households as two frames of checked facts, in the form that columns of rules
read.

Truths are booleans, numbers integers at the scale of their fact (money: fen) in as few bits as all
of them fit in, dates dates, enums the index of their member, and sets words of bits (`sets`). Null
is unknown; a fact that is unknown for everybody has no column. Four people, before and after:

    wage_income  disability_grade  disability_types    wage_income  ..._grade  ..._types:0
    900          grade_1           [visual, limb]           90000           1            9
    0            none              []                           0           0            0
    null         null              null                      null        null         null
    1234.56      grade_2           [hearing]               123456           2            2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl
import polars.selectors as cs

from jmentitle.chain.columns import sets
from jmentitle.chain.columns.compiler import Columns, Sizes
from jmentitle.chain.columns.members import Members
from jmentitle.errors import HouseholdError
from jmentitle.language import tree
from jmentitle.language.collector import Collector
from jmentitle.language.tree import Entity
from jmentitle.language.values import MemberId
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES, Content
from jmentitle.pack.rows import RowOrder
from jmentitle.population.process import here
from jmentitle.profile.facts import Facts, Row, Value

HOUSEHOLD, MEMBER = "household", "member"
_LARGEST: dict[pl.DataType, int] = {pl.Int8(): 2**7, pl.Int16(): 2**15, pl.Int32(): 2**31}
FRAMES: dict[Entity, str] = {"household": "households", "person": "members"}
_INTEGERS = ((pl.Int8, 2**7 - 1), (pl.Int16, 2**15 - 1), (pl.Int32, 2**31 - 1))


@dataclass(frozen=True)
class Population:
    """Checked facts of many households, in columns; `len` is the number of households. The
    representation shows no value: these are personal data.

    Fields:
        household_ids: The ids that the frame of households came with.
        member_ids: The ids of members, in the order of their households.
    Example:
        >>> population
        <Population of 300 households with 867 members>
    """

    content: Content
    households: pl.DataFrame
    people: pl.DataFrame
    members: Members
    household_ids: pl.Series
    member_ids: pl.Series

    @classmethod
    def of_facts(cls, content: Content, households: Sequence[Facts]) -> Population:
        """A population of households that have been checked one by one."""
        order = RowOrder.of(content)
        members = [member for facts in households for member in facts.members]
        household_facts = _frame(
            content, "household", order.household, [facts.household for facts in households]
        )
        complete = pl.DataFrame(
            {MEMBERS_COMPLETE: [facts.members_complete for facts in households]},
            schema={MEMBERS_COMPLETE: pl.Boolean},
        )
        return cls(
            content,
            pl.concat([household_facts, complete], how="horizontal"),
            _frame(content, "person", order.person, members),
            Members.of_counts(
                pl.Series([len(facts.members) for facts in households], dtype=pl.UInt32)
            ),
            pl.Series(HOUSEHOLD, range(len(households)), dtype=pl.UInt32),
            _ids([id_ for facts in households for id_ in facts.ids]),
        )

    @property
    def columns(self) -> Columns:
        return {
            "household": frozenset(self.households.columns),
            "person": frozenset(self.people.columns),
        }

    @property
    def sizes(self) -> Sizes:
        """The bounds of the numbers in narrow columns: 2 to the power of their bits."""
        frames: tuple[tuple[Entity, pl.DataFrame], ...] = (
            ("household", self.households),
            ("person", self.people),
        )
        return {
            (entity, name): _LARGEST[kind]
            for entity, frame in frames
            for name, kind in frame.schema.items()
            if kind in _LARGEST
        }

    def __len__(self) -> int:
        return len(self.household_ids)

    def __repr__(self) -> str:
        return f"<Population of {len(self):,} households with {len(self.member_ids):,} members>"

    def check(self, content: Content, on: date) -> None:
        """Whether these facts can be decided by a pack on a day. Raises HouseholdError (JM101)
        where the pack has other facts, and (JM074) where a fact is dated after that day."""
        here()
        collector = Collector()
        if not reads_alike(self.content, content):
            expected = "a population read with `population` of this pack"
            collector.add(
                "JM101",
                "the population was read with a pack that has other facts",
                path="population",
                expected=expected,
            )
        for name, frame in zip(FRAMES.values(), (self.households, self.people), strict=True):
            for column in frame.select(cs.date()).iter_columns():
                late = int((column > on).sum())
                if late:
                    path = f"{name}.{column.name}, rows: {late:,}"
                    message = "the dates are after the day of assessment"
                    collector.add("JM074", message, path=path, expected=f"dates up to {on}")
        if collector.errors:
            raise HouseholdError(collector.errors)

    def part(self, first: int, count: int) -> Population:
        """Some households in a row, from the one at place `first` on."""
        here()
        starts = self.members.starts
        begin = int(starts[first])
        end = int(starts[first + count]) if first + count < len(starts) else len(self.member_ids)
        whole = first == 0 and count >= len(self)
        members = (
            self.members
            if whole
            else Members(
                (self.members.of[begin:end] - first).cast(pl.UInt32),
                starts[first : first + count] - begin,
            )
        )
        return Population(
            self.content,
            self.households[first : first + count],
            self.people[begin:end],
            members,
            self.household_ids[first : first + count],
            self.member_ids[begin:end],
        )

    def parts(self, size: int) -> Iterator[Population]:
        """The whole population, `size` households at a time."""
        for first in range(0, len(self), size):
            yield self.part(first, min(size, len(self) - first))

    def facts(self, index: int) -> Facts:
        """The facts of one household, as `Pack.read` would give them."""
        single = self.part(index, 1)
        order = RowOrder.of(self.content)
        (household,) = _rows(self.content, "household", order.household, single.households, 1)
        complete = MEMBERS_COMPLETE not in single.households.columns or bool(
            single.households[MEMBERS_COMPLETE][0]
        )
        members = _rows(self.content, "person", order.person, single.people, len(single.member_ids))
        return Facts(order, household, members, single.member_ids.to_list(), complete)


def _ids(ids: list[MemberId]) -> pl.Series:
    """Ids of members as they came: texts, whole numbers, or objects where there are both or numbers
    beyond 128 bits."""
    kinds = {type(id_) for id_ in ids}
    if kinds <= {str}:
        return pl.Series(MEMBER, ids, dtype=pl.String)
    whole = kinds == {int} and all(-(2**127) <= id_ < 2**127 for id_ in ids if isinstance(id_, int))
    return pl.Series(MEMBER, ids, dtype=pl.Int128 if whole else pl.Object)


def reads_alike(left: Content, right: Content) -> bool:
    """Whether two packs keep facts in the same columns."""

    def columns(content: Content) -> object:
        certified = {
            status.name for status in content.statuses.values() if status.certificate is not None
        }
        enums = {name: list(enum.members) for name, enum in content.enums.items()}
        receivable = [sets.receivable(content, entity) for entity in FRAMES]
        return {key: fact.type for key, fact in content.facts.items()}, enums, certified, receivable

    return left is right or columns(left) == columns(right)


def words_of(content: Content, entity: Entity, name: str) -> list[str] | None:
    """The members of a set, in their order; None where the name is no set."""
    if name == RECEIVES:
        return sets.receivable(content, entity)
    fact = content.facts.get((entity, name))
    return (
        list(content.enums[fact.type.enum].members)
        if fact is not None and isinstance(fact.type, tree.ChoiceSet)
        else None
    )


def members_of(content: Content, entity: Entity, name: str) -> list[str] | None:
    """The members of an enum fact; None where the name is no enum."""
    fact = content.facts.get((entity, name))
    return (
        list(content.enums[fact.type.enum].members)
        if fact is not None and isinstance(fact.type, tree.Choice)
        else None
    )


def column_type(content: Content, entity: Entity, name: str) -> type[pl.DataType]:
    """The type of the column of a fact; for a set, that of its lists before they become words."""
    fact = content.facts.get((entity, name))
    match None if fact is None else fact.type:
        case tree.Numeric():
            return pl.Int64
        case tree.Day():
            return pl.Date
        case tree.Choice():
            return pl.UInt8
        case tree.Truth() | tree.ChoiceSet() | None:
            return pl.Boolean


def compact(columns: Iterable[pl.Series]) -> pl.DataFrame:
    """The columns in which something is known."""
    return pl.DataFrame(
        [column for column in columns if column.null_count() < len(column) or not len(column)]
    )


def narrow(numbers: pl.Series) -> pl.Series:
    """Whole numbers in as few bits as all of them fit in."""
    low, high = numbers.min(), numbers.max()
    return numbers.cast(narrowest(int(cast("int", low or 0)), int(cast("int", high or 0))))


def narrowest(low: int, high: int) -> type[pl.DataType]:
    """The type with the fewest bits that holds whole numbers from `low` to `high`; 64 at most."""
    return next((kind for kind, most in _INTEGERS if -most <= low and high <= most), pl.Int64)


def _frame(
    content: Content, entity: Entity, order: dict[str, int], rows: Sequence[Row]
) -> pl.DataFrame:
    columns: list[pl.Series] = []
    for name, index in order.items():
        columns += columns_of(content, entity, name, [row[index] for row in rows])
    return compact(columns)


def columns_of(
    content: Content, entity: Entity, name: str, values: Sequence[Value | None]
) -> list[pl.Series]:
    """Checked values of one fact as a population holds them."""
    words, members = words_of(content, entity, name), members_of(content, entity, name)
    if words is not None:
        if all(value is None for value in values):
            return []
        lists = [None if value is None else list(cast("frozenset[str]", value)) for value in values]
        return sets.words(
            name, sets.Lists.of(pl.Series(lists, dtype=pl.List(pl.Enum(words)))), words
        )
    if members is not None:
        return [
            pl.Series(
                name,
                [None if value is None else members.index(cast("str", value)) for value in values],
                dtype=pl.UInt8,
            )
        ]
    column = pl.Series(name, values, dtype=column_type(content, entity, name))
    return [narrow(column) if column.dtype == pl.Int64 else column]


def _rows(
    content: Content, entity: Entity, order: dict[str, int], frame: pl.DataFrame, height: int
) -> list[Row]:
    columns: list[list[Value | None]] = []
    for name in order:
        words, members = words_of(content, entity, name), members_of(content, entity, name)
        if words is not None and sets.word_column(name, 0) in frame.columns:
            known = frame.select(pl.col(f"^{name}:[0-9]+$")).rows()
            columns.append(
                [None if row[0] is None else sets.members_of_words(row, words) for row in known]
            )
        elif name not in frame.columns:
            columns.append([None] * height)
        elif members is not None:
            columns.append(
                [None if index is None else members[index] for index in frame[name].to_list()]
            )
        else:
            columns.append(cast("list[Value | None]", frame[name].to_list()))
    return [list(row) for row in zip(*columns, strict=True)]
