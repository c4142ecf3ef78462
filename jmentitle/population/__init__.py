"""Whole populations: the same rules over columns, and what can be asked of the answers.

`Pack.population` reads frames and `Pack.run` decides; the names here take it from there. Folders: `columns` (the rules as columns), `measures`
(coverage and indicators), `whatif`, `plots`, `scale` (files larger than memory, more than one machine), `synthetic` (a made-up city).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmentitle.population.frames import Population
    from jmentitle.population.measures.coverage import coverage
    from jmentitle.population.measures.indicators import indicators
    from jmentitle.population.run import Run
    from jmentitle.population.scale.partition import PackReference, decide_partition
    from jmentitle.population.scale.spark import run_spark
    from jmentitle.population.synthetic.city import synthetic_city
    from jmentitle.population.whatif.cliffs import cliffs
    from jmentitle.population.whatif.population_cliffs import population_cliffs
    from jmentitle.population.whatif.sensitivity import sensitivity
    from jmentitle.population.whatif.thresholds import near, thresholds

__all__ = [
    "PackReference",
    "Population",
    "Run",
    "cliffs",
    "coverage",
    "decide_partition",
    "indicators",
    "near",
    "population_cliffs",
    "run_spark",
    "sensitivity",
    "synthetic_city",
    "thresholds",
]

_HOMES = {
    "PackReference": "scale.partition",
    "Population": "frames",
    "Run": "run",
    "cliffs": "whatif.cliffs",
    "coverage": "measures.coverage",
    "decide_partition": "scale.partition",
    "indicators": "measures.indicators",
    "near": "whatif.thresholds",
    "population_cliffs": "whatif.population_cliffs",
    "run_spark": "scale.spark",
    "sensitivity": "whatif.sensitivity",
    "synthetic_city": "synthetic.city",
    "thresholds": "whatif.thresholds",
}


def __getattr__(name: str) -> object:
    """Public names are imported when first used. Raises ExtraMissing (JM095) without the extra `population`."""
    if name in _HOMES:
        from importlib import import_module

        from jmentitle.language.extras import need

        need("polars", "population")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
