"""Docstrings of public names in their one form: a summary, sentences, and sections.

Summary in one sentence.

More sentences.

Arguments:
    name: Meaning, with its unit.
Returns:
    Meaning.
Fields:
    name: Meaning.
Columns:
    name (type, unit): Meaning; the unit is left out where there is none.
Raises:
    ArgumentError: JM093 for an unknown item.
Example:
    >>> pack.item("legal_aid").number
    77
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

SECTIONS = ("Arguments", "Returns", "Fields", "Columns", "Raises", "Example")
_HEADING = re.compile(rf"^({'|'.join(SECTIONS)}):$", re.MULTILINE)
_ENTRY = re.compile(r"^(?P<name>[\w*<>.]+)(?: \((?P<kind>[^)]*)\))?: (?P<text>.*)$")


@dataclass(frozen=True)
class Entry:
    """One line of a section: an argument, a field, a column or an error. `kind` stands in brackets
    after the name: the type of a column and its unit."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Docstring:
    """A docstring in its parts; a part that is not there is empty."""

    text: str = ""
    returns: str = ""
    example: str = ""
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def names(self, section: str) -> list[str]:
        return [entry.name for entry in self.entries.get(section, [])]


def parse(docstring: str | None) -> Docstring:
    """The parts of a docstring. Raises ValueError for a line of a section that is no entry."""
    pieces = _HEADING.split(inspect.cleandoc(docstring or ""))
    sections = {
        name: inspect.cleandoc("\n" + body)
        for name, body in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    returns, example = sections.pop("Returns", ""), sections.pop("Example", "")
    return Docstring(
        pieces[0].strip(),
        returns.replace("\n", " "),
        example,
        {name: _entries(body) for name, body in sections.items()},
    )


def _entries(body: str) -> list[Entry]:
    joined = re.sub(r"\n {2,}", " ", body)
    entries = []
    for line in joined.splitlines():
        match = _ENTRY.match(line)
        if match is None:
            raise ValueError(f"`{line}` is no entry: `name: meaning`")
        entries.append(Entry(match["name"], match["kind"] or "", match["text"]))
    return entries
