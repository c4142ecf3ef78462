"""The choice among conflicting benefits that is worth most to a household.

`family.aid` (of a household) excludes `carer.aid` (of its members). `counted` marks the rows that
count: in household 0 the two members together get more than the household would.

    home  member  benefit     low    counts
    0     -       family.aid  1000   false
    0     1       carer.aid    600   true
    0     2       carer.aid    600   true
    1     3       carer.aid    600   true
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from jmentitle.pack.model import Content

COUNTED_ONCE = ("exclusive", "higher")
Near = Mapping[int, Collection[int]]
Worths = np.ndarray[Any, np.dtype[np.int64]]


def rivals(content: Content, benefits: Sequence[str]) -> list[set[int]]:
    """The indices of the benefits that a declared conflict (exclusive or higher) sets against each
    benefit.

    Benefits on one side of a conflict are no rivals: they go together. An unsettled conflict has no
    rivals, because no text decides it.
    """
    indices = {benefit: index for index, benefit in enumerate(benefits)}
    against: list[set[int]] = [set() for _ in benefits]
    for conflict in content.conflicts.values():
        if conflict.kind not in COUNTED_ONCE:
            continue
        sides = [
            {
                index
                for benefit, index in indices.items()
                if side in (benefit, benefit.partition(".")[0])
            }
            for side in conflict.between
        ]
        for left, right in combinations(sides, 2):
            for index in left:
                against[index] |= right - {index}
            for index in right:
                against[index] |= left - {index}
    return against


def rival_groups(content: Content, benefits: Sequence[str]) -> list[list[str]]:
    """The benefits in groups of dependent choices; most groups have one benefit."""
    near = dict(enumerate(rivals(content, benefits)))
    return [[benefits[index] for index in group] for group in _groups(near, near)]


def counted(content: Content, benefits: Sequence[str], money: pl.DataFrame) -> pl.Series:
    """Mask of the rows of money that count: of benefits that exclude each other, only one choice.

    `money` has the columns benefit (its index in `benefits`), home, member (null for the
    household's own), standing, low and high. Rows of one household and one standing (eligible,
    discretionary, undetermined) compete where a conflict sets their benefits against each other:
    two of the same member, two of the household itself, and the household's own with that of every
    member. The choice with the greatest yearly sum counts: either the household's payment or the
    payments of its members, never both. (In practice the others may keep the household's payment,
    recalculated without that member; no pack says how, so the greater of the two is taken.) The
    worth of a row is its lower end, or the upper one if only that is known; an unknown amount is
    worth 0 in this choice.
    """
    against = rivals(content, benefits)
    keeps = np.ones(money.height, dtype=bool)
    groups = _groups(
        {index for index, others in enumerate(against) if others}, dict(enumerate(against))
    )
    group_of = pl.Series(
        [
            next((number for number, group in enumerate(groups) if index in group), None)
            for index in range(len(benefits))
        ],
        dtype=pl.Int64,
    )
    family = (pl.col("home").cast(pl.Int64) * 4 + pl.col("standing")) * len(
        groups
    ) + group_of.gather(money["benefit"])
    rows = money.select(
        "benefit",
        "member",
        at=pl.int_range(pl.len()),
        family=family,
        worth=pl.coalesce("low", "high", 0),
    )
    rows = rows.filter(pl.col("family").is_not_null() & pl.col("family").is_duplicated()).sort(
        "family", "member", "benefit", nulls_last=False
    )
    if not rows.height:
        return pl.Series(keeps)
    # Families in which the same benefits meet share their choices, so each pattern of benefits is
    # solved once, for all its families.
    rows = rows.with_columns(
        who=pl.col("member").rank("dense").over("family").fill_null(0).cast(pl.Int32)
    )
    families = (
        rows.group_by("family")
        .agg("at", "worth", "benefit", "who")
        .group_by("benefit", "who")
        .agg("at", "worth")
    )
    for met, who, at, worth in families.iter_rows():
        keeps[np.array(at)] = _worth_most(
            np.array(worth),
            _meeting(met, who, against),
            {index for index, person in enumerate(who) if person == 0},
        )
    return pl.Series(keeps)


def _meeting(
    benefits: Sequence[int], who: Sequence[int], against: Sequence[Collection[int]]
) -> dict[int, set[int]]:
    """For each row of a family the rows that cannot be had with it."""
    near: dict[int, set[int]] = {index: set() for index in range(len(benefits))}
    for first, second in combinations(range(len(benefits)), 2):
        if benefits[second] in against[benefits[first]] and (
            who[first] == who[second] or 0 in (who[first], who[second])
        ):
            near[first].add(second)
            near[second].add(first)
    return near


def _worth_most(
    worths: Worths, near: Near, household_rows: set[int]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Mask of the rows that count, for families in which the same rows meet; `household_rows` are
    those of the household itself."""
    best = np.full(len(worths), -1, dtype=np.int64)
    keeps = np.zeros(worths.shape, dtype=bool)
    for own_rows in _compatible(sorted(household_rows), near):
        total = worths[:, own_rows].sum(axis=1)
        chosen = np.zeros(worths.shape, dtype=bool)
        chosen[:, own_rows] = True
        free = {
            index
            for index in near
            if index not in household_rows and not any(index in near[row] for row in own_rows)
        }
        for group in _groups(free, near):
            options = list(_largest(group, near))
            sums = np.stack([worths[:, option].sum(axis=1) for option in options], axis=1)
            picked = sums.argmax(axis=1)
            total = total + sums.max(axis=1)
            for number, option in enumerate(options):
                chosen[np.ix_(picked == number, option)] = True
        better = total > best
        best[better], keeps[better] = total[better], chosen[better]
    return keeps


def _groups(indices: Collection[int], near: Near) -> list[list[int]]:
    """Connected indices, in order."""
    groups = []
    left = sorted(indices)
    while left:
        group = {left[0]}
        edge = [left[0]]
        while edge:
            fresh = [index for index in near[edge.pop()] if index in indices and index not in group]
            group.update(fresh)
            edge += fresh
        groups.append(sorted(group))
        left = [index for index in left if index not in group]
    return groups


def _compatible(indices: Sequence[int], near: Near) -> Iterator[list[int]]:
    """All choices of indices that can be had together, the larger ones first."""
    for size in range(len(indices), -1, -1):
        for choice in combinations(indices, size):
            if not any(other in near[one] for one, other in combinations(choice, 2)):
                yield list(choice)


def _largest(group: Sequence[int], near: Near) -> Iterator[list[int]]:
    """The choices to which nothing can be added."""

    def extended(choice: list[int], open_: list[int], passed: list[int]) -> Iterator[list[int]]:
        if not open_ and not passed:
            yield choice
        while open_:
            index = open_[0]
            yield from extended(
                [*choice, index],
                [other for other in open_ if other != index and other not in near[index]],
                [other for other in passed if other not in near[index]],
            )
            open_ = open_[1:]
            passed = [*passed, index]

    yield from extended([], list(group), [])
