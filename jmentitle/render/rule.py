"""One item as a page that policy staff can check against the circular: benefits, conditions,
amounts, offices, documents, sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jmentitle.assessment import display
from jmentitle.language import tree
from jmentitle.language.tree import Node, Window
from jmentitle.pack.model import Benefit, Content, Item
from jmentitle.pack.text import Text
from jmentitle.render.rows import EMPTY, Row, outline_text
from jmentitle.views.explain.rule_words import GRADES, KINDS, WORDS, expression_words


@dataclass(frozen=True, slots=True, repr=False)
class Rule:
    """One item of a pack in words: conditions, amounts, offices, documents and sources. A notebook
    shows it.

    Fields:
        item: The item.
        on: The day, if only what exists on it is shown.
    Example:
        >>> pack.rule("elderly_welfare_subsidy")
        <Rule 52. elderly_welfare_subsidy>
    """

    content: Content
    item: Item
    on: date | None = None

    def to_text(self, language: str = "zh") -> str:
        """The rule in words.

        Arguments:
            language: `zh` or `en`.
        Returns:
            Plain text.
        Raises:
            ArgumentError: JM073 for another language.
        Example:
            >>> print(pack.rule("elderly_welfare_subsidy").to_text("en").splitlines()[0])
            52. Welfare subsidies for the elderly  [elderly_welfare_subsidy]
        """
        return outline_text(self.rows(language), language)

    def rows(self, language: str) -> Iterator[Row]:
        return _Words(self.content, self.item, language, self.on).rows()

    def _repr_html_(self) -> str:
        return display.html("rule.notebook", self, "zh")

    def __repr__(self) -> str:
        return f"<Rule {self.item.number}. {self.item.id}>"


class _Words:
    def __init__(self, content: Content, item: Item, language: str, on: date | None) -> None:
        self.content = content
        self.item = item
        self.language = language
        self.on = on
        self.cited: dict[str, None] = {}

    def say(self, key: str) -> str:
        return WORDS[key].in_language(self.language)

    def text(self, text: Text) -> str:
        return text.in_language(self.language)

    def rows(self) -> Iterator[Row]:
        item = self.item
        yield Row(f"{item.number}. {self.text(item.name)}  [{item.id}]", kind="title")
        whose = self.say(item.entity), self.say("universal" if item.universal else "targeted")
        yield Row(" · ".join((self.text(self.content.domains[item.domain]), *whose)))
        yield Row(self.text(item.summary))
        self.note(item.cite)
        for benefit in item.benefits:
            if self.on is None or benefit.window.holds(self.on):
                yield EMPTY
                yield from self.benefit(benefit)
        yield EMPTY
        duties = self.content.duties
        documents = self.content.documents
        yield Row(f"{self.say('apply')}: {self.text(duties[item.apply.at])}")
        if item.apply.decides is not None:
            yield Row(f"{self.say('decides')}: {self.text(duties[item.apply.decides])}")
        if item.apply.bring:
            yield Row(
                f"{self.say('bring')}:"
                f" {self.join([documents[document] for document in item.apply.bring])}"
            )
        if item.apply.how.zh:
            yield Row(f"{self.say('how')}: {self.text(item.apply.how)}")
        self.note(item.apply.cite)
        for remark in item.information:
            if self.on is None or remark.window.holds(self.on):
                yield Row(
                    f"{self.say('information')}:"
                    f" {self.text(remark.text)}{self.window(remark.window)}{self.cite(remark.cite)}"
                )
        for gap in item.gaps:
            yield Row(f"{self.say('gap')}: {self.text(gap.text)}")
        if item.notes.zh:
            yield Row(f"{self.say('notes')}: {self.text(item.notes)}")
        yield EMPTY
        yield Row(f"{self.say('sources')}:")
        yield from self.sources()

    def benefit(self, benefit: Benefit) -> Iterator[Row]:
        extra = f" · {self.say('discretionary')}" if benefit.discretionary else ""
        heading = f"{self.text(benefit.title)}  [{benefit.name}] · {self.text(KINDS[benefit.kind])}"
        yield Row(
            f"{heading}{extra}{self.window(benefit.window)}{self.cite(benefit.cite)}",
            mark="◆",
            kind="entry",
        )
        if benefit.when is not None:
            yield from self.condition(benefit.when, 1, benefit.cite)
        if benefit.pays is not None:
            yield Row(f"{self.say('pays')}: {self.expression(benefit.pays.amount)}", 1)
        if benefit.gives.zh:
            yield Row(f"{self.say('gives')}: {self.text(benefit.gives)}", 1)
        for status in benefit.grants:
            yield Row(f"{self.say('grants')}: {self.text(self.content.statuses[status].label)}", 1)

    def condition(self, node: Node, level: int, cite: tuple[str, ...]) -> Iterator[Row]:
        if not isinstance(node, tree.Condition) or (
            self.on is not None and not node.about.window.holds(self.on)
        ):
            return
        about = node.about
        own = self.cite(about.cite) if about.cite != cite else ""
        if isinstance(node, tree.Leaf):
            yield Row(f"{self.expression(node.test)}{self.window(about.window)}{own}", level, "–")
            return
        if isinstance(node, tree.AnyMember | tree.AllMembers):
            members = "any_member" if isinstance(node, tree.AnyMember) else "all_members"
            yield Row(f"{self.say(members)}:{self.window(about.window)}{own}", level)
            yield from self.condition(node.test, level + 1, about.cite or cite)
            return
        key = {tree.All: "all", tree.AnyOf: "any", tree.NoneOf: "none"}[type(node)]
        yield Row(f"{self.say(key)}:{self.window(about.window)}{own}", level)
        for part in node.parts:
            yield from self.condition(part, level + 1, about.cite or cite)

    def expression(self, node: Node) -> str:
        return expression_words(self.content, node, self.language)

    def window(self, window: Window) -> str:
        if window == tree.ALWAYS:
            return ""
        return f" ({window.start or '…'} – {window.end or '…'})"

    def cite(self, cite: tuple[str, ...]) -> str:
        self.note(cite)
        return f"  [{'; '.join(cite)}]" if cite else ""

    def note(self, cite: tuple[str, ...]) -> None:
        self.cited.update(dict.fromkeys(text.split(" ", 1)[0] for text in cite))

    def join(self, texts: list[Text]) -> str:
        return ("、" if self.language == "zh" else ", ").join(self.text(text) for text in texts)

    def sources(self) -> Iterator[Row]:
        for id_ in self.cited:
            source = self.content.sources[id_]
            parts = [
                self.text(source.issuer),
                self.text(source.title),
                source.number or "",
                str(source.date or ""),
            ]
            yield Row(
                f"{id_}: {' · '.join(part for part in parts if part)}"
                f" ({GRADES[source.grade].in_language(self.language)})",
                1,
            )
