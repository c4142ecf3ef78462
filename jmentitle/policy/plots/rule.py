"""A rule as a picture: what an item rests on and what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmentitle.language import arguments
from jmentitle.pack.rules import Rules
from jmentitle.pack.text import Text
from jmentitle.policy.plots.dependencies import COLUMNS, Key, Links, links
from jmentitle.policy.plots.page import DARK, ORANGE, Paper, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In millimetres, so that the largest rule fits on a landscape A4 page.
BOX = 38.0
"""The width of a box."""
GAP = 15.0
"""The space between columns."""
ROW = 7.4
"""The distance from row to row."""
HIGH = 6.4
"""The height of a box."""
MOST = 20
"""The most boxes in a column; the last one then says how many are left out."""
_FILL = {
    "facts": "white",
    "asked": "white",
    "definitions": "#E8F1F8",
    "benefits": "#CFE3F2",
    "grants": "#FBEBCC",
    "opens": "#F3F3F3",
}
_MORE = "…"
Positions = dict[Key, tuple[float, float]]


def rule_graph(pack: Rules, item: str, *, language: str = "zh") -> Figure:
    """Boxes for the facts, statuses and numbers that the benefits of an item ask of, for what they
    grant and for the items that this opens. The item is drawn as it is written, with the benefits
    of all days.

    Arguments:
        pack: A loaded pack.
        item: The id of the item.
        language: `zh` or `en`.
    Returns:
        A matplotlib `Figure`.
    Raises:
        ArgumentError: JM093 for an unknown item.
        ExtraMissingError: JM095 where the extra or a font is missing.
    Example:
        >>> figure = plots.rule_graph(pack, "disabled_living_and_care_subsidies", language="en")
        >>> len(figure.axes)
        1
    """
    arguments.of_kind(pack, Rules, "pack", arguments.PACK)
    paper = Paper.of(language, None)
    definition = pack.item(item)
    content = pack.content
    drawn = _folded(links(content, definition), paper)
    columns = [(kinds[-1], [key for key in drawn.boxes if key[0] in kinds]) for kinds in COLUMNS]
    columns = [(kind, keys) for kind, keys in columns if keys]
    positions = _positions([keys for _, keys in columns], drawn)
    rows = max(len(keys) for _, keys in columns)
    width, height = len(columns) * (BOX + GAP) - GAP + 4, rows * ROW + 8
    figure = paper.figure(height + 32, width=max(width, 120.0))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(-2, width - 2)
    axes.set_ylim(height - 6, -8)
    axes.set_aspect("equal")
    for number, (kind, _) in enumerate(columns):
        axes.text(
            number * (BOX + GAP) + BOX / 2,
            -5,
            paper.say(kind),
            ha="center",
            va="center",
            fontsize=8,
            fontweight="bold",
        )
    for (start, end), closes in drawn.joined.items():
        _link(axes, positions[start], positions[end], closes=closes)
    for key, label in drawn.boxes.items():
        _box(axes, positions[key], key, label.in_language(language), language)
    title = paper.say("rule", item=definition.name.in_language(language))
    return paper.finish(figure, title, content, None, paper.say("rule_note"), data=False)


def _folded(links: Links, paper: Paper) -> Links:
    """The links with the boxes of a column that are too many, those with the fewest links, put into
    one."""
    counts = dict.fromkeys(links.boxes, 0)
    for pair in links.joined:
        for key in pair:
            counts[key] += 1
    stands_for = {key: key for key in links.boxes}
    boxes = dict(links.boxes)
    for kinds in COLUMNS:
        keys = sorted((key for key in links.boxes if key[0] in kinds), key=lambda key: -counts[key])
        for key in keys[MOST - 1 :] if len(keys) > MOST else ():
            del boxes[key]
            stands_for[key] = (kinds[0], _MORE)
        if len(keys) > MOST:
            count = len(keys) - MOST + 1
            boxes[kinds[0], _MORE] = Text(
                paper.say("more", count=count), paper.say("more", count=count)
            )
    joined = {
        (stands_for[start], stands_for[end]): closes
        for (start, end), closes in links.joined.items()
    }
    return Links(boxes, joined)


def _positions(columns: list[list[Key]], links: Links) -> Positions:
    """The middle of the left edge of each box. Linked boxes are placed near each other, so that few
    links cross."""
    rows = max(len(keys) for keys in columns)
    order = [list(keys) for keys in columns]
    near: dict[Key, list[Key]] = {}
    for start, end in links.joined:
        near.setdefault(start, []).append(end)
        near.setdefault(end, []).append(start)
    for _ in range(4):
        height = {
            key: (index + 0.5) / len(keys) for keys in order for index, key in enumerate(keys)
        }
        for keys in order:
            keys.sort(
                key=lambda key: (
                    key[1] == _MORE,
                    sum(height[neighbour] for neighbour in near.get(key, [key]))
                    / len(near.get(key, [key])),
                )
            )
            height |= {key: (index + 0.5) / len(keys) for index, key in enumerate(keys)}
    positions: Positions = {}
    for number, keys in enumerate(order):
        step = min(rows * ROW / len(keys), 2.2 * ROW)
        top = (rows * ROW - step * len(keys)) / 2
        for index, key in enumerate(keys):
            positions[key] = (number * (BOX + GAP), top + (index + 0.5) * step)
    return positions


def _box(axes: Axes, index: tuple[float, float], key: Key, text: str, language: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    left, middle = index
    shape = FancyBboxPatch(
        (left, middle - HIGH / 2),
        BOX,
        HIGH,
        boxstyle="round,pad=0,rounding_size=1",
        facecolor=_FILL[key[0]],
        edgecolor=DARK,
        linewidth=0.6,
    )
    shape.set_zorder(2)
    axes.add_patch(shape)
    lines = wrapped(text, 28 if language == "zh" else 32, 2)
    axes.text(
        left + BOX / 2,
        middle,
        lines,
        ha="center",
        va="center",
        fontsize=6.5 if language == "zh" else 5.8,
        zorder=3,
        linespacing=1.15,
    )


def _link(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], *, closes: bool
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (left, above), (right, below) = (start[0] + BOX, start[1]), end
    bend = min((right - left) / 2, GAP)
    curve = Path(
        [(left, above), (left + bend, above), (right - bend, below), (right, below)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    colour, line = (ORANGE, "--") if closes else ("#8A8A8A", "-")
    axes.add_patch(
        PathPatch(
            curve,
            facecolor="none",
            edgecolor=colour,
            linewidth=0.8 if closes else 0.6,
            linestyle=line,
            zorder=1,
        )
    )
