"""The yearly amount of each item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.language import arguments
from jmentitle.policy.plots.page import BLUE, DARK, ORANGE, Paper, plain, wrapped
from jmentitle.population.run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MILLION = 1_000_000
_LOAN = "loan"


@dataclass(frozen=True)
class _Amount:
    """The yearly amount of an item, in million CNY: least, most, most with those undetermined;
    `open` where some amount has no upper end."""

    domain: str
    item: str
    low: float
    high: float
    most: float
    open: bool


def budget(
    run: Run,
    items: str | Iterable[str] | None = None,
    *,
    language: str = "zh",
    synthetic: bool | None = None,
) -> Figure:
    """A dot for each item that pays money, grouped by domain and the largest first: the least and
    the most that those entitled are due in a year, and what it would be with all who are
    undetermined. Loans are left out: they come back.

    Arguments:
        run: A run.
        items: Ids of items; all unless said.
        language: `zh` or `en`.
        synthetic: As in `ages`.
    Returns:
        A matplotlib `Figure`; amounts are in millions of yuan a year.
    Raises:
        ArgumentError: JM093 for an unknown item.
        ExtraMissingError: JM095 where the extra or a font is missing.
    Example:
        >>> figure = plots.budget(run, language="en", synthetic=True)
        >>> len(figure.axes)
        1
    """
    arguments.of_kind(run, Run, "run", arguments.RUN)
    paper = Paper.of(language, synthetic)
    content = run.pack.content
    amounts = _amounts(run, items)
    rows = [row for row in amounts if row.most > 0]
    figure = paper.figure(min(250.0, 38 + 4.3 * (len(rows) + len({row.domain for row in rows}))))
    axes = figure.subplots()
    plain(axes)
    axes.set_xscale("log")
    # A logarithmic scale has no 0: a line from 0 begins at the left edge.
    left = (
        min(
            (amount for row in rows for amount in (row.low, row.high, row.most) if amount > 0),
            default=1.0,
        )
        / 2
    )
    ticks = []
    labels = []
    headings = []
    position = 0
    for domain, label in content.domains.items():
        of_domain = sorted(
            (row for row in rows if row.domain == domain), key=lambda row: row.high, reverse=True
        )
        if of_domain:
            headings.append((position, label.in_language(language)))
            position += 1
        for row in of_domain:
            low, high, most = row.low, row.high, row.most
            if most > high:
                axes.plot(
                    [high or left, most], [position, position], ":", color=ORANGE, linewidth=1
                )
                axes.plot(
                    [most],
                    [position],
                    "o",
                    markerfacecolor="white",
                    markeredgecolor=ORANGE,
                    markersize=5,
                )
            if high > low:
                axes.plot(
                    [low or left, high],
                    [position, position],
                    color=BLUE,
                    linewidth=2,
                    marker="|",
                    markersize=7,
                    markevery=[1],
                    solid_capstyle="butt",
                )
            if low > 0:
                axes.plot([low], [position], "o", color=BLUE, markersize=5)
            if row.open:
                axes.annotate(
                    "▸",
                    (max(high, most), position),
                    xytext=(4, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                    color=DARK,
                )
            ticks.append(position)
            labels.append(wrapped(paper.item(content.items[row.item]), 54, 1))
            position += 1
    axes.set_xlim(left=left)
    axes.set_yticks(ticks, labels, fontsize=7)
    axes.set_ylim(position - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", linewidth=0.4, color="#DDDDDD")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel(paper.say("million"), fontsize=8)
    for at, text in headings:
        axes.annotate(
            text,
            (0, at),
            xycoords=("axes fraction", "data"),
            xytext=(-4, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8,
            fontweight="bold",
        )
    hidden = len(amounts) - len(rows)
    note = paper.say("budget_note") + (
        " " + paper.say("budget_hidden", count=hidden) if hidden else ""
    )
    return paper.finish(
        figure,
        paper.say("budget"),
        content,
        run.on,
        note,
        size=(len(run.population), len(run.population.member_ids)),
    )


def _amounts(run: Run, items: Iterable[str] | None) -> list[_Amount]:
    """For each item with money that exists on the day, loans apart."""
    wanted = run.pack.items(items)
    paying = [
        item.id for item in wanted if any(benefit.pays is not None for benefit in item.benefits)
    ]
    if not paying:
        return []
    totals = run.totals(paying).filter(
        pl.col("yearly_low").is_not_null() & (pl.col("kind") != _LOAN)
    )
    low, high = pl.col("yearly_low"), pl.col("yearly_high")
    sums = totals.group_by("domain", "item", maintain_order=True).agg(
        low.sum(), high.sum(), (high + pl.col("yearly_undetermined")).sum().alias("most")
    )
    rows = run.benefits(sums["item"].to_list(), ("eligible", "discretionary")).with_columns(
        pl.col("item").cast(pl.String)
    )
    unbounded = (
        rows.filter(pl.col("yearly_high").is_null())
        .join(totals, on=["item", "benefit"], how="semi")["item"]
        .unique()
        .to_list()
    )
    return [
        _Amount(
            domain,
            item,
            float(low) / _MILLION,
            float(high) / _MILLION,
            float(most) / _MILLION,
            item in unbounded,
        )
        for domain, item, low, high, most in sums.iter_rows()
    ]
