"""Values in words: numbers with their units, dates, members of enums, stretches of days,
sources."""

from __future__ import annotations

import re
from datetime import date

from jmentitle.assessment.grades import basis_of_cite
from jmentitle.language import decimals, tree, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.tree import Window
from jmentitle.language.units import Unit
from jmentitle.pack.model import RECEIVES, Content
from jmentitle.pack.text import Text
from jmentitle.profile.facts import Facts, Value
from jmentitle.views.explain.proof import FactUsed, Figure
from jmentitle.views.explain.rule_words import GRADES
from jmentitle.views.explain.words import PER, SAYINGS, UNITS

_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")


class Values:
    """Words for the values of one pack in one language (`zh` or `en`)."""

    def __init__(self, content: Content, language: str) -> None:
        self.content = content
        self.language = language

    def text(self, text: Text) -> str:
        return text.in_language(self.language)

    def say(self, key: str, **values: object) -> str:
        return self.text(SAYINGS[key]).format(**values)

    def join_words(self, parts: list[str], key: str = "and") -> str:
        """One, another and a third; with `or` before the last where only one of them is wanted."""
        if not parts:
            return ""
        *first, last = dict.fromkeys(parts)
        return self.say(key).join([self.say("and").join(first), last]) if first else last

    # numbers and dates

    def number(self, value: int, scale: int, unit: Unit) -> str:
        """The number with its unit in words: 620 CNY a person a month."""
        numeral = digits(value, scale)
        above = [base for base, exponent in unit for _ in range(exponent)]
        below = [
            base
            for base, exponent in sorted(unit, key=lambda part: part[0] != "person")
            for _ in range(-exponent)
        ]
        if self.language == "zh":
            after = "".join(
                "元" if base == units.CURRENCY else self.text(self.unit(base)) for base in above
            )
            return "".join(self.per(base) for base in below) + numeral + after
        plural = "" if numeral == "1" else "s"
        after = " ".join(
            base if base == units.CURRENCY else self.text(self.unit(base)) + plural
            for base in above
        )
        return " ".join(
            part for part in (numeral, after, *(self.per(base) for base in below)) if part
        )

    def unit(self, base: str) -> Text:
        return UNITS[base] if base in UNITS else self.content.units[base]

    def per(self, base: str) -> str:
        if base in PER:
            return self.text(PER[base])
        return (
            f"每{self.text(self.unit(base))}"
            if self.language == "zh"
            else f"a {self.text(self.unit(base))}"
        )

    def bounds(self, low: int | None, high: int | None, scale: int, unit: Unit) -> str:
        """A number known only by its ends. Money is never below 0, so a low end of 0 says
        nothing."""
        floor = low is not None and low > 0
        if low is not None and low == high:
            return self.number(low, scale, unit)
        if floor and high is not None:
            return self.say(
                "between", low=digits(low or 0, scale), high=self.number(high, scale, unit)
            )
        if high is not None:
            return self.say("at_most", value=self.number(high, scale, unit))
        return (
            self.say("at_least", value=self.number(low or 0, scale, unit))
            if floor
            else self.say("unknown")
        )

    def figure(self, figure: Figure, unit: Unit | None = None) -> str:
        """The value of a figure in its own unit, or in `unit`; the empty unit leaves it out."""
        low, high = figure.bounds
        if isinstance(low, date) or isinstance(high, date) or figure.is_day:
            return str(low) if low is not None and low == high else self.say("unknown")
        return self.bounds(low, high, figure.scale, self.unit_of(figure) if unit is None else unit)

    def unit_of(self, figure: Figure) -> Unit:
        """The unit of a named figure or a literal; nothing for a calculated figure."""
        match figure.node:
            case tree.Constant(type=kind) | tree.Parameter(type=kind) | tree.Quantity(type=kind):
                return kind.unit
            case tree.Fact(type=tree.Numeric(unit=unit)):
                return unit
            case tree.CountMembers():
                return (("person", 1),)
            case tree.Sum(left=left) | tree.Difference(left=left) | tree.Conditional(then=left):
                return self.unit_of(Figure(left, figure.entity))
            case tree.SumMembers(number=left) | tree.Negative(operand=left):
                return self.unit_of(Figure(left, figure.entity))
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                return self.unit_of(Figure(parts[0], figure.entity))
            case tree.Product(left=left, right=right):
                return units.multiply(
                    self.unit_of(Figure(left, figure.entity)),
                    self.unit_of(Figure(right, figure.entity)),
                )
            case tree.Rounded(operand=tree.Quotient(left=left, right=right)):
                return units.divide(
                    self.unit_of(Figure(left, figure.entity)),
                    self.unit_of(Figure(right, figure.entity)),
                )
            case tree.Rounded(operand=operand):
                return self.unit_of(Figure(operand, figure.entity))
            case tree.Elapsed(unit=base):
                return ((base, 1),)
        return ()

    # facts

    def fact(self, used: FactUsed, kind: tree.Type | None) -> str:
        """The value of a fact of the vocabulary; truths as yes or no."""
        value: Value | None = used.value
        if value is None:
            return self.say("unknown")
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, date):
            return str(value)
        if isinstance(kind, tree.Numeric) and isinstance(value, int):
            return self.number(value, kind.scale, kind.unit)
        members = {value} if isinstance(value, str) else value
        assert isinstance(kind, tree.Choice | tree.ChoiceSet) and isinstance(
            members, set | frozenset
        )
        return self.members(kind, frozenset(members))

    def members(self, kind: tree.Type, members: frozenset[str], key: str = "and") -> str:
        """Members of an enum, in its order."""
        assert isinstance(kind, tree.Choice | tree.ChoiceSet)
        named = [
            self.text(text)
            for member, text in self.content.enums[kind.enum].members.items()
            if member in members
        ]
        return self.join_words(named, key) if named else self.say("empty")

    # days and sources

    def window(self, window: Window) -> str:
        if window.start is not None and window.end is not None:
            return self.say("window", start=window.start, end=window.end)
        if window.start is not None:
            return self.say("window_from", start=window.start)
        return (
            self.say("always") if window.end is None else self.say("window_until", end=window.end)
        )

    def sources(self, cite: tuple[str, ...]) -> str:
        """The sources of one statement, with the grade of the strongest."""
        passages_of: dict[str, list[str]] = {}
        for text in cite:
            id_, _, place = text.partition(" ")
            passages_of.setdefault(id_, []).append(self.place(place))
        titles = [
            self.say(
                "source",
                title=self.text(self.content.sources[id_].title),
                place=self.join_words([passage for passage in passages if passage]),
            ).strip()
            for id_, passages in passages_of.items()
        ]
        grade = self.text(GRADES[basis_of_cite(cite, self.content).grade])
        return self.say("graded", sources=self.join_words(titles), grade=grade)

    def place(self, place: str) -> str:
        """Article 12 of a law, or a section (三(五)1) or note (注10) of a document; in English
        without Chinese numerals."""
        article = re.fullmatch(r"art\. (.+)", place)
        if article:
            return self.say("article", number=article[1])
        return place if self.language == "zh" else place.translate(_NUMERALS).replace("注", "note ")

    # people

    def subject(self, facts: Facts, member: int | None) -> str:
        return self.text(subject(self.content, facts, member))

    def items(self, references: tuple[str, ...]) -> str:
        """The names of the items that some benefits belong to."""
        return self.join_words(
            [
                self.text(self.content.items[reference.partition(".")[0]].name)
                for reference in references
            ]
        )

    def fact_label(self, used: FactUsed) -> str:
        definition = self.content.facts.get(
            ("household" if used.member is None else "person", used.name)
        )
        if definition is not None:
            return self.text(definition.label)
        return (
            used.name
            if used.name == RECEIVES
            else self.text(self.content.statuses[used.name].label)
        )


def subject(content: Content, facts: Facts, member: int | None) -> Text:
    """How a text calls a member: by relation where that is known, by number otherwise; never by
    name."""
    if member is None:
        return SAYINGS["household"]
    zh, en = (
        SAYINGS["member"].zh.format(place=member + 1),
        SAYINGS["member"].en.format(place=member + 1),
    )
    fact = content.facts.get(("person", "relation"))
    value = None if fact is None else facts.value(member, "relation")
    if fact is None or not isinstance(fact.type, tree.Choice) or not isinstance(value, str):
        return Text(zh, en)
    relation = content.enums[fact.type.enum].members[value]
    return Text(f"{zh}（{relation.zh}）", f"{en} ({relation.en})")


def digits(value: int, scale: int) -> str:
    """1,860 or 14.50: whole numbers without places."""
    shown = decimal_at(value, scale)
    if shown == int(shown):
        return f"{int(shown):,}"
    return f"{shown:,f}" if scale == 2 else decimals.digits(shown, ",")
