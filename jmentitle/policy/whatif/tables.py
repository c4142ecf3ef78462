"""What comparisons, sensitivities and cliffs show: tables of sums and counts, without any id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from jmentitle.assessment.display import Html
from jmentitle.language import tree, units
from jmentitle.pack.model import Content
from jmentitle.pack.text import Text
from jmentitle.policy.whatif.bilingual_report import Both, Report, Table
from jmentitle.policy.whatif.words import both, say
from jmentitle.population.groups import NOT_KNOWN, unit_text, with_unit
from jmentitle.population.names import named, title_of
from jmentitle.render.words import check, money

if TYPE_CHECKING:
    from jmentitle.policy.whatif.cliffs import Cliffs
    from jmentitle.policy.whatif.compare import Comparison
    from jmentitle.policy.whatif.population_cliffs import PopulationCliffs
    from jmentitle.policy.whatif.sensitivity import Sensitivity
    from jmentitle.population.groups import Bands, Grouping
    from jmentitle.population.names import Named
    from jmentitle.population.run import Run

_MOVED = (
    "newly_eligible",
    "no_longer_eligible",
    "newly_undetermined",
    "no_longer_undetermined",
    "change_low",
    "change_high",
)
_CHANGES = (*_MOVED[:4], "before_low", "after_low", "change_low", "change_high")
_FARED = (
    "households",
    "income_from",
    "income_to",
    "winners",
    "losers",
    "unchanged",
    "undetermined_count",
    "mean_change",
    "total_change",
)
Row = dict[str, Any]
Namer = Callable[[Row], Text]
Columns = dict[str, tuple[Both, Namer]]


def comparison_report(
    comparison: Comparison,
    language: str,
    names: Sequence[str] = (),
    bands: dict[str, Bands | None] | None = None,
) -> Report:
    """What changes in all, and by domain and item or by the groups that are named; rows in which
    nothing changes are left out."""
    before, after, items = comparison.before, comparison.after, comparison.items()
    contents = (after.pack.content, before.pack.content)
    whole = items.select(pl.col(*_CHANGES).sum()).row(0, named=True)
    population = before.population
    sizes = {"households": _number(len(population)), "people": _number(len(population.member_ids))}
    lines = [
        say(language, "population", **sizes),
        _of_runs(language, before, after),
        say(
            language,
            "counts",
            gained=_number(whole["newly_eligible"]),
            lost=_number(whole["no_longer_eligible"]),
        ),
        say(
            language,
            "cost",
            before=money(whole["before_low"]),
            after=money(whole["after_low"]),
            change=money(whole["change_low"]),
        ),
        say(
            language,
            "unclear",
            more=_number(whole["newly_undetermined"]),
            less=_number(whole["no_longer_undetermined"]),
        ),
    ]
    own = {
        kind: (say(language, kind), _namer(contents, kind)) for kind in ("domain", "item", "for")
    }
    if names or bands:
        own |= {
            one.name: (both(language, *one.label), _group_namer(one))
            for one in comparison.groupings(*names, **(bands or {}))
        }
        found = comparison.by(*names, **(bands or {}))
        frames = [(("", ""), found.columns[: found.columns.index("eligible_before")], found)]
    else:
        domains = items.group_by("domain", maintain_order=True).agg(pl.col(*_CHANGES).sum())
        frames = [
            (say(language, "by_domain"), ["domain"], domains),
            (say(language, "by_item"), ["item"], items),
        ]
    tables = [
        _table(language, heading, shown, [*keys, *_CHANGES], own)
        for heading, keys, frame in frames
        if (shown := _moved(frame)).height
    ]
    return Report(
        say(language, "title"), [*lines, *([] if tables else [say(language, "same")])], tables
    )


def fared_report(
    comparison: Comparison, language: str, income: str, groups: int, *, per_head: bool
) -> Report:
    """Winners and losers by groups of an income."""
    frame = comparison.winners_and_losers(income, groups, per_head=per_head).rename(
        {"undetermined": "undetermined_count"}
    )
    label = with_unit(named(comparison.before.pack.content, income, "income"))
    lines = [
        _of_runs(language, comparison.before, comparison.after),
        say(language, "per_head" if per_head else "not_per_head"),
    ]
    (zh, _), (en, _) = say("zh", "fared", income=label.zh), say("en", "fared", income=label.en)
    own: Columns = {
        "group": (
            say(language, "group"),
            lambda row: (
                NOT_KNOWN if row["group"] is None else Text(str(row["group"]), str(row["group"]))
            ),
        )
    }
    return Report(
        both(language, zh, en), lines, [_table(language, ("", ""), frame, ["group", *_FARED], own)]
    )


def sensitivity_html(found: Sensitivity, language: str) -> Html:
    """A row for each value."""
    content = found.pack.content
    item, parameter = (
        both(check(language), *text)
        for text in (content.items[found.item].name, content.parameters[found.parameter].label)
    )
    own, other = (
        say(language, "sensitivity", item=item[index], parameter=parameter[index])[index]
        for index in (0, 1)
    )
    return Report(
        (own, other), tables=[_table(language, ("", ""), found.frame, found.frame.columns)]
    ).to_html()


def cliffs_html(found: Cliffs, language: str) -> Html:
    """The steps after which the family has less. The table shows figures of one family: it is for
    the one who asked."""
    content, title = found.pack.content, _of_fact(language, "cliffs", found.fact)
    if not found.losses:
        return Report(title, [_of_fact(language, "no_cliffs", found.fact)]).to_html()
    rows: list[list[Both | str]] = []
    for step in found.losses:
        names = [content.items[one.item].name for one in step.items]
        items = both(
            language, "、".join(name.zh for name in names), "; ".join(name.en for name in names)
        )
        rows.append([_cell(step.at), _cell(step.loss), _cell(step.one_more), items])
    columns = [
        say(language, "at"),
        say(language, "loss"),
        _of_fact(language, "one_more", found.fact),
        say(language, "items"),
    ]
    return Report(title, tables=[Table(("", ""), columns, rows)]).to_html()


def population_cliffs_html(found: PopulationCliffs, language: str) -> Html:
    """How many lose and how much, and by which items."""
    content, summary, items = found.comparison.before.pack.content, found.summary(), found.items()
    words = {
        name: money(value) if isinstance(value, Decimal) else _number(value)
        for name, value in summary.items()
    }
    title = _of_fact(language, "population_cliffs", found.fact, by=money(found.by))
    own = {"item": (say(language, "item"), _namer((content,), "item"))}
    shown = (
        [_table(language, ("", ""), items, ("item", "households", "change"), own)]
        if items.height
        else []
    )
    return Report(title, [say(language, "losing", **words)], shown).to_html()


def _of_runs(language: str, before: Run, after: Run) -> Both:
    """Which packs and days are compared."""
    told = [
        {
            side: f"{title_of(run.pack.content, word)} {run.on}"
            for side, run in (("before", before), ("after", after))
        }
        for word in ("zh", "en")
    ]
    (zh, _), (en, _) = say("zh", "packs", **told[0]), say("en", "packs", **told[1])
    return both(language, zh, en)


def _table(
    language: str,
    heading: Both,
    frame: pl.DataFrame,
    columns: Sequence[str],
    own: Columns | None = None,
) -> Table:
    """A table of a frame; the columns of `own` hold names, with their headings, the others
    figures."""
    names = own or {}
    rows = [
        [
            both(language, *names[column][1](row)) if column in names else _cell(row[column])
            for column in columns
        ]
        for row in frame.select(columns).iter_rows(named=True)
    ]
    return Table(
        heading,
        [names[column][0] if column in names else say(language, column) for column in columns],
        rows,
    )


def _moved(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.any_horizontal(pl.col(name) != 0 for name in _MOVED))


def _namer(contents: Iterable[Content], kind: str) -> Namer:
    """How an item, a domain or an entity is called, by the first pack that has it."""
    known: dict[str, Text] = (
        {"household": Text("家庭", "household"), "person": Text("个人", "person")}
        if kind == "for"
        else {}
    )
    for content in contents:
        known = {
            **(
                content.domains
                if kind == "domain"
                else {id_: item.name for id_, item in content.items.items()}
            ),
            **known,
        }
    return lambda row: known[row[kind]]


def _group_namer(grouping: Grouping) -> Namer:
    def name(row: Row) -> Text:
        group = row[grouping.name]
        # What is for a household as a whole has no such fact: that is not the same as not knowing
        # it.
        if grouping.entity == "person" and row["for"] == "household":
            return Text("—", "—")
        return Text(grouping.said(group, "zh"), grouping.said(group, "en"))

    return name


def _of_fact(language: str, key: str, fact: Named, **values: str) -> Both:
    """A phrase about a fact that rises."""
    unit = fact.type.unit if isinstance(fact.type, tree.Numeric) else ()
    one = (
        Text("元", " CNY")
        if units.is_money(unit)
        else Text(unit_text(unit).zh, f" {unit_text(unit).en}")
        if unit
        else Text("", "")
    )
    (zh, _), (en, _) = (
        say("zh", key, fact=fact.label.zh, unit=one.zh, **values),
        say("en", key, fact=fact.label.en, unit=one.en, **values),
    )
    return both(check(language), zh, en)


def _cell(value: object) -> str:
    return (
        "—"
        if value is None
        else money(value)
        if isinstance(value, Decimal)
        else _number(value)
        if isinstance(value, int)
        else str(value)
    )


def _number(value: int) -> str:
    return f"{value:,}"
