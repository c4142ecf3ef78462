"""Conditions and numbers as source: what generated code says in one place.

Every condition becomes two plain expressions, one that is true when it certainly holds and one when
it possibly holds; every number a pair of ends. Short-circuiting `and`/`or` on those is the bounds
semantics of the evaluator, without a three-valued type at run time.

INVARIANT: the source holds only names made here, and literals of integers and of the pack's own
words through `repr`; nothing that a pack author wrote is ever pasted into code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import assert_never, cast

from jmentitle.chain.stages import Definition, Stages
from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import NumberBounds
from jmentitle.language.tree import Entity, Node, NumberNode, Operand, TruthNode
from jmentitle.pack.ruleset import Ruleset

Conditions = tuple[str, str]
"""Source of (certainly, possibly)."""
Compound = (
    tree.Parameter
    | tree.Elapsed
    | tree.Sum
    | tree.Difference
    | tree.Product
    | tree.Negative
    | tree.Rescale
    | tree.Rounded
    | tree.Least
    | tree.Greatest
    | tree.Conditional
)
"""Numbers that are put into variables."""
Test = tree.Fact | tree.IsOneOf | tree.Overlaps | tree.Compare
"""The tests that are worth sharing: those that cost more than reading a variable."""


@dataclass(frozen=True, slots=True)
class Number:
    """Source of the ends of a number.

    `single` is set when one variable stands for both ends and is None when unknown; the ends are
    then `least` and `most`.
    """

    low: str
    high: str
    low_open: bool
    high_open: bool
    single: str | None = None
    least: int | None = None
    most: int | None = None


@dataclass
class Sources:
    """The source of conditions and numbers, with the names and constants that it uses and the lines
    that must come before it."""

    ruleset: Ruleset
    stages: Stages
    lines: list[str] = field(default_factory=list)
    constants: dict[str, object] = field(default_factory=dict)
    names: dict[object, str] = field(default_factory=dict)
    known: dict[Node, Number] = field(default_factory=dict)
    simple: set[Definition] = field(default_factory=set)
    entity: Entity = "household"
    indent: str = "    "
    shared: dict[Node, Conditions] = field(default_factory=dict)

    # names and lines

    def emit(self, line: str) -> None:
        self.lines.append(self.indent + line)

    def name(self, key: object, prefix: str) -> str:
        if key not in self.names:
            self.names[key] = f"{prefix}{len(self.names)}"
        return self.names[key]

    def constant(self, value: object, prefix: str = "K") -> str:
        key = ("constant", prefix, value if not isinstance(value, dict | list) else id(value))
        name = self.name(key, prefix)
        self.constants[name] = value
        return name

    def fact(self, entity: Entity, name: str) -> str:
        return self.name(("fact", entity, name), "f" if entity == "person" else "h")

    def variables(self, definition: Definition) -> tuple[str, str]:
        base = self.name(definition, "d")
        return f"{base}c", f"{base}p"

    # conditions

    def truth(self, node: TruthNode) -> Conditions:
        if isinstance(node, Test) and node in self.shared:
            return self.shared[node]
        match node:
            case tree.Leaf(test=test):
                return self.truth(test)
            case tree.All(parts=parts):
                return _joined(" and ", [self.truth(part) for part in parts])
            case tree.AnyOf(parts=parts):
                return _joined(" or ", [self.truth(part) for part in parts])
            case tree.NoneOf(parts=parts):
                certain, possible = _joined(" or ", [self.truth(part) for part in parts])
                return f"(not {possible})", f"(not {certain})"
            case tree.AnyMember() | tree.AllMembers():
                base = self.name(node, "a")
                return f"{base}c", f"{base}p"
            case tree.Fact(entity=entity, name=name):
                fact = self.fact(entity, name)
                return fact, f"({fact} is not False)"
            case tree.Status():
                return self.variables(self.stages.of_status(node))
            case tree.IsOneOf():
                return self.is_one_of(node)
            case tree.Overlaps(fact=fact_node, members=members):
                fact, listed = self.fact(fact_node.entity, fact_node.name), self.constant(members)
                return (
                    f"({fact} is not None and not {listed}.isdisjoint({fact}))",
                    f"({fact} is None or not {listed}.isdisjoint({fact}))",
                )
            case tree.Compare():
                return self.compare(node)
        assert_never(node)

    def is_one_of(self, node: tree.IsOneOf) -> Conditions:
        fact = self.fact(node.fact.entity, node.fact.name)
        if len(node.members) == 1:
            (only,) = node.members
            held, missed = f"{fact} == {only!r}", f"{fact} != {only!r}"
        else:
            listed = self.constant(node.members)
            held, missed = f"{fact} in {listed}", f"{fact} not in {listed}"
        if node.negated:
            return f"({fact} is not None and {missed})", f"({missed})"
        return f"({held})", f"({fact} is None or {held})"

    def compare(self, node: tree.Compare) -> Conditions:
        left, right = self.number(node.left), self.number(node.right)
        sign = node.comparator
        if sign in (">", ">="):
            left, right, sign = right, left, cast("tree.Comparator", sign.replace(">", "<"))
        for one, other, turned in ((left, right, False), (right, left, True)):
            if one.single is not None and _fixed(other):
                return self.compare_single(one, other.low, sign, turned=turned)
        if sign in ("<", "<="):
            return _certainly(left, right, sign), _possibly(left, right, sign)
        known = f"{left.low} is not None and " if left.low_open else ""
        equal = f"({known}{left.low} == {left.high} == {right.low} == {right.high})"
        overlap = f"({_possibly(left, right, '<=')} and {_possibly(right, left, '<=')})"
        return (equal, overlap) if sign == "==" else (f"(not {overlap})", f"(not {equal})")

    def compare_single(self, one: Number, other: str, sign: str, *, turned: bool) -> Conditions:
        """A number that is known or not, against a fixed one: what holds for every unknown value is
        worked out here, once."""
        variable = cast("str", one.single)
        held = f"{other} {sign} {variable}" if turned else f"{variable} {sign} {other}"
        unknown: NumberBounds = (one.least, one.most)
        value = self.constants.get(other, None) if not other.lstrip("-").isdigit() else int(other)
        if value is None or (one.least is None and one.most is None):
            certain_unknown, possible_unknown = False, True
        else:
            fixed: NumberBounds = (cast("int", value), cast("int", value))
            sides = (fixed, unknown) if turned else (unknown, fixed)
            certain_unknown, possible_unknown = evaluator.compare(
                cast("tree.Comparator", sign), *sides
            )
        either = (f"({variable} is not None and {held})", f"({variable} is None or {held})")
        return either[certain_unknown], either[possible_unknown]

    # numbers and dates

    def number(self, node: Operand) -> Number:
        """The source of a number; compound ones are put into variables first, once for each place
        where they are known."""
        match node:
            case tree.Constant(value=value):
                return _constant(str(value))
            case tree.DayConstant(value=day):
                return _constant(self.constant(day, "D"))
            case tree.AssessmentDate():
                return _constant("on")
            case tree.Fact(entity=entity, name=name):
                return self.fact_number(entity, name)
            case tree.Quantity(name=name):
                return self.quantity(name)
            case tree.CountMembers():
                base = self.name(node, "a")
                return Number(f"{base}c", f"{base}p", False, True)
            case tree.SumMembers():
                base = self.name(node, "a")
                return Number(f"{base}c", f"{base}p", True, True)
            case tree.Quotient():
                raise AssertionError(node)  # only within Rounded
        if node not in self.known:
            self.known[node] = self.compound(node)
        return self.known[node]

    def fact_number(self, entity: Entity, name: str) -> Number:
        fact = self.fact(entity, name)
        definition = self.ruleset.content.facts[entity, name]
        least, most = definition.least, definition.most
        low = fact if least is None else f"({least} if {fact} is None else {fact})"
        high = fact if most is None else f"({most} if {fact} is None else {fact})"
        return Number(low, high, least is None, most is None, fact, least, most)

    def quantity(self, name: str) -> Number:
        definition = ("quantity", name)
        low, high = self.variables(definition)
        if definition in self.simple:
            return Number(low, low, True, True, low)
        return Number(low, high, True, True)

    def compound(self, node: Compound) -> Number:
        base = self.name((node, self.entity), "t")
        match node:
            case tree.Parameter(name=name, keys=keys, steps_of=None):
                return self.table(name, keys, base)
            case tree.Parameter(name=name, steps_of=steps_of):
                reached = self.number(cast("NumberNode", steps_of))
                steps = self.constant(list(self.ruleset.parameters[name].steps), "S")
                call = f"step({steps}, ({reached.low}, {reached.high}))"
            case tree.Elapsed(unit=unit, start=start, end=end):
                return self.elapsed(unit, self.number(start), self.number(end), base)
            case tree.Sum(left=left, right=right):
                call = f"add({_pair(self.number(left))}, {_pair(self.number(right))})"
            case tree.Difference(left=left, right=right):
                call = f"add({_pair(self.number(left))}, negative({_pair(self.number(right))}))"
            case tree.Product(left=left, right=right):
                call = f"product({_pair(self.number(left))}, {_pair(self.number(right))})"
            case tree.Negative(operand=operand):
                call = f"negative({_pair(self.number(operand))})"
            case tree.Rescale(operand=operand, by=by):
                call = f"rescale({_pair(self.number(operand))}, {10**by})"
            case tree.Rounded(operand=tree.Quotient(left=left, right=right)):
                call = (
                    f"quotient({self.constant(node, 'R')}, {_pair(self.number(left))},"
                    f" {_pair(self.number(right))})"
                )
            case tree.Rounded(operand=operand):
                call = f"rounded({self.constant(node, 'R')}, {_pair(self.number(operand))})"
            case tree.Least(parts=parts):
                call = f"least([{', '.join(_pair(self.number(part)) for part in parts)}])"
            case tree.Greatest(parts=parts):
                negatives = [f"negative({_pair(self.number(part))})" for part in parts]
                call = f"negative(least([{', '.join(negatives)}]))"
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                certain, possible = self.truth(test)
                call = (
                    f"choose({certain}, {possible}, {_pair(self.number(then))},"
                    f" {_pair(self.number(otherwise))})"
                )
            case _:
                assert_never(node)
        self.emit(f"{base}l, {base}h = {call}")
        return Number(f"{base}l", f"{base}h", True, True)

    def table(self, name: str, keys: tuple[tree.Fact, ...], base: str) -> Number:
        cells = self.ruleset.parameters[name].cells
        if not keys:
            low, high = cells[()]
            return (
                Number(str(low), str(high), low is None, high is None)
                if low != high or low is None
                else _constant(str(low))
            )
        table = self.constant(with_unknown_keys(cells, len(keys)), "T")
        key = ", ".join(self.fact(fact.entity, fact.name) for fact in keys)
        self.emit(f"{base}l, {base}h = {table}[{key},]")
        return Number(f"{base}l", f"{base}h", True, True)

    def elapsed(self, unit: str, start: Number, end: Number, base: str) -> Number:
        # Dates are facts, constants or the day of assessment: known or not known, never between two
        # ends.
        test = " or ".join(
            f"{side.single} is None" for side in (start, end) if side.single is not None
        )
        first, last = start.single or start.low, end.single or end.low
        call = f"completed({unit!r}, {first}, {last})"
        self.emit(f"{base} = {f'None if {test} else {call}' if test else call}")
        return Number(base, base, True, True, base) if test else Number(base, base, False, False)


def with_unknown_keys(
    cells: dict[tuple[str | int, ...], NumberBounds], keys: int
) -> dict[tuple[str | int | None, ...], NumberBounds]:
    """A table that also answers for unknown keys: between the least and greatest of the cells that
    they leave possible."""
    table: dict[tuple[str | int | None, ...], list[NumberBounds]] = {}
    for key, bounds in cells.items():
        for hidden in product((False, True), repeat=keys):
            table.setdefault(
                tuple(None if hide else part for hide, part in zip(hidden, key, strict=True)), []
            ).append(bounds)
    return {key: evaluator.hull(possible) for key, possible in table.items()}


def _joined(word: str, parts: Iterable[Conditions]) -> Conditions:
    certain, possible = zip(*parts, strict=True)
    return f"({word.join(certain)})", f"({word.join(possible)})"


def _constant(value: str) -> Number:
    return Number(value, value, False, False)


def _fixed(number: Number) -> bool:
    return number.single is None and number.low == number.high and not number.low_open


def _pair(number: Number) -> str:
    return f"({number.low}, {number.high})"


def _certainly(left: Number, right: Number, sign: str) -> str:
    tests = [
        f"{end} is not None"
        for end, is_open in ((left.high, left.high_open), (right.low, right.low_open))
        if is_open
    ]
    return f"({' and '.join([*tests, f'{left.high} {sign} {right.low}'])})"


def _possibly(left: Number, right: Number, sign: str) -> str:
    tests = [
        f"{end} is None"
        for end, is_open in ((left.low, left.low_open), (right.high, right.high_open))
        if is_open
    ]
    return f"({' or '.join([*tests, f'{left.low} {sign} {right.high}'])})"
