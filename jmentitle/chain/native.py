"""The default engine: rules compiled once per ruleset to generated Python, run layer by layer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from jmentitle.chain.outcome import NEVER, BenefitLayers, Outcome, split_benefits
from jmentitle.chain.specification import SpecificationEngine
from jmentitle.language import tree
from jmentitle.language.tree import Node
from jmentitle.pack.rows import RowOrder
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts

if TYPE_CHECKING:
    from jmentitle.chain.codegen import Decide

ORDINARY = 5
"""Members of an ordinary household."""
Masks = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A ruleset as code: `first` decides every benefit; `again` decides the benefits that
    grants can change, given the grants so far."""

    household: tuple[str, ...]
    person: tuple[str, ...]
    first: Decide
    again: Decide
    grants_household: tuple[tuple[int, int], ...]
    grants_person: tuple[tuple[int, int], ...]


class NativeEngine:
    """Interprets the first `interpreted` households of a ruleset and compiles it for the others:
    compiling takes longer than interpreting a household or two.

    A household of many members takes as long as several ordinary ones and counts as so many.
    """

    name = "native"

    def __init__(self, interpreted: int = 2) -> None:
        self.interpreted = interpreted
        self._compiled: WeakKeyDictionary[Ruleset, Compiled] = WeakKeyDictionary()
        self._runs: WeakKeyDictionary[Ruleset, int] = WeakKeyDictionary()

    def compile(self, ruleset: Ruleset, order: RowOrder) -> Compiled:
        """The ruleset as code, from the cache if it is there."""
        compiled = self._compiled.get(ruleset)
        if compiled is None:
            compiled = self._compiled[ruleset] = compile_ruleset(ruleset, order)
        return compiled

    def run(self, ruleset: Ruleset, facts: Facts, on: date) -> Outcome:
        compiled = self._compiled.get(ruleset)
        if compiled is None:
            households = max(1, len(facts.members) // ORDINARY)
            runs = self._runs[ruleset] = self._runs.get(ruleset, 0) + households
            if runs <= self.interpreted:
                return SpecificationEngine().run(ruleset, facts, on)
            compiled = self.compile(ruleset, facts.order)
        closed = [NEVER] * len(compiled.person)
        household = BenefitLayers(
            [NEVER] * len(compiled.household), [NEVER] * len(compiled.household)
        )
        members = [BenefitLayers(closed[:], closed[:]) for _ in facts.members]
        complete = facts.members_complete
        compiled.first(facts.household, facts.members, complete, on, None, 0, household, members)
        granted = masks(compiled, household, members)
        layer = 0
        previous: list[Masks] = [(0, 0)] * len(granted)
        while granted != previous:
            layer += 1
            compiled.again(
                facts.household, facts.members, complete, on, granted, layer, household, members
            )
            previous, granted = granted, masks(compiled, household, members)
        return Outcome(compiled.household, compiled.person, household, members)


class Granting(Protocol):
    """Compiled rules with the benefits that grant statuses, as (index, bits of the statuses)."""

    @property
    def grants_household(self) -> tuple[tuple[int, int], ...]: ...
    @property
    def grants_person(self) -> tuple[tuple[int, int], ...]: ...


def masks(
    compiled: Granting, household: BenefitLayers, members: list[BenefitLayers]
) -> list[Masks]:
    """The statuses that are certainly and possibly granted, as bits: of the household first, then
    of each member."""
    return [
        _mask(compiled.grants_household, household),
        *(_mask(compiled.grants_person, layers) for layers in members),
    ]


def _mask(grants: tuple[tuple[int, int], ...], layers: BenefitLayers) -> Masks:
    certain = possible = 0
    for index, bits in grants:
        if layers.possible[index] >= 0:
            possible |= bits
            if layers.certain[index] >= 0:
                certain |= bits
    return certain, possible


def compile_ruleset(ruleset: Ruleset, order: RowOrder) -> Compiled:
    """Generate and compile the code of a ruleset."""
    from jmentitle.chain.codegen import Function, compile_function
    from jmentitle.chain.stages import Stages

    household, person = split_benefits(ruleset)
    indices = {
        benefit: index for benefits in (household, person) for index, benefit in enumerate(benefits)
    }
    bits = {status: bit for bit, status in enumerate(ruleset.grantors)}

    def function(benefits: Iterable[str], *, with_grants: bool) -> Decide:
        stages = Stages.plan(ruleset, benefits, with_grants=with_grants)
        return compile_function(
            Function(
                ruleset,
                stages,
                order=order,
                indices=indices,
                grant_bits=bits,
                with_grants=with_grants,
            )
        )

    return Compiled(
        household,
        person,
        function(ruleset.benefits, with_grants=False),
        function(reached_by_grants(ruleset), with_grants=True),
        grant_masks(ruleset, household, bits),
        grant_masks(ruleset, person, bits),
    )


def grant_masks(
    ruleset: Ruleset, benefits: tuple[str, ...], bits: dict[str, int]
) -> tuple[tuple[int, int], ...]:
    """The indices of the benefits that grant statuses, each with the bits of the statuses."""
    masks_by_index = (
        (index, sum(1 << bits[status] for status in set(ruleset.benefits[benefit].grants)))
        for index, benefit in enumerate(benefits)
    )
    return tuple((index, mask) for index, mask in masks_by_index if mask)


def reached_by_grants(ruleset: Ruleset) -> list[str]:
    """The benefits whose conditions depend on a status that can be granted."""
    cache: dict[str, bool] = {}
    return [
        benefit
        for benefit in ruleset.benefits
        if reaches_grants(ruleset, ruleset.conditions[benefit], cache)
    ]


def reaches_grants(ruleset: Ruleset, node: Node | None, cache: dict[str, bool]) -> bool:
    """Whether a grant can change the value of a node; `cache` holds the answers for names."""
    for inner in tree.walk(node) if node is not None else ():
        if isinstance(inner, tree.Quantity) or (isinstance(inner, tree.Status) and inner.granted):
            if inner.name not in cache:
                definition = (
                    ruleset.statuses[inner.name]
                    if isinstance(inner, tree.Status)
                    else ruleset.content.quantities[inner.name].value
                )
                cache[inner.name] = inner.name in ruleset.grantors or reaches_grants(
                    ruleset, definition, cache
                )
            if cache[inner.name]:
                return True
    return False
