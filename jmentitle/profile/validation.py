"""From a household file to facts: every problem at once, each with its path, the expectation and the nearest valid name, never the value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from jmentitle.language import tree, units
from jmentitle.language.diagnostics import Collector, ProfileError, nearest
from jmentitle.language.tree import Entity
from jmentitle.pack.model import LARGEST_NUMBER, MAX_MEMBERS, MEMBERS_COMPLETE, RECEIVES, Content, FactDefinition
from jmentitle.profile.facts import Facts, Row, RowOrder, Value

if TYPE_CHECKING:
    from jmentitle.pack.positioned import Piece, Scalar

FIRST_DAY = date(1900, 1, 1)
"""No fact is dated earlier."""
TOP_KEYS = ("pack", "on", "household", "members")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,10}")
_MEMBER_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(slots=True)
class Profile:
    """A household file that has been checked. `on` is the date it names, if it does."""

    facts: Facts
    on: date | None
    latest: tuple[date, str] | None = None
    """the latest date among the facts and its path: an assessment on an earlier day is an error"""

    def __repr__(self) -> str:
        return f"<Profile: {self.facts!r}>"


def parse_text(text: str) -> object:
    """A household file (JSON or YAML) as plain values. Raises ProfileError; the errors hold no excerpt."""
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text, parse_float=Decimal, object_pairs_hook=_without_duplicates)
        except ProfileError:
            raise
        except (ValueError, ArithmeticError, RecursionError) as problem:
            where = f"line {problem.lineno}" if isinstance(problem, json.JSONDecodeError) else "the file"
            raise _unusable(f"{where} is not valid JSON", "a JSON or YAML file with `household` and `members`") from None
    from jmentitle.pack import positioned  # YAML is read only when it is given

    collector = Collector()
    piece = positioned.read(text, "the file", collector, any_character=True)
    if piece is None or collector.errors:
        found = Collector()
        for one in collector.errors:
            # A parser's own words may quote the file; the place and the code's title say enough.
            path = f"line {one.span.line}" if one.span else "the file"
            message = "a key stands twice" if one.code == "JM002" else "this is not usable YAML"
            found.add(one.code, message, path=path, expected=one.expected if one.code != "JM001" else "valid YAML or JSON")
        raise ProfileError(found.errors)
    return _plain(piece)


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """JSON allows a key twice and keeps the last; a household file must not lose what it says."""
    found = dict(pairs)
    if len(found) != len(pairs):
        collector = Collector()
        collector.add("JM002", "a key stands twice", path="the file", expected="each key once")
        raise ProfileError(collector.errors)
    return found


def validate(raw: object, content: Content, order: RowOrder, on: date | None = None) -> Profile:
    """Check a household given as plain values. `on`, the day of assessment, bounds the dates. Raises ProfileError."""
    checker_ = _Validation(content, order, on)
    profile = checker_.profile(raw)
    if checker_.collector.errors:
        raise ProfileError(checker_.collector.errors)
    assert profile is not None
    return profile


def report_later(collector: Collector, path: str, on: date) -> None:
    """A fact dated after the day of assessment."""
    collector.add("JM074", "this date lies after the day of assessment", path=path, expected=f"a date up to {on}")


class _Validation:
    def __init__(self, content: Content, order: RowOrder, on: date | None) -> None:
        self.content, self.order, self.on = content, order, on
        self.collector = Collector()
        self.latest: tuple[date, str] | None = None

    def wrong(self, code: str, path: str, message: str, expected: str | None = None, near: str | None = None) -> None:
        self.collector.add(code, message, path=path, expected=expected, nearest=near)

    def profile(self, raw: object) -> Profile | None:
        if not isinstance(raw, Mapping):
            self.wrong("JM070", "the file", "this is not a household file", "a mapping with `household` and `members`")
            return None
        for key in raw:
            if key not in TOP_KEYS:
                entity = self.known(str(key))
                expected = f"`{entity}`" if entity else ", ".join(TOP_KEYS)
                self.wrong("JM071", _name(key), "unknown key", expected, nearest(str(key), TOP_KEYS))
        stated = raw.get("on")
        on = self.day(stated, "on") if stated is not None else None
        self.on = self.on or on
        complete = True
        household = self.row("household", raw.get("household") or {}, "household")
        inner = raw.get("household")
        if isinstance(inner, Mapping) and inner.get(MEMBERS_COMPLETE) is not None:
            found = self.truth(inner[MEMBERS_COMPLETE], f"household.{MEMBERS_COMPLETE}")
            complete = found is not False
        members, ids = self.members(raw.get("members"))
        return Profile(Facts(self.order, household, members, ids, complete), on, self.latest)

    def members(self, raw: object) -> tuple[list[Row], list[str]]:
        if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
            self.wrong("JM076", "members", "the file lists no members", "a list with at least one person")
            return [], []
        if len(raw) > MAX_MEMBERS:
            self.wrong("JM076", "members", "the list of members is too long", f"at most {MAX_MEMBERS}")
            return [], []
        rows, ids = [], []
        for place, member in enumerate(raw):
            path = f"members[{place}]"
            rows.append(self.row("person", member, path))
            ids.append(self.member_id(member, place, path))
            if ids[-1] in ids[:-1]:
                self.wrong("JM077", f"{path}.id", "another member has this id", "an id of its own")
        return rows, ids

    def member_id(self, member: object, place: int, path: str) -> str:
        stated = member.get("id") if isinstance(member, Mapping) else None
        if stated is None:
            return f"member_{place + 1}"
        if isinstance(stated, str) and _MEMBER_ID.fullmatch(stated):
            return stated
        self.wrong("JM072", f"{path}.id", "this is not an id", "a short lower_snake_case word such as father, not a name")
        return f"member_{place + 1}"

    def row(self, entity: Entity, raw: object, path: str) -> Row:
        order = self.order.of_entity(entity)
        row: Row = [None] * len(order)
        if not isinstance(raw, Mapping):
            self.wrong("JM070", path, "this is not a mapping of facts", "`name: value` lines")
            return row
        for key, value in raw.items():
            if key in (MEMBERS_COMPLETE, "id") and (key == "id") == (entity == "person"):
                continue
            place = order.get(key) if isinstance(key, str) else None
            if place is None:
                self.unknown(entity, str(key), path)
            elif value is not None:
                row[place] = self.value(entity, cast("str", key), value, f"{path}.{key}")
        return row

    def unknown(self, entity: Entity, key: str, path: str) -> None:
        other = self.known(key)
        if other is not None:
            self.wrong("JM081", f"{path}.{_name(key)}", "this fact stands in the wrong place", f"under {other}")
            return
        names = {*self.order.of_entity(entity), *((MEMBERS_COMPLETE,) if entity == "household" else ("id",))}
        near = nearest(key, names)
        self.wrong("JM071", f"{path}.{_name(key)}", "unknown fact", None if near else "a name of `jmentitle facts`", near)

    def known(self, key: str) -> str | None:
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

    def truth(self, value: object, path: str) -> bool | None:
        if isinstance(value, bool):
            return value
        self.wrong("JM072", path, "this is not a truth value", "true or false")
        return None

    def day(self, value: object, path: str) -> date | None:
        found: date | None = None
        if isinstance(value, date) and not isinstance(value, datetime):
            found = value
        elif isinstance(value, str) and _DATE.fullmatch(value):
            try:
                found = date.fromisoformat(value)
            except ValueError:
                found = None
        if found is None:
            self.wrong("JM072", path, "this is not a day of the calendar", "YYYY-MM-DD")
        elif found < FIRST_DAY:
            self.wrong("JM075", path, "this date is too long ago", f"a date from {FIRST_DAY.year} on")
        elif path != "on":
            self.latest = max(self.latest or (found, path), (found, path))
            if self.on is not None and found > self.on:
                report_later(self.collector, path, self.on)
        return found

    def number(self, definition: FactDefinition, value: object, path: str) -> int | None:
        kind = cast("tree.Numeric", definition.type)
        expected = f"a number in {units.show(kind.unit)}" if kind.unit else "a plain number"
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            self.wrong("JM072", path, "this is not a number", expected)
            return None
        # A float is read as the shortest decimal that stands for it, which is what was written.
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not exact.is_finite() or abs(exact.adjusted()) > 30:
            self.wrong("JM075", path, "this number is out of range", expected)
            return None
        scaled = exact.scaleb(kind.scale)
        whole = int(scaled)
        if scaled != whole:
            money = units.is_money(kind.unit)
            places = f"at most {kind.scale} decimal places" if kind.scale else "a whole number"
            self.wrong("JM080" if money else "JM072", path, "this number is too fine", f"{expected}, {places}")
            return None
        least, most = definition.least, definition.most
        if (least is not None and whole < least) or (most is not None and whole > most) or abs(whole) > LARGEST_NUMBER:
            shown = [f"{word} {_shown(end, kind.scale)}" for word, end in (("from", least), ("to", most)) if end is not None]
            self.wrong("JM075", path, "this number is out of range", f"{expected}, {' '.join(shown)}" if shown else expected)
            return None
        return whole

    def choice(self, enum: str, value: object, path: str) -> str | None:
        members = self.content.enums[enum].members
        if isinstance(value, str) and value in members:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and str(value) in members:
            return str(value)
        near = nearest(value, members) if isinstance(value, str) else None
        self.wrong("JM073", path, f"this is not a member of `{enum}`", ", ".join(members), near)
        return None

    def choices(self, enum: str, value: object, path: str) -> frozenset[str] | None:
        if not isinstance(value, Sequence | set | frozenset) or isinstance(value, str):
            self.wrong("JM072", path, "this is not a list", f"a list of members of `{enum}`; [] when there is none")
            return None
        found = [self.choice(enum, one, f"{path}[{place}]") for place, one in enumerate(value)]
        return frozenset(one for one in found if one is not None)

    def receives(self, entity: Entity, value: object, path: str) -> frozenset[str] | None:
        if not isinstance(value, Sequence | set | frozenset) or isinstance(value, str):
            self.wrong("JM072", path, "this is not a list", "a list of items or benefits; [] when nothing is received")
            return None
        if not value:
            return frozenset()
        known = {item.id for item in self.content.items.values() if item.entity == entity}
        known |= {benefit.reference for item in self.content.items.values() if item.entity == entity for benefit in item.benefits}
        found = set()
        for place, one in enumerate(value):
            if isinstance(one, str) and one in known:
                found.add(one)
            else:
                item = self.content.items.get(one.partition(".")[0]) if isinstance(one, str) else None
                elsewhere = f"it is received by a {item.entity}" if item is not None and item.entity != entity else None
                near = nearest(one, known) if isinstance(one, str) else None
                self.wrong("JM073", f"{path}[{place}]", "this is not an item or benefit that can be received here", elsewhere, near)
        return frozenset(found)


def _plain(piece: Piece) -> object:
    from jmentitle.pack import positioned

    if isinstance(piece, positioned.Mapping):
        return {key.text: _plain(value) for key, value in piece.entries}
    if isinstance(piece, positioned.Sequence):
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
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def _name(key: object) -> str:
    """A key as part of a path: keys are names, but a long or odd one may be data in the wrong place."""
    text = str(key)
    return text if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,40}", text) else "…"


def _shown(value: int, scale: int) -> str:
    return str(Decimal(value).scaleb(-scale).normalize() if scale else value)


def _unusable(message: str, expected: str) -> ProfileError:
    collector = Collector()
    collector.add("JM070", message, path="the file", expected=expected)
    return ProfileError(collector.errors)
