"""jmentitle, one household at a time, all facts known; households are checked beforehand."""

from __future__ import annotations

from typing import cast

import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import Rule
from benchmarks.synthetic import ON, as_pack
from jmentitle.chain.engines import engine
from jmentitle.chain.outcome import NEVER, Outcome


class Peer(Contestant):
    name, distribution, about = (
        "jmentitle, native",
        "jmentitle",
        "a household a call; handles unknown facts",
    )

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        pack = as_pack(rules)
        self.ruleset, self.decide = pack.ruleset(ON), engine("native").run
        self.households = [pack.read(home, ON).facts for home in crowd.households()]

    def run(self) -> object:
        return [self.decide(self.ruleset, facts, ON) for facts in self.households]

    def matrix(self, found: object) -> Matrix:
        members = [member for outcome in cast("list[Outcome]", found) for member in outcome.members]
        certain = np.array([member.certain for member in members]) != NEVER
        possible = np.array([member.possible for member in members]) != NEVER
        return np.where(possible & ~certain, -1, certain).astype(np.int8)
