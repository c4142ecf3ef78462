"""Timing side by side in one run: rounds of every contestant in turn, so that a noisy moment hits
all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Microseconds a call."""

    p50: float
    p99: float


def side_by_side(
    contestants: dict[str, Callable[[object], object]],
    inputs: Sequence[dict[str, object]],
    rounds: int,
) -> dict[str, Timing]:
    """Each contestant on each of its inputs, `rounds` times, interleaved. `inputs` hold one value
    for each contestant."""
    samples: dict[str, list[float]] = {name: [] for name in contestants}
    for name, run in contestants.items():
        run(inputs[0][name])
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, run in contestants.items():
                for one in inputs:
                    value = one[name]
                    start = time.perf_counter_ns()
                    run(value)
                    samples[name].append((time.perf_counter_ns() - start) / 1000)
    finally:
        gc.enable()
    return {name: _timing(found) for name, found in samples.items()}


def _timing(samples: list[float]) -> Timing:
    ordered = sorted(samples)
    return Timing(
        ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    )
