"""The reasons of changes, in Simplified Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator

from jmentitle.assessment.models import Label
from jmentitle.assessment.offices import label
from jmentitle.language import tree
from jmentitle.language.tree import Node
from jmentitle.pack.model import Benefit, Bounds, Content
from jmentitle.pack.text import Text
from jmentitle.views.explain.values import Values, digits

AGE = "age"
"""By convention the quantity for the age of a person in completed years."""
_COUNTED: dict[str, Text] = {
    "day": Text("天", "days"),
    "month": Text("个月", "months"),
    "year": Text("年", "years"),
}


def reaches(content: Content, quantity: tree.Quantity, before: int, now: int) -> Label:
    """A quantity that runs with time has a new value: “turns 60”."""
    numeral = digits(now, quantity.type.scale)
    if quantity.name == AGE and dict(quantity.type.unit) == {"year": 1}:
        return Label(zh=f"满{numeral}周岁", en=f"turns {numeral}")
    name = content.quantities[quantity.name].label
    rises = now > before
    return Label(
        zh=f"{name.zh}{'达到' if rises else '降到'}{numeral}",
        en=f"{name.en} {'reaches' if rises else 'falls to'} {numeral}",
    )


def elapsed(content: Content, clock: tree.Elapsed, now: int) -> Label:
    """Completed time since (or until) a date has a new value. Counted backwards from today, a time
    begun is one more than those completed."""
    backwards = isinstance(clock.start, tree.AssessmentDate)
    day = date_label(content, clock.end if backwards else clock.start)
    unit = _COUNTED[clock.unit]
    if not backwards and now >= 0:
        return Label(zh=f"距{day.zh}满{now}{unit.zh}", en=f"{now} {unit.en} since: {day.en}")
    if backwards and now < 0:
        return Label(
            zh=f"距{day.zh}已超过{-now - 1}{unit.zh}",
            en=f"more than {-now - 1} {unit.en} since: {day.en}",
        )
    return Label(
        zh=f"离{day.zh}还有{abs(now)}{unit.zh}", en=f"{abs(now)} {unit.en} left until: {day.en}"
    )


def day_passes(content: Content, node: Node) -> Label:
    """The day of assessment reaches or passes a date that the rule compares it with."""
    day = date_label(content, node)
    return Label(zh=f"到了规定里的日期：{day.zh}", en=f"a date in the rule is reached: {day.en}")


def value_changes(
    content: Content, parameter: tree.Parameter, before: Bounds, now: Bounds, cite: tuple[str, ...]
) -> Label:
    """A dated parameter changes its value today."""
    name, old, new = (
        content.parameters[parameter.name].label,
        *(_value(content, bounds, parameter.type) for bounds in (before, now)),
    )
    source = _source(content, cite)
    return Label(
        zh=f"{name.zh}：{old.zh} → {new.zh}{source.zh}",
        en=f"{name.en}: {old.en} → {new.en}{source.en}",
    )


def benefit_exists(content: Content, benefit: Benefit, *, begins: bool) -> Label:
    source = _source(content, benefit.cite)
    return Label(
        zh=f"“{benefit.title.zh}”{'开始实行' if begins else '到期停止'}{source.zh}",
        en=f"“{benefit.title.en}” {'begins' if begins else 'ends'}{source.en}",
    )


def condition_exists(content: Content, condition: tree.Condition, *, begins: bool) -> Label:
    """A condition of a rule begins or ends today."""
    about = list(dict.fromkeys(_names(content, condition)))[:2]
    source = _source(content, condition.about.cite)
    zh, en = "、".join(text.zh for text in about), ", ".join(text.en for text in about)
    return Label(
        zh=f"规定{'新增' if begins else '取消'}一项条件{zh and f'：{zh}'}{source.zh}",
        en=f"a condition {'is added to' if begins else 'is removed from'} the rule{en and f': {en}'}{source.en}",
    )


def schedule_line_exists(text: Text, *, begins: bool) -> Label:
    return Label(
        zh=f"时间表{'新增' if begins else '取消'}：{text.zh}",
        en=f"{'added to' if begins else 'removed from'} the schedule: {text.en}",
    )


def of_subject(subject: Label, reason: Label) -> Label:
    """A reason that concerns another person than the change itself."""
    return Label(zh=f"{subject.zh}{reason.zh}", en=f"{subject.en}: {reason.en}")


def date_label(content: Content, node: Node) -> Label:
    if isinstance(node, tree.Fact):
        return label(content.facts[node.entity, node.name].label)
    assert isinstance(node, tree.DayConstant)
    return Label(zh=node.value.isoformat(), en=node.value.isoformat())


def _value(content: Content, bounds: Bounds, kind: tree.Numeric) -> Label:
    low, high = bounds
    if high is None and not low:
        return Label(zh="未公布", en="not published")
    return Label(
        **{
            language: Values(content, language).bounds(low, high, kind.scale, kind.unit)
            for language in ("zh", "en")
        }
    )


def _source(content: Content, cite: tuple[str, ...]) -> Label:
    """The sources in brackets; nothing where none is cited."""
    if not cite:
        return Label(zh="", en="")
    return Label(
        zh=f"（{Values(content, 'zh').sources(cite)}）",
        en=f" ({Values(content, 'en').sources(cite)})",
    )


def _names(content: Content, node: Node) -> Iterator[Text]:
    """The labels of the names in a condition."""
    for inner in tree.walk(node):
        match inner:
            case tree.Fact(entity=entity, name=name) if (entity, name) in content.facts:
                yield content.facts[entity, name].label
            case tree.Status(name=name):
                yield content.statuses[name].label
            case tree.Quantity(name=name):
                yield content.quantities[name].label
            case tree.Parameter(name=name):
                yield content.parameters[name].label
