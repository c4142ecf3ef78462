"""Spark: the same decisions over a cluster. Needs the extra `spark`, and Java 17 or newer where a
session of one's own is started."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from jmentitle.assessment.models import Decision
from jmentitle.errors import ExtraMissingError, HouseholdError, fail
from jmentitle.language import arguments, extras
from jmentitle.language.values import DayGiven, day_of_call
from jmentitle.pack.rules import Rules
from jmentitle.population.answers import checked
from jmentitle.population.arguments import whole
from jmentitle.population.frames import HOUSEHOLD
from jmentitle.population.run import OPEN
from jmentitle.population.scale.partition import (
    MEMBERS,
    PackReference,
    Rows,
    answer_schema,
    decide_partition,
)

if TYPE_CHECKING:
    import pyarrow as pa


SparkFrame = Any
"""A Spark DataFrame, or a session below; pyspark is not imported before it is needed."""
_JAVA = 17
_LISTED = "#"
"""A column that is true for households that have a row of their own."""
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
SETTINGS: Mapping[str, str] = {
    # Each task is one process on one core, so columns are not spread over threads within it.
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "5000",
    # Where batches have a size in bytes, Spark 4 goes through all columns after each row to add it
    # up. This value switches that off.
    "spark.sql.execution.arrow.maxBytesPerBatch": str(2**31 - 1),
}
"""Settings that suit this work in any session; those of `spark.sql` can be set while it runs
(`spark.conf.set`), the others when it starts."""


def session(master: str = "local[*]", settings: Mapping[str, str] | None = None) -> SparkFrame:
    """A Spark session that suits this work. On a cluster, take the session that is there, with
    `SETTINGS`.

    Arguments:
        master: The master of Spark.
        settings: Settings that come on top of `SETTINGS`.
    Returns:
        A Spark session.
    Raises:
        ExtraMissingError: JM095 where pyspark or Java 17 is missing.
    Example:
        >>> spark.SETTINGS["spark.executorEnv.POLARS_MAX_THREADS"]
        '1'
    """
    extras.need("pyspark", "spark")
    need_java()
    from pyspark.sql import SparkSession

    if master.startswith("local"):
        # Spark reads from nowhere else which Python its workers are.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

    builder = SparkSession.builder.master(master).appName("jmentitle")
    for name, value in {**SETTINGS, **(settings or {})}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def run_spark(
    pack: Rules,
    households: SparkFrame,
    members: SparkFrame,
    on: DayGiven,
    *,
    rows: Rows = "decisions",
    decisions: Sequence[Decision] = OPEN,
    partitions: int | None = None,
) -> SparkFrame:
    """The rows of `Run.decisions` or `Run.benefits` of a population in two Spark frames, as a Spark
    frame.

    Nothing is computed before rows are asked for; then wrong ids and facts stop the job with the
    diagnostics in Spark's own error. Needs the extra `spark` and Java 17.

    Arguments:
        pack: A loaded pack.
        households: A Spark frame with the columns that `Pack.population` describes, in any order
            and partitioning.
        members: The same for members.
        on: The day.
        rows: `decisions` or `benefits`.
        decisions: The decisions whose rows are wanted; all but ineligible unless said.
        partitions: Into how many tasks the work is cut; unless said, Spark goes by the size of the
            data, which is small for the work that it makes.
    Returns:
        A Spark frame with the columns of `Run.decisions` or `Run.benefits`.
    Raises:
        ArgumentError: JM079 for a day outside the validity, JM073 for an unknown decision.
        ExtraMissingError: JM095 without the extra `population`.
    Example:
        >>> from jmentitle.population import run_spark, spark
        >>> session = spark.session("local[2]")  # doctest: +SKIP
        >>> homes = session.read.parquet("households")  # doctest: +SKIP
        >>> people = session.read.parquet("members")  # doctest: +SKIP
        >>> decided = run_spark(pack, homes, people, on, partitions=2000)  # doctest: +SKIP
        >>> decided.write.parquet("decided")  # doctest: +SKIP
    """
    extras.need("polars", "population")
    day = day_of_call(on, "on")
    arguments.of_kind(pack, Rules, "pack", arguments.PACK).ruleset(day)
    arguments.one_of(rows, get_args(Rows), "rows")
    decisions = checked(decisions)
    nested = nest_spark(households, members, partitions)
    reference = PackReference.of(pack)

    def decided(batches: Iterator[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        return decide_partition(reference, day, batches, rows=rows, decisions=decisions)

    return nested.mapInArrow(decided, _spark_schema(nested, rows))


def nest_spark(
    households: SparkFrame, members: SparkFrame, partitions: int | None = None
) -> SparkFrame:
    """Two Spark frames as one, each household with its members inside: one shuffle of each frame by
    household. All rows of a household come into one partition, where `decide_partition` sees a
    second one; a member without a household stops the job.

    Arguments:
        households: A Spark frame of households.
        members: A Spark frame of members.
        partitions: Into how many partitions it is cut.
    Returns:
        A Spark frame with the columns of `nest`.
    Raises:
        HouseholdError: JM100 for what is no Spark frame.
    Example:
        >>> from jmentitle.population import nest_spark
        >>> nest_spark(homes, people).write.parquet("nested")  # doctest: +SKIP
    """
    for frame, path in ((households, "households"), (members, "members")):
        if not hasattr(frame, "mapInArrow"):
            fail(
                "JM100",
                "expected a frame",
                path=path,
                expected="a frame of Spark",
                error=HouseholdError,
            )
    from pyspark.sql import functions as f

    if partitions is not None:
        if whole(partitions, 0, "partitions") < 1:
            fail("JM075", "the number is below 1", path="partitions", expected="at least 1")
        households, members = (
            households.repartition(partitions, HOUSEHOLD),
            members.repartition(partitions, HOUSEHOLD),
        )
    of_household = [name for name in households.columns if name != HOUSEHOLD]
    of_member = [name for name in members.columns if name != HOUSEHOLD]
    grouped = members.groupBy(HOUSEHOLD).agg(f.collect_list(f.struct(*of_member)).alias(MEMBERS))
    joined = households.withColumn(_LISTED, f.lit(True)).join(grouped, HOUSEHOLD, "full_outer")
    checked = (
        f.when(
            f.col(HOUSEHOLD).isNull(),
            f.raise_error(f.lit("household: error JM101: missing id")),
        )
        .when(
            f.col(_LISTED).isNull(),
            f.raise_error(f.lit("members.household: error JM101: unknown household id")),
        )
        .otherwise(f.col(HOUSEHOLD))
    )
    return joined.select(checked.alias(HOUSEHOLD), *of_household, MEMBERS)


def need_java() -> None:
    """Raise ExtraMissingError (JM095) where there is no Java, or one older than Spark wants."""
    version = _java_version()
    if version is None or version < _JAVA:
        message = (
            "Java not found; Spark needs it"
            if version is None
            else f"Java {version} is too old for Spark"
        )
        fail(
            "JM095",
            message,
            path="spark",
            expected=f"Java {_JAVA} or newer, in PATH or named by JAVA_HOME",
            error=ExtraMissingError,
        )


def _java_version() -> int | None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        return None
    try:
        process = subprocess.run(  # noqa: S603  Spark would run it as well
            [java, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = _VERSION.search(process.stderr + process.stdout)
    return None if version is None else int(version.group(1))


def _spark_schema(nested: SparkFrame, rows: Rows) -> SparkFrame:
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    return from_arrow_schema(answer_schema(to_arrow_schema(nested.schema), rows))
