"""Households and persons divided into groups by facts, statuses, quantities and bands of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jmentitle.language.tree import Entity
from jmentitle.population.run import Run
from jmentitle.population.whatif.values import Cuts, labels_of, named

Codes = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Division:
    """`codes` holds the group of each household and each person, `labels` a row for each group: its number in `group`, and what it stands for."""

    codes: Mapping[Entity, Codes]
    labels: pl.DataFrame
    of_persons: bool

    @classmethod
    def of(cls, run: Run, names: Sequence[str], cuts: Mapping[str, Cuts]) -> Division:
        """Groups by names of the pack; with a name of persons, households stand in groups of their own. Raises ProfileError, ValueError."""
        found = [(name, named(run.pack.content, name, number=name in cuts)) for name in names]
        labels = {name: labels_of(run, one, cuts.get(name)).alias(name) for name, one in found}
        persons = {name for name, one in found if one.entity == "person"}
        of = run.population.members.of
        own = [
            pl.repeat(None, len(run.population), dtype=labels[name].dtype, eager=True).alias(name) if name in persons else labels[name]
            for name in names
        ]
        each = [labels[name] if name in persons else labels[name].gather(of) for name in names]
        frames = {
            "household": pl.DataFrame([pl.repeat(not persons, len(run.population), dtype=pl.Boolean, eager=True).alias("#person"), *own]),
            "person": pl.DataFrame([pl.repeat(True, len(of), dtype=pl.Boolean, eager=True).alias("#person"), *each]),
        }
        whole = pl.concat(frames.values()).unique(maintain_order=True).with_row_index("group")
        keys = ["#person", *names]
        codes: dict[Entity, Codes] = {
            entity: frames[entity].join(whole, on=keys, how="left", nulls_equal=True, maintain_order="left")["group"].to_numpy().astype(np.int64)
            for entity in ("household", "person")
        }
        return cls(codes, whole.drop("#person"), bool(persons))

    @property
    def count(self) -> int:
        return self.labels.height

    @property
    def holds(self) -> dict[Entity, pl.Series]:
        """Which groups have households, and which have persons."""
        return {entity: pl.Series(np.bincount(codes, minlength=self.count) > 0) for entity, codes in self.codes.items()}

    def of_rows(self, money: pl.DataFrame) -> pl.Series:
        """The group of each row of `Worth.money`."""
        own = pl.Series(self.codes["household"]).gather(money["home"])
        each = pl.Series(self.codes["person"]).gather(money["member"])
        return pl.select(pl.when(money["member"].is_null()).then(own).otherwise(each).cast(pl.UInt32)).to_series()
