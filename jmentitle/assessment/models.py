"""The result of an assessment, as pydantic models with a stable JSON form. Money is decimal text,
never a float."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from jmentitle.assessment import display
from jmentitle.assessment.display import Html
from jmentitle.language import arguments, former, units
from jmentitle.language.values import MemberId, index_of
from jmentitle.pack.model import ConflictKind, Grade

Decision = Literal["eligible", "discretionary", "undetermined", "ineligible"]
Certainty = Literal["exact", "at_least", "at_most", "between", "unpublished", "undetermined"]

Role = Literal["apply", "decides", "helps"]
ScheduleState = Literal["due", "later", "past", "unknown"]

FORMER = {"proof": "evidence", "quantity": "volume", "function": "duty"}
"""Former names of fields, which this release still answers to."""
BEST_FIRST: tuple[Decision, ...] = ("eligible", "discretionary", "undetermined", "ineligible")


class Model(BaseModel):
    """The base of results. Logs and consoles show only the fields named in `shown`, none of which
    says anything about a household."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    shown: ClassVar[tuple[str, ...]] = ()

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return [(name, getattr(self, name)) for name in self.shown]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """A field under its former name, with a warning that says the new one."""
            now = FORMER.get(name)
            if now is None or now not in type(self).model_fields:
                return super().__getattr__(name)
            former.warn(type(self).__name__, name, now)
            return getattr(self, now)


class Label(Model):
    shown = ("zh", "en")
    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Amount(Model):
    """Money, once or for every `period`. `low` and `high` are the ends of what is known; `lasts`
    says for how many `lasts_unit`s it is paid."""

    certainty: Certainty
    low: Decimal | None
    high: Decimal | None
    currency: str
    period: units.Period | None
    lasts_low: int | None = None
    lasts_high: int | None = None
    lasts_unit: str | None = None
    payer: Label | None = None


class Volume(Model):
    low: Decimal | None
    high: Decimal | None
    unit: str


class MissingFact(Model):
    """A fact that would help to decide. `path` is its path in the household file; `benefits` is the
    number of results that depend on it."""

    path: str
    subject: MemberId
    name: str
    label: Label
    ask: Label
    who: Label
    evidence: list[Label]
    sensitive: bool
    benefits: int = 0


class UnpublishedValue(Model):
    """A value that nobody published, and who could settle it."""

    shown = ("parameter",)
    parameter: str
    label: Label
    reason: Label
    settled_by: Label | None


class Cited(Model):
    shown = ("source", "place", "grade")
    source: str
    place: str | None
    title: Label
    issuer: Label
    number: str | None
    date: date | None
    grade: Grade


class ScheduleLine(Model):
    at: int
    to: int | None
    text: Label
    state: ScheduleState


class BenefitResult(Model):
    """The result of one benefit.

    Fields:
        benefit: The name of the benefit within its item.
        name: Its name for people.
        kind: Cash, service, waiver and so on.
        decision: `eligible`, `discretionary`, `undetermined` or `ineligible`.
        received: Whether the household file says that it is received.
        after: The items that must be granted first; empty when it is open now.
        amount: The money in yuan with its certainty and period, None where nothing is paid.
        gives: What is given, for a benefit that is no money.
        volume: How much of it, with its unit.
        schedule: What is due at which age or time.
        missing: The paths of the facts on which the decision depends.
        unpublished: The values that nobody published and on which it depends.
        grade: The weakest grade of the sources that the result rests on.
        sources: The ids of the sources.
    Example:
        >>> assessment.result("elderly_welfare_subsidy", "grandmother").benefits[0].kind
        'cash'
    """

    benefit: str
    name: Label
    kind: str
    decision: Decision
    received: bool
    after: list[str]
    amount: Amount | None
    gives: Label | None
    volume: Volume | None
    schedule: list[ScheduleLine]
    missing: list[str]
    unpublished: list[str]
    grade: Grade
    sources: list[str]


class Office(Model):
    """Where to go. `phone` and `address` are None where no published one is known."""

    id: str
    role: Role
    duty: Label
    name: Label
    level: str
    hotlines: list[str]
    phone: str | None
    address: Label | None
    grade: Grade


class ItemResult(Model):
    """The result of one item for one person or for the household.

    Fields:
        item: The id of the item.
        number: Its number in the plan.
        domain: The id of its domain.
        name: Its name.
        summary: What it is, in a sentence.
        universal: Whether it is open to everybody.
        subject: `household` or the id of the member.
        decision: `eligible`, `discretionary`, `undetermined` or `ineligible`: that of its best
            benefit.
        received: Whether the household file says that it is received.
        after: The items that must be granted first; empty when it is open now.
        benefits: A result for each benefit.
        offices: Where to go.
        documents: What to bring.
        how: How to apply, None where nothing is known.
        information: What is worth knowing besides.
        gaps: What nobody published about it.
        grade: The weakest grade of the sources that the result rests on.
    Example:
        >>> assessment.result("elderly_welfare_subsidy", "grandmother").name.en
        'Welfare subsidies for the elderly'
    """

    shown = ("item",)
    item: str
    number: int
    domain: str
    name: Label
    summary: Label
    universal: bool
    subject: MemberId
    decision: Decision
    received: bool
    after: list[str]
    benefits: list[BenefitResult]
    offices: list[Office]
    documents: list[Label]
    how: Label | None
    information: list[Label]
    gaps: list[Label]
    grade: Grade

    def _repr_html_(self) -> str:
        return display.html("item.notebook", self, "zh")


class Option(Model):
    item: str
    benefit: str | None
    subject: MemberId
    name: Label
    received: bool
    yearly: Decimal | None


class Conflict(Model):
    """Benefits that exclude each other. `exclusive`: one of them is paid; `higher`: the higher is
    paid; `unsettled`: no text settles it."""

    id: str
    kind: ConflictKind
    text: Label
    options: list[Option]
    worth_most: str | None
    sources: list[str]


class Discrepancy(Model):
    """A certificate and the facts that say different things. The certificate was believed."""

    subject: MemberId
    status: str
    label: Label
    attested: bool
    derived: bool


class Step(Model):
    """One application on the family's path; `order` 1 can be made now."""

    order: int
    item: str
    subject: MemberId
    name: Label
    decision: Decision
    after: list[str]
    opens: list[str]


class OverlayReceipt(Model):
    """An overlay that was laid over the pack, or an amendment (its version is `proposal`); the
    digest is of its text."""

    id: str
    version: str
    digest: str


class Receipt(Model):
    """The data needed to repeat the assessment. Digests are SHA-256 of canonical JSON."""

    shown = ("engine", "package", "pack", "pack_version", "on")
    engine: str
    package: str
    pack: str
    pack_version: str
    pack_digest: str
    overlays: list[OverlayReceipt]
    on: date
    input_digest: str
    result_digest: str


class Application(Model):
    """One item applied for, for some of the family. `waits_for` are the items that must be granted
    first, `opens` those that wait for this one."""

    item: str
    name: Label
    subjects: list[MemberId]
    decision: Decision
    benefits: list[BenefitResult]
    waits_for: list[str]
    opens: list[str]
    documents: list[Label]
    how: Label | None


class Visit(Model):
    """One way to one counter. `stage` 1 can be made now, the next once what it waits for is
    granted. `elsewhere` would do as well.

    `documents` are all that is needed there; `choices` have to be made here, since the first of the
    options is applied for here.
    """

    number: int
    stage: int
    office: Office | None
    elsewhere: list[Office]
    applications: list[Application]
    documents: list[Label]
    choices: list[Conflict]


class Plan(Model):
    """The visits of a family in order.

    Fields:
        on: The day of assessment.
        items: The names of the items that the visits are about.
        subjects: The names of the persons that the visits are about.
        visits: The visits, each to one counter, with applications and documents.
    Example:
        >>> assessment.plan().visits[0].stage
        1
    """

    on: date
    items: dict[str, Label]
    subjects: dict[str, Label]
    visits: list[Visit]

    def _repr_html_(self) -> str:
        return display.html("plan.notebook", self, "zh")

    def __repr__(self) -> str:
        return f"<Plan on {self.on}: {len(self.visits)} visits>"

    __str__ = __repr__


class Assessment(Model):
    """Everything that came of assessing one household on one day. `model_dump_json` gives its
    stable JSON form; its representation shows no fact.

    Fields:
        on: The day of assessment.
        pack_name: The name of the pack.
        units: The names of the units in quantities, by unit.
        domains: The names of the domains, by id.
        subjects: The household and the members, by the text of their ids.
        results: A result for each item and each person or household that it is for.
        missing: The facts that would help to decide, the most useful first.
        unpublished: The values that nobody published and on which a decision depends.
        pathway: The applications in order.
        conflicts: Benefits that cannot all be had, each with its options.
        discrepancies: Certificates that contradict the facts.
        sources: The sources that are cited, by id.
        hotlines: What each telephone number is for.
        receipt: What is needed to repeat the assessment.
    Example:
        >>> assessment.receipt.pack
        'jingmen'
    """

    on: date
    pack_name: Label
    units: dict[str, Label]
    domains: dict[str, Label]
    subjects: dict[str, Label]
    results: list[ItemResult]
    missing: list[MissingFact]
    unpublished: list[UnpublishedValue]
    pathway: list[Step]
    conflicts: list[Conflict]
    discrepancies: list[Discrepancy]
    sources: dict[str, Cited]
    hotlines: dict[str, Label]
    receipt: Receipt

    def result(self, item: str, subject: MemberId = "household") -> ItemResult:
        """The result of one item for the household or a member.

        Arguments:
            item: The id of an item.
            subject: `household`, or the id of a member or its text.
        Returns:
            The result.
        Raises:
            ArgumentError: JM093 for an unknown item, JM094 for one that is not for the subject.
        Example:
            >>> assessment.result("minimum_living_guarantee").decision
            'undetermined'
        """
        arguments.known_item(item, {result.item for result in self.results})
        results = [result for result in self.results if result.item == item]
        return results[index_of([result.subject for result in results], subject, "subject")]

    def to_text(self, language: str = "zh") -> str:
        """The whole assessment for people.

        Arguments:
            language: `zh` or `en`.
        Returns:
            Plain text for a terminal.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> assessment.to_text("en")[:32]
            'Basic public services of Jingmen'
        """
        return display.text("assessment.text", self, language)

    def to_markdown(self, language: str = "zh") -> str:
        """The whole assessment as Markdown.

        Arguments:
            language: `zh` or `en`.
        Returns:
            Markdown.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> assessment.to_markdown("en")[:34]
            '# Basic public services of Jingmen'
        """
        return display.text("assessment.markdown", self, language)

    def to_html(self, language: str = "zh") -> str:
        """The whole assessment as a page.

        Arguments:
            language: `zh` or `en`.
        Returns:
            A whole page of HTML, without scripts and without anything from elsewhere.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> assessment.to_html("en")[:15]
            '<!doctype html>'
        """
        return display.text("assessment.html", self, language)

    def letter(self, language: str = "zh") -> str:
        """The letter to the family: what matters most, on one page.

        Arguments:
            language: `zh` or `en`.
        Returns:
            A whole page of HTML that prints as one A4 page.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> assessment.letter("en")[:15]
            '<!doctype html>'
        """
        return display.text("assessment.letter", self, language)

    def plan(self) -> Plan:
        """Where the family goes, in which order, with what. A notebook shows it.

        Returns:
            The visits in order.
        Example:
            >>> assessment.plan()
            <Plan on 2018-10-15: 3 visits>
        """
        plan: Plan = display.form("assessment.plan")(self)
        return plan

    def draw_pathway(self, language: str = "zh") -> Html:
        """What opens after what, as a picture: boxes in columns by step, arrows for what opens.

        Arguments:
            language: `zh` or `en`.
        Returns:
            HTML with an SVG picture that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> assessment.draw_pathway("en")[:23]
            '<div class="jmentitle">'
        """
        return display.html("assessment.pathway", self, language)

    def show_conflicts(self, language: str = "zh") -> Html:
        """What cannot all be had, with the worth of each option.

        Arguments:
            language: `zh` or `en`.
        Returns:
            HTML that a notebook shows.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> assessment.show_conflicts("en")[:23]
            '<div class="jmentitle">'
        """
        return display.html("assessment.conflicts", self, language)

    def _repr_html_(self) -> str:
        return display.html("assessment.notebook", self, "zh")

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{sum(result.decision == word for result in self.results)} {word}"
            for word in BEST_FIRST
        )
        return f"<Assessment on {self.on}: {counts}>"

    __str__ = __repr__
