"""What a run of the population benchmark found, as a page of the docs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.peers import BASELINE


@dataclass
class Found:
    """What was measured of one contestant; `seconds` are medians by rules and households."""

    name: str
    version: str
    about: str
    sample: int
    unknown: float
    seconds: dict[tuple[int, int], float] = field(default_factory=dict)
    intake: float = 0.0
    peak: float = 0.0


@dataclass
class Results:
    """`beside` is the baseline in seconds a household, timed in the same rounds as the rows;
    `absent` says by module why a contestant did not run; `city` what the Jingmen pack took by
    households and the share of unknown facts."""

    machine: str
    sizes: list[int]
    columns: dict[str, Found]
    rows: dict[str, Found]
    beside: float
    absent: dict[str, str]
    city: dict[tuple[int, float], dict[str, float]]

    def per_household(self, found: Found, rules: int) -> float:
        """Seconds a household, of one that takes a household or a person at a time."""
        return found.seconds[rules, found.sample] / found.sample


def page(results: Results) -> str:
    parts = [
        "# Benchmarks over populations",
        (
            "`make bench` writes this page (`python -m benchmarks population --write`). Machines"
            " are noisy, so the ratios, all from one run, matter more than the times."
        ),
        (
            f"This run: {results.machine}. The rules are synthetic, drawn as data and written out"
            " for each engine. A rule has up to three conditions that must all hold, a pair of"
            " which at least one must hold, and often one that must not hold. The conditions read"
            " 18 facts of a person and 6 of the household. A household has 2.9 members on average,"
            " and every engine decides all rules for every member. Before the timing, the answers"
            " of every engine were compared with those of an independent oracle."
        ),
        (
            "Only deciding is timed, in interleaved rounds; the tables give the median. Before"
            " the timing, each engine compiles its rules and converts the facts to its own form."
            " Each engine is used in the fastest way that was found. Only jmentitle decides with"
            " unknown facts."
        ),
        "![Time against households](benchmarks.png)",
        "## Whole populations at once",
        "Time to decide 80 rules, and the ratio to the same rules in Polars by hand:",
        _times(results),
        "Growth of the time, and the intake and memory at the largest population:",
        _growth(results),
        (
            "*Intake* is the time before deciding: jmentitle loads the pack and checks every"
            " cell, the others convert the facts. *Peak* is the memory of the process while it"
            " decides, with its libraries, rules and facts."
        ),
        "## A household or a person at a time",
        _rows(results),
        (
            "*Ratio to Polars* is the time a household divided by the time that Polars took for"
            " one of a hundred thousand in the same rounds. The last column is the time for a"
            " million households on one core."
        ),
        *_absent(results),
        "## Jingmen",
        (
            "All items of the Jingmen pack are decided with amounts, for a synthetic city in two"
            " Parquet files."
        ),
        _city(results),
        (
            "*Unknown* is the share of blanked facts. The times are for reading and checking the"
            " files (*read*), for every decision and amount (*decide*, the median of three runs),"
            " and for adding these up by benefit (*totals*). *Peak* is the memory of the process"
            " while it reads and decides."
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: list[str], rows: Iterable[list[str]], words: int = 1) -> str:
    """The first columns, `words` of them, hold words, the others numbers."""
    return "\n".join(
        f"| {' | '.join(cells)} |"
        for cells in (head, ["---"] * words + ["--:"] * (len(head) - words), *rows)
    )


def _times(results: Results) -> str:
    base, largest = results.columns[BASELINE].seconds, results.sizes[-1]
    rows = []
    for found in results.columns.values():
        times = [
            f"{_time(found.seconds[80, size])} ({found.seconds[80, size] / base[80, size]:.1f} ×)"
            for size in results.sizes
        ]
        rows.append(
            [
                found.name,
                found.version,
                found.about,
                *times,
                f"{largest / found.seconds[80, largest] / 1e6:.1f} M",
            ]
        )
    return _table(
        [
            "engine",
            "version",
            "use",
            *(f"{size:,} households" for size in results.sizes),
            "households a second",
        ],
        rows,
        3,
    )


def _growth(results: Results) -> str:
    steps, shared = list(pairwise(results.sizes)), min(results.sizes[-1], 100_000)
    rows = []
    for found in results.columns.values():
        households = [
            f"{found.seconds[80, after] / found.seconds[80, before]:.1f} ×"
            for before, after in steps
        ]
        rules = f"{found.seconds[800, shared] / found.seconds[80, shared]:.1f} ×"
        rows.append(
            [
                found.name,
                _time(found.seconds[800, shared]),
                *households,
                rules,
                _time(found.intake),
                f"{found.peak:,.0f} MB",
            ]
        )
    head = [
        "engine",
        f"800 rules, {shared:,} households",
        *(f"{before:,} → {after:,} households" for before, after in steps),
    ]
    return _table([*head, "80 → 800 rules", "intake", "peak"], rows)


def _rows(results: Results) -> str:
    rows = []
    for found in sorted(results.rows.values(), key=lambda found: results.per_household(found, 80)):
        few, many = (results.per_household(found, rules) for rules in (80, 800))
        times = [
            f"{few * 1e6:,.0f} µs",
            f"{many * 1e6:,.0f} µs",
            f"{many / few:.1f} ×",
            f"{few / results.beside:,.0f} ×",
            _time(few * 1e6),
        ]
        rows.append([found.name, found.version, found.about, *times])
    head = [
        "engine",
        "version",
        "use",
        "80 rules, a household",
        "800 rules, a household",
        "80 → 800 rules",
        "ratio to Polars",
        "a million households",
    ]
    return _table(head, rows, 3)


def _absent(results: Results) -> list[str]:
    return (
        [
            "Did not run:"
            f" {'; '.join(f'{module} ({reason})' for module, reason in results.absent.items())}."
        ]
        if results.absent
        else []
    )


def _city(results: Results) -> str:
    head = ["households", "people", "items", "unknown", "read", "decide", "totals", "peak"]
    rows = []
    for (households, unknown), found in results.city.items():
        times = [_time(found[name]) for name in ("check", "decide", "totals")]
        rows.append(
            [
                f"{households:,}",
                f"{found['people']:,.0f}",
                f"{found['items']:.0f}",
                f"{unknown:.0%}",
                *times,
                f"{found['peak']:,.0f} MB",
            ]
        )
    return _table(head, rows)


def _time(seconds: float) -> str:
    """With two or three digits."""
    if seconds < 1:
        return f"{seconds * 1000:.{0 if seconds >= 0.01 else 1}f} ms"
    if seconds < 120:
        return f"{seconds:.{0 if seconds >= 100 else 1 if seconds >= 10 else 2}f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
