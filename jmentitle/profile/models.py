"""Pydantic models of a household, made from the vocabulary of any pack.

They describe the form of a household for people and tools. Its meaning, with all checks and
messages, is decided in `validation`, to which models pass their values. A model accepts exactly the
kinds of values that `validation` accepts, read by the same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictStr,
    create_model,
)
from pydantic_core import PydanticCustomError

from jmentitle.language import tree, units, values
from jmentitle.language.decimals import whole_at
from jmentitle.language.tree import Choice, ChoiceSet, Entity, Numeric
from jmentitle.language.values import MemberId, RefusedValueError, plain
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES, Content, FactDefinition


def _reading(reader: Callable[[object], object]) -> Callable[[object], object]:
    """A reader of `values` for pydantic: the code is the type of the error, and no value is
    shown."""

    def read(value: object) -> object:
        plain_value = plain(value)
        try:
            return None if plain_value is None else reader(plain_value)
        except RefusedValueError as problem:
            raise PydanticCustomError(
                problem.code, "{message}", {"message": problem.message}
            ) from None

    return read


def _whole(value: object) -> int:
    found, fits = whole_at(values.number(value), 0)
    if not fits:
        raise RefusedValueError("JM072", "the number has too many decimal places")
    return found


Given = BeforeValidator(plain)
Truth = Annotated[bool | None, PlainValidator(_reading(values.truth))]
Day = Annotated[date | None, PlainValidator(_reading(values.day))]
Whole = Annotated[int | None, PlainValidator(_reading(_whole))]
Number = Annotated[Decimal | None, PlainValidator(_reading(values.number))]
Money = Annotated[Decimal | None, PlainValidator(_reading(partial(values.number, text=True)))]
Id = Annotated[MemberId | None, PlainValidator(_reading(values.member_id))]
PackName = Annotated[StrictStr | None, Given]
Several = BeforeValidator(_reading(values.several))
"""Before a list of words: the same containers as in a file or mapping."""


class FactsModel(BaseModel):
    """Facts of a household or a person. None is unknown. Neither `repr` nor errors show values:
    these are personal data."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, validate_assignment=True)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **given: Any) -> Self:
        """Without any check, as pydantic does; unknown names are kept, so that `Pack.read` reports
        them."""
        model = super().model_construct(_fields_set, **given)
        vars(model).update(
            {name: value for name, value in given.items() if name not in cls.model_fields}
        )
        return model

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.model_fields_set)} facts>"

    __str__ = __repr__


def household_model(content: Content) -> type[FactsModel]:
    """The model of a household file of this pack."""
    household = _model(
        "Household", {**_fields(content, "household"), MEMBERS_COMPLETE: (Truth, None)}
    )
    person = _model("Person", {**_fields(content, "person"), "id": (Id, None)})
    members: Any = list.__class_getitem__(person)
    return _model(
        "HouseholdFile",
        {
            "pack": (PackName, None),
            "on": (Day, None),
            "household": (household | None, Field(default_factory=household)),
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
    return [
        status.name
        for status in content.statuses.values()
        if status.entity == entity and status.certificate is not None
    ]


def _fields(content: Content, entity: Entity) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for (owner, name), fact in content.facts.items():
        if owner == entity:
            fields[name] = (
                _type(content, fact),
                Field(default=None, description=f"{fact.label.zh} / {fact.label.en}"),
            )
    for name in attestable(content, entity):
        fields[name] = (Truth, Field(default=None, description=content.statuses[name].label.en))
    fields[RECEIVES] = (_list_of(receivable(content, entity)), None)
    return fields


def _one_of(words: Iterable[str]) -> Any:
    return Literal.__getitem__(tuple(words))


def _list_of(words: Iterable[str]) -> Any:
    listed = tuple(words)
    return Annotated[
        (list.__class_getitem__(_one_of(listed)) if listed else list[str]) | None, Several
    ]


def kind_of(fact: FactDefinition) -> str:
    """The name that the type of a fact without an enum has here."""
    match fact.type:
        case tree.Truth():
            return "Truth"
        case tree.Day():
            return "Day"
        case Numeric(unit=unit, scale=scale):
            return "Money" if units.is_money(unit) else "Number" if scale else "Whole"
    raise AssertionError(fact.type)


_KINDS: dict[str, Any] = {
    "Truth": Truth,
    "Day": Day,
    "Money": Money,
    "Number": Number,
    "Whole": Whole,
}


def _type(content: Content, fact: FactDefinition) -> Any:
    match fact.type:
        case Choice(enum=enum):
            return Annotated[_one_of(content.enums[enum].members) | None, Given]
        case ChoiceSet(enum=enum):
            return _list_of(content.enums[enum].members)
    return _KINDS[kind_of(fact)]
