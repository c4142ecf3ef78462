"""Loading a pack from its folder: read, check, and report every mistake at once."""

from __future__ import annotations

import re

from jmentitle.errors import PackError
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span
from jmentitle.pack import checks, indicators, items, parameters, registers, vocabulary, yaml_tree
from jmentitle.pack.files import PATTERNS, Loaded, PackFile, digest_of
from jmentitle.pack.garbage import without_collection
from jmentitle.pack.model import Content, Item
from jmentitle.pack.reading import Fields
from jmentitle.pack.yaml_tree import Mapping, Scalar

LANGUAGE_VERSIONS = ("1",)
"""The versions of the rule language that this release reads; `language` in `pack.yaml`."""
_TOP_KEY = re.compile(r"^([A-Za-z_]\w*):", re.MULTILINE)
# Errors about names are ignored if a file is unreadable, because the names it defines are unknown
# only for that reason.
_NAMED_ELSEWHERE: frozenset[Code] = frozenset(
    {
        "JM025",
        "JM030",
        "JM031",
        "JM034",
        "JM043",
        "JM044",
        "JM045",
        "JM050",
        "JM055",
        "JM057",
        "JM058",
    }
)


def load(files: tuple[PackFile, ...]) -> Loaded:
    """Read and check a pack. Raises PackError with every error found."""
    collector = Collector()
    with without_collection():
        _check_form(files, collector)
        content = _Loading(files, collector).content()
        if content is not None:
            checks.check(content, collector)
    if content is None or collector.errors:
        raise PackError([*collector.errors, *collector.warnings])
    return Loaded(content, digest_of(files), collector.warnings)


def _check_form(files: tuple[PackFile, ...], collector: Collector) -> None:
    """Report what would be passed over in silence: files elsewhere, and keys after the examples."""
    for file in files:
        if not file.in_place:
            collector.add(
                "JM065",
                f"unexpected file {file.path}",
                Span(file.path, 1, 1),
                expected=", ".join(PATTERNS),
            )
        examples = file.text[len(file.rule_text) :]
        for key in list(_TOP_KEY.finditer(examples))[1:]:
            span = Span(
                file.path,
                file.text.count("\n", 0, len(file.rule_text) + key.start()) + 1,
                1,
                len(key.group(1)),
            )
            collector.lines[file.path] = file.text.splitlines()
            collector.add(
                "JM063",
                f"`{key.group(1)}` comes after the examples",
                span,
                expected="the examples at the end of the file",
            )


class _Loading:
    def __init__(self, files: tuple[PackFile, ...], collector: Collector) -> None:
        self.files = files
        self.collector = collector
        self.pieces = {
            file.path: yaml_tree.read(file.rule_text, file.path, collector)
            for file in files
            if file.in_place
        }
        if None in self.pieces.values():
            collector.ignored = _NAMED_ELSEWHERE

    def fields_by_path(self, prefix: str, keys: tuple[str, ...]) -> dict[str, Fields]:
        """The files whose path begins with `prefix`, each as a mapping with these keys."""
        opened = {
            path: Fields.open(piece, self.collector, keys, "the file")
            for path, piece in self.pieces.items()
            if path.startswith(prefix)
        }
        return {path: fields for path, fields in opened.items() if fields is not None}

    def fields(self, prefix: str, keys: tuple[str, ...]) -> list[Fields]:
        return list(self.fields_by_path(prefix, keys).values())

    def reads_language(self) -> bool:
        """Whether the pack is in a version of the language that is read here.

        In another version everything else may mean something else, so nothing else is judged.
        A pack without a version is in the first one.
        """
        pack = self.pieces.get("pack.yaml")
        version = yaml_tree.entry(pack, "language") if isinstance(pack, Mapping) else None
        if not isinstance(version, Scalar) or version.text in LANGUAGE_VERSIONS:
            return True
        message = f"this release does not read version `{version.text[:64]}` of the rule language"
        expected = ", ".join(LANGUAGE_VERSIONS)
        self.collector.add("JM039", message, version.span, expected=expected)
        return False

    def content(self) -> Content | None:
        """The pack; None after reporting why its files cannot be read as one."""
        if not self.reads_language():
            return None
        identity = self.identity()
        if identity is None:
            return None
        names = self.names(identity)
        register = names.registers
        pack_items = self.items(names)
        conflicts = {}
        for fields in self.fields("conflicts.yaml", ("conflicts",)):
            conflicts.update(items.read_conflicts(fields, names, pack_items))
        measures = {}
        for fields in self.fields("indicators.yaml", ("indicators",)):
            measures.update(indicators.read_indicators(fields, names, pack_items))
        checks.check_names(names, pack_items, self.collector)
        if register.validity.start is None or register.validity.end is None:
            return None
        return Content(
            id=register.id,
            version=register.version,
            name=register.name,
            validity=register.validity,
            later=register.later,
            units=register.units,
            domains=register.domains,
            payers=register.payers,
            answerers=register.answerers,
            enums=names.enums,
            facts=names.facts,
            statuses=names.statuses,
            quantities=names.quantities,
            parameters=names.parameters,
            sources=register.sources,
            documents=register.documents,
            duties=register.duties,
            offices=register.offices,
            hotlines=register.hotlines,
            items=pack_items,
            conflicts=conflicts,
            indicators=measures,
        )

    def identity(self) -> Fields | None:
        """`pack.yaml`; None after reporting that there is none, or that it is unreadable."""
        opened = self.fields("pack.yaml", registers.IDENTITY_KEYS)
        if opened:
            return opened[0]
        if "pack.yaml" not in self.pieces:
            self.collector.add(
                "JM018",
                "the files are not a pack",
                expected="a pack.yaml among them",
                path="the pack",
            )
        return None

    def names(self, identity: Fields) -> vocabulary.Vocabulary:
        """Every name that rules may use, with its definition. The order matters: each step reads
        only names that the steps before it have declared."""
        register = registers.Registers(self.collector)
        names = vocabulary.Vocabulary(register)
        registers.read_identity(identity, register)
        for fields in self.fields("sources.yaml", ("sources",)):
            registers.read_sources(fields, register)
        for fields in self.fields("documents.yaml", ("documents",)):
            registers.read_documents(fields, register)
        offices = self.fields("offices.yaml", registers.OFFICES_FILE_KEYS)
        for fields in offices:
            registers.read_duties(fields, register)
        registers.read_later(identity, register)
        words = self.fields("vocabulary/", vocabulary.VOCABULARY_KEYS)
        for fields in words:
            names.read_enums(fields)
        for fields in words:
            names.read_facts(fields)
        for fields in words:
            names.declare(fields)
        for fields in offices:
            registers.read_offices(fields, register, names.facts)
        for fields in self.fields("parameters/", ("parameters",)):
            parameters.read_parameters(fields, names)
        names.define()
        return names

    def items(self, names: vocabulary.Vocabulary) -> dict[str, Item]:
        by_id: dict[str, Item] = {}
        numbers: dict[int, str] = {}
        for path, fields in self.fields_by_path("items/", items.ITEM_KEYS).items():
            item = items.read_item(fields, names, path)
            if item is None:
                continue
            for taken, what in (
                (item.id in by_id, f"id `{item.id}`"),
                (item.number in numbers, f"number {item.number}"),
            ):
                if taken:
                    self.collector.add(
                        "JM053",
                        f"duplicate {what}",
                        item.span,
                        expected="an id and a number of its own",
                    )
            by_id[item.id] = item
            numbers[item.number] = item.id
        return dict(sorted(by_id.items(), key=lambda pair: pair[1].number))
