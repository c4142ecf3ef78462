"""Columns by name: a fact, status or quantity of a pack for every household or person, as itself or in bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import cast

import polars as pl

from jmentitle.language import tree
from jmentitle.language.diagnostics import Collector, ProfileError, nearest
from jmentitle.language.tree import Entity
from jmentitle.pack.model import Content
from jmentitle.population.columns.members import sums
from jmentitle.population.measures import beside
from jmentitle.population.run import Run

Cuts = Sequence[int | Decimal]


@dataclass(frozen=True)
class Named:
    """A name of a pack: what it stands for, whose it is, and its type."""

    name: str
    node: tree.Fact | tree.Status | tree.Quantity
    type: tree.Type

    @property
    def entity(self) -> Entity:
        return self.node.entity

    @property
    def scale(self) -> int:
        """Decimal places of a number."""
        return cast("tree.Numeric", self.type).scale


def named(content: Content, name: str, *, number: bool = False) -> Named:
    """What a name stands for: `age`, or `household.x` where a person has an `x` too. Raises ProfileError (JM071, JM072).

    `number` refuses what is not a number. Sets are refused always: somebody may stand in several of their groups.
    """
    known = _known(content)
    collector = Collector()
    found = known.get(name)
    if found is None:
        near = nearest(name, known)
        collector.add("JM071", "unknown fact", path=name, expected=None if near else "a fact, status or quantity of the pack", nearest=near)
    elif isinstance(found.type, tree.ChoiceSet) or (number and not isinstance(found.type, tree.Numeric)):
        expected = "the name of a number" if number else "a fact, status or quantity with one value"
        collector.add("JM072", "this does not divide households", path=name, expected=expected)
    else:
        return found
    raise ProfileError(collector.errors)


def _known(content: Content) -> dict[str, Named]:
    """All names, those of persons before those of households; the household's are known by `household.` before them too."""
    nodes: list[tuple[tree.Fact | tree.Status | tree.Quantity, tree.Type]] = [(fact.node, fact.type) for fact in content.facts.values()]
    nodes += [(tree.Status(one.entity, one.name), tree.Truth()) for one in content.statuses.values()]
    nodes += [(tree.Quantity(one.entity, one.name, one.type), one.type) for one in content.quantities.values()]
    found: dict[str, Named] = {}
    for node, kind in sorted(nodes, key=lambda pair: pair[0].entity):
        one = Named(node.name, node, kind)
        if node.entity == "household":
            found[f"household.{node.name}"] = one
        found[node.name] = one
    return found


def numbers_of(run: Run, one: Named) -> pl.Series:
    """The number at its scale for each household or person; null where it is not known exactly."""
    low, high = beside.numbers(run, {one.name: (one.node, one.entity)})[one.name]
    return pl.select(pl.when(low == high).then(low)).to_series()


def of_household(run: Run, one: Named) -> pl.Series:
    """The number for each household, at its scale: a person's is summed over the members; null where one of them is not known."""
    found = numbers_of(run, one)
    return found if one.entity == "household" else sums(found.cast(pl.Int64), run.population.members)


def labels_of(run: Run, one: Named, cuts: Cuts | None = None) -> pl.Series:
    """What somebody is grouped by: the value, as words for enums, exact for numbers; with cuts the band that a number lies in."""
    if cuts is not None:
        return _bands(numbers_of(run, one), one, cuts)
    match one.type:
        case tree.Numeric(scale=scale):
            numbers = numbers_of(run, one)
            return numbers if scale == 0 else decimals(numbers, scale)
        case tree.Choice(enum=enum):
            members = list(run.pack.content.enums[enum].members)
            return _fact_column(run, one).cast(pl.UInt8).cat.to(pl.Enum(members))
        case tree.Day():
            return _fact_column(run, one)
    return beside.truths(run, {one.name: (one.node, one.entity)})[one.name]


def _fact_column(run: Run, one: Named) -> pl.Series:
    frame = run.population.households if one.entity == "household" else run.population.people
    if one.name in frame.columns:
        return frame[one.name]
    height = len(run.population) if one.entity == "household" else len(run.population.member_ids)
    return pl.repeat(None, height, dtype=pl.Date if isinstance(one.type, tree.Day) else pl.UInt8, eager=True)


def _bands(numbers: pl.Series, one: Named, cuts: Cuts) -> pl.Series:
    """The band of each number: below the first cut, from each cut up to the next, from the last one on. Raises ValueError for unordered cuts."""
    ends = [Decimal(cut) for cut in cuts]
    if not ends or sorted(set(ends)) != ends:
        raise ValueError("cuts must be numbers in rising order")
    texts = [f"{end:,f}" for end in ends]
    names = [f"< {texts[0]}", *(f"{low} – < {high}" for low, high in pairwise(texts)), f"≥ {texts[-1]}"]
    place = pl.lit(0, dtype=pl.UInt8)
    for end in ends:
        # The smallest number at this scale that is not below the cut.
        first = -int(-end.scaleb(one.scale) // 1)
        place = place + (numbers >= first).cast(pl.UInt8)
    return pl.select(place).to_series().cat.to(pl.Enum(names))


def decimals(numbers: pl.Series, scale: int) -> pl.Series:
    """Numbers at a scale as exact decimals."""
    return pl.select(numbers.cast(pl.Decimal(38, scale)) / 10**scale).to_series()
