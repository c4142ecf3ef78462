"""The share of each age group that is eligible for each item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.errors import fail
from jmentitle.language import arguments
from jmentitle.policy.measures.coverage import coverage
from jmentitle.policy.plots.heatmap import grid, groups_in
from jmentitle.policy.plots.page import Paper, wrapped
from jmentitle.population.groups import Bands
from jmentitle.population.run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHOWN = 0.005
"""The smallest share that is written into a cell."""

_ROOM = 90
"""Characters of half width that fit side by side under the grid."""


def ages(
    run: Run,
    quantity: str,
    *,
    bands: Bands | None = None,
    items: Iterable[str] | None = None,
    language: str = "zh",
    synthetic: bool | None = None,
) -> Figure:
    """A grid of the items for persons and the bands of a number of the pack, such as an age, with
    the share of people to whom it is due.

    Arguments:
        run: A run.
        quantity: A number of the pack.
        bands: Where its bands begin, rising and in its own unit; years have default bands.
        items: Ids of items for persons; unless said, all that are not for everybody and due to
            somebody.
        language: `zh` or `en`.
        synthetic: Whether the foot says that the data describe nobody, or somebody; None says that
            it is not known.
    Returns:
        A matplotlib `Figure`.
    Raises:
        ArgumentError: JM093 for an unknown item, JM031 for one for households, JM071, JM072 and
            JM060 for the number and its bands, JM012 for more groups than a page holds.
        ExtraMissingError: JM095 where the extra or a font is missing.
    Example:
        >>> figure = plots.ages(run, "age", language="en", synthetic=True)
        >>> type(figure).__name__
        'Figure'
    """
    arguments.of_kind(run, Run, "run", arguments.RUN)
    arguments.of_kind(quantity, str, "quantity", "the name of a number, such as an age")
    paper = Paper.of(language, synthetic)
    content = run.pack.content
    chosen = (
        [
            item.id
            for item in content.items.values()
            if item.entity == "person" and not item.universal
        ]
        if items is None
        else [item.id for item in run.pack.items(items)]
    )
    for item in chosen:
        if run.pack.item(item).entity != "person":
            fail(
                "JM031",
                f"`{item}` is for households; this plot shows items for persons",
                path="items",
                expected="items for persons",
            )
    age_coverage = coverage(run, chosen, by=quantity, bands=bands)
    assert age_coverage.by is not None
    due = pl.col("eligible") + pl.col("discretionary")
    anybody = (
        due + pl.col("eligible_after") + pl.col("undetermined_decisions") + pl.col("ineligible")
    )
    rows = {
        (row["item"], row[quantity]): row["share"]
        for row in age_coverage.items.select("item", quantity, share=due / anybody).to_dicts()
    }
    names = groups_in(age_coverage.items[quantity])
    lines = (
        [
            item
            for item in chosen
            if (item, names[0]) in rows
            and (items is not None or any(rows[item, name] for name in names))
        ]
        if names
        else []
    )
    shares = [[rows.get((item, name)) for name in names] for item in lines]
    texts = [
        ["" if not share else "·" if share < _SHOWN else f"{100 * share:.0f}" for share in line]
        for line in shares
    ]
    figure = paper.figure(min(252.0, 60 + 4.6 * max(len(lines) - 4, 0)))
    labels = [wrapped(paper.item(content.items[item]), 56, 1) for item in lines]
    columns = [
        wrapped(age_coverage.by.label_of(name, language), max(6, _ROOM // len(names)))
        for name in names
    ]
    axes = grid(
        figure, shares, texts, rows=labels, columns=columns, scale=paper.say("share_due"), size=6.5
    )
    axes.set_xticks(range(len(columns)), columns, fontsize=6)
    axes.set_xlabel(age_coverage.by.label.in_language(language), fontsize=8)
    title = paper.say("ages", by=age_coverage.by.label.in_language(language))
    return paper.finish(
        figure,
        title,
        content,
        run.on,
        paper.say("ages_note"),
        size=(age_coverage.households, age_coverage.people),
    )
