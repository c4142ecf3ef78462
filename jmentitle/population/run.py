"""A run: all decisions and amounts of a population on one day, as frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Any, get_args

import polars as pl

from jmentitle.assessment.models import Decision
from jmentitle.chain.columns.engine import Layers
from jmentitle.errors import fail
from jmentitle.language import arguments
from jmentitle.language.tree import Entity
from jmentitle.language.values import MemberId
from jmentitle.population.answers import DECISIONS, EMPTY, Answers, ItemAnswers, checked
from jmentitle.population.frames import HOUSEHOLD, MEMBER, Population
from jmentitle.population.listing import benefit_rows, benefit_totals, decision_rows, item_totals
from jmentitle.population.process import here
from jmentitle.profile.validation import Profile

if TYPE_CHECKING:
    from jmentitle.assessment.models import Assessment
    from jmentitle.pack.rules import Rules
    from jmentitle.views.explain.explanation import Explanation

_COLUMNS = frozenset({"population", "layers", "answers"})
"""What cannot be used in a fork."""
OPEN: tuple[Decision, ...] = ("eligible", "discretionary", "undetermined")


@dataclass(frozen=True)
class Run:
    """What came of a population. Frames are made when asked for; the representation shows no
    value."""

    pack: Rules
    on: date
    population: Population
    layers: Layers

    def __getattribute__(self, name: str) -> Any:
        if name in _COLUMNS:
            here()
        return super().__getattribute__(name)

    def __repr__(self) -> str:
        return f"<Run of {self.pack.content.id} on {self.on}: {vars(self)['population']!r}>"

    # decisions

    def decisions(
        self,
        items: str | Iterable[str] | None = None,
        decisions: Decision | Sequence[Decision] = OPEN,
    ) -> pl.DataFrame:
        """A row for each item and each person or household that it is decided for.

        Columns: household, member (null where the item is for the household), item, decision, after
        (0 where it is open now, otherwise how many rounds of applications come before) and
        received. `items` are ids, all unless said; rows of other `decisions` are left out. Raises
        ArgumentError for an unknown item (JM093) or decision (JM073), here as below.
        """
        return decision_rows(self.items(items), checked(decisions))

    def wide(self, entity: Entity, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each household or person, with their ids, and a column with the decision for
        each item that is for them."""
        arguments.one_of(entity, get_args(Entity), "entity")
        columns = [
            pl.Series(of.item.id, of.best // 2).cat.to(DECISIONS)
            for of in self.items(items)
            if of.item.entity == entity
        ]
        return (
            self.answers.ids[entity]
            if entity == "person"
            else self.answers.ids[entity].drop(MEMBER)
        ).with_columns(columns)

    def benefits(
        self,
        items: str | Iterable[str] | None = None,
        decisions: Decision | Sequence[Decision] = OPEN,
    ) -> pl.DataFrame:
        """The same by benefit, with what it pays: the columns of `decisions`, benefit, and for
        money low, high, period, lasts_low, lasts_high and lasts_unit, yearly_low and yearly_high.
        Money is in yuan; an end that is not known is null."""
        return benefit_rows(self.items(items), checked(decisions))

    def totals(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each benefit: domain, item, benefit, kind, whom it is `for`, how many are
        eligible, discretionary, undetermined and ineligible, how many receive it, and what it costs
        in a year, for those eligible (yearly_low, yearly_high; an open end counts as its other
        end), for those who may be eligible besides (yearly_undetermined) and how many amounts are
        unknown (amounts_unknown: nothing is owed below 0, so a low end of 0 with an open high end
        says nothing)."""
        return benefit_totals(self.items(items))

    def item_totals(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each item: domain, item, whom it is `for`, how many are eligible now, eligible
        after other applications, discretionary, undetermined and ineligible, and how many receive
        it."""
        return item_totals(self.items(items))

    def unknowns(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each benefit of a person or household that is undetermined now, and whether it
        hangs on `facts` that somebody can be asked for and on `values` that nobody published: the
        columns household, member, item, benefit, facts and values."""
        from jmentitle.chain.columns.unknowns import hanging_on

        benefits = {
            benefit.reference: of.item.entity for of in self.items(items) for benefit in of.benefits
        }
        found = hanging_on(self.pack.ruleset(self.on), self.on, self.population, list(benefits))
        items_of = pl.Enum(list(self.pack.content.items))
        frames = [
            self.answers.ids[benefits[name]][rows["row"]].with_columns(
                pl.lit(item, dtype=items_of).alias("item"),
                pl.lit(benefit).alias("benefit"),
                rows["facts"],
                rows["values"],
            )
            for name, rows in found.items()
            for item, _, benefit in [name.partition(".")]
        ]
        return (
            pl.concat(frames)
            if frames
            else EMPTY.select(HOUSEHOLD, MEMBER, "item").with_columns(
                benefit=None, facts=None, values=None
            )
        )

    # one of the crowd

    def place_of(self, household: object) -> int:
        """The place of a household among the frames. Raises ArgumentError (JM094)."""
        rows = _rows_of(self.population.household_ids, household)
        if not len(rows):
            kind = "text" if self.population.household_ids.dtype == pl.String else "whole number"
            fail(
                "JM094",
                "unknown household",
                path="household",
                expected=f"an id of its frames, a {kind}",
            )
        return int(rows[0])

    def assess(self, household: object) -> Assessment:
        """The assessment of one household, as if it had come alone."""
        from jmentitle.assessment.build import assess

        return assess(self.pack, self._profile(household), self.on)

    def explain(
        self,
        household: object,
        item: str,
        *,
        benefit: str | None = None,
        member: MemberId | None = None,
    ) -> list[Explanation]:
        """Why or why not, for one household; arguments and errors as of `Pack.explain`."""
        from jmentitle.views.questions import explain

        return explain(
            self.pack,
            self._profile(household),
            self.pack.item(item),
            self.on,
            benefit=benefit,
            member=member,
        )

    def _profile(self, household: object) -> Profile:
        return Profile(self.population.facts(self.place_of(household)), self.on)

    # pieces

    def items(self, items: str | Iterable[str] | None = None) -> Iterator[ItemAnswers]:
        """What was found of each item that there is on the day; all items unless one or several are
        said."""
        return (
            self.answers.of(item) for item in self.pack.items(items) if self.answers.existing(item)
        )

    @cached_property
    def answers(self) -> Answers:
        """The same benefit by benefit and item by item."""
        return Answers(self.pack.ruleset(self.on), self.population, self.layers)


def _rows_of(ids: pl.Series, wanted: object) -> pl.Series:
    """The rows that have an id; none for one of another type."""
    if ids.dtype == pl.String:
        return (ids == wanted if isinstance(wanted, str) else ids.is_null()).arg_true()
    if not isinstance(wanted, Integral) or isinstance(wanted, bool) or abs(int(wanted)) >= 2**127:
        return ids.is_null().arg_true()
    return (ids.cast(pl.Int128) == pl.Series([int(wanted)], dtype=pl.Int128)).arg_true()
