"""Polars as a person would write it: one expression a rule, all of them in one select. The
baseline.

The lazy engine, with or without streaming, and a join in place of the gathering were not faster.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, invert, or_
from typing import cast

import polars as pl

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import GRADES, Atom, Rule


class Peer(Contestant):
    name, distribution, about = (
        "Polars by hand",
        "polars",
        "an expression a rule, all in one select, all cores",
    )

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.households, self.members = crowd.frames()
        self.expressions = [
            rule.written(
                _leaf, lambda parts: reduce(and_, parts), lambda parts: reduce(or_, parts), invert
            ).alias(f"rule_{number}")
            for number, rule in enumerate(rules)
        ]

    def run(self) -> object:
        homes = self.households.drop("household").select(pl.all().gather(self.members["household"]))
        return pl.concat([self.members, homes], how="horizontal").select(self.expressions)

    def matrix(self, found: object) -> Matrix:
        return cast("pl.DataFrame", found).to_numpy()


def _leaf(atom: Atom) -> pl.Expr:
    column = pl.col(atom.name)
    if atom.kind == "number":
        return column < atom.limit if atom.sign == "<" else column >= atom.limit
    if atom.kind == "grade":
        return column.is_in(pl.Series(atom.grades, dtype=pl.Enum(GRADES)).implode())
    return column
