"""The golden messages: `tests/diagnostics/<code>.txt` says what to break in the small pack, and
every word that is then said.

A file is a list of cases. Lines that begin with `|` are content; the others are heads: `replace
PATH` … `with` …, `file PATH` (added to the pack, or lying beside it for a command), `household`,
`command`, and at the end of each case `says`.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import jmentitle.population.scale.stream  # noqa: F401  what a command imports for the first time is forgotten with the patch below: numpy bears that once only
from jmentitle.chain import engines
from jmentitle.cli.main import main
from jmentitle.errors import JmentitleError
from jmentitle.profile.validation import parse_text
from tests.support.paths import TESTS
from tests.support.small_city import said_of, small_city
from tests.support.small_pack import ON, diagnostics_of, replaced, small_pack, write

FOLDER = TESTS / "diagnostics"
FAMILY = (
    "household: {district: north, income: 1000}\nmembers: [{birth_date: 1950-01-01, lives_alone:"
    " true}]\n"
)


POPULATION = {
    "households.csv": "household,district\n1,north\n",
    "members.csv": "household,member,birth_date\n1,a,1950-01-01\n",
}
POPULATION["members_of_others.csv"] = POPULATION["members.csv"].replace("1,a", "2,a")


@dataclass
class Case:
    """One mistake, and the whole text that is said of it."""

    code: str
    parts: list[tuple[str, str]] = field(default_factory=list)
    says: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.parts[-1][1].strip()[:40]}"

    def said(self, folder: Path) -> str:
        """What the product says; `folder` is an empty one, and the working directory."""
        overrides: dict[str, str | None] = {}
        place = old = ""
        for head, text in self.parts:
            kind, _, path = head.partition(" ")
            if kind == "replace":
                place, old = path, text
            elif kind == "with" and place == "city.yaml":
                return "\n".join(one.render() for one in said_of(small_city(old, text)))
            elif kind == "with":
                overrides |= replaced(place, old, text)
            elif kind == "file":
                overrides[path] = text
            elif kind == "household":
                return _said_of_household(text)
            elif kind == "command":
                return said_by_command(text, folder, overrides)
        return "\n".join(one.render() for one in diagnostics_of(overrides))


def _said_of_household(text: str) -> str:
    try:
        small_pack().read(parse_text(text), ON)
    except JmentitleError as problem:
        return str(problem)
    return ""


def prepare(folder: Path, files: dict[str, str | None]) -> None:
    """A folder with the small pack, a family, a population of one, a record of its assessment and
    one that was changed, and other files."""
    write(folder / "small")
    for name, text in {"family.yaml": FAMILY, **POPULATION, **files}.items():
        (folder / name).write_text(text or "", encoding="utf-8")
    (folder / "empty").mkdir(exist_ok=True)
    record = run("jmentitle assess family.yaml --format json --on 2018-06-01")[0]
    (folder / "record.json").write_text(record, encoding="utf-8")
    (folder / "changed.json").write_text(
        record.replace('"2018-06-01"', '"2018-06-02"'), encoding="utf-8"
    )


def said_by_command(text: str, folder: Path, files: dict[str, str | None]) -> str:
    """What a command says, on a machine with Python 3.12 and without durable-rules and OpenCC."""
    prepare(folder, files)
    engines.engine.cache_clear()
    absent = patch.dict(sys.modules, {"durable_rules_engine": None, "opencc": None})
    with absent, patch("jmentitle.chain.durable.sys", SimpleNamespace(version_info=(3, 12))):
        return run(text)[1].rstrip("\n")


def run(text: str) -> tuple[str, str]:
    """What one command prints and what it says on standard error; the pack is the small one unless
    the command names another."""
    arguments = shlex.split(text)[1:]
    if "--pack" not in arguments:
        arguments += ["--pack", "small"]
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as errors:
        main(arguments)
    return out.getvalue(), errors.getvalue()


def cases(code: str) -> Iterator[Case]:
    """The cases of one code."""
    case, lines = Case(code), list[str]()
    head = ""
    for line in [*(FOLDER / f"{code}.txt").read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("|"):
            lines.append(line[2:])
            continue
        if head == "says":
            case.says = "\n".join(lines)
            yield case
            case = Case(code)
        elif head:
            case.parts.append((head, "\n".join(lines)))
        head, lines = line, []
