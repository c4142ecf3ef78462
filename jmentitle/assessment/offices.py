"""Which office serves this family for a duty on a day."""

from __future__ import annotations

from datetime import date
from functools import cache

from jmentitle.assessment import models
from jmentitle.assessment.grades import basis_of_cite
from jmentitle.assessment.models import Label
from jmentitle.chain.specification import Context
from jmentitle.language.tree import Choice
from jmentitle.pack.model import Content, Item, Office
from jmentitle.pack.text import Text

_ANY_PLACE = Text("本县（市、区）", "your county")


def offices_of(item: Item, context: Context, on: date) -> list[models.Office]:
    """Where to apply, who decides and who helps, each once."""
    content = context.world.ruleset.content
    offices = []
    roles: list[tuple[models.Role, str]] = [("apply", item.apply.at)]
    if item.apply.decides is not None:
        roles.append(("decides", item.apply.decides))
    roles += [("helps", duty) for duty in item.apply.helps]
    for role, duty in roles:
        for office in serving(content, duty, on):
            basis = basis_of_cite(office.cite, content)
            offices.append(
                models.Office(
                    id=office.id,
                    role=role,
                    duty=label(content.duties[duty]),
                    name=name_of(office, context),
                    level=office.level,
                    hotlines=[
                        number
                        for number in office.hotlines
                        if content.hotlines[number].window.holds(on)
                    ],
                    phone=office.phone,
                    address=None if office.address is None else label(office.address),
                    grade=basis.grade,
                )
            )
    return offices


def serving(content: Content, duty: str, on: date) -> list[Office]:
    """The offices that have the duty on the day."""
    return [office for office, window in content.serving.get(duty, ()) if window.holds(on)]


def name_of(office: Office, context: Context) -> Label:
    """The name of the office for this family: the place filled in where it is known."""
    place = _ANY_PLACE
    if office.place is not None and (
        office.place.entity == "household" or context.member is not None
    ):
        value = context.value(office.place)
        if isinstance(value, str) and isinstance(office.place.type, Choice):
            place = context.world.ruleset.content.enums[office.place.type.enum].members[value]
    return Label(
        zh=office.name.zh.replace("{place}", place.zh),
        en=office.name.en.replace("{place}", place.en),
    )


@cache
def label(text: Text) -> Label:
    """A text of the pack as a label; the same text is the same label."""
    return Label(zh=text.zh, en=text.en)
