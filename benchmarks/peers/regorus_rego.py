"""regorus, Rego in Rust, compiled for its virtual machine. It has no release of its own on PyPI: this is the newest build of it there."""

from __future__ import annotations

import json

import regorus

from benchmarks.peers._rego import RegoPeer


class Peer(RegoPeer):
    name, distribution, about = "regorus", "gordon-to-regorus", "Rego (OPA) in Rust, a household a call"

    def compile(self, source: str) -> None:
        self.machine = regorus.Rvm()
        self.machine.load_program(regorus.Program.compile_from_modules("{}", [("rules.rego", source)], ["data.rules.granted"]))
        self.machine.set_data_json("{}")

    def run(self) -> object:
        found = []
        for household in self.households:
            self.machine.set_input_json(household)
            found.append(json.loads(self.machine.execute()))
        return found
