"""Forward chaining over columns: the layers after the first, for the households in which a grant
changes a value.

Example: `dibao` grants the status `poor`; `fuel` needs `poor`, and `heating` needs the status that
`fuel` grants. Each layer computes only the active households, in which a grant of the layer before
changed a status:

    row  dibao    now: fuel, heating     layer 1           layer 2           later
    0    true     false, false      ->   fuel true     ->  heating true      fuel 1, heating 2
    1    false    false, false           not active        not active        -
    2    unknown  false, false           fuel unknown      heating unknown   possible only
    3    true     true, true             not active        not active        -

Household 3 has had the statuses from the start, so no grant changes anything there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from jmentitle.chain.columns.compiler import Compiler, Test
from jmentitle.chain.columns.graph import ROW, Column, run_levels
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
"""The largest share of active households for which filtering pays: evaluating conditions is faster
than gathering rows."""


class GrantCompiler(Compiler):
    """Conditions given the grants so far: `granted:` columns, null if only possible.

    Values that no grant can change, including every number, are columns of the main compiler and
    are not recomputed.
    """

    def __init__(self, main: Compiler) -> None:
        super().__init__(main.ruleset, main.on, main.columns, main.sizes, prefix="opened ")
        self.main = main
        self._uses = main._uses
        self._reached: dict[str, bool] = {}

    def truth(self, node: TruthNode, entity: Entity) -> Truth:
        return (
            super().truth(node, entity) if self.opens(node) else self._ungranted_truth(node, entity)
        )

    def opens(self, node: TruthNode) -> bool:
        """Whether a grant can change the value of the node."""
        return reaches_grants(self.ruleset, node, self._reached)

    def _ungranted_truth(self, node: TruthNode, entity: Entity) -> Truth:
        """The truth without any grant, as a column of the main compiler."""
        key = ("ungranted", entity, node)
        if key not in self._truths:
            truth = self.main.truth(node, entity)
            self._truths[key] = (
                pl.col(self.main.column_name(truth, entity, "ungranted"))
                if isinstance(truth, pl.Expr)
                else truth
            )
        return self._truths[key]

    def _test(self, node: Test, entity: Entity) -> Truth:
        """A test; the parts of a group that no grant changes are one column of the main
        compiler."""
        if not isinstance(node, tree.All | tree.AnyOf):
            return super()._test(node, entity)
        ungranted = tuple(part for part in node.parts if not self.opens(part))
        parts = [self.truth(part, entity) for part in node.parts if self.opens(part)]
        if ungranted:
            parts.append(self._ungranted_truth(type(node)(ungranted), entity))
        return all_of(parts) if isinstance(node, tree.All) else any_of(parts)

    def _status_of(self, name: str) -> Truth:
        condition = self.ruleset.statuses[name]
        entity = self.ruleset.content.statuses[name].entity
        opens = condition is not None and self.opens(condition)
        truth = (
            super()._status_of(name)
            if opens
            else self._ungranted_truth(tree.Status(entity, name, granted=False), entity)
        )
        return (
            any_of([truth, pl.col(granted_column(name))])
            if name in self.ruleset.grantors
            else truth
        )


def granted_column(status: str) -> str:
    """The column that says whether a status has been granted so far: null if only possible."""
    return f"granted:{status}"


def with_later(now: pl.Series, later: pl.DataFrame, sureness: Sureness) -> pl.Series:
    """The recipients of a benefit, certain or possible: those of now and those after grants."""
    return now.scatter(later.filter(pl.col(sureness) != NEVER)["row"], True)


@dataclass
class Chaining:
    """The benefits that grants can reach, compiled for repeated evaluation. `inputs` are the
    columns of the first layer that they use; `ungranted` holds the statuses before any grant."""

    ruleset: Ruleset
    again: Pass
    ungranted: dict[str, Truth]
    inputs: dict[Entity, list[str]]

    @property
    def statuses(self) -> list[Column]:
        """The columns of the first layer with the ungranted statuses."""
        entities = {
            status: self.ruleset.content.statuses[status].entity for status in self.ungranted
        }
        return [
            (entities[status], truth.meta.output_name())
            for status, truth in self.ungranted.items()
            if isinstance(truth, pl.Expr)
        ]

    @property
    def wanted(self) -> list[Column]:
        """The columns of the first layer that the later layers use."""
        return self.statuses + [
            (entity, name) for entity, names in self.inputs.items() for name in names
        ]

    @classmethod
    def of(cls, compiler: GrantCompiler, reached: Iterable[str]) -> Chaining:
        """The benefits that grants can reach; parts that no grant changes get columns in the main
        compiler."""
        main = compiler.main
        again = Pass.of(compiler, compile_benefits(compiler, reached))
        granted = {
            status: compiler.ruleset.content.statuses[status].entity
            for status in compiler.ruleset.grantors
        }
        ungranted = {
            status: main.truth(tree.Status(entity, status, granted=False), entity)
            for status, entity in granted.items()
        }
        grant_columns = {granted_column(status) for status in granted}
        inputs = {
            entity: [name for name in names if name not in grant_columns]
            for entity, names in again.inputs.items()
        }
        return cls(compiler.ruleset, again, ungranted, inputs)

    def later(self, done: Frames, now: Frames, members: Members) -> dict[str, pl.DataFrame]:
        """For each benefit, the rows that grants change, with the layers in which it becomes
        certain and possible.

        `done` holds all columns of the first layer, `now` its benefits.
        """
        changes = Changes()
        granted = self._granted(now)
        active = self._find_affected(granted, done, members)
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
                masks: dict[Entity, pl.Series] = {
                    "household": active,
                    "person": active.gather(members.of),
                }
                given, state, positions, granted = (
                    _filter_frames(frames, masks) for frames in (given, state, positions, granted)
                )
                members = members.subset(active)
            layer += 1
            frames = {
                entity: pl.concat([given[entity], granted[entity]], how="horizontal")
                for entity in ENTITIES
            }
            households, people = run_levels(
                self.again.levels, frames["household"], frames["person"], members
            )
            truths = self.again.columns({"household": households, "person": people}, members)
            for entity in ENTITIES:
                changes.note(layer, positions[entity][ROW], state[entity], truths[entity])
                state[entity] = state[entity].with_columns(truths[entity])
            before, granted = granted, self._granted(state)
            active = _find_differing(before, granted, members)
        return changes.frames()

    def _matters(self, benefit: str) -> bool:
        return benefit in self.again.truths or bool(self.ruleset.benefits[benefit].grants)

    def _granted(self, truths: Frames) -> Frames:
        """The statuses that benefits grant, null where they may be granted."""
        expressions: dict[Entity, dict[str, pl.Expr]] = {"household": {}, "person": {}}
        for status, benefits in self.ruleset.grantors.items():
            for benefit in benefits:
                columns = expressions[self.ruleset.entity_of(benefit)]
                name = granted_column(status)
                columns[name] = (
                    columns[name] | pl.col(benefit) if name in columns else pl.col(benefit)
                )
        return {entity: truths[entity].select(**expressions[entity]) for entity in ENTITIES}

    def _find_affected(self, granted: Frames, done: Frames, members: Members) -> pl.Series:
        """The households in which a grant makes a status certain or possible that was not."""
        columns: dict[Entity, list[pl.Series]] = {"household": [], "person": []}
        for status, ungranted in self.ungranted.items():
            entity = self.ruleset.content.statuses[status].entity
            column = (
                done[entity].select(ungranted).to_series()
                if isinstance(ungranted, pl.Expr)
                else pl.repeat(ungranted, done[entity].height, dtype=pl.Boolean, eager=True)
            )
            columns[entity].append(column.alias(granted_column(status)))
        before = {entity: pl.DataFrame(columns[entity]) for entity in ENTITIES}
        after = {
            entity: granted[entity].select(
                pl.col(column.name) | pl.lit(column) for column in before[entity]
            )
            for entity in ENTITIES
        }
        return _find_differing(before, after, members)


@dataclass
class Changes:
    """The changes of benefits: for each benefit the frames of `LATER`, a frame for each layer."""

    frames_by_benefit: dict[str, list[pl.DataFrame]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(
        self, layer: int, positions: pl.Series, before: pl.DataFrame, after: pl.DataFrame
    ) -> None:
        """Record the rows that differ: they became possible or certain, since a grant never makes a
        benefit less certain."""
        changes = list(_find_changed(before, after))
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
            self.frames_by_benefit[name].append(layers[: frame.height])
            layers = layers[frame.height :]

    def frames(self) -> dict[str, pl.DataFrame]:
        """For each benefit one row for each recipient with a change. A benefit that became possible
        in one layer and certain in a later one has two notes, which are merged."""
        merged = (pl.col("certain").max(), pl.col("possible").first())
        return {
            name: frames[0]
            if len(frames) == 1
            else pl.concat(frames).group_by("row", maintain_order=True).agg(merged).sort("row")
            for name, frames in self.frames_by_benefit.items()
        }


def _find_changed(before: pl.DataFrame, after: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """The names of the columns that differ, each with a mask of the rows."""
    for column in after.select(
        pl.col(name).ne_missing(pl.lit(before[name])) for name in after.columns
    ).iter_columns():
        if column.any():
            yield column.name, column


def _find_differing(before: Frames, after: Frames, members: Members) -> pl.Series:
    """The households with a difference, in a column of their own or of a member."""
    differs = np.zeros(len(members.starts), dtype=bool)
    for entity in ENTITIES:
        for _, changed in _find_changed(before[entity], after[entity]):
            differs[
                (
                    changed.arg_true() if entity == "household" else members.of.filter(changed)
                ).to_numpy()
            ] = True
    return pl.Series(differs)


def _filter_frames(frames: Frames, masks: dict[Entity, pl.Series]) -> Frames:
    return {
        entity: frame.filter(masks[entity]) if frame.width else frame
        for entity, frame in frames.items()
    }
