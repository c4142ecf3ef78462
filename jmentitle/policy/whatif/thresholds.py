"""The thresholds of an item: every comparison of numbers that it depends on, and how many
households or persons are near each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from jmentitle.errors import fail
from jmentitle.language import arguments, tree, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.tree import Entity, NumberNode
from jmentitle.language.values import DayGiven
from jmentitle.pack.rules import Rules
from jmentitle.pack.ruleset import Ruleset
from jmentitle.policy.whatif.comparisons import Compared, behind, comparisons
from jmentitle.policy.whatif.dependence import Name
from jmentitle.population import evaluate
from jmentitle.population.arguments import Figure, exact
from jmentitle.population.run import Run


@dataclass(frozen=True)
class Threshold:
    """A comparison that an item depends on.

    Fields:
        entity: Whose numbers are compared: `household` or `person`.
        within: The kind and name of the definition that contains it.
        text: Its source there.
        parameters: The values of the pack that it reads.
        literals: The numbers written in it, with their units.
        facts: All facts that it rests on, directly or through other definitions.
    Example:
        >>> thresholds(pack, "elderly_welfare_subsidy", on)[0].facts
        ('birth_date',)
    """

    entity: Entity
    within: Name
    text: str
    parameters: tuple[str, ...]
    literals: tuple[str, ...]
    facts: tuple[str, ...]
    compared: Compared


def thresholds(pack: Rules, item: str, on: DayGiven) -> list[Threshold]:
    """The thresholds of an item on a day: those of its own conditions first, then those behind what
    it reads.

    Arguments:
        pack: A loaded pack.
        item: The id of the item.
        on: The day.
    Returns:
        A list of `Threshold`.
    Raises:
        ArgumentError: JM093 for an unknown item, JM079 for a day outside the validity.
    Example:
        >>> from jmentitle.population import thresholds
        >>> thresholds(pack, "elderly_welfare_subsidy", on)[0].text
        'age >= 80'
    """
    arguments.of_kind(pack, Rules, "pack", arguments.PACK)
    pack.item(item)
    rules = pack.ruleset(on)
    names: list[Name] = [
        ("benefit", name) for name, benefit in rules.benefits.items() if benefit.item == item
    ]
    return [_threshold(rules, compared) for compared in comparisons(rules, names)]


def _threshold(rules: Ruleset, compared: Compared) -> Threshold:
    read = behind(rules, compared.difference)
    nodes = [inner for side in (compared.left, compared.right) for inner in tree.walk(side)]
    constants = [inner for inner in nodes if isinstance(inner, tree.Constant)]
    return Threshold(
        compared.entity,
        compared.within,
        compared.text,
        tuple(dict.fromkeys(inner.name for inner in nodes if isinstance(inner, tree.Parameter))),
        tuple(_written(constant) for constant in constants),
        tuple(
            name if entity == "person" else f"household.{name}"
            for entity, name in read
            if entity in ("person", "household")
        ),
        compared,
    )


def _written(constant: tree.Constant) -> str:
    number = f"{decimal_at(constant.value, constant.type.scale):f}"
    return f"{number} {units.show(constant.type.unit)}" if constant.type.unit else number


def near(run: Run, item: str, margin: Figure = Decimal("0.05")) -> pl.DataFrame:
    """How many of a population stand near each threshold of an item, whether or not they meet its
    other conditions.

    Arguments:
        run: A run.
        item: The id of the item.
        margin: A part of the right side: 0.05 counts those whose left side is within 5 % of it.
    Returns:
        A frame with a row for each threshold.
    Columns:
        within (String): The definition that contains the comparison.
        text (String): Its source there.
        for (String): Whose numbers are compared: `household` or `person`.
        parameters (String): The values of the pack that it reads, with commas.
        below (UInt32, households or persons): Whose left side is less, within the margin.
        at (UInt32, households or persons): Whose sides are equal.
        above (UInt32, households or persons): Whose left side is greater, within the margin.
        unknown (UInt32, households or persons): Who may be near and may not.
    Raises:
        ArgumentError: JM093 for an unknown item, JM072 and JM075 for a margin that is none.
    Example:
        >>> from jmentitle.population import near
        >>> frame = near(run, "minimum_living_guarantee")
        >>> frame.height
        10
    """
    arguments.of_kind(run, Run, "run", arguments.RUN)
    part = exact(margin, "margin")
    if part < 0:
        fail(
            "JM075",
            "the margin is below 0",
            path="margin",
            expected="at least 0, such as 0.05 for 5 %",
        )
    item_thresholds = thresholds(run.pack, item, run.on)
    wanted: dict[str, tuple[NumberNode, Entity]] = {}
    for index, threshold in enumerate(item_thresholds):
        wanted |= {
            f"left:{index}": (threshold.compared.difference, threshold.entity),
            f"right:{index}": (threshold.compared.right, threshold.entity),
        }
    ends = evaluate.numbers(run, wanted)
    above, below = part.as_integer_ratio()
    rows = []
    for index, threshold in enumerate(item_thresholds):
        (low, high), (right, right_high) = ends[f"left:{index}"], ends[f"right:{index}"]
        frame = pl.DataFrame(
            {"low": low, "high": high, "right": right, "right_high": right_high}
        ).cast(pl.Int128)
        determined = (pl.col("low") == pl.col("high")) & (pl.col("right") == pl.col("right_high"))
        reach = pl.col("right").abs() * above
        low_end = pl.col("low") * below
        high_end = pl.col("high") * below
        within = determined & (low_end.abs() <= reach)
        # Whoever is far away with certainty is not near, though the number itself is not known.
        far = (pl.col("right") == pl.col("right_high")) & (
            (low_end > reach).fill_null(False) | (high_end < reach * -1).fill_null(False)
        )
        counts = frame.select(
            below=(within & (pl.col("low") < 0)).sum(),
            at=(determined & (pl.col("low") == 0)).sum(),
            above=(within & (pl.col("low") > 0)).sum(),
            unknown=(~determined.fill_null(False) & ~far.fill_null(False)).sum(),
        ).row(0, named=True)
        rows.append(
            {
                "within": threshold.within[1],
                "text": threshold.text,
                "for": threshold.entity,
                "parameters": ", ".join(threshold.parameters),
                **counts,
            }
        )
    schema = {"within": pl.String, "text": pl.String, "for": pl.String, "parameters": pl.String}
    return pl.DataFrame(
        rows, schema={**schema, **dict.fromkeys(("below", "at", "above", "unknown"), pl.UInt32)}
    )
