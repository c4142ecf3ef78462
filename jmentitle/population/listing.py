"""The frames of a run, built item by item; `Run` describes their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from jmentitle.assessment.models import Decision
from jmentitle.chain.columns.engine import Layers
from jmentitle.chain.columns.money import as_frame
from jmentitle.pack.model import Benefit
from jmentitle.population.answers import EMPTY, MONEY, ItemAnswers, Ranks, exact_yuan, yearly

_SUMS = ("yearly_low", "yearly_high", "yearly_undetermined", "amounts_unknown")


def decision_rows(items: Iterable[ItemAnswers], decisions: Sequence[Decision]) -> pl.DataFrame:
    """As of `Run.decisions`."""
    frames = [item.frame(decisions) for item in items]
    return pl.concat(frames) if frames else EMPTY


def benefit_rows(items: Iterable[ItemAnswers], decisions: Sequence[Decision]) -> pl.DataFrame:
    """As of `Run.benefits`."""
    frames = [frame for item in items for frame in item.benefit_frames(decisions)]
    return pl.concat(frames) if frames else EMPTY


def benefit_totals(items: Iterable[ItemAnswers]) -> pl.DataFrame:
    """As of `Run.totals`."""
    rows = [row for item in items for row in _benefit_totals(item)]
    return pl.DataFrame(
        rows,
        schema_overrides={"yearly_low": MONEY, "yearly_high": MONEY, "yearly_undetermined": MONEY},
    )


def item_totals(items: Iterable[ItemAnswers]) -> pl.DataFrame:
    """As of `Run.item_totals`."""
    return pl.DataFrame([_item_total(item) for item in items])


def _benefit_totals(of: ItemAnswers) -> Iterator[dict[str, object]]:
    received = of.receiving.sum()
    for benefit in of.benefits:
        row: dict[str, object] = {
            "domain": of.item.domain,
            "item": of.item.id,
            "benefit": benefit.name,
            "kind": benefit.kind,
            "for": of.item.entity,
        }
        row.update(of.counted(benefit).items())
        row["received"] = received[benefit.reference][0]
        yield row | _sums(benefit, of.all.layers)


def _item_total(of: ItemAnswers) -> dict[str, object]:
    counted = _counted(of.best)
    row: dict[str, object] = {"domain": of.item.domain, "item": of.item.id, "for": of.item.entity}
    row |= {"eligible": counted[0], "eligible_after": counted[1]}
    row |= {
        "discretionary": counted[2] + counted[3],
        "undetermined": counted[4] + counted[5],
        "ineligible": counted[6],
    }
    return row | {"received": int(of.receiving[of.item.id].sum())}


def _sums(benefit: Benefit, layers: Layers) -> dict[str, object]:
    """The yearly cost of a benefit; null if it pays nothing."""
    pays = benefit.pays
    paid = layers.paid.get(benefit.reference)
    if pays is None or paid is None:
        return dict.fromkeys(_SUMS)
    sure = layers.certain(benefit.reference).filter(layers.possible(benefit.reference))
    if any(isinstance(end, pl.Series) for end in paid.values()):
        frame = as_frame(paid, len(sure)).with_columns(sure=sure, count=pl.lit(1))
    else:
        # Amounts that are equal for all rows are multiplied by counts instead of added up.
        count_of = {True: int(sure.sum()), False: len(sure) - int(sure.sum())}
        ends = pl.DataFrame(
            {name: [end] * 2 for name, end in paid.items()}, schema=dict.fromkeys(paid, pl.Int64)
        )
        frame = ends.with_columns(
            sure=pl.Series(list(count_of)), count=pl.Series(list(count_of.values()))
        )
    low = yearly(pays, "low")
    high = yearly(pays, "high")
    count = pl.col("count")
    either_low, either_high = pl.coalesce(low, high) * count, pl.coalesce(high, low) * count
    sums = frame.select(
        yearly_low=either_low.filter("sure").sum(),
        yearly_high=either_high.filter("sure").sum(),
        yearly_undetermined=either_high.filter(~pl.col("sure")).sum(),
        amounts_unknown=count.filter(high.is_null() & (low.is_null() | (low == 0))).sum(),
    ).row(0, named=True)
    return {
        name: value if name == "amounts_unknown" else exact_yuan(value)
        for name, value in sums.items()
    }


def _counted(ranks: Ranks) -> list[int]:
    """The number of rows with each of the ranks 0 to 6."""
    return [int(count) for count in np.bincount(ranks, minlength=7)]
