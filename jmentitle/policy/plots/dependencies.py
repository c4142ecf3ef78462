"""The inputs of an item's conditions and the items that its benefits open: boxes in columns and the
links between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jmentitle.language import tree
from jmentitle.language.tree import Node
from jmentitle.pack.model import Content, Item
from jmentitle.pack.text import Text

Key = tuple[str, str]
"""The kind of a box and its name."""
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("facts",),
    ("asked", "definitions"),
    ("benefits",),
    ("grants",),
    ("opens",),
)
"""The kinds of boxes, from left to right: facts behind definitions, facts read directly and
definitions, benefits, grants, items opened."""


@dataclass(frozen=True)
class Links:
    """`boxes` are in the order in which they are met; `joined` are pairs of boxes, from left to
    right, true where the one closes the other."""

    boxes: dict[Key, Text]
    joined: dict[tuple[Key, Key], bool]


def links(content: Content, item: Item) -> Links:
    """Facts, the statuses and numbers that the conditions and amounts name, the benefits, what they
    grant, and the items that this may open."""
    boxes: dict[Key, Text] = {}
    joined: dict[tuple[Key, Key], bool] = {}
    for benefit in item.benefits:
        box: Key = ("benefits", benefit.name)
        boxes[box] = benefit.title
        amounts = (
            ()
            if benefit.pays is None
            else (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts)
        )
        for node in (benefit.when, *amounts):
            for name, closes in _names_in(node) if node is not None else ():
                if isinstance(name, tree.Fact):
                    key: Key = ("asked", _of(name))
                    boxes[key] = content.facts[name.entity, name.name].label
                else:
                    key = ("definitions", name.name)
                    definition = content.statuses.get(name.name) or content.quantities[name.name]
                    boxes[key] = definition.label
                    for fact in _facts_behind(content, name, set()):
                        boxes["facts", _of(fact)] = content.facts[fact.entity, fact.name].label
                        joined[("facts", _of(fact)), key] = False
                joined[key, box] = closes and joined.get((key, box), True)
        for status in benefit.grants:
            granted: Key = ("grants", status)
            boxes[granted] = content.statuses[status].label
            joined[box, granted] = False
            for opened_item in content.items.values():
                if opened_item.id != item.id and any(
                    _opened_by(content, candidate.when, status, set())
                    for candidate in opened_item.benefits
                ):
                    boxes["opens", opened_item.id] = opened_item.name
                    joined[granted, ("opens", opened_item.id)] = False
    return Links(boxes, joined)


def _of(fact: tree.Fact) -> str:
    return f"{fact.entity}.{fact.name}"


def _names_in(
    node: Node, *, closes: bool = False
) -> Iterator[tuple[tree.Fact | tree.Status | tree.Quantity, bool]]:
    """The names in a node, each with whether it rules out (inside `none`) rather than opens."""
    if isinstance(node, tree.Fact | tree.Status | tree.Quantity):
        yield node, closes
    for child in tree.children(node):
        yield from _names_in(child, closes=closes != isinstance(node, tree.NoneOf))


def _behind(content: Content, name: tree.Status | tree.Quantity) -> Node | None:
    return (
        content.statuses[name.name].when
        if isinstance(name, tree.Status)
        else content.quantities[name.name].value
    )


def _facts_behind(
    content: Content, name: tree.Status | tree.Quantity, seen: set[str]
) -> Iterator[tree.Fact]:
    node = None if name.name in seen else _behind(content, name)
    seen.add(name.name)
    for inner, _ in _names_in(node) if node is not None else ():
        if isinstance(inner, tree.Fact):
            yield inner
        else:
            yield from _facts_behind(content, inner, seen)


def _opened_by(content: Content, node: Node | None, status: str, seen: set[str]) -> bool:
    """Whether a grant of the status can make a condition true, directly or by what is derived from
    it."""
    for inner in tree.walk(node) if node is not None else ():
        if isinstance(inner, tree.Status) and inner.granted:
            if inner.name == status:
                return True
            if inner.name not in seen:
                seen.add(inner.name)
                if _opened_by(content, content.statuses[inner.name].when, status, seen):
                    return True
    return False
