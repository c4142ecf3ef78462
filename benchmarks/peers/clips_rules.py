"""CLIPS: a production rule a rule over one flat fact a person; what fires is gathered in a
global."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import clips
import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import Atom, Rule


class Peer(Contestant):
    name, distribution, about = "CLIPS", "clipspy", "Rete in C, the facts of a household a run"

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.shape, people = (len(crowd.of), len(rules)), crowd.people()
        self.environment = clips.Environment()
        self.environment.build(
            f"(deftemplate person (slot place) {' '.join(f'(slot {name})' for name in people[0])})"
        )
        self.environment.build("(defglobal ?*granted* = (create$))")
        for number, rule in enumerate(rules):
            self.environment.build(_rule(number, rule))
        self.template = self.environment.find_template("person")
        facts = [
            {"place": place, **{name: _value(value) for name, value in person.items()}}
            for place, person in enumerate(people)
        ]
        starts = [*np.searchsorted(crowd.of, np.arange(len(crowd))), len(facts)]
        self.households = [facts[start:end] for start, end in pairwise(starts)]

    def run(self) -> object:
        found: list[int] = []
        for people in self.households:
            self.environment.reset()
            for person in people:
                self.template.assert_fact(**person)
            self.environment.run()
            found += self.environment.find_global("granted").value
        return found

    def matrix(self, found: Any) -> Matrix:
        granted = np.zeros(self.shape, dtype=np.bool_)
        granted[found[::2], found[1::2]] = True
        return granted


def _value(value: object) -> object:
    return (
        clips.Symbol(str(value).upper())
        if isinstance(value, bool)
        else clips.Symbol(value)
        if isinstance(value, str)
        else value
    )


def _rule(number: int, rule: Rule) -> str:
    slots = " ".join(
        f"({name} ?{name})"
        for name in sorted({atom.name for atom in (*rule.needed, *rule.choices, *rule.barred)})
    )
    test = rule.written(
        _leaf,
        lambda parts: f"(and {' '.join(parts)})",
        lambda parts: f"(or {' '.join(parts)})",
        lambda part: f"(not {part})",
    )
    granted = f"(bind ?*granted* (create$ ?*granted* ?place {number}))"
    return f"(defrule rule_{number} (person (place ?place) {slots}) (test {test}) => {granted})"


def _leaf(atom: Atom) -> str:
    if atom.kind == "number":
        return f"({atom.sign} ?{atom.name} {atom.limit})"
    return (
        f"(or {' '.join(f'(eq ?{atom.name} {word})' for word in atom.grades)})"
        if atom.kind == "grade"
        else f"(eq ?{atom.name} TRUE)"
    )
