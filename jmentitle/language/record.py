"""Records: immutable values compared by their fields.

To a type checker they are frozen dataclasses. They are made with less generated code than those,
because some eighty of them stand on the way from the start of a process to its first answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_T]) -> type[_T]:
    """Make a class of annotated fields a record. Fields with `compare=False` do not count for
    equality."""
    # Without a text of its own, a dataclass would work one out from its signature, which is slow.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made = dataclass(repr=False, eq=False)(cls)
    compared = tuple(one.name for one in fields(made) if one.compare)  # type: ignore[arg-type]
    values = attrgetter(*compared) if compared else lambda _: ()

    def equal(self: object, other: object) -> bool:
        return self is other or (type(self) is type(other) and bool(values(self) == values(other)))

    def hashed(self: object) -> int:
        return hash((made, values(self)))

    def shown(self: object) -> str:
        return (
            f"{made.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in compared)})"
        )

    made.__eq__ = equal  # type: ignore[method-assign]
    made.__hash__ = hashed  # type: ignore[method-assign]
    made.__repr__ = shown  # type: ignore[method-assign]
    return made
