"""One pass of the rules of a day over the frames of a population."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from jmentitle.language.tree import Entity, Node
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.columns.compiler import Compiler
from jmentitle.population.columns.graph import Level, Members
from jmentitle.population.columns.truths import Truth

Frames = dict[Entity, pl.DataFrame]
ENTITIES: tuple[Entity, ...] = ("household", "person")


@dataclass(frozen=True)
class Pass:
    """Some benefits as columns: the levels in which they are worked out, for each its column or constant, and what they are worked out from."""

    ruleset: Ruleset
    levels: list[Level]
    truths: dict[str, Truth]
    inputs: dict[Entity, list[str]]

    @classmethod
    def of(cls, compiler: Compiler, benefits: list[str]) -> Pass:
        compiler.count_uses(conditions(compiler.ruleset, benefits))
        truths = compile_benefits(compiler, benefits)
        return cls(compiler.ruleset, compiler.graph.plan(wanted(compiler.ruleset, truths)), truths, compiler.graph.inputs())

    def columns(self, done: Frames, members: Members) -> Frames:
        """A boolean column for each benefit, also where it is the same for everybody."""
        heights: dict[Entity, int] = {"household": len(members.starts), "person": len(members.of)}

        def column(benefit: str, truth: Truth, entity: Entity) -> pl.Series:
            if isinstance(truth, pl.Expr):
                return done[entity][benefit]
            return pl.repeat(truth, heights[entity], dtype=pl.Boolean, eager=True).alias(benefit)

        entities = {benefit: self.ruleset.entity_of(benefit) for benefit in self.truths}
        named = [(entities[name], column(name, truth, entities[name])) for name, truth in self.truths.items()]
        return {entity: pl.DataFrame([column for whose, column in named if whose == entity]) for entity in ENTITIES}


def compile_benefits(compiler: Compiler, benefits: Iterable[str]) -> dict[str, Truth]:
    """The condition of each benefit as a column with its reference as name, or the constant that it comes to."""
    found: dict[str, Truth] = {}
    for benefit in benefits:
        truth = compiler.benefit(benefit)
        entity = compiler.ruleset.entity_of(benefit)
        found[benefit] = compiler.graph.derive(entity, benefit, truth) if isinstance(truth, pl.Expr) else truth
    return found


def wanted(ruleset: Ruleset, truths: dict[str, Truth]) -> list[tuple[Entity, str]]:
    return [(ruleset.entity_of(benefit), benefit) for benefit, truth in truths.items() if isinstance(truth, pl.Expr)]


def conditions(ruleset: Ruleset, benefits: Iterable[str]) -> Iterator[tuple[Node, Entity]]:
    for benefit in benefits:
        node = ruleset.conditions[benefit]
        if node is not None:
            yield node, ruleset.entity_of(benefit)
