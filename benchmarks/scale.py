"""How deciding a population grows: Parquet to Parquet in one process, and Spark with one and two
workers, of a core each.

    python -m benchmarks.scale stream 100000 1000000
    python -m benchmarks.scale eligible 10000000          # writes only those who are eligible
    python -m benchmarks.scale spark 50000

Households are those of the synthetic city, with one fact in twenty blanked; larger populations
repeat it under new ids. Each measurement runs in a process of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import cast

import polars as pl
import pyarrow.parquet as pq

from jmentitle import load_pack
from jmentitle.assessment.models import Decision
from jmentitle.population.run import OPEN
from jmentitle.synthetic.city import synthetic_city

ON = date(2018, 10, 15)
BASE = 50_000
"""Households drawn, and written at a time."""
ROW_GROUP = 25_000
"""Rows of a row group. A task of Spark reads whole ones."""


def write_inputs(folder: Path, households: int) -> None:
    """Both tables, sorted by household."""
    city = synthetic_city(load_pack(), min(BASE, households), unknown=0.05, on=ON)
    for name, frame in (("households", city.households), ("members", city.members)):
        writer = None
        for first in range(0, households, BASE):
            piece = frame.with_columns(pl.col("household") + first).to_arrow()
            writer = writer or pq.ParquetWriter(folder / f"{name}.parquet", piece.schema)
            writer.write_table(piece, row_group_size=ROW_GROUP)
        assert writer is not None
        writer.close()


def stream(folder: Path, decisions: Sequence[Decision] = OPEN) -> str:
    inputs = folder / "households.parquet", folder / "members.parquet"
    files = load_pack().run_files(
        *inputs, folder / "out", ON, decisions=decisions, replace=True, progress=False
    )
    written = cast("dict[str, dict[str, int]]", files.receipt["files"]).values()
    rows, size = (sum(one[key] for one in written) for key in ("rows", "bytes"))
    disk = (size + sum(file.stat().st_size for file in folder.glob("*.parquet"))) / int(
        str(files.receipt["households"])
    )
    return (
        f"{rows:,} rows, {size / 1e6:,.0f} MB written; 10 million households need"
        f" {disk * 1e7 / 1e9:.1f} GB of disk, what is read included"
    )


def on_spark(folder: Path, workers: int) -> str:
    from jmentitle.population.scale.spark import run_spark, session

    # A worker is a core. Otherwise the compiler and the collector of Java take the second core with
    # one worker already.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:workers])
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.log.level": "ERROR",
        "spark.driver.memory": "3g",
    }
    spark = session(f"local[{workers}]", settings)
    households, members = (
        spark.read.parquet(str(folder / f"{name}.parquet")) for name in ("households", "members")
    )
    few = households.where("household <= 200"), members.where("household <= 200")
    run_spark(load_pack(), *few, ON).write.mode("overwrite").parquet(str(folder / "warm"))
    before, started = processor_below(os.getpid()), time.perf_counter()
    run_spark(load_pack(), households, members, ON, partitions=4).write.mode("overwrite").parquet(
        str(folder / f"spark-{workers}")
    )
    seconds, after = time.perf_counter() - started, processor_below(os.getpid())
    spark.stop()
    jvm, python = (later - earlier for earlier, later in zip(before, after, strict=True))
    return (
        f"{seconds:.1f} s without the start of Spark and of its workers; processor of the JVM"
        f" {jvm:.1f} s, of its workers {python:.1f} s"
    )


def processor_below(parent: int) -> tuple[float, float]:
    """Seconds of processor that the processes below one have taken: those of Java, and the others.
    Linux only."""
    parents: dict[int, int] = {}
    seconds: dict[int, tuple[bool, float]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, fields = (
                (folder / "stat").read_text(encoding="utf-8").partition(" (")[2].rpartition(") ")
            )
        except OSError:  # it has ended meanwhile
            continue
        numbers, pid = fields.split(), int(folder.name)
        parents[pid] = int(numbers[1])
        # Workers that have ended count with the process that forked them, and not with Java a
        # second time.
        used = numbers[11:13] if name == "java" else numbers[11:15]
        seconds[pid] = (name == "java", sum(map(int, used)) / os.sysconf("SC_CLK_TCK"))
    below = {parent}
    while more := {pid for pid, above in parents.items() if above in below} - below:
        below |= more
    found = [seconds[pid] for pid in below - {parent}]
    return sum(used for java, used in found if java), sum(used for java, used in found if not java)


def measure(name: str, households: int, work: Callable[..., str], *arguments: object) -> None:
    """Run in a process of its own; print time, peak memory and throughput."""
    child = multiprocessing.get_context("spawn").Process(
        target=_measured, args=(name, households, work, *arguments)
    )
    child.start()
    child.join()


def _measured(name: str, households: int, work: Callable[..., str], *arguments: object) -> None:
    started = time.perf_counter()
    said = work(*arguments)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    load = os.getloadavg()[0]
    processor = time.process_time()
    print(
        f"{name:<10} {households:>10,} households {seconds:>8.1f} s ({processor:.1f} s of"
        f" processor) {households / seconds:>8,.0f} households/s peak {peak:>6,.0f} MB  load"
        f" {load:.1f}  {said}",
        flush=True,
    )


def main(way: str, counts: list[int]) -> None:
    for households in counts:
        folder = Path(tempfile.mkdtemp(prefix="jmentitle-scale-"))
        try:
            write_inputs(folder, households)
            if way in ("stream", "eligible"):
                measure(way, households, stream, folder, OPEN if way == "stream" else ("eligible",))
            for workers in (1, 2) if way == "spark" else ():
                measure(f"local[{workers}]", households, on_spark, folder, workers)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1], [int(count) for count in sys.argv[2:]])
