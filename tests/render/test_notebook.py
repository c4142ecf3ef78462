"""What a notebook shows of explanations, rules, nearest changes, plans, timelines and
differences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

import pytest

from jmentitle import Pack
from jmentitle.pack.text import LANGUAGES
from jmentitle.render.outline import (
    counterfactuals_html,
    diff_html,
    explanations_html,
    outline_html,
    plan_html,
    rule_html,
    timeline_html,
)
from jmentitle.render.rows import Row, outline_text
from jmentitle.views.diff import diff
from tests.render.test_render import ATTRIBUTES, HOSTILE, TAGS, Reader, hostile_pack
from tests.support.families import family
from tests.support.small_pack import ON, small_pack

HOUSEHOLD = {
    "household": {"district": "north", "income": 3120, "receives": []},
    "members": [
        {
            "id": "one",
            "birth_date": "1958-10-02",
            "lives_alone": True,
            "receives": [],
            "illnesses": [],
        },
        {"id": "two"},
    ],
}
LATER = date(2018, 12, 1)


def shown(pack: Pack, language: str) -> Iterator[str]:
    """Every view, in a language, and as a notebook asks for it."""
    explained = [pack.explain(HOUSEHOLD, item, ON) for item in pack.content.items]
    for found in explained:
        yield explanations_html(found, language)
        yield found._repr_html_()
        yield from (one._repr_html_() for one in found)
    for item in pack.content.items:
        nearest, rule = pack.counterfactuals(HOUSEHOLD, item, ON), pack.rule(item)
        yield from (
            counterfactuals_html(nearest, language),
            nearest._repr_html_(),
            rule_html(rule, language),
            rule._repr_html_(),
        )
    now, later = pack.assess(HOUSEHOLD, ON), pack.assess(HOUSEHOLD, LATER)
    plan, timeline, compared = now.plan(), pack.timeline(HOUSEHOLD, ON), diff(now, later)
    yield from (
        plan_html(plan, language),
        plan._repr_html_(),
        timeline_html(timeline, language),
        timeline._repr_html_(),
    )
    yield from (diff_html(compared, language), compared._repr_html_())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_is_well_formed_and_a_hostile_pack_stays_text(language: str) -> None:
    hostile = 0
    for page in shown(hostile_pack(), language):
        read = Reader(page)
        assert read.tags <= TAGS
        assert read.attributes <= ATTRIBUTES
        ElementTree.fromstring(page)
        hostile += HOSTILE in read.text
    assert hostile > 10


def test_a_page_says_what_the_text_says(pack: Pack) -> None:
    raw = family("dibao_family_with_disabled_father")
    for item in ("minimum_living_guarantee", "disabled_living_and_care_subsidies"):
        found = pack.explain(raw, item)
        read = Reader(explanations_html(found, "en")).text
        assert all(
            line.strip(" •–-") in read for one in found for line in one.to_text("en").splitlines()
        )
    read = Reader(rule_html(pack.rule("minimum_living_guarantee"), "en")).text
    assert all(
        line.strip(" •–-") in read
        for line in pack.rule("minimum_living_guarantee").to_text("en").splitlines()
    )


def test_what_failed_or_is_open_lies_open_and_what_is_met_is_folded(pack: Pack) -> None:
    page = explanations_html(small_pack().explain(HOUSEHOLD, "visits", ON), "en")
    assert '<details open="open"><summary><span class="mark unknown">' in page
    page = explanations_html(
        pack.explain(family("dibao_family_with_disabled_father"), "minimum_living_guarantee"),
        "en",
    )
    assert '<details><summary><span class="mark met">' in page
    assert '<details open="open"><summary><span class="mark met">' not in page


def test_no_representation_shows_what_the_page_shows(pack: Pack) -> None:
    found = pack.explain(family("dibao_family_with_disabled_father"), "minimum_living_guarantee")
    assert "900" in found._repr_html_()
    assert "900" not in repr(found)
    assert (
        repr(pack.rule("minimum_living_guarantee", date(2018, 1, 1)))
        == "<Rule 46. minimum_living_guarantee>"
    )


def test_rows_nest_by_their_level() -> None:
    rows = [
        Row("t", kind="title"),
        Row(),
        Row("h", kind="heading"),
        Row("a", 1, "•"),
        Row("b", 2),
        Row("c", 1, "✓"),
        Row("d"),
    ]
    point, bare = '<li class="point">', '<li class="bare">'
    assert (
        "".join(outline_html(rows))
        == f'<h1>t</h1><h2>h</h2><ul>{point}a<ul>{bare}b</li></ul></li>{bare}<span class="mark'
        ' met">✓</span> c</li></ul><p>d</p>'
    )
    assert outline_text(rows, "zh", (0, 3, 5)) == "t\n\n【h】\n   • a\n     b\n   ✓ c\nd\n"
