"""What may come of any input: an answer, or coded errors without values, in bounded work."""

from __future__ import annotations

import copy
import faulthandler
import json
import pickle
import resource
import signal
import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from jmentitle.errors import JmentitleError
from jmentitle.language.codes import TITLES

MARKER = "SECRET420802"
"""Stands in inputs where a family's data would; it must never come back in an error."""
SECONDS, MEGABYTES, GIGABYTES = 5, 300, 4
ANSWERS, NO_CASE = "answers", "no case"
LONGEST_ERROR = 300_000
Case = TypeVar("Case")


class FaultError(Exception):
    """What must not come of any input. `kind` is the same for inputs that show the same fault."""

    def __init__(self, kind: str, details: str = "") -> None:
        self.kind = kind
        super().__init__(f"{kind}\n{details}" if details else kind)


class RefusedError(Exception):
    """Raised by a target of which only the text of errors is known, with their codes."""


class NoCaseError(Exception):
    """Raised by a target when what it was given cannot even be made."""


class TooSlowError(BaseException):
    """Raised in code that runs too long; no `except Exception` holds it up."""


def judge(target: Callable[[Case], Iterable[str]], case: Case, *, personal: bool = True) -> str:
    """The outcome of a case: `answers`, or the codes of its errors. Raises FaultError.

    Errors about `personal` cases show no value; the words of a pack they may show.

    The target gives the texts that people would see, or raises what the library raises.
    """
    try:
        with bounded():
            texts = list(target(case))
    except JmentitleError as problem:
        return codes_of(problem, personal=personal)
    except NoCaseError:
        return NO_CASE
    except RefusedError as problem:
        return str(problem)
    except TooSlowError:
        raise FaultError(f"runs for more than {SECONDS} seconds", traceback.format_exc()) from None
    except (FaultError, KeyboardInterrupt):
        raise
    except BaseException as problem:  # a panic of Polars is no Exception
        raise FaultError(
            _kind_of(problem), "".join(traceback.format_exception(problem, limit=-6))
        ) from None
    for text in texts:
        check_text(text, "the answer")
    return ANSWERS


def codes_of(problem: JmentitleError, *, personal: bool = True) -> str:
    """The codes of an error, sorted. Raises FaultError when the error itself is not as it should
    be."""
    if not problem.diagnostics:
        raise FaultError("an error without diagnostics")
    codes = {one.code for one in problem.diagnostics}
    if not codes <= set(TITLES):
        raise FaultError(f"unknown codes {sorted(codes - set(TITLES))}")
    rendered = "\n".join(one.render() for one in problem.diagnostics)
    data = json.dumps([one.to_dict() for one in problem.diagnostics], ensure_ascii=False)
    for text in (str(problem), repr(problem), rendered, data):
        check_error_text(text, sorted(codes), personal=personal)
    for form, again in copies(problem):
        if (
            type(again) is not type(problem)
            or again.diagnostics != problem.diagnostics
            or str(again) != str(problem)
        ):
            raise FaultError(f"an error is not the same after {form}")
    return ", ".join(sorted(codes))


def copies(problem: JmentitleError) -> Iterator[tuple[str, JmentitleError]]:
    for form, copied in (
        ("pickle", lambda: pickle.loads(pickle.dumps(problem))),
        ("copy", lambda: copy.copy(problem)),
        ("deepcopy", lambda: copy.deepcopy(problem)),
    ):
        try:
            again = copied()
        except Exception as failure:
            raise FaultError(
                f"an error does not survive {form}: {type(failure).__name__}"
            ) from None
        yield form, again


def check_error_text(text: str, of: object, *, personal: bool = True) -> None:
    """Raises FaultError where an error shows a value, or is endless."""
    if personal and MARKER in text:
        raise FaultError(f"a value is shown by {of}", text[:2000])
    if len(text) > LONGEST_ERROR:
        raise FaultError(f"an error of {len(text)} characters by {of}")
    check_text(text, f"an error {of}")


def check_text(text: str, of: str) -> None:
    """Raises FaultError where a text could command a terminal or turn round what is read."""
    odd = {
        char
        for char in text
        if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    if odd:
        shown = sorted(f"U+{ord(char):04X}" for char in odd)
        raise FaultError(f"control characters in {of}", f"{shown} in {text[:500]!a}")


@contextmanager
def bounded() -> Iterator[None]:
    """Ends what runs for too long, and what takes more memory than the machine should give."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlowError

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGALRM, signal.SIGPROF)}
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(
        resource.RLIMIT_AS, (pages * resource.getpagesize() + GIGABYTES * 2**30, limits[1])
    )
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(12 * SECONDS)
    # Foreign code that hangs hears no signal: then the process ends.
    faulthandler.dump_traceback_later(24 * SECONDS, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, limits)
        for kind, handler in before.items():
            signal.signal(kind, handler)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) // 1024
    if grown > MEGABYTES:
        raise FaultError("takes too much memory", f"{grown} MB")


def _kind_of(problem: BaseException) -> str:
    """The type of an exception and the last line of the library that it came through."""
    lines = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if "/jmentitle/" in frame.filename
    ]
    place = (
        f"{lines[-1].filename.rpartition('/jmentitle/')[2]}:{lines[-1].name}"
        if lines
        else "the target"
    )
    return f"{type(problem).__name__} in {place}"
