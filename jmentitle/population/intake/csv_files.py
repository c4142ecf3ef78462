"""CSV files as frames of texts: what a cell means is said by the fact of its column, not guessed
from its neighbours."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Never, cast

import polars as pl
import pyarrow as pa
import pyarrow.csv

from jmentitle.errors import HouseholdError, fail
from jmentitle.population.intake.guard import guarded, refuse_repeated

MOST_BYTES = 2 << 30
"""A larger CSV file is refused, since it would be read whole."""
_HEAD = 1 << 16
_BLOCK = 1 << 24
_SIGNS = {
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"PAR1": "a Parquet file",
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""The first bytes of files in UTF-16."""
_CSV = "CSV in UTF-8 with a comma between columns and the names of the columns in the first line"


def read_csv(file: Path, path: str) -> pl.DataFrame:
    """All cells as texts; null for an empty cell, and an empty text for `""`.

    Raises HouseholdError (JM100), which says what the file is instead and in which rows it is
    amiss.
    """
    if file.stat().st_size > MOST_BYTES:
        fail(
            "JM100",
            "the file is too large",
            path=path,
            expected=f"at most {MOST_BYTES >> 30} GB, or Parquet",
            error=HouseholdError,
        )
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    kind = next((kind for sign, kind in _SIGNS.items() if head.startswith(sign)), None)
    if kind is not None:
        fail("JM100", f"found {kind}, not CSV", path=path, expected=_CSV, error=HouseholdError)
    if not head.strip():
        fail("JM100", "the file is empty", path=path, expected=_CSV, error=HouseholdError)
    if head.startswith(_WIDE):
        _wrong_encoding("UTF-16", path)
    names = _names(head)
    if len(names) == 1:
        for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if separator in names[0]:
                fail(
                    "JM100",
                    f"the columns are separated by {word}",
                    path=path,
                    expected=_CSV,
                    error=HouseholdError,
                )
    refuse_repeated(names, path)
    with guarded(path, "this cannot be read as CSV", _CSV):
        try:
            table, ragged = _parsed(file, names, threads=True)
        except pa.ArrowInvalid:
            _refuse_encoding(file, path)
            raise
        if ragged:
            _, ragged = _parsed(file, names, threads=False)
            more = f" and {len(ragged) - 1:,} more" if len(ragged) > 1 else ""
            message = "the rows have more or fewer cells than the table has columns"
            fail(
                "JM100",
                message,
                path=f"{path}, row {ragged[0]}{more}",
                expected=f"{len(names)} cells in every row",
                error=HouseholdError,
            )
        return cast("pl.DataFrame", pl.from_arrow(table))


def _parsed(file: Path, names: list[str], *, threads: bool) -> tuple[pa.Table, list[int | None]]:
    """The table, and the rows that are too long or too short, counted from 0; their numbers are
    known only without threads."""
    ragged: list[int | None] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        # The first line of the file is 1, and the header.
        ragged.append(None if row.number is None else row.number - 2)
        return "skip"

    table = pyarrow.csv.read_csv(
        file,
        pyarrow.csv.ReadOptions(use_threads=threads, block_size=_BLOCK),
        pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
        pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return table, ragged


def _names(head: bytes) -> list[str]:
    """The names in the first line."""
    return next(
        csv.reader(head.decode("utf-8-sig", errors="replace").splitlines(keepends=True)), []
    )


def _refuse_encoding(file: Path, path: str) -> None:
    """Refuse a file that is no UTF-8; one that is goes on."""
    content = file.read_bytes()
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8":
            _wrong_encoding("GBK or GB18030", path)
        return
    _wrong_encoding("another encoding", path)


def _wrong_encoding(encoding: str, path: str) -> Never:
    fail(
        "JM100",
        f"the file is not in UTF-8; it seems to be in {encoding}",
        path=path,
        expected="a file saved as UTF-8",
        error=HouseholdError,
    )
