"""Outlines as HTML, and what a notebook shows of them: explanations, rules, counterfactuals, plans,
timelines and differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jmentitle.assessment.display import Html
from jmentitle.assessment.models import Plan
from jmentitle.render.change_words import say
from jmentitle.render.counterfactual import counterfactuals_rows
from jmentitle.render.diff import diff_rows
from jmentitle.render.explanation import FAILED, MET, OPEN, PLAIN, UNUSED, why_rows
from jmentitle.render.html import join, notebook_html, tag
from jmentitle.render.plan import WORDS as PLAN_WORDS
from jmentitle.render.plan import plan_rows
from jmentitle.render.rows import EMPTY, Row
from jmentitle.render.rule import Rule
from jmentitle.render.timeline import timeline_rows
from jmentitle.render.words import check
from jmentitle.views.counterfactual.models import Counterfactuals
from jmentitle.views.diff import Diff
from jmentitle.views.explain.explanation import Explanation
from jmentitle.views.timeline.models import Timeline

_STATES = {MET: "met", FAILED: "failed", OPEN: "unknown", UNUSED: "unused", PLAIN: "aside"}
"""The marks of requirements, as classes of the page."""
_BULLETS = ("•", "-", "–")


def explanations_html(explanations: Iterable[Explanation], language: str) -> Html:
    """Explanations as HTML, one below the other.

    Arguments:
        explanations: Explanations, as of `Pack.explain`.
        language: `zh` or `en`.
    Returns:
        HTML that a notebook shows. It holds the facts that were used: personal data.
    Raises:
        ArgumentError: JM073 for another language.
    Example:
        >>> from jmentitle.render import explanations_html
        >>> why = pack.explain(family, "elderly_welfare_subsidy", on)
        >>> explanations_html(why, "en")[:23]
        '<div class="jmentitle">'
    """
    shown = [
        tag("section", *outline_html(why_rows(one, check(language)), title="h2", folded=True))
        for one in explanations
    ]
    return notebook_html(*shown)


def rule_html(rule: Rule, language: str) -> Html:
    return notebook_html(*outline_html(rule.rows(check(language))))


def counterfactuals_html(found: Counterfactuals, language: str) -> Html:
    """The changes that would open an item, as HTML.

    Arguments:
        found: What `Pack.counterfactuals` gives.
        language: `zh` or `en`.
    Returns:
        HTML that a notebook shows.
    Raises:
        ArgumentError: JM073 for another language.
    Example:
        >>> from jmentitle.render import counterfactuals_html
        >>> changes = pack.counterfactuals(family, "elderly_welfare_subsidy", on)
        >>> counterfactuals_html(changes, "en")[:23]
        '<div class="jmentitle">'
    """
    return notebook_html(*outline_html(counterfactuals_rows(found, check(language)), title="h2"))


def plan_html(plan: Plan, language: str) -> Html:
    title = tag("h1", PLAN_WORDS["short_title"].in_language(check(language)))
    return notebook_html(title, *outline_html(plan_rows(plan, language)))


def timeline_html(timeline: Timeline, language: str) -> Html:
    """A timeline as HTML.

    Arguments:
        timeline: What `Pack.timeline` gives.
        language: `zh` or `en`.
    Returns:
        HTML that a notebook shows.
    Raises:
        ArgumentError: JM073 for another language.
    Example:
        >>> from jmentitle.render import timeline_html
        >>> timeline_html(pack.timeline(family, on, until="2019-12-31"), "en")[:23]
        '<div class="jmentitle">'
    """
    return notebook_html(
        tag("h1", say(check(language), "timeline")),
        *outline_html(timeline_rows(timeline, language)),
    )


def diff_html(diff: Diff, language: str) -> Html:
    """The difference of two assessments as HTML.

    Arguments:
        diff: What `diff` gives.
        language: `zh` or `en`.
    Returns:
        HTML that a notebook shows.
    Raises:
        ArgumentError: JM073 for another language.
    Example:
        >>> from jmentitle import diff
        >>> from jmentitle.render import diff_html
        >>> diff_html(diff(assessment, assessment), "en")[:23]
        '<div class="jmentitle">'
    """
    return notebook_html(*outline_html(diff_rows(diff, check(language))))


@dataclass(slots=True)
class _Node:
    row: Row
    below: list[_Node] = field(default_factory=list)


def outline_html(rows: Iterable[Row], *, title: str = "h1", folded: bool = False) -> Iterator[Html]:
    """The rows as headings, paragraphs and nested lists. `title` is the element of titles; `folded`
    folds what has rows below it."""
    for node in _nested(rows):
        row = node.row
        if row.kind in ("title", "heading"):
            yield tag(title if row.kind == "title" else "h2", row.text)
        elif row.level == 0:
            yield tag(
                "p",
                f"{row.mark} {row.text}".strip(),
                **({"class_": "title"} if row.kind == "entry" else {}),
            )
        else:
            yield tag("ul", _item(node, folded))
            continue
        if node.below:
            yield tag("ul", *(_item(inner, folded) for inner in node.below))


def _nested(rows: Iterable[Row]) -> list[_Node]:
    """The rows as trees, by their levels; empty lines are for terminals."""
    roots: list[_Node] = []
    path: list[_Node] = []
    for row in rows:
        if row == EMPTY:
            continue
        while path and path[-1].row.level >= row.level:
            path.pop()
        node = _Node(row)
        (path[-1].below if path else roots).append(node)
        path.append(node)
    return roots


def _item(node: _Node, folded: bool) -> Html:
    row = node.row
    state = _STATES.get(row.mark)
    bullet = (
        []
        if row.mark in _BULLETS or not row.mark
        else [tag("span", row.mark, class_=f"mark {state or ''}".strip()), " "]
    )
    text = join([*bullet, row.text])
    below = [tag("ul", *(_item(inner, folded) for inner in node.below))] if node.below else []
    if below and folded:
        text = tag(
            "details",
            tag("summary", text),
            *below,
            **({"open": "open"} if state in ("failed", "unknown") else {}),
        )
        below = []
    return tag("li", text, *below, class_="point" if row.mark in _BULLETS else "bare")
