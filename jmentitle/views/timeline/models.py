"""The timeline of a household, as pydantic models with a stable JSON form."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from jmentitle.assessment import display
from jmentitle.assessment.models import Amount, Decision, Label, Model, Volume
from jmentitle.language.values import MemberId


class Standing(Model):
    """The standing of one benefit for one person or the household. Only an open benefit has more
    than its decision. `after` names the items that must be granted first; `due` are the entries of
    the benefit's schedule that are due."""

    decision: Decision
    after: list[str] = Field(default_factory=list)
    amount: Amount | None = None
    volume: Volume | None = None
    due: list[Label] = Field(default_factory=list)


class Change(Model):
    """One benefit whose standing changes on a day, and the reasons. A benefit that does not exist
    is `ineligible`."""

    item: str
    benefit: str
    subject: MemberId
    name: Label
    before: Standing
    now: Standing
    because: list[Label]


class Event(Model):
    """A day on which something changes; `before` in its changes is how things stood the day
    before."""

    on: date
    changes: list[Change]


class Timeline(Model):
    """The days on which something changes for a household, its facts staying as they are.

    Fields:
        start: The day of assessment; changes come after it.
        end: The last day looked at.
        cut: Whether a later end was asked for than the rules are known for.
        items: The names of the items that the events are about.
        subjects: The names of the persons that the events are about.
        events: The days, each with its changes: before, now and because.
    Example:
        >>> timeline = pack.timeline(family, on, until="2019-12-31")
        >>> timeline
        <Timeline from 2018-10-15 to 2019-12-31: 3 days of change>
    """

    start: date
    end: date
    cut: bool
    items: dict[str, Label]
    subjects: dict[str, Label]
    events: list[Event]

    def _repr_html_(self) -> str:
        return display.html("timeline.notebook", self, "zh")

    def __repr__(self) -> str:
        return f"<Timeline from {self.start} to {self.end}: {len(self.events)} days of change>"

    __str__ = __repr__
