"""Layers over a loaded pack: its names, open to additions, and dated values that replace those of
the pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from jmentitle.language import units
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Span, nearest_name
from jmentitle.language.tree import Window
from jmentitle.pack.model import Content, ParameterDefinition, ParameterEntry
from jmentitle.pack.parameters import RawEntry, ValueReader, at_scale
from jmentitle.pack.reading import Fields
from jmentitle.pack.registers import Registers
from jmentitle.pack.text import NO_TEXT
from jmentitle.pack.vocabulary import Vocabulary
from jmentitle.pack.yaml_tree import Scalar

UNPUBLISHED = (0, None)


def open_vocabulary(content: Content, collector: Collector) -> Vocabulary:
    """The names of a pack, as its readers use them. Additions to them leave the pack as it is."""
    registers = Registers(
        collector,
        id=content.id,
        version=content.version,
        name=content.name,
        validity=content.validity,
        later=content.later,
        units=content.units,
        domains=content.domains,
        payers=content.payers,
        answerers=content.answerers,
        sources=dict(content.sources),
        documents=content.documents,
        duties=content.duties,
        offices=dict(content.offices),
        hotlines=dict(content.hotlines),
    )
    return Vocabulary(
        registers,
        enums=content.enums,
        facts=content.facts,
        statuses=dict(content.statuses),
        quantities=content.quantities,
        parameters=dict(content.parameters),
    )


class ParameterLayer:
    """Reads what is laid over the parameters of a pack; the pack settles their units, tables and
    decimal places."""

    def __init__(self, content: Content, vocabulary: Vocabulary) -> None:
        self.content = content
        self.vocabulary = vocabulary
        self.collector = vocabulary.registers.collector

    def parameter(self, name: str, label: Scalar) -> ParameterDefinition | None:
        """The parameter of the pack with this name; None after reporting that there is no such
        parameter."""
        parameter = self.content.parameters.get(name)
        if parameter is None:
            near = nearest_name(name, self.content.parameters)
            self.collector.add(
                "JM025",
                f"unknown parameter `{name[:64]}`",
                label.span,
                expected="a parameter of the pack",
                suggestion=near,
            )
        return parameter

    def unit_fits(self, base: ParameterDefinition, scalar: Scalar | None) -> bool:
        """Whether the unit is that of the pack, so that a yearly figure cannot slip in as a monthly
        one."""
        unit = self.vocabulary.unit(scalar)
        if scalar is None or unit is None:
            return False
        if unit != base.type.unit:
            message = (
                f"the pack keeps `{base.name}` in {units.show(base.type.unit)}, not in"
                f" {units.show(unit)}"
            )
            self.collector.add("JM029", message, scalar.span, expected=units.show(base.type.unit))
        return unit == base.type.unit

    def places_fit(self, base: ParameterDefinition, reader: ValueReader, fields: Fields) -> bool:
        """Whether what was read is no finer than the pack keeps the parameter."""
        if reader.decimals > base.type.scale:
            message = f"the pack keeps `{base.name}` with {base.type.scale} decimal places"
            self.collector.add(
                "JM064", message, fields.span, expected=f"at most {base.type.scale} decimal places"
            )
        return reader.decimals <= base.type.scale

    def value(
        self, base: ParameterDefinition, reader: ValueReader, fields: Fields
    ) -> ParameterEntry | None:
        """A dated value that `reader` reads, at the scale of the pack; None after reporting what is
        wrong."""
        raw: RawEntry | None = reader.entry(fields)
        return (
            at_scale(raw, base.type.scale)
            if self.places_fit(base, reader, fields) and raw is not None
            else None
        )

    def stretches(
        self, base: ParameterDefinition, over: list[ParameterEntry]
    ) -> Iterator[tuple[ParameterEntry, ParameterEntry | None]]:
        """The entries of the pack, cut where one of `over` begins or ends, each with that which
        holds then."""
        first, last = self.content.first_day, self.content.last_day
        starts = {first}
        for window in [entry.window for entry in (*base.entries, *over)]:
            starts |= {window.start or first, (window.end or last) + timedelta(days=1)}
        for entry in over:
            if (entry.window.start or first) > last or (entry.window.end or last) < first:
                self.collector.add(
                    "JM048",
                    "the value is outside the validity of the pack",
                    entry.span,
                    expected=f"days from {first} to {last}",
                )
        reported = set[Span]()
        days = sorted(day for day in starts if first <= day <= last)
        for start, following in zip(days, [*days[1:], last + timedelta(days=1)], strict=True):
            applying = [entry for entry in over if entry.window.holds(start)]
            for entry in (
                candidate for candidate in applying[1:] if candidate.span not in reported
            ):
                reported.add(entry.span)
                message = f"two values of `{base.name}` apply on {start}"
                self.collector.add(
                    "JM047",
                    message,
                    entry.span,
                    expected="`from` after the `until` of the entry before",
                )
            cut = Window(start, following - timedelta(days=1))
            yield replace(base.on(start), window=cut), applying[0] if applying else None


def override_entry(entry: ParameterEntry, over: ParameterEntry) -> ParameterEntry:
    """The entry overridden by another: steps and whole tables replace it, single keys are added to
    it."""
    if over.steps or over.cells.keys() == entry.cells.keys():
        return replace(over, window=entry.window)
    cells = entry.cells | over.cells
    reason = (
        over.reason
        if over.reason.zh
        else entry.reason
        if UNPUBLISHED in cells.values()
        else NO_TEXT
    )
    return replace(
        entry,
        cells=cells,
        reason=reason,
        own_cites=entry.own_cites | dict.fromkeys(over.cells, over.cite),
    )
