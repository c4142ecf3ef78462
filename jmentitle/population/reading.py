"""From the frames of a user to a population: every problem at once, with its column, how many rows and the first of them, never a value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import polars as pl

from jmentitle.language import tree, units
from jmentitle.language.diagnostics import Collector, ProfileError, nearest
from jmentitle.language.tree import Entity
from jmentitle.pack.model import LARGEST_NUMBER, MAX_MEMBERS, MEMBERS_COMPLETE, Content, FactDefinition
from jmentitle.population.columns import sets
from jmentitle.population.columns.members import Members
from jmentitle.population.frames import FRAMES, HOUSEHOLD, MEMBER, Population, compact, members_of, words_of
from jmentitle.profile.facts import RowOrder
from jmentitle.profile.validation import FIRST_DAY

Frame = object
"""A Polars frame, eager or lazy, a pandas frame, an Arrow table or anything that speaks Arrow's interface, or the path of a Parquet or CSV file."""


def read_population(
    content: Content, households: Frame, members: Frame, on: date | None = None, first_rows: tuple[int, int] = (0, 0)
) -> Population:
    """Check two frames and put them in order. `on`, the day of assessment, bounds the dates. Raises ProfileError with every problem.

    Where the frames are parts of larger ones, `first_rows` says which of their rows they begin with.
    """
    collector = Collector()
    own, people = _as_polars(households, FRAMES["household"], collector), _as_polars(members, FRAMES["person"], collector)
    if own is None or people is None or not _has_ids(own, people, collector):
        raise ProfileError(collector.errors)
    own, people = own.with_row_index("#", first_rows[0]), people.with_row_index("#", first_rows[1])
    joined = _joined(own.select("#", HOUSEHOLD), people.select("#", HOUSEHOLD, MEMBER), collector)
    if joined is not None and not joined["#"].is_sorted():
        people = people[joined["#"] - first_rows[1]]
    order = RowOrder.of(content)
    checked_own = _Columns(content, "household", order.household, on, collector).read(own)
    checked_people = _Columns(content, "person", order.person, on, collector).read(people)
    if collector.errors or joined is None:
        raise ProfileError(collector.errors)
    sizes = joined.group_by("place", maintain_order=True).len()["len"]
    return Population(content, checked_own, checked_people, Members.of_counts(sizes), own[HOUSEHOLD], joined[MEMBER])


def _as_polars(frame: Frame, name: str, collector: Collector) -> pl.DataFrame | None:
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if isinstance(frame, str | Path) and not Path(frame).exists():
        collector.add("JM100", "there is no such file", path=name, expected="the path of a Parquet or CSV file")
        return None
    try:
        if isinstance(frame, str | Path):
            return pl.read_csv(frame, infer_schema_length=None) if str(frame).endswith(".csv") else pl.read_parquet(frame)
        if hasattr(frame, "iloc"):
            return pl.from_pandas(frame)
        return pl.DataFrame(cast("Any", frame))
    except (OSError, TypeError, ValueError, pl.exceptions.PolarsError):
        expected = "a Polars or pandas frame, an Arrow table, or the path of a Parquet or CSV file"
        collector.add("JM100", "this cannot be read as a frame", path=name, expected=expected)
        return None


def _has_ids(households: pl.DataFrame, members: pl.DataFrame, collector: Collector) -> bool:
    for frame, name, wanted in ((households, "households", [HOUSEHOLD]), (members, "members", [HOUSEHOLD, MEMBER])):
        for column in wanted:
            if column not in frame.columns:
                near = nearest(column, frame.columns)
                expected = f"a column of ids named `{column}`" + (f"; there is `{near}`" if near else "")
                collector.add("JM100", f"the frame has no column `{column}`", path=name, expected=expected)
            elif not frame.height:
                collector.add("JM100", "the frame is empty", path=name, expected="at least one row")
    return not collector.errors


def _joined(households: pl.DataFrame, members: pl.DataFrame, collector: Collector) -> pl.DataFrame | None:
    """The ids of the members in the order of their households, each with the place of its household."""
    before = len(collector.errors)

    def wrong(frame: str, column: str, rows: pl.Series, message: str, expected: str) -> None:
        if len(rows):
            collector.add("JM101", message, path=_rows(f"{frame}.{column}", rows), expected=expected)

    for frame, name, column in ((households, "households", HOUSEHOLD), (members, "members", HOUSEHOLD), (members, "members", MEMBER)):
        wrong(name, column, frame.filter(pl.col(column).is_null())["#"], "an id is missing", "an id in every row")
    twice = households.filter(~pl.col(HOUSEHOLD).is_first_distinct())["#"]
    wrong("households", HOUSEHOLD, twice, "another household has this id", "an id of its own")
    places = households.select(HOUSEHOLD, pl.col("#").alias("place"))
    if places[HOUSEHOLD].dtype != members[HOUSEHOLD].dtype:
        kinds = (pl.String, pl.Categorical, pl.Enum)
        both_text = all(isinstance(frame[HOUSEHOLD].dtype, kinds) for frame in (places, members))
        both_number = all(frame[HOUSEHOLD].dtype.is_integer() for frame in (places, members))
        if not both_text and not both_number:
            message = "the ids of households are of different types"
            collector.add("JM101", message, path=f"members.{HOUSEHOLD}", expected="the type that `households` has")
            return None
        common = pl.String if both_text else pl.Int64
        places, members = (frame.with_columns(pl.col(HOUSEHOLD).cast(common)) for frame in (places, members))
    joined = members.join(places, on=HOUSEHOLD, how="left", maintain_order="left")
    alone = joined.filter(pl.col("place").is_null() & pl.col(HOUSEHOLD).is_not_null())["#"]
    wrong("members", HOUSEHOLD, alone, "no household has this id", "an id of `households`")
    joined = joined if joined["place"].is_sorted() else joined.sort("place", maintain_order=True)
    sizes = joined.group_by("place").len()
    missing = places.join(sizes, on="place", how="anti")["place"]
    wrong("households", HOUSEHOLD, missing, "the household has no member", "at least one row in `members`")
    many = sizes.filter(pl.col("len") > MAX_MEMBERS)["place"].drop_nulls().sort()
    wrong("households", HOUSEHOLD, many, "the household has too many members", f"at most {MAX_MEMBERS}")
    twice = joined.filter(~pl.struct("place", MEMBER).is_first_distinct())["#"]
    wrong("members", MEMBER, twice, "another member of the household has this id", "an id of its own")
    return joined if len(collector.errors) == before else None


class _Columns:
    """The columns of one frame while they are checked."""

    def __init__(self, content: Content, entity: Entity, order: dict[str, int], on: date | None, collector: Collector) -> None:
        self.content, self.entity, self.order, self.on, self.collector = content, entity, order, on, collector
        self.frame = FRAMES[entity]
        self.rows = pl.Series(dtype=pl.UInt32)

    def read(self, frame: pl.DataFrame) -> pl.DataFrame:
        self.rows = frame["#"]
        columns: list[pl.Series] = []
        for column in frame.drop("#", HOUSEHOLD, MEMBER, strict=False).iter_columns():
            name = column.name
            if self.entity == "household" and name == MEMBERS_COMPLETE:
                columns += [found.fill_null(True) for found in self.truths(column)]
            elif name not in self.order:
                self.unknown(name)
            elif column.dtype != pl.Null and column.null_count() < len(column):
                columns += self.column(column)
        return compact(columns)

    def unknown(self, name: str) -> None:
        other: Entity = "person" if self.entity == "household" else "household"
        path, shown = f"{self.frame}.{name}", (*self.order, *((MEMBERS_COMPLETE,) if self.entity == "household" else ()))
        if name in RowOrder.of(self.content).of_entity(other):
            self.collector.add("JM081", "this fact stands in the wrong frame", path=path, expected=f"a column of `{FRAMES[other]}`")
        else:
            near = nearest(name, shown)
            self.collector.add("JM071", "unknown fact", path=path, expected=None if near else "a name of `jmentitle facts`", nearest=near)

    def wrong(self, code: str, column: pl.Series, bad: pl.Series | None, message: str, expected: str | None) -> None:
        """A problem of the rows in which `bad` holds, or of the whole column."""
        path = f"{self.frame}.{column.name}"
        if bad is None:
            self.collector.add(code, message, path=path, expected=expected)
        elif bad.any():
            self.collector.add(code, message, path=_rows(path, self.rows.filter(bad).sort()), expected=expected)

    def column(self, column: pl.Series) -> list[pl.Series]:
        fact, members = self.content.facts.get((self.entity, column.name)), members_of(self.content, self.entity, column.name)
        words = words_of(self.content, self.entity, column.name)
        if words is not None:
            return list(self.lists(column, words))
        if members is not None:
            return list(self.choices(column, members))
        match None if fact is None else fact.type:
            case tree.Numeric():
                return list(self.numbers(column, cast("FactDefinition", fact)))
            case tree.Day():
                return list(self.days(column))
        return list(self.truths(column))

    def truths(self, column: pl.Series) -> Iterator[pl.Series]:
        if column.dtype == pl.Boolean:
            yield column
        elif column.dtype == pl.Object and column.drop_nulls().map_elements(lambda value: isinstance(value, bool), return_dtype=pl.Boolean).all():
            yield column.map_elements(bool, return_dtype=pl.Boolean)
        else:
            self.wrong("JM072", column, None, "these are not truth values", "a column of booleans")

    def numbers(self, column: pl.Series, fact: FactDefinition) -> Iterator[pl.Series]:
        kind = cast("tree.Numeric", fact.type)
        expected = f"numbers in {units.show(kind.unit)}" if kind.unit else "plain numbers"
        if not column.dtype.is_numeric():
            self.wrong("JM072", column, None, "these are not numbers", expected)
            return
        far = (~column.is_finite() if column.dtype.is_float() else column.is_null() & False) | (column.cast(pl.Float64).abs() > LARGEST_NUMBER)
        places = f"{expected}, at most {kind.scale} decimal places" if kind.scale else f"{expected}, whole"
        scaled = pl.select(pl.when(~far).then(column)).to_series()
        whole, fine = _scaled(scaled, kind.scale)
        self.wrong("JM080" if units.is_money(kind.unit) else "JM072", column, fine, "numbers are too fine", places)
        least, most = fact.least, fact.most
        shown = [f"{word} {end / 10**kind.scale:g}" for word, end in (("from", least), ("to", most)) if end is not None]
        outside = whole.abs() > LARGEST_NUMBER
        if least is not None:
            outside = outside | (whole < least)
        if most is not None:
            outside = outside | (whole > most)
        bad = outside.fill_null(False) | far.fill_null(False)
        self.wrong("JM075", column, bad, "numbers are out of range", ", ".join([expected, " ".join(shown)]) if shown else expected)
        yield whole.alias(column.name)

    def days(self, column: pl.Series) -> Iterator[pl.Series]:
        found = column
        if column.dtype == pl.String:
            found = column.str.to_date("%Y-%m-%d", strict=False)
        elif isinstance(column.dtype, pl.Datetime):
            found = pl.select(pl.when(column.dt.truncate("1d") == column).then(column.dt.date())).to_series()
        elif column.dtype != pl.Date:
            self.wrong("JM072", column, None, "these are not dates", "a column of dates, or of texts YYYY-MM-DD")
            return
        self.wrong("JM072", column, found.is_null() & column.is_not_null(), "these are not days of the calendar", "YYYY-MM-DD")
        self.wrong("JM075", column, (found < FIRST_DAY).fill_null(False), "dates are too long ago", f"dates from {FIRST_DAY.year} on")
        if self.on is not None:
            self.wrong("JM074", column, (found > self.on).fill_null(False), "dates lie after the day of assessment", f"dates up to {self.on}")
        yield found.alias(column.name)

    def choices(self, column: pl.Series, members: list[str]) -> Iterator[pl.Series]:
        found = self.placed(column, column, members)
        if found is not None:
            yield found.cast(pl.UInt8)

    def lists(self, column: pl.Series, members: list[str]) -> Iterator[pl.Series]:
        if not isinstance(column.dtype, pl.List | pl.Array):
            self.wrong("JM072", column, None, "these are not lists", "a column of lists of texts; [] where there is none")
            return
        lists = column.cast(pl.List(column.dtype.inner))
        # Arrow lets an unknown list hide values of its own, which must not be read.
        arrow = lists.fill_null(pl.Series([[]], dtype=lists.dtype)).to_arrow()
        values, rows = pl.Series(arrow.values), pl.Series(arrow.offsets.to_numpy())
        before = len(self.collector.errors)
        owners = pl.Series(range(len(lists)), dtype=pl.UInt32).repeat_by(rows.diff().drop_nulls()).explode()
        places = self.placed(column, values, members, self.rows.gather(owners.drop_nulls()))
        if places is not None and len(self.collector.errors) == before:
            yield from sets.words(column.name, sets.Lists(places.to_numpy(), rows.to_numpy(), lists.is_null()), members)

    def placed(self, column: pl.Series, values: pl.Series, members: list[str], owners: pl.Series | None = None) -> pl.Series | None:
        """The place of each value among the members."""
        if not (values.dtype.is_integer() or isinstance(values.dtype, pl.String | pl.Categorical | pl.Enum | pl.Null)):
            self.wrong("JM072", column, None, "these are not words", "a column of texts")
            return None
        numbers = {member: place for place, member in enumerate(members)}
        if isinstance(values.dtype, pl.Enum):
            # Each word is looked up once, not in every row.
            words = values.dtype.categories.replace_strict(numbers, default=None, return_dtype=pl.UInt16)
            places = words.gather(values.to_physical()).alias(values.name)
        else:
            places = values.cast(pl.String).replace_strict(numbers, default=None, return_dtype=pl.UInt16)
        bad = places.is_null() & (values.is_not_null() if owners is None else True)
        if bad.any():
            rows = (self.rows if owners is None else owners).filter(bad).unique().sort()
            shown = ", ".join(members) if len(members) <= 12 else f"{', '.join(members[:12])}, …"
            self.collector.add("JM073", "values are not on the list", path=_rows(f"{self.frame}.{column.name}", rows), expected=shown)
        return places


def _scaled(column: pl.Series, scale: int) -> tuple[pl.Series, pl.Series]:
    """The numbers as integers at a scale, and which are finer than it holds."""
    if column.dtype.is_integer():
        return column.cast(pl.Int64) * 10**scale, column.is_null() & False
    if column.dtype.is_decimal():
        scaled = column.cast(pl.Decimal(38, 12)) * 10**scale
        whole = scaled.floor().cast(pl.Int64)
        return whole, (scaled != whole.cast(pl.Decimal(38, 12))).fill_null(False)
    # A float is read as the shortest decimal that stands for it: what is left after rounding is the float's own coarseness.
    scaled = column.cast(pl.Float64) * 10**scale
    whole = scaled.round()
    return whole.cast(pl.Int64), ((scaled - whole).abs() > 1e-6 + scaled.abs() * 2**-50).fill_null(False)


def _rows(path: str, rows: pl.Series) -> str:
    """A column and the first of the rows that are wrong, counted from 0 as frames do."""
    more = f" and {len(rows) - 1:,} more" if len(rows) > 1 else ""
    return f"{path}, row {rows[0]}{more}"
