"""The HTML of packs, assessments and their parts in a notebook."""

from __future__ import annotations

from collections import Counter

from jmentitle.assessment.display import Html
from jmentitle.assessment.models import Assessment, ItemResult
from jmentitle.pack.model import Content
from jmentitle.render.graph import pathway_picture
from jmentitle.render.html import document_html, entry_html, notebook_html, table, tag
from jmentitle.render.selection import Selection, family_document
from jmentitle.render.words import check, join, say, say_amount


def assessment_html(assessment: Assessment, language: str) -> Html:
    """The whole assessment, its sections folded but the first, and the picture of what opens after
    what."""
    document = family_document(assessment, language)
    picture = tag(
        "details",
        tag("summary", say(language, "later_picture")),
        *pathway_picture(assessment, language),
    )
    return notebook_html(document_html(document, folded=True), picture)


def conflicts_html(assessment: Assessment, language: str) -> Html:
    """The conflicts that leave a choice. Conflicts whose options are all received already are left
    out."""
    found = [entry_html(entry) for entry in Selection(assessment, language).conflicts()]
    return notebook_html(
        tag("h2", say(language, "conflicts")), *(found or [tag("p", say(language, "nothing"))])
    )


def item_html(result: ItemResult, language: str) -> Html:
    """One item for one person, who stays unnamed, or for the household."""
    rows = [
        [
            benefit.name.in_language(language),
            say(language, "received" if benefit.received else f"is_{benefit.decision}"),
            "" if benefit.amount is None else say_amount(language, benefit.amount),
            join(language, benefit.after),
            join(language, benefit.missing),
        ]
        for benefit in result.benefits
    ]
    whose = say(check(language), "household" if result.subject == "household" else "one_member")
    headings = [
        say(language, key)
        for key in (
            "column_benefit",
            "column_decision",
            "column_amount",
            "column_after",
            "column_missing",
        )
    ]
    title = f"{result.number}. {result.name.in_language(language)}"
    return notebook_html(
        tag("h1", title),
        tag("p", whose),
        tag("p", result.summary.in_language(language)),
        table(headings, rows),
    )


def pack_html(content: Content, digest: str, language: str) -> Html:
    """A pack: what it is, from when to when it holds, and its items by domain."""
    counts = Counter(item.domain for item in content.items.values())
    rows = [
        [
            item.number,
            item.name.in_language(language),
            content.domains[item.domain].in_language(language),
            item.id,
        ]
        for item in content.items.values()
    ]
    facts = say(
        language,
        "pack_line",
        version=content.version,
        first=content.first_day,
        last=content.last_day,
        digest=digest[7:19],
    )
    domains = join(
        language,
        [
            f"{content.domains[domain].in_language(language)} {count}"
            for domain, count in counts.items()
        ],
    )
    headings = [
        say(language, key) for key in ("column_number", "column_item", "column_domain", "column_id")
    ]
    items = tag(
        "details",
        tag("summary", say(check(language), "items", count=len(rows))),
        table(headings, rows),
    )
    names = join(
        language, [amendment.name.in_language(language) for amendment in content.amendments]
    )
    amended = [tag("p", say(language, "pack_amended", names=names))] if names else []
    return notebook_html(
        tag("h1", content.name.in_language(language)),
        *amended,
        tag("p", facts),
        tag("p", domains),
        items,
    )
