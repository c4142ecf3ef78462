"""The benefits of a household as its income grows, with the falls marked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.pack.model import Content
from jmentitle.pack.text import Text
from jmentitle.policy.plots.page import BLUE, DARK, ORANGE, Paper, has_columns, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKED = 8
"""The number of falls that are marked, the deepest first."""
_NEAR = 0.12
"""The share of the axis within which labels would lie over each other."""


def cliffs(
    frame: pl.DataFrame,
    *,
    fact: str = "income",
    label: Text | None = None,
    steepest: float = 1.0,
    content: Content | None = None,
    on: date | None = None,
    language: str = "zh",
    synthetic: bool | None = None,
) -> Figure:
    """A line of what a household gets in a year over its income. A fall is marked where it does not
    pay to earn more.

    Arguments:
        frame: The curve of `cliffs`, or a frame with the columns of the `fact` (yuan a month) and
            `yearly` (yuan a year), and `yearly_high` where unknowns leave a range.
        fact: The name of the column of the fact.
        label: The name of the fact for people.
        steepest: A fall is marked where the benefits of a year lose more than this many times what
            the income of a year gains.
        content: The `content` of the pack, named at the foot.
        on: The day, named at the foot.
        language: `zh` or `en`.
        synthetic: As in `ages`.
    Returns:
        A matplotlib `Figure`.
    Raises:
        ArgumentError: JM100 for a frame without these columns.
        ExtraMissingError: JM095 where the extra or a font is missing.
    Example:
        >>> import polars as pl
        >>> curve = pl.DataFrame({"income": [0, 1000, 2000], "yearly": [6000, 3000, 0]})
        >>> figure = plots.cliffs(curve, language="en", synthetic=True)
        >>> len(figure.axes)
        1
    """
    paper = Paper.of(language, synthetic)
    has_columns(frame, [fact, "yearly"])
    points = frame.sort(fact)
    incomes, yearly = (points[name].cast(pl.Float64).to_list() for name in (fact, "yearly"))
    figure = paper.figure(110)
    axes = figure.subplots()
    plain(axes)
    axes.grid(linewidth=0.4, color="#DDDDDD")
    if "yearly_high" in points.columns:
        high = points["yearly_high"].cast(pl.Float64).to_list()
        axes.fill_between(
            incomes, yearly, high, color=BLUE, alpha=0.2, linewidth=0, label=paper.say("range_of")
        )
    axes.plot(incomes, yearly, color=BLUE, linewidth=1.8, label=paper.say("least"))
    falls = [
        (yearly[index - 1] - yearly[index], index)
        for index in range(1, len(yearly))
        if yearly[index - 1] - yearly[index] > 12 * steepest * (incomes[index] - incomes[index - 1])
    ]
    deepest = sorted(sorted(falls, reverse=True)[:_MARKED], key=lambda fall: fall[1])
    raised = 0
    for (depth, index), before in zip(deepest, [None, *deepest], strict=False):
        axes.plot(
            [incomes[index]] * 2, [yearly[index], yearly[index - 1]], color=ORANGE, linewidth=2.5
        )
        axes.plot(
            [incomes[index]], [yearly[index]], "v", color=ORANGE, markeredgecolor=DARK, markersize=7
        )
        # A label near another one is drawn a line higher, so that both can be read.
        near = before is not None and incomes[index] - incomes[before[1]] < _NEAR * (
            incomes[-1] - incomes[0]
        )
        raised = (raised + 1) % 3 if near else 0
        axes.annotate(
            paper.say("fall", amount=f"{depth:,.0f}"),
            (incomes[index], yearly[index - 1]),
            xytext=(3, 4 + 11 * raised),
            textcoords="offset points",
            fontsize=8,
            ha="left",
        )
    axes.set_ylim(bottom=0)
    axes.margins(x=0.02, y=0.15)
    axes.set_xlabel(
        paper.say("income")
        if label is None
        else paper.say("a_month", label=label.in_language(language)),
        fontsize=9,
    )
    axes.set_ylabel(paper.say("yearly"), fontsize=9)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(labelsize=8)
    if "yearly_high" in points.columns:
        axes.legend(loc="upper right", fontsize=8, frameon=False)
    hidden = len(falls) - len(deepest)
    return paper.finish(
        figure,
        paper.say("cliffs"),
        content,
        on,
        paper.say("falls_hidden", count=hidden) if hidden else "",
    )
