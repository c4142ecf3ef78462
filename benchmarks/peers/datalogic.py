"""datalogic, JSON Logic in Rust: all rules compiled as one list, facts parsed beforehand."""

from __future__ import annotations

import datalogic_py
import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.peers._json_logic import logic
from benchmarks.rules import Rule


class Peer(Contestant):
    name, distribution, about = (
        "datalogic",
        "datalogic-py",
        "JSON Logic in Rust, a person a call, all rules in one list",
    )

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        engine = datalogic_py.Engine()
        self.rule, self.session = engine.compile([logic(rule) for rule in rules]), engine.session()
        self.people = [datalogic_py.DataHandle(person) for person in crowd.people()]

    def run(self) -> object:
        return [self.session.evaluate_data(self.rule, person) for person in self.people]

    def matrix(self, found: object) -> Matrix:
        return np.array(found, dtype=np.bool_)
