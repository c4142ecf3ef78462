"""The search: proposals come from the conditions, each is proved by deciding again, and nothing
that can be left out remains.

A family of four asks for a benefit that needs an income below 620 and rural registration:

| proposal                    | opens | part that is enough | suggestion |
| wait a year                 | no    |                     |            |
| income 619                  | no    |                     |            |
| income 619, rural           | yes   | both                | yes        |
| income 619, rural, disabled | yes   | income 619, rural   | the same   |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from jmentitle.profile.facts import Value
from jmentitle.views.counterfactual.decisions import Decisions
from jmentitle.views.counterfactual.moves import (
    MOST_MOVES,
    WAIT,
    Key,
    Move,
    Moves,
    best,
    choices,
    cost,
    firsts,
)

MOST_SUGGESTIONS = 5
MOST_DECISIONS = 600


@dataclass
class Search:
    """The nearest changes for one member (None: the household) in one situation in which every goal
    of the cone is closed.

    INVARIANT: each set of `smallest_changes` opens a goal, with every choice of its options, and
    no part of it does.
    """

    decisions: Decisions
    member: int | None
    complete: bool = True
    _decided: dict[frozenset[tuple[Key, Value]], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cone = self.decisions.cone
        self.now = self.decisions.now

    def smallest_changes(self) -> list[Moves]:
        """At most MOST_SUGGESTIONS sets, the nearest first."""
        proved: dict[frozenset[Key], Moves] = {}
        for moves in self.candidates():
            sound = self.prove(moves)
            if sound is not None:
                keys = frozenset(move.key for move in sound)
                proved[keys] = _either(proved[keys], sound) if keys in proved else sound
        return sorted(proved.values(), key=cost)[:MOST_SUGGESTIONS]

    # proposals

    def candidates(self) -> Iterator[Moves]:
        """Waiting alone, then what the conditions ask for; where that is not enough, what they ask
        for afterwards."""
        waiting = self.wait()
        if waiting is not None:
            yield waiting
        start = self.start()
        if start is None:
            return
        for moves in self.proposals(start):
            yield moves
            if not self.opens(moves) and len(moves) < MOST_MOVES:
                for more in self.proposals({**start, **firsts(moves)})[:MOST_SUGGESTIONS]:
                    further = {move.key: move for move in (*moves, *more)}
                    if len(further) <= MOST_MOVES:
                        yield tuple(
                            sorted(
                                further.values(),
                                key=lambda move: (
                                    move.member is not None,
                                    move.member or 0,
                                    move.name,
                                ),
                            )
                        )

    def start(self) -> dict[Key, Value] | None:
        """Nothing, or waiting for the first day on which a goal exists."""
        day = self.cone.first_day_in_force(self.now.on)
        return None if day is None else {(None, WAIT): day} if day != self.now.on else {}

    def wait(self) -> Moves | None:
        """The first day on which a goal is open though no fact has changed."""
        for day in self.decisions.days:
            move = Move(None, WAIT, (day,), "time", (day - self.now.on).days)
            if self.opens((move,)):
                return (move,)
        return None

    def proposals(self, values: dict[Key, Value]) -> list[Moves]:
        """The sets that the conditions of the goals ask for after some changes, now and with
        everything granted that can be."""
        on = self.decisions.of(values)[0].on
        proposed: list[Moves] = []
        for repairs in self.decisions.repairs(values):
            for goal in self.cone.goals:
                if goal.reference in repairs.world.ruleset.benefits:
                    proposed += repairs.of_benefit(goal.reference, self.member)
        if on != self.now.on:
            begins = Move(None, WAIT, (on,), "time", (on - self.now.on).days)
            proposed = [
                moves if any(move.name == WAIT for move in moves) else (begins, *moves)
                for moves in proposed
            ]
        return best(moves for moves in proposed if moves)

    # proofs

    def prove(self, moves: Moves) -> Moves | None:
        """The part of the set that is enough, with those options that are; None when it opens
        nothing."""
        pivot = next((values for values in choices(moves) if self.opens_with(values)), None)
        if pivot is None:
            return None
        least = self.least(pivot)
        reduced = tuple(
            replace(move, options=self.options(move, least)) for move in moves if move.key in least
        )
        if all(self.sound(values) for values in choices(reduced)):
            return reduced
        return tuple(replace(move, options=(least[move.key],)) for move in reduced)

    def least(self, values: dict[Key, Value]) -> dict[Key, Value]:
        """A smallest part that is enough."""
        for size in range(1, len(values)):
            for keys in combinations(values, size):
                part = {key: values[key] for key in keys}
                if self.opens_with(part):
                    return part
        return values

    def options(self, move: Move, values: dict[Key, Value]) -> tuple[Value, ...]:
        """The options of one move with which the rest is enough, and needed."""
        sound = tuple(option for option in move.options if self.sound({**values, move.key: option}))
        return sound or (values[move.key],)

    def sound(self, values: dict[Key, Value]) -> bool:
        """Whether these changes open a goal, and no part of them does."""
        if not self.opens_with(values):
            return False
        parts = (
            {key: values[key] for key in keys}
            for size in range(1, len(values))
            for keys in combinations(values, size)
        )
        return not any(self.opens_with(part) for part in parts)

    def opens(self, moves: Moves) -> bool:
        return self.opens_with(firsts(moves))

    def opens_with(self, values: dict[Key, Value]) -> bool:
        """Decide again with these changes. When too much has been asked, the answer is no and the
        search is not complete."""
        key = frozenset(values.items())
        if key not in self._decided:
            if len(self._decided) >= MOST_DECISIONS:
                self.complete = False
                return False
            self._decided[key] = self.decisions.open(values, self.member)
        return self._decided[key]


def _either(one: Moves, other: Moves) -> Moves:
    """The nearer of two sets that change the same facts; both ways, if they change the same single
    fact."""
    if len(one) == 1 and one[0].far == other[0].far and one[0].name != WAIT:
        return (
            replace(one[0], options=tuple(dict.fromkeys((*one[0].options, *other[0].options)))),
        )
    return min(one, other, key=cost)
