"""The timeline of a household: assessed on the days on which something may change, keeping those on
which something did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property

from jmentitle.assessment.build import HOUSEHOLD, Builder
from jmentitle.assessment.models import BEST_FIRST, Decision, Label
from jmentitle.assessment.offices import label
from jmentitle.assessment.pathway import openers
from jmentitle.chain.engines import decide
from jmentitle.errors import fail
from jmentitle.pack.rules import Rules
from jmentitle.pack.ruleset import changes
from jmentitle.profile.validation import Profile
from jmentitle.views.explain.explanation import Explainer, Explanation
from jmentitle.views.timeline.clocks import Clocks
from jmentitle.views.timeline.models import Change, Event, Standing, Timeline
from jmentitle.views.timeline.reasons import Reasons

MOST_MEMBER_DAYS = 5_000
"""Days on which something may change, times members: some ten members over five years."""
CLOSED = Standing(decision="ineligible")
# Most benefits have only a decision; one object for each decision serves all of them.
_PLAIN: dict[Decision, Standing] = {
    decision: Standing(decision=decision) for decision in BEST_FIRST
}
Standings = dict[tuple[str, int | None], Standing]


class TimelineBuilder:
    """The timeline of one household in the making; its facts are the same on every day."""

    def __init__(self, rules: Rules, profile: Profile) -> None:
        self.rules = rules
        self.profile = profile
        self.content = rules.content

    def timeline(self, start: date, until: date) -> Timeline:
        """The changes after `start` up to `until`, or to the last day of the pack's validity where
        that is earlier.

        Raises ArgumentError (JM012) when there are too many days to assess for so many members.
        """
        end = min(until, self.content.last_day)
        days = self.candidates(start, end)
        if len(days) * len(self.profile.facts.members) > MOST_MEMBER_DAYS:
            message = "the timeline has too many members and days"
            expected = "an earlier `until`, or a later `on`"
            fail("JM012", message, path="until", expected=expected)
        before = self.day(start)
        events = []
        items = dict[str, Label]()
        for day in days:
            now = self.day(day)
            changes = list(self.changes(before, now))
            if changes:
                events.append(Event(on=day, changes=changes))
                items |= {
                    change.item: label(self.content.items[change.item].name) for change in changes
                }
                items |= {
                    item: label(self.content.items[item].name)
                    for change in changes
                    for item in (*change.before.after, *change.now.after)
                }
            before = now
        subjects = {
            "household": HOUSEHOLD,
            **{str(id_): before.label(index) for index, id_ in enumerate(self.profile.facts.ids)},
        }
        return Timeline(
            start=start, end=end, cut=end < until, items=items, subjects=subjects, events=events
        )

    def candidates(self, start: date, end: date) -> list[date]:
        """The days after `start` on which something may change: the rules' own, and those on which
        this household's clocks reach a cut."""
        schedules = [
            benefit.schedule
            for item in self.content.items.values()
            for benefit in item.benefits
            if benefit.schedule is not None
        ]
        dated = {
            *self.rules.breakpoints,
            *changes(
                self.content, (entry.window for schedule in schedules for entry in schedule.entries)
            ),
        }
        return sorted(
            {day for day in dated if start < day <= end}
            | Clocks(self.content).days(self.profile.facts, start, end)
        )

    def day(self, on: date) -> Day:
        return Day(self.rules, self.profile, on)

    def changes(self, before: Day, now: Day) -> Iterator[Change]:
        """The benefits whose standing changes. The reasons compare `now` with the day before it,
        whose standings equal those of `before`."""
        differing = [
            key
            for key in {**before.standings, **now.standings}
            if before.standing(key) != now.standing(key)
        ]
        if not differing:
            return
        eve = self.day(now.on - timedelta(days=1))
        benefits = {
            benefit.reference: benefit
            for item in self.content.items.values()
            for benefit in item.benefits
        }
        order = {reference: index for index, reference in enumerate(benefits)}
        for key in sorted(
            differing, key=lambda key: (order[key[0]], -1 if key[1] is None else key[1])
        ):
            reference, member = key
            benefit = benefits[reference]
            yield Change(
                item=benefit.item,
                benefit=benefit.name,
                subject="household" if member is None else self.profile.facts.ids[member],
                name=label(benefit.title),
                before=before.standing(key),
                now=now.standing(key),
                because=Reasons(eve.explainer, now.explainer, now.label).of(benefit, member),
            )


class Day:
    """The household on one day, with the standing of every benefit."""

    def __init__(self, rules: Rules, profile: Profile, on: date) -> None:
        self.on = on
        ruleset = rules.ruleset(on)
        outcome = decide(rules, profile.facts, on)
        self.explainer = Explainer(ruleset, profile.facts, on, outcome)
        self._builder = Builder(ruleset, rules.digest, "native", profile.facts, on, outcome)

    @cached_property
    def standings(self) -> Standings:
        return {
            (one.benefit.reference, one.entity.member): self._standing(one)
            for one in self.explainer.all()
            if one.decision != "ineligible"
        }

    def standing(self, key: tuple[str, int | None]) -> Standing:
        return self.standings.get(key, CLOSED)

    def label(self, member: int) -> Label:
        return self._builder.member_label(member)

    def _standing(self, explanation: Explanation) -> Standing:
        benefit = explanation.benefit
        bare = benefit.pays is None and benefit.volume is None and benefit.schedule is None
        if explanation.decision == "undetermined" or (bare and explanation.layer == 0):
            return _PLAIN[explanation.decision]
        amount = explanation.amount
        return Standing(
            decision=explanation.decision,
            after=openers(
                explanation.entity.world.ruleset,
                benefit,
                explanation.entity,
                explanation.outcome,
                explanation.layer,
            )
            if explanation.layer > 0
            else [],
            amount=None if amount is None else self._builder.amount(amount, benefit),
            volume=self._builder.volume(benefit, explanation.entity),
            due=[
                line.text
                for line in self._builder.schedule(benefit, explanation.entity)
                if line.state == "due"
            ],
        )
