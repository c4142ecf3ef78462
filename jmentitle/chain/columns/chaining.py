"""Forward chaining over columns: the layers after the first, for the households in which a grant
changes a value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from jmentitle.chain.columns.compiler import Compiler, Test
from jmentitle.chain.columns.graph import ROW, Column, Graph, work_out
from jmentitle.chain.columns.members import Members
from jmentitle.chain.columns.passes import ENTITIES, Frames, Pass, compile_benefits
from jmentitle.chain.columns.truths import Truth, all_of, any_of
from jmentitle.chain.native import reaches_grants
from jmentitle.chain.outcome import NEVER, NOW
from jmentitle.language import tree
from jmentitle.language.tree import Entity, TruthNode
from jmentitle.pack.ruleset import Ruleset

LATER = {"row": pl.UInt32, "certain": pl.Int8, "possible": pl.Int8}
Sureness = Literal["certain", "possible"]
_FEW = 0.5
"""The largest share of households for which filtering pays: evaluating conditions is faster than
gathering rows."""


class GrantCompiler(Compiler):
    """Conditions given the grants so far, which are `granted:` columns, null if only possible.

    Values that no grant can change, including every number, are columns of the main compiler and
    are not recomputed.
    """

    def __init__(self, main: Compiler) -> None:
        super().__init__(
            main.ruleset, main.on, main.columns, main.sizes, Graph(main.graph), "opened "
        )
        self.main, self._uses = main, main._uses
        self._reached: dict[str, bool] = {}
        for status in self.ruleset.grantors:
            self.graph.given(self.ruleset.content.statuses[status].entity, [granted_column(status)])

    def truth(self, node: TruthNode, entity: Entity) -> Truth:
        return super().truth(node, entity) if self.opens(node) else self._standing(node, entity)

    def opens(self, node: TruthNode) -> bool:
        """Whether a grant can change the value of the node."""
        return reaches_grants(self.ruleset, node, self._reached)

    def _standing(self, node: TruthNode, entity: Entity) -> Truth:
        """The truth without any grant, as a column of the main compiler."""
        key = ("standing", entity, node)
        if key not in self._truths:
            found = self.main.truth(node, entity)
            self._truths[key] = (
                pl.col(self.main.named(found, entity, "standing"))
                if isinstance(found, pl.Expr)
                else found
            )
        return self._truths[key]

    def _test(self, node: Test, entity: Entity) -> Truth:
        """The parts of a group without grants are one column of the main compiler."""
        if not isinstance(node, tree.All | tree.AnyOf):
            return super()._test(node, entity)
        standing = tuple(part for part in node.parts if not self.opens(part))
        parts = [self.truth(part, entity) for part in node.parts if self.opens(part)]
        if standing:
            parts.append(self._standing(type(node)(standing), entity))
        return all_of(parts) if isinstance(node, tree.All) else any_of(parts)

    def _status_of(self, name: str) -> Truth:
        behind, entity = self.ruleset.statuses[name], self.ruleset.content.statuses[name].entity
        opens = behind is not None and self.opens(behind)
        found = (
            super()._status_of(name)
            if opens
            else self._standing(tree.Status(entity, name, granted=False), entity)
        )
        return (
            any_of([found, pl.col(granted_column(name))])
            if name in self.ruleset.grantors
            else found
        )


def granted_column(status: str) -> str:
    """The column that holds whether a status has been granted so far: null where it is only
    possible."""
    return f"granted:{status}"


def with_later(now: pl.Series, later: pl.DataFrame, sureness: Sureness) -> pl.Series:
    """For whom a benefit is certain or possible now, with those for whom it is so after what grants
    open."""
    return now.scatter(later.filter(pl.col(sureness) != NEVER)["row"], True)


@dataclass
class Chaining:
    """The rules that grants can reach, compiled to be asked again; they look at the columns
    `inputs` of the first layer. `standing` holds the columns of the statuses before any grant."""

    ruleset: Ruleset
    again: Pass
    standing: dict[str, Truth]
    inputs: dict[Entity, list[str]]

    @property
    def statuses(self) -> list[Column]:
        """The columns of the first layer with those statuses."""
        entities = {
            status: self.ruleset.content.statuses[status].entity for status in self.standing
        }
        return [
            (entities[status], found.meta.output_name())
            for status, found in self.standing.items()
            if isinstance(found, pl.Expr)
        ]

    @property
    def wanted(self) -> list[Column]:
        """The columns of the first layer that are looked at."""
        return self.statuses + [
            (entity, name) for entity, names in self.inputs.items() for name in names
        ]

    @classmethod
    def of(cls, compiler: GrantCompiler, reached: Iterable[str]) -> Chaining:
        """The benefits that grants can reach; what no grant changes gets columns in the main
        compiler."""
        main, again = compiler.main, Pass.of(compiler, compile_benefits(compiler, reached))
        granted = {
            status: compiler.ruleset.content.statuses[status].entity
            for status in compiler.ruleset.grantors
        }
        standing = {
            status: main.truth(tree.Status(entity, status, granted=False), entity)
            for status, entity in granted.items()
        }
        given = {granted_column(status) for status in granted}
        inputs = {
            entity: [name for name in names if name not in given]
            for entity, names in again.inputs.items()
        }
        return cls(compiler.ruleset, again, standing, inputs)

    def later(self, done: Frames, now: Frames, members: Members) -> dict[str, pl.DataFrame]:
        """For each benefit, the rows in which grants open something, with the layers in which it
        becomes certain and possible.

        `done` are the frames after the first layer, `now` is what it found.
        """
        changes = Changes()
        granted = self._granted(now)
        active = self._touched(granted, done, members)
        state: Frames = {
            entity: now[entity].select(name for name in now[entity].columns if self._matters(name))
            for entity in ENTITIES
        }
        given: Frames = {entity: done[entity].select(self.inputs[entity]) for entity in ENTITIES}
        positions: Frames = {entity: done[entity].select(ROW) for entity in ENTITIES}
        layer = NOW
        while active.any():
            # Inactive households stay unchanged: households do not depend on each other.
            if int(active.sum()) < _FEW * len(active):
                kept: dict[Entity, pl.Series] = {
                    "household": active,
                    "person": active.gather(members.of),
                }
                given, state, positions, granted = (
                    _filtered(frames, kept) for frames in (given, state, positions, granted)
                )
                members = members.subset(active)
            layer += 1
            frames = {
                entity: pl.concat([given[entity], granted[entity]], how="horizontal")
                for entity in ENTITIES
            }
            own, people = work_out(
                self.again.levels, frames["household"], frames["person"], members
            )
            found = self.again.columns({"household": own, "person": people}, members)
            for entity in ENTITIES:
                changes.note(layer, positions[entity][ROW], state[entity], found[entity])
                state[entity] = state[entity].with_columns(found[entity])
            before, granted = granted, self._granted(state)
            active = _differing(before, granted, members)
        return changes.frames()

    def _matters(self, benefit: str) -> bool:
        return benefit in self.again.truths or bool(self.ruleset.benefits[benefit].grants)

    def _granted(self, truths: Frames) -> Frames:
        """Which statuses have been granted, null where they may have been."""
        expressions: dict[Entity, dict[str, pl.Expr]] = {"household": {}, "person": {}}
        for status, benefits in self.ruleset.grantors.items():
            for benefit in benefits:
                columns, name = expressions[self.ruleset.entity_of(benefit)], granted_column(status)
                columns[name] = (
                    columns[name] | pl.col(benefit) if name in columns else pl.col(benefit)
                )
        return {entity: truths[entity].select(**expressions[entity]) for entity in ENTITIES}

    def _touched(self, granted: Frames, done: Frames, members: Members) -> pl.Series:
        """The households in which a grant makes a status more certain or more possible than it is
        without."""
        columns: dict[Entity, list[pl.Series]] = {"household": [], "person": []}
        for status, standing in self.standing.items():
            entity, known = (
                self.ruleset.content.statuses[status].entity,
                isinstance(standing, pl.Expr),
            )
            column = (
                done[entity].select(standing).to_series()
                if known
                else pl.repeat(standing, done[entity].height, dtype=pl.Boolean, eager=True)
            )
            columns[entity].append(column.alias(granted_column(status)))
        before = {entity: pl.DataFrame(columns[entity]) for entity in ENTITIES}
        after = {
            entity: granted[entity].select(
                pl.col(column.name) | pl.lit(column) for column in before[entity]
            )
            for entity in ENTITIES
        }
        return _differing(before, after, members)


@dataclass
class Changes:
    """The benefits opened in each layer: for each benefit the frames of `LATER` in the order of the
    layers."""

    found: dict[str, list[pl.DataFrame]] = field(default_factory=lambda: defaultdict(list))

    def note(
        self, layer: int, positions: pl.Series, before: pl.DataFrame, after: pl.DataFrame
    ) -> None:
        """Grants open things and never close them, so whatever differs has become possible or
        certain."""
        changes = list(_changed(before, after))
        if not changes:
            return
        pieces = [
            [positions, before[name].alias("before"), after[name].alias("after")]
            for name, _ in changes
        ]
        changed = [
            pl.DataFrame(column.filter(mask) for column in piece)
            for piece, (_, mask) in zip(pieces, changes, strict=True)
        ]
        certain = pl.when("after").then(pl.lit(layer, dtype=pl.Int8)).otherwise(NEVER)
        possible = (
            pl.when(pl.col("before").is_null()).then(pl.lit(NOW, dtype=pl.Int8)).otherwise(layer)
        )
        layers = pl.concat(changed).select_seq(
            pl.col(ROW).alias("row"), certain=certain, possible=possible
        )
        for (name, _), frame in zip(changes, changed, strict=True):
            self.found[name].append(layers[: frame.height])
            layers = layers[frame.height :]

    def frames(self) -> dict[str, pl.DataFrame]:
        """A row for each place of a benefit in which something opened. What became possible first
        and certain later was noted twice."""
        merged = (pl.col("certain").max(), pl.col("possible").first())
        return {
            name: frames[0]
            if len(frames) == 1
            else pl.concat(frames).group_by("row", maintain_order=True).agg(merged).sort("row")
            for name, frames in self.found.items()
        }


def _changed(before: pl.DataFrame, after: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """The columns that have changed, each with the rows in which it has."""
    for column in after.select(
        pl.col(name).ne_missing(pl.lit(before[name])) for name in after.columns
    ).iter_columns():
        if column.any():
            yield column.name, column


def _differing(before: Frames, after: Frames, members: Members) -> pl.Series:
    """The households in which a column of theirs or of a member differs."""
    found = np.zeros(len(members.starts), dtype=bool)
    for entity in ENTITIES:
        for _, changed in _changed(before[entity], after[entity]):
            found[
                (
                    changed.arg_true() if entity == "household" else members.of.filter(changed)
                ).to_numpy()
            ] = True
    return pl.Series(found)


def _filtered(frames: Frames, kept: dict[Entity, pl.Series]) -> Frames:
    return {
        entity: frame.filter(kept[entity]) if frame.width else frame
        for entity, frame in frames.items()
    }
