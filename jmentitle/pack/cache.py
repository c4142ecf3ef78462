"""A compiled pack kept on disk, so that the YAML is read once.

The cache is a convenience and never a source: its key covers every byte of the pack, the version of the package and the state of the code that
reads packs; a file that is missing, damaged or not ours is passed over and written anew. Nothing in it is ever executed: the reader accepts only
the plain classes that a pack consists of. `JMENTITLE_CACHE` names another folder; set to an empty text it turns the cache off.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import stat
import sys
from pathlib import Path
from typing import Any

from jmentitle.pack.collection import without_collection
from jmentitle.pack.files import Loaded

_MAGIC = b"jmentitle pack 1\n"
_ALLOWED = {
    "builtins": {"frozenset", "set"},
    "datetime": {"date"},
    "jmentitle.language.diagnostics": {"Diagnostic", "Span"},
    "jmentitle.pack.text": {"Text"},
    "jmentitle.pack.files": {"Loaded"},
}
_ALLOWED_MODULES = frozenset({"jmentitle.language.tree", "jmentitle.pack.model"})


def read(digest: str) -> Loaded | None:
    """The compiled pack with this digest; None when there is none that can be trusted."""
    path = _path(digest)
    try:
        if path is None or not (_ours(path.parent) and _ours(path)):
            return None
        data = path.read_bytes()
        payload = data[len(_MAGIC) + 32 :]
        if not data.startswith(_MAGIC) or hashlib.sha256(payload).digest() != data[len(_MAGIC) : len(_MAGIC) + 32]:
            return None
        with without_collection():
            loaded = _Reader(io.BytesIO(payload)).load()
    except Exception:
        return None
    return loaded if isinstance(loaded, Loaded) and loaded.digest == digest else None


def write(loaded: Loaded) -> None:
    """Keep a compiled pack; where that is not possible, nothing is kept."""
    import tempfile  # needed only here, and slow to import

    path = _path(loaded.digest)
    if path is None:
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(path.parent):
            return
        payload = pickle.dumps(loaded, protocol=5)
        # Written beside and renamed, so that a reader never sees half a file.
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + hashlib.sha256(payload).digest() + payload)
        Path(name).replace(path)


class _Reader(pickle.Unpickler):
    """Reads only the plain classes of packs: no function and no other class can be named."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _ALLOWED.get(module, ()) or (module in _ALLOWED_MODULES and name[:1].isupper() and name.isidentifier()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError("not a part of a pack")


def _path(digest: str) -> Path | None:
    named = os.environ.get("JMENTITLE_CACHE")
    if named == "":
        return None
    folder = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jmentitle"
    key = hashlib.sha256(f"{digest} {sys.version_info[:2]} {_state_of_code()}".encode()).hexdigest()
    return folder / f"{key[:40]}.pack"


def _state_of_code() -> str:
    """The size and time of every module that reads packs: a changed reader must not find what the old one made."""
    rooms = Path(__file__).parent.parent
    modules = [*sorted((rooms / "language").glob("*.py")), *sorted((rooms / "pack").glob("*.py"))]
    return ",".join(f"{found.st_size}:{found.st_mtime_ns}" for found in (module.stat() for module in modules))


def _ours(path: Path) -> bool:
    """Whether only this user can have written it."""
    found = path.lstat()
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
