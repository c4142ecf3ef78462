"""What a notebook shows of comparisons, sensitivities and cliffs: tables of sums and counts, without any id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.pack.model import Content
from jmentitle.pack.text import Text
from jmentitle.population.whatif.words import both, say
from jmentitle.render.html import Html, notebook, table, tag
from jmentitle.render.words import check, money

if TYPE_CHECKING:
    from jmentitle.population.names import Named
    from jmentitle.population.whatif.cliffs import Cliffs
    from jmentitle.population.whatif.compare import Comparison
    from jmentitle.population.whatif.population_cliffs import PopulationCliffs
    from jmentitle.population.whatif.sensitivity import Sensitivity

_CHANGES = (
    "newly_eligible",
    "no_longer_eligible",
    "newly_undetermined",
    "no_longer_undetermined",
    "before_low",
    "after_low",
    "change_low",
    "change_high",
)
_MOVED = ("newly_eligible", "no_longer_eligible", "newly_undetermined", "no_longer_undetermined", "change_low", "change_high")


def comparison_html(comparison: Comparison, language: str) -> Html:
    """What changes in all, by domain and by item; rows in which nothing changes are left out."""
    check(language)
    before, after, items = comparison.before, comparison.after, comparison.items()
    contents = (after.pack.content, before.pack.content)
    whole = items.select(pl.col(*_CHANGES).sum()).row(0, named=True)
    population = before.population
    sizes = {"households": _number(len(population)), "people": _number(len(population.member_ids))}
    lines = [
        say(language, "population", **sizes, before=f"{before.pack.digest[7:19]} {before.on}", after=f"{after.pack.digest[7:19]} {after.on}"),
        say(language, "counts", gained=_number(whole["newly_eligible"]), lost=_number(whole["no_longer_eligible"])),
        say(language, "cost", before=money(whole["before_low"]), after=money(whole["after_low"]), change=money(whole["change_low"])),
        say(language, "unclear", more=_number(whole["newly_undetermined"]), less=_number(whole["no_longer_undetermined"])),
    ]
    domains = items.group_by("domain", maintain_order=True).agg(pl.col(*_CHANGES).sum())
    tables = [
        tag("div", tag("h2", _both(*say(language, heading))), _rows(language, shown, (key, *_CHANGES), partial(_name, contents, key)))
        for heading, key, frame in (("by_domain", "domain", domains), ("by_item", "item", items))
        if (shown := _moved(frame)).height
    ]
    return notebook(_title(say(language, "title")), *map(_line, lines), *(tables or [_line(say(language, "same"))]))


def sensitivity_html(found: Sensitivity, language: str) -> Html:
    """A row for each value."""
    content = found.pack.content
    item, parameter = (both(check(language), *text) for text in (content.items[found.item].name, content.parameters[found.parameter].label))
    own, other = (say(language, "sensitivity", item=item[place], parameter=parameter[place])[place] for place in (0, 1))
    return notebook(_title((own, other)), _rows(language, found.frame, found.frame.columns))


def cliffs_html(found: Cliffs, language: str) -> Html:
    """The steps after which the family has less. The table shows figures of one family: it is for the one who asked."""
    content = found.pack.content
    rows = [
        [_cell(step.at), _cell(step.loss), _cell(step.one_more), tag("span", *_listed(language, content, [one.item for one in step.items]))]
        for step in found.losses
    ]
    headings = [_both(*say(check(language), key)) for key in ("at", "loss", "one_more", "items")]
    shown = table(headings, rows) if rows else _line(say(language, "no_cliffs"))
    return notebook(_title(_of_fact(language, "cliffs", content, found.fact)), shown)


def population_cliffs_html(found: PopulationCliffs, language: str) -> Html:
    """How many lose and how much, and by which items."""
    content, summary = found.comparison.before.pack.content, found.summary()
    words = {name: money(value) if isinstance(value, Decimal) else _number(value) for name, value in summary.items()}
    items = found.items()
    shown = [_rows(language, items, ("item", "households", "change"), partial(_name, (content,), "item"))] if items.height else []
    title = _of_fact(language, "population_cliffs", content, found.fact, by=money(found.by))
    return notebook(_title(title), _line(say(check(language), "losing", **words)), *shown)


def _rows(language: str, frame: pl.DataFrame, columns: Sequence[str], name: Callable[[str], Text] | None = None) -> Html:
    """A table of a frame; the first column is named by `name` where there is one."""
    rows = []
    for row in frame.select(columns).iter_rows():
        first = _cell(row[0]) if name is None else _both(*both(language, *name(row[0])))
        rows.append([first, *map(_cell, row[1:])])
    return table([_both(*say(language, column)) for column in columns], rows)


def _moved(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.any_horizontal(pl.col(name) != 0 for name in _MOVED))


def _name(contents: Iterable[Content], kind: str, id_: str) -> Text:
    """The name of an item or domain, from the first pack that has it."""
    for content in contents:
        if kind == "domain" and id_ in content.domains:
            return content.domains[id_]
        if kind == "item" and id_ in content.items:
            return content.items[id_].name
    return Text(id_, id_)


def _of_fact(language: str, key: str, content: Content, fact: Named, **values: str) -> tuple[str, str]:
    label = content.facts[fact.entity, fact.name].label
    (zh, _), (en, _) = say("zh", key, fact=label.zh, **values), say("en", key, fact=label.en, **values)
    return both(check(language), zh, en)


def _listed(language: str, content: Content, items: Iterable[str]) -> list[object]:
    return [tag("div", _both(*both(language, *content.items[item].name))) for item in items]


def _title(texts: tuple[str, str]) -> Html:
    return tag("h1", _both(*texts))


def _line(texts: tuple[str, str]) -> Html:
    return tag("p", _both(*texts))


def _both(own: str, other: str) -> Html:
    """A text with the other language beside it."""
    return tag("span", own, " ", tag("span", other, class_="foot"))


def _cell(value: object) -> str:
    return money(value) if isinstance(value, Decimal) else _number(value) if isinstance(value, int) else str(value)


def _number(value: int) -> str:
    return f"{value:,}"
