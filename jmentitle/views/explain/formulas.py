"""How a number came about: formulas with the numbers in them, without what adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jmentitle.language import tree
from jmentitle.views.explain.proof import Figure
from jmentitle.views.explain.values import Values
from jmentitle.views.explain.words import FIGURES

_SUM, _PRODUCT, _ATOM = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Term:
    """A formula: its text, how tightly it binds (_SUM, _PRODUCT, _ATOM), and the named numbers in
    it."""

    text: str
    binds: int
    atoms: tuple[Figure, ...]

    @property
    def within_product(self) -> str:
        return f"({self.text})" if self.binds == _SUM else self.text


def term(figure: Figure, values: Values) -> Term:
    """The formula of a figure; named numbers are replaced by their values."""
    figure = simple(figure)
    if figure.kind in ("constant", "date", "assessment_date"):
        return Term(values.figure(figure, ()), _ATOM, ())
    if figure.kind in ("fact", "quantity", "parameter", "elapsed", "count_members", "sum_members"):
        return Term(values.figure(figure, ()), _ATOM, (figure,))
    parts = [term(child, values) for child in figure.because if isinstance(child, Figure)]
    atoms = tuple(atom for part in parts for atom in part.atoms)

    def phrase(kind: str, **texts: str) -> str:
        return values.text(FIGURES[kind]).format(**texts)

    if figure.kind == "sum":
        return Term(phrase("sum", left=parts[0].text, right=parts[1].text), _SUM, atoms)
    if figure.kind == "difference":
        return Term(
            phrase("difference", left=parts[0].text, right=parts[1].within_product), _SUM, atoms
        )
    if figure.kind == "product":
        return Term(
            phrase("product", left=parts[0].within_product, right=parts[1].within_product),
            _PRODUCT,
            atoms,
        )
    if figure.kind == "negative":
        return Term(phrase("negative", operand=parts[0].within_product), _PRODUCT, atoms)
    if figure.kind == "rounded":
        inner = parts[0]
        if len(parts) == 2:
            right = parts[1].within_product if parts[1].binds != _PRODUCT else f"({parts[1].text})"
            inner = Term(
                phrase("quotient", left=parts[0].within_product, right=right), _PRODUCT, atoms
            )
        return (
            inner
            if _unrounded(figure)
            else Term(phrase("rounded", operand=inner.text), _ATOM, atoms)
        )
    parts_text = ", ".join(part.text for part in parts)
    return Term(phrase(figure.kind, parts=parts_text), _ATOM, atoms)


def simple(figure: Figure) -> Figure:
    """The figure that says the same with less: without terms of 0 and factors of 1, the branch
    taken, what a name merely passes on."""
    match figure.node:
        case tree.Conditional():
            branches = figure.because[1:]
            if len(branches) == 1 and isinstance(branches[0], Figure):
                return simple(branches[0])
        case tree.Sum() | tree.Difference():
            left, right = _pair(figure)
            if _is(right, 0) and not _is(left, 0):
                return simple(left)
            if _is(left, 0) and not _is(right, 0) and figure.kind == "sum":
                return simple(right)
        case tree.Product():
            left, right = _pair(figure)
            if _is(right, 1):
                return simple(left)
            if _is(left, 1):
                return simple(right)
        case tree.Quantity():
            inner = simple(_only(figure))
            if inner.kind in ("fact", "quantity", "parameter"):
                return inner
    return figure


def definition(figure: Figure) -> Figure:
    """The simplified definition of a quantity; any other figure unchanged."""
    figure = simple(figure)
    return simple(_only(figure)) if figure.kind == "quantity" else figure


def _only(figure: Figure) -> Figure:
    (child,) = figure.children
    assert isinstance(child, Figure)
    return child


def _pair(figure: Figure) -> tuple[Figure, Figure]:
    left, right = figure.children
    assert isinstance(left, Figure) and isinstance(right, Figure)
    return left, right


def _is(figure: Figure, whole: int) -> bool:
    return figure.exact and not figure.is_day and figure.bounds[0] == whole * 10**figure.scale


def _unrounded(figure: Figure) -> bool:
    """Whether rounding has changed nothing."""
    fractions = [_fraction(child) for child in figure.children if isinstance(child, Figure)]
    result = _fraction(figure)
    if result is None or None in fractions:
        return False
    known = [one for one in fractions if one is not None]
    return result == (known[0] / known[1] if len(known) == 2 else known[0])


def _fraction(figure: Figure) -> Fraction | None:
    low, high = figure.bounds
    return Fraction(low, 10**figure.scale) if isinstance(low, int) and low == high else None
