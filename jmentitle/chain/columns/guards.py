"""Guards: expensive columns are computed only for the rows that the cheap parts of a condition
leave open.

A number that only a few items use is computed for those whom the cheap parts of these items'
conditions (facts, statuses, numbers that many items share) leave in question. In all other rows it
is null, that is unknown, which changes nothing: there the conditions are false, whatever it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import assert_never

import polars as pl

from jmentitle.chain.columns.compiler import Compiler
from jmentitle.chain.columns.graph import Column, Graph, roots
from jmentitle.chain.columns.truths import Truth, all_of, any_of, negation, stated_or
from jmentitle.language import tree
from jmentitle.language.tree import Entity, TruthNode

Benefits = frozenset[str]
FEWEST = 3
"""Costly columns from which on leaving rows out is worth the work of leaving them out."""
MOST_ITEMS = 3
"""Columns that more items ask for matter to most rows."""


def interest(
    graph: Graph, wanted: Mapping[Column, Benefits | None]
) -> dict[Column, Benefits | None]:
    """The benefits in whose conditions or amounts each column ends up, given those of some; None
    where it matters to everybody, as does what crosses between households and members."""
    used_by: defaultdict[Column, list[Column]] = defaultdict(list)
    for column, root in graph.uses():
        used_by[root].append(column)
    found: dict[Column, Benefits | None] = {}

    def of(column: Column) -> Benefits | None:
        if column not in found:
            askers = [
                of(user) if user[0] == column[0] else None for user in used_by.get(column, ())
            ]
            askers += [wanted[column]] if column in wanted else []
            known = [benefits for benefits in askers if benefits is not None]
            found[column] = frozenset().union(*known) if len(known) == len(askers) else None
        return found[column]

    return {column: of(column) for column in [*used_by, *wanted]}


@dataclass(frozen=True)
class Group:
    """Columns of one frame that matter only where one of the benefits may be open."""

    entity: Entity
    benefits: Benefits
    columns: list[Column]


@dataclass
class Guards:
    """`main` is the compiler of all benefits. `opens` tells of nodes that a grant can still make
    true; `exposed` columns are looked at in every row. `guarded` columns get a guard; `clouded` are
    those and all that is made of them."""

    main: Compiler
    opens: Callable[[TruthNode], bool]
    exposed: Collection[Column]
    guarded: set[Column] = field(default_factory=set)
    clouded: set[Column] = field(default_factory=set)
    _kept: dict[str, Truth] = field(default_factory=dict)

    def place(self, wanted: Mapping[Column, Benefits | None]) -> None:
        """Guard what matters only to some of those who want the columns."""
        graph, groups = self.main.graph, self._groups(interest(self.main.graph, wanted))
        self.guarded = {column for group in groups for column in group.columns}
        self.clouded = set(self.guarded)
        for column in graph.derived:
            self._made_of(column, self.clouded)
        for number, group in enumerate(groups):
            possible = any_of(
                self._possible(self._condition(benefit), group.entity)
                for benefit in sorted(group.benefits)
            )
            if isinstance(possible, pl.Expr):
                name = f"guard:{number}"
                graph.derive(group.entity, name, possible.fill_null(True))
                graph.guards |= dict.fromkeys(group.columns, name)

    def _groups(self, asked_by: Mapping[Column, Benefits | None]) -> list[Group]:
        """The columns to guard, by the items that ask for them: costly ones, and what is made of
        them for the same items."""
        groups: defaultdict[tuple[Entity, frozenset[str]], set[Column]] = defaultdict(set)
        items = {column: self._items(benefits) for column, benefits in asked_by.items() if benefits}
        for column in self.main.graph.costly:
            if len(items.get(column, ())) in range(1, MOST_ITEMS + 1):
                groups[column[0], items[column]].add(column)
        found = []
        for (entity, of_items), columns in groups.items():
            if len(columns) >= FEWEST:
                benefits: Benefits = frozenset().union(
                    *[asked_by[column] or () for column in columns]
                )
                same = [
                    one
                    for one in self.main.graph.derived
                    if one[0] == entity and items.get(one) == of_items and one not in self.exposed
                ]
                found.append(
                    Group(
                        entity,
                        benefits,
                        [
                            column
                            for column in same
                            if column in columns or self._made_of(column, columns)
                        ],
                    )
                )
        return found

    def _items(self, benefits: Benefits) -> frozenset[str]:
        return frozenset(self.main.ruleset.benefits[benefit].item for benefit in benefits)

    def _made_of(self, column: Column, columns: set[Column]) -> bool:
        """Whether a column is made of one of these; it becomes one of them. Columns are derived
        after all that they are made of."""
        if any((column[0], root) in columns for root in roots(self.main.graph.derived[column])):
            columns.add(column)
            return True
        return False

    def _condition(self, benefit: str) -> TruthNode:
        condition = self.main.ruleset.conditions[benefit]
        return tree.All(()) if condition is None else condition

    def _possible(self, node: TruthNode, entity: Entity) -> Truth:
        """The condition with guarded columns and grantable statuses replaced by *unknown*. Rows
        outside a guard get this value instead of the guarded column's."""
        if isinstance(node, tree.Leaf):
            return self._possible(node.test, entity)
        found = self.main.known(node, entity)
        name = (
            found.meta.output_name()
            if isinstance(found, pl.Expr) and found.meta.is_column()
            else ""
        )
        if (entity, name) not in self.guarded:
            return self._left(node, entity)
        if name not in self._kept:
            left = self._left(node, entity)
            # A group of one is the column of what it holds, which has been kept by now.
            if isinstance(left, pl.Expr) and name not in self._kept:
                left = self.main.graph.derive(entity, f"possible {name}", left)
                self.main.graph.elsewhere[entity, name] = f"possible {name}"
            self._kept[name] = left
        return self._kept[name]

    def _left(self, node: TruthNode, entity: Entity) -> Truth:
        opens, found = self.opens(node), self.main.known(node, entity)
        if found is not None and not opens and not self._is_clouded(found, entity):
            return found
        match node:
            case tree.All(parts=parts):
                return all_of(self._possible(part, entity) for part in parts)
            case tree.AnyOf(parts=parts):
                return any_of(self._possible(part, entity) for part in parts)
            case tree.NoneOf(parts=parts):
                return negation(any_of(self._possible(part, entity) for part in parts))
            case tree.Status():
                return self._status(node) if not opens and found is not None else None
            case (
                tree.Leaf()
                | tree.AnyMember()
                | tree.AllMembers()
                | tree.Fact()
                | tree.Compare()
                | tree.IsOneOf()
                | tree.Overlaps()
            ):
                return None
        assert_never(node)

    def _is_clouded(self, truth: Truth, entity: Entity) -> bool:
        return isinstance(truth, pl.Expr) and any(
            (entity, root) in self.clouded for root in roots(truth)
        )

    def _status(self, node: tree.Status) -> Truth:
        """A status that is derived or certified, in the same reading."""
        definition, behind = (
            self.main.ruleset.content.statuses[node.name],
            self.main.ruleset.statuses[node.name],
        )
        if behind is None or node.name in self.main.ruleset.grantors:
            return None
        left = self._possible(behind, node.entity)
        certified = (
            definition.certificate is not None and node.name in self.main.columns[node.entity]
        )
        return stated_or(pl.col(node.name), left) if certified else left
