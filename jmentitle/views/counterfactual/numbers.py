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
        waiting = self.waiting()
        if waiting is not None:
            yield (waiting,)
        numbers = [move for move in map(self.just_inside, self.measured) if move is not None]
        # Where waiting helps, an earlier birth is no other way; else it says by how much the line
        # is missed.
        numbers = [
            move for move in numbers if waiting is None or not isinstance(move.options[0], date)
        ]
        numbers.sort(key=lambda move: (move.hard, move.far))
        yield from ((move,) for move in numbers[:MOST_SINGLE])
        together = [] if numbers else list(self.several())
        yield from together
        # What decides who counts is looked at only where no number can mend it: nobody is told to
        # leave the family for being paid too well.
        if not together and all(move.how == "never" for move in numbers):
            yield from self.otherwise()

    # what the comparison looks at

    def meet(self, node: Node, context: Context) -> None:
        """Note the known facts below, whoever they belong to."""
        if len(self._facts) >= MOST_LOOKED_AT:
            return
        match node:
            case tree.Fact(entity=kind, name=name):
                owner = context.owner(kind)
                if owner.value(node) is not None:
                    self._facts[owner.member, name] = owner.definition(node)
            case tree.Status(name=name):
                owner = context.holder(node)
                if (owner.member, name) not in self._met:
                    self._met.add((owner.member, name))
                    when = owner.world.ruleset.statuses[name]
                    if owner.attested(name) is not None:
                        self._attested[owner.member, name] = None
                    elif when is not None:
                        self.meet(when, owner)
            case tree.Quantity(entity=kind, name=name):
                owner = context.owner(kind)
                if (owner.member, name) not in self._met:
                    self._met.add((owner.member, name))
                    self.meet(owner.world.ruleset.content.quantities[name].value, owner)
            case tree.CountMembers(test=test):
                for member in context.members():
                    self.meet(test, member)
                    self._counted.append((test, member))
            case (
                tree.AnyMember(test=inner)
                | tree.AllMembers(test=inner)
                | tree.SumMembers(number=inner)
            ):
                for member in context.members():
                    self.meet(inner, member)
            case tree.AssessmentDate():
                self._clock = True
            case tree.Parameter(keys=keys, steps_of=steps_of):
                self._clock = True
                self._meet_all((*keys, *(() if steps_of is None else (steps_of,))), context)
            case tree.Compare() | tree.Sum() | tree.Difference() | tree.Product() | tree.Quotient():
                self._meet_all((node.left, node.right), context)
            case tree.Elapsed(start=start, end=end):
                self._meet_all((start, end), context)
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                self._meet_all((test, then, otherwise), context)
            case tree.All() | tree.AnyOf() | tree.NoneOf() | tree.Least() | tree.Greatest():
                self._meet_all(node.parts, context)
            case (
                tree.Leaf(test=below)
                | tree.Negative(operand=below)
                | tree.Rescale(operand=below)
                | tree.Rounded(operand=below)
            ):
                self.meet(below, context)
            case tree.IsOneOf(fact=fact) | tree.Overlaps(fact=fact):
                self.meet(fact, context)
            case tree.Constant() | tree.DayConstant():
                pass
            case _:
                assert_never(node)

    def _meet_all(self, nodes: Iterable[Node], context: Context) -> None:
        for node in nodes:
            self.meet(node, context)

    def world(self, values: dict[Key, Value]) -> World:
        """The household with some facts changed."""
        known = frozenset(values.items())
        if known not in self._worlds:
            changed = self.situation.changed(values)
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

    # ways to mend it

    def waiting(self) -> Move | None:
        """The first day on which time alone mends it."""
        for day in self.days if self._clock else ():
            if self.holds_in(self.later(day)):
                return self.move((None, WAIT), (day,), "time", (day - self.situation.on).days)
        return None

    @property
    def measured(self) -> list[Key]:
        return [
            key
            for key, fact in self._facts.items()
            if isinstance(fact.type, tree.Numeric | tree.Day)
        ]

    def just_inside(self, key: Key) -> Move | None:
        """The nearest value of one number or date that mends it."""
        fact = self._facts[key]
        now = _number(self.situation.facts.value(*key))
        if isinstance(fact.type, tree.Day):
            least, most = FIRST_DATE, self.today.toordinal()
        else:
            least, most = (
                now - FAR if fact.least is None else fact.least,
                now + FAR if fact.most is None else fact.most,
            )
        found = [
            value
            for end in (least, most)
            if end != now and (value := self.nearest(key, now, end)) is not None
        ]
        if not found:
            return None
        value = min(found, key=lambda value: abs(value - now))
        # A date that should lie further back will, in time, though not while these rules are known.
        how = (
            "time"
            if isinstance(fact.type, tree.Day) and value < now and fact.changes == "never"
            else fact.changes
        )
        return self.move(key, (self.value(key, value),), how, abs(value - now))

    def nearest(self, key: Key, now: int, end: int) -> int | None:
        """The value nearest to `now`, on the way to `end`, that mends it: where the two sides meet,
        or by halving."""
        step, here, there = (
            1 if end > now else -1,
            self.apart,
            self.between({key: self.value(key, end)}),
        )
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
                        self.halved(key, now, value, {})
                        if self.holds({key: self.value(key, value - step)})
                        else value
                    )
        return self.halved(key, now, end, {}) if self.holds({key: self.value(key, end)}) else None

    def halved(self, key: Key, outside: int, inside: int, others: dict[Key, Value]) -> int:
        """The value nearest to `outside` that mends it, with `others` as given; `inside` does."""
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
        here, found = self.apart, []
        for key in self.measured:
            fact, now = self._facts[key], _number(self.situation.facts.value(*key))
            for end in (fact.least, fact.most):
                if isinstance(fact.type, tree.Numeric) and end is not None and end != now:
                    there = self.between({key: end})
                    if (
                        here is not None
                        and there is not None
                        and abs(there) < abs(here)
                        and (there > 0) == (here > 0)
                    ):
                        found.append((abs(here) - abs(there), key, end))
        return sorted(found, key=lambda one: -one[0])

    def several(self) -> Iterator[Moves]:
        """The strongest numbers to their ends, the last just inside."""
        values: dict[Key, Value] = {}
        for _, key, end in self.pulls[:MOST_MOVES]:
            values[key] = end
            if self.holds(values):
                others = {other: value for other, value in values.items() if other != key}
                values[key] = self.halved(
                    key, _number(self.situation.facts.value(*key)), end, others
                )
                moved = [
                    self.move(
                        one,
                        (value,),
                        self._facts[one].changes,
                        abs(_number(value) - _number(self.situation.facts.value(*one))),
                    )
                    for one, value in values.items()
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
                    if moves and self.holds({one.key: one.options[0] for one in moves})
                )

    def others(self, key: Key, fact: FactDefinition) -> Iterator[Value]:
        now = self.situation.facts.value(*key)
        match fact.type:
            case tree.Truth():
                yield not now
            case tree.Choice(enum=enum):
                yield from (
                    one
                    for one in self.entity.world.ruleset.content.enums[enum].members
                    if one != now
                )
            case tree.ChoiceSet(enum=enum):
                assert isinstance(now, frozenset)
                yield from (
                    now ^ {one} for one in self.entity.world.ruleset.content.enums[enum].members
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
