"""Households and persons divided by several groupings at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jmentitle.chain.columns.passes import ENTITIES
from jmentitle.language.tree import Entity
from jmentitle.population.groups import Grouping
from jmentitle.population.run import Run

Codes = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Division:
    """`codes` holds the group of each household and each person, `labels` a row for each group: its
    number in `group`, and its values."""

    codes: Mapping[Entity, Codes]
    labels: pl.DataFrame
    of_persons: bool

    @classmethod
    def of(cls, run: Run, groupings: Sequence[Grouping]) -> Division:
        """Divide by all groupings; if one is of persons, households have groups of their own."""
        persons = any(grouping.entity == "person" for grouping in groupings)
        heights: dict[Entity, int] = {
            "household": len(run.population),
            "person": len(run.population.member_ids),
        }
        frames: dict[Entity, pl.DataFrame] = {}
        for entity in ENTITIES:
            # Items of households get groups apart from those of persons.
            apart = pl.repeat(
                persons and entity == "person", heights[entity], dtype=pl.Boolean, eager=True
            ).alias("#person")
            rows = [(grouping, grouping.rows(entity, run)) for grouping in groupings]
            frames[entity] = pl.DataFrame(
                [
                    apart,
                    *(
                        pl.repeat(None, heights[entity], dtype=grouping.of.dtype, eager=True).alias(
                            grouping.name
                        )
                        if groups is None
                        else groups
                        for grouping, groups in rows
                    ),
                ]
            )
        whole = (
            pl.concat(frames[entity] for entity in ENTITIES)
            .unique(maintain_order=True)
            .with_row_index("group")
        )
        keys = ["#person", *(grouping.name for grouping in groupings)]
        codes: dict[Entity, Codes] = {
            entity: frame.join(whole, on=keys, how="left", nulls_equal=True, maintain_order="left")[
                "group"
            ]
            .to_numpy()
            .astype(np.int64)
            for entity, frame in frames.items()
        }
        return cls(codes, whole.drop("#person"), persons)

    @property
    def count(self) -> int:
        return self.labels.height

    @property
    def holds(self) -> dict[Entity, pl.Series]:
        """Masks of the groups that have households, and of those that have persons."""
        return {
            entity: pl.Series(np.bincount(codes, minlength=self.count) > 0)
            for entity, codes in self.codes.items()
        }

    def of_rows(self, money: pl.DataFrame) -> pl.Series:
        """The group of each row of `Worth.money`."""
        of_households = pl.Series(self.codes["household"]).gather(money["home"])
        of_persons = pl.Series(self.codes["person"]).gather(money["member"])
        return pl.select(
            pl.when(money["member"].is_null())
            .then(of_households)
            .otherwise(of_persons)
            .cast(pl.UInt32)
        ).to_series()
