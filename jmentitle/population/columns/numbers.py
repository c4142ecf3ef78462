"""Numbers and dates over columns, as bounds: what `language.evaluator` says of pairs, said once more of whole columns.

An end is a Polars expression in which null is open, a constant, or None where it is open for everybody. Integers are exact: 64 bits where
everything fits, 128 bits where the facts and parameters could lead beyond.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import cast

import polars as pl

from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, NumberBounds
from jmentitle.population.columns import calendar
from jmentitle.population.columns.truths import Truth, all_of, decided, negation

End = pl.Expr | int | date | None
Constant = int | date
_KINDS: tuple[tuple[int, type[pl.DataType]], ...] = ((2**6, pl.Int8), (2**14, pl.Int16), (2**30, pl.Int32), (2**62, pl.Int64))
"""Up to which size numbers are kept in how many bits: narrow columns are faster. Beyond these it is 128."""


@dataclass(frozen=True)
class Number:
    """A number or date between `low` and `high`.

    With `point` the ends are one column, known exactly or, where null, between `least` and `most`. `size` bounds the absolute value of every
    known end. `grounded` numbers have a low end for everybody, and none below 0: what is worked out from them is simpler.
    """

    ends: tuple[End, End] = (None, None)
    size: int = 0
    point: pl.Expr | None = None
    least: int | None = None
    most: int | None = None
    grounded: bool = False

    @property
    def low(self) -> End:
        return self.ends[0] if self.point is None else _known_or(self.point, self.least)

    @property
    def high(self) -> End:
        return self.ends[1] if self.point is None else _known_or(self.point, self.most)

    @property
    def constant(self) -> Constant | None:
        """The value where it is the same for everybody."""
        low, high = self.ends
        return None if self.point is not None or isinstance(low, pl.Expr) or isinstance(high, pl.Expr) or low != high else low

    @property
    def unbounded_point(self) -> pl.Expr | None:
        """The column where it stands for both ends alike: arithmetic on it is done once."""
        return self.point if self.least is None and self.most is None else None


def constant(value: Constant) -> Number:
    return between(value, value, abs(value) if isinstance(value, int) else 0)


def between(low: End, high: End, size: int, *, grounded: bool = False) -> Number:
    """A number between two ends; one column for both is a point."""
    if isinstance(low, pl.Expr) and low is high:
        return Number(size=size, point=low)
    return Number((low, high), size, grounded=grounded or (isinstance(low, int) and low >= 0))


def fact(column: pl.Expr | None, size: int, least: int | None, most: int | None) -> Number:
    """A fact that lies between `least` and `most`; without a column it is unknown for everybody."""
    if column is None:
        return between(least, most, size)
    return Number(size=size, point=column, least=least, most=most, grounded=least is not None and least >= 0)


# comparison ------------------------------------------------------------------------------------------------------------------


def compare(comparator: tree.Comparator, left: Number, right: Number) -> Truth:
    if comparator in (">", ">="):
        return compare("<" if comparator == ">" else "<=", right, left)
    if comparator == "!=":
        return negation(compare("==", left, right))
    direct = _direct(comparator, left, right)
    if direct is not None:
        return direct
    if comparator == "==":
        certain = all_of([_equal(left.low, left.high), _equal(right.low, right.high), _equal(left.low, right.low)])
        apart = [_below(left.high, right.low, strict=True), _below(right.high, left.low, strict=True)]
        return decided(certain, _either(*apart))
    strict = comparator == "<"
    return decided(_below(left.high, right.low, strict=strict), _below(right.high, left.low, strict=not strict))


def _direct(comparator: tree.Comparator, left: Number, right: Number) -> pl.Expr | None:
    """One comparison of two columns, or of a column and a constant, where its null is what is unknown."""
    if left.unbounded_point is not None and right.unbounded_point is not None:
        return _compared(comparator, left.unbounded_point, right.unbounded_point)
    if left.constant is not None and right.point is not None:
        expression = _compared(comparator, left.constant, right.point)
        unknown = evaluator.compare(comparator, _bounds(left), (right.least, right.most))
    elif right.constant is not None and left.point is not None:
        expression = _compared(comparator, left.point, right.constant)
        unknown = evaluator.compare(comparator, (left.least, left.most), _bounds(right))
    else:
        return None
    return expression.fill_null(unknown[0]) if unknown in (TRUE, FALSE) else expression


def _bounds(number: Number) -> NumberBounds:
    assert number.constant is not None
    return cast("NumberBounds", (number.constant, number.constant))


def _compared(comparator: tree.Comparator, left: End, right: End) -> pl.Expr:
    """The comparison with a column first: Polars makes a single value of a constant before a column in which nothing is known."""
    if not isinstance(left, pl.Expr):
        left, right, comparator = right, left, _MIRRORED[comparator]
    return cast("pl.Expr", _COMPARISONS[comparator](_literal(left), _literal(right)))


_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
_MIRRORED: dict[tree.Comparator, tree.Comparator] = {"<": ">", "<=": ">=", "==": "=="}


def _below(left: End, right: End, *, strict: bool) -> Truth:
    if left is None or right is None:
        return False
    comparator: tree.Comparator = "<" if strict else "<="
    if not isinstance(left, pl.Expr) and not isinstance(right, pl.Expr):
        ends = cast("NumberBounds", (left, right))
        return evaluator.compare(comparator, (ends[0], ends[0]), (ends[1], ends[1]))[0]
    return _compared(comparator, left, right)


def _equal(left: End, right: End) -> Truth:
    if left is None or right is None:
        return False
    if not isinstance(left, pl.Expr) and not isinstance(right, pl.Expr):
        return left == right
    return _compared("==", left, right)


def _either(left: Truth, right: Truth) -> Truth:
    """Whether one holds, where null counts as no."""
    if isinstance(left, pl.Expr) and isinstance(right, pl.Expr):
        return left.fill_null(False) | right.fill_null(False)
    return left if right is False else right


# arithmetic ------------------------------------------------------------------------------------------------------------------


def add(left: Number, right: Number) -> Number:
    size = left.size + right.size
    if isinstance(left.constant, int) and isinstance(right.constant, int):
        return constant(left.constant + right.constant)
    one, other = _same_ended(left), _same_ended(right)
    if one is not None and other is not None:
        return Number(size=size, point=_wide(one, size) + _wide(other, size))
    grounded = left.grounded and right.grounded
    return between(_sum(left.low, right.low, size), _sum(left.high, right.high, size), size, grounded=grounded)


def negative(number: Number) -> Number:
    if number.point is not None:
        return Number(size=number.size, point=_wide(number.point, number.size) * -1, least=_minus(number.most), most=_minus(number.least))
    low, high = number.ends
    return Number((_negated(high, number.size), _negated(low, number.size)), number.size)


def times(number: Number, factor: int) -> Number:
    """A number times a constant that is not negative."""
    size = number.size * factor
    if factor == 0:
        return constant(0)
    if number.point is not None:
        least, most = (None if end is None else end * factor for end in (number.least, number.most))
        return Number(size=size, point=_wide(number.point, size) * factor, least=least, most=most, grounded=number.grounded)
    low, high = (_times(end, factor, size) for end in number.ends)
    return Number((low, high), size, grounded=number.grounded)


def product(left: Number, right: Number) -> Number:
    """All products of values within the bounds. An open end times something that may be positive stays open."""
    for factor, number in ((left.constant, right), (right.constant, left)):
        if isinstance(factor, int):
            return times(number, factor) if factor >= 0 else negative(times(number, -factor))
    # What is worked out must hold the factors, too, of which one may be 0 for everybody.
    size = max(left.size * right.size, left.size, right.size)
    one, other = _columns(left, size), _columns(right, size)
    if left.grounded and right.grounded:
        # Nothing times an amount that is open above is nothing.
        high = pl.when((one[1] == 0) | (other[1] == 0)).then(pl.lit(0, dtype=_kind(size))).otherwise(one[1] * other[1])
        return Number((one[0] * other[0], high), size, grounded=True)
    zero = _known_to_be(0, *one) | _known_to_be(0, *other)
    corners = [left_end * right_end for left_end in one for right_end in other]
    upward = (one[0] >= 0) & (other[0] >= 0)
    closed = pl.all_horizontal([end.is_not_null() for end in (*one, *other)])

    def extreme(which: int, corner: pl.Expr, of_corners: pl.Expr) -> pl.Expr:
        cases = [(zero, pl.lit(0))]
        for factor, ends in ((one, other), (other, one)):
            exact, turned = factor[0] == factor[1], factor[0] < 0
            cases += [(exact & turned, factor[0] * ends[1 - which]), (exact, factor[0] * ends[which])]
        return _first_case([*cases, (upward, corner), (closed, of_corners)])

    return Number((extreme(0, corners[0], pl.min_horizontal(corners)), extreme(1, corners[3], pl.max_horizontal(corners))), size)


def _first_case(cases: Sequence[tuple[pl.Expr, pl.Expr]]) -> pl.Expr:
    """The value of the first case that certainly holds; null where none does."""
    found: pl.Expr = pl.lit(None)
    for test, value in reversed(cases):
        found = pl.when(test).then(value).otherwise(found)
    return found


def _known_to_be(value: int, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    return ((low == value) & (high == value)).fill_null(False)


def least(parts: Sequence[Number]) -> Number:
    """The smallest of several numbers. Whoever is open above does not bound it."""
    size = max(part.size for part in parts)
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    ends = _extreme(lows, size, smallest=True), _extreme(_bounding(highs), size, smallest=True, lenient=True)
    return between(*ends, size, grounded=all(part.grounded for part in parts))


def greatest(parts: Sequence[Number]) -> Number:
    """The greatest of several numbers. Whoever is open below does not bound it."""
    size = max(part.size for part in parts)
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    ends = _extreme(_bounding(lows), size, smallest=False, lenient=True), _extreme(highs, size, smallest=False)
    return between(*ends, size, grounded=any(part.grounded for part in parts))


def choose(test: Truth, then: Number, otherwise: Number) -> Number:
    """One number or the other; where the test is unknown, the narrowest bounds that hold both."""
    if isinstance(test, bool):
        return then if test else otherwise
    size = max(then.size, otherwise.size)
    hull = (_extreme([then.low, otherwise.low], size, smallest=True), _extreme([then.high, otherwise.high], size, smallest=False))
    grounded = then.grounded and otherwise.grounded
    if test is None:
        return between(*hull, size, grounded=grounded)

    def chosen(one: End, other: End, both: End) -> pl.Expr:
        return pl.when(test).then(_end(one, size)).when(~test).then(_end(other, size)).otherwise(_end(both, size))

    return Number((chosen(then.low, otherwise.low, hull[0]), chosen(then.high, otherwise.high, hull[1])), size, grounded=grounded)


def step(steps: Sequence[tuple[int, NumberBounds]], reached: Number, kept: Callable[[pl.Expr], pl.Expr]) -> Number:
    """The value of the last step not above the number; all steps that the number may have reached, when it is unknown. `kept` makes a column of
    an expression."""
    if not isinstance(reached.low, pl.Expr) and not isinstance(reached.high, pl.Expr):
        bounds = evaluator.step(list(steps), cast("NumberBounds", (reached.low, reached.high)))
        return between(*bounds, _size_of([bounds]))
    starts, values, count = [start for start, _ in steps[1:]], [value for _, value in steps], len(steps)
    low = pl.lit(0, dtype=pl.UInt32) if reached.low is None else _reached(starts, _literal(reached.low)).fill_null(0)
    high = pl.lit(count - 1, dtype=pl.UInt32) if reached.high is None else _reached(starts, _literal(reached.high)).fill_null(count - 1)
    pairs = [(first, last) for first in range(count) for last in range(count)]
    hulls = [evaluator.hull(values[first : last + 1]) if first <= last else (None, None) for first, last in pairs]
    return lookup(hulls, kept(low * count + high))


def lookup(bounds: Sequence[NumberBounds], place: pl.Expr) -> Number:
    """The bounds that stand at a place of a list, which is a column and known for everybody."""
    size = _size_of(bounds)

    def taken(ends: list[int | None]) -> pl.Expr:
        # Gathering is much faster where nothing is null, so what is open has a number of its own, next to the largest.
        found = pl.lit(pl.Series([size + 1 if end is None else end for end in ends], dtype=_kind(size))).gather(place)
        return pl.when(found != size + 1).then(found) if None in ends else found

    lows, highs = [low for low, _ in bounds], [high for _, high in bounds]
    low = taken(lows)
    return between(low, low if lows == highs else taken(highs), size, grounded=all(end is not None and end >= 0 for end in lows))


def rounded(node: tree.Rounded, number: Number) -> Number:
    after, power = 10 ** (node.scale_to - node.places), node.places - node.scale_from
    if power >= 0:
        return times(number, 10**power * after)
    size, signed = (number.size // 10**-power + 1) * after, not number.grounded
    doubled = 2 * number.size + 10**-power

    def placed(end: End) -> End:
        if isinstance(end, int):
            return int(evaluator.round_fraction(end, 10**-power, node.mode) * after)
        return None if end is None else _wide(_fraction(_end(end, doubled), 10**-power, node.mode, signed=signed), size) * after

    if number.point is not None:
        least, most = (evaluator.rounded(node, (end, end))[0] for end in (number.least, number.most))
        point = placed(number.point)
        assert isinstance(point, pl.Expr)
        return Number(size=size, point=point, least=least, most=most, grounded=number.grounded)
    return Number((placed(number.ends[0]), placed(number.ends[1])), size, grounded=number.grounded)


def quotient(node: tree.Rounded, above: Number, below: Number) -> Number:
    """above / below, rounded. A divisor that may be 0 or negative says nothing about the quotient."""
    inner = node.operand
    assert isinstance(inner, tree.Quotient)
    after = 10 ** (node.scale_to - node.places)
    factor_above, factor_below = 10 ** (inner.scale_right + node.places), 10**inner.scale_left
    size = max(2 * above.size * factor_above, 2 * below.size * factor_below, (above.size * factor_above + 1) * after)
    upper, lower = _columns(above, size), _columns(below, size)

    def divided(numerator: pl.Expr, divisor: pl.Expr) -> pl.Expr:
        found = _fraction(numerator * factor_above, divisor * factor_below, node.mode, signed=not above.grounded) * after
        return pl.when(divisor.is_null() & numerator.is_not_null()).then(0).otherwise(found)

    usable = (lower[0] > 0).fill_null(False)
    low_divisor, high_divisor = lower[1], lower[0]
    if not above.grounded:
        low_divisor = pl.when((upper[0] >= 0).fill_null(False)).then(lower[1]).otherwise(lower[0])
        high_divisor = pl.when((upper[1] >= 0).fill_null(True)).then(lower[0]).otherwise(lower[1])
    low = pl.when(usable).then(divided(upper[0], low_divisor))
    if _same_ended(above) is not None and _same_ended(below) is not None:
        return Number(size=size, point=low)
    return Number((low, pl.when(usable).then(divided(upper[1], high_divisor))), size)


def elapsed(unit: str, start: Number, end: Number) -> Number:
    """Completed years, months or days; dates are known or unknown, never between two days."""
    first, last = start.constant, end.constant
    if isinstance(first, date) and isinstance(last, date):
        return constant(evaluator.completed(unit, first, last))
    if start.low is None or end.low is None:
        return Number()
    if unit == "day":
        return Number(size=10**7, point=_literal(end.low).to_physical() - _literal(start.low).to_physical())
    assert not isinstance(start.low, int) and not isinstance(end.low, int)
    a_year = 12 if unit == "year" else 1
    return Number(size=calendar.MONTHS // a_year, point=calendar.months_between(start.low, end.low, a_year=a_year))


# pieces ----------------------------------------------------------------------------------------------------------------------


def _literal(end: End) -> pl.Expr:
    """An end as a column to compare."""
    assert end is not None
    if isinstance(end, pl.Expr):
        return end
    if isinstance(end, date):
        return pl.lit(end, dtype=pl.Date)
    # A literal of no type takes that of the column beside it; the column would be widened to that of a literal.
    return pl.lit(end) if abs(end) < 2**31 else pl.lit(end, dtype=pl.Int64 if abs(end) < 2**63 else pl.Int128)


def _kind(size: int) -> type[pl.DataType]:
    """The integers that hold results up to `size`."""
    return next((kind for most, kind in _KINDS if size < most), pl.Int128)


def _wide(expression: pl.Expr, size: int) -> pl.Expr:
    """The column as integers that hold results up to `size`. INVARIANT: `pack.sizes` lets no number beyond 128 bits into a pack."""
    return expression.cast(_kind(size))


def _end(end: End, size: int) -> pl.Expr:
    """An end as a column, null where it is open."""
    return end.cast(_kind(size)) if isinstance(end, pl.Expr) else pl.lit(end, dtype=_kind(size))


def _columns(number: Number, size: int) -> tuple[pl.Expr, pl.Expr]:
    return _end(number.low, size), _end(number.high, size)


def widened(column: pl.Expr, size: int) -> pl.Expr:
    """The column as integers that hold results up to `size`."""
    return _wide(column, size)


def as_column(end: End) -> pl.Expr:
    return _literal(end)


def _same_ended(number: Number) -> pl.Expr | None:
    value = number.constant
    return number.unbounded_point if value is None else _literal(value)


def _known_or(point: pl.Expr, end: int | None) -> pl.Expr:
    return point if end is None else point.fill_null(end)


def _sum(left: End, right: End, size: int) -> End:
    if left is None or right is None:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return _end(left, size) + _end(right, size)


def _times(end: End, factor: int, size: int) -> End:
    if isinstance(end, pl.Expr):
        return _wide(end, size) * factor
    assert not isinstance(end, date)
    return None if end is None else end * factor


def _negated(end: End, size: int) -> End:
    if isinstance(end, pl.Expr):
        return _wide(end, size) * -1
    assert not isinstance(end, date)
    return _minus(end)


def _minus(end: int | None) -> int | None:
    return None if end is None else -end


def _bounding(ends: Sequence[End]) -> list[End]:
    """Those that are not open for everybody, or one that is."""
    return [end for end in ends if end is not None] or [None]


def _extreme(ends: Sequence[End], size: int, *, smallest: bool, lenient: bool = False) -> End:
    """The smallest or greatest of several ends; open where one of them is, or, when `lenient`, where all of them are."""
    if any(end is None for end in ends):
        return None
    known = [end for end in ends if isinstance(end, int)]
    best: list[End] = [(min if smallest else max)(known)] if known else []
    columns: list[End] = [end for end in ends if isinstance(end, pl.Expr)]
    if not columns:
        return best[0]
    # Choices by comparison are many times faster here than the horizontal functions.
    return reduce(lambda one, other: _better(one, other, smallest=smallest, lenient=lenient), [_end(end, size) for end in (*columns, *best)])


def _better(one: pl.Expr, other: pl.Expr, *, smallest: bool, lenient: bool) -> pl.Expr:
    better, worse = (one < other, one >= other) if smallest else (one > other, one <= other)
    if lenient:
        return pl.when(better).then(one).when(other.is_not_null()).then(other).otherwise(one)
    return pl.when(better).then(one).when(worse).then(other)


def _reached(starts: Sequence[int], number: pl.Expr) -> pl.Expr:
    """How many of the starts are not above the number: null where it is."""
    kind = pl.UInt8 if len(starts) < 2**8 else pl.UInt32
    return reduce(operator.add, [(number >= start).cast(kind) for start in starts]).cast(pl.UInt32)


def _fraction(above: pl.Expr, below: pl.Expr | int, mode: tree.RoundingMode, *, signed: bool) -> pl.Expr:
    """`evaluator.round_fraction` over columns; `below` is positive. Integers of 128 bits have no negation here, so it is a product with -1."""
    if mode == "down":
        return above // below
    if mode == "up":
        return (above * -1 // below) * -1
    if not signed:
        return (above * 2 + below) // (below * 2)
    sign = pl.when(above < 0).then(-1).otherwise(1)
    return (above * sign * 2 + below) // (below * 2) * sign


def _size_of(bounds: Sequence[NumberBounds]) -> int:
    return max((abs(end) for pair in bounds for end in pair if end is not None), default=0)
