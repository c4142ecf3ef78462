"""Receipt of items and benefits, as columns."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from jmentitle.chain.columns import sets
from jmentitle.language.tree import Entity
from jmentitle.pack.model import RECEIVES, Item
from jmentitle.population.run import Run


def received(run: Run, item: Item, benefits: Iterable[str] | None = None) -> pl.Series:
    """Whether each household or person receives an item, or one of some of its benefits
    (references); null where it is unknown."""
    names = [
        item.id,
        *([benefit.reference for benefit in item.benefits] if benefits is None else benefits),
    ]
    population = run.population
    frame = population.households if item.entity == "household" else population.people
    receipt = sets.overlaps(
        RECEIVES, sets.receivable(run.pack.content, item.entity), names, frame.columns
    )
    if isinstance(receipt, pl.Expr):
        return frame.select(receipt.alias("received")).to_series()
    height = len(population) if item.entity == "household" else len(population.member_ids)
    return pl.repeat(receipt, height, dtype=pl.Boolean, eager=True).alias("received")


def receipts_known(run: Run, entity: Entity) -> bool:
    """Whether the frame states for anybody which items are received."""
    frame = run.population.households if entity == "household" else run.population.people
    return sets.word_column(RECEIVES, 0) in frame.columns
