"""From syntax to the typed tree: names resolved, types and units checked, numbers brought to one
scale.

Every mistake goes to the caller's collector with its span in the expression; the result is then
None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, assert_never, cast

from jmentitle.language import syntax, tree, units
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span, nearest_name
from jmentitle.language.tree import (
    Choice,
    ChoiceSet,
    Day,
    DayNode,
    Entity,
    Node,
    NumberNode,
    Numeric,
    Truth,
    TruthNode,
    Type,
)

MONEY_SCALE = 2
MAX_SCALE = 24
DECIMALS = {"yuan": 0, "jiao": 1, "fen": 2, "whole": 0}
_ELAPSED: dict[str, Literal["year", "month", "day"]] = {
    "years": "year",
    "months": "month",
    "days": "day",
}
FUNCTIONS = frozenset(
    {
        "min",
        "max",
        "if",
        "round",
        "per_year",
        "any_member",
        "all_members",
        "count_members",
        "sum_members",
    }
    | {f"{many}_{kind}" for many in _ELAPSED for kind in ("since", "between")}
)


class Names(Protocol):
    """The names of a pack and their meaning, as the checker needs them."""

    @property
    def unit_bases(self) -> frozenset[str]: ...

    def find(self, name: str, entity: Entity) -> tuple[Node, Type] | None:
        """The node and type of `name` for this entity, or None."""

    def is_broken(self, name: str) -> bool:
        """Whether the definition of the name has a reported mistake, so that it has no type."""

    def entities_of(self, name: str) -> tuple[Entity, ...]:
        """The entities with a definition of this name."""

    def all_names(self, entity: Entity) -> set[str]: ...

    def members_of(self, enum: str) -> dict[str, frozenset[str]]:
        """Members and groups of an enum, each with its members."""


class _ReportedError(Exception):
    """Raised after reporting a mistake, to leave the expression."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of an expression: the entity of plain names, and whether it is within a member
    function."""

    names: Names
    entity: Entity
    collector: Collector
    within_members: bool = False


def check_condition(text: str, span: Span, scope: Scope) -> TruthNode | None:
    """A condition from the text of a leaf; None after reporting a mistake."""
    checked = check_expression(text, span, scope)
    if checked is None:
        return None
    node, node_type = checked
    if not isinstance(node_type, Truth):
        scope.collector.add(
            "JM033",
            f"found {describe(node_type)}, not a condition",
            span,
            expected="a comparison or the name of a truth",
        )
        return None
    assert isinstance(node, TruthNode)
    return node


def check_number(text: str, span: Span, scope: Scope) -> tuple[NumberNode, Numeric] | None:
    """A number with its type; None after reporting a mistake."""
    checked = check_expression(text, span, scope)
    if checked is None:
        return None
    node, node_type = checked
    if not isinstance(node_type, Numeric):
        scope.collector.add("JM028", f"found {describe(node_type)}", span, expected="a number")
        return None
    assert isinstance(node, NumberNode)
    return node, node_type


def check_expression(text: str, span: Span, scope: Scope) -> tuple[Node, Type] | None:
    """Parse and check one expression written at `span`; None after reporting its mistakes."""
    try:
        piece = syntax.parse(text)
    except syntax.ExpressionError as problem:
        scope.collector.add(
            problem.code,
            problem.message,
            span.at(problem.start, problem.length),
            expected=problem.expected,
        )
        return None
    try:
        return _Checker(span, scope).visit(piece)
    except _ReportedError:
        return None


def describe(node_type: Type) -> str:
    match node_type:
        case Truth() | Day():
            return str(node_type)
        case Numeric(unit=unit):
            return f"a number in {units.show(unit)}" if unit else "a plain number"
        case Choice(enum=enum):
            return f"one of `{enum}`"
        case ChoiceSet(enum=enum):
            return f"a set of `{enum}`"


class _Checker:
    def __init__(self, span: Span, scope: Scope) -> None:
        self.span = span
        self.scope = scope
        self.collector = scope.collector

    def wrong(
        self,
        code: Code,
        message: str,
        piece: syntax.Piece,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
    ) -> _ReportedError:
        self.collector.add(
            code,
            message,
            self.span.at(piece.start, piece.length),
            expected=expected,
            suggestion=suggestion,
        )
        return _ReportedError()

    def visit(self, piece: syntax.Piece) -> tuple[Node, Type]:
        match piece:
            case syntax.Number():
                return self.number(piece)
            case syntax.DateText(text=text):
                try:
                    return tree.DayConstant(date.fromisoformat(text)), Day()
                except ValueError:
                    raise self.wrong(
                        "JM007", f"{text} is not a calendar date", piece, expected="YYYY-MM-DD"
                    ) from None
            case syntax.Name():
                return self.name(piece)
            case syntax.Negate(operand=operand):
                node, node_type = self.numeric(operand)
                return tree.Negative(node), node_type
            case syntax.Binary():
                return self.arithmetic(piece)
            case syntax.Comparison():
                return self.comparison(piece)
            case syntax.Among():
                return self.among(piece)
            case syntax.Member():
                return self.member(piece)
            case syntax.Call():
                return self.call(piece)
        assert_never(piece)

    # leaves

    def number(self, piece: syntax.Number) -> tuple[NumberNode, Numeric]:
        _, _, decimals = piece.digits.partition(".")
        scale = len(decimals)
        value = int(piece.digits.replace(".", ""))
        if piece.unit is None:
            return tree.Constant(
                value, node_type := Numeric(units.NONE, scale, bare=True)
            ), node_type
        try:
            unit = units.parse_unit(piece.unit, self.scope.names.unit_bases)
        except units.UnknownUnitError as problem:
            base = str(problem.args[0])
            raise self.wrong(
                "JM034",
                f"unknown unit `{base}`",
                piece,
                suggestion=nearest_name(base, self.scope.names.unit_bases),
            ) from None
        if units.is_money(unit):
            if scale > MONEY_SCALE:
                raise self.wrong(
                    "JM036",
                    "the amount is finer than a fen",
                    piece,
                    expected="at most 2 decimal places",
                )
            value *= 10 ** (MONEY_SCALE - scale)
            scale = MONEY_SCALE
        return tree.Constant(value, node_type := Numeric(unit, scale)), node_type

    def name(self, piece: syntax.Name) -> tuple[Node, Type]:
        entity: Entity = "household" if piece.of_household else self.scope.entity
        meaning = self.scope.names.find(piece.text, entity)
        if meaning is not None:
            return meaning
        if self.scope.names.is_broken(piece.text):
            raise _ReportedError
        others = [other for other in self.scope.names.entities_of(piece.text) if other != entity]
        if others == ["household"]:
            raise self.wrong(
                "JM031",
                f"`{piece.text}` belongs to the household",
                piece,
                expected=f"`household.{piece.text}`",
            )
        if others:
            raise self.wrong(
                "JM031",
                f"`{piece.text}` belongs to a person",
                piece,
                expected=f"a member function such as `any_member({piece.text})`, or a person rule",
            )
        names = self.scope.names.all_names(entity)
        raise self.wrong(
            "JM025",
            f"unknown name `{piece.text}`",
            piece,
            suggestion=nearest_name(piece.text, names),
        )

    # numbers

    def numeric(self, piece: syntax.Piece) -> tuple[NumberNode, Numeric]:
        node, node_type = self.visit(piece)
        if not isinstance(node_type, Numeric):
            raise self.wrong("JM028", f"found {describe(node_type)}", piece, expected="a number")
        assert isinstance(node, NumberNode)
        return node, node_type

    def truth(self, piece: syntax.Piece) -> TruthNode:
        node, node_type = self.visit(piece)
        if not isinstance(node_type, Truth):
            raise self.wrong("JM028", f"found {describe(node_type)}", piece, expected="a condition")
        assert isinstance(node, TruthNode)
        return node

    def day(self, piece: syntax.Piece) -> DayNode:
        node, node_type = self.visit(piece)
        if not isinstance(node_type, Day):
            raise self.wrong("JM028", f"found {describe(node_type)}", piece, expected="a date")
        assert isinstance(node, DayNode)
        return node

    def arithmetic(self, piece: syntax.Binary) -> tuple[NumberNode, Numeric]:
        left, left_type = self.numeric(piece.left)
        right, right_type = self.numeric(piece.right)
        if piece.sign == "*":
            scale = left_type.scale + right_type.scale
            if scale > MAX_SCALE:
                expected = f"at most {MAX_SCALE}; `round(…)` a part of it"
                raise self.wrong(
                    "JM024", f"the product has {scale} decimal places", piece, expected=expected
                )
            product_type = Numeric(units.multiply(left_type.unit, right_type.unit), scale)
            return tree.Product(left, right), product_type
        if piece.sign == "/":
            raise self.wrong(
                "JM032",
                "the division is not rounded",
                piece,
                expected="`round(a / b, fen, half_up)`",
            )
        left, right, unit, scale = self.align(piece, (left, left_type), (right, right_type))
        node = tree.Sum(left, right) if piece.sign == "+" else tree.Difference(left, right)
        return node, Numeric(unit, scale)

    def align(
        self,
        piece: syntax.Piece,
        left: tuple[NumberNode, Numeric],
        right: tuple[NumberNode, Numeric],
    ) -> tuple[NumberNode, NumberNode, units.Unit, int]:
        """Both numbers in one unit and at one scale."""
        unit = self.common_unit(piece, left, right)
        scale = max(left[1].scale, right[1].scale)
        return self.rescale(left, scale), self.rescale(right, scale), unit, scale

    def common_unit(
        self,
        piece: syntax.Piece,
        left: tuple[NumberNode, Numeric],
        right: tuple[NumberNode, Numeric],
    ) -> units.Unit:
        if left[1].unit == right[1].unit:
            return left[1].unit
        for (literal, literal_type), (_, other_type) in ((left, right), (right, left)):
            if not literal_type.bare:
                continue
            is_zero = isinstance(literal, tree.Constant) and literal.value == 0
            if units.is_money(other_type.unit) and not is_zero:
                unit = units.show(other_type.unit)
                raise self.wrong(
                    "JM035",
                    "money is combined with a bare number",
                    piece,
                    expected=f"the number with its unit, `… {unit}`",
                )
            return other_type.unit
        raise self.wrong(
            "JM029",
            f"cannot combine {units.show(left[1].unit)} and {units.show(right[1].unit)}",
            piece,
            expected="one unit on both sides; `per_year(x)` turns …/month into …/year",
        )

    @staticmethod
    def rescale(number: tuple[NumberNode, Numeric], scale: int) -> NumberNode:
        node, node_type = number
        by = scale - node_type.scale
        if by == 0:
            return node
        if isinstance(node, tree.Constant):
            return tree.Constant(
                node.value * 10**by, Numeric(node_type.unit, scale, node_type.bare)
            )
        return tree.Rescale(node, by)

    # conditions

    def comparison(self, piece: syntax.Comparison) -> tuple[Node, Type]:
        left, left_type = self.visit(piece.left)
        sign = cast(tree.Comparator, piece.sign)
        if isinstance(left_type, Choice):
            if sign not in ("==", "!=") or not isinstance(left, tree.Fact):
                raise self.wrong(
                    "JM028",
                    f"found {describe(left_type)}",
                    piece.left,
                    expected="`==`, `!=` or `in […]`",
                )
            if not isinstance(piece.right, syntax.Name):
                raise self.wrong(
                    "JM028",
                    "an enum can be compared only with its members",
                    piece.right,
                    expected=f"a member of `{left_type.enum}`",
                )
            return tree.IsOneOf(
                left, self.choice(left_type.enum, piece.right), sign == "!="
            ), Truth()
        if isinstance(left_type, ChoiceSet):
            raise self.wrong(
                "JM028",
                f"found {describe(left_type)}",
                piece.left,
                expected="`member in set` or `set overlaps […]`",
            )
        right, right_type = self.visit(piece.right)
        if isinstance(left_type, Day) and isinstance(right_type, Day):
            assert isinstance(left, DayNode) and isinstance(right, DayNode)
            return tree.Compare(sign, left, right), Truth()
        if isinstance(left_type, Numeric) and isinstance(right_type, Numeric):
            assert isinstance(left, NumberNode) and isinstance(right, NumberNode)
            left, right, _, _ = self.align(piece, (left, left_type), (right, right_type))
            return tree.Compare(sign, left, right), Truth()
        raise self.wrong(
            "JM028",
            f"the left side is {describe(left_type)}, the right side is {describe(right_type)}",
            piece,
            expected="the same on both sides",
        )

    def choice(self, enum: str, name: syntax.Name) -> frozenset[str]:
        members = self.scope.names.members_of(enum)
        if name.of_household or name.text not in members:
            raise self.wrong(
                "JM030",
                f"unknown member `{name.text}` of `{enum}`",
                name,
                expected=_some(members),
                suggestion=nearest_name(name.text, members),
            )
        return members[name.text]

    def among(self, piece: syntax.Among) -> tuple[Node, Type]:
        node, node_type = self.visit(piece.left)
        wanted = Choice if piece.sign == "in" else ChoiceSet
        if not isinstance(node_type, wanted) or not isinstance(node, tree.Fact):
            needed = (
                "an enum fact before `in […]`"
                if piece.sign == "in"
                else "a set fact before `overlaps […]`"
            )
            raise self.wrong("JM028", f"found {describe(node_type)}", piece.left, expected=needed)
        members: frozenset[str] = frozenset().union(
            *(self.choice(node_type.enum, name) for name in piece.names)
        )
        return (
            tree.IsOneOf(node, members) if piece.sign == "in" else tree.Overlaps(node, members)
        ), Truth()

    def member(self, piece: syntax.Member) -> tuple[Node, Type]:
        node, node_type = self.name(piece.container)
        if not isinstance(node_type, ChoiceSet) or not isinstance(node, tree.Fact):
            raise self.wrong(
                "JM028",
                f"found {describe(node_type)}",
                piece.container,
                expected="a set of members",
            )
        return tree.Overlaps(node, self.choice(node_type.enum, piece.member)), Truth()

    # functions

    def call(self, piece: syntax.Call) -> tuple[Node, Type]:
        if piece.function not in FUNCTIONS:
            raise self.wrong(
                "JM026",
                f"unknown function `{piece.function}`",
                piece,
                expected=_some(FUNCTIONS),
                suggestion=nearest_name(piece.function, FUNCTIONS),
            )
        many, _, kind = piece.function.partition("_")
        if many in _ELAPSED:
            return self.elapsed(piece, _ELAPSED[many], kind)
        handlers: dict[str, Callable[[syntax.Call], tuple[Node, Type]]] = {
            "min": self.extreme,
            "max": self.extreme,
            "if": self.conditional,
            "round": self.rounded,
            "per_year": self.per_year,
        }
        return handlers.get(piece.function, self.members)(piece)

    def arguments(
        self, piece: syntax.Call, least: int, most: int | None = None
    ) -> tuple[syntax.Piece, ...]:
        count = len(piece.arguments)
        if count < least or count > (most or least if most != 0 else count):
            wanted = str(least) if most is None else f"{least} or more"
            raise self.wrong(
                "JM027", f"`{piece.function}` has {count} argument(s)", piece, expected=wanted
            )
        return piece.arguments

    def elapsed(
        self, piece: syntax.Call, unit: Literal["year", "month", "day"], kind: str
    ) -> tuple[Node, Type]:
        if kind == "since":
            (start,) = self.arguments(piece, 1)
            end: DayNode = tree.AssessmentDate()
        else:
            start, last = self.arguments(piece, 2)
            end = self.day(last)
        return tree.Elapsed(unit, self.day(start), end), Numeric(((unit, 1),))

    def extreme(self, piece: syntax.Call) -> tuple[Node, Type]:
        numbers = [self.numeric(argument) for argument in self.arguments(piece, 2, 0)]
        first = numbers[0]
        for other in numbers[1:]:
            first = (
                first[0],
                Numeric(self.common_unit(piece, first, other), max(first[1].scale, other[1].scale)),
            )
        scale = first[1].scale
        parts = tuple(self.rescale(number, scale) for number in numbers)
        return (tree.Least(parts) if piece.function == "min" else tree.Greatest(parts)), Numeric(
            first[1].unit, scale
        )

    def conditional(self, piece: syntax.Call) -> tuple[Node, Type]:
        test, then, otherwise = self.arguments(piece, 3)
        left, right, unit, scale = self.align(piece, self.numeric(then), self.numeric(otherwise))
        return tree.Conditional(tree.ungranted(self.truth(test)), left, right), Numeric(unit, scale)

    def rounded(self, piece: syntax.Call) -> tuple[Node, Type]:
        operand, decimals, mode = self.arguments(piece, 3)
        precision = self.word(decimals, DECIMALS)
        direction = cast(tree.RoundingMode, self.word(mode, ("up", "down", "half_up")))
        if isinstance(operand, syntax.Binary) and operand.sign == "/":
            left, left_type = self.numeric(operand.left)
            right, right_type = self.numeric(operand.right)
            node: NumberNode = tree.Quotient(left, right, left_type.scale, right_type.scale)
            node_type = Numeric(units.divide(left_type.unit, right_type.unit), 0)
        else:
            node, node_type = self.numeric(operand)
        money = units.is_money(node_type.unit)
        if money == (precision == "whole"):
            wanted = "yuan, jiao or fen" if money else "whole"
            raise self.wrong(
                "JM028",
                f"{describe(node_type)} is not rounded to `{precision}`",
                decimals,
                expected=wanted,
            )
        scale = MONEY_SCALE if money else 0
        return tree.Rounded(node, direction, node_type.scale, DECIMALS[precision], scale), Numeric(
            node_type.unit, scale
        )

    def word(self, piece: syntax.Piece, words: dict[str, int] | tuple[str, ...]) -> str:
        if not isinstance(piece, syntax.Name) or piece.text not in words:
            raise self.wrong("JM028", "unknown word in `round`", piece, expected=", ".join(words))
        return piece.text

    def per_year(self, piece: syntax.Call) -> tuple[Node, Type]:
        (operand,) = self.arguments(piece, 1)
        node, node_type = self.numeric(operand)
        if dict(node_type.unit).get("month") != -1:
            raise self.wrong(
                "JM029", f"found {describe(node_type)}", operand, expected="a number in …/month"
            )
        unit = units.multiply(node_type.unit, (("month", 1), ("year", -1)))
        return tree.Product(node, tree.Constant(12, Numeric(units.NONE))), Numeric(
            unit, node_type.scale
        )

    def members(self, piece: syntax.Call) -> tuple[Node, Type]:
        (argument,) = self.arguments(piece, 1)
        if self.scope.within_members:
            raise self.wrong(
                "JM037",
                f"`{piece.function}` inside another member function",
                piece,
                expected="a status of the household",
            )
        inner = _Checker(
            self.span, Scope(self.scope.names, "person", self.collector, within_members=True)
        )
        if piece.function == "sum_members":
            number, node_type = inner.numeric(argument)
            return tree.SumMembers(number), Numeric(node_type.unit, node_type.scale)
        test = inner.truth(argument)
        if piece.function == "count_members":
            return tree.CountMembers(tree.ungranted(test)), Numeric((("person", 1),))
        return (
            tree.AnyMember(test) if piece.function == "any_member" else tree.AllMembers(test)
        ), Truth()


def _some(words: object) -> str:
    in_order = sorted(cast("set[str]", words))
    return ", ".join(in_order[:8]) + (", …" if len(in_order) > 8 else "")
