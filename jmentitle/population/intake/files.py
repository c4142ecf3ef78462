"""Paths as a user gives them: which files they stand for, without opening what never ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from jmentitle.population.arguments import refuse

_EXPECTED = "the path of a Parquet or CSV file"
_PARQUET = b"PAR1"


def regular(path: str | Path, name: str) -> Path:
    """A file that is there and ends. Raises ProfileError (JM100) for none, a folder, a pipe and a
    device."""
    file = Path(path)
    try:
        mode = file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        refuse("JM100", "file not found", name, expected=_EXPECTED)
    except (OSError, ValueError):
        refuse("JM100", "the file cannot be opened", name, expected=_EXPECTED)
    if stat.S_ISDIR(mode):
        refuse("JM100", "found a folder", name, expected=_EXPECTED)
    if not stat.S_ISREG(mode):
        refuse("JM100", "found a pipe or device", name, expected=_EXPECTED)
    if not os.access(file, os.R_OK):
        refuse("JM100", "no permission to read the file", name, expected=_EXPECTED)
    return file


def is_csv(path: object) -> bool:
    return isinstance(path, str | Path) and Path(path).suffix.lower() == ".csv"


def parquet_files(path: str | Path, name: str) -> list[Path]:
    """The Parquet file of this path, or those in this folder in the order of their names. Raises
    ProfileError (JM100)."""
    folder = Path(path)
    files = [regular(path, name)] if not folder.is_dir() else _within(folder, name)
    for file in files:
        with file.open("rb") as opened:
            sign = opened.read(len(_PARQUET))
        if not sign:
            refuse("JM100", "the file is empty", name, expected=_EXPECTED)
        if sign != _PARQUET:
            refuse(
                "JM100",
                "the file is not Parquet, and its name does not end in .csv",
                name,
                expected=_EXPECTED,
            )
    return files


def _within(folder: Path, name: str) -> list[Path]:
    files = sorted(one for one in folder.glob("*.parquet") if one.name[0] not in "._")
    if not files:
        refuse(
            "JM100",
            "the folder has no Parquet file",
            name,
            expected="files whose names end in .parquet",
        )
    return [regular(file, name) for file in files]
