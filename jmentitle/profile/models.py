"""Pydantic models of a household, made from the vocabulary of any pack.

They describe the form of a household for people and tools. What a household file means, with all its checks and messages, is decided in
`validation`, to which models hand their values.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from jmentitle.language.tree import Choice, ChoiceSet, Day, Entity, Numeric, Truth
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES, Content, FactDefinition


class FactsModel(BaseModel):
    """Facts of a household or a person. What is None is unknown. Neither `repr` nor errors show values: these are personal data."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.model_fields_set)} facts>"

    __str__ = __repr__


def household_model(content: Content) -> type[FactsModel]:
    """The model of a household file of this pack."""
    household = _model("Household", {**_fields(content, "household"), MEMBERS_COMPLETE: (bool | None, None)})
    person = _model("Person", {**_fields(content, "person"), "id": (str | None, None)})
    members: Any = list.__class_getitem__(person)
    return _model(
        "HouseholdFile",
        {
            "pack": (str | None, None),
            "on": (date | None, None),
            "household": (household, Field(default_factory=household)),
            "members": (members, Field(min_length=1)),
        },
    )


def _model(name: str, fields: dict[str, Any]) -> type[FactsModel]:
    return create_model(name, __base__=FactsModel, **fields)


def receivable(content: Content, entity: Entity) -> list[str]:
    """The items and benefits that a household or a person may receive, in the order of the pack."""
    found = []
    for item in content.items.values():
        if item.entity == entity:
            found += [item.id, *(benefit.reference for benefit in item.benefits)]
    return found


def attestable(content: Content, entity: Entity) -> list[str]:
    return [status.name for status in content.statuses.values() if status.entity == entity and status.certificate is not None]


def _fields(content: Content, entity: Entity) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for (owner, name), fact in content.facts.items():
        if owner == entity:
            found[name] = (_type(content, fact), Field(default=None, description=f"{fact.label.zh} / {fact.label.en}"))
    for name in attestable(content, entity):
        found[name] = (bool | None, Field(default=None, description=content.statuses[name].label.en))
    found[RECEIVES] = (_list_of(receivable(content, entity)), None)
    return found


def _one_of(words: Iterable[str]) -> Any:
    return Literal.__getitem__(tuple(words))


def _list_of(words: Iterable[str]) -> Any:
    listed = tuple(words)
    return (list.__class_getitem__(_one_of(listed)) if listed else list[str]) | None


def _type(content: Content, fact: FactDefinition) -> Any:
    match fact.type:
        case Truth():
            return bool | None
        case Day():
            return date | None
        case Choice(enum=enum):
            return _one_of(content.enums[enum].members) | None
        case ChoiceSet(enum=enum):
            return _list_of(content.enums[enum].members)
        case Numeric(scale=0):
            return Annotated[int, Field(ge=fact.least, le=fact.most)] | None
        case Numeric(scale=scale):
            least = None if fact.least is None else Decimal(fact.least).scaleb(-scale)
            most = None if fact.most is None else Decimal(fact.most).scaleb(-scale)
            return Annotated[Decimal, Field(ge=least, le=most, decimal_places=scale)] | None
