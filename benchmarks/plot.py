"""The plot of the population benchmark: time against households, both on logarithmic scales."""

from __future__ import annotations

from pathlib import Path

from benchmarks.report import Results

OURS, BY_HAND, OTHERS = "#b2182b", "#2166ac", "#4d4d4d"
TIMES = {
    0.001: "1 ms",
    0.01: "10 ms",
    0.1: "100 ms",
    1: "1 s",
    10: "10 s",
    60: "1 min",
    600: "10 min",
    3600: "1 h",
    36000: "10 h",
}
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
        colour = _colour(found.name)
        times = [found.seconds[80, size] for size in results.sizes]
        axes.plot(results.sizes, times, color=colour, marker="o", markersize=4, linewidth=1.6)
        ends.append((times[-1], found.name, colour))
    for found in results.rows.values():
        colour = _colour(found.name)
        each = results.per_household(found, 80)
        axes.plot(
            [first, last], [each * first, each * last], color=colour, linestyle=":", linewidth=1.1
        )
        ends.append((each * last, f"{found.name} *", colour))
    height, leader = 0.0, {"arrowstyle": "-", "color": "#bbbbbb", "lw": 0.6, "relpos": (0, 0.5)}
    for time, name, colour in sorted(ends):
        height = max(time, height * GAP)
        axes.annotate(
            name,
            (last, time),
            (last * 1.25, height),
            color=colour,
            va="center",
            fontsize=9,
            arrowprops=leader,
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(first * 0.8, last * 1.1),
        xlabel="households",
        ylabel="time to decide 80 rules for every member",
    )
    axes.set_xticks(results.sizes, [f"{size:,}" for size in results.sizes])
    low, high = axes.get_ylim()
    shown = {time: name for time, name in TIMES.items() if low <= time <= high}
    axes.set_yticks(list(shown), list(shown.values()))
    axes.minorticks_off()
    axes.grid(color="#e5e5e5", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(
        "Time against households, 80 rules\n* a household or a person at a time: measured on a"
        " sample and drawn on",
        fontsize=11,
        loc="left",
    )
    figure.savefig(path, dpi=130)


def _colour(name: str) -> str:
    return OURS if name.startswith("jmentitle") else BY_HAND if name.endswith("by hand") else OTHERS
