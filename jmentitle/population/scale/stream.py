"""From Parquet to Parquet: populations of any size, decided some households at a time in bounded
memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.assessment.models import Decision
from jmentitle.assessment.receipt import package_version
from jmentitle.chain.columns.compiler import Columns
from jmentitle.errors import HouseholdError, OutputError, fail
from jmentitle.language import arguments
from jmentitle.language.characters import visible
from jmentitle.pack.model import Content
from jmentitle.population.answers import checked
from jmentitle.population.deciding import Progress, side_by_side
from jmentitle.population.frames import HOUSEHOLD, MEMBER, Population
from jmentitle.population.intake.files import is_csv, parquet_files
from jmentitle.population.intake.guard import UNREADABLE
from jmentitle.population.listing import benefit_rows, benefit_totals, decision_rows, item_totals
from jmentitle.population.process import here
from jmentitle.population.reading import read_population
from jmentitle.population.run import OPEN
from jmentitle.population.scale.batches import Source, Table, batches
from jmentitle.population.scale.decider import Decider, columns_of
from jmentitle.population.scale.output import OutputFolder, file_entry, read_receipt

if TYPE_CHECKING:
    from jmentitle.pack.rules import Rules

DECISIONS, BENEFITS, TOTALS, ITEMS = (
    "decisions.parquet",
    "benefits.parquet",
    "totals.parquet",
    "items.parquet",
)
PART = 40_000
"""Households decided at a time. Two such parts are at work at once, and with all that is open to
them they take about a gigabyte."""


@dataclass(frozen=True)
class Files:
    """The output of `Pack.run_files`: where it lies, and its receipt.

    Fields:
        folder: The folder.
        receipt: Package, pack, version, digest, overlays, day, counts, and the digests of all files
            read and written.
    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> temporary = TemporaryDirectory()
        >>> folder = Path(temporary.name)
        >>> homes, people = folder / "homes.parquet", folder / "people.parquet"
        >>> city.households.write_parquet(homes)
        >>> city.members.write_parquet(people)
        >>> files = pack.run_files(homes, people, folder / "decided", on)
        >>> files.receipt["households"]
        300
    """

    folder: Path
    receipt: dict[str, object]

    @classmethod
    def open(cls, folder: str | Path) -> Files:
        """An earlier output.

        Arguments:
            folder: The folder.
        Returns:
            The output.
        Raises:
            OutputError: JM102 where it is not complete.
        Example:
            >>> from jmentitle.population import Files
            >>> Files.open(files.folder).receipt == files.receipt
            True
        """
        path = arguments.file_path(folder, "folder")
        return cls(path, read_receipt(path))

    def decisions(self) -> pl.LazyFrame:
        """The rows of `Run.decisions` that were written, part by part.

        Returns:
            A lazy frame with the columns of `Run.decisions`.
        Example:
            >>> files.decisions().collect().height == run.decisions().height
            True
        """
        here()
        return pl.scan_parquet(self.folder / DECISIONS)

    def benefits(self) -> pl.LazyFrame:
        """The rows of `Run.benefits` that were written, part by part.

        Returns:
            A lazy frame with the columns of `Run.benefits`.
        Example:
            >>> files.benefits().collect_schema().names() == run.benefits().columns
            True
        """
        here()
        return pl.scan_parquet(self.folder / BENEFITS)

    def totals(self) -> pl.DataFrame:
        """The totals of all benefits.

        Returns:
            A frame with the columns of `Run.totals`.
        Raises:
            OutputError: JM102 for a file that cannot be read.
        Example:
            >>> files.totals().equals(run.totals())
            True
        """
        return self._read(TOTALS)

    def item_totals(self) -> pl.DataFrame:
        """The totals of all items.

        Returns:
            A frame with the columns of `Run.item_totals`.
        Raises:
            OutputError: JM102 for a file that cannot be read.
        Example:
            >>> files.item_totals().equals(run.item_totals())
            True
            >>> temporary.cleanup()
        """
        return self._read(ITEMS)

    def _read(self, name: str) -> pl.DataFrame:
        here()
        try:
            return pl.read_parquet(self.folder / name)
        except UNREADABLE:
            fail(
                "JM102",
                f"`{name}` cannot be read",
                path=visible(str(self.folder)),
                expected="a complete output",
                error=OutputError,
            )


@dataclass(frozen=True)
class _Input:
    """The input: populations in order, their number of households, the columns that they may have,
    and their files."""

    parts: Iterator[Population]
    households: int
    columns: Columns
    files: dict[str, list[Path]]


def run_files(
    pack: Rules,
    households: Source,
    members: Source,
    out: str | Path,
    on: date,
    *,
    decisions: Sequence[Decision] = OPEN,
    replace: bool = False,
    progress: Progress | None = None,
    part: int = PART,
) -> Files:
    """Decide everything for everybody in two tables and write the results into the folder `out`.

    Parquet tables are sorted by household and read `part` households at a time, in memory that does
    not grow with them. CSV files are read whole, in any order. The folder holds the rows of
    `Run.decisions` and `Run.benefits` with one of the `decisions`, all of `Run.totals` and
    `Run.item_totals`, and a receipt; it appears when everything is on the disk, and an interruption
    leaves nothing.

    Raises HouseholdError for facts and ids that are wrong (of the first part that has any, with the
    rows of the files), ArgumentError for a day outside the validity (JM079) and for decisions that
    are none (JM073), OutputError for an output that is there already, unless it may be replaced
    (JM102).
    """
    here()
    pack.ruleset(on)
    decisions = checked(decisions)
    with OutputFolder(out, replace=replace) as output:
        given = _read(pack.content, households, members, on, part)
        decider = Decider(pack, on, given.columns)
        totals = _Sum()
        items = _Sum()
        people = 0
        # The next part is read and decided while this one is written.
        runs = side_by_side(decider.run, given.parts)
        for run in runs if progress is None else progress(runs, -(-given.households // part)):
            answers = list(run.items())
            output.write(DECISIONS, decision_rows(answers, decisions))
            output.write(BENEFITS, benefit_rows(answers, decisions))
            totals.add(benefit_totals(answers))
            items.add(item_totals(answers))
            people += len(run.population.member_ids)
        output.write(TOTALS, totals.frame)
        output.write(ITEMS, items.frame)
        counted = {"decisions": list(decisions), "households": given.households, "members": people}
        inputs = {
            name: [{"name": file.name, **file_entry(file)} for file in files]
            for name, files in given.files.items()
        }
        return Files(
            output.folder, output.complete({**_receipt(pack, on), **counted, "inputs": inputs})
        )


class _Sum:
    """Totals of parts added up: frames with the same rows in the same order."""

    def __init__(self) -> None:
        self.frame = pl.DataFrame()

    def add(self, totals: pl.DataFrame) -> None:
        if self.frame.width:
            numbers = [
                column + self.frame[column.name]
                for column in totals.iter_columns()
                if column.dtype.is_numeric()
            ]
            totals = totals.with_columns(numbers)
        self.frame = totals


def _read(content: Content, households: Source, members: Source, on: date, part: int) -> _Input:
    given: dict[str, Source] = {"households": households, "members": members}
    if any(is_csv(source) for source in given.values()):
        files = {name: _whole(source, name) for name, source in given.items()}
        whole = read_population(content, households, members, on)
        return _Input(whole.parts(part), len(whole), whole.columns, files)
    home_table, member_table = (
        Table(households, "households", [HOUSEHOLD]),
        Table(members, "members", [HOUSEHOLD, MEMBER]),
    )
    parts = (
        read_population(content, batch.households, batch.members, on, batch.first_rows)
        for batch in batches(home_table, member_table, part)
    )
    return _Input(
        parts,
        home_table.rows,
        columns_of(content, home_table.names, member_table.names),
        {"households": home_table.files, "members": member_table.files},
    )


def _whole(source: Source, name: str) -> list[Path]:
    """The files of a table that is read whole."""
    if not isinstance(source, str | Path):
        fail(
            "JM100",
            "a list of files and the table beside it must be Parquet",
            path=name,
            expected="one CSV file, or Parquet for both",
            error=HouseholdError,
        )
    return [Path(source)] if is_csv(source) else parquet_files(source, name)


def _receipt(pack: Rules, on: date) -> dict[str, object]:
    """The inputs that determine the results, named as in the receipt of an assessment."""
    content = pack.content
    overlays = [
        {"id": overlay.id, "version": overlay.version, "digest": overlay.digest}
        for overlay in (*content.overlays, *content.amendments)
    ]
    versions: dict[str, object] = {
        "package": package_version(),
        "pack": content.id,
        "pack_version": content.version,
        "pack_digest": pack.digest,
    }
    return {**versions, "overlays": overlays, "on": on.isoformat()}
