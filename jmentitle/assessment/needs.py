"""The missing facts and unpublished values of a whole assessment, each once, the most useful
question first."""

from __future__ import annotations

from collections import Counter

from jmentitle.assessment.models import Label, MissingFact, UnpublishedValue
from jmentitle.assessment.offices import label
from jmentitle.chain.unknowns import FactPath, Unknowns
from jmentitle.pack.model import MEMBERS_COMPLETE, RECEIVES, Content
from jmentitle.pack.text import Text
from jmentitle.profile.facts import Facts

_FAMILY = Text("家庭", "the family")
_BUILT_IN = {
    RECEIVES: (
        Text("现在已领取的待遇", "benefits received now"),
        Text(
            "现在已经领取哪些待遇或服务？一项也没有的也请说明。",
            "Which benefits or services are received now? If none, please say so.",
        ),
    ),
    MEMBERS_COMPLETE: (
        Text("家庭成员是否已列全", "whether all members are listed"),
        Text("家里的人都列出来了吗？", "Are all members of the household listed?"),
    ),
}


class _Paths(dict[FactPath, str]):
    """The paths of facts in the household file, each made once."""

    def __missing__(self, fact: FactPath) -> str:
        member, name = fact
        path = self[fact] = f"household.{name}" if member is None else f"members[{member}].{name}"
        return path


class Needs:
    """Gathers the unknowns of results. Paths are those of the household file."""

    def __init__(self, content: Content, facts: Facts) -> None:
        self.content = content
        self.household = facts
        self.counts: Counter[FactPath] = Counter()
        self.parameters: dict[str, None] = {}
        self.path = _Paths()
        self._asked: dict[FactPath, MissingFact] = {}

    def note(self, unknowns: Unknowns) -> tuple[list[str], list[str]]:
        """Count the unknowns of one result. Returns the paths of facts and the names of
        parameters."""
        self.counts.update(unknowns.facts.keys())
        self.parameters.update(unknowns.parameters)
        return [self.path[fact] for fact in unknowns.facts], list(unknowns.parameters)

    def facts(self) -> list[MissingFact]:
        """Every missing fact, the one that most results depend on first."""
        return [
            self.fact(fact, count)
            for fact, count in sorted(
                self.counts.items(), key=lambda pair: (-pair[1], self.path[pair[0]])
            )
        ]

    def fact(self, path: FactPath, count: int) -> MissingFact:
        """A missing fact. The same question about several members has the same words, which are
        made once."""
        member, name = path
        alike = (None if member is None else 0, name)
        question = self._asked.get(alike)
        if question is None:
            question = self._asked[alike] = self._question(path, count)
        subject = "household" if member is None else self.household.ids[member]
        return question.model_copy(
            update={"path": self.path[path], "subject": subject, "benefits": count}
        )

    def _question(self, path: FactPath, count: int) -> MissingFact:
        member, name = path
        definition = self.content.facts.get(("household" if member is None else "person", name))
        who = _FAMILY
        sensitive = True
        evidence: tuple[str, ...] = ()
        if definition is not None:
            text = definition.label
            ask = definition.ask
            evidence = definition.evidence
            sensitive = definition.sensitive
            who = self.content.answerers.get(definition.who, _FAMILY)
        elif name in _BUILT_IN:
            text, ask = _BUILT_IN[name]
        else:
            status = self.content.statuses[name]
            text = status.label
            evidence = (status.certificate,) if status.certificate is not None else ()
            ask = Text(f"是否属于“{text.zh}”？", f"Does this apply: {text.en}?")
        return MissingFact(
            path=self.path[path],
            subject="household" if member is None else self.household.ids[member],
            name=name,
            label=label(text),
            ask=label(ask),
            who=label(who),
            evidence=[label(self.content.documents[document]) for document in evidence],
            sensitive=sensitive,
            benefits=count,
        )

    def values(self) -> list[UnpublishedValue]:
        values = []
        for name in sorted(self.parameters):
            parameter = self.content.parameters[name]
            reasons = [entry.reason for entry in parameter.entries if entry.reason.zh]
            settled_by = self.content.duties.get(parameter.settled_by or "")
            values.append(
                UnpublishedValue(
                    parameter=name,
                    label=label(parameter.label),
                    reason=label(reasons[-1])
                    if reasons
                    else Label(zh="未公布", en="not published"),
                    settled_by=None if settled_by is None else label(settled_by),
                )
            )
        return values
