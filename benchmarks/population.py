"""Whole populations: jmentitle over columns beside the same rules by hand and in other engines, all in one run.

`--write` puts the tables and the plot into the docs; `--quick` takes small populations only, to see that everything runs.
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
from benchmarks.peers import BASELINE, COLUMNS, ROWS, contestant
from benchmarks.plot import plot
from benchmarks.report import Found, Results, page
from benchmarks.rules import draw_rules
from benchmarks.timing import side_by_side

DOCS = Path(__file__).parent.parent / "docs"
FEW, MANY = 80, 800
ROUNDS = {10_000: 15, 100_000: 9, 1_000_000: 5}
SAMPLE = 2_000
"""Households on which those that take whole populations must agree before anything is timed; the others must on those that they are timed on."""
ROW_ROUNDS = {FEW: 5, MANY: 3}
BESIDE = 100_000
"""Households of the baseline that is timed in the same rounds as those that take a household or a person at a time."""
UNKNOWN_IN_CITY = 0.1


class Disagreement(Exception):
    pass


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks population", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its plot")
    parser.add_argument("--quick", action="store_true", help="10,000 households only")
    options = parser.parse_args(sys.argv[2:])
    sizes = [size for size in ROUNDS if size == 10_000 or not options.quick]
    results = Results(_machine(), sizes, {}, {}, {}, {}, {})
    _enter(results)
    for rules in (FEW, MANY):
        _agree(results, rules)
    for rules, households in [(FEW, size) for size in sizes] + [(MANY, size) for size in sizes[:2]]:
        _time_columns(results, rules, households)
    for rules in (FEW, MANY):
        _time_rows(results, rules)
    for module, found in results.columns.items():
        _say(f"memory: {found.name}")
        measured = apart.measured("peer", module, FEW, sizes[-1])
        found.intake, found.peak = measured["intake"], measured["peak"]
    for households in sizes:
        _say(f"Jingmen: {households:,} households")
        results.city[households] = apart.measured("city", households, UNKNOWN_IN_CITY)
    text = page(results, UNKNOWN_IN_CITY)
    print(text)
    if options.write:
        (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")
        plot(results, DOCS / "benchmarks.png")
    return 0


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()} on {platform.machine()}, {os.cpu_count()} shared cores, {memory:.0f} GiB; Python {platform.python_version()}"


def _enter(results: Results) -> None:
    """Those that are installed, and why the others are not there."""
    for modules, entered in ((COLUMNS, results.columns), (ROWS, results.rows)):
        for module in modules:
            try:
                peer = contestant(module)
                entered[module] = Found(peer.name, peer.version, peer.about, peer.sample, peer.unknown)
            except (ImportError, PackageNotFoundError) as problem:
                results.absent[module] = str(problem)
                _say(f"skipped: {module}: {problem}")


def _agree(results: Results, count: int) -> None:
    """No timing of answers that differ."""
    rules = draw_rules(count)
    for module in (*results.columns, *results.rows):
        peer = contestant(module)
        crowd = draw_crowd(SAMPLE, peer.unknown).first(SAMPLE if module in results.columns else peer.sample)
        peer.prepare(rules, crowd)
        answers, wanted = peer.matrix(peer.run()), truths(rules, crowd)
        if answers.shape != wanted.shape or not (answers == wanted).all():
            places = np.argwhere(answers != wanted)[:3].tolist() if answers.shape == wanted.shape else []
            raise Disagreement(f"{peer.name} does not give the answers of the others, {count} rules; first (member, rule): {places}")
        _say(f"agrees, {count} rules, {len(crowd):,} households: {peer.name}")


def _time_columns(results: Results, count: int, households: int) -> None:
    _say(f"columns: {count} rules, {households:,} households")
    peers, rules = {module: contestant(module) for module in results.columns}, draw_rules(count)
    crowds = {unknown: draw_crowd(households, unknown) for unknown in {peer.unknown for peer in peers.values()}}
    for peer in peers.values():
        peer.prepare(rules, crowds[peer.unknown])
    contestants = {module: (lambda _, run=peer.run: run()) for module, peer in peers.items()}
    for module, timing in side_by_side(contestants, [dict.fromkeys(contestants)], ROUNDS[households]).items():
        results.columns[module].seconds[count, households] = timing.p50 / 1e6


def _time_rows(results: Results, count: int) -> None:
    _say(f"a household at a time: {count} rules")
    peers, rules = {module: contestant(module) for module in results.rows}, draw_rules(count)
    for peer in peers.values():
        peer.prepare(rules, draw_crowd(SAMPLE, peer.unknown).first(peer.sample))
    peers[BASELINE] = contestant(BASELINE)
    peers[BASELINE].prepare(rules, draw_crowd(BESIDE))
    contestants = {module: (lambda _, run=peer.run: run()) for module, peer in peers.items()}
    for module, timing in side_by_side(contestants, [dict.fromkeys(contestants)], ROW_ROUNDS[count]).items():
        if module == BASELINE:
            results.beside[count] = timing.p50 / 1e6 / BESIDE
        else:
            found = results.rows[module]
            found.seconds[count, found.sample] = timing.p50 / 1e6


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
