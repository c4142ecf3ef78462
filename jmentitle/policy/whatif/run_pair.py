"""Two runs over the same households: their differences, the unaffected households, the money."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from jmentitle.policy.whatif.annual_value import Worth
from jmentitle.policy.whatif.dependence import Difference, definitions, difference, differing_facts
from jmentitle.policy.whatif.unaffected import Unaffected
from jmentitle.population.run import Run


@dataclass(frozen=True)
class RunPair:
    """A run before a change and one after it."""

    before: Run
    after: Run

    @cached_property
    def difference(self) -> Difference:
        """The differing rules, values and facts, and their readers. Between two days everything
        differs, because ages change."""
        before, after = (run.pack.ruleset(run.on) for run in (self.before, self.after))
        if self.before.on != self.after.on:
            everything = {*definitions(before), *definitions(after)}
            return Difference(everything, everything)
        return difference(
            before, after, differing_facts(self.before.population, self.after.population)
        )

    @cached_property
    def unaffected(self) -> Unaffected:
        """The households for which the difference cannot matter."""
        return Unaffected(self.before, self.after, self.difference.changed, self.difference.touched)

    @cached_property
    def worths(self) -> tuple[Worth, Worth]:
        """The money of both runs."""
        return Worth(self.before), Worth(self.after)
