"""Counterfactuals in words, in Chinese or English: grouped by what brings them about, the
nearest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jmentitle.assessment.models import Label
from jmentitle.language.values import MemberId
from jmentitle.pack.text import Text
from jmentitle.render.rows import Row, outline_text
from jmentitle.views.counterfactual.models import (
    HOW,
    Change,
    Counterfactual,
    Counterfactuals,
    Suggestion,
)
from jmentitle.views.explain.values import digits

MOST_SHOWN = 3
WORDS: dict[str, Text] = {
    "heading": Text("{item}  —  {subject}（{on}）", "{item}  —  {subject} ({on})"),
    "open": Text("现在就可以申请，不需要改变什么。", "You can apply now; nothing has to change."),
    "undetermined": Text("还不能判断，先回答：", "Not known yet. Please answer first:"),
    "ineligible": Text(
        "现在不符合。做到下面任何一条就可以：",
        "Not eligible at present. Any one of these would be enough:",
    ),
    "nothing": Text(
        "现在不符合。四项以内的改变都不能让它符合。",
        "Not eligible at present. No change of up to four facts would be enough.",
    ),
    "opening": Text(
        "怎样才能符合（做到其中一条就可以）：", "How to become eligible (any one of these):"
    ),
    "shown": Text("{how}：{text}", "{how}: {text}"),
    "incomplete": Text(
        "（情况太多，没有全部试完。）", "(There were too many possibilities to try them all.)"
    ),
    "time": Text("等时间或情况变化", "time or circumstances may change it"),
    "family": Text("家里可以办", "the family can do it"),
    "office": Text("要由有关单位认定或办理", "an office must certify or do it"),
    "never": Text("自己改变不了", "you cannot change it"),
    "fact": Text("{label}：应为{to}，现在为{now}", "{label}: must be {to}; now: {now}"),
    "past": Text("已经过了这个时候", "the time for this has passed"),
    "beyond": Text("在这些规定有效的时间里等不到", "not within the time these rules cover"),
    "certificate": Text("要有{proof}，证明“{label}”", "needs {proof} as proof of: {label}"),
    "received": Text("不再领{given}", "must stop receiving: {given}"),
    "wait": Text("等到{to}", "wait until {to}"),
    "of": Text("{subject}：{text}", "{subject}: {text}"),
    "because": Text("（{reasons}）", " ({reasons})"),
    "too_high": Text("高出{difference}", "{difference} too high"),
    "too_low": Text("还差{difference}", "{difference} too low"),
    "each": Text("，平均每人{each}", ", {each} per person"),
    "and": Text("；并且", "; and "),
    "then": Text("→ {benefits}", "→ {benefits}"),
    "after": Text("{name}（先办：{items}）", "{name} (apply first for: {items})"),
    "discretionary": Text("{name}（由经办机关决定）", "{name} (the office decides)"),
    "then_ask": Text("{name}（还要问清其他情况）", "{name} (we would need more answers)"),
    "comma": Text("、", ", "),
    "semicolon": Text("；", "; "),
}


def counterfactuals_text(found: Counterfactuals, language: str) -> str:
    """All that was found, in `zh` or `en`."""
    return outline_text(counterfactuals_rows(found, language), language)


def counterfactuals_rows(found: Counterfactuals, language: str) -> Iterator[Row]:
    for one in found.found:
        yield from _Words(found, language).rows(one)


def opening_rows(counterfactuals: Counterfactuals, language: str) -> Iterator[Row]:
    """The nearest few suggestions for one person or the household, shown below the reasons of a
    refusal."""
    words = _Words(counterfactuals, language)
    for result in counterfactuals.found:
        # A change that nobody can make is shown only if there is no other, so that the family need
        # not look for one.
        suggestions = [
            suggestion for suggestion in result.suggestions if suggestion.how != "never"
        ][:MOST_SHOWN] or result.suggestions[:1]
        yield Row(words.say("opening" if suggestions else "nothing"), 1)
        for suggestion in suggestions:
            yield Row(
                words.say(
                    "shown",
                    how=words.say(suggestion.how),
                    text=words.suggestion(suggestion, result.subject, brief=True),
                ),
                2,
                "•",
            )


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class _Words:
    def __init__(self, counterfactuals: Counterfactuals, language: str) -> None:
        self.counterfactuals = counterfactuals
        self.language = language

    def say(self, key: str, **values: object) -> str:
        return WORDS[key].in_language(self.language).format(**values)

    def label(self, label: Label) -> str:
        return label.in_language(self.language)

    def rows(self, result: Counterfactual) -> Iterator[Row]:
        item = self.label(self.counterfactuals.items[result.item])
        subject = self.label(self.counterfactuals.subjects[str(result.subject)])
        yield Row(
            self.say("heading", item=item, subject=subject, on=self.counterfactuals.on),
            kind="title",
        )
        if result.decision in ("eligible", "discretionary"):
            yield Row(self.say("open"), 1)
        elif result.decision == "undetermined":
            yield Row(self.say("undetermined"), 1)
            yield from (Row(self.label(fact.ask), 2, "•") for fact in result.ask)
        else:
            yield Row(self.say("ineligible" if result.suggestions else "nothing"), 1)
            for how in HOW:
                mine = [suggestion for suggestion in result.suggestions if suggestion.how == how]
                if mine:
                    yield Row(f"[{self.say(how)}]", 1)
                    yield from (
                        Row(self.suggestion(suggestion, result.subject), 2, "•")
                        for suggestion in mine
                    )
            if not result.complete:
                yield Row(self.say("incomplete"), 1)

    def suggestion(self, suggestion: Suggestion, about: MemberId, *, brief: bool = False) -> str:
        """The changes and the benefits they open; `brief` leaves out the obvious."""
        stated: set[str] = set()
        changes = self.say("and").join(
            self.change(change, about, stated) for change in suggestion.changes
        )
        if brief and all(
            opens.decision == "eligible" and not opens.after for opens in suggestion.opens
        ):
            return changes
        return (
            f"{changes}"
            f" {self.say('then', benefits=self.say('comma').join(self.benefit_texts(suggestion)))}"
        )

    def benefit_texts(self, suggestion: Suggestion) -> Iterator[str]:
        for opens in suggestion.opens:
            text = self.label(opens.name)
            if opens.after:
                items = self.say("comma").join(
                    self.label(self.counterfactuals.items[item]) for item in opens.after
                )
                text = self.say("after", name=text, items=items)
            if opens.decision == "undetermined":
                text = self.say("then_ask", name=text)
            elif opens.decision == "discretionary":
                text = self.say("discretionary", name=text)
            yield text

    def change(self, change: Change, about: MemberId, stated: set[str]) -> str:
        """One change with its reasons; reasons that are already `stated` are left out and the
        others added."""
        to = self.label(change.to_text)
        now = self.label(change.now_text)
        evidence = self.say("comma").join(self.label(document) for document in change.evidence)
        # Nobody is told to be born on another day: the requirement of the rule is shown instead.
        kind: str = change.kind
        if change.because and _is_date(change) and change.how in ("time", "never"):
            kind = "beyond" if change.how == "time" else "past"
        text = self.say(
            kind, label=self.label(change.label), now=now, to=to, evidence=evidence, given=now
        )
        if change.subject != about and change.kind != "wait":
            text = self.say(
                "of",
                subject=self.label(self.counterfactuals.subjects[str(change.subject)]),
                text=text,
            )
        reasons = [
            reason
            for reason in (*map(self.label, change.because), *self.gap(change))
            if reason not in stated
        ]
        stated.update(reasons)
        return (
            text + self.say("because", reasons=self.say("semicolon").join(reasons))
            if reasons
            else text
        )

    def gap(self, change: Change) -> Iterator[str]:
        gap = change.gap
        if gap is not None and gap.difference:
            key = "too_high" if gap.difference > 0 else "too_low"
            text = self.say(key, difference=_number(gap.difference))
            yield text if gap.each is None else text + self.say("each", each=_number(gap.each))


def _is_date(change: Change) -> bool:
    return (
        change.kind == "fact"
        and isinstance(change.now, str)
        and _DATE.fullmatch(change.now) is not None
    )


def _number(value: Decimal) -> str:
    return digits(int(abs(value) * 100), 2)
