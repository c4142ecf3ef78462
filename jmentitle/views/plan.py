"""The plan: where the family goes, in which order, with which documents, and for which
applications. It is made from an assessment alone.

Applications that can be made at the same time at one counter are one visit. A later visit to the
same counter comes only for an application that waits for another, so nobody is sent twice without
need. Benefits already received and services for everybody need no application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from jmentitle.assessment.models import (
    Application,
    Assessment,
    Conflict,
    Decision,
    ItemResult,
    Label,
    Office,
    Plan,
    Step,
    Visit,
)

CounterKey = tuple[str, str]
"""An office of the pack with the name that it has for this family: the same office in two counties
is two counters."""
OPEN: tuple[Decision, ...] = ("eligible", "discretionary")


def plan_of(assessment: Assessment) -> Plan:
    """The plan of a family."""
    return _Planner(assessment).plan()


class _Planner:
    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.results = {(result.item, result.subject): result for result in assessment.results}
        self.rank = {result.item: index for index, result in enumerate(assessment.results)}

    def plan(self) -> Plan:
        visits: list[Visit] = []
        decided: set[str] = set()
        stages = sorted({step.order for step in self.assessment.pathway})
        for stage in stages:
            steps = [step for step in self.assessment.pathway if step.order == stage]
            for counter, mine in self.visits(steps):
                choices = [
                    conflict
                    for conflict in self.choices(mine)
                    if conflict.model_dump_json() not in decided
                ]
                decided |= {conflict.model_dump_json() for conflict in choices}
                visits.append(self.visit(len(visits) + 1, stage, counter, mine, choices))
        names = {result.item: result.name for result in self.assessment.results}
        mentioned = dict.fromkeys(
            item
            for visit in visits
            for application in visit.applications
            for item in (application.item, *application.waits_for, *application.opens)
        )
        return Plan(
            on=self.assessment.on,
            items={item: names[item] for item in mentioned},
            subjects=self.assessment.subjects,
            visits=visits,
        )

    def result(self, step: Step) -> ItemResult:
        return self.results[step.item, step.subject]

    # where to go

    def visits(self, steps: list[Step]) -> list[tuple[CounterKey | None, list[Step]]]:
        """The steps of one stage by counter: as few counters as possible, those that open other
        things first."""
        batches: list[tuple[CounterKey | None, list[Step]]] = []
        waiting = list(steps)
        while waiting:
            waiting_at = Counter(counter for step in waiting for counter in self.counters(step))
            if not waiting_at:
                # No office is known: each item is a way of its own.
                item = waiting[0].item
                mine = [step for step in waiting if step.item == item]
                batches.append((None, mine))
            else:
                counter = max(
                    waiting_at,
                    key=lambda counter: (waiting_at[counter], -list(waiting_at).index(counter)),
                )
                mine = [step for step in waiting if counter in self.counters(step)]
                batches.append((counter, mine))
            waiting = [step for step in waiting if step not in mine]
        opening = {
            index: len({item for step in mine for item in step.opens})
            for index, mine in enumerate(mine for _, mine in batches)
        }
        return [
            batches[index] for index in sorted(opening, key=lambda index: (-opening[index], index))
        ]

    def counters(self, step: Step) -> list[CounterKey]:
        return list(dict.fromkeys(_counter(office) for office in self.offices(step)))

    def offices(self, step: Step) -> list[Office]:
        """Where the step can be made: any one of these."""
        return [office for office in self.result(step).offices if office.role == "apply"]

    def visit(
        self,
        number: int,
        stage: int,
        counter: CounterKey | None,
        steps: list[Step],
        choices: list[Conflict],
    ) -> Visit:
        offices = [office for step in steps for office in self.offices(step)]
        here = next((office for office in offices if _counter(office) == counter), None)
        shared = set.intersection(*(set(self.counters(step)) for step in steps))
        elsewhere = {
            _counter(office): office
            for office in offices
            if _counter(office) in shared and _counter(office) != counter
        }
        applications = list(self.applications(steps))
        return Visit(
            number=number,
            stage=stage,
            office=here,
            elsewhere=list(elsewhere.values()),
            applications=applications,
            documents=_each_once(
                document for application in applications for document in application.documents
            ),
            choices=choices,
        )

    # what to do there

    def applications(self, steps: list[Step]) -> Iterator[Application]:
        """One entry for those of the family who apply for the same on the same terms, in the order
        of the pack; what opens others first."""
        together: dict[tuple[str, str, tuple[str, ...]], list[Step]] = {}
        for step in steps:
            together.setdefault((step.item, step.decision, tuple(step.after)), []).append(step)
        for same in sorted(
            together.values(), key=lambda same: (-len(same[0].opens), self.rank[same[0].item])
        ):
            first = same[0]
            results = [self.result(step) for step in same]
            benefits = [
                benefit
                for result in results
                for benefit in result.benefits
                if benefit.decision in OPEN and not benefit.received
            ]
            yield Application(
                item=first.item,
                name=first.name,
                subjects=[step.subject for step in same],
                decision=first.decision,
                benefits=[
                    benefit
                    for index, benefit in enumerate(benefits)
                    if benefit not in benefits[:index]
                ],
                waits_for=first.after,
                opens=first.opens,
                documents=_each_once(
                    document for result in results for document in result.documents
                ),
                how=results[0].how,
            )

    def choices(self, steps: list[Step]) -> Iterator[Conflict]:
        """The conflicts with an option among these applications."""
        here = {(step.item, step.subject) for step in steps}
        for conflict in self.assessment.conflicts:
            if any((option.item, option.subject) in here for option in conflict.options):
                yield conflict


def _counter(office: Office) -> CounterKey:
    return office.id, office.name.zh


def _each_once(labels: Iterable[Label]) -> list[Label]:
    return list({(label.zh, label.en): label for label in labels}.values())
