"""Loading a pack from its folder: read, check, and report every mistake at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jmentitle.language.diagnostics import Collector, Diagnostic, PackError, Span
from jmentitle.pack import checks, items, parameters, positioned, registers, vocabulary
from jmentitle.pack.model import Content, Item
from jmentitle.pack.reading import Fields

MAX_FILES = 500
MAX_TOTAL = 10_000_000
PLACES = (
    "pack.yaml", "sources.yaml", "documents.yaml", "offices.yaml", "conflicts.yaml", "vocabulary/*.yaml", "parameters/*.yaml", "items/*/*.yaml",
)  # fmt: skip
_EXAMPLES = "\nexamples:"


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its path within the pack and its text. `rule_text` is what is read on loading."""

    path: str
    text: str

    @property
    def rule_text(self) -> str:
        """The file up to its examples, which are always last and are read only when they are run."""
        if not self.path.startswith("items/"):
            return self.text
        at = self.text.find(_EXAMPLES)
        return self.text if at < 0 else self.text[: at + 1]


@dataclass(frozen=True, slots=True)
class Loaded:
    content: Content
    digest: str
    warnings: tuple[Diagnostic, ...]


def read_files(folder: Path) -> tuple[PackFile, ...]:
    """The YAML files of a pack in a fixed order. Raises PackError when there is no pack or a file is unreadable."""
    collector = Collector()
    if not (folder / "pack.yaml").is_file():
        collector.add("JM018", f"{folder.name or folder} is not a pack", expected="a folder with a pack.yaml", path=str(folder))
        raise PackError(collector.errors)
    found: list[PackFile] = []
    total = 0
    for path in sorted(folder.rglob("*.yaml")):
        within = path.relative_to(folder).as_posix()
        file = read_file(path, within, collector)
        if file is not None:
            found.append(file)
            total += len(file.text)
        if len(found) > MAX_FILES or total > MAX_TOTAL:
            collector.add("JM012", "the pack is too large", Span(within, 1, 1), expected=f"at most {MAX_FILES} files and {MAX_TOTAL} characters")
            break
    if collector.errors:
        raise PackError(collector.errors)
    return tuple(found)


def read_file(path: Path, within: str, collector: Collector) -> PackFile | None:
    """One file under the name that diagnostics give it; None after reporting why it cannot be read."""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe might never end
            raise OSError(0, "it is not a regular file")
        with path.open("rb") as file:
            data = file.read(positioned.MAX_BYTES + 1)
        if len(data) > positioned.MAX_BYTES:
            collector.add("JM012", "the file is too large", Span(within, 1, 1), expected=f"at most {positioned.MAX_BYTES} bytes")
            return None
        return PackFile(within, data.decode("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        reason = "it is not UTF-8" if isinstance(problem, UnicodeDecodeError) else (problem.strerror or "unknown reason").lower()
        collector.add("JM017", f"the file cannot be read: {reason}", Span(within, 1, 1), expected="a readable UTF-8 file")
    return None


def digest_of(files: tuple[PackFile, ...]) -> str:
    """A digest of every byte of every file and of the paths."""
    total = hashlib.sha256()
    for file in files:
        for part in (file.path, file.text):
            data = part.encode()
            total.update(len(data).to_bytes(8, "big") + data)
    return "sha256:" + total.hexdigest()


def load(files: tuple[PackFile, ...]) -> Loaded:
    """Read and check a pack. Raises PackError with every error found."""
    collector = Collector()
    _check_places(files, collector)
    content = _Loading(files, collector).content()
    if content is not None:
        checks.check(content, collector)
    if content is None or collector.errors:
        raise PackError([*collector.errors, *collector.warnings])
    return Loaded(content, digest_of(files), collector.warnings)


def _check_places(files: tuple[PackFile, ...], collector: Collector) -> None:
    """A file elsewhere would be passed over in silence."""
    for file in files:
        if not any(PurePosixPath("/", file.path).match(f"/{place}") for place in PLACES):
            collector.add("JM065", f"no pack has a file {file.path}", Span(file.path, 1, 1), expected=", ".join(PLACES))


class _Loading:
    def __init__(self, files: tuple[PackFile, ...], collector: Collector) -> None:
        self.files, self.collector = files, collector

    def fields(self, prefix: str, known: tuple[str, ...]) -> list[tuple[str, Fields]]:
        """The files whose path begins with `prefix`, opened."""
        found = []
        for file in self.files:
            if not file.path.startswith(prefix):
                continue
            piece = positioned.read(file.rule_text, file.path, self.collector)
            opened = Fields.open(piece, self.collector, known, "the file")
            if opened is not None:
                found.append((file.path, opened))
        return found

    def content(self) -> Content | None:
        known = registers.Registers(self.collector)
        names = vocabulary.Vocabulary(known)
        identity = self.fields("pack.yaml", registers.IDENTITY_KEYS)
        if not identity:
            return None
        registers.read_identity(identity[0][1], known)
        for _, fields in self.fields("sources.yaml", ("sources",)):
            registers.read_sources(fields, known)
        for _, fields in self.fields("documents.yaml", ("documents",)):
            registers.read_documents(fields, known)
        offices = self.fields("offices.yaml", registers.OFFICES_FILE_KEYS)
        for _, fields in offices:
            registers.read_functions(fields, known)
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
        checks.check_unused(names, found, self.collector)
        if known.validity.start is None or known.validity.end is None:
            return None
        return Content(
            id=known.id, version=known.version, name=known.name, validity=known.validity, later=known.later, units=known.units,
            domains=known.domains, payers=known.payers, answerers=known.answerers, enums=names.enums, facts=names.facts,
            statuses=names.statuses, quantities=names.quantities, parameters=names.parameters, sources=known.sources,
            documents=known.documents, functions=known.functions, offices=known.offices, hotlines=known.hotlines, items=found,
            conflicts=conflicts,
        )  # fmt: skip

    def items(self, names: vocabulary.Vocabulary) -> dict[str, Item]:
        found: dict[str, Item] = {}
        numbers: dict[int, str] = {}
        for path, fields in self.fields("items/", items.ITEM_KEYS):
            item = items.read_item(fields, names, path)
            if item is None:
                continue
            for taken, what in ((item.id in found, f"id `{item.id}`"), (item.number in numbers, f"number {item.number}")):
                if taken:
                    self.collector.add("JM053", f"the {what} is taken", item.span, expected="an id and a number of its own")
            found[item.id] = item
            numbers[item.number] = item.id
        return dict(sorted(found.items(), key=lambda pair: pair[1].number))
