"""The engine `durable`: the same layers, decided by durable-rules.

Generated code computes the attributes of one flat fact for each person and for the household: 0, 1
or 2 for every leaf condition (false, unknown, true). durable-rules matches the structure of the
conditions against it. This module respects the limits of its release 2.0.28:

- only conditions on one fact, and no `$or`: an `any` becomes alternative rules, each a plain
  conjunction;
- no more than `MATCHES` alternatives in a ruleset, since one fact that matches more than 64
  conditions fails;
- negation as a comparison (`== 0`, `<= 1`), never `$not`;
- one rule that always matches, so that there is a state to delete: deleting a missing state
  crashes;
- the C module is used directly: its `Host` would start two threads;
- rulesets are never freed: equal ones are created once per process, and their number is bounded.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from threading import Lock
from types import ModuleType
from typing import cast
from weakref import WeakKeyDictionary

from jmentitle.chain.codegen import Decide, Function, compile_function
from jmentitle.chain.native import grant_masks, masks, reached_by_grants
from jmentitle.chain.outcome import NEVER, BenefitLayers, Outcome, split_benefits
from jmentitle.chain.stages import Stages
from jmentitle.errors import EngineUnavailableError, fail
from jmentitle.language import tree
from jmentitle.language.tree import Entity, TruthNode
from jmentitle.pack.rows import RowOrder
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts

MATCHES = 40
ALTERNATIVES = 12
MOST_RULES = 20_000
"""The limit of rules over all rulesets of a process: none can be freed, and each takes some 11 kB
as measured."""
_STATE = "household"
_ALWAYS = "always"

Literal = tuple[str, str, int]
"""(attribute, "==" | ">=" | "<=", 0 | 1 | 2)"""
Alternatives = list[tuple[Literal, ...]]


def durable_module() -> ModuleType:
    """The C module of durable-rules. Raises EngineUnavailableError (JM090) saying why it is
    absent."""
    try:
        import durable_rules_engine
    except ImportError:
        reason = (
            "durable-rules 2.0.28 does not exist for Python 3.13 and later"
            if sys.version_info >= (3, 13)
            else "durable-rules is not installed"
        )
        expected = (
            "engine `native`"
            if sys.version_info >= (3, 13)
            else "`pip install 'jmentitle[durable]'`, or engine `native`"
        )
        fail(
            "JM090",
            f"the engine `durable` is not available: {reason}",
            path="engine",
            expected=expected,
            error=EngineUnavailableError,
        )
    return cast("ModuleType", durable_rules_engine)


@dataclass
class Chunk:
    """Benefits that share one durable ruleset. `rules` maps the name of each rule to (index of the
    benefit, certain)."""

    attributes: dict[str, None] = field(default_factory=dict)
    definition: dict[str, object] = field(default_factory=dict)
    rules: dict[str, tuple[int, bool]] = field(default_factory=dict)
    handle: int = 0


@dataclass
class AttributeFunction(Function):
    """Generated code that fills the attributes of the flat facts instead of deciding."""

    chunks: dict[Entity, list[Chunk]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def benefit(self, name: str) -> None:
        node = self.ruleset.conditions[name]
        index = self.indices[name]
        ways = {
            certain: [()] if node is None else self.alternatives(node, certain, negated=False)
            for certain in (True, False)
        }
        chunk = self.chunk(len(ways[True]) + len(ways[False]))
        for certain, alternatives in ways.items():
            for literals in alternatives:
                rule = f"r{len(chunk.rules)}"
                chunk.rules[rule] = (index, certain)
                chunk.definition[rule] = {"all": [{"m": _conjunction(literals)}]}
                for attribute, _, _ in literals:
                    chunk.attributes[attribute] = None

    def chunk(self, rules: int) -> Chunk:
        """The chunk with room for so many more rules."""
        chunks = self.chunks.setdefault(self.entity, [])
        if not chunks or len(chunks[-1].rules) + rules > MATCHES:
            chunks.append(Chunk())
        return chunks[-1]

    def alternatives(self, node: TruthNode, certain: bool, *, negated: bool) -> Alternatives:
        """The ways in which the condition certainly or possibly holds (or, negated, fails), each a
        conjunction."""
        match node:
            case tree.All(parts=parts) | tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
                turned = negated != isinstance(node, tree.NoneOf)
                inner = [self.alternatives(part, certain, negated=turned) for part in parts]
                joined = (
                    isinstance(node, tree.All) != negated
                    if not isinstance(node, tree.NoneOf)
                    else not negated
                )
                total = (
                    _product(inner) if joined else [literals for part in inner for literals in part]
                )
                if total is not None and len(total) <= ALTERNATIVES:
                    return total
        attribute = self.attribute(node)
        if negated:
            return [((attribute, "==", 0) if certain else (attribute, "<=", 1),)]
        return [((attribute, "==", 2) if certain else (attribute, ">=", 1),)]

    def attribute(self, node: TruthNode) -> str:
        """The attribute for the value of a condition, computed once for each beneficiary."""
        test = node.test if isinstance(node, tree.Leaf) else node
        name = self.name(("attribute", self.entity, test), "x")
        if name not in self.written:
            self.written.add(name)
            certain, possible = self.truth(test)
            value = f"2 if {certain} else 1 if {possible} else 0"
            self.emit(f"{self.layers_name}[{name!r}] = {value}")
        return name


@dataclass(frozen=True)
class Plan:
    """Code for the attributes, and the rulesets that decide on them."""

    attributes: Decide
    chunks: dict[Entity, list[Chunk]]


@dataclass(frozen=True)
class Compiled:
    household: tuple[str, ...]
    person: tuple[str, ...]
    first: Plan
    again: Plan
    grants_household: tuple[tuple[int, int], ...]
    grants_person: tuple[tuple[int, int], ...]


class DurableEngine:
    """The engine of durable-rules. Safe for threads: one at a time enters durable-rules."""

    name = "durable"

    def __init__(self) -> None:
        self.module = durable_module()
        self._compiled: WeakKeyDictionary[Ruleset, Compiled] = WeakKeyDictionary()
        self._lock = Lock()
        self._names = count()
        self._handles: dict[bytes, int] = {}
        self._rules = 0

    def run(self, ruleset: Ruleset, facts: Facts, on: date) -> Outcome:
        with self._lock:
            compiled = self._compiled.get(ruleset)
            if compiled is None:
                compiled = self._compiled[ruleset] = self.compile(ruleset, facts.order)
            household = BenefitLayers(
                [NEVER] * len(compiled.household), [NEVER] * len(compiled.household)
            )
            members = [
                BenefitLayers([NEVER] * len(compiled.person), [NEVER] * len(compiled.person))
                for _ in facts.members
            ]
            self.layer(compiled.first, facts, on, None, 0, household, members)
            granted = masks(compiled, household, members)
            layer = 0
            previous = [(0, 0)] * len(granted)
            while granted != previous:
                layer += 1
                self.layer(compiled.again, facts, on, granted, layer, household, members)
                previous, granted = granted, masks(compiled, household, members)
            return Outcome(compiled.household, compiled.person, household, members)

    def layer(
        self,
        plan: Plan,
        facts: Facts,
        on: date,
        granted: list[tuple[int, int]] | None,
        layer: int,
        household: BenefitLayers,
        members: list[BenefitLayers],
    ) -> None:
        """Match every ruleset against every beneficiary, and record benefits that open."""
        flat_household: dict[str, int] = {}
        flat_members: list[dict[str, int]] = [{} for _ in members]
        plan.attributes(
            facts.household,
            facts.members,
            facts.members_complete,
            on,
            granted,
            layer,
            flat_household,
            flat_members,
        )
        for chunk in plan.chunks.get("household", ()):
            self.decide(chunk, flat_household, layer, household)
        for chunk in plan.chunks.get("person", ()):
            for flat, layers in zip(flat_members, members, strict=True):
                self.decide(chunk, flat, layer, layers)

    def decide(self, chunk: Chunk, flat: dict[str, int], layer: int, layers: BenefitLayers) -> None:
        fact: dict[str, object] = {"id": "1", "sid": _STATE, _ALWAYS: 1}
        for attribute in chunk.attributes:
            fact[attribute] = flat[attribute]
        for rule in self.find_matching_rules(chunk.handle, json.dumps(fact)):
            if rule == _ALWAYS:
                continue
            index, certain = chunk.rules[rule]
            recorded = layers.certain if certain else layers.possible
            if recorded[index] == NEVER:
                recorded[index] = layer

    def find_matching_rules(self, handle: int, fact: str) -> list[str]:
        """The names of the rules that match the fact. The rule that always matches has created the
        state, so deleting it is safe."""
        module = self.module
        names = []
        _, state = module.assert_fact(handle, fact)
        try:
            started = module.start_action_for_state(handle, state)
            message = started[1] if started else None
            while message:
                names.append(message[2 : message.index('"', 2)])
                message = module.complete_and_start_action(handle, state)
        finally:
            module.delete_state(handle, _STATE)
        return names

    def handle(self, chunk: Chunk) -> int:
        """The durable ruleset of a chunk: packs that differ in values alone share theirs.

        Raises EngineUnavailableError (JM090) at the limit of rules of a process.
        """
        definition = json.dumps(chunk.definition)
        digest = hashlib.sha256(definition.encode()).digest()
        if digest not in self._handles:
            if self._rules + len(chunk.definition) > MOST_RULES:
                message = (
                    "the engine `durable` has no room for another pack: it keeps the rules of every"
                    " pack"
                )
                fail(
                    "JM090",
                    message,
                    path="engine",
                    expected="engine `native`, or a new process",
                    error=EngineUnavailableError,
                )
            self._handles[digest] = self.module.create_ruleset(
                f"jmentitle{next(self._names)}", definition
            )
            self._rules += len(chunk.definition)
        return self._handles[digest]

    def compile(self, ruleset: Ruleset, order: RowOrder) -> Compiled:
        household, person = split_benefits(ruleset)
        indices = {
            benefit: index
            for benefits in (household, person)
            for index, benefit in enumerate(benefits)
        }
        bits = {status: bit for bit, status in enumerate(ruleset.grantors)}

        def plan(benefits: list[str], *, with_grants: bool) -> Plan:
            function = AttributeFunction(
                ruleset,
                Stages.plan(ruleset, benefits, with_grants=with_grants),
                order=order,
                indices=indices,
                grant_bits=bits,
                with_grants=with_grants,
            )
            attributes = compile_function(function)
            for chunk in (chunk for chunks in function.chunks.values() for chunk in chunks):
                chunk.definition[_ALWAYS] = {"all": [{"m": {_ALWAYS: 1}}]}
                chunk.handle = self.handle(chunk)
            return Plan(attributes, function.chunks)

        return Compiled(
            household,
            person,
            plan(list(ruleset.benefits), with_grants=False),
            plan(reached_by_grants(ruleset), with_grants=True),
            grant_masks(ruleset, household, bits),
            grant_masks(ruleset, person, bits),
        )


def _product(parts: list[Alternatives]) -> Alternatives | None:
    """Every combination of one alternative of each part; None for too many."""
    total: Alternatives = [()]
    for part in parts:
        total = [(*left, *right) for left in total for right in part]
        if len(total) > ALTERNATIVES:
            return None
    return total


_SIGNS: dict[str, Callable[[str, int], dict[str, object]]] = {
    "==": lambda attribute, value: {attribute: value},
    ">=": lambda attribute, value: {"$gte": {attribute: value}},
    "<=": lambda attribute, value: {"$lte": {attribute: value}},
}


def _conjunction(literals: tuple[Literal, ...]) -> dict[str, object]:
    tests = [_SIGNS[sign](attribute, value) for attribute, sign, value in dict.fromkeys(literals)]
    if not tests:
        return {_ALWAYS: 1}
    return tests[0] if len(tests) == 1 else {"$and": tests}
