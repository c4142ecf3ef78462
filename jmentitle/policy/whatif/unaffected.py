"""The households that a change cannot affect, even if facts about them are unknown.

An amendment lowers the income limit of the status `low_income`, which the benefit `meals` reads
together with the age. The benefit is unaffected if the status is known and equal in both runs, even
for household a, whose age is unknown:

    household   low_income before, after   age   meals unaffected
    a           true     true              -     true
    b           true     false             70    false
    c           -        -                 70    false
    d           false    false             70    true
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from jmentitle.language import tree
from jmentitle.language.tree import Entity
from jmentitle.pack.model import MEMBERS_COMPLETE
from jmentitle.policy.whatif.dependence import Name, reach, read_by, reads
from jmentitle.population import evaluate
from jmentitle.population.run import Run

Mask = np.ndarray[Any, np.dtype[np.bool_]]
_UNDETERMINED = (4, 5)


class Unaffected:
    """Two runs over the same households. `changed` are the definitions and facts that differ,
    `touched` these and all their readers.

    A definition is *unaffected* for a household if all its inputs are unaffected. An input is
    unaffected if the amendment does not touch it, or if its value is known and equal in both runs.
    This holds for every assignment of the unknown facts.
    """

    def __init__(self, before: Run, after: Run, changed: set[Name], touched: set[Name]) -> None:
        self._runs = (before, after)
        self._changed = changed
        self._touched = touched
        self._rules = before.pack.ruleset(before.on)
        self._found: dict[tuple[str, Name], Mask] = {}
        contents = [run.pack.content for run in self._runs]
        numbers = [
            name
            for kind, name in touched
            if kind == "quantity" and all(name in content.quantities for content in contents)
        ]
        truths = [
            name
            for kind, name in touched
            if kind == "status" and all(name in content.statuses for content in contents)
        ]
        self._entities: list[dict[Name, Entity]] = []
        self._columns: list[dict[Name, pl.Series]] = []
        for run, content in zip(self._runs, contents, strict=True):
            quantity_kinds = {
                name: (content.quantities[name].entity, content.quantities[name].type)
                for name in numbers
            }
            status_entities = {name: content.statuses[name].entity for name in truths}
            ends = evaluate.numbers(
                run,
                {
                    name: (tree.Quantity(entity, name, kind), entity)
                    for name, (entity, kind) in quantity_kinds.items()
                },
            )
            truth_columns = evaluate.truths(
                run,
                {
                    name: (tree.Status(entity, name), entity)
                    for name, entity in status_entities.items()
                },
            )
            columns: dict[Name, pl.Series] = {
                ("status", name): column for name, column in truth_columns.items()
            }
            for name, (low, high) in ends.items():
                columns["quantity", name] = pl.select(pl.when(low == high).then(low)).to_series()
            self._columns.append(columns)
            entities: dict[Name, Entity] = {
                ("status", name): entity for name, entity in status_entities.items()
            }
            self._entities.append(
                entities
                | {("quantity", name): entity for name, (entity, _) in quantity_kinds.items()}
            )

    def alike(self, benefit: str) -> Mask:
        """Mask of the households for which a benefit and its amount are unaffected, even if
        undetermined."""
        return self._inputs(("benefit", benefit))

    def states_amount(self, benefit: str, run: Run) -> Mask:
        """Mask of the households that state every fact behind the amount of a benefit: only the
        rules leave its bounds open."""
        rules = run.pack.ruleset(run.on)
        pays = rules.benefits[benefit].pays
        mask = ~self._nowhere
        nodes = (
            ()
            if pays is None
            else (node for node in (pays.amount, pays.cap, pays.lasts) if node is not None)
        )
        for name in reach(rules, read_by(nodes)):
            match name:
                case ("household" | "person") as entity, fact:
                    mask = mask & self._stated(run, entity, fact)
        return mask

    def _stated(self, run: Run, entity: Entity, name: str) -> Mask:
        """Mask of the rows with a known fact. A derived status does not need a certificate."""
        status = run.pack.content.statuses.get(name)
        frame = run.population.households if entity == "household" else run.population.people
        if name == MEMBERS_COMPLETE:
            return (
                self._households(frame[name], entity) if name in frame.columns else ~self._nowhere
            )
        if status is not None and status.when is not None:
            return ~self._nowhere
        columns = [column for column in frame.columns if column.partition(":")[0] == name]
        return (
            self._households(frame[columns[0]].is_not_null(), entity) if columns else self._nowhere
        )

    def _inputs(self, name: Name) -> Mask:
        """Mask of the rows where a definition is equal and its inputs are unaffected; grants of a
        status are tested separately."""
        if name in self._changed:
            return self._nowhere
        if name not in self._touched:
            return ~self._nowhere
        return self._once(
            "inputs",
            name,
            lambda: self._all(
                read
                for read in reads(self._rules, name)
                if name[0] != "status" or read[0] != "benefit"
            ),
        )

    def _same(self, name: Name) -> Mask:
        """Mask of the unaffected rows of a name."""
        if name not in self._touched:
            return ~self._nowhere
        match name[0]:
            case "benefit":
                return self._once(
                    "same", name, lambda: self._inputs(name) | self._decided_alike(name[1])
                )
            case "quantity":
                return self._once(
                    "same", name, lambda: self._inputs(name) | self._known_alike(name)
                )
            case "status":
                return self._once("same", name, lambda: self._status(name))
            case "household" | "person":
                return self._once("same", name, lambda: self._stated_alike(name))
        return self._nowhere

    def _status(self, name: Name) -> Mask:
        grantors = [("benefit", grantor) for grantor in self._rules.grantors.get(name[1], ())]
        return (self._inputs(name) | self._known_alike(name)) & (
            self._known_alike(name, only=True) | self._all(grantors)
        )

    def _all(self, names: Any) -> Mask:
        mask = ~self._nowhere
        for name in names:
            mask = mask & self._same(name)
        return mask

    def _once(self, which: str, name: Name, work_out: Callable[[], Mask]) -> Mask:
        """Computed once; a definition that depends on itself through grants counts as affected."""
        if (which, name) not in self._found:
            self._found[which, name] = self._nowhere
            self._found[which, name] = work_out()
        return self._found[which, name]

    @property
    def _nowhere(self) -> Mask:
        return np.zeros(len(self._runs[0].population), dtype=np.bool_)

    # rows

    def _known_alike(self, name: Name, *, only: bool | None = None) -> Mask:
        """Mask of the rows where a quantity or status is known and equal in both runs; with `only`,
        where it has that value."""
        if (
            any(name not in entities for entities in self._entities)
            or self._entities[0][name] != self._entities[1][name]
        ):
            return self._nowhere
        entity = self._entities[0][name]
        before, after = (columns[name] for columns in self._columns)
        same = (before == after).fill_null(False)
        return self._households(
            same if only is None else same & (before == only).fill_null(False), entity
        )

    def _decided_alike(self, benefit: str) -> Mask:
        definitions = [run.pack.ruleset(run.on).benefits.get(benefit) for run in self._runs]
        if None in definitions:
            return self._nowhere
        entities = [
            run.pack.content.items[definition.item].entity
            for run, definition in zip(self._runs, definitions, strict=True)
            if definition is not None
        ]
        if entities[0] != entities[1]:
            return self._nowhere
        before, after = (
            pl.Series(run.answers.rank(definition))
            for run, definition in zip(self._runs, definitions, strict=True)
            if definition is not None
        )
        return self._households((before == after) & ~before.is_in(_UNDETERMINED), entities[0])

    def _stated_alike(self, name: Name) -> Mask:
        entity: Entity = "household" if name[0] == "household" else "person"
        frames = [
            run.population.households if entity == "household" else run.population.people
            for run in self._runs
        ]
        same = pl.repeat(
            True,
            len(self._runs[0].population.members.of) if entity == "person" else len(self._nowhere),
            eager=True,
        )
        for column in {
            column
            for frame in frames
            for column in frame.columns
            if column.partition(":")[0] == name[1]
        }:
            if not all(column in frame.columns for frame in frames):
                return self._nowhere
            same = same & frames[0][column].eq_missing(frames[1][column])
        return self._households(same, entity)

    def _households(self, rows: pl.Series, entity: Entity) -> Mask:
        """The households in which it holds for all rows."""
        if entity == "household":
            return rows.to_numpy()
        mask = ~self._nowhere
        mask[self._runs[0].population.members.of.filter(~rows).to_numpy()] = False
        return mask
