"""Overlays: what an agency knows better than the pack, in one small file of its own.

An overlay fills values that nobody published and completes offices; it never changes a rule. It is
read by the readers of the pack and laid over what they made, so nothing in it can do more than the
same words in a pack.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from jmentitle.errors import PackError
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import nearest_name
from jmentitle.pack import files, parameters, reading, registers, yaml_tree
from jmentitle.pack.files import Loaded
from jmentitle.pack.layering import ParameterLayer, open_vocabulary, override_entry
from jmentitle.pack.model import Content, Office, Overlay, ParameterDefinition, ParameterEntry
from jmentitle.pack.reading import Fields
from jmentitle.pack.text import NO_TEXT
from jmentitle.pack.yaml_tree import Scalar

OVERLAY_KEYS = ("overlay", "sources", "hotlines", "parameters", "offices")
_CHANGE_KEYS = ("hotlines", "phone", "address", "reason", "cite")


def lay_over(loaded: Loaded, paths: Iterable[Path]) -> Loaded:
    """The pack with overlays laid over it, in order. Raises PackError with every mistake of every
    overlay."""
    collector = Collector()
    content = loaded.content
    for path in paths:
        file = files.read_file(path, str(path), collector)
        piece = None if file is None else yaml_tree.read(file.text, file.path, collector)
        fields = Fields.open(piece, collector, OVERLAY_KEYS, "the overlay")
        if file is not None and fields is not None:
            content = _Reading(content, fields, collector).content(
                files.digest_of((files.PackFile("overlay", file.text),))
            )
    if collector.errors:
        raise PackError(collector.errors)
    return replace(loaded, content=content)


class _Reading:
    def __init__(self, content: Content, fields: Fields, collector: Collector) -> None:
        self.base = content
        self.fields = fields
        self.collector = collector
        self.vocabulary = open_vocabulary(content, collector)
        self.registers = self.vocabulary.registers
        self.layer = ParameterLayer(content, self.vocabulary)

    def content(self, digest: str) -> Content:
        overlay = self.identity(digest)
        self.report_duplicates("sources", self.base.sources, "source")
        registers.read_sources(self.fields, self.registers)
        self.report_duplicates("hotlines", self.base.hotlines, "hotline")
        registers.read_hotlines(self.fields, self.registers)
        values = dict(self.base.parameters) | dict(self.parameters())
        self.offices()
        return replace(
            self.base,
            parameters=values,
            sources=self.registers.sources,
            hotlines=self.registers.hotlines,
            offices=self.registers.offices,
            overlays=(*self.base.overlays, overlay),
        )

    def identity(self, digest: str) -> Overlay:
        identity = self.fields.child("overlay", ("id", "version", "name", "for"), required=True)
        if identity is None:
            return Overlay("", "", NO_TEXT, digest)
        meant = identity.scalar("for", required=True)
        if meant is not None and meant.text != self.base.id:
            message = f"the overlay is for the pack `{meant.text[:64]}`, not for `{self.base.id}`"
            self.collector.add("JM067", message, meant.span, expected=self.base.id)
        id_ = identity.name("id", required=True) or ""
        if any(other.id == id_ for other in self.base.overlays):
            self.collector.add(
                "JM040",
                f"duplicate overlay `{id_}`",
                identity.entries["id"].span,
                expected="each overlay once",
            )
        return Overlay(
            id_,
            identity.plain_text("version", required=True) or "",
            identity.text("name", required=True),
            digest,
        )

    def report_duplicates(self, key: str, existing: Collection[str], what: str) -> None:
        """Report names that the pack, or an overlay before this one, has taken."""
        group = self.fields.child(key, None)
        for label, _ in group.items() if group else ():
            if label.text in existing:
                self.collector.add(
                    "JM040",
                    f"duplicate {what} `{label.text}`",
                    label.span,
                    expected="a name of its own",
                )

    # parameters

    def parameters(self) -> Iterable[tuple[str, ParameterDefinition]]:
        for name, label, fields in self.fields.each_named(
            "parameters", ("unit", "values"), "the parameter"
        ):
            base = self.layer.parameter(name, label)
            if base is not None and self.layer.unit_fits(
                base, fields.scalar("unit", required=True)
            ):
                yield name, self.parameter(base, fields)

    def parameter(self, base: ParameterDefinition, fields: Fields) -> ParameterDefinition:
        reader = parameters.ValueReader(
            self.vocabulary,
            base.type.unit,
            base.by,
            stepped=base.steps_of is not None,
            partial=True,
        )
        additions = []
        replacing = set()
        for piece in fields.each("values", (*parameters.ENTRY_KEYS, "replaces"), "a value"):
            addition = self.layer.value(base, reader, piece)
            if addition is not None:
                additions.append(addition)
                if piece.flag("replaces"):
                    replacing.add(addition.span)
        entries = []
        for entry, over in self.layer.stretches(base, additions):
            if over is not None and over.span not in replacing:
                self.check_unpublished(base, entry, over)
            entries.append(entry if over is None else override_entry(entry, over))
        return replace(base, entries=tuple(entries))

    def check_unpublished(
        self, base: ParameterDefinition, entry: ParameterEntry, over: ParameterEntry
    ) -> None:
        """Nobody overrides the law by mistake."""
        published = (
            entry.steps
            if over.steps
            else tuple((key, bounds) for key, bounds in entry.cells.items() if key in over.cells)
        )
        if any(low == high for _, (low, high) in published):
            message = f"the pack already publishes a value of `{base.name}` on {entry.window.start}"
            self.collector.add(
                "JM066",
                message,
                over.span,
                expected="days or keys without a value, or `replaces: true`",
            )

    # offices

    def offices(self) -> None:
        group = self.fields.child("offices", None)
        for label, piece in group.items() if group else ():
            existing = self.base.offices.get(label.text)
            fields = Fields.open(
                piece,
                self.collector,
                registers.OFFICE_KEYS if existing is None else _CHANGE_KEYS,
                f"the office `{label.text[:64]}`",
            )
            if fields is None:
                continue
            if existing is not None:
                self.registers.offices[existing.id] = self.change_office(existing, fields)
            elif "name" not in fields:
                near = nearest_name(label.text, self.base.offices)
                expected = "an office of the pack; a new one has a `name`"
                self.collector.add(
                    "JM025",
                    f"unknown office `{label.text[:64]}`",
                    label.span,
                    expected=expected,
                    suggestion=near,
                )
            else:
                self.add(label, fields)

    def add(self, label: Scalar, fields: Fields) -> None:
        id_ = reading.name(label, self.collector)
        if id_ is not None:
            self.registers.offices[id_] = registers.read_office(
                id_, label, fields, self.registers, self.base.facts
            )

    def change_office(self, office: Office, fields: Fields) -> Office:
        """An office of the pack with what the overlay says of it."""
        phone = registers.read_phone(fields) if "phone" in fields else office.phone
        address = registers.read_address(fields) if "address" in fields else office.address
        hotlines = (
            registers.read_hotline_numbers(fields, self.registers)
            if "hotlines" in fields
            else office.hotlines
        )
        needs_reason = (phone is None or address is None) and not office.reason.zh
        reason = (
            fields.text("reason", required=needs_reason)
            if "reason" in fields or needs_reason
            else office.reason
        )
        cite = (*registers.required_cite(fields, self.registers), *office.cite)
        return replace(
            office, phone=phone, address=address, hotlines=hotlines, reason=reason, cite=cite
        )
