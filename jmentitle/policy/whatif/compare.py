"""Comparison of two runs over the same households."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from jmentitle.assessment import display
from jmentitle.assessment.display import Html
from jmentitle.errors import ArgumentError
from jmentitle.language import arguments, former
from jmentitle.language.collector import Collector
from jmentitle.language.tree import Entity
from jmentitle.pack.model import Item
from jmentitle.policy.whatif import winners_and_losers
from jmentitle.policy.whatif.annual_value import (
    ELIGIBLE,
    INELIGIBLE,
    SUMS,
    UNDETERMINED,
    sums,
    yuan,
)
from jmentitle.policy.whatif.bilingual_report import BilingualReport, Language
from jmentitle.policy.whatif.breakdowns import Division
from jmentitle.policy.whatif.run_pair import RunPair
from jmentitle.population.answers import DECISIONS
from jmentitle.population.frames import HOUSEHOLD, MEMBER
from jmentitle.population.groups import Bands, Grouping, grouping
from jmentitle.population.run import Run

_UNCHANGED = [pl.lit(None, dtype=DECISIONS).alias(name) for name in ("before", "after")]
COUNTS = (
    "eligible_before",
    "eligible_after",
    "newly_eligible",
    "no_longer_eligible",
    "newly_undetermined",
    "no_longer_undetermined",
)
_OWN = ("domain", "item", "for")


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs over the same households. Raises ArgumentError (JM101) where the ids are not
    the same in the same order."""
    arguments.of_kind(after, Run, "after", arguments.RUN)
    collector = Collector()
    left = before.population
    right = after.population
    for name, ids, other_ids in (
        (HOUSEHOLD, left.household_ids, right.household_ids),
        (MEMBER, left.member_ids, right.member_ids),
    ):
        if ids is not other_ids and not (
            len(ids) == len(other_ids) and ids.dtype == other_ids.dtype and ids.equals(other_ids)
        ):
            collector.add(
                "JM101",
                "the two runs are not over the same population",
                path=name,
                expected="the same ids in the same order",
            )
    if not collector.errors and not left.members.of.equals(right.members.of):
        collector.add(
            "JM101",
            "members belong to other households",
            path=MEMBER,
            expected="the same ids in the same order",
        )
    if collector.errors:
        raise ArgumentError(collector.errors)
    return Comparison(before, after)


@dataclass(frozen=True)
class Comparison(RunPair):
    """A run before a change and one after it. Frames are computed on request; the representation
    shows no value.

    Money is by the year and in yuan. Before and after, it counts for those who are eligible, now or
    after other applications, and alike whether it is received already or not; loans never count,
    and of what cannot be had together only what is worth most does (`choices.counted`).

    Fields:
        before: The run before the change.
        after: The run after it.
    Example:
        >>> comparison.before is run
        True
    """

    def __repr__(self) -> str:
        return f"<Comparison of {self.before!r} with {self.after!r}>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self, language: Language = "zh") -> Html:
        """The tables of a notebook: what changes in all, by item and by domain.

        Arguments:
            language: `zh` or `en`; it comes first, the other one beside it.
        Returns:
            HTML that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> comparison.to_html("en")[:23]
            '<div class="jmentitle">'
        """
        return self.tables().to_html(language)

    def to_text(self, language: Language = "zh") -> str:
        """What changes in all, by item and by domain, as plain text.

        Arguments:
            language: `zh` or `en`.
        Returns:
            Plain text.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> print(comparison.to_text("en").splitlines()[0])
            What-if comparison
        """
        return self.tables().to_text(language)

    def tables(self, *names: str, **bands: Bands | None) -> BilingualReport:
        """What changes in all, and by domain and item, or by the groups of `by` where some are
        named. Rows in which nothing changes are left out.

        Arguments:
            *names: The names of groups, as in `by`.
            **bands: Names of numbers with the starts of their bands, as in `by`.
        Returns:
            Tables that show themselves in a notebook; `to_html` and `to_text` take the language.
        Raises:
            ArgumentError: JM071, JM072 and JM060 as `by` does.
        Example:
            >>> print(comparison.tables("hukou_county").to_text("en").splitlines()[0])
            What-if comparison
        """
        report = display.form("comparison.report")
        return BilingualReport(lambda language: report(self, language, names, bands))

    def winners_and_losers_report(
        self, income: str, groups: int = 10, *, per_head: bool = True
    ) -> BilingualReport:
        """`winners_and_losers` as a table.

        Arguments:
            income: A number of the pack, as in `winners_and_losers`.
            groups: How many groups.
            per_head: Whether the income is divided by the members.
        Returns:
            A table that shows itself in a notebook; `to_html` and `to_text` take the language.
        Raises:
            ArgumentError: JM071, JM072 and JM075 as `winners_and_losers` does.
        Example:
            >>> comparison.winners_and_losers_report("household_income", 3).to_html("en")[:23]
            '<div class="jmentitle">'
        """
        report = display.form("winners_and_losers.report")
        return BilingualReport(
            lambda language: report(self, language, income, groups, per_head=per_head)
        )

    # rows

    def decision_changes(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each item and each person or household for whom its decision is another one. An
        item that one of the packs does not have is ineligible there.

        Arguments:
            items: Ids of items; all unless said.
        Returns:
            A frame.
        Columns:
            household (id): The household.
            member (id): The member; null where the item is for the household.
            item (String): The id of the item.
            before (Enum): The decision before.
            after (Enum): The decision after.
        Raises:
            ArgumentError: JM093 for an item that neither pack has.
        Example:
            >>> frame = comparison.decision_changes(["minimum_living_guarantee"])
            >>> sorted(frame["after"].unique())
            ['eligible', 'undetermined']
        """
        existing = {id_ for id_, _ in self._items}
        requested = (
            existing
            if items is None
            else [items]
            if isinstance(items, str)
            else arguments.list_of(items, "items", "ids of `jmentitle items`")
        )
        wanted = {arguments.known_item(id_, existing, "items") for id_ in requested}
        frames = [
            self._ids("person")
            .clear()
            .select(HOUSEHOLD, MEMBER, item=pl.lit(""))
            .with_columns(_UNCHANGED)
        ]
        for id_, entity in self._items:
            if id_ not in wanted:
                continue
            before, after = self._decided(id_, entity)
            rows = self._ids(entity).select(
                HOUSEHOLD,
                MEMBER,
                item=pl.lit(id_),
                before=before.cat.to(DECISIONS),
                after=after.cat.to(DECISIONS),
            )
            frames.append(rows.filter(before != after))
        return pl.concat(frames)

    def households(self) -> pl.DataFrame:
        """A row for each household: what it is eligible for in a year.

        Returns:
            A frame.
        Columns:
            household (id): The household.
            before (Decimal, yuan a year): The certain lower bound before; null where that is not
                known.
            after (Decimal, yuan a year): The same after.
            change (Decimal, yuan a year): The change; null where the change is not known.
        Example:
            >>> frame = comparison.households()
            >>> frame["change"].max()
            Decimal('19440.00')
        """
        found = winners_and_losers.changes(self)
        return found.select(
            pl.Series(HOUSEHOLD, self.before.population.household_ids),
            *(yuan(name) for name in ("before", "after", "change")),
        )

    # tables

    def items(self) -> pl.DataFrame:
        """A row for each item: the columns of `by`, grouped by `domain`, `item` and `for`.

        Returns:
            A frame.
        Columns:
            <group> (any): The domain, the item, and whom it is `for`.
            eligible_before (Int64, entitlements): How many were eligible.
            eligible_after (Int64, entitlements): How many are eligible after the change.
            newly_eligible (Int64, entitlements): How many become eligible.
            no_longer_eligible (Int64, entitlements): How many cease to be eligible.
            newly_undetermined (Int64, entitlements): How many become undetermined.
            no_longer_undetermined (Int64, entitlements): How many cease to be undetermined.
            before_low (Decimal, yuan a year): What is certain for those eligible before the change.
            before_high (Decimal, yuan a year): The upper end of it; a floor where there is none.
            before_discretionary (Decimal, yuan a year): What offices may grant besides.
            before_undetermined (Decimal, yuan a year): What may come besides once facts are known.
            before_unknown (Int64, amounts): How many amounts of those eligible nobody knows; they
                count as 0 in low and high.
            after_low (Decimal, yuan a year): What is certain for those eligible after the change.
            after_high (Decimal, yuan a year): The upper end of it; a floor where there is none.
            after_discretionary (Decimal, yuan a year): What offices may grant besides.
            after_undetermined (Decimal, yuan a year): What may come besides once facts are known.
            after_unknown (Int64, amounts): How many amounts of those eligible nobody knows; they
                count as 0 in low and high.
            change_low (Decimal, yuan a year): The change of the certain end.
            change_high (Decimal, yuan a year): The change of the upper end.
        Example:
            >>> frame = comparison.items()
            >>> frame.columns[:3]
            ['domain', 'item', 'for']
        """
        return self.by(*_OWN)

    def by(self, *names: str, **bands: Bands | None) -> pl.DataFrame:
        """Counts and yearly money by groups.

        Entitlements are counted: an item and a person or household. Where a fact of persons
        divides, a column `for` is added: what is for the household as a whole has no such fact, and
        the parts add up to the whole. Null is unknown.

        Arguments:
            *names: `domain`, `item`, `for`, or any fact, status or quantity of the pack;
                `household.x` where a person has an `x` too.
            **bands: Names of numbers with the starts of their bands: `age=[18, 60, 80]`, in the
                unit of the number.
        Returns:
            A frame, sorted by its groups.
        Columns:
            <group> (any): A column for each group, named as it.
            eligible_before (Int64, entitlements): How many were eligible.
            eligible_after (Int64, entitlements): How many are eligible after the change.
            newly_eligible (Int64, entitlements): How many become eligible.
            no_longer_eligible (Int64, entitlements): How many cease to be eligible.
            newly_undetermined (Int64, entitlements): How many become undetermined.
            no_longer_undetermined (Int64, entitlements): How many cease to be undetermined.
            before_low (Decimal, yuan a year): What is certain for those eligible before the change.
            before_high (Decimal, yuan a year): The upper end of it; a floor where there is none.
            before_discretionary (Decimal, yuan a year): What offices may grant besides.
            before_undetermined (Decimal, yuan a year): What may come besides once facts are known.
            before_unknown (Int64, amounts): How many amounts of those eligible nobody knows; they
                count as 0 in low and high.
            after_low (Decimal, yuan a year): What is certain for those eligible after the change.
            after_high (Decimal, yuan a year): The upper end of it; a floor where there is none.
            after_discretionary (Decimal, yuan a year): What offices may grant besides.
            after_undetermined (Decimal, yuan a year): What may come besides once facts are known.
            after_unknown (Int64, amounts): How many amounts of those eligible nobody knows; they
                count as 0 in low and high.
            change_low (Decimal, yuan a year): The change of the certain end.
            change_high (Decimal, yuan a year): The change of the upper end.
        Raises:
            ArgumentError: JM071 for an unknown name, JM072 for a list and for bands that are none,
                JM060 for bands that do not rise.
        Example:
            >>> frame = comparison.by("hukou_county", age=[18, 60])
            >>> frame.columns[:3]
            ['for', 'hukou_county', 'age']
        """
        groupings = self.groupings(*names, **bands)
        groups = Division.of(self.before, groupings)
        dimensions = [
            name
            for name in _OWN
            if name in names or name in bands or (name == "for" and groups.of_persons)
        ]
        money = [f"{side}_{name}" for side in ("before", "after") for name in SUMS]
        rows = self._counted(groups).join(
            self._paid(groups), on=[*_OWN, "group"], how="full", coalesce=True
        )
        rows = (
            rows.group_by(*dimensions, "group")
            .agg(pl.col(*COUNTS, *money).sum())
            .join(groups.labels, on="group")
        )
        changes = [
            (pl.col(f"after_{end}") - pl.col(f"before_{end}")).alias(f"change_{end}")
            for end in ("low", "high")
        ]
        keys = [*dimensions, *(fact.name for fact in groupings)]
        contents = [run.pack.content for run in (self.before, self.after)]
        order = {
            "domain": [name for content in contents for name in content.domains],
            "item": [id_ for id_, _ in self._items],
        }
        sorted_by = [
            pl.col(key).cast(pl.Enum(list(dict.fromkeys(order[key]))))
            if key in order
            else pl.col(key)
            for key in keys
        ]
        paid = [
            pl.col(name) if name.endswith("unknown") else yuan(name)
            for name in (*money, "change_low", "change_high")
        ]
        return (
            rows.with_columns(changes)
            .sort(sorted_by, nulls_last=True)
            .select(*keys, *COUNTS, *paid)
        )

    def groupings(self, *names: str, **bands: Bands | None) -> list[Grouping]:
        """The groupings of `by`, without `domain`, `item` and `for`."""
        for name in names:
            arguments.of_kind(name, str, "by", "the name of a fact, status or quantity")
        facts = dict.fromkeys(name for name in (*names, *bands) if name not in _OWN)
        return [
            grouping(self.before, name, bands.get(name), bands_path=name, others=_OWN)
            for name in facts
        ]

    def winners_and_losers(
        self, income: str, groups: int = 10, *, per_head: bool = True
    ) -> pl.DataFrame:
        """Households by an income, and how they fare.

        Groups are of equal size, but households with equal incomes stay together. A household is
        undetermined, and never unchanged, if something that the change touches cannot be decided
        for it or has no known amount. A change counts the lower end of amounts.

        Arguments:
            income: A number of the pack, a fact or a quantity; a person's is summed over the
                household.
            groups: How many groups.
            per_head: Whether the income is divided by the members.
        Returns:
            A frame.
        Columns:
            group (Int32): 1 has the least; null where the income is not known.
            households (UInt32, households): How many are in the group.
            income_from (Decimal, the unit of the income): The least income of the group.
            income_to (Decimal, the unit of the income): The greatest income of the group.
            winners (UInt32, households): How many get more.
            losers (UInt32, households): How many get less.
            unchanged (UInt32, households): For how many nothing changes.
            undetermined (UInt32, households): For how many it is not known.
            mean_change (Decimal, yuan a year): The mean change of all whose change is known.
            total_change (Decimal, yuan a year): Their change together.
        Raises:
            ArgumentError: JM071 and JM072 for a name of no number, JM075 for fewer than one group.
        Example:
            >>> frame = comparison.winners_and_losers("household_income", 3)
            >>> frame["households"].sum()
            300
        """
        return winners_and_losers.winners_and_losers(self, income, groups, per_head=per_head)

    # former names

    def changed(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """The former name of `decision_changes`."""
        former.warn("Comparison", "changed", "decision_changes")
        return self.decision_changes(items)

    def fared(self, income: str, groups: int = 10, *, per_head: bool = True) -> BilingualReport:
        """The former name of `winners_and_losers_report`."""
        former.warn("Comparison", "fared", "winners_and_losers_report")
        return self.winners_and_losers_report(income, groups, per_head=per_head)

    # pieces

    @cached_property
    def _items(self) -> dict[tuple[str, Entity], Item]:
        """The items of both packs that exist on one of the days; an item for different entities
        appears twice."""
        items: dict[tuple[str, Entity], Item] = {}
        for run in (self.before, self.after):
            existing = {benefit.item for benefit in run.pack.ruleset(run.on).benefits.values()}
            items = {
                (item.id, item.entity): item
                for item in run.pack.content.items.values()
                if item.id in existing
            } | items
        return items

    def _ids(self, entity: Entity) -> pl.DataFrame:
        population = self.before.population
        if entity == "household":
            return pl.DataFrame(
                {
                    HOUSEHOLD: population.household_ids,
                    MEMBER: pl.repeat(
                        None, len(population), dtype=population.member_ids.dtype, eager=True
                    ),
                }
            )
        return pl.DataFrame(
            {
                HOUSEHOLD: population.household_ids.gather(population.members.of),
                MEMBER: population.member_ids,
            }
        )

    def _decided(self, item: str, entity: Entity) -> tuple[pl.Series, pl.Series]:
        before, after = (_standing(run, item, entity) for run in (self.before, self.after))
        return before, after

    def _counted(self, groups: Division) -> pl.DataFrame:
        """The counts by item and group."""
        frames = []
        for (id_, entity), item in self._items.items():
            before, after = (
                column.to_numpy().astype(np.int64) for column in self._decided(id_, entity)
            )
            cells = np.bincount(
                groups.codes[entity] * 16 + before * 4 + after, minlength=groups.count * 16
            ).reshape(groups.count, 4, 4)
            counts = {
                "eligible_before": cells[:, ELIGIBLE].sum(axis=1),
                "eligible_after": cells[:, :, ELIGIBLE].sum(axis=1),
                "newly_eligible": cells[:, 1:, ELIGIBLE].sum(axis=1),
                "no_longer_eligible": cells[:, ELIGIBLE, 1:].sum(axis=1),
                "newly_undetermined": cells[:, :, UNDETERMINED].sum(axis=1)
                - cells[:, UNDETERMINED, UNDETERMINED],
                "no_longer_undetermined": cells[:, UNDETERMINED].sum(axis=1)
                - cells[:, UNDETERMINED, UNDETERMINED],
            }
            rows = pl.DataFrame(
                {"group": np.arange(groups.count, dtype=np.uint32), **counts}
            ).filter(groups.holds[entity])
            frames.append(
                rows.with_columns(
                    domain=pl.lit(item.domain), item=pl.lit(id_), **{"for": pl.lit(entity)}
                )
            )
        return pl.concat(frames)

    def _paid(self, groups: Division) -> pl.DataFrame:
        """The money by item and group, before and after."""
        sides = []
        for side, worth in zip(("before", "after"), self.worths, strict=True):
            items = [
                self._items[benefit.item, worth.run.pack.content.items[benefit.item].entity]
                for benefit in worth.benefits
            ]
            items_of_benefits = (
                pl.DataFrame(
                    {
                        "domain": [item.domain for item in items],
                        "item": [item.id for item in items],
                        "for": [item.entity for item in items],
                    },
                    schema=dict.fromkeys(_OWN, pl.String),
                )
                .with_row_index("benefit")
                .cast({"benefit": pl.UInt16})
            )
            rows = worth.money.with_columns(group=groups.of_rows(worth.money))
            totals = (
                rows.group_by("benefit", "group")
                .agg(sums())
                .join(items_of_benefits, on="benefit")
                .group_by(*_OWN, "group")
                .agg(pl.col(SUMS).sum())
            )
            sides.append(totals.rename({name: f"{side}_{name}" for name in SUMS}))
        before, after = sides
        return before.join(after, on=[*_OWN, "group"], how="full", coalesce=True)


def _standing(run: Run, id_: str, entity: Entity) -> pl.Series:
    """The rank of the decision about an item for each row of an entity; ineligible where the run
    does not have it."""
    item = run.pack.content.items.get(id_)
    height = len(run.population) if entity == "household" else len(run.population.member_ids)
    if (
        item is None
        or item.entity != entity
        or id_ not in (wide := run.wide(entity, [id_])).columns
    ):
        return pl.repeat(INELIGIBLE, height, dtype=pl.UInt8, eager=True)
    return wide[id_].to_physical()
