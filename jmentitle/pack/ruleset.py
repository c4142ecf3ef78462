"""A pack on one day: only what exists then. Days between two changes share one ruleset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from jmentitle.language import tree
from jmentitle.language.tree import Entity, Node, TruthNode, Window
from jmentitle.pack.model import Benefit, Content, ParameterEntry


@dataclass(frozen=True, eq=False)
class Ruleset:
    """The rules in force from `first_day` to `last_day`. Conditions that are None hold for
    everybody."""

    content: Content
    first_day: date
    last_day: date
    benefits: dict[str, Benefit]
    conditions: dict[str, TruthNode | None]
    statuses: dict[str, TruthNode | None]
    parameters: dict[str, ParameterEntry]
    grantors: dict[str, tuple[str, ...]]

    def entity_of(self, benefit: str) -> Entity:
        return self.content.items[self.benefits[benefit].item].entity


def breakpoints(content: Content) -> list[date]:
    """The first days of the stretches in which nothing changes, within the validity."""
    return changes(content, windows(content))


def changes(content: Content, dated: Iterable[Window]) -> list[date]:
    """The first day of the validity, and the days within it on which one of the stretches begins or
    has ended."""
    days = {content.first_day}
    for window in dated:
        if window.start is not None:
            days.add(window.start)
        if window.end is not None:
            days.add(window.end + timedelta(days=1))
    return sorted(day for day in days if content.first_day <= day <= content.last_day)


def windows(content: Content) -> Iterable[Window]:
    """Every dated stretch that decides which rules are in force."""
    for status in content.statuses.values():
        if status.when is not None:
            yield from condition_windows(status.when)
    for parameter in content.parameters.values():
        yield from (entry.window for entry in parameter.entries)
    for item in content.items.values():
        for benefit in item.benefits:
            yield benefit.window
            if benefit.when is not None:
                yield from condition_windows(benefit.when)


def condition_windows(node: Node) -> Iterable[Window]:
    for inner in tree.walk(node):
        if isinstance(inner, tree.Condition) and inner.about.window is not tree.ALWAYS:
            yield inner.about.window


def stretch(content: Content, starts: list[date], on: date) -> tuple[date, date]:
    """The first and last day of the stretch that holds `on`."""
    at = bisect_right(starts, on)
    last = starts[at] - timedelta(days=1) if at < len(starts) else content.last_day
    return starts[at - 1], last


def build(content: Content, first_day: date, last_day: date) -> Ruleset:
    """The rules in force on `first_day`."""
    benefits = {
        benefit.reference: benefit
        for item in content.items.values()
        for benefit in item.benefits
        if benefit.window.holds(first_day)
    }
    grantors: dict[str, list[str]] = {}
    for reference, benefit in benefits.items():
        for status in benefit.grants:
            grantors.setdefault(status, []).append(reference)
    return Ruleset(
        content,
        first_day,
        last_day,
        benefits,
        {reference: _on(benefit.when, first_day) for reference, benefit in benefits.items()},
        {name: _on(status.when, first_day) for name, status in content.statuses.items()},
        {name: parameter.on(first_day) for name, parameter in content.parameters.items()},
        {status: tuple(references) for status, references in grantors.items()},
    )


def _on(node: TruthNode | None, day: date) -> TruthNode | None:
    return None if node is None else tree.on_date(node, day)
