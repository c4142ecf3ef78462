"""Conditions over columns: a Polars boolean with null for unknown, or a constant if the answer
depends on no column.

The operators `&`, `|` and `~` of Polars on booleans with nulls are strong Kleene logic, as are the
bounds of truths in the written semantics.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import polars as pl

Truth = pl.Expr | bool | None


def as_expression(truth: Truth) -> pl.Expr:
    return truth if isinstance(truth, pl.Expr) else pl.lit(truth, dtype=pl.Boolean)


def all_of(parts: Iterable[Truth]) -> Truth:
    return _combine(parts, decisive=False)


def any_of(parts: Iterable[Truth]) -> Truth:
    return _combine(parts, decisive=True)


def negation(truth: Truth) -> Truth:
    if isinstance(truth, pl.Expr):
        return ~truth
    return None if truth is None else not truth


def stated_or(stated: Truth, derived: Truth) -> Truth:
    """The stated value where it is known, otherwise the derived value."""
    if stated is None:
        return derived
    if derived is None or isinstance(stated, bool):
        return stated
    return pl.coalesce(stated, as_expression(derived))


def truth_from_bounds(certain: Truth, impossible: Truth) -> Truth:
    """True where certain, false where impossible, unknown elsewhere; null in either counts as
    false."""
    if certain is True or impossible is True:
        return certain is True
    if isinstance(certain, pl.Expr) and isinstance(impossible, pl.Expr):
        return pl.when(certain).then(pl.lit(True)).when(impossible).then(pl.lit(False))
    for test, answer in ((certain, True), (impossible, False)):
        if isinstance(test, pl.Expr):
            return pl.when(test).then(pl.lit(answer))
    return None


def _combine(parts: Iterable[Truth], *, decisive: bool) -> Truth:
    """`all` (decided by one false part) or `any` (decided by one true part)."""
    expressions: list[pl.Expr] = []
    unknown = False
    for part in parts:
        if part is decisive:
            return decisive
        if isinstance(part, pl.Expr):
            expressions.append(part)
        unknown = unknown or part is None
    if unknown:
        expressions.append(pl.lit(None, dtype=pl.Boolean))
    if not expressions:
        return not decisive
    if len(expressions) == 1 and unknown:
        return None
    return reduce(pl.Expr.__or__ if decisive else pl.Expr.__and__, expressions)
