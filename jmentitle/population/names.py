"""Facts, statuses and quantities of a pack over a population, by name."""

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
    """A fact, status or quantity of a pack: its node, type and label."""

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


def find_name(
    content: Content, name: object, path: str, *, number: bool = False, others: Iterable[str] = ()
) -> Named:
    """Find the fact, status or quantity of a name: `age`, or `household.x` where a person has an
    `x` too. `path` is the argument that holds the name.

    `number` refuses what is no number. Lists are always refused: somebody may be in several of
    their groups. `others` are names besides those of the pack that would do. Raises ArgumentError
    (JM071, JM072).
    """
    variables = _variables(content)
    word = name if isinstance(name, str) else ""
    variable = variables.get(word)
    expected = (
        "the name of a number"
        if number
        else "the name of a fact, status or quantity with one value"
    )
    if word == RECEIVES or (
        variable is not None
        and (
            isinstance(variable.type, tree.ChoiceSet)
            or (number and not isinstance(variable.type, tree.Numeric))
        )
    ):
        fail(
            "JM072",
            f"`{word}` is not a number" if number else f"`{word}` is a list",
            path=path,
            expected=expected,
        )
    if variable is None:
        near = [
            *(
                candidate
                for candidate in variables
                if not number or isinstance(variables[candidate].type, tree.Numeric)
            ),
            *others,
        ]
        fail(
            "JM071",
            f"unknown name `{shown_name(word)}`" if word else "expected a name",
            path=path,
            expected=expected,
            suggestion=nearest_name(word, near),
        )
    return variable


def _variables(content: Content) -> dict[str, Named]:
    """All names, those of persons before those of households; the household's are known by
    `household.` before them too."""
    all_ = [Named(fact.name, fact.node, fact.type, fact.label) for fact in content.facts.values()]
    all_ += [
        Named(status.name, tree.Status(status.entity, status.name), tree.Truth(), status.label)
        for status in content.statuses.values()
    ]
    for quantity in content.quantities.values():
        node = tree.Quantity(quantity.entity, quantity.name, quantity.type)
        all_.append(Named(quantity.name, node, quantity.type, quantity.label))
    by_name: dict[str, Named] = {}
    for variable in sorted(all_, key=lambda variable: variable.entity):
        if variable.entity == "household":
            by_name[f"household.{variable.name}"] = variable
        by_name[variable.name] = variable
    return by_name


def title_of(content: Content, language: str) -> str:
    """The name and version of a pack, with its overlays and amendments."""
    changes = [
        change.name.in_language(language) for change in (*content.overlays, *content.amendments)
    ]
    return " + ".join([f"{content.name.in_language(language)} {content.version}", *changes])


def ends_of(run: Run, variable: Named) -> tuple[pl.Series, pl.Series]:
    """The lowest and the highest number for each household or person, at its scale; null where that
    end is open."""
    return evaluate.numbers(
        run, {variable.name: (cast("tree.NumberNode", variable.node), variable.entity)}
    )[variable.name]


def numbers_of(run: Run, variable: Named) -> pl.Series:
    """The number at its scale for each household or person; null where it is not known exactly."""
    low, high = ends_of(run, variable)
    return pl.select(pl.when(low == high).then(low)).to_series()


def of_household(run: Run, variable: Named) -> pl.Series:
    """The number for each household, at its scale: a person's is summed over the members; null
    where one of them is not known."""
    numbers = numbers_of(run, variable)
    return (
        numbers
        if variable.entity == "household"
        else sums(numbers.cast(pl.Int64), run.population.members)
    )


def values_of(run: Run, variable: Named) -> pl.Series:
    """The value for each household or person: a truth, a word, a day, or an exact number; null is
    unknown."""
    match variable.type:
        case tree.Numeric(scale=scale):
            numbers = numbers_of(run, variable)
            return numbers if scale == 0 else decimals(numbers, scale)
        case tree.Choice(enum=enum):
            members = list(run.pack.content.enums[enum].members)
            return pl.Series(members, dtype=pl.Enum(members)).gather(
                _fact_column(run, variable, pl.UInt8())
            )
        case tree.Day():
            return _fact_column(run, variable, pl.Date())
        case tree.Truth() | tree.ChoiceSet():
            pass
    return evaluate.truths(
        run, {variable.name: (cast("tree.TruthNode", variable.node), variable.entity)}
    )[variable.name]


def _fact_column(run: Run, variable: Named, dtype: pl.DataType) -> pl.Series:
    """The column of a fact; null throughout where the frame has none."""
    frame = run.population.households if variable.entity == "household" else run.population.people
    if variable.name in frame.columns:
        return frame[variable.name]
    height = (
        len(run.population) if variable.entity == "household" else len(run.population.member_ids)
    )
    return pl.repeat(None, height, dtype=dtype, eager=True)


def decimals(numbers: pl.Series, scale: int) -> pl.Series:
    """Numbers at a scale as exact decimals."""
    return pl.select(numbers.cast(pl.Decimal(38, scale)) / 10**scale).to_series()
