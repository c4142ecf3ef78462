"""The files of a pack, as text: which there are, their digest. Reading what they say is left to `loader`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jmentitle.language.diagnostics import Collector, Diagnostic, PackError, Span
from jmentitle.pack.model import Content

MAX_BYTES = 1_000_000
MAX_FILES = 500
MAX_TOTAL = 10_000_000
PLACES = (
    "pack.yaml", "sources.yaml", "documents.yaml", "offices.yaml", "conflicts.yaml", "indicators.yaml", "vocabulary/*.yaml", "parameters/*.yaml",
    "items/*/*.yaml",
)  # fmt: skip
_DEPTH = 4
_EXAMPLES = "\nexamples:"


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its path within the pack and its text. `rule_text` is what is read on loading."""

    path: str
    text: str

    @property
    def in_place(self) -> bool:
        """Whether a pack has such a file."""
        return any(PurePosixPath("/", self.path).match(f"/{place}") for place in PLACES)

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
    for path in sorted(_paths(folder)):
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


def _paths(folder: Path) -> Iterator[Path]:
    """The files of the pack and those astray. Links to folders are not followed, and no folder is entered that lies too deep for a pack."""
    folders = [folder]
    for _ in range(_DEPTH):
        inside = [path for one in folders for path in one.iterdir()]
        folders = [path for path in inside if path.is_dir() and not path.is_symlink()]
        yield from (path for path in inside if path.suffix in (".yaml", ".yml") and path not in folders)


def read_file(path: Path, within: str, collector: Collector) -> PackFile | None:
    """One file under the name that diagnostics give it; None after reporting why it cannot be read."""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe might never end
            raise OSError(0, "it is not a regular file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            collector.add("JM012", "the file is too large", Span(within, 1, 1), expected=f"at most {MAX_BYTES} bytes")
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
