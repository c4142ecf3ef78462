"""Reading items: benefits, conditions, amounts, where to apply, what nobody published."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import cast

from jmentitle.language import checker, tree, units
from jmentitle.language.checker import MONEY_SCALE, Scope
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import About, Entity, NumberNode, TruthNode
from jmentitle.pack import reading
from jmentitle.pack.conditions import read_condition
from jmentitle.pack.model import (
    CONFLICT_KINDS,
    KINDS,
    REACHES,
    Apply,
    Benefit,
    Conflict,
    ConflictKind,
    Gap,
    Item,
    Measure,
    Pays,
    Remark,
    Schedule,
    ScheduleEntry,
)
from jmentitle.pack.reading import Fields
from jmentitle.pack.text import NO_TEXT
from jmentitle.pack.vocabulary import Vocabulary
from jmentitle.pack.yaml_tree import Scalar

ITEM_KEYS = (
    "id",
    "number",
    "domain",
    "name",
    "for",
    "reach",
    "summary",
    "cite",
    "when",
    "benefits",
    "apply",
    "information",
    "gaps",
    "notes",
    "given",
    "examples",
)
BENEFIT_KEYS = (
    "name",
    "kind",
    "when",
    "pays",
    "gives",
    "volume",
    "discretionary",
    "grants",
    "from",
    "until",
    "cite",
    "schedule",
)


def read_item(fields: Fields, vocabulary: Vocabulary, file: str) -> Item | None:
    """One item file; `file` is its path within the pack, which names the item and its domain."""
    registers = vocabulary.registers
    collector = vocabulary.registers.collector
    path = PurePosixPath(file)
    id_ = fields.name("id", required=True)
    domain = fields.name("domain", required=True)
    number = fields.number("number", required=True)
    if id_ is None or domain is None or number is None:
        return None
    if id_ != path.stem or domain != path.parent.name:
        collector.add(
            "JM053",
            f"the item `{id_}` of `{domain}` is in the wrong file: {file}",
            fields.span,
            expected=f"items/{domain}/{id_}.yaml",
        )
    stated = fields.scalar("domain", required=True)
    if stated is not None:
        reading.one_of(stated, registers.domains, "JM025", "domain", collector)
    entity = cast(
        "Entity", fields.word("for", ("household", "person"), required=True, default="person")
    )
    if "cite" not in fields:
        collector.add(
            "JM059", f"the item `{id_}` cites no source", fields.span, expected="`cite: […]`"
        )
    cite = registers.cite(fields)
    scope = Scope(vocabulary, entity, collector)
    shared = None
    if "when" in fields:
        shared = read_condition(fields.entries["when"], scope, registers, cite)
    benefits = tuple(
        _benefit(id_, name, label, benefit, scope, vocabulary, shared, cite)
        for name, label, benefit in fields.each_named("benefits", BENEFIT_KEYS, "the benefit")
    )
    if not benefits:
        collector.add(
            "JM054", f"the item `{id_}` has no benefit", fields.span, expected="`benefits:`"
        )
    names = fields.child("name", ("zh", "en", "plan"), required=True)
    if names is not None:
        names.plain_text("plan")  # for readers of the file: the name as the plan prints it
    return Item(
        id_,
        int(number),
        domain,
        fields.text("name", required=True),
        entity,
        fields.word("reach", REACHES, required=True, default="targeted") == "universal",
        fields.text("summary", required=True),
        benefits,
        _apply(fields, vocabulary),
        _information(fields, vocabulary),
        tuple(
            Gap(
                gap.text("text", required=True),
                registers.duty(gap.scalar("settled_by")),
                registers.cite(gap),
            )
            for gap in fields.each("gaps", ("text", "settled_by", "cite"), "a gap")
        ),
        fields.text("notes"),
        cite,
        file,
        fields.keys["id"].span,
    )


def read_conflicts(
    fields: Fields, vocabulary: Vocabulary, items: dict[str, Item]
) -> dict[str, Conflict]:
    """`conflicts.yaml`: items or benefits that exclude each other."""
    registers = vocabulary.registers
    conflicts = {}
    references = {benefit.reference for item in items.values() for benefit in item.benefits} | set(
        items
    )
    for id_, _, conflict in fields.each_named(
        "conflicts", ("kind", "between", "text", "cite"), "the conflict"
    ):
        between = [
            scalar.text
            for scalar in conflict.names("between")
            if reading.one_of(scalar, references, "JM055", "item or benefit", registers.collector)
        ]
        if len(conflict.sequence("between", required=True)) < 2:
            registers.collector.add(
                "JM055",
                f"the conflict `{id_}` names fewer than two benefits",
                conflict.span,
                expected="two or more",
            )
        kind = cast(
            "ConflictKind",
            conflict.word("kind", CONFLICT_KINDS, required=True, default="unsettled"),
        )
        if "cite" not in conflict:
            registers.collector.add(
                "JM059",
                f"the conflict `{id_}` cites no source",
                conflict.span,
                expected="`cite: […]`",
            )
        conflicts[id_] = Conflict(
            id_,
            kind,
            tuple(between),
            conflict.text("text", required=True),
            registers.cite(conflict),
        )
    return conflicts


def _benefit(
    item: str,
    name: str,
    label: Scalar,
    fields: Fields,
    scope: Scope,
    vocabulary: Vocabulary,
    shared: TruthNode | None,
    cite: tuple[str, ...],
) -> Benefit:
    registers = vocabulary.registers
    own_cite = registers.cite(fields) if "cite" in fields else cite
    own = (
        read_condition(fields.entries["when"], scope, registers, own_cite)
        if "when" in fields
        else None
    )
    parts = tuple(part for part in (shared, own) if part is not None)
    when = (
        None
        if not parts
        else parts[0]
        if len(parts) == 1
        else tree.All(parts, About(fields.span, "", own_cite))
    )
    pays = _pays(fields, scope, vocabulary)
    gives = fields.text("gives")
    if pays is None and not gives.zh and "pays" not in fields:
        registers.collector.add(
            "JM054",
            f"the benefit `{name}` neither pays nor gives anything",
            fields.span,
            expected="`pays:` or `gives:`",
        )
    return Benefit(
        item,
        name,
        fields.text("name", required=True),
        fields.word("kind", KINDS, required=True, default="service"),
        when,
        fields.window(),
        pays,
        gives,
        _volume(fields, scope),
        _schedule(fields, scope, vocabulary),
        fields.flag("discretionary"),
        _grants(fields, scope, vocabulary),
        own_cite,
        label.span,
    )


def _grants(fields: Fields, scope: Scope, vocabulary: Vocabulary) -> tuple[str, ...]:
    statuses = []
    for scalar in fields.names("grants"):
        status = vocabulary.statuses.get(scalar.text)
        if status is None:
            reading.one_of(scalar, vocabulary.statuses, "JM057", "status", scope.collector)
        elif status.entity != scope.entity:
            message = (
                f"`{scalar.text}` is a status of a {status.entity}, the item is for a"
                f" {scope.entity}"
            )
            scope.collector.add(
                "JM057", message, scalar.span, expected=f"a status for: {scope.entity}"
            )
        else:
            vocabulary.used.add(scalar.text)
            statuses.append(scalar.text)
    return tuple(statuses)


def _pays(fields: Fields, scope: Scope, vocabulary: Vocabulary) -> Pays | None:
    pays = fields.child("pays", ("amount", "cap", "lasts", "payer"))
    if pays is None:
        return None
    amount = pays.scalar("amount", required=True)
    checked = None if amount is None else checker.check_number(amount.text, amount.span, scope)
    if checked is None or amount is None:
        return None
    node, number_type = checked
    if not units.is_money(number_type.unit) or set(dict(number_type.unit)) - {
        units.CURRENCY,
        "day",
        "month",
        "year",
    }:
        scope.collector.add(
            "JM029",
            f"the amount is in {units.show(number_type.unit)}, not in CNY",
            amount.span,
            expected="CNY, CNY/day, CNY/month or CNY/year",
        )
    if number_type.scale > MONEY_SCALE:
        scope.collector.add(
            "JM036",
            "the amount may be finer than a fen",
            amount.span,
            expected="`round(…, fen, half_up)` or another rounding",
        )
    lasts = pays.scalar("lasts")
    lasting = None if lasts is None else checker.check_number(lasts.text, lasts.span, scope)
    if (
        lasts is not None
        and lasting is not None
        and units.show(lasting[1].unit) not in ("day", "month", "year")
    ):
        scope.collector.add(
            "JM029",
            f"the duration is in {units.show(lasting[1].unit)}",
            lasts.span,
            expected="day, month or year",
        )
    return Pays(
        node,
        number_type.unit,
        _cap(pays, scope, number_type.unit),
        None if lasting is None else lasting[0],
        () if lasting is None else lasting[1].unit,
        vocabulary.registers.payer(pays.scalar("payer")),
    )


def _cap(pays: Fields, scope: Scope, unit: units.Unit) -> NumberNode | None:
    scalar = pays.scalar("cap")
    checked = None if scalar is None else checker.check_number(scalar.text, scalar.span, scope)
    if checked is None or scalar is None:
        return None
    if checked[1].unit != unit:
        scope.collector.add(
            "JM029",
            f"the cap is in {units.show(checked[1].unit)}, the amount in {units.show(unit)}",
            scalar.span,
            expected=units.show(unit),
        )
    return checked[0]


def _volume(fields: Fields, scope: Scope) -> Measure | None:
    volume = fields.child("volume", ("amount", "unit"))
    scalar = None if volume is None else volume.scalar("amount", required=True)
    if volume is None or scalar is None:
        return None
    checked = checker.check_number(scalar.text, scalar.span, scope)
    unit_scalar = volume.scalar("unit", required=True)
    if checked is None or unit_scalar is None:
        return None
    try:
        unit = units.parse_unit(unit_scalar.text, scope.names.unit_bases)
    except units.UnknownUnitError as problem:
        base = str(problem.args[0])
        scope.collector.add(
            "JM034",
            f"unknown unit `{base}`",
            unit_scalar.span,
            suggestion=nearest_name(base, scope.names.unit_bases),
        )
        return None
    node, number_type = checked
    if number_type.unit != unit and not number_type.bare:
        scope.collector.add(
            "JM029",
            f"the amount is in {units.show(number_type.unit)}",
            scalar.span,
            expected=units.show(unit),
        )
    return Measure(node, tree.Numeric(unit, number_type.scale))


def _schedule(fields: Fields, scope: Scope, vocabulary: Vocabulary) -> Schedule | None:
    schedule = fields.child("schedule", ("by", "entries"))
    scalar = None if schedule is None else schedule.scalar("by", required=True)
    checked = None if scalar is None else checker.check_number(scalar.text, scalar.span, scope)
    if schedule is None or checked is None:
        return None
    entries = []
    for entry in schedule.each(
        "entries", ("at", "to", "from", "until", "text", "cite"), "an entry of the schedule"
    ):
        at = entry.number("at", required=True)
        to = entry.number("to")
        if at is not None:
            cite = vocabulary.registers.cite(entry)
            text = entry.text("text", required=True)
            entries.append(
                ScheduleEntry(int(at), None if to is None else int(to), entry.window(), text, cite)
            )
    return Schedule(checked[0], tuple(sorted(entries, key=lambda entry: entry.at)))


def _apply(fields: Fields, vocabulary: Vocabulary) -> Apply:
    registers = vocabulary.registers
    apply = fields.child("apply", ("at", "decides", "helps", "bring", "how", "cite"), required=True)
    if apply is None:
        return Apply("", None, (), (), NO_TEXT, ())
    helps = tuple(
        id_ for scalar in apply.names("helps") if (id_ := registers.duty(scalar)) is not None
    )
    bring = tuple(
        id_ for scalar in apply.names("bring") if (id_ := registers.document(scalar)) is not None
    )
    if "cite" not in apply:
        registers.collector.add(
            "JM059", "where to apply cites no source", apply.span, expected="`cite: […]`"
        )
    return Apply(
        registers.duty(apply.scalar("at", required=True)) or "",
        registers.duty(apply.scalar("decides")),
        helps,
        bring,
        apply.text("how"),
        registers.cite(apply),
    )


def _information(fields: Fields, vocabulary: Vocabulary) -> tuple[Remark, ...]:
    remarks = []
    for remark in fields.each("information", ("text", "cite", "from", "until"), "a remark"):
        if "cite" not in remark:
            vocabulary.registers.collector.add(
                "JM059", "the remark cites no source", remark.span, expected="`cite: […]`"
            )
        remarks.append(
            Remark(
                remark.text("text", required=True),
                remark.window(),
                vocabulary.registers.cite(remark),
            )
        )
    return tuple(remarks)
