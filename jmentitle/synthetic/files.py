"""Households of a city as household files, as `Pack.read` and `Pack.assess` take them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from jmentitle.synthetic.frames import HOUSEHOLD, MEMBER


def household_files(households: pl.DataFrame, members: pl.DataFrame) -> Iterator[dict[str, object]]:
    """One file a household, in the order of `households`; what is null is left out. Both frames are
    in the order of the id."""
    people: dict[object, list[dict[str, object]]] = {}
    for row in members.join(households.select(HOUSEHOLD), on=HOUSEHOLD, how="semi").iter_rows(
        named=True
    ):
        people.setdefault(row[HOUSEHOLD], []).append({"id": row[MEMBER], **_known(row)})
    for row in households.iter_rows(named=True):
        yield {"household": _known(row), "members": people[row[HOUSEHOLD]]}


def _known(row: dict[str, object]) -> dict[str, object]:
    return {
        name: value
        for name, value in row.items()
        if value is not None and name not in (HOUSEHOLD, MEMBER)
    }
