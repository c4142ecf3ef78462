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
from jmentitle.language import arguments, former
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
"""Attributes that cannot be used in a fork."""
OPEN: tuple[Decision, ...] = ("eligible", "discretionary", "undetermined")


@dataclass(frozen=True)
class Run:
    """The results of a population. Frames are computed on request; the representation shows no
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

        Arguments:
            items: The id of an item, or several; all unless said.
            decisions: The decisions whose rows are wanted; all but ineligible unless said.
        Returns:
            A frame.
        Columns:
            household (id): The household.
            member (id): The member; null where the item is for the household.
            item (Enum): The id of the item.
            decision (Enum): `eligible`, `discretionary`, `undetermined` or `ineligible`.
            after (Int8, rounds): 0 where it is open now, otherwise how many rounds of applications
                come before.
            received (Boolean): Whether it is received; null where that is unknown.
        Raises:
            ArgumentError: JM093 for an unknown item, JM073 for an unknown decision.
        Example:
            >>> frame = run.decisions("legal_aid", "undetermined")
            >>> frame.height
            19
        """
        return decision_rows(self.items(items), checked(decisions))

    def wide(self, entity: Entity, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each household or person, with their ids, and a column for each item that is
        for them.

        Arguments:
            entity: `household` or `person`.
            items: The id of an item, or several; all unless said.
        Returns:
            A frame.
        Columns:
            household (id): The household.
            member (id): The member; only for `person`.
            <item> (Enum): The decision, in a column named as the item.
        Raises:
            ArgumentError: JM093 for an unknown item.
        Example:
            >>> frame = run.wide("person", ["elderly_welfare_subsidy"])
            >>> frame.shape
            (867, 3)
        """
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
        """A row for each benefit and each person or household that it is decided for, with what it
        pays. An end of an amount that is not known is null.

        Arguments:
            items: The id of an item, or several; all unless said.
            decisions: The decisions whose rows are wanted; all but ineligible unless said.
        Returns:
            A frame.
        Columns:
            household (id): The household.
            member (id): The member; null where the item is for the household.
            item (Enum): The id of the item.
            benefit (String): The name of the benefit within its item.
            decision (Enum): The decision.
            after (Int8, rounds): 0 where it is open now, otherwise how many rounds of applications
                come before.
            received (Boolean): Whether it is received; null where that is unknown.
            low (Decimal, yuan a period): The least that is paid.
            high (Decimal, yuan a period): The most that is paid.
            period (String): For what time `low` and `high` are paid: `month`, `year`, …; null for
                once.
            lasts_low (Int64, `lasts_unit`): The shortest time for which it is paid.
            lasts_high (Int64, `lasts_unit`): The longest time for which it is paid.
            lasts_unit (String): The unit of that time.
            yearly_low (Decimal, yuan a year): The least that is paid in a year; what is paid once
                counts once.
            yearly_high (Decimal, yuan a year): The most that is paid in a year.
        Raises:
            ArgumentError: JM093 for an unknown item, JM073 for an unknown decision.
        Example:
            >>> frame = run.benefits("minimum_living_guarantee")
            >>> frame["period"].drop_nulls().unique().to_list()
            ['month']
        """
        return benefit_rows(self.items(items), checked(decisions))

    def totals(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each benefit: how many, and what it costs. Conflicts between items are not
        resolved.

        Arguments:
            items: The id of an item, or several; all unless said.
        Returns:
            A frame.
        Columns:
            domain (String): The domain of the item.
            item (String): The id of the item.
            benefit (String): The name of the benefit within its item.
            kind (String): Cash, service, waiver and so on.
            for (String): Whom it is for: `household` or `person`.
            eligible (Int64, households or persons): How many are eligible, now or after other
                applications.
            discretionary (Int64, households or persons): For how many the office decides.
            undetermined (Int64, households or persons): How many are undetermined.
            ineligible (Int64, households or persons): How many are ineligible.
            received (Int64, households or persons): How many are known to receive it.
            yearly_low (Decimal, yuan a year): The least that those eligible get; an open end counts
                as its other end.
            yearly_high (Decimal, yuan a year): The most that those eligible get.
            yearly_undetermined (Decimal, yuan a year): The most that those may get who may be
                eligible besides.
            amounts_unknown (Int64, amounts): How many amounts are unknown.
        Raises:
            ArgumentError: JM093 for an unknown item.
        Example:
            >>> frame = run.totals("minimum_living_guarantee")
            >>> frame.select("benefit", "eligible", "undetermined").rows()
            [('gap_payment', 15, 6), ('extra_protection', 0, 0)]
        """
        return benefit_totals(self.items(items))

    def item_totals(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each item: how many.

        Arguments:
            items: The id of an item, or several; all unless said.
        Returns:
            A frame.
        Columns:
            domain (String): The domain of the item.
            item (String): The id of the item.
            for (String): Whom it is for: `household` or `person`.
            eligible (Int64, households or persons): How many are eligible now.
            eligible_after (Int64, households or persons): How many are eligible after other
                applications.
            discretionary (Int64, households or persons): For how many the office decides.
            undetermined (Int64, households or persons): How many are undetermined.
            ineligible (Int64, households or persons): How many are ineligible.
            received (Int64, households or persons): How many are known to receive it.
        Raises:
            ArgumentError: JM093 for an unknown item.
        Example:
            >>> frame = run.item_totals(["minimum_living_guarantee", "elderly_welfare_subsidy"])
            >>> frame.select("item", "eligible").rows()
            [('minimum_living_guarantee', 15), ('elderly_welfare_subsidy', 19)]
        """
        return item_totals(self.items(items))

    def unknowns(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each benefit of a person or household that is undetermined now, and what it
        depends on.

        Arguments:
            items: The id of an item, or several; all unless said.
        Returns:
            A frame.
        Columns:
            household (id): The household.
            member (id): The member; null where the item is for the household.
            item (Enum): The id of the item.
            benefit (String): The name of the benefit within its item.
            facts (Boolean): Whether it depends on facts that somebody can be asked for.
            values (Boolean): Whether it depends on values that nobody published.
        Raises:
            ArgumentError: JM093 for an unknown item.
        Example:
            >>> frame = run.unknowns("minimum_living_guarantee")
            >>> frame["facts"].all()
            True
        """
        from jmentitle.chain.columns.unknowns import undetermined_causes

        benefits = {
            benefit.reference: of.item.entity for of in self.items(items) for benefit in of.benefits
        }
        causes = undetermined_causes(
            self.pack.ruleset(self.on), self.on, self.population, list(benefits)
        )
        items_of = pl.Enum(list(self.pack.content.items))
        frames = [
            self.answers.ids[benefits[name]][rows["row"]].with_columns(
                pl.lit(item, dtype=items_of).alias("item"),
                pl.lit(benefit).alias("benefit"),
                rows["facts"],
                rows["values"],
            )
            for name, rows in causes.items()
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

    def index_of(self, household: object) -> int:
        """The index of a household among the frames. Raises ArgumentError (JM094)."""
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

    def place_of(self, household: object) -> int:
        """The former name of `index_of`."""
        former.warn("Run", "place_of", "index_of")
        return self.index_of(household)

    def assess(self, household: object) -> Assessment:
        """The assessment of one household, as if it had come alone.

        Arguments:
            household: The id of a household.
        Returns:
            The assessment.
        Raises:
            ArgumentError: JM094 for an unknown household.
        Example:
            >>> run.assess(7).on
            datetime.date(2018, 10, 15)
        """
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
        """Why or why not, for one household of the population.

        Arguments:
            household: The id of a household.
            item: The id of an item.
            benefit: The name of one benefit of the item; the others are left out.
            member: The id of a member, or `household`; the others are left out.
        Returns:
            The explanations, as of `Pack.explain`.
        Raises:
            ArgumentError: JM093 for an unknown item, JM094 for an unknown household, benefit or
                member.
        Example:
            >>> run.explain(7, "minimum_living_guarantee", benefit="gap_payment")[0].decision
            'ineligible'
        """
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
        return Profile(self.population.facts(self.index_of(household)), self.on)

    # pieces

    def items(self, items: str | Iterable[str] | None = None) -> Iterator[ItemAnswers]:
        """The answers about each item that exists on the day; all items unless some are named."""
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
