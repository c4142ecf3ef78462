"""Mutations: bytes, texts and values that are nearly right."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import yaml

from tests.fuzz.oracle import MARKER

TOKENS = (
    "on",
    "off",
    "yes",
    "no",
    "true",
    "null",
    "~",
    "0",
    "-1",
    "1_000",
    "９００",
    "0o17",
    "0012",
    "1E5",
    "1e3",
    ".inf",
    ".nan",
    "-0",
    "1:59:59",
    "900.00",
    "0.005",
    "9" * 40,
    "1e999999999",
    "2018-02-30",
    "2018-10-15",
    "2018-10-15T08:00:00Z",
    "0001-01-01",
    "9999-12-31",
    "[]",
    "{}",
    "[[",
    "{a: ",
    "&a",
    "*a",
    "<<: *a",
    "!!python/name:os.system",
    "!!binary aGk=",
    "!x",
    "? a",
    "- ",
    "|\n",
    ">\n",
    "%YAML 1.1\n---\n",
    "---\n",
    "...\n",
    "#",
    "'",
    '"',
    ",",
    ":",
    "\t",
    "\r",
    "\r\n",
    "\0",
    "\x1b[31m",
    "\x07",
    "\x85",
    "\u2028",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u200b",
    "\\ud800",
    "household",
    "members",
    "id",
    "pack",
    "receives",
    "members_complete",
    "birth_date",
    "{zh: 文, en: text}",
    MARKER,
    f"{MARKER}: 1\n",
    "",
)
"""Words with which readers of text have been caught."""

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    900,
    2**31,
    2**63,
    2**64,
    10**40,
    0.1,
    1.1 + 2.2,
    -0.0,
    1e300,
    float("nan"),
    float("inf"),
    Decimal("900.00"),
    Decimal("1E+2"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("1e-999999"),
    Decimal("9" * 40),
    1j,
    "",
    "off",
    "true",
    "900.00",
    "1_000",
    "９００",
    " 900",
    "1e3",
    "2018-02-30",
    "1950-01-01",
    "2018-06-01T08:00:00",
    "north",
    "north\n",
    "household",
    "a\u202eb",
    "\x1b[31m",
    "\ud800",
    MARKER,
    MARKER.encode(),
    b"a",
    bytearray(b"a"),
    datetime.date(1950, 1, 1),
    datetime.datetime(1950, 1, 1),
    datetime.datetime(1950, 1, 1, 8),
    datetime.datetime(1950, 1, 1, tzinfo=datetime.UTC),
    datetime.date.max,
    datetime.date.min,
    [],
    {},
    (),
    set(),
    frozenset({"stroke"}),
    ["stroke"],
    ["stroke", MARKER],
    {MARKER: MARKER},
    [[[[]]]],
    np.float64(1.1),
    np.float32(1.1),
    np.int64(900),
    np.uint64(2**64 - 1),
    np.bool_(True),
    np.str_("north"),
    np.datetime64("1950-01-01"),
    np.datetime64("NaT", "D"),
    np.array(["stroke"]),
    np.array([1.5]),
    np.array([[1, 2], [3, 4]]),
    pd.NA,
    pd.NaT,
    pd.Timestamp("1950-01-01"),
    pd.Timestamp("1950-01-01 08:00"),
    pd.Timestamp("1950-01-01", tz="UTC"),
    Ellipsis,
    range(3),
)
"""Values as callers of a library pass them."""

_WORD = re.compile(r"[^\s:,\[\]{}\"']+")
_ENCODINGS = ("utf-16", "utf-8-sig", "gb18030", "latin-1", "utf-7")


def bytes_near(data: bytes, dice: Random) -> bytes:
    """Bytes with one to four changes: of bits, slices, words, lines or encoding."""
    for _ in range(dice.choice((1, 1, 2, 4))):
        data = dice.choice(
            (_flip, _cut, _repeat, _insert, _word, _word, _word, _lines, _encoding, _nest)
        )(data, dice)
    return data[:200_000]


def value_near(value: object, dice: Random, values: Sequence[object] = VALUES) -> object:
    """A copy of nested mappings and lists in which one to three parts are others."""
    value = copy.deepcopy(value)
    for _ in range(dice.choice((1, 1, 2, 3))):
        places = list(_places(value))
        if not places:
            return dice.choice(values)
        holder, key = dice.choice(places)
        change = dice.choice((_replace, _replace, _replace, _remove, _rename, _wrap, _double))
        change(holder, key, dice, values)
    return value


def yaml_near(text: str, dice: Random) -> bytes:
    """YAML whose values are nearly right, written anew; bytes near what PyYAML cannot read."""
    plain = (*TOKENS, 0, 1, -1, 1.5, True, None, [], {}, 10**20, datetime.date(2018, 6, 1))
    try:
        value = value_near(yaml.safe_load(text), dice, plain)
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode()
    except (ValueError, RecursionError, yaml.YAMLError):
        return bytes_near(text.encode(), dice)


# bytes


def _span(data: bytes, dice: Random) -> tuple[int, int]:
    first = dice.randint(0, len(data))
    return first, min(len(data), first + dice.choice((1, 1, 4, 30, 300)))


def _flip(data: bytes, dice: Random) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]


def _cut(data: bytes, dice: Random) -> bytes:
    first, last = _span(data, dice)
    return data[:first] if dice.random() < 0.2 else data[:first] + data[last:]


def _repeat(data: bytes, dice: Random) -> bytes:
    first, last = _span(data, dice)
    return data[:first] + data[first:last] * dice.choice((2, 2, 3, 50, 500)) + data[last:]


def _insert(data: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.choice(TOKENS).encode() + data[at:]


def _word(data: bytes, dice: Random) -> bytes:
    text = data.decode("utf-8", "surrogateescape")
    words = list(_WORD.finditer(text))
    if not words:
        return _insert(data, dice)
    word = dice.choice(words)
    other = dice.choice(TOKENS) if dice.random() < 0.7 else dice.choice(words).group()
    return (text[: word.start()] + other + text[word.end() :]).encode("utf-8", "surrogateescape")


def _lines(data: bytes, dice: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    match dice.randrange(4):
        case 0:
            dice.shuffle(lines)
        case 1:
            return data.replace(b"\n", dice.choice((b"\r\n", b"\r", b"\n\n", b"\xc2\x85")))
        case 2 if lines:
            lines.insert(dice.randint(0, len(lines)), dice.choice(lines))
        case _ if lines:
            at = dice.randrange(len(lines))
            lines[at] = b" " * dice.randint(1, 9) + lines[at]
    return b"".join(lines)


def _encoding(data: bytes, dice: Random) -> bytes:
    return data.decode("utf-8", "replace").encode(dice.choice(_ENCODINGS), "replace")


def _nest(data: bytes, dice: Random) -> bytes:
    first, last = _span(data, dice)
    opening, closing = dice.choice(
        ((b"[", b"]"), (b"{a: ", b"}"), (b'{"a": ', b"}"), (b"(", b")"), (b"- ", b""))
    )
    deep = dice.choice((1, 3, 60, 2000))
    return data[:first] + opening * deep + data[first:last] + closing * deep + data[last:]


# values


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every place in nested mappings and lists, as the holder and its key."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _replace(holder: Any, key: Any, dice: Random, values: Sequence[object]) -> None:
    holder[key] = copy.copy(dice.choice(values))


def _remove(holder: Any, key: Any, _dice: Random, _values: Sequence[object]) -> None:
    if key in holder if isinstance(holder, dict) else key < len(holder):
        del holder[key]


def _rename(holder: Any, key: Any, dice: Random, values: Sequence[object]) -> None:
    """The value under another key: a similar one, or any value that can be one."""
    if not isinstance(holder, dict):
        return
    text = str(key)
    other = dice.choice(
        (
            text[:-1],
            text + "s",
            text.upper(),
            text + "\u202e",
            dice.choice(TOKENS),
            dice.choice(values),
        )
    )
    try:
        holder[other] = holder.pop(key)
    except TypeError:  # not every value can be a key
        holder[text + "_"] = None


def _wrap(holder: Any, key: Any, dice: Random, _values: Sequence[object]) -> None:
    for _ in range(dice.choice((1, 1, 2, 80, 200))):
        holder[key] = (
            [holder[key]]
            if dice.random() < 0.5
            else {dice.choice(("a", "value", MARKER)): holder[key]}
        )


def _double(holder: Any, key: Any, dice: Random, _values: Sequence[object]) -> None:
    if isinstance(holder, list):
        holder.extend([holder[key]] * dice.choice((1, 1, 3, 60)))
    elif isinstance(holder[key], list):
        holder[key] = holder[key] * dice.choice((0, 2, 3, 60))


# making cases small


def smaller(case: object, fails: Callable[[object], bool], tries: int = 300) -> object:
    """A case that fails as well and is smaller, when one is found within some tries."""
    reduced = True
    while reduced and tries > 0:
        reduced = False
        for candidate in _parts(case):
            tries -= 1
            if tries <= 0:
                break
            if fails(candidate):
                case, reduced = candidate, True
                break
    return case


def _parts(case: object) -> Iterator[object]:
    if isinstance(case, bytes):
        size = len(case) // 2
        while size:
            for first in range(0, len(case), size):
                yield case[:first] + case[first + size :]
            size //= 2
    elif isinstance(case, Mapping):
        for key in case:
            yield {name: value for name, value in case.items() if name is not key}
        for key, value in case.items():
            for part in _parts(value):
                yield {name: part if name is key else inner for name, inner in case.items()}
    elif isinstance(case, list):
        for at in range(len(case)):
            yield case[:at] + case[at + 1 :]
        for at, value in enumerate(case):
            for part in _parts(value):
                yield [*case[:at], part, *case[at + 1 :]]
