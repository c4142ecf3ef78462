"""Synthetic rules as data: what every contestant writes in its own language.

A rule is for a person: all of `needed`, any of `choices`, none of `barred`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeVar

TRUTHS = tuple(f"truth_{number}" for number in range(10))
NUMBERS = tuple(f"number_{number}" for number in range(6))
HOME_TRUTHS = tuple(f"home_truth_{number}" for number in range(6))
GRADES = ("none", "grade_1", "grade_2", "grade_3")

T = TypeVar("T")


@dataclass(frozen=True)
class Atom:
    """One leaf: a truth of the person or of the household (`home`), a number (or the age, in years)
    against `limit`, a grade among `grades`."""

    kind: Literal["truth", "home", "number", "grade"]
    name: str
    sign: Literal["<", ">=", ""] = ""
    limit: int = 0
    grades: tuple[str, ...] = ()

    @property
    def grade_codes(self) -> list[int]:
        return [GRADES.index(grade) for grade in self.grades]


@dataclass(frozen=True)
class Rule:
    needed: tuple[Atom, ...]
    choices: tuple[Atom, ...]
    barred: tuple[Atom, ...]

    def written(
        self,
        leaf: Callable[[Atom], T],
        all_of: Callable[[list[T]], T],
        any_of: Callable[[list[T]], T],
        no: Callable[[T], T],
    ) -> T:
        """The rule in another language: how that writes a leaf, a conjunction, an alternative and a
        negation."""
        either = any_of([leaf(atom) for atom in self.choices])
        return all_of(
            [
                *(leaf(atom) for atom in self.needed),
                either,
                *(no(leaf(atom)) for atom in self.barred),
            ]
        )


def infix(rule: Rule, leaf: Callable[[Atom], str], all_of: str, any_of: str, no: str) -> str:
    """A rule for languages that write `a and b`; leaves bring the brackets that they need."""
    return rule.written(
        leaf,
        f" {all_of} ".join,
        lambda parts: f"({f' {any_of} '.join(parts)})",
        lambda part: f"{no}({part})",
    )


def draw_rules(count: int) -> list[Rule]:
    """`count` rules, the same for the same count."""
    dice = Random(count)
    found = []
    for _ in range(count):
        needed = tuple(_atom(dice) for _ in range(dice.randint(1, 3)))
        choices = tuple(_atom(dice) for _ in range(2))
        found.append(Rule(needed, choices, (_atom(dice),) if dice.random() < 0.4 else ()))
    return found


def _atom(dice: Random) -> Atom:
    kind = dice.choice(["truth", "truth", "home", "age", "number", "grade"])
    if kind == "truth":
        return Atom("truth", dice.choice(TRUTHS))
    if kind == "home":
        return Atom("home", dice.choice(HOME_TRUTHS))
    if kind == "age":
        return Atom("number", "age", ">=", dice.choice([3, 6, 16, 18, 35, 45, 60, 65, 80]))
    if kind == "number":
        name, limit = dice.choice(NUMBERS), dice.randint(1, 40)
        return Atom("number", name, dice.choice(["<", ">="]), limit)
    return Atom("grade", "grade", grades=tuple(sorted(dice.sample(GRADES, 2))))
