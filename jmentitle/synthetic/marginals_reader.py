"""Reading the marginals of a synthetic city and checking every name, member, share and source
against the pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, cast

from jmentitle.errors import PackError
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.decimals import exactly
from jmentitle.language.diagnostics import Span, nearest_name
from jmentitle.language.tree import Entity
from jmentitle.pack import reading, yaml_tree
from jmentitle.pack.files import PackFile, read_file
from jmentitle.pack.model import Content
from jmentitle.pack.order import order_of, report
from jmentitle.pack.reading import Fields
from jmentitle.pack.text import NO_TEXT
from jmentitle.pack.yaml_tree import Scalar
from jmentitle.synthetic.families_reader import FAMILY_KEYS, Families, read_families
from jmentitle.synthetic.figures import DRAWS, Figures, find_column, read_mark, text_of
from jmentitle.synthetic.marginals import (
    AGE,
    FAMILY,
    ROLE,
    Case,
    Column,
    Kind,
    Marginals,
    Mark,
    Name,
    Test,
    Where,
)
from jmentitle.synthetic.shapes import Shape, fact_shapes

TOP_KEYS = ("note", "on", "families", "household", "person", "receives")
MAX_RECEIVED = 62
_CASE_KEYS = ("where", *DRAWS, "step", "partner", "synthetic", "cite")
_COLUMN_KEYS = (*_CASE_KEYS, "helper", "cases", "note")
_ENTITIES: tuple[Entity, ...] = ("household", "person")


def read_marginals(paths: Iterable[Path], content: Content) -> Marginals:
    """The marginals in some files, for a pack. Raises PackError with every mistake."""
    collector = Collector()
    files = [read_file(path, f"{path.parent.name}/{path.name}", collector) for path in paths]
    if collector.errors:
        raise PackError(collector.errors)
    return parse_marginals([file for file in files if file is not None], content)


@exactly()
def parse_marginals(files: Iterable[PackFile], content: Content) -> Marginals:
    """The marginals in some texts, for a pack. Raises PackError with every mistake."""
    collector = Collector()
    pieces = [yaml_tree.read(file.text, file.path, collector) for file in files]
    opened = [Fields.open(piece, collector, TOP_KEYS, "the file") for piece in pieces]
    marginals = None
    if None not in opened:
        marginals = _Reader(content, collector).marginals(
            [fields for fields in opened if fields is not None]
        )
    if marginals is None or collector.errors:
        raise PackError(collector.errors)
    return marginals


@dataclass
class _Declared:
    """A column as the file names it, before its cases are read: these may look at any other
    column."""

    shape: Shape
    role: Literal["fact", "helper", "received"]
    label: Scalar
    fields: Fields


@dataclass
class _Reader:
    content: Content
    collector: Collector
    declared: dict[Name, _Declared] = field(default_factory=dict)

    @cached_property
    def pack_shapes(self) -> dict[Name, Shape]:
        """The facts of the pack and their values."""
        return fact_shapes(self.content)

    @cached_property
    def shapes(self) -> dict[Name, Shape]:
        """The values of every declared column; computed once all are declared."""
        return {name: column.shape for name, column in self.declared.items()}

    def wrong(
        self,
        code: Code,
        message: str,
        span: Span,
        expected: str | None = None,
        near: str | None = None,
    ) -> None:
        self.collector.add(code, message, span, expected=expected, suggestion=near)

    def marginals(self, files: list[Fields]) -> Marginals | None:
        families = self._families(files)
        for file in files:
            for entity in _ENTITIES:
                for label, fields in self._entries(file, entity):
                    self._declare(entity, label, fields)
            received = file.child("receives", _ENTITIES)
            for entity in _ENTITIES if received is not None else ():
                for label, fields in self._entries(cast("Fields", received), entity):
                    self._declare_received(entity, label, fields)
        if families is None:
            return None
        roles = tuple(
            dict.fromkeys(member.name for family in families.families for member in family.members)
        )
        built_in: dict[Name, Shape] = {
            ("person", ROLE): Shape("choice", roles),
            ("person", AGE): Shape("number"),
        }
        built_in["person", families.birth] = Shape("day")
        for name, shape in built_in.items():
            if name in self.declared:
                self.wrong(
                    "JM040",
                    f"the families already define `{name[1]}`",
                    self.declared[name].label.span,
                    "a name of its own",
                )
            self.declared[name] = _Declared(shape, "fact", families.label, families.fields)
        columns = {
            name: self._column(name, declared)
            for name, declared in self.declared.items()
            if name not in built_in
        }
        texts = [(file.text("note"), file.day("on")) for file in files]
        note = next((note for note, _ in texts if note is not NO_TEXT), NO_TEXT)
        on = next((day for _, day in texts if day is not None), None)
        if note is NO_TEXT or on is None:
            self.wrong(
                "JM004",
                "the key `note` or `on` is missing",
                files[0].span,
                "a note on what the figures are, and the day they are for",
            )
        return Marginals(
            note,
            on or date.min,
            families.birth,
            families.families,
            roles,
            self._ordered(columns, {*built_in}),
        )

    def _families(self, files: list[Fields]) -> Families | None:
        groups = [
            fields for file in files if (fields := file.child("families", FAMILY_KEYS)) is not None
        ]
        if len(groups) != 1:
            misplaced = groups[1] if groups else files[0]
            self.wrong(
                "JM004",
                f"found {len(groups)} lists of families",
                misplaced.span,
                "`families:` in one of the files",
            )
            return None
        families = read_families(groups[0], self.content)
        if families is not None:
            shape = Shape("choice", tuple(family.name for family in families.families))
            self.declared["household", FAMILY] = _Declared(
                shape, "helper", families.label, families.fields
            )
        return families

    def _ordered(self, columns: dict[Name, Column], built_in: set[Name]) -> tuple[Column, ...]:
        """Each column after those that it uses. People are drawn with the families, so their
        columns come after the families."""
        uses = {}
        for name, column in columns.items():
            used = column.uses - built_in
            if (
                name[0] == "person"
                or used != column.uses
                or any(entity == "person" for entity, _ in used)
            ):
                used.add(("household", FAMILY))
            uses[".".join(name)] = {".".join(other) for other in used if other in columns}
        by_text = {".".join(name): column for name, column in columns.items()}
        order = order_of(uses)
        report(order, lambda text: by_text[text].span, self.collector)
        return tuple(by_text[text] for text in order.names)

    # what there is

    def _entries(self, file: Fields, key: str) -> list[tuple[Scalar, Fields]]:
        group = file.child(key, None)
        entries = []
        for label, piece in group.items() if group is not None else ():
            fields = Fields.open(piece, self.collector, _COLUMN_KEYS, f"`{label.text}`")
            if fields is not None:
                entries.append((label, fields))
        return entries

    def _declare(self, entity: Entity, label: Scalar, fields: Fields) -> None:
        name: Name = (entity, label.text)
        if name in self.declared:
            first = self.declared[name].label.span
            self.wrong(
                "JM040",
                f"duplicate column `{label.text}`; first in {first.file}:{first.line}",
                label.span,
                "each column once",
            )
            return
        if "helper" in fields:
            shape = self._helper(fields)
            if name in self.pack_shapes:
                self.wrong(
                    "JM040",
                    f"`{label.text}` is a fact of the pack",
                    label.span,
                    "a helper with a name of its own",
                )
            self.declared[name] = _Declared(shape, "helper", label, fields)
            return
        if name in self.pack_shapes:
            self.declared[name] = _Declared(self.pack_shapes[name], "fact", label, fields)
            return
        facts = {fact for owner, fact in self.pack_shapes if owner == entity}
        expected = f"a fact of the {entity}, a status with a certificate, or `helper:`"
        self.wrong(
            "JM025",
            f"unknown fact `{label.text[:64]}`",
            label.span,
            expected,
            nearest_name(label.text, facts),
        )

    def _helper(self, fields: Fields) -> Shape:
        piece = fields.piece("helper")
        if isinstance(piece, yaml_tree.Sequence):
            return Shape("choice", tuple(one.text for one in fields.names("helper")))
        kinds: dict[str, Kind] = {"truth": "truth", "number": "number"}
        return Shape(kinds[fields.word("helper", kinds, default="truth")])

    def _declare_received(self, entity: Entity, label: Scalar, fields: Fields) -> None:
        items = [item for item in self.content.items.values() if item.entity == entity]
        references = {item.id for item in items} | {
            benefit.reference for item in items for benefit in item.benefits
        }
        if reading.one_of(
            label, references, "JM055", f"item or benefit for a {entity}", self.collector
        ):
            self.declared[entity, label.text] = _Declared(Shape("truth"), "received", label, fields)
        if (
            sum(
                column.role == "received" and name[0] == entity
                for name, column in self.declared.items()
            )
            > MAX_RECEIVED
        ):
            self.wrong(
                "JM012",
                "too many items and benefits are received",
                label.span,
                f"at most {MAX_RECEIVED} items and benefits for a {entity}",
            )

    # what each column is made of

    def _column(self, name: Name, declared: _Declared) -> Column:
        fields = declared.fields
        shape = declared.shape
        figures = Figures(shape, name[0], self.shapes, self.collector)
        where = self._where(fields, name[0])
        mark = read_mark(fields, self.content, self.collector)
        cases: list[Case | None] = []
        if "cases" in fields:
            for key in (*DRAWS, "step", "partner"):
                if key in fields:
                    self.wrong(
                        "JM003",
                        f"`cases` and `{key}` are both given",
                        fields.keys[key].span,
                        "figures in the cases only",
                    )
            for piece in fields.sequence("cases"):
                inner = Fields.open(piece, self.collector, _CASE_KEYS, "the case")
                if inner is not None:
                    self._unreached(cases, inner)
                    cases.append(self._case(inner, self._where(inner, name[0]), figures, mark))
        else:
            cases.append(self._case(fields, Where(), figures, mark))
        valid = tuple(case for case in cases if case is not None)
        note = fields.text("note") if "note" in fields else NO_TEXT
        return Column(
            name,
            declared.role,
            shape.kind,
            shape.members,
            shape.scale,
            where,
            valid,
            note,
            declared.label.span,
        )

    def _case(
        self, fields: Fields, where: Where, figures: Figures, mark: Mark | None
    ) -> Case | None:
        source = read_mark(fields, self.content, self.collector) or mark
        draw = figures.read(fields)
        if source is None:
            self.wrong(
                "JM059",
                "missing source of the figures",
                fields.span,
                "`synthetic: true` or `cite: […]`",
            )
        return (
            None
            if draw is None or source is None
            else Case(where, draw, source, figures.in_one_line(fields))
        )

    def _unreached(self, cases: list[Case | None], fields: Fields) -> None:
        if cases and cases[-1] is not None and cases[-1].where == Where():
            self.wrong(
                "JM112",
                "the case is never reached: the case above takes every row",
                fields.span,
                "the case without `where` as the last",
            )

    def _where(self, fields: Fields, entity: Entity) -> Where:
        inner = fields.child("where", None)
        if inner is None:
            return Where()
        members = inner.child("any_member", None) if entity == "household" else None
        any_member = self._tests(members, "person") if members is not None else ()
        return Where(self._tests(inner, entity), any_member, text_of(fields.entries["where"]))

    def _tests(self, fields: Fields, entity: Entity) -> tuple[Test, ...]:
        tests = []
        for label, piece in fields.items():
            if label.text == "any_member" and entity == "household":
                continue
            column = find_column(label, entity, self.shapes, self.collector)
            if column is not None:
                test = Figures(
                    self.declared[column].shape, entity, self.shapes, self.collector
                ).test(column, label, piece)
                tests += [] if test is None else [test]
        return tuple(tests)
