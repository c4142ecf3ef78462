"""What is measured in a process of its own: peak memory, how long a contestant takes to take rules
and facts in, and a whole city."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROUNDS = 3
ON = date(2018, 10, 15)
HOUSEHOLDS, MEMBERS = "households.parquet", "members.parquet"


def measured(*arguments: object) -> dict[str, float]:
    """Run this file with arguments. Times are in seconds, `peak` in megabytes (0 where the system
    does not tell)."""
    command = [sys.executable, "-m", "benchmarks.apart", *map(str, arguments)]
    found: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )
    return found


def peer(module: str, rules: int, households: int) -> dict[str, float]:
    """A contestant: `intake` is all that it does before it is timed, `peak` is while it decides,
    with its rules, facts and libraries."""
    from benchmarks.crowd import draw_crowd
    from benchmarks.peers import contestant
    from benchmarks.rules import draw_rules

    one = contestant(module)
    drawn, crowd = draw_rules(rules), draw_crowd(households, one.unknown)
    intake = _seconds(partial(one.prepare, drawn, crowd))
    del crowd
    _forget_peak()
    one.run()
    return {"intake": intake, "peak": _peak()}


def draw(households: int, unknown: float, folder: str) -> dict[str, float]:
    """Write a synthetic city to two Parquet files: in a process of its own, so that its memory is
    not that of deciding."""
    from jmentitle.api import load_pack
    from jmentitle.synthetic.city import synthetic_city

    drawn = synthetic_city(load_pack("jingmen"), households, unknown=unknown, on=ON)
    drawn.households.write_parquet(Path(folder) / HOUSEHOLDS)
    drawn.members.write_parquet(Path(folder) / MEMBERS)
    return {"people": drawn.members.height}


def city(households: int, unknown: float) -> dict[str, float]:
    """The Jingmen pack over a synthetic city: decisions and amounts of all items for everybody.
    `peak` is over reading and deciding."""
    with TemporaryDirectory(prefix="jmentitle-city-") as folder:
        people = measured("draw", households, unknown, folder)["people"]
        return {"people": people, **measured("decide", folder)}


def decide(folder: str) -> dict[str, float]:
    """Read and decide the city that lies in a folder."""
    from jmentitle.api import load_pack

    pack, on = load_pack("jingmen"), ON
    _forget_peak()
    start = time.perf_counter()
    population = pack.population(Path(folder) / HOUSEHOLDS, Path(folder) / MEMBERS, on)
    check = time.perf_counter() - start
    times: list[float] = []
    for _ in range(ROUNDS):
        run = None
        start = time.perf_counter()
        run = pack.run(population, on, progress=False)
        times.append(time.perf_counter() - start)
    peak, totals = _peak(), _seconds(run.totals)
    return {
        "items": len(pack.content.items),
        "check": check,
        "decide": median(times),
        "totals": totals,
        "peak": peak,
    }


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _forget_peak() -> None:
    """Let the peak begin at what is held now. Only Linux can."""
    gc.collect()
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> float:
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next(
        (int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM")), 0.0
    )


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "peer":
        found = peer(arguments[0], int(arguments[1]), int(arguments[2]))
    elif what == "draw":
        found = draw(int(arguments[0]), float(arguments[1]), arguments[2])
    else:
        found = decide(arguments[0])
    print(json.dumps(found))
