"""A folder of Parquet files that is there as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Never

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jmentitle.errors import OutputError, fail
from jmentitle.language import arguments
from jmentitle.language.characters import visible

RECEIPT = "_complete.json"
_ROWS = 500_000
"""Rows written at a time."""


class OutputFolder:
    """Parquet files written piece by piece to a temporary folder, which gets its name once
    everything is on the disk.

    Used as a context: whatever ends it before `complete`, an interruption too, takes what was
    written away. Only a process that is killed leaves something, in a folder `NAME.partial-…`.
    """

    def __init__(self, folder: str | Path, *, replace: bool = False) -> None:
        """`replace`: an earlier output may be in the way. Raises OutputError (JM102) for anything
        else that is."""
        self.folder = arguments.file_path(folder, "out").absolute()
        self.named, self.replace = visible(str(folder)), replace
        self.partial = self.folder
        self.writers: dict[str, pq.ParquetWriter] = {}
        self.rows: dict[str, int] = {}
        self._check_free()

    def __enter__(self) -> OutputFolder:
        try:
            self.partial = Path(
                tempfile.mkdtemp(prefix=f"{self.folder.name}.partial-", dir=self.folder.parent)
            )
        except OSError as problem:
            self._refuse(
                f"the folder cannot be made: {_reason(problem)}",
                "a new folder in a writable folder",
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.partial.exists():
            for writer in self.writers.values():
                # A disk that is full refuses the end of a file, too; what is taken away need not
                # have one.
                with suppress(OSError, pa.ArrowException):
                    writer.close()
                writer.is_open = False
            shutil.rmtree(self.partial, ignore_errors=True)
        if isinstance(problem, OSError):
            self._refuse(
                f"the output cannot be written: {_reason(problem)}",
                "a disk with room, in a folder that may be written to",
            )

    def write(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows to the file `name`; all frames of a file have the same columns."""
        for piece in frame.iter_slices(_ROWS) if frame.height else (frame,):
            table = piece.to_arrow(compat_level=pl.CompatLevel.oldest())
            if name not in self.writers:
                self.writers[name] = pq.ParquetWriter(
                    self.partial / name, table.schema, compression="zstd"
                )
            self.writers[name].write_table(table.cast(self.writers[name].schema))
        self.rows[name] = self.rows.get(name, 0) + frame.height

    def complete(self, receipt: Mapping[str, object]) -> dict[str, object]:
        """Close the files, add the receipt with their sizes and digests, and give the folder its
        name. Returns the whole receipt."""
        for writer in self.writers.values():
            writer.close()
        files = {
            name: {"rows": rows, **file_entry(self.partial / name)}
            for name, rows in self.rows.items()
        }
        whole = {**receipt, "files": files}
        (self.partial / RECEIPT).write_text(
            json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        for name in (*self.rows, RECEIPT, "."):
            _to_disk(self.partial / name)
        self._check_free()
        if self.folder.exists():
            self._replace()
        else:
            self.partial.rename(self.folder)
        _to_disk(self.folder.parent)
        return whole

    def _replace(self) -> None:
        """Take the place of the earlier output, which comes back where that is interrupted
        half-way."""
        earlier = Path(
            tempfile.mkdtemp(prefix=f"{self.folder.name}.replaced-", dir=self.folder.parent)
        )
        try:
            self.folder.rename(earlier)
            self.partial.rename(self.folder)
        finally:
            if not self.folder.exists():
                earlier.rename(self.folder)
            shutil.rmtree(earlier, ignore_errors=True)

    def _check_free(self) -> None:
        if not self.folder.is_symlink() and not self.folder.exists():
            return
        if not self.replace:
            self._refuse(
                "the output already exists", "a new folder, or permission to replace this one"
            )
        if self.folder.is_symlink() or not self.folder.is_dir() or not _is_output(self.folder):
            self._refuse(
                "the folder is not an earlier output, so it is not replaced",
                "a new folder, or an earlier output",
            )

    def _refuse(self, message: str, expected: str) -> Never:
        fail("JM102", message, path=self.named, expected=expected, error=OutputError)


def file_entry(file: Path) -> dict[str, object]:
    """Size in bytes and digest of a file."""
    with file.open("rb") as opened:
        return {
            "bytes": file.stat().st_size,
            "digest": "sha256:" + hashlib.file_digest(opened, "sha256").hexdigest(),
        }


def read_receipt(folder: str | Path) -> dict[str, object]:
    """The receipt of an output that is whole. Raises OutputError (JM102) where it is not: no
    receipt, or files of other sizes."""
    path = Path(folder)
    try:
        receipt: dict[str, object] = json.loads((path / RECEIPT).read_text(encoding="utf-8"))
        files = receipt["files"]
        whole = isinstance(files, dict) and all(
            (path / name).stat().st_size == file["bytes"] for name, file in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        expected = f"a folder with `{RECEIPT}` and the files that it names"
        fail(
            "JM102",
            "the output is not complete",
            path=visible(str(folder)),
            expected=expected,
            error=OutputError,
        )
    return receipt


def _is_output(folder: Path) -> bool:
    """Whether a folder holds an output and nothing else, or nothing at all."""
    names = {entry.name for entry in folder.iterdir()}
    if not names:
        return True
    try:
        files = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return names <= {RECEIPT, *files}


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _reason(problem: OSError) -> str:
    return (problem.strerror or "unknown reason").lower()
