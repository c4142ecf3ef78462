"""The rules of a pack: what it says, on which days it says something else, and the rules in force
on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Self

from jmentitle.errors import fail
from jmentitle.language import arguments
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.language.values import DayGiven, day_of_call
from jmentitle.pack import ruleset
from jmentitle.pack.files import Loaded, PackFile
from jmentitle.pack.finding import read_pack
from jmentitle.pack.model import Content, Item
from jmentitle.pack.rows import RowOrder
from jmentitle.pack.ruleset import Ruleset


class Rules:
    """A loaded pack as the rooms below the public doors need it. Immutable; safe to share between
    threads."""

    def __init__(self, loaded: Loaded, files: tuple[PackFile, ...]) -> None:
        self._loaded = loaded
        self._files = files
        self._rulesets: dict[date, Ruleset] = {}
        self.memo: dict[str, object] = {}
        """Results that other modules compute once for a pack and keep for its lifetime, each under
        its own name."""

    @classmethod
    def load(
        cls,
        name_or_folder: str | Path = "jingmen",
        overlays: Iterable[str | Path] = (),
        *,
        from_cache: bool = True,
    ) -> Self:
        """A pack by its name or folder, with overlays laid over it. Raises PackError with every
        mistake."""
        return cls(*read_pack(name_or_folder, overlays, from_cache=from_cache))

    @property
    def content(self) -> Content:
        """What the pack says: facts, parameters, statuses, items, offices and sources, as read."""
        return self._loaded.content

    @property
    def digest(self) -> str:
        """The SHA-256 of the pack with its overlays and amendments, as receipts name it."""
        return self._loaded.digest

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings that came up while the pack was read, such as an unused name (JM042)."""
        return self._loaded.warnings

    @property
    def files(self) -> tuple[PackFile, ...]:
        return self._files

    @cached_property
    def row_order(self) -> RowOrder:
        return RowOrder.of(self.content)

    @cached_property
    def breakpoints(self) -> list[date]:
        """The days on which the rules change, beginning with the first day of validity."""
        return ruleset.breakpoints(self.content)

    def ruleset(self, day: DayGiven) -> Ruleset:
        """The rules in force on a day.

        Here and in every call a day is a date, a moment at midnight without a time zone, or a text
        YYYY-MM-DD.

        Arguments:
            day: A day within the validity of the pack.
        Returns:
            The rules, the same object for all days between two breakpoints.
        Raises:
            ArgumentError: JM072 for what is no day, JM079 for a day outside the validity.
        Example:
            >>> "legal_aid.advice" in pack.ruleset("2018-10-15").benefits
            True
        """
        day = day_of_call(day, "on")
        if not self.content.validity.holds(day):
            message = f"{day} is outside the validity of the pack `{self.content.id}`"
            expected = f"a date from {self.content.first_day} to {self.content.last_day}"
            fail("JM079", message, path="on", expected=expected)
        first, last = ruleset.stretch(self.content, self.breakpoints, day)
        if first not in self._rulesets:
            self._rulesets[first] = ruleset.build(self.content, first, last)
        return self._rulesets[first]

    def item(self, id_: str) -> Item:
        """The item with this id.

        Arguments:
            id_: An id, as `jmentitle items` lists them.
        Returns:
            The item, with its name, benefits and number in the plan.
        Raises:
            ArgumentError: JM093 for an unknown item, with the nearest id.
        Example:
            >>> pack.item("minimum_living_guarantee").number
            46
        """
        items = self.content.items
        return items[arguments.known_item(id_, items)]

    def items(self, ids: str | Iterable[str] | None = None) -> list[Item]:
        """One item or several; all by default. Raises ArgumentError (JM072, JM093)."""
        if ids is None:
            return list(self.content.items.values())
        if isinstance(ids, str):
            return [self.item(ids)]
        return [
            self.item(id_) for id_ in arguments.list_of(ids, "items", "ids of `jmentitle items`")
        ]

    def amend(self, amendment: Mapping[str, object] | str | Path) -> Self:
        """A pack as a reform would have it, for trying; this one stays as it is.

        An amendment may change values of parameters, conditions of statuses and items, and words of
        benefits, and may add and drop benefits (docs/amend.md). The new pack has a digest of its
        own, and its receipts name the amendment.

        Arguments:
            amendment: A mapping of plain values, or the same as YAML: its text, or the path of a
                file (a `Path`, or a text of one line that ends in .yaml or .yml).
        Returns:
            The amended pack.
        Raises:
            PackError: JM115 to JM117 and the codes of packs, every mistake at once.
        Example:
            >>> raised = pack.amend({"parameters": {"dibao_urban": {"scale": "1.1"}}})
            >>> raised.digest == pack.digest
            False
        """
        from jmentitle.pack.amendments import amend

        return type(self)(*amend(self._loaded, self._files, amendment))

    def __repr__(self) -> str:
        names = ", ".join(one.id for one in self.content.amendments)
        amended = f" amended by {names}" if names else ""
        name = type(self).__name__
        return (
            f"<{name} {self.content.id} {self.content.version}{amended}: {len(self.content.items)}"
            f" items, {self.digest[:19]}>"
        )
