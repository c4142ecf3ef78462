"""Amendments: reforms to try. An amendment changes values, conditions and benefits of a loaded
pack, which itself stays as it is.

An amendment is written with the words of a pack and read by the readers of a pack, so that every
check applies. Everything in it cites the amendment itself, as a source of the weakest grade,
`proposal`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import yaml

from jmentitle.errors import PackError
from jmentitle.language.checker import Scope
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import nearest_name
from jmentitle.pack import checks, files, yaml_tree
from jmentitle.pack.amended_items import AmendedItems
from jmentitle.pack.amended_values import AmendedValues
from jmentitle.pack.conditions import read_condition
from jmentitle.pack.files import Loaded, PackFile
from jmentitle.pack.garbage import without_collection
from jmentitle.pack.layering import open_vocabulary
from jmentitle.pack.model import Overlay, Source, StatusDefinition
from jmentitle.pack.plain import plain_copy
from jmentitle.pack.reading import Fields
from jmentitle.pack.text import NO_TEXT, Text
from jmentitle.pack.yaml_tree import Piece

AMENDMENT_KEYS = ("id", "name", "parameters", "statuses", "items", "benefits", "drop")
_FOLDER = "amendments/"
_ISSUER = Text("修改方案，不是现行规定", "a proposal, not a rule in force")


def amend(
    loaded: Loaded, of_pack: tuple[PackFile, ...], amendment: Mapping[str, object] | str | Path
) -> tuple[Loaded, tuple[PackFile, ...]]:
    """The pack with an amendment, and its files with that of the amendment after them. Raises
    PackError with every mistake."""
    collector = Collector(lines={file.path: file.text.splitlines() for file in of_pack})
    file = _file(amendment, collector)
    with without_collection():
        piece = None if file is None else yaml_tree.read(file.text, file.path, collector)
        fields = Fields.open(piece, collector, AMENDMENT_KEYS, "the amendment")
        if file is None or fields is None:
            raise PackError(collector.errors)
        numbered_file = PackFile(f"{_FOLDER}{len(loaded.content.amendments) + 1}.yaml", file.text)
        amended = _Amending(loaded, of_pack, fields, collector).apply(numbered_file)
    if collector.errors:
        raise PackError(collector.errors)
    return amended, (*of_pack, numbered_file)


class _Amending:
    def __init__(
        self, loaded: Loaded, of_pack: tuple[PackFile, ...], fields: Fields, collector: Collector
    ) -> None:
        self.loaded = loaded
        self.base = loaded.content
        self.of_pack = of_pack
        self.fields = fields
        self.collector = collector
        self.vocabulary = open_vocabulary(self.base, collector)

    def apply(self, file: PackFile) -> Loaded:
        itself = self.identity(files.digest_of((replace(file, path="amendment"),)))
        sources = self.vocabulary.registers.sources
        sources[itself.id] = Source(
            itself.id, "proposal", _ISSUER, None, None, itself.name, NO_TEXT
        )
        for key in ("parameters", "statuses", "items", "benefits"):
            self.report_cites(self.fields.piece(key))
        self.vocabulary.parameters.update(
            AmendedValues(self.base, self.vocabulary, itself.id).read(self.fields)
        )
        self.vocabulary.statuses.update(self.statuses(itself.id))
        amended_items = AmendedItems(self.base, self.vocabulary, self.of_pack)
        for former, amendment in zip(self.former(), self.base.amendments, strict=True):
            amended_items.lay(former, amendment.id)
        amended_items.lay(self.fields, itself.id)
        items = amended_items.read()
        content = replace(
            self.base,
            parameters=self.vocabulary.parameters,
            statuses=self.vocabulary.statuses,
            sources=sources,
            items=amended_items.without_dropped(items),
            amendments=(*self.base.amendments, itself),
        )
        checks.check(content, self.collector)
        warnings = tuple(dict.fromkeys((*self.loaded.warnings, *self.collector.warnings)))
        return Loaded(
            replace(content, items=amended_items.end_dropped(items)),
            files.digest_of((*self.of_pack, file)),
            warnings,
        )

    def identity(self, digest: str) -> Overlay:
        """Its id, by which its words are cited, and its name; both may be left out."""
        taken = {*self.base.sources, *(overlay.id for overlay in self.base.overlays)}
        number = len(self.base.amendments) + 1
        id_ = self.fields.name("id")
        if id_ in taken:
            self.collector.add(
                "JM040",
                f"duplicate source or overlay `{id_}`",
                self.fields.entries["id"].span,
                expected="a name of its own",
            )
        while id_ is None or (id_ in taken and "id" not in self.fields):
            id_ = f"amendment_{number}"
            number = number + 1
        name = self.fields.text("name") if "name" in self.fields else Text(id_, id_)
        return Overlay(id_, "proposal", name, digest)

    def report_cites(self, piece: Piece | None) -> None:
        """Report `cite` keys: an amendment must not look like law."""
        if isinstance(piece, yaml_tree.Sequence):
            for inner in piece.items:
                self.report_cites(inner)
        if isinstance(piece, yaml_tree.Mapping):
            for label, inner in piece.entries:
                if label.text == "cite":
                    self.collector.add(
                        "JM115",
                        "an amendment cites no source",
                        label.span,
                        expected="no `cite`: an amendment is its own source",
                    )
                else:
                    self.report_cites(inner)

    def statuses(self, source: str) -> Iterator[tuple[str, StatusDefinition]]:
        """Statuses with another condition."""
        for name, label, fields in self.fields.each_named(
            "statuses", ("when", "cite"), "the status"
        ):
            status = self.base.statuses.get(name)
            piece = fields.piece("when", required=True)
            if status is None:
                near = nearest_name(name, self.base.statuses)
                self.collector.add(
                    "JM025",
                    f"unknown status `{name}`",
                    label.span,
                    expected="a status of the pack",
                    suggestion=near,
                )
            elif piece is not None:
                when = read_condition(
                    piece,
                    Scope(self.vocabulary, status.entity, self.collector),
                    self.vocabulary.registers,
                    (source,),
                )
                yield name, replace(status, when=when, cite=(source,), span=label.span)

    def former(self) -> Iterator[Fields]:
        """The amendments before this one, as they were read."""
        for file in self.of_pack:
            if file.path.startswith(_FOLDER):
                fields = Fields.open(
                    yaml_tree.read(file.text, file.path, self.collector),
                    self.collector,
                    AMENDMENT_KEYS,
                    "the amendment",
                )
                assert fields is not None
                yield fields


def _file(amendment: Mapping[str, object] | str | Path, collector: Collector) -> PackFile | None:
    """The text of an amendment under the name that diagnostics give it; None after reporting why it
    is unusable."""
    if (
        isinstance(amendment, str)
        and "\n" not in amendment
        and amendment.endswith((".yaml", ".yml"))
    ):
        amendment = Path(amendment)
    if isinstance(amendment, Path):
        return files.read_file(amendment, str(amendment), collector)
    if not isinstance(amendment, str | Mapping):
        expected = "a mapping, a YAML text or the path of a file"
        collector.add(
            "JM005",
            f"the amendment is `{type(amendment).__name__}`",
            path="amendment",
            expected=expected,
        )
        return None
    values = plain_copy(amendment, "amendment")
    if isinstance(values, str):
        return PackFile("amendment", files.plain_lines(values))
    return PackFile(
        "amendment",
        yaml.dump(values, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=10**6),
    )


class _Writer(yaml.SafeDumper):
    """Writes a mapping of plain values and exact decimals out in full."""

    def ignore_aliases(self, _: object) -> bool:
        return True

    def exact(self, data: Decimal) -> yaml.ScalarNode:
        if not data.is_finite():
            return self.represent_float(float(data) if not data.is_snan() else math.nan)
        text = format(data, "f")
        return self.represent_scalar(
            "tag:yaml.org,2002:float" if "." in text else "tag:yaml.org,2002:int", text
        )


_Writer.add_representer(Decimal, _Writer.exact)
