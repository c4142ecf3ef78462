"""Generated code: one Python function that decides every benefit of a household, stage by stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import assert_never, cast

from jmentitle.chain import arithmetic
from jmentitle.chain.emit import Conditions, Emitter
from jmentitle.chain.stages import Definition
from jmentitle.language import tree
from jmentitle.language.tree import Entity, MemberNode, Node, TruthNode
from jmentitle.pack.model import RECEIVES
from jmentitle.pack.rows import RowOrder

SHARED_FROM = 3
"""The number of benefits from which on a common test gets variables of its own."""

Decide = Callable[..., None]


@dataclass
class Function(Emitter):
    """The source of one deciding function, as far as it is written."""

    order: RowOrder = field(kw_only=True)
    indices: dict[str, int] = field(kw_only=True)
    grant_bits: dict[str, int] = field(kw_only=True)
    with_grants: bool = field(kw_only=True)

    # the function

    def source(self) -> str:
        self.lines.append(
            "def decide(household, members, complete, on, granted, layer, layers, member_layers):"
        )
        facts = self.facts_used()
        self.unpack("household", "household", facts)
        if self.with_grants:
            self.emit("gc, gp = granted[0]")
        saved_definitions = self.saved_definitions()
        for stage in range(self.stages.count):
            definitions = self.stages.definitions(stage)
            gathered = self.stages.member_nodes(stage)
            if stage % 2 == 0:
                self.entity = "household"
                self.define_all(definitions)
            elif definitions or gathered:
                self.members_stage(stage, definitions, gathered, saved_definitions, facts)
        self.emit("return None")
        return "\n".join(self.lines) + "\n"

    def facts_used(self) -> set[tuple[Entity, str]]:
        facts: set[tuple[Entity, str]] = set()
        for definition in self.stages.of_definition:
            for node in self.stages.nodes(definition):
                for inner in tree.walk(node):
                    if isinstance(inner, tree.Fact):
                        facts.add((inner.entity, inner.name))
            kind, name = definition
            if kind in ("status", "ungranted"):
                entity = self.stages.entity(definition)
                if self.ruleset.content.statuses[name].certificate is not None:
                    facts.add((entity, name))
                if name in self.ruleset.grantors:
                    facts.add((entity, RECEIVES))
        return facts

    def unpack(self, entity: Entity, row: str, facts: set[tuple[Entity, str]]) -> None:
        """Emit one tuple assignment for all facts of a row; facts without a use go to `_`."""
        order = self.order.of_entity(entity)
        targets = [self.fact(entity, name) if (entity, name) in facts else "_" for name in order]
        if any(target != "_" for target in targets):
            self.emit(f"{', '.join(targets)}, = {row}")

    def saved_definitions(self) -> dict[int, list[Definition]]:
        """The definitions of each member stage that a later member stage uses."""
        last_use: dict[Definition, int] = {}
        for definition, stage in self.stages.of_definition.items():
            for used in (
                used for node in self.stages.nodes(definition) for used in self.definitions_in(node)
            ):
                last_use[used] = max(stage, last_use.get(used, 0))
        for node, ready in self.stages.of_member_node.items():
            for used in self.definitions_in(node):
                last_use[used] = max(ready - 1, last_use.get(used, 0))
        definitions: dict[int, list[Definition]] = {}
        for definition, stage in self.stages.of_definition.items():
            if stage % 2 and last_use.get(definition, 0) > stage:
                definitions.setdefault(stage, []).append(definition)
        return definitions

    def definitions_in(self, node: Node) -> Iterator[Definition]:
        """The statuses and quantities that a node names."""
        for inner in tree.walk(node):
            if isinstance(inner, tree.Status):
                yield self.stages.of_status(inner)
            elif isinstance(inner, tree.Quantity):
                yield "quantity", inner.name

    def members_stage(
        self,
        stage: int,
        definitions: list[Definition],
        gathered: list[MemberNode],
        saved_definitions: dict[int, list[Definition]],
        facts: set[tuple[Entity, str]],
    ) -> None:
        for node in gathered:
            self.begin_gathering(node)
        to_save = saved_definitions.get(stage, [])
        earlier = [inner for inner in range(1, stage, 2) if saved_definitions.get(inner)]
        if to_save:
            self.emit(f"saved{stage} = []")
        parts = (
            ["members", "member_layers"]
            + (["granted[1:]"] if self.with_grants else [])
            + [f"saved{inner}" for inner in earlier]
        )
        targets = (
            ["row", "row_layers"]
            + (["grants_row"] if self.with_grants else [])
            + [f"saved_row{inner}" for inner in earlier]
        )
        self.emit(f"for {', '.join(targets)} in zip({', '.join(parts)}):")
        outer_indent = self.indent
        outer_numbers = dict(self.numbers)
        self.indent += "    "
        self.entity = "person"
        start = len(self.lines)
        self.unpack("person", "row", facts)
        if self.with_grants:
            self.emit("mc, mp = grants_row")
        for inner in earlier:
            names = [
                variable
                for definition in saved_definitions[inner]
                for variable in self.variables_to_save(definition)
            ]
            self.emit(f"{', '.join(names)}, = saved_row{inner}")
        self.define_all(definitions)
        for node in gathered:
            self.gather(node)
        if to_save:
            names = [name for definition in to_save for name in self.variables_to_save(definition)]
            self.emit(f"saved{stage}.append(({', '.join(names)},))")
        if len(self.lines) == start:
            self.emit("pass")
        self.indent = outer_indent
        self.entity = "household"
        self.numbers = outer_numbers
        self.shared = {}
        for node in gathered:
            self.end_gathering(node)

    def variables_to_save(self, definition: Definition) -> tuple[str, ...]:
        low, high = self.variables(definition)
        return (low,) if definition in self.simple else (low, high)

    # definitions

    def define_all(self, definitions: list[Definition]) -> None:
        """Emit the statuses and quantities first, then the tests that many benefits share, then the
        benefits."""
        for definition in definitions:
            if definition[0] != "benefit":
                self.define(definition)
        benefits = [definition for definition in definitions if definition[0] == "benefit"]
        conditions = [
            node for _, name in benefits if (node := self.ruleset.conditions[name]) is not None
        ]
        uses = Counter(leaf for node in conditions for leaf in _shareable(node))
        for leaf, count in uses.items():
            if count >= SHARED_FROM:
                certain, possible = self.truth(leaf)
                base = self.name(("shared", self.entity, leaf), "s")
                self.emit(f"{base}c = {certain}")
                self.emit(f"{base}p = {possible}")
                self.shared[leaf] = (f"{base}c", f"{base}p")
        for benefit in benefits:
            self.define(benefit)
        if self.entity == "household":
            self.shared = {}

    def define(self, definition: Definition) -> None:
        kind, name = definition
        low, high = self.variables(definition)
        if kind == "benefit":
            self.benefit(name)
        elif kind in ("status", "ungranted"):
            certain, possible = self.status(name, ungranted=kind == "ungranted")
            self.emit(f"{low} = {certain}")
            self.emit(f"{high} = {possible}")
        else:
            number = self.number(self.ruleset.content.quantities[name].value)
            self.emit(f"{low} = {number.single or number.low}")
            if number.single is not None and number.least is None and number.most is None:
                self.simple.add(definition)
            else:
                if number.single is not None:
                    self.emit(f"{low} = {number.low}")
                self.emit(f"{high} = {number.high}")

    @property
    def layers_name(self) -> str:
        """The variable for the results of the current household or member."""
        return "layers" if self.entity == "household" else "row_layers"

    def benefit(self, name: str) -> None:
        node = self.ruleset.conditions[name]
        certain, possible = ("True", "True") if node is None else self.truth(node)
        index = self.indices[name]
        layers = self.layers_name
        open_ = f"{layers}.certain[{index}] < 0 and " if self.with_grants else ""
        self.emit(f"if {open_}({possible}):")
        if self.with_grants:
            self.emit(f"    if {layers}.possible[{index}] < 0: {layers}.possible[{index}] = layer")
        else:
            self.emit(f"    {layers}.possible[{index}] = layer")
        self.emit(f"    if {certain}: {layers}.certain[{index}] = layer")

    def status(self, name: str, *, ungranted: bool) -> Conditions:
        definition = self.ruleset.content.statuses[name]
        node = self.ruleset.statuses[name]
        if ungranted and node is not None:
            node = tree.ungranted(node)
        certain, possible = ("False", "False") if node is None else self.truth(node)
        grantors = self.ruleset.grantors.get(name)
        if grantors is not None:
            accepted = frozenset(grantors) | frozenset(
                benefit.partition(".")[0] for benefit in grantors
            )
            receives = self.fact(definition.entity, RECEIVES)
            benefits = self.constant(accepted)
            overlap = f"not {benefits}.isdisjoint({receives})"
            certain = f"({certain} or {receives} is not None and {overlap})"
            possible = f"({possible} or {receives} is None or {overlap})"
        elif definition.when is None and definition.certificate is not None:
            possible = "True"
        if definition.certificate is not None:
            stated = self.fact(definition.entity, name)
            certain = f"({stated} if {stated} is not None else {certain})"
            possible = f"({stated} if {stated} is not None else {possible})"
        if self.with_grants and not ungranted and name in self.grant_bits:
            bit = 1 << self.grant_bits[name]
            low, high = ("gc", "gp") if self.entity == "household" else ("mc", "mp")
            certain = f"({low} & {bit} or {certain})"
            possible = f"({high} & {bit} or {possible})"
        return certain, possible

    # member functions

    def begin_gathering(self, node: MemberNode) -> None:
        base = self.name(node, "a")
        match node:
            case tree.AnyMember():
                start = "False"
            case tree.AllMembers():
                start = "True"
            case tree.CountMembers() | tree.SumMembers():
                start = "0"
            case _:
                assert_never(node)
        self.emit(f"{base}c = {base}p = {start}")

    def gather(self, node: MemberNode) -> None:
        base = self.name(node, "a")
        match node:
            case tree.AnyMember(test=test):
                certain, possible = self.truth(test)
                self.emit(f"if not {base}c and ({possible}): {base}p = True; {base}c = {certain}")
            case tree.AllMembers(test=test):
                certain, possible = self.truth(test)
                self.emit(f"if {base}p: {base}c = {base}c and ({certain}); {base}p = {possible}")
            case tree.CountMembers(test=test):
                certain, possible = self.truth(test)
                self.emit(f"if {possible}:")
                self.emit(f"    {base}p += 1")
                self.emit(f"    if {certain}: {base}c += 1")
            case tree.SumMembers(number=inner):
                number = self.number(inner)
                for end, value, is_open in (
                    (f"{base}c", number.low, number.low_open),
                    (f"{base}p", number.high, number.high_open),
                ):
                    if is_open:
                        self.emit(
                            f"if {end} is not None: {end} = None if {value} is None else {end} +"
                            f" {value}"
                        )
                    else:
                        self.emit(f"if {end} is not None: {end} += {value}")
            case _:
                assert_never(node)

    def end_gathering(self, node: MemberNode) -> None:
        base = self.name(node, "a")
        match node:
            case tree.AnyMember():
                rest = f"{base}p = True"
            case tree.AllMembers():
                rest = f"{base}c = False"
            case tree.CountMembers():
                rest = f"{base}p = None"
            case tree.SumMembers():
                rest = f"{base}c = {base}p = None"
            case _:
                assert_never(node)
        self.emit(f"if not complete: {rest}")


def _shareable(node: TruthNode) -> Iterator[TruthNode]:
    """The tests of a condition that benefits can share. Tests inside member functions belong to
    another loop."""
    match node:
        case tree.Leaf(test=test):
            yield from _shareable(test)
        case tree.All(parts=parts) | tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
            for part in parts:
                yield from _shareable(part)
        case tree.Fact() | tree.IsOneOf() | tree.Overlaps() | tree.Compare():
            yield node
        case tree.Status() | tree.AnyMember() | tree.AllMembers():
            pass
        case _:
            assert_never(node)


def compile_function(function: Function) -> Decide:
    """The function as a Python callable."""
    namespace: dict[str, object] = {**arithmetic.NAMESPACE, **function.constants}
    source = function.source()
    namespace.update(function.constants)
    exec(compile(source, "<jmentitle rules>", "exec"), namespace)  # noqa: S102 - source made above, from literals and names made here
    return cast("Decide", namespace["decide"])
