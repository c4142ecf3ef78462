"""The figures of a synthetic city: families, and the distribution of every column of people and
households.

Every value is one integer: a member of an enum as its index, a truth as 0 or 1, a set as bits, a
date as days since 1970-01-01, a number at the `scale` of its column. `NULL` is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from jmentitle.language.diagnostics import Span
from jmentitle.language.record import record
from jmentitle.language.tree import Entity
from jmentitle.pack.text import Text

NULL = -(2**31)
FAMILY, ROLE, AGE = "family", "role", "age"
"""The columns that every city has before any other: the kind of family, the part of a member in it,
and completed years."""

Kind = Literal["truth", "choice", "choices", "number", "day"]
Name = tuple[Entity, str]


@record
class Test:
    """A test of one column: one of `values`, a set with one of `members` (as bits), or a number
    from `least` to `most`, both inclusive."""

    column: Name
    values: frozenset[int] = frozenset()
    members: int = 0
    least: int | None = None
    most: int | None = None


@record
class Where:
    """The rows of a case: every test holds, and where `any_member` has tests, some member of the
    household passes them all.

    `text` is what the file writes.
    """

    tests: tuple[Test, ...] = ()
    any_member: tuple[Test, ...] = ()
    text: str = ""

    @property
    def columns(self) -> set[Name]:
        return {test.column for test in (*self.tests, *self.any_member)}


# how a value is drawn
# --------------------------------------------------------------------------------------------------


@record
class Fixed:
    value: int


@record
class Shares:
    """One of `codes`; `upto` are the shares added up, and end with 1."""

    codes: tuple[int, ...]
    upto: tuple[float, ...]


@record
class Chances:
    """A set: each member is in it with its own share, whatever else is."""

    shares: tuple[float, ...]


@record
class Spread:
    """A number between quantiles, evenly spread from each to the next: `values` at the shares `at`,
    rounded to `step`.

    `counted` says what the number counts: itself, days before the day, or years since birth.
    """

    at: tuple[float, ...]
    values: tuple[float, ...]
    step: float = 1
    counted: Literal["number", "days_ago", "at_age"] = "number"


@record
class Same:
    """The value of another column, of the same row or of the partner's."""

    column: Name
    partner: bool = False


Draw = Fixed | Shares | Chances | Spread | Same


@record
class Mark:
    """The source of figures: made up, cited, or both where a cited figure is filled in with made-up
    ones."""

    synthetic: bool
    cite: tuple[str, ...]


@record
class Case:
    where: Where
    draw: Draw
    mark: Mark
    text: str
    """the figures as the file writes them"""


@record
class Column:
    """A fact, a status with a certificate, a helper that only other columns look at, or one item or
    benefit received.

    Of the cases the first that fits a row counts; a row that none fits is unknown.
    """

    name: Name
    role: Literal["fact", "helper", "received"]
    kind: Kind
    members: tuple[str, ...]
    scale: int
    where: Where
    cases: tuple[Case, ...]
    note: Text
    span: Span

    @property
    def whole(self) -> bool:
        """Whether every number is whole in its unit, and not finer."""
        unit = 10**self.scale
        draws = [case.draw for case in self.cases]
        steps = [draw.value for draw in draws if isinstance(draw, Fixed) and draw.value != NULL]
        steps += [
            int(draw.step)
            for draw in draws
            if isinstance(draw, Spread) and draw.counted == "number"
        ]
        return all(step % unit == 0 for step in steps)

    @property
    def uses(self) -> set[Name]:
        columns = set(self.where.columns)
        for case in self.cases:
            columns |= case.where.columns
            if isinstance(case.draw, Same):
                columns.add(case.draw.column)
        return columns


# families
# --------------------------------------------------------------------------------------------------


@record
class Member:
    """One place in a kind of family. `years` is the age on the day or, with `before`, how much
    older than that member."""

    name: str
    years: Spread
    before: int | None
    partner: int | None


@record
class Family:
    """A kind of family; `order` lists the indices of its members, each after the one from whom its
    age is counted."""

    name: str
    members: tuple[Member, ...]
    order: tuple[int, ...]
    mark: Mark


@record
class Marginals:
    """All columns, each after those that it uses."""

    note: Text
    on: date
    birth: str
    families: tuple[Family, ...]
    roles: tuple[str, ...]
    columns: tuple[Column, ...]
