"""The plot of the population benchmark: time against households, both on logarithmic scales."""

from __future__ import annotations

from pathlib import Path

from benchmarks.report import Results

OURS, OTHERS = "#b2182b", "#4d4d4d"
GAP = 1.45
"""How many times higher than the label below it a label stands at least."""


def plot(results: Results, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(10, 7), layout="constrained")
    first, last = results.sizes[0], results.sizes[-1]
    ends: list[tuple[float, str, str]] = []
    for found in results.columns.values():
        colour = OURS if found.name.startswith("jmentitle") else OTHERS
        times = [found.seconds[80, size] for size in results.sizes]
        axes.plot(results.sizes, times, color=colour, marker="o", markersize=4, linewidth=1.6)
        ends.append((times[-1], found.name, colour))
    for found in results.rows.values():
        colour = OURS if found.name.startswith("jmentitle") else OTHERS
        each = results.per_household(found, 80)
        axes.plot([first, last], [each * first, each * last], color=colour, linestyle=":", linewidth=1.1)
        ends.append((each * last, f"{found.name} *", colour))
    height = 0.0
    for time, name, colour in sorted(ends):
        height = max(time, height * GAP)
        axes.annotate(
            name,
            (last, time),
            (last * 1.25, height),
            color=colour,
            va="center",
            fontsize=9,
            arrowprops={"arrowstyle": "-", "color": "#bbbbbb", "lw": 0.6},
        )
    axes.set(xscale="log", yscale="log", xlim=(first * 0.8, last * 1.1), xlabel="households", ylabel="seconds to decide 80 rules for every member")
    axes.set_xticks(results.sizes, [f"{size:,}" for size in results.sizes])
    axes.minorticks_off()
    axes.grid(color="#e5e5e5", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(
        "Time against households, 80 rules\n* a household or a person at a time: measured on a sample and drawn on", fontsize=11, loc="left"
    )
    figure.savefig(path, dpi=130)
