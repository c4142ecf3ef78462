"""Reading the registers of a pack: identity, sources, documents, offices and hotlines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import cast

from jmentitle.language import units
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.tree import Choice, Entity, Fact, Window
from jmentitle.pack import reading
from jmentitle.pack.model import (
    GRADES,
    LEVELS,
    FactDefinition,
    Grade,
    Hotline,
    LaterChange,
    Office,
    Service,
    Source,
)
from jmentitle.pack.reading import Fields, is_null
from jmentitle.pack.text import NO_TEXT, Text
from jmentitle.pack.yaml_tree import Scalar


@dataclass
class Registers:
    """The entries that other files refer to by id."""

    collector: Collector
    id: str = ""
    version: str = ""
    name: Text = NO_TEXT
    validity: Window = field(default_factory=Window)
    later: tuple[LaterChange, ...] = ()
    units: dict[str, Text] = field(default_factory=dict)
    domains: dict[str, Text] = field(default_factory=dict)
    payers: dict[str, Text] = field(default_factory=dict)
    answerers: dict[str, Text] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    documents: dict[str, Text] = field(default_factory=dict)
    duties: dict[str, Text] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    hotlines: dict[str, Hotline] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def unit_bases(self) -> frozenset[str]:
        return units.BUILT_IN | self.units.keys()

    def cite(self, fields: Fields, key: str = "cite") -> tuple[str, ...]:
        """The citations at `key`, each checked to begin with a known source."""
        citations = []
        for scalar in fields.names(key):
            source = scalar.text.split(" ", 1)[0]
            if reading.one_of(
                Scalar(source, scalar.plain, scalar.span),
                self.sources,
                "JM043",
                "source",
                self.collector,
            ):
                self.used.add(source)
                citations.append(scalar.text)
        return tuple(citations)

    def document(self, scalar: Scalar | None) -> str | None:
        return self._known(scalar, self.documents, "JM044", "document")

    def duty(self, scalar: Scalar | None) -> str | None:
        return self._known(scalar, self.duties, "JM045", "duty")

    def payer(self, scalar: Scalar | None) -> str | None:
        return self._known(scalar, self.payers, "JM025", "payer")

    def answerer(self, scalar: Scalar | None) -> str:
        return self._known(scalar, self.answerers, "JM025", "answerer") or ""

    def _known(
        self, scalar: Scalar | None, known: Collection[str], code: Code, what: str
    ) -> str | None:
        if scalar is None or not reading.one_of(scalar, known, code, what, self.collector):
            return None
        self.used.add(scalar.text)
        return scalar.text


def read_identity(fields: Fields, registers: Registers) -> None:
    """`pack.yaml` except its `later` changes, which cite sources."""
    registers.id = fields.name("id", required=True) or ""
    if fields.scalar("language") is None and "language" not in fields:
        fields.collector.add(
            "JM069",
            "the pack names no version of the rule language",
            fields.span,
            expected='`language: "1"`',
        )
    registers.version = fields.plain_text("version", required=True) or ""
    registers.name = fields.text("name", required=True)
    validity = fields.child("validity", ("from", "until"), required=True)
    if validity is not None:
        validity.day("from", required=True)
        validity.day("until", required=True)
        registers.validity = validity.window()
    registers.units = _labels(fields, "units")
    registers.domains = _labels(fields, "domains")
    registers.payers = _labels(fields, "payers")
    registers.answerers = _labels(fields, "answerers")


IDENTITY_KEYS = (
    "id",
    "language",
    "version",
    "name",
    "validity",
    "units",
    "domains",
    "payers",
    "answerers",
    "later",
)


def read_later(fields: Fields, registers: Registers) -> None:
    changes = []
    for change in fields.each("later", ("from", "text", "cite"), "a later change"):
        start = change.day("from", required=True)
        if start is not None:
            changes.append(
                LaterChange(start, change.text("text", required=True), registers.cite(change))
            )
    registers.later = tuple(changes)


def read_sources(fields: Fields, registers: Registers) -> None:
    keys = ("grade", "issuer", "number", "date", "title", "note")
    for id_, _, source in fields.each_named("sources", keys, "the source"):
        registers.sources[id_] = Source(
            id_,
            cast("Grade", source.word("grade", GRADES[:-1], required=True, default="recalled")),
            source.text("issuer", required=True),
            source.plain_text("number"),
            source.day("date"),
            source.text("title", required=True),
            source.text("note"),
        )


def read_documents(fields: Fields, registers: Registers) -> None:
    registers.documents = _labels(fields, "documents")


def read_duties(fields: Fields, registers: Registers) -> None:
    registers.duties = _labels(fields, "duties")
    read_hotlines(fields, registers)


def read_hotlines(fields: Fields, registers: Registers) -> None:
    for key, piece in (
        fields.child("hotlines", None) or Fields({}, {}, fields.span, registers.collector)
    ).items():
        hotline = Fields.open(
            piece, registers.collector, ("name", "from", "until", "cite"), "the hotline"
        )
        if hotline is not None:
            cite = required_cite(hotline, registers)
            registers.hotlines[key.text] = Hotline(
                key.text, hotline.text("name", required=True), hotline.window(), cite
            )


def read_offices(
    fields: Fields, registers: Registers, facts: dict[tuple[Entity, str], FactDefinition]
) -> None:
    for id_, label, office in fields.each_named("offices", OFFICE_KEYS, "the office"):
        registers.offices[id_] = read_office(id_, label, office, registers, facts)


def read_office(
    id_: str,
    label: Scalar,
    office: Fields,
    registers: Registers,
    facts: dict[tuple[Entity, str], FactDefinition],
) -> Office:
    services = []
    for piece in office.each("duties", ("duty", "from", "until"), "a duty"):
        duty = registers.duty(piece.scalar("duty", required=True))
        if duty is not None:
            services.append(Service(duty, piece.window()))
    phone, address = read_phone(office), read_address(office)
    return Office(
        id_,
        office.text("name", required=True),
        office.word("level", LEVELS, required=True, default="county"),
        _place(office, registers, facts),
        tuple(services),
        read_hotline_numbers(office, registers),
        phone,
        address,
        office.text("reason", required=phone is None or address is None),
        required_cite(office, registers),
        label.span,
    )


OFFICES_FILE_KEYS = ("duties", "offices", "hotlines")
OFFICE_KEYS = (
    "name",
    "level",
    "place",
    "duties",
    "hotlines",
    "phone",
    "address",
    "reason",
    "cite",
)


def read_hotline_numbers(office: Fields, registers: Registers) -> tuple[str, ...]:
    known = registers.hotlines
    return tuple(
        one.text
        for one in office.names("hotlines")
        if reading.one_of(one, known, "JM045", "hotline", registers.collector)
    )


def _place(
    office: Fields, registers: Registers, facts: dict[tuple[Entity, str], FactDefinition]
) -> Fact | None:
    scalar = office.scalar("place")
    if scalar is None:
        return None
    definition = find_fact(scalar.text, facts)
    if definition is None or not isinstance(definition.type, Choice):
        expected = "an enum fact such as household.hukou_county"
        registers.collector.add(
            "JM025", f"`{scalar.text}` is not an enum fact", scalar.span, expected=expected
        )
        return None
    return definition.node


def find_fact(text: str, facts: dict[tuple[Entity, str], FactDefinition]) -> FactDefinition | None:
    """The fact written as `household.name` or `person.name`."""
    entity, _, name = text.partition(".")
    return facts.get((cast("Entity", entity), name))


def required_cite(fields: Fields, registers: Registers) -> tuple[str, ...]:
    if "cite" not in fields:
        registers.collector.add(
            "JM059", "the entry cites no source", fields.span, expected="`cite: […]`"
        )
    return registers.cite(fields)


def read_phone(fields: Fields) -> str | None:
    scalar = fields.scalar("phone", required=True)
    return None if scalar is None or is_null(scalar) else scalar.text


def read_address(fields: Fields) -> Text | None:
    piece = fields.piece("address", required=True)
    return (
        None
        if piece is None or is_null(piece)
        else reading.text(piece, fields.collector, "`address`")
    )


def _labels(fields: Fields, key: str) -> dict[str, Text]:
    """Names with a text each."""
    group = fields.child(key, None)
    texts: dict[str, Text] = {}
    for label, piece in group.items() if group else ():
        word = reading.name(label, fields.collector)
        if word is not None:
            texts[word] = reading.text(piece, fields.collector, f"`{word}`")
    return texts
