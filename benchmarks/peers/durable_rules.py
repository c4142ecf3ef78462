"""durable-rules by its C module, conditions on one flat fact a person.

Written by hand as its release 2.0.28 wants it: few rules to a ruleset (a fact that matches more
than 64 conditions fails), negation as its opposite (`$not` fires early), one rule that always
matches (a state that was never made must not be deleted), and no `Host`, which starts two threads.
"""

from __future__ import annotations

import json
from itertools import count
from typing import cast

import durable_rules_engine
import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import GRADES, Atom, Rule

RULES = 20
"""In a ruleset."""
Test = dict[str, object]
_names = count()


class Peer(Contestant):
    name, distribution, about = "durable-rules", "durable-rules", "Rete in C, a person a fact"

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.shape = len(crowd.of), len(rules)
        definitions = [{"all": [{"m": {"$and": _tests(rule)}}]} for rule in rules]
        self.rulesets = []
        for start in range(0, len(rules), RULES):
            part = {"always": {"all": [{"m": {"always": 1}}]}}
            part |= {
                str(start + place): definition
                for place, definition in enumerate(definitions[start : start + RULES])
            }
            self.rulesets.append(
                durable_rules_engine.create_ruleset(f"bench{next(_names)}", json.dumps(part))
            )
        coded = [
            person | {"grade": GRADES.index(cast("str", person["grade"]))}
            for person in crowd.people()
        ]
        self.people = [
            json.dumps({"id": "1", "sid": "person", "always": 1} | person) for person in coded
        ]

    def run(self) -> object:
        return [
            [rule for ruleset in self.rulesets for rule in _fired(ruleset, person)]
            for person in self.people
        ]

    def matrix(self, found: object) -> Matrix:
        granted = np.zeros(self.shape, dtype=np.bool_)
        for place, rules in enumerate(cast("list[list[str]]", found)):
            granted[place, [int(rule) for rule in rules if rule != "always"]] = True
        return granted


def _fired(ruleset: int, person: str) -> list[str]:
    """The names of the rules that match, some of them twice."""
    found = []
    _, state = durable_rules_engine.assert_fact(ruleset, person)
    try:
        started = durable_rules_engine.start_action_for_state(ruleset, state)
        message = started[1] if started else None
        while message:
            found.append(message[2 : message.index('"', 2)])
            message = durable_rules_engine.complete_and_start_action(ruleset, state)
    finally:
        durable_rules_engine.delete_state(ruleset, "person")
    return found


def _tests(rule: Rule) -> list[Test]:
    either = [test for atom in rule.choices for test in _ways(atom)]
    return [
        *(_any(_ways(atom)) for atom in rule.needed),
        _any(either),
        *(_any(_ways(atom, negated=True)) for atom in rule.barred),
    ]


def _any(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else {"$or": tests}


def _ways(atom: Atom, *, negated: bool = False) -> list[Test]:
    """The tests of which one holds where the leaf does, or does not."""
    if atom.kind == "grade":
        return [
            {"grade": code} for code in range(len(GRADES)) if (code in atom.grade_codes) != negated
        ]
    if atom.kind == "number":
        return [{"$lt" if (atom.sign == "<") != negated else "$gte": {atom.name: atom.limit}}]
    return [{atom.name: not negated}]
