"""An assessment as plain text that a caseworker would hand over, in Chinese or English.

One entry an item, whoever in the family it is for: money first and in full, then services in a few lines each. Questions come with whom to
ask, the most useful first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from jmentitle.assessment.models import Assessment, BenefitResult, ItemResult, Label, Office
from jmentitle.render.words import join, money, say, say_amount, say_date

OPEN = ("eligible", "discretionary")
MONEY_KINDS = ("cash", "fee_waiver", "loan")
QUESTIONS = 15
VALUES = 12

Opened = tuple[ItemResult, BenefitResult]


def to_text(assessment: Assessment, language: str, pack_name: Label) -> str:
    """The whole assessment. `language` is zh or en."""
    return "\n".join(_Text(assessment, language, pack_name).lines()) + "\n"


class _Text:
    def __init__(self, assessment: Assessment, language: str, pack_name: Label) -> None:
        self.assessment, self.language, self.pack_name = assessment, language, pack_name
        self.numbers = iter(range(1, 10_000))
        self.colon = "：" if language == "zh" else ": "
        self.names = {result.item: result.name for result in assessment.results}

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def label(self, label: Label) -> str:
        return label.in_language(self.language)

    def labels(self, labels: Iterable[Label]) -> str:
        return join(self.language, list(dict.fromkeys(self.label(label) for label in labels)))

    def subjects(self, subjects: Iterable[str]) -> str:
        return self.labels(self.assessment.subjects[subject] for subject in subjects)

    def lines(self) -> Iterator[str]:
        yield self.say("title", pack=self.label(self.pack_name))
        yield self.say("on", on=say_date(self.language, self.assessment.on))
        yield "=" * 60
        now = self.opened(lambda benefit: not benefit.after)
        later = self.opened(lambda benefit: bool(benefit.after))
        paying = {item: found for item, found in now.items() if _pays(found)}
        yield from self.section("now_money", (line for found in sorted(paying.values(), key=_money_rank) for line in self.item(found)))
        services = [line for item, found in now.items() if item not in paying for line in self.item(found, short=True)]
        yield from self.section("now_services", services, always=False)
        yield from self.section("later", (line for found in later.values() for line in self.item(found)), always=False)
        yield from self.section("received", self.received(), always=False)
        yield from self.section("conflicts", self.conflicts(), always=False)
        yield from self.section("missing", self.missing(), always=False)
        yield from self.section("unpublished", self.unpublished(), always=False)
        yield from self.section("discrepancies", self.discrepancies(), always=False)
        yield from self.section("universal", self.universal(), always=False)
        yield from self.section("closed", self.closed(), always=False)
        yield from self.receipt()

    def section(self, key: str, lines: Iterable[str], *, always: bool = True) -> Iterator[str]:
        found = list(lines)
        if not found and not always:
            return
        yield ""
        yield f"【{self.say(key)}】" if self.language == "zh" else f"## {self.say(key)}"
        yield from found or [self.say("nothing")]

    def opened(self, wanted: Callable[[BenefitResult], bool]) -> dict[str, list[Opened]]:
        """What may be applied for, by item in the order of the pack; what is received already or open to everybody is left out."""
        found: dict[str, list[Opened]] = {}
        for result in self.assessment.results:
            for benefit in result.benefits if not result.universal else ():
                if benefit.decision in OPEN and not benefit.received and wanted(benefit):
                    found.setdefault(result.item, []).append((result, benefit))
        return found

    # one item

    def item(self, opened: list[Opened], *, short: bool = False) -> Iterator[str]:
        first = opened[0][0]
        subjects = list(dict.fromkeys(result.subject for result, _ in opened))
        yield f"{next(self.numbers)}. {self.label(first.name)}  —  {self.subjects(subjects)}"
        if not short:
            yield f"   {self.label(first.summary)}"
        yield from self.benefits(opened, subjects)
        after = list(dict.fromkeys(item for _, benefit in opened for item in benefit.after))
        if after:
            yield "   " + self.say("after", items=self.labels(self.names[item] for item in after))
        yield from self.offices(first.offices, ("apply",) if short else ("apply", "decides", "helps"))
        if first.documents:
            yield "   " + self.say("bring", documents=self.labels(first.documents))
        if first.how is not None and not short:
            yield "   " + self.say("how", how=self.label(first.how))
        weakest = max((benefit.grade for _, benefit in opened), key=("plan", "statute", "notice", "press", "recalled").index)
        if weakest in ("press", "recalled") and not short:
            yield "   " + self.say("grade", grade=self.say(weakest))

    def benefits(self, opened: list[Opened], subjects: list[str]) -> Iterator[str]:
        """Each benefit once; for whom, where it is not for all of those in the heading."""
        grouped: dict[tuple[str, ...], list[Opened]] = {}
        for result, benefit in opened:
            grouped.setdefault(tuple(self.benefit(benefit)), []).append((result, benefit))
        for lines, same in grouped.items():
            mine = [result.subject for result, _ in same]
            whose = "" if mine == subjects else f" [{self.subjects(mine)}]"
            yield f"   • {lines[0]}{whose}"
            yield from (f"     {line}" for line in lines[1:])

    def benefit(self, benefit: BenefitResult) -> Iterator[str]:
        parts = [self.label(benefit.name)]
        if benefit.amount is not None:
            parts.append(say_amount(self.language, benefit.amount))
        yield self.colon.join(parts)
        if benefit.gives is not None:
            yield self.label(benefit.gives)
        if benefit.decision == "discretionary":
            yield self.say("discretionary")
        due = [line.text for line in benefit.schedule if line.state == "due"]
        following = [line.text for line in benefit.schedule if line.state == "later"][:1]
        if due:
            yield f"{self.say('due')}{self.colon}{self.labels(due)}"
        if following:
            yield f"{self.say('next')}{self.colon}{self.labels(following)}"

    def offices(self, offices: list[Office], roles: tuple[str, ...]) -> Iterator[str]:
        named: set[str] = set()
        for role, key in (("apply", "where"), ("decides", "decides"), ("helps", "helps")):
            mine = [office for office in offices if office.role == role and role in roles and office.id not in named]
            if mine:
                named |= {office.id for office in mine}
                yield "   " + self.say(key, offices=join(self.language, [self.office(office) for office in mine]))

    def office(self, office: Office) -> str:
        more = [self.say("phone", number=office.phone)] if office.phone else []
        more += [self.say("hotline", numbers=join(self.language, office.hotlines))] if office.hotlines else []
        more += [self.say("address", address=self.label(office.address))] if office.address else []
        left, right, comma = ("（", "）", "，") if self.language == "zh" else (" (", ")", ", ")
        return f"{self.label(office.name)}{left}{comma.join(more)}{right}" if more else self.label(office.name)

    # the other sections

    def received(self) -> Iterator[str]:
        for result in self.assessment.results:
            names = [benefit.name for benefit in result.benefits if benefit.received]
            if names:
                benefits = self.labels(names) if len(names) < len(result.benefits) else ""
                yield f"• {self.label(result.name)}{self.colon if benefits else ''}{benefits}  —  {self.subjects([result.subject])}"

    def conflicts(self) -> Iterator[str]:
        for conflict in self.assessment.conflicts:
            yield f"• {self.label(conflict.text)}"
            yield f"  {self.say(conflict.kind)}"
            for option in conflict.options:
                worth = "" if option.yearly is None else "  " + self.say("yearly", amount=money(option.yearly))
                yield f"    - {self.label(option.name)}  —  {self.subjects([option.subject])}{worth}"
            best = [option.name for option in conflict.options if f"{option.item}.{option.benefit}" == conflict.worth_most]
            if best:
                yield "  " + self.say("worth_most", name=self.label(best[0]))

    def missing(self) -> Iterator[str]:
        missing = self.assessment.missing
        if not missing:
            return
        undecided = {result.item for result in self.assessment.results for benefit in result.benefits if benefit.decision == "undetermined"}
        yield self.say("missing_lead", count=len(undecided))
        for fact in missing[:QUESTIONS]:
            question = self.say("ask", who=self.label(fact.who), question=self.label(fact.ask))
            proof = f" {self.say('proof', documents=self.labels(fact.proof))}" if fact.proof else ""
            yield f"• {self.subjects([fact.subject])}  —  {question}{proof}{self.say('path', path=fact.path)}"
        if len(missing) > QUESTIONS:
            yield self.say("missing_more", count=len(missing) - QUESTIONS)

    def unpublished(self) -> Iterator[str]:
        """Only values on which something that may be had hangs."""
        wanted = {
            name for result in self.assessment.results for benefit in result.benefits if benefit.decision in OPEN for name in benefit.unpublished
        }
        values = [value for value in self.assessment.unpublished if value.parameter in wanted]
        for value in values[:VALUES]:
            settled = "" if value.settled_by is None else f" {self.say('settled_by', office=self.label(value.settled_by))}"
            yield f"• {self.label(value.label)}{self.colon}{self.label(value.reason)}{settled}"
        if len(values) > VALUES:
            yield self.say("values_more", count=len(values) - VALUES)

    def discrepancies(self) -> Iterator[str]:
        words = {True: self.say("yes"), False: self.say("no")}
        for one in self.assessment.discrepancies:
            yield "• " + self.say(
                "attested",
                subject=self.subjects([one.subject]),
                label=self.label(one.label),
                attested=words[one.attested],
                derived=words[one.derived],
            )

    def universal(self) -> Iterator[str]:
        shown: set[str] = set()
        for result in self.assessment.results:
            if result.universal and result.decision in OPEN and result.item not in shown:
                shown.add(result.item)
                offices = [self.office(office) for office in result.offices if office.role == "apply"]
                where = f" {self.say('where', offices=join(self.language, offices))}" if offices else ""
                yield f"• {self.label(result.name)}{self.colon}{self.label(result.summary)}{where}"

    def closed(self) -> Iterator[str]:
        others = {result.item for result in self.assessment.results if result.decision != "ineligible"}
        closed = [result.name for result in self.assessment.results if result.item not in others]
        if closed:
            yield self.labels(closed)

    def receipt(self) -> Iterator[str]:
        receipt = self.assessment.receipt
        yield ""
        yield "-" * 60
        yield self.say("disclaimer")
        yield (
            self.say("receipt")
            + self.colon
            + self.say(
                "receipt_line",
                engine=receipt.engine,
                package=receipt.package,
                pack=receipt.pack,
                version=" + ".join([receipt.pack_version, *(f"{overlay.id} {overlay.version}" for overlay in receipt.overlays)]),
                digest=receipt.pack_digest[7:19],
                input=receipt.input_digest[7:19],
                result=receipt.result_digest[7:19],
            )
        )


def _money_rank(opened: list[Opened]) -> int:
    """Cash before other money; the order of the pack within each."""
    return 0 if any(benefit.kind == "cash" for _, benefit in opened) else 1


def _pays(opened: list[Opened]) -> bool:
    """Whether money is among what is open: an amount, or a kind of benefit that is money."""
    return any(benefit.amount is not None or benefit.kind in MONEY_KINDS for _, benefit in opened)
