"""Choices between numbers over columns: minimum, maximum, conditional, and lookup in steps or a
table."""

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
    """The smallest of several numbers. Whoever is open above does not bound it."""
    size = max(part.size for part in parts)
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    ends = (
        _extreme(lows, size, smallest=True),
        _extreme(_bounding(highs), size, smallest=True, lenient=True),
    )
    return between(*ends, size, grounded=all(part.grounded for part in parts))


def greatest(parts: Sequence[Number]) -> Number:
    """The greatest of several numbers. Whoever is open below does not bound it."""
    size = max(part.size for part in parts)
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    ends = (
        _extreme(_bounding(lows), size, smallest=False, lenient=True),
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

    def chosen(one: End, other: End, both: End) -> pl.Expr:
        return (
            pl.when(test)
            .then(end_column(one, size))
            .when(~test)
            .then(end_column(other, size))
            .otherwise(end_column(both, size))
        )

    return Number(
        (chosen(then.low, otherwise.low, hull[0]), chosen(then.high, otherwise.high, hull[1])),
        size,
        grounded=grounded,
    )


def step(
    steps: Sequence[tuple[int, NumberBounds]], reached: Number, kept: Callable[[pl.Expr], pl.Expr]
) -> Number:
    """The value of the last step not above the number; all steps that the number may have reached,
    when it is unknown. `kept` makes a column of an expression."""
    if not isinstance(reached.low, pl.Expr) and not isinstance(reached.high, pl.Expr):
        bounds = evaluator.step(list(steps), cast("NumberBounds", (reached.low, reached.high)))
        return between(*bounds, _size_of([bounds]))
    starts, values, count = (
        [start for start, _ in steps[1:]],
        [value for _, value in steps],
        len(steps),
    )
    low = (
        pl.lit(0, dtype=pl.UInt32)
        if reached.low is None
        else _reached(starts, as_column(reached.low)).fill_null(0)
    )
    high = (
        pl.lit(count - 1, dtype=pl.UInt32)
        if reached.high is None
        else _reached(starts, as_column(reached.high)).fill_null(count - 1)
    )
    pairs = [(first, last) for first in range(count) for last in range(count)]
    hulls = [
        evaluator.hull(values[first : last + 1]) if first <= last else (None, None)
        for first, last in pairs
    ]
    return lookup(hulls, kept(low * count + high))


def lookup(bounds: Sequence[NumberBounds], index: pl.Expr) -> Number:
    """The bounds at an index of a list; the index is a column without nulls."""
    size = _size_of(bounds)

    def taken(ends: list[int | None]) -> pl.Expr:
        # Gathering is much faster where nothing is null, so what is open has a number of its own,
        # next to the largest.
        found = pl.lit(
            pl.Series([size + 1 if end is None else end for end in ends], dtype=kind_for(size))
        ).gather(index)
        return pl.when(found != size + 1).then(found) if None in ends else found

    lows, highs = [low for low, _ in bounds], [high for _, high in bounds]
    low = taken(lows)
    return between(
        low,
        low if lows == highs else taken(highs),
        size,
        grounded=all(end is not None and end >= 0 for end in lows),
    )


def _bounding(ends: Sequence[End]) -> list[End]:
    """Those that are not open for everybody, or one that is."""
    return [end for end in ends if end is not None] or [None]


def _extreme(ends: Sequence[End], size: int, *, smallest: bool, lenient: bool = False) -> End:
    """The smallest or greatest of several ends; open where one of them is, or, when `lenient`,
    where all of them are."""
    if any(end is None for end in ends):
        return None
    known = [end for end in ends if isinstance(end, int)]
    best: list[End] = [(min if smallest else max)(known)] if known else []
    columns: list[End] = [end for end in ends if isinstance(end, pl.Expr)]
    if not columns:
        return best[0]
    # Choices by comparison are many times faster here than the horizontal functions.
    return reduce(
        lambda one, other: _better(one, other, smallest=smallest, lenient=lenient),
        [end_column(end, size) for end in (*columns, *best)],
    )


def _better(one: pl.Expr, other: pl.Expr, *, smallest: bool, lenient: bool) -> pl.Expr:
    better, worse = (one < other, one >= other) if smallest else (one > other, one <= other)
    if lenient:
        return pl.when(better).then(one).when(other.is_not_null()).then(other).otherwise(one)
    return pl.when(better).then(one).when(worse).then(other)


def _reached(starts: Sequence[int], number: pl.Expr) -> pl.Expr:
    """How many of the starts are not above the number: null where it is."""
    kind = pl.UInt8 if len(starts) < 2**8 else pl.UInt32
    return reduce(operator.add, [(number >= start).cast(kind) for start in starts]).cast(pl.UInt32)


def _size_of(bounds: Sequence[NumberBounds]) -> int:
    return max((abs(end) for pair in bounds for end in pair if end is not None), default=0)
