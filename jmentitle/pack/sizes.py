"""How large the numbers of a pack can become, whatever the facts: every engine computes in
integers, and columns in integers of 128 bits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from jmentitle.language import tree
from jmentitle.language.tree import Node, NumberNode
from jmentitle.pack.model import LARGEST_NUMBER, MAX_MEMBERS, Content, ParameterEntry

LARGEST = 2**126
"""No number of a pack may become larger, at its scale."""
_LONGEST = 10**7
"""No stretch of time has more days, months or years than this."""


@dataclass
class Sizes:
    """Bounds of the absolute values of numbers, from the bounds of facts and the values of
    parameters."""

    content: Content
    _quantities: dict[str, int] = field(default_factory=dict)

    def of(self, node: NumberNode) -> int:
        """The largest absolute value of a number, and of the numbers computed on the way to it, as
        an integer at the scale of the node."""
        match node:
            case tree.Constant(value=value):
                return abs(value)
            case tree.Fact():
                return self._fact(node)
            case tree.Quantity(name=name):
                if name not in self._quantities:
                    self._quantities[name] = self.of(self.content.quantities[name].value)
                return self._quantities[name]
            case tree.Parameter(name=name, steps_of=steps_of):
                values = max(
                    (_size(entry) for entry in self.content.parameters[name].entries), default=0
                )
                return values if steps_of is None else max(values, self.of(steps_of))
            case tree.Conditional(then=then, otherwise=otherwise):
                return max(self.of(then), self.of(otherwise))
            case tree.Elapsed():
                return _LONGEST
            case tree.CountMembers():
                return MAX_MEMBERS
            case tree.SumMembers(number=number):
                return MAX_MEMBERS * self.of(number)
            case tree.Quotient():
                raise AssertionError(node)  # only within Rounded
        return self._arithmetic(node)

    def _fact(self, node: tree.Fact) -> int:
        fact = self.content.facts[node.entity, node.name]
        if fact.least is None or fact.most is None:
            return LARGEST_NUMBER
        return max(abs(fact.least), abs(fact.most))

    def _arithmetic(self, node: tree.Arithmetic) -> int:
        match node:
            case tree.Sum(left=left, right=right) | tree.Difference(left=left, right=right):
                return self.of(left) + self.of(right)
            case tree.Product(left=left, right=right):
                return self.of(left) * self.of(right)
            case tree.Negative(operand=operand):
                return self.of(operand)
            case tree.Rescale(operand=operand, by=by):
                return int(self.of(operand) * 10**by)
            case tree.Rounded(operand=tree.Quotient(left=left, right=right) as quotient):
                above = self.of(left) * 10 ** (quotient.scale_right + node.decimals)
                below = self.of(right) * 10**quotient.scale_left
                return int(
                    max(2 * (above + below), (above + 1) * 10 ** (node.scale_to - node.decimals))
                )
            case tree.Rounded(operand=operand):
                return int(
                    2
                    * (self.of(operand) + 1)
                    * 10
                    ** (max(0, node.decimals - node.scale_from) + node.scale_to - node.decimals)
                )
            case tree.Least(parts=parts) | tree.Greatest(parts=parts):
                return max(self.of(part) for part in parts)
        assert_never(node)

    def beyond(self, node: Node | None) -> bool:
        """Whether a number somewhere in a condition or number may become too large."""
        if node is None:
            return False
        return any(
            isinstance(inner, _NUMBERS) and self.of(inner) > LARGEST for inner in tree.walk(node)
        )


_NUMBERS = (
    tree.Sum,
    tree.Difference,
    tree.Product,
    tree.Rescale,
    tree.Rounded,
    tree.Quantity,
    tree.SumMembers,
)


def _size(entry: ParameterEntry) -> int:
    bounds = [*entry.cells.values(), *(value for _, value in entry.steps)]
    return max((abs(end) for pair in bounds for end in pair if end is not None), default=0)
