"""Tables of comparisons, sensitivities and cliffs: sums and counts, without any id."""

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
from jmentitle.population.names import find_name, title_of
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
    """The changes in total, and by domain and item or by the named groups; rows without a change
    are left out."""
    before = comparison.before
    after = comparison.after
    items = comparison.items()
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
    names_of_columns = {
        kind: (say(language, kind), _namer(contents, kind)) for kind in ("domain", "item", "for")
    }
    if names or bands:
        names_of_columns |= {
            grouping.name: (both(language, *grouping.label), _group_namer(grouping))
            for grouping in comparison.groupings(*names, **(bands or {}))
        }
        breakdown = comparison.by(*names, **(bands or {}))
        frames = [
            (("", ""), breakdown.columns[: breakdown.columns.index("eligible_before")], breakdown)
        ]
    else:
        domains = items.group_by("domain", maintain_order=True).agg(pl.col(*_CHANGES).sum())
        frames = [
            (say(language, "by_domain"), ["domain"], domains),
            (say(language, "by_item"), ["item"], items),
        ]
    tables = [
        _table(language, heading, changed_rows, [*keys, *_CHANGES], names_of_columns)
        for heading, keys, frame in frames
        if (changed_rows := _moved(frame)).height
    ]
    return Report(
        say(language, "title"), [*lines, *([] if tables else [say(language, "same")])], tables
    )


def winners_and_losers_report(
    comparison: Comparison, language: str, income: str, groups: int, *, per_head: bool
) -> Report:
    """Winners and losers by groups of an income."""
    frame = comparison.winners_and_losers(income, groups, per_head=per_head).rename(
        {"undetermined": "undetermined_count"}
    )
    label = with_unit(find_name(comparison.before.pack.content, income, "income"))
    lines = [
        _of_runs(language, comparison.before, comparison.after),
        say(language, "per_head" if per_head else "not_per_head"),
    ]
    (zh, _), (en, _) = say("zh", "fared", income=label.zh), say("en", "fared", income=label.en)
    names_of_columns: Columns = {
        "group": (
            say(language, "group"),
            lambda row: (
                NOT_KNOWN if row["group"] is None else Text(str(row["group"]), str(row["group"]))
            ),
        )
    }
    return Report(
        both(language, zh, en),
        lines,
        [_table(language, ("", ""), frame, ["group", *_FARED], names_of_columns)],
    )


def sensitivity_html(sensitivity: Sensitivity, language: str) -> Html:
    """A row for each value."""
    content = sensitivity.pack.content
    item, parameter = (
        both(check(language), *text)
        for text in (
            content.items[sensitivity.item].name,
            content.parameters[sensitivity.parameter].label,
        )
    )
    first, second = (
        say(language, "sensitivity", item=item[index], parameter=parameter[index])[index]
        for index in (0, 1)
    )
    return Report(
        (first, second),
        tables=[_table(language, ("", ""), sensitivity.frame, sensitivity.frame.columns)],
    ).to_html()


def cliffs_html(cliffs: Cliffs, language: str) -> Html:
    """The steps after which the family has less. The table shows figures of one family: it is for
    the one who asked."""
    content = cliffs.pack.content
    title = _of_fact(language, "cliffs", cliffs.fact)
    if not cliffs.losses:
        return Report(title, [_of_fact(language, "no_cliffs", cliffs.fact)]).to_html()
    rows: list[list[Both | str]] = []
    for step in cliffs.losses:
        names = [content.items[change.item].name for change in step.items]
        items = both(
            language, "、".join(name.zh for name in names), "; ".join(name.en for name in names)
        )
        rows.append([_cell(step.at), _cell(step.loss), _cell(step.one_more), items])
    columns = [
        say(language, "at"),
        say(language, "loss"),
        _of_fact(language, "one_more", cliffs.fact),
        say(language, "items"),
    ]
    return Report(title, tables=[Table(("", ""), columns, rows)]).to_html()


def population_cliffs_html(cliffs: PopulationCliffs, language: str) -> Html:
    """The number of households that lose, the amount, and the items."""
    content = cliffs.comparison.before.pack.content
    summary = cliffs.summary()
    items = cliffs.items()
    words = {
        name: money(value) if isinstance(value, Decimal) else _number(value)
        for name, value in summary.items()
    }
    title = _of_fact(language, "population_cliffs", cliffs.fact, by=money(cliffs.by))
    names_of_columns = {"item": (say(language, "item"), _namer((content,), "item"))}
    tables = (
        [_table(language, ("", ""), items, ("item", "households", "change"), names_of_columns)]
        if items.height
        else []
    )
    return Report(title, [say(language, "losing", **words)], tables).to_html()


def _of_runs(language: str, before: Run, after: Run) -> Both:
    """The packs and days that are compared."""
    runs = [
        {
            side: f"{title_of(run.pack.content, word)} {run.on}"
            for side, run in (("before", before), ("after", after))
        }
        for word in ("zh", "en")
    ]
    (zh, _), (en, _) = say("zh", "packs", **runs[0]), say("en", "packs", **runs[1])
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
    """The name of an item, a domain or an entity, from the first pack that has it."""
    names: dict[str, Text] = (
        {"household": Text("家庭", "household"), "person": Text("个人", "person")}
        if kind == "for"
        else {}
    )
    for content in contents:
        names = {
            **(
                content.domains
                if kind == "domain"
                else {id_: item.name for id_, item in content.items.items()}
            ),
            **names,
        }
    return lambda row: names[row[kind]]


def _group_namer(grouping: Grouping) -> Namer:
    def name(row: Row) -> Text:
        group = row[grouping.name]
        # An item for a household as a whole has no such fact, which is not the same as unknown.
        if grouping.entity == "person" and row["for"] == "household":
            return Text("—", "—")
        return Text(grouping.label_of(group, "zh"), grouping.label_of(group, "en"))

    return name


def _of_fact(language: str, key: str, fact: Named, **values: str) -> Both:
    """A phrase about a fact that rises."""
    unit = fact.type.unit if isinstance(fact.type, tree.Numeric) else ()
    suffix = (
        Text("元", " CNY")
        if units.is_money(unit)
        else Text(unit_text(unit).zh, f" {unit_text(unit).en}")
        if unit
        else Text("", "")
    )
    (zh, _), (en, _) = (
        say("zh", key, fact=fact.label.zh, unit=suffix.zh, **values),
        say("en", key, fact=fact.label.en, unit=suffix.en, **values),
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
