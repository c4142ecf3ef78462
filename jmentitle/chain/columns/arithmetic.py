"""Arithmetic over columns: the arithmetic on bounds of `language.evaluator`, on whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from jmentitle.chain.columns import calendar
from jmentitle.chain.columns.numbers import (
    End,
    Number,
    as_column,
    between,
    constant,
    end_column,
    end_columns,
    kind_for,
    widen,
)
from jmentitle.language import evaluator, tree


def add(left: Number, right: Number) -> Number:
    """The sum of two numbers."""
    size = left.size + right.size
    if isinstance(left.constant, int) and isinstance(right.constant, int):
        return constant(left.constant + right.constant)
    left_point, right_point = _common_end(left), _common_end(right)
    if left_point is not None and right_point is not None:
        return Number(size=size, point=widen(left_point, size) + widen(right_point, size))
    grounded = left.grounded and right.grounded
    return between(
        _sum(left.low, right.low, size), _sum(left.high, right.high, size), size, grounded=grounded
    )


def negative(number: Number) -> Number:
    """A number with its sign changed."""
    if number.point is not None:
        return Number(
            size=number.size,
            point=widen(number.point, number.size) * -1,
            least=_minus(number.most),
            most=_minus(number.least),
        )
    low, high = number.ends
    return Number((_negate(high, number.size), _negate(low, number.size)), number.size)


def times(number: Number, factor: int) -> Number:
    """A number times a constant that is not negative."""
    size = number.size * factor
    if factor == 0:
        return constant(0)
    if number.point is not None:
        least, most = (None if end is None else end * factor for end in (number.least, number.most))
        return Number(
            size=size,
            point=widen(number.point, size) * factor,
            least=least,
            most=most,
            grounded=number.grounded,
        )
    low, high = (_times(end, factor, size) for end in number.ends)
    return Number((low, high), size, grounded=number.grounded)


def product(left: Number, right: Number) -> Number:
    """All products of values within the bounds. An open end times something that may be positive
    stays open."""
    for factor, number in ((left.constant, right), (right.constant, left)):
        if isinstance(factor, int):
            return times(number, factor) if factor >= 0 else negative(times(number, -factor))
    # The type of a product must also hold its factors, because one of them may be 0 in every row.
    size = max(left.size * right.size, left.size, right.size)
    left_ends, right_ends = end_columns(left, size), end_columns(right, size)
    if left.grounded and right.grounded:
        # Zero times a number that is open above is zero.
        high = (
            pl.when((left_ends[1] == 0) | (right_ends[1] == 0))
            .then(pl.lit(0, dtype=kind_for(size)))
            .otherwise(left_ends[1] * right_ends[1])
        )
        return Number((left_ends[0] * right_ends[0], high), size, grounded=True)
    zero = _known_to_be(0, *left_ends) | _known_to_be(0, *right_ends)
    corners = [left_end * right_end for left_end in left_ends for right_end in right_ends]
    upward = (left_ends[0] >= 0) & (right_ends[0] >= 0)
    closed = pl.all_horizontal([end.is_not_null() for end in (*left_ends, *right_ends)])

    def extreme(which: int, corner: pl.Expr, of_corners: pl.Expr) -> pl.Expr:
        cases = [(zero, pl.lit(0))]
        for factor, ends in ((left_ends, right_ends), (right_ends, left_ends)):
            exact = factor[0] == factor[1]
            turned = factor[0] < 0
            cases += [
                (exact & turned, factor[0] * ends[1 - which]),
                (exact, factor[0] * ends[which]),
            ]
        return _first_case([*cases, (upward, corner), (closed, of_corners)])

    return Number(
        (
            extreme(0, corners[0], pl.min_horizontal(corners)),
            extreme(1, corners[3], pl.max_horizontal(corners)),
        ),
        size,
    )


def _first_case(cases: Sequence[tuple[pl.Expr, pl.Expr]]) -> pl.Expr:
    """The value of the first case that is certainly true; null if there is none."""
    chosen: pl.Expr = pl.lit(None)
    for test, value in reversed(cases):
        chosen = pl.when(test).then(value).otherwise(chosen)
    return chosen


def _known_to_be(value: int, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    return ((low == value) & (high == value)).fill_null(False)


def rounded(node: tree.Rounded, number: Number) -> Number:
    """A number rounded as the rule says."""
    after = 10 ** (node.scale_to - node.decimals)
    power = node.decimals - node.scale_from
    if power >= 0:
        return times(number, 10**power * after)
    size = (number.size // 10**-power + 1) * after
    signed = not number.grounded
    doubled = 2 * number.size + 10**-power

    def round_end(end: End) -> End:
        if isinstance(end, int):
            return int(evaluator.round_fraction(end, 10**-power, node.mode) * after)
        return (
            None
            if end is None
            else widen(
                _fraction(end_column(end, doubled), 10**-power, node.mode, signed=signed), size
            )
            * after
        )

    if number.point is not None:
        least, most = (
            evaluator.rounded(node, (end, end))[0] for end in (number.least, number.most)
        )
        point = round_end(number.point)
        assert isinstance(point, pl.Expr)
        return Number(size=size, point=point, least=least, most=most, grounded=number.grounded)
    return Number(
        (round_end(number.ends[0]), round_end(number.ends[1])), size, grounded=number.grounded
    )


def quotient(node: tree.Rounded, above: Number, below: Number) -> Number:
    """above / below, rounded. A divisor that may be 0 or negative leaves the quotient open."""
    inner = node.operand
    assert isinstance(inner, tree.Quotient)
    after = 10 ** (node.scale_to - node.decimals)
    factor_above = 10 ** (inner.scale_right + node.decimals)
    factor_below = 10**inner.scale_left
    size = max(
        2 * above.size * factor_above,
        2 * below.size * factor_below,
        (above.size * factor_above + 1) * after,
    )
    upper = end_columns(above, size)
    lower = end_columns(below, size)

    def divide(numerator: pl.Expr, divisor: pl.Expr) -> pl.Expr:
        ratio = (
            _fraction(
                numerator * factor_above,
                divisor * factor_below,
                node.mode,
                signed=not above.grounded,
            )
            * after
        )
        return pl.when(divisor.is_null() & numerator.is_not_null()).then(0).otherwise(ratio)

    usable = (lower[0] > 0).fill_null(False)
    high_divisor, low_divisor = lower
    if not above.grounded:
        low_divisor = pl.when((upper[0] >= 0).fill_null(False)).then(lower[1]).otherwise(lower[0])
        high_divisor = pl.when((upper[1] >= 0).fill_null(True)).then(lower[0]).otherwise(lower[1])
    low = pl.when(usable).then(divide(upper[0], low_divisor))
    if _common_end(above) is not None and _common_end(below) is not None:
        return Number(size=size, point=low)
    return Number((low, pl.when(usable).then(divide(upper[1], high_divisor))), size)


def _fraction(
    above: pl.Expr, below: pl.Expr | int, mode: tree.RoundingMode, *, signed: bool
) -> pl.Expr:
    """`evaluator.round_fraction` over columns; `below` is positive. Polars cannot negate integers
    of 128 bits, so negation is a product with -1."""
    if mode == "down":
        return above // below
    if mode == "up":
        return (above * -1 // below) * -1
    if not signed:
        return (above * 2 + below) // (below * 2)
    sign = pl.when(above < 0).then(-1).otherwise(1)
    return (above * sign * 2 + below) // (below * 2) * sign


def elapsed(unit: str, start: Number, end: Number) -> Number:
    """Completed years, months or days; dates are known or unknown, never between two days."""
    first = start.constant
    last = end.constant
    if isinstance(first, date) and isinstance(last, date):
        return constant(evaluator.completed(unit, first, last))
    if start.low is None or end.low is None:
        return Number()
    if unit == "day":
        return Number(
            size=10**7, point=as_column(end.low).to_physical() - as_column(start.low).to_physical()
        )
    assert not isinstance(start.low, int) and not isinstance(end.low, int)
    a_year = 12 if unit == "year" else 1
    return Number(
        size=calendar.MONTHS // a_year,
        point=calendar.months_between(start.low, end.low, a_year=a_year),
    )


def _common_end(number: Number) -> pl.Expr | None:
    value = number.constant
    return number.unbounded_point if value is None else as_column(value)


def _sum(left: End, right: End, size: int) -> End:
    if left is None or right is None:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return end_column(left, size) + end_column(right, size)


def _times(end: End, factor: int, size: int) -> End:
    if isinstance(end, pl.Expr):
        return widen(end, size) * factor
    assert not isinstance(end, date)
    return None if end is None else end * factor


def _negate(end: End, size: int) -> End:
    if isinstance(end, pl.Expr):
        return widen(end, size) * -1
    assert not isinstance(end, date)
    return _minus(end)


def _minus(end: int | None) -> int | None:
    return None if end is None else -end
