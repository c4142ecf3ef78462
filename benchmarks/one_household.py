"""One household and cold start, both engines beside plain Python, on the same synthetic rules in
one run."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.synthetic import ON, household, rules
from benchmarks.timing import Timing, side_by_side
from jmentitle.api import Pack, load_pack
from jmentitle.chain.engines import engine
from jmentitle.chain.outcome import NEVER
from jmentitle.errors import EngineUnavailableError
from jmentitle.language.evaluator import TRUE
from jmentitle.pack.ruleset import Ruleset
from jmentitle.views.explain.explanation import Explainer

HOUSEHOLDS, ROUNDS = 200, 15
FAMILY = Path(__file__).parent.parent / "examples" / "dibao_family_with_disabled_father.yaml"


def main() -> int:
    print(
        f"Python {platform.python_version()}, {platform.machine()}; {HOUSEHOLDS} households of 3,"
        f" {ROUNDS} rounds; microseconds a household\n"
    )
    print(f"{'rules':>6}  {'what':<52}{'p50':>9}{'p99':>10}{'ratio':>8}")
    growth = {count: one_household(count) for count in (80, 800)}
    for name in growth[80]:
        print(f"growth 80 → 800, {name}: ×{growth[800][name].p50 / growth[80][name].p50:.1f}")
    print()
    jingmen()
    cold_start()
    memory()
    return 0


def engines() -> list[str]:
    try:
        engine("durable")
    except EngineUnavailableError as problem:
        print(problem)
        return ["native"]
    return ["native", "durable"]


def one_household(count: int) -> dict[str, Timing]:
    """All rules decided for a household of three: facts all known, then a third unknown, then with
    validation of the input."""
    pack, plain, _ = rules(count)
    dice = Random(7)
    known = [household(dice) for _ in range(HOUSEHOLDS)]
    partly = [household(dice, 0.3) for _ in range(HOUSEHOLDS)]
    check_agreement(pack, plain, known)
    ruleset = pack.ruleset(ON)

    def decided(name: str) -> Callable[[object], object]:
        run = engine(name).run
        return lambda facts: run(ruleset, facts, ON)  # type: ignore[arg-type]

    contestants: dict[str, Callable[[object], object]] = {
        "plain Python by hand": lambda home: plain(home["household"], home["members"])
    }  # type: ignore[index]
    for name in engines():
        contestants[f"{name}, all facts known"] = decided(name)
        contestants[f"{name}, 30 % unknown"] = decided(name)
    contestants["native, all facts known, with every explanation tree"] = lambda facts: explained(
        ruleset, facts
    )
    contestants["native, 30 % unknown, with every explanation tree"] = lambda facts: explained(
        ruleset, facts
    )
    contestants["native, 30 % unknown, with validation"] = lambda home: engine("native").run(
        ruleset, pack.read(home, ON).facts, ON
    )
    inputs = []
    for home, unsure in zip(known, partly, strict=True):
        one: dict[str, object] = {}
        for name in contestants:
            raw = unsure if "unknown" in name else home
            one[name] = raw if "validation" in name or "plain" in name else pack.read(raw, ON).facts
        inputs.append(one)
    found = side_by_side(contestants, inputs, ROUNDS if count < 800 else 4)
    base = found["plain Python by hand"].p50
    for name, timing in found.items():
        print(
            f"{count:>6}  {name:<52}{timing.p50:>9.1f}{timing.p99:>10.1f}{timing.p50 / base:>7.2f}×"
        )
    return found


def explained(ruleset: Ruleset, facts: object) -> int:
    """Decide, and prove every benefit for everybody down to the conditions that the answer rests
    on; how many were found to hold."""
    found = Explainer(ruleset, facts, ON, engine("native").run(ruleset, facts, ON))  # type: ignore[arg-type]
    return sum(one.proof is None or one.proof.bounds == TRUE for one in found.all())


def check_agreement(
    pack: Pack, plain: Callable[..., list[list[bool]]], homes: list[dict[str, object]]
) -> None:
    """No timing of answers that differ."""
    for home in homes[:50]:
        expected = plain(home["household"], home["members"])
        facts = pack.read(home, ON).facts
        for name in engines():
            outcome = engine(name).run(pack.ruleset(ON), facts, ON)
            answers = [[layer != NEVER for layer in found.certain] for found in outcome.members]
            assert answers == [[bool(one) for one in row] for row in expected], name


def jingmen() -> None:
    """The real pack on a real family file."""
    from jmentitle.profile.validation import parse_text

    pack = load_pack()
    raw = parse_text(FAMILY.read_text(encoding="utf-8"))
    profile = pack.read(raw, ON)
    contestants: dict[str, Callable[[object], object]] = {
        f"jingmen, {name}: decisions": lambda _, name=name: pack.decide(
            profile, ON, engine_name=name
        )
        for name in engines()  # type: ignore[misc]
    }
    contestants["jingmen, native: whole assessment with amounts, offices, sources"] = lambda _: (
        pack.assess(profile, ON)
    )
    for name, timing in side_by_side(contestants, [dict.fromkeys(contestants, None)], 60).items():
        print(f"{len(pack.content.items):>6}  {name:<64}{timing.p50:>9.1f}{timing.p99:>10.1f}")
    print()


def cold_start() -> None:
    """From the start of the process to the first answer, beside an interpreter that does nothing
    and one that imports pydantic."""
    decide = (
        "import json; from datetime import date; from jmentitle import load_pack; pack ="
        f" load_pack(); pack.decide(pack.read(json.loads({_family_as_json()!r}), date(2018, 10,"
        " 15)), date(2018, 10, 15))"
    )
    assess = (
        f"import sys; sys.argv = ['jmentitle', 'assess', {str(FAMILY)!r}, '--on', '2018-10-15',"
        " '--format', 'json']; import io; sys.stdout = io.TextIOWrapper(io.BytesIO()); from"
        " jmentitle.cli.main import main; main()"
    )
    with tempfile.TemporaryDirectory() as cache:
        programs = {
            "python that does nothing": ("pass", cache),
            "python that imports pydantic": ("from pydantic import BaseModel", cache),
            "all decisions, from the cached pack": (decide, cache),
            "all decisions, from YAML": (decide, ""),
            "whole assessment as JSON, from the cached pack": (assess, cache),
        }
        print("cold start of the Jingmen pack, milliseconds (median of 9)")
        for name, (program, folder) in programs.items():
            command, environment = (
                [sys.executable, "-c", program],
                {**os.environ, "JMENTITLE_CACHE": folder},
            )
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
            samples = []
            for _ in range(9):
                start = time.perf_counter()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
                samples.append((time.perf_counter() - start) * 1000)
            print(f"  {name:<50}{sorted(samples)[4]:>8.0f}")
    print()


def _family_as_json() -> str:
    from jmentitle.profile.validation import parse_text

    return json.dumps(parse_text(FAMILY.read_text(encoding="utf-8")), default=str)


def memory() -> None:
    """Resident memory after 1,000 and after 100,000 households in one process: it must not grow."""
    pack, _, _ = rules(80)
    dice = Random(3)
    homes = [household(dice, 0.3) for _ in range(100)]
    for name in engines():
        seen = {}
        for done in (1_000, 100_000):
            for number in range(done):
                engine(name).run(pack.ruleset(ON), pack.read(homes[number % 100], ON).facts, ON)
            seen[done] = resident_megabytes()
        shown = ", ".join(f"{megabytes:.1f} MB after {done:,}" for done, megabytes in seen.items())
        print(f"memory, {name}: {shown} households")


def resident_megabytes() -> float:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
