"""The output of the commands: standard output, standard error and files. A failure is reported and
has its exit code; a file is written completely or left unchanged."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Never, TextIO

from jmentitle.errors import OutputError, fail
from jmentitle.pack.files import reason_of


class Output(io.TextIOBase):
    """Standard output. Raises OutputError (JM019) where it is closed or full; a reader that has
    gone away stays a BrokenPipeError."""

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        if self.stream is None:
            unwritten("standard output", "it is closed", "an open standard output")
        with reporting_failures("standard output", "a standard output that takes all of it"):
            return self.stream.write(text)

    def flush(self) -> None:
        if self.stream is not None:
            with reporting_failures("standard output", "a standard output that takes all of it"):
                self.stream.flush()


@contextmanager
def standard_output() -> Iterator[None]:
    """Print through `Output`. A failed write is not tried again when the process ends."""
    stream: TextIO | None = sys.stdout
    for each in (sys.stdout, sys.stderr):
        reconfigure = getattr(each, "reconfigure", None)
        if reconfigure is not None:
            # Chinese must not fail on a terminal or pipe with another encoding.
            reconfigure(encoding="utf-8", errors="replace")
    output = Output(stream)
    try:
        with redirect_stdout(output):
            yield
            output.flush()
    except BaseException:
        try:
            output.flush()
        except (OSError, OutputError):
            _abandon(stream)
        raise


def complain(text: str) -> None:
    """Print on standard error; if that is closed or full, nobody can be told."""
    if sys.stderr is None:  # then `print` would take standard output
        return
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _abandon(sys.stderr)


def _abandon(stream: TextIO | None) -> None:
    """Let the rest of a stream go nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        os.close(nowhere)


def unwritten(name: str, reason: str, expected: str) -> Never:
    message = f"the output cannot be written: {reason}"
    fail("JM019", message, path=name, expected=expected, error=OutputError)


@contextmanager
def reporting_failures(name: str, expected: str) -> Iterator[None]:
    """Say why an output cannot be written (JM019)."""
    try:
        yield
    except (BrokenPipeError, OutputError):
        raise
    except (
        OSError,
        ValueError,
    ) as problem:  # a stream that is closed, and a name that no file can have, are wrong values
        unwritten(name, reason_of(problem), expected)


def write_file(name: str, text: str) -> None:
    """Write a file whole, or leave what was there. A link is followed; a device or a pipe is
    written to. Raises OutputError (JM019)."""
    data = text.encode("utf-8", errors="replace")
    with reporting_failures(name, "a file in a writable folder"):
        try:
            before = Path(name).stat()
        except FileNotFoundError:
            before = None
        if before is not None and _is_output(before):
            sys.stdout.write(text)
        elif before is None or stat.S_ISREG(before.st_mode):
            _replace(Path(name).resolve(), data, before)
        elif stat.S_ISDIR(before.st_mode):
            raise OSError(0, "it is a folder")
        else:
            _write_through(name, data)


def _is_output(status: os.stat_result) -> bool:
    """Whether this is where standard output goes already, as with `/dev/stdout`."""
    try:
        return os.path.samestat(status, os.fstat(1))
    except OSError:
        return False


def _replace(path: Path, data: bytes, before: os.stat_result | None) -> None:
    """Replace a file: write the data under another name, and rename it once all of it is on the
    disk, with the permissions and the owner of the former file."""
    if before is not None and not os.access(path, os.W_OK):
        raise PermissionError(0, "permission denied")
    beside = path.with_name(f".{os.getpid()}-{time.time_ns()}.part")
    opened = os.open(
        beside,
        os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0),
        0o666 if before is None else 0o600,
    )
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(opened)
        if before is not None:
            if hasattr(os, "chown"):
                with contextlib.suppress(OSError):  # only the superuser gives files away
                    os.chown(beside, before.st_uid, before.st_gid)
            beside.chmod(stat.S_IMODE(before.st_mode))
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _write_through(name: str, data: bytes) -> None:
    """Opened without waiting: a pipe from which nobody reads would never open."""
    opened = os.open(name, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if hasattr(os, "set_blocking"):
        os.set_blocking(opened, True)
    with os.fdopen(opened, "wb") as file:
        file.write(data)
