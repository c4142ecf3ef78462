"""The possible values of the columns of a pack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from jmentitle.language import tree
from jmentitle.pack.model import Content, Enum
from jmentitle.synthetic.marginals import Kind, Name

TRUTHS = {"false": 0, "true": 1}


@dataclass(frozen=True)
class Shape:
    """The possible values of a column. `codes` gives the members that a word stands for; `least`
    and `most` are at `scale`."""

    kind: Kind
    members: tuple[str, ...] = ()
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    scale: int = 0
    least: int | None = None
    most: int | None = None

    def codes(self, word: str) -> frozenset[int]:
        if self.kind == "truth":
            return frozenset({TRUTHS[word]} if word in TRUTHS else ())
        chosen = self.groups.get(word, frozenset({word}))
        return frozenset(index for index, member in enumerate(self.members) if member in chosen)

    @property
    def words(self) -> set[str]:
        return {*TRUTHS} if self.kind == "truth" else {*self.members, *self.groups}


def choice_shape(kind: Kind, enum: Enum) -> Shape:
    return Shape(kind, tuple(enum.members), dict(enum.groups))


def fact_shapes(content: Content) -> dict[Name, Shape]:
    """The values of every fact and of every status with a certificate."""
    shapes: dict[Name, Shape] = {}
    for name, fact in content.facts.items():
        match fact.type:
            case tree.Truth():
                shapes[name] = Shape("truth")
            case tree.Day():
                shapes[name] = Shape("day")
            case tree.Numeric(scale=scale):
                shapes[name] = Shape("number", scale=scale, least=fact.least, most=fact.most)
            case tree.Choice(enum=enum):
                shapes[name] = choice_shape("choice", content.enums[enum])
            case tree.ChoiceSet(enum=enum):
                shapes[name] = choice_shape("choices", content.enums[enum])
            case _:
                assert_never(fact.type)
    for status in content.statuses.values():
        if status.certificate is not None:
            shapes[status.entity, status.name] = Shape("truth")
    return shapes
