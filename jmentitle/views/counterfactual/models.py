"""The changes that would open a benefit, as pydantic models with a stable JSON form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from jmentitle.assessment import display
from jmentitle.assessment.models import Decision, Label, MissingFact, Model
from jmentitle.language.values import MemberId, index_of

How = Literal["time", "family", "office", "never"]
Kind = Literal["fact", "certificate", "received", "wait"]
HOW: tuple[How, ...] = ("time", "family", "office", "never")
FactValue = bool | int | Decimal | str | list[str]


class Gap(Model):
    """How far a number is from what a rule asks of it. `difference` is what it is too high (or,
    below 0, too low), `each` the same a head."""

    label: Label
    unit: str
    value: Decimal
    bound: Decimal
    difference: Decimal
    each: Decimal | None = None


class Change(Model):
    """One fact that would have to differ: it takes any one of `to` instead of `now` (None: a
    certificate that the file does not state). `kind` is `fact`, `certificate` (a status that the
    file may state), `received` (a benefit received now that would be given up) or `wait`, whose
    `path` is `on`, the day of assessment. `path` is the path of the fact in the household file.
    `because` states the requirement of the rule."""

    kind: Kind
    how: How
    subject: MemberId
    path: str
    label: Label
    now: FactValue | None
    to: list[FactValue]
    now_text: Label
    to_text: Label
    because: list[Label]
    gap: Gap | None = None
    who: Label | None = None
    evidence: list[Label]


class Opens(Model):
    """A benefit that would no longer be closed; `after` names the items that must be granted
    first."""

    benefit: str
    name: Label
    decision: Decision
    after: list[str]


class Suggestion(Model):
    """Changes that together open a benefit; none of them can be left out. `how` is that of the
    hardest change. If they lead to `undetermined`, `missing` lists the paths of the facts to ask
    for then."""

    how: How
    on: date
    changes: list[Change]
    opens: list[Opens]
    missing: list[str]
    unpublished: list[str]


class Counterfactual(Model):
    """The decision on one item, or one benefit of it, for a person or the household, and the
    changes that would open it. Only closed items have suggestions, the nearest first; `complete` is
    false if the search was cut short. An undetermined decision depends on the facts in `ask`."""

    item: str
    benefit: str | None
    subject: MemberId
    decision: Decision
    suggestions: list[Suggestion]
    ask: list[MissingFact]
    complete: bool


class Counterfactuals(Model):
    """The changes that would open an item, for each of its subjects.

    Fields:
        on: The day of assessment.
        items: The names of the items that the rest is about.
        subjects: The names of the persons that the rest is about.
        found: A result for each subject: the decision, and suggestions for what is closed.
    Example:
        >>> opening = pack.counterfactuals(family, "elderly_welfare_subsidy", on)
        >>> opening
        <Counterfactuals on 2018-10-15: 1 suggestions>
    """

    on: date
    items: dict[str, Label]
    subjects: dict[str, Label]
    found: list[Counterfactual]

    def of(self, subject: MemberId) -> Counterfactual:
        """The result for the household or a member.

        Arguments:
            subject: `household`, or the id of a member or its text.
        Returns:
            The decision and the suggestions.
        Raises:
            ArgumentError: JM094 for somebody whom the item is not for.
        Example:
            >>> opening.of("father").suggestions[0].changes[0].path
            'members[0].birth_date'
        """
        return self.found[index_of([one.subject for one in self.found], subject, "subject")]

    def _repr_html_(self) -> str:
        return display.html("counterfactuals.notebook", self, "zh")

    def __repr__(self) -> str:
        return (
            f"<Counterfactuals on {self.on}: {sum(len(one.suggestions) for one in self.found)}"
            " suggestions>"
        )

    __str__ = __repr__
