"""What bounds unknown facts leave: they hold every value that the unknowns may turn out to have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jmentitle.api import Pack
from jmentitle.chain.outcome import NEVER, NOW
from jmentitle.chain.specification import Context, World
from jmentitle.language import evaluator, tree, units
from jmentitle.language.evaluator import NumberBounds, TruthBounds
from jmentitle.language.tree import Node, Numeric, Truth
from tests.support.cases import cases
from tests.support.families import assessed
from tests.support.random_packs import DICE, RandomPack, random_day, random_household
from tests.support.small_pack import ON, small_pack

END = st.integers(-50, 50)


@st.composite
def bounds(draw: st.DrawFn) -> NumberBounds:
    """The bounds of a number: known, between two, or open on a side."""
    low, high = sorted((draw(END), draw(END)))
    return draw(st.sampled_from([(low, low), (low, high), (None, high), (low, None), (None, None)]))


def within(found: NumberBounds) -> st.SearchStrategy[int]:
    low, high = found
    return st.integers(-80 if low is None else low, 80 if high is None else high)


def holds(found: NumberBounds, value: int) -> bool:
    return (found[0] is None or found[0] <= value) and (found[1] is None or value <= found[1])


@given(st.data(), bounds(), bounds())
def test_arithmetic_on_bounds_holds_every_value(
    data: st.DataObject, left: NumberBounds, right: NumberBounds
) -> None:
    one, other = data.draw(within(left)), data.draw(within(right))
    assert holds(evaluator.add(left, right), one + other)
    assert holds(evaluator.product(left, right), one * other)
    assert holds(evaluator.negative(left), -one)
    assert holds(evaluator.least([left, right]), min(one, other))
    assert holds(evaluator.hull([left, right]), one)


@given(st.data(), bounds(), bounds(), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
def test_a_comparison_is_decided_only_when_all_values_agree(
    data: st.DataObject, left: NumberBounds, right: NumberBounds, sign: tree.Comparator
) -> None:
    one, other = data.draw(within(left)), data.draw(within(right))
    low, high = evaluator.compare(sign, left, right)
    exact = evaluator.compare(sign, (one, one), (other, other))[0]
    assert (
        exact
        == {
            "<": one < other,
            "<=": one <= other,
            ">": one > other,
            ">=": one >= other,
            "==": one == other,
            "!=": one != other,
        }[sign]
    )
    assert low <= exact <= high


@given(st.data(), bounds(), bounds(), st.sampled_from(["up", "down", "half_up"]), st.integers(0, 2))
def test_a_rounded_quotient_is_held(
    data: st.DataObject,
    above: NumberBounds,
    below: NumberBounds,
    mode: tree.RoundingMode,
    places: int,
) -> None:
    upper, lower = data.draw(within(above)), data.draw(within(below))
    assume(lower > 0)
    node = tree.Rounded(
        tree.Quotient(tree.Constant(0, Numeric(())), tree.Constant(0, Numeric(())), 0, 0),
        mode,
        0,
        places,
        2,
    )
    found = evaluator.rounded_quotient(node, above, below)
    assert holds(
        found, evaluator.round_fraction(upper * 10**places, lower, mode) * 10 ** (2 - places)
    )


@pytest.mark.parametrize(
    ("half_up", "up", "down", "numerator"),
    [(3, 3, 2, 25), (-3, -2, -3, -25), (2, 3, 2, 24), (2, 2, 2, 20)],
)
def test_rounding(half_up: int, up: int, down: int, numerator: int) -> None:
    modes: tuple[tree.RoundingMode, ...] = ("half_up", "up", "down")
    assert tuple(evaluator.round_fraction(numerator, 10, mode) for mode in modes) == (
        half_up,
        up,
        down,
    )


RANDOM_PACKS = cases(40)


# unknown facts: nothing that was certain changes when they become known


@dataclass
class Completions:
    """A random pack, a household with unknowns, and ways in which the unknowns may turn out."""

    dice: Random
    pack: Pack = field(init=False)
    on: date = field(init=False)
    partial: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        self.pack, self.on = RandomPack(self.dice).pack(), random_day(self.dice)
        self.partial = random_household(
            self.dice, self.pack, self.dice.choice([0.1, 0.3, 0.6, 1.0])
        )

    @property
    def household(self) -> dict[str, object]:
        assert isinstance(self.partial["household"], dict)
        return self.partial["household"]

    def world(self, household: dict[str, object]) -> World:
        return World(
            self.pack.ruleset(self.on), self.pack.read(household, self.on).facts, self.on, {}
        )

    def completed(self) -> Iterator[dict[str, object]]:
        members = self.partial["members"]
        assert isinstance(members, list)
        for _ in range(4):
            full = random_household(self.dice, self.pack, 0.0)
            others = full["members"]
            assert isinstance(full["household"], dict)
            assert isinstance(others, list)
            for row in (full["household"], *others):
                # What no paper attests is worked out: a paper found later is another case, not a
                # completion of this one.
                for status in self.pack.content.statuses:
                    row.pop(status, None)
            people = [
                {**others[place % len(others)], **member} for place, member in enumerate(members)
            ]
            if self.household.get("members_complete") is False:
                people += self.dice.sample(others, self.dice.randint(0, len(others)))
            yield {
                "household": {**full["household"], **self.household, "members_complete": True},
                "members": people,
            }


def nodes(pack: Pack, on: date) -> Iterator[tuple[tree.Entity, Node]]:
    """Every part of every condition and definition, with whose it is."""
    rules = pack.ruleset(on)
    roots: list[tuple[tree.Entity, Node | None]] = [
        (rules.entity_of(name), node) for name, node in rules.conditions.items()
    ]
    roots += [(pack.content.statuses[name].entity, node) for name, node in rules.statuses.items()]
    roots += [(quantity.entity, quantity.value) for quantity in pack.content.quantities.values()]
    for entity, root in roots:
        if root is not None:
            yield from ((entity, node) for node in outside_members(root))


def outside_members(node: Node) -> Iterator[Node]:
    yield node
    if not isinstance(node, tree.MemberNode):
        for child in tree.children(node):
            yield from outside_members(child)


TRUTHS = tree.Condition | tree.Compare | tree.IsOneOf | tree.Overlaps | tree.Status


def value_of(node: Node, entity: Context) -> TruthBounds | NumberBounds | None:
    """The bounds of a truth or a number; None for dates and for what has no value of its own."""
    if isinstance(node, tree.DayConstant | tree.AssessmentDate | tree.Quotient):
        return None
    if isinstance(node, tree.Fact):
        return (
            evaluator.truth(node, entity)
            if isinstance(node.type, Truth)
            else evaluator.number(node, entity)
            if isinstance(node.type, Numeric)
            else None
        )
    return (
        evaluator.truth(node, entity)
        if isinstance(node, TRUTHS)
        else evaluator.number(node, entity)
    )


@pytest.mark.no_cover
@RANDOM_PACKS
@given(DICE)
def test_the_bounds_hold_every_way_in_which_the_unknowns_may_turn_out(dice: Random) -> None:
    case = Completions(dice)
    before = case.world(case.partial)
    parts = list(nodes(case.pack, case.on))
    for household in case.completed():
        after = case.world(household)
        for entity, node in parts:
            for member in (None,) if entity == "household" else range(len(before.members)):
                wide, narrow = value_of(node, before.of(member)), value_of(node, after.of(member))
                if wide is None or narrow is None:
                    continue
                assert wide[0] is None or (narrow[0] is not None and wide[0] <= narrow[0]), node
                assert wide[1] is None or (narrow[1] is not None and narrow[1] <= wide[1]), node


@pytest.mark.no_cover
@RANDOM_PACKS
@given(DICE)
def test_what_is_found_now_stays_found_and_what_is_closed_now_stays_closed(dice: Random) -> None:
    """In every layer, since what is granted is held by the same bounds."""
    case = Completions(dice)
    before = case.pack.decide(case.pack.read(case.partial, case.on), case.on)
    for household in case.completed():
        after = case.pack.decide(case.pack.read(household, case.on), case.on)
        for member in (None, *range(len(before.members))):
            wide, narrow = before.layers_of(member), after.layers_of(member)
            for place in range(len(wide.certain)):
                if wide.certain[place] != NEVER:
                    assert NOW <= narrow.certain[place] <= wide.certain[place]
                if narrow.possible[place] != NEVER:
                    assert NOW <= wide.possible[place] <= narrow.possible[place]


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("alone", [True, False])
def test_without_a_complete_list_nothing_is_concluded_from_absence(
    complete: bool, alone: bool
) -> None:
    pack = small_pack()
    household = {
        "household": {"members_complete": complete},
        "members": [{"lives_alone": alone, "rooms": 2}],
    }
    entity = World(pack.ruleset(ON), pack.read(household, ON).facts, ON, {}).household
    fact, rooms = (
        tree.Fact("person", "lives_alone", Truth()),
        tree.Fact("person", "rooms", Numeric(units.NONE)),
    )
    assert evaluator.truth(tree.AnyMember(fact), entity) == (alone, alone or not complete)
    assert evaluator.truth(tree.AllMembers(fact), entity) == (alone and complete, alone)
    assert evaluator.number(tree.CountMembers(fact), entity) == (alone, alone if complete else None)
    assert evaluator.number(tree.SumMembers(rooms), entity) == (
        (2, 2) if complete else (None, None)
    )


def test_a_possible_grant_opens_and_never_closes() -> None:
    """What an unfinished question may grant must not make uncertain what it would exclude: that is
    a conflict, a choice of the family."""
    for name, item, benefit, opener in (
        (
            "dibao_family_with_disabled_father",
            "disabled_living_and_care_subsidies",
            "living_subsidy",
            "minimum_living_guarantee",
        ),
    ):
        result = assessed(name).result(item, "father")
        (found,) = [one for one in result.benefits if one.benefit == benefit]
        assert (found.decision, found.after) == ("eligible", [opener])
