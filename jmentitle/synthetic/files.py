"""Households of a city as household files, as `Pack.read` and `Pack.assess` take them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from jmentitle.synthetic.frames import HOUSEHOLD, MEMBER


def household_files(households: pl.DataFrame, members: pl.DataFrame) -> Iterator[dict[str, object]]:
    """Households of a city as household files, in the order of `households`; what is null is left
    out.

    Arguments:
        households: A frame of households, in the order of the id.
        members: A frame of their members, in the same order.
    Returns:
        An iterator of plain values, as `Pack.read` and `Pack.assess` take them.
    Example:
        >>> from jmentitle.population import household_files
        >>> first = next(household_files(city.households.head(1), city.members))
        >>> sorted(first)
        ['household', 'members']
    """
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
