"""Arguments of public calls, checked for their kind before use."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, TypeVar

from jmentitle.errors import fail
from jmentitle.language.diagnostics import nearest_name

_T = TypeVar("_T")
PACK = "a pack, as `load_pack` gives it"
RUN = "a run, as `Pack.run` gives it"
POPULATION = "a population, as `Pack.population` gives it"
PROFILE = "a profile, as `Pack.read` gives it"
ASSESSMENT = "an assessment, as `Pack.assess` gives it"


def of_kind(value: object, kind: type[_T], path: str, expected: str) -> _T:
    """The argument, an instance of `kind`. Raises ArgumentError (JM072)."""
    if not isinstance(value, kind):
        fail("JM072", "the argument is of another kind", path=path, expected=expected)
    return value


def one_of(value: object, allowed: Iterable[str], path: str) -> str:
    """The argument, one of the `allowed` words. Raises ArgumentError (JM073)."""
    words = tuple(allowed)
    word = value if isinstance(value, str) else ""
    if word not in words:
        fail(
            "JM073",
            "unknown value",
            path=path,
            expected=", ".join(words),
            suggestion=nearest_name(word, words),
        )
    return word


def known_item(value: object, ids: Collection[str], path: str = "item") -> str:
    """The argument, the id of an item. Raises ArgumentError (JM093)."""
    word = value if isinstance(value, str) else ""
    if word not in ids:
        fail(
            "JM093",
            "unknown item",
            path=path,
            expected="an id of `jmentitle items`",
            suggestion=nearest_name(word, ids),
        )
    return word


def list_of(value: object, path: str, expected: str) -> list[Any]:
    """The argument as a list; a text is not a list. Raises ArgumentError (JM072)."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        fail("JM072", "expected a list", path=path, expected=expected)
    return list(value)


def file_path(value: object, path: str) -> Path:
    """The argument, the path of a file or folder. Raises ArgumentError (JM072)."""
    if not isinstance(value, str | Path):
        fail("JM072", "expected a path", path=path, expected="a text or a Path")
    return Path(value)
