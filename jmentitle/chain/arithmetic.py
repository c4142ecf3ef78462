"""The arithmetic on bounds that generated code calls: the functions of the evaluator, so that each
has one definition."""

from __future__ import annotations

from jmentitle.language import evaluator, tree
from jmentitle.language.evaluator import NumberBounds


def rescale(bounds: NumberBounds, factor: int) -> NumberBounds:
    low, high = bounds
    return None if low is None else low * factor, None if high is None else high * factor


def choose(
    certain: object, possible: object, then: NumberBounds, otherwise: NumberBounds
) -> NumberBounds:
    if certain:
        return then
    return evaluator.hull([then, otherwise]) if possible else otherwise


def rounded(node: tree.Rounded, bounds: NumberBounds) -> NumberBounds:
    return evaluator.rounded(node, bounds)


def quotient(node: tree.Rounded, above: NumberBounds, below: NumberBounds) -> NumberBounds:
    return evaluator.rounded_quotient(node, above, below)


NAMESPACE: dict[str, object] = {
    "add": evaluator.add,
    "negative": evaluator.negative,
    "product": evaluator.product,
    "least": evaluator.least,
    "step": evaluator.step,
    "completed": evaluator.completed,
    "rescale": rescale,
    "choose": choose,
    "rounded": rounded,
    "quotient": quotient,
}
