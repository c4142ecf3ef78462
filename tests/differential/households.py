"""Households drawn for one day: from the values at which the rules turn, and many of them aimed at
one rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import cast

import numpy as np

from jmentitle import Pack
from jmentitle.chain.columns.sets import receivable
from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import LARGEST_NUMBER, RECEIVES
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts, Row, RowOrder, Value
from tests.differential.aiming import Aim
from tests.differential.edges import DAY, Edges, fitting

SIZES, SHARES = (1, 2, 3, 4, 5, 6, 7, 8, 40), (0.25, 0.25, 0.2, 0.14, 0.06, 0.04, 0.03, 0.02, 0.01)
"""How many members a household has, and how many households have so many."""
UNKNOWN = (0.0, 0.0, 0.02, 0.1, 0.3, 0.6)
"""The rates at which the facts of a household are unknown."""
OFTEN = (0.1, 0.3, 0.5, 0.9)
"""The rates at which truths hold in a household."""
UNCERTIFIED = (0.0, 0.8, 1.0, 1.0)
"""The rates at which a status that a certificate may state is not stated."""
ABSENT = (0.0, 0.0, 0.1, 0.4)
"""The share of facts that are unknown for everybody of a batch: they have no column."""
CHAINED, AIMED = 0.15, 0.65
"""How many households are aimed at what grants open, and at one benefit."""
FLIPPED, FORGOTTEN = 0.4, 0.2
"""In how many of the latter a leaf is turned round, and in how many a fact that is read is
forgotten."""


@dataclass(frozen=True)
class Batch:
    """Households of one day. The representation shows none of them."""

    on: date
    households: list[Facts]

    def __repr__(self) -> str:
        return f"<Batch of {len(self.households):,} households on {self.on}>"


class Drawing:
    """Batches of a pack: the same for the same seed and number."""

    def __init__(self, pack: Pack, seed: int, households: int) -> None:
        self.pack, self.seed, self.households = pack, seed, households
        self.order = pack.row_order
        self.days = days_of(pack)
        self._edges: dict[Ruleset, Edges] = {}

    def batch(self, number: int) -> Batch:
        dice = Random(f"{self.seed}/{number}")
        on = dice.choice(self.days)
        ruleset = self.pack.ruleset(on)
        edges = self._edges.get(ruleset)
        if edges is None:
            edges = self._edges[ruleset] = Edges(ruleset)
        return Batch(on, Draw(self.order, edges, on, dice).many(self.households))


def days_of(pack: Pack) -> list[date]:
    """The days on which rules change and those beside them, both ends of the validity, and odd days
    of the calendar."""
    first, last = pack.content.first_day, pack.content.last_day
    days = {day + step * DAY for day in pack.breakpoints for step in (-1, 0, 1)} | {first, last}
    for year in range(first.year, last.year + 1):
        days |= {
            date(year, 3, 1) - DAY,
            date(year, 3, 1),
            date(year, 2, 28),
            date(year, 12, 31),
            date(year, 4, 30),
            date(year, 8, 31),
        }
    return sorted(day for day in days if first <= day <= last)


class Draw:
    """The draws of one batch. Facts are drawn column by column, which is fast; the aiming goes
    through the households one by one."""

    def __init__(self, order: RowOrder, edges: Edges, on: date, dice: Random) -> None:
        self.order, self.edges, self.ruleset, self.on, self.dice = (
            order,
            edges,
            edges.ruleset,
            on,
            dice,
        )
        self.numbers = np.random.default_rng(dice.getrandbits(64))
        self.huge = dice.random() < 0.2
        self.absent = dice.choice(ABSENT)
        self.references = [
            benefit for benefit, node in self.ruleset.conditions.items() if node is not None
        ]
        self.chains = edges.chains

    def many(self, count: int) -> list[Facts]:
        sizes = self.numbers.choice(SIZES, count, p=SHARES)
        unknown, often, uncertified = (
            self.numbers.choice(rates, count) for rates in (UNKNOWN, OFTEN, UNCERTIFIED)
        )
        own = self._rows("household", self.order.household, unknown, often, uncertified)
        of = np.repeat(np.arange(count), sizes)
        people = self._rows("person", self.order.person, unknown[of], often[of], uncertified[of])
        households, start = [], 0
        for row, size in zip(own, sizes.tolist(), strict=True):
            ids = [f"member_{place + 1}" for place in range(size)]
            households.append(
                Facts(self.order, row, people[start : start + size], ids, self.dice.random() < 0.85)
            )
            start += size
        # In turn, so that no benefit is left out.
        benefits = cycle(self.dice.sample(self.references, len(self.references)))
        for facts in households:
            chance = self.dice.random()
            if chance < CHAINED and self.chains:
                self._chain(facts, *self.dice.choice(self.chains))
            elif chance < CHAINED + AIMED:
                self.aim(facts, next(benefits))
        return households

    def _rows(
        self,
        entity: Entity,
        names: dict[str, int],
        unknown: Floats,
        often: Floats,
        uncertified: Floats,
    ) -> list[Row]:
        columns: list[list[Value | None]] = []
        for name in names:
            stated = (entity, name) in self.ruleset.content.facts or name == RECEIVES
            if self.dice.random() < self.absent:
                columns.append([None] * len(unknown))
                continue
            values = self._values(entity, name, often)
            hidden = self.numbers.random(len(unknown)) < (
                unknown if stated else np.maximum(unknown, uncertified)
            )
            for place in np.flatnonzero(hidden).tolist():
                values[place] = None
            columns.append(values)
        return [list(row) for row in zip(*columns, strict=True)]

    def _values(self, entity: Entity, name: str, often: Floats) -> list[Value | None]:
        content, rows = self.ruleset.content, len(often)
        if name == RECEIVES:
            return self._of(self._some_sets(receivable(content, entity), []), rows)
        fact = content.facts.get((entity, name))
        named = sorted(self.edges.members[entity, name])
        match None if fact is None else fact.type:
            case tree.Choice(enum=enum):
                return self._of([*content.enums[enum].members, *named, *named], rows)
            case tree.ChoiceSet(enum=enum):
                return self._of(self._some_sets(list(content.enums[enum].members), named), rows)
            case tree.Day():
                anywhere = [
                    self.on - timedelta(days=self.dice.randrange(36_000)) for _ in range(20)
                ]
                return self._of([*self.edges.some_days((entity, name), self.on), *anywhere], rows)
            case tree.Numeric():
                assert fact is not None
                pool = self.edges.some_numbers(fact)
                if self.huge:
                    pool += [fitting(fact, LARGEST_NUMBER)]
                return self._of(pool, rows)
        return cast("list[Value | None]", (self.numbers.random(rows) < often).tolist())

    def _of(self, pool: Sequence[Value], rows: int) -> list[Value | None]:
        return [pool[place] for place in self.numbers.integers(0, len(pool), rows).tolist()]

    def _some_sets(self, words: list[str], named: list[str]) -> list[frozenset[str]]:
        """Sets of a few words, more of those that rules name."""
        drawn = [
            frozenset(self.dice.sample(words, min(len(words), self.dice.choice((1, 1, 2, 3)))))
            for _ in range(30)
        ]
        return (
            [frozenset()] * 40 + drawn + [frozenset([word]) for word in named] + [frozenset(named)]
        )

    def _chain(self, facts: Facts, status: str, grantor: str, opened: str) -> None:
        """Make open a benefit that grants a status, and another but for this status: what follows
        is open later, as far as other facts let it."""
        member = self.dice.randrange(len(facts.members))

        def whose(benefit: str) -> int | None:
            return None if self.ruleset.entity_of(benefit) == "household" else member

        definition, aim = (
            self.ruleset.content.statuses[status],
            Aim(self.ruleset, facts, self.on, self.dice, status),
        )
        aim.open(opened, whose(opened))
        aim.put(definition.entity, member, RECEIVES, frozenset())
        if definition.certificate is not None:
            aim.put(definition.entity, member, status, None)
        aim.open(grantor, whose(grantor))

    def aim(self, facts: Facts, benefit: str) -> None:
        """Make a benefit open for somebody; then often turn round one leaf of it, or forget one
        fact that it reads."""
        node, dice = self.ruleset.conditions[benefit], self.dice
        assert node is not None
        member = (
            None
            if self.ruleset.entity_of(benefit) == "household"
            else dice.randrange(len(facts.members))
        )
        aim = Aim(self.ruleset, facts, self.on, dice)
        aim.open(benefit, member)
        below = [inner for inner in tree.walk(node) if isinstance(inner, tree.Leaf)]
        chance = dice.random()
        if below and chance < FLIPPED:
            self._flip(aim, dice.choice(below), member)
        elif chance < FLIPPED + FORGOTTEN:
            read = [inner for inner in self._read(node) if isinstance(inner, tree.Fact)]
            if read:
                fact = dice.choice(read)
                aim.put(
                    fact.entity,
                    dice.randrange(len(facts.members)) if member is None else member,
                    fact.name,
                    None,
                )

    def _flip(self, aim: Aim, leaf: tree.Leaf, member: int | None) -> None:
        """A leaf within a member function is asked of a member."""
        owner = self.dice.randrange(len(aim.facts.members)) if member is None else member
        aim.truth(leaf, owner, self.dice.random() < 0.5)

    def _read(self, node: Node) -> list[Node]:
        """What the condition reads itself and through one status."""
        behind = (
            self.ruleset.statuses[inner.name]
            for inner in tree.walk(node)
            if isinstance(inner, tree.Status)
        )
        return [
            inner
            for root in (node, *behind)
            if root is not None
            for inner in self.edges.within(root)
        ]


Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
