"""Take-up by domain and by county or another group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmentitle.errors import fail
from jmentitle.policy.measures.coverage import Coverage, coverage
from jmentitle.policy.plots.heatmap import grid, groups_in
from jmentitle.policy.plots.page import Paper, wrapped
from jmentitle.population.groups import Bands
from jmentitle.population.run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def coverage_by(
    run: Run | Coverage,
    by: str | None = None,
    *,
    bands: Bands | None = None,
    language: str = "zh",
    synthetic: bool | None = None,
) -> Figure:
    """Plot take-up by domain and group: the share of due benefits that are received, with bounds
    where something is unknown.

    Arguments:
        run: A run, or a coverage by a group.
        by: The group, as in `coverage`.
        bands: As in `coverage`.
        language: `zh` or `en`.
        synthetic: As in `ages`.
    Returns:
        A matplotlib `Figure`.
    Raises:
        ArgumentError: JM027 for a coverage without groups, JM012 for more groups than a page holds,
            and JM071, JM072 and JM060 as `coverage` does.
        ExtraMissingError: JM095 where the extra or a font is missing.
    Example:
        >>> figure = plots.coverage_by(run, "hukou_county", language="en", synthetic=True)
        >>> len(figure.axes)
        2
    """
    paper = Paper.of(language, synthetic)
    group_coverage = run if isinstance(run, Coverage) else coverage(run, by=by, bands=bands)
    if group_coverage.by is None:
        fail(
            "JM027", "missing groups", path="by", expected="the name of a fact, status or quantity"
        )
    rows = {
        (row["domain"], row[group_coverage.by.name]): row
        for row in group_coverage.domains.to_dicts()
    }
    names = groups_in(group_coverage.domains[group_coverage.by.name])
    domains = [
        domain
        for domain in group_coverage.content.domains
        if any(with_rows == domain for with_rows, _ in rows)
    ]
    cells = [[rows.get((domain, name)) for name in names] for domain in domains]
    shares = [[None if row is None else row["rate_known"] for row in line] for line in cells]
    texts = [[_text(row) for row in line] for line in cells]
    figure = paper.figure(
        42 + 12 * len(domains), width=max(120.0, min(260.0, 50 + 21 * len(names)))
    )
    grid(
        figure,
        shares,
        texts,
        rows=[
            wrapped(group_coverage.content.domains[domain].in_language(language), 18)
            for domain in domains
        ],
        columns=[wrapped(group_coverage.by.label_of(name, language), 11, 3) for name in names],
        scale=paper.say("share_received"),
        size=8.0,
    )
    title = paper.say("coverage", by=group_coverage.by.label.in_language(language))
    return paper.finish(
        figure,
        title,
        group_coverage.content,
        group_coverage.on,
        paper.say("coverage_note"),
        size=(group_coverage.households, group_coverage.people),
    )


def _text(row: dict[str, float | None] | None) -> str:
    """The share among those of whom all is known, and under it the bounds where they are others."""
    if row is None or row["rate_low"] is None or row["rate_high"] is None:
        return "·"
    low, high = (f"{100 * share:.0f}" for share in (row["rate_low"], row["rate_high"]))
    known = "?" if row["rate_known"] is None else f"{100 * row['rate_known']:.0f}"
    return known if low == high else f"{known}\n({low}–{high})"
