"""Coverage and take-up: to how many each item is due, and how many of them receive it.

from jmentitle.policy.measures.coverage import coverage
found = coverage(run, by="hukou_county")     # shows itself in a notebook
found.items, found.domains                   # frames
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import get_args

import polars as pl

from jmentitle.assessment import display
from jmentitle.assessment.display import Html
from jmentitle.assessment.models import Decision
from jmentitle.language import arguments
from jmentitle.language.tree import Entity
from jmentitle.pack.model import Content, Item
from jmentitle.policy.measures.rates import CASES, COUNTS, OF, cases, counting, tally, with_rates
from jmentitle.policy.measures.received import receipts_known, received
from jmentitle.population.groups import Bands, Grouping, grouping, together
from jmentitle.population.run import Run

DECISIONS: tuple[Decision, ...] = get_args(Decision)
_KEYS = ("domain", "item", "universal", "for")


@dataclass(frozen=True)
class Coverage:
    """Counts of people and households by item and group. A notebook shows it.

    Fields:
        on: The day.
        households: How many households there are.
        people: How many people there are.
        receipts: For which frames anything is known of what is received.
    Example:
        >>> taken
        <Coverage of jingmen on 2018-10-15: 80 items>
    """

    content: Content
    on: date
    households: int
    people: int
    counts: pl.DataFrame
    by: Grouping | None
    receipts: dict[Entity, bool]

    def __repr__(self) -> str:
        return (
            f"<Coverage of {self.content.id} on {self.on}: {self.counts['item'].n_unique()} items>"
        )

    @cached_property
    def items(self) -> pl.DataFrame:
        """A row for each item and group.

        Columns:
            domain (String): The domain of the item.
            item (String): The id of the item.
            universal (Boolean): Whether it is open to everybody.
            for (String): Whom it is for: `household` or `person`.
            <group> (any): The group, in a column named as it; only where `by` is given.
            eligible (Int64, households or persons): How many are eligible now.
            eligible_after (Int64, households or persons): How many are eligible after other
                applications.
            discretionary (Int64, households or persons): For how many the office decides.
            undetermined_decisions (Int64, households or persons): How many are undetermined.
            ineligible (Int64, households or persons): How many are ineligible.
            receiving (Int64, households or persons): How many receive it, of anybody.
            discretionary_receiving (Int64, households or persons): How many of the discretionary
                receive it.
            ineligible_receiving (Int64, households or persons): How many of the ineligible receive
                it.
            of_certain (Int64, households or persons): How many are certainly in question.
            of_possible (Int64, households or persons): How many are in question at most.
            counted_certain (Int64, households or persons): How many of them certainly count.
            counted_possible (Int64, households or persons): How many of them count at most.
            undetermined (Int64, households or persons): Of how many one or the other is unknown.
            rate_low (Float64, share from 0 to 1): The least share that the unknowns allow; null
                where nobody is in question.
            rate_high (Float64, share from 0 to 1): The greatest share that the unknowns allow.
            rate (Float64, share from 0 to 1): The share where nothing is unknown, otherwise null.
            rate_known (Float64, share from 0 to 1): The share among those of whom both are known;
                no estimate of the others.
        Example:
            >>> frame = taken.items
            >>> frame.columns[:4]
            ['domain', 'item', 'universal', 'for']
        """
        return with_rates(self.counts)

    @cached_property
    def domains(self) -> pl.DataFrame:
        """A row for each domain and group: the items added up, so that somebody with three of them
        counts three times. What is open to everybody is left out.

        Columns:
            domain (String): The domain.
            <group> (any): The group, in a column named as it; only where `by` is given.
            items (UInt32, items): How many items are added up.
            eligible (Int64, households or persons): How many are eligible now.
            eligible_after (Int64, households or persons): How many are eligible after other
                applications.
            discretionary (Int64, households or persons): For how many the office decides.
            undetermined_decisions (Int64, households or persons): How many are undetermined.
            ineligible (Int64, households or persons): How many are ineligible.
            receiving (Int64, households or persons): How many receive it, of anybody.
            discretionary_receiving (Int64, households or persons): How many of the discretionary
                receive it.
            ineligible_receiving (Int64, households or persons): How many of the ineligible receive
                it.
            of_certain (Int64, households or persons): How many are certainly in question.
            of_possible (Int64, households or persons): How many are in question at most.
            counted_certain (Int64, households or persons): How many of them certainly count.
            counted_possible (Int64, households or persons): How many of them count at most.
            undetermined (Int64, households or persons): Of how many one or the other is unknown.
            rate_low (Float64, share from 0 to 1): The least share that the unknowns allow; null
                where nobody is in question.
            rate_high (Float64, share from 0 to 1): The greatest share that the unknowns allow.
            rate (Float64, share from 0 to 1): The share where nothing is unknown, otherwise null.
            rate_known (Float64, share from 0 to 1): The share among those of whom both are known;
                no estimate of the others.
        Example:
            >>> frame = taken.domains
            >>> frame["domain"].n_unique()
            8
        """
        keys = ["domain", *([] if self.by is None else [self.by.name])]
        numbers = [name for name in self.counts.columns if name not in (*_KEYS, *keys)]
        rows = self.counts.filter(~pl.col("universal")).group_by(keys, maintain_order=True)
        return with_rates(rows.agg(pl.col("item").n_unique().alias("items"), pl.col(numbers).sum()))

    def to_text(self, language: str = "zh") -> str:
        """All items as plain text, with what cannot be computed and why.

        Arguments:
            language: `zh` or `en`.
        Returns:
            Plain text.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> print(taken.to_text("en").splitlines()[0])
            Basic public services of Jingmen (13th Five-Year Plan): coverage and take-up
        """
        return display.text("coverage.text", self, language)

    def to_html(self, language: str = "zh") -> Html:
        """All items as tables.

        Arguments:
            language: `zh` or `en`.
        Returns:
            HTML that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> taken.to_html("en")[:23]
            '<div class="jmentitle">'
        """
        return display.html("coverage.html", self, language)

    def _repr_html_(self) -> Html:
        return self.to_html("zh")


def coverage(
    run: Run,
    items: str | Iterable[str] | None = None,
    *,
    by: str | None = None,
    bands: Bands | None = None,
) -> Coverage:
    """Coverage and take-up of items, all that exist on the day of the run unless said.

    By a fact of persons only the items for persons can be split; the others are left out.

    Arguments:
        run: A run.
        items: Ids of items.
        by: A fact, a status or a quantity of the pack; `household.x` where a person has an `x` too.
        bands: Where the bands of a number begin, rising and in its own unit; a number of years has
            default bands.
    Returns:
        The counts, as frames.
    Raises:
        ArgumentError: JM093 for an unknown item, JM071 for an unknown name, JM072 for a list and
            for bands that are none, JM060 for bands that do not rise, JM027 for bands without a
            name.
    Example:
        >>> from jmentitle.population import coverage
        >>> taken = coverage(run, by="hukou_county")
        >>> taken.receipts
        {'household': True, 'person': True}
    """
    arguments.of_kind(run, Run, "run", arguments.RUN)
    together(by, bands)
    split = None if by is None else grouping(run, by, bands)
    exist = {benefit.item for benefit in run.pack.ruleset(run.on).benefits.values()}
    wanted = run.pack.items(items)
    counted = [
        _counts(run, item, split)
        for item in wanted
        if item.id in exist and (split is None or split.rows(item.entity, run) is not None)
    ]
    receipts: dict[Entity, bool] = {
        "household": receipts_known(run, "household"),
        "person": receipts_known(run, "person"),
    }
    return Coverage(
        run.pack.content,
        run.on,
        len(run.population),
        len(run.population.member_ids),
        _concat(counted, split),
        split,
        receipts,
    )


def _concat(counted: list[pl.DataFrame], by: Grouping | None) -> pl.DataFrame:
    if counted:
        return pl.concat(counted)
    split = {} if by is None else {by.name: by.of.dtype}
    keys = {
        "domain": pl.String(),
        "item": pl.String(),
        "universal": pl.Boolean(),
        "for": pl.String(),
    }
    return pl.DataFrame(schema=keys | split | dict.fromkeys((*_tests(), *CASES), pl.Int64()))


def _counts(run: Run, item: Item, by: Grouping | None) -> pl.DataFrame:
    decided = run.decisions([item.id], DECISIONS)
    columns = [decided["decision"], (decided["after"] > 0).alias("later"), received(run, item)]
    split = None if by is None else by.rows(item.entity, run)
    counted = tally(pl.DataFrame(columns if split is None else [split, *columns]))
    decision, has = pl.col("decision"), pl.col("received")
    counted = counted.with_columns(
        pl.when(decision != "undetermined").then(_now()).alias(OF), has.alias(COUNTS)
    )
    sums = counting(_tests() | cases())
    counts = (
        counted.select(sums)
        if split is None
        else counted.group_by(split.name, maintain_order=True).agg(sums)
    )
    keys = {"domain": item.domain, "item": item.id, "universal": item.universal, "for": item.entity}
    return counts.select(*[pl.lit(value).alias(name) for name, value in keys.items()], pl.all())


def _now() -> pl.Expr:
    return (pl.col("decision") == "eligible") & ~pl.col("later")


def _tests() -> dict[str, pl.Expr]:
    """The tests that are counted for the rows of an item, besides the cases of `rates`."""
    decision, has = pl.col("decision"), pl.col("received")
    return {
        "eligible": _now(),
        "eligible_after": (decision == "eligible") & pl.col("later"),
        "discretionary": decision == "discretionary",
        "undetermined_decisions": decision == "undetermined",
        "ineligible": decision == "ineligible",
        "receiving": has,
        "discretionary_receiving": has & (decision == "discretionary"),
        "ineligible_receiving": has & (decision == "ineligible"),
    }
