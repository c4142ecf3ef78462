"""Sensitivity of an item to a parameter: the same population under several values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

import polars as pl

from jmentitle.assessment import display
from jmentitle.assessment.display import Html
from jmentitle.errors import fail
from jmentitle.language import arguments
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.values import DayGiven, day_of_call
from jmentitle.pack.model import LARGEST_NUMBER, Bounds
from jmentitle.pack.rules import Rules
from jmentitle.pack.ruleset import Ruleset
from jmentitle.policy.whatif.annual_value import SUMS, Worth, sums, yuan
from jmentitle.policy.whatif.dependence import Name, reach
from jmentitle.population.arguments import Figure, exact, whole
from jmentitle.population.deciding import run
from jmentitle.population.frames import Population
from jmentitle.population.run import Run


class _Bent(Rules):
    """A pack whose rules of every day are those given."""

    def __init__(self, pack: Rules, rules: Ruleset) -> None:
        super().__init__(pack._loaded, pack.files)
        self._rules = rules

    def ruleset(self, day: DayGiven) -> Ruleset:  # noqa: ARG002
        return self._rules


@dataclass(frozen=True)
class Sensitivity:
    """An item under several values of a parameter.

    Fields:
        item: The id of the item.
        parameter: The name of the parameter.
        frame: A row for each value or scale.
    Columns:
        <figure> (Decimal): The `value`, in the unit of the parameter, or the `scale`.
        eligible (Int64, households or persons): How many are eligible, now or after other
            applications.
        discretionary_count (Int64, households or persons): For how many the office decides.
        undetermined_count (Int64, households or persons): How many are undetermined.
        low (Decimal, yuan a year): The certain cost for those eligible.
        high (Decimal, yuan a year): The upper end of it; a floor where there is none.
        discretionary (Decimal, yuan a year): What offices may grant besides.
        undetermined (Decimal, yuan a year): What may come besides once facts are known.
        unknown (Int64, amounts): How many amounts of those eligible nobody knows.
    Example:
        >>> frame = found.frame
        >>> frame["eligible"].is_sorted()
        True
    """

    pack: Rules
    item: str
    parameter: str
    frame: pl.DataFrame

    def __repr__(self) -> str:
        return f"<Sensitivity of {self.item} to {self.parameter}: {self.frame.height} values>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self, language: Literal["zh", "en"] = "zh") -> Html:
        """The frame as a table.

        Arguments:
            language: `zh` or `en`.
        Returns:
            HTML that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> found.to_html("en")[:23]
            '<div class="jmentitle">'
        """
        return display.html("sensitivity.html", self, language)


MOST_FIGURES = 1_000
"""Values or scales of one call: the population is decided once for each."""


def sensitivity(
    pack: Rules,
    population: Population,
    on: DayGiven,
    item: str,
    parameter: str,
    *,
    values: Sequence[Figure] = (),
    scales: Sequence[Figure] = (),
) -> Sensitivity:
    """An item under several values of a parameter that it depends on, directly or through others.
    The rest stays as it is.

    Only the item and what it depends on are computed: money is the item's own, without a choice
    between it and other items.

    Arguments:
        pack: A loaded pack.
        population: A population of its facts.
        on: The day.
        item: The id of the item.
        parameter: The name of the parameter.
        values: Values that stand for its whole table, in its unit.
        scales: Factors for every published value of it, rounded to what the parameter can hold;
            what nobody published stays unknown. Either `values` or `scales` are given, at most
            1,000.
    Returns:
        A frame with a row for each value or scale.
    Raises:
        ArgumentError: JM093 for an unknown item, JM025 for a parameter that the item does not read,
            JM027 unless either values or scales are given, JM012 for too many of them, JM072 and
            JM075 for numbers that are none or out of range, JM060 for values of a parameter of
            steps.
    Example:
        >>> from jmentitle.population import sensitivity
        >>> item = "minimum_living_guarantee"
        >>> found = sensitivity(pack, population, on, item, "dibao_urban", scales=[1, 2])
        >>> found
        <Sensitivity of minimum_living_guarantee to dibao_urban: 2 values>
    """
    arguments.of_kind(pack, Rules, "pack", arguments.PACK)
    arguments.of_kind(population, Population, "population", arguments.POPULATION)
    values = arguments.list_of(values, "values", "a list of numbers")
    scales = arguments.list_of(scales, "scales", "a list of numbers")
    if bool(values) == bool(scales):
        fail(
            "JM027",
            "expected either `values` or `scales`",
            path="values",
            expected="some of one of them",
        )
    if len(values or scales) > MOST_FIGURES:
        fail(
            "JM012",
            "there are too many of them",
            path="values" if values else "scales",
            expected=f"at most {MOST_FIGURES}",
        )
    on = day_of_call(on, "on")
    figures = [exact(figure, "values" if values else "scales") for figure in values or scales]
    pack.item(item)
    rules = pack.ruleset(on)
    cone = part(rules, item)
    parameters = [
        name for kind, name in reach(rules, _benefits(rules, item)) if kind == "parameter"
    ]
    word = parameter if isinstance(parameter, str) else ""
    if word not in parameters:
        expected = ", ".join(parameters) or "an item with parameters"
        fail(
            "JM025",
            "the item does not depend on this parameter",
            path="parameter",
            expected=expected,
            suggestion=nearest_name(word, parameters),
        )
    rows = []
    for figure in figures:
        bent = with_values(
            cone, parameter, _set_to(pack, parameter, figure) if values else _times(figure)
        )
        rows.append(_row(run(_Bent(pack, bent), population, on), item))
    frame = pl.concat(rows)
    heading = pl.Series("value" if values else "scale", figures)
    return Sensitivity(pack, item, parameter, frame.insert_column(0, heading))


def part(rules: Ruleset, item: str) -> Ruleset:
    """The rules of one item and its transitive inputs."""
    needed = reach(rules, _benefits(rules, item))
    benefits = {
        name: benefit for name, benefit in rules.benefits.items() if ("benefit", name) in needed
    }
    conditions = {name: rules.conditions[name] for name in benefits}
    grantors = {
        status: names for status, names in rules.grantors.items() if ("status", status) in needed
    }
    return replace(rules, benefits=benefits, conditions=conditions, grantors=grantors)


def _benefits(rules: Ruleset, item: str) -> list[Name]:
    return [("benefit", name) for name, benefit in rules.benefits.items() if benefit.item == item]


def with_values(rules: Ruleset, parameter: str, change: Callable[[Bounds], Bounds]) -> Ruleset:
    """The rules with every value of a parameter changed. Raises ArgumentError (JM075) for values
    too large to reckon with."""
    entry = rules.parameters[parameter]
    cells = {key: change(bounds) for key, bounds in entry.cells.items()}
    steps = tuple((start, change(bounds)) for start, bounds in entry.steps)
    if any(
        end is not None and abs(end) > LARGEST_NUMBER
        for bounds in (*cells.values(), *(bounds for _, bounds in steps))
        for end in bounds
    ):
        fail(
            "JM075",
            "a value becomes too large",
            path=parameter,
            expected="smaller values or scales",
        )
    return replace(
        rules, parameters={**rules.parameters, parameter: replace(entry, cells=cells, steps=steps)}
    )


def _set_to(pack: Rules, parameter: str, figure: Decimal) -> Callable[[Bounds], Bounds]:
    definition = pack.content.parameters[parameter]
    if definition.steps_of is not None:
        fail(
            "JM060",
            "the parameter has steps, which one value cannot replace",
            path="values",
            expected="`scales`",
        )
    scaled = whole(_not_negative(figure, "values"), definition.type.scale, "values")
    return lambda _: (scaled, scaled)


def _times(figure: Decimal) -> Callable[[Bounds], Bounds]:
    _not_negative(figure, "scales")

    def scaled(end: int | None) -> int | None:
        return None if end is None else floor(end * Fraction(figure) + Fraction(1, 2))

    return lambda bounds: (scaled(bounds[0]), scaled(bounds[1]))


def _not_negative(figure: Decimal, path: str) -> Decimal:
    if figure < 0:
        fail("JM075", "the number is below 0", path=path, expected="at least 0")
    return figure


def _row(outcome: Run, item: str) -> pl.DataFrame:
    counts = outcome.item_totals([item]).row(0, named=True)
    money = Worth(outcome, item).money.select(sums())
    decided = {
        "eligible": counts["eligible"] + counts["eligible_after"],
        "discretionary_count": counts["discretionary"],
        "undetermined_count": counts["undetermined"],
    }
    return pl.DataFrame(decided).hstack(
        money.select(*(yuan(name) for name in SUMS if name != "unknown"), "unknown")
    )
