"""regorus, Rego in Rust, compiled for its virtual machine. It has no release of its own on PyPI:
this is the newest build of it there."""

from __future__ import annotations

import json

import regorus

from benchmarks.peers._rego import RegoPeer, policy
from benchmarks.rules import Rule

RULES = 80
"""In a program: its machine stops after 25,000 instructions."""


class Peer(RegoPeer):
    name, distribution, about = (
        "regorus",
        "gordon-to-regorus",
        "Rego (OPA) in Rust, a household a call",
    )

    def compile(self, rules: list[Rule]) -> None:
        self.machines = []
        for start in range(0, len(rules), RULES):
            module = ("rules.rego", policy(rules[start : start + RULES], start))
            machine = regorus.Rvm()
            machine.load_program(
                regorus.Program.compile_from_modules("{}", [module], ["data.rules.granted"])
            )
            machine.set_data_json("{}")
            self.machines.append(machine)

    def run(self) -> object:
        return [
            [pair for machine in self.machines for pair in _granted(machine, household)]
            for household in self.households
        ]


def _granted(machine: regorus.Rvm, household: str) -> list[list[int]]:
    machine.set_input_json(household)
    found: list[list[int]] = json.loads(machine.execute())
    return found
