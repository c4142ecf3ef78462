"""The JSON Schema of a household file, made from the vocabulary."""

from __future__ import annotations

from decimal import Decimal

from jmentitle.language import units
from jmentitle.language.tree import Choice, ChoiceSet, Day, Entity, Numeric, Truth
from jmentitle.pack.model import MAX_MEMBERS, MEMBERS_COMPLETE, RECEIVES, Content, FactDefinition

Schema = dict[str, object]


def household_schema(content: Content) -> Schema:
    """JSON Schema (2020-12). Every fact is optional: what is left out is unknown."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A household for the pack {content.id}",
        "description": "Facts that are left out, or null, are unknown. Money is in yuan with at most two decimal places.",
        "type": "object",
        "additionalProperties": False,
        "required": ["members"],
        "properties": {
            "pack": {"type": "string"},
            "on": {"type": "string", "format": "date", "description": "day of assessment"},
            "household": _entity(content, "household", {MEMBERS_COMPLETE: {"type": ["boolean", "null"], "default": True}}),
            "members": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_MEMBERS,
                "items": _entity(content, "person", {"id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"}}),
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
    received = sorted({item.id for item in items} | {benefit.reference for item in items for benefit in item.benefits})
    properties[RECEIVES] = {
        "title": "现在已领取",
        "description": "items or benefits received now; [] when there are none",
        "type": ["array", "null"],
        "uniqueItems": True,
        "items": {"enum": received} if received else False,
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _fact(content: Content, fact: FactDefinition) -> Schema:
    unit = f" ({units.show(fact.type.unit)})" if isinstance(fact.type, Numeric) and fact.type.unit else ""
    shared: Schema = {"title": fact.label.zh, "description": f"{fact.ask.zh} / {fact.ask.en}{unit}"}
    match fact.type:
        case Truth():
            return {**shared, "type": ["boolean", "null"]}
        case Day():
            return {**shared, "type": ["string", "null"], "format": "date"}
        case Choice(enum=enum):
            return {**shared, "enum": [*content.enums[enum].members, None]}
        case ChoiceSet(enum=enum):
            return {**shared, "type": ["array", "null"], "uniqueItems": True, "items": {"enum": list(content.enums[enum].members)}}
        case Numeric(scale=scale):
            found: Schema = {**shared, "type": ["number" if scale else "integer", "null"]}
            if scale:
                found["multipleOf"] = float(Decimal(1).scaleb(-scale))
            for key, end in (("minimum", fact.least), ("maximum", fact.most)):
                if end is not None:
                    found[key] = end if not scale else float(Decimal(end).scaleb(-scale))
            return found
