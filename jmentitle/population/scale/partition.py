"""Many machines: one function over Arrow batches of households with their members inside, which any
engine can call on its partitions.

A batch has the columns of the frame of households and a column `members`: for each household a list
of structs with the columns of the frame of members. A batch holds whole households, so partitions
need nothing of each other.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, cast, get_args

import polars as pl
import pyarrow as pa

from jmentitle.assessment.models import Decision
from jmentitle.assessment.receipt import package_version
from jmentitle.chain.columns.compiler import Columns
from jmentitle.errors import ExtraMissingError, HouseholdError, fail
from jmentitle.language import arguments
from jmentitle.language.values import DayGiven, day_of_call
from jmentitle.pack.files import Loaded, PackFile
from jmentitle.pack.rules import Rules
from jmentitle.population.answers import checked
from jmentitle.population.frames import HOUSEHOLD, MEMBER, Population
from jmentitle.population.reading import read_population
from jmentitle.population.run import OPEN, Run
from jmentitle.population.scale.decider import Decider, columns_of

MEMBERS = "members"
Rows = Literal["decisions", "benefits"]
"""The kind of rows: those of `Run.decisions` or of `Run.benefits`."""
PART = 20_000
"""Households decided at a time, however many a batch brings."""
_ANSWERS: dict[Rows, list[tuple[str, pa.DataType]]] = {
    "decisions": [
        ("item", pa.string()),
        ("decision", pa.string()),
        ("after", pa.int8()),
        ("received", pa.bool_()),
    ],
    "benefits": [
        *(
            ("item", pa.string()),
            ("benefit", pa.string()),
            ("decision", pa.string()),
            ("after", pa.int8()),
            ("received", pa.bool_()),
        ),
        *(("low", pa.decimal128(38, 2)), ("high", pa.decimal128(38, 2)), ("period", pa.string())),
        *(("lasts_low", pa.int64()), ("lasts_high", pa.int64()), ("lasts_unit", pa.string())),
        *(("yearly_low", pa.decimal128(38, 2)), ("yearly_high", pa.decimal128(38, 2))),
    ],
}


@dataclass(frozen=True)
class PackReference:
    """A pack with its overlays in a form that travels to other processes; they need the same
    version of the package and no files.

    The payload is unpickled, as is everything that these engines send: take partitions from nobody
    whom you would not let run code.

    Fields:
        digest: The SHA-256 of what travels.
        package: The version of the package.
    Example:
        >>> from jmentitle.population import PackReference
        >>> reference = PackReference.of(pack)
    """

    digest: str
    package: str
    payload: bytes = field(compare=False, repr=False)

    @classmethod
    def of(cls, pack: Rules) -> PackReference:
        """The reference of a pack.

        Arguments:
            pack: A loaded pack.
        Returns:
            The reference, about 3 MB.
        Example:
            >>> PackReference.of(pack) == reference
            True
        """
        arguments.of_kind(pack, Rules, "pack", arguments.PACK)
        payload = pickle.dumps(
            (Loaded(pack.content, pack.digest, pack.warnings), pack.files), protocol=5
        )
        return cls("sha256:" + hashlib.sha256(payload).hexdigest(), package_version(), payload)

    def pack(self) -> Rules:
        """The pack, read once in a process.

        Returns:
            The pack.
        Raises:
            ExtraMissingError: JM095 where another version of the package is installed.
        Example:
            >>> reference.pack().digest == pack.digest
            True
        """
        return _pack(self)


@lru_cache(maxsize=4)
def _pack(reference: PackReference) -> Rules:
    if reference.package != package_version():
        message = f"this process runs jmentitle {package_version()}"
        fail(
            "JM095",
            message,
            path="worker",
            expected=f"jmentitle {reference.package}, as where the work was given out",
            error=ExtraMissingError,
        )
    loaded, files = cast("tuple[Loaded, tuple[PackFile, ...]]", pickle.loads(reference.payload))  # noqa: S301  made by `of`
    return Rules(loaded, files)


@lru_cache(maxsize=8)
def _decider(
    reference: PackReference, on: date, households: frozenset[str], people: frozenset[str]
) -> Decider:
    return Decider(reference.pack(), on, {"household": households, "person": people})


def decide_partition(
    pack: PackReference,
    on: DayGiven,
    batches: Iterable[pa.RecordBatch],
    *,
    rows: Rows = "decisions",
    decisions: Sequence[Decision] = OPEN,
    part: int = PART,
) -> Iterator[pa.RecordBatch]:
    """The rows of all households of a partition, for any engine that maps over Arrow batches.

    Pure: the same batches give the same rows, in any process and cut in any way. Facts that are all
    null here may be known elsewhere. A process reads the pack and compiles its rules once.

    Arguments:
        pack: The reference of a pack.
        on: The day.
        batches: Arrow batches of households with a column `members`, as `nest` gives them.
        rows: `decisions` or `benefits`: the rows of `Run.decisions` or of `Run.benefits`.
        decisions: The decisions whose rows are wanted; all but ineligible unless said.
        part: How many households are decided at a time.
    Returns:
        An iterator of Arrow batches of `answer_schema`.
    Raises:
        HouseholdError: JM100, JM101 and JM071 to JM081 for wrong ids and facts, with rows counted
            within the households that were decided together.
        ArgumentError: JM073 for an unknown decision, JM079 for a day outside the validity.
    Example:
        >>> import polars as pl
        >>> from jmentitle.population import decide_partition, nest
        >>> whole = nest(city.households, city.members)
        >>> table = whole.to_arrow(compat_level=pl.CompatLevel.oldest())
        >>> decided = decide_partition(reference, on, table.to_batches())
        >>> sum(batch.num_rows for batch in decided) == run.decisions().height
        True
    """
    day = day_of_call(on, "on")
    arguments.of_kind(pack, PackReference, "pack", "what `PackReference.of` gives")
    arguments.one_of(rows, get_args(Rows), "rows")
    decisions = checked(decisions)
    seen: set[object] = set()
    for table in _tables(batches, part):
        _check_new(table[HOUSEHOLD], seen)
        population, columns = _population(pack.pack(), table, day)
        decider = _decider(pack, day, columns["household"], columns["person"])
        answer = _answer(decider.run(population), rows, decisions).to_arrow(
            compat_level=pl.CompatLevel.oldest()
        )
        yield from answer.cast(answer_schema(table.schema, rows)).to_batches(max_chunksize=part)


def answer_schema(nested: pa.Schema, rows: Rows) -> pa.Schema:
    """The columns that `decide_partition` gives for batches of a schema; ids keep their types.

    Arguments:
        nested: The Arrow schema of the batches.
        rows: `decisions` or `benefits`.
    Returns:
        An Arrow schema with the columns of `Run.decisions` or `Run.benefits`.
    Example:
        >>> from jmentitle.population import answer_schema
        >>> answer_schema(table.schema, "decisions").names == run.decisions().columns
        True
    """
    members = nested.field(MEMBERS).type
    ids = [
        (HOUSEHOLD, nested.field(HOUSEHOLD).type),
        (MEMBER, members.value_type.field(MEMBER).type),
    ]
    return pa.schema(ids + _ANSWERS[rows])


def nest(households: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Two Polars frames as one, each household with its members inside.

    Arguments:
        households: A row for each household.
        members: A row for each member.
    Returns:
        A frame.
    Columns:
        household (id): The household.
        <fact> (any): The other columns of the frame of households.
        members (List): The members, as structs of the columns of the frame of members.
    Raises:
        HouseholdError: JM101 for a member without a household.
    Example:
        >>> frame = nest(city.households, city.members)
        >>> frame.height
        300
    """
    alone = members.with_row_index("#").join(
        households, on=HOUSEHOLD, how="anti", maintain_order="left"
    )["#"]
    if len(alone):
        fail(
            "JM101",
            "unknown household id",
            path=f"members.{HOUSEHOLD}, row {alone[0]}",
            expected="an id of `households`",
            error=HouseholdError,
        )
    grouped = members.group_by(HOUSEHOLD, maintain_order=True).agg(
        pl.struct(pl.exclude(HOUSEHOLD)).alias(MEMBERS)
    )
    return households.join(grouped, on=HOUSEHOLD, how="left", maintain_order="left")


def _tables(batches: Iterable[pa.RecordBatch], part: int) -> Iterator[pa.Table]:
    """The batches as tables of `part` rows, or a little less at their ends."""
    pending: list[pa.RecordBatch] = []
    for batch in batches:
        for start in range(0, batch.num_rows, part):
            piece = batch.slice(start, part)
            if pending and sum(queued.num_rows for queued in pending) + piece.num_rows > part:
                yield pa.Table.from_batches(pending)
                pending = []
            pending.append(piece)
    if pending:
        yield pa.Table.from_batches(pending)


def _check_new(ids: pa.ChunkedArray, seen: set[object]) -> None:
    """Add ids of households to those seen in a partition. Raises HouseholdError (JM101) for one
    that was decided before; those that come twice in one table are left to `read_population`."""
    new = set(ids.to_pylist())
    if not new.isdisjoint(seen):
        fail(
            "JM101",
            "duplicate household id",
            path=f"households.{HOUSEHOLD}",
            expected="an id of its own",
            error=HouseholdError,
        )
    seen |= new


def _population(pack: Rules, table: pa.Table, on: date) -> tuple[Population, Columns]:
    whole = cast("pl.DataFrame", pl.from_arrow(table))
    nested = whole.select(HOUSEHOLD, MEMBERS).filter(pl.col(MEMBERS).list.len() > 0)
    people = nested.explode(MEMBERS).unnest(MEMBERS)
    homes = whole.drop(MEMBERS)
    return read_population(pack.content, homes, people, on), columns_of(
        pack.content, homes.columns, people.columns
    )


def _answer(run: Run, rows: Rows, decisions: Sequence[Decision]) -> pl.DataFrame:
    return (
        run.decisions(decisions=decisions)
        if rows == "decisions"
        else run.benefits(decisions=decisions)
    )
