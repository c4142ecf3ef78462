"""The files that a path names, without opening a pipe or device that never ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from jmentitle.errors import HouseholdError, fail

_EXPECTED = "the path of a Parquet or CSV file"
_PARQUET = b"PAR1"


def regular(path: str | Path, name: str) -> Path:
    """A file that is there and ends. Raises HouseholdError (JM100) for none, a folder, a pipe and a
    device."""
    file = Path(path)
    try:
        mode = file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        fail("JM100", "file not found", path=name, expected=_EXPECTED, error=HouseholdError)
    except (OSError, ValueError):
        fail(
            "JM100",
            "the file cannot be opened",
            path=name,
            expected=_EXPECTED,
            error=HouseholdError,
        )
    if stat.S_ISDIR(mode):
        fail("JM100", "found a folder", path=name, expected=_EXPECTED, error=HouseholdError)
    if not stat.S_ISREG(mode):
        fail("JM100", "found a pipe or device", path=name, expected=_EXPECTED, error=HouseholdError)
    if not os.access(file, os.R_OK):
        fail(
            "JM100",
            "no permission to read the file",
            path=name,
            expected=_EXPECTED,
            error=HouseholdError,
        )
    return file


def is_csv(path: object) -> bool:
    return isinstance(path, str | Path) and Path(path).suffix.lower() == ".csv"


def parquet_files(path: str | Path, name: str) -> list[Path]:
    """The Parquet file of this path, or those in this folder in the order of their names. Raises
    HouseholdError (JM100)."""
    folder = Path(path)
    files = [regular(path, name)] if not folder.is_dir() else _within(folder, name)
    for file in files:
        with file.open("rb") as opened:
            sign = opened.read(len(_PARQUET))
        if not sign:
            fail("JM100", "the file is empty", path=name, expected=_EXPECTED, error=HouseholdError)
        if sign != _PARQUET:
            fail(
                "JM100",
                "the file is not Parquet, and its name does not end in .csv",
                path=name,
                expected=_EXPECTED,
                error=HouseholdError,
            )
    return files


def _within(folder: Path, name: str) -> list[Path]:
    files = sorted(file for file in folder.glob("*.parquet") if file.name[0] not in "._")
    if not files:
        fail(
            "JM100",
            "the folder has no Parquet file",
            path=name,
            expected="files whose names end in .parquet",
            error=HouseholdError,
        )
    return [regular(file, name) for file in files]
