"""The doors: the target of each, and how cases are made: the same case from the same seed."""

from __future__ import annotations

import copy
import datetime
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

import polars as pl

from jmentitle.assessment.models import Assessment
from jmentitle.assessment.receipt import with_result_digest
from jmentitle.assessment.replay import as_json
from tests.fuzz import command_line, corpus, mutation, targets
from tests.fuzz.cases import Command, Tables
from tests.fuzz.oracle import MARKER, judge
from tests.support.families import COMPOSITE, FAMILIES, path_of
from tests.support.small_pack import FILES

_DAY = datetime.date(1950, 1, 1)


@dataclass(frozen=True)
class Door:
    """`examples` is how many cases a bounded run tries: what takes longer is tried less.

    Cases are `personal` where errors may show none of their values.
    """

    name: str
    target: Callable[[Any], Iterable[str]]
    case: Callable[[Random], Any]
    examples: int
    personal: bool = True

    def judge(self, case: Any) -> str:
        """The outcome of a case. Raises FaultError."""
        return judge(self.target, case, personal=self.personal)


@cache
def seeds(door: str) -> tuple[Any, ...]:
    """The cases in the corpus of a door from which others are made.

    Values are those that may be accepted: some of the others are too deep to be copied.
    """
    listed = corpus.entries(door)
    return tuple(
        one.case() for one in listed if not door.endswith("values") or "answers" in one.expected
    )


def seed(door: str, dice: Random) -> Any:
    return copy.deepcopy(dice.choice(seeds(door)))


def near_text(door: str, dice: Random) -> bytes:
    """Bytes near a text in the corpus: as text, or as values where it is YAML."""
    data: bytes = seed(door, dice)
    if dice.random() < 0.4 and len(data) < 2000:  # PyYAML is slow
        return mutation.yaml_near(data.decode("utf-8", "replace"), dice)
    return mutation.bytes_near(data, dice)


def household_text(dice: Random) -> bytes:
    if dice.random() < 0.2:
        return mutation.bytes_near(json.dumps(targets.HOUSEHOLD).encode(), dice)
    return near_text("household_text", dice)


def household_values(dice: Random) -> object:
    return mutation.value_near(
        targets.HOUSEHOLD if dice.random() < 0.5 else seed("household_values", dice), dice
    )


def family(dice: Random) -> bytes:
    names = FAMILIES + COMPOSITE
    text = path_of(dice.choice(names)).read_text(encoding="utf-8")
    if dice.random() < 0.4:
        return mutation.yaml_near(text, dice)
    return mutation.bytes_near(text.encode(), dice)


def day(dice: Random) -> object:
    return dice.choice(
        (
            *mutation.VALUES,
            *seeds("days"),
            targets.ON.replace(day=dice.randint(1, 28)),
            str(targets.ON),
            "2018-6-1",
        )
    )


def pack_files(dice: Random) -> dict[str, bytes]:
    files: dict[str, bytes] = (
        seed("pack_files", dice)
        if dice.random() < 0.3
        else {name: text.encode() for name, text in FILES.items()}
    )
    name = dice.choice(sorted(name for name, data in files.items() if isinstance(data, bytes)))
    if dice.random() < 0.5:
        files[name] = mutation.bytes_near(files[name], dice)
    elif name in FILES:
        files[name] = mutation.yaml_near(FILES[name], dice)
    if dice.random() < 0.1:
        files[
            dice.choice(
                ("vocabulary/more.yaml", "items/care/more.yaml", "items/x.yaml", "more.yml")
            )
        ] = files[name]
    return files


def amendment_values(dice: Random) -> object:
    return mutation.value_near(seed("amendment_values", dice), dice)


def record(dice: Random) -> bytes:
    """The text of a record, or a record with other values and a digest that fits them."""
    text = as_json(targets.own_record())
    if dice.random() < 0.4:
        return mutation.bytes_near(text.encode(), dice)
    data = mutation.value_near(
        json.loads(text), dice, (*mutation.TOKENS, 0, 1, -1.5, True, None, [], {}, 10**30)
    )
    try:
        return as_json(
            with_result_digest(Assessment.model_validate_json(json.dumps(data)))
        ).encode()
    except (ValueError, AttributeError, RecursionError):
        return json.dumps(data).encode()


def frames(dice: Random) -> Tables:
    """Columns with some values, names or types that are others, or files with other bytes."""
    rows = dice.randint(1, 3)
    homes = [1, 2][:rows] if dice.random() < 0.7 else ["0012", "1E5"][:rows]
    households: dict[str, list[object]] = {
        "household": list(homes),
        "income": [1000.5, None][:rows],
        "district": ["north", "south"][:rows],
    }
    members: dict[str, list[object]] = {
        "household": [homes[min(at, len(homes) - 1)] for at in range(rows)],
        "member": [["a", "b", "c"], [1, 2, 3]][dice.randrange(2)][:rows],
        "birth_date": [_DAY, None, _DAY][:rows],
        "lives_alone": [True, None, False][:rows],
        "rooms": [2, 3, None][:rows],
        "illnesses": [["stroke"], [], None][:rows],
    }
    kind = dice.choice(("polars", "polars", "pandas", "arrow", "csv", "parquet"))
    if kind in ("csv", "parquet"):
        return Tables(
            kind,
            file_near(kind, members, dice),
            file_near(kind, households, dice) if dice.random() < 0.3 else households,
        )
    for frame in (members, households):
        if dice.random() < 0.7:
            name = dice.choice(sorted(frame))
            column = frame[name]
            column[dice.randrange(len(column))] = dice.choice(mutation.VALUES)
        if dice.random() < 0.1:
            frame[dice.choice(mutation.TOKENS)] = frame.pop(dice.choice(sorted(frame)))
    types = {}
    if kind == "polars" and dice.random() < 0.4:
        types = {dice.choice(sorted({*members, *households})): dice.choice(POLARS_TYPES)}
    return Tables(kind, members, households, types)


POLARS_TYPES = (
    "Int8",
    "UInt8",
    "Int64",
    "UInt64",
    "Int128",
    "Float32",
    "Float64",
    "String",
    "Categorical",
    "Binary",
    "Object",
    "Null",
    "Date",
    "Datetime",
    "Time",
    "Duration",
    "Boolean",
    "Decimal",
)


def file_near(kind: str, columns: dict[str, list[object]], dice: Random) -> bytes:
    flat = {
        name: values for name, values in columns.items() if name != "illnesses" or kind == "parquet"
    }
    written = io.BytesIO()
    frame = pl.DataFrame(flat, strict=False)
    frame.write_csv(written) if kind == "csv" else frame.write_parquet(written)
    return mutation.bytes_near(written.getvalue(), dice)


def command(dice: Random) -> Command:
    """A command of the corpus with other arguments, or with other bytes in one of its files."""
    case: Command = seed("command", dice)
    if case.files and dice.random() < 0.5:
        name = dice.choice(sorted(case.files))
        data = case.files[name]
        return replace(
            case,
            files={
                **case.files,
                name: mutation.bytes_near(data if isinstance(data, bytes) else data.encode(), dice),
            },
        )
    arguments = list(case.arguments)
    at = dice.randint(0, len(arguments) - 1)
    match dice.randrange(4):
        case 0:
            arguments[at] = dice.choice(
                [one for one in mutation.TOKENS if "\0" not in one and MARKER not in one]
            )
        case 1:
            arguments.insert(at, dice.choice(OPTIONS))
        case 2:
            arguments += [dice.choice(OPTIONS), dice.choice(OPERANDS)]
        case _:
            del arguments[at]
    return replace(case, arguments=arguments)


OPTIONS = (
    "--on",
    "--until",
    "--lang",
    "--format",
    "--engine",
    "--overlay",
    "--amend",
    "--member",
    "--benefit",
    "--all",
    "--by",
    "--income",
    "--pack",
)
OPERANDS = (
    "2018-06-01",
    "2018-02-30",
    "json",
    "en",
    "zh-Hant",
    "native",
    "durable",
    "meals",
    "grant",
    "member_1",
    "small",
    "family.yaml",
    "-",
    "",
    "age=18",
)

DOORS = {
    door.name: door
    for door in (
        Door("household_text", targets.household_text, household_text, 30),
        Door("household_values", targets.household_values, household_values, 40),
        Door("family", targets.family, family, 5),
        Door("days", targets.days, day, 20),
        Door("pack_files", targets.pack_files, pack_files, 25, False),
        Door("overlay", targets.overlay, lambda dice: near_text("overlay", dice), 25, False),
        Door(
            "amendment_text",
            targets.amendment_text,
            lambda dice: near_text("amendment_text", dice),
            25,
            False,
        ),
        Door("amendment_values", targets.amendment_values, amendment_values, 25, False),
        Door("record", targets.record, record, 30),
        Door("frames", targets.frames_of, frames, 30),
        Door("command", command_line.command, command, 12),
    )
}
