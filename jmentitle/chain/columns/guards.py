"""Guards: expensive columns are computed only for the rows that the cheap parts of a condition
leave open.

A number that only a few items use gets a guard: its items' conditions with every guarded column
unknown. Facts, statuses and numbers that many items share remain. In rows where the guard is false
the number is null, that is unknown, which changes no answer: the conditions are false there for
every value of the number.

Example: `all` of `disabled` and `need < 500`, where `need` is costly:

    row  disabled  guard: disabled and unknown   need computed   condition
    0    true      unknown, so true         ->   420             true
    1    false     false                    ->   null            false
    2    null      unknown, so true         ->   900             false
    3    false     false                    ->   null            false
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
"""The smallest number of costly columns for which filtering rows pays."""
MOST_ITEMS = 3
"""The largest number of items of a guarded column: columns of more items matter to most rows."""


def interest(
    graph: Graph, wanted: Mapping[Column, Benefits | None]
) -> dict[Column, Benefits | None]:
    """The benefits whose conditions or amounts use each column, given those of the `wanted` ones.
    None means every row: columns that cross between households and members, and their inputs."""
    used_by: defaultdict[Column, list[Column]] = defaultdict(list)
    for column, root in graph.uses():
        used_by[root].append(column)
    interests: dict[Column, Benefits | None] = {}

    def of(column: Column) -> Benefits | None:
        if column not in interests:
            askers = [
                of(user) if user[0] == column[0] else None for user in used_by.get(column, ())
            ]
            askers += [wanted[column]] if column in wanted else []
            limited = [benefits for benefits in askers if benefits is not None]
            interests[column] = frozenset().union(*limited) if len(limited) == len(askers) else None
        return interests[column]

    return {column: of(column) for column in [*used_by, *wanted]}


@dataclass(frozen=True)
class Group:
    """Columns of one frame that only rows with a possible benefit of the group need."""

    entity: Entity
    benefits: Benefits
    columns: list[Column]


@dataclass
class Guards:
    """The guards of the columns of `main`, the compiler of all benefits. `opens` tells whether a
    grant can still make a node true; `exposed` columns are used in every row. `guarded` columns get
    a guard; `clouded` columns are these and all columns computed from them."""

    main: Compiler
    opens: Callable[[TruthNode], bool]
    exposed: Collection[Column]
    guarded: set[Column] = field(default_factory=set)
    clouded: set[Column] = field(default_factory=set)
    _possible_truths: dict[str, Truth] = field(default_factory=dict)

    def place(self, wanted: Mapping[Column, Benefits | None]) -> None:
        """Guard the columns that only some of the benefits of the `wanted` columns need."""
        graph = self.main.graph
        groups = self._groups(interest(graph, wanted))
        self.guarded = {column for group in groups for column in group.columns}
        self.clouded = set(self.guarded)
        for column in graph.derived:
            self._joins(column, self.clouded)
        for index, group in enumerate(groups):
            possible = any_of(
                self._possible(self._condition(benefit), group.entity)
                for benefit in sorted(group.benefits)
            )
            if isinstance(possible, pl.Expr):
                name = f"guard:{index}"
                graph.derive(group.entity, name, possible.fill_null(True))
                graph.guards |= dict.fromkeys(group.columns, name)

    def _groups(self, asked_by: Mapping[Column, Benefits | None]) -> list[Group]:
        """The columns to guard, by the items that use them: costly columns, and columns that the
        same items compute from them."""
        costly_columns: defaultdict[tuple[Entity, frozenset[str]], set[Column]] = defaultdict(set)
        items = {column: self._items(benefits) for column, benefits in asked_by.items() if benefits}
        for column in self.main.graph.costly:
            if len(items.get(column, ())) in range(1, MOST_ITEMS + 1):
                costly_columns[column[0], items[column]].add(column)
        groups = []
        for (entity, of_items), columns in costly_columns.items():
            if len(columns) >= FEWEST:
                benefits: Benefits = frozenset().union(
                    *[asked_by[column] or () for column in columns]
                )
                same = [
                    column
                    for column in self.main.graph.derived
                    if column[0] == entity
                    and items.get(column) == of_items
                    and column not in self.exposed
                ]
                groups.append(
                    Group(
                        entity,
                        benefits,
                        [
                            column
                            for column in same
                            if column in columns or self._joins(column, columns)
                        ],
                    )
                )
        return groups

    def _items(self, benefits: Benefits) -> frozenset[str]:
        return frozenset(self.main.ruleset.benefits[benefit].item for benefit in benefits)

    def _joins(self, column: Column, columns: set[Column]) -> bool:
        """Whether a column is computed from one of `columns`; it joins them. One pass is enough,
        because columns are derived after all their inputs."""
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
        truth = self.main.computed_truth(node, entity)
        name = (
            truth.meta.output_name()
            if isinstance(truth, pl.Expr) and truth.meta.is_column()
            else ""
        )
        if (entity, name) not in self.guarded:
            return self._remaining(node, entity)
        if name not in self._possible_truths:
            remainder = self._remaining(node, entity)
            # A group with one part is the column of the part, which may be stored by now.
            if isinstance(remainder, pl.Expr) and name not in self._possible_truths:
                remainder = self.main.graph.derive(entity, f"possible {name}", remainder)
                self.main.graph.elsewhere[entity, name] = f"possible {name}"
            self._possible_truths[name] = remainder
        return self._possible_truths[name]

    def _remaining(self, node: TruthNode, entity: Entity) -> Truth:
        """The part of a condition that depends on no guarded column and no grant."""
        opens = self.opens(node)
        truth = self.main.computed_truth(node, entity)
        if truth is not None and not opens and not self._is_clouded(truth, entity):
            return truth
        match node:
            case tree.All(parts=parts):
                return all_of(self._possible(part, entity) for part in parts)
            case tree.AnyOf(parts=parts):
                return any_of(self._possible(part, entity) for part in parts)
            case tree.NoneOf(parts=parts):
                return negation(any_of(self._possible(part, entity) for part in parts))
            case tree.Status():
                return self._status(node) if not opens and truth is not None else None
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
        """A derived or certified status, with guarded columns unknown in its condition."""
        condition = self.main.ruleset.statuses[node.name]
        if condition is None or node.name in self.main.ruleset.grantors:
            return None
        possible = self._possible(condition, node.entity)
        definition = self.main.ruleset.content.statuses[node.name]
        certified = (
            definition.certificate is not None and node.name in self.main.columns[node.entity]
        )
        return stated_or(pl.col(node.name), possible) if certified else possible
