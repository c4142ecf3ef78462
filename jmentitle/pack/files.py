"""The files of a pack, as text: which there are, their digest. Reading what they say is left to
`loader`."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jmentitle.errors import PackError
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Diagnostic, Span
from jmentitle.pack.model import Content

MAX_BYTES = 1_000_000
MAX_FILES = 500
MAX_TOTAL = 10_000_000
MAX_ENTRIES = 50_000
"""A folder with more entries than this, of any kind, is not a pack."""
PATTERNS = (
    "pack.yaml",
    "sources.yaml",
    "documents.yaml",
    "offices.yaml",
    "conflicts.yaml",
    "indicators.yaml",
    "vocabulary/*.yaml",
    "parameters/*.yaml",
    "items/*/*.yaml",
)
_DEPTH = 4
_EXAMPLES = "\nexamples:"


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its path within the pack and its text. `rule_text` is what is read on
    loading."""

    path: str
    text: str

    @property
    def in_place(self) -> bool:
        """Whether a pack has such a file."""
        return any(PurePosixPath("/", self.path).match(f"/{pattern}") for pattern in PATTERNS)

    @property
    def rule_text(self) -> str:
        """The file up to its examples, which are always last and are read only when they are
        run."""
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
    """The YAML files of a pack in a fixed order. Raises PackError when there is no pack or a file
    is unreadable."""
    collector = Collector()
    if not is_file(folder / "pack.yaml"):
        collector.add(
            "JM018",
            f"{folder.name or folder} is not a pack",
            expected="a folder with a pack.yaml",
            path=str(folder),
        )
        raise PackError(collector.errors)
    pack_files: list[PackFile] = []
    total = 0
    for path in sorted(_paths(folder, collector)):
        within = path.relative_to(folder).as_posix()
        file = read_file(path, within, collector)
        if file is not None:
            pack_files.append(file)
            total += len(file.text)
        if len(pack_files) > MAX_FILES or total > MAX_TOTAL:
            collector.add(
                "JM012",
                "the pack is too large",
                Span(within, 1, 1),
                expected=f"at most {MAX_FILES} files and {MAX_TOTAL} characters",
            )
            break
    if collector.errors:
        raise PackError(collector.errors)
    return tuple(pack_files)


def is_file(path: Path) -> bool:
    """Whether this is a regular file that can be seen from here."""
    try:
        return path.is_file()
    except OSError:  # a folder that may not be entered, a name that is too long
        return False


def is_folder(path: Path) -> bool:
    """Whether this is a folder that can be seen from here."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _paths(folder: Path, collector: Collector) -> list[Path]:
    """The YAML files of the folder, in place or not. Links to folders are not followed, and folders
    too deep for a pack are not entered."""
    paths: list[Path] = []
    folders = [str(folder)]
    entries = 0
    for _ in range(_DEPTH):
        outer, folders = folders, []
        for name in outer:
            try:
                with os.scandir(name) as inside:
                    for entry in inside:
                        entries += 1
                        if entries > MAX_ENTRIES:
                            collector.add(
                                "JM012",
                                "the folder holds too many files",
                                path=str(folder),
                                expected=f"at most {MAX_ENTRIES}",
                            )
                            return []
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                        elif entry.name.endswith((".yaml", ".yml")):
                            paths.append(Path(entry.path))
            except OSError as problem:
                collector.add(
                    "JM017",
                    f"the folder cannot be read: {reason_of(problem)}",
                    path=name,
                    expected="a readable folder",
                )
    return paths


def read_file(path: Path, within: str, collector: Collector) -> PackFile | None:
    """One file under the name that diagnostics give it; None after reporting why it cannot be
    read."""
    try:
        data = read_data(path, MAX_BYTES)
        if data is None:
            collector.add(
                "JM012",
                "the file is too large",
                Span(within, 1, 1),
                expected=f"at most {MAX_BYTES} bytes",
            )
            return None
        return PackFile(within, plain_lines(data.decode("utf-8")))
    except (OSError, ValueError) as problem:
        expected = "a readable UTF-8 file"
        collector.add(
            "JM017",
            f"the file cannot be read: {reason_of(problem)}",
            Span(within, 1, 1),
            expected=expected,
        )
    return None


def read_data(path: Path, most: int, *, streams: bool = False) -> bytes | None:
    """The bytes of a file; None where there are more than `most`. With `streams` also those of a
    device, or of a pipe to which somebody writes.

    Never waits for somebody to open the other end of a pipe, and never reads on without end. Raises
    OSError, and ValueError for a name that no file can have.
    """
    # Opened without waiting: a pipe to which nobody writes would never open.
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(opened, "rb", buffering=0) as file:
        status = os.fstat(opened)
        if stat.S_ISDIR(status.st_mode):
            raise OSError(0, "it is a folder")
        if not stat.S_ISREG(status.st_mode) and not (
            streams and (stat.S_ISFIFO(status.st_mode) or stat.S_ISCHR(status.st_mode))
        ):
            raise OSError(0, "it is not a regular file")
        if stat.S_ISREG(status.st_mode) and status.st_size > most:
            return None
        data = bytearray()
        while len(data) <= most:
            part = file.read(min(most + 1 - len(data), 1 << 20))
            if part is None:  # somebody is about to write
                os.set_blocking(opened, True)
            elif part:
                data += part
            elif not data and stat.S_ISFIFO(status.st_mode) and not os.get_blocking(opened):
                raise OSError(0, "nobody writes to this pipe")
            else:
                break
    return None if len(data) > most else bytes(data)


def reason_of(problem: OSError | ValueError) -> str:
    """Why a file cannot be read or written, in a few words that name no file."""
    if isinstance(problem, UnicodeError):
        return "it is not UTF-8"
    return (
        (problem.strerror if isinstance(problem, OSError) else None) or "no file has this name"
    ).lower()


def plain_lines(text: str) -> str:
    """The text with the line ends of Unix and without a byte order mark: what one checkout holds,
    and one digest, on every machine."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def digest_of(files: tuple[PackFile, ...]) -> str:
    """A digest of the texts of all files and of their paths."""
    total = hashlib.sha256()
    for file in files:
        for part in (file.path, file.text):
            data = part.encode()
            total.update(len(data).to_bytes(8, "big") + data)
    return "sha256:" + total.hexdigest()
