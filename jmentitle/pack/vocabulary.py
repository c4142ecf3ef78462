"""Reading the vocabulary of a pack, and the names that conditions may use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from jmentitle.language import checker, tree, units
from jmentitle.language.checker import MONEY_SCALE, Scope
from jmentitle.language.decimals import whole_at
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import (
    Choice,
    ChoiceSet,
    Day,
    Entity,
    Node,
    NumberNode,
    Numeric,
    Truth,
    Type,
)
from jmentitle.pack import reading
from jmentitle.pack.conditions import read_condition
from jmentitle.pack.model import (
    CHANGES,
    MEMBERS_COMPLETE,
    RECEIVES,
    Enum,
    FactDefinition,
    ParameterDefinition,
    QuantityDefinition,
    StatusDefinition,
)
from jmentitle.pack.order import MAX_LEVELS, order_of, report
from jmentitle.pack.reading import Fields
from jmentitle.pack.registers import Registers
from jmentitle.pack.yaml_tree import Scalar

VOCABULARY_KEYS = ("enums", "facts", "statuses", "quantities")
_FACT_KEYS = (
    "type",
    "unit",
    "decimals",
    "min",
    "max",
    "label",
    "ask",
    "who",
    "evidence",
    "sensitive",
    "changes",
)
_BUILT_IN_TYPES = ("bool", "integer", "decimal", "money", "date")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")
FAMILY = "family"
BUILT_IN_NAMES = frozenset({RECEIVES, MEMBERS_COMPLETE, "household", "assessment_date", "id"})


@dataclass
class Vocabulary:
    """All names of a pack. Implements `checker.Names`; quantities are checked after those they use,
    so their order does not matter."""

    registers: Registers
    enums: dict[str, Enum] = field(default_factory=dict)
    facts: dict[tuple[Entity, str], FactDefinition] = field(default_factory=dict)
    statuses: dict[str, StatusDefinition] = field(default_factory=dict)
    quantities: dict[str, QuantityDefinition] = field(default_factory=dict)
    parameters: dict[str, ParameterDefinition] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    _unchecked_quantities: dict[str, tuple[Entity, Scalar, Fields]] = field(default_factory=dict)
    _unchecked_statuses: dict[str, tuple[Scalar, Fields]] = field(default_factory=dict)
    _owners: dict[str, Scalar] = field(default_factory=dict)
    _members: list[Scalar] = field(default_factory=list)

    # names, for the checker

    @property
    def unit_bases(self) -> frozenset[str]:
        return self.registers.unit_bases

    def find(self, name: str, entity: Entity) -> tuple[Node, Type] | None:
        self.used.add(name)
        if name == "assessment_date":
            return tree.AssessmentDate(), Day()
        fact = self.facts.get((entity, name))
        if fact is not None:
            return fact.node, fact.type
        status = self.statuses.get(name)
        if status is not None and status.entity == entity:
            return tree.Status(entity, name), Truth()
        if name in self.parameters:
            return self._parameter(name, entity)
        quantity = self.quantities.get(name)
        if quantity is not None and quantity.entity == entity:
            return tree.Quantity(entity, name, quantity.type), quantity.type
        return None

    def is_broken(self, name: str) -> bool:
        return name in self._owners and not self.entities_of(name)

    def entities_of(self, name: str) -> tuple[Entity, ...]:
        entities: list[Entity] = [entity for entity, fact in self.facts if fact == name]
        if name in self.statuses:
            entities.append(self.statuses[name].entity)
        if name in self.quantities:
            entities.append(self.quantities[name].entity)
        if name in self.parameters:
            entities.append("person")
        return tuple(dict.fromkeys(entities))

    def all_names(self, entity: Entity) -> set[str]:
        names = {fact for owner, fact in self.facts if owner == entity} | set(self.parameters)
        names |= {name for name, status in self.statuses.items() if status.entity == entity}
        return names | {
            name for name, quantity in self.quantities.items() if quantity.entity == entity
        }

    def members_of(self, enum: str) -> dict[str, frozenset[str]]:
        return self.enums[enum].stands_for

    def _parameter(self, name: str, entity: Entity) -> tuple[Node, Type] | None:
        definition = self.parameters[name]
        if entity == "household" and any(key.entity == "person" for key in definition.by):
            return None
        steps_of: NumberNode | None = None
        if definition.steps_of is not None:
            scope = Scope(self, entity, self.registers.collector)
            checked = checker.check_number(definition.steps_of, definition.span, scope)
            if checked is None:
                return None
            steps_of = checked[0]
        return tree.Parameter(name, definition.type, definition.by, steps_of), definition.type

    def is_derived(self, status: str) -> bool:
        """Whether a condition is written for the status, right or wrong."""
        return "when" in self._unchecked_statuses[status][1]

    # reading

    def own(self, name: str, label: Scalar) -> bool:
        """Take a name; false, after reporting, when it is taken already."""
        first = self._owners.get(name)
        if first is not None or name in BUILT_IN_NAMES or name in checker.FUNCTIONS:
            where = (
                f"first in {first.span.file}:{first.span.line}"
                if first
                else "it belongs to the language"
            )
            self.registers.collector.add(
                "JM040",
                f"duplicate name `{name}`; {where}",
                label.span,
                expected="a name of its own",
            )
            return False
        self._owners[name] = label
        return True

    def owners(self) -> Iterator[tuple[str, Scalar]]:
        yield from self._owners.items()

    def read_enums(self, fields: Fields) -> None:
        for name, enum_label, enum in fields.each_named("enums", ("members", "groups"), "the enum"):
            if name in self.enums or name in _BUILT_IN_TYPES:
                fields.collector.add(
                    "JM040",
                    f"duplicate type `{name}`",
                    enum_label.span,
                    expected="a name of its own",
                )
                continue
            members = {}
            group = enum.child("members", None, required=True)
            for label, piece in group.items() if group else ():
                word = reading.name(label, fields.collector)
                if word is not None:
                    self._members.append(label)
                    members[word] = reading.text(piece, fields.collector, f"`{word}`")
            groups: dict[str, frozenset[str]] = {}
            declared = enum.child("groups", None)
            for label, _ in declared.items() if declared else ():
                if label.text in members:
                    fields.collector.add(
                        "JM040",
                        f"the group `{label.text}` has the name of a member",
                        label.span,
                        expected="a name of its own",
                    )
                    continue
                names = declared.names(label.text) if declared else ()
                group_members = [
                    scalar.text
                    for scalar in names
                    if reading.one_of(scalar, members, "JM030", "member", fields.collector)
                ]
                groups[label.text] = frozenset(group_members)
            self.enums[name] = Enum(name, members, groups)

    def read_facts(self, fields: Fields) -> None:
        both = fields.child("facts", ("household", "person"))
        entities: tuple[Entity, ...] = ("household", "person")
        for entity in entities:
            for name, label, fact in (
                both.each_named(entity, _FACT_KEYS, "the fact") if both else ()
            ):
                definition = (
                    self._fact(entity, name, label, fact) if self.own(name, label) else None
                )
                if definition is not None:
                    self.facts[entity, name] = definition

    def declare(self, fields: Fields) -> None:
        """Take the names of statuses and quantities, so that definitions may use each other in any
        order."""
        keys = ("for", "label", "when", "certificate", "changes", "cite")
        for name, label, status in fields.each_named("statuses", keys, "the status"):
            if self.own(name, label):
                entity = cast(
                    "Entity",
                    status.word("for", ("household", "person"), required=True, default="person"),
                )
                text = status.text("label", required=True)
                certificate = self.registers.document(status.scalar("certificate"))
                # A certificate that only confirms facts is the office's to correct; one without a
                # definition is applied for.
                changes = status.word(
                    "changes", CHANGES, default="office" if "when" in status else "family"
                )
                cite = self.registers.cite(status)
                self.statuses[name] = StatusDefinition(
                    entity, name, text, None, certificate, changes, cite, label.span
                )
                self._unchecked_statuses[name] = (label, status)
        for name, label, quantity in fields.each_named(
            "quantities", ("for", "label", "value", "unit", "cite"), "the quantity"
        ):
            if self.own(name, label):
                entity = cast(
                    "Entity",
                    quantity.word("for", ("household", "person"), required=True, default="person"),
                )
                self._unchecked_quantities[name] = (entity, label, quantity)

    def define(self) -> None:
        """Check the definitions of everything declared."""
        for label in self._members:
            first = self._owners.get(label.text)
            if first is not None:
                message = (
                    f"the name of the member `{label.text}` is already defined in"
                    f" {first.span.file}:{first.span.line}"
                )
                self.registers.collector.add(
                    "JM040", message, label.span, expected="a name of its own"
                )
        for name in self._quantities_in_order():
            definition = self._check_quantity(name, *self._unchecked_quantities[name])
            if definition is not None:
                self.quantities[name] = definition
        for name, (_, fields) in self._unchecked_statuses.items():
            declared = self.statuses[name]
            when = None
            piece = fields.piece("when")
            if piece is not None:
                if not declared.cite:
                    self.registers.collector.add(
                        "JM059",
                        f"the status `{name}` cites no source",
                        fields.span,
                        expected="`cite: […]`",
                    )
                when = read_condition(
                    piece,
                    Scope(self, declared.entity, self.registers.collector),
                    self.registers,
                    declared.cite,
                )
            self.statuses[name] = replace(declared, when=when)

    def _quantities_in_order(self) -> list[str]:
        """Quantities, each after those it uses. Definitions that are circular or lead too far are
        reported and dropped: nothing is known of them."""
        texts = {
            name: fields.entries.get("value")
            for name, (_, _, fields) in self._unchecked_quantities.items()
        }
        uses = {
            name: set(_WORD.findall(piece.text)) if isinstance(piece, Scalar) else set()
            for name, piece in texts.items()
        }
        uses |= {
            name: set(_WORD.findall(parameter.steps_of))
            for name, parameter in self.parameters.items()
            if parameter.steps_of
        }
        order = order_of(uses)
        report(order, lambda name: self._owners[name].span, self.registers.collector)
        sound = {name for name in order.names if order.levels[name] <= MAX_LEVELS}
        for name in uses.keys() - sound:
            self.parameters.pop(name, None)
        return [
            name for name in order.names if name in sound and name in self._unchecked_quantities
        ]

    def _check_quantity(
        self, name: str, entity: Entity, label: Scalar, fields: Fields
    ) -> QuantityDefinition | None:
        scalar = fields.scalar("value", required=True)
        unit = self.unit(fields.scalar("unit", required=True))
        text = fields.text("label", required=True)
        cite = self.registers.cite(fields)
        if scalar is None or unit is None:
            return None
        checked = checker.check_number(
            scalar.text, scalar.span, Scope(self, entity, self.registers.collector)
        )
        if checked is None:
            return None
        node, number_type = checked
        if number_type.unit != unit and not number_type.bare:
            message = (
                f"the value is in {units.show(number_type.unit)}, the unit says {units.show(unit)}"
            )
            self.registers.collector.add("JM029", message, scalar.span, expected="one unit")
        return QuantityDefinition(
            entity, name, text, node, Numeric(unit, number_type.scale), cite, label.span
        )

    def unit(self, scalar: Scalar | None) -> units.Unit | None:
        if scalar is None:
            return None
        try:
            return units.parse_unit(scalar.text, self.unit_bases)
        except units.UnknownUnitError as problem:
            base = str(problem.args[0])
            self.registers.collector.add(
                "JM034",
                f"unknown unit `{base}`",
                scalar.span,
                suggestion=nearest_name(base, self.unit_bases),
            )
            return None

    def _fact(
        self, entity: Entity, name: str, label: Scalar, fields: Fields
    ) -> FactDefinition | None:
        scalar = fields.scalar("type", required=True)
        kind = None if scalar is None else self._type(scalar, fields)
        if kind is None:
            return None
        scale = kind.scale if isinstance(kind, Numeric) else 0
        least = (
            fields.number("min")
            if "min" in fields
            else (Decimal(0) if isinstance(kind, Numeric) else None)
        )
        most = fields.number("max")
        who = self.registers.answerer(fields.scalar("who", required=True))
        evidence = tuple(
            document
            for cited in fields.names("evidence")
            if (document := self.registers.document(cited)) is not None
        )
        return FactDefinition(
            entity,
            name,
            kind,
            fields.text("label", required=True),
            fields.text("ask", required=True),
            who,
            evidence,
            fields.flag("sensitive"),
            scaled(least, scale),
            scaled(most, scale),
            fields.word("changes", CHANGES, default=_moved_by(kind, who)),
            label.span,
        )

    def _type(self, scalar: Scalar, fields: Fields) -> Type | None:
        word = scalar.text
        if word == "bool":
            return Truth()
        if word == "date":
            return Day()
        if word in ("integer", "decimal", "money"):
            unit = self.unit(fields.scalar("unit", required=word != "decimal")) or units.NONE
            if word == "money" and not units.is_money(unit):
                self.registers.collector.add(
                    "JM029",
                    "money has no unit in CNY",
                    fields.span,
                    expected="`unit: CNY/month` or the like",
                )
            decimals = (
                int(fields.word("decimals", ("1", "2", "3", "4"), default="2"))
                if word == "decimal"
                else 0
            )
            return Numeric(unit, MONEY_SCALE if word == "money" else decimals)
        wanted, made = (
            (word.removeprefix("set of "), ChoiceSet)
            if word.startswith("set of ")
            else (word, Choice)
        )
        if wanted in self.enums:
            return made(wanted)
        type_names = {*_BUILT_IN_TYPES, *self.enums, *(f"set of {enum}" for enum in self.enums)}
        self.registers.collector.add(
            "JM025",
            f"unknown type `{word}`",
            scalar.span,
            expected=", ".join(_BUILT_IN_TYPES) + " or an enum",
            suggestion=nearest_name(word, type_names),
        )
        return None


def _moved_by(kind: Type, who: str) -> str:
    """The default cause that changes a fact: nothing changes a past date, and whoever answers the
    question can change another fact."""
    if isinstance(kind, Day):
        return "never"
    return "family" if who == FAMILY else "office"


def scaled(value: Decimal | None, scale: int) -> int | None:
    """An exact decimal as an integer at `scale` places; the caller has checked that it fits."""
    return None if value is None else whole_at(value, scale)[0]
