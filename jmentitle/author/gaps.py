"""The gaps of a pack: unpublished values, open questions, and statements whose text was not seen.

They are listed by item, each with the office that could settle it. A value that a status or a
quantity uses counts for every item that leads to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jmentitle.assessment.offices import serving
from jmentitle.language import tree
from jmentitle.language.tree import Choice, Fact, Node, Window
from jmentitle.pack.model import Benefit, Bounds, Content, Item, ParameterDefinition, ParameterEntry
from jmentitle.pack.text import NO_TEXT, Text
from jmentitle.views.explain.rule_words import expression_words

Kind = Literal["value", "question", "statement"]
_UNPUBLISHED: Bounds = (0, None)
_EVERYWHERE = Text("所有情形", "all cases")
HEADINGS: dict[Kind, Text] = {
    "value": Text("没有公布的数值", "unpublished values"),
    "question": Text("没有文件写明的事", "open questions"),
    "statement": Text("只凭记忆、未见原文", "statements from memory; original text not seen"),
}
_PART_WORDS = {
    "condition": Text("条件", "condition"),
    "benefit": Text("待遇", "benefit"),
    "value": Text("数值", "value"),
    "definition": Text("定义", "definition"),
    "item": Text("项目", "item"),
    "apply": Text("办理", "where to apply"),
    "office": Text("机构", "office"),
    "information": Text("说明", "note"),
    "schedule": Text("时间表", "schedule"),
}
_ANY_PLACE = Text("各县(市、区)", "each county")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to settle. `part` names what kind of statement it is, `name` the parameter, status,
    benefit or office it belongs to."""

    kind: Kind
    part: str
    name: str
    text: Text
    keys: Text
    window: Window
    reason: Text
    office: Text
    cite: tuple[str, ...]


def gaps_of(content: Content) -> dict[str, list[Gap]]:
    """The gaps of every item that has some, in the order of the pack; each gap of an item once."""
    found = {
        item.id: list(dict.fromkeys(_Item(content, item).gaps())) for item in content.items.values()
    }
    return {item: gaps for item, gaps in found.items() if gaps}


def gap_lines(content: Content, language: str) -> Iterator[str]:
    """The gaps as text, in zh or en."""
    for id_, gaps in gaps_of(content).items():
        item = content.items[id_]
        yield f"{item.number}. {item.name.in_language(language)}  [{id_}]"
        for kind, heading in HEADINGS.items():
            of_kind = [gap for gap in gaps if gap.kind == kind]
            if of_kind:
                yield f"  {heading.in_language(language)}"
                yield from (f"    - {gap_line(gap, language)}" for gap in of_kind)


def gap_data(content: Content) -> dict[str, list[dict[str, object]]]:
    """The gaps for machines, by item."""

    def plain(gap: Gap) -> dict[str, object]:
        texts = {
            name: {"zh": value.zh, "en": value.en} if value.zh else None
            for name, value in _texts(gap)
        }
        window = {"from": _iso(gap.window.start), "until": _iso(gap.window.end)}
        return {
            "kind": gap.kind,
            "part": gap.part,
            "name": gap.name,
            **texts,
            **window,
            "cite": list(gap.cite),
        }

    return {item: [plain(gap) for gap in gaps] for item, gaps in gaps_of(content).items()}


def _texts(gap: Gap) -> list[tuple[str, Text]]:
    return [("text", gap.text), ("keys", gap.keys), ("reason", gap.reason), ("office", gap.office)]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def gap_line(gap: Gap, language: str) -> str:
    """One gap in a line: what, where, when, why, on what it rests and who could settle it."""
    colon = "：" if language == "zh" else ": "
    parts = [gap.text.in_language(language)]
    if gap.kind == "statement":
        parts = [_PART_WORDS[gap.part].in_language(language), f"[{gap.name}]", *parts]
    elif gap.part == "value":
        parts.append(f"[{gap.name}]")
    if gap.keys.zh:
        parts.append(gap.keys.in_language(language))
    if gap.window != tree.ALWAYS:
        parts.append(f"({gap.window.start or '…'} – {gap.window.end or '…'})")
    line = " ".join(parts)
    if gap.reason.zh:
        line += colon + gap.reason.in_language(language)
    if gap.cite:
        line += f"  [{'; '.join(gap.cite)}]"
    return line + f"  → {gap.office.in_language(language)}" if gap.office.zh else line


class _Item:
    """The gaps of one item. Without an office of its own, a statement is settled by who decides on
    the item."""

    def __init__(self, content: Content, item: Item) -> None:
        self.content = content
        self.item = item
        self.office = self.who(item.apply.decides or item.apply.at)
        self.visited: set[str] = set()

    def gaps(self) -> Iterator[Gap]:
        item = self.item
        yield from self.recalled_gap("item", item.id, item.name, item.cite)
        for benefit in item.benefits:
            yield from self.benefit(benefit)
        for gap in item.gaps:
            yield Gap(
                "question",
                "question",
                item.id,
                gap.text,
                NO_TEXT,
                tree.ALWAYS,
                NO_TEXT,
                self.who(gap.settled_by) if gap.settled_by else self.office,
                gap.cite,
            )
        yield from self.recalled_gap(
            "apply", item.apply.at, self.content.duties[item.apply.at], item.apply.cite
        )
        for duty in dict.fromkeys((item.apply.at, item.apply.decides, *item.apply.helps)):
            for office in self.content.offices.values():
                windows = [service.window for service in office.duties if service.duty == duty]
                if windows:
                    name = Text(
                        office.name.zh.replace("{place}", _ANY_PLACE.zh),
                        office.name.en.replace("{place}", _ANY_PLACE.en),
                    )
                    yield from self.recalled_gap("office", office.id, name, office.cite)
        for remark in item.information:
            yield from self.recalled_gap(
                "information", item.id, remark.text, remark.cite, remark.window
            )

    def benefit(self, benefit: Benefit) -> Iterator[Gap]:
        yield from self.recalled_gap(
            "benefit", benefit.name, benefit.title, benefit.cite, benefit.window
        )
        nodes: list[Node | None] = [benefit.when]
        if benefit.pays is not None:
            nodes += [benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts]
        if benefit.volume is not None:
            nodes.append(benefit.volume.amount)
        if benefit.schedule is not None:
            nodes.append(benefit.schedule.by)
            for entry in benefit.schedule.entries:
                yield from self.recalled_gap(
                    "schedule", benefit.name, entry.text, entry.cite, entry.window
                )
        for node in nodes:
            if node is not None:
                yield from self.node(node, benefit.name)

    def node(self, node: Node, owner: str) -> Iterator[Gap]:
        """The gaps of a condition or number and of every definition and value that it leads to."""
        match node:
            case tree.Leaf(test=test, about=about):
                words = Text(
                    expression_words(self.content, test, "zh"),
                    expression_words(self.content, test, "en"),
                )
                yield from self.recalled_gap("condition", owner, words, about.cite, about.window)
            case tree.Status(name=name) if self.first(name):
                when = self.content.statuses[name].when
                if when is not None:
                    yield from self.node(when, name)
            case tree.Quantity(name=name) if self.first(name):
                quantity = self.content.quantities[name]
                yield from self.recalled_gap("definition", name, quantity.label, quantity.cite)
                yield from self.node(quantity.value, name)
            case tree.Parameter(name=name) if self.first(name):
                yield from self.parameter(self.content.parameters[name])
        for child in tree.children(node):
            yield from self.node(child, owner)

    def first(self, name: str) -> bool:
        seen = name in self.visited
        self.visited.add(name)
        return not seen

    def parameter(self, parameter: ParameterDefinition) -> Iterator[Gap]:
        office = self.who(parameter.settled_by) if parameter.settled_by else self.office
        for entry in parameter.entries:
            missing = [key for key, bounds in entry.cells.items() if bounds == _UNPUBLISHED]
            missing_steps = [start for start, bounds in entry.steps if bounds == _UNPUBLISHED]
            if missing or missing_steps:
                keys = self.keys(parameter, entry, missing) if missing else _steps(missing_steps)
                yield Gap(
                    "value",
                    "value",
                    parameter.name,
                    parameter.label,
                    keys,
                    entry.window,
                    entry.reason,
                    office,
                    (),
                )
            if len(missing) < len(entry.cells) or len(missing_steps) < len(entry.steps):
                yield from self.recalled_gap(
                    "value", parameter.name, parameter.label, entry.cite, entry.window, office
                )

    def keys(
        self,
        parameter: ParameterDefinition,
        entry: ParameterEntry,
        missing: Sequence[tuple[str | int, ...]],
    ) -> Text:
        """Which cells of a table are missing, in as few words as they allow."""
        if len(missing) == len(entry.cells):
            return _EVERYWHERE if parameter.by else NO_TEXT
        if len(parameter.by) == 1:
            return self.members(parameter.by[0], [key[0] for key in missing])
        rows = Counter(key[0] for key in missing)
        all_rows = Counter(key[0] for key in entry.cells)
        parts = [
            (self.members(parameter.by[0], [first]), rows[first], all_rows[first])
            for first in self.ordered(parameter.by[0], rows)
        ]
        return Text(
            "；".join(
                f"{text.zh}{'' if count == of else f'（{of}格中{count}格）'}"
                for text, count, of in parts
            ),
            "; ".join(
                f"{text.en}{'' if count == of else f' ({count} of {of} cells)'}"
                for text, count, of in parts
            ),
        )

    def ordered(self, fact: Fact, members: Collection[str | int]) -> list[str | int]:
        """Members in the order of their enum, numbers rising."""
        if isinstance(fact.type, Choice):
            return [
                member for member in self.content.enums[fact.type.enum].members if member in members
            ]
        return sorted(members)

    def members(self, fact: Fact, members: Collection[str | int]) -> Text:
        if not isinstance(fact.type, Choice):
            text = ", ".join(str(member) for member in self.ordered(fact, members))
            return Text(text, text)
        labels = [
            self.content.enums[fact.type.enum].members[str(member)]
            for member in self.ordered(fact, members)
        ]
        return Text(
            "、".join(label.zh for label in labels), ", ".join(label.en for label in labels)
        )

    def recalled_gap(
        self,
        part: str,
        name: str,
        text: Text,
        cite: tuple[str, ...],
        window: Window = tree.ALWAYS,
        office: Text | None = None,
    ) -> Iterator[Gap]:
        """The statement, if all that it cites is known from memory only."""
        if cite and all(
            self.content.sources[citation.split(" ", 1)[0]].grade == "recalled" for citation in cite
        ):
            yield Gap(
                "statement", part, name, text, NO_TEXT, window, NO_TEXT, office or self.office, cite
            )

    def who(self, duty: str) -> Text:
        """The offices that have a duty in the end, without the place that a family would fill
        in."""
        content = self.content
        names = [office.name for office in serving(content, duty, content.last_day)] or [
            content.duties[duty]
        ]
        return Text(
            "、".join(name.zh.replace("{place}", _ANY_PLACE.zh) for name in names),
            ", ".join(name.en.replace("{place}", _ANY_PLACE.en) for name in names),
        )


def _steps(starts: Sequence[int]) -> Text:
    listed = ", ".join(str(start) for start in starts)
    return Text(f"自 {listed} 起", f"from {listed} on")
