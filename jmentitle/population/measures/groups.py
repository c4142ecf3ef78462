"""Groups of a population: by a fact, a status, or the bands of a number, such as the county, the sex or the age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from jmentitle.language import tree, units
from jmentitle.language.diagnostics import Collector, ProfileError, nearest
from jmentitle.language.tree import Entity, Node, Numeric
from jmentitle.pack.model import Content
from jmentitle.pack.text import Text
from jmentitle.population.columns.passes import ENTITIES
from jmentitle.population.measures import beside
from jmentitle.population.run import Run

UNKNOWN = "unknown"
"""The group of those of whom it is not known to which they belong. It comes last, and only where there is somebody in it."""
AGES: tuple[int, ...] = (0, 3, 6, 12, 15, 18, 25, 35, 45, 55, 60, 65, 70, 80)
"""Where bands of an age begin unless said: the ages of kindergarten, schools, work and allowances."""
_YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}
_NOT_KNOWN = Text("不详", "not known")


@dataclass(frozen=True)
class Groups:
    """`of` holds the group of each household or each person (`entity`), a name of `labels`."""

    name: str
    label: Text
    entity: Entity
    labels: dict[str, Text]
    of: pl.Series

    def rows(self, entity: Entity, run: Run) -> pl.Series | None:
        """The group of each row of a frame: people are in that of their household. None where households have no such group."""
        if entity == self.entity:
            return self.of
        return self.of.gather(run.population.members.of) if entity == "person" else None


def group(run: Run, name: str, bands: Sequence[int] | None = None) -> Groups:
    """The groups by a fact (an enum or a truth), a status, or a number of the pack, whose bands begin at `bands` in its own unit (AGES unless
    said); the last one is open. Raises ProfileError (JM071) for a name by which nobody can be grouped."""
    entity, node, label = _find(run.pack.content, name)
    kind = node.type if isinstance(node, tree.Fact | tree.Quantity) else tree.Truth()
    if isinstance(kind, Numeric):
        return _banded(run, name, entity, node, kind, label, AGES if bands is None else bands)
    if isinstance(kind, tree.Choice):
        labels = run.pack.content.enums[kind.enum].members
        return _groups(name, label, entity, labels, _places(run, entity, name))
    held = beside.truths(run, {name: (node, entity)})[name]
    return _groups(name, label, entity, _YES_NO, pl.select(pl.when(held).then(0).when(~held).then(1)).to_series())


def _find(content: Content, name: str) -> tuple[Entity, Node, Text]:
    known: dict[str, tuple[Entity, Node, Text]] = {}
    for entity in reversed(ENTITIES):
        for (owner, fact), definition in content.facts.items():
            if owner == entity and isinstance(definition.type, tree.Truth | tree.Choice | Numeric):
                known[fact] = (entity, definition.node, definition.label)
    known |= {one.name: (one.entity, tree.Status(one.entity, one.name), one.label) for one in content.statuses.values()}
    known |= {one.name: (one.entity, tree.Quantity(one.entity, one.name, one.type), one.label) for one in content.quantities.values()}
    if name not in known:
        collector = Collector()
        expected = "a fact that is a truth, a number or one of a list, a status or a quantity of the pack"
        collector.add("JM071", f"nobody can be grouped by `{name}`", path="by", expected=expected, nearest=nearest(name, known))
        raise ProfileError(collector.errors)
    return known[name]


def _places(run: Run, entity: Entity, name: str) -> pl.Series:
    """The place of each row's member in the list of an enum; null throughout where the frame has no such column."""
    population = run.population
    frame = population.households if entity == "household" else population.people
    height = len(population) if entity == "household" else len(population.member_ids)
    return frame[name] if name in frame.columns else pl.repeat(None, height, dtype=pl.UInt8, eager=True)


def _banded(run: Run, name: str, entity: Entity, node: Node, kind: Numeric, label: Text, bands: Sequence[int]) -> Groups:
    starts = sorted(set(bands))
    ends = beside.numbers(run, {name: (node, entity)})[name]
    low, high = (pl.Series([one * 10**kind.scale for one in starts]).search_sorted(end.fill_null(-1), side="right") for end in ends)
    known = ends[0].is_not_null() & ends[1].is_not_null() & (low == high) & (low > 0)
    labels = {}
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        text = f"{start}+" if following is None else str(start) if following == start + 1 else f"{start}–{following - 1}"
        labels[text] = Text(text, text)
    unit = units.show(kind.unit)
    zh, en = _UNITS_ZH.get(unit, unit), unit
    # A label that names its unit already is left as it is.
    shown = Text(label.zh if zh in label.zh else f"{label.zh}（{zh}）", label.en if en in label.en else f"{label.en} ({en})") if kind.unit else label
    return _groups(name, shown, entity, labels, pl.select(pl.when(known).then(low - 1)).to_series())


_UNITS_ZH = {"year": "岁", "month": "月", "day": "天", "person": "人", "CNY": "元", "CNY/month": "元/月", "CNY/year": "元/年"}


def _groups(name: str, label: Text, entity: Entity, labels: dict[str, Text], places: pl.Series) -> Groups:
    named = dict(labels) | ({UNKNOWN: _NOT_KNOWN} if places.null_count() else {})
    of = places.fill_null(len(labels)).cast(pl.UInt32)
    names = pl.Series(name, list(named), dtype=pl.Enum(list(named)))
    return Groups(name, label, entity, named, names.gather(of))
