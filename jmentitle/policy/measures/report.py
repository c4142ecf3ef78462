"""Indicators and coverage as texts and tables, with what cannot be computed and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jmentitle.assessment.display import Html
from jmentitle.pack.model import Content, Indicator
from jmentitle.policy.measures.coverage import Coverage
from jmentitle.policy.measures.indicators import Indicators
from jmentitle.policy.measures.words import between, percent, say
from jmentitle.population.groups import Grouping
from jmentitle.render.document import Document, Entry, Line, Section
from jmentitle.render.html import notebook_html, table, tag
from jmentitle.render.text import document_text
from jmentitle.render.words import join, say_date

Row = dict[str, Any]


def share(row: Row) -> str:
    return between(percent(row[name]) for name in ("rate_low", "rate_high"))


def number(count: object) -> str:
    return f"{count:,}"


def _range(row: Row, low: str, high: str) -> str:
    return between(number(row[name]) for name in (low, high))


def _counted(language: str, row: Row, text: str) -> str:
    return say(language, "persons" if row["for"] == "person" else "households", count=text)


def _group(by: Grouping | None, row: Row, language: str) -> str:
    return "" if by is None else by.label_of(row[by.name], language)


def _under(result: Indicators | Coverage, language: str) -> tuple[str, ...]:
    split = (
        ()
        if result.by is None
        else (say(language, "by", name=result.by.label.in_language(language)),)
    )
    size = say(language, "size", households=number(result.households), people=number(result.people))
    return (
        say(language, "on", on=say_date(language, result.on)),
        size,
        *split,
        say(language, "ranges"),
    )


# indicators
# --------------------------------------------------------------------------------------------------


def indicators_text(indicators: Indicators, language: str) -> str:
    return document_text(indicators_document(indicators, language), language)


def indicators_document(indicators: Indicators, language: str) -> Document:
    content = indicators.content
    computed = tuple(
        Entry(
            indicator.name.in_language(language),
            lines=tuple(_indicator_lines(indicators, indicator, language)),
            number=indicator.number,
        )
        for indicator in content.indicators.values()
        if indicator.id not in indicators.why_not
    )
    cannot = tuple(
        Entry(
            indicator.name.in_language(language),
            lines=(
                Line("reason", indicators.why_not[indicator.id].in_language(language)),
                Line("note", indicator.note.in_language(language)),
                Line("target", say(language, "target", target=_target(indicator, language))),
                Line(
                    "source", say(language, "source", sources=join(language, list(indicator.cite)))
                ),
            ),
            number=indicator.number,
        )
        for indicator in content.indicators.values()
        if indicator.id in indicators.why_not
    )
    sections = (
        Section("computed", say(language, "computed"), computed),
        Section("cannot", say(language, "cannot"), cannot),
    )
    title = say(language, "indicators", pack=content.name.in_language(language))
    return Document(title, _under(indicators, language), sections, ())


def _indicator_lines(indicators: Indicators, indicator: Indicator, language: str) -> Iterator[Line]:
    yield Line("note", indicator.note.in_language(language))
    for row in _rows_of(indicators, indicator):
        group = _group(indicators.by, row, language)
        parts = [_rate(row, language)]
        if row["undetermined"]:
            parts.append(
                say(
                    language,
                    "undetermined",
                    count=_counted(language, row, number(row["undetermined"])),
                )
            )
        if row["undetermined"] and row["rate_known"] is not None:
            parts.append(say(language, "known_share", share=percent(row["rate_known"])))
        yield Line(
            "rate",
            ("；" if language == "zh" else "; ").join(parts)
            if not group
            else f"{group}: {parts[0]}",
        )
    yield Line("target", say(language, "target", target=_target(indicator, language)))
    yield Line("source", say(language, "source", sources=join(language, list(indicator.cite))))


def _rows_of(indicators: Indicators, indicator: Indicator) -> list[Row]:
    return indicators.frame.filter(indicator=indicator.id).to_dicts()


def _rate(row: Row, language: str) -> str:
    if row["rate_low"] is None:
        return say(language, "no_rate")
    of, counted = (_range(row, f"{name}_certain", f"{name}_possible") for name in ("of", "counted"))
    return say(
        language,
        "rate",
        share=share(row),
        of=_counted(language, row, of),
        counted=_counted(language, row, counted),
    )


def _target(indicator: Indicator, language: str) -> str:
    target = indicator.target
    if target is None or target.value is None:
        return say(
            language,
            "no_target",
            reason="—" if target is None else target.reason.in_language(language),
        )
    value = (
        f"{target.value / 100:g}%"
        if target.unit == "percent"
        else say(language, "persons", count=f"{target.value / 100:,.0f}")
    )
    return say(language, "target_value", by=target.by, value=value)


def indicators_html(indicators: Indicators, language: str) -> Html:
    document = indicators_document(indicators, language)
    split = [] if indicators.by is None else [indicators.by.label.in_language(language)]
    names = ("column_number", "column_indicator")
    head = [
        *(say(language, key) for key in names),
        *split,
        *(say(language, f"column_{key}") for key in _INDICATOR_COLUMNS),
    ]
    rows = [
        [
            *(indicator.number, indicator.name.in_language(language)),
            *([_group(indicators.by, row, language)] if split else []),
            *(
                share(row),
                _range(row, "of_certain", "of_possible"),
                _range(row, "counted_certain", "counted_possible"),
                number(row["undetermined"]),
            ),
            *(_target(indicator, language), join(language, list(indicator.cite))),
        ]
        for indicator in indicators.content.indicators.values()
        if indicator.id not in indicators.why_not
        for row in _rows_of(indicators, indicator)
    ]
    lacking = [
        [
            indicator.number,
            indicator.name.in_language(language),
            indicators.why_not[indicator.id].in_language(language),
            join(language, list(indicator.cite)),
        ]
        for indicator in indicators.content.indicators.values()
        if indicator.id in indicators.why_not
    ]
    return notebook_html(
        tag("h1", document.title),
        *(tag("p", line) for line in document.under),
        tag("h2", say(language, "computed")),
        table(head, rows),
        tag("h2", say(language, "cannot")),
        table([say(language, key) for key in (*names, "column_why_not", "column_source")], lacking),
    )


_INDICATOR_COLUMNS = ("rate", "of", "counted", "undetermined", "target", "source")


# coverage
# --------------------------------------------------------------------------------------------------


def coverage_text(coverage: Coverage, language: str) -> str:
    return document_text(coverage_document(coverage, language), language)


def coverage_document(coverage: Coverage, language: str) -> Document:
    content = coverage.content
    rows = coverage.items.to_dicts()
    sections = []
    for domain, label in content.domains.items():
        ids = dict.fromkeys(str(row["item"]) for row in rows if row["domain"] == domain)
        entries = [
            _item_entry(coverage, id_, [row for row in rows if row["item"] == id_], language)
            for id_ in ids
        ]
        if entries:
            sections.append(Section(domain, label.in_language(language), tuple(entries)))
    lacking = [
        Entry(_name(content, str(row["item"]), language), lines=(Line("reason", why),))
        for row, why in _lacking(coverage, rows, language)
    ]
    sections.append(Section("cannot", say(language, "cannot"), tuple(lacking)))
    title = say(language, "coverage", pack=content.name.in_language(language))
    return Document(title, _under(coverage, language), tuple(sections), ())


def why_no_take_up(coverage: Coverage, row: Row) -> str | None:
    """The key among the words of why an item has no rate of take-up; None where it has one."""
    if not coverage.receipts[row["for"]]:
        return "receipts_unknown"
    if row["of_possible"]:
        return None
    return "only_discretionary" if row["discretionary"] else "nobody_due"


def _lacking(coverage: Coverage, rows: list[Row], language: str) -> Iterator[tuple[Row, str]]:
    for row in rows:
        why = why_no_take_up(coverage, row)
        if why is not None:
            group = _group(coverage.by, row, language)
            yield row, f"{group}{': ' if group else ''}{say(language, why)}"


def _name(content: Content, item: str, language: str) -> str:
    return content.items[item].name.in_language(language)


def _item_entry(coverage: Coverage, item: str, rows: list[Row], language: str) -> Entry:
    lines = tuple(
        Line(
            "coverage",
            f"{group}: {text}" if (group := _group(coverage.by, row, language)) else text,
        )
        for row in rows
        for text in _item_line(coverage, row, language)
    )
    whose = say(language, "everybody") if coverage.content.items[item].universal else ""
    return Entry(_name(coverage.content, item, language), whose, lines)


def _item_line(coverage: Coverage, row: Row, language: str) -> Iterator[str]:
    """One line about an item, or about an item and a group."""
    parts = [say(language, "due", count=_counted(language, row, number(row["eligible"])))]
    for key, column in (
        ("after", "eligible_after"),
        ("discretionary", "discretionary"),
        ("undecided", "undetermined_decisions"),
    ):
        if row[column]:
            parts.append(say(language, key, count=number(row[column])))
    if coverage.receipts[row["for"]]:
        parts.append(
            say(
                language,
                "receiving",
                count=number(row["receiving"]),
                due=number(row["counted_certain"]),
            )
        )
        if row["ineligible_receiving"]:
            parts.append(say(language, "not_due", count=number(row["ineligible_receiving"])))
    why = why_no_take_up(coverage, row)
    parts.append(
        say(language, "take_up", share=share(row))
        if why is None
        else say(language, "no_take_up", reason=say(language, why))
    )
    yield ("；" if language == "zh" else "; ").join(parts)


def coverage_html(coverage: Coverage, language: str) -> Html:
    title = say(language, "coverage", pack=coverage.content.name.in_language(language))
    content = coverage.content
    split = [] if coverage.by is None else [coverage.by.label.in_language(language)]
    head = [*split, *(say(language, f"column_{key}") for key in _COVERAGE_COLUMNS)]

    def cells(row: Row) -> list[str]:
        why = None if "for" not in row else why_no_take_up(coverage, row)
        decided = [
            number(row[name])
            for name in ("eligible", "eligible_after", "discretionary", "undetermined_decisions")
        ]
        received = [
            _range(row, "counted_certain", "counted_possible"),
            number(row["ineligible_receiving"]),
        ]
        return [
            *([_group(coverage.by, row, language)] if split else []),
            *decided,
            *received,
            share(row) if why is None else say(language, why),
        ]

    domains = [
        [content.domains[str(row["domain"])].in_language(language), *cells(row)]
        for row in coverage.domains.to_dicts()
    ]
    items = [
        [_name(content, str(row["item"]), language), *cells(row)]
        for row in coverage.items.to_dicts()
    ]
    return notebook_html(
        tag("h1", title),
        *(tag("p", line) for line in _under(coverage, language)),
        tag("h2", say(language, "domains")),
        table([say(language, "column_domain"), *head], domains),
        tag(
            "details",
            tag("summary", say(language, "items")),
            table([say(language, "column_item"), *head], items),
        ),
    )


_COVERAGE_COLUMNS = (
    "eligible",
    "after",
    "discretionary",
    "undecided",
    "receiving",
    "not_due",
    "take_up",
)
