"""Choices between numbers over columns: minimum, maximum, conditional, and lookup in steps or a
table.

Example: the steps 0 → 100, 3 → 80, 5 → 50 for the number of members. The index of a row is
`first * 3 + last`, from the first and the last step that the number may have reached; the index
leads to the bounds of the values between the two:

    row  members  between       first, last   index   value
    0    4        4 and 4       1, 1          4       80 to 80
    1    null     0 and 9   ->  0, 2          2   ->  50 to 100
    2    7        7 and 7       2, 2          8       50 to 50
    3    null     0 and 3       0, 1          1       80 to 100
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import cast

import polars as pl

from jmentitle.chain.columns.numbers import End, Number, as_column, between, end_column, kind_for
from jmentitle.chain.columns.truths import Truth
from jmentitle.language import evaluator
from jmentitle.language.evaluator import NumberBounds


def least(parts: Sequence[Number]) -> Number:
    """The smallest of several numbers. Numbers that are open above do not bound it."""
    size = max(part.size for part in parts)
    lows = [part.low for part in parts]
    highs = [part.high for part in parts]
    ends = (
        _extreme(lows, size, smallest=True),
        _extreme(_bounding_ends(highs), size, smallest=True, lenient=True),
    )
    return between(*ends, size, grounded=all(part.grounded for part in parts))


def greatest(parts: Sequence[Number]) -> Number:
    """The greatest of several numbers. Numbers that are open below do not bound it."""
    size = max(part.size for part in parts)
    lows = [part.low for part in parts]
    highs = [part.high for part in parts]
    ends = (
        _extreme(_bounding_ends(lows), size, smallest=False, lenient=True),
        _extreme(highs, size, smallest=False),
    )
    return between(*ends, size, grounded=any(part.grounded for part in parts))


def choose(test: Truth, then: Number, otherwise: Number) -> Number:
    """One number or the other; where the test is unknown, the narrowest bounds that hold both."""
    if isinstance(test, bool):
        return then if test else otherwise
    size = max(then.size, otherwise.size)
    hull = (
        _extreme([then.low, otherwise.low], size, smallest=True),
        _extreme([then.high, otherwise.high], size, smallest=False),
    )
    grounded = then.grounded and otherwise.grounded
    if test is None:
        return between(*hull, size, grounded=grounded)

    def choose_end(if_true: End, if_false: End, if_unknown: End) -> pl.Expr:
        return (
            pl.when(test)
            .then(end_column(if_true, size))
            .when(~test)
            .then(end_column(if_false, size))
            .otherwise(end_column(if_unknown, size))
        )

    return Number(
        (
            choose_end(then.low, otherwise.low, hull[0]),
            choose_end(then.high, otherwise.high, hull[1]),
        ),
        size,
        grounded=grounded,
    )


def step(
    steps: Sequence[tuple[int, NumberBounds]],
    reached: Number,
    to_column: Callable[[pl.Expr], pl.Expr],
) -> Number:
    """The value of the last step not above the number; the bounds over all steps that an unknown
    number may have reached. `to_column` turns an expression into a column."""
    if not isinstance(reached.low, pl.Expr) and not isinstance(reached.high, pl.Expr):
        bounds = evaluator.step(list(steps), cast("NumberBounds", (reached.low, reached.high)))
        return between(*bounds, _size_of([bounds]))
    starts = [start for start, _ in steps[1:]]
    values = [value for _, value in steps]
    count = len(steps)
    low = (
        pl.lit(0, dtype=pl.UInt32)
        if reached.low is None
        else _count_reached(starts, as_column(reached.low)).fill_null(0)
    )
    high = (
        pl.lit(count - 1, dtype=pl.UInt32)
        if reached.high is None
        else _count_reached(starts, as_column(reached.high)).fill_null(count - 1)
    )
    pairs = [(first, last) for first in range(count) for last in range(count)]
    hulls = [
        evaluator.hull(values[first : last + 1]) if first <= last else (None, None)
        for first, last in pairs
    ]
    return lookup(hulls, to_column(low * count + high))


def lookup(bounds: Sequence[NumberBounds], index: pl.Expr) -> Number:
    """The bounds at an index of a list; the index is a column without nulls."""
    size = _size_of(bounds)

    def gather_ends(ends: list[int | None]) -> pl.Expr:
        # Gathering is much faster without nulls, so the number after the largest encodes an open
        # end.
        gathered = pl.lit(
            pl.Series([size + 1 if end is None else end for end in ends], dtype=kind_for(size))
        ).gather(index)
        return pl.when(gathered != size + 1).then(gathered) if None in ends else gathered

    lows = [low for low, _ in bounds]
    highs = [high for _, high in bounds]
    low = gather_ends(lows)
    return between(
        low,
        low if lows == highs else gather_ends(highs),
        size,
        grounded=all(end is not None and end >= 0 for end in lows),
    )


def _bounding_ends(ends: Sequence[End]) -> list[End]:
    """The ends that are not open in every row; one open end if there is no other."""
    return [end for end in ends if end is not None] or [None]


def _extreme(ends: Sequence[End], size: int, *, smallest: bool, lenient: bool = False) -> End:
    """The smallest or greatest of several ends; open where one of them is open, or with `lenient`
    where all of them are."""
    if any(end is None for end in ends):
        return None
    constants = [end for end in ends if isinstance(end, int)]
    best: list[End] = [(min if smallest else max)(constants)] if constants else []
    columns: list[End] = [end for end in ends if isinstance(end, pl.Expr)]
    if not columns:
        return best[0]
    # Choices by comparison are many times faster here than the horizontal functions.
    return reduce(
        lambda left, right: _better(left, right, smallest=smallest, lenient=lenient),
        [end_column(end, size) for end in (*columns, *best)],
    )


def _better(left: pl.Expr, right: pl.Expr, *, smallest: bool, lenient: bool) -> pl.Expr:
    better, worse = (left < right, left >= right) if smallest else (left > right, left <= right)
    if lenient:
        return pl.when(better).then(left).when(right.is_not_null()).then(right).otherwise(left)
    return pl.when(better).then(left).when(worse).then(right)


def _count_reached(starts: Sequence[int], number: pl.Expr) -> pl.Expr:
    """How many of the starts are not above the number; null where the number is null."""
    kind = pl.UInt8 if len(starts) < 2**8 else pl.UInt32
    return reduce(operator.add, [(number >= start).cast(kind) for start in starts]).cast(pl.UInt32)


def _size_of(bounds: Sequence[NumberBounds]) -> int:
    return max((abs(end) for pair in bounds for end in pair if end is not None), default=0)
