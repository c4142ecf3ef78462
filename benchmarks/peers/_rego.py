"""The rules in Rego, the language of the Open Policy Agent: the granted pairs of member and rule of
a household."""

from __future__ import annotations

import json
from typing import cast

import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import Atom, Rule


class RegoPeer(Contestant):
    """Engines that take a household as JSON and give the pairs."""

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.shape, self.starts = (
            (len(crowd.of), len(rules)),
            np.searchsorted(crowd.of, np.arange(len(crowd))),
        )
        self.households = [json.dumps(household) for household in crowd.households()]
        self.compile(rules)

    def compile(self, rules: list[Rule]) -> None:
        raise NotImplementedError

    def matrix(self, found: object) -> Matrix:
        granted = np.zeros(self.shape, dtype=np.bool_)
        for start, pairs in zip(
            self.starts, cast("list[list[tuple[int, int]]]", found), strict=True
        ):
            for place, number in pairs:
                granted[start + place, number] = True
        return granted


def policy(rules: list[Rule], first: int = 0) -> str:
    """A module of rules, of which the first has the number `first`."""
    lines = ["package rules", "import rego.v1", "home := input.household"]
    for number, rule in enumerate(rules, first):
        lines += [f"either_{number}(member) if {_leaf(atom)}" for atom in rule.choices]
        needed = [
            *map(_leaf, rule.needed),
            f"either_{number}(member)",
            *(f"not {_leaf(atom)}" for atom in rule.barred),
        ]
        lines.append(
            f"granted contains [place, {number}] if {{ some place, member in input.members;"
            f" {'; '.join(needed)} }}"
        )
    return "\n".join(lines) + "\n"


def _leaf(atom: Atom) -> str:
    value = f"{'home' if atom.kind == 'home' else 'member'}.{atom.name}"
    if atom.kind == "number":
        return f"{value} {atom.sign} {atom.limit}"
    return f"{value} in {json.dumps(atom.grades)}" if atom.kind == "grade" else value
