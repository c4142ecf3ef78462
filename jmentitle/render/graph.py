"""The order of applications, as a picture: a box for each application, in columns by step, with
arrows to the applications it opens."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

from jmentitle.assessment.display import Html
from jmentitle.assessment.models import Assessment
from jmentitle.render.html import join, notebook_html, tag
from jmentitle.render.selection import Opened, Selection

WIDTH, GAP, MARGIN, LINE = 200, 70, 10, 17
CHARACTERS = 28
"""of half width, in a line of a box"""
LINES = 6
Positions = dict[int, tuple[int, int, int]]
"""left, top and height of each box, in pixels"""


@dataclass(frozen=True)
class Box:
    """An application: an item and the items that must be granted first."""

    item: str
    after: tuple[str, ...]
    lines: tuple[str, ...]


def pathway_html(assessment: Assessment, language: str) -> Html:
    """The picture as a notebook shows it. `language` is zh or en."""
    return notebook_html(*pathway_picture(assessment, language))


def pathway_picture(assessment: Assessment, language: str) -> list[Html]:
    """The applications that wait for others or that others wait for; a line below counts the
    independent ones."""
    choose = Selection(assessment, language)
    boxes = _boxes(choose)
    waiting = {item for box in boxes for item in box.after}
    linked = [box for box in boxes if box.after or box.item in waiting]
    alone = len({box.item for box in boxes} - {box.item for box in linked})
    picture = [_svg(linked, choose.say("later"))] if linked else [tag("p", choose.say("no_steps"))]
    return [*picture, *([tag("p", choose.say("alone", count=alone))] if alone else [])]


def columns(boxes: list[Box]) -> list[list[Box]]:
    """The boxes by step: each after the first of the steps of every item that it waits for."""
    items = {box.item for box in boxes}
    step: dict[str, int] = {}
    by_step: list[list[Box]] = []
    remaining = boxes
    while remaining:
        ready = [
            box for box in remaining if all(item in step or item not in items for item in box.after)
        ]
        # Nothing is ready only where applications wait for each other: they are drawn side by side.
        ready = ready or remaining
        for box in ready:
            step.setdefault(box.item, len(by_step))
        remaining = [box for box in remaining if box not in ready]
        by_step.append(ready)
    return by_step


def _boxes(choose: Selection) -> list[Box]:
    grouped: dict[tuple[str, tuple[str, ...]], list[Opened]] = {}
    for benefits in choose.open_benefits(lambda _: True).values():
        for result, benefit in benefits:
            grouped.setdefault((result.item, tuple(sorted(benefit.after))), []).append(
                (result, benefit)
            )
    boxes = []
    for (item, after), opened in grouped.items():
        lines = _wrapped(choose.label(choose.names[item])) + _wrapped(
            choose.subjects(result.subject for result, _ in opened)
        )
        if after:
            lines += _wrapped(choose.labels(benefit.name for _, benefit in opened))
        boxes.append(
            Box(item, after, tuple(lines if len(lines) <= LINES else [*lines[: LINES - 1], "…"]))
        )
    return boxes


def _svg(boxes: list[Box], title: str) -> Html:
    by_step = columns(boxes)
    ordered = [box for column in by_step for box in column]
    positions: Positions = {}
    bottom = 0
    for step, column in enumerate(by_step):
        top = MARGIN
        for box in column:
            height = LINE * len(box.lines) + 12
            positions[ordered.index(box)] = (MARGIN + step * (WIDTH + GAP), top, height)
            top += height + 14
        bottom = max(bottom, top)
    arrows = [
        _arrow(positions[left], positions[right])
        for left, opener in enumerate(ordered)
        for right, opened in enumerate(ordered)
        if opener.item in opened.after and positions[left][0] < positions[right][0]
    ]
    width = len(by_step) * (WIDTH + GAP) - GAP + 2 * MARGIN
    drawn = [_box(box, positions[number]) for number, box in enumerate(ordered)]
    size = {"width": width, "height": bottom, "viewBox": f"0 0 {width} {bottom}"}
    return tag(
        "svg",
        tag("title", title),
        *arrows,
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        **size,
    )


def _box(box: Box, position: tuple[int, int, int]) -> Html:
    left, top, height = position
    colour = "#fff4de" if box.after else "#e4f1e4"
    frame = tag("rect", x=left, y=top, width=WIDTH, height=height, rx=5, fill=colour, stroke="#777")
    return join(
        [
            frame,
            *(
                tag("text", line, x=left + 8, y=top + LINE * (number + 1))
                for number, line in enumerate(box.lines)
            ),
        ]
    )


def _arrow(opener: tuple[int, int, int], opened: tuple[int, int, int]) -> Html:
    start, end = (
        (opener[0] + WIDTH, opener[1] + opener[2] // 2),
        (opened[0], opened[1] + opened[2] // 2),
    )
    middle = (start[0] + end[0]) // 2
    curve = f"M{start[0]} {start[1]} C{middle} {start[1]} {middle} {end[1]} {end[0] - 7} {end[1]}"
    head = f"{end[0]},{end[1]} {end[0] - 8},{end[1] - 4} {end[0] - 8},{end[1] + 4}"
    return join(
        [tag("path", d=curve, fill="none", stroke="#777"), tag("polygon", points=head, fill="#777")]
    )


def width_of(text: str) -> int:
    """How wide a text is, in characters of half width."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _wrapped(text: str) -> list[str]:
    """Lines that fit in a box, broken between words or, in Chinese, anywhere."""
    lines = []
    line = ""
    for piece in text.split(" ") if text.isascii() else text:
        joined = f"{line} {piece}".strip() if text.isascii() else line + piece
        if line and width_of(joined) > CHARACTERS:
            lines.append(line)
            joined = piece
        line = joined
    return [*lines, line]
