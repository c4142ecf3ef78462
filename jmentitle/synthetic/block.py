"""Some consecutive households of a synthetic city, drawn column by column.

Each row of a column takes the first case that fits it. A column with `where: {age: {until: 17}}`
and the cases `where: {disabled: true}`, `value: true` and then `share: 0.5`, for four people:

    age   disabled   column's where   first case   second case   value
    40    false      no                                          unknown
    12    true       yes              yes                        true
    15    false      yes              no           drawn         true or false
    9     unknown    yes              no           drawn         true or false
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from jmentitle.language.time import last_day_of_month
from jmentitle.language.tree import Entity
from jmentitle.synthetic.draws import MEMBERS, Draws, Ints, Keys
from jmentitle.synthetic.marginals import (
    AGE,
    FAMILY,
    NULL,
    ROLE,
    Chances,
    Column,
    Draw,
    Family,
    Fixed,
    Marginals,
    Name,
    Same,
    Shares,
    Spread,
    Test,
    Where,
)

Values = npt.NDArray[np.signedinteger[Any]]
Mask = npt.NDArray[np.bool_]

DAYS_A_YEAR = 365.2425
_EARLIEST = (date(1900, 1, 1) - date(1970, 1, 1)).days


class Block:
    """Households `first` to `first + count - 1`. `values` holds what has been drawn so far, by
    column.

    INVARIANT: members are in the order of their households; `starts` holds the first row of each.
    """

    def __init__(
        self, marginals: Marginals, draws: Draws, on: date, first: int, count: int
    ) -> None:
        self.marginals = marginals
        self.draws = draws
        self.day = (on - date(1970, 1, 1)).days
        self.on = on
        self.values: dict[Name, Values] = {}
        self.ids: npt.NDArray[np.int64] = np.arange(first, first + count, dtype=np.int64)
        self.keys: dict[Entity, Keys] = {
            "household": self.ids.astype(np.uint64) * np.uint64(MEMBERS) + np.uint64(MEMBERS - 1)
        }
        self.starts: Ints = np.zeros(0, dtype=np.int64)
        self.home: Ints = np.zeros(0, dtype=np.int64)
        """the household of each member, by its index in the block"""
        self.partner: Ints = np.zeros(0, dtype=np.int64)
        """the row of each member's partner, or -1"""
        for column in marginals.columns:
            self.values[column.name] = self._column(column)
            if column.name == ("household", FAMILY):
                self._people(self.values[column.name])

    # people

    def _people(self, kinds: Values) -> None:
        families = self.marginals.families
        sizes = np.array([len(family.members) for family in families], dtype=np.int64)[kinds]
        self.starts = np.cumsum(sizes) - sizes
        self.home = np.repeat(np.arange(len(kinds), dtype=np.int64), sizes)
        slots = np.arange(len(self.home), dtype=np.int64) - self.starts[self.home]
        self.keys["person"] = (self.ids[self.home] * MEMBERS + slots).astype(np.uint64)
        self.partner = np.full(len(self.home), -1, dtype=np.int64)
        roles = np.zeros(len(self.home), dtype=np.int32)
        born = np.zeros(len(self.home), dtype=np.float64)
        indices = {role: index for index, role in enumerate(self.marginals.roles)}
        for code, family in enumerate(families):
            at = self.starts[np.flatnonzero(kinds == code)]
            self._births(family, at, born)
            for slot, member in enumerate(family.members):
                roles[at + slot] = indices[member.name]
                if member.partner is not None:
                    self.partner[at + slot] = at + member.partner
        birth = np.floor(np.clip(born, _EARLIEST, self.day)).astype(np.int32)
        self.values["person", ROLE] = roles
        self.values["person", self.marginals.birth] = birth
        self.values["person", AGE] = completed_years(birth, self.on)

    def _births(self, family: Family, at: Ints, born: npt.NDArray[np.float64]) -> None:
        """Days of birth of everybody in the families that begin at the rows `at`."""
        for slot in family.order:
            member = family.members[slot]
            rows = at + slot
            years = self.draws.spread(member.years, self.marginals.birth, self.keys["person"][rows])
            since = float(self.day) if member.before is None else born[at + member.before]
            born[rows] = since - years * DAYS_A_YEAR

    # columns

    def _column(self, column: Column) -> Values:
        entity = column.name[0]
        keys = self.keys[entity]
        drawn: Values = np.full(
            len(keys), NULL, dtype=np.int64 if column.kind == "choices" else np.int32
        )
        left = self._where(column.where, entity)
        for case in column.cases:
            fits = self._where(case.where, entity)
            now = left if fits is None else fits if left is None else left & fits
            rows = None if now is None else np.flatnonzero(now)
            if rows is None:
                drawn[:] = self._draw(case.draw, column.name, keys, slice(None))
                break
            if len(rows):
                drawn[rows] = self._draw(case.draw, column.name, keys[rows], rows)
            if fits is None:
                break
            left = ~fits if left is None else left & ~fits
        return drawn

    def _draw(self, draw: Draw, name: Name, keys: Keys, rows: Ints | slice) -> Ints | Values | int:
        stream = ".".join(name)
        match draw:
            case Fixed(value=value):
                return value
            case Shares():
                return self.draws.choice(draw, stream, keys)
            case Chances():
                return self.draws.members(draw, stream, keys)
            case Same():
                return self._same(draw, name[0], rows)
            case Spread(counted="number"):
                return self.draws.spread(draw, stream, keys).astype(np.int64)
            case Spread(counted="days_ago"):
                return self.day - self.draws.spread(draw, stream, keys).astype(np.int64)
            case Spread():
                birth = self.values["person", self.marginals.birth][rows]
                return np.minimum(
                    birth + self.draws.spread(draw, stream, keys) * DAYS_A_YEAR, self.day
                ).astype(np.int64)

    def _same(self, draw: Same, entity: Entity, rows: Ints | slice) -> Values:
        values = self.values[draw.column]
        if draw.partner:
            partner = self.partner[rows]
            return np.where(partner >= 0, values[partner], NULL)
        return values[rows] if draw.column[0] == entity else values[self.home[rows]]

    # conditions

    def _where(self, where: Where, entity: Entity) -> Mask | None:
        """The rows that a condition holds for; None for all of them."""
        selected: Mask | None = None
        for test in where.tests:
            mask = self._test(test)
            if test.column[0] != entity:
                mask = mask[self.home]
            selected = mask if selected is None else selected & mask
        if where.any_member:
            inner = self._where(Where(where.any_member), "person")
            assert inner is not None
            some = np.logical_or.reduceat(inner, self.starts)
            selected = some if selected is None else selected & some
        return selected

    def _test(self, test: Test) -> Mask:
        values = self.values[test.column]
        if test.values:
            codes = sorted(test.values)
            return (
                np.isin(values, codes)
                if len(codes) > 3
                else reduce(np.logical_or, [values == code for code in codes])
            )
        mask: Mask = values != NULL
        if test.members:
            mask &= (values & test.members) != 0
        if test.least is not None:
            mask &= values >= test.least
        if test.most is not None:
            mask &= values <= test.most
        return mask


def completed_years(birth: npt.NDArray[np.int32], on: date) -> npt.NDArray[np.int32]:
    """Ages on a day, as `language.time.years_between` counts them, from days since 1970-01-01."""
    days = birth.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day = (days - months).astype(np.int64) + 1
    since = (on.year - 1970) * 12 + on.month - 1 - months.astype(np.int64)
    if on.day < last_day_of_month(on.year, on.month):
        since -= day > on.day
    return (since // 12).astype(np.int32)
