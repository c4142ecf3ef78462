"""Columns by name: a fact, status or quantity of a pack for every household or person, as itself or in bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import cast

import polars as pl

from jmentitle.language import tree
from jmentitle.language.diagnostics import Collector, ProfileError, nearest
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import Content
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.compiler import Columns, Compiler
from jmentitle.population.frames import Population
from jmentitle.population.graph import Level, sums, work_out
from jmentitle.population.numbers import as_column
from jmentitle.population.run import Run
from jmentitle.population.truths import as_expression

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
    return _columnwise(run, [(one.node, one.entity)], ()).numbers[0].known


def truths_of(run: Run, node: Node, entity: Entity) -> pl.Series:
    """Whether a condition holds for each row; null where it is unknown."""
    return _columnwise(run, (), [(node, entity)]).truths[0].known


def _columnwise(run: Run, numbers: Sequence[tuple[Node, Entity]], truths: Sequence[tuple[Node, Entity]]) -> Found:
    return Columnwise(run.pack.on(run.on), run.on, run.population.columns, numbers, truths).of(run.population)


@dataclass(frozen=True)
class Column:
    """A number or truth for each row of an entity's frame. A number lies between two ends, null where one is open; a truth has its value as both."""

    entity: Entity
    low: pl.Series
    high: pl.Series

    @property
    def known(self) -> pl.Series:
        """The value, null where it is not known exactly."""
        return self.low if self.low is self.high else pl.select(pl.when(self.low == self.high).then(self.low)).to_series()


@dataclass(frozen=True)
class Found:
    numbers: list[Column]
    truths: list[Column]


class Columnwise:
    """Some numbers and conditions, each for the rows of an entity, compiled for populations that have the same columns."""

    def __init__(
        self,
        ruleset: Ruleset,
        on: date,
        columns: Columns,
        numbers: Sequence[tuple[Node, Entity]],
        truths: Sequence[tuple[Node, Entity]] = (),
    ) -> None:
        self._numbers, self._truths = [entity for _, entity in numbers], [entity for _, entity in truths]
        compiler = Compiler(ruleset, on, columns)
        compiler.count_uses(iter([*numbers, *truths]))
        wanted: list[tuple[Entity, str]] = []

        def keep(entity: Entity, name: str, column: pl.Expr) -> None:
            compiler.graph.derive(entity, name, column)
            wanted.append((entity, name))

        for place, (node, entity) in enumerate(numbers):
            number = compiler.number(node, entity)
            for name, end in (("low", number.low), ("high", number.high)):
                keep(entity, f"{name} wanted:{place}", pl.lit(None, dtype=pl.Int64) if end is None else as_column(end))
        for place, (node, entity) in enumerate(truths):
            keep(entity, f"truth wanted:{place}", as_expression(compiler.truth(node, entity)))
        self._levels, self._inputs = compiler.graph.plan(wanted), compiler.graph.inputs()

    def of(self, population: Population) -> Found:
        """What is found for a population, numbers at the scale of their nodes."""
        done = _worked_out(self._levels, self._inputs, population)
        ends = [[done[entity][f"{end} wanted:{place}"] for end in ("low", "high")] for place, entity in enumerate(self._numbers)]
        truths = [done[entity][f"truth wanted:{place}"] for place, entity in enumerate(self._truths)]
        return Found(
            [Column(entity, low, high) for entity, (low, high) in zip(self._numbers, ends, strict=True)],
            [Column(entity, truth, truth) for entity, truth in zip(self._truths, truths, strict=True)],
        )


def _worked_out(levels: list[Level], inputs: dict[Entity, list[str]], population: Population) -> dict[Entity, pl.DataFrame]:
    households, people = (frame.select(inputs[entity]) for entity, frame in _frames(population))
    done = work_out(levels, households, people, population.members)
    return {"household": done[0], "person": done[1]}


def _frames(population: Population) -> list[tuple[Entity, pl.DataFrame]]:
    return [("household", population.households), ("person", population.people)]


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
    return truths_of(run, one.node, one.entity)


def _fact_column(run: Run, one: Named) -> pl.Series:
    frame = dict(_frames(run.population))[one.entity]
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
