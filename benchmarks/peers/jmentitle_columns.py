"""jmentitle over columns, all facts known. The checking of the frames is measured apart: see
`population`."""

from __future__ import annotations

from typing import cast

import polars as pl

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import Rule
from benchmarks.synthetic import ON, as_pack
from jmentitle.population.run import Run


class Peer(Contestant):
    name, distribution, about = (
        "jmentitle, columns",
        "jmentitle",
        "the pack in YAML, compiled to columns, all cores; handles unknown facts",
    )

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.pack = as_pack(rules)
        self.population = self.pack.population(*crowd.frames(), ON)

    def run(self) -> object:
        return self.pack.run(self.population, ON, progress=False)

    def matrix(self, found: object) -> Matrix:
        now = cast("Run", found).layers.now["person"]
        return (
            now.select(f"item_{number}.benefit" for number in range(now.width))
            .cast(pl.Int8)
            .fill_null(-1)
            .to_numpy()
        )
