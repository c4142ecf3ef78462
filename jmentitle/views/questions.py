"""Why and why not: the explanations of an item for one household, and the nearest changes that
would open it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast

from jmentitle.chain.engines import decide
from jmentitle.errors import fail
from jmentitle.language.diagnostics import nearest_name
from jmentitle.language.values import MemberId, index_of
from jmentitle.pack.model import Item
from jmentitle.pack.rules import Rules
from jmentitle.profile.facts import Facts
from jmentitle.profile.validation import Profile
from jmentitle.views.explain.explanation import Explainer, Explanations

if TYPE_CHECKING:
    from jmentitle.views.counterfactual.models import Counterfactuals
    from jmentitle.views.counterfactual.reduced_rules import Cone

MOST_CONES = 100
"""A pack keeps this many cones: they are compiled, and more would only take memory."""


def explain(
    rules: Rules,
    profile: Profile,
    item: Item,
    on: date,
    *,
    benefit: str | None = None,
    member: MemberId | None = None,
    engine_name: str = "native",
) -> Explanations:
    """An explanation of each benefit of an item for everybody whom the item is for. Raises
    ArgumentError (JM094) as `check_choice` does."""
    check_choice(item, profile, benefit, member)
    facts = profile.facts
    explainer = Explainer(rules.ruleset(on), facts, on, decide(rules, facts, on, engine_name))
    explanations = Explanations(
        explanation
        for explanation in explainer.of_item(item)
        if benefit in (None, explanation.benefit.name)
        and (is_id(member, explanation.subject) or item.entity == "household")
    )
    for explanation in explanations:
        # Looked for only when somebody asks why not: it takes longer than the explanation itself.
        explanation.look_for_changes = partial(
            _counterfactuals,
            rules,
            facts,
            on,
            item,
            explanation.benefit.name,
            [explanation.entity.member],
        )
    return explanations


def counterfactuals(
    rules: Rules,
    profile: Profile,
    item: Item,
    on: date,
    *,
    benefit: str | None = None,
    member: MemberId | None = None,
) -> Counterfactuals:
    """The smallest changes that would open an item, or one benefit of it, for everybody for whom it
    is closed. Raises as `explain`."""
    check_choice(item, profile, benefit, member)
    members: list[int | None] = [None]
    if item.entity == "person":
        members = [index for index, id_ in enumerate(profile.facts.ids) if is_id(member, id_)]
    return _counterfactuals(rules, profile.facts, on, item, benefit, members)


def _counterfactuals(
    rules: Rules, facts: Facts, on: date, item: Item, benefit: str | None, members: list[int | None]
) -> Counterfactuals:
    from jmentitle.views.counterfactual.find import cone_of, counterfactuals

    cache = cones(rules)
    cone = cache.pop((item.id, benefit), None) or cone_of(rules, item, benefit)
    cache[item.id, benefit] = cone
    if len(cache) > MOST_CONES:
        cache.pop(next(iter(cache)), None)
    return counterfactuals(cone, facts, on, item, benefit, members)


def cones(rules: Rules) -> dict[tuple[str, str | None], Cone]:
    """The cones that were asked for last, by item and benefit."""
    return cast("dict[tuple[str, str | None], Cone]", rules.memo.setdefault("cones", {}))


def check_choice(
    item: Item, profile: Profile, benefit: str | None, member: MemberId | None
) -> None:
    """Check a benefit of an item and a member of a household that somebody has named. Raises
    ArgumentError (JM094)."""
    if benefit is not None:
        names = [defined.name for defined in item.benefits]
        word = benefit if isinstance(benefit, str) else ""
        if word not in names:
            message = f"unknown benefit of `{item.id}`"
            expected = ", ".join(names)
            fail(
                "JM094",
                message,
                path="benefit",
                expected=expected,
                suggestion=nearest_name(word, names),
            )
    if member is not None:
        index_of(profile.facts.ids, member)


def is_id(wanted: MemberId | None, id_: MemberId) -> bool:
    """Whether an id is the one asked for, or any; the number 7 and the text `7` are one id."""
    return wanted is None or str(wanted) == str(id_)
