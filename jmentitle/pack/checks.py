"""Checks that need the whole pack: cycles, dates, offices, conflicts, unused names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from jmentitle.language import tree
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span
from jmentitle.language.tree import Node, TruthNode
from jmentitle.pack.model import Benefit, Content, Item
from jmentitle.pack.order import order_of, report
from jmentitle.pack.ruleset import changes, condition_windows
from jmentitle.pack.sizes import Sizes
from jmentitle.pack.vocabulary import Vocabulary

_MAX_DATED = 200


def check(content: Content, collector: Collector) -> None:
    """Run every check of a whole pack. Parts left out because they were wrong cause no further
    errors."""
    report(
        order_of({name: set(names_in(node)) for name, node in definitions(content).items()}),
        lambda name: _span(content, name),
        collector,
    )
    _check_windows(content, collector)
    _check_offices(content, collector)
    wrong_files = {error.span.file for error in collector.errors if error.span is not None}
    _check_empty_conditions(content, collector, wrong_files)
    if not collector.errors:
        _check_exclusions(content, collector)
        _check_sizes(content, collector)


def check_names(names: Vocabulary, items: dict[str, Item], collector: Collector) -> None:
    """Report statuses that can never hold, and warn of facts, statuses, quantities and parameters
    that no rule uses."""
    if not items or any(
        error.span is not None and error.span.file.startswith("items/")
        for error in collector.errors
    ):
        return
    granted = {
        status for item in items.values() for benefit in item.benefits for status in benefit.grants
    }
    for name, status in names.statuses.items():
        if not names.is_derived(name) and status.certificate is None and name not in granted:
            expected = "`when:`, `certificate:` or a benefit that grants it"
            collector.add(
                "JM058", f"the status `{name}` can never hold", status.span, expected=expected
            )
    if collector.errors:
        return
    for scalar in (scope for pair in _place_facts(names) for scope in pair):
        names.used.add(scalar)
    for name, label in names.owners():
        if name not in names.used:
            collector.add(
                "JM042",
                f"no rule uses `{name}`",
                label.span,
                expected="a rule that uses it, or its removal",
            )


def _place_facts(names: Vocabulary) -> Iterator[tuple[str, ...]]:
    for office in names.registers.offices.values():
        if office.place is not None:
            yield (office.place.name,)


def definitions(content: Content) -> dict[str, Node]:
    """The definitions of statuses and quantities."""
    found: dict[str, Node] = {
        name: status.when for name, status in content.statuses.items() if status.when is not None
    }
    return found | {name: quantity.value for name, quantity in content.quantities.items()}


def names_in(node: Node) -> Iterator[str]:
    """The statuses and quantities that a node refers to."""
    for inner in tree.walk(node):
        if isinstance(inner, tree.Status | tree.Quantity):
            yield inner.name


def _span(content: Content, name: str) -> Span:
    return (
        content.statuses[name].span if name in content.statuses else content.quantities[name].span
    )


def _benefits(content: Content) -> Iterator[Benefit]:
    for item in content.items.values():
        yield from item.benefits


def _check_empty_conditions(content: Content, collector: Collector, wrong_files: set[str]) -> None:
    rooted: list[tuple[TruthNode | None, tree.Window | None, Span]] = [
        (benefit.when, benefit.window, benefit.span) for benefit in _benefits(content)
    ]
    rooted += [(status.when, None, status.span) for status in content.statuses.values()]
    rooted += [
        (node, None, indicator.span)
        for indicator in content.indicators.values()
        for node in (indicator.of, indicator.counts)
    ]
    for node, window, span in rooted:
        if node is None or span.file in wrong_files:
            continue
        dated = list(condition_windows(node))
        if len(dated) > _MAX_DATED:
            collector.add(
                "JM012",
                "the condition has too many parts with dates",
                span,
                expected=f"at most {_MAX_DATED}",
            )
            continue
        for day in changes(content, dated if window is None else [window, *dated]) if dated else ():
            # A status that does not exist on a day is simply not derived then; only a list that
            # runs empty inside is a mistake.
            if tree.on_date(node, day) is not None if window is None else window.holds(day):
                _report_empty(node, day, collector, span)


def _report_empty(node: TruthNode, day: date, collector: Collector, fallback: Span) -> None:
    """Report every group that exists on the day while none of its parts does."""
    if not isinstance(node, tree.Condition) or not node.about.window.holds(day):
        return
    if isinstance(node, tree.Group):
        if all(tree.on_date(part, day) is None for part in node.parts):
            expected = (
                "at least one condition on every day, or `from` and `until` on the list itself"
            )
            collector.add(
                "JM052",
                f"the list is empty on {day}",
                node.about.span or fallback,
                expected=expected,
            )
            return
        for part in node.parts:
            _report_empty(part, day, collector, fallback)
    elif isinstance(node, tree.AnyMember | tree.AllMembers):
        _report_empty(node.test, day, collector, fallback)


def _check_windows(content: Content, collector: Collector) -> None:
    expected = f"days from {content.first_day} to {content.last_day}"
    for benefit in _benefits(content):
        start, end = benefit.window.start, benefit.window.end
        if (end is not None and end < content.first_day) or (
            start is not None and start > content.last_day
        ):
            collector.add(
                "JM048",
                f"the benefit `{benefit.name}` is outside the validity of the pack",
                benefit.span,
                expected=expected,
            )


def _check_offices(content: Content, collector: Collector) -> None:
    for item in content.items.values():
        for duty in (item.apply.at, item.apply.decides, *item.apply.helps):
            if not duty:
                continue
            served = [
                service.window
                for office in content.offices.values()
                for service in office.duties
                if service.duty == duty
            ]
            days = {
                content.first_day,
                *(day for day in _starts(served) if content.first_day <= day <= content.last_day),
            }
            for day in sorted(days):
                if not any(window.holds(day) for window in served):
                    message = f"on {day} no office has the duty `{duty}` that `{item.id}` needs"
                    collector.add(
                        "JM045", message, item.span, expected="an office with it in offices.yaml"
                    )
                    break


def _starts(windows: Iterable[tree.Window]) -> Iterator[date]:
    for window in windows:
        if window.start is not None:
            yield window.start
        if window.end is not None:
            yield window.end + timedelta(days=1)


def _check_exclusions(content: Content, collector: Collector) -> None:
    """A benefit closed by a status that another item grants excludes that item; the choice must be
    declared."""
    declared = [set(conflict.between) for conflict in content.conflicts.values()]
    granted_by: dict[str, list[Benefit]] = {}
    for benefit in _benefits(content):
        for status in benefit.grants:
            granted_by.setdefault(status, []).append(benefit)
    for benefit in _benefits(content):
        for status in excluded_by(benefit.when):
            for other in granted_by.get(status, ()):
                names = {benefit.reference, benefit.item}, {other.reference, other.item}
                is_declared = any(between & names[0] and between & names[1] for between in declared)
                if other.item != benefit.item and not is_declared:
                    message = (
                        f"`{benefit.reference}` is closed by `{status}`, which `{other.reference}`"
                        " grants, but no conflict names both"
                    )
                    collector.add(
                        "JM056", message, benefit.span, expected="an entry in conflicts.yaml"
                    )


def _check_sizes(content: Content, collector: Collector) -> None:
    """No number may grow beyond what every engine can compute with."""
    sizes = Sizes(content)
    numbers: list[tuple[Node | None, Span]] = [
        (quantity.value, quantity.span) for quantity in content.quantities.values()
    ]
    numbers += [(status.when, status.span) for status in content.statuses.values()]
    for benefit in _benefits(content):
        paid = (
            ()
            if benefit.pays is None
            else (benefit.pays.amount, benefit.pays.cap, benefit.pays.lasts)
        )
        numbers += [(node, benefit.span) for node in (benefit.when, *paid)]
    for node, span in numbers:
        if sizes.beyond(node):
            expected = (
                "factors with closer limits (`min:` and `max:` of the facts), or fewer of them"
            )
            collector.add("JM068", "a number may grow beyond 37 digits", span, expected=expected)


def excluded_by(node: Node | None) -> Iterator[str]:
    """The statuses directly under `none`."""
    for inner in tree.walk(node) if node is not None else ():
        if isinstance(inner, tree.NoneOf):
            for part in inner.parts:
                if isinstance(part, tree.Leaf) and isinstance(part.test, tree.Status):
                    yield part.test.name
