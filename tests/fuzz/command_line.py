"""The target of the command line: a command in a folder of its own."""

from __future__ import annotations

import io
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import partial
from unittest import mock

from jmentitle.cli.main import main
from tests.fuzz.cases import FIFO, Command
from tests.fuzz.oracle import GIGABYTES, SECONDS, FaultError, RefusedError, check_error_text
from tests.fuzz.targets import folder, write
from tests.support.paths import ROOT
from tests.support.small_pack import FILES

_CODE = re.compile(r"\b(?:error|warning) (JM[0-9]{3})|\"code\": \"(JM[0-9]{3})\"")


def command(case: Command) -> Iterable[str]:
    """A command line, run in this process in a folder of its own. Wrong usage has no code."""
    out, err = Stream(), Stream()
    with folder() as place, chdir(place):
        write(place, {f"small/{path}": text for path, text in FILES.items()} | dict(case.files))
        if endless(case):
            return of_command(*apart(case))
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(case.stdin))),
        ):
            try:
                code = main(case.arguments)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
    return of_command(code, out.getvalue(), err.getvalue())


def endless(case: Command) -> bool:
    """Whether a command is to read what never ends: foreign code that waits cannot be stopped."""
    return FIFO in case.files.values() or any(
        argument.startswith("/dev/") for argument in case.arguments
    )


def apart(case: Command) -> tuple[int, str, str]:
    """The exit code, output and errors of a command in a process of its own, with bounds."""
    limit = partial(resource.setrlimit, resource.RLIMIT_AS, (GIGABYTES * 2**30, GIGABYTES * 2**30))
    paths = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "jmentitle", *case.arguments]
    try:
        ended = subprocess.run(
            line,
            input=case.stdin,
            capture_output=True,
            timeout=4 * SECONDS,
            env=paths,
            preexec_fn=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FaultError("a command reads without end") from None
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


def of_command(code: int, out: str, said: str) -> Iterator[str]:
    """What a command printed. Raises RefusedError with the codes of its errors."""
    check_error_text(said, "the command line")
    if code not in (0, 1, 2):
        raise FaultError(f"the exit code {code}")
    if (code == 2) != bool(said.strip()):
        raise FaultError("errors and the exit code do not fit", f"{code}: {said[:300]}")
    codes = {first or second for first, second in _CODE.findall(said)}
    if code == 2:
        raise RefusedError(", ".join(sorted(codes)) or "usage")
    yield out


class Stream(io.StringIO):
    """A stream that lets a command choose the encoding."""

    def reconfigure(self, **_: object) -> None: ...
