"""Reading parameters: dated values, tables by enum or bounded integer facts, and steps."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from math import prod
from typing import cast

from jmentitle.language import units
from jmentitle.language.checker import MONEY_SCALE
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import Choice, Fact, Numeric
from jmentitle.pack import reading
from jmentitle.pack.model import Bounds, ParameterDefinition, ParameterEntry
from jmentitle.pack.reading import Fields
from jmentitle.pack.registers import find_fact
from jmentitle.pack.vocabulary import Vocabulary, scaled
from jmentitle.pack.yaml_tree import Mapping, Piece, Scalar

PARAMETER_KEYS = ("label", "unit", "by", "steps_of", "settled_by", "values")
ENTRY_KEYS = ("from", "until", "value", "steps", "reason", "cite")
_MAX_KEYS = 3
_MAX_CELLS = 2_000
ELSE = "else"

Cell = tuple[Decimal | None, Decimal | None]
Key = tuple[str | int, ...]


def read_parameters(fields: Fields, vocabulary: Vocabulary) -> None:
    """Every parameter of one file, into the vocabulary."""
    for name, label, parameter in fields.each_named("parameters", PARAMETER_KEYS, "the parameter"):
        if not vocabulary.own(name, label):
            continue
        unit = vocabulary.unit(parameter.scalar("unit", required=True))
        if unit is None:
            continue
        by = _keys(parameter, vocabulary)
        if len(by) != len(parameter.names("by")):
            continue
        reader = ValueReader(vocabulary, unit, by, stepped="steps_of" in parameter)
        entries = [
            entry
            for entry in (
                reader.entry(piece) for piece in parameter.each("values", ENTRY_KEYS, "a value")
            )
            if entry is not None
        ]
        scale = MONEY_SCALE if units.is_money(unit) else reader.decimals
        settled_by = vocabulary.registers.duty(parameter.scalar("settled_by"))
        scalar = parameter.scalar("steps_of")
        vocabulary.parameters[name] = ParameterDefinition(
            name,
            parameter.text("label", required=True),
            Numeric(unit, scale),
            reader.by,
            None if scalar is None else scalar.text,
            settled_by,
            tuple(at_scale(entry, scale) for entry in entries),
            label.span,
        )
        _check_coverage(vocabulary.parameters[name], vocabulary)


RawEntry = tuple[ParameterEntry, dict[Key, Cell], tuple[tuple[int, Cell], ...]]


def _keys(fields: Fields, vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """The facts by which a table is kept."""
    if "by" in fields and "steps_of" in fields:
        fields.collector.add(
            "JM003",
            "`by` and `steps_of` are both given",
            fields.keys["by"].span,
            expected="a table or steps, not both",
        )
    facts = []
    for scalar in fields.names("by"):
        definition = find_fact(scalar.text, vocabulary.facts)
        bounded = (
            definition is not None and definition.least is not None and definition.most is not None
        )
        if definition is None or not (isinstance(definition.type, Choice) or bounded):
            names = [f"{entity}.{name}" for entity, name in vocabulary.facts]
            expected = (
                "an enum fact, or an integer fact with min and max, as household.x or person.x"
            )
            fields.collector.add(
                "JM025",
                f"a table cannot be kept by `{scalar.text}`",
                scalar.span,
                expected=expected,
                suggestion=nearest_name(scalar.text, names),
            )
        else:
            vocabulary.used.add(definition.name)
            facts.append(definition.node)
    if len(facts) > _MAX_KEYS or prod(_size(fact, vocabulary) for fact in facts) > _MAX_CELLS:
        expected = f"at most {_MAX_KEYS} facts and {_MAX_CELLS} cells"
        fields.collector.add(
            "JM012", "the table is too large", fields.keys["by"].span, expected=expected
        )
        return ()
    return tuple(facts)


def _size(fact: Fact, vocabulary: Vocabulary) -> int:
    """How many values the key of a table can take."""
    if isinstance(fact.type, Choice):
        return len(vocabulary.enums[fact.type.enum].members)
    definition = vocabulary.facts[fact.entity, fact.name]
    return cast("int", definition.most) - cast("int", definition.least) + 1


class ValueReader:
    """Reads the dated values of one parameter. In a `partial` table, keys that are not named are
    left out instead of reported."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        unit: units.Unit,
        by: tuple[Fact, ...],
        *,
        stepped: bool,
        partial: bool = False,
    ) -> None:
        self.vocabulary = vocabulary
        self.unit = unit
        self.by = by
        self.stepped = stepped
        self.partial = partial
        self.collector = vocabulary.registers.collector
        self.decimals = 0
        self.unpublished = False

    def entry(self, fields: Fields) -> RawEntry | None:
        piece = fields.piece("value", required=True)
        if piece is None:
            return None
        self.unpublished = False
        cells: dict[Key, Cell] = {}
        steps: tuple[tuple[int, Cell], ...] = ()
        if self.stepped and isinstance(piece, Mapping) and not _is_bound(piece):
            steps = self.steps(piece)
        elif self.stepped:
            steps = ((0, self.cell(piece)),)
        else:
            self.table(piece, (), cells)
        reason = fields.text("reason")
        if self.unpublished and not reason.zh:
            self.collector.add(
                "JM049", "the null has no reason", piece.span, expected="`reason: {zh: …, en: …}`"
            )
        if "cite" not in fields:
            self.collector.add(
                "JM059",
                "the value cites no source",
                fields.span,
                expected="`cite: […]`, empty for an unpublished value",
            )
        cite = self.vocabulary.registers.cite(fields)
        return ParameterEntry(fields.window(), {}, (), reason, cite, fields.span), cells, steps

    def table(self, piece: Piece, key: Key, cells: dict[Key, Cell]) -> None:
        """Fill the cells below `key`. A single value applies to the whole rest of the table."""
        depth = len(key)
        if depth == len(self.by) or isinstance(piece, Scalar) or _is_bound(piece):
            cell = self.cell(piece)
            for rest in product(*(self.members(fact) for fact in self.by[depth:])):
                cells[(*key, *rest)] = cell
            return
        if not isinstance(piece, Mapping):
            self.collector.add(
                "JM005", "expected a table", piece.span, expected=f"keys of `{self.by[depth].name}`"
            )
            return
        members = self.members(self.by[depth])
        groups = self.groups(self.by[depth])
        left = set(members)
        fallback = [inner for label, inner in piece.entries if label.text == ELSE]
        for label, inner in piece.entries:
            if label.text == ELSE:
                continue
            if label.text not in groups:
                expected = ", ".join(str(member) for member in members[:8])
                self.collector.add(
                    "JM051",
                    f"unknown table key `{label.text}`",
                    label.span,
                    expected=expected,
                    suggestion=nearest_name(label.text, groups),
                )
                continue
            for member in groups[label.text]:
                if member not in left:
                    self.collector.add(
                        "JM051",
                        f"the key `{label.text}` repeats `{member}`",
                        label.span,
                        expected="each key once",
                    )
                left.discard(member)
                self.table(inner, (*key, member), cells)
        for member in left if fallback else ():
            self.table(fallback[0], (*key, member), cells)
        if left and not fallback and not self.partial:
            missing = ", ".join(str(member) for member in members if member in left)
            self.collector.add(
                "JM050",
                f"the table has no value for {missing}",
                piece.span,
                expected="a value or null for each",
            )

    def members(self, fact: Fact) -> list[str | int]:
        if isinstance(fact.type, Choice):
            return list(self.vocabulary.enums[fact.type.enum].members)
        definition = self.vocabulary.facts[fact.entity, fact.name]
        return list(range(cast("int", definition.least), cast("int", definition.most) + 1))

    def groups(self, fact: Fact) -> dict[str, list[str | int]]:
        if isinstance(fact.type, Choice):
            return {
                name: sorted(members)
                for name, members in self.vocabulary.members_of(fact.type.enum).items()
            }
        return {str(member): [member] for member in self.members(fact)}

    def steps(self, piece: Mapping) -> tuple[tuple[int, Cell], ...]:
        steps: list[tuple[int, Cell]] = []
        for label, inner in piece.entries:
            start = reading.number(label, self.collector)
            if start is None:
                continue
            if start != int(start):
                self.collector.add(
                    "JM060",
                    f"the step `{label.text}` is not a whole number",
                    label.span,
                    expected="a whole number",
                )
                continue
            if steps and int(start) <= steps[-1][0]:
                self.collector.add(
                    "JM060",
                    f"the step {start} does not follow {steps[-1][0]}",
                    label.span,
                    expected="rising steps",
                )
                continue
            steps.append((int(start), self.cell(inner)))
        if not piece.entries:
            self.collector.add(
                "JM060", "the steps are empty", piece.span, expected="`{0: …, 1: …}`"
            )
        return tuple(steps)

    def cell(self, piece: Piece) -> Cell:
        """The lowest and the highest that the value can be."""
        if isinstance(piece, Mapping):
            fields = Fields.open(piece, self.collector, ("at_least", "at_most"), "a value")
            if fields is None:
                return None, None
            return self.fitting(fields.scalar("at_least")), self.fitting(fields.scalar("at_most"))
        if not isinstance(piece, Scalar):
            self.collector.add(
                "JM005",
                "expected a number or null",
                piece.span,
                expected="a number, null, {at_least: …} or {at_most: …}",
            )
            return None, None
        if reading.is_null(piece):
            self.unpublished = True
            return None, None
        value = self.fitting(piece)
        return value, value

    def fitting(self, scalar: Scalar | None) -> Decimal | None:
        value = None if scalar is None else reading.number(scalar, self.collector)
        if value is None or scalar is None:
            return None
        decimals = -cast("int", value.as_tuple().exponent)
        if units.is_money(self.unit) and (decimals > MONEY_SCALE or value < 0):
            self.collector.add(
                "JM064",
                f"{value} is not valid in {units.show(self.unit)}",
                scalar.span,
                expected="not below 0, at most 2 decimal places",
            )
            return None
        self.decimals = max(self.decimals, decimals)
        return value


def at_scale(raw: RawEntry, scale: int) -> ParameterEntry:
    entry, cells, steps = raw

    def bounds(cell: Cell) -> Bounds:
        # An unpublished value is not known at all, but never negative.
        low, high = scaled(cell[0], scale), scaled(cell[1], scale)
        return (0 if low is None else low), high

    return ParameterEntry(
        entry.window,
        {key: bounds(cell) for key, cell in cells.items()},
        tuple((start, bounds(cell)) for start, cell in steps),
        entry.reason,
        entry.cite,
        entry.span,
    )


def _is_bound(piece: Piece) -> bool:
    return (
        isinstance(piece, Mapping)
        and bool(piece.entries)
        and piece.entries[0][0].text in ("at_least", "at_most")
    )


def _check_coverage(parameter: ParameterDefinition, vocabulary: Vocabulary) -> None:
    """Each day of the validity has exactly one entry."""
    collector = vocabulary.registers.collector
    validity = vocabulary.registers.validity
    if validity.start is None or validity.end is None:
        return
    entries = sorted(
        parameter.entries, key=lambda entry: (entry.window.start is not None, entry.window.start)
    )
    open_from = validity.start.toordinal()
    for entry in entries:
        start = (
            validity.start.toordinal()
            if entry.window.start is None
            else entry.window.start.toordinal()
        )
        end = validity.end.toordinal() if entry.window.end is None else entry.window.end.toordinal()
        if end < validity.start.toordinal() or start > validity.end.toordinal():
            collector.add(
                "JM048",
                "the value is outside the validity of the pack",
                entry.span,
                expected="days within the validity",
            )
            continue
        if start > open_from:
            collector.add(
                "JM046",
                f"`{parameter.name}` has no value before this one",
                entry.span,
                expected="an entry for every day; null with a reason where unknown",
            )
        elif start < open_from and entry is not entries[0]:
            collector.add(
                "JM047",
                f"two values of `{parameter.name}` apply on one day",
                entry.span,
                expected="`from` after the `until` of the entry before",
            )
        open_from = max(open_from, end + 1)
    if open_from <= validity.end.toordinal():
        collector.add(
            "JM046",
            f"`{parameter.name}` has no value at the end of the validity",
            parameter.span,
            expected="an entry for every day; null with a reason where unknown",
        )
