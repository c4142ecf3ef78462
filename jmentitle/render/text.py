"""An assessment as plain text that a caseworker would hand over, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator

from jmentitle.assessment.models import Assessment
from jmentitle.render.document import Document, Entry
from jmentitle.render.selection import family_document

RULE = 60


def to_text(assessment: Assessment, language: str) -> str:
    """The whole assessment. `language` is zh or en."""
    return document_text(family_document(assessment, language), language)


def document_text(document: Document, language: str) -> str:
    return "\n".join(_lines(document, language)) + "\n"


def _lines(document: Document, language: str) -> Iterator[str]:
    yield document.title
    yield from document.under
    yield "=" * RULE
    for section in document.sections:
        yield ""
        yield f"【{section.title}】" if language == "zh" else f"## {section.title}"
        yield from [section.lead] if section.lead else []
        for entry in section.entries:
            yield from _entry(entry)
        yield from [section.rest] if section.rest else []
    yield ""
    yield "-" * RULE
    yield from document.foot


def _entry(entry: Entry) -> Iterator[str]:
    mark = "•" if entry.number is None else f"{entry.number}."
    indent = "  " if entry.number is None else "   "
    yield f"{mark} {entry.title}{f'  —  {entry.whose}' if entry.whose else ''}"
    for line in entry.lines:
        yield f"{indent}{'• ' if line.kind == 'benefit' else ''}{line.text}"
        for inner in line.inner:
            yield f"{indent}  {'- ' if line.kind == 'options' else ''}{inner}"
