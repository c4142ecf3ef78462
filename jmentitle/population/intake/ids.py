"""Matching members to households by their ids."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import cast

import polars as pl

from jmentitle.chain.columns.members import Members
from jmentitle.language.collector import Collector
from jmentitle.pack.model import MAX_MEMBERS
from jmentitle.population.frames import HOUSEHOLD, MEMBER
from jmentitle.population.intake.rows import rows_of

RESERVED = "household"
"""The id of the household itself in results: no member may have it."""
DIFFERENT = "the ids of households are of different types"
_LONGEST = 64
_ODD = r"[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]"
"""Characters that are not printed, or turn the direction of text."""


@dataclass(frozen=True)
class Ids:
    """The ids as they come: of each household, and of each member with its household. `first_rows`
    are the rows that the frames begin with."""

    households: pl.Series
    homes: pl.Series
    members: pl.Series
    first_rows: tuple[int, int]


def normalize_ids(ids: pl.Series, path: str, first: int, collector: Collector) -> pl.Series:
    """Ids as they came: texts or whole numbers. Others are added to the collector (JM101); `first`
    is the number of the first row."""
    if isinstance(ids.dtype, pl.Categorical | pl.Enum | pl.Null):
        ids = ids.cast(pl.String)
    elif ids.dtype == pl.Object:
        ids = _of_objects(ids)
    if ids.dtype == pl.String:
        _check_texts(ids, path, first, collector)
    elif not ids.dtype.is_integer():
        collector.add(
            "JM101",
            "the ids are neither whole numbers nor texts",
            path=path,
            expected="a column of whole numbers or of texts",
        )
    return ids


def _of_objects(ids: pl.Series) -> pl.Series:
    """Whole numbers that Python holds in objects as those of Polars, where they are in reach;
    anything else as it is."""
    values = ids.to_list()
    if all(
        value is None or (isinstance(value, Integral) and not isinstance(value, bool))
        for value in values
    ):
        whole = [None if value is None else int(cast("int", value)) for value in values]
        if all(value is None or abs(value) < 2**127 for value in whole):
            return pl.Series(ids.name, whole, dtype=pl.Int128)
    return ids


def _check_texts(ids: pl.Series, path: str, first: int, collector: Collector) -> None:
    empty = ids == ""
    odd = (ids.str.len_chars() > _LONGEST) | ids.str.contains(_ODD)
    for rows, message in (
        (empty, "the id is empty"),
        (odd, "the id is too long or has characters that are not printed"),
    ):
        if rows.any():
            named = rows_of(path, rows.arg_true() + first)
            collector.add(
                "JM101",
                message,
                path=named,
                expected=f"a text of 1 to {_LONGEST} printed characters, or a whole number",
            )


@dataclass(frozen=True)
class Matched:
    """The members in the order of their households. `order` are their rows; None if they are in
    this order already."""

    members: Members
    ids: pl.Series
    order: pl.Series | None


def match(ids: Ids, collector: Collector) -> Matched | None:
    """Match members to households; None after adding wrong ids to the collector (JM101)."""
    reserved = ids.members == RESERVED if ids.members.dtype == pl.String else pl.Series([False])
    if reserved.any():
        path = rows_of(f"members.{MEMBER}", reserved.arg_true() + ids.first_rows[1])
        collector.add(
            "JM101",
            f"the member id `{RESERVED}` is reserved for the household itself",
            path=path,
            expected="another id",
        )
        return None
    sizes = _sizes(ids)
    if sizes is not None:
        return Matched(Members.of_counts(sizes), ids.members, None)
    joined = _join(ids, collector)
    if joined is None:
        return None
    sizes = joined.group_by("index", maintain_order=True).len()["len"]
    order = None if joined["#"].is_sorted() else joined["#"] - ids.first_rows[1]
    return Matched(Members.of_counts(sizes), joined[MEMBER], order)


def as_in(kind: pl.DataType) -> str:
    """The expected type of the ids of members, given that of the ids of households."""
    return (
        "texts, as in `households`"
        if kind == pl.String
        else "whole numbers, as in `households`; ids in CSV are texts"
    )


def _sizes(ids: Ids) -> pl.Series | None:
    """The number of members of each household if members are in the order of the households and
    nothing is wrong, as usual; otherwise None."""
    kind = ids.households.dtype
    if (
        kind != ids.homes.dtype
        or not (kind.is_integer() or kind == pl.String)
        or any(column.null_count() for column in (ids.homes, ids.members))
    ):
        return None
    runs = ids.homes.rle().struct
    if not runs.field("value").equals(ids.households) or ids.households.n_unique() < len(
        ids.households
    ):
        return None
    sizes = runs.field("len")
    return None if (sizes > MAX_MEMBERS).any() or _repeated(ids.homes, ids.members) else sizes


def _repeated(homes: pl.Series, members: pl.Series) -> bool:
    """Whether an id occurs twice in one of the households; the members of each are adjacent."""
    for apart in range(1, len(homes)):
        together = homes[apart:] == homes[:-apart]
        if not together.any():
            break
        if (together & (members[apart:] == members[:-apart])).any():
            return True
    return False


def _join(ids: Ids, collector: Collector) -> pl.DataFrame | None:
    """The ids of the members in the order of their households, each with the index of its
    household."""
    before = len(collector.errors)
    households = pl.DataFrame([ids.households.alias(HOUSEHOLD)]).with_row_index(
        "#", ids.first_rows[0]
    )
    members = pl.DataFrame([ids.homes.alias(HOUSEHOLD), ids.members.alias(MEMBER)]).with_row_index(
        "#", ids.first_rows[1]
    )

    def wrong(frame: str, column: str, rows: pl.Series, message: str, expected: str) -> None:
        if len(rows):
            collector.add(
                "JM101", message, path=rows_of(f"{frame}.{column}", rows), expected=expected
            )

    for frame, name, column in (
        (households, "households", HOUSEHOLD),
        (members, "members", HOUSEHOLD),
        (members, "members", MEMBER),
    ):
        wrong(
            name,
            column,
            frame.filter(pl.col(column).is_null())["#"],
            "missing id",
            "an id in every row",
        )
    twice = households.filter(~pl.col(HOUSEHOLD).is_first_distinct())["#"]
    wrong("households", HOUSEHOLD, twice, "duplicate household id", "an id of its own")
    indices = households.select(HOUSEHOLD, pl.col("#").alias("index"))
    if indices[HOUSEHOLD].dtype != members[HOUSEHOLD].dtype:
        if pl.String in (indices[HOUSEHOLD].dtype, members[HOUSEHOLD].dtype):
            collector.add(
                "JM101",
                DIFFERENT,
                path=f"members.{HOUSEHOLD}",
                expected=as_in(indices[HOUSEHOLD].dtype),
            )
            return None
        indices, members = (
            frame.with_columns(pl.col(HOUSEHOLD).cast(pl.Int128)) for frame in (indices, members)
        )
    joined = members.join(indices, on=HOUSEHOLD, how="left", maintain_order="left")
    alone = joined.filter(pl.col("index").is_null() & pl.col(HOUSEHOLD).is_not_null())["#"]
    wrong("members", HOUSEHOLD, alone, "unknown household id", "an id of `households`")
    joined = joined if joined["index"].is_sorted() else joined.sort("index", maintain_order=True)
    sizes = joined.group_by("index").len()
    missing = indices.join(sizes, on="index", how="anti")["index"]
    wrong(
        "households",
        HOUSEHOLD,
        missing,
        "the household has no member",
        "at least one row in `members`",
    )
    many = sizes.filter(pl.col("len") > MAX_MEMBERS)["index"].drop_nulls().sort()
    wrong(
        "households",
        HOUSEHOLD,
        many,
        "the household has too many members",
        f"at most {MAX_MEMBERS}",
    )
    if len(collector.errors) > before or _repeated(joined["index"], joined[MEMBER]):
        twice = joined.filter(~pl.struct("index", MEMBER).is_first_distinct())["#"]
        wrong("members", MEMBER, twice, "duplicate member id", "an id of its own")
    return joined if len(collector.errors) == before else None
