"""Answers of a run as columns and frames, for everybody or only for the requested rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from typing import get_args

import numpy as np
import polars as pl

from jmentitle.assessment.conflicts import TIMES_A_YEAR
from jmentitle.assessment.models import Decision
from jmentitle.chain.columns import sets
from jmentitle.chain.columns.chaining import LATER
from jmentitle.chain.columns.engine import Layers
from jmentitle.chain.columns.money import as_frame
from jmentitle.chain.columns.passes import ENTITIES
from jmentitle.chain.columns.truths import as_expression
from jmentitle.chain.outcome import NEVER
from jmentitle.errors import fail
from jmentitle.language import arguments, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import Entity
from jmentitle.language.values import shown_name
from jmentitle.pack.model import RECEIVES, Benefit, Item, Pays
from jmentitle.pack.ruleset import Ruleset
from jmentitle.population.frames import HOUSEHOLD, MEMBER, Population

DECISIONS = pl.Enum(get_args(Decision))
MONEY = pl.Decimal(38, 2)
UNDETERMINED, INELIGIBLE = 4, 6
"""The ranks of those of whom it is undetermined now, and who are ineligible."""
Ranks = np.ndarray[tuple[int], np.dtype[np.uint8]]


def checked(decisions: Decision | Iterable[Decision]) -> tuple[Decision, ...]:
    """One decision or several. Raises ArgumentError (JM073) for an unknown one."""
    allowed: tuple[Decision, ...] = get_args(Decision)
    given: list[object] = (
        [decisions]
        if isinstance(decisions, str)
        else arguments.list_of(decisions, "decisions", ", ".join(allowed))
    )
    for decision in given:
        if decision not in allowed:
            word = decision if isinstance(decision, str) else ""
            expected = ", ".join(allowed)
            message = f"unknown decision `{shown_name(word)}`" if word else "expected a decision"
            fail(
                "JM073",
                message,
                path="decisions",
                expected=expected,
                suggestion=nearest_name(word, allowed),
            )
    return tuple(decision for decision in allowed if decision in given)


@dataclass(frozen=True)
class Answers:
    """The layers that were found for a population, read item by item."""

    ruleset: Ruleset
    population: Population
    layers: Layers

    def of(self, item: Item) -> ItemAnswers:
        return ItemAnswers(self, item, self.existing(item))

    def existing(self, item: Item) -> list[Benefit]:
        """The benefits of an item that there are on the day."""
        return [benefit for benefit in item.benefits if benefit.reference in self.ruleset.benefits]

    def rank(self, benefit: Benefit) -> Ranks:
        """Decision and layer of one benefit, as of `ItemAnswers.ranks`."""
        return ItemAnswers(self, self.ruleset.content.items[benefit.item], [benefit]).ranks[
            benefit.reference
        ]

    @cached_property
    def ids(self) -> dict[Entity, pl.DataFrame]:
        """The ids of everybody, in the columns household and member."""
        households, members = self.population.household_ids, self.population.member_ids
        nobody = pl.lit(None, dtype=members.dtype).alias(MEMBER)
        of_households, of_members = (
            pl.DataFrame({HOUSEHOLD: households}),
            pl.DataFrame(
                {HOUSEHOLD: households.gather(self.population.members.of), MEMBER: members}
            ),
        )
        return {"household": of_households.with_columns(nobody), "person": of_members}

    @cached_property
    def receivable(self) -> dict[Entity, list[str]]:
        return {entity: sets.receivable(self.ruleset.content, entity) for entity in ENTITIES}


@dataclass(frozen=True)
class ItemAnswers:
    """The answers about one item and some of its benefits; ranks are computed once."""

    all: Answers
    item: Item
    benefits: list[Benefit]

    # decisions

    @cached_property
    def ranks(self) -> dict[str, Ranks]:
        """For each benefit, decision and layer as one number, the best lowest: twice the index of
        the decision, plus one if it is not open now (0 eligible now, 1 eligible later, 2
        discretionary now … 4 undetermined, 6 ineligible)."""
        sure = {benefit.reference: 2 if benefit.discretionary else 0 for benefit in self.benefits}
        now = self.all.layers.now[self.item.entity].select(
            _rank_now(name, rank) for name, rank in sure.items()
        )
        ranks = {}
        for name, rank in sure.items():
            ranks[name] = now[name].to_numpy(writable=name in self.all.layers.later)
            later = self.all.layers.later.get(name)
            if later is not None:
                rows, certain, possible = (later[column].to_numpy() for column in LATER)
                ranks[name][rows] = np.where(
                    certain != NEVER,
                    np.minimum(certain, 1) + rank,
                    np.minimum(possible, 1) + UNDETERMINED,
                )
        return ranks

    def counted(self, benefit: Benefit) -> dict[Decision, int]:
        """The number of rows with each decision."""
        certain, possible = (
            self.all.layers.certain(benefit.reference),
            self.all.layers.possible(benefit.reference),
        )
        are, may = int(certain.sum()), int(possible.sum())
        granted: Decision = "discretionary" if benefit.discretionary else "eligible"
        counts: dict[Decision, int] = {
            "eligible": 0,
            "discretionary": 0,
            "undetermined": may - are,
            "ineligible": len(possible) - may,
        }
        return counts | {granted: are}

    @cached_property
    def best(self) -> Ranks:
        """The best rank of the benefits."""
        return reduce(np.minimum, self.ranks.values())

    def layer(self, benefit: str) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
        """The layer in which a benefit is open, or may be; 0 where it is neither."""
        layer = np.zeros(len(self.best), dtype=np.int8)
        later = self.all.layers.later.get(benefit)
        if later is not None:
            rows, certain, possible = (later[column].to_numpy() for column in LATER)
            layer[rows] = np.where(certain != NEVER, certain, possible)
        return layer

    def _first_layer(self) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
        """The first layer in which a benefit is open, or may be, that is as good as any."""
        is_later = self.best % 2 == 1
        first = np.where(is_later, np.iinfo(np.int8).max, np.int8(0)).astype(np.int8)
        for benefit, ranks in self.ranks.items():
            if benefit in self.all.layers.later:
                as_good = (ranks == self.best) & is_later
                first[as_good] = np.minimum(first, self.layer(benefit))[as_good]
        return first

    # who receives it

    @cached_property
    def receiving(self) -> pl.DataFrame:
        """Whether the item is received, in a column with its id, and whether its benefits are;
        false where it is not known."""
        frame = (
            self.all.population.households
            if self.item.entity == "household"
            else self.all.population.people
        )
        names = {benefit.reference: [self.item.id, benefit.reference] for benefit in self.benefits}
        names[self.item.id] = [self.item.id, *(benefit.reference for benefit in self.item.benefits)]
        receivable = self.all.receivable[self.item.entity]
        receipts = {
            name: sets.overlaps(RECEIVES, receivable, references, frame.columns)
            for name, references in names.items()
        }
        if any(isinstance(receipt, pl.Expr) for receipt in receipts.values()):
            return frame.select(
                as_expression(receipt).fill_null(False).alias(name)
                for name, receipt in receipts.items()
            )
        return pl.DataFrame(
            {
                name: pl.repeat(False, len(self.best), dtype=pl.Boolean, eager=True)
                for name in receipts
            }
        )

    # frames

    def frame(self, decisions: Sequence[Decision]) -> pl.DataFrame:
        """As of `Run.decisions`."""
        mask = _mask_of(self.best, decisions)
        more = [
            pl.Series("after", self._first_layer()).filter(mask),
            self.receiving[self.item.id].filter(mask).alias("received"),
        ]
        return self._decided(self.best, mask).hstack(more)

    def benefit_frames(self, decisions: Sequence[Decision]) -> list[pl.DataFrame]:
        """As of `Run.benefits`, for each benefit."""
        frames = []
        for benefit in self.benefits:
            ranks = self.ranks[benefit.reference]
            name = benefit.reference
            mask = _mask_of(ranks, decisions)
            decided = self._decided(ranks, mask)
            decided.insert_column(
                3, pl.Series("benefit", [benefit.name]).new_from_index(0, decided.height)
            )
            more = [
                pl.Series("after", self.layer(name)).filter(mask),
                self.receiving[name].filter(mask).alias("received"),
            ]
            frames.append(
                pl.concat(
                    [decided.hstack(more), money_frame(benefit, self.all.layers, mask)],
                    how="horizontal",
                )
            )
        return frames

    def _decided(self, ranks: Ranks, mask: pl.Series) -> pl.DataFrame:
        decision = pl.Series("decision", ranks[mask.to_numpy()] // 2).cat.to(DECISIONS)
        item = pl.Series(
            "item", [self.item.id], dtype=pl.Enum(list(self.all.ruleset.content.items))
        ).new_from_index(0, len(decision))
        return pl.DataFrame(
            [
                *(column.filter(mask) for column in self.all.ids[self.item.entity].iter_columns()),
                item,
                decision,
            ]
        )


def _rank_now(benefit: str, sure: int) -> pl.Expr:
    ranks = [pl.lit(rank, dtype=pl.UInt8) for rank in (sure, UNDETERMINED, INELIGIBLE)]
    now = pl.col(benefit)
    return (
        pl.when(now)
        .then(ranks[0])
        .when(now.is_null())
        .then(ranks[1])
        .otherwise(ranks[2])
        .alias(benefit)
    )


def _mask_of(ranks: Ranks, decisions: Sequence[Decision]) -> pl.Series:
    """The rows with one of the decisions."""
    wanted = np.array([decision in decisions for decision in get_args(Decision)])
    return pl.Series(wanted[ranks // 2])


# money
# --------------------------------------------------------------------------------------------------


def yearly(pays: Pays, end: str) -> pl.Expr:
    """The yearly value of an end of an amount, in fen, over the columns of `money.as_frame`. Money
    paid once counts once."""
    period = units.period_of(pays.unit)
    times: pl.Expr = pl.lit(TIMES_A_YEAR[period])
    if pays.lasts is not None and units.show(pays.lasts_unit) == period:
        times = pl.min_horizontal(times, f"lasts_{end}")
    return pl.col(end) * times


def exact_yuan(value: int | None) -> Decimal | None:
    return None if value is None else decimal_at(value, 2)


def money_frame(benefit: Benefit, layers: Layers, mask: pl.Series) -> pl.DataFrame:
    """The amounts of the requested rows; null for those who get nothing."""
    pays = benefit.pays
    period = None if pays is None else units.period_of(pays.unit)
    lasts_unit = None if pays is None or pays.lasts is None else units.show(pays.lasts_unit)
    count = int(mask.sum())
    row = pl.DataFrame(
        {name: [{"period": period, "lasts_unit": lasts_unit}.get(name)] for name in _MONEY},
        schema=_MONEY,
    )
    same = {column.name: column.new_from_index(0, count) for column in row.iter_columns()}
    if pays is None or benefit.reference not in layers.paid:
        return pl.DataFrame(same)
    ends = {name: _yuan(pl.col(name)) for name in ("low", "high")} | {
        f"yearly_{end}": _yuan(yearly(pays, end)) for end in ("low", "high")
    }
    if pays.lasts is not None:
        ends |= {name: pl.col(name) for name in ("lasts_low", "lasts_high")}
    who = layers.possible(benefit.reference)
    money = (
        as_frame(layers.paid[benefit.reference], int(who.sum()))
        .filter(mask.filter(who))
        .select(**ends)
    )
    getting = who.filter(mask)
    if getting.all():
        return pl.DataFrame(same | money.to_dict())
    # Others are shown as well.
    rows = getting.arg_true()
    return pl.DataFrame(
        {
            name: column.scatter(rows, money[name]) if name in money.columns else column
            for name, column in same.items()
        }
    )


def _yuan(fen: pl.Expr) -> pl.Expr:
    """A column of fen as exact yuan."""
    return (fen.cast(MONEY) * pl.lit(Decimal("0.01"), dtype=MONEY)).cast(MONEY)


_MONEY: dict[str, pl.DataType] = {
    **dict.fromkeys(("low", "high"), MONEY),
    "period": pl.String(),
    **dict.fromkeys(("lasts_low", "lasts_high"), pl.Int64()),
    "lasts_unit": pl.String(),
    **dict.fromkeys(("yearly_low", "yearly_high"), MONEY),
}
EMPTY = pl.DataFrame(
    schema={
        **dict.fromkeys((HOUSEHOLD, MEMBER, "item"), pl.String),
        "decision": DECISIONS,
        "after": pl.Int8,
        "received": pl.Boolean,
    }
)
"""The columns of decisions where there is nobody to show."""
