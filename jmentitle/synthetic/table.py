"""The figures of a synthetic city as a page, drawn from the files that the city is drawn from.

python -m jmentitle.synthetic.table jingmen > docs/synthetic_city_figures.md
"""

from __future__ import annotations

import sys

from jmentitle.pack.model import Content
from jmentitle.pack.rules import Rules
from jmentitle.synthetic.city import load_marginals
from jmentitle.synthetic.marginals import Case, Column, Family, Marginals, Mark, Spread

_SECTIONS = (
    ("Households", "household", ("fact", "helper")),
    ("People", "person", ("fact", "helper")),
    ("Received by households", "household", ("received",)),
    ("Received by people", "person", ("received",)),
)


def page(marginals: Marginals, content: Content) -> str:
    """The page in Markdown."""
    lines = [
        f"# Figures of the synthetic city for the pack `{content.id}`",
        "",
        f"{marginals.note.en}",
        "",
        f"{marginals.note.zh}",
        "",
        (
            f"They are for {marginals.on}. Made from the files of figures by `python -m"
            f" jmentitle.synthetic.table {content.id}`; how they are"
        ),
        (
            "written stands in [synthetic_city.md](synthetic_city.md). Of several lines the first"
            " that fits counts; a row that none fits is unknown."
        ),
    ]
    cited = [column for column in marginals.columns if any(case.mark.cite for case in column.cases)]
    lines += [
        "",
        "## Published figures",
        "",
        "| column | figures | from |",
        "|---|---|---|",
        *(_published(column, content) for column in cited),
    ]
    for title, entity, roles in _SECTIONS:
        columns = [
            column
            for column in marginals.columns
            if column.name[0] == entity and column.role in roles
        ]
        lines += [
            "",
            f"## {title}",
            "",
            "| column | figures | from |",
            "|---|---|---|",
            *(_row(column) for column in columns),
        ]
    lines += [
        "",
        "## Families",
        "",
        "| kind | members and ages | from |",
        "|---|---|---|",
        *(_family(family, content) for family in marginals.families),
    ]
    return "\n".join(lines) + "\n"


def _published(column: Column, content: Content) -> str:
    cases = [case for case in column.cases if case.mark.cite]
    marks = "<br>".join(dict.fromkeys(_mark(case.mark, content) for case in cases))
    return (
        f"| `{column.name[1]}` | {'<br>'.join(_case(column, case) for case in cases)} |"
        f" {marks}<br>{column.note.en} |"
    )


def _row(column: Column) -> str:
    figures = "<br>".join(_case(column, case) for case in column.cases)
    marks = "<br>".join(
        dict.fromkeys(
            mark
            for case in column.cases
            for mark in (*case.mark.cite, *(["synthetic"] * case.mark.synthetic))
        )
    )
    note = f"<br>{column.note.en}" if column.note.en else ""
    kind = " (helper)" if column.role == "helper" else ""
    return f"| `{column.name[1]}`{kind} | {figures} | {marks}{note} |"


def _case(column: Column, case: Case) -> str:
    whom = "; ".join(text for text in (column.where.text, case.where.text) if text)
    cited = f" [{', '.join(case.mark.cite)}]" if case.mark.cite else ""
    return f"{whom} → {case.text}{cited}" if whom else f"{case.text}{cited}"


def _mark(mark: Mark, content: Content) -> str:
    """The source of figures, with issuer, number and date of cited texts."""
    citations = []
    for cite in mark.cite:
        source = content.sources[cite.split(" ", 1)[0]]
        details = [
            source.issuer.zh,
            source.number or source.title.zh,
            str(source.date) if source.date else "",
        ]
        citations.append(f"{cite} ({', '.join(detail for detail in details if detail)})")
    return "; ".join([*citations, *(["synthetic"] if mark.synthetic else [])])


def _family(family: Family, content: Content) -> str:
    members = []
    for member in family.members:
        older = "" if member.before is None else f" than {family.members[member.before].name}"
        members.append(
            f"{member.name}: {'older' if older else 'aged'}{older} {_years(member.years)}"
        )
    return f"| `{family.name}` | {'<br>'.join(members)} | {_mark(family.mark, content)} |"


def _years(spread: Spread) -> str:
    return ", ".join(
        f"{at:.0%} {value:g}" for at, value in zip(spread.at, spread.values, strict=True)
    )


if __name__ == "__main__":
    chosen = Rules.load(sys.argv[1])
    sys.stdout.write(page(load_marginals(chosen), chosen.content))
