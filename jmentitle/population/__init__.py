"""Whole populations: the same rules over columns, and analyses of the results.

`Pack.population` reads frames and `Pack.run` decides; the names here take it from there. This
module is a door: it names what lies in `population` (frames, intake, runs, `scale`: files larger
than memory, more than one machine), in `policy` (what-if, measures, plots) and in `synthetic` (a
made-up city), and imports each of them on first use.
"""

from typing import TYPE_CHECKING

from jmentitle.public import DOORS, attribute

if TYPE_CHECKING:
    from jmentitle.policy import plots as plots
    from jmentitle.policy.measures.coverage import Coverage as Coverage
    from jmentitle.policy.measures.coverage import coverage as coverage
    from jmentitle.policy.measures.indicators import Indicators as Indicators
    from jmentitle.policy.measures.indicators import indicators as indicators
    from jmentitle.policy.run import Run as Run
    from jmentitle.policy.whatif.cliffs import Cliffs as Cliffs
    from jmentitle.policy.whatif.cliffs import cliffs as cliffs
    from jmentitle.policy.whatif.compare import Comparison as Comparison
    from jmentitle.policy.whatif.population_cliffs import PopulationCliffs as PopulationCliffs
    from jmentitle.policy.whatif.population_cliffs import population_cliffs as population_cliffs
    from jmentitle.policy.whatif.sensitivity import Sensitivity as Sensitivity
    from jmentitle.policy.whatif.sensitivity import sensitivity as sensitivity
    from jmentitle.policy.whatif.thresholds import Threshold as Threshold
    from jmentitle.policy.whatif.thresholds import near as near
    from jmentitle.policy.whatif.thresholds import thresholds as thresholds
    from jmentitle.population.frames import Population as Population
    from jmentitle.population.scale import spark as spark
    from jmentitle.population.scale.partition import PackReference as PackReference
    from jmentitle.population.scale.partition import answer_schema as answer_schema
    from jmentitle.population.scale.partition import decide_partition as decide_partition
    from jmentitle.population.scale.partition import nest as nest
    from jmentitle.population.scale.spark import nest_spark as nest_spark
    from jmentitle.population.scale.spark import run_spark as run_spark
    from jmentitle.population.scale.stream import Files as Files
    from jmentitle.synthetic.city import City as City
    from jmentitle.synthetic.city import synthetic_city as synthetic_city
    from jmentitle.synthetic.files import household_files as household_files
else:

    def __getattr__(name: str) -> object:
        """Raises ExtraMissingError (JM095) without the extra `population`."""
        if name in DOORS[__name__]:
            from jmentitle.language.extras import need

            need("polars", "population")
        return attribute(__name__, name)


__all__ = [*DOORS[__name__]]


def __dir__() -> list[str]:
    return sorted(__all__)
