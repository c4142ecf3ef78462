"""json-logic in Python (the maintained fork `json-logic-qubit`): a call a person and rule, since it
compiles nothing."""

from __future__ import annotations

import numpy as np
from json_logic import jsonLogic

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.peers._json_logic import logic
from benchmarks.rules import Rule


class Peer(Contestant):
    name, distribution, about, sample = (
        "json-logic",
        "json-logic-qubit",
        "JSON Logic in Python, a person and rule a call",
        100,
    )

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.rules, self.people = [logic(rule) for rule in rules], crowd.people()

    def run(self) -> object:
        return [[jsonLogic(rule, person) for rule in self.rules] for person in self.people]

    def matrix(self, found: object) -> Matrix:
        return np.array(found, dtype=np.bool_)
