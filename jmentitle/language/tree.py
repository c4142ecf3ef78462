"""The typed tree: conditions and expressions with names resolved and units checked.

Numbers are exact: every number node has a fixed `scale`, the count of its decimal places, and its
value is an integer in units of 10**-scale (620.50 CNY at scale 2 is 62050). `Rescale` nodes give
the operands of sums and comparisons one scale, so every engine computes in integers only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, fields, replace
from datetime import date
from operator import is_
from typing import Literal, TypeVar, assert_never

from jmentitle.language.diagnostics import Span
from jmentitle.language.record import record
from jmentitle.language.units import Unit

Entity = Literal["household", "person"]
Comparator = Literal["<", "<=", ">", ">=", "==", "!="]
RoundingMode = Literal["up", "down", "half_up"]


# types
# --------------------------------------------------------------------------------------------------


@record
class Truth:
    def __str__(self) -> str:
        return "a condition"


@record
class Numeric:
    """A number in `unit` with `scale` decimal places. A `bare` literal takes the unit of the number
    that it is compared with."""

    unit: Unit
    scale: int = 0
    bare: bool = False


@record
class Day:
    def __str__(self) -> str:
        return "a date"


@record
class Choice:
    """One member of the named enum."""

    enum: str


@record
class ChoiceSet:
    """Some members of the named enum."""

    enum: str


Type = Truth | Numeric | Day | Choice | ChoiceSet


# nodes
# --------------------------------------------------------------------------------------------------


@record
class Window:
    """Days on which something exists, both ends inclusive; None is open."""

    start: date | None = None
    end: date | None = None

    def holds(self, on: date) -> bool:
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


ALWAYS = Window()


@record
class About:
    """The metadata of a condition: its span, words, sources, remark and the days on which it
    exists."""

    span: Span | None = None
    text: str = ""
    cite: tuple[str, ...] = ()
    note: tuple[str, str] | None = None
    window: Window = ALWAYS


@record
class NodeBase:
    """The base of every kind of node. A new kind joins a union below; the type checker then lists
    the code that has to handle it."""


@record
class All(NodeBase):
    """True when every part is; `parts` is never empty on a date where it is used."""

    parts: tuple[TruthNode, ...]
    about: About = field(default=About(), compare=False)


@record
class AnyOf(NodeBase):
    parts: tuple[TruthNode, ...]
    about: About = field(default=About(), compare=False)


@record
class NoneOf(NodeBase):
    parts: tuple[TruthNode, ...]
    about: About = field(default=About(), compare=False)


@record
class Leaf(NodeBase):
    """A condition written as one expression; explanations show its `about`."""

    test: TruthNode
    about: About = field(default=About(), compare=False)


@record
class AnyMember(NodeBase):
    test: TruthNode
    about: About = field(default=About(), compare=False)


@record
class AllMembers(NodeBase):
    test: TruthNode
    about: About = field(default=About(), compare=False)


@record
class Fact(NodeBase):
    entity: Entity
    name: str
    type: Type


@record
class Status(NodeBase):
    """A status; with `granted`, further grants count too (see `ungranted`)."""

    entity: Entity
    name: str
    granted: bool = True


@record
class Quantity(NodeBase):
    entity: Entity
    name: str
    type: Numeric


@record
class Parameter(NodeBase):
    """The value of a parameter on the date, at the key given by `keys` (facts) or at the step
    reached by `steps_of`."""

    name: str
    type: Numeric
    keys: tuple[Fact, ...] = ()
    steps_of: NumberNode | None = None


@record
class Constant(NodeBase):
    value: int
    type: Numeric


@record
class DayConstant(NodeBase):
    value: date


@record
class AssessmentDate(NodeBase):
    pass


@record
class Compare(NodeBase):
    """Numbers of one scale, or dates."""

    comparator: Comparator
    left: Operand
    right: Operand


@record
class IsOneOf(NodeBase):
    """The enum fact has one of `members`; `negated` for `!=`."""

    fact: Fact
    members: frozenset[str]
    negated: bool = False


@record
class Overlaps(NodeBase):
    """The set fact holds at least one of `members`."""

    fact: Fact
    members: frozenset[str]


@record
class Sum(NodeBase):
    left: NumberNode
    right: NumberNode


@record
class Difference(NodeBase):
    left: NumberNode
    right: NumberNode


@record
class Product(NodeBase):
    left: NumberNode
    right: NumberNode


@record
class Quotient(NodeBase):
    """Only directly inside Rounded: divisions are never left unrounded."""

    left: NumberNode
    right: NumberNode
    scale_left: int
    scale_right: int


@record
class Negative(NodeBase):
    operand: NumberNode


@record
class Rescale(NodeBase):
    """The same number with `by` more decimal places."""

    operand: NumberNode
    by: int


@record
class Rounded(NodeBase):
    """`operand` (of `scale_from` places, or a Quotient) rounded to `places`, given at scale
    `scale_to`."""

    operand: NumberNode
    mode: RoundingMode
    scale_from: int
    decimals: int
    scale_to: int


@record
class Least(NodeBase):
    parts: tuple[NumberNode, ...]


@record
class Greatest(NodeBase):
    parts: tuple[NumberNode, ...]


@record
class Conditional(NodeBase):
    test: TruthNode
    then: NumberNode
    otherwise: NumberNode


@record
class Elapsed(NodeBase):
    """Completed `unit`s (`year`, `month`, `day`) from one date to another."""

    unit: Literal["year", "month", "day"]
    start: DayNode
    end: DayNode


@record
class CountMembers(NodeBase):
    test: TruthNode


@record
class SumMembers(NodeBase):
    number: NumberNode


Group = All | AnyOf | NoneOf
MemberTest = AnyMember | AllMembers
MemberNumber = CountMembers | SumMembers
MemberNode = MemberTest | MemberNumber
Condition = Group | Leaf | MemberTest
"""Conditions as rules write them, each with its `about`."""
TruthNode = Condition | Fact | Status | Compare | IsOneOf | Overlaps
Arithmetic = Sum | Difference | Product | Negative | Rescale | Rounded | Least | Greatest
"""Numbers computed from numbers. Quotient is missing: only Rounded computes it."""
Calculation = Arithmetic | Quotient | Elapsed
"""Numbers that use every one of their `operands`."""
NumberNode = Fact | Quantity | Parameter | Constant | Calculation | Conditional | MemberNumber
DayNode = Fact | DayConstant | AssessmentDate
Operand = NumberNode | DayNode
"""Numbers and dates, which comparisons and other numbers are computed from."""
Node = TruthNode | NumberNode | DayNode
"""Every kind of node. The unions are closed: a `match` over them ends in `assert_never`, or passes
the kinds that are left to a function that does."""


def children(node: NodeBase) -> list[Node]:
    """The nodes directly below; keys of parameters count, definitions behind names do not."""
    nodes: list[Node] = []
    for name, several in _node_fields(type(node)):
        value = getattr(node, name)
        if several:
            nodes += value
        elif value is not None:
            nodes.append(value)
    return nodes


_Kind = TypeVar("_Kind", bound=NodeBase)
_NODE_FIELDS: dict[type, tuple[tuple[str, bool], ...]] = {}


def _node_fields(kind: type[NodeBase]) -> tuple[tuple[str, bool], ...]:
    """The fields of a kind of node that hold other nodes, and whether each holds several, by their
    annotations."""
    if kind not in _NODE_FIELDS:
        declared = ((declaration.name, str(declaration.type)) for declaration in fields(kind))
        holding = ("Node", "Fact", "Operand")
        _NODE_FIELDS[kind] = tuple(
            (name, text.startswith("tuple"))
            for name, text in declared
            if any(word in text for word in holding)
        )
    return _NODE_FIELDS[kind]


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, depth first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(children(node))


def ungranted(node: _Kind) -> _Kind:
    """The same node without the further grants of any status.

    Used under `none` and inside numbers, so that a grant can open benefits and never close them.
    Exclusions are declared conflicts, which the family decides, and numbers describe the present.
    """
    if isinstance(node, Status):
        return replace(node, granted=False)
    changed: dict[str, object] = {}
    for name, several in _node_fields(type(node)):
        value = getattr(node, name)
        if several:
            changed[name] = tuple(ungranted(part) for part in value)
        elif value is not None:
            changed[name] = ungranted(value)
    return replace(node, **changed) if changed else node


def on_date(node: TruthNode, on: date) -> TruthNode | None:
    """The condition on a day, without parts that do not exist then; None if no part remains."""
    if not isinstance(node, Condition):
        return node
    if not node.about.window.holds(on):
        return None
    if isinstance(node, Leaf):
        return node
    if isinstance(node, AnyMember | AllMembers):
        test = on_date(node.test, on)
        return None if test is None else replace(node, test=test)
    parts = tuple(part for part in (on_date(part, on) for part in node.parts) if part is not None)
    if len(parts) == len(node.parts) and all(map(is_, parts, node.parts)):
        return node
    return replace(node, parts=parts) if parts else None


def operands(node: Calculation) -> tuple[Operand, ...]:
    """The numbers or dates that a number is computed from directly."""
    match node:
        case Sum() | Difference() | Product() | Quotient():
            return node.left, node.right
        case Negative() | Rescale() | Rounded():
            return (node.operand,)
        case Least() | Greatest():
            return node.parts
        case Elapsed():
            return node.start, node.end
    assert_never(node)


def scale_of(node: Operand) -> int:
    """The decimal places of a number node; counts and days have none."""
    match node:
        case (
            Fact(type=Numeric(scale=scale))
            | Quantity(type=Numeric(scale=scale))
            | Parameter(type=Numeric(scale=scale))
        ):
            return scale
        case Constant(type=Numeric(scale=scale)):
            return scale
        case Sum(left=left) | Difference(left=left) | Conditional(then=left):
            return scale_of(left)
        case Product(left=left, right=right):
            return scale_of(left) + scale_of(right)
        case Negative(operand=operand):
            return scale_of(operand)
        case Rescale(operand=operand, by=by):
            return scale_of(operand) + by
        case Rounded(scale_to=scale):
            return scale
        case Least(parts=parts) | Greatest(parts=parts):
            return scale_of(parts[0])
        case SumMembers(number=number):
            return scale_of(number)
        case Fact() | Quotient() | Elapsed() | CountMembers() | DayConstant() | AssessmentDate():
            return 0
    assert_never(node)
