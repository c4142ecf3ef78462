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
from jmentitle.language import arguments
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
from jmentitle.policy.whatif.bilingual_report import Language, Shown
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
    ours, theirs = before.population, after.population
    for name, one, other in (
        (HOUSEHOLD, ours.household_ids, theirs.household_ids),
        (MEMBER, ours.member_ids, theirs.member_ids),
    ):
        if one is not other and not (
            len(one) == len(other) and one.dtype == other.dtype and one.equals(other)
        ):
            collector.add(
                "JM101",
                "the two runs are not over the same population",
                path=name,
                expected="the same ids in the same order",
            )
    if not collector.errors and not ours.members.of.equals(theirs.members.of):
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
    """A run before a change and one after it. Frames are made when asked for; the representation
    shows no value.

    Money is by the year and in yuan. Before and after, it counts for those who are eligible, now or
    after other applications, and alike whether it is received already or not; loans never count,
    and of what cannot be had together only what is worth most does (`choices.counted`).
    """

    def __repr__(self) -> str:
        return f"<Comparison of {self.before!r} with {self.after!r}>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self, language: Language = "zh") -> Html:
        """The tables of a notebook: what changes in all, by item and by domain. `language` comes
        first, the other one beside it."""
        return self.tables().to_html(language)

    def to_text(self, language: Language = "zh") -> str:
        """The same as plain text, in one language."""
        return self.tables().to_text(language)

    def tables(self, *names: str, **bands: Bands | None) -> Shown:
        """What changes in all, and by domain and item, or by the groups of `by` where some are
        named: shows itself in a notebook. Rows in which nothing changes are left out."""
        report = display.form("comparison.report")
        return Shown(lambda language: report(self, language, names, bands))

    def fared(self, income: str, groups: int = 10, *, per_head: bool = True) -> Shown:
        """`winners_and_losers` as a table that shows itself in a notebook."""
        report = display.form("winners_and_losers.report")
        return Shown(lambda language: report(self, language, income, groups, per_head=per_head))

    # rows

    def changed(self, items: str | Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each item and each person or household for whom its decision is another one:
        household, member (null where the item is for the household), item, before and after. An
        item that one of the packs does not have is ineligible there. Raises ArgumentError (JM093)
        for an item that neither has."""
        known = {id_ for id_, _ in self._items}
        listed = (
            known
            if items is None
            else [items]
            if isinstance(items, str)
            else arguments.listed(items, "items", "ids of `jmentitle items`")
        )
        wanted = {arguments.known_item(id_, known, "items") for id_ in listed}
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
        """A row for each household: household, what it is eligible for in a year before and after,
        and change, null where that is not known."""
        found = winners_and_losers.changes(self)
        return found.select(
            pl.Series(HOUSEHOLD, self.before.population.household_ids),
            *(yuan(name) for name in ("before", "after", "change")),
        )

    # tables

    def items(self) -> pl.DataFrame:
        """A row for each item: domain, item, whom it is `for`, and the columns of `by`."""
        return self.by(*_OWN)

    def by(self, *names: str, **bands: Bands | None) -> pl.DataFrame:
        """Counts and yearly money by `domain`, `item`, `for`, or any fact, status or quantity of
        the pack, as in `groups.grouping`; a number may be given bands: `by("domain",
        "hukou_county", age=[18, 60, 80])`.

        Columns beside the groups: counts of entitlements (an item and a person or household),
        COUNTS; then before and after each of low and high (the money of those eligible: what is
        certain, and the upper end, a floor where there is none), discretionary (what offices may
        grant besides), undetermined (what may come besides once facts are known) and unknown (how
        many of the eligible amounts nobody knows, which count as 0 in low and high); change_low and
        change_high.

        Where a fact of persons divides, a column `for` is added: what is for the household as a
        whole has no such fact, and the parts add up to the whole. Null is unknown. Raises
        ArgumentError as `grouping` does.
        """
        groupings = self.groupings(*names, **bands)
        groups = Division.of(self.before, groupings)
        own = [
            name
            for name in _OWN
            if name in names or name in bands or (name == "for" and groups.of_persons)
        ]
        money = [f"{side}_{one}" for side in ("before", "after") for one in SUMS]
        found = self._counted(groups).join(
            self._paid(groups), on=[*_OWN, "group"], how="full", coalesce=True
        )
        found = (
            found.group_by(*own, "group")
            .agg(pl.col(*COUNTS, *money).sum())
            .join(groups.labels, on="group")
        )
        changes = [
            (pl.col(f"after_{end}") - pl.col(f"before_{end}")).alias(f"change_{end}")
            for end in ("low", "high")
        ]
        keys = [*own, *(one.name for one in groupings)]
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
            found.with_columns(changes)
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
        """Households by an income, and how they fare: group (1 has the least; null where the income
        is not known), households, income_from and income_to, winners, losers, unchanged,
        undetermined, and the mean_change and total_change of all whose change is known, in yuan a
        year.

        `income` is a number of the pack, a fact or a quantity; a person's is summed over the
        household. It is divided by the members, `per_head`. Groups are of equal size, but
        households with equal incomes stay together. Undetermined are those for whom something that
        the change touches cannot be decided or has no known amount: they are never taken as
        unchanged. A change counts the lower end of amounts. Raises ArgumentError: JM071 and JM072
        for a name of no number, JM075 for fewer than one group.
        """
        return winners_and_losers.winners_and_losers(self, income, groups, per_head=per_head)

    # pieces

    @cached_property
    def _items(self) -> dict[tuple[str, Entity], Item]:
        """The items of both packs that exist on one of the days; an item for different entities
        appears twice."""
        found: dict[tuple[str, Entity], Item] = {}
        for run in (self.before, self.after):
            existing = {benefit.item for benefit in run.pack.ruleset(run.on).benefits.values()}
            found = {
                (item.id, item.entity): item
                for item in run.pack.content.items.values()
                if item.id in existing
            } | found
        return found

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
                self._items[one.item, worth.run.pack.content.items[one.item].entity]
                for one in worth.benefits
            ]
            own = (
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
            found = (
                rows.group_by("benefit", "group")
                .agg(sums())
                .join(own, on="benefit")
                .group_by(*_OWN, "group")
                .agg(pl.col(SUMS).sum())
            )
            sides.append(found.rename({name: f"{side}_{name}" for name in SUMS}))
        before, after = sides
        return before.join(after, on=[*_OWN, "group"], how="full", coalesce=True)


def _standing(run: Run, id_: str, entity: Entity) -> pl.Series:
    """The place of the decision of an item for each row of an entity; ineligible where the run does
    not have it."""
    item = run.pack.content.items.get(id_)
    height = len(run.population) if entity == "household" else len(run.population.member_ids)
    if (
        item is None
        or item.entity != entity
        or id_ not in (wide := run.wide(entity, [id_])).columns
    ):
        return pl.repeat(INELIGIBLE, height, dtype=pl.UInt8, eager=True)
    return wide[id_].to_physical()
