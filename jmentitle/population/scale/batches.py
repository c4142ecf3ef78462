"""Two Parquet tables read together, a number of whole households at a time, in bounded memory.

Both are sorted by household, ascending: numbers by size, texts by code point. That is checked as
the rows come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never, cast

import polars as pl
import pyarrow.parquet as pq

from jmentitle.errors import HouseholdError, fail
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.population.frames import HOUSEHOLD
from jmentitle.population.intake.files import parquet_files
from jmentitle.population.intake.guard import guarded, refuse_repeated
from jmentitle.population.intake.ids import DIFFERENT, as_in, normalize_ids
from jmentitle.population.reading import expected_ids

Source = str | Path | Sequence[str | Path]
"""A Parquet file, a folder with Parquet files (in the order of their names), or several files in
their order."""
_ROWS = 65_536
"""Rows read at a time."""
_BUFFER = 1 << 20
_FILES = "a Parquet file, a folder with Parquet files, or a list of such files"
_SORTED = "rows sorted by household, ascending: numbers by size, texts by code point"


@dataclass(frozen=True)
class Batch:
    """Some households with all their members, and the rows of the tables that they begin with."""

    households: pl.DataFrame
    members: pl.DataFrame
    first_rows: tuple[int, int]


class Table:
    """The rows of a table that lies in Parquet files; `files` are its parts in order, counted
    through as one."""

    def __init__(self, source: Source, name: str, ids: Sequence[str]) -> None:
        """`name` is what diagnostics call the table. Raises HouseholdError (JM100) when it cannot
        be read as one."""
        self.name = name
        self.files = self._files(source)
        with self.reading():
            schemas = [self._open(file).schema_arrow for file in self.files]
            self.schema = schemas[0]
            self.rows = sum(self._open(file).metadata.num_rows for file in self.files)
            refuse_repeated(self.names, name)
            if any(not schema.equals(self.schema) for schema in schemas):
                self._refuse(
                    "JM100",
                    "the files have different columns",
                    expected="files with the same columns of the same types, in the same order",
                )
            for id_ in ids:
                if id_ not in self.names:
                    self._refuse(
                        "JM100", f"missing column `{id_}`", expected=expected_ids(id_, self.names)
                    )
            if not self.rows:
                self._refuse("JM100", "the frame is empty", expected="at least one row")
            self.kind = normalize_ids(self.none()[HOUSEHOLD], HOUSEHOLD, 0, Collector()).dtype
        if not (self.of_texts or self.kind.is_integer()):
            self._refuse(
                "JM101",
                "the ids are neither whole numbers nor texts",
                HOUSEHOLD,
                expected="a column of whole numbers or of texts",
            )

    @property
    def of_texts(self) -> bool:
        return self.kind == pl.String

    def none(self) -> pl.DataFrame:
        """The table without its rows."""
        return cast("pl.DataFrame", pl.from_arrow(self.schema.empty_table()))

    @property
    def names(self) -> list[str]:
        return list(self.schema.names)

    def batches(self) -> Iterator[pl.DataFrame]:
        """All rows in order, some at a time, ids of households as texts or whole numbers. Raises
        HouseholdError where a file is damaged."""
        for file in self.files:
            rows = self._rows(file)
            while True:
                with self.reading():
                    frame = next(rows, None)
                if frame is None:
                    break
                yield frame

    def _rows(self, file: Path) -> Iterator[pl.DataFrame]:
        parquet = self._open(file)
        # Arrow cannot put lists of enums from several row groups into one batch.
        for group in range(parquet.num_row_groups):
            for batch in parquet.iter_batches(batch_size=_ROWS, row_groups=[group]):
                # Polars takes texts of Arrow for UTF-8 unseen.
                batch.validate(full=True)
                frame = cast("pl.DataFrame", pl.from_arrow(batch))
                yield (
                    frame.with_columns(pl.col(HOUSEHOLD).cast(pl.String))
                    if self.of_texts
                    else frame
                )

    def wrong_type(self, households: Table) -> Never:
        self._refuse("JM101", DIFFERENT, HOUSEHOLD, expected=as_in(households.kind))

    def wrong_row(self, row: int, message: str, expected: str) -> Never:
        self._refuse("JM101", message, f"{HOUSEHOLD}, row {row}", expected=expected)

    def _files(self, source: Source) -> list[Path]:
        with self.reading():
            paths = [source] if isinstance(source, str | Path) else list(source)
            files = [file for path in paths for file in parquet_files(path, self.name)]
        return files or self._refuse("JM100", "the list of files is empty", expected=_FILES)

    def _open(self, file: Path) -> Any:
        return pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)

    def reading(self) -> AbstractContextManager[None]:
        """Report any failure in here as damage of the files."""
        return guarded(self.name, expected=_FILES)

    def _refuse(
        self, code: Code, message: str, column: str | None = None, *, expected: str
    ) -> Never:
        fail(
            code,
            message,
            path=self.name if column is None else f"{self.name}.{column}",
            expected=expected,
            error=HouseholdError,
        )


class _Buffer:
    """The rows of a table that have been read and not yet been given out."""

    def __init__(self, table: Table, *, once: bool) -> None:
        """`once`: each household has one row."""
        self.table = table
        self.once = once
        self.waiting = table.batches()
        self.rows = table.none()
        self.given = 0
        self.last: int | str | None = None
        """The household of the last row that has been read."""

    def more(self) -> bool:
        """Read on; False at the end."""
        batch = next(self.waiting, None)
        if batch is None:
            return False
        self._check_order(batch[HOUSEHOLD])
        self.last = batch[HOUSEHOLD][-1]
        with self.table.reading():
            self.rows = pl.concat([self.rows, batch]) if self.rows.height else batch
        return True

    def take(self, count: int) -> pl.DataFrame:
        rows = self.rows[:count]
        self.rows = self.rows[count:]
        self.given += rows.height
        return rows

    def _check_order(self, ids: pl.Series) -> None:
        first = self.given + self.rows.height
        if ids.null_count():
            self.table.wrong_row(
                first + int(ids.is_null().arg_true()[0]), "missing id", "an id in every row"
            )
        before = ids.shift(1) if self.last is None else ids.shift(1, fill_value=self.last)
        down = (ids < before).arg_true()
        if len(down):
            self.table.wrong_row(
                first + int(down[0]), "the rows are not sorted by household", _SORTED
            )
        same = (ids == before).arg_true() if self.once else ids.head(0)
        if len(same):
            self.table.wrong_row(first + int(same[0]), "duplicate household id", "an id of its own")


def batches(households: Table, members: Table, size: int) -> Iterator[Batch]:
    """All households in order with their members, `size` at a time. Raises HouseholdError (JM101)
    where the rows are not sorted alike.

    Whether each household of a batch has members, and each member there a household, is left to
    `read_population`.
    """
    if households.of_texts != members.of_texts:
        members.wrong_type(households)
    homes, people = _Buffer(households, once=True), _Buffer(members, once=False)
    while True:
        while homes.rows.height < size and homes.more():
            pass
        if not homes.rows.height:
            break
        first_rows = (homes.given, people.given)
        rows = homes.take(size)
        last = rows[HOUSEHOLD][-1]
        while (not people.rows.height or people.rows[HOUSEHOLD][-1] <= last) and people.more():
            pass
        count = (
            int(people.rows[HOUSEHOLD].search_sorted(last, side="right"))
            if people.rows.height
            else 0
        )
        if not count:
            households.wrong_row(
                first_rows[0], "the household has no member", "at least one row in `members`"
            )
        yield Batch(rows, people.take(count), first_rows)
    if people.rows.height or people.more():
        members.wrong_row(people.given, "unknown household id", "an id of `households`")
