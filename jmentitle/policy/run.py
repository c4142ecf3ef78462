"""The run that `Pack.run` gives: the results of a population, comparable with another run."""

from __future__ import annotations

from jmentitle.policy.whatif.compare import Comparison, compare
from jmentitle.population import run


class Run(run.Run):
    """All decisions and amounts of a population on one day. Frames are made when asked for; the
    representation shows no value.

    Fields:
        pack: The pack.
        on: The day.
        population: The population.
    Example:
        >>> run
        <Run of jingmen on 2018-10-15: <Population of 300 households with 867 members>>
    """

    @classmethod
    def of(cls, run: run.Run) -> Run:
        """The same run, with `compare`."""
        return cls(run.pack, run.on, run.population, run.layers)

    def compare(self, after: run.Run) -> Comparison:
        """What changes from this run to another one over the same households.

        Arguments:
            after: The other run: of an amended pack, on another day, or with other facts.
        Returns:
            The comparison.
        Raises:
            HouseholdError: JM101 where the ids are not the same in the same order.
        Example:
            >>> amended = pack.amend({"parameters": {"dibao_urban": {"scale": "2"}}})
            >>> run.compare(amended.run(population, on)).decision_changes().height
            41
        """
        return compare(self, after)
