"""The totals of a population as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from unicodedata import east_asian_width

from jmentitle.pack.model import Content

_COUNTED: dict[str, tuple[str, str]] = {
    "eligible": ("符合", "eligible"),
    "eligible_after": ("办成其他后", "after others"),
    "discretionary": ("由机关决定", "office decides"),
    "undetermined": ("还不能判断", "cannot be told"),
    "received": ("已经在领", "received"),
}
_FOR = {"household": ("户", "household"), "person": ("人", "person")}
_SIZE = ("{households:,} 户，{members:,} 人", "{households:,} households, {members:,} members")
_WIDTH = 15


def totals_text(content: Content, totals: Iterable[Mapping[str, object]], counted: Mapping[str, int], language: str) -> str:
    """A line for each item: for how many households or persons it is open. `totals` are the rows of `Run.item_totals`, `counted` says how many
    households and members there are."""

    def said(words: tuple[str, str]) -> str:
        return words[0] if language == "zh" else words[1]

    head = "  ".join(["", *(_right(said(words)) for words in _COUNTED.values())])
    lines = [f"{content.name.in_language(language)}: {said(_SIZE).format(**counted)}", "", head]
    domain = ""
    for row in totals:
        item = content.items[str(row["item"])]
        if item.domain != domain:
            domain = item.domain
            lines.append(content.domains[domain].in_language(language))
        numbers = "  ".join(["", *(_right(f"{row[name]:,}") for name in _COUNTED)])
        lines.append(f"{numbers}  {item.number:>2} {item.name.in_language(language)} ({said(_FOR[item.entity])})")
    return "\n".join(lines) + "\n"


def _right(text: str) -> str:
    return " " * (_WIDTH - sum(2 if east_asian_width(char) in "WF" else 1 for char in text)) + text
