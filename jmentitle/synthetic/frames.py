"""From drawn columns to frames: types as narrow as the vocabulary allows, null for unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pyarrow as pa

from jmentitle.chain.columns import sets
from jmentitle.language.tree import Entity
from jmentitle.pack.model import RECEIVES, Content
from jmentitle.pack.rows import RowOrder
from jmentitle.synthetic.block import Block, Values
from jmentitle.synthetic.draws import Draws
from jmentitle.synthetic.marginals import NULL, ROLE, Column, Marginals
from jmentitle.synthetic.shapes import Shape

HOUSEHOLD, MEMBER = "household", "member"
_INTEGERS = ((127, pl.Int8), (32767, pl.Int16))


class Frames:
    """Makes frames of blocks: for each entity the names in the order of its rows in household
    files."""

    def __init__(
        self, marginals: Marginals, content: Content, shapes: Mapping[tuple[Entity, str], Shape]
    ) -> None:
        self.marginals = marginals
        order = RowOrder.of(content)
        self.names: dict[Entity, list[str]] = {
            "household": list(order.household),
            "person": list(order.person),
        }
        self.columns = {
            column.name: column for column in marginals.columns if column.role == "fact"
        }
        self.received: dict[Entity, list[Column]] = {
            entity: [
                column
                for column in marginals.columns
                if column.role == "received" and column.name[0] == entity
            ]
            for entity in self.names
        }
        self.receivable = {
            entity: pl.Enum(sets.receivable(content, entity)) for entity in self.names
        }
        self.shapes = shapes
        self.dtypes = {name: self._dtype(name) for name in shapes}

    def _dtype(self, name: tuple[Entity, str]) -> pl.DataType:
        shape = self.shapes[name]
        column = self.columns.get(name)
        match shape.kind:
            case "truth":
                return pl.Boolean()
            case "choice":
                return pl.Enum(shape.members)
            case "choices":
                return pl.List(pl.Enum(shape.members))
            case "day":
                return pl.Date()
        if shape.scale and column is not None and not column.whole:
            return pl.Decimal(18, shape.scale)
        return next(
            (dtype() for most, dtype in _INTEGERS if shape.most is not None and shape.most <= most),
            pl.Int32(),
        )

    def frame(self, block: Block, entity: Entity, draws: Draws, unknown: float) -> pl.DataFrame:
        """The rows of one entity; each cell is blanked at the rate `unknown`."""
        raw: dict[str, Values] = {}
        lists: dict[str, pl.Series] = {}
        expressions: list[pl.Expr] = []
        for name in self.names[entity]:
            values = (
                self._received(block, entity)
                if name == RECEIVES
                else block.values.get((entity, name))
            )
            key = (entity, name)
            if values is None:
                expressions.append(pl.lit(None, dtype=self.dtypes[key]).alias(name))
                continue
            if unknown > 0:
                blank = draws.falls(unknown, f"unknown/{entity}.{name}", block.keys[entity])
                values = np.where(blank, NULL, values).astype(values.dtype)
            if name == RECEIVES:
                references = [column.name[1] for column in self.received[entity]]
                lists[name] = _lists(name, values, references, self.receivable[entity])
            elif self.shapes[key].kind == "choices":
                lists[name] = _lists(
                    name, values, self.shapes[key].members, pl.Enum(self.shapes[key].members)
                )
            else:
                raw[name] = values
                expressions.append(self._expression(key))
                continue
            expressions.append(pl.col(name))
        ids = block.ids if entity == "household" else block.ids[block.home]
        first = [pl.Series(HOUSEHOLD, ids, dtype=pl.UInt32)]
        if entity == "person":
            roles = pl.Series(MEMBER, self.marginals.roles, dtype=pl.String)
            first.append(roles.gather(block.values["person", ROLE]))
        frame = pl.DataFrame(
            [*first, *(pl.Series(name, values) for name, values in raw.items()), *lists.values()]
        )
        return frame.select(*(series.name for series in first), *expressions)

    def _expression(self, key: tuple[Entity, str]) -> pl.Expr:
        column = pl.col(key[1])
        dtype = self.dtypes[key]
        value: pl.Expr = pl.when(column != NULL).then(column)
        unit = 10 ** self.shapes[key].scale
        if isinstance(dtype, pl.Enum):
            return (
                pl.lit(pl.Series(self.shapes[key].members, dtype=dtype)).gather(value).alias(key[1])
            )
        if isinstance(dtype, pl.Boolean):
            value = value == 1
        elif isinstance(dtype, pl.Decimal):
            value = value.cast(pl.Float64) / unit
        elif unit > 1:
            value = value // unit
        return value.cast(dtype).alias(key[1])

    def _received(self, block: Block, entity: Entity) -> Values:
        bits = np.zeros(len(block.keys[entity]), dtype=np.int64)
        for index, column in enumerate(self.received[entity]):
            bits |= (block.values[column.name] == 1).astype(np.int64) << index
        return bits


def _lists(name: str, bits: Values, members: Sequence[str], kind: pl.Enum) -> pl.Series:
    """Sets held as bits, as lists in the order of the members."""
    unknown = bits == NULL
    octets = np.where(unknown, 0, bits).astype("<i8").view(np.uint8).reshape(-1, 8)
    is_member = np.unpackbits(octets, axis=1, count=len(members), bitorder="little").view(np.bool_)
    ends = np.zeros(len(bits) + 1, dtype=np.int64)
    np.cumsum(np.count_nonzero(is_member, axis=1), out=ends[1:])
    words = pa.DictionaryArray.from_arrays(
        (np.flatnonzero(is_member) % len(members)).astype(np.uint8), pa.array(members)
    )
    lists = pa.LargeListArray.from_arrays(ends, words, mask=pa.array(unknown))
    return pl.Series(name, pl.from_arrow(lists), dtype=pl.List(pl.Categorical)).cast(pl.List(kind))
