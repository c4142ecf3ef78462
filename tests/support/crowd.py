"""Random populations of any pack as frames: fast enough to measure with, various enough to compare
ways of deciding."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from jmentitle import Pack
from jmentitle.language import tree
from jmentitle.language.tree import Entity
from jmentitle.pack.model import Content

_EPOCH = date(1970, 1, 1)


def crowd(
    pack: Pack,
    households: int,
    on: date,
    *,
    seed: int = 1,
    unknown: float = 0.1,
    often: float = 0.5,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Frames of households of one to five members, sorted by household, as `Pack.population` takes
    them.

    Each fact is unknown at the rate `unknown`, and truths hold at the rate `often`.
    """
    dice = np.random.default_rng(seed)
    sizes = dice.choice([1, 2, 3, 4, 5], households, p=[0.15, 0.25, 0.25, 0.2, 0.15])
    ids = pl.Series("household", np.arange(households))
    starts = np.cumsum(sizes) - sizes
    of, number = (
        np.repeat(np.arange(households), sizes),
        np.arange(sizes.sum()) - np.repeat(starts, sizes),
    )
    own = pl.DataFrame(
        [ids, *_facts(pack.content, "household", households, on, dice, unknown, often)]
    )
    member = pl.Series("member", number).cast(pl.String)
    people = pl.DataFrame(
        [
            pl.Series("household", of),
            member,
            *_facts(pack.content, "person", len(of), on, dice, unknown, often),
        ]
    )
    return own, people


def _facts(
    content: Content,
    entity: Entity,
    rows: int,
    on: date,
    dice: np.random.Generator,
    unknown: float,
    often: float,
) -> list[pl.Series]:
    names = [fact for of, fact in content.facts if of == entity]
    names += [
        status.name
        for status in content.statuses.values()
        if status.entity == entity and status.certificate is not None
    ]
    columns = [_values(content, entity, name, rows, on, dice, often) for name in names]
    items = [item.id for item in content.items.values() if item.entity == entity]
    if items:
        columns.append(_lists("receives", items, rows, dice))
    return [
        pl.select(pl.when(pl.Series(dice.random(rows) >= unknown)).then(column))
        .to_series()
        .alias(column.name)
        for column in columns
    ]


def _values(
    content: Content,
    entity: Entity,
    name: str,
    rows: int,
    on: date,
    dice: np.random.Generator,
    often: float,
) -> pl.Series:
    fact = content.facts.get((entity, name))
    match None if fact is None else fact.type:
        case tree.Choice(enum=enum):
            return pl.Series(name, list(content.enums[enum].members)).gather(
                dice.integers(0, len(content.enums[enum].members), rows)
            )
        case tree.ChoiceSet(enum=enum):
            return _lists(name, list(content.enums[enum].members), rows, dice)
        case tree.Day():
            days = (on - _EPOCH).days - (dice.random(rows) * 85 * 365).astype(np.int32)
            return pl.Series(name, days).cast(pl.Int32).cast(pl.Date)
        case tree.Numeric(scale=scale):
            assert fact is not None
            least, most = fact.least or 0, 500_000 if fact.most is None else fact.most
            whole = dice.integers(least, most + 1, rows)
            return pl.Series(name, whole if scale == 0 else whole / 10**scale)
    return pl.Series(name, dice.random(rows) < often)


def _lists(name: str, words: list[str], rows: int, dice: np.random.Generator) -> pl.Series:
    """Lists of at most one word."""
    found = pl.Series(words).gather(dice.integers(0, len(words), rows))
    empty = pl.Series(dice.random(rows) < 0.8)
    frame = pl.DataFrame({"word": found, "empty": empty})
    return frame.select(
        pl.when("empty")
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise(pl.concat_list("word"))
        .alias(name)
    ).to_series()
