"""What the answers must be, worked out apart from every contestant: each leaf as two arrays, where
it certainly and where it possibly holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.crowd import Crowd
from benchmarks.rules import Atom, Rule

Truth = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Certain, possible."""


def truths(rules: list[Rule], crowd: Crowd) -> NDArray[np.int8]:
    """Members × rules: 1 true, 0 false, -1 unknown."""

    def leaf(atom: Atom) -> Truth:
        facts, rows = (
            (crowd.home, crowd.of)
            if atom.kind == "home"
            else (crowd.person, np.arange(len(crowd.of)))
        )
        column = facts[atom.name]
        if atom.kind == "number":
            column = column < atom.limit if atom.sign == "<" else column >= atom.limit
        elif atom.kind == "grade":
            column = np.isin(column, atom.grade_codes)
        known = crowd.known.get(atom.name, np.ones(len(column), dtype=np.bool_))
        return (column & known)[rows], (column | ~known)[rows]

    found = [rule.written(leaf, _all, _any, lambda part: (~part[1], ~part[0])) for rule in rules]
    return np.column_stack(
        [np.where(possible & ~certain, -1, certain).astype(np.int8) for certain, possible in found]
    )


def _all(parts: list[Truth]) -> Truth:
    return np.logical_and.reduce([part[0] for part in parts]), np.logical_and.reduce(
        [part[1] for part in parts]
    )


def _any(parts: list[Truth]) -> Truth:
    return np.logical_or.reduce([part[0] for part in parts]), np.logical_or.reduce(
        [part[1] for part in parts]
    )
