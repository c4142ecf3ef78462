"""The facts of one household, checked and in fixed order: what engines read.

A row holds a value or None (unknown) for every fact, every status that may be attested, and
`receives`. Money is in fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jmentitle.language.values import MemberId
from jmentitle.pack.rows import RowOrder

Value = bool | int | date | str | frozenset[str]
Row = list[Value | None]


@dataclass(slots=True)
class Facts:
    """One household. The representation shows no value: these are personal data."""

    order: RowOrder
    household: Row
    members: list[Row]
    ids: list[MemberId]
    members_complete: bool = True

    def row(self, member: int | None) -> Row:
        return self.household if member is None else self.members[member]

    def value(self, member: int | None, name: str) -> Value | None:
        # Asked so often that it does not go through `row`.
        return (
            self.household[self.order.household[name]]
            if member is None
            else self.members[member][self.order.person[name]]
        )

    def alike(self) -> list[int]:
        """For each member the first one with the same facts: rules cannot tell them apart."""
        first: dict[tuple[Value | None, ...], int] = {}
        return [first.setdefault(tuple(row), member) for member, row in enumerate(self.members)]

    def __repr__(self) -> str:
        return f"<Facts of a household with {len(self.members)} listed members>"
