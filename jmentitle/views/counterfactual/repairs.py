"""Repairs: the sets of moves with which a failing condition may hold (or, below a `none`, may
fail), derived from the typed tree.

Unknown facts are no obstacle, since asking is not a change. The sets are proposals: the search
decides again with each (`search`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import assert_never

from jmentitle.chain.specification import Context, Grants, World
from jmentitle.language import evaluator, tree
from jmentitle.language.tree import TruthNode
from jmentitle.pack.model import RECEIVES
from jmentitle.views.counterfactual.moves import NOTHING, Move, Moves, best, together
from jmentitle.views.counterfactual.numbers import Comparison


class Repairs:
    """The repairs of conditions in one world. `later` gives the same household on a later day;
    `days` are the days on which time may help. `standing` is the same household without grants: no
    grant changes a number, so comparisons are repaired there, once for both. `goals` are the
    benefits to open; no fact can be dated after `today`."""

    def __init__(
        self,
        world: World,
        today: date,
        days: list[date],
        later: Callable[[date], World],
        goals: frozenset[str],
    ) -> None:
        self.world = world
        self.today = today
        self.days = days
        self.later = later
        self.goals = goals
        self.standing = world
        self._comparisons: dict[tuple[int, int | None, bool], list[Moves]] = {}
        self.facts = world.facts
        self.content = world.ruleset.content
        self._within: list[tuple[str, Context, bool]] = []

    def with_grants(self, grants: Grants) -> Repairs:
        """The repairs in the same world with these grants."""
        more = Repairs(
            World(self.world.ruleset, self.facts, self.world.on, grants),
            self.today,
            self.days,
            self.later,
            self.goals,
        )
        more.standing = self.standing
        more._comparisons = self._comparisons
        return more

    def of_benefit(self, reference: str, member: int | None) -> list[Moves]:
        node = self.world.ruleset.conditions.get(reference)
        return [NOTHING] if node is None else self.of(node, self.world.of(member), True)

    def of(self, node: TruthNode, context: Context, want: bool) -> list[Moves]:
        """The nearest sets after which the condition may hold (`want`) or need not."""
        low, high = evaluator.truth(node, context)
        if (want and high) or not (want or low):
            return [NOTHING]
        match node:
            case tree.Leaf(test=test):
                return self.of(test, context, want)
            case tree.All(parts=parts) | tree.AnyOf(parts=parts):
                return self.of_parts(
                    [(part, context) for part in parts],
                    want,
                    every=isinstance(node, tree.All) == want,
                )
            case tree.NoneOf(parts=parts):
                return self.of_parts([(part, context) for part in parts], not want, every=want)
            case tree.AnyMember(test=test) | tree.AllMembers(test=test):
                return self.of_parts(
                    [(test, member) for member in context.members()],
                    want,
                    every=isinstance(node, tree.AllMembers) == want,
                )
            case tree.Status():
                return best(self.of_status(node, context.holder(node), want))
            case tree.Compare():
                key = (id(node), context.member, want)
                if key not in self._comparisons:
                    standing = self.standing.of(context.member)
                    self._comparisons[key] = best(
                        Comparison(
                            node, standing, want, self.today, self.days, self.later, self.of
                        ).repairs()
                    )
                return self._comparisons[key]
            case tree.Fact() | tree.IsOneOf() | tree.Overlaps():
                return [(self.of_fact(node, context),)]
        assert_never(node)

    def of_parts(
        self, parts: list[tuple[TruthNode, Context]], want: bool, *, every: bool
    ) -> list[Moves]:
        """Mend every part, or any one."""
        if every:
            return together((self.of(part, entity, want) for part, entity in parts), self.facts)
        return best(moves for part, entity in parts for moves in self.of(part, entity, want))

    def of_fact(self, node: tree.Fact | tree.IsOneOf | tree.Overlaps, context: Context) -> Move:
        """The other truth; a member of the enum with which it turns out otherwise; a set with one
        member more, or without those it should lack."""
        fact = node if isinstance(node, tree.Fact) else node.fact
        member = context.owner(fact.entity).member
        definition = context.definition(fact)
        now = context.value(fact)
        match node:
            case tree.Fact():
                return Move(member, fact.name, (not now,), definition.changes)
            case tree.IsOneOf(members=members):
                assert isinstance(fact.type, tree.Choice)
                options = tuple(
                    option
                    for option in self.content.enums[fact.type.enum].members
                    if (option in members) != (now in members)
                )
                return Move(member, fact.name, options, definition.changes)
            case tree.Overlaps(members=members):
                assert isinstance(now, frozenset) and isinstance(fact.type, tree.ChoiceSet)
                if now & members:
                    return Move(member, fact.name, (now - members,), definition.changes)
                options_ = tuple(
                    now | {option}
                    for option in self.content.enums[fact.type.enum].members
                    if option in members
                )
                return Move(member, fact.name, options_, definition.changes)

    # statuses

    def of_status(self, status: tree.Status, owner: Context, want: bool) -> Iterator[Moves]:
        """A status is gained by its definition, by a certificate, or by an item that grants it. It
        is lost by losing all its present causes."""
        step = (status.name, owner, want)
        if step in self._within:
            return
        self._within.append(step)
        yield from list(
            self.gain_status(status, owner) if want else self.lose_status(status.name, owner)
        )
        self._within.pop()

    def gain_status(self, status: tree.Status, owner: Context) -> Iterator[Moves]:
        name = status.name
        ruleset = self.world.ruleset
        definition = self.content.statuses[name]
        attested = owner.attested(name)
        when = ruleset.statuses[name]
        grantors = ruleset.grantors.get(name, ())
        own = grantors and self.goals.issuperset(grantors)
        # A status that only the benefit itself grants is no way to that benefit.
        if not own and (
            attested is False or (definition.when is None and definition.certificate is not None)
        ):
            yield (Move(owner.member, name, (True,), definition.changes),)
        if attested is None and when is not None:
            yield from self.of(when, owner, True)
        for reference in grantors if status.granted else ():
            if reference in ruleset.conditions:
                yield from self.of_benefit(reference, owner.member)

    def lose_status(self, name: str, owner: Context) -> Iterator[Moves]:
        ruleset = self.world.ruleset
        if owner.world.grants.get((name, owner.member), evaluator.FALSE)[0]:
            return
        if owner.attested(name) is not None:
            yield (Move(owner.member, name, (False,), self.content.statuses[name].changes),)
            return
        ways: list[list[Moves]] = []
        when = ruleset.statuses[name]
        if when is not None:
            ways.append(self.of(when, owner, False))
        if owner.received(name) == evaluator.TRUE:
            drawn = self.facts.value(owner.member, RECEIVES)
            assert isinstance(drawn, frozenset)
            grantors = {
                grantor
                for reference in ruleset.grantors[name]
                for grantor in (reference, reference.partition(".")[0])
            }
            ways.append([(Move(owner.member, RECEIVES, (drawn - grantors,), "family"),)])
        yield from together(ways, self.facts)
