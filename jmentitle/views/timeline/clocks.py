"""The days on which elapsed time reaches a value that the rules distinguish.

A *clock* is an `Elapsed` node that runs with the day of assessment. It has a *cut* at c if the
rules distinguish values below c from c and above: by a comparison with a constant or a parameter,
the start of a step, or the ends of a schedule entry. Every other use of a clock (in an amount, or
in a comparison with a fact or another clock) may depend on each of its values: then every increment
counts. The cuts of all dated values are merged: a superfluous day, on which nothing changes, is
better than a missing one. For the age of a member born on 1958-03-05:

| use of `age`               | cuts   | days from 2018 to 2020             |
| age >= 60                  | 60, 61 | 2018-03-05, 2019-03-05             |
| age <= 61                  | 61, 62 | 2019-03-05, 2020-03-05             |
| steps {0: 50, 61: 80}      | 0, 61  | 2019-03-05                         |
| amount: age * 10           | every  | 2018-03-05, 2019-03-05, 2020-03-05 |
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import product
from typing import assert_never, cast

from jmentitle.language import evaluator, tree
from jmentitle.language.tree import DayNode, NumberNode, Operand, TruthNode
from jmentitle.pack.model import Benefit, Content
from jmentitle.profile.facts import Facts

Cuts = frozenset[int]
EVERY: None = None
"""Instead of cuts: every increment."""
MAX_ENDS = 2_000


class Clocks:
    """The clocks of a pack, each with its cuts."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.cuts: dict[tree.Elapsed, Cuts | None] = {}
        self._seen: set[tuple[str, Cuts | None]] = set()
        for item in content.items.values():
            for benefit in item.benefits:
                self._benefit(benefit)

    def days(self, facts: Facts, first: date, last: date) -> set[date]:
        """The days after `first`, up to `last`, on which a clock of this household reaches a cut.
        Unknown dates have no clock."""
        found: set[date] = set()
        for clock, cuts in self.cuts.items():
            for fixed in _dates(clock, facts):
                found.update(_reached(clock, fixed, cuts, first, last))
        return found

    def _benefit(self, benefit: Benefit) -> None:
        if benefit.when is not None:
            self._truth(benefit.when)
        pays = benefit.pays
        volume = benefit.volume
        schedule = benefit.schedule
        for amount in (pays.amount, pays.cap, pays.lasts) if pays is not None else ():
            if amount is not None:
                self._number(amount, EVERY)
        if volume is not None:
            self._number(volume.amount, EVERY)
        if schedule is not None:
            starts = {entry.at for entry in schedule.entries}
            self._number(
                schedule.by,
                frozenset(
                    starts | {entry.to + 1 for entry in schedule.entries if entry.to is not None}
                ),
            )

    def _truth(self, node: TruthNode) -> None:
        """Note the clocks below a condition."""
        match node:
            case tree.Status(name=name):
                when = self.content.statuses[name].when
                if when is not None and (name, EVERY) not in self._seen:
                    self._seen.add((name, EVERY))
                    self._truth(when)
            case tree.Compare(left=left, right=right):
                if tree.AssessmentDate() in (left, right):
                    # The day itself, and the day after it.
                    for other in (left, right):
                        self._note(
                            tree.Elapsed("day", cast("DayNode", other), tree.AssessmentDate()),
                            frozenset((0, 1)),
                        )
                else:
                    self._number(left, _told_apart(self._ends(right)))
                    self._number(right, _told_apart(self._ends(left)))
            case tree.All(parts=parts) | tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
                for part in parts:
                    self._truth(part)
            case tree.Leaf(test=test) | tree.AnyMember(test=test) | tree.AllMembers(test=test):
                self._truth(test)
            case tree.Fact() | tree.IsOneOf() | tree.Overlaps():
                pass
            case _:
                assert_never(node)

    def _number(self, node: Operand, cuts: Cuts | None) -> None:
        """Note the clocks below a number whose cuts matter."""
        match node:
            case tree.Elapsed():
                self._note(node, cuts)
            case tree.Quantity(name=name):
                if (name, cuts) not in self._seen:
                    self._seen.add((name, cuts))
                    self._number(self.content.quantities[name].value, cuts)
            case tree.Parameter(name=name, steps_of=steps_of):
                if steps_of is not None:
                    entries = self.content.parameters[name].entries
                    self._number(
                        steps_of, frozenset(start for entry in entries for start, _ in entry.steps)
                    )
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                self._truth(test)
                self._number(then, cuts)
                self._number(otherwise, cuts)
            case tree.CountMembers(test=test):
                self._truth(test)
            case tree.SumMembers(number=number):
                self._number(number, EVERY)
            case tree.Constant() | tree.Fact() | tree.DayConstant() | tree.AssessmentDate():
                pass
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
                self._arithmetic(node, cuts)
            case _:
                assert_never(node)

    def _arithmetic(self, node: tree.Arithmetic | tree.Quotient, cuts: Cuts | None) -> None:
        """Note the clocks below a calculation, with the cuts moved to each operand."""
        match node:
            case tree.Rescale(operand=operand, by=by):
                self._number(operand, _moved(cuts, lambda cut: -(-cut // 10**by)))
            case tree.Negative(operand=operand):
                self._number(operand, _moved(cuts, lambda cut: 1 - cut))
            case tree.Sum(left=left, right=right):
                self._number(left, _shifted(cuts, self._ends(right), lambda cut, end: cut - end))
                self._number(right, _shifted(cuts, self._ends(left), lambda cut, end: cut - end))
            case tree.Difference(left=left, right=right):
                self._number(left, _shifted(cuts, self._ends(right), lambda cut, end: cut + end))
                self._number(
                    right, _shifted(cuts, self._ends(left), lambda cut, end: end - cut + 1)
                )
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                for part in parts:
                    self._number(part, cuts)
            case tree.Product() | tree.Quotient() | tree.Rounded():
                for inner in tree.operands(node):
                    self._number(inner, EVERY)
            case _:
                assert_never(node)

    def _note(self, clock: tree.Elapsed, cuts: Cuts | None) -> None:
        if (clock.start == tree.AssessmentDate()) != (clock.end == tree.AssessmentDate()):
            known = self.cuts.get(clock, frozenset())
            self.cuts[clock] = EVERY if cuts is None or known is None else known | cuts

    def _ends(self, node: Operand) -> Cuts | None:
        """The possible values of a number that depends on the pack alone: the ends of its bounds.
        None if it depends on facts or time."""
        match node:
            case tree.Constant(value=value):
                return frozenset((value,))
            case tree.Parameter(name=name):
                entries = self.content.parameters[name].entries
                cells = [
                    cell
                    for entry in entries
                    for cell in (*entry.cells.values(), *(value for _, value in entry.steps))
                ]
                return frozenset(end for cell in cells for end in cell if end is not None)
            case tree.Quantity(name=name):
                return self._ends(self.content.quantities[name].value)
            case tree.Rescale(operand=operand, by=by):
                return _moved(self._ends(operand), lambda end: end * 10**by)
            case tree.Negative(operand=operand):
                return _moved(self._ends(operand), lambda end: -end)
            case tree.Sum(left=left, right=right):
                return _shifted(self._ends(left), self._ends(right), lambda one, other: one + other)
            case tree.Difference(left=left, right=right):
                return _shifted(self._ends(left), self._ends(right), lambda one, other: one - other)
            case tree.Conditional(then=then, otherwise=otherwise):
                return self._union((then, otherwise))
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                return self._union(parts)
            case (
                tree.Product()
                | tree.Quotient()
                | tree.Rounded()
                | tree.Elapsed()
                | tree.CountMembers()
                | tree.SumMembers()
            ):
                return None
            case tree.Fact() | tree.DayConstant() | tree.AssessmentDate():
                return None
        assert_never(node)

    def _union(self, nodes: Iterable[NumberNode]) -> Cuts | None:
        found: Cuts = frozenset()
        for node in nodes:
            ends = self._ends(node)
            if ends is None:
                return None
            found |= ends
        return found


def _told_apart(ends: Cuts | None) -> Cuts | None:
    """The cuts of comparing with these values: from each on, and above each."""
    return None if ends is None else ends | {end + 1 for end in ends}


def _moved(values: Cuts | None, move: Callable[[int], int]) -> Cuts | None:
    return None if values is None else frozenset(move(value) for value in values)


def _shifted(
    values: Cuts | None, others: Cuts | None, shift: Callable[[int, int], int]
) -> Cuts | None:
    if values is None or others is None or len(values) * len(others) > MAX_ENDS:
        return None
    return frozenset(shift(value, other) for value, other in product(values, others))


def _dates(clock: tree.Elapsed, facts: Facts) -> Iterator[date]:
    """The fixed ends of a clock: the date of the rule, of the household, or of each member."""
    match clock.end if isinstance(clock.start, tree.AssessmentDate) else clock.start:
        case tree.DayConstant(value=value):
            yield value
        case tree.Fact(entity=entity, name=name):
            for member in [None] if entity == "household" else range(len(facts.members)):
                value_ = facts.value(member, name)
                if isinstance(value_, date):
                    yield value_


def _reached(
    clock: tree.Elapsed, fixed: date, cuts: Cuts | None, first: date, last: date
) -> Iterator[date]:
    """The days after `first` on which the clock first passes a cut. By the evaluator's own count,
    so that there is one calendar."""
    backwards = isinstance(clock.start, tree.AssessmentDate)

    def rising(ordinal: int) -> int:
        day = date.fromordinal(ordinal)
        return (
            -evaluator.completed(clock.unit, day, fixed)
            if backwards
            else evaluator.completed(clock.unit, fixed, day)
        )

    days = range(first.toordinal(), last.toordinal() + 1)
    if not days:
        return
    low, high = rising(days[0]), rising(days[-1])
    # Running backwards, “from c on” becomes “below 1 - c”.
    passed = (
        range(low + 1, high + 1)
        if cuts is None
        else (1 - cut if backwards else cut for cut in cuts)
    )
    for cut in passed:
        if low < cut <= high:
            yield date.fromordinal(days[bisect_left(days, cut, key=rising)])
