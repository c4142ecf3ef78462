"""What brings a change about, in Simplified Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jmentitle.assessment.models import Label
from jmentitle.assessment.places import label
from jmentitle.language import tree, units
from jmentitle.language.tree import Node
from jmentitle.language.units import Unit
from jmentitle.pack.model import Benefit, Bounds, Content
from jmentitle.pack.reading import Text

AGE = "age"
"""By convention the quantity for the age of a person in completed years."""
_UNITS: dict[str, Text] = {
    "CNY": Text("元", "CNY"),
    "person": Text("人", "person"),
    "day": Text("天", "day"),
    "week": Text("周", "week"),
    "month": Text("个月", "month"),
    "year": Text("年", "year"),
}
_COUNTED: dict[str, Text] = {"day": Text("天", "days"), "month": Text("个月", "months"), "year": Text("年", "years")}


def reaches(content: Content, quantity: tree.Quantity, before: int, now: int) -> Label:
    """A quantity that runs with time has a new value: “turns 60”."""
    shown = number(now, quantity.type.scale)
    if quantity.name == AGE and dict(quantity.type.unit) == {"year": 1}:
        return Label(zh=f"满{shown}周岁", en=f"turns {shown}")
    name = content.quantities[quantity.name].label
    rises = now > before
    return Label(zh=f"{name.zh}{'达到' if rises else '降到'}{shown}", en=f"{name.en} {'reaches' if rises else 'falls to'} {shown}")


def elapsed(content: Content, clock: tree.Elapsed, now: int) -> Label:
    """Completed time since (or until) a date has a new value. Counted backwards from today, a time begun is one more than those completed."""
    backwards = isinstance(clock.start, tree.AssessmentDate)
    day, unit = date_label(content, clock.end if backwards else clock.start), _COUNTED[clock.unit]
    if not backwards and now >= 0:
        return Label(zh=f"距{day.zh}满{now}{unit.zh}", en=f"{now} {unit.en} since: {day.en}")
    if backwards and now < 0:
        return Label(zh=f"距{day.zh}已超过{-now - 1}{unit.zh}", en=f"more than {-now - 1} {unit.en} since: {day.en}")
    return Label(zh=f"离{day.zh}还有{abs(now)}{unit.zh}", en=f"{abs(now)} {unit.en} left until: {day.en}")


def day_passes(content: Content, node: Node) -> Label:
    """The day of assessment is compared with a date and has come to it or passed it."""
    day = date_label(content, node)
    return Label(zh=f"到了规定比较的日期：{day.zh}", en=f"a date in the rule is reached: {day.en}")


def value_changes(content: Content, parameter: tree.Parameter, before: Bounds, now: Bounds, cite: tuple[str, ...]) -> Label:
    """A dated value is another from today on."""
    name, kind = content.parameters[parameter.name].label, parameter.type
    old, new, unit = _bounds(before, kind.scale), _bounds(now, kind.scale), _unit(kind.unit, content)
    source = _source(content, cite)
    return Label(
        zh=f"{name.zh}调整：{old.zh} → {new.zh}{unit.zh and f'（{unit.zh}）'}{source.zh}",
        en=f"{name.en} changes: {old.en} → {new.en}{unit.en and f' {unit.en}'}{source.en}",
    )


def benefit_exists(content: Content, benefit: Benefit, *, begins: bool) -> Label:
    source = _source(content, benefit.cite)
    return Label(
        zh=f"“{benefit.title.zh}”{'开始实行' if begins else '到期停止'}{source.zh}",
        en=f"“{benefit.title.en}” {'begins' if begins else 'ends'}{source.en}",
    )


def condition_exists(content: Content, condition: tree.Condition, *, begins: bool) -> Label:
    """A condition of a rule exists from today on, or no longer."""
    about = list(dict.fromkeys(_names(content, condition)))[:2]
    source = _source(content, condition.about.cite)
    zh, en = "、".join(text.zh for text in about), ", ".join(text.en for text in about)
    return Label(
        zh=f"规定{'新增' if begins else '取消'}一项条件{zh and f'：{zh}'}{source.zh}",
        en=f"a condition {'is added to' if begins else 'is dropped from'} the rule{en and f': {en}'}{source.en}",
    )


def schedule_line_exists(text: Text, *, begins: bool) -> Label:
    return Label(zh=f"时间表{'新增' if begins else '取消'}：{text.zh}", en=f"{'added to' if begins else 'dropped from'} the schedule: {text.en}")


def of_subject(subject: Label, reason: Label) -> Label:
    """A reason that lies with somebody else than the one whom the change is about."""
    return Label(zh=f"{subject.zh}{reason.zh}", en=f"{subject.en}: {reason.en}")


def number(value: int, scale: int) -> str:
    """An integer at a scale as decimal text, without needless places."""
    shown = Decimal(value).scaleb(-scale)
    return f"{int(shown):,}" if shown == int(shown) else f"{shown:,f}"


def date_label(content: Content, node: Node) -> Label:
    if isinstance(node, tree.Fact):
        return label(content.facts[node.entity, node.name].label)
    assert isinstance(node, tree.DayConstant)
    return Label(zh=node.value.isoformat(), en=node.value.isoformat())


def _bounds(bounds: Bounds, scale: int) -> Label:
    low, high = bounds
    if low is not None and low == high:
        return Label(zh=number(low, scale), en=number(low, scale))
    if high is not None:
        return Label(zh=f"最高{number(high, scale)}", en=f"at most {number(high, scale)}")
    if low:
        return Label(zh=f"不低于{number(low, scale)}", en=f"at least {number(low, scale)}")
    return Label(zh="未公布", en="not published")


def _unit(unit: Unit, content: Content) -> Label:
    words = {**_UNITS, **content.units}
    parts = [words.get(base, Text(base, base)) for base in units.show(unit).split("/")] if unit else []
    return Label(zh="/".join(part.zh for part in parts), en="/".join(part.en for part in parts))


def _source(content: Content, cite: tuple[str, ...]) -> Label:
    """The first source, in brackets; nothing where none is cited."""
    if not cite:
        return Label(zh="", en="")
    source = content.sources[cite[0].partition(" ")[0]]
    mark = f" {source.number}" if source.number else ""
    return Label(zh=f"（依据：{source.title.zh}{mark}）", en=f" (source: {source.title.en}{mark})")


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
