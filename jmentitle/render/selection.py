"""The selection and order of what a family is shown, the same for text, Markdown, HTML and the
letter.

Each item has one entry for all its subjects: money first and in full, then services in a few lines
each. Questions name who can answer them, the most useful first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from jmentitle.assessment.models import (
    Assessment,
    BenefitResult,
    Conflict,
    ItemResult,
    Label,
    MissingFact,
    Office,
    Option,
)
from jmentitle.language.values import MemberId
from jmentitle.pack.model import GRADES
from jmentitle.render.document import Document, Entry, Line, Section
from jmentitle.render.words import check, join, money, say, say_amount, say_date, say_volume

OPEN = ("eligible", "discretionary")
MONEY_KINDS = ("cash", "fee_waiver", "loan")
QUESTIONS = 15
VALUES = 12

Opened = tuple[ItemResult, BenefitResult]


@dataclass(frozen=True)
class Choice:
    """A conflict, once for all members whom it touches in the same way: `whose` are the subjects of
    each option."""

    conflict: Conflict
    whose: list[list[MemberId]]

    @property
    def same(self) -> bool:
        """Whether every option is for the same persons."""
        return all(whose == self.whose[0] for whose in self.whose)


@dataclass(frozen=True)
class Question:
    """One question, about everybody for whom the answer is unknown."""

    facts: list[MissingFact]


def family_document(assessment: Assessment, language: str) -> Document:
    """The whole assessment. `language` is zh or en; ValueError for any other."""
    return Selection(assessment, language).document()


class Selection:
    """Chooses from an assessment and puts it into the words of a language."""

    def __init__(self, assessment: Assessment, language: str) -> None:
        self.assessment = assessment
        self.language = check(language)
        self.colon, self.semicolon = ("：", "；") if language == "zh" else (": ", "; ")
        self.names = {result.item: result.name for result in assessment.results}
        self.members = [subject for subject in assessment.subjects if subject != "household"]
        self.count = 0
        self.numbers: dict[str, int] = {}
        """the number under which an item was first shown"""

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def label(self, label: Label) -> str:
        return label.in_language(self.language)

    def labels(self, labels: Iterable[Label]) -> str:
        return join(self.language, list(dict.fromkeys(self.label(label) for label in labels)))

    def first(self, items: Iterable[str]) -> str:
        """The items that must be granted first; of those that cannot be had together one is
        enough."""
        remaining = list(items)
        named = []
        while remaining:
            item = remaining.pop(0)
            others = [
                other
                for other in remaining
                if any({item, other} <= excluded for excluded in self.excluding)
            ]
            remaining = [other for other in remaining if other not in others]
            named.append(
                self.say("either").join(
                    self.label(self.names[choice]) for choice in (item, *others)
                )
            )
        return join(self.language, list(dict.fromkeys(named)))

    @cached_property
    def excluding(self) -> list[set[str]]:
        """The items of each conflict that allows only one of them."""
        return [
            {option.item for option in conflict.options}
            for conflict in self.assessment.conflicts
            if conflict.kind == "exclusive"
        ]

    def subjects(self, subjects: Iterable[MemberId]) -> str:
        """The family or its members as the assessment calls them; one word for all of three or
        more."""
        named = set(map(str, subjects))
        if len(self.members) > 2 and named == set(self.members):
            return self.say("everybody")
        return self.labels(
            label for subject, label in self.assessment.subjects.items() if subject in named
        )

    def document(self) -> Document:
        now = self.now()
        later = self.later()
        paying = {item: benefits for item, benefits in now.items() if pays(benefits)}
        sections = (
            self.section(
                "now_money",
                (self.item(benefits) for benefits in sorted(paying.values(), key=money_rank)),
                lead=self.say("nothing"),
            ),
            self.section(
                "now_services",
                (
                    self.item(benefits, short=True)
                    for item, benefits in now.items()
                    if item not in paying
                ),
            ),
            self.section("later", (self.item(benefits) for benefits in later.values())),
            self.section("received", self.received()),
            self.section("conflicts", self.conflicts()),
            self.missing(),
            self.unpublished(),
            self.section("discrepancies", self.discrepancies()),
            self.section("universal", self.universal()),
            Section("closed", self.say("closed"), lead=self.closed()),
        )
        return Document(
            title=self.say("title", pack=self.label(self.assessment.pack_name)),
            under=(self.say("on", on=say_date(self.language, self.assessment.on)),),
            sections=tuple(section for section in sections if section.entries or section.lead),
            foot=(self.say("disclaimer"), self.receipt()),
        )

    def section(self, key: str, entries: Iterable[Entry], *, lead: str = "") -> Section:
        """A section; `lead` is its text if there are no entries."""
        found = tuple(entries)
        return Section(key, self.say(key), found, lead="" if found else lead)

    # what may be applied for

    def now(self) -> dict[str, list[Opened]]:
        return self.open_benefits(lambda benefit: not benefit.after)

    def later(self) -> dict[str, list[Opened]]:
        return self.open_benefits(lambda benefit: bool(benefit.after))

    def open_benefits(self, wanted: Callable[[BenefitResult], bool]) -> dict[str, list[Opened]]:
        """The benefits to apply for, by item in the order of the pack, without those already
        received or open to everybody."""
        by_item: dict[str, list[Opened]] = {}
        for result in self.assessment.results:
            for benefit in result.benefits if not result.universal else ():
                if benefit.decision in OPEN and not benefit.received and wanted(benefit):
                    by_item.setdefault(result.item, []).append((result, benefit))
        return by_item

    def item(self, opened: list[Opened], *, short: bool = False) -> Entry:
        """One item. Text shown under an earlier number is not repeated."""
        first = opened[0][0]
        subjects = list(dict.fromkeys(result.subject for result, _ in opened))
        before = self.numbers.get(first.item)
        self.count += 1
        lines = [] if short or before else [Line("summary", self.label(first.summary))]
        lines += self.benefits(opened, subjects)
        after = list(dict.fromkeys(item for _, benefit in opened for item in benefit.after))
        if after:
            lines.append(Line("after", self.say("after", items=self.first(after))))
        if before:
            lines.append(Line("see", self.say("see", number=before)))
        else:
            self.numbers[first.item] = self.count
            lines += self.ways(first, short=short)
        weakest = max((benefit.grade for _, benefit in opened), key=GRADES.index)
        if weakest in GRADES[3:] and not short:
            lines.append(Line("grade", self.say("grade", grade=self.say(weakest))))
        return Entry(self.label(first.name), self.subjects(subjects), tuple(lines), self.count)

    def ways(self, result: ItemResult, *, short: bool) -> Iterator[Line]:
        """Where to go, with what, and how."""
        yield from self.offices(
            result.offices, ("apply",) if short else ("apply", "decides", "helps")
        )
        if result.documents:
            yield Line("bring", self.say("bring", documents=self.labels(result.documents)))
        if result.how is not None and not short:
            yield Line("how", self.say("how", how=self.label(result.how)))

    def benefits(self, opened: list[Opened], subjects: list[MemberId]) -> Iterator[Line]:
        """Each benefit once; for whom, where it is not for all of those in the heading."""
        grouped: dict[tuple[str, ...], list[MemberId]] = {}
        for result, benefit in opened:
            grouped.setdefault(tuple(self.benefit(benefit)), []).append(result.subject)
        for (first, *more), mine in grouped.items():
            whose = "" if mine == subjects else f" [{self.subjects(mine)}]"
            yield Line("benefit", f"{first}{whose}", tuple(more))

    def benefit(self, benefit: BenefitResult) -> Iterator[str]:
        parts = [self.label(benefit.name)]
        if benefit.amount is not None:
            parts.append(say_amount(self.language, benefit.amount))
        yield self.colon.join(parts)
        if benefit.gives is not None:
            yield self.label(benefit.gives)
        elif benefit.volume is not None and benefit.volume.low is not None:
            yield say_volume(self.language, benefit.volume, self.assessment.units)
        if benefit.decision == "discretionary":
            yield self.say("discretionary")
        due = [line.text for line in benefit.schedule if line.state == "due"]
        following = [line.text for line in benefit.schedule if line.state == "later"][:1]
        if due:
            yield f"{self.say('due')}{self.colon}{self.labels(due)}"
        if following:
            yield f"{self.say('next')}{self.colon}{self.labels(following)}"

    def offices(self, offices: list[Office], roles: tuple[str, ...]) -> Iterator[Line]:
        named: set[str] = set()
        for role, key in (("apply", "where"), ("decides", "decides"), ("helps", "helps")):
            mine = [
                office
                for office in offices
                if office.role == role and role in roles and office.id not in named
            ]
            if mine:
                named |= {office.id for office in mine}
                yield Line(
                    key,
                    self.say(
                        key, offices=join(self.language, [self.office(office) for office in mine])
                    ),
                )

    def office(self, office: Office) -> str:
        more = [self.say("phone", number=office.phone)] if office.phone else []
        more += (
            [self.say("hotline", numbers=join(self.language, office.hotlines))]
            if office.hotlines
            else []
        )
        more += [self.say("address", address=self.label(office.address))] if office.address else []
        left, right, comma = ("（", "）", "，") if self.language == "zh" else (" (", ")", ", ")
        return (
            f"{self.label(office.name)}{left}{comma.join(more)}{right}"
            if more
            else self.label(office.name)
        )

    # the other sections

    def received(self) -> Iterator[Entry]:
        subjects_by_title: dict[str, list[MemberId]] = {}
        for result in self.assessment.results:
            names = [benefit.name for benefit in result.benefits if benefit.received]
            if names:
                benefits = self.labels(names) if len(names) < len(result.benefits) else ""
                subjects_by_title.setdefault(
                    f"{self.label(result.name)}{self.colon if benefits else ''}{benefits}", []
                ).append(result.subject)
        for title, subjects in subjects_by_title.items():
            yield Entry(title, self.subjects(subjects))

    def choices(self) -> list[Choice]:
        """The conflicts in which something may still be chosen, each once."""
        choices: dict[tuple[object, ...], Choice] = {}
        for conflict in self.assessment.conflicts:
            if all(option.received for option in conflict.options):
                continue
            same = (
                conflict.id,
                *(
                    (option.item, option.benefit, option.received, option.yearly)
                    for option in conflict.options
                ),
            )
            choice = choices.setdefault(same, Choice(conflict, [[] for _ in conflict.options]))
            for whose, option in zip(choice.whose, conflict.options, strict=True):
                whose.append(option.subject)
        return list(choices.values())

    def conflicts(self) -> Iterator[Entry]:
        lines: dict[str, list[Line]] = {}
        texts: dict[str, Label] = {}
        for choice in self.choices():
            conflict = choice.conflict
            texts[conflict.id] = conflict.text
            options = []
            for option, whose in zip(conflict.options, choice.whose, strict=True):
                name = self.option(conflict, option)
                worth = (
                    []
                    if option.yearly is None
                    else [self.say("yearly", amount=money(option.yearly))]
                )
                worth += [self.say("received_already")] if option.received else []
                options.append(
                    "  ".join(
                        [name if choice.same else f"{name}  —  {self.subjects(whose)}", *worth]
                    )
                )
            mine = lines.setdefault(conflict.id, [])
            whom = f"{self.subjects(choice.whose[0])}{self.colon}" if choice.same else ""
            mine.append(Line("options", f"{whom}{self.say(conflict.kind)}", tuple(options)))
            best = self.best(conflict)
            mine += (
                [Line("best", self.say("worth_most", name=self.option(conflict, best)))]
                if best
                else []
            )
        for id_, text in texts.items():
            yield Entry(self.label(text), lines=tuple(lines[id_]))

    def option(self, conflict: Conflict, option: Option) -> str:
        """The name of an option, with that of its item where the options are of several items."""
        name = self.label(option.name)
        several = len({one.item for one in conflict.options}) > 1
        return f"{self.label(self.names[option.item])}{self.colon}{name}" if several else name

    def best(self, conflict: Conflict) -> Option | None:
        return next(
            (
                option
                for option in conflict.options
                if f"{option.item}.{option.benefit}" == conflict.worth_most
            ),
            None,
        )

    def undecided(self) -> int:
        """The number of items that depend on something unknown."""
        return len(
            {
                result.item
                for result in self.assessment.results
                for benefit in result.benefits
                if benefit.decision == "undetermined"
            }
        )

    def questions(self) -> list[Question]:
        """The questions, in the order of the assessment; the same question about several members
        once."""
        found: dict[tuple[str, Label, Label], Question] = {}
        for fact in self.assessment.missing:
            found.setdefault((fact.name, fact.ask, fact.who), Question([])).facts.append(fact)
        return list(found.values())

    def missing(self) -> Section:
        questions = self.questions()
        entries = []
        for question in questions[:QUESTIONS]:
            first = question.facts[0]
            title = self.say("ask", who=self.label(first.who), question=self.label(first.ask))
            lines = (
                [Line("evidence", self.say("evidence", documents=self.labels(first.evidence)))]
                if first.evidence
                else []
            )
            lines.append(
                Line(
                    "path",
                    self.say(
                        "path",
                        path=join(self.language, _paths([fact.path for fact in question.facts])),
                    ),
                )
            )
            entries.append(
                Entry(title, self.subjects(fact.subject for fact in question.facts), tuple(lines))
            )
        more = len(questions) - QUESTIONS
        return Section(
            "missing",
            self.say("missing"),
            tuple(entries),
            lead=self.say("missing_lead", count=self.undecided()) if questions else "",
            rest=self.say("missing_more", count=more) if more > 0 else "",
        )

    def unpublished(self) -> Section:
        """Only values on which something that may be had hangs."""
        wanted = {
            name
            for result in self.assessment.results
            for benefit in result.benefits
            if benefit.decision in OPEN
            for name in benefit.unpublished
        }
        values = [value for value in self.assessment.unpublished if value.parameter in wanted]
        entries = []
        for value in values[:VALUES]:
            settled = (
                ()
                if value.settled_by is None
                else (
                    Line("settled_by", self.say("settled_by", office=self.label(value.settled_by))),
                )
            )
            entries.append(
                Entry(
                    f"{self.label(value.label)}{self.colon}{self.label(value.reason)}",
                    lines=settled,
                )
            )
        more = len(values) - VALUES
        return Section(
            "unpublished",
            self.say("unpublished"),
            tuple(entries),
            rest=self.say("values_more", count=more) if more > 0 else "",
        )

    def discrepancies(self) -> Iterator[Entry]:
        words = {True: self.say("yes"), False: self.say("no")}
        for discrepancy in self.assessment.discrepancies:
            yield Entry(
                self.say(
                    "attested",
                    subject=self.subjects([discrepancy.subject]),
                    label=self.label(discrepancy.label),
                    attested=words[discrepancy.attested],
                    derived=words[discrepancy.derived],
                )
            )

    def universal(self) -> Iterator[Entry]:
        shown: set[str] = set()
        for result in self.assessment.results:
            if result.universal and result.decision in OPEN and result.item not in shown:
                shown.add(result.item)
                title = f"{self.label(result.name)}{self.colon}{self.label(result.summary)}"
                yield Entry(title, lines=tuple(self.offices(result.offices, ("apply",))))

    def closed(self) -> str:
        others = {
            result.item for result in self.assessment.results if result.decision != "ineligible"
        }
        return self.labels(
            result.name for result in self.assessment.results if result.item not in others
        )

    def receipt(self) -> str:
        receipt = self.assessment.receipt
        words = self.say(
            "receipt_line",
            engine=receipt.engine,
            package=receipt.package,
            pack=receipt.pack,
            version=" + ".join(
                [
                    receipt.pack_version,
                    *(f"{overlay.id} {overlay.version}" for overlay in receipt.overlays),
                ]
            ),
            digest=receipt.pack_digest[7:19],
            input=receipt.input_digest[7:19],
            result=receipt.result_digest[7:19],
        )
        return f"{self.say('receipt')}{self.colon}{words}"


def _paths(paths: list[str]) -> list[str]:
    """The paths of one fact; those of several members as one: `members[0,2].birth_date`."""
    shortened = [path for path in paths if not path.startswith("members[")]
    indices = sorted(
        int(path[len("members[") : path.index("]")]) for path in paths if path not in shortened
    )
    if indices:
        name = paths[-1].rpartition(".")[2]
        shortened.append(f"members[{','.join(map(str, indices))}].{name}")
    return shortened


def money_rank(opened: list[Opened]) -> int:
    """Cash before other money; the order of the pack within each."""
    return 0 if any(benefit.kind == "cash" for _, benefit in opened) else 1


def pays(opened: list[Opened]) -> bool:
    """Whether money is among what is open: an amount, or a kind of benefit that is money."""
    return any(benefit.amount is not None or benefit.kind in MONEY_KINDS for _, benefit in opened)
