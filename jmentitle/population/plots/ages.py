"""To what share of each age each item is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.population.measures.coverage import coverage
from jmentitle.population.plots.grid import grid
from jmentitle.population.plots.paper import Paper, wrapped
from jmentitle.population.run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHOWN = 0.005
"""The smallest share that is written into a cell."""


def ages(
    run: Run,
    quantity: str,
    *,
    bands: Sequence[int] | None = None,
    items: Iterable[str] | None = None,
    language: str = "zh",
    synthetic: bool | None = None,
) -> Figure:
    """A grid of the items for persons and the bands of a number of the pack, such as an age, with the share of people to whom it is due.

    `items` are those to be shown: unless said, all that are not for everybody and due to somebody. Raises ProfileError for unknown names (JM071,
    JM093), ExtraMissing (JM095) where the extra or a font is missing.
    """
    paper, content = Paper.of(language, synthetic), run.pack.content
    chosen = [item.id for item in content.items.values() if item.entity == "person" and not item.universal] if items is None else list(items)
    found = coverage(run, chosen, by=quantity, bands=bands)
    assert found.by is not None
    due = pl.col("eligible") + pl.col("discretionary")
    anybody = due + pl.col("eligible_after") + pl.col("undetermined_decisions") + pl.col("ineligible")
    rows = {(row["item"], row[quantity]): row["share"] for row in found.items.select("item", quantity, share=due / anybody).to_dicts()}
    names = [name for name in found.by.labels if any(band == name for _, band in rows)]
    lines = [item for item in chosen if items is not None or any(rows.get((item, name)) for name in names)]
    shares = [[rows.get((item, name)) for name in names] for item in lines]
    texts = [["" if not share else "·" if share < _SHOWN else f"{100 * share:.0f}" for share in line] for line in shares]
    figure = paper.figure(min(252.0, 40 + 4.6 * len(lines)))
    labels = [wrapped(content.items[item].name.in_language(language), 52, 1) for item in lines]
    columns = [wrapped(found.by.labels[name].in_language(language), 6) for name in names]
    axes = grid(figure, shares, texts, rows=labels, columns=columns, scale=paper.say("share_due"), size=6.5)
    axes.set_xticks(range(len(columns)), columns, fontsize=6)
    axes.set_xlabel(found.by.label.in_language(language), fontsize=8)
    return paper.finish(figure, paper.say("ages"), content, run.on, paper.say("ages_note"))
