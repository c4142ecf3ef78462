"""Names of a pack over a population: what a fact, status or quantity is for each household or
person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import polars as pl

from jmentitle.chain.columns.members import sums
from jmentitle.errors import fail
from jmentitle.language import tree
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import Entity
from jmentitle.language.values import shown_name
from jmentitle.pack.model import RECEIVES, Content
from jmentitle.pack.text import Text
from jmentitle.population import evaluate
from jmentitle.population.run import Run


@dataclass(frozen=True)
class Named:
    """A name of a pack: what it stands for, its type and its label."""

    name: str
    node: tree.Fact | tree.Status | tree.Quantity
    type: tree.Type
    label: Text

    @property
    def entity(self) -> Entity:
        return self.node.entity

    @property
    def scale(self) -> int:
        """Decimal places of a number."""
        return cast("tree.Numeric", self.type).scale


def named(
    content: Content, name: object, path: str, *, number: bool = False, others: Iterable[str] = ()
) -> Named:
    """What a name stands for: `age`, or `household.x` where a person has an `x` too. `path` is the
    argument that holds the name.

    `number` refuses what is no number. Lists are refused always: somebody may stand in several of
    their groups. `others` are names besides those of the pack that would do. Raises ArgumentError
    (JM071, JM072).
    """
    known, word = _known(content), name if isinstance(name, str) else ""
    found = known.get(word)
    expected = (
        "the name of a number"
        if number
        else "the name of a fact, status or quantity with one value"
    )
    if word == RECEIVES or (
        found is not None
        and (
            isinstance(found.type, tree.ChoiceSet)
            or (number and not isinstance(found.type, tree.Numeric))
        )
    ):
        fail(
            "JM072",
            f"`{word}` is not a number" if number else f"`{word}` is a list",
            path=path,
            expected=expected,
        )
    if found is None:
        near = [
            *(one for one in known if not number or isinstance(known[one].type, tree.Numeric)),
            *others,
        ]
        fail(
            "JM071",
            f"unknown name `{shown_name(word)}`" if word else "expected a name",
            path=path,
            expected=expected,
            suggestion=nearest_name(word, near),
        )
    return found


def _known(content: Content) -> dict[str, Named]:
    """All names, those of persons before those of households; the household's are known by
    `household.` before them too."""
    all_ = [Named(fact.name, fact.node, fact.type, fact.label) for fact in content.facts.values()]
    all_ += [
        Named(one.name, tree.Status(one.entity, one.name), tree.Truth(), one.label)
        for one in content.statuses.values()
    ]
    all_ += [
        Named(one.name, tree.Quantity(one.entity, one.name, one.type), one.type, one.label)
        for one in content.quantities.values()
    ]
    found: dict[str, Named] = {}
    for one in sorted(all_, key=lambda one: one.entity):
        if one.entity == "household":
            found[f"household.{one.name}"] = one
        found[one.name] = one
    return found


def title_of(content: Content, language: str) -> str:
    """A pack by its name and version, with all that is laid over it and tried on it."""
    laid = [one.name.in_language(language) for one in (*content.overlays, *content.amendments)]
    return " + ".join([f"{content.name.in_language(language)} {content.version}", *laid])


def ends_of(run: Run, one: Named) -> tuple[pl.Series, pl.Series]:
    """The lowest and the highest number for each household or person, at its scale; null where that
    end is open."""
    return evaluate.numbers(run, {one.name: (cast("tree.NumberNode", one.node), one.entity)})[
        one.name
    ]


def numbers_of(run: Run, one: Named) -> pl.Series:
    """The number at its scale for each household or person; null where it is not known exactly."""
    low, high = ends_of(run, one)
    return pl.select(pl.when(low == high).then(low)).to_series()


def of_household(run: Run, one: Named) -> pl.Series:
    """The number for each household, at its scale: a person's is summed over the members; null
    where one of them is not known."""
    found = numbers_of(run, one)
    return (
        found if one.entity == "household" else sums(found.cast(pl.Int64), run.population.members)
    )


def values_of(run: Run, one: Named) -> pl.Series:
    """What it is for each household or person: a truth, a word, a day, or an exact number; null is
    unknown."""
    match one.type:
        case tree.Numeric(scale=scale):
            numbers = numbers_of(run, one)
            return numbers if scale == 0 else decimals(numbers, scale)
        case tree.Choice(enum=enum):
            members = list(run.pack.content.enums[enum].members)
            return pl.Series(members, dtype=pl.Enum(members)).gather(
                _fact_column(run, one, pl.UInt8())
            )
        case tree.Day():
            return _fact_column(run, one, pl.Date())
        case tree.Truth() | tree.ChoiceSet():
            pass
    return evaluate.truths(run, {one.name: (cast("tree.TruthNode", one.node), one.entity)})[
        one.name
    ]


def _fact_column(run: Run, one: Named, dtype: pl.DataType) -> pl.Series:
    """The column of a fact; null throughout where the frame has none."""
    frame = run.population.households if one.entity == "household" else run.population.people
    if one.name in frame.columns:
        return frame[one.name]
    height = len(run.population) if one.entity == "household" else len(run.population.member_ids)
    return pl.repeat(None, height, dtype=dtype, eager=True)


def decimals(numbers: pl.Series, scale: int) -> pl.Series:
    """Numbers at a scale as exact decimals."""
    return pl.select(numbers.cast(pl.Decimal(38, scale)) / 10**scale).to_series()
