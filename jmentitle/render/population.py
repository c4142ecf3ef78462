"""The totals of a population as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from jmentitle.pack.model import Content
from jmentitle.render.columns import aligned
from jmentitle.render.words import money

_COUNTED: dict[str, tuple[str, str]] = {
    "eligible": ("符合", "eligible"),
    "eligible_after": ("办成其他后", "eligible after other applications"),
    "discretionary": ("由机关决定", "the office decides"),
    "undetermined": ("还不能判断", "undetermined"),
    "received": ("已经在领", "received"),
}
_PAID: dict[str, tuple[str, str]] = {
    "yearly_low": ("一年至少（元）", "CNY a year, at least"),
    "yearly_high": ("至多", "at most"),
    "yearly_undetermined": ("待定（元）", "CNY undetermined"),
    "amounts_unknown": ("数额未公布（份）", "unpublished amounts"),
}
_ITEM = ("项目", "item")
_FOR = {"household": ("户", "household"), "person": ("人", "person")}
_SIZE = ("{households:,} 户，{members:,} 人", "{households:,} households, {members:,} members")
Rows = Iterable[Mapping[str, Any]]


def totals_text(
    content: Content, items: Rows, benefits: Rows, counted: Mapping[str, int], language: str
) -> str:
    """A line for each item: the number of households or persons for whom it is open, and its yearly
    amount, without loans, which are repaid. `items` are the rows of `Run.item_totals`, `benefits`
    those of `Run.totals`; `counted` holds the numbers of households and members."""

    def pick(words: tuple[str, str]) -> str:
        return words[0] if language == "zh" else words[1]

    paid = _paid(benefits)
    rows = []
    domains = []
    for row in items:
        item = content.items[str(row["item"])]
        domains.append(item.domain)
        figures = [f"{row[name]:,}" for name in _COUNTED]
        costs = (
            [_amount(paid[item.id][name]) for name in _PAID]
            if item.id in paid
            else [""] * len(_PAID)
        )
        rows.append(
            [
                *figures,
                *costs,
                f"{item.number} {item.name.in_language(language)} ({pick(_FOR[item.entity])})",
            ]
        )
    head, *lines = aligned(
        [*(pick(words) for words in (*_COUNTED.values(), *_PAID.values())), pick(_ITEM)], rows
    )
    text = [f"{content.name.in_language(language)}: {pick(_SIZE).format(**counted)}", "", head]
    for index, line in enumerate(lines):
        if not index or domains[index] != domains[index - 1]:
            text.append(content.domains[domains[index]].in_language(language))
        text.append(line)
    return "\n".join(text) + "\n"


def _paid(benefits: Rows) -> dict[str, dict[str, Decimal | int]]:
    """The money of each item that pays some."""
    paid: dict[str, dict[str, Decimal | int]] = {}
    for row in benefits:
        if row["yearly_low"] is not None and row["kind"] != "loan":
            sums = paid.setdefault(str(row["item"]), dict.fromkeys(_PAID, 0))
            for name in _PAID:
                sums[name] += row[name]
    return paid


def _amount(value: Decimal | int) -> str:
    return money(value) if isinstance(value, Decimal) else f"{value:,}"
