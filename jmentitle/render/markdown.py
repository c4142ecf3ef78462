"""A document as Markdown. Everything that comes from packs and households is escaped: it can be
neither markup nor HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jmentitle.assessment.models import Assessment
from jmentitle.render.document import Document, Entry
from jmentitle.render.selection import family_document

_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
_LEADING = re.compile(r"^([#+=-]|\d+(?=[.)]))")


def to_markdown(assessment: Assessment, language: str) -> str:
    """The whole assessment. `language` is zh or en."""
    return "\n".join(_lines(family_document(assessment, language))) + "\n"


def escape(text: str) -> str:
    """Text that reads as itself: one line, no markup, no HTML, no link."""
    one_line = " ".join(text.split())
    plain = (
        one_line.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("://", ":&#47;&#47;")
    )
    return _LEADING.sub(
        lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}",
        _SPECIAL.sub(r"\\\1", plain),
    )


def _lines(document: Document) -> Iterator[str]:
    yield f"# {escape(document.title)}"
    yield ""
    yield from (escape(line) for line in document.under)
    for section in document.sections:
        yield ""
        yield f"## {escape(section.title)}"
        yield ""
        yield from (
            [escape(section.lead), ""]
            if section.lead and section.entries
            else [escape(section.lead)]
            if section.lead
            else []
        )
        for entry in section.entries:
            yield from _entry(entry)
        yield from ["", escape(section.rest)] if section.rest else []
    yield ""
    yield "---"
    for line in document.foot:
        yield ""
        yield escape(line)


def _entry(entry: Entry) -> Iterator[str]:
    mark = "-" if entry.number is None else f"{entry.number}."
    indent = " " * (len(mark) + 1)
    yield f"{mark} **{escape(entry.title)}**{f' — {escape(entry.whose)}' if entry.whose else ''}"
    for line in entry.lines:
        yield f"{indent}- {escape(line.text)}"
        yield from (f"{indent}  - {escape(inner)}" for inner in line.inner)
