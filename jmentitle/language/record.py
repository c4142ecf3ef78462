"""Records: immutable values compared by their fields.

To a type checker they are frozen dataclasses. They need less generated code than those, because a
process defines some eighty of them before its first answer.
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
    # Without a docstring, a dataclass would derive one from its signature, which is slow.
    cls.__doc__ = cls.__doc__ or cls.__name__
    record_class = dataclass(repr=False, eq=False)(cls)
    compared = tuple(declared.name for declared in fields(record_class) if declared.compare)  # type: ignore[arg-type]
    values = attrgetter(*compared) if compared else lambda _: ()

    def equal(self: object, other: object) -> bool:
        return self is other or (type(self) is type(other) and bool(values(self) == values(other)))

    def hashed(self: object) -> int:
        return hash((record_class, values(self)))

    def represent(self: object) -> str:
        values_by_name = (f"{name}={getattr(self, name)!r}" for name in compared)
        return f"{record_class.__name__}({', '.join(values_by_name)})"

    record_class.__eq__ = equal  # type: ignore[method-assign]
    record_class.__hash__ = hashed  # type: ignore[method-assign]
    record_class.__repr__ = represent  # type: ignore[method-assign]
    return record_class
