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
# What is said of names; when a file cannot be read at all, those that it defines are not unknown.
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
        self.files, self.collector = files, collector
        self.pieces = {
            file.path: yaml_tree.read(file.rule_text, file.path, collector)
            for file in files
            if file.in_place
        }
        if None in self.pieces.values():
            collector.ignored = _NAMED_ELSEWHERE

    def fields(self, prefix: str, known: tuple[str, ...]) -> list[tuple[str, Fields]]:
        """The files whose path begins with `prefix`, opened."""
        found = []
        for path, piece in self.pieces.items():
            if path.startswith(prefix):
                opened = Fields.open(piece, self.collector, known, "the file")
                if opened is not None:
                    found.append((path, opened))
        return found

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
        known = registers.Registers(self.collector)
        names = vocabulary.Vocabulary(known)
        if not self.reads_language():
            return None
        identity = self.fields("pack.yaml", registers.IDENTITY_KEYS)
        if not identity:
            if "pack.yaml" not in self.pieces:
                self.collector.add(
                    "JM018",
                    "the files are not a pack",
                    expected="a pack.yaml among them",
                    path="the pack",
                )
            return None
        registers.read_identity(identity[0][1], known)
        for _, fields in self.fields("sources.yaml", ("sources",)):
            registers.read_sources(fields, known)
        for _, fields in self.fields("documents.yaml", ("documents",)):
            registers.read_documents(fields, known)
        offices = self.fields("offices.yaml", registers.OFFICES_FILE_KEYS)
        for _, fields in offices:
            registers.read_duties(fields, known)
        registers.read_later(identity[0][1], known)
        words = self.fields("vocabulary/", vocabulary.VOCABULARY_KEYS)
        for _, fields in words:
            names.read_enums(fields)
        for _, fields in words:
            names.read_facts(fields)
        for _, fields in words:
            names.declare(fields)
        for _, fields in offices:
            registers.read_offices(fields, known, names.facts)
        for _, fields in self.fields("parameters/", ("parameters",)):
            parameters.read_parameters(fields, names)
        names.define()
        found = self.items(names)
        conflicts = {}
        for _, fields in self.fields("conflicts.yaml", ("conflicts",)):
            conflicts.update(items.read_conflicts(fields, names, found))
        measures = {}
        for _, fields in self.fields("indicators.yaml", ("indicators",)):
            measures.update(indicators.read_indicators(fields, names, found))
        checks.check_names(names, found, self.collector)
        if known.validity.start is None or known.validity.end is None:
            return None
        return Content(
            id=known.id,
            version=known.version,
            name=known.name,
            validity=known.validity,
            later=known.later,
            units=known.units,
            domains=known.domains,
            payers=known.payers,
            answerers=known.answerers,
            enums=names.enums,
            facts=names.facts,
            statuses=names.statuses,
            quantities=names.quantities,
            parameters=names.parameters,
            sources=known.sources,
            documents=known.documents,
            duties=known.duties,
            offices=known.offices,
            hotlines=known.hotlines,
            items=found,
            conflicts=conflicts,
            indicators=measures,
        )

    def items(self, names: vocabulary.Vocabulary) -> dict[str, Item]:
        found: dict[str, Item] = {}
        numbers: dict[int, str] = {}
        for path, fields in self.fields("items/", items.ITEM_KEYS):
            item = items.read_item(fields, names, path)
            if item is None:
                continue
            for taken, what in (
                (item.id in found, f"id `{item.id}`"),
                (item.number in numbers, f"number {item.number}"),
            ):
                if taken:
                    self.collector.add(
                        "JM053",
                        f"duplicate {what}",
                        item.span,
                        expected="an id and a number of its own",
                    )
            found[item.id] = item
            numbers[item.number] = item.id
        return dict(sorted(found.items(), key=lambda pair: pair[1].number))
