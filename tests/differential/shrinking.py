"""The smallest households that still show a difference, as a test that can be pasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from pprint import pformat

from jmentitle import Pack
from jmentitle.language import tree
from jmentitle.language.tree import Entity
from jmentitle.pack.model import MEMBERS_COMPLETE, Content
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts, Value
from tests.differential.comparing import PAIRS, Beside, Difference


class Shrinking:
    """Drops members, facts and members of sets for as long as the two engines still differ on the
    same benefit.

    All that might be dropped next is tried as one population, in which the whole household stays
    too: what columns do depends on which columns there are. So it takes a few compilations and not
    one for each fact.
    """

    def __init__(self, ruleset: Ruleset, on: date, facts: Facts, difference: Difference) -> None:
        self.ruleset, self.on, self.whole, self.difference = ruleset, on, facts, difference

    def smallest(self) -> list[Facts]:
        """One household; the whole one beside it where the difference shows only then; nothing
        where it takes others of the batch."""
        if not self._differ([self.whole]):
            return []
        facts, before = self.whole, -1
        while before != _size(facts):
            before = _size(facts)
            for steps in (_members, _known, _listed, _incomplete):
                facts = self._without(facts, steps(facts))
        return [facts] if self._differ([facts], alone=True) else [facts, self.whole]

    def _without(self, facts: Facts, steps: list[Step]) -> Facts:
        """Without as many blocks of steps as possible: quarters of them first, single ones last."""
        for size in _sizes(len(steps)):
            blocks = [steps[first : first + size] for first in range(0, len(steps), size)]
            good = self._differ([_apply(facts, block) for block in blocks])
            together = [
                [step for place in good[:count] for step in blocks[place]]
                for count in range(1, len(good) + 1)
            ]
            holding = self._differ([_apply(facts, taken) for taken in together])
            taken = together[holding[-1]] if holding else []
            facts, steps = _apply(facts, taken), [step for step in steps if step not in taken]
        return facts

    def _differ(self, tried: list[Facts], *, alone: bool = False) -> list[int]:
        """The places of those on which the engines still differ."""
        usable = [facts for facts in tried if facts.members]
        if not usable:
            return []
        beside = Beside(self.ruleset, self.on, usable if alone else [*usable, self.whole])
        households = {
            found.household
            for found in PAIRS[self.difference.pair](beside)
            if found.benefit == self.difference.benefit
        }
        return [
            place
            for place, facts in enumerate(tried)
            if facts.members and usable.index(facts) in households
        ]


def _sizes(steps: int) -> Iterator[int]:
    """Of the blocks in which so many steps are tried."""
    size = steps
    while size > 1:
        size = max(1, size // 4)
        yield size
    if steps == 1:
        yield 1


Step = tuple[str, int | None, int, str | None]
"""What is dropped: a `member`, a `fact` of a row, a `word` of a set, or that the list is
`incomplete`."""


def _members(facts: Facts) -> list[Step]:
    return [("member", member, 0, None) for member in range(len(facts.members))]


def _known(facts: Facts) -> list[Step]:
    return [("fact", member, place, None) for member, place, _ in _values(facts)]


def _listed(facts: Facts) -> list[Step]:
    return [
        ("word", member, place, word)
        for member, place, value in _values(facts)
        if isinstance(value, frozenset)
        for word in sorted(value)
    ]


def _incomplete(facts: Facts) -> list[Step]:
    return [] if facts.members_complete else [("incomplete", None, 0, None)]


def _values(facts: Facts) -> Iterator[tuple[int | None, int, Value]]:
    for member in (None, *range(len(facts.members))):
        for place, value in enumerate(facts.row(member)):
            if value is not None:
                yield member, place, value


def _size(facts: Facts) -> int:
    return len(facts.members) + sum(
        1 + (len(value) if isinstance(value, frozenset) else 0) for _, _, value in _values(facts)
    )


def _apply(facts: Facts, steps: Sequence[Step]) -> Facts:
    found = Facts(
        facts.order,
        copy(facts.household),
        [copy(row) for row in facts.members],
        list(facts.ids),
        facts.members_complete,
    )
    gone = set()
    for kind, member, place, word in steps:
        if kind == "member":
            gone.add(member)
        elif kind == "incomplete":
            found.members_complete = True
        elif kind == "fact":
            found.row(member)[place] = None
        else:
            listed = found.row(member)[place]
            assert isinstance(listed, frozenset)
            found.row(member)[place] = listed - {word}
    found.members = [row for member, row in enumerate(found.members) if member not in gone]
    found.ids = found.ids[: len(found.members)]
    return found


# as a test


def as_test(pack: Pack, on: date, households: Sequence[Facts], difference: Difference) -> str:
    """The source of a test that fails as long as the engines differ."""
    written = pformat(
        [as_file(pack.content, facts) for facts in households], width=100, sort_dicts=False
    )
    name = f"test_{difference.pair}_agree_on_{difference.benefit.replace('.', '_')}"
    return "\n".join(
        [
            f"def {name}(pack: Pack) -> None:",
            f'    """{difference.pair}: {difference.left} against {difference.right}."""',
            f"    on = date({on.year}, {on.month}, {on.day})",
            *f"    households = {written}".replace("\n", "\n    ").split("\n"),
            f'    assert differences(pack, "{difference.pair}", households, on) == []',
            "",
        ]
    )


def differences(pack: Pack, pair: str, households: Sequence[object], on: date) -> list[str]:
    """Where two engines differ on household files; `pair` is one of PAIRS."""
    facts = [pack.read(household, on).facts for household in households]
    return [str(difference) for difference in PAIRS[pair](Beside(pack.ruleset(on), on, facts))]


def as_file(content: Content, facts: Facts) -> dict[str, object]:
    """The household file of these facts, as plain values."""
    names: dict[Entity, list[str]] = {
        "household": list(facts.order.household),
        "person": list(facts.order.person),
    }

    def row(entity: Entity, values: Sequence[Value | None]) -> dict[str, object]:
        pairs = zip(names[entity], values, strict=True)
        return {
            name: _plain(content, (entity, name), value)
            for name, value in pairs
            if value is not None
        }

    household = row("household", facts.household) | (
        {} if facts.members_complete else {MEMBERS_COMPLETE: False}
    )
    return {"household": household, "members": [row("person", member) for member in facts.members]}


def _plain(content: Content, key: tuple[Entity, str], value: Value) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    kind = content.facts[key].type if key in content.facts else None
    if isinstance(kind, tree.Numeric) and kind.scale and not isinstance(value, bool):
        assert isinstance(value, int)
        return (
            Decimal(value).scaleb(-kind.scale)
            if value % 10**kind.scale
            else value // 10**kind.scale
        )
    return value
