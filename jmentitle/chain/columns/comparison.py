"""Comparisons over columns: `language.evaluator.compare` on whole columns."""

from __future__ import annotations

import operator
from typing import cast

import polars as pl

from jmentitle.chain.columns.numbers import End, Number, as_column
from jmentitle.chain.columns.truths import Truth, all_of, negation, truth_from_bounds
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, NumberBounds


def compare(comparator: tree.Comparator, left: Number, right: Number) -> Truth:
    """Whether a comparison is true for every pair of values within the bounds, or for none."""
    if comparator in (">", ">="):
        return compare("<" if comparator == ">" else "<=", right, left)
    if comparator == "!=":
        return negation(compare("==", left, right))
    direct = _direct(comparator, left, right)
    if direct is not None:
        return direct
    if comparator == "==":
        certain = all_of(
            [
                _equal(left.low, left.high),
                _equal(right.low, right.high),
                _equal(left.low, right.low),
            ]
        )
        apart = [
            _below(left.high, right.low, strict=True),
            _below(right.high, left.low, strict=True),
        ]
        return truth_from_bounds(certain, _either(*apart))
    strict = comparator == "<"
    return truth_from_bounds(
        _below(left.high, right.low, strict=strict), _below(right.high, left.low, strict=not strict)
    )


def _direct(comparator: tree.Comparator, left: Number, right: Number) -> pl.Expr | None:
    """One comparison of two columns, or of a column and a constant, if its nulls are exactly the
    unknown rows; None otherwise."""
    if left.unbounded_point is not None and right.unbounded_point is not None:
        return _comparison_of(comparator, left.unbounded_point, right.unbounded_point)
    if left.constant is not None and right.point is not None:
        expression = _comparison_of(comparator, left.constant, right.point)
        unknown = evaluator.compare(comparator, _bounds(left), (right.least, right.most))
    elif right.constant is not None and left.point is not None:
        expression = _comparison_of(comparator, left.point, right.constant)
        unknown = evaluator.compare(comparator, (left.least, left.most), _bounds(right))
    else:
        return None
    return expression.fill_null(unknown[0]) if unknown in (TRUE, FALSE) else expression


def _bounds(number: Number) -> NumberBounds:
    assert number.constant is not None
    return cast("NumberBounds", (number.constant, number.constant))


def _comparison_of(comparator: tree.Comparator, left: End, right: End) -> pl.Expr:
    """The comparison with a column first: with a constant before a column of nulls, Polars returns
    a single value."""
    if not isinstance(left, pl.Expr):
        left, right, comparator = right, left, _MIRRORED[comparator]
    return cast("pl.Expr", _COMPARISONS[comparator](as_column(left), as_column(right)))


_COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_MIRRORED: dict[tree.Comparator, tree.Comparator] = {"<": ">", "<=": ">=", "==": "=="}


def _below(left: End, right: End, *, strict: bool) -> Truth:
    if left is None or right is None:
        return False
    comparator: tree.Comparator = "<" if strict else "<="
    if not isinstance(left, pl.Expr) and not isinstance(right, pl.Expr):
        ends = cast("NumberBounds", (left, right))
        return evaluator.compare(comparator, (ends[0], ends[0]), (ends[1], ends[1]))[0]
    return _comparison_of(comparator, left, right)


def _equal(left: End, right: End) -> Truth:
    if left is None or right is None:
        return False
    if not isinstance(left, pl.Expr) and not isinstance(right, pl.Expr):
        return left == right
    return _comparison_of("==", left, right)


def _either(left: Truth, right: Truth) -> Truth:
    """Whether one of them is true; null counts as false."""
    if isinstance(left, pl.Expr) and isinstance(right, pl.Expr):
        return left.fill_null(False) | right.fill_null(False)
    return left if right is False else right
