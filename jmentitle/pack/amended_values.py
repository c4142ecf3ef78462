"""Parameters under an amendment: other values, or the values of the pack scaled or shifted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import cast

from jmentitle.language import units
from jmentitle.pack.layering import UNPUBLISHED, ParameterLayer, override_entry
from jmentitle.pack.model import Bounds, Content, ParameterDefinition, ParameterEntry
from jmentitle.pack.parameters import Cell, Key, ValueReader
from jmentitle.pack.reading import Fields
from jmentitle.pack.text import NO_TEXT
from jmentitle.pack.vocabulary import Vocabulary
from jmentitle.pack.yaml_tree import Sequence, words

_WAYS = ("value", "scale", "shift")
_CHANGE_KEYS = ("unit", "from", "until", *_WAYS, "reason", "cite")
_MAX_DIGITS = 12

Change = Callable[[ParameterEntry], ParameterEntry]


class AmendedValues:
    """Reads the parameters of an amendment. Changed values cite the amendment alone."""

    def __init__(self, content: Content, vocabulary: Vocabulary, source: str) -> None:
        self.vocabulary = vocabulary
        self.source = source
        self.collector = vocabulary.registers.collector
        self.layer = ParameterLayer(content, vocabulary)

    def read(self, fields: Fields) -> Iterator[tuple[str, ParameterDefinition]]:
        group = fields.child("parameters", None)
        for label, piece in group.items() if group else ():
            base = self.layer.parameter(label.text, label)
            if base is None:
                continue
            pieces = piece.items if isinstance(piece, Sequence) else (piece,)
            opened = [
                Fields.open(
                    change_piece, self.collector, _CHANGE_KEYS, f"the parameter `{base.name}`"
                )
                for change_piece in pieces
            ]
            changes = [
                read
                for change_fields in opened
                if change_fields is not None
                and (read := self.change(base, change_fields)) is not None
            ]
            stretches = list(self.layer.stretches(base, [days for days, _ in changes]))
            entries = {entry.window: entry for entry, _ in stretches}
            for days, change in changes:
                covered = [entry for entry, over in stretches if over is days]
                changed = {entry.window: change(entry) for entry in covered}
                if covered and all(changed[entry.window] is entry for entry in covered):
                    message = f"`{base.name}` has no published value on these days"
                    self.collector.add(
                        "JM117", message, days.span, expected="`value:` with a value of its own"
                    )
                entries |= changed
            yield base.name, replace(base, entries=tuple(entries.values()))

    def change(
        self, base: ParameterDefinition, fields: Fields
    ) -> tuple[ParameterEntry, Change] | None:
        """Its days, as an entry, and what it makes of an entry of the pack; None after reporting
        what is wrong."""
        ways = [way for way in _WAYS if way in fields]
        if not ways:
            self.collector.add(
                "JM004",
                f"no change is given for `{base.name}`",
                fields.span,
                expected="`value:`, `scale:` or `shift:`",
            )
            return None
        for way in ways[1:]:
            self.collector.add(
                "JM116",
                f"`{ways[0]}` and `{way}` are both given",
                fields.keys[way].span,
                expected="one of them",
            )
        fits = (
            self.layer.unit_fits(base, fields.scalar("unit", required=True))
            if "unit" in fields or ways != ["scale"]
            else True
        )
        if not fits or len(ways) > 1:
            return None
        if ways == ["value"]:
            reader = ValueReader(
                self.vocabulary,
                base.type.unit,
                base.by,
                stepped=base.steps_of is not None,
                partial=True,
            )
            entry = self.layer.value(base, reader, self.cited(fields))
            return (
                None if entry is None else (entry, lambda of_pack: override_entry(of_pack, entry))
            )
        return self.scaled_or_shifted(base, ways[0], fields)

    def cited(self, fields: Fields) -> Fields:
        """The same value with the amendment as its source."""
        known = {key: piece for key, piece in fields.entries.items() if key not in ("unit", "cite")}
        return replace(fields, entries={**known, "cite": words((self.source,), fields.span)})

    def scaled_or_shifted(
        self, base: ParameterDefinition, way: str, fields: Fields
    ) -> tuple[ParameterEntry, Change] | None:
        """The published values times or plus a number; the number may differ by the keys of the
        table."""
        # A factor has no unit, and a shift may be negative: both are read as plain numbers, without
        # the checks of the unit.
        reader = ValueReader(self.vocabulary, units.NONE, base.by, stepped=False, partial=True)
        cells: dict[Key, Cell] = {}
        before = self.collector.error_count
        reader.table(fields.entries[way], (), cells)
        if self.collector.error_count > before or (
            way == "shift" and not self.layer.places_fit(base, reader, fields)
        ):
            return None
        if any(low is None or low != high for low, high in cells.values()):
            self.collector.add(
                "JM008",
                f"`{way}` is not a plain number",
                fields.entries[way].span,
                expected="a number, or one for each key",
            )
            return None
        move = _Move(
            way,
            {key: Fraction(cast("Decimal", low)) for key, (low, _) in cells.items()},
            base.type.scale,
            self.source,
        )

        def apply_move(entry: ParameterEntry) -> ParameterEntry:
            changed = move.entry(entry)
            if not _suits(entry, changed, base.type.scale):
                message = (
                    f"`{base.name}` would fall below zero, or grow beyond {_MAX_DIGITS} digits"
                )
                expected = "a number with which every published value stays within that"
                self.collector.add("JM064", message, fields.entries[way].span, expected=expected)
            return changed

        return ParameterEntry(
            fields.window(), {}, (), NO_TEXT, (self.source,), fields.span
        ), apply_move


@dataclass(frozen=True, slots=True)
class _Move:
    """Published values times (`scale`) or plus (`shift`) a number; of what nobody published nothing
    more is known than before."""

    way: str
    numbers: dict[Key, Fraction]
    decimals: int
    source: str

    def entry(self, entry: ParameterEntry) -> ParameterEntry:
        """The entry moved; the same entry where nothing of it is published."""
        if entry.steps:
            if all(bounds == UNPUBLISHED for _, bounds in entry.steps):
                return entry
            steps = tuple(
                (start, self.bounds(bounds, self.numbers[()])) for start, bounds in entry.steps
            )
            return replace(entry, steps=steps, cite=(self.source,))
        moved = {
            key: self.bounds(bounds, self.numbers[key])
            for key, bounds in entry.cells.items()
            if key in self.numbers and bounds != UNPUBLISHED
        }
        if not moved:
            return entry
        return replace(
            entry,
            cells=entry.cells | moved,
            own_cites=entry.own_cites | dict.fromkeys(moved, (self.source,)),
        )

    def bounds(self, bounds: Bounds, number: Fraction) -> Bounds:
        low, high = bounds
        if bounds == UNPUBLISHED:
            return bounds
        if low == 0 and high != 0:  # of a ceiling only the upper end is published
            return 0, self.value(high, number)
        return self.value(low, number), self.value(high, number)

    def value(self, value: int | None, number: Fraction) -> int | None:
        """The value moved, rounded half up to the places that the pack keeps."""
        if value is None:
            return None
        return floor(
            (value * number if self.way == "scale" else value + number * 10**self.decimals)
            + Fraction(1, 2)
        )


def _suits(before: ParameterEntry, after: ParameterEntry, decimals: int) -> bool:
    """Whether no value has fallen below zero or grown beyond what a pack may write."""
    pairs = [(bounds, after.cells[key]) for key, bounds in before.cells.items()]
    pairs += [(old, new) for (_, old), (_, new) in zip(before.steps, after.steps, strict=True)]
    values = [
        (old, new)
        for bounds_before, bounds_after in pairs
        for old, new in zip(bounds_before, bounds_after, strict=True)
        if old is not None and new is not None
    ]
    return all(
        abs(new) < 10 ** (_MAX_DIGITS + decimals) and (new >= 0 or old < 0) for old, new in values
    )
