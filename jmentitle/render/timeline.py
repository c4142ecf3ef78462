"""A timeline in words: for each day what changes for whom, and why."""

from __future__ import annotations

from collections.abc import Iterator

from jmentitle.assessment.models import Label
from jmentitle.language.decimals import digits
from jmentitle.render.change_words import say, say_standing
from jmentitle.render.rows import EMPTY, Row, outline_text
from jmentitle.render.words import join, say_date
from jmentitle.views.timeline.models import Change, Event, Standing, Timeline


def timeline_text(timeline: Timeline, language: str, pack_name: Label) -> str:
    """The whole timeline. `language` is zh or en."""
    title = Row(say(language, "timeline_title", pack=pack_name.in_language(language)))
    return outline_text([title, *timeline_rows(timeline, language)], language)


def timeline_rows(timeline: Timeline, language: str) -> Iterator[Row]:
    """The timeline below its title."""
    end = say_date(language, timeline.end)
    yield Row(say(language, "timeline_days", start=say_date(language, timeline.start), end=end))
    if not timeline.events:
        yield EMPTY
        yield Row(say(language, "timeline_nothing"))
    for event in timeline.events:
        yield EMPTY
        yield Row(say_date(language, event.on), kind="heading")
        yield from _event(event, timeline, language)
    if timeline.cut:
        yield EMPTY
        yield Row(say(language, "timeline_cut", end=end))


def _event(event: Event, timeline: Timeline, language: str) -> Iterator[Row]:
    """The changes of a day by their reasons; a change that several persons share is shown once."""
    grouped: dict[tuple[str, ...], list[Change]] = {}
    for change in event.changes:
        grouped.setdefault(
            tuple(reason.in_language(language) for reason in change.because), []
        ).append(change)
    for reasons, changes in grouped.items():
        yield Row(
            say(language, "because", reasons=("；" if language == "zh" else "; ").join(reasons))
        )
        yield from _open([change for change in changes if not _closed(change)], timeline, language)
        yield from _in_question(
            [change for change in changes if _closed(change)], timeline, language
        )


def _open(changes: list[Change], timeline: Timeline, language: str) -> Iterator[Row]:
    """The benefits that open, close or change their amount."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        key = timeline.items[change.item].in_language(language), _change(change, timeline, language)
        grouped.setdefault(key, []).append(
            timeline.subjects[str(change.subject)].in_language(language)
        )
    last_heading = ""
    for (item, text), subjects in grouped.items():
        heading = f"{item}  —  {join(language, subjects)}"
        if heading != last_heading:
            yield Row(heading, 1)
            last_heading = heading
        yield Row(text, 2, "•")


def _in_question(changes: list[Change], timeline: Timeline, language: str) -> Iterator[Row]:
    """The benefits that are open on neither day, in one line each way."""
    for key, decision in (("in_question", "undetermined"), ("no_longer_in_question", "ineligible")):
        names: dict[str, dict[str, None]] = {}
        for change in changes:
            if change.now.decision == decision:
                subjects = names.setdefault(change.name.in_language(language), {})
                subjects[timeline.subjects[str(change.subject)].in_language(language)] = None
        if names:
            left, right = ("（", "）") if language == "zh" else (" (", ")")
            items = join(
                language,
                [f"{name}{left}{join(language, list(who))}{right}" for name, who in names.items()],
            )
            yield Row(say(language, key, items=items), 1)


def _closed(change: Change) -> bool:
    return {change.before.decision, change.now.decision} == {"undetermined", "ineligible"}


def _change(change: Change, timeline: Timeline, language: str) -> str:
    name = change.name.in_language(language)
    before, now = (
        _standing(standing, timeline, language) for standing in (change.before, change.now)
    )
    if before != now:
        return say(language, "was", name=name, before=before, now=now)
    volumes = [
        standing.volume.low
        for standing in (change.before, change.now)
        if standing.volume is not None and standing.volume.low is not None
    ]
    if len(set(volumes)) > 1:
        return say(language, "volume", name=name, before=digits(volumes[0]), now=digits(volumes[1]))
    due = join(language, [text.in_language(language) for text in change.now.due])
    return (
        say(language, "due", name=name, due=due) if due else say(language, "nothing_due", name=name)
    )


def _standing(standing: Standing, timeline: Timeline, language: str) -> str:
    return say_standing(
        language, standing.decision, standing.amount, standing.after, timeline.items
    )
