"""Columns of Python's objects: each value is read as that of one household is, by the same
reader."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date

from jmentitle.errors import HouseholdError
from jmentitle.language.codes import Code
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.language.tree import Entity
from jmentitle.pack.model import MEMBERS_COMPLETE, Content
from jmentitle.pack.rows import RowOrder
from jmentitle.profile.facts import Value
from jmentitle.profile.validation import validate

Problem = tuple[Code, str, str | None]
"""Code, message and expectation."""


class Reader:
    """Reads the values of one fact. `on` is the day of assessment."""

    def __init__(self, content: Content, entity: Entity, name: str, on: date | None) -> None:
        self.content = content
        self.entity = entity
        self.name = name
        self.on = on
        self.order = RowOrder.of(content)
        self.read: dict[Hashable, tuple[Value | None, Problem | None]] = {}

    def values(
        self, cells: Iterable[object]
    ) -> tuple[list[Value | None], dict[Problem, list[int]]]:
        """The values, None where one is unknown or wrong, and the rows of each problem."""
        values: list[Value | None] = []
        wrong: dict[Problem, list[int]] = {}
        for row, cell in enumerate(cells):
            value, problem = self.value(cell)
            values.append(value)
            if problem is not None:
                wrong.setdefault(problem, []).append(row)
        return values, wrong

    def value(self, cell: object) -> tuple[Value | None, Problem | None]:
        if not isinstance(cell, str | int | float | date):
            return self._validated(cell)
        key = (type(cell), cell)
        if key not in self.read:
            self.read[key] = self._validated(cell)
        return self.read[key]

    def _validated(self, cell: object) -> tuple[Value | None, Problem | None]:
        household, member = (
            ({self.name: cell}, {}) if self.entity == "household" else ({}, {self.name: cell})
        )
        try:
            facts = validate(
                {"household": household, "members": [member]}, self.content, self.order, self.on
            ).facts
        except HouseholdError as problem:
            return None, _of(problem.diagnostics[0])
        if self.name == MEMBERS_COMPLETE:
            return facts.members_complete, None
        return facts.value(None if self.entity == "household" else 0, self.name), None


def _of(diagnostic: Diagnostic) -> Problem:
    return (
        diagnostic.code,
        diagnostic.message,
        diagnostic.expected
        if diagnostic.suggestion is None
        else f"one of the list, such as {diagnostic.suggestion}",
    )
