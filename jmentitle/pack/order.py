"""The order of evaluation of definitions that use each other, and the obstacles: cycles and long
chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span

MAX_LEVELS = 24
_SHOWN = 8


@dataclass(slots=True)
class Order:
    """`names` holds each name after those that it uses, without names on a cycle; `levels` counts
    the definitions below each."""

    names: list[str] = field(default_factory=list)
    cycles: list[list[str]] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)

    @property
    def too_deep(self) -> list[str]:
        """The names at which chains first become too long."""
        return [name for name, level in self.levels.items() if level == MAX_LEVELS + 1]


def order_of(uses: Mapping[str, set[str]]) -> Order:
    """The order of names that use each other; a name that is not a key of `uses` is left out."""
    # INVARIANT: every name is entered once, and by hand instead of by recursion: a long chain
    # cannot exhaust the stack.
    order = Order()
    on_cycle = set[str]()
    for root in uses:
        if root in order.levels:
            continue
        stack: list[tuple[str, Iterator[str]]] = [(root, iter(sorted(uses[root])))]
        open_at = {root: 0}
        while stack:
            name, following = stack[-1]
            used = next(following, None)
            if used is None:
                stack.pop()
                del open_at[name]
                order.levels[name] = 1 + max(
                    (order.levels.get(dependency, 0) for dependency in uses[name]), default=0
                )
                if name not in on_cycle:
                    order.names.append(name)
            elif used in open_at:
                if used not in on_cycle:
                    path = [link for link, _ in stack[open_at[used] :]]
                    order.cycles.append([*path, used])
                    on_cycle.update(path)
            elif used in uses and used not in order.levels:
                open_at[used] = len(stack)
                stack.append((used, iter(sorted(uses[used]))))
    return order


def report(order: Order, span: Callable[[str], Span], collector: Collector) -> None:
    """Say which definitions are circular and which lead too far."""
    for path in order.cycles:
        abridged = path if len(path) <= _SHOWN else [*path[: _SHOWN - 2], "…", path[-1]]
        message = f"circular definition: {' → '.join(abridged)}"
        collector.add(
            "JM041",
            message,
            span(path[0]),
            expected="a definition that does not lead back to itself",
        )
    if not order.cycles:
        for name in order.too_deep:
            message = f"the definition of `{name}` uses {MAX_LEVELS} levels of others"
            collector.add(
                "JM011",
                message,
                span(name),
                expected=f"at most {MAX_LEVELS} definitions, each of which uses the next",
            )
