"""The possible results of a condition during one stretch of days, whatever the family: true, false,
unknown.

They are decided from the tree and the dated values: a comparison of dates without facts has only
the result of the calendar, and a comparison with an unpublished value is always unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, assert_never

from jmentitle.chain.specification import Context, World
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import FALSE, TRUE, UNKNOWN, TruthBounds
from jmentitle.language.tree import Node, Operand, TruthNode
from jmentitle.pack.rules import Rules
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts

Seen = Literal["true", "false", "unknown"]
ALL: tuple[Seen, ...] = ("true", "false", "unknown")
EVERY: frozenset[Seen] = frozenset(ALL)
NAMES: dict[TruthBounds, Seen] = {TRUE: "true", FALSE: "false", UNKNOWN: "unknown"}
_OPPOSITE: dict[Seen, Seen] = {"true": "false", "false": "true", "unknown": "unknown"}
_ALIKE = {"<": "<", "<=": "<", ">": ">", ">=": ">", "==": "==", "!=": "=="}
_INPUTS = (
    tree.Fact,
    tree.Status,
    tree.AnyMember,
    tree.AllMembers,
    tree.CountMembers,
    tree.SumMembers,
)


class Possible:
    """The possible results of conditions during one stretch of days, whatever the family."""

    def __init__(self, pack: Rules, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        order = pack.row_order
        # A family without known facts: what is certain for it is certain for every family.
        self.nobody = Facts(
            order,
            [None] * len(order.household),
            [[None] * len(order.person)],
            ["nobody"],
            members_complete=False,
        )
        self.worlds = {ruleset.first_day: World(ruleset, self.nobody, ruleset.first_day, {})}
        self.statuses: dict[str, frozenset[Seen]] = {}

    def of(self, node: TruthNode, person: bool) -> frozenset[Seen]:
        match node:
            case tree.Leaf(test=test):
                return self.of(test, person)
            case tree.All(parts=parts):
                return self.together([self.of(part, person) for part in parts])
            case tree.AnyOf(parts=parts):
                return turned(self.together([turned(self.of(part, person)) for part in parts]))
            case tree.NoneOf(parts=parts):
                return self.together([turned(self.of(part, person)) for part in parts])
            case tree.AnyMember(test=test) | tree.AllMembers(test=test):
                # A list of members that is not complete leaves both unknown.
                return self.of(test, True) | {"unknown"}
            case tree.Status(name=name):
                return self.status(name)
            case tree.Compare() if not self.has_inputs(node):
                return frozenset(
                    NAMES[evaluator.truth(node, self.entity(day, person))] for day in self.days()
                )
            case tree.Compare():
                value = evaluator.truth(node, self.entity(self.ruleset.first_day, person))
                if value != UNKNOWN:
                    return frozenset((NAMES[value],))
                return self.comparison(node) | {"unknown"}
            case tree.Fact() | tree.IsOneOf() | tree.Overlaps():
                return EVERY
        assert_never(node)

    def comparison(self, node: tree.Compare) -> frozenset[Seen]:
        """Which of true and false a comparison can be when every fact is known, given what was
        published."""
        (left_low, left_high), (right_low, right_high) = self.ends(node.left), self.ends(node.right)
        below, above = left_high and right_low, left_low and right_high
        true, false = {
            "<": (below, above),
            ">": (above, below),
            "==": (below and above, below or above),
        }[_ALIKE[node.comparator]]
        if node.comparator == "!=":
            true, false = false, true
        possible: tuple[tuple[Seen, bool], ...] = (("true", true), ("false", false))
        return frozenset(value for value, can in possible if can)

    def ends(self, node: Operand) -> tuple[bool, bool]:
        """Whether the low and the high end of a number follow from published values. A published
        low end of 0 is no information."""
        match node:
            case tree.Parameter(name=name):
                entry = self.ruleset.parameters[name]
                bounds = [*entry.cells.values(), *(bounds for _, bounds in entry.steps)]
                return any(low == high or (low or 0) > 0 for low, high in bounds), any(
                    high is not None for _, high in bounds
                )
            case tree.Quantity(name=name):
                return self.ends(self.ruleset.content.quantities[name].value)
            case tree.Negative(operand=operand):
                return self.ends(operand)[::-1]
            case (
                tree.Difference(left=left, right=right)
                | tree.Rounded(operand=tree.Quotient(left=left, right=right))
            ):
                above, below = self.ends(left), self.ends(right)
                return above[0] and below[1], above[1] and below[0]
            case tree.Conditional(then=then, otherwise=otherwise):
                then_ends, otherwise_ends = self.ends(then), self.ends(otherwise)
                return then_ends[0] or otherwise_ends[0], then_ends[1] or otherwise_ends[1]
            case tree.Sum() | tree.Product() | tree.Quotient():
                return self.all_ends((node.left, node.right))
            case (
                tree.Rescale(operand=operand)
                | tree.Rounded(operand=operand)
                | tree.SumMembers(number=operand)
            ):
                return self.ends(operand)
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                return self.all_ends(parts)
            case tree.Elapsed(start=start, end=end):
                return self.all_ends((start, end))
            case tree.CountMembers(test=test):
                return self.all_ends(_compared(test))
            case tree.Fact() | tree.Constant() | tree.DayConstant() | tree.AssessmentDate():
                return True, True
        assert_never(node)

    def all_ends(self, nodes: Iterable[Operand]) -> tuple[bool, bool]:
        found = [self.ends(node) for node in nodes]
        return all(low for low, _ in found), all(high for _, high in found)

    @staticmethod
    def together(parts: list[frozenset[Seen]]) -> frozenset[Seen]:
        """The possible results of an `all` of several parts."""
        return frozenset(
            value
            for value in ALL
            if (all if value == "true" else any)(value in part for part in parts)
        )

    def status(self, name: str) -> frozenset[Seen]:
        if name not in self.statuses:
            definition = self.ruleset.content.statuses[name]
            node = self.ruleset.statuses[name]
            if definition.certificate is not None or name in self.ruleset.grantors:
                self.statuses[name] = EVERY
            else:
                self.statuses[name] = (
                    frozenset(("false",))
                    if node is None
                    else self.of(node, definition.entity == "person")
                )
        return self.statuses[name]

    def entity(self, day: date, person: bool) -> Context:
        if day not in self.worlds:
            self.worlds[day] = World(self.ruleset, self.nobody, day, {})
        return self.worlds[day].of(0 if person else None)

    def days(self) -> Iterator[date]:
        for ordinal in range((self.ruleset.last_day - self.ruleset.first_day).days + 1):
            yield self.ruleset.first_day + timedelta(days=ordinal)

    def beneath(self, node: Node) -> Iterator[Node]:
        """The node, what is below it, and what its quantities are made of."""
        for inner in tree.walk(node):
            yield inner
            if isinstance(inner, tree.Quantity):
                yield from self.beneath(self.ruleset.content.quantities[inner.name].value)

    def has_inputs(self, node: Node) -> bool:
        return any(isinstance(inner, _INPUTS) for inner in self.beneath(node))


def _compared(node: TruthNode) -> Iterator[Operand]:
    """The numbers and dates that a condition compares."""
    match node:
        case tree.Compare(left=left, right=right):
            yield from (left, right)
        case tree.All(parts=parts) | tree.AnyOf(parts=parts) | tree.NoneOf(parts=parts):
            for part in parts:
                yield from _compared(part)
        case tree.Leaf(test=test) | tree.AnyMember(test=test) | tree.AllMembers(test=test):
            yield from _compared(test)
        case tree.Fact() | tree.Status() | tree.IsOneOf() | tree.Overlaps():
            pass
        case _:
            assert_never(node)


def turned(values: frozenset[Seen]) -> frozenset[Seen]:
    """The possible results of the negation."""
    return frozenset(_OPPOSITE[value] for value in values)
