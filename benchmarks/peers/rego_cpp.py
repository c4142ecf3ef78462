"""rego-cpp, Rego in C++, from a bundle compiled once."""

from __future__ import annotations

import json

import regopy

from benchmarks.peers._rego import RegoPeer, policy
from benchmarks.rules import Rule


class Peer(RegoPeer):
    name, distribution, about, sample = (
        "rego-cpp",
        "regopy",
        "Rego (OPA) in C++, a household a call",
        20,
    )

    def compile(self, rules: list[Rule]) -> None:
        self.interpreter = regopy.Interpreter()
        self.interpreter.add_module("rules.rego", policy(rules))
        self.bundle = self.interpreter.build("found := data.rules.granted", ["rules/granted"])

    def run(self) -> object:
        found = []
        for household in self.households:
            self.interpreter.set_input_term(household)
            found.append(
                json.loads(str(self.interpreter.query_bundle(self.bundle)))["bindings"]["found"]
            )
        return found
