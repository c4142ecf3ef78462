"""Whole populations: jmentitle over columns beside the same rules by hand and in other engines, all
in one run.

`--write` puts the tables and the plot into the docs; `--quick` takes small populations only, to see
that everything runs.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np

from benchmarks import apart
from benchmarks.crowd import draw_crowd
from benchmarks.oracle import truths
from benchmarks.peers import BASELINE, COLUMNS, ROWS, Contestant, contestant
from benchmarks.plot import plot
from benchmarks.report import Found, Results, page
from benchmarks.rules import draw_rules
from benchmarks.timing import side_by_side

DOCS = Path(__file__).parent.parent / "docs"
FEW, MANY = 80, 800
ROUNDS = {10_000: 15, 100_000: 9, 1_000_000: 5}
SAMPLE = 2_000
"""Households on which those that take whole populations must agree before anything is timed; the
others must on those that they are timed on."""
ROW_ROUNDS = 3
MOST_FOR_MANY = 100_000
"""Households up to which whole populations are decided by many rules too."""
BESIDE = 100_000
"""Households of the baseline that is timed in the same rounds as those that take a household or a
person at a time."""
UNKNOWN_IN_CITY = (0.0, 0.1)


class DisagreementError(Exception):
    pass


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks population", description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="write docs/benchmarks.md and its plot"
    )
    parser.add_argument("--quick", action="store_true", help="10,000 households only")
    options = parser.parse_args(sys.argv[2:])
    sizes = [size for size in ROUNDS if size == 10_000 or not options.quick]
    results = Results(_machine(), sizes, {}, {}, 0.0, {}, {})
    _enter(results)
    for rules in (FEW, MANY):
        _agree(results, rules)
    for households in sizes:
        _time_columns(results, households)
    _time_rows(results)
    for module, found in results.columns.items():
        _say(f"memory: {found.name}")
        measured = apart.measured("peer", module, FEW, sizes[-1])
        found.intake, found.peak = measured["intake"], measured["peak"]
    for households in sizes:
        for unknown in UNKNOWN_IN_CITY:
            _say(f"Jingmen: {households:,} households, {unknown:.0%} unknown")
            results.city[households, unknown] = apart.city(households, unknown)
    text = page(results)
    print(text)
    if options.write:
        (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")
        plot(results, DOCS / "benchmarks.png")
    return 0


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} shared cores, {memory:.0f}"
        f" GiB; Python {platform.python_version()}"
    )


def _enter(results: Results) -> None:
    """Those that are installed, and why the others are not there."""
    for modules, entered in ((COLUMNS, results.columns), (ROWS, results.rows)):
        for module in modules:
            try:
                peer = contestant(module)
                entered[module] = Found(
                    peer.name, peer.version, peer.about, peer.sample, peer.unknown
                )
            except (ImportError, PackageNotFoundError) as problem:
                results.absent[module] = str(problem)
                _say(f"skipped: {module}: {problem}")


def _agree(results: Results, count: int) -> None:
    """No timing of answers that differ."""
    rules = draw_rules(count)
    for module in (*results.columns, *results.rows):
        peer = contestant(module)
        crowd = draw_crowd(SAMPLE, peer.unknown).first(
            SAMPLE if module in results.columns else peer.sample
        )
        peer.prepare(rules, crowd)
        answers, wanted = peer.matrix(peer.run()), truths(rules, crowd)
        if answers.shape != wanted.shape or not (answers == wanted).all():
            places = (
                np.argwhere(answers != wanted)[:3].tolist() if answers.shape == wanted.shape else []
            )
            raise DisagreementError(
                f"{peer.name} does not give the answers of the others, {count} rules; first"
                f" (member, rule): {places}"
            )
        _say(f"agrees, {count} rules, {len(crowd):,} households: {peer.name}")


def _time_columns(results: Results, households: int) -> None:
    """Few and many rules in the same rounds, so that growth is not a matter of the moment."""
    _say(f"columns: {households:,} households")
    counts = (FEW, MANY) if households <= MOST_FOR_MANY else (FEW,)
    peers = {(module, count): contestant(module) for module in results.columns for count in counts}
    crowds = {
        unknown: draw_crowd(households, unknown)
        for unknown in {peer.unknown for peer in peers.values()}
    }
    for (_, count), peer in peers.items():
        peer.prepare(draw_rules(count), crowds[peer.unknown])
    for (module, count), seconds in _medians(peers, ROUNDS[households]).items():
        results.columns[module].seconds[count, households] = seconds


def _time_rows(results: Results) -> None:
    _say("a household at a time")
    peers = {
        (module, count): contestant(module) for module in results.rows for count in (FEW, MANY)
    }
    for (_, count), peer in peers.items():
        peer.prepare(draw_rules(count), draw_crowd(SAMPLE, peer.unknown).first(peer.sample))
    baseline = BASELINE, FEW
    peers[baseline] = contestant(BASELINE)
    peers[baseline].prepare(draw_rules(FEW), draw_crowd(BESIDE))
    medians = _medians(peers, ROW_ROUNDS)
    results.beside = medians.pop(baseline) / BESIDE
    for (module, count), seconds in medians.items():
        found = results.rows[module]
        found.seconds[count, found.sample] = seconds


def _medians(peers: dict[tuple[str, int], Contestant], rounds: int) -> dict[tuple[str, int], float]:
    """Seconds of a run, by module and number of rules."""
    runs = {" ".join(map(str, key)): lambda _, run=peer.run: run() for key, peer in peers.items()}
    timings = side_by_side(runs, [dict.fromkeys(runs)], rounds)
    return {key: timing.p50 / 1e6 for key, timing in zip(peers, timings.values(), strict=True)}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
