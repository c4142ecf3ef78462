"""The document that text, Markdown and HTML print: sections of entries of lines, as plain strings
not yet escaped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line under an entry. `kind` names what it says (`where`, `bring`, `benefit` …), so that a
    page may style it."""

    kind: str
    text: str
    inner: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One thing to be read at a time, and for whom it is. Only what may be applied for has a
    number."""

    title: str
    whose: str = ""
    lines: tuple[Line, ...] = ()
    number: int | None = None


@dataclass(frozen=True)
class Section:
    """A heading, a sentence before its entries and one after them. `key` is that of its heading
    among the words."""

    key: str
    title: str
    entries: tuple[Entry, ...] = ()
    lead: str = ""
    rest: str = ""


@dataclass(frozen=True)
class Document:
    """A title with lines under it, sections, and lines at the foot."""

    title: str
    under: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
