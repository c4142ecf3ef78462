"""Units: products of base units such as `CNY/person/month`.

A unit is a sorted tuple of (base, exponent); the empty tuple is a plain number. Units multiply,
divide and cancel; they are never converted silently: `CNY/month` and `CNY/year` are different
units.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

Unit = tuple[tuple[str, int], ...]

NONE: Unit = ()
CURRENCY = "CNY"
BUILT_IN = frozenset({CURRENCY, "person", "day", "week", "month", "year"})
Period = Literal["day", "week", "month", "year"]
PERIODS: tuple[Period, ...] = get_args(Period)


class UnknownUnitError(ValueError):
    """A base unit of neither the language nor the pack; `args[0]` is its name."""


def parse_unit(text: str, bases: Collection[str]) -> Unit:
    """Read `CNY/person/month`; `none` is the plain number. Raises UnknownUnitError."""
    if text.strip() == "none":
        return NONE
    exponents: dict[str, int] = {}
    for position, base in enumerate(part.strip() for part in text.split("/")):
        if base not in bases:
            raise UnknownUnitError(base)
        exponents[base] = exponents.get(base, 0) + (1 if position == 0 else -1)
    return _normal(exponents)


def multiply(left: Unit, right: Unit) -> Unit:
    exponents = dict(left)
    for base, exponent in right:
        exponents[base] = exponents.get(base, 0) + exponent
    return _normal(exponents)


def divide(left: Unit, right: Unit) -> Unit:
    return multiply(left, tuple((base, -exponent) for base, exponent in right))


def is_money(unit: Unit) -> bool:
    return dict(unit).get(CURRENCY) == 1


def show(unit: Unit) -> str:
    """The unit as it is written in a pack."""
    above = [base for base, exponent in unit for _ in range(exponent)]
    below = [base for base, exponent in sorted(unit, key=_reading_order) for _ in range(-exponent)]
    if not above and not below:
        return "none"
    return "/".join(["*".join(above) or "1", *below])


def period_of(unit: Unit) -> Period | None:
    """The period of an amount: `month` of `CNY/month`; None for a single amount."""
    return next((period for period in PERIODS if (period, -1) in unit), None)


def _normal(exponents: dict[str, int]) -> Unit:
    return tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))


def _reading_order(part: tuple[str, int]) -> tuple[bool, str]:
    return part[0] in PERIODS, part[0]
