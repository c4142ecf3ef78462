"""Cliffs: incomes at which one more yuan costs a family more than a yuan.

The number is varied over a grid, and each stretch of the grid in which something may happen is
divided again, until it is one fen long. Money that jumps between the points 10 and 20 bends the
line on both sides, so the stretches next to it are divided too:

    stretch   money at its ends   change   divided
    0-10      1200  1200               0   yes
    10-20     1200     0           -1200   yes
    20-30        0     0               0   yes
    30-40        0     0               0   no
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
import polars as pl

from jmentitle.assessment import display
from jmentitle.assessment.conflicts import TIMES_A_YEAR
from jmentitle.assessment.display import Html
from jmentitle.assessment.models import Decision
from jmentitle.chain.columns.passes import ENTITIES
from jmentitle.errors import fail
from jmentitle.language import arguments, tree, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.values import DayGiven, MemberId, day_of_call, index_of
from jmentitle.pack.model import LARGEST_NUMBER, Content
from jmentitle.pack.rules import Rules
from jmentitle.policy.whatif.annual_value import Worth, as_yuan
from jmentitle.policy.whatif.variants import Matrix, Outcomes, Variants
from jmentitle.population.answers import DECISIONS
from jmentitle.population.arguments import Figure, whole
from jmentitle.population.names import Named, decimals, find_name
from jmentitle.population.run import Run
from jmentitle.profile import validation
from jmentitle.profile.validation import Profile

PARTS = 100
"""Into how many parts a stretch is divided in which something happens. A run of many copies takes
little longer than one of few."""
LEAST = 100
"""Fen a year: smaller steps are roundings, not cliffs."""


@dataclass(frozen=True)
class ItemChange:
    """The change of an item at a step, for the household and its members together: the best
    decision before and after, and the money in yuan a year that comes or goes."""

    item: str
    before: Decision
    after: Decision
    change: Decimal


@dataclass(frozen=True)
class Step:
    """A step of what a family is eligible for: `at` is the last value of the fact before it, to the
    fen.

    `loss` is what goes with the smallest step further, in yuan a year (negative: what comes).
    `one_more` is what the family has more in a year by one more yuan of the fact, that yuan itself
    counted for the whole year: below 0 it is worse off. `items` names what changes.
    """

    at: Decimal
    loss: Decimal
    one_more: Decimal
    items: tuple[ItemChange, ...]

    def __repr__(self) -> str:
        return f"<Step of {len(self.items)} items>"


@dataclass(frozen=True)
class Cliffs:
    """The benefits of a family as one of its numbers rises. The representation shows no value.

    Fields:
        on: The day.
        curve: The benefits at each value of the fact, for plotting.
        steps: Every jump of at least a yuan a year, upward and downward.
    Columns:
        <fact> (Decimal, the unit of the fact): The fact, in a column named as it.
        yearly (Decimal, yuan a year): All money of those eligible, lower ends; of what excludes
            each other only what is worth most counts.
        with_fact (Decimal, yuan a year): The same and the fact of a whole year, where it is money.
        undetermined (Int64, benefits): How many benefits of money are undetermined there, and left
            out of `yearly`.
    Example:
        >>> frame = steps.curve
        >>> frame["wage_income"].max()
        Decimal('3000.00')
    """

    pack: Rules
    on: date
    fact: Named
    curve: pl.DataFrame
    steps: tuple[Step, ...]

    @property
    def losses(self) -> tuple[Step, ...]:
        """The steps after which the family has less although it earns more."""
        return tuple(step for step in self.steps if step.one_more < 0)

    def __repr__(self) -> str:
        return f"<Cliffs of {self.fact.name} on {self.on}: {len(self.curve)} points>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self, language: Literal["zh", "en"] = "zh") -> Html:
        """The losses as a table.

        Arguments:
            language: `zh` or `en`.
        Returns:
            HTML that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> steps.to_html("en")[:23]
            '<div class="jmentitle">'
        """
        return display.html("cliffs.html", self, language)


MOST_POINTS = 20_000
"""Points of a grid to begin with; more would only take time, since every jump is found exactly."""


def cliffs(
    pack: Rules,
    household: object,
    on: DayGiven,
    fact: str,
    *,
    up_to: Figure,
    member: MemberId | None = None,
    step: Figure | None = None,
) -> Cliffs:
    """The benefits of a household while one number goes from 0 to `up_to`.

    If a condition, or a comparison with the number, differs between two points of the grid, or
    money is not linear there, the point is found to the fen. A cliff is missed only if it both
    appears and disappears within one step of the grid and crosses no comparison in the rules.

    Arguments:
        pack: A loaded pack.
        household: A household, as `Pack.read` takes it.
        on: The day.
        fact: A number of the household or of a member.
        up_to: The last value, in the unit of the fact.
        member: The id of the member; the first unless said.
        step: The distance of the first grid, in the unit of the fact; a hundredth of `up_to` unless
            said.
    Returns:
        The curve and the steps.
    Raises:
        HouseholdError: JM070 to JM082 for the household's own problems.
        ArgumentError: JM071 and JM072 for a fact that is no number, JM094 for an unknown member,
            JM072 and JM075 for an `up_to` or a step that is none or out of range, JM012 for a grid
            of more than 20,000 points.
    Example:
        >>> from jmentitle.population import cliffs
        >>> family = {"members": [{"id": "father", "birth_date": "1972-04-18"}]}
        >>> steps = cliffs(pack, family, on, "wage_income", up_to=3000)
        >>> steps.losses
        ()
    """
    arguments.of_kind(pack, Rules, "pack", arguments.PACK)
    on = day_of_call(on, "on")
    profile = household if isinstance(household, Profile) else validation.read(pack, household, on)
    varied = fact_of(pack.content, fact)
    index = (
        None
        if varied.entity == "household"
        else 0
        if member is None
        else index_of(profile.facts.ids, member)
    )
    last = _above_0(up_to, varied, "up_to")
    width = max(1, last // 100) if step is None else _above_0(step, varied, "step")
    most = pack.content.facts[varied.entity, varied.name].most
    if most is not None and last > most:
        fail(
            "JM075",
            f"the end is above the maximum of `{varied.name}`",
            path="up_to",
            expected=f"at most {_value(most, varied):,f}",
        )
    if last // width > MOST_POINTS:
        fail(
            "JM012",
            "the grid has too many points",
            path="step",
            expected=f"at most {MOST_POINTS:,} points: a longer step",
        )
    variants = Variants(pack, profile.facts, on, varied, index)
    grid = np.unique(np.append(np.arange(0, last, width), last))
    outcomes = variants.at(grid)
    jumps = _jumps(variants, grid, outcomes)
    points = grid
    totals = outcomes.totals
    unclear = outcomes.undetermined
    steps: tuple[Step, ...] = ()
    if jumps:
        # Both sides of every jump, and one yuan further.
        around = np.array(
            [[jump, jump + 1, jump + 10**varied.scale] for jump in jumps], dtype=np.int64
        ).ravel()
        run = variants.run(around)
        there = variants.outcomes_of(run)
        sides = np.flatnonzero(np.arange(len(around)) % 3 < 2)
        points, totals, unclear = (
            np.append(at_grid, at_jumps[sides])
            for at_grid, at_jumps in (
                (grid, around),
                (totals, there.totals),
                (unclear, there.undetermined),
            )
        )
        steps = _steps(variants, jumps, run, there)
    return Cliffs(pack, on, varied, _curve(varied, points, totals, unclear), steps)


def fact_of(content: Content, name: str) -> Named:
    """A fact that is a number. Raises ArgumentError (JM071, JM072)."""
    fact = find_name(content, name, "fact", number=True)
    if not isinstance(fact.node, tree.Fact):
        fail(
            "JM072",
            f"`{name}` is derived from facts and cannot be varied",
            path="fact",
            expected="a number that families state",
        )
    return fact


def times_a_year(fact: Named) -> int:
    """The number of payments of a fact in a year; 0 if the fact is no money."""
    unit = fact.type.unit if isinstance(fact.type, tree.Numeric) else ()
    return TIMES_A_YEAR.get(units.period_of(unit), 1) if units.is_money(unit) else 0


def _above_0(value: Figure, fact: Named, path: str) -> int:
    """A value of the fact at its scale."""
    scaled = whole(value, fact.scale, path)
    if scaled <= 0:
        fail("JM075", f"`{path}` must be above 0", path=path, expected="a number above 0")
    if scaled > LARGEST_NUMBER:
        fail(
            "JM075",
            f"`{path}` is out of range",
            path=path,
            expected=f"at most {_value(LARGEST_NUMBER, fact):,f}",
        )
    return scaled


def _jumps(variants: Variants, grid: Matrix, outcomes: Outcomes) -> list[int]:
    """The last values before a jump, in order."""
    stretches = [(grid, outcomes)]
    jumps = set()
    while stretches:
        wanted = []
        for points, at in stretches:
            totals = at.totals
            busy = _busy(points, at)
            for index in np.flatnonzero(busy).tolist():
                first, last = int(points[index]), int(points[index + 1])
                if last - first > 1:
                    wanted.append(np.unique(np.linspace(first, last, PARTS + 1).astype(np.int64)))
                elif abs(int(totals[index + 1] - totals[index])) >= LEAST:
                    jumps.add(first)
        if not wanted:
            break
        together = variants.at(np.concatenate(wanted))
        ends = np.cumsum([0, *(len(points) for points in wanted)])
        stretches = [
            (points, together.part(slice(start, end)))
            for points, start, end in zip(wanted, ends, ends[1:], strict=False)
        ]
    return sorted(jumps)


def _busy(points: Matrix, outcomes: Outcomes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The stretches between neighbouring points in which something may happen: conditions differ
    between the ends, or the money of a benefit is not linear over this and a neighbouring stretch.
    A single stretch is always included."""
    widths = np.diff(points)
    if len(widths) == 1:
        return np.ones(1, dtype=bool)
    differs = (np.diff(outcomes.signs, axis=0) != 0).any(axis=1)
    rises = np.diff(outcomes.worth, axis=0).astype(np.float64)
    slopes = rises / widths[:, None]
    # Half a yuan a year leaves room for what is rounded to the fen and paid every month.
    bends = (
        np.abs(np.diff(slopes, axis=0)) * np.minimum(widths[1:], widths[:-1])[:, None] > LEAST / 2
    ).any(axis=1)
    busy: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        differs | np.append(bends, False) | np.append(False, bends)
    )
    return busy


def _steps(variants: Variants, jumps: list[int], run: Run, outcomes: Outcomes) -> tuple[Step, ...]:
    """The jumps in words; the run and what was found have three points for each: both of its sides,
    and one yuan further."""
    unit = 10**variants.fact.scale
    decided = _decided(run)
    money = outcomes.totals
    names = [benefit.item for benefit in Worth(run).benefits]
    width = len(variants.base.member_ids) + 1
    steps = []
    for index, jump in enumerate(jumps):
        at, next_, further = 3 * index, 3 * index + 1, 3 * index + 2
        paid: dict[str, int] = {}
        for number, amount in enumerate(outcomes.worth[next_] - outcomes.worth[at]):
            if amount:
                item = names[number // width]
                paid[item] = paid.get(item, 0) + int(amount)
        items = [
            item for item, ranks in decided.items() if ranks[at] != ranks[next_] or paid.get(item)
        ]
        changes = [
            _item_change(item, decided[item][at], decided[item][next_], paid.get(item, 0))
            for item in items
        ]
        more = int(money[further] - money[at]) + times_a_year(variants.fact) * unit
        steps.append(
            Step(
                _value(jump, variants.fact),
                as_yuan(int(money[at] - money[next_])),
                as_yuan(more),
                tuple(changes),
            )
        )
    return tuple(steps)


def _item_change(item: str, before: int, after: int, change: int) -> ItemChange:
    words: list[Decision] = DECISIONS.categories.to_list()
    return ItemChange(item, words[before], words[after], as_yuan(change))


def _decided(run: Run) -> dict[str, list[int]]:
    """The best decision about each item for the household or any of its members, for each
    variant."""
    ranks: dict[str, list[int]] = {}
    for entity in ENTITIES:
        wide = run.wide(entity)
        items = [name for name in wide.columns if name in run.pack.content.items]
        best = wide.group_by("household", maintain_order=True).agg(
            pl.col(items).to_physical().min()
        )
        ranks |= {item: best[item].to_list() for item in items}
    return ranks


def _value(point: int, fact: Named) -> Decimal:
    return decimal_at(point, fact.scale)


def _curve(fact: Named, points: Matrix, totals: Matrix, unclear: Matrix) -> pl.DataFrame:
    """The points and their yearly money as rows in the order of the fact."""
    indices, first = np.unique(points, return_index=True)
    yearly = pl.Series(totals[first])
    fact_money = pl.Series(indices * times_a_year(fact)) * 100 // 10**fact.scale
    return pl.DataFrame(
        {
            fact.name: decimals(pl.Series(indices), fact.scale),
            "yearly": decimals(yearly, 2),
            "with_fact": decimals(yearly + fact_money, 2),
            "undetermined": pl.Series(unclear[first], dtype=pl.Int64),
        }
    )
