"""A synthetic population for measuring, as columns and as dictionaries: the facts of `rules`, 2.9
members a household on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.rules import GRADES, HOME_TRUTHS, NUMBERS, TRUTHS

if TYPE_CHECKING:
    import polars as pl

SIZES, SHARES = (1, 2, 3, 4, 5, 6), (0.15, 0.27, 0.27, 0.19, 0.08, 0.04)
"""How many members a household has, and how many households have so many."""
Column = NDArray[np.bool_] | NDArray[np.int8]


@dataclass(frozen=True)
class Crowd:
    """Columns in the order of households. Truths are booleans, numbers and places of grades small
    integers; `known` tells, by fact, where a value is known and is empty where all are. `of` is the
    place of each person's household."""

    home: dict[str, Column]
    person: dict[str, Column]
    of: NDArray[np.int32]
    known: dict[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.home[HOME_TRUTHS[0]])

    def first(self, households: int) -> Crowd:
        """The first households only."""
        people = int(np.searchsorted(self.of, households))
        return Crowd(
            {name: column[:households] for name, column in self.home.items()},
            {name: column[:people] for name, column in self.person.items()},
            self.of[:people],
            {
                name: known[: households if name in self.home else people]
                for name, known in self.known.items()
            },
        )

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Households and members with their ids, as a program would read them from files: grades as
        words, null for what is unknown."""
        import polars as pl

        ids = pl.Series("household", np.arange(len(self), dtype=np.int32))
        grades = pl.Series(GRADES, dtype=pl.Enum(GRADES))

        def columns(facts: dict[str, Column]) -> list[pl.Series]:
            found = []
            for name, values in facts.items():
                column = pl.Series(name, values)
                if name == "grade":
                    column = grades.gather(column.cast(pl.UInt32)).alias(name)
                if name in self.known:
                    column = pl.select(
                        pl.when(pl.Series(self.known[name])).then(column).alias(name)
                    ).to_series()
                found.append(column)
            return found

        members = [
            ids.gather(self.of),
            pl.Series("member", np.arange(len(self.of), dtype=np.int32)),
        ]
        return pl.DataFrame([ids, *columns(self.home)]), pl.DataFrame(
            [*members, *columns(self.person)]
        )

    def households(self) -> list[dict[str, object]]:
        """Household files as dictionaries, without the facts that are unknown."""
        homes = self._rows(self.home, len(self))
        members: list[list[dict[str, object]]] = [[] for _ in homes]
        for place, row in zip(self.of.tolist(), self._rows(self.person, len(self.of)), strict=True):
            members[place].append(row)
        return [
            {"household": home, "members": people}
            for home, people in zip(homes, members, strict=True)
        ]

    def people(self) -> list[dict[str, object]]:
        """A flat dictionary for each person, the facts of the household among them."""
        homes = self._rows(self.home, len(self))
        return [
            homes[place] | row
            for place, row in zip(
                self.of.tolist(), self._rows(self.person, len(self.of)), strict=True
            )
        ]

    def _rows(self, facts: dict[str, Column], count: int) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = [{} for _ in range(count)]
        for name, column in facts.items():
            values = [GRADES[code] for code in column] if name == "grade" else column.tolist()
            for row, value, known in zip(
                rows, values, self.known.get(name, [True] * count), strict=True
            ):
                if known:
                    row[name] = value
        return rows


def draw_crowd(households: int, unknown: float = 0.0) -> Crowd:
    """The same crowd for the same arguments; each fact is unknown at the rate `unknown`."""
    dice = np.random.default_rng(1)
    of = np.repeat(np.arange(households, dtype=np.int32), dice.choice(SIZES, households, p=SHARES))
    home: dict[str, Column] = {name: dice.random(households) < 0.3 for name in HOME_TRUTHS}
    person: dict[str, Column] = {name: dice.random(len(of)) < 0.3 for name in TRUTHS}
    ends = {**dict.fromkeys(NUMBERS, 40), "age": 90, "grade": len(GRADES) - 1}
    person |= {
        name: dice.integers(0, end, len(of), dtype=np.int8, endpoint=True)
        for name, end in ends.items()
    }
    facts = {**home, **person} if unknown else {}
    return Crowd(
        home,
        person,
        of,
        {name: dice.random(len(column)) >= unknown for name, column in facts.items()},
    )
