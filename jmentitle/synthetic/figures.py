"""The figures of one column: shares, quantiles, fixed values and copies of other columns; and the
tests that other columns make of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span, nearest_name
from jmentitle.language.tree import Entity
from jmentitle.pack import reading
from jmentitle.pack.model import Content
from jmentitle.pack.reading import Fields
from jmentitle.pack.yaml_tree import Mapping, Piece, Scalar, Sequence
from jmentitle.synthetic.marginals import (
    NULL,
    Chances,
    Draw,
    Fixed,
    Kind,
    Mark,
    Name,
    Same,
    Shares,
    Spread,
    Test,
)
from jmentitle.synthetic.shapes import TRUTHS, Shape

DRAWS = ("value", "share", "quantiles", "days_ago", "at_age", "same_as")
_OF_KIND: dict[Kind, tuple[str, ...]] = {
    "truth": ("value", "share", "same_as"),
    "choice": ("value", "share", "same_as"),
    "choices": ("value", "share", "same_as"),
    "number": ("value", "quantiles", "same_as"),
    "day": ("value", "days_ago", "at_age", "same_as"),
}


def find_column(
    label: Scalar, entity: Entity, shapes: dict[Name, Shape], collector: Collector
) -> Name | None:
    """The column that a word names: one of the same entity or, for a person, `household.name`."""
    owner, dot, rest = label.text.partition(".")
    name: Name = (
        ("household", rest)
        if dot and owner == "household" and entity == "person"
        else (entity, label.text)
    )
    if name in shapes:
        return name
    columns = {
        column if owned == entity else f"{owned}.{column}"
        for owned, column in shapes
        if owned == entity or entity == "person"
    }
    collector.add(
        "JM025",
        f"unknown column `{label.text[:64]}`",
        label.span,
        expected="a column of these files",
        suggestion=nearest_name(label.text, columns),
    )
    return None


def read_mark(fields: Fields, content: Content, collector: Collector) -> Mark | None:
    """The source of the figures of a column or case; None if it gives none."""
    cites = []
    for scalar in fields.names("cite"):
        source = scalar.text.split(" ", 1)[0]
        if reading.one_of(
            Scalar(source, scalar.plain, scalar.span), content.sources, "JM043", "source", collector
        ):
            cites.append(scalar.text)
    synthetic = fields.flag("synthetic")
    return Mark(synthetic, tuple(cites)) if synthetic or "cite" in fields else None


@dataclass
class Figures:
    """Reads the figures of a column of `shape`, which belongs to `entity`."""

    shape: Shape
    entity: Entity
    shapes: dict[Name, Shape]
    collector: Collector

    def wrong(self, code: Code, message: str, span: Span, expected: str | None = None) -> None:
        self.collector.add(code, message, span, expected=expected)

    def read(self, fields: Fields) -> Draw | None:
        """The draw of a value; None after reporting a mistake."""
        given = [key for key in DRAWS if key in fields]
        allowed = _OF_KIND[self.shape.kind]
        if len(given) != 1 or given[0] not in allowed:
            span = fields.keys[given[-1]].span if given else fields.span
            message = (
                f"`{given[-1]}` does not fit this column"
                if len(given) == 1
                else f"found {len(given)} kinds of figures"
            )
            self.wrong("JM028", message, span, f"one of {', '.join(allowed)}")
            return None
        key = given[0]
        piece = fields.entries[key]
        match key:
            case "value":
                return self._fixed(piece)
            case "same_as":
                return self._same(fields)
            case "share":
                return self._share(piece, fields)
            case _:
                return self._spread(key, fields)

    @staticmethod
    def in_one_line(fields: Fields) -> str:
        """The figures as the file writes them, on one line."""
        parts = [
            f"{key.replace('_', ' ')}: {text_of(fields.entries[key])}"
            for key in (*DRAWS, "partner", "step")
            if key in fields
        ]
        return ", ".join(parts)

    # one value

    def _fixed(self, piece: Piece) -> Fixed | None:
        if reading.is_null(piece):
            return Fixed(NULL)
        if isinstance(piece, Sequence) and self.shape.kind == "choices":
            codes = [self._code(item) for item in piece.items]
            return (
                None
                if None in codes
                else Fixed(sum(1 << code for code in {item for item in codes if item is not None}))
            )
        if self.shape.kind in ("truth", "choice"):
            code = self._code(piece)
            return None if code is None else Fixed(code)
        if not isinstance(piece, Scalar) or self.shape.kind != "number":
            expected = {"choices": "a list", "day": "null, `days_ago` or `at_age`"}.get(
                self.shape.kind, "a single value"
            )
            self.wrong("JM005", "expected a value of the column", piece.span, expected)
            return None
        number = reading.number(piece, self.collector)
        return (
            None
            if number is None or not self._within(number, piece.span)
            else Fixed(int(number.scaleb(self.shape.scale)))
        )

    def _code(self, piece: Piece) -> int | None:
        """The index of one member."""
        if isinstance(piece, Scalar):
            codes = self.shape.codes(piece.text)
            if len(codes) == 1:
                return next(iter(codes))
            self.collector.add(
                "JM030",
                f"unknown value `{piece.text[:64]}` of this column",
                piece.span,
                expected=", ".join(self.shape.members or TRUTHS),
                suggestion=nearest_name(piece.text, self.shape.words),
            )
        else:
            self.wrong("JM005", "expected a single value", piece.span, "one member")
        return None

    def _same(self, fields: Fields) -> Same | None:
        scalar = fields.scalar("same_as")
        column = (
            None
            if scalar is None
            else find_column(scalar, self.entity, self.shapes, self.collector)
        )
        if scalar is None or column is None:
            return None
        source = self.shapes[column]
        partner = fields.flag("partner")
        if (source.kind, source.members, source.scale) != (
            self.shape.kind,
            self.shape.members,
            self.shape.scale,
        ):
            self.wrong(
                "JM028",
                f"`{scalar.text}` has other values than this column",
                scalar.span,
                "a column of the same type",
            )
            return None
        if partner and (self.entity, column[0]) != ("person", "person"):
            self.wrong(
                "JM028", "only a person has a partner", scalar.span, "a column of the person"
            )
            return None
        return Same(column, partner)

    # shares

    def _share(self, piece: Piece, fields: Fields) -> Draw | None:
        if self.shape.kind == "truth":
            scalar = fields.scalar("share")
            share = None if scalar is None else reading.number(scalar, self.collector)
            if share is None or not self._is_share(share, piece.span):
                return None
            return Shares((1, 0), (float(share), 1.0))
        shares: dict[int, Decimal] = {}
        inner = fields.child("share", None)
        for label, value in inner.items() if inner is not None else ():
            code = self._code(label)
            share = reading.number(value, self.collector) if isinstance(value, Scalar) else None
            if code is not None and share is not None and self._is_share(share, value.span):
                shares[code] = share
        if inner is None or len(shares) != len(inner.entries):
            return None
        if self.shape.kind == "choices":
            return Chances(
                tuple(float(shares.get(index, 0)) for index in range(len(self.shape.members)))
            )
        total = sum(shares.values())
        if total != 1:
            self.wrong(
                "JM110", f"the shares add up to {total}", piece.span, "shares that add up to 1"
            )
            return None
        return Shares(tuple(shares), tuple(float(value) for value in accumulate(shares.values())))

    def _is_share(self, share: Decimal, span: Span) -> bool:
        if 0 <= share <= 1:
            return True
        self.wrong(
            "JM110",
            f"the share {share} is not from 0 to 1",
            span,
            "a number from 0 to 1; write 3% as 0.03",
        )
        return False

    # numbers and days

    def _spread(self, key: str, fields: Fields) -> Spread | None:
        points = read_quantiles(key, fields)
        step = fields.number("step")
        if points is None or not all(
            self._within(value, fields.entries[key].span)
            for _, value in points
            if key == "quantiles"
        ):
            return None
        if step is not None and step <= 0:
            self.wrong(
                "JM111",
                "the step must be above 0",
                fields.entries["step"].span,
                "a number such as 10",
            )
            return None
        scale = self.shape.scale if key == "quantiles" else 0
        at = tuple(float(at) / 100 for at, _ in points)
        values = tuple(float(value.scaleb(scale)) for _, value in points)
        if key == "at_age":
            return Spread(at, values, 0, "at_age")
        whole = float((step or Decimal(1)).scaleb(scale))
        return Spread(at, values, whole, "number" if key == "quantiles" else "days_ago")

    def _within(self, number: Decimal, span: Span) -> bool:
        """Whether a number is one that a household file may state, and not too large for a
        column."""
        least, most = self.shape.least, self.shape.most
        scaled = number.scaleb(self.shape.scale)
        if (
            (least is None or scaled >= least)
            and scaled <= min(most if most is not None else -NULL - 1, -NULL - 1)
            and scaled == int(scaled)
        ):
            return True
        ends = [
            f"{word} {Decimal(end).scaleb(-self.shape.scale):f}"
            for word, end in (("from", least), ("to", most))
            if end is not None
        ]
        kind = (
            f"a number with at most {self.shape.scale} decimal places"
            if self.shape.scale
            else "a whole number"
        )
        self.wrong("JM111", f"{number} is out of range", span, " ".join([kind, *ends]))
        return False

    # tests of a column

    def test(self, column: Name, label: Scalar, piece: Piece) -> Test | None:
        """The test of `where` on this column; None after reporting a mistake."""
        if self.shape.kind == "day":
            self.wrong(
                "JM028",
                f"`{label.text}` cannot be used here",
                label.span,
                "a truth, an enum, a set or a number",
            )
            return None
        if self.shape.kind == "number":
            return (
                self._range(column, label, piece)
                if isinstance(piece, Mapping)
                else self._numbers(column, piece)
            )
        codes: set[int] = set()
        for member in piece.items if isinstance(piece, Sequence) else (piece,):
            group = self.shape.codes(member.text) if isinstance(member, Scalar) else frozenset()
            code = None if group else self._code(member)
            codes |= group | ({code} if code is not None else set())
        if self.shape.kind == "choices":
            return Test(column, members=sum(1 << code for code in codes)) if codes else None
        return Test(column, frozenset(codes)) if codes else None

    def _range(self, column: Name, label: Scalar, piece: Piece) -> Test | None:
        ends = Fields.open(piece, self.collector, ("from", "until"), f"`{label.text}`")
        if ends is None:
            return None
        least, most = (
            None if (end := ends.number(key)) is None else int(end.scaleb(self.shape.scale))
            for key in ("from", "until")
        )
        return Test(column, least=least, most=most)

    def _numbers(self, column: Name, piece: Piece) -> Test | None:
        numbers = [
            self._fixed(number)
            for number in (piece.items if isinstance(piece, Sequence) else (piece,))
        ]
        return (
            Test(column, frozenset(number.value for number in numbers if number is not None))
            if all(numbers)
            else None
        )


def read_quantiles(key: str, fields: Fields) -> list[tuple[Decimal, Decimal]] | None:
    """Points from 0 to 100 percent with a value each, none below the one before; None after
    reporting a mistake."""
    inner = fields.child(key, None)
    if inner is None:
        return None
    points = []
    for label, piece in inner.items():
        at = reading.number(label, fields.collector)
        value = reading.number(piece, fields.collector) if isinstance(piece, Scalar) else None
        if at is None or value is None:
            return None
        points.append((at, value))
    rising = all(lower[0] < upper[0] and lower[1] <= upper[1] for lower, upper in pairwise(points))
    if len(points) < 2 or points[0][0] != 0 or points[-1][0] != 100 or not rising:
        expected = "percentages from 0 to 100, rising, with values that do not fall"
        fields.collector.add(
            "JM111", "the quantiles are out of order", inner.span, expected=expected
        )
        return None
    return points


def text_of(piece: Piece | None) -> str:
    """A value as the file writes it, without brackets."""
    if piece is None:
        return ""
    if isinstance(piece, Scalar):
        return piece.text
    if isinstance(piece, Mapping):
        return ", ".join(f"{key.text} {text_of(value)}" for key, value in piece.entries)
    return " / ".join(text_of(item) for item in piece.items) or "none"
