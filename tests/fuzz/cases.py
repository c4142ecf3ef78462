"""Cases that are more than bytes or a plain value, and how cases are written in the corpus."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from jmentitle.assessment.replay import as_json
from tests.fuzz.oracle import MARKER
from tests.support.small_pack import FILES, ON, small_pack

Kind = Literal["polars", "pandas", "arrow", "csv", "parquet"]
Columns = Mapping[str, object]
FIFO = "a pipe that nobody writes to"
"""In the place of a file's bytes."""


@dataclass(frozen=True)
class Tables:
    """Two frames: columns for frames in memory, bytes for files.

    `types` names the types of some columns, as the library of the frame does.
    """

    kind: Kind
    members: Any
    households: Any = field(default_factory=lambda: {"household": [1]})
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """A command line, run in a folder that holds `files` and the small pack in `small`."""

    arguments: list[str]
    files: Mapping[str, bytes | str] = field(default_factory=dict)
    stdin: bytes = b""


def small(path: str = "", old: str = "", new: str = "", **more: bytes) -> dict[str, bytes]:
    """The files of the small pack; in one of them `old` is `new`."""
    files = {name: text.encode() for name, text in FILES.items()}
    if path:
        assert old.encode() in files[path], f"{old!r} is not in {path}"
        files[path] = files[path].replace(old.encode(), new.encode())
    return files | more


def own_record(receipt: Mapping[str, str] | None = None) -> bytes:
    """A record of the small pack, in whose receipt some fields are others."""
    data = json.loads(as_json(small_pack().assess({"members": [{"birth_date": "1950-01-01"}]}, ON)))
    data["receipt"] |= receipt or {}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


NAMES: dict[str, object] = {
    "Command": Command,
    "Decimal": Decimal,
    "FIFO": FIFO,
    "MARKER": MARKER,
    "Tables": Tables,
    "datetime": datetime,
    "inf": float("inf"),
    "nan": float("nan"),
    "np": np,
    "own_record": own_record,
    "pd": pd,
    "small": small,
}
"""What an expression in the corpus may use."""


def source(value: object) -> str:
    """A case as a Python expression over `NAMES`."""
    match value:
        case Mapping():
            return (
                "{"
                + ", ".join(f"{source(key)}: {source(inner)}" for key, inner in value.items())
                + "}"
            )
        case list():
            return "[" + ", ".join(map(source, value)) + "]"
        case tuple():
            return "(" + "".join(f"{source(inner)}, " for inner in value) + ")"
        case Tables():
            columns = f"{source(value.members)}, {source(value.households)}"
            return f"Tables({value.kind!r}, {columns}, {source(value.types)})"
        case Command():
            return f"Command({value.arguments!r}, {dict(value.files)!r}, {value.stdin!r})"
        case np.generic():
            inner = str(value) if isinstance(value, np.datetime64) else value.item()
            return f"np.{type(value).__name__}({source(inner)})"
        case np.ndarray():
            return f"np.array({source(value.tolist())})"
        case pd.Timestamp():
            return f"pd.Timestamp({str(value)!r})"
    if value is pd.NaT or value is pd.NA:
        return "pd.NaT" if value is pd.NaT else "pd.NA"
    return repr(value)
