"""Fuzz by hand: `python -m tests.fuzz --minutes 30 [--door NAME ...] [--seed N]`.

Prints cases a second and each new fault with its seed, and writes the input of each as a candidate
for the corpus.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random, SystemRandom

from tests.fuzz import corpus
from tests.fuzz.doors import DOORS, Door
from tests.fuzz.mutation import smaller
from tests.fuzz.oracle import FaultError


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz each door for its share of the time. Returns 1 when something was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Fuzz the doors of jmentitle."
    )
    parser.add_argument(
        "--door",
        action="append",
        choices=list(DOORS),
        help="only this door; may be repeated (default: all)",
    )
    parser.add_argument(
        "--minutes", type=float, default=5, help="for all doors together (default: 5)"
    )
    parser.add_argument(
        "--seed", type=int, help="try the case of one seed and show the whole fault"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(tempfile.gettempdir()) / "jmentitle-fuzz",
        help="where inputs are written",
    )
    options = parser.parse_args(arguments)
    names = options.door or list(DOORS)
    # Neither read nor fill what lies in a home folder.
    os.environ["JMENTITLE_CACHE"] = str(options.out / "cache")
    if options.seed is not None:
        return sum(_once(DOORS[name], options.seed) for name in names) and 1
    return (
        sum(fuzz(DOORS[name], 60 * options.minutes / len(names), options.out) for name in names)
        and 1
    )


def fuzz(door: Door, seconds: float, out: Path) -> int:
    """Try one case after the other until the time is over. Returns how many faults were found."""
    found: set[str] = set()
    start, count, number = time.monotonic(), 0, SystemRandom().randrange(2**32)
    outcomes: dict[str, int] = {}
    out.mkdir(parents=True, exist_ok=True)
    running = out / f"{door.name}.running"
    while time.monotonic() - start < seconds:
        number += 1
        count += 1
        # Should the process die, this says of what.
        running.write_text(str(number), encoding="utf-8")
        case = door.case(Random(number))
        try:
            outcome = door.judge(case)
        except FaultError as fault:
            outcome = "fault"
            if fault.kind not in found:
                found.add(fault.kind)
                case = smaller(case, partial(shows, door, fault.kind))
                path = corpus.write(case, out / door.name / f"found_{len(found)}_{number}")
                _say(f"{door.name}, seed {number}: {fault}\n  written to {path}\n")
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    running.unlink()
    elapsed = time.monotonic() - start
    _say(
        f"{door.name}: {count} cases, {count / elapsed:.1f} a second, "
        f"{outcomes.get('answers', 0)} answered, "
        f"{len(outcomes)} different outcomes, {len(found)} faults"
    )
    return len(found)


def shows(door: Door, kind: str, case: object) -> bool:
    """Whether a case shows this kind of fault."""
    try:
        door.judge(case)
    except FaultError as fault:
        return fault.kind == kind
    return False


def _once(door: Door, number: int) -> bool:
    case = door.case(Random(number))
    _say(f"{door.name}: {corpus.source(case)[:5000]}")
    try:
        _say(door.judge(case))
    except FaultError as fault:
        _say(str(fault))
        return True
    return False


def _say(text: str) -> None:
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
