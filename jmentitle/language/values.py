"""Single values of a caller: truths, days, numbers, lists and ids.

Every way in (plain values, typed profiles, files, calls with a day) reads with these functions, so
that none is laxer than another. Nothing is coerced: values of any other kind are refused. Scalars
of numpy and pandas are recognised without importing either.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Any

from jmentitle.errors import fail
from jmentitle.language.codes import Code
from jmentitle.language.diagnostics import nearest_name

MemberId = str | int
"""The id of a member, kept as it came."""
DayGiven = date | str
"""A day in a call: a date, a datetime at midnight, or a text YYYY-MM-DD."""
HOUSEHOLD_ID = "household"
"""The id of the household itself in results; no member has it."""
MAX_ID = 64

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL_TEXT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SPEAKING_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
_FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_PLAIN = frozenset({type(None), bool, int, float, str, Decimal, date, list, tuple, dict})
_MAX_DIGITS = 60
_MAX_BITS = 128
_MAX_EXPONENT = 30
_COARSE = ("generic", "Y", "M", "W")
"""Units of numpy's dates that are longer than a day."""


class RefusedValueError(Exception):
    """A refused value: `code` and `message` never contain the value itself."""

    def __init__(self, code: Code, message: str, expected: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.expected = expected

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the whole error, with the notes that a caller has added."""
        return type(self), (self.code, self.message, self.expected), vars(self)


def plain(value: object) -> object:
    """A value of numpy or pandas as the equal plain value, and their missing values as None; any
    other value unchanged."""
    if type(value) in _PLAIN:
        return value
    pandas = sys.modules.get("pandas")
    numpy = sys.modules.get("numpy")
    if pandas is not None and any(value is getattr(pandas, name, None) for name in ("NA", "NaT")):
        return None
    return value if numpy is None else _of_numpy(numpy, value)


def truth(value: object) -> bool:
    """A truth value. Raises RefusedValueError (JM072), as all functions below."""
    value = plain(value)
    if isinstance(value, bool):
        return value
    raise RefusedValueError("JM072", "expected a truth value", "true or false")


def day(value: object) -> date:
    """A date, a datetime at midnight without a time zone, or a text YYYY-MM-DD."""
    value = plain(value)
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            raise RefusedValueError("JM072", "expected a date without a time zone", "YYYY-MM-DD")
        if value.time() != time() or getattr(value, "nanosecond", False):
            raise RefusedValueError("JM072", "expected a date without a time of day", "YYYY-MM-DD")
        return value.date()
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise RefusedValueError("JM072", "expected a date", "YYYY-MM-DD")


def number(value: object, *, text: bool = False) -> Decimal:
    """A number as exactly as it was written, in at most 60 digits: a float is read as the shortest
    decimal of its own type. `text` also takes decimal text, such as `900.00`.

    Raises RefusedValueError: JM072, or JM075 for infinite numbers and too many digits.
    """
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise RefusedValueError("JM072", "expected a number")
    if isinstance(value, str):
        if not text or not _DECIMAL_TEXT.fullmatch(value):
            raise RefusedValueError("JM072", "expected a number")
        too_long = len(value) > _MAX_DIGITS
    else:
        too_long = isinstance(value, int) and value.bit_length() > _MAX_BITS
    if not too_long:
        exact = Decimal(float.__repr__(value) if isinstance(value, float) else value)
        _, digits, _ = exact.as_tuple()
        if (
            exact.is_finite()
            and len(digits) <= _MAX_DIGITS
            and abs(exact.adjusted()) <= _MAX_EXPONENT
        ):
            return exact
    raise RefusedValueError("JM075", "the number is out of range")


def several(value: object) -> list[object]:
    """A list, tuple, set or one-dimensional array."""
    value = plain(value)
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    raise RefusedValueError("JM072", "expected a list")


def member_id(value: object) -> MemberId:
    """An id, unchanged: a text of at most 64 printable characters, or a whole number."""
    value = plain(value)
    if isinstance(value, str):
        if value == HOUSEHOLD_ID:
            raise RefusedValueError(
                "JM072", "the id is reserved for the household itself", "another id"
            )
        if 0 < len(value) <= MAX_ID and value.isprintable():
            return str.__str__(value)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**MAX_ID:
        return int(value)
    expected = f"a text of 1 to {MAX_ID} printable characters or a whole number, never a name"
    raise RefusedValueError("JM072", "expected an id", expected)


def shown_id(id_: object) -> str:
    """An id for a message or representation: a short word unchanged, any other id as `…`, because
    it may identify a person."""
    return id_ if isinstance(id_, str) and _SPEAKING_ID.fullmatch(id_) else "…"


def shown_name(name: object) -> str:
    """A key or column name for a message: the form of a fact's name unchanged, any other text as
    `…`, because it may be data in the wrong place."""
    return name if isinstance(name, str) and _FACT_NAME.fullmatch(name) else "…"


def index_of(ids: Sequence[MemberId], member: MemberId, path: str = "member") -> int:
    """The index of a member among the ids of a household; the number 7 and the text `7` are the
    same id. Raises ArgumentError (JM094)."""
    texts = [str(id_) for id_ in ids]
    if str(member) not in texts:
        named = [id_ for id_ in texts if shown_id(id_) == id_]
        fail(
            "JM094",
            "unknown member of the household",
            path=path,
            expected=", ".join(named) or "an id of the household file",
            suggestion=nearest_name(str(member), named),
        )
    return texts.index(str(member))


def day_of_call(value: object, path: str) -> date:
    """The day of an argument of a call; `path` is the name of the argument. Raises ArgumentError
    (JM072), also for a missing day: none is guessed."""
    if type(value) is date:
        return value
    try:
        return day(value)
    except RefusedValueError as problem:
        fail(problem.code, problem.message, path=path, expected=problem.expected)


def _of_numpy(numpy: ModuleType, value: Any) -> object:
    if not hasattr(numpy, "generic"):  # another thread is just importing it
        return value
    if isinstance(value, numpy.ndarray):
        return list(value) if value.ndim == 1 else value
    if not isinstance(value, numpy.generic):
        return value
    if isinstance(value, numpy.bool_):
        return bool(value)
    if isinstance(value, numpy.integer) and not isinstance(value, numpy.timedelta64):
        return int(value)
    if isinstance(value, numpy.floating):
        if not numpy.isfinite(value):
            return float(value)
        return Decimal(numpy.format_float_positional(value, unique=True, trim="-"))
    if isinstance(value, numpy.str_):
        return str.__str__(value)
    if isinstance(value, numpy.datetime64):
        return _of_numpy_date(numpy, value)
    return value


def _of_numpy_date(numpy: ModuleType, value: Any) -> object:
    if numpy.isnat(value):
        return None
    if numpy.datetime_data(value.dtype)[0] in _COARSE:
        return value
    midnight = value.astype("datetime64[D]")
    moment = midnight.item()
    # For years outside the range of Python, numpy gives a number.
    return moment if midnight == value and isinstance(moment, date) else value
