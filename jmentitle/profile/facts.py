"""The facts of one household, checked and in fixed order: what engines read.

A row holds a value or None (unknown) for every fact, every status that may be attested, and `receives`. Money is in fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jmentitle.language.tree import Entity, Type
from jmentitle.language.values import MemberId
from jmentitle.pack.model import RECEIVES, Content

Value = bool | int | date | str | frozenset[str]
Row = list[Value | None]


@dataclass(frozen=True)
class RowOrder:
    """Which place each name has in the rows of a household and of a person, and what it means.

    Two packs with equal orders read each other's rows alike.
    """

    household: dict[str, int]
    person: dict[str, int]
    types: dict[tuple[Entity, str], Type]
    enums: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, content: Content) -> RowOrder:
        places: dict[Entity, dict[str, int]] = {"household": {RECEIVES: 0}, "person": {RECEIVES: 0}}
        for entity, name in content.facts:
            places[entity][name] = len(places[entity])
        for status in content.statuses.values():
            if status.certificate is not None:
                places[status.entity][status.name] = len(places[status.entity])
        types = {key: fact.type for key, fact in content.facts.items()}
        enums = {name: tuple(enum.members) for name, enum in content.enums.items()}
        return cls(places["household"], places["person"], types, enums)

    def of_entity(self, entity: Entity) -> dict[str, int]:
        return self.household if entity == "household" else self.person


@dataclass(slots=True)
class Facts:
    """One household. The representation shows no value: these are personal data."""

    order: RowOrder
    household: Row
    members: list[Row]
    ids: list[MemberId]
    members_complete: bool = True

    def row(self, member: int | None) -> Row:
        return self.household if member is None else self.members[member]

    def value(self, member: int | None, name: str) -> Value | None:
        # Asked so often that it does not go through `row`.
        return self.household[self.order.household[name]] if member is None else self.members[member][self.order.person[name]]

    def alike(self) -> list[int]:
        """For each member the first one with the same facts: rules cannot tell them apart."""
        first: dict[tuple[Value | None, ...], int] = {}
        return [first.setdefault(tuple(row), member) for member, row in enumerate(self.members)]

    def __repr__(self) -> str:
        return f"<Facts of a household with {len(self.members)} listed members>"
