"""Of what cannot all be had, which is counted: the choice that is worth most to a household."""

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
    """For each benefit the places of those that a declared conflict (exclusive or higher) sets
    against it.

    Benefits of one side of a conflict are no rivals: they go together. An unsettled conflict sets
    nothing against anything: no text says so.
    """
    indices = {benefit: index for index, benefit in enumerate(benefits)}
    found: list[set[int]] = [set() for _ in benefits]
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
        for one, other in combinations(sides, 2):
            for index in one:
                found[index] |= other - {index}
            for index in other:
                found[index] |= one - {index}
    return found


def rival_groups(content: Content, benefits: Sequence[str]) -> list[list[str]]:
    """The benefits in groups of dependent choices; most groups have one benefit."""
    near = dict(enumerate(rivals(content, benefits)))
    return [[benefits[index] for index in group] for group in _groups(near, near)]


def counted(content: Content, benefits: Sequence[str], money: pl.DataFrame) -> pl.Series:
    """Which rows of money count, so that nothing that cannot be had together is counted together.

    `money` has the columns benefit (its place among `benefits`), home, member (null for the
    household's own), standing, low and high. Rows of one household and one standing (eligible,
    discretionary, undetermined) compete where a conflict sets their benefits against each other:
    two of the same member, two of the household itself, and the household's own with that of every
    member. What is worth most in a year all together is counted: a household's payment thus stands
    against what all its members would get instead, and either it or theirs counts, never both. (In
    life the others may keep the household's payment, recalculated without that member; no pack says
    how, so the greater of the two is taken.) The worth is the lower end, the upper where only that
    is known; what nobody knows is worth nothing in this choice.
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
    # Who somebody is does not matter, only which benefits meet: families in which the same meet are
    # chosen for together.
    rows = rows.with_columns(
        who=pl.col("member").rank("dense").over("family").fill_null(0).cast(pl.Int32)
    )
    families = (
        rows.group_by("family")
        .agg("at", "worth", "benefit", "who")
        .group_by("benefit", "who")
        .agg("at", "worth")
    )
    for own, who, at, worth in families.iter_rows():
        keeps[np.array(at)] = _worth_most(
            np.array(worth),
            _meeting(own, who, against),
            {index for index, one in enumerate(who) if one == 0},
        )
    return pl.Series(keeps)


def _meeting(
    benefits: Sequence[int], who: Sequence[int], against: Sequence[Collection[int]]
) -> dict[int, set[int]]:
    """For each row of a family the rows that cannot be had with it."""
    near: dict[int, set[int]] = {index: set() for index in range(len(benefits))}
    for one, other in combinations(range(len(benefits)), 2):
        if benefits[other] in against[benefits[one]] and (
            who[one] == who[other] or 0 in (who[one], who[other])
        ):
            near[one].add(other)
            near[other].add(one)
    return near


def _worth_most(worths: Worths, near: Near, own: set[int]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The rows that are counted, for families in which the same rows meet; `own` are the rows of
    the household itself."""
    best = np.full(len(worths), -1, dtype=np.int64)
    keeps = np.zeros(worths.shape, dtype=bool)
    for taken in _compatible(sorted(own), near):
        total = worths[:, taken].sum(axis=1)
        chosen = np.zeros(worths.shape, dtype=bool)
        chosen[:, taken] = True
        free = {
            index
            for index in near
            if index not in own and not any(index in near[one] for one in taken)
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
    found, left = [], sorted(indices)
    while left:
        group, edge = {left[0]}, [left[0]]
        while edge:
            fresh = [index for index in near[edge.pop()] if index in indices and index not in group]
            group.update(fresh)
            edge += fresh
        found.append(sorted(group))
        left = [index for index in left if index not in group]
    return found


def _compatible(indices: Sequence[int], near: Near) -> Iterator[list[int]]:
    """All choices of places that can be had together, the larger ones first."""
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
                [one for one in open_ if one != index and one not in near[index]],
                [one for one in passed if one not in near[index]],
            )
            open_, passed = open_[1:], [*passed, index]

    yield from extended([], list(group), [])
