"""Numbers over columns next to where they need more bits: what is worked out on the way must fit as
well."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jmentitle.chain.columns import arithmetic, choices
from jmentitle.chain.columns.numbers import End, Number, as_column, fact
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import NumberBounds

EDGES = [
    0,
    1,
    100,
    *(2**bits + near for bits in (6, 7, 13, 14, 15, 29, 30, 31, 61, 62) for near in (-1, 0, 1)),
]
MODES: list[tree.RoundingMode] = ["down", "up", "half_up"]
VALUES = st.sampled_from([sign * edge for edge in EDGES for sign in (1, -1)])
OPERAND = tree.AssessmentDate()

Pair = Callable[[Number, Number], Number]
Expected = Callable[[NumberBounds, NumberBounds], NumberBounds]
minus = evaluator.negative
OPERATIONS: dict[str, tuple[Pair, Expected]] = {
    "sum": (arithmetic.add, evaluator.add),
    "difference": (
        lambda one, other: arithmetic.add(one, arithmetic.negative(other)),
        lambda one, other: evaluator.add(one, minus(other)),
    ),
    "product": (arithmetic.product, evaluator.product),
    "least": (
        lambda one, other: choices.least([one, other]),
        lambda one, other: evaluator.least([one, other]),
    ),
    "greatest": (
        lambda one, other: choices.greatest([one, other]),
        lambda one, other: minus(evaluator.least([minus(one), minus(other)])),
    ),
    "either": (
        lambda one, other: choices.choose(None, one, other),
        lambda one, other: evaluator.hull([one, other]),
    ),
}


def rounding(mode: tree.RoundingMode) -> tuple[Pair, Expected]:
    node = tree.Rounded(OPERAND, mode, scale_from=2, decimals=0, scale_to=2)
    return lambda one, _: arithmetic.rounded(node, one), lambda one, _: evaluator.rounded(node, one)


def division(mode: tree.RoundingMode) -> tuple[Pair, Expected]:
    node = tree.Rounded(
        tree.Quotient(OPERAND, OPERAND, scale_left=0, scale_right=0),
        mode,
        scale_from=0,
        decimals=0,
        scale_to=2,
    )
    return lambda one, other: arithmetic.quotient(
        node, one, other
    ), lambda one, other: evaluator.rounded_quotient(node, one, other)


OPERATIONS |= {f"rounded {mode}": rounding(mode) for mode in MODES} | {
    f"quotient {mode}": division(mode) for mode in MODES
}


def column(
    name: str, value: int | None, *, known_bounds: bool, size: int
) -> tuple[Number, pl.Series, NumberBounds]:
    """A fact of one row, as a number and as what the written semantics takes it for."""
    least, most = (-size, size) if known_bounds else (None, None)
    kind = next(
        kind
        for bits, kind in ((7, pl.Int8), (15, pl.Int16), (31, pl.Int32), (63, pl.Int64))
        if size < 2**bits
    )
    return (
        fact(pl.col(name), size, least, most),
        pl.Series(name, [value], dtype=kind),
        (least, most) if value is None else (value, value),
    )


def found(end: End, frame: pl.DataFrame) -> int | None:
    return (
        cast("int | None", frame.select(as_column(end)).item())
        if isinstance(end, pl.Expr)
        else cast("int | None", end)
    )


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=120, deadline=None)
@given(VALUES | st.none(), VALUES | st.none(), st.booleans(), st.booleans())
@example(2**30 - 1, 7, False, False)
@example(2**14 - 1, 0, True, False)
def test_operations_equal_the_written_semantics(
    name: str, one: int | None, other: int | None, bounded: bool, bounded_too: bool
) -> None:
    work_out, expected = OPERATIONS[name]
    left, first, left_bounds = column("left", one, known_bounds=bounded, size=abs(one or 50))
    right, second, right_bounds = column(
        "right", other, known_bounds=bounded_too, size=abs(other or 0)
    )
    result, frame = work_out(left, right), pl.DataFrame([first, second])
    assert (found(result.low, frame), found(result.high, frame)) == expected(
        left_bounds, right_bounds
    )
