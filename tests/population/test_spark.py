"""Spark and other engines of many processes: a cluster gives what one machine gives."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from jmentitle import InputError, JmentitleError, Pack
from jmentitle.population.scale.partition import (
    PackReference,
    Rows,
    answer_schema,
    decide_partition,
    nest,
)
from jmentitle.population.scale.spark import need_java, nest_spark, run_spark, session
from tests.support.crowd import crowd
from tests.support.paths import ROOT
from tests.support.small_pack import small_pack

ON = date(2018, 10, 15)
Frames = tuple[pl.DataFrame, pl.DataFrame]
pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning"
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    """A small pack: every worker reads and compiles it."""
    return small_pack()


@pytest.fixture(scope="module")
def frames(pack: Pack) -> Frames:
    households, members = crowd(pack, 300, ON, seed=5, unknown=0.3)
    # What is known of a few households only is all null in most partitions.
    last = pl.col("household") >= 295
    return households, members.with_columns(pl.when(last).then(pl.exclude("household", "member")))


def sorted_rows(frame: pl.DataFrame) -> pl.DataFrame:
    keys = [name for name in ("household", "member", "item", "benefit") if name in frame.columns]
    return frame.with_columns(pl.col(pl.Enum).cast(pl.String)).sort(keys)


@pytest.fixture(scope="module")
def alone(pack: Pack, frames: Frames) -> dict[Rows, pl.DataFrame]:
    """What one machine gives."""
    run = pack.run(pack.population(*frames, ON), ON)
    return {"decisions": sorted_rows(run.decisions()), "benefits": sorted_rows(run.benefits())}


def batches_of(frames: Frames, size: int) -> list[pa.RecordBatch]:
    return (
        nest(*frames).to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches(max_chunksize=size)
    )


def decided(reference: PackReference, batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    """What a worker does, where it can be found by name."""
    return list(decide_partition(reference, ON, batches, part=150))


@pytest.mark.parametrize(("rows", "part"), [("decisions", 120), ("benefits", 1000)])
def test_partitions_give_what_the_whole_gives(
    pack: Pack, frames: Frames, alone: dict[Rows, pl.DataFrame], rows: Rows, part: int
) -> None:
    found = decide_partition(
        PackReference.of(pack), ON, batches_of(frames, 100), rows=rows, part=part
    )
    assert_frame_equal(
        sorted_rows(pl.DataFrame(pl.from_arrow(pa.Table.from_batches(found)))), alone[rows]
    )


def test_plain_processes_share_the_work(
    pack: Pack, frames: Frames, alone: dict[Rows, pl.DataFrame]
) -> None:
    batches, reference = batches_of(frames, 150), PackReference.of(pack)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        parts = [processes.submit(decided, reference, batches[start::2]) for start in range(2)]
        found = pa.Table.from_batches([batch for part in parts for batch in part.result()])
    assert_frame_equal(sorted_rows(pl.DataFrame(pl.from_arrow(found))), alone["decisions"])


@pytest.fixture
def nested(frames: Frames, tmp_path: Path) -> Path:
    """A folder with the population in three files."""
    folder = tmp_path / "nested"
    folder.mkdir()
    for number, part in enumerate(nest(*frames).iter_slices(100)):
        part.write_parquet(folder / f"{number}.parquet")
    return folder


def test_dask_shares_the_work(pack: Pack, nested: Path, alone: dict[Rows, pl.DataFrame]) -> None:
    dask, reference = pytest.importorskip("dask"), PackReference.of(pack)

    def decided(path: str) -> pa.Table:
        table = pq.read_table(path)
        return pa.Table.from_batches(
            decide_partition(reference, ON, table.to_batches()),
            answer_schema(table.schema, "decisions"),
        )

    parts = dask.compute(
        *[dask.delayed(decided)(str(path)) for path in sorted(nested.iterdir())],
        scheduler="processes",
        num_workers=2,
    )
    assert_frame_equal(
        sorted_rows(pl.DataFrame(pl.from_arrow(pa.concat_tables(parts)))), alone["decisions"]
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Ray's own
def test_ray_shares_the_work(
    pack: Pack, nested: Path, tmp_path: Path, alone: dict[Rows, pl.DataFrame]
) -> None:
    ray, reference = pytest.importorskip("ray"), PackReference.of(pack)

    def decided(table: pa.Table) -> pa.Table:
        return pa.Table.from_batches(
            decide_partition(reference, ON, table.to_batches()),
            answer_schema(table.schema, "decisions"),
        )

    ray.init(num_cpus=2, include_dashboard=False)
    try:
        data = ray.data.read_parquet(str(nested)).map_batches(
            decided, batch_format="pyarrow", batch_size=150
        )
        data.write_parquet(str(tmp_path / "decided"))
    finally:
        ray.shutdown()
    assert_frame_equal(sorted_rows(pl.read_parquet(tmp_path / "decided")), alone["decisions"])


def test_a_reference_reads_its_pack_once_and_only_in_the_same_version(pack: Pack) -> None:
    reference = PackReference.of(pack)
    assert reference.pack() is PackReference.of(pack).pack()
    assert reference.pack().digest == pack.digest
    assert "payload" not in repr(reference)
    other = PackReference(reference.digest, "0.0.0", reference.payload)
    with pytest.raises(JmentitleError, match="JM095"):
        other.pack()


def test_nesting_refuses_members_without_a_household(frames: Frames) -> None:
    with pytest.raises(
        InputError, match=r"members.household, row 0: error JM101: unknown household id"
    ):
        nest(frames[0][5:], frames[1])


def test_a_household_without_members_is_refused(pack: Pack, frames: Frames) -> None:
    batches = batches_of((frames[0], frames[1].filter(pl.col("household") != 7)), 1000)
    with pytest.raises(
        InputError, match=r"households.household, row 7: error JM101: the household has no member"
    ):
        list(decide_partition(PackReference.of(pack), ON, batches))


def test_a_member_that_comes_twice_is_refused(pack: Pack, frames: Frames) -> None:
    households, members = frames
    twice = pl.concat([members, members.filter(pl.col("household") == 9)])
    with pytest.raises(InputError, match=r"members.member.*error JM101: duplicate member id"):
        list(decide_partition(PackReference.of(pack), ON, batches_of((households, twice), 1000)))


@pytest.mark.parametrize("part", [5, 6, 1000])
def test_a_household_that_comes_twice_is_refused(pack: Pack, frames: Frames, part: int) -> None:
    """Decided together or not."""
    few = nest(frames[0][:6], frames[1].filter(pl.col("household") < 6))
    twice = pl.concat([few, few[5:]]).to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()
    with pytest.raises(
        InputError, match=r"households.household.*error JM101: duplicate household id"
    ):
        list(decide_partition(PackReference.of(pack), ON, twice, part=part))


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ('openjdk version "17.0.15"', None),
        ('java version "1.8.0_402"', "Java 8 is too old for Spark"),
        ("what?", "Java not found"),
        (None, "Java not found"),
    ],
)
def test_java_is_looked_for(
    says: str | None, message: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if says is not None:
        java = tmp_path / "bin" / "java"
        java.parent.mkdir()
        java.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
        java.chmod(0o755)
    if message is None:
        need_java()
    else:
        with pytest.raises(JmentitleError, match=message):
            need_java()


def why_not() -> str | None:
    """Why Spark cannot be tested here."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    try:
        need_java()
    except JmentitleError as problem:
        return str(problem)
    return None


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    patch = pytest.MonkeyPatch()
    patch.setenv(
        "PYTHONPATH",
        os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    )
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "3",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
        "spark.driver.host": "localhost",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.executorEnv.PYTHONWARNINGS": "ignore",
    }
    running = session("local[2]", settings)
    yield running
    running.stop()
    patch.undo()


@pytest.fixture(scope="module")
def spark_frames(
    spark: Any, frames: Frames, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Any, Any]:
    folder = tmp_path_factory.mktemp("frames")
    for name, frame in zip(("households", "members"), frames, strict=True):
        frame.sample(fraction=1, shuffle=True, seed=3).write_parquet(folder / f"{name}.parquet")
    return spark.read.parquet(str(folder / "households.parquet")), spark.read.parquet(
        str(folder / "members.parquet")
    )


@pytest.mark.parametrize("rows", ["decisions", "benefits"])
def test_spark_gives_what_one_machine_gives(
    pack: Pack, alone: dict[Rows, pl.DataFrame], spark_frames: tuple[Any, Any], rows: Rows
) -> None:
    found = run_spark(
        pack, *spark_frames, ON, rows=rows, partitions=2 if rows == "benefits" else None
    )
    assert_frame_equal(sorted_rows(pl.DataFrame(pl.from_arrow(found.toArrow()))), alone[rows])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda own, people: (own.filter("household != 9"), people), "JM101: unknown household id"),
        (
            lambda own, people: (
                own.selectExpr("nullif(household, 9) household", "* except (household)"),
                people,
            ),
            "JM101: missing id",
        ),
        (
            lambda own, people: (
                own,
                people.selectExpr("nullif(household, 9) household", "* except (household)"),
            ),
            "JM101: missing id",
        ),
    ],
)
def test_spark_refuses_ids_that_do_not_fit(
    spark_frames: tuple[Any, Any], change: Any, message: str
) -> None:
    """Ids that no partition can judge. `decide_partition` refuses the others."""
    with pytest.raises(Exception, match=message):
        nest_spark(*change(*spark_frames)).collect()


def test_spark_names_wrong_facts_and_no_value(pack: Pack, spark_frames: tuple[Any, Any]) -> None:
    from pyspark.sql import functions as f

    households, members = spark_frames
    with pytest.raises(Exception, match="JM071") as caught:
        run_spark(pack, households.withColumn("a_secret", f.lit("hidden")), members, ON).toArrow()
    assert "hidden" not in str(caught.value)
