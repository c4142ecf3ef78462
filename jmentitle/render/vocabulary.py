"""The vocabulary as a list for people: what a household file may state."""

from __future__ import annotations

from collections.abc import Iterator

from jmentitle.language import units
from jmentitle.language.tree import Choice, ChoiceSet, Day, Entity, Numeric, Truth, Type
from jmentitle.pack.model import Content
from jmentitle.pack.text import Text

_HEADINGS: dict[Entity, Text] = {
    "household": Text("家庭（household:）", "the household (household:)"),
    "person": Text("每位成员（members:）", "each member (members:)"),
}
_ATTESTED = Text("有凭证时可以直接填写的身份", "statuses you can state if there is a certificate")


def vocabulary_lines(content: Content, language: str) -> Iterator[str]:
    for entity, heading in _HEADINGS.items():
        yield f"{heading.in_language(language)}"
        for (owner, name), fact in content.facts.items():
            if owner == entity:
                yield f"  {name}: {type_words(content, fact.type)}"
                who = content.answerers[fact.who].in_language(language)
                yield (
                    f"      {fact.label.in_language(language)} — {fact.ask.in_language(language)}"
                    f" [{who}]"
                )
        yield f"  {_ATTESTED.in_language(language)}"
        for status in content.statuses.values():
            if status.entity == entity and status.certificate is not None:
                paper = content.documents[status.certificate]
                yield (
                    f"  {status.name}: true/false — {status.label.in_language(language)}"
                    f" [{paper.in_language(language)}]"
                )
        yield ""


def type_words(content: Content, kind: Type) -> str:
    match kind:
        case Truth():
            return "true/false"
        case Day():
            return "YYYY-MM-DD"
        case Numeric(unit=unit, scale=scale):
            return f"number{'' if scale else ', whole'} in {units.show(unit)}" if unit else "number"
        case Choice(enum=enum):
            return " | ".join(content.enums[enum].members)
        case ChoiceSet(enum=enum):
            return f"list of {' | '.join(content.enums[enum].members)}"
