"""A run: all decisions and amounts of a population on one day, as frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar, get_args
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl

from jmentitle.assessment.conflicts import TIMES_A_YEAR
from jmentitle.assessment.models import Decision
from jmentitle.chain.outcome import NEVER
from jmentitle.language import units
from jmentitle.language.diagnostics import Collector, ProfileError
from jmentitle.language.tree import Entity
from jmentitle.pack.model import RECEIVES, Benefit, Item, Pays
from jmentitle.population.columns import sets
from jmentitle.population.columns.engine import ColumnEngine, Layers
from jmentitle.population.columns.money import Paid
from jmentitle.population.columns.passes import ENTITIES
from jmentitle.population.frames import HOUSEHOLD, MEMBER, Population

if TYPE_CHECKING:
    from jmentitle.api import Pack
    from jmentitle.assessment.models import Assessment
    from jmentitle.explain.explanation import Explanation
    from jmentitle.population.whatif.compare import Comparison

DECISIONS = pl.Enum(get_args(Decision))
OPEN: tuple[Decision, ...] = ("eligible", "discretionary", "undetermined")
MONEY = pl.Decimal(38, 2)
PART = 250_000
"""Households decided at a time: enough to keep the columns busy, few enough to stay in a few hundred megabytes."""
_KEPT = 4
Part = TypeVar("Part")
_ENGINES: WeakKeyDictionary[Pack, dict[tuple[object, ...], ColumnEngine]] = WeakKeyDictionary()
_AT_A_TIME = 2
"""Parts that are worked out side by side, so that the processors have work while one of them is between two steps."""


class Progress(Protocol):
    """Goes over something that comes in `count` parts as it shows how far it is."""

    def __call__(self, parts: Iterable[Part], count: int) -> Iterator[Part]: ...


@dataclass(frozen=True)
class Run:
    """What came of a population. Frames are made when asked for; the representation shows no value."""

    pack: Pack
    on: date
    population: Population
    layers: Layers

    def __repr__(self) -> str:
        return f"<Run of {self.pack.content.id} on {self.on}: {self.population!r}>"

    # decisions

    def decisions(self, items: Iterable[str] | None = None, decisions: Sequence[Decision] = OPEN) -> pl.DataFrame:
        """A row for each item and each person or household that it is decided for.

        Columns: household, member (null where the item is for the household), item, decision, after (0 where it is open now, otherwise how many
        rounds of applications come before) and received. `items` are ids, all unless said; rows of other `decisions` are left out.
        """
        found = [self._item_frame(item).filter(pl.col("decision").is_in(list(decisions))) for item in self._items(items)]
        return pl.concat(found) if found else _EMPTY_DECISIONS

    def wide(self, entity: Entity, items: Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each household or person, with their ids, and a column with the decision for each item that is for them."""
        columns = [self._decision(self._ranks(item)).alias(item.id) for item in self._items(items) if item.entity == entity]
        return self._ids(entity).with_columns(columns)

    def benefits(self, items: Iterable[str] | None = None, decisions: Sequence[Decision] = OPEN) -> pl.DataFrame:
        """The same by benefit, with what it pays: the columns of `decisions`, benefit, and for money low, high, period, lasts_low, lasts_high
        and lasts_unit, yearly_low and yearly_high. Money is in yuan; an end that is not known is null."""
        found = [self._benefit_frame(benefit, item.entity, decisions) for item in self._items(items) for benefit in self._existing(item)]
        return pl.concat(found) if found else _EMPTY_DECISIONS

    def totals(self, items: Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each benefit: domain, item, benefit, kind, whom it is `for`, how many are eligible, discretionary, undetermined and
        ineligible, how many receive it, and what it costs in a year, for those eligible (yearly_low, yearly_high; an open end counts as its other
        end), for those who may be eligible besides (yearly_undetermined) and how many amounts are unknown (amounts_unknown: nothing is
        owed below 0, so a low end of 0 with an open high end says nothing)."""
        rows = [self._total(item, benefit) for item in self._items(items) for benefit in self._existing(item)]
        return pl.DataFrame(rows, schema_overrides={"yearly_low": MONEY, "yearly_high": MONEY, "yearly_undetermined": MONEY})

    def item_totals(self, items: Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each item: domain, item, whom it is `for`, how many are eligible now, eligible after other applications, discretionary,
        undetermined and ineligible, and how many receive it."""
        rows = []
        for item in self._items(items):
            counted = _counted(self._ranks(item))
            row: dict[str, object] = {"domain": item.domain, "item": item.id, "for": item.entity}
            row |= {"eligible": counted[0], "eligible_after": counted[1]}
            row |= {"discretionary": counted[2] + counted[3], "undetermined": counted[4] + counted[5], "ineligible": counted[6]}
            received = self._received([item.id, *(benefit.reference for benefit in item.benefits)], item.entity)
            rows.append(row | {"received": int(received.sum())})
        return pl.DataFrame(rows)

    def unknowns(self, items: Iterable[str] | None = None) -> pl.DataFrame:
        """A row for each benefit of a person or household that is undetermined now, and whether it hangs on `facts` that somebody can be asked
        for and on `values` that nobody published: the columns household, member, item, benefit, facts and values."""
        from jmentitle.population.columns.unknowns import hanging_on

        benefits = {benefit.reference: item.entity for item in self._items(items) for benefit in self._existing(item)}
        found = hanging_on(self.pack.on(self.on), self.on, self.population, list(benefits))
        frames = [
            self._frame(benefits[name], item=name.partition(".")[0])[rows["row"]].hstack(
                [pl.repeat(name.partition(".")[2], len(rows), eager=True).alias("benefit"), rows["facts"], rows["values"]]
            )
            for name, rows in found.items()
        ]
        return pl.concat(frames) if frames else _EMPTY_DECISIONS.select(HOUSEHOLD, MEMBER, "item").with_columns(benefit=None, facts=None, values=None)

    # one of the crowd

    def place_of(self, household: object) -> int:
        """The place of a household among the frames. Raises ProfileError (JM094)."""
        ids = self.population.household_ids
        try:
            found = (ids == household).arg_true()
        except (TypeError, pl.exceptions.PolarsError):  # an id of another type than those of the frames
            found = ids.clear()
        if not len(found):
            collector = Collector()
            collector.add("JM094", "the population has no such household", path="household", expected="an id of its frames")
            raise ProfileError(collector.errors)
        return int(found[0])

    def assess(self, household: object) -> Assessment:
        """The assessment of one household, as if it had come alone."""
        return self.pack.assess(self._profile(household), self.on)

    def explain(self, household: object, item: str, *, benefit: str | None = None, member: str | None = None) -> list[Explanation]:
        """Why or why not, for one household; arguments and errors as of `Pack.explain`."""
        return self.pack.explain(self._profile(household), item, self.on, benefit=benefit, member=member)

    def _profile(self, household: object) -> object:
        from jmentitle.profile.validation import Profile

        return Profile(self.population.facts(self.place_of(household)), self.on)

    def compare(self, after: Run) -> Comparison:
        """What changes from this run to another one over the same households. Raises ProfileError (JM101)."""
        from jmentitle.population.whatif.compare import compare

        return compare(self, after)

    # pieces

    def _items(self, items: Iterable[str] | None) -> list[Item]:
        wanted = self.pack.content.items if items is None else items
        return [item for item in (self.pack.item(id_) for id_ in wanted) if self._existing(item)]

    def _existing(self, item: Item) -> list[Benefit]:
        benefits = self.pack.on(self.on).benefits
        return [benefit for benefit in item.benefits if benefit.reference in benefits]

    def _ids(self, entity: Entity) -> pl.DataFrame:
        return self._all_ids[entity]

    @cached_property
    def _all_ids(self) -> dict[Entity, pl.DataFrame]:
        households, members = self.population.household_ids, self.population.members
        own = pl.DataFrame({HOUSEHOLD: households})
        return {"household": own, "person": pl.DataFrame({HOUSEHOLD: households.gather(members.of), MEMBER: self.population.member_ids})}

    def rank(self, benefit: Benefit, entity: Entity) -> pl.Series:
        """Decision and layer as one number, the best lowest: the place of the decision, doubled, and one more where it is not open now."""
        sure, now, later = 2 if benefit.discretionary else 0, self.layers.now[entity][benefit.reference], self.layers.later.get(benefit.reference)
        found = pl.select(pl.when(now).then(sure).when(now.is_null()).then(4).otherwise(6).cast(pl.UInt8)).to_series()
        if later is None:
            return found
        certain, possible = pl.col("certain"), pl.col("possible")
        ranks = pl.when(certain != NEVER).then(certain.clip(0, 1) + sure).otherwise(possible.clip(0, 1) + 4)
        return found.scatter(later["row"], later.select(ranks.cast(pl.UInt8)).to_series())

    def _ranks(self, item: Item) -> pl.Series:
        ranks = [self.rank(benefit, item.entity) for benefit in self._existing(item)]
        return pl.select(pl.min_horizontal(ranks)).to_series() if len(ranks) > 1 else ranks[0]

    def _decision(self, ranks: pl.Series) -> pl.Series:
        return (ranks // 2).cast(pl.UInt8).cat.to(DECISIONS)

    def _layer(self, benefit: Benefit, entity: Entity) -> pl.Series:
        """The layer in which it is open, or may be; 0 where it is neither."""
        found, later = pl.repeat(0, len(self._ids(entity)), dtype=pl.Int8, eager=True), self.layers.later.get(benefit.reference)
        if later is None:
            return found
        layers = pl.when(pl.col("certain") != NEVER).then("certain").otherwise("possible")
        return found.scatter(later["row"], later.select(layers).to_series())

    def _received(self, names: Sequence[str], entity: Entity) -> pl.Series:
        frame = self.population.households if entity == "household" else self.population.people
        held = sets.overlaps(RECEIVES, sets.receivable(self.pack.content, entity), names, frame.columns)
        if not isinstance(held, pl.Expr):
            return pl.repeat(False, len(self._ids(entity)), dtype=pl.Boolean, eager=True)
        return frame.select(held.fill_null(False)).to_series()

    @cached_property
    def _receiving(self) -> dict[str, int]:
        """How many receive each benefit, counted in one go."""
        found: dict[str, int] = {}
        for entity in ENTITIES:
            frame = self.population.households if entity == "household" else self.population.people
            known = sets.receivable(self.pack.content, entity)
            benefits = [benefit for item in self.pack.content.items.values() if item.entity == entity for benefit in self._existing(item)]
            held = {one.reference: sets.overlaps(RECEIVES, known, [one.item, one.reference], frame.columns) for one in benefits}
            found |= dict.fromkeys(held, 0)
            columns = {name: column.sum() for name, column in held.items() if isinstance(column, pl.Expr)}
            if columns:
                found |= frame.select(**columns).row(0, named=True)
        return found

    def _item_frame(self, item: Item) -> pl.DataFrame:
        benefits, ranks = self._existing(item), self._ranks(item)
        decision = self._decision(ranks)
        layers = [pl.when(self.rank(one, item.entity) == ranks).then(self._layer(one, item.entity)) for one in benefits]
        after = pl.select(pl.min_horizontal(layers)).to_series()
        received = self._received([item.id, *(benefit.reference for benefit in item.benefits)], item.entity)
        return self._frame(item.entity, item=item.id, decision=decision, after=after, received=received)

    def _frame(self, entity: Entity, **columns: pl.Series | str) -> pl.DataFrame:
        frame = self._ids(entity)
        if entity == "household":
            frame = frame.with_columns(pl.lit(None, dtype=self.population.member_ids.dtype).alias(MEMBER))
        texts = pl.Enum(list(self.pack.content.items))
        return frame.with_columns(**{name: pl.lit(column, dtype=texts) if isinstance(column, str) else column for name, column in columns.items()})

    def _benefit_frame(self, benefit: Benefit, entity: Entity, decisions: Sequence[Decision]) -> pl.DataFrame:
        frame = self._frame(
            entity,
            item=benefit.item,
            decision=self._decision(self.rank(benefit, entity)),
            after=self._layer(benefit, entity),
            received=self._received([benefit.item, benefit.reference], entity),
        )
        frame = frame.with_row_index("row").filter(pl.col("decision").is_in(list(decisions)))
        pays, paid = benefit.pays, self.layers.paid.get(benefit.reference)
        named = (HOUSEHOLD, MEMBER, "item", pl.lit(benefit.name).alias("benefit"), "decision", "after", "received")
        period = pl.lit(None if pays is None else units.period_of(pays.unit), dtype=pl.String).alias("period")
        lasts_unit = None if pays is None or pays.lasts is None else units.show(pays.lasts_unit)
        lasts = ("lasts_low", "lasts_high", pl.lit(lasts_unit, dtype=pl.String).alias("lasts_unit"))
        if paid is None:
            # Most benefits pay nothing, and money is slow to make.
            frame = frame.with_columns(_NO_MONEY)
            return frame.select(*named, "low", "high", period, *lasts, "yearly_low", "yearly_high")
        frame = frame.join(with_yearly(paid.frame, pays), on="row", how="left", maintain_order="left")
        return frame.select(*named, _yuan("low"), _yuan("high"), period, *lasts, _yuan("yearly_low"), _yuan("yearly_high"))

    def _total(self, item: Item, benefit: Benefit) -> dict[str, object]:
        entity = item.entity
        certain, counted = self._certain(benefit, entity)
        row: dict[str, object] = {"domain": item.domain, "item": item.id, "benefit": benefit.name, "kind": benefit.kind, "for": entity}
        row |= counted
        row["received"] = self._receiving[benefit.reference]
        paid = self.layers.paid.get(benefit.reference)
        if benefit.pays is None or paid is None:
            return row | dict.fromkeys(("yearly_low", "yearly_high", "yearly_undetermined", "amounts_unknown"))
        frame = with_yearly(paid.frame, benefit.pays).with_columns(sure=certain.filter(paid.who).fill_null(False))
        low, high = pl.col("yearly_low"), pl.col("yearly_high")
        either_low, either_high = pl.coalesce(low, high), pl.coalesce(high, low)
        sums = frame.select(
            yearly_low=either_low.filter("sure").sum(),
            yearly_high=either_high.filter("sure").sum(),
            yearly_undetermined=either_high.filter(~pl.col("sure")).sum(),
            amounts_unknown=(high.is_null() & (low.is_null() | (low == 0))).sum(),
        ).row(0, named=True)
        return row | {name: value if name == "amounts_unknown" else _exact_yuan(value) for name, value in sums.items()}


    def _certain(self, benefit: Benefit, entity: Entity) -> tuple[pl.Series, dict[str, int]]:
        """Who is certainly eligible for a benefit, now or later, and how many have each decision."""
        if benefit.reference in self.layers.later:
            ranks = self.rank(benefit, entity)
            counted = [*_counted(ranks), 0]
            return ranks < 4, {decision: counted[2 * place] + counted[2 * place + 1] for place, decision in enumerate(get_args(Decision))}
        now = self.layers.now[entity][benefit.reference]
        sure, unknown = int(now.sum()), now.null_count()
        open_ = {"eligible": 0, "discretionary": sure} if benefit.discretionary else {"eligible": sure, "discretionary": 0}
        return now, {**open_, "undetermined": unknown, "ineligible": len(now) - sure - unknown}


def _counted(ranks: pl.Series) -> list[int]:
    """How many rows have each of the ranks 0 to 6."""
    return [int(count) for count in np.bincount(ranks.to_numpy(), minlength=7)]


def run(pack: Pack, population: Population, on: date, progress: Progress | None = None, part: int = PART) -> Run:
    """Decide everything for everybody, `part` households at a time at most; an interruption leaves nothing half done.

    Raises ProfileError for a population that was read with a pack of other facts (JM101) or holds facts of later days (JM074).
    """
    population.check(pack.content, on)
    engine = _engine(pack, on, population)
    count = -(-len(population) // part)

    def decided(part: Population) -> tuple[Layers, Population]:
        return engine.run(part.households, part.people, part.members), part

    found = side_by_side(decided, population.parts(-(-len(population) // count)))
    return Run(pack, on, population, _together(list(found if progress is None else progress(found, count))))


def side_by_side(work: Callable[[Population], Part], parts: Iterable[Population]) -> Iterator[Part]:
    """The work on each part, in their order; the next part is worked on meanwhile."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        waiting: deque[Future[Part]] = deque()
        try:
            for part in parts:
                waiting.append(pool.submit(work, part))
                if len(waiting) == _AT_A_TIME:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _engine(pack: Pack, on: date, population: Population) -> ColumnEngine:
    """The rules of a day compiled for these columns; the last few are kept, since the same population is run again and again."""
    kept = _ENGINES.setdefault(pack, {})
    columns, sizes = population.columns, population.sizes
    key = (on, *(columns[entity] for entity in ENTITIES), frozenset(sizes.items()))
    engine = kept.pop(key, None) or ColumnEngine(pack.on(on), on, columns, sizes)
    kept[key] = engine
    if len(kept) > _KEPT:
        kept.pop(next(iter(kept)), None)
    return engine


def _together(parts: list[tuple[Layers, Population]]) -> Layers:
    """The layers of parts in a row as those of the whole."""
    layers = [found for found, _ in parts]

    paid: dict[str, list[Paid]] = {}
    later: dict[str, list[pl.DataFrame]] = {}
    starts: dict[Entity, int] = dict.fromkeys(ENTITIES, 0)
    for found, part in parts:
        start = {benefit: starts[entity] for entity in ENTITIES for benefit in found.now[entity].columns}
        for benefit, one in found.paid.items():
            paid.setdefault(benefit, []).append(one)
        for benefit, frame in found.later.items():
            later.setdefault(benefit, []).append(frame.with_columns((pl.col("row") + start[benefit]).cast(pl.UInt32)))
        starts["household"] += len(part)
        starts["person"] += len(part.member_ids)
    # The pieces stay where they are: copying them into one would take as much memory once more.
    now = {entity: pl.concat([one.now[entity] for one in layers]) for entity in ENTITIES}
    return Layers(
        now, {benefit: pl.concat(frames) for benefit, frames in later.items()}, {benefit: Paid.together(found) for benefit, found in paid.items()}
    )


def with_yearly(paid: pl.DataFrame, pays: Pays | None) -> pl.DataFrame:
    """What is paid, with what it comes to in a year, in fen. Money paid once counts once."""
    assert pays is not None
    period = units.period_of(pays.unit)
    lows: pl.Expr = pl.lit(TIMES_A_YEAR[period])
    highs = lows
    if pays.lasts is None:
        paid = paid.with_columns(lasts_low=pl.lit(None, dtype=pl.Int64), lasts_high=pl.lit(None, dtype=pl.Int64))
    elif units.show(pays.lasts_unit) == period:
        lows, highs = pl.min_horizontal(lows, "lasts_low"), pl.min_horizontal(highs, "lasts_high")
    return paid.with_columns(yearly_low=pl.col("low") * lows, yearly_high=pl.col("high") * highs)


def _yuan(name: str) -> pl.Expr:
    """A column of fen as exact yuan."""
    return (pl.col(name).cast(MONEY) * pl.lit(Decimal("0.01"), dtype=MONEY)).cast(MONEY).alias(name)


def _exact_yuan(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-2)


_DECIDED: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys((HOUSEHOLD, MEMBER, "item"), pl.String),
    "decision": DECISIONS, "after": pl.Int8, "received": pl.Boolean,
}
_EMPTY_DECISIONS = pl.DataFrame(schema=_DECIDED)
_NO_MONEY = [pl.lit(None, dtype=MONEY).alias(name) for name in ("low", "high", "yearly_low", "yearly_high")] + [
    pl.lit(None, dtype=pl.Int64).alias(name) for name in ("lasts_low", "lasts_high")
]
