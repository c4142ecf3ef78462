"""The forms that results take for people, found by name when asked for: a result imports nothing
that draws it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

FORMS = {
    "assessment.text": "jmentitle.render.text:to_text",
    "assessment.markdown": "jmentitle.render.markdown:to_markdown",
    "assessment.html": "jmentitle.render.html:to_html",
    "assessment.letter": "jmentitle.render.letter:letter",
    "assessment.notebook": "jmentitle.render.notebook:assessment_html",
    "assessment.plan": "jmentitle.views.plan:plan_of",
    "assessment.pathway": "jmentitle.render.graph:pathway_html",
    "assessment.conflicts": "jmentitle.render.notebook:conflicts_html",
    "item.notebook": "jmentitle.render.notebook:item_html",
    "plan.notebook": "jmentitle.render.outline:plan_html",
    "diff.notebook": "jmentitle.render.outline:diff_html",
    "timeline.notebook": "jmentitle.render.outline:timeline_html",
    "counterfactuals.notebook": "jmentitle.render.outline:counterfactuals_html",
    "explanation.text": "jmentitle.render.explanation:why_text",
    "explanation.record": "jmentitle.views.explain.record:to_record",
    "explanations.notebook": "jmentitle.render.outline:explanations_html",
    "rule.notebook": "jmentitle.render.outline:rule_html",
    "coverage.text": "jmentitle.policy.measures.report:coverage_text",
    "coverage.html": "jmentitle.policy.measures.report:coverage_html",
    "indicators.text": "jmentitle.policy.measures.report:indicators_text",
    "indicators.html": "jmentitle.policy.measures.report:indicators_html",
    "comparison.report": "jmentitle.policy.whatif.tables:comparison_report",
    "winners_and_losers.report": "jmentitle.policy.whatif.tables:winners_and_losers_report",
    "sensitivity.html": "jmentitle.policy.whatif.tables:sensitivity_html",
    "cliffs.html": "jmentitle.policy.whatif.tables:cliffs_html",
    "population_cliffs.html": "jmentitle.policy.whatif.tables:population_cliffs_html",
}
"""The function of each form, as `module:function`; its first argument is the result."""


class Html(str):
    """Text that is HTML already. A notebook shows it as such."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        """A text without anything about a household, because a notebook saves it with the HTML."""
        return f"<Html: {len(self)} characters>"


def form(name: str) -> Callable[..., Any]:
    """The function that makes a form; its module is imported now. Raises KeyError for an unknown
    form."""
    module, _, function = FORMS[name].partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def text(name: str, result: object, *arguments: object, **options: object) -> str:
    """A result as plain text, Markdown or a page."""
    return str(form(name)(result, *arguments, **options))


def html(name: str, result: object, *arguments: object, **options: object) -> Html:
    """A result as HTML that a notebook shows."""
    return Html(form(name)(result, *arguments, **options))
