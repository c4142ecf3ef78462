"""The written semantics: the meaning of every node of the typed tree, as bounds.

This module is the specification. It is slow and easy to read; every engine must agree with it on
every pack, household and unknown. A value is a pair (low, high):

- a truth is (True, True), (False, False) or, if unknown, (False, True): with `all` as the least,
  `any` as the greatest and `none` as its negation, this is strong Kleene logic;
- a number or date is between `low` and `high`, both inclusive; None is an open end. Known values
  have equal ends.

Example: `any` of `income < 500` and `disabled`; the income is at least 0:

    income       income < 500     disabled         any
    (400, 400)   (True, True)     (False, False)   (True, True)
    (0, None)    (False, True)    (False, False)   (False, True)   unknown
    (0, None)    (False, True)    (True, True)     (True, True)
    (900, 900)   (False, False)   (False, True)    (False, True)   unknown
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol, TypeGuard, TypeVar, assert_never

from jmentitle.language import tree
from jmentitle.language.time import days_between, months_between
from jmentitle.language.tree import DayNode, Operand, TruthNode

TruthBounds = tuple[bool, bool]
NumberBounds = tuple[int | None, int | None]
DayBounds = tuple[date | None, date | None]
_Point = TypeVar("_Point", int, date)

TRUE: TruthBounds = (True, True)
FALSE: TruthBounds = (False, False)
UNKNOWN: TruthBounds = (False, True)
OPEN: NumberBounds = (None, None)
# A tuple, not a union: every comparison checks it, and tuples are faster.
_DAYS = (tree.DayConstant, tree.AssessmentDate)


class Environment(Protocol):
    """One person (or the household) within one household, on one day."""

    on: date
    members_complete: bool

    def truth_fact(self, fact: tree.Fact) -> TruthBounds: ...
    def number_fact(self, fact: tree.Fact) -> NumberBounds: ...
    def day_fact(self, fact: tree.Fact) -> DayBounds: ...
    def choice_fact(self, fact: tree.Fact) -> str | None: ...
    def choices_fact(self, fact: tree.Fact) -> frozenset[str] | None: ...
    def status(self, status: tree.Status) -> TruthBounds: ...
    def quantity(self, quantity: tree.Quantity) -> NumberBounds: ...
    def table(self, parameter: tree.Parameter) -> NumberBounds:
        """The value at the keys: the bounds over all cells that unknown keys leave possible."""

    def steps(self, parameter: tree.Parameter) -> list[tuple[int, NumberBounds]]: ...
    def members(self) -> Iterable[Environment]: ...


def truth(node: TruthNode, env: Environment) -> TruthBounds:
    """The bounds of a condition."""
    match node:
        case tree.Leaf(test=test):
            return truth(test, env)
        case tree.Fact():
            return env.truth_fact(node)
        case tree.IsOneOf():
            return is_one_of(node, env)
        case tree.Status():
            return env.status(node)
        case tree.All(parts=parts):
            return _least(truth(part, env) for part in parts)
        case tree.Compare():
            return comparison(node, env)
        case tree.AnyOf(parts=parts):
            return _greatest(truth(part, env) for part in parts)
        case tree.NoneOf(parts=parts):
            return negation(_greatest(truth(part, env) for part in parts))
        case tree.Overlaps():
            return overlaps(node, env)
        case tree.AnyMember(test=test):
            low, high = _greatest(truth(test, member) for member in env.members())
            return low, high or not env.members_complete
        case tree.AllMembers(test=test):
            low, high = _least(truth(test, member) for member in env.members())
            return low and env.members_complete, high
    assert_never(node)


def is_one_of(node: tree.IsOneOf, env: Environment) -> TruthBounds:
    """The bounds of whether an enum fact has one of some members."""
    choice = env.choice_fact(node.fact)
    if choice is None:
        return UNKNOWN
    return TRUE if (choice in node.members) != node.negated else FALSE


def overlaps(node: tree.Overlaps, env: Environment) -> TruthBounds:
    """The bounds of whether a set fact has at least one of some members."""
    choices = env.choices_fact(node.fact)
    if choices is None:
        return UNKNOWN
    return FALSE if node.members.isdisjoint(choices) else TRUE


def comparison(node: tree.Compare, env: Environment) -> TruthBounds:
    """The bounds of a comparison of two numbers or two dates."""
    left, right = node.left, node.right
    if _is_day(left) and _is_day(right):
        return compare(node.comparator, day(left, env), day(right, env))
    return compare(node.comparator, number(left, env), number(right, env))


def number(node: Operand, env: Environment) -> NumberBounds:
    """The bounds of a number, as integers at the node's scale."""
    match node:
        case tree.Constant(value=value):
            return value, value
        case tree.Fact():
            return env.number_fact(node)
        case tree.Quantity():
            return env.quantity(node)
        case tree.Parameter(steps_of=None):
            return env.table(node)
        case tree.Parameter(steps_of=steps_of):
            assert steps_of is not None
            return step(env.steps(node), number(steps_of, env))
        case tree.Conditional():
            return conditional(node, env)
        case tree.Elapsed(unit=unit, start=start, end=end):
            return elapsed(unit, day(start, env), day(end, env))
        case tree.CountMembers(test=test):
            return count_members(test, env)
        case tree.SumMembers(number=inner):
            return sum_members(inner, env)
        case tree.Quotient() | tree.DayConstant() | tree.AssessmentDate():
            raise AssertionError(node)  # only Rounded computes a Quotient; dates are not numbers
    return arithmetic(node, env)


def arithmetic(node: tree.Arithmetic, env: Environment) -> NumberBounds:
    """The bounds of a number that is computed from other numbers."""
    match node:
        case tree.Sum(left=left, right=right):
            return add(number(left, env), number(right, env))
        case tree.Difference(left=left, right=right):
            return add(number(left, env), negative(number(right, env)))
        case tree.Product(left=left, right=right):
            return product(number(left, env), number(right, env))
        case tree.Negative(operand=operand):
            return negative(number(operand, env))
        case tree.Rescale(operand=operand, by=by):
            low, high = number(operand, env)
            return _times(low, 10**by), _times(high, 10**by)
        case tree.Rounded(operand=tree.Quotient(left=left, right=right)):
            return rounded_quotient(node, number(left, env), number(right, env))
        case tree.Rounded(operand=operand):
            return rounded(node, number(operand, env))
        case tree.Least(parts=parts):
            return least([number(part, env) for part in parts])
        case tree.Greatest(parts=parts):
            return negative(least([negative(number(part, env)) for part in parts]))
    assert_never(node)


def conditional(node: tree.Conditional, env: Environment) -> NumberBounds:
    """The bounds of one number or the other; of both where the test is unknown."""
    test = truth(node.test, env)
    if test == TRUE:
        return number(node.then, env)
    if test == FALSE:
        return number(node.otherwise, env)
    return hull([number(node.then, env), number(node.otherwise, env)])


def count_members(test: TruthNode, env: Environment) -> NumberBounds:
    """The bounds of how many members pass a test; open above while the list may be incomplete."""
    passes = [truth(test, member) for member in env.members()]
    certain = sum(low for low, _ in passes)
    possible = sum(high for _, high in passes)
    return certain, possible if env.members_complete else None


def sum_members(inner: tree.NumberNode, env: Environment) -> NumberBounds:
    """The bounds of the sum of a number over the members."""
    total: NumberBounds = (0, 0)
    for member in env.members():
        total = add(total, number(inner, member))
    # INVARIANT: an incomplete list leaves the sum open at both ends, because members who are
    # not listed may also have negative numbers.
    return total if env.members_complete else OPEN


def day(node: DayNode, env: Environment) -> DayBounds:
    """The bounds of a date."""
    match node:
        case tree.DayConstant(value=value):
            return value, value
        case tree.AssessmentDate():
            return env.on, env.on
        case tree.Fact():
            return env.day_fact(node)
    assert_never(node)


# arithmetic on bounds
# --------------------------------------------------------------------------------------------------


def negation(bounds: TruthBounds) -> TruthBounds:
    return not bounds[1], not bounds[0]


def compare(
    comparator: tree.Comparator,
    left: tuple[_Point | None, _Point | None],
    right: tuple[_Point | None, _Point | None],
) -> TruthBounds:
    """True if the comparison holds for every pair of values within the bounds, false if for
    none."""
    match comparator:
        case "<":
            return _below(left[1], right[0], strict=True), not _below(
                right[1], left[0], strict=False
            )
        case "<=":
            return _below(left[1], right[0], strict=False), not _below(
                right[1], left[0], strict=True
            )
        case ">":
            return compare("<", right, left)
        case ">=":
            return compare("<=", right, left)
        case "==":
            apart = _below(left[1], right[0], strict=True) or _below(right[1], left[0], strict=True)
            return left[0] is not None and left[0] == left[1] == right[0] == right[1], not apart
        case "!=":
            return negation(compare("==", left, right))


def add(left: NumberBounds, right: NumberBounds) -> NumberBounds:
    low = None if left[0] is None or right[0] is None else left[0] + right[0]
    high = None if left[1] is None or right[1] is None else left[1] + right[1]
    return low, high


def negative(bounds: NumberBounds) -> NumberBounds:
    return (None if bounds[1] is None else -bounds[1]), (None if bounds[0] is None else -bounds[0])


def product(left: NumberBounds, right: NumberBounds) -> NumberBounds:
    """All products of values within the bounds. An open end times something that may be positive
    stays open."""
    if (0, 0) in (left, right):
        return 0, 0
    for (factor, end), multiplied in ((left, right), (right, left)):
        if factor is not None and factor == end:
            low, high = (_times(bound, factor) for bound in multiplied)
            return (low, high) if factor > 0 else (high, low)
    if _not_negative(left) and _not_negative(right):
        assert left[0] is not None and right[0] is not None
        high = None if left[1] is None or right[1] is None else left[1] * right[1]
        return left[0] * right[0], high
    if None in left or None in right:
        return OPEN
    corners = [
        left_end * right_end
        for left_end in left
        for right_end in right
        if left_end is not None and right_end is not None
    ]
    return min(corners), max(corners)


def least(parts: list[NumberBounds]) -> NumberBounds:
    """The bounds of the smallest of several numbers."""
    lows = [low for low, _ in parts]
    highs = [high for _, high in parts if high is not None]
    low = None if None in lows else min(low for low in lows if low is not None)
    return low, min(highs) if highs else None


def hull(parts: Iterable[NumberBounds]) -> NumberBounds:
    """The narrowest bounds that contain several."""
    parts = list(parts)
    lows = [low for low, _ in parts]
    highs = [high for _, high in parts]
    low = None if None in lows else min(low for low in lows if low is not None)
    high = None if None in highs else max(high for high in highs if high is not None)
    return low, high


def step(steps: list[tuple[int, NumberBounds]], reached: NumberBounds) -> NumberBounds:
    """The value of the last step not above the number; the bounds over all steps that an unknown
    number may have reached."""
    possible = []
    for position, (start, value) in enumerate(steps):
        next_start = steps[position + 1][0] if position + 1 < len(steps) else None
        begins_too_late = reached[1] is not None and start > reached[1] and position > 0
        ends_too_early = (
            next_start is not None and reached[0] is not None and next_start <= reached[0]
        )
        if not begins_too_late and not ends_too_early:
            possible.append(value)
    return hull(possible)


def elapsed(unit: str, start: DayBounds, end: DayBounds) -> NumberBounds:
    """Completed years, months or days; the longest time is from the earliest start to the latest
    end."""
    shortest = None if start[1] is None or end[0] is None else completed(unit, start[1], end[0])
    longest = None if start[0] is None or end[1] is None else completed(unit, start[0], end[1])
    return shortest, longest


def completed(unit: str, start: date, end: date) -> int:
    if unit == "day":
        return days_between(start, end)
    months = months_between(start, end)
    return months // 12 if unit == "year" else months


def round_fraction(numerator: int, denominator: int, mode: tree.RoundingMode) -> int:
    """numerator / denominator to an integer; half_up rounds halves away from zero, up and down go
    to +∞ and −∞."""
    if mode == "down":
        return numerator // denominator
    if mode == "up":
        return -((-numerator) // denominator)
    if (numerator < 0) != (denominator < 0):
        return -((2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator)))
    return (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))


def rounded(node: tree.Rounded, bounds: NumberBounds) -> NumberBounds:
    """A number rounded as the rule says."""
    after = 10 ** (node.scale_to - node.decimals)
    power = node.decimals - node.scale_from

    def round_end(value: int | None) -> int | None:
        if value is None:
            return None
        if power >= 0:
            return int(value * 10**power * after)
        return int(round_fraction(value, 10**-power, node.mode) * after)

    return round_end(bounds[0]), round_end(bounds[1])


def rounded_quotient(node: tree.Rounded, above: NumberBounds, below: NumberBounds) -> NumberBounds:
    """above / below, rounded. A divisor that may be 0 or negative leaves the quotient open."""
    quotient = node.operand
    assert isinstance(quotient, tree.Quotient)
    if below[0] is None or below[0] <= 0:
        return OPEN
    after = 10 ** (node.scale_to - node.decimals)
    factor_above = 10 ** (quotient.scale_right + node.decimals)
    factor_below = 10**quotient.scale_left

    def divide(upper: int | None, lower: int | None) -> int | None:
        if upper is None:
            return None
        if lower is None:
            return 0
        return int(round_fraction(upper * factor_above, lower * factor_below, node.mode) * after)

    low = divide(above[0], below[1] if above[0] is not None and above[0] >= 0 else below[0])
    high = divide(above[1], below[0] if above[1] is None or above[1] >= 0 else below[1])
    return low, high


def _is_day(node: Operand) -> TypeGuard[DayNode]:
    return isinstance(node, _DAYS) or (
        isinstance(node, tree.Fact) and isinstance(node.type, tree.Day)
    )


def _below(left: _Point | None, right: _Point | None, *, strict: bool) -> bool:
    """left < right (or <=) for ends that may be open; an open end is never below."""
    if left is None or right is None:
        return False
    return left < right if strict else left <= right


def _least(parts: Iterator[TruthBounds]) -> TruthBounds:
    low = high = True
    for part_low, part_high in parts:
        low, high = low and part_low, high and part_high
        if not high:
            break
    return low, high


def _greatest(parts: Iterator[TruthBounds]) -> TruthBounds:
    low = high = False
    for part_low, part_high in parts:
        low, high = low or part_low, high or part_high
        if low:
            break
    return low, high


def _times(value: int | None, factor: int) -> int | None:
    return None if value is None else value * factor


def _not_negative(bounds: NumberBounds) -> bool:
    return bounds[0] is not None and bounds[0] >= 0
