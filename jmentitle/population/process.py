"""The process that Polars works in: its threads do not come along into a fork, where it would wait
for them for ever."""

from __future__ import annotations

import os

from jmentitle.errors import EngineUnavailableError, fail

_owner: int | None = None
"""The process that first read or decided a population."""


def here() -> None:
    """Claim Polars for this process. Raises EngineUnavailableError (JM090) in a fork of the process
    that has it already."""
    global _owner
    if _owner is None:
        _owner = os.getpid()
    elif _owner != os.getpid():
        expected = (
            "a process started with `spawn` or `forkserver`; a fork may still assess single"
            " households"
        )
        fail(
            "JM090",
            "a forked process cannot use populations after its parent has used one",
            path="process",
            expected=expected,
            error=EngineUnavailableError,
        )
