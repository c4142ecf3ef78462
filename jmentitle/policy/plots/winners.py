"""Households better and worse off after a change, by income."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jmentitle.pack.model import Content
from jmentitle.pack.text import Text
from jmentitle.policy.plots.page import BLUE, DARK, GREY, ORANGE, Paper, has_columns, plain, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PARTS = (
    ("losers", "lose", ORANGE, "///"),
    ("unchanged", "same", GREY, ""),
    ("undetermined", "undetermined", "white", "..."),
    ("winners", "gain", BLUE, ""),
)
_WRITTEN = 0.06
"""The smallest share with its number in the bar."""


def winners_and_losers(
    frame: pl.DataFrame,
    *,
    label: Text | None = None,
    content: Content | None = None,
    on: date | None = None,
    language: str = "zh",
    synthetic: bool | None = None,
) -> Figure:
    """Plot a bar for each income group with the shares of households that lose, stay, are
    undetermined and gain, their number, and the mean change.

    Arguments:
        frame: What `Comparison.winners_and_losers` gives.
        label: The name of the income for people.
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
        >>> groups = comparison.winners_and_losers("household_income", 3)
        >>> figure = plots.winners_and_losers(groups, language="en", synthetic=True)
        >>> len(figure.axes)
        2
    """
    paper = Paper.of(language, synthetic)
    has_columns(frame, ["group", *(column for column, *_ in _PARTS), "mean_change"])
    rows = frame.sort("group", nulls_last=True).to_dicts()
    positions = range(len(rows))
    figure = paper.figure(50 + 7 * len(rows))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1.4))
    plain(left)
    plain(right)
    start = [0.0] * len(rows)
    for column, word, colour, hatch in _PARTS:
        shares = [100 * row[column] / (sum(row[name] for name, *_ in _PARTS) or 1) for row in rows]
        left.barh(
            positions,
            shares,
            left=start,
            color=colour,
            hatch=hatch,
            edgecolor=DARK,
            linewidth=0.5,
            height=0.75,
            label=paper.say(word),
        )
        for position, share, begin in zip(positions, shares, start, strict=True):
            if share >= 100 * _WRITTEN:
                ink = "white" if colour == BLUE else "black"
                back = {"facecolor": colour, "edgecolor": "none", "pad": 0.8} if hatch else None
                left.text(
                    begin + share / 2,
                    position,
                    f"{share:.0f}",
                    ha="center",
                    va="center",
                    fontsize=7,
                    color=ink,
                    bbox=back,
                )
        start = [begin + share for begin, share in zip(start, shares, strict=True)]
    left.set_xlim(0, 100)
    left.set_xlabel(paper.say("share_of_households"), fontsize=8)
    left.set_yticks(
        positions,
        [paper.say("income_unknown") if row["group"] is None else _group(row) for row in rows],
        fontsize=7.5,
    )
    groups = paper.say(
        "group", label=paper.say("income_of") if label is None else label.in_language(language)
    )
    left.set_ylabel(wrapped(groups, 40), fontsize=8)
    for position, row in zip(positions, rows, strict=True):
        count = f"{sum(row[name] for name, *_ in _PARTS):,}"
        left.annotate(
            count,
            (100, position),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            fontsize=7,
        )
    left.annotate(
        paper.say("households"),
        (1, 1),
        xycoords="axes fraction",
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=7,
        va="bottom",
    )
    left.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.03),
        ncols=4,
        fontsize=8,
        frameon=False,
        handlelength=1.6,
    )
    means = [None if row["mean_change"] is None else float(row["mean_change"]) for row in rows]
    colours = [BLUE if (mean or 0) >= 0 else ORANGE for mean in means]
    right.barh(
        positions,
        [mean or 0.0 for mean in means],
        color=colours,
        edgecolor=DARK,
        linewidth=0.5,
        height=0.75,
    )
    right.axvline(0, color=DARK, linewidth=0.8)
    for position, mean in zip(positions, means, strict=True):
        text = (
            "?" if mean is None else "0" if not round(mean) else f"{mean:+,.0f}".replace("-", "−")
        )
        aside, side = (3, "left") if (mean or 0) >= 0 else (-3, "right")
        right.annotate(
            text,
            (mean or 0, position),
            xytext=(aside, 0),
            textcoords="offset points",
            va="center",
            ha=side,
            fontsize=7,
        )
    right.margins(x=0.3)
    right.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace("-", "−"))
    right.set_xlabel(paper.say("mean_change"), fontsize=8)
    for axes in (left, right):
        axes.tick_params(axis="x", labelsize=7)
        axes.tick_params(axis="y", length=0)
    left.invert_yaxis()
    return paper.finish(figure, paper.say("winners"), content, on)


def _group(row: dict[str, Any]) -> str:
    """The number of a group, and from where to where it goes where that is said."""
    if row.get("income_from") is None:
        return str(row["group"])
    return f"{row['group']}\n{row['income_from']:,.0f}–{row['income_to']:,.0f}"
