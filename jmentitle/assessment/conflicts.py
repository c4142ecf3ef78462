"""Choices between benefits that exclude each other, and the yearly value of each."""

from __future__ import annotations

from decimal import Decimal

from jmentitle.assessment import models
from jmentitle.assessment.models import BenefitResult, ItemResult, Option
from jmentitle.assessment.offices import label
from jmentitle.language.decimals import decimal_at, whole_at
from jmentitle.pack.model import Conflict, Content

_FEN_PLACES = 2
TIMES_A_YEAR: dict[str | None, int] = {"day": 365, "week": 52, "month": 12, "year": 1, None: 1}


def conflicts_of(content: Content, results: list[ItemResult]) -> list[models.Conflict]:
    """The declared conflicts that touch this family: at least two of their sides are open or
    received, for one person or the household."""
    conflicts = []
    of_item: dict[str, list[ItemResult]] = {}
    for result in results:
        of_item.setdefault(result.item, []).append(result)
    for conflict in content.conflicts.values():
        options = [
            option for reference in conflict.between for option in _options(reference, of_item)
        ]
        for subject in sorted({option.subject for option in options}, key=str):
            mine = [option for option in options if option.subject in (subject, "household")]
            sides = {(option.item, option.benefit) for option in mine}
            if len(sides) > 1 and (
                subject != "household" or all(option.subject == "household" for option in options)
            ):
                conflicts.append(_conflict(conflict, mine))
    return conflicts


def _options(reference: str, of_item: dict[str, list[ItemResult]]) -> list[Option]:
    item, _, name = reference.partition(".")
    options = []
    for result in of_item.get(item, ()):
        for benefit in result.benefits:
            if name in ("", benefit.benefit) and (
                benefit.received or benefit.decision in ("eligible", "discretionary")
            ):
                options.append(
                    Option(
                        item=item,
                        benefit=benefit.benefit,
                        subject=result.subject,
                        name=benefit.name,
                        received=benefit.received,
                        yearly=yearly(benefit),
                    )
                )
    return options


def yearly(benefit: BenefitResult) -> Decimal | None:
    """The yearly value of a benefit in CNY; None unless the amount is exact. Money paid once counts
    once."""
    amount = benefit.amount
    if amount is None or amount.certainty != "exact" or amount.low is None:
        return None
    times = TIMES_A_YEAR[amount.period]
    if amount.lasts_high is not None and amount.lasts_unit == amount.period:
        times = min(times, amount.lasts_high)
    return decimal_at(whole_at(amount.low, _FEN_PLACES)[0] * times, _FEN_PLACES)


def _conflict(conflict: Conflict, options: list[Option]) -> models.Conflict:
    worths = [option.yearly for option in options]
    best = None
    if all(worth is not None for worth in worths):
        ranked = sorted(options, key=lambda option: option.yearly or Decimal(0))
        if len(ranked) > 1 and ranked[-1].yearly != ranked[-2].yearly:
            best = f"{ranked[-1].item}.{ranked[-1].benefit}"
    return models.Conflict(
        id=conflict.id,
        kind=conflict.kind,
        text=label(conflict.text),
        options=options,
        worth_most=best,
        sources=list(conflict.cite),
    )
