"""The order in which rows hold the facts of a household or a person."""

from __future__ import annotations

from dataclasses import dataclass

from jmentitle.language.tree import Entity, Type
from jmentitle.pack.model import RECEIVES, Content


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
        indices: dict[Entity, dict[str, int]] = {
            "household": {RECEIVES: 0},
            "person": {RECEIVES: 0},
        }
        for entity, name in content.facts:
            indices[entity][name] = len(indices[entity])
        for status in content.statuses.values():
            if status.certificate is not None:
                indices[status.entity][status.name] = len(indices[status.entity])
        types = {key: fact.type for key, fact in content.facts.items()}
        enums = {name: tuple(enum.members) for name, enum in content.enums.items()}
        return cls(indices["household"], indices["person"], types, enums)

    def of_entity(self, entity: Entity) -> dict[str, int]:
        return self.household if entity == "household" else self.person
