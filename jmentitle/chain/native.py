"""The default engine: rules compiled once per ruleset to generated Python, run layer by layer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from jmentitle.chain.outcome import NEVER, Found, Outcome, split_benefits
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
    """A ruleset as code: `first` decides everything; `again` decides what grants can change, given
    what has been granted."""

    household: tuple[str, ...]
    person: tuple[str, ...]
    first: Decide
    again: Decide
    grants_household: tuple[tuple[int, int], ...]
    grants_person: tuple[tuple[int, int], ...]


class NativeEngine:
    """Compiling a ruleset takes longer than working out a household or two by the written
    semantics, so those come first.

    A household of many members takes as long as several and counts as so many.
    """

    name = "native"

    def __init__(self, interpreted: int = 2) -> None:
        self.interpreted = interpreted
        self._compiled: WeakKeyDictionary[Ruleset, Compiled] = WeakKeyDictionary()
        self._runs: WeakKeyDictionary[Ruleset, int] = WeakKeyDictionary()

    def compile(self, ruleset: Ruleset, order: RowOrder) -> Compiled:
        """The ruleset as code, made now if it has not been yet."""
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
        household = Found([NEVER] * len(compiled.household), [NEVER] * len(compiled.household))
        members = [Found(closed[:], closed[:]) for _ in facts.members]
        complete = facts.members_complete
        compiled.first(facts.household, facts.members, complete, on, None, 0, household, members)
        granted, layer = masks(compiled, household, members), 0
        previous: list[Masks] = [(0, 0)] * len(granted)
        while granted != previous:
            layer += 1
            compiled.again(
                facts.household, facts.members, complete, on, granted, layer, household, members
            )
            previous, granted = granted, masks(compiled, household, members)
        return Outcome(compiled.household, compiled.person, household, members)


class Granting(Protocol):
    """Compiled rules that know which places grant which statuses, as bits."""

    @property
    def grants_household(self) -> tuple[tuple[int, int], ...]: ...
    @property
    def grants_person(self) -> tuple[tuple[int, int], ...]: ...


def masks(compiled: Granting, household: Found, members: list[Found]) -> list[Masks]:
    """Which statuses are certainly and possibly granted, as bits: the household first, then each
    member."""
    return [
        _mask(compiled.grants_household, household),
        *(_mask(compiled.grants_person, found) for found in members),
    ]


def _mask(grants: tuple[tuple[int, int], ...], found: Found) -> Masks:
    certain = possible = 0
    for index, bits in grants:
        if found.possible[index] >= 0:
            possible |= bits
            if found.certain[index] >= 0:
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
    """The places of the benefits that grant statuses, each with the bits of what it grants."""
    found = (
        (index, sum(1 << bits[status] for status in set(ruleset.benefits[benefit].grants)))
        for index, benefit in enumerate(benefits)
    )
    return tuple((index, mask) for index, mask in found if mask)


def reached_by_grants(ruleset: Ruleset) -> list[str]:
    """The benefits whose conditions depend on a status that can be granted."""
    known: dict[str, bool] = {}
    return [
        benefit
        for benefit in ruleset.benefits
        if reaches_grants(ruleset, ruleset.conditions[benefit], known)
    ]


def reaches_grants(ruleset: Ruleset, node: Node | None, known: dict[str, bool]) -> bool:
    """Whether a grant can change what a node comes to; `known` keeps what was found of names."""
    for inner in tree.walk(node) if node is not None else ():
        if isinstance(inner, tree.Quantity) or (isinstance(inner, tree.Status) and inner.granted):
            if inner.name not in known:
                behind = (
                    ruleset.statuses[inner.name]
                    if isinstance(inner, tree.Status)
                    else ruleset.content.quantities[inner.name].value
                )
                known[inner.name] = inner.name in ruleset.grantors or reaches_grants(
                    ruleset, behind, known
                )
            if known[inner.name]:
                return True
    return False
