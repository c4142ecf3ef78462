"""The JSON Schema of a household file, made from the vocabulary.

It accepts what `validation` accepts, as far as JSON Schema can say it; `BEYOND` says what it
cannot.
"""

from __future__ import annotations

from jmentitle.language import units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.tree import Choice, ChoiceSet, Day, Entity, Numeric, Truth
from jmentitle.language.values import HOUSEHOLD_ID, MAX_ID
from jmentitle.pack.model import (
    LARGEST_NUMBER,
    MAX_MEMBERS,
    MEMBERS_COMPLETE,
    RECEIVES,
    Content,
    FactDefinition,
)

Schema = dict[str, object]

BEYOND = (
    "Not said here, but checked: ids differ from each other, as texts; dates do not lie after the"
    " day of assessment, and that day lies in the validity of the pack; numbers have no more"
    " decimal places than their fact (money two), and money as text lies in the range of its fact."
)
_DAY: Schema = {
    "format": "date",
    "pattern": "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$",
    "maxLength": len("YYYY-MM-DD"),
}
# Invisible characters: control characters, marks of text direction, lone surrogates.
_HIDDEN = (
    r"[\u0000-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]"
)
_MONEY = r"^-?(0|[1-9][0-9]{0,13})(\.[0-9]{1,2}0*)?$"
_MONEY_NOT_NEGATIVE = r"^(-0(\.0+)?|(0|[1-9][0-9]{0,13})(\.[0-9]{1,2}0*)?)$"
_ID: Schema = {
    "description": "what results call this member: a short word or a number, never a name",
    "anyOf": [
        {"type": "null"},
        {"type": "integer", "exclusiveMinimum": -(10**MAX_ID), "exclusiveMaximum": 10**MAX_ID},
        {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_ID,
            "not": {"anyOf": [{"const": HOUSEHOLD_ID}, {"pattern": _HIDDEN}]},
        },
    ],
}


def household_schema(content: Content) -> Schema:
    """The facts that a household file may state, as JSON Schema (2020-12). Every fact is optional:
    what is left out is unknown.

    Arguments:
        content: The `content` of a pack.
    Returns:
        The schema, as `jmentitle schema` prints it.
    Example:
        >>> from jmentitle import household_schema
        >>> household_schema(pack.content)["required"]
        ['members']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A household for the pack {content.id}",
        "description": f"Facts that are left out, or null, are unknown. Money is in yuan. {BEYOND}",
        "type": "object",
        "additionalProperties": False,
        "required": ["members"],
        "properties": {
            "pack": {"enum": [content.id, None]},
            "on": {"type": ["string", "null"], **_DAY, "description": "day of assessment"},
            "household": {
                **_entity(
                    content,
                    "household",
                    {MEMBERS_COMPLETE: {"type": ["boolean", "null"], "default": True}},
                ),
                "type": ["object", "null"],
            },
            "members": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_MEMBERS,
                "items": _entity(content, "person", {"id": _ID}),
            },
        },
    }


def _entity(content: Content, entity: Entity, own: dict[str, Schema]) -> Schema:
    properties: dict[str, Schema] = dict(own)
    for (owner, name), fact in content.facts.items():
        if owner == entity:
            properties[name] = _fact(content, fact)
    for status in content.statuses.values():
        if status.entity == entity and status.certificate is not None:
            paper = content.documents[status.certificate]
            properties[status.name] = {
                "title": status.label.zh,
                "description": f"{status.label.en} (attested by: {paper.en})",
                "type": ["boolean", "null"],
            }
    items = [item for item in content.items.values() if item.entity == entity]
    received = sorted(
        {item.id for item in items}
        | {benefit.reference for item in items for benefit in item.benefits}
    )
    properties[RECEIVES] = {
        "title": "现在已领取",
        "description": "items or benefits received now; [] when there are none",
        "type": ["array", "null"],
        "items": {"enum": received} if received else False,
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _fact(content: Content, fact: FactDefinition) -> Schema:
    unit = (
        f" ({units.show(fact.type.unit)})"
        if isinstance(fact.type, Numeric) and fact.type.unit
        else ""
    )
    shared: Schema = {"title": fact.label.zh, "description": f"{fact.ask.zh} / {fact.ask.en}{unit}"}
    match fact.type:
        case Truth():
            return {**shared, "type": ["boolean", "null"]}
        case Day():
            return {**shared, "type": ["string", "null"], **_DAY}
        case Choice(enum=enum):
            return {**shared, "enum": [*_members(content, enum), None]}
        case ChoiceSet(enum=enum):
            return {**shared, "type": ["array", "null"], "items": {"enum": _members(content, enum)}}
        case Numeric():
            return {**shared, **_number(fact, fact.type)}


def _members(content: Content, enum: str) -> list[str | int]:
    """A member whose name is a number may be written as one."""
    members = list(content.enums[enum].members)
    return [
        *members,
        *(int(member) for member in members if member.isdecimal() and str(int(member)) == member),
    ]


def _number(fact: FactDefinition, kind: Numeric) -> Schema:
    """A number in its range. There is no `multipleOf`: in binary floats, 0.01 is no part of most
    amounts."""
    least = -LARGEST_NUMBER if fact.least is None else fact.least
    most = LARGEST_NUMBER if fact.most is None else min(fact.most, LARGEST_NUMBER)
    types = ["number" if kind.scale else "integer", "null"]
    schema: Schema = {
        "type": types,
        "minimum": _end(least, kind.scale),
        "maximum": _end(most, kind.scale),
    }
    if units.is_money(kind.unit):
        # Text such as "900.00", since results give money so.
        schema |= {
            "type": [*types, "string"],
            "pattern": _MONEY_NOT_NEGATIVE if least >= 0 else _MONEY,
        }
    return schema


def _end(value: int, scale: int) -> int | float:
    exact = decimal_at(value, scale)
    return int(exact) if exact == int(exact) else float(exact)
