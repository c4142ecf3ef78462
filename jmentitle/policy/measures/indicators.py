"""The indicators of a pack over a population: who is in question, who of them counts, and what the
unknowns leave open.

from jmentitle.policy.measures.indicators import indicators
found = indicators(run)          # shows itself in a notebook
found.frame                      # a row for each indicator
print(found.to_text("en"))
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import get_args

import polars as pl

from jmentitle.assessment import display
from jmentitle.assessment.display import Html
from jmentitle.assessment.models import Decision
from jmentitle.chain.columns.truths import Truth, all_of, any_of, as_expression, negation, stated_or
from jmentitle.language import arguments, tree
from jmentitle.pack.model import Content, Indicator
from jmentitle.pack.text import Text
from jmentitle.policy.measures.rates import COUNTS, OF, cases, counting, tally, with_rates
from jmentitle.policy.measures.received import received
from jmentitle.population import evaluate
from jmentitle.population.groups import Bands, Grouping, grouping, together
from jmentitle.population.run import Run

_NOT_YET = Text("这一天还没有或者不再有这个定义", "not defined on this day")
_NO_GROUP = Text("只能按家庭的情况分组", "households can be grouped only by facts about households")
_NOBODY_DUE = Text("这一天没有这样的待遇", "no such benefit on this day")
DECISIONS: tuple[Decision, ...] = get_args(Decision)


@dataclass(frozen=True)
class Indicators:
    """The indicators of the pack on a day. A notebook shows them.

    Fields:
        on: The day.
        households: How many households there are.
        people: How many people there are.
        frame: A row for each indicator and group.
        why_not: The reason, for those that cannot be computed.
    Columns:
        indicator (String): The id of the indicator.
        number (Int64): Its number in the plan.
        for (String): Whom it counts: `household` or `person`.
        <group> (any): The group, in a column named as it; only where `by` is given.
        of_certain (Int64, households or persons): How many are certainly in question.
        of_possible (Int64, households or persons): How many are in question at most.
        counted_certain (Int64, households or persons): How many of them certainly count.
        counted_possible (Int64, households or persons): How many of them count at most.
        undetermined (Int64, households or persons): Of how many one or the other is unknown.
        rate_low (Float64, share from 0 to 1): The least share that the unknowns allow; null where
            nobody is in question.
        rate_high (Float64, share from 0 to 1): The greatest share that the unknowns allow.
        rate (Float64, share from 0 to 1): The share where nothing is unknown, otherwise null.
        rate_known (Float64, share from 0 to 1): The share among those of whom both are known; no
            estimate of the others.
        target (Float64, percent or persons): The target of the plan; null where it is not
            published.
        target_by (Date): The day by which it is to be reached.
    Example:
        >>> frame = measured.frame
        >>> frame["number"].to_list()
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    """

    content: Content
    on: date
    households: int
    people: int
    frame: pl.DataFrame
    why_not: dict[str, Text]
    by: Grouping | None

    def __repr__(self) -> str:
        return (
            f"<Indicators of {self.content.id} on {self.on}: {len(self.content.indicators)},"
            f" {len(self.why_not)} cannot be computed>"
        )

    def to_text(self, language: str = "zh") -> str:
        """All indicators as plain text, with what cannot be computed and why.

        Arguments:
            language: `zh` or `en`.
        Returns:
            Plain text.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> print(measured.to_text("en").splitlines()[0])
            Basic public services of Jingmen (13th Five-Year Plan): the indicators of the plan
        """
        return display.text("indicators.text", self, language)

    def to_html(self, language: str = "zh") -> Html:
        """All indicators as a table.

        Arguments:
            language: `zh` or `en`.
        Returns:
            HTML that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> measured.to_html("en")[:23]
            '<div class="jmentitle">'
        """
        return display.html("indicators.html", self, language)

    def _repr_html_(self) -> Html:
        return self.to_html("zh")


def indicators(run: Run, *, by: str | None = None, bands: Bands | None = None) -> Indicators:
    """Every indicator of the pack over the population of a run, on its day.

    Arguments:
        run: A run.
        by: A fact, a status or a quantity of the pack; `household.x` where a person has an `x` too.
        bands: Where the bands of a number begin, rising and in its own unit; a number of years has
            default bands.
    Returns:
        The figures, and why some cannot be computed.
    Raises:
        ArgumentError: JM071 for an unknown name, JM072 for a list and for bands that are none,
            JM060 for bands that do not rise, JM027 for bands without a name.
    Example:
        >>> from jmentitle.population import indicators
        >>> measured = indicators(run)
        >>> len(measured.why_not)
        5
    """
    arguments.of_kind(run, Run, "run", arguments.RUN)
    content = run.pack.content
    together(by, bands)
    split = None if by is None else grouping(run, by, bands)
    rows, why_not = _rows(run)
    if split is not None:
        why_not |= {
            indicator.id: _NO_GROUP
            for indicator in content.indicators.values()
            if indicator.id in rows and split.rows(indicator.entity, run) is None
        }
    # `concat` takes the columns of its first frame, so indicators that can be computed come first;
    # the sort restores their order.
    ordered = sorted(content.indicators.values(), key=lambda indicator: indicator.id in why_not)
    frames = [_figures(run, indicator, rows.get(indicator.id), split) for indicator in ordered]
    frame = (
        pl.concat(frames, how="diagonal").sort("number", maintain_order=True)
        if frames
        else pl.DataFrame()
    )
    return Indicators(
        content, run.on, len(run.population), len(run.population.member_ids), frame, why_not, split
    )


def _rows(run: Run) -> tuple[dict[str, pl.DataFrame], dict[str, Text]]:
    """The columns `of` and `counts` of each indicator, or the reason why it has none."""
    rows: dict[str, pl.DataFrame] = {}
    why_not: dict[str, Text] = {}
    defined: dict[str, Indicator] = {}
    wanted: dict[str, tuple[tree.TruthNode, tree.Entity]] = {}
    for indicator in run.pack.content.indicators.values():
        if indicator.take_up:
            take_up = _take_up(run, indicator)
            if take_up is None:
                why_not[indicator.id] = _NOBODY_DUE
            else:
                rows[indicator.id] = take_up
        elif indicator.of is None or indicator.counts is None:
            why_not[indicator.id] = indicator.cannot
        else:
            of, counts = tree.on_date(indicator.of, run.on), tree.on_date(indicator.counts, run.on)
            if of is None or counts is None:
                why_not[indicator.id] = _NOT_YET
            else:
                defined[indicator.id] = indicator
                wanted |= {
                    f"{indicator.id}/{OF}": (of, indicator.entity),
                    f"{indicator.id}/{COUNTS}": (counts, indicator.entity),
                }
    columns = evaluate.truths(run, wanted) if wanted else {}
    rows |= {
        name: pl.DataFrame({OF: columns[f"{name}/{OF}"], COUNTS: columns[f"{name}/{COUNTS}"]})
        for name in defined
    }
    return rows, why_not


def _take_up(run: Run, indicator: Indicator) -> pl.DataFrame | None:
    """The truths `of` (one of the benefits is due now) and `counts` (one that is open now is
    received). A discretionary benefit is due to nobody, but counts as received by those who have
    it. None if no benefit exists on the day."""
    exist = run.pack.ruleset(run.on).benefits
    due: list[Truth] = []
    had: list[Truth] = []
    got: list[Truth] = []
    columns: dict[str, pl.Series] = {}
    for name in indicator.take_up:
        item = run.pack.item(name.partition(".")[0])
        wanted = [
            benefit
            for benefit in item.benefits
            if name in (benefit.reference, item.id) and benefit.reference in exist
        ]
        decided = run.benefits([item.id], DECISIONS) if wanted else pl.DataFrame()
        for benefit in wanted:
            rows = decided.filter(pl.col("benefit") == benefit.name)
            determined = pl.col("decision") != "undetermined"
            now = pl.col("after") == 0
            for column, decisions in (
                ("due", ["eligible"]),
                ("open", ["eligible", "discretionary"]),
            ):
                truth = pl.when(determined).then(pl.col("decision").is_in(decisions) & now)
                columns[f"{benefit.reference}/{column}"] = rows.select(truth).to_series()
            columns[f"{benefit.reference}/received"] = received(run, item, [benefit.reference])
            due.append(pl.col(f"{benefit.reference}/due"))
            got.append(pl.col(f"{benefit.reference}/received"))
            had.append(all_of((pl.col(f"{benefit.reference}/open"), got[-1])))
    if not due:
        return None
    one_of_them = any_of(had)
    # Somebody who receives every benefit that may be due counts, even if it is unknown which one
    # is due.
    whatever = all_of(any_of((negation(what), gets)) for what, gets in zip(due, got, strict=True))
    return pl.DataFrame(columns).select(
        as_expression(any_of(due)).alias(OF),
        as_expression(stated_or(_certain(whatever), one_of_them)).alias(COUNTS),
    )


def _certain(truth: Truth) -> Truth:
    """True where it is known to be true, otherwise unknown."""
    return pl.when(as_expression(truth)).then(pl.lit(True))


def _figures(
    run: Run, indicator: Indicator, rows: pl.DataFrame | None, by: Grouping | None
) -> pl.DataFrame:
    """A row for each group, or one without figures where the indicator cannot be computed."""
    target = indicator.target
    keys: dict[str, object] = {
        "indicator": indicator.id,
        "number": indicator.number,
        "for": indicator.entity,
    }
    aims = {
        "target": None if target is None or target.value is None else target.value / 100,
        "target_by": None if target is None else target.by,
    }
    split = by.rows(indicator.entity, run) if by is not None and rows is not None else None
    if rows is None or (by is not None and split is None):
        return pl.DataFrame([keys | aims], schema=_TOLD | _AIMS)
    counted = tally(rows if split is None else rows.insert_column(0, split))
    tests = counting(cases())
    figures = with_rates(
        counted.select(tests)
        if split is None
        else counted.group_by(split.name, maintain_order=True).agg(tests)
    )
    names = [pl.lit(value).cast(_TOLD[name]).alias(name) for name, value in keys.items()]
    return figures.select(
        *names,
        pl.all(),
        *[pl.lit(value, dtype=_AIMS[name]).alias(name) for name, value in aims.items()],
    )


_TOLD = {"indicator": pl.String(), "number": pl.Int64(), "for": pl.String()}
_AIMS = {"target": pl.Float64(), "target_by": pl.Date()}
