"""A rule as JSON Logic."""

from __future__ import annotations

from benchmarks.rules import Atom, Rule

Logic = dict[str, object]


def logic(rule: Rule) -> Logic:
    return rule.written(
        _leaf, lambda parts: {"and": parts}, lambda parts: {"or": parts}, lambda part: {"!": [part]}
    )


def _leaf(atom: Atom) -> Logic:
    value = {"var": atom.name}
    if atom.kind == "number":
        return {atom.sign: [value, atom.limit]}
    return {"in": [value, list(atom.grades)]} if atom.kind == "grade" else dict(value)
