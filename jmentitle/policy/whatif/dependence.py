"""Dependencies: the facts, parameters and rules that the benefits of a day read, and the benefits
that a change can affect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.frames import Population

Name = tuple[str, str]
"""A kind and a name: ("parameter", "dibao_urban"). Kinds are benefit, status, quantity, parameter,
household and person (their facts)."""


def reads(ruleset: Ruleset, name: Name) -> Iterator[Name]:
    """The direct inputs of a definition."""
    kind, id_ = name
    if kind == "benefit":
        benefit = ruleset.benefits[id_]
        pays = (
            ()
            if benefit.pays is None
            else (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts)
        )
        yield from read_by(node for node in (ruleset.conditions[id_], *pays) if node is not None)
    elif kind == "status":
        definition = ruleset.content.statuses[id_]
        node = ruleset.statuses[id_]
        yield from read_by(() if node is None else (node,))
        grantors = ruleset.grantors.get(id_, ())
        yield from (("benefit", benefit) for benefit in grantors)
        if grantors:
            yield definition.entity, RECEIVES
        if definition.certificate is not None:
            yield definition.entity, id_
    elif kind == "quantity":
        yield from read_by([ruleset.content.quantities[id_].value])


def read_by(nodes: Iterable[Node]) -> Iterator[Name]:
    """The names in some nodes."""
    for node in nodes:
        for inner in tree.walk(node):
            match inner:
                case tree.Fact(entity=entity, name=name):
                    yield entity, name
                case tree.Status(name=name):
                    yield "status", name
                case tree.Quantity(name=name):
                    yield "quantity", name
                case tree.Parameter(name=name):
                    yield "parameter", name
                case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
                    yield "household", MEMBERS_COMPLETE
                case (
                    tree.All()
                    | tree.AnyOf()
                    | tree.NoneOf()
                    | tree.Leaf()
                    | tree.Compare()
                    | tree.IsOneOf()
                    | tree.Overlaps()
                ):
                    pass
                case (
                    tree.Sum()
                    | tree.Difference()
                    | tree.Product()
                    | tree.Quotient()
                    | tree.Negative()
                    | tree.Rescale()
                    | tree.Rounded()
                ):
                    pass
                case tree.Least() | tree.Greatest() | tree.Conditional() | tree.Elapsed():
                    pass
                case tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                    pass
                case _:
                    assert_never(inner)


def reach(ruleset: Ruleset, start: Iterable[Name]) -> dict[Name, None]:
    """The transitive inputs of some definitions, the definitions themselves included, the nearest
    first."""
    names = dict.fromkeys(start)
    edge = list(names)
    while edge:
        fresh = dict.fromkeys(
            read for name in edge for read in reads(ruleset, name) if read not in names
        )
        names |= fresh
        edge = list(fresh)
    return names


@dataclass(frozen=True)
class Difference:
    """The difference between two sets of rules and facts: `changed` are the definitions and facts,
    `touched` also their transitive readers."""

    changed: set[Name]
    touched: set[Name]

    @property
    def benefits(self) -> set[str]:
        """The benefits whose results can differ."""
        return {id_ for kind, id_ in self.touched if kind == "benefit"}


def difference(before: Ruleset, after: Ruleset, facts: Collection[Name] = ()) -> Difference:
    """The differences between the rules of two days or packs; `facts` are those that differ between
    two populations."""
    changed = set(facts) | _changed(before, after)
    touched = set(changed)
    for ruleset in (before, after):
        readers: dict[Name, list[Name]] = {}
        for name in definitions(ruleset):
            for read in reads(ruleset, name):
                readers.setdefault(read, []).append(name)
        edge = list(touched)
        while edge:
            fresh = {reader for reader in readers.get(edge.pop(), ()) if reader not in touched}
            touched |= fresh
            edge += fresh
    return Difference(changed, touched)


def _changed(before: Ruleset, after: Ruleset) -> set[Name]:
    """The definitions that are not the same in both."""
    old, new = definitions(before), definitions(after)
    return {
        name
        for name in old.keys() | new.keys()
        if name not in old or name not in new or old[name] != new[name]
    }


def definitions(ruleset: Ruleset) -> dict[Name, object]:
    """The definition of each name, for comparison."""
    content = ruleset.content
    by_name: dict[Name, object] = {
        ("parameter", name): (entry.cells, entry.steps)
        for name, entry in ruleset.parameters.items()
    }
    for name, node in ruleset.statuses.items():
        by_name["status", name] = (
            node,
            ruleset.grantors.get(name),
            content.statuses[name].certificate,
        )
    for name, quantity in content.quantities.items():
        by_name["quantity", name] = quantity.value
    for name, benefit in ruleset.benefits.items():
        by_name["benefit", name] = (
            ruleset.conditions[name],
            benefit.pays,
            benefit.discretionary,
            benefit.grants,
            benefit.kind,
            content.items[benefit.item].entity,
        )
    return by_name


def differing_facts(before: Population, after: Population) -> set[Name]:
    """The facts that two populations do not share; both have the same households and members."""
    facts: set[Name] = set()
    entity: Entity
    for entity, old, new in (
        ("household", before.households, after.households),
        ("person", before.people, after.people),
    ):
        if old is new:
            continue
        for column in {*old.columns, *new.columns}:
            if (
                column not in old.columns
                or column not in new.columns
                or not old[column].equals(new[column])
            ):
                # A set has several columns, all named after it.
                facts.add((entity, column.partition(":")[0]))
    return facts
