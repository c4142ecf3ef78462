"""From a household file to facts: every problem at once, each with its path, the expectation and
the nearest valid name, never the value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Never, TypeVar, cast

from jmentitle.errors import HouseholdError, fail
from jmentitle.language import tree, units, values
from jmentitle.language.codes import Code
from jmentitle.language.collector import Collector
from jmentitle.language.decimals import decimal_at, digits, whole_at
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.tree import Entity
from jmentitle.language.values import DayGiven, MemberId, RefusedValueError, plain
from jmentitle.pack.model import (
    LARGEST_NUMBER,
    MAX_MEMBERS,
    MEMBERS_COMPLETE,
    RECEIVES,
    Content,
    FactDefinition,
)
from jmentitle.pack.rows import RowOrder
from jmentitle.pack.rules import Rules
from jmentitle.profile.facts import Facts, Row, Value

if TYPE_CHECKING:
    from jmentitle.pack.yaml_tree import Piece, Scalar

Read = TypeVar("Read")

FIRST_DAY = date(1900, 1, 1)
"""No fact is dated earlier."""
TOP_KEYS = ("pack", "on", "household", "members")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MOST_DIGITS = 400
_BEYOND = Decimal("Infinity")
"""Stands for a number of a file that is too long to be read."""


@dataclass(slots=True)
class Profile:
    """A household that has been checked. Its representation shows no value.

    Fields:
        on: The day that the household names, None where it names none.
    Example:
        >>> pack.read(family | {"on": "2018-10-15"}).on
        datetime.date(2018, 10, 15)
    """

    facts: Facts
    on: date | None
    latest: tuple[date, str] | None = None
    """the latest date among the facts and its path: an assessment on an earlier day is an error"""

    def __repr__(self) -> str:
        return f"<Profile: {self.facts!r}>"


def parse_text(text: str) -> object:
    """Read the text of a household file, JSON or YAML, as plain values.

    Arguments:
        text: The text of the file.
    Returns:
        The values, for `Pack.read` and `Pack.assess`; numbers stay exact.
    Raises:
        HouseholdError: JM001, JM002, JM011 or JM070 for a text that cannot be read; no excerpt of
            it is shown.
    Example:
        >>> from jmentitle import parse_text
        >>> parse_text("members: [{id: mother, wage_income: 900.50}]")
        {'members': [{'id': 'mother', 'wage_income': Decimal('900.50')}]}
    """
    if text.lstrip().startswith("{"):
        try:
            return json.loads(
                text, parse_int=_number, parse_float=_number, object_pairs_hook=_without_duplicates
            )
        except HouseholdError:
            raise
        except RecursionError:
            _unusable("the file is nested too deep", "a household file", "JM011")
        except ValueError as problem:
            where = (
                f"line {problem.lineno}"
                if isinstance(problem, json.JSONDecodeError)
                else "the file"
            )
            _unusable(
                f"{where} is not valid JSON", "a JSON or YAML file with `household` and `members`"
            )
    from jmentitle.pack import yaml_tree  # YAML is read only when it is given

    collector = Collector()
    piece = yaml_tree.read(text, "the file", collector, any_character=True)
    if piece is None or collector.errors:
        redacted = Collector()
        for error in collector.errors:
            # A parser's own words may quote the file; the place and the code's title say enough.
            path = f"line {error.span.line}" if error.span else "the file"
            message = "duplicate key" if error.code == "JM002" else "not valid YAML"
            redacted.add(
                error.code,
                message,
                path=path,
                expected=error.expected if error.code != "JM001" else "valid YAML or JSON",
            )
        raise HouseholdError(redacted.errors)
    return _plain(piece)


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """JSON allows a key twice and keeps the last; a household file must not lose what it says."""
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        fail(
            "JM002",
            "duplicate key",
            path="the file",
            expected="each key once",
            error=HouseholdError,
        )
    return mapping


def read(rules: Rules, household: object, on: DayGiven | None = None) -> Profile:
    """Check a household given as plain values (as JSON would hold them) or as a typed profile.
    Raises HouseholdError with every problem."""
    day = None if on is None else values.day_of_call(on, "on")
    return validate(household, rules.content, rules.row_order, day)


def checked(rules: Rules, household: object, on: DayGiven | None) -> tuple[Profile, date]:
    """The profile and the day of assessment: `on`, else the day that the household names, else
    today.

    Raises HouseholdError, also for a fact dated after that day (JM074) and a profile of other facts
    (JM082), ArgumentError for a day outside the validity (JM079).
    """
    stated = None if on is None else values.day_of_call(on, "on")
    profile = household if isinstance(household, Profile) else read(rules, household, stated)
    check_order(rules, profile)
    day = stated or profile.on or date.today()
    rules.ruleset(day)
    if profile.latest is not None and profile.latest[0] > day:
        collector = Collector()
        report_later(collector, profile.latest[1], day)
        raise HouseholdError(collector.errors)
    return profile, day


def check_order(rules: Rules, profile: Profile) -> None:
    """Check that a profile means here what it meant where it was checked. Raises HouseholdError
    (JM082)."""
    order = profile.facts.order
    if order is not rules.row_order and order != rules.row_order:
        message = "the profile was read with a pack that has other facts"
        expected = f"a profile that the pack `{rules.content.id}` has read"
        fail("JM082", message, path="household", expected=expected, error=HouseholdError)


def validate(raw: object, content: Content, order: RowOrder, on: date | None = None) -> Profile:
    """Check a household given as plain values. `on`, the day of assessment, bounds the dates.
    Raises HouseholdError."""
    checker_ = _Validation(content, order, on)
    profile = checker_.profile(raw)
    if checker_.collector.errors:
        raise HouseholdError(checker_.collector.errors)
    assert profile is not None
    return profile


def report_later(collector: Collector, path: str, on: date) -> None:
    """A fact dated after the day of assessment."""
    collector.add(
        "JM074", "the date is after the day of assessment", path=path, expected=f"a date up to {on}"
    )


class _Validation:
    def __init__(self, content: Content, order: RowOrder, on: date | None) -> None:
        self.content = content
        self.order = order
        self.on = on
        self.collector = Collector()
        self.latest: tuple[date, str] | None = None

    def wrong(
        self,
        code: Code,
        path: str,
        message: str,
        expected: str | None = None,
        near: str | None = None,
    ) -> None:
        self.collector.add(code, message, path=path, expected=expected, suggestion=near)

    def profile(self, raw: object) -> Profile | None:
        raw = _as_mapping(raw)
        if not isinstance(raw, Mapping):
            self.wrong(
                "JM070",
                "the file",
                "expected a household file",
                "a mapping with `household` and `members`",
            )
            return None
        for key in raw:
            if not isinstance(key, str):
                self.no_name(key, "")
            elif key not in TOP_KEYS:
                entity = self.entity_of_key(key)
                expected = f"`{entity}`" if entity else ", ".join(TOP_KEYS)
                self.wrong(
                    "JM071",
                    values.shown_name(key),
                    "unknown key",
                    expected,
                    nearest_name(key, TOP_KEYS),
                )
        self.same_pack(plain(raw.get("pack")))
        stated = plain(raw.get("on"))
        on = self.day(stated, "on") if stated is not None else None
        self.on = self.on or on
        inner = _as_mapping(raw.get("household"))
        household = self.row("household", {} if inner is None else inner, "household")
        complete = True
        if isinstance(inner, Mapping) and plain(inner.get(MEMBERS_COMPLETE)) is not None:
            answer = self.truth(inner[MEMBERS_COMPLETE], f"household.{MEMBERS_COMPLETE}")
            complete = answer is not False
        members, ids = self.members(raw.get("members"))
        return Profile(Facts(self.order, household, members, ids, complete), on, self.latest)

    def same_pack(self, named: object) -> None:
        """A file may name the pack that it is written for; no other pack decides it."""
        own = self.content.id
        if named is not None and not isinstance(named, str):
            self.wrong("JM072", "pack", "expected the name of a pack", own)
        elif named not in (None, own):
            near = nearest_name(str(named), (own,))
            self.wrong("JM082", "pack", "the file names another pack", own, near)

    def members(self, raw: object) -> tuple[list[Row], list[MemberId]]:
        if not isinstance(raw, list | tuple) or not raw:
            self.wrong(
                "JM076", "members", "the file has no members", "a list with at least one person"
            )
            return [], []
        if len(raw) > MAX_MEMBERS:
            self.wrong(
                "JM076", "members", "the list of members is too long", f"at most {MAX_MEMBERS}"
            )
            return [], []
        rows: list[Row] = []
        ids: dict[str, MemberId] = {}
        for index, given in enumerate(raw):
            path = f"members[{index}]"
            member = _as_mapping(given)
            rows.append(self.row("person", member, path))
            id_ = self.member_id(member, index, path)
            # Results tell 1 and "1" apart by nothing that a person could see.
            if str(id_) in ids:
                self.wrong("JM077", f"{path}.id", "duplicate member id", "an id of its own")
            ids[str(id_)] = id_
        return rows, list(ids.values())

    def member_id(self, member: object, index: int, path: str) -> MemberId:
        stated = plain(member.get("id")) if isinstance(member, Mapping) else None
        found = None if stated is None else self.read(values.member_id, stated, f"{path}.id")
        return f"member_{index + 1}" if found is None else found

    def row(self, entity: Entity, raw: object, path: str) -> Row:
        order = self.order.of_entity(entity)
        row: Row = [None] * len(order)
        if not isinstance(raw, Mapping):
            self.wrong("JM070", path, "expected a mapping of facts", "`name: value` lines")
            return row
        for key, value in raw.items():
            if key in (MEMBERS_COMPLETE, "id") and (key == "id") == (entity == "person"):
                continue
            index = order.get(key) if isinstance(key, str) else None
            if not isinstance(key, str):
                self.no_name(key, f"{path}.")
            elif index is None:
                self.unknown(entity, key, path)
            elif (plain_value := plain(value)) is not None:
                row[index] = self.value(entity, key, plain_value, f"{path}.{key}")
        return row

    def no_name(self, key: object, path: str) -> None:
        """A key that is no text; YAML 1.1, as PyYAML reads it, makes one of a bare `on`."""
        if key is True:
            message = "the key is a truth value: YAML 1.1 reads a bare `on`, `yes` or `y` as one"
            self.wrong("JM006", f"{path}…", message, '`"on"` in quotes, or the day as `on=`')
        else:
            self.wrong("JM071", f"{path}…", "the key is not a text", "the name of a fact or key")

    def unknown(self, entity: Entity, key: str, path: str) -> None:
        other = self.entity_of_key(key)
        if other is not None:
            self.wrong(
                "JM081",
                f"{path}.{values.shown_name(key)}",
                "the fact is in the wrong place",
                f"under {other}",
            )
            return
        names = {
            *self.order.of_entity(entity),
            *((MEMBERS_COMPLETE,) if entity == "household" else ("id",)),
        }
        near = nearest_name(key, names)
        self.wrong(
            "JM071",
            f"{path}.{values.shown_name(key)}",
            "unknown fact",
            None if near else "a name of `jmentitle facts`",
            near,
        )

    def entity_of_key(self, key: str) -> str | None:
        if key in self.order.household or key == MEMBERS_COMPLETE:
            return "household"
        return "a member" if key in self.order.person else None

    # values

    def value(self, entity: Entity, key: str, value: object, path: str) -> Value | None:
        if key == RECEIVES:
            return self.receives(entity, value, path)
        definition = self.content.facts.get((entity, key))
        if definition is None:
            return self.truth(value, path)
        match definition.type:
            case tree.Truth():
                return self.truth(value, path)
            case tree.Day():
                return self.day(value, path)
            case tree.Numeric():
                return self.number(definition, value, path)
            case tree.Choice(enum=enum):
                return self.choice(enum, value, path)
            case tree.ChoiceSet(enum=enum):
                return self.choices(enum, value, path)

    def read(self, reader: Callable[[object], Read], value: object, path: str) -> Read | None:
        """The value as a reader converts it; None after reporting why the reader refuses it."""
        try:
            return reader(value)
        except RefusedValueError as problem:
            self.wrong(problem.code, path, problem.message, problem.expected)
        return None

    def truth(self, value: object, path: str) -> bool | None:
        return self.read(values.truth, value, path)

    def day(self, value: object, path: str) -> date | None:
        day = self.read(values.day, value, path)
        if day is None:
            return None
        if day < FIRST_DAY:
            expected = f"a date from {FIRST_DAY.year} on"
            self.wrong("JM075", path, "the date is too long ago", expected)
        elif path != "on":
            self.latest = max(self.latest or (day, path), (day, path))
            if self.on is not None and day > self.on:
                report_later(self.collector, path, self.on)
        return day

    def number(self, definition: FactDefinition, value: object, path: str) -> int | None:
        kind = cast("tree.Numeric", definition.type)
        expected = f"a number in {units.show(kind.unit)}" if kind.unit else "a plain number"
        money = units.is_money(kind.unit)
        try:
            whole, fits = whole_at(values.number(value, text=money), kind.scale)
        except RefusedValueError as problem:
            self.wrong(problem.code, path, problem.message, expected)
            return None
        if not fits:
            precision = f"at most {kind.scale} decimal places" if kind.scale else "a whole number"
            code: Code = "JM080" if money else "JM072"
            self.wrong(
                code, path, "the number has too many decimal places", f"{expected}, {precision}"
            )
            return None
        least, most = definition.least, definition.most
        if (
            (least is not None and whole < least)
            or (most is not None and whole > most)
            or abs(whole) > LARGEST_NUMBER
        ):
            ends = (("from", least), ("to", most))
            ends_text = [
                f"{word} {_decimal_text(end, kind.scale)}" for word, end in ends if end is not None
            ]
            expected_range = f"{expected}, {' '.join(ends_text)}" if ends_text else expected
            self.wrong("JM075", path, "the number is out of range", expected_range)
            return None
        return whole

    def choice(self, enum: str, value: object, path: str) -> str | None:
        members = self.content.enums[enum].members
        value = plain(value)
        if isinstance(value, str) and value in members:
            return str.__str__(value)
        # A member may be a short number; one of a million digits would take long to write out.
        short = (
            isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER
        )
        if short and str(value) in members:
            return str(value)
        near = nearest_name(value, members) if isinstance(value, str) else None
        self.wrong("JM073", path, f"unknown value of `{enum}`", ", ".join(members), near)
        return None

    def choices(self, enum: str, value: object, path: str) -> frozenset[str] | None:
        members = self.several(value, path, f"members of `{enum}`; [] when there is none")
        if members is None:
            return None
        found = [self.choice(enum, one, f"{path}[{index}]") for index, one in enumerate(members)]
        return frozenset(one for one in found if one is not None)

    def several(self, value: object, path: str, of: str) -> list[object] | None:
        try:
            return values.several(value)
        except RefusedValueError as problem:
            self.wrong(problem.code, path, problem.message, f"a list of {of}")
        return None

    def receives(self, entity: Entity, value: object, path: str) -> frozenset[str] | None:
        entries = self.several(value, path, "items or benefits; [] when nothing is received")
        if entries is None:
            return None
        if not entries:
            return frozenset()
        references = {item.id for item in self.content.items.values() if item.entity == entity}
        references |= {
            benefit.reference
            for item in self.content.items.values()
            if item.entity == entity
            for benefit in item.benefits
        }
        received = set()
        for index, given in enumerate(entries):
            reference = plain(given)
            if isinstance(reference, str) and reference in references:
                received.add(str.__str__(reference))
            else:
                item = (
                    self.content.items.get(reference.partition(".")[0])
                    if isinstance(reference, str)
                    else None
                )
                elsewhere = (
                    f"it is received by a {item.entity}"
                    if item is not None and item.entity != entity
                    else None
                )
                near = nearest_name(reference, references) if isinstance(reference, str) else None
                self.wrong(
                    "JM073",
                    f"{path}[{index}]",
                    "expected an item or benefit that can be received here",
                    elsewhere,
                    near,
                )
        return frozenset(received)


def _plain(piece: Piece) -> object:
    from jmentitle.pack import yaml_tree

    if isinstance(piece, yaml_tree.Mapping):
        return {key.text: _plain(value) for key, value in piece.entries}
    if isinstance(piece, yaml_tree.Sequence):
        return [_plain(item) for item in piece.items]
    return plain_scalar(piece)


def plain_scalar(scalar: Scalar) -> object:
    """A YAML scalar as JSON would know it; quoted ones are texts."""
    text = scalar.text
    if not scalar.plain:
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("null", "~", ""):
        return None
    if _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text):
        return _number(text)
    return _BEYOND if _NOT_FINITE.fullmatch(text) else text


def _number(text: str) -> int | Decimal:
    """A number of a file, whatever the caller's decimal context. A number too long for a fact
    becomes infinite, so that it is refused at its path."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(text) > _MOST_DIGITS or len(exponent) > len("-999"):
        return _BEYOND
    return Decimal(text) if exponent or "." in mantissa else int(text)


def _decimal_text(value: int, scale: int) -> str:
    return digits(decimal_at(value, scale))


def _as_mapping(raw: object) -> object:
    """The facts of a typed profile exactly as they were given; anything else as it is."""
    if isinstance(raw, Mapping) or not hasattr(type(raw), "model_fields"):
        return raw
    stated = vars(raw) | (getattr(raw, "__pydantic_extra__", None) or {})
    return {name: value for name, value in stated.items() if value is not None}


def _unusable(message: str, expected: str, code: Code = "JM070") -> Never:
    fail(code, message, path="the file", expected=expected, error=HouseholdError)
