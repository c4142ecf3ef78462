"""The corpus: a folder of small inputs for each door, whose README.md says what must come of each.

`.expr` files hold a Python expression over `cases.NAMES`; all others are the input, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.cases import NAMES, source

FOLDER = Path(__file__).parent / "corpus"
INDEX = "README.md"
REFUSED = "refused"
"""Expected where any code will do."""
_LINE = re.compile(r"\| `(?P<file>[^`|]+)` \| (?P<expected>[^|]+) \| (?P<why>[^|]+) \|")


@dataclass(frozen=True)
class Entry:
    """An input and what must come of it: outcomes of `oracle.judge`, joined by ` or `."""

    door: str
    file: str
    expected: str

    @property
    def path(self) -> Path:
        return FOLDER / self.door / self.file

    def case(self) -> object:
        return read(self.path)

    def allows(self, outcome: str) -> bool:
        """Whether this may come of the input."""
        allowed = self.expected.split(" or ")
        return outcome in allowed or (REFUSED in allowed and outcome.startswith("JM"))


def entries(door: str) -> Iterator[Entry]:
    """What the index of a door lists, in its order."""
    for line in (FOLDER / door / INDEX).read_text(encoding="utf-8").splitlines():
        found = _LINE.fullmatch(line)
        if found:
            yield Entry(door, found["file"], found["expected"].strip())


def read(path: Path) -> object:
    """The case in a file."""
    if path.suffix == ".expr":
        return eval(path.read_text(encoding="utf-8"), dict(NAMES))
    return path.read_bytes()


def write(case: object, path: Path) -> Path:
    """Write a case, as bytes or as an expression; the suffix is chosen accordingly."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(case, bytes):
        path = path.with_suffix(".txt")
        path.write_bytes(case)
    else:
        path = path.with_suffix(".expr")
        path.write_text(source(case) + "\n", encoding="utf-8")
    return path
