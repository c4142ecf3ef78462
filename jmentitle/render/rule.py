"""One item as a page that policy staff can check against the circular: benefits, conditions, amounts, offices, documents, sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jmentitle.explain.rule_words import GRADES, KINDS, WORDS, expression_words
from jmentitle.language import tree
from jmentitle.language.tree import Node, Window
from jmentitle.pack.model import Benefit, Content, Item
from jmentitle.pack.text import Text


def rule_text(content: Content, item: Item, language: str, on: date | None = None) -> str:
    """The rule in words; with `on`, only what exists on that day."""
    return "\n".join(_Rule(content, item, language, on).lines()) + "\n"


class _Rule:
    def __init__(self, content: Content, item: Item, language: str, on: date | None) -> None:
        self.content, self.item, self.language, self.on = content, item, language, on
        self.cited: dict[str, None] = {}

    def say(self, key: str) -> str:
        return WORDS[key].in_language(self.language)

    def text(self, text: Text) -> str:
        return text.in_language(self.language)

    def lines(self) -> Iterator[str]:
        item = self.item
        yield f"{item.number}. {self.text(item.name)}  [{item.id}]"
        yield f"{self.text(self.content.domains[item.domain])} · {self.say(item.entity)} · {self.say('universal' if item.universal else 'targeted')}"
        yield self.text(item.summary)
        self.note(item.cite)
        for benefit in item.benefits:
            if self.on is None or benefit.window.holds(self.on):
                yield ""
                yield from self.benefit(benefit)
        yield ""
        functions, documents = self.content.functions, self.content.documents
        yield f"{self.say('apply')}: {self.text(functions[item.apply.at])}"
        if item.apply.decides is not None:
            yield f"{self.say('decides')}: {self.text(functions[item.apply.decides])}"
        if item.apply.bring:
            yield f"{self.say('bring')}: {self.listed([documents[document] for document in item.apply.bring])}"
        if item.apply.how.zh:
            yield f"{self.say('how')}: {self.text(item.apply.how)}"
        self.note(item.apply.cite)
        for remark in item.information:
            if self.on is None or remark.window.holds(self.on):
                yield f"{self.say('information')}: {self.text(remark.text)}{self.window(remark.window)}{self.cite(remark.cite)}"
        for gap in item.gaps:
            yield f"{self.say('gap')}: {self.text(gap.text)}"
        if item.notes.zh:
            yield f"{self.say('notes')}: {self.text(item.notes)}"
        yield ""
        yield f"{self.say('sources')}:"
        yield from self.sources()

    def benefit(self, benefit: Benefit) -> Iterator[str]:
        extra = f" · {self.say('discretionary')}" if benefit.discretionary else ""
        heading = f"◆ {self.text(benefit.title)}  [{benefit.name}] · {self.text(KINDS[benefit.kind])}"
        yield f"{heading}{extra}{self.window(benefit.window)}{self.cite(benefit.cite)}"
        if benefit.when is not None:
            yield from self.condition(benefit.when, "  ", benefit.cite)
        if benefit.pays is not None:
            yield f"  {self.say('pays')}: {self.expression(benefit.pays.amount)}"
        if benefit.gives.zh:
            yield f"  {self.say('gives')}: {self.text(benefit.gives)}"
        for status in benefit.grants:
            yield f"  {self.say('grants')}: {self.text(self.content.statuses[status].label)}"

    def condition(self, node: Node, indent: str, cite: tuple[str, ...]) -> Iterator[str]:
        if not isinstance(node, tree.Condition) or (self.on is not None and not node.about.window.holds(self.on)):
            return
        about = node.about
        own = self.cite(about.cite) if about.cite != cite else ""
        if isinstance(node, tree.Leaf):
            yield f"{indent}– {self.expression(node.test)}{self.window(about.window)}{own}"
            return
        if isinstance(node, tree.AnyMember | tree.AllMembers):
            yield f"{indent}{self.say('any_member' if isinstance(node, tree.AnyMember) else 'all_members')}:{self.window(about.window)}{own}"
            yield from self.condition(node.test, indent + "  ", about.cite or cite)
            return
        key = {tree.All: "all", tree.AnyOf: "any", tree.NoneOf: "none"}[type(node)]
        yield f"{indent}{self.say(key)}:{self.window(about.window)}{own}"
        for part in node.parts:
            yield from self.condition(part, indent + "  ", about.cite or cite)

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

    def listed(self, texts: list[Text]) -> str:
        return ("、" if self.language == "zh" else ", ").join(self.text(text) for text in texts)

    def sources(self) -> Iterator[str]:
        for id_ in self.cited:
            source = self.content.sources[id_]
            parts = [self.text(source.issuer), self.text(source.title), source.number or "", str(source.date or "")]
            yield f"  {id_}: {' · '.join(part for part in parts if part)} ({GRADES[source.grade].in_language(self.language)})"
