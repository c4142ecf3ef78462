"""Moves: single changes of facts, and sets of them, applied to a household."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, product

from jmentitle.language import tree
from jmentitle.profile.facts import Facts, Row, Value
from jmentitle.views.counterfactual.models import HOW

WAIT = "on"
"""The name of the day of assessment, as in a household file."""
MOST_MOVES = 4
MOST_SETS = 24
MOST_OPTIONS = 12
_NEVER = HOW.index("never")
Key = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Move:
    """One fact of a member (None: the household) put to any one of `options`; of a WAIT, the day of
    assessment.

    `reason` is the condition that asks for it: (what is compared, for whom, whether it must hold).
    `far` orders moves that are alike in kind.
    """

    member: int | None
    name: str
    options: tuple[Value, ...]
    how: str
    far: int = 0
    reason: tuple[tree.Compare, int | None, bool] | None = field(default=None, compare=False)

    @property
    def key(self) -> Key:
        return self.member, self.name

    @property
    def hard(self) -> int:
        return HOW.index(self.how)


Moves = tuple[Move, ...]
"""Moves of different facts, in the order of their keys."""
NOTHING: Moves = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts of a household on a day."""

    facts: Facts
    on: date

    def with_values(self, values: dict[Key, Value]) -> Situation:
        if not values:
            return self
        facts = self.facts
        rows: dict[int | None, Row] = {None: facts.household, **dict(enumerate(facts.members))}
        on = self.on
        for (member, name), value in values.items():
            if name == WAIT:
                assert isinstance(value, date)
                on = value
                continue
            if rows[member] is facts.row(member):
                rows[member] = list(rows[member])
            rows[member][
                facts.order.of_entity("household" if member is None else "person")[name]
            ] = value
        members = [rows[index] for index in range(len(facts.members))]
        return Situation(
            Facts(facts.order, rows[None], members, facts.ids, facts.members_complete), on
        )


def firsts(moves: Moves) -> dict[Key, Value]:
    """The first option of every move."""
    return {move.key: move.options[0] for move in moves}


def cost(moves: Moves) -> tuple[int, int, int, int]:
    """Nearest first: what can change at all, then as few moves as possible, then the easiest."""
    hardest = max((move.hard for move in moves), default=0)
    return int(hardest == _NEVER), len(moves), hardest, sum(move.far for move in moves)


def best(sets: Iterable[Moves], most: int = MOST_SETS) -> list[Moves]:
    """The nearest sets, each once."""
    small = (moves for moves in sets if len(moves) <= MOST_MOVES)
    return sorted(dict.fromkeys(small), key=cost)[:most]


def together(parts: Iterable[list[Moves]], facts: Facts) -> list[Moves]:
    """Sets that do what one of each part does; none when a part cannot be done."""
    combinations: list[Moves] = [NOTHING]
    for part in parts:
        combinations = best(
            merged
            for left, right in product(combinations, part)
            if (merged := merge(left, right, facts)) is not None
        )
        if not combinations:
            return []
    return combinations


def merge(first: Moves, second: Moves, facts: Facts) -> Moves | None:
    """Both sets as one; None where they ask different things of a fact."""
    by_key = {move.key: move for move in first}
    for move in second:
        previous = by_key.get(move.key)
        combined = move if previous is None or previous == move else _combine(previous, move, facts)
        if combined is None:
            return None
        by_key[move.key] = combined
    return tuple(
        by_key[key]
        for key in sorted(by_key, key=lambda key: (key[0] is not None, key[0] or 0, key[1]))
    )


def _combine(first: Move, second: Move, facts: Facts) -> Move | None:
    """One move that does what two do: a later day, a number further on, an option that both have,
    both changes of a set."""
    if first.name == WAIT:
        return max(first, second, key=lambda move: move.far)
    now = facts.value(first.member, first.name)
    both = tuple(option for option in first.options if option in second.options)
    if both:
        return replace(first, options=both)
    first_value, second_value = first.options[0], second.options[0]
    if (
        isinstance(now, frozenset)
        and isinstance(first_value, frozenset)
        and isinstance(second_value, frozenset)
    ):
        return replace(
            first,
            options=((first_value & second_value) | (first_value - now) | (second_value - now),),
        )
    if (
        type(now) is int
        and type(first_value) is int
        and type(second_value) is int
        and (first_value > now) == (second_value > now)
    ):
        return first if abs(first_value - now) > abs(second_value - now) else second
    return None


def choices(moves: Moves) -> Iterator[dict[Key, Value]]:
    """The ways of picking one option of every move."""
    for picked in islice(product(*(move.options for move in moves)), MOST_SETS):
        yield {move.key: option for move, option in zip(moves, picked, strict=True)}
