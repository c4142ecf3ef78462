"""The difference between two assessments, in words. It shows results and the paths of missing
facts, never the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jmentitle.assessment.models import Office
from jmentitle.render.change_words import WORDS, say, say_standing
from jmentitle.render.rows import EMPTY, Row, outline_text
from jmentitle.render.words import join
from jmentitle.views.diff import BenefitDifference, BenefitSide, Cause, Diff, ItemDifference

# The fields that the lines on a benefit or an item already show.
_SAID = {"decision", "after", "missing", "received", "offices"}


def diff_text(diff: Diff, language: str) -> str:
    """The whole difference. `language` is zh or en."""
    return outline_text(diff_rows(diff, language), language)


def diff_rows(diff: Diff, language: str) -> Iterator[Row]:
    yield Row(say(language, "diff_title"), kind="title")
    yield Row(say(language, "causes" if diff.causes else "causes_none"))
    yield from (Row(_cause(cause, language), mark="•") for cause in diff.causes)
    if len(diff.causes) > 1:
        yield Row(say(language, "causes_many"))
    yield EMPTY
    if diff.same:
        yield Row(say(language, "diff_same"))
    telling = [item for item in diff.items if _tells(item)]
    for item in telling:
        yield Row(
            f"{item.name.in_language(language)}  — "
            f" {diff.subjects[str(item.subject)].in_language(language)}",
            kind="entry",
        )
        yield from _item(item, diff, language)
    details = [item.name.in_language(language) for item in diff.items if item not in telling]
    if details:
        yield Row(say(language, "details", items=join(language, list(dict.fromkeys(details)))))
    if diff.elsewhere:
        yield Row(say(language, "elsewhere", fields=_fields(diff.elsewhere, language)))


def _cause(cause: Cause, language: str) -> str:
    nothing = say(language, "none")
    return say(language, cause.kind, left=cause.left or nothing, right=cause.right or nothing)


def _tells(item: ItemDifference) -> bool:
    return any(_stands_differently(benefit) for benefit in item.benefits) or bool(
        item.offices_left or item.offices_right
    )


def _stands_differently(benefit: BenefitDifference) -> bool:
    """More than details. To a family, what does not exist and what is closed to it are the same."""
    left, right = benefit.left, benefit.right
    if left is not None and right is not None:
        return left != right
    return any(side is not None and side.decision != "ineligible" for side in (left, right))


def _item(item: ItemDifference, diff: Diff, language: str) -> Iterator[Row]:
    for benefit in filter(_stands_differently, item.benefits):
        yield from _benefit(benefit, diff, language)
    yield from (Row(text, 1) for text in _offices(item.offices_left, item.offices_right, language))
    other = [field for field in item.differs if field not in _SAID]
    if other:
        yield Row(say(language, "also", fields=_fields(other, language)), 1)


def _benefit(benefit: BenefitDifference, diff: Diff, language: str) -> Iterator[Row]:
    left, right = benefit.left, benefit.right
    before, now = (_side(side, diff, language) for side in (left, right))
    name = benefit.name.in_language(language)
    covered = set(_SAID)
    if before != now:
        covered.add("amount")
        yield Row(say(language, "was", name=name, before=before, now=now), 1, "•")
    else:
        yield Row(name, 1, "•")
    missing = [side.missing if side is not None else [] for side in (left, right)]
    for key, paths in (
        ("missing_now", _without(missing[1], missing[0])),
        ("missing_no_more", _without(missing[0], missing[1])),
    ):
        if paths:
            yield Row(say(language, key, paths=join(language, paths)), 2)
    received = [side is not None and side.received for side in (left, right)]
    if received[0] != received[1]:
        yield Row(say(language, "received_now" if received[1] else "received_no_more"), 2)
    other = [field for field in benefit.differs if field not in covered]
    if other:
        yield Row(say(language, "also", fields=_fields(other, language)), 2)


def _side(side: BenefitSide | None, diff: Diff, language: str) -> str:
    if side is None:
        return say_standing(language, None, None, [], diff.names)
    return say_standing(language, side.decision, side.amount, side.after, diff.names)


def _offices(left: list[Office], right: list[Office], language: str) -> Iterator[str]:
    names = [[office.name.in_language(language) for office in offices] for offices in (left, right)]
    if names[0] == names[1]:
        if names[0]:
            yield say(
                language, "office_details", offices=join(language, list(dict.fromkeys(names[0])))
            )
        return
    before, now = (
        join(language, list(dict.fromkeys(side))) or say(language, "none") for side in names
    )
    yield say(language, "offices", left=before, right=now)


def _without(paths: list[str], others: list[str]) -> list[str]:
    return [path for path in paths if path not in others]


def _fields(fields: Iterable[str], language: str) -> str:
    return join(
        language,
        list(
            dict.fromkeys(
                say(language, key if (key := f"field_{field}") in WORDS else "field_other")
                for field in fields
            )
        ),
    )
