"""The coverage of the examples: every leaf condition true, false and unknown, and every benefit
granted.

A leaf needs only its possible results: those that the tree, the dated values and the days of its
existence allow. Leaves of a benefit are covered by the examples of its item; leaves of statuses by
every example whose rule leads to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from jmentitle.author.examples import Ran
from jmentitle.author.possible import ALL, EVERY, NAMES, Possible, Seen
from jmentitle.chain.outcome import NEVER, NOW, Outcome
from jmentitle.chain.specification import Context, World, grants_before
from jmentitle.language import evaluator, tree
from jmentitle.language.diagnostics import Span
from jmentitle.language.tree import Node, TruthNode
from jmentitle.pack.model import Benefit
from jmentitle.pack.rules import Rules
from jmentitle.profile.facts import Facts


@dataclass(slots=True)
class LeafCoverage:
    """One leaf as written in a file; `owner` is an item, or a status by its name."""

    owner: str
    text: str
    span: Span
    asked: set[Seen] = field(default_factory=set)
    seen: set[Seen] = field(default_factory=set)

    @property
    def missing(self) -> list[Seen]:
        return [value for value in ALL if value in self.asked - self.seen]


@dataclass(slots=True)
class BenefitCoverage:
    """Whether some example of its item grants the benefit; not `asked` when nothing can make its
    conditions true."""

    item: str
    benefit: str
    span: Span
    asked: bool = False
    granted: bool = False

    @property
    def missing(self) -> bool:
        return self.asked and not self.granted


@dataclass(frozen=True, slots=True)
class Coverage:
    leaves: list[LeafCoverage]
    benefits: list[BenefitCoverage]
    examples: int

    @property
    def values(self) -> tuple[int, int]:
        """Values of leaves seen, and asked for."""
        return sum(len(leaf.asked & leaf.seen) for leaf in self.leaves), sum(
            len(leaf.asked) for leaf in self.leaves
        )

    @property
    def grants(self) -> tuple[int, int]:
        """Benefits granted, and those that can be."""
        asked = [benefit for benefit in self.benefits if benefit.asked]
        return sum(benefit.granted for benefit in asked), len(asked)

    @property
    def complete(self) -> bool:
        return self.values[0] == self.values[1] and self.grants[0] == self.grants[1]

    def missing(self) -> dict[str, tuple[list[LeafCoverage], list[BenefitCoverage]]]:
        """The results never seen, by item or status, in the order of the pack."""
        by_owner: dict[str, tuple[list[LeafCoverage], list[BenefitCoverage]]] = {}
        for leaf in self.leaves:
            if leaf.missing:
                by_owner.setdefault(leaf.owner, ([], []))[0].append(leaf)
        for benefit in self.benefits:
            if benefit.missing:
                by_owner.setdefault(benefit.item, ([], []))[1].append(benefit)
        return by_owner


def coverage_of(pack: Rules, runs: Iterable[Ran]) -> Coverage:
    """The coverage of examples that have been run; those that could not be assessed count for
    nothing."""
    gathering = _Gathering(pack)
    gathering.ask()
    count = 0
    for run in runs:
        count += 1
        if run.profile is not None and run.outcome is not None:
            gathering.look(
                run.example.item, run.example.on, run.example.member, run.profile.facts, run.outcome
            )
    return Coverage(list(gathering.leaves.values()), list(gathering.benefits.values()), count)


class _Gathering:
    def __init__(self, pack: Rules) -> None:
        self.pack = pack
        self.leaves: dict[Span, LeafCoverage] = {}
        self.notable: Notable = {}
        content = pack.content
        self.benefits = {
            benefit.reference: BenefitCoverage(item.id, benefit.name, benefit.span)
            for item in content.items.values()
            for benefit in item.benefits
        }

    # what can be

    def ask(self) -> None:
        """Find, over all stretches of days, what each leaf and benefit can be."""
        for first_day in self.pack.breakpoints:
            possible = Possible(self.pack, self.pack.ruleset(first_day))
            rules = possible.ruleset
            for reference, condition in rules.conditions.items():
                benefit = rules.benefits[reference]
                person = rules.entity_of(reference) == "person"
                covered = self.benefits[reference]
                covered.asked = (
                    covered.asked or condition is None or "true" in possible.of(condition, person)
                )
                if condition is not None:
                    self._ask_leaves(condition, benefit.item, possible, person)
            for name, definition in rules.statuses.items():
                if definition is not None:
                    self._ask_leaves(
                        definition, name, possible, rules.content.statuses[name].entity == "person"
                    )

    def _ask_leaves(self, node: TruthNode, owner: str, possible: Possible, person: bool) -> None:
        for leaf, within_members in leaves_of(node):
            assert leaf.about.span is not None
            covered = self.leaves.setdefault(
                leaf.about.span, LeafCoverage(owner, leaf.about.text, leaf.about.span)
            )
            if len(covered.asked) < len(EVERY):
                covered.asked |= possible.of(leaf.test, person or within_members)

    # what was seen

    def look(self, item: str, on: date, member: int | None, facts: Facts, outcome: Outcome) -> None:
        """Evaluate the leaves of the item's benefits for the subject of one example, now and with
        what has been granted before each benefit."""
        rules = self.pack.ruleset(on)
        result = outcome.layers_of(member)
        layers = {NOW}
        references = [
            benefit.reference
            for benefit in rules.content.items[item].benefits
            if benefit.reference in rules.benefits
        ]
        for reference in references:
            index = outcome.benefits(member).index(reference)
            layers |= {result.certain[index], result.possible[index]} - {NEVER}
            if result.certain[index] != NEVER:
                self.benefits[reference].granted = True
        for layer in layers:
            world = World(rules, facts, on, grants_before(layer, rules, outcome))
            visit = _Visit(self.leaves, self.notable)
            for reference in references:
                for node in (rules.conditions[reference], *_figures(rules.benefits[reference])):
                    if node is not None:
                        visit.node(node, world.of(member))


def _figures(benefit: Benefit) -> Iterator[Node | None]:
    """The expressions of the amount of a benefit."""
    if benefit.pays is not None:
        yield from (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts)
    if benefit.volume is not None:
        yield benefit.volume.amount


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """The report: what was never seen, by item or status, then the totals."""
    for owner, (leaves, benefits) in coverage.missing().items():
        yield owner
        for benefit in benefits:
            yield (
                f"  {benefit.span.file}:{benefit.span.line}: benefit `{benefit.benefit}` is granted"
                " in no example"
            )
        for leaf in leaves:
            yield (
                f"  {leaf.span.file}:{leaf.span.line}: `{leaf.text}` is never"
                f" {', never '.join(leaf.missing)}"
            )
    for what, (seen, asked) in (
        ("values of conditions", coverage.values),
        ("benefits granted", coverage.grants),
    ):
        yield f"{what}: {seen} of {asked} ({percentage(seen, asked)} %)"


def coverage_data(coverage: Coverage) -> dict[str, object]:
    """The report for machines."""
    (values, values_asked), (grants, grants_asked) = coverage.values, coverage.grants
    return {
        "examples": coverage.examples,
        "values": {
            "seen": values,
            "asked": values_asked,
            "percent": percentage(values, values_asked),
        },
        "benefits": {
            "granted": grants,
            "asked": grants_asked,
            "percent": percentage(grants, grants_asked),
        },
        "missing": [
            {
                "owner": owner,
                "conditions": [
                    {
                        "file": leaf.span.file,
                        "line": leaf.span.line,
                        "text": leaf.text,
                        "never": leaf.missing,
                    }
                    for leaf in leaves
                ],
                "benefits": [
                    {
                        "file": benefit.span.file,
                        "line": benefit.span.line,
                        "benefit": benefit.benefit,
                    }
                    for benefit in benefits
                ],
            }
            for owner, (leaves, benefits) in coverage.missing().items()
        ],
    }


def percentage(part: int, whole: int) -> str:
    """With one decimal place, rounded down: 100.0 only when nothing is missing."""
    tenths = 1000 * part // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10}"


_Notable = tree.Leaf | tree.Status | tree.Quantity | tree.MemberNode
Notable = dict[int, list[_Notable]]
"""The parts of a node to visit, by its identity: the nodes live as long as the pack."""


@dataclass(slots=True)
class _Visit:
    """A walk through a condition and every definition that it leads to, noting the value of each
    leaf."""

    leaves: dict[Span, LeafCoverage]
    notable: Notable
    visited: set[tuple[int | None, str]] = field(default_factory=set)

    def node(self, node: Node, context: Context) -> None:
        if id(node) not in self.notable:
            self.notable[id(node)] = list(_notable(node))
        for part in self.notable[id(node)]:
            match part:
                case tree.Leaf(test=test, about=about):
                    assert about.span is not None
                    seen = self.leaves[about.span].seen
                    if len(seen) < len(EVERY):
                        seen.add(NAMES[evaluator.truth(test, context)])
                case tree.Status(name=name):
                    self.definition(
                        name, context.world.ruleset.statuses[name], context.holder(part)
                    )
                case tree.Quantity(entity=kind, name=name):
                    self.definition(
                        name,
                        context.world.ruleset.content.quantities[name].value,
                        context.owner(kind),
                    )
                case tree.AnyMember() | tree.AllMembers() | tree.CountMembers() | tree.SumMembers():
                    for member in context.members():
                        for child in tree.children(part):
                            self.node(child, member)
                case _:
                    assert_never(part)

    def definition(self, name: str, node: Node | None, owner: Context) -> None:
        if node is not None and (owner.member, name) not in self.visited:
            self.visited.add((owner.member, name))
            self.node(node, owner)


def _notable(node: Node) -> Iterator[_Notable]:
    """The leaves, the named definitions and the member functions of a node; what is within these is
    for each member."""
    if isinstance(node, _Notable):
        yield node
    if not isinstance(node, tree.MemberNode):
        for child in tree.children(node):
            yield from _notable(child)


def leaves_of(node: TruthNode, within_members: bool = False) -> Iterator[tuple[tree.Leaf, bool]]:
    """The leaves of a condition, and whether each is about the members."""
    match node:
        case tree.Leaf():
            yield node, within_members
        case tree.AnyMember(test=test) | tree.AllMembers(test=test):
            yield from leaves_of(test, True)
        case tree.All(parts=parts) | tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
            for part in parts:
                yield from leaves_of(part, within_members)
        case tree.Fact() | tree.Status() | tree.Compare() | tree.IsOneOf() | tree.Overlaps():
            pass
        case _:
            assert_never(node)
