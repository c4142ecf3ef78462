"""What grants open, over columns: the layers after the first, for those households in which a grant changes something."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jmentitle.chain.outcome import NEVER, NOW
from jmentitle.language import tree
from jmentitle.language.tree import Entity
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.columns.compiler import Columns, Compiler, granted_column
from jmentitle.population.columns.graph import Members, work_out
from jmentitle.population.columns.passes import ENTITIES, Frames, Pass
from jmentitle.population.columns.truths import Truth

LATER = {"row": pl.UInt32, "certain": pl.Int8, "possible": pl.Int8}


@dataclass
class Chaining:
    """The rules that grants can reach, compiled to be asked again. `standing` holds the columns in which the statuses stand before any grant."""

    ruleset: Ruleset
    again: Pass
    standing: dict[str, Truth]

    @classmethod
    def of(cls, main: Compiler, reached: list[str]) -> Chaining:
        """`main` is the compiler of the first layer: the statuses that are granted get columns there."""
        ruleset = main.ruleset
        granted = {status: ruleset.content.statuses[status].entity for status in ruleset.grantors}
        columns: Columns = {
            entity: names | {granted_column(status) for status, whose in granted.items() if whose == entity} for entity, names in main.columns.items()
        }
        compiler = Compiler(ruleset, main.on, columns, with_grants=True)
        standing = {status: main.truth(tree.Status(entity, status, granted=False), entity) for status, entity in granted.items()}
        return cls(ruleset, Pass.of(compiler, reached), standing)

    @property
    def wanted(self) -> list[tuple[Entity, str]]:
        """The columns of the first layer that are looked at."""
        entities = {status: self.ruleset.content.statuses[status].entity for status in self.standing}
        return [(entities[status], found.meta.output_name()) for status, found in self.standing.items() if isinstance(found, pl.Expr)]

    def later(self, given: Frames, done: Frames, now: Frames, members: Members) -> dict[str, pl.DataFrame]:
        """For each benefit, the rows in which grants open something, with the layers in which it becomes certain and possible.

        `given` are the frames before the first layer, `done` after it, and `now` what it found.
        """
        touched = self._touched(self._granted(now), done, members)
        if not touched.any():
            return {}
        places: dict[Entity, pl.Series] = {"household": touched.arg_true(), "person": touched.gather(members.of).arg_true()}
        needed = {entity: [name for name in self.again.inputs[entity] if name in given[entity].columns] for entity in ENTITIES}
        given = _taken(given, needed, places)
        state = _taken(now, {entity: [name for name in now[entity].columns if self._matters(name)] for entity in ENTITIES}, places)
        members = members.subset(touched)
        layers = {name: (_layers(column, NOW), _layers(column.ne_missing(False), NOW)) for name, column in self._reached(state)}
        first = dict(layers)
        granted, previous, layer = self._granted(state), None, 0
        while previous is None or not all(granted[entity].equals(previous[entity]) for entity in ENTITIES):
            layer += 1
            frames = {entity: pl.concat([given[entity], granted[entity]], how="horizontal") for entity in ENTITIES}
            own, people = work_out(self.again.levels, frames["household"], frames["person"], members)
            found = self.again.columns({"household": own, "person": people}, members)
            layers = {name: _opened(layers[name], column, layer) for name, column in self._reached(found)}
            state = {entity: state[entity].with_columns(found[entity]) for entity in ENTITIES}
            previous, granted = granted, self._granted(state)
        return {name: rows for name in layers if len(rows := _rows(first[name], layers[name], places[self.ruleset.entity_of(name)]))}

    def _matters(self, benefit: str) -> bool:
        return benefit in self.again.truths or bool(self.ruleset.benefits[benefit].grants)

    def _reached(self, frames: Frames) -> list[tuple[str, pl.Series]]:
        return [(column.name, column) for frame in frames.values() for column in frame.iter_columns() if column.name in self.again.truths]

    def _granted(self, truths: Frames) -> Frames:
        """Which statuses have been granted, null where they may have been."""
        expressions: dict[Entity, dict[str, pl.Expr]] = {"household": {}, "person": {}}
        for status, benefits in self.ruleset.grantors.items():
            for benefit in benefits:
                columns, name = expressions[self.ruleset.entity_of(benefit)], granted_column(status)
                columns[name] = columns[name] | pl.col(benefit) if name in columns else pl.col(benefit)
        return {entity: truths[entity].select(**expressions[entity]) for entity in ENTITIES}

    def _touched(self, granted: Frames, done: Frames, members: Members) -> pl.Series:
        """The households in which a grant makes a status more certain or more possible than it is without."""
        found = np.zeros(len(members.starts), dtype=bool)
        for status, standing in self.standing.items():
            entity = self.ruleset.content.statuses[status].entity
            column = granted[entity][granted_column(status)]
            known = isinstance(standing, pl.Expr)
            before = done[entity].select(standing).to_series() if known else pl.repeat(standing, len(column), dtype=pl.Boolean, eager=True)
            places = (before | column).ne_missing(before).arg_true()
            found[(places if entity == "household" else members.of.gather(places)).to_numpy()] = True
        return pl.Series(found)


def _layers(condition: pl.Series, layer: int) -> pl.Series:
    return pl.select(pl.when(condition).then(pl.lit(layer, dtype=pl.Int8)).otherwise(pl.lit(NEVER, dtype=pl.Int8))).to_series()


def _opened(layers: tuple[pl.Series, pl.Series], truth: pl.Series, layer: int) -> tuple[pl.Series, pl.Series]:
    """The layers of (certain, possible), with what is open now and was not before."""
    number = pl.lit(layer, dtype=pl.Int8)
    found = [
        pl.select(pl.when((before == NEVER) & now).then(number).otherwise(before)).to_series()
        for before, now in zip(layers, (truth, truth.ne_missing(False)), strict=True)
    ]
    return found[0], found[1]


def _rows(before: tuple[pl.Series, pl.Series], after: tuple[pl.Series, pl.Series], places: pl.Series) -> pl.DataFrame:
    changed = (before[0] != after[0]) | (before[1] != after[1])
    columns = [column.filter(changed) for column in (places, *after)]
    return pl.DataFrame(dict(zip(LATER, columns, strict=True)), schema_overrides=LATER)


def _taken(frames: Frames, names: dict[Entity, list[str]], places: dict[Entity, pl.Series]) -> Frames:
    return {entity: frame.select(names[entity])[places[entity]] if names[entity] else pl.DataFrame() for entity, frame in frames.items()}
