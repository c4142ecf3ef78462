"""What each engine finds for the households of a batch, and where two of them differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from jmentitle.chain.columns.engine import Layers
from jmentitle.chain.columns.passes import ENTITIES
from jmentitle.chain.columns.unknowns import undetermined_causes
from jmentitle.chain.outcome import NEVER, NOW, Outcome, split_benefits
from jmentitle.chain.specification import World
from jmentitle.language.tree import Entity
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.frames import Population
from jmentitle.profile.facts import Facts
from tests.support.columns import expected_hanging, expected_money, layers_of, rows_paid
from tests.support.engines import compiled_engine

Table = np.ndarray[tuple[int, int, int], np.dtype[np.int8]]
"""For each row, whether of a household or of a member, and each benefit: the layers in which it
becomes possible and certain."""
_UNDETERMINED = 2
_POSSIBLE, _CERTAIN = (
    np.array(layers, dtype=np.int8) for layers in ([NEVER, NOW, NOW], [NEVER, NOW, NEVER])
)


@dataclass(frozen=True)
class Difference:
    """Where two engines differ, by places in the batch. It says what each found and no fact of the
    household."""

    pair: str
    household: int
    member: int | None
    benefit: str
    left: object
    right: object

    def __str__(self) -> str:
        whose = "the household" if self.member is None else f"members[{self.member}]"
        return f"{self.pair}: {self.benefit} of {whose}: {self.left} against {self.right}"


class Beside:
    """What the engines find for the same households, each worked out once. The specification and
    what needs it are slow."""

    def __init__(self, ruleset: Ruleset, on: date, households: Sequence[Facts]) -> None:
        self.ruleset, self.on, self.households = ruleset, on, list(households)
        self.starts = np.cumsum([0, *(len(facts.members) for facts in self.households)])

    def first(self, count: int) -> Beside:
        """The first households only."""
        return (
            self
            if count >= len(self.households)
            else Beside(self.ruleset, self.on, self.households[:count])
        )

    @property
    def decisions(self) -> int:
        """How many benefits are decided for somebody."""
        own, each = split_benefits(self.ruleset)
        return len(own) * len(self.households) + len(each) * int(self.starts[-1])

    # what engines find

    def outcomes(self, name: str) -> list[Outcome]:
        return [
            compiled_engine(name).run(self.ruleset, facts, self.on) for facts in self.households
        ]

    @cached_property
    def layers(self) -> Layers:
        return layers_of(self.ruleset, self.households, self.on)

    @cached_property
    def by_native(self) -> dict[Entity, Table]:
        return tables_of(self.outcomes("native"))

    @cached_property
    def by_columns(self) -> dict[Entity, Table]:
        names = dict(zip(ENTITIES, split_benefits(self.ruleset), strict=True))
        return {entity: _table(self.layers, entity, names[entity]) for entity in ENTITIES}

    @cached_property
    def worlds(self) -> list[World]:
        return [World(self.ruleset, facts, self.on, {}) for facts in self.households]

    # where they differ

    def columns(self) -> Iterator[Difference]:
        """Decisions of columns against native."""
        return self._between("columns", self.by_columns, self.by_native)

    def specification(self) -> Iterator[Difference]:
        """Decisions of native against the specification."""
        return self._between("specification", self.by_native, self._by_specification)

    def durable(self) -> Iterator[Difference]:
        """Decisions of durable against native."""
        return self._between("durable", tables_of(self.outcomes("durable")), self.by_native)

    def money(self) -> Iterator[Difference]:
        """Amounts and how long they last, of columns against the specification's arithmetic."""
        for benefit, definition in self.ruleset.benefits.items():
            if definition.pays is not None:
                expected = expected_money(self.ruleset, benefit, self.worlds, self._specified)
                yield from self._rows("money", benefit, rows_paid(self.layers, benefit), expected)

    def reasons(self) -> Iterator[Difference]:
        """Whether what is open hangs on facts and on unpublished values, of columns against one
        household at a time."""
        population = Population.of_facts(self.ruleset.content, self.households)
        hanging = undetermined_causes(
            self.ruleset, self.on, population, list(self.ruleset.benefits)
        )
        for benefit in self.ruleset.benefits:
            rows = hanging[benefit].rows() if benefit in hanging else []
            found = {row: (facts, values) for row, facts, values in rows}
            yield from self._rows(
                "reasons", benefit, found, expected_hanging(self.ruleset, benefit, self.worlds)
            )

    @cached_property
    def _specified(self) -> list[Outcome]:
        return self.outcomes("specification")

    @cached_property
    def _by_specification(self) -> dict[Entity, Table]:
        return tables_of(self._specified)

    def _between(
        self, pair: str, left: dict[Entity, Table], right: dict[Entity, Table]
    ) -> Iterator[Difference]:
        for entity, benefits in zip(ENTITIES, split_benefits(self.ruleset), strict=True):
            for row, place in np.argwhere((left[entity] != right[entity]).any(axis=1)).tolist():
                found = (tuple(table[entity][row, :, place].tolist()) for table in (left, right))
                yield Difference(pair, *self._place(entity, row), benefits[place], *found)

    def _rows(
        self, pair: str, benefit: str, left: Mapping[int, object], right: Mapping[int, object]
    ) -> Iterator[Difference]:
        """Where something found for some rows differs, or is found by one only."""
        if left == right:
            return
        for row in sorted(left.keys() | right.keys()):
            if left.get(row) != right.get(row):
                yield Difference(
                    pair,
                    *self._place(self.ruleset.entity_of(benefit), row),
                    benefit,
                    left.get(row),
                    right.get(row),
                )

    def _place(self, entity: Entity, row: int) -> tuple[int, int | None]:
        """The household of a row, and which of its members it is."""
        if entity == "household":
            return row, None
        household = int(np.searchsorted(self.starts, row, side="right")) - 1
        return household, row - int(self.starts[household])


PAIRS: dict[str, Callable[[Beside], Iterator[Difference]]] = {
    "columns": Beside.columns,
    "specification": Beside.specification,
    "durable": Beside.durable,
    "money": Beside.money,
    "reasons": Beside.reasons,
}


def tables_of(outcomes: list[Outcome]) -> dict[Entity, Table]:
    own = [(outcome.household.possible, outcome.household.certain) for outcome in outcomes]
    each = [(found.possible, found.certain) for outcome in outcomes for found in outcome.members]
    return {"household": np.array(own, dtype=np.int8), "person": np.array(each, dtype=np.int8)}


def _table(layers: Layers, entity: Entity, benefits: Sequence[str]) -> Table:
    now = (
        layers.now[entity]
        .select(pl.col(*benefits).cast(pl.UInt8).fill_null(_UNDETERMINED))
        .to_numpy()
    )
    found = np.stack([_POSSIBLE[now], _CERTAIN[now]], axis=1)
    for place, benefit in enumerate(benefits):
        if benefit in layers.later:
            later = layers.later[benefit]
            found[later["row"].to_numpy(), :, place] = later.select(
                "possible", "certain"
            ).to_numpy()
    return found
