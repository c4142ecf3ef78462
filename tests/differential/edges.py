"""What the rules in force compare each fact with: the values at which decisions turn, and those
just beside them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from jmentitle.language import evaluator, tree
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import LARGEST_NUMBER, FactDefinition
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.validation import FIRST_DAY

Key = tuple[Entity, str]
Length = tuple[str, int]
DAY = timedelta(days=1)


class Edges:
    """By fact: the `numbers` it is compared with, at its scale; `lengths` of time, as unit and
    count; `days`; and the `members` that rules name."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.numbers: dict[Key, set[int]] = defaultdict(set)
        self.lengths: dict[Key, set[Length]] = defaultdict(set)
        self.days: dict[Key, set[date]] = defaultdict(set)
        self.members: dict[Key, set[str]] = defaultdict(set)
        self._within: dict[Node, list[Node]] = {}
        for root in nodes_of(ruleset):
            for node in tree.walk(root):
                self._note(node)

    def _note(self, node: Node) -> None:
        match node:
            case (
                tree.IsOneOf(fact=fact, members=members) | tree.Overlaps(fact=fact, members=members)
            ):
                self.members[fact.entity, fact.name] |= members
            case tree.Compare() | tree.Least() | tree.Greatest() | tree.Sum() | tree.Difference():
                self._note_together(tree.children(node), ())
            case tree.Parameter(steps_of=steps_of, name=name) if steps_of is not None:
                starts = (Fraction(start) for start, _ in self.ruleset.parameters[name].steps)
                self._note_together([steps_of], starts)

    def _note_together(self, sides: list[Node], more: Iterator[Fraction] | tuple[()]) -> None:
        """Whatever stands in one comparison may be what its facts are compared with."""
        within = [inner for side in sides for inner in self.within(side)]
        constants = {*more, *(value for inner in within for value in self._values(inner))}
        days = {inner.value for inner in within if isinstance(inner, tree.DayConstant)}
        for inner in within:
            match inner:
                case tree.Fact(entity=entity, name=name, type=tree.Numeric(scale=scale)):
                    self.numbers[entity, name] |= {
                        value.numerator * 10**scale // value.denominator for value in constants
                    }
                case tree.Fact(entity=entity, name=name, type=tree.Day()):
                    self.days[entity, name] |= days
                case tree.Elapsed(unit=unit, start=start, end=end):
                    for fact in (start, end):
                        if isinstance(fact, tree.Fact):
                            self.lengths[fact.entity, fact.name] |= {
                                (unit, int(value)) for value in constants if value.denominator == 1
                            }

    def _values(self, node: Node) -> Iterator[Fraction]:
        match node:
            case tree.Constant(value=value, type=kind):
                yield Fraction(value, 10**kind.scale)
            case tree.Parameter(name=name, type=kind):
                entry = self.ruleset.parameters[name]
                for bounds in (*entry.cells.values(), *(value for _, value in entry.steps)):
                    yield from (Fraction(end, 10**kind.scale) for end in bounds if end is not None)

    def within(self, node: Node) -> list[Node]:
        """The node and everything below it, behind the names of quantities too."""
        if node not in self._within:
            inner = list(tree.walk(node))
            named = [
                self.ruleset.content.quantities[one.name].value
                for one in inner
                if isinstance(one, tree.Quantity)
            ]
            self._within[node] = inner + [one for value in named for one in self.within(value)]
        return self._within[node]

    @cached_property
    def chains(self) -> list[tuple[str, str, str]]:
        """Each status that is granted, with what grants it and what may hang on it."""
        found, hanging = (
            [],
            {
                benefit: self._statuses(self.ruleset.conditions[benefit])
                for benefit in self.ruleset.benefits
            },
        )
        for status, grantors in self.ruleset.grantors.items():
            opened = [benefit for benefit, statuses in hanging.items() if status in statuses]
            found += [(status, grantor, benefit) for grantor in grantors for benefit in opened]
        return found

    def _statuses(self, node: Node | None) -> set[str]:
        """The statuses that a condition asks for with what grants make of them, also behind other
        statuses."""
        found: set[str] = set()
        waiting = [node]
        while waiting:
            root = waiting.pop()
            for inner in tree.walk(root) if root is not None else ():
                if isinstance(inner, tree.Status) and inner.granted and inner.name not in found:
                    found.add(inner.name)
                    waiting.append(self.ruleset.statuses[inner.name])
        return found

    # values to draw from

    def some_numbers(self, definition: FactDefinition) -> list[int]:
        """The numbers of a fact at, just below and just above what it is compared with, and its own
        ends."""
        known = self.numbers[definition.entity, definition.name]
        beside = {number + step for number in known for step in (-1, 0, 1)}
        ends = [end for end in (definition.least, definition.most) if end is not None]
        return sorted({fitting(definition, number) for number in {0, 1, *beside, *ends}})

    def some_days(self, key: Key, on: date) -> list[date]:
        """Days on which, or just beside which, a length of time is complete on `on`, the days that
        rules name, and odd ones of the calendar."""
        edges = {
            on,
            on - DAY,
            FIRST_DAY,
            *self.days[key],
            *(date(year, 2, 29) for year in (1936, 1956, 1960, 2000, 2012, 2016)),
        }
        edges |= {
            on.replace(day=1) - DAY,
            date(on.year - 1, 12, 31),
            date(on.year - 60, 1, 31),
            date(on.year - 16, 2, 28),
        }
        for unit, count in self.lengths[key]:
            edges |= {last_with(unit, count, on), first_with(unit, -count, on)}
        return sorted({fitting_day(day + step * DAY, on) for day in edges for step in (-1, 0, 1)})


def nodes_of(ruleset: Ruleset) -> Iterator[Node]:
    """Everything that is worked out on the day: conditions, statuses, quantities and what is
    paid."""
    yield from (
        node
        for node in (*ruleset.conditions.values(), *ruleset.statuses.values())
        if node is not None
    )
    yield from (quantity.value for quantity in ruleset.content.quantities.values())
    for benefit in ruleset.benefits.values():
        for node in (
            ()
            if benefit.pays is None
            else (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts)
        ):
            if node is not None:
                yield node


def fitting(definition: FactDefinition, number: int) -> int:
    """The nearest number that the fact may have."""
    least = -LARGEST_NUMBER if definition.least is None else definition.least
    most = LARGEST_NUMBER if definition.most is None else definition.most
    return max(least, min(number, most))


def fitting_day(day: date, on: date) -> date:
    """The nearest day that a fact may have."""
    return max(FIRST_DAY, min(day, on))


def last_with(unit: str, count: int, end: date) -> date:
    """The last day from which `count` units are complete on `end`."""
    return _first(lambda start: -evaluator.completed(unit, start, end), 1 - count, end) - DAY


def first_with(unit: str, count: int, start: date) -> date:
    """The first day until which `count` units, mostly below 0, are complete since `start`."""
    return _first(lambda end: evaluator.completed(unit, start, end), count, start)


def _first(rising: Callable[[date], int], least: int, on: date) -> date:
    """The first day of the calendar of facts on which something that only rises is at least so
    much."""
    days = range(FIRST_DAY.toordinal(), on.toordinal() + 400)
    return date.fromordinal(
        days[0] + bisect_left(days, least, key=lambda day: rising(date.fromordinal(day)))
    )
