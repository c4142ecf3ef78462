"""Amounts as columns: compiled apart, since they are worked out only for those rows that may get them."""

from __future__ import annotations

import polars as pl

from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node
from jmentitle.population.columns.compiler import Compiler
from jmentitle.population.columns.graph import Graph
from jmentitle.population.columns.numbers import Number
from jmentitle.population.columns.truths import Truth


class AmountCompiler(Compiler):
    """Numbers worked out only for those rows that want them: what is defined for everybody stands in the columns of the main compiler."""

    def __init__(self, main: Compiler) -> None:
        super().__init__(main.ruleset, main.on, main.columns, main.with_grants, Graph(main.graph))
        self.main, self._uses = main, main._uses

    def truth(self, node: Node, entity: Entity) -> Truth:
        return self.main.truth(node, entity) if (entity, node) in self.main._truths else super().truth(node, entity)

    def number(self, node: Node, entity: Entity) -> Number:
        return self.main.number(node, entity) if (entity, node) in self.main._numbers else super().number(node, entity)

    def _brought(self, node: Node) -> Truth:
        return self.main._brought(node)

    def _brought_number(self, node: Node) -> Number:
        return self.main._brought_number(node)

    def _broadcast(self, name: str) -> pl.Expr:
        return self.main._broadcast(name)

    def _status(self, node: tree.Status) -> Truth:
        return self.main._status(node)

    def _over_members(self, node: tree.AnyMember | tree.AllMembers) -> Truth:
        return self.main._over_members(node)

    def _total(self, node: tree.CountMembers | tree.SumMembers) -> Number:
        return self.main._total(node)

    def _fresh(self, kind: str) -> str:
        return f"amount:{super()._fresh(kind)}"
