"""A grid of shares: coloured cells with their numbers, for two lists of labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jmentitle.errors import fail
from jmentitle.policy.plots.page import GREY, SCALE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SCALE = 3.0
"""The height of the scale of colours, in millimetres."""
_DARK_FROM = 0.55
"""The share from which a cell is so dark that its number is white."""

_MOST = 24
"""The largest number of groups that can be read side by side on a page."""


def groups_in(column: pl.Series) -> list[object]:
    """The groups that occur, in order, those not known last. Raises ArgumentError (JM012) for more
    than a page holds."""
    groups = column.unique().sort(nulls_last=True).to_list()
    if len(groups) > _MOST:
        fail(
            "JM012",
            f"{len(groups)} groups do not fit on a page",
            path="by",
            expected=f"at most {_MOST}: a number is divided by `bands`",
        )
    return groups


def grid(
    figure: Figure,
    shares: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    scale: str,
    size: float,
) -> Axes:
    """Draw shares from 0 to 1 (None leaves a cell white) with a text in each; `scale` labels the
    scale of colours, `size` is that of the texts."""
    height = figure.get_size_inches()[1] * 25.4
    parts = figure.subplot_mosaic(
        [["cells"] * 3, [".", "scale", "."]],
        height_ratios=(height - _SCALE, _SCALE),
        width_ratios=(1, 2, 1),
    )
    axes = parts["cells"]
    values = np.array(
        [[np.nan if share is None else 100 * share for share in row] for row in shares], dtype=float
    ).reshape(len(rows), len(columns))
    if not values.size:
        values = np.full((1, 1), np.nan)
    image = axes.imshow(np.ma.masked_invalid(values), cmap=SCALE, vmin=0, vmax=100, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, fontsize=8)
    axes.set_yticks(range(len(rows)), rows, fontsize=max(size, 6.0))
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=GREY, linewidth=0.5)
    axes.tick_params(which="minor", length=0)
    for y, row in enumerate(texts):
        for x, text in enumerate(row):
            share = shares[y][x]
            colour = "white" if share is not None and share >= _DARK_FROM else "black"
            axes.text(
                x, y, text, ha="center", va="center", fontsize=size, color=colour, linespacing=1.1
            )
    bar = figure.colorbar(image, cax=parts["scale"], orientation="horizontal")
    bar.set_label(scale, fontsize=8)
    bar.ax.tick_params(labelsize=7)
    return axes
