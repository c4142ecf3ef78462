"""Mending a comparison: waiting, one number put just inside the line, several numbers together, or
what decides who and what counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import assert_never, cast

from jmentitle.chain.specification import Context, World
from jmentitle.chain.unknowns import Unknowns
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import DayBounds, NumberBounds
from jmentitle.language.tree import DayNode, Node, TruthNode
from jmentitle.pack.model import FactDefinition
from jmentitle.profile.facts import Value
from jmentitle.views.counterfactual.moves import (
    MOST_MOVES,
    MOST_OPTIONS,
    WAIT,
    Key,
    Move,
    Moves,
    Situation,
)

FIRST_DATE = date(1900, 1, 1).toordinal()
FAR = 10**9
MOST_SINGLE = 4
MOST_LOOKED_AT = 60
Mend = Callable[[TruthNode, Context, bool], list[Moves]]


@dataclass
class Comparison:
    """One comparison that fails for an entity, or holds where it should not (`want` is false).
    Nothing is granted in its world."""

    node: tree.Compare
    entity: Context
    want: bool
    today: date
    days: list[date]
    later: Callable[[date], World]
    mend: Mend
    _facts: dict[Key, FactDefinition] = field(default_factory=dict)
    _attested: dict[Key, None] = field(default_factory=dict)
    _counted: list[tuple[TruthNode, Context]] = field(default_factory=list)
    _met: set[Key] = field(default_factory=set)
    _clock: bool = False
    _worlds: dict[frozenset[tuple[Key, Value]], World] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.situation = Situation(self.entity.world.facts, self.entity.on)
        self.meet(self.node, self.entity)

    def repairs(self) -> Iterator[Moves]:
        waiting = self.wait()
        if waiting is not None:
            yield (waiting,)
        numbers = [move for move in map(self.just_inside, self.measured_keys) if move is not None]
        # Where waiting helps, an earlier birth is no other way; else it says by how much the line
        # is missed.
        numbers = [
            move for move in numbers if waiting is None or not isinstance(move.options[0], date)
        ]
        numbers.sort(key=lambda move: (move.hard, move.far))
        yield from ((move,) for move in numbers[:MOST_SINGLE])
        together = [] if numbers else list(self.several())
        yield from together
        # The inputs that decide who counts are searched only if no number helps: nobody is told to
        # leave the family because of high pay.
        if not together and all(move.how == "never" for move in numbers):
            yield from self.otherwise()

    # what the comparison looks at

    def meet(self, node: Node, context: Context) -> None:
        """Note the known facts below a node, whoever they belong to."""
        if len(self._facts) >= MOST_LOOKED_AT:
            return
        match node:
            case tree.Fact():
                self._meet_fact(node, context)
            case tree.Status() | tree.Quantity():
                self._meet_definition(node, context)
            case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
                self._meet_members(node, context)
            case tree.AssessmentDate() | tree.Parameter():
                self._clock = True
                self._meet_all(tree.children(node), context)
            case (
                tree.All()
                | tree.AnyOf()
                | tree.NoneOf()
                | tree.Leaf()
                | tree.Compare()
                | tree.IsOneOf()
                | tree.Overlaps()
                | tree.Conditional()
                | tree.Elapsed()
            ):
                self._meet_all(tree.children(node), context)
            case (
                tree.Sum()
                | tree.Difference()
                | tree.Product()
                | tree.Quotient()
                | tree.Negative()
                | tree.Rescale()
                | tree.Rounded()
                | tree.Least()
                | tree.Greatest()
            ):
                self._meet_all(tree.children(node), context)
            case tree.Constant() | tree.DayConstant():
                pass
            case _:
                assert_never(node)

    def _meet_fact(self, fact: tree.Fact, context: Context) -> None:
        owner = context.owner(fact.entity)
        if owner.value(fact) is not None:
            self._facts[owner.member, fact.name] = owner.definition(fact)

    def _meet_definition(self, node: tree.Status | tree.Quantity, context: Context) -> None:
        """Follow a name to its definition, once for each owner."""
        owner = (
            context.holder(node) if isinstance(node, tree.Status) else context.owner(node.entity)
        )
        key = (owner.member, node.name)
        if key in self._met:
            return
        self._met.add(key)
        ruleset = owner.world.ruleset
        if isinstance(node, tree.Quantity):
            self.meet(ruleset.content.quantities[node.name].value, owner)
        elif owner.attested(node.name) is not None:
            self._attested[key] = None
        elif (when := ruleset.statuses[node.name]) is not None:
            self.meet(when, owner)

    def _meet_members(self, node: tree.MemberNode, context: Context) -> None:
        """Follow the test or number of every member. A count also notes whom it counts, since
        changing that may change its result."""
        for member in context.members():
            self._meet_all(tree.children(node), member)
            if isinstance(node, tree.CountMembers):
                self._counted.append((node.test, member))

    def _meet_all(self, nodes: Iterable[Node], context: Context) -> None:
        for node in nodes:
            self.meet(node, context)

    def world(self, values: dict[Key, Value]) -> World:
        """The household with some facts changed."""
        known = frozenset(values.items())
        if known not in self._worlds:
            changed = self.situation.with_values(values)
            self._worlds[known] = World(self.entity.world.ruleset, changed.facts, changed.on, {})
        return self._worlds[known]

    def holds(self, values: dict[Key, Value]) -> bool:
        """Whether the comparison would have the wanted result."""
        return self.holds_in(self.world(values))

    def holds_in(self, world: World) -> bool:
        entity = world.of(self.entity.member)
        low, high = evaluator.truth(self.node, entity)
        if low == high:
            return low == self.want
        unknowns = Unknowns()
        unknowns.of_truth(self.node, entity)
        # A line that nobody published is not a line that is met.
        return not unknowns.parameters

    def move(self, key: Key, options: tuple[Value, ...], how: str, far: int = 0) -> Move:
        return Move(*key, options, how, far, (self.node, self.entity.member, self.want))

    # ways to the wanted result

    def wait(self) -> Move | None:
        """The first day on which time alone gives the wanted result."""
        for day in self.days if self._clock else ():
            if self.holds_in(self.later(day)):
                return self.move((None, WAIT), (day,), "time", (day - self.situation.on).days)
        return None

    @property
    def measured_keys(self) -> list[Key]:
        return [
            key
            for key, fact in self._facts.items()
            if isinstance(fact.type, tree.Numeric | tree.Day)
        ]

    def just_inside(self, key: Key) -> Move | None:
        """The move to the nearest value of one number or date that gives the wanted result; None
        without one."""
        fact = self._facts[key]
        now = _number(self.situation.facts.value(*key))
        if isinstance(fact.type, tree.Day):
            least, most = FIRST_DATE, self.today.toordinal()
        else:
            least, most = (
                now - FAR if fact.least is None else fact.least,
                now + FAR if fact.most is None else fact.most,
            )
        candidates = [
            value
            for end in (least, most)
            if end != now and (value := self.nearest(key, now, end)) is not None
        ]
        if not candidates:
            return None
        value = min(candidates, key=lambda value: abs(value - now))
        # A date that should lie further back will, in time, though not while these rules are known.
        how = (
            "time"
            if isinstance(fact.type, tree.Day) and value < now and fact.changes == "never"
            else fact.changes
        )
        return self.move(key, (self.value(key, value),), how, abs(value - now))

    def nearest(self, key: Key, now: int, end: int) -> int | None:
        """The value nearest to `now`, on the way to `end`, that gives the wanted result: where the
        two sides meet, or by bisection."""
        step = 1 if end > now else -1
        here = self.apart
        there = self.between({key: self.value(key, end)})
        if here is not None and there is not None:
            if here == there or (here * there > 0 and self.node.comparator not in ("==", "!=")):
                return None
            # Where both sides would meet if they run straight from here to the end.
            guess = now + (end - now) * here // (here - there)
            for value in (guess - step, guess, guess + step):
                if (
                    (value - now) * step > 0
                    and (end - value) * step >= 0
                    and self.holds({key: self.value(key, value)})
                ):
                    return (
                        self.bisect(key, now, value, {})
                        if self.holds({key: self.value(key, value - step)})
                        else value
                    )
        return self.bisect(key, now, end, {}) if self.holds({key: self.value(key, end)}) else None

    def bisect(self, key: Key, outside: int, inside: int, others: dict[Key, Value]) -> int:
        """The value nearest to `outside` that gives the wanted result, with `others` fixed.
        INVARIANT: `inside` gives it, `outside` does not."""
        while abs(inside - outside) > 1:
            middle = (outside + inside) // 2
            if self.holds({**others, key: self.value(key, middle)}):
                inside = middle
            else:
                outside = middle
        return inside

    @cached_property
    def apart(self) -> int | None:
        """Left less right as things are."""
        return self.between({})

    def between(self, values: dict[Key, Value]) -> int | None:
        """Left less right, where both are known."""
        left, right = sides(self.node, self.world(values).of(self.entity.member))
        if left[0] is None or left[0] != left[1] or right[0] is None or right[0] != right[1]:
            return None
        return _number(left[0]) - _number(right[0])

    def value(self, key: Key, number: int) -> Value:
        return date.fromordinal(number) if isinstance(self._facts[key].type, tree.Day) else number

    @cached_property
    def pulls(self) -> list[tuple[int, Key, int]]:
        """Numbers that can only help together: how far each brings the sides towards each other at
        its better end, the strongest first."""
        gap = self.apart
        pulls = []
        for key in self.measured_keys:
            fact = self._facts[key]
            now = _number(self.situation.facts.value(*key))
            for end in (fact.least, fact.most):
                if isinstance(fact.type, tree.Numeric) and end is not None and end != now:
                    gap_at_end = self.between({key: end})
                    if (
                        gap is not None
                        and gap_at_end is not None
                        and abs(gap_at_end) < abs(gap)
                        and (gap_at_end > 0) == (gap > 0)
                    ):
                        pulls.append((abs(gap) - abs(gap_at_end), key, end))
        return sorted(pulls, key=lambda pull: -pull[0])

    def several(self) -> Iterator[Moves]:
        """The strongest numbers to their ends, the last just inside."""
        values: dict[Key, Value] = {}
        for _, key, end in self.pulls[:MOST_MOVES]:
            values[key] = end
            if self.holds(values):
                others = {other: value for other, value in values.items() if other != key}
                values[key] = self.bisect(
                    key, _number(self.situation.facts.value(*key)), end, others
                )
                moved = [
                    self.move(
                        moved_key,
                        (value,),
                        self._facts[moved_key].changes,
                        abs(_number(value) - _number(self.situation.facts.value(*moved_key))),
                    )
                    for moved_key, value in values.items()
                ]
                yield tuple(
                    sorted(
                        moved,
                        key=lambda move: (move.member is not None, move.member or 0, move.name),
                    )
                )
                return

    def otherwise(self) -> Iterator[Moves]:
        """The inputs that decide the members and terms of a sum: truths, enum members,
        certificates, and membership."""
        for key, fact in self._facts.items():
            options = tuple(
                option for option in self.others(key, fact) if self.holds({key: option})
            )[:MOST_OPTIONS]
            if options:
                yield (self.move(key, options, fact.changes, FAR),)
        for key in self._attested:
            status = self.entity.world.ruleset.content.statuses[key[1]]
            turned = not self.situation.facts.value(*key)
            if self.holds({key: turned}):
                yield (self.move(key, (turned,), status.changes, FAR),)
        for test, member in self._counted:
            for want in (True, False):
                yield from (
                    moves
                    for moves in self.mend(test, member, want)
                    if moves and self.holds({move.key: move.options[0] for move in moves})
                )

    def others(self, key: Key, fact: FactDefinition) -> Iterator[Value]:
        now = self.situation.facts.value(*key)
        match fact.type:
            case tree.Truth():
                yield not now
            case tree.Choice(enum=enum):
                yield from (
                    option
                    for option in self.entity.world.ruleset.content.enums[enum].members
                    if option != now
                )
            case tree.ChoiceSet(enum=enum):
                assert isinstance(now, frozenset)
                yield from (
                    now ^ {option}
                    for option in self.entity.world.ruleset.content.enums[enum].members
                )
            case tree.Numeric() | tree.Day():
                pass
            case _:
                assert_never(fact.type)


def sides(
    node: tree.Compare, context: Context
) -> tuple[NumberBounds | DayBounds, NumberBounds | DayBounds]:
    """Both sides of a comparison: two numbers at one scale, or two dates."""
    if isinstance(node.left, tree.DayConstant | tree.AssessmentDate) or (
        isinstance(node.left, tree.Fact) and isinstance(node.left.type, tree.Day)
    ):
        return evaluator.day(node.left, context), evaluator.day(
            cast("DayNode", node.right), context
        )
    return evaluator.number(node.left, context), evaluator.number(node.right, context)


def _number(value: Value | None) -> int:
    assert isinstance(value, int | date)
    return value.toordinal() if isinstance(value, date) else value
