"""The cache of compiled packs on disk, so that the YAML is read once.

The cache is a convenience and never a source: its key covers every byte of the pack, the version of
the package and the state of the code that reads packs. A file that is missing, damaged or foreign
is ignored and written again, and no failure of the cache stops an answer. It holds data only
(`compiled`). `JMENTITLE_CACHE` names another folder; an empty text turns the cache off.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from jmentitle.pack import compiled
from jmentitle.pack.files import Loaded, read_data
from jmentitle.pack.garbage import without_collection

MAX_BYTES = 50_000_000
MAX_KEPT = 32
"""The newest packs of other days and other code are kept, up to this many."""
_MAGIC = b"jmentitle pack 2\n"
_HEAD = len(_MAGIC) + 32
_KEPT = re.compile(r"[0-9a-f]{40}\.pack")
_PART = re.compile(r"[0-9a-f]{40}\.(\d+)-\d+\.part")
_PART_SECONDS = 60
"""No pack takes so long to write."""


def read(digest: str) -> Loaded | None:
    """The compiled pack with this digest; None if no trustworthy file has it."""
    try:
        path = _path(digest)
        if path is None or not (_ours(path.parent, stat.S_ISDIR) and _ours(path, stat.S_ISREG)):
            return None
        data = read_data(path, MAX_BYTES) or b""
        payload = data[_HEAD:]
        if (
            not data.startswith(_MAGIC)
            or hashlib.sha256(payload).digest() != data[len(_MAGIC) : _HEAD]
        ):
            return None
        with without_collection():
            loaded = compiled.from_bytes(payload)
    except Exception:
        return None
    return loaded if loaded.digest == digest else None


def write(loaded: Loaded) -> None:
    """Keep a compiled pack; where that is not possible, nothing is kept."""
    # RuntimeError: there is no home. ValueError: the pack holds what cannot be written, such as
    # half a character.
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        path = _path(loaded.digest)
        if path is None:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(path.parent, stat.S_ISDIR):
            return
        with without_collection():
            payload = compiled.to_bytes(loaded)
        _clear(path.parent)
        # The file is written under another name and renamed, so that a reader never sees half of
        # it.
        part = path.with_name(f"{path.stem}.{os.getpid()}-{time.time_ns()}.part")
        try:
            opened = os.open(
                part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            with os.fdopen(opened, "wb") as file:
                file.write(_MAGIC + hashlib.sha256(payload).digest() + payload)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Remove what killed writers have left, and all but the newest packs."""
    packs = []
    for entry in os.scandir(folder):
        with contextlib.suppress(OSError):  # somebody else may be clearing too
            part = _PART.fullmatch(entry.name)
            if part is not None and _left(int(part[1]), entry.stat(follow_symlinks=False)):
                Path(entry).unlink()
            elif _KEPT.fullmatch(entry.name):
                packs.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path))
    for _, name in sorted(packs)[: -MAX_KEPT + 1]:
        with contextlib.suppress(OSError):
            Path(name).unlink()


def _left(writer: int, status: os.stat_result) -> bool:
    """Whether nobody writes any more; where a writer is taken for dead that lives, its pack is not
    kept, and that is all."""
    if time.time() - status.st_mtime > _PART_SECONDS:
        return True
    if os.name != "posix":  # elsewhere the signal 0 ends a process
        return False
    try:
        os.kill(writer, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's
        return False
    return False


def _path(digest: str) -> Path | None:
    """Where a pack is kept. Raises RuntimeError where there is no home."""
    named = os.environ.get("JMENTITLE_CACHE")
    if named == "":
        return None
    folder = (
        Path(named)
        if named
        else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jmentitle"
    )
    key = hashlib.sha256(
        f"{digest} {sys.version_info[:2]} {sys.byteorder} {_state_of_code()}".encode()
    ).hexdigest()
    return folder / f"{key[:40]}.pack"


def _state_of_code() -> str:
    """The size and time of every module that reads packs: a changed reader must not find what the
    old one made."""
    rooms = Path(__file__).parent.parent
    modules = [*sorted((rooms / "language").glob("*.py")), *sorted((rooms / "pack").glob("*.py"))]
    return ",".join(
        f"{found.st_size}:{found.st_mtime_ns}" for found in (module.stat() for module in modules)
    )


def _ours(path: Path, is_kind: Callable[[int], bool]) -> bool:
    """Whether this is a file, or a folder, that only this user can have written."""
    status = path.lstat()
    if not is_kind(status.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
