"""Reading `indicators.yaml`: the shares of people and households by which a plan is measured."""

from __future__ import annotations

from typing import cast

from jmentitle.language.checker import Scope
from jmentitle.language.decimals import whole_at
from jmentitle.language.tree import Entity
from jmentitle.pack import reading
from jmentitle.pack.conditions import read_condition
from jmentitle.pack.model import TARGET_UNITS, Indicator, Item, Target
from jmentitle.pack.reading import Fields, is_null
from jmentitle.pack.registers import Registers, required_cite
from jmentitle.pack.vocabulary import Vocabulary

_KEYS = ("number", "name", "note", "for", "of", "counts", "take_up", "cannot", "target", "cite")
_FORMS = ("of", "take_up", "cannot")
_PLACES = 2
"""Decimal places of a target."""


def read_indicators(
    fields: Fields, vocabulary: Vocabulary, items: dict[str, Item]
) -> dict[str, Indicator]:
    """The indicators in the order of their numbers. Mistakes go to the collector of the
    vocabulary."""
    registers = vocabulary.registers
    indicators = {}
    numbers: dict[int, str] = {}
    for id_, label, definition in fields.each_named("indicators", _KEYS, "the indicator"):
        entity = cast("Entity", definition.word("for", ("household", "person"), default="person"))
        cite = required_cite(definition, registers)
        number = int(definition.number("number", required=True) or 0)
        if number in numbers:
            registers.collector.add(
                "JM040",
                f"duplicate number {number}; first `{numbers[number]}`",
                label.span,
                expected="a number of its own",
            )
        numbers[number] = id_
        _check_form(id_, definition)
        scope = Scope(vocabulary, entity, registers.collector)
        of, counts = (
            read_condition(definition.entries[key], scope, registers, cite)
            if key in definition
            else None
            for key in ("of", "counts")
        )
        indicators[id_] = Indicator(
            id_,
            number,
            definition.text("name", required=True),
            definition.text("note", required=True),
            entity,
            of,
            counts,
            _take_up(definition, entity, registers, items),
            definition.text("cannot"),
            _target(definition, registers, cite),
            cite,
            label.span,
        )
    return dict(sorted(indicators.items(), key=lambda pair: pair[1].number))


def _check_form(id_: str, fields: Fields) -> None:
    if sum(form in fields for form in _FORMS) != 1 or ("counts" in fields) != ("of" in fields):
        expected = "`of:` with `counts:`, or `take_up:`, or `cannot:` with the reason"
        fields.collector.add(
            "JM004",
            f"the indicator `{id_}` has none of the three forms",
            fields.span,
            expected=expected,
        )


def _take_up(
    fields: Fields, entity: Entity, registers: Registers, items: dict[str, Item]
) -> tuple[str, ...]:
    """Items and benefits for the entity that the indicator is about."""
    candidates = [item for item in items.values() if item.entity == entity]
    allowed = {item.id for item in candidates} | {
        benefit.reference for item in candidates for benefit in item.benefits
    }
    scalars = fields.names("take_up")
    return tuple(
        scalar.text
        for scalar in scalars
        if reading.one_of(
            scalar, allowed, "JM055", f"item or benefit for a {entity}", registers.collector
        )
    )


def _target(fields: Fields, registers: Registers, cite: tuple[str, ...]) -> Target | None:
    target = fields.child("target", ("by", "unit", "value", "reason", "cite"))
    if target is None:
        return None
    by = target.day("by", required=True)
    unit = target.word("unit", TARGET_UNITS, default=TARGET_UNITS[0])
    scalar = target.scalar("value", required=True)
    value = (
        None if scalar is None or is_null(scalar) else reading.number(scalar, registers.collector)
    )
    if scalar is not None and is_null(scalar) and "reason" not in target:
        registers.collector.add(
            "JM049",
            "the target is null",
            scalar.span,
            expected="`reason:` with what is known about it",
        )
    scaled, exact = (0, True) if value is None else whole_at(value, _PLACES)
    if scalar is not None and not exact:
        registers.collector.add(
            "JM064",
            "the target is too fine",
            scalar.span,
            expected=f"at most {_PLACES} decimal places",
        )
    if by is None:
        return None
    own = registers.cite(target) if "cite" in target else cite
    return Target(by, unit, None if value is None else scaled, target.text("reason"), own)
