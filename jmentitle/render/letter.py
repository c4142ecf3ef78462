"""The letter to a family: one A4 page with what matters most, and where to find the rest.

Open benefits are grouped by the office that takes the application, with one list of documents for
the visit. Entries that do not fit are counted and left to the full assessment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from jmentitle.assessment.models import Amount, Assessment, BenefitResult, ItemResult, Label, Office
from jmentitle.language.values import MemberId
from jmentitle.render.document import Document, Entry, Line, Section
from jmentitle.render.graph import width_of
from jmentitle.render.html import document_html, page
from jmentitle.render.selection import MONEY_KINDS, Choice, Opened, Selection, pays
from jmentitle.render.words import join, say_amount, say_date

PAGE_LINES, LINE_WIDTH = 58, 102
"""what fits on the page at the smallest size: lines, and characters of half width in a line"""
SMALLEST, LARGEST = 10, 12
"""points"""
QUESTIONS = 3
CHOICES = 3
MEMBERS = 8
HOTLINES = 4
STYLE = """
@page{size:A4;margin:12mm}
body.jmentitle{width:186mm;max-width:none;margin:0 auto;line-height:1.34}
.jmentitle h1{font-size:1.5em;margin:0}
.jmentitle h2{font-size:1.1em;margin:.45em 0 .1em}
.jmentitle p,.jmentitle ul{margin:0}
.jmentitle .whose{margin-left:.5em}
.jmentitle footer{border-top:1px solid #999;margin-top:.5em;padding-top:.2em}
@media screen{body.jmentitle{padding:12mm}}
@media print{body.jmentitle{width:auto}}
"""


@dataclass(frozen=True)
class Limits:
    """How many of each the letter shows."""

    now: int
    services: int
    later: int
    choices: int


# Sections shrink in this order: the least open benefits, then names of services, then the rest.
_FEWER = (
    *(("now", 10), ("services", 6), ("later", 5), ("choices", 2)),
    *(("now", 7), ("services", 0), ("later", 3), ("choices", 1), ("now", 2), ("later", 0)),
)


def letter(assessment: Assessment, language: str) -> str:
    """The letter as a page of HTML that prints on one sheet. `language` is zh or en; ValueError for
    any other."""
    document = letter_document(assessment, language)
    # Lines grow longer and higher at once.
    size = min(LARGEST, SMALLEST * max(1, PAGE_LINES / height(document)) ** 0.5)
    return page(
        document.title,
        language,
        document_html(document),
        style=f"{STYLE}body.jmentitle{{font-size:{size:.1f}pt}}\n",
    )


def letter_document(assessment: Assessment, language: str) -> Document:
    """The letter to the family as a document: its sections, before they are put on a page.

    Arguments:
        assessment: An assessment.
        language: `zh` or `en`.
    Returns:
        The document, for `document_html`.
    Raises:
        ArgumentError: JM073 for another language.
    Example:
        >>> type(letter_document(assessment, "en")).__name__
        'Document'
    """
    letter = _Letter(assessment, language)
    document = letter.document()
    for name, least in _FEWER:
        while height(document) > PAGE_LINES and getattr(letter.limits, name) > least:
            letter.limits = replace(letter.limits, **{name: getattr(letter.limits, name) - 1})
            document = letter.document()
    return document


def height(document: Document) -> float:
    """About how many lines of ordinary height a letter takes."""

    def lines(text: str, room: int = LINE_WIDTH) -> int:
        return ceil(width_of(text) / room)

    total = (
        1.6
        + sum(lines(text) for text in document.under)
        + 0.6
        + sum(lines(text, LINE_WIDTH * 115 // 100) for text in document.foot) * 0.85
    )
    for section in document.sections:
        total += 1.7 + lines(section.lead) + lines(section.rest)
        for entry in section.entries:
            total += lines(f"{entry.title}  {entry.whose}")
            total += sum(lines(line.text, LINE_WIDTH - 3) for line in entry.lines)
    return total


class _Letter:
    def __init__(self, assessment: Assessment, language: str) -> None:
        self.assessment = assessment
        self.choose = Selection(assessment, language)
        self.say = self.choose.say
        self.label = self.choose.label
        self.language = language
        now = self.choose.now().values()
        self.paying = sorted((benefits for benefits in now if pays(benefits)), key=_rank)
        self.names_of_services = [benefits[0][0].name for benefits in now if not pays(benefits)]
        self.opening = sorted(self.choose.later().values(), key=_rank)
        self.choosing = self.ranked_choices()
        self.limits = Limits(
            len(self.paying),
            len(self.names_of_services),
            len(self.opening),
            min(len(self.choosing), CHOICES),
        )

    def document(self) -> Document:
        included = self.paying[: self.limits.now]
        left_out = self.paying[self.limits.now :]
        sections = (
            self.now(included, left_out),
            self.services(self.names_of_services),
            self.later(),
            self.choices(),
            self.questions(),
            Section("received", self.say("received"), lead=self.choose.labels(self.received())),
            Section("contact", self.say("contact"), lead=self.hotlines(included)),
        )
        receipt = self.assessment.receipt.result_digest[7:19]
        return Document(
            title=self.say("letter_title"),
            under=(
                self.to_whom(),
                self.say(
                    "letter_on",
                    pack=self.label(self.assessment.pack_name),
                    on=say_date(self.language, self.assessment.on),
                ),
            ),
            sections=tuple(section for section in sections if section.entries or section.lead),
            foot=(self.say("letter_full", receipt=receipt), self.say("disclaimer")),
        )

    def to_whom(self) -> str:
        members = self.choose.members
        named = self.choose.labels(self.assessment.subjects[member] for member in members[:MEMBERS])
        return self.say(
            "letter_to" if len(members) <= MEMBERS else "letter_to_many",
            members=named,
            count=len(members),
        )

    def now(self, included: list[list[Opened]], left_out: list[list[Opened]]) -> Section:
        """One entry a visit: the office, what is applied for there, and the documents for all of
        it."""
        visits: dict[tuple[str, ...], list[list[Opened]]] = {}
        for opened in included:
            visits.setdefault(tuple(office.id for office in _apply(opened[0][0])), []).append(
                opened
            )
        entries = []
        for group in visits.values():
            first = group[0][0][0]
            offices = join(self.language, [self.choose.office(office) for office in _apply(first)])
            lines = [Line("benefit", self.item(opened)) for opened in group]
            documents = self.choose.labels(
                document for opened in group for document in opened[0][0].documents
            )
            lines += (
                [Line("bring", self.say("letter_bring", documents=documents))] if documents else []
            )
            entries.append(Entry(self.say("letter_at", offices=offices), lines=tuple(lines)))
        names = self.choose.labels(opened[0][0].name for opened in left_out)
        return Section(
            "letter_now",
            self.say("letter_now"),
            tuple(entries),
            lead="" if entries else self.say("letter_none"),
            rest=self.say("letter_left_out", count=len(left_out), names=names) if left_out else "",
        )

    def item(self, opened: list[Opened]) -> str:
        """One item in a line: its subjects and its money; without money, the other benefits."""
        money = [
            (result, benefit)
            for result, benefit in opened
            if benefit.amount is not None or benefit.kind in MONEY_KINDS
        ]
        whose: dict[tuple[str, str], list[MemberId]] = {}
        for result, benefit in money or opened:
            whose.setdefault((self.label(benefit.name), self.terms(benefit)), []).append(
                result.subject
            )
        subjects = list(dict.fromkeys(result.subject for result, _ in money or opened))
        # Benefits on the same terms, for the same persons, are named together.
        alike: dict[tuple[str, str], list[str]] = {}
        for (benefit_name, terms), mine in whose.items():
            alike.setdefault(
                (terms, "" if len(mine) == len(subjects) else f" [{self.choose.subjects(mine)}]"),
                [],
            ).append(benefit_name)
        parts = [
            f"{join(self.language, names)}{terms}{mine}" for (terms, mine), names in alike.items()
        ]
        name = f"{self.label(opened[0][0].name)} — {self.choose.subjects(subjects)}"
        return f"{name}{self.choose.colon}{self.choose.semicolon.join(parts)}"

    def terms(self, benefit: BenefitResult) -> str:
        """The amount, and who decides, after the name of a benefit."""
        words = [self.amount(benefit.amount)] if benefit.amount is not None else []
        words += [self.say("letter_discretionary")] if benefit.decision == "discretionary" else []
        comma = "，" if self.language == "zh" else ", "
        return "".join(f"{comma}{word}" for word in words)

    def amount(self, amount: Amount) -> str:
        return (
            self.say("letter_amount_unpublished")
            if amount.certainty == "unpublished"
            else say_amount(self.language, amount)
        )

    def services(self, names: list[Label]) -> Section:
        names_text = self.choose.labels(names[: self.limits.services])
        more = len(names) - self.limits.services
        rest = (
            self.say("letter_more" if names_text else "letter_count", count=more)
            if more > 0
            else ""
        )
        universal = {
            result.item
            for result in self.assessment.results
            if result.universal and result.decision in ("eligible", "discretionary")
        }
        lead = f"{names_text}{rest}{self.say('letter_end')}" if names else ""
        if names and universal:
            lead += self.say("letter_universal", count=len(universal))
        return Section(
            "letter_services",
            self.say("letter_services"),
            lead=lead,
        )

    def later(self) -> Section:
        """One entry for what the same applications open."""
        # The same applications are the same in whatever order they are named.
        grouped: dict[frozenset[str], tuple[list[str], list[list[Opened]]]] = {}
        for opened in self.opening[: self.limits.later]:
            items = list(dict.fromkeys(item for _, benefit in opened for item in benefit.after))
            grouped.setdefault(frozenset(items), (items, []))[1].append(opened)
        entries = [
            Entry(
                self.say("letter_after", items=self.choose.first(after)),
                lines=tuple(Line("benefit", self.item(opened)) for opened in opened_after),
            )
            for after, opened_after in grouped.values()
        ]
        more = len(self.opening) - self.limits.later
        rest = self.say("letter_more_items", count=more) if more > 0 else ""
        return Section(
            "later",
            self.say("later"),
            tuple(entries),
            lead="" if entries else rest,
            rest=rest if entries else "",
        )

    def ranked_choices(self) -> list[Choice]:
        """Each conflict once: those first in which money is known, then those in which one must be
        chosen."""
        kinds = ("exclusive", "higher", "unsettled")
        by_id: dict[str, Choice] = {}
        for choice in self.choose.choices():
            by_id.setdefault(choice.conflict.id, choice)
        return sorted(
            by_id.values(),
            key=lambda choice: (
                all(option.yearly is None for option in choice.conflict.options),
                kinds.index(choice.conflict.kind),
            ),
        )

    def choices(self) -> Section:
        entries = []
        for choice in self.choosing[: self.limits.choices]:
            best = self.choose.best(choice.conflict)
            options = [
                self.choose.option(choice.conflict, option) for option in choice.conflict.options
            ]
            if not choice.same:
                options = [
                    f"{name} [{self.choose.subjects(whose)}]"
                    for name, whose in zip(options, choice.whose, strict=True)
                ]
            space = "" if self.language == "zh" else " "
            words = self.say(choice.conflict.kind) + space
            words += self.say("or").join(options) + self.say("letter_end")
            words += (
                self.say("worth_most", name=self.choose.option(choice.conflict, best))
                if best
                else ""
            )
            whose = self.choose.subjects(choice.whose[0]) if choice.same else ""
            entries.append(
                Entry(self.label(choice.conflict.text), whose, (Line("options", words.rstrip()),))
            )
        more = len(self.choosing) - self.limits.choices
        rest = self.say("letter_more_choices", count=more) if more > 0 else ""
        return Section(
            "conflicts",
            self.say("conflicts"),
            tuple(entries),
            lead="" if entries else rest,
            rest=rest if entries else "",
        )

    def questions(self) -> Section:
        entries = []
        for question in self.choose.questions()[:QUESTIONS]:
            first = question.facts[0]
            title = self.say(
                "letter_ask", who=self.label(first.who), question=self.label(first.ask)
            )
            entries.append(
                Entry(title, self.choose.subjects(fact.subject for fact in question.facts))
            )
        lead = self.say("letter_questions", count=self.choose.undecided()) if entries else ""
        return Section("missing", self.say("letter_missing"), tuple(entries), lead=lead)

    def received(self) -> Iterator[Label]:
        return (result.name for result in self.assessment.results if result.received)

    def hotlines(self, included: list[list[Opened]]) -> str:
        offices = [office for opened in included for office in opened[0][0].offices]
        nearest = sorted(
            offices, key=lambda office: ("apply", "decides", "helps").index(office.role)
        )
        numbers = dict.fromkeys(number for office in nearest for number in office.hotlines)
        named = [
            f"{number} {self.label(self.assessment.hotlines[number])}"
            for number in list(numbers)[:HOTLINES]
        ]
        return self.choose.semicolon.join(named)


def _apply(result: ItemResult) -> list[Office]:
    return [office for office in result.offices if office.role == "apply"]


def _rank(opened: list[Opened]) -> int:
    """The rank of an item: cash with a known amount, other cash, other known amounts, the rest."""
    known_kinds = [
        benefit.kind
        for _, benefit in opened
        if benefit.amount is not None
        and benefit.amount.certainty not in ("unpublished", "undetermined")
    ]
    kinds = [benefit.kind for _, benefit in opened]
    return 0 if "cash" in known_kinds else 1 if "cash" in kinds else 2 if known_kinds else 3
