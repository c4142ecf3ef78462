"""Synthetic rules for measuring: the same rules as a pack and as plain Python, the way a person would write them.

The plain version is one function a rule over dictionaries, called in a loop for every member; it knows no unknowns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from jmentitle.api import Pack
from jmentitle.pack import loader
from jmentitle.pack.files import PackFile

TEXT = "{zh: 文, en: text}"
ON = date(2018, 10, 15)
TRUTHS = tuple(f"truth_{number}" for number in range(10))
NUMBERS = tuple(f"number_{number}" for number in range(6))
HOME_TRUTHS = tuple(f"home_truth_{number}" for number in range(6))
GRADES = ("none", "grade_1", "grade_2", "grade_3")

Plain = Callable[[dict[str, object], list[dict[str, object]]], list[list[bool]]]


@dataclass(frozen=True)
class Atom:
    """One leaf: as an expression of the pack and as Python over `h` (household) and `p` (person)."""

    expression: str
    python: str


def atom(dice: Random) -> Atom:
    kind = dice.choice(["truth", "truth", "home", "age", "number", "grade"])
    if kind == "truth":
        name = dice.choice(TRUTHS)
        return Atom(name, f"p['{name}']")
    if kind == "home":
        name = dice.choice(HOME_TRUTHS)
        return Atom(f"household.{name}", f"h['{name}']")
    if kind == "age":
        years = dice.choice([3, 6, 16, 18, 35, 45, 60, 65, 80])
        return Atom(f"age >= {years}", f"p['age'] >= {years}")
    if kind == "number":
        name, limit = dice.choice(NUMBERS), dice.randint(1, 40)
        sign = dice.choice(["<", ">="])
        return Atom(f"{name} {sign} {limit}", f"p['{name}'] {sign} {limit}")
    grades = sorted(dice.sample(GRADES, 2))
    return Atom(f"grade in [{', '.join(grades)}]", f"p['grade'] in {tuple(grades)!r}")


def rules(count: int) -> tuple[Pack, Plain, str]:
    """`count` rules as a pack, as plain Python, and the source of the latter."""
    dice = Random(count)
    items, functions = [], []
    for number in range(count):
        needed = [atom(dice) for _ in range(dice.randint(1, 3))]
        choices = [atom(dice) for _ in range(2)]
        barred = [atom(dice)] if dice.random() < 0.4 else []
        when = (
            "all: ["
            + ", ".join(f"'{one.expression}'" for one in needed)
            + "]\n      any: ["
            + ", ".join(f"'{one.expression}'" for one in choices)
            + "]"
        )
        python = " and ".join([one.python for one in needed] + [f"({' or '.join(one.python for one in choices)})"])
        if barred:
            when += f"\n      none: ['{barred[0].expression}']"
            python += f" and not {barred[0].python}"
        items.append(
            PackFile(
                f"items/domain/item_{number}.yaml",
                f"id: item_{number}\nnumber: {number + 1}\ndomain: domain\nname: {TEXT}\nfor: person\nreach: targeted\n"
                f"summary: {TEXT}\ncite: [paper]\n"
                f"benefits:\n  benefit:\n    name: {TEXT}\n    kind: service\n    gives: {TEXT}\n    when:\n      {when}\n"
                "apply: {at: desk, bring: [], cite: [paper]}\n",
            )
        )
        functions.append(f"def rule_{number}(h, p):\n    return {python}\n")
    listed = ", ".join(f"rule_{number}" for number in range(count))
    source = "\n".join(functions) + f"\nRULES = [{listed}]\n\ndef decide(h, members):\n"
    source += "    return [[rule(h, p) for rule in RULES] for p in members]\n"
    namespace: dict[str, object] = {}
    exec(compile(source, "<plain Python>", "exec"), namespace)
    files = (*_frame(), *items)
    return Pack(loader.load(files), files), namespace["decide"], source  # type: ignore[return-value]


def _frame() -> tuple[PackFile, ...]:
    common = f"label: {TEXT}, ask: {TEXT}, who: family"
    person = [f"    {name}: {{type: bool, {common}}}" for name in TRUTHS]
    person += [f"    {name}: {{type: integer, unit: month, {common}}}" for name in NUMBERS]
    person += [f"    age: {{type: integer, unit: year, {common}}}", f"    grade: {{type: grade, {common}}}"]
    home = [f"    {name}: {{type: bool, {common}}}" for name in HOME_TRUTHS]
    grades = ", ".join(f"{grade}: {TEXT}" for grade in GRADES)
    return (
        PackFile(
            "pack.yaml",
            f"id: synthetic\nversion: '1'\nname: {TEXT}\nvalidity: {{from: 2016-01-01, until: 2020-12-31}}\ndomains: {{domain: {TEXT}}}\n"
            f"payers: {{}}\nanswerers: {{family: {TEXT}}}\n",
        ),
        PackFile("sources.yaml", f"sources: {{paper: {{grade: plan, issuer: {TEXT}, title: {TEXT}}}}}\n"),
        PackFile(
            "offices.yaml",
            f"functions: {{desk: {TEXT}}}\noffices: {{counter: {{name: {TEXT}, level: city, functions: [{{function: desk}}], phone: null, "
            f"address: null, reason: {TEXT}, cite: [paper]}}}}\n",
        ),
        PackFile(
            "vocabulary/words.yaml",
            f"enums:\n  grade:\n    members: {{{grades}}}\nfacts:\n  household:\n" + "\n".join(home) + "\n  person:\n" + "\n".join(person) + "\n",
        ),
    )


def household(dice: Random, unknown: float = 0.0, members: int = 3) -> dict[str, object]:
    """A household in which each fact is unknown at the given rate."""

    def some(found: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in found.items() if dice.random() >= unknown}

    def person() -> dict[str, object]:
        found: dict[str, object] = {name: dice.random() < 0.3 for name in TRUTHS}
        found |= {name: dice.randint(0, 40) for name in NUMBERS}
        return some(found | {"age": dice.randint(0, 90), "grade": dice.choice(GRADES)})

    return {"household": some({name: dice.random() < 0.3 for name in HOME_TRUTHS}), "members": [person() for _ in range(members)]}
