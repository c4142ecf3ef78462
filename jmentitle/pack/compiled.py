"""A loaded pack as bytes, and back: data only, so that bytes from anywhere can make nothing but the
classes of packs.

The bytes hold a JSON list of the texts and plain values that occur, then rows of whole numbers.
Each row makes one object: a kind, the count of its parts, and the parts, which are plain values or
earlier rows. Reading takes time and memory in proportion to the bytes.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from jmentitle.language import tree
from jmentitle.language.diagnostics import Diagnostic, Span
from jmentitle.pack import model
from jmentitle.pack.files import Loaded
from jmentitle.pack.text import Text

_PLAIN = (str, int, bool, type(None))


def _dict(*parts: Any) -> dict[Any, Any]:
    return {_key(key): value for key, value in zip(parts[::2], parts[1::2], strict=True)}


def _tuple(*parts: Any) -> tuple[Any, ...]:
    return parts


def _frozenset(*parts: Any) -> frozenset[Any]:
    return frozenset(map(_key, parts))


def _date(text: Any) -> date:
    return date.fromisoformat(text)


def _key(key: Any) -> Hashable:
    """A key of a pack: a plain value or a few of them. Anything deeper could take for ever to
    hash."""
    for part in key if type(key) is tuple else (key,):
        if not isinstance(part, _PLAIN):
            raise ValueError("not a key of a pack")
    return key  # type: ignore[no-any-return]


def _records() -> list[type]:
    """The classes of packs, in a fixed order."""
    named = [
        (module.__name__, value) for module in (tree, model) for value in vars(module).values()
    ]
    defined = [
        value
        for home, value in named
        if isinstance(value, type) and value.__module__ == home and is_dataclass(value)
    ]
    return [Span, Diagnostic, Text, Loaded, *defined]


_MAKERS: list[Callable[..., Any]] = [_dict, _tuple, _frozenset, _date, *_records()]
_KINDS = {cls: kind for kind, cls in enumerate([dict, tuple, frozenset, date, *_records()])}

_NAMES = {cls: tuple(one.name for one in fields(cls)) for cls in _records() if is_dataclass(cls)}


def to_bytes(loaded: Loaded) -> bytes:
    """A loaded pack as bytes. Raises KeyError for an object that no pack holds."""
    writer = _Writer()
    writer.number(loaded)
    plain = json.dumps(
        [value for _, value in writer.plain], ensure_ascii=False, separators=(",", ":")
    ).encode()
    rows = writer.rows()
    return b"%d %d\n" % (len(plain), len(rows)) + plain + rows.tobytes()


class _Writer:
    """Numbers every object once: plain values by their type and value, the others by their
    identity."""

    def __init__(self) -> None:
        self.plain: dict[tuple[type, object], int] = {}
        self.made: dict[int, int] = {}
        self.kept: list[tuple[int, list[object], object]] = []
        """kind, parts and the object itself, whose identity must last"""

    def number(self, value: object) -> None:
        parts = _parts(value)
        for part in parts:
            if isinstance(part, _PLAIN):
                self.plain.setdefault((type(part), part), len(self.plain))
            elif id(part) not in self.made:
                self.number(part)
        self.made[id(value)] = len(self.kept)
        self.kept.append((_KINDS[type(value)], parts, value))

    def rows(self) -> array[int]:
        rows = array("I")
        for kind, parts, _ in self.kept:
            rows.extend((kind, len(parts)))
            for part in parts:
                rows.append(
                    self.plain[type(part), part]
                    if isinstance(part, _PLAIN)
                    else len(self.plain) + self.made[id(part)]
                )
        return rows


def _parts(value: Any) -> list[object]:
    match value:
        case dict():
            return [part for pair in value.items() for part in pair]
        case tuple():
            return list(value)
        case frozenset():
            return sorted(value)
        case date():
            return [value.isoformat()]
    return [getattr(value, name) for name in _NAMES[type(value)]]


def from_bytes(data: bytes) -> Loaded:
    """The pack that `to_bytes` wrote. Raises ValueError, TypeError, IndexError or OverflowError for
    anything else."""
    head, _, rest = data.partition(b"\n")
    size, count = map(int, head.split())
    made: list[Any] = json.loads(rest[:size])
    if not all(type(value) in _PLAIN for value in made):
        raise ValueError("not a plain value")
    numbers = array("I")
    numbers.frombytes(rest[size:])
    rows = numbers.tolist()
    if len(rows) != count:
        raise ValueError("the rows are not whole")
    part_of = made.__getitem__
    add = made.append
    makers = _MAKERS
    start = 0
    while start < count:
        end = start + 2 + rows[start + 1]
        add(makers[rows[start]](*map(part_of, rows[start + 2 : end])))
        start = end
    loaded = made[-1]
    if type(loaded) is not Loaded:
        raise ValueError("not a pack")
    return loaded
