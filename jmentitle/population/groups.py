"""Groups of a population: by a fact, a status or a number, such as the county, the sex, or the
bands of an age.

One way of naming them everywhere: the name of a fact, status or quantity of the pack, and for a
number the bands that it is divided into. Null is the group of those of whom it is not known to
which they belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import polars as pl

from jmentitle.errors import fail
from jmentitle.language import tree, units
from jmentitle.language.decimals import whole_at
from jmentitle.language.tree import Entity
from jmentitle.pack.text import Text
from jmentitle.population.arguments import Figure, exact
from jmentitle.population.names import Named, ends_of, find_name, values_of
from jmentitle.population.run import Run

Bands = Sequence[Figure]
AGES: tuple[int, ...] = (0, 3, 6, 12, 15, 18, 25, 35, 45, 55, 60, 65, 70, 80)
"""The default starts of the bands of a number of years: the ages of kindergarten, schools, work and
allowances."""
_YEARS = "year"
_TRUTHS = {"True": Text("是", "yes"), "False": Text("否", "no")}
NOT_KNOWN = Text("不详", "not known")
_UNITS = {
    "year": "岁",
    "month": "月",
    "day": "天",
    "person": "人",
    "CNY": "元",
    "CNY/month": "元/月",
    "CNY/year": "元/年",
}


@dataclass(frozen=True)
class Grouping:
    """`of` holds the group of each household or person (`entity`): a truth, a word of a list, a
    day, an exact number, or the name of a band; null is unknown. `labels` say what truths and words
    mean; everything else reads as itself."""

    name: str
    label: Text
    entity: Entity
    labels: Mapping[str, Text]
    of: pl.Series

    def rows(self, entity: Entity, run: Run) -> pl.Series | None:
        """The group of each row of a frame: people are in that of their household. None where
        households have no such group."""
        if entity == self.entity:
            return self.of
        return self.of.gather(run.population.members.of) if entity == "person" else None

    def label_of(self, group: object, language: str) -> str:
        """A group in words."""
        if group is None:
            return NOT_KNOWN.in_language(language)
        if str(group) in self.labels:
            return self.labels[str(group)].in_language(language)
        return f"{group:,}" if isinstance(group, int | Decimal) else str(group)


def grouping(
    run: Run,
    name: str,
    bands: Bands | None = None,
    *,
    path: str = "by",
    bands_path: str = "bands",
    others: Iterable[str] = (),
) -> Grouping:
    """The groups by a fact, a status or a quantity of the pack; `household.x` is the household's
    where a person has an `x` too.

    `bands` are the starts of the bands of a number, rising and in its own unit: below the first,
    from each up to the next, from the last on. A number of years has the bands AGES unless said,
    other numbers and days are their own groups. `path` and `bands_path` name the arguments in
    errors, `others` are names that the caller knows besides. Raises ArgumentError: JM071 for a name
    that the pack does not know; JM072 for a list, for bands of what is no number and for bands
    that are no list of numbers; JM060 for bands that do not rise.
    """
    variable = find_name(run.pack.content, name, path, others=others)
    if bands is not None and not isinstance(variable.type, tree.Numeric):
        fail(
            "JM072",
            f"`{name}` is not a number, so it has no bands",
            path=bands_path,
            expected="bands for the name of a number",
        )
    if (
        bands is None
        and isinstance(variable.type, tree.Numeric)
        and units.show(variable.type.unit) == _YEARS
    ):
        bands = AGES
    labels = (
        run.pack.content.enums[variable.type.enum].members
        if isinstance(variable.type, tree.Choice)
        else _TRUTHS
    )
    of = (
        values_of(run, variable)
        if bands is None
        else _banded(run, variable, _starts(bands, bands_path))
    )
    return Grouping(name, with_unit(variable), variable.entity, labels, of.alias(name))


def together(name: str | None, bands: Bands | None) -> None:
    """Refuse bands without a name. Raises ArgumentError (JM027)."""
    if name is None and bands is not None:
        fail(
            "JM027",
            "`bands` has a name that is not in `by`",
            path="bands",
            expected="a name in `by`",
        )


def _starts(bands: object, path: str) -> list[Decimal]:
    if isinstance(bands, str) or not isinstance(bands, Iterable):
        fail(
            "JM072",
            "expected a list of numbers",
            path=path,
            expected="where each band begins, such as [18, 60]",
        )
    starts = [exact(start, path) for start in bands]
    if not starts or any(lower >= higher for lower, higher in pairwise(starts)):
        fail(
            "JM060",
            "the bands are empty or not rising",
            path=path,
            expected="where each band begins, such as [18, 60]",
        )
    return starts


def _banded(run: Run, variable: Named, starts: Sequence[Decimal]) -> pl.Series:
    """The band of each number: known as soon as all that the number may be lies in one."""
    # The smallest number at this scale that is not below the start.
    firsts = pl.Series(
        [
            below + (not fits)
            for below, fits in (whole_at(start, variable.scale) for start in starts)
        ],
        dtype=pl.Int64,
    )
    low, high = ends_of(run, variable)
    names = _names(starts, whole=variable.scale == 0)
    least, most = (firsts.search_sorted(end.fill_null(0), side="right") for end in (low, high))
    lowest, highest = (
        pl.when(low.is_null()).then(0).otherwise(least),
        pl.when(high.is_null()).then(len(starts)).otherwise(most),
    )
    indices = pl.select(pl.when(lowest == highest).then(lowest)).to_series()
    return pl.Series(names, dtype=pl.Enum(names)).gather(indices)


def _names(starts: Sequence[Decimal], *, whole: bool) -> list[str]:
    """The names of bands: `18–59` for whole numbers, `1,000 – < 2,500` for others."""
    texts = [f"{start:,f}" for start in starts]
    between = []
    for (low, low_text), (high, high_text) in pairwise(zip(starts, texts, strict=True)):
        if whole and low == int(low) and high == int(high):
            between.append(
                low_text if int(high) == int(low) + 1 else f"{low_text}–{int(high) - 1:,}"
            )
        else:
            between.append(f"{low_text} – < {high_text}")
    return [f"< {texts[0]}", *between, f"{texts[-1]}+"]


def unit_text(unit: units.Unit) -> Text:
    """A unit in words."""
    en = units.show(unit)
    return Text(_UNITS.get(en, en), en)


def with_unit(variable: Named) -> Text:
    """The label with the unit of a number, unless it names it already."""
    if not isinstance(variable.type, tree.Numeric) or not variable.type.unit:
        return variable.label
    label = variable.label
    zh, en = unit_text(variable.type.unit)
    return Text(
        label.zh if zh in label.zh else f"{label.zh}（{zh}）",
        label.en if en in label.en else f"{label.en} ({en})",
    )
