"""zen: all rules compiled as one list expression. Its decision graphs (JDM) take at least twice as
long for the same work."""

from __future__ import annotations

import json

import numpy as np
import zen

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import Atom, Rule, infix


class Peer(Contestant):
    name, distribution, about = (
        "zen",
        "zen-engine",
        "expressions in Rust, a person a call, all rules in one list",
    )

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.expression = zen.compile_expression(
            f"[{', '.join(infix(rule, _leaf, 'and', 'or', 'not ') for rule in rules)}]"
        )
        self.people = [json.dumps(person).encode() for person in crowd.people()]

    def run(self) -> object:
        return [self.expression.evaluate(person) for person in self.people]

    def matrix(self, found: object) -> Matrix:
        return np.array(found, dtype=np.bool_)


def _leaf(atom: Atom) -> str:
    if atom.kind == "number":
        return f"{atom.name} {atom.sign} {atom.limit}"
    return f"{atom.name} in {json.dumps(atom.grades)}" if atom.kind == "grade" else atom.name
