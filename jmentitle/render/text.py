"""An assessment as plain text that a caseworker would hand over, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator

from jmentitle.assessment.models import Assessment, BenefitResult, ItemResult, Label, Office
from jmentitle.render.words import join, money, say, say_amount, say_date

OPEN = ("eligible", "discretionary")


def to_text(assessment: Assessment, language: str, pack_name: Label) -> str:
    """The whole assessment. `language` is zh or en."""
    return "\n".join(_Text(assessment, language, pack_name).lines()) + "\n"


class _Text:
    def __init__(self, assessment: Assessment, language: str, pack_name: Label) -> None:
        self.assessment, self.language, self.pack_name = assessment, language, pack_name
        self.numbers = iter(range(1, 10_000))

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def label(self, label: Label) -> str:
        return label.in_language(self.language)

    def labels(self, labels: list[Label]) -> str:
        return join(self.language, [self.label(label) for label in labels])

    def lines(self) -> Iterator[str]:
        title = self.say("title", pack=self.label(self.pack_name))
        yield title
        yield self.say("on", on=say_date(self.language, self.assessment.on))
        yield "=" * 60
        results = self.assessment.results
        targeted = [result for result in results if not result.universal]
        yield from self.section("now", (line for result in targeted if _is_open(result) and not result.after for line in self.item(result)))
        yield from self.section(
            "later", (line for result in targeted if _is_open(result) and result.after for line in self.item(result)), always=False
        )
        yield from self.section("received", (line for result in targeted if result.received for line in self.received(result)), always=False)
        yield from self.section("conflicts", self.conflicts(), always=False)
        yield from self.section("missing", self.missing(), always=False)
        yield from self.section("unpublished", self.unpublished(), always=False)
        yield from self.section("discrepancies", self.discrepancies(), always=False)
        yield from self.section("universal", self.universal(), always=False)
        yield from self.section("closed", self.closed(), always=False)
        yield from self.receipt()

    def section(self, key: str, lines: Iterator[str], *, always: bool = True) -> Iterator[str]:
        found = list(lines)
        if not found and not always:
            return
        yield ""
        yield f"【{self.say(key)}】" if self.language == "zh" else f"## {self.say(key)}"
        yield from found or [self.say("nothing")]

    def heading(self, result: ItemResult) -> str:
        subject = self.label(self.assessment.subjects[result.subject])
        return f"{self.label(result.name)}  —  {subject}"

    def item(self, result: ItemResult) -> Iterator[str]:
        yield f"{next(self.numbers)}. {self.heading(result)}"
        yield f"   {self.label(result.summary)}"
        for benefit in result.benefits:
            if benefit.decision in OPEN and not benefit.received and bool(benefit.after) == bool(result.after):
                yield from self.benefit(benefit)
        if result.after:
            yield "   " + self.say("after", items=join(self.language, [self.item_name(item) for item in result.after]))
        yield from self.offices(result.offices)
        if result.documents:
            yield "   " + self.say("bring", documents=self.labels(result.documents))
        if result.how is not None:
            yield "   " + self.say("how", how=self.label(result.how))
        if result.grade in ("press", "recalled"):
            yield "   " + self.say("grade", grade=self.say(result.grade))

    def benefit(self, benefit: BenefitResult) -> Iterator[str]:
        parts = [self.label(benefit.name)]
        if benefit.amount is not None:
            parts.append(say_amount(self.language, benefit.amount))
        colon = "：" if self.language == "zh" else ": "
        yield f"   • {colon.join(parts)}"
        if benefit.gives is not None:
            yield f"     {self.label(benefit.gives)}"
        if benefit.decision == "discretionary":
            yield f"     {self.say('discretionary')}"
        for key, state in (("due", "due"), ("next", "later")):
            lines = [line for line in benefit.schedule if line.state == state]
            if lines:
                shown = lines if state == "due" else lines[:1]
                yield f"     {self.say(key)}{colon}{self.labels([line.text for line in shown])}"

    def offices(self, offices: list[Office]) -> Iterator[str]:
        for role, key in (("apply", "where"), ("decides", "decides"), ("helps", "helps")):
            mine = [office for office in offices if office.role == role]
            if mine:
                yield "   " + self.say(key, offices=join(self.language, [self.office(office) for office in mine]))

    def office(self, office: Office) -> str:
        more = [self.say("phone", number=office.phone)] if office.phone else []
        more += [self.say("hotline", numbers=join(self.language, office.hotlines))] if office.hotlines else []
        more += [self.say("address", address=self.label(office.address))] if office.address else []
        name = self.label(office.name)
        left, right, comma = ("（", "）", "，") if self.language == "zh" else (" (", ")", ", ")
        return f"{name}{left}{comma.join(more)}{right}" if more else name

    def received(self, result: ItemResult) -> Iterator[str]:
        for benefit in result.benefits:
            if benefit.received:
                yield f"• {self.label(result.name)}  —  {self.label(self.assessment.subjects[result.subject])}"
                return

    def conflicts(self) -> Iterator[str]:
        for conflict in self.assessment.conflicts:
            yield f"• {self.label(conflict.text)}"
            yield f"  {self.say(conflict.kind)}"
            for option in conflict.options:
                worth = "" if option.yearly is None else "  " + self.say("yearly", amount=money(option.yearly))
                yield f"    - {self.label(option.name)}{worth}"
            for option in conflict.options:
                if f"{option.item}.{option.benefit}" == conflict.worth_most:
                    yield "  " + self.say("worth_most", name=self.label(option.name))
                    break

    def missing(self) -> Iterator[str]:
        undecided = [result for result in self.assessment.results if result.decision == "undetermined"]
        missing = self.assessment.missing
        if not missing:
            return
        yield self.say("missing_lead", count=len({(result.item) for result in undecided}))
        for fact in missing:
            subject = self.label(self.assessment.subjects[fact.subject])
            question = self.say("ask", who=self.label(fact.who), question=self.label(fact.ask))
            yield f"• {subject}  —  {question}{self.say('path', path=fact.path)}"
            if fact.proof:
                yield "  " + self.say("proof", documents=self.labels(fact.proof))

    def unpublished(self) -> Iterator[str]:
        for value in self.assessment.unpublished:
            line = f"• {self.label(value.label)}: {self.label(value.reason)}"
            if value.settled_by is not None:
                line += f" {self.say('settled_by', office=self.label(value.settled_by))}"
            yield line

    def discrepancies(self) -> Iterator[str]:
        for one in self.assessment.discrepancies:
            words = {True: self.say("yes"), False: self.say("no")}
            yield "• " + self.say(
                "attested",
                subject=self.label(self.assessment.subjects[one.subject]),
                label=self.label(one.label),
                attested=words[one.attested],
                derived=words[one.derived],
            )

    def universal(self) -> Iterator[str]:
        by_item: dict[str, list[ItemResult]] = {}
        for result in self.assessment.results:
            if result.universal and _is_open(result):
                by_item.setdefault(result.item, []).append(result)
        for results in by_item.values():
            first = results[0]
            offices = [self.office(office) for office in first.offices if office.role == "apply"]
            where = f" {self.say('where', offices=join(self.language, offices))}" if offices else ""
            yield (
                f"• {self.label(first.name)}：{self.label(first.summary)}{where}"
                if self.language == "zh"
                else (f"• {self.label(first.name)}: {self.label(first.summary)}{where}")
            )

    def closed(self) -> Iterator[str]:
        closed: dict[str, Label] = {}
        others = {result.item for result in self.assessment.results if result.decision != "ineligible"}
        for result in self.assessment.results:
            if result.decision == "ineligible" and result.item not in others:
                closed[result.item] = result.name
        if closed:
            yield self.labels(list(closed.values()))

    def receipt(self) -> Iterator[str]:
        receipt = self.assessment.receipt
        yield ""
        yield "-" * 60
        yield self.say("disclaimer")
        yield f"{self.say('receipt')}: " + self.say(
            "receipt_line",
            engine=receipt.engine,
            package=receipt.package,
            pack=receipt.pack,
            version=receipt.pack_version,
            digest=receipt.pack_digest[7:19],
            input=receipt.input_digest[7:19],
            result=receipt.result_digest[7:19],
        )

    def item_name(self, item: str) -> str:
        return next((self.label(result.name) for result in self.assessment.results if result.item == item), item)


def _is_open(result: ItemResult) -> bool:
    return result.decision in OPEN and not result.received
