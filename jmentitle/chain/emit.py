"""Conditions and numbers as Python source.

Every condition becomes two plain expressions, one that is true if it certainly holds and one that
is true if it possibly holds; every number becomes a pair of ends. Short-circuiting `and`/`or` on
these is the bounds semantics of the evaluator, without a three-valued type at run time.

Example: `all` of `children < 3` and `elderly`, where the facts are the variables f0 and f1:

    certain   ((f0 is not None and f0 < 3) and f1)
    possible  ((f0 is None or f0 < 3) and (f1 is not False))

    row  children  elderly       certain  possible
    0    2         True     ->   True     True
    1    None      True          False    True      (undetermined)
    2    None      False         False    False
    3    4         True          False    False

INVARIANT: the source consists of names made here, integer literals, and words of the pack through
`repr`. No text of a pack author is pasted into code.
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
Branching = tree.Parameter | tree.Conditional
"""Numbers that are one of several values."""
Compound = Branching | tree.Elapsed | tree.Arithmetic
"""Numbers that get variables of their own."""
Test = tree.Fact | tree.IsOneOf | tree.Overlaps | tree.Compare
"""The tests that cost more than reading a variable, so that sharing them pays."""


@dataclass(frozen=True, slots=True)
class Number:
    """Source of the ends of a number.

    `single` is the variable of a number that is known or unknown as a whole: None means unknown,
    between `least` and `most`.
    """

    low: str
    high: str
    low_open: bool
    high_open: bool
    single: str | None = None
    least: int | None = None
    most: int | None = None


@dataclass
class Emitter:
    """The source of conditions and numbers, with its names and constants and the lines that must
    precede it."""

    ruleset: Ruleset
    stages: Stages
    lines: list[str] = field(default_factory=list)
    constants: dict[str, object] = field(default_factory=dict)
    names: dict[object, str] = field(default_factory=dict)
    numbers: dict[Node, Number] = field(default_factory=dict)
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
                return _join(" and ", [self.truth(part) for part in parts])
            case tree.AnyOf(parts=parts):
                return _join(" or ", [self.truth(part) for part in parts])
            case tree.NoneOf(parts=parts):
                certain, possible = _join(" or ", [self.truth(part) for part in parts])
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
                fact = self.fact(fact_node.entity, fact_node.name)
                constant = self.constant(members)
                return (
                    f"({fact} is not None and not {constant}.isdisjoint({fact}))",
                    f"({fact} is None or not {constant}.isdisjoint({fact}))",
                )
            case tree.Compare():
                return self.compare(node)
        assert_never(node)

    def is_one_of(self, node: tree.IsOneOf) -> Conditions:
        fact = self.fact(node.fact.entity, node.fact.name)
        if len(node.members) == 1:
            (only,) = node.members
            equal = f"{fact} == {only!r}"
            unequal = f"{fact} != {only!r}"
        else:
            constant = self.constant(node.members)
            equal = f"{fact} in {constant}"
            unequal = f"{fact} not in {constant}"
        if node.negated:
            return f"({fact} is not None and {unequal})", f"({unequal})"
        return f"({equal})", f"({fact} is None or {equal})"

    def compare(self, node: tree.Compare) -> Conditions:
        left, right = self.number(node.left), self.number(node.right)
        sign = node.comparator
        if sign in (">", ">="):
            left, right, sign = right, left, cast("tree.Comparator", sign.replace(">", "<"))
        for number, fixed, turned in ((left, right, False), (right, left, True)):
            if number.single is not None and _is_fixed(fixed):
                return self.compare_single(number, fixed.low, sign, turned=turned)
        if sign in ("<", "<="):
            return _certainly(left, right, sign), _possibly(left, right, sign)
        closed = f"{left.low} is not None and " if left.low_open else ""
        equal = f"({closed}{left.low} == {left.high} == {right.low} == {right.high})"
        overlap = f"({_possibly(left, right, '<=')} and {_possibly(right, left, '<=')})"
        return (equal, overlap) if sign == "==" else (f"(not {overlap})", f"(not {equal})")

    def compare_single(self, number: Number, fixed: str, sign: str, *, turned: bool) -> Conditions:
        """A number with one variable, compared with a fixed number. The result for an unknown value
        is computed here, once."""
        variable = cast("str", number.single)
        test = f"{fixed} {sign} {variable}" if turned else f"{variable} {sign} {fixed}"
        unknown: NumberBounds = (number.least, number.most)
        value = self.constants.get(fixed, None) if not fixed.lstrip("-").isdigit() else int(fixed)
        if value is None or (number.least is None and number.most is None):
            certain_unknown, possible_unknown = evaluator.UNKNOWN
        else:
            fixed_bounds: NumberBounds = (cast("int", value), cast("int", value))
            sides = (fixed_bounds, unknown) if turned else (unknown, fixed_bounds)
            certain_unknown, possible_unknown = evaluator.compare(
                cast("tree.Comparator", sign), *sides
            )
        either = (f"({variable} is not None and {test})", f"({variable} is None or {test})")
        return either[certain_unknown], either[possible_unknown]

    # numbers and dates

    def number(self, node: Operand) -> Number:
        """The source of a number. A compound number gets variables first, once in each loop."""
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
                raise AssertionError(node)  # only Rounded computes a Quotient
        if node not in self.numbers:
            self.numbers[node] = self.compound(node)
        return self.numbers[node]

    def fact_number(self, entity: Entity, name: str) -> Number:
        fact = self.fact(entity, name)
        definition = self.ruleset.content.facts[entity, name]
        least = definition.least
        most = definition.most
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
        """A number as variables, assigned by a line of their own."""
        base = self.name((node, self.entity), "t")
        if isinstance(node, tree.Elapsed):
            return self.elapsed(node.unit, self.number(node.start), self.number(node.end), base)
        if isinstance(node, tree.Parameter) and node.steps_of is None:
            return self.table(node.name, node.keys, base)
        call = self.branching(node) if isinstance(node, Branching) else self.arithmetic(node)
        self.emit(f"{base}l, {base}h = {call}")
        return Number(f"{base}l", f"{base}h", True, True)

    def branching(self, node: Branching) -> str:
        """The call that takes one of several values."""
        match node:
            case tree.Parameter(name=name, steps_of=steps_of):
                reached = self.number(cast("NumberNode", steps_of))
                steps = self.constant(list(self.ruleset.parameters[name].steps), "S")
                return f"step({steps}, ({reached.low}, {reached.high}))"
            case tree.Conditional(test=test, then=then, otherwise=otherwise):
                certain, possible = self.truth(test)
                return f"choose({certain}, {possible}, {self.pair(then)}, {self.pair(otherwise)})"
        assert_never(node)

    def arithmetic(self, node: tree.Arithmetic) -> str:
        """The call that computes a number from others."""
        match node:
            case tree.Sum(left=left, right=right):
                return f"add({self.pair(left)}, {self.pair(right)})"
            case tree.Difference(left=left, right=right):
                return f"add({self.pair(left)}, negative({self.pair(right)}))"
            case tree.Product(left=left, right=right):
                return f"product({self.pair(left)}, {self.pair(right)})"
            case tree.Negative(operand=operand):
                return f"negative({self.pair(operand)})"
            case tree.Rescale(operand=operand, by=by):
                return f"rescale({self.pair(operand)}, {10**by})"
            case tree.Rounded(operand=tree.Quotient(left=left, right=right)):
                rounding = self.constant(node, "R")
                return f"quotient({rounding}, {self.pair(left)}, {self.pair(right)})"
            case tree.Rounded(operand=operand):
                return f"rounded({self.constant(node, 'R')}, {self.pair(operand)})"
            case tree.Least(parts=parts):
                return f"least([{', '.join(map(self.pair, parts))}])"
            case tree.Greatest(parts=parts):
                negatives = [f"negative({self.pair(part)})" for part in parts]
                return f"negative(least([{', '.join(negatives)}]))"
        assert_never(node)

    def pair(self, node: Operand) -> str:
        """The two ends of a number as one argument."""
        number = self.number(node)
        return f"({number.low}, {number.high})"

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
        # Dates are facts, constants or the day of assessment: known or unknown, never between two
        # ends.
        test = " or ".join(
            f"{side.single} is None" for side in (start, end) if side.single is not None
        )
        first = start.single or start.low
        last = end.single or end.low
        call = f"completed({unit!r}, {first}, {last})"
        self.emit(f"{base} = {f'None if {test} else {call}' if test else call}")
        return Number(base, base, True, True, base) if test else Number(base, base, False, False)


def with_unknown_keys(
    cells: dict[tuple[str | int, ...], NumberBounds], keys: int
) -> dict[tuple[str | int | None, ...], NumberBounds]:
    """A table that also answers for unknown keys (None): the bounds over the cells that they leave
    possible."""
    table: dict[tuple[str | int | None, ...], list[NumberBounds]] = {}
    for key, bounds in cells.items():
        for hidden in product((False, True), repeat=keys):
            table.setdefault(
                tuple(None if hide else part for hide, part in zip(hidden, key, strict=True)), []
            ).append(bounds)
    return {key: evaluator.hull(possible) for key, possible in table.items()}


def _join(word: str, parts: Iterable[Conditions]) -> Conditions:
    certain, possible = zip(*parts, strict=True)
    return f"({word.join(certain)})", f"({word.join(possible)})"


def _constant(value: str) -> Number:
    return Number(value, value, False, False)


def _is_fixed(number: Number) -> bool:
    return number.single is None and number.low == number.high and not number.low_open


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
