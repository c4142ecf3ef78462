"""One pass of the rules of a day over the frames of a population."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from jmentitle.chain.columns.compiler import Compiler
from jmentitle.chain.columns.graph import Column, Level
from jmentitle.chain.columns.members import Members
from jmentitle.chain.columns.truths import Truth
from jmentitle.language.tree import Entity, TruthNode
from jmentitle.pack.ruleset import Ruleset

Frames = dict[Entity, pl.DataFrame]
ENTITIES: tuple[Entity, ...] = ("household", "person")


@dataclass(frozen=True)
class Pass:
    """Some benefits as columns: the levels of the computation, the column or constant of each
    benefit, and the input columns."""

    ruleset: Ruleset
    levels: list[Level]
    truths: dict[str, Truth]
    inputs: dict[Entity, list[str]]

    @classmethod
    def of(
        cls, compiler: Compiler, truths: dict[str, Truth], others: Iterable[Column] = ()
    ) -> Pass:
        """The pass that computes compiled benefits and some `others`."""
        levels = compiler.graph.plan([*wanted(compiler.ruleset, truths), *others])
        return cls(compiler.ruleset, levels, truths, compiler.graph.inputs())

    def columns(self, done: Frames, members: Members) -> Frames:
        """A boolean column for each benefit, also for constants."""
        heights: dict[Entity, int] = {"household": len(members.starts), "person": len(members.of)}

        def column(benefit: str, truth: Truth, entity: Entity) -> pl.Series:
            if isinstance(truth, pl.Expr):
                return done[entity][benefit]
            return pl.repeat(truth, heights[entity], dtype=pl.Boolean, eager=True).alias(benefit)

        entities = {benefit: self.ruleset.entity_of(benefit) for benefit in self.truths}
        columns = [
            (entities[name], column(name, truth, entities[name]))
            for name, truth in self.truths.items()
        ]
        return {
            entity: pl.DataFrame([column for owner, column in columns if owner == entity])
            for entity in ENTITIES
        }


def compile_benefits(compiler: Compiler, benefits: Iterable[str]) -> dict[str, Truth]:
    """The condition of each benefit as a column named after it, or as a constant."""
    truths: dict[str, Truth] = {}
    for benefit in benefits:
        truth = compiler.benefit(benefit)
        entity = compiler.ruleset.entity_of(benefit)
        truths[benefit] = (
            compiler.graph.derive(entity, benefit, truth) if isinstance(truth, pl.Expr) else truth
        )
        compiler.graph.elsewhere[entity, benefit] = False
    return truths


def wanted(ruleset: Ruleset, truths: dict[str, Truth]) -> list[tuple[Entity, str]]:
    return [
        (ruleset.entity_of(benefit), benefit)
        for benefit, truth in truths.items()
        if isinstance(truth, pl.Expr)
    ]


def conditions(ruleset: Ruleset, benefits: Iterable[str]) -> Iterator[tuple[TruthNode, Entity]]:
    for benefit in benefits:
        node = ruleset.conditions[benefit]
        if node is not None:
            yield node, ruleset.entity_of(benefit)
