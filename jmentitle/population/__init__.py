"""Whole populations: the same rules over columns, and what can be asked of the answers.

`Pack.population` reads frames and `Pack.run` decides; the names here take it from there. This
module is a door: it names what lies in `population` (frames, intake, runs, `scale`: files larger
than memory, more than one machine), in `policy` (what-if, measures, plots) and in `synthetic` (a
made-up city), and imports none of it before it is asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmentitle.policy import plots
    from jmentitle.policy.measures.coverage import coverage
    from jmentitle.policy.measures.indicators import indicators
    from jmentitle.policy.run import Run
    from jmentitle.policy.whatif.cliffs import cliffs
    from jmentitle.policy.whatif.population_cliffs import population_cliffs
    from jmentitle.policy.whatif.sensitivity import sensitivity
    from jmentitle.policy.whatif.thresholds import near, thresholds
    from jmentitle.population.frames import Population
    from jmentitle.population.scale.partition import PackReference, decide_partition
    from jmentitle.population.scale.spark import run_spark
    from jmentitle.synthetic.city import synthetic_city

__all__ = [
    "PackReference",
    "Population",
    "Run",
    "cliffs",
    "coverage",
    "decide_partition",
    "indicators",
    "near",
    "plots",
    "population_cliffs",
    "run_spark",
    "sensitivity",
    "synthetic_city",
    "thresholds",
]

_HOMES = {
    "PackReference": "jmentitle.population.scale.partition",
    "Population": "jmentitle.population.frames",
    "Run": "jmentitle.policy.run",
    "cliffs": "jmentitle.policy.whatif.cliffs",
    "coverage": "jmentitle.policy.measures.coverage",
    "decide_partition": "jmentitle.population.scale.partition",
    "indicators": "jmentitle.policy.measures.indicators",
    "near": "jmentitle.policy.whatif.thresholds",
    "population_cliffs": "jmentitle.policy.whatif.population_cliffs",
    "run_spark": "jmentitle.population.scale.spark",
    "sensitivity": "jmentitle.policy.whatif.sensitivity",
    "synthetic_city": "jmentitle.synthetic.city",
    "thresholds": "jmentitle.policy.whatif.thresholds",
}

_MODULES = {"plots": "jmentitle.policy.plots"}


def __getattr__(name: str) -> object:
    """Public names are imported when first used. Raises ExtraMissingError (JM095) without the extra
    `population`."""
    if name in _HOMES or name in _MODULES:
        from importlib import import_module

        from jmentitle.language.extras import need

        need("polars", "population")
        return (
            import_module(_MODULES[name])
            if name in _MODULES
            else getattr(import_module(_HOMES[name]), name)
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
