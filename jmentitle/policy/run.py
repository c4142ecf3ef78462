"""A run as `Pack.run` gives it: what came of a population, and what comes of a change to it."""

from __future__ import annotations

from jmentitle.policy.whatif.compare import Comparison, compare
from jmentitle.population import run


class Run(run.Run):
    """A run that can be compared with another one."""

    @classmethod
    def of(cls, run: run.Run) -> Run:
        """The same run with what is asked of it here."""
        return cls(run.pack, run.on, run.population, run.layers)

    def compare(self, after: run.Run) -> Comparison:
        """What changes from this run to another one over the same households. Raises ArgumentError
        (JM101)."""
        return compare(self, after)
