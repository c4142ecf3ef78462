"""How a single condition reads: as a requirement, with what was found."""

from __future__ import annotations

from jmentitle.language import tree
from jmentitle.language.evaluator import FALSE, TRUE
from jmentitle.views.explain.formulas import definition, simple
from jmentitle.views.explain.proof import FactUsed, Figure, Proof
from jmentitle.views.explain.rule_words import expression_words
from jmentitle.views.explain.values import Values
from jmentitle.views.explain.words import FIGURES, LEAVES, SIGNS

_OPPOSITE: dict[tree.Comparator, tree.Comparator] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
}


def leaf_words(proof: Proof, positive: bool, values: Values) -> str:
    """The sentence of a leaf that must hold (`positive`) or must not. An unknown leaf names the
    fact that decides it."""
    holds = {TRUE: positive, FALSE: not positive}.get(proof.bounds)
    state = "unknown" if holds is None else "held" if holds else "failed"
    test = proof.test
    content = values.content
    if isinstance(test, tree.Compare):
        return _comparison(proof, test, positive, state, values)
    if isinstance(test, tree.IsOneOf | tree.Overlaps):
        (used,) = proof.facts
        kind = "choice" if isinstance(test, tree.IsOneOf) else "overlaps"
        must = positive != (isinstance(test, tree.IsOneOf) and test.negated)
        key = f"{'' if must else 'not_'}{kind}_{state}"
        wanted = values.members(test.fact.type, test.members, "or")
        value = values.fact(used, test.fact.type)
        if key == "not_choice_failed" and wanted == value:
            key = "not_choice_failed_one"
        text = values.text(LEAVES[key]).format(
            label=values.fact_label(used), wanted=wanted, value=value
        )
        return text + _where(used, values)
    key = f"{'' if positive else 'not_'}truth_{state}"
    text = values.text(LEAVES[key]).format(label=expression_words(content, test, values.language))
    return text + "".join(_where(used, values) for used in proof.facts)


def _where(used: FactUsed, values: Values) -> str:
    """The path of a missing fact in the household file."""
    if used.value is not None:
        return ""
    text = values.say("fill_in", path=used.path)
    return f"（{text}）" if values.language == "zh" else f" ({text})"


def _comparison(
    proof: Proof, test: tree.Compare, positive: bool, state: str, values: Values
) -> str:
    whole_left, whole_right = (child for child in proof.children if isinstance(child, Figure))
    left, right = simple(whole_left), simple(whole_right)
    comparator = test.comparator if positive else _OPPOSITE[test.comparator]
    since = definition(left)
    elapsed = since.kind == "elapsed" and left.kind in ("quantity", "elapsed")
    sign = SIGNS[f"{'since' if elapsed else 'day' if left.is_day else ''}{comparator}"]
    label = expression_words(values.content, left.node, values.language)
    if right.kind == "constant":
        threshold = values.figure(right, () if elapsed else None)
    elif right.kind == "parameter":
        threshold = (
            f"{expression_words(values.content, right.node, values.language)}"
            f" {values.figure(right)}"
        )
    else:
        threshold = expression_words(values.content, right.node, values.language)
    # Both sides have the same unit; a calculated left side is shown in the unit of the right side.
    unit = values.unit_of(whole_left if left.kind in ("fact", "quantity") else whole_right)
    finding = _since(since, values) if elapsed else values.figure(left, unit)
    if right.kind not in ("constant", "parameter", "date"):
        finding = values.say("against", left=finding, right=values.figure(right, unit))
    key = "since_failed" if elapsed and state == "failed" else f"comparison_{state}"
    text = values.text(LEAVES[key]).format(
        left=label, sign=values.text(sign), right=threshold, finding=finding
    )
    if state != "unknown":
        return text
    return text + "".join(
        _where(used, values)
        for used in dict.fromkeys(used for figure in (since, left) for used in _dates(figure))
    )


def _dates(figure: Figure) -> list[FactUsed]:
    """The facts right below: the dates of completed time, or the fact itself."""
    if figure.kind == "fact":
        return figure.facts
    return (
        [used for child in figure.children for used in child.facts]
        if figure.kind == "elapsed"
        else []
    )


def _since(figure: Figure, values: Values) -> str:
    """Completed time: its start date and its value."""
    start, end = (child for child in figure.children if isinstance(child, Figure))
    label = expression_words(values.content, start.node, values.language)
    day = str(figure.entity.on) if end.kind == "assessment_date" else values.figure(end)
    return values.text(FIGURES["elapsed"]).format(
        label=label, start=values.figure(start), end=day, value=values.figure(figure, ())
    )
