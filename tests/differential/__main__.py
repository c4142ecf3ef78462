"""All engines beside each other on made-up households, as many as it takes.

Columns and native decide every household, and the specification and durable the first ones of each
batch. Exit code 1 where two differ, with the smallest household as a test to paste.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from jmentitle import load_pack
from tests.differential.running import run
from tests.differential.tally import Tally


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.differential",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--decisions",
        type=float,
        default=1e6,
        help="benefits decided for somebody by both columns and native (1e6)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed and sizes give the same households (1)"
    )
    parser.add_argument(
        "--households", type=int, default=2_000, help="households of a batch (2000)"
    )
    parser.add_argument(
        "--sample", type=int, default=50, help="households of each batch for the slow engines (50)"
    )
    parser.add_argument("--pack", default="jingmen", help="the name or folder of a pack (jingmen)")
    parser.add_argument(
        "--resume",
        type=Path,
        help="a file for the counts, from which the same command goes on after an interruption",
    )
    asked = parser.parse_args(arguments)
    pack = load_pack(asked.pack)
    drawn = (pack.digest, asked.seed, asked.households, asked.sample)
    tally = Tally(*drawn) if asked.resume is None else Tally.resume(asked.resume, *drawn)
    for found in run(pack, tally, int(asked.decisions)):
        differing = sum(tally.differing.values())
        done = f"{tally.decisions:,} decisions, {differing:,} differ, {tally.seconds:,.0f} s"
        _say(f"batch {tally.batches}: {done}", sys.stderr)
        if found is not None:
            _say(f"\nBatch {found.batch}: {found.difference}\n\n{found.test}", sys.stdout)
            break
        if asked.resume is not None:
            tally.save(asked.resume)
    _say("\n".join(tally.lines()), sys.stdout)
    return 1 if any(tally.differing.values()) else 0


def _say(text: str, stream: object) -> None:
    print(text, file=stream, flush=True)  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(main())
