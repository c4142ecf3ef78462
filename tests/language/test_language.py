"""Expressions: how they group, what units they have, and what fits together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jmentitle.language import syntax, tree, units
from jmentitle.language.checker import Scope, check_expression
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span
from jmentitle.language.tree import Choice, ChoiceSet, Day, Node, Numeric, Truth, Type

# grammar
# --------------------------------------------------------------------------------------------------


def shown(piece: syntax.Piece) -> str:
    """The syntax with every grouping written out."""
    match piece:
        case syntax.Name(text=text, of_household=of_household):
            return f"household.{text}" if of_household else text
        case syntax.Number(digits=digits, unit=unit):
            return f"{digits} {unit}" if unit else digits
        case syntax.DateText(text=text):
            return text
        case (
            syntax.Binary(sign=sign, left=left, right=right)
            | syntax.Comparison(sign=sign, left=left, right=right)
        ):
            return f"({shown(left)} {sign} {shown(right)})"
        case syntax.Negate(operand=operand):
            return f"(-{shown(operand)})"
        case syntax.Among(sign=sign, left=left, names=names):
            return f"({shown(left)} {sign} [{', '.join(name.text for name in names)}])"
        case syntax.Member(member=member, container=container):
            return f"({member.text} in {shown(container)})"
        case syntax.Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(shown, arguments))})"
    raise AssertionError(piece)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("(a - b) * c", "((a - b) * c)"),
        ("-a * b", "((-a) * b)"),
        ("a - -b", "(a - (-b))"),
        ("a + b <= c * d", "((a + b) <= (c * d))"),
        ("a == b", "(a == b)"),
        ("500 CNY/month * 3", "(500 CNY/month * 3)"),
        ("a / month", "(a / month)"),
        ("3 month in [x]", "(3 month in [x])"),
        ("a in [x, y]", "(a in [x, y])"),
        ("x in a", "(x in a)"),
        ("a overlaps [x]", "(a overlaps [x])"),
        ("household.a > 2018-01-31", "(household.a > 2018-01-31)"),
        ("max(a, b + 1, min(c, 2))", "max(a, (b + 1), min(c, 2))"),
        ("if(a > 1, b, c)", "if((a > 1), b, c)"),
        (" a\t+ b ", "(a + b)"),
    ],
)
def test_how_expressions_group(text: str, meant: str) -> None:
    assert shown(syntax.parse(text)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "a < b < c",
        "a b",
        "a +",
        "(a",
        "a)",
        "a in []",
        "f()",
        "a in [1]",
        "",
        "household.",
        "a == b == c",
        "a not b",
        "1.",
        "[a]",
    ],
)
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(syntax.ExpressionError):
        syntax.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_within_it(text: str) -> None:
    try:
        syntax.parse(text)
    except syntax.ExpressionError as problem:
        assert 0 <= problem.start <= len(text)


# units
# --------------------------------------------------------------------------------------------------

BASES = sorted(units.BUILT_IN | {"visit"})
UNITS = st.dictionaries(st.sampled_from(BASES), st.integers(-2, 2).filter(bool), max_size=4).map(
    lambda found: tuple(sorted(found.items()))
)


@given(UNITS, UNITS)
def test_multiplying_and_dividing_undo_each_other(left: units.Unit, right: units.Unit) -> None:
    assert units.divide(units.multiply(left, right), right) == left
    assert units.multiply(units.divide(left, right), right) == left
    assert units.divide(left, left) == units.NONE


@given(UNITS, UNITS, UNITS)
def test_the_order_of_factors_does_not_matter(
    one: units.Unit, two: units.Unit, three: units.Unit
) -> None:
    assert units.multiply(one, two) == units.multiply(two, one)
    assert units.multiply(units.multiply(one, two), three) == units.multiply(
        one, units.multiply(two, three)
    )


@given(st.sampled_from(BASES), st.lists(st.sampled_from(BASES), max_size=3))
def test_a_unit_is_shown_as_it_is_written(above: str, below: list[str]) -> None:
    unit = units.parse_unit("/".join([above, *below]), BASES)
    assume(above not in below)
    assert units.parse_unit(units.show(unit), BASES) == unit


def test_units_are_shown_the_way_people_write_them() -> None:
    assert units.show(units.parse_unit("CNY/person/month", BASES)) == "CNY/person/month"
    assert units.show(units.parse_unit("CNY/month/person", BASES)) == "CNY/person/month"
    assert units.show(units.NONE) == "none"
    assert units.period_of(units.parse_unit("CNY/person/month", BASES)) == "month"
    with pytest.raises(units.UnknownUnitError, match="moon"):
        units.parse_unit("CNY/moon", BASES)


# types
# --------------------------------------------------------------------------------------------------

FACTS: dict[str, Type] = {
    "income": Numeric(units.parse_unit("CNY/month", BASES), 2),
    "line": Numeric(units.parse_unit("CNY/person/month", BASES), 2),
    "yearly": Numeric(units.parse_unit("CNY/year", BASES), 2),
    "people": Numeric((("person", 1),)),
    "count": Numeric(units.NONE),
    "rate": Numeric(units.NONE, 2),
    "born": Day(),
    "truth": Truth(),
    "colour": Choice("colours"),
    "tints": ChoiceSet("colours"),
}


@dataclass
class FewNames:
    """Some facts of a person."""

    unit_bases: frozenset[str] = frozenset(BASES)

    def find(self, name: str, entity: tree.Entity) -> tuple[Node, Type] | None:
        found = FACTS.get(name) if entity == "person" else None
        return None if found is None else (tree.Fact(entity, name, found), found)

    def is_broken(self, name: str) -> bool:
        return name == "broken"

    def entities_of(self, name: str) -> tuple[tree.Entity, ...]:
        return ("person",) if name in FACTS else ()

    def all_names(self, entity: tree.Entity) -> set[str]:
        return set(FACTS) if entity == "person" else set()

    def members_of(self, _enum: str) -> dict[str, frozenset[str]]:
        return {
            "red": frozenset({"red"}),
            "blue": frozenset({"blue"}),
            "any_colour": frozenset({"red", "blue"}),
        }


def checked(text: str) -> tuple[Node, Type] | list[str]:
    """The typed tree and its type, or the codes of what is wrong."""
    collector = Collector()
    found = check_expression(
        text, Span("f", 1, 1, len(text)), Scope(FewNames(), "person", collector)
    )
    return found if found is not None else [one.code for one in collector]


@pytest.mark.parametrize(
    ("text", "unit", "scale"),
    [
        ("income + 5 CNY/month", "CNY/month", 2),
        ("line * people", "CNY/month", 2),
        ("income * rate", "CNY/month", 4),
        ("per_year(income)", "CNY/year", 2),
        ("round(income * rate, yuan, up)", "CNY/month", 2),
        ("round(income / people, fen, down)", "CNY/person/month", 2),
        ("round(count / 3, whole, half_up)", "none", 0),
        ("max(count, rate)", "none", 2),
        ("income - 0", "CNY/month", 2),
        ("-income", "CNY/month", 2),
        ("years_since(born)", "year", 0),
        ("if(truth, income, 0)", "CNY/month", 2),
        ("sum_members(income)", "CNY/month", 2),
        ("count_members(truth)", "person", 0),
    ],
)
def test_the_unit_of_a_number(text: str, unit: str, scale: int) -> None:
    found = checked(text)
    assert isinstance(found, tuple)
    assert isinstance(found[1], Numeric)
    assert (units.show(found[1].unit), found[1].scale) == (unit, scale)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("income + yearly", ["JM029"]),
        ("income < 500", ["JM035"]),
        ("income < line", ["JM029"]),
        ("income * people < 3 CNY/month", ["JM029"]),
        ("per_year(yearly)", ["JM029"]),
        ("income < 500 CNY/month", None),
        ("income < 0", None),
        ("years_since(born) >= 60", None),
        ("months_since(born) >= 60 year", ["JM029"]),
        ("colour == red", None),
        ("colour in [any_colour]", None),
        ("colour in [green]", ["JM030"]),
        ("colour < red", ["JM028"]),
        ("red in tints", None),
        ("tints == red", ["JM028"]),
        ("truth + 1", ["JM028"]),
        ("born < 2018-02-30", ["JM007"]),
        ("any_member(any_member(truth))", ["JM037"]),
        ("round(income, whole, up)", ["JM028"]),
        ("round(count, yuan, up)", ["JM028"]),
        ("broken > 3", []),
    ],
)
def test_what_fits_together(text: str, codes: list[str] | None) -> None:
    found = checked(text)
    assert isinstance(found, tuple) if codes is None else found == codes


def test_a_group_stands_for_its_members() -> None:
    assert checked("colour != any_colour") == (
        tree.IsOneOf(
            tree.Fact("person", "colour", FACTS["colour"]), frozenset({"red", "blue"}), True
        ),
        Truth(),
    )
