"""The content of a loaded pack. Everything is immutable; nothing here reads files."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Literal, get_args

from jmentitle.language.diagnostics import Span
from jmentitle.language.record import record
from jmentitle.language.tree import Entity, Fact, NumberNode, Numeric, TruthNode, Type, Window
from jmentitle.language.units import Unit
from jmentitle.pack.text import Text

Grade = Literal["plan", "statute", "notice", "press", "recalled", "proposal"]
GRADES: tuple[Grade, ...] = get_args(Grade)
"""The grades of sources, strongest first; the last is that of amendments, and no pack can write
it."""
KINDS = ("cash", "fee_waiver", "in_kind", "service", "insurance", "loan", "priority", "information")
REACHES = ("targeted", "universal")
LEVELS = ("village", "township", "county", "city", "province", "national", "institution")
ConflictKind = Literal["exclusive", "higher", "unsettled"]
CONFLICT_KINDS: tuple[ConflictKind, ...] = get_args(ConflictKind)
TARGET_UNITS = ("percent", "person")
CHANGES = ("time", "family", "office", "never")
"""The cause that changes a fact: time alone, the family itself, an office that decides it, or
nothing."""
RECEIVES = "receives"
MEMBERS_COMPLETE = "members_complete"
MAX_MEMBERS = 40
"""No household lists more."""
LARGEST_NUMBER = 10**15
"""No fact is larger, in the smallest unit of its scale (for money: fen)."""


# vocabulary
# --------------------------------------------------------------------------------------------------


@record
class Enum:
    name: str
    members: dict[str, Text]
    groups: dict[str, frozenset[str]]

    @property
    def stands_for(self) -> dict[str, frozenset[str]]:
        """Members and groups, each group with its members."""
        return {member: frozenset((member,)) for member in self.members} | self.groups


@record
class FactDefinition:
    """A question that somebody can answer. `least` and `most` bound an unknown number, at the scale
    of its type. `changes` is one of CHANGES."""

    entity: Entity
    name: str
    type: Type
    label: Text
    ask: Text
    who: str
    evidence: tuple[str, ...]
    sensitive: bool
    least: int | None
    most: int | None
    changes: str
    span: Span

    @property
    def node(self) -> Fact:
        return Fact(self.entity, self.name, self.type)


@record
class StatusDefinition:
    """A named truth. `certificate` is the document with which a household file may state it,
    `changes` what moves that (of CHANGES)."""

    entity: Entity
    name: str
    label: Text
    when: TruthNode | None
    certificate: str | None
    changes: str
    cite: tuple[str, ...]
    span: Span


@record
class QuantityDefinition:
    entity: Entity
    name: str
    label: Text
    value: NumberNode
    type: Numeric
    cite: tuple[str, ...]
    span: Span


# parameters
# --------------------------------------------------------------------------------------------------

Bounds = tuple[int | None, int | None]


@record
class ParameterEntry:
    """The value of a parameter in a stretch of days: `cells` by key (the empty key without a
    table), or `steps`. `own_cites` holds the sources of single cells that an overlay has filled;
    the others have `cite`."""

    window: Window
    cells: dict[tuple[str | int, ...], Bounds]
    steps: tuple[tuple[int, Bounds], ...]
    reason: Text
    cite: tuple[str, ...]
    span: Span
    own_cites: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)

    def cite_of(self, key: tuple[object, ...]) -> tuple[str, ...]:
        """The sources of the value at a key."""
        return self.own_cites.get(key, self.cite)


@record
class ParameterDefinition:
    name: str
    label: Text
    type: Numeric
    by: tuple[Fact, ...]
    steps_of: str | None
    settled_by: str | None
    entries: tuple[ParameterEntry, ...]
    span: Span

    def on(self, day: date) -> ParameterEntry:
        """The entry in force; loading has checked that there is exactly one within the validity."""
        return next(entry for entry in self.entries if entry.window.holds(day))


# registers
# --------------------------------------------------------------------------------------------------


@record
class Source:
    id: str
    grade: Grade
    issuer: Text
    number: str | None
    date: date | None
    title: Text
    note: Text


@record
class Hotline:
    number: str
    name: Text
    window: Window
    cite: tuple[str, ...]


@record
class Service:
    """A duty that an office has for some days."""

    duty: str
    window: Window


@record
class Office:
    id: str
    name: Text
    level: str
    place: Fact | None
    duties: tuple[Service, ...]
    hotlines: tuple[str, ...]
    phone: str | None
    address: Text | None
    reason: Text
    cite: tuple[str, ...]
    span: Span


@record
class LaterChange:
    start: date
    text: Text
    cite: tuple[str, ...]


# items
# --------------------------------------------------------------------------------------------------


@record
class Pays:
    """An amount of money: `unit` is CNY or CNY per day, month or year."""

    amount: NumberNode
    unit: Unit
    cap: NumberNode | None = None
    lasts: NumberNode | None = None
    lasts_unit: Unit = ()
    payer: str | None = None


@record
class Measure:
    """A quantity of a service: 4 visits a year."""

    amount: NumberNode
    type: Numeric


@record
class ScheduleEntry:
    at: int
    to: int | None
    window: Window
    text: Text
    cite: tuple[str, ...]


@record
class Schedule:
    by: NumberNode
    entries: tuple[ScheduleEntry, ...]


@record
class Benefit:
    item: str
    name: str
    title: Text
    kind: str
    when: TruthNode | None
    window: Window
    pays: Pays | None
    gives: Text
    volume: Measure | None
    schedule: Schedule | None
    discretionary: bool
    grants: tuple[str, ...]
    cite: tuple[str, ...]
    span: Span

    @property
    def reference(self) -> str:
        return f"{self.item}.{self.name}"


@record
class Apply:
    at: str
    decides: str | None
    helps: tuple[str, ...]
    bring: tuple[str, ...]
    how: Text
    cite: tuple[str, ...]


@record
class Remark:
    """A statement about an item that is no amount of the family; dated."""

    text: Text
    window: Window
    cite: tuple[str, ...]


@record
class Gap:
    """Something that nobody published, and the duty of the office that could."""

    text: Text
    settled_by: str | None
    cite: tuple[str, ...]


@record
class Item:
    id: str
    number: int
    domain: str
    name: Text
    entity: Entity
    universal: bool
    summary: Text
    benefits: tuple[Benefit, ...]
    apply: Apply
    information: tuple[Remark, ...]
    gaps: tuple[Gap, ...]
    notes: Text
    cite: tuple[str, ...]
    file: str
    span: Span


@record
class Conflict:
    id: str
    kind: ConflictKind
    between: tuple[str, ...]
    text: Text
    cite: tuple[str, ...]


@record
class Target:
    """The target of an indicator for a day: `value`, in `unit` (of TARGET_UNITS) with two decimal
    places, or None with the reason."""

    by: date
    unit: str
    value: int | None
    reason: Text
    cite: tuple[str, ...]


@record
class Indicator:
    """A share of people or households that measures a plan: the denominator is those for whom `of`
    holds, the numerator those of them for whom `counts` holds. With `take_up` (items and benefits),
    the denominator is those entitled to one of them, the numerator those of them who receive one.
    If households and their members can show neither, `cannot` says why."""

    id: str
    number: int
    name: Text
    note: Text
    entity: Entity
    of: TruthNode | None
    counts: TruthNode | None
    take_up: tuple[str, ...]
    cannot: Text
    target: Target | None
    cite: tuple[str, ...]
    span: Span


@record
class Overlay:
    """A layer over a pack: an agency's own values, or an amendment, whose version is `proposal`."""

    id: str
    version: str
    name: Text
    digest: str


# the pack
# --------------------------------------------------------------------------------------------------


@record
class Content:
    """Everything a pack holds, by name, in the order of the files."""

    id: str
    version: str
    name: Text
    validity: Window
    later: tuple[LaterChange, ...]
    units: dict[str, Text]
    domains: dict[str, Text]
    payers: dict[str, Text]
    answerers: dict[str, Text]
    enums: dict[str, Enum]
    facts: dict[tuple[Entity, str], FactDefinition]
    statuses: dict[str, StatusDefinition]
    quantities: dict[str, QuantityDefinition]
    parameters: dict[str, ParameterDefinition]
    sources: dict[str, Source]
    documents: dict[str, Text]
    duties: dict[str, Text]
    offices: dict[str, Office]
    hotlines: dict[str, Hotline]
    items: dict[str, Item]
    conflicts: dict[str, Conflict]
    indicators: dict[str, Indicator] = field(default_factory=dict)
    overlays: tuple[Overlay, ...] = ()
    amendments: tuple[Overlay, ...] = ()

    @cached_property
    def serving(self) -> dict[str, list[tuple[Office, Window]]]:
        """The offices of each duty, with the days on which they have it."""
        found: dict[str, list[tuple[Office, Window]]] = {}
        for office in self.offices.values():
            for service in office.duties:
                found.setdefault(service.duty, []).append((office, service.window))
        return found

    @property
    def first_day(self) -> date:
        assert self.validity.start is not None
        return self.validity.start

    @property
    def last_day(self) -> date:
        assert self.validity.end is not None
        return self.validity.end
