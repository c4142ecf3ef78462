"""The plan of a family in words: one paragraph a visit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jmentitle.assessment.models import (
    Application,
    BenefitResult,
    Conflict,
    Label,
    Office,
    Plan,
    Visit,
)
from jmentitle.language.values import MemberId
from jmentitle.pack.text import Text
from jmentitle.render.rows import EMPTY, Row, outline_text
from jmentitle.render.words import join, money, say_amount, say_date

WORDS: dict[str, Text] = {
    "title": Text("{pack}：办事计划", "{pack}: what to do, in order"),
    "short_title": Text("办事计划", "What to do, in order"),
    "count": Text(
        "评估日期：{on}。一共要跑{count}趟。", "Assessed on {on}. Number of visits: {count}."
    ),
    "nothing": Text("现在没有要去申请的。", "There is nothing to apply for at present."),
    "now": Text("现在就可以去", "Visits you can make now"),
    "later": Text("前面的办成以后再去", "Visits to make after the applications above are granted"),
    "visit": Text("{number}. {office}", "{number}. {office}"),
    "no_office": Text(
        "受理地点没有查到，请拨打热线询问", "we found no office; please call a hotline"
    ),
    "elsewhere": Text("也可以去：{offices}", "or go to: {offices}"),
    "bring": Text("一次带齐：{documents}", "bring all of these: {documents}"),
    "hotline": Text("热线 {numbers}", "hotline {numbers}"),
    "phone": Text("电话 {number}", "phone {number}"),
    "waits": Text("等这些办成：{items}", "wait until these are granted: {items}"),
    "opens": Text("办成后可以再办：{items}", "then you can apply for: {items}"),
    "how": Text("怎么办：{how}", "how to apply: {how}"),
    "discretionary": Text("由经办机关决定", "the office decides"),
    "first": Text("{benefit}（先办：{items}）", "{benefit} (apply first for: {items})"),
    "choice": Text("在这里要选：{text}", "Choose here: {text}"),
    "each": Text("（{count}位成员都要选）", " (for each of {count} members)"),
    "exclusive": Text("只能选一项：", "choose only one:"),
    "higher": Text("按高的一项发：", "only the higher one is paid:"),
    "unsettled": Text(
        "没有文件写明能不能同时领，请在这里问清：",
        "no official text says whether you can receive both; ask here:",
    ),
    "yearly": Text("一年{amount}元", "{amount} CNY a year"),
    "unknown_worth": Text("一年多少说不准", "the amount in a year is not certain"),
    "received": Text("正在领", "received now"),
    "worth_most": Text("金额较高的是：{name}", "worth more: {name}"),
    "colon": Text("：", ": "),
    "semicolon": Text("；", "; "),
}


def plan_text(plan: Plan, language: str, pack_name: Label) -> str:
    """The whole plan. `language` is zh or en."""
    words = _Words(plan, language)
    return outline_text(
        [Row(words.say("title", pack=words.label(pack_name))), *words.rows()], language, (0, 3, 5)
    )


def plan_rows(plan: Plan, language: str) -> Iterator[Row]:
    """The plan below its title."""
    return _Words(plan, language).rows()


class _Words:
    def __init__(self, plan: Plan, language: str) -> None:
        self.plan = plan
        self.language = language

    def say(self, key: str, **values: object) -> str:
        return WORDS[key].in_language(self.language).format(**values)

    def label(self, label: Label) -> str:
        return label.in_language(self.language)

    def labels(self, labels: Iterable[Label]) -> str:
        return join(self.language, list(dict.fromkeys(map(self.label, labels))))

    def items(self, items: Iterable[str]) -> str:
        return self.labels(self.plan.items[item] for item in items if item in self.plan.items)

    def subjects(self, subjects: Iterable[MemberId]) -> str:
        return self.labels(self.plan.subjects[str(subject)] for subject in subjects)

    def rows(self) -> Iterator[Row]:
        yield Row(
            self.say("count", on=say_date(self.language, self.plan.on), count=len(self.plan.visits))
        )
        if not self.plan.visits:
            yield Row(self.say("nothing"))
        stage = 0
        for visit in self.plan.visits:
            if visit.stage != stage and min(visit.stage, 2) != stage:
                stage = min(visit.stage, 2)
                yield EMPTY
                yield Row(self.say("now" if stage == 1 else "later"), kind="heading")
            yield EMPTY
            yield from self.visit(visit)

    def visit(self, visit: Visit) -> Iterator[Row]:
        office = self.say("no_office") if visit.office is None else self.office(visit.office)
        yield Row(self.say("visit", number=visit.number, office=office), kind="entry")
        if visit.elsewhere:
            yield Row(
                self.say(
                    "elsewhere",
                    offices=join(
                        self.language, [self.office(office) for office in visit.elsewhere]
                    ),
                ),
                1,
            )
        if visit.documents:
            yield Row(self.say("bring", documents=self.labels(visit.documents)), 1)
        for application in visit.applications:
            yield from self.application(application)
        for lines, count in Counter(tuple(self.choice(choice)) for choice in visit.choices).items():
            yield (
                lines[0]
                if count == 1
                else replace(lines[0], text=f"{lines[0].text}{self.say('each', count=count)}")
            )
            yield from lines[1:]

    def office(self, office: Office) -> str:
        more = [self.say("phone", number=office.phone)] if office.phone else []
        more += (
            [self.say("hotline", numbers=join(self.language, office.hotlines))]
            if office.hotlines
            else []
        )
        more += [self.label(office.address)] if office.address else []
        left, right, comma = ("（", "）", "，") if self.language == "zh" else (" (", ")", ", ")
        return (
            f"{self.label(office.name)}{left}{comma.join(more)}{right}"
            if more
            else self.label(office.name)
        )

    def application(self, application: Application) -> Iterator[Row]:
        yield Row(
            f"{self.label(application.name)}  —  {self.subjects(application.subjects)}", 1, "•"
        )
        for line in dict.fromkeys(
            self.benefit(benefit, application) for benefit in application.benefits
        ):
            yield Row(line, 2)
        if application.waits_for:
            yield Row(self.say("waits", items=self.items(application.waits_for)), 2)
        if application.opens:
            yield Row(self.say("opens", items=self.items(application.opens)), 2)
        if application.how is not None:
            yield Row(self.say("how", how=self.label(application.how)), 2)

    def benefit(self, benefit: BenefitResult, application: Application) -> str:
        parts = [self.label(benefit.name)]
        if benefit.amount is not None:
            parts.append(say_amount(self.language, benefit.amount))
        text = self.say("colon").join(parts)
        if benefit.decision == "discretionary":
            text += self.say("semicolon") + self.say("discretionary")
        later = [
            item
            for item in benefit.after
            if item not in application.waits_for and item in self.plan.items
        ]
        return self.say("first", benefit=text, items=self.items(later)) if later else text

    def choice(self, choice: Conflict) -> Iterator[Row]:
        """A choice. Members with the same choice get the same lines, so that the caller can print
        them once."""
        yield Row(self.say("choice", text=self.label(choice.text)), 1, "!")
        yield Row(self.say(choice.kind), 2)
        own = {option.subject for option in choice.options if option.subject != "household"}
        for option in choice.options:
            whose = "" if len(own) == 1 else f"  —  {self.subjects([option.subject])}"
            worth = (
                self.say("unknown_worth")
                if option.yearly is None
                else self.say("yearly", amount=money(option.yearly))
            )
            drawn = self.say("semicolon") + self.say("received") if option.received else ""
            yield Row(f"{self.label(option.name)}{whose}{self.say('colon')}{worth}{drawn}", 2, "-")
        best = [
            option.name
            for option in choice.options
            if f"{option.item}.{option.benefit}" == choice.worth_most
        ]
        if best:
            yield Row(self.say("worth_most", name=self.label(best[0])), 2)
