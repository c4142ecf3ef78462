"""The typed tree: what conditions and expressions mean, with names resolved and units checked.

Numbers are exact: every number node carries a fixed `scale`, the count of its decimal places, and
its value is an integer in units of 10**-scale (620.50 CNY at scale 2 is 62050). Operands of sums
and comparisons have been brought to one scale by `Rescale`, so every engine computes in integers
only.
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
    """A number in `unit` with `scale` decimal places. A `bare` literal takes on the unit of what it
    is compared with."""

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
    """What a condition carries beside its meaning: its place, words, sources, remark and the days
    on which it exists."""

    span: Span | None = None
    text: str = ""
    cite: tuple[str, ...] = ()
    note: tuple[str, str] | None = None
    window: Window = ALWAYS


@record
class NodeBase:
    """What every kind of node has in common. A new kind is added to a union below; the type checker
    then lists who has to handle it."""


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
    """A condition written as one expression; `about` is what explanations show."""

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
    """A status; with `granted`, also what further grants would make of it (see `ungranted`)."""

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
Condition = All | AnyOf | NoneOf | Leaf | AnyMember | AllMembers
"""Conditions as rules write them, with what they carry `about` them."""
TruthNode = Condition | Fact | Status | Compare | IsOneOf | Overlaps
NumberNode = (
    Fact
    | Quantity
    | Parameter
    | Constant
    | Sum
    | Difference
    | Product
    | Quotient
    | Negative
    | Rescale
    | Rounded
    | Least
    | Greatest
    | Conditional
    | Elapsed
    | CountMembers
    | SumMembers
)
DayNode = Fact | DayConstant | AssessmentDate
Operand = NumberNode | DayNode
"""What is compared, and what numbers and dates are worked out from."""
Node = TruthNode | NumberNode | DayNode
"""Every kind of node. The unions are closed: whoever handles them ends in `assert_never`."""
MemberNode = AnyMember | AllMembers | CountMembers | SumMembers


def children(node: NodeBase) -> list[Node]:
    """The nodes directly below; keys of parameters count, definitions behind names do not."""
    found: list[Node] = []
    for name, several in _node_fields(type(node)):
        value = getattr(node, name)
        if several:
            found += value
        elif value is not None:
            found.append(value)
    return found


_Kind = TypeVar("_Kind", bound=NodeBase)
_NODE_FIELDS: dict[type, tuple[tuple[str, bool], ...]] = {}


def _node_fields(kind: type[NodeBase]) -> tuple[tuple[str, bool], ...]:
    """The fields in which a kind of node holds others, and whether several: read off how they are
    declared."""
    if kind not in _NODE_FIELDS:
        declared = ((one.name, str(one.type)) for one in fields(kind))
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
    """The same node asking of every status only whether it holds already.

    Used under `none` and inside numbers: a grant can open things and never close them. What
    excludes what is a declared conflict, a choice of the family; and a number is worked out from
    what is, not from what may come.
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
    """The condition as it stands on a day: what does not exist then is left out; None when nothing
    is left of it."""
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
