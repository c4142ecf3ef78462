"""The amount of a benefit: exact if possible, otherwise its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jmentitle.chain.specification import Context
from jmentitle.chain.unknowns import Unknowns
from jmentitle.language import evaluator
from jmentitle.language.evaluator import NumberBounds
from jmentitle.language.units import Unit
from jmentitle.pack.model import Pays

Certainty = Literal["exact", "at_least", "at_most", "between", "unpublished", "undetermined"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number at the scale of its formula (money: fen). An `undetermined` amount depends on
    unknown facts; `unpublished` and bounded ones depend on missing publications."""

    certainty: Certainty
    low: int | None
    high: int | None
    unit: Unit
    lasts: NumberBounds | None
    lasts_unit: Unit
    unknowns: Unknowns


def amount_of(pays: Pays, context: Context) -> Amount:
    """The amount of `pays` for this person or household."""
    low, high = evaluator.number(pays.amount, context)
    unknowns = Unknowns()
    unknowns.of_number(pays.amount, context)
    if pays.cap is not None:
        low, high = evaluator.least([(low, high), evaluator.number(pays.cap, context)])
        if low is None or low != high:
            unknowns.of_number(pays.cap, context)
    lasts = None if pays.lasts is None else evaluator.number(pays.lasts, context)
    if low is not None and low == high:
        unknowns = Unknowns()
    return Amount(
        certainty(low, high, unknowns), low, high, pays.unit, lasts, pays.lasts_unit, unknowns
    )


def certainty(low: int | None, high: int | None, unknowns: Unknowns) -> Certainty:
    """The certainty of a number between `low` and `high`. No amount is below 0, so a low of 0 adds
    no information."""
    if low is not None and low == high:
        return "exact"
    if unknowns.facts:
        return "undetermined"
    floor = low is not None and low > 0
    if floor:
        return "at_least" if high is None else "between"
    return "unpublished" if high is None else "at_most"
