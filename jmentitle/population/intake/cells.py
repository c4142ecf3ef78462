"""The columns of one frame, checked cell by cell and put in the form of a population.

A correct column costs one look at its smallest and largest value; rows are searched only if
something is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

import polars as pl

from jmentitle.chain.columns import sets
from jmentitle.language import tree, units
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import Entity
from jmentitle.language.values import shown_name
from jmentitle.pack.model import MEMBERS_COMPLETE, Content, FactDefinition
from jmentitle.pack.rows import RowOrder
from jmentitle.population.frames import (
    FRAMES,
    HOUSEHOLD,
    MEMBER,
    columns_of,
    compact,
    members_of,
    words_of,
)
from jmentitle.population.intake import objects, scaling
from jmentitle.population.intake.rows import rows_of
from jmentitle.population.intake.sources import TEXTS, Source
from jmentitle.profile.validation import FIRST_DAY

_EPOCH = date(1970, 1, 1)
_LAST = (date.max - _EPOCH).days
_ISO = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z"
_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_TRUTHS = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
"""Spellings of truths in CSV, by Polars and by pandas, R and spreadsheets."""
_SHOWN = 12
"""The number of members named before the rest is left out."""


class Cells:
    """The columns of one frame while they are checked. `order` are the names that it may have,
    `first` the number of its first row."""

    def __init__(
        self, content: Content, entity: Entity, on: date | None, collector: Collector, first: int
    ) -> None:
        self.content = content
        self.entity = entity
        self.on = on
        self.collector = collector
        self.first = first
        self.order = RowOrder.of(content).of_entity(entity)
        self.frame = FRAMES[entity]
        self.literal = False

    def read(self, source: Source, order: pl.Series | None) -> pl.DataFrame:
        """All columns but the ids, the rows in this order, each column in one piece: rules put
        together columns that are cut differently."""
        self.literal = source.literal
        wanted: list[str] = []
        for name in source.schema:
            if name in self.order or (self.entity == "household" and name == MEMBERS_COMPLETE):
                wanted.append(name)
            elif name not in (HOUSEHOLD, MEMBER):
                self.unknown(name)
        by_name: dict[str, list[pl.Series]] = {}
        sets_of = {name: words_of(self.content, self.entity, name) for name in wanted}
        for column in source.columns(
            wanted, {name: _lists_of(words) for name, words in sets_of.items() if words is not None}
        ):
            column = self.without_empty(column) if source.literal else column
            checked = (
                self.column(column)
                if column.dtype != pl.Null and column.null_count() < len(column)
                else []
            )
            by_name[column.name] = [
                piece.rechunk() if order is None else piece.gather(order) for piece in checked
            ]
        return compact([piece for name in wanted for piece in by_name[name]])

    def unknown(self, name: str) -> None:
        other_entity: Entity = "person" if self.entity == "household" else "household"
        path = f"{self.frame}.{shown_name(name.strip())}"
        names = (*self.order, *((MEMBERS_COMPLETE,) if self.entity == "household" else ()))
        if name in RowOrder.of(self.content).of_entity(other_entity):
            self.collector.add(
                "JM081",
                "the fact is in the wrong frame",
                path=path,
                expected=f"a column of `{FRAMES[other_entity]}`",
            )
        elif name.strip() in (*names, HOUSEHOLD, MEMBER):
            self.collector.add(
                "JM071",
                "the name of the column has spaces around it",
                path=path,
                expected="the name alone",
            )
        else:
            near = nearest_name(name, names)
            self.collector.add(
                "JM071",
                "unknown fact",
                path=path,
                expected=None if near else "a name of `jmentitle facts`",
                suggestion=near,
            )

    def without_empty(self, column: pl.Series) -> pl.Series:
        """Cells that hold `""` are refused: whether that is unknown or an empty text, the file does
        not say."""
        empty = column == ""
        if not empty.any():
            return column
        members = members_of(self.content, self.entity, column.name)
        code: Code = "JM072" if members is None else "JM073"
        self.wrong(
            code,
            column,
            empty,
            'cells hold an empty text in quotes (`""`)',
            "nothing between the commas where it is unknown",
        )
        return pl.select(pl.when(~empty).then(column)).to_series().alias(column.name)

    def wrong(
        self,
        code: Code,
        column: pl.Series,
        bad: pl.Series | None,
        message: str,
        expected: str | None,
    ) -> None:
        """A problem of the rows in which `bad` holds, or of the whole column."""
        path = f"{self.frame}.{column.name}"
        if bad is None:
            self.collector.add(code, message, path=path, expected=expected)
        elif bad.any():
            self.collector.add(
                code, message, path=rows_of(path, bad.arg_true() + self.first), expected=expected
            )

    def column(self, column: pl.Series) -> Iterator[pl.Series]:
        name = column.name
        fact = self.content.facts.get((self.entity, name))
        members = members_of(self.content, self.entity, name)
        words = words_of(self.content, self.entity, name)
        if column.dtype == pl.Object:
            return self.objects(column)
        if name == MEMBERS_COMPLETE:
            return (truths.fill_null(True) for truths in self.truths(column))
        if words is not None:
            return self.lists(column, words)
        if members is not None:
            return self.choices(column, members)
        match None if fact is None else fact.type:
            case tree.Numeric():
                return self.numbers(column, cast("FactDefinition", fact))
            case tree.Day():
                return self.days(column)
            case tree.Truth() | tree.Choice() | tree.ChoiceSet() | None:
                return self.truths(column)

    def objects(self, column: pl.Series) -> Iterator[pl.Series]:
        values, wrong = objects.Reader(self.content, self.entity, column.name, self.on).values(
            column
        )
        for (code, message, expected), rows in wrong.items():
            path = rows_of(f"{self.frame}.{column.name}", pl.Series(rows) + self.first)
            self.collector.add(code, message, path=path, expected=expected)
        yield from columns_of(self.content, self.entity, column.name, values)

    def truths(self, column: pl.Series) -> Iterator[pl.Series]:
        if column.dtype == pl.Boolean:
            yield column
        elif self.literal:
            truths = column.replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
            bad = truths.is_null() & column.is_not_null()
            self.wrong("JM072", column, bad, "expected truth values", "true or false")
            yield truths
        else:
            self.wrong("JM072", column, None, "expected truth values", "a column of booleans")

    def numbers(self, column: pl.Series, fact: FactDefinition) -> Iterator[pl.Series]:
        kind = cast("tree.Numeric", fact.type)
        money = units.is_money(kind.unit)
        expected = f"numbers in {units.show(kind.unit)}" if kind.unit else "plain numbers"
        if column.dtype == pl.String and (money or self.literal):
            scaled, odd = scaling.of_texts(column, kind.scale)
            self.wrong(
                "JM072", column, odd, "expected numbers", f"{expected}, written like 900 or 900.50"
            )
        elif column.dtype.is_numeric():
            scaled = scaling.scaled(column, kind.scale)
        else:
            self.wrong("JM072", column, None, "expected numbers", expected)
            return
        indices = (
            f"{expected}, at most {kind.scale} decimal places"
            if kind.scale
            else f"{expected}, whole"
        )
        if scaled.fine is not None:
            self.wrong(
                "JM080" if money else "JM072", column, scaled.fine, "numbers are too fine", indices
            )
        bad = scaled.outside(fact.least, fact.most)
        if bad is not None:
            ends = [
                f"{word} {end / 10**kind.scale:g}"
                for word, end in (("from", fact.least), ("to", fact.most))
                if end is not None
            ]
            self.wrong(
                "JM075",
                column,
                bad,
                "the numbers are out of range",
                ", ".join([expected, " ".join(ends)]) if ends else expected,
            )
        yield scaled.whole.alias(column.name)

    def days(self, column: pl.Series) -> Iterator[pl.Series]:
        days = _days(column)
        if days is None:
            zoned = isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is not None
            message = "expected dates without a time zone" if zoned else "expected dates"
            self.wrong("JM072", column, None, message, "a column of dates, or of texts YYYY-MM-DD")
            return
        odd = days.is_null() & column.is_not_null()
        message = (
            "expected dates without a time of day"
            if isinstance(column.dtype, pl.Datetime)
            else "expected dates"
        )
        self.wrong("JM072", column, odd, message, "YYYY-MM-DD")
        # Compared as numbers: a Polars date may lie beyond the years that Python knows.
        low, high = (cast("int", end) for end in (days.min() or 0, days.max() or 0))
        if low < (FIRST_DAY - _EPOCH).days:
            self.wrong(
                "JM075",
                column,
                days < (FIRST_DAY - _EPOCH).days,
                "the dates are too long ago",
                f"dates from {FIRST_DAY.year} on",
            )
        if self.on is not None and high > (self.on - _EPOCH).days:
            self.wrong(
                "JM074",
                column,
                days > (self.on - _EPOCH).days,
                "the dates are after the day of assessment",
                f"dates up to {self.on}",
            )
        elif high > _LAST:
            self.wrong(
                "JM075",
                column,
                days > _LAST,
                "the dates are too far ahead",
                f"dates up to {date.max}",
            )
        yield days.cast(pl.Int32, strict=False).cast(pl.Date).alias(column.name)

    def choices(self, column: pl.Series, members: list[str]) -> Iterator[pl.Series]:
        texts = self.texts(column, column.dtype, members)
        if texts is None:
            return
        codes = texts.cast(pl.Enum(members), strict=False)
        if codes.null_count() > column.null_count():
            self.unlisted(column, (codes.is_null() & column.is_not_null()).arg_true(), members)
        yield codes.to_physical().cast(pl.UInt8)

    def lists(self, column: pl.Series, members: list[str]) -> Iterator[pl.Series]:
        if not isinstance(column.dtype, pl.List | pl.Array):
            more = "; CSV has no lists, Parquet has" if self.literal else ""
            self.wrong(
                "JM072",
                column,
                None,
                "expected lists",
                f"a column of lists of texts; [] where there is none{more}",
            )
            return
        texts = self.texts(column, column.dtype.inner, members)
        if texts is None:
            return
        lists = sets.Lists.of(texts.cast(_lists_of(members), strict=False))
        if lists.indices.null_count():
            self.unlisted(
                column, lists.rows.filter(lists.indices.is_null()).unique().sort(), members
            )
        else:
            yield from sets.words(column.name, lists, members)

    def texts(self, column: pl.Series, kind: object, members: list[str]) -> pl.Series | None:
        """A column of values of a kind, or of lists of them, that can be looked up as texts."""
        if isinstance(kind, TEXTS):
            return column
        if isinstance(kind, pl.DataType) and kind.is_integer():
            return column.cast(
                pl.List(pl.String) if isinstance(column.dtype, pl.List | pl.Array) else pl.String
            )
        self.wrong("JM073", column, None, "expected texts", _members_text(members))
        return None

    def unlisted(self, column: pl.Series, rows: pl.Series, members: list[str]) -> None:
        path = rows_of(f"{self.frame}.{column.name}", rows + self.first)
        self.collector.add("JM073", "unknown values", path=path, expected=_members_text(members))


def _lists_of(members: list[str]) -> pl.DataType:
    """Lists of these members."""
    return pl.List(pl.Enum(members))


def _members_text(members: list[str]) -> str:
    return ", ".join(members) if len(members) <= _SHOWN else f"{', '.join(members[:_SHOWN])}, …"


def _days(column: pl.Series) -> pl.Series | None:
    """Days since 1970, null where unknown; None for a column without days."""
    if column.dtype == pl.Date:
        return column.to_physical().cast(pl.Int64)
    if column.dtype == pl.String:
        written = pl.when(column.str.contains(_ISO) & ~column.str.starts_with("0000")).then(column)
        return (
            pl.select(written.str.to_date("%Y-%m-%d", strict=False))
            .to_series()
            .to_physical()
            .cast(pl.Int64)
        )
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is None:
        ticks = column.to_physical()
        a_day = _A_DAY[column.dtype.time_unit]
        return pl.select(pl.when(ticks % a_day == 0).then(ticks // a_day)).to_series()
    return None
