"""Writes the typed profile of a pack: Python classes with completion and type checking, generated
from the vocabulary.

python -m jmentitle.author.typed_profile jingmen > jmentitle/typed/jingmen.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from jmentitle.language import units
from jmentitle.language.tree import Choice, ChoiceSet, Entity, Numeric
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES, Content, FactDefinition
from jmentitle.pack.rules import Rules
from jmentitle.profile.models import attestable, kind_of, receivable

_TITLES: dict[Entity, str] = {"household": "Household", "person": "Person"}


def typed_profile(content: Content) -> str:
    """The source of the module."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Content) -> Iterator[str]:
    yield (
        f'"""The household of the pack `{content.id}`, typed. Generated from the vocabulary of the'
        ' pack; do not edit."""'
    )
    yield ""
    yield "# ruff: noqa: E501, I001"
    yield "from __future__ import annotations"
    yield ""
    yield "from typing import Annotated, Literal"
    yield ""
    yield "from pydantic import Field"
    yield ""
    yield f"from jmentitle.profile.models import {', '.join(_used(content))}"
    yield ""
    for name, enum in content.enums.items():
        yield f"{_camel(name)} = Literal[{', '.join(_quoted(member) for member in enum.members)}]"
    for entity, title in _TITLES.items():
        yield (
            f"{title}Receives ="
            f" Literal[{', '.join(_quoted(name) for name in receivable(content, entity))}]"
        )
    yield from _class(content, "household", "Household")
    yield from _class(content, "person", "Person")
    yield ""
    yield ""
    yield "class HouseholdFile(FactsModel):"
    yield f'    """A household as the pack `{content.id}` reads it. What is left out is unknown."""'
    yield ""
    yield "    members: list[Person] = Field(min_length=1)"
    yield "    household: Household | None = Field(default_factory=Household)"
    yield "    on: Day = None"
    yield "    pack: PackName = None"


def _class(content: Content, entity: Entity, title: str) -> Iterator[str]:
    yield ""
    yield ""
    yield f"class {title}(FactsModel):"
    yield f'    """Facts of a {entity}. What is None is unknown."""'
    yield ""
    if entity == "person":
        yield "    id: Id = None"
        yield (
            '    """what results call this member: a short word, such as father, or a number; never'
            ' a name"""'
        )
    else:
        yield f"    {MEMBERS_COMPLETE}: Truth = None"
        yield (
            '    """whether every member of the household is listed; true unless said otherwise"""'
        )
    yield f"    {RECEIVES}: Annotated[list[{title}Receives] | None, Several] = None"
    yield '    """what is received now; an empty list when nothing is"""'
    for (owner, name), fact in content.facts.items():
        if owner == entity:
            yield f"    {name}: {_annotation(fact)} = None"
            unit = (
                f", {units.show(fact.type.unit)}"
                if isinstance(fact.type, Numeric) and fact.type.unit
                else ""
            )
            yield f'    """{fact.label.zh} / {fact.label.en}{unit}"""'
    for name in attestable(content, entity):
        status = content.statuses[name]
        yield f"    {name}: Truth = None"
        yield f'    """{status.label.zh} / {status.label.en} (attested by {status.certificate})"""'


def _annotation(fact: FactDefinition) -> str:
    match fact.type:
        case Choice(enum=enum):
            return f"Annotated[{_camel(enum)} | None, Given]"
        case ChoiceSet(enum=enum):
            return f"Annotated[list[{_camel(enum)}] | None, Several]"
    return kind_of(fact)


def _used(content: Content) -> list[str]:
    """The names of `profile.models` that the module needs."""
    kinds = {
        kind_of(fact)
        for fact in content.facts.values()
        if not isinstance(fact.type, Choice | ChoiceSet)
    }
    return sorted({"Day", "FactsModel", "Given", "Id", "PackName", "Several", "Truth", *kinds})


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _quoted(text: str) -> str:
    return f'"{text}"'


if __name__ == "__main__":
    sys.stdout.write(
        typed_profile(Rules.load(sys.argv[1] if len(sys.argv) > 1 else "jingmen").content)
    )
