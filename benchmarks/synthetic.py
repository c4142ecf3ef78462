"""Synthetic rules for measuring: the same rules as a pack and as plain Python, the way a person
would write them.

The plain version is one function a rule over dictionaries, called in a loop for every member; it
knows no unknowns.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from benchmarks.rules import GRADES, HOME_TRUTHS, NUMBERS, TRUTHS, Atom, Rule, draw_rules, infix
from jmentitle.api import Pack
from jmentitle.pack import loader
from jmentitle.pack.files import PackFile

TEXT = "{zh: 文, en: text}"
ON = date(2018, 10, 15)

Plain = Callable[[dict[str, object], list[dict[str, object]]], list[list[bool]]]


def rules(count: int) -> tuple[Pack, Plain, str]:
    """`count` rules as a pack, as plain Python, and the source of the latter."""
    drawn = draw_rules(count)
    plain, source = as_plain_python(drawn)
    return as_pack(drawn), plain, source


def as_pack(drawn: list[Rule]) -> Pack:
    files = (*_frame(), *(_item(number, rule) for number, rule in enumerate(drawn)))
    return Pack(loader.load(files), files)


def as_plain_python(drawn: list[Rule]) -> tuple[Plain, str]:
    """One function a rule over `h` (household) and `p` (person), and the source of all of them."""
    functions = [
        f"def rule_{number}(h, p):\n    return {infix(rule, _python, 'and', 'or', 'not ')}\n"
        for number, rule in enumerate(drawn)
    ]
    listed = ", ".join(f"rule_{number}" for number in range(len(drawn)))
    source = "\n".join(functions) + f"\nRULES = [{listed}]\n\ndef decide(h, members):\n"
    source += "    return [[rule(h, p) for rule in RULES] for p in members]\n"
    namespace: dict[str, Plain] = {}
    exec(compile(source, "<plain Python>", "exec"), namespace)
    return namespace["decide"], source


def _python(atom: Atom) -> str:
    if atom.kind == "grade":
        return f"p['grade'] in {atom.grades!r}"
    row = f"{'h' if atom.kind == 'home' else 'p'}[{atom.name!r}]"
    return f"{row} {atom.sign} {atom.limit}" if atom.kind == "number" else row


def _expression(atom: Atom) -> str:
    """A leaf as an expression of the pack, quoted."""
    if atom.kind == "grade":
        return f"'grade in [{', '.join(atom.grades)}]'"
    name = f"household.{atom.name}" if atom.kind == "home" else atom.name
    return f"'{name} {atom.sign} {atom.limit}'" if atom.kind == "number" else f"'{name}'"


def _item(number: int, rule: Rule) -> PackFile:
    parts = {"all": rule.needed, "any": rule.choices, "none": rule.barred}
    when = "\n      ".join(
        f"{word}: [{', '.join(map(_expression, atoms))}]" for word, atoms in parts.items() if atoms
    )
    return PackFile(
        f"items/domain/item_{number}.yaml",
        f"id: item_{number}\nnumber: {number + 1}\ndomain: domain\nname: {TEXT}\nfor:"
        f" person\nreach: targeted\nsummary: {TEXT}\ncite: [paper]\nbenefits:\n  benefit:\n   "
        f" name: {TEXT}\n    kind: service\n    gives: {TEXT}\n    when:\n      {when}\napply:"
        " {at: desk, bring: [], cite: [paper]}\n",
    )


def _frame() -> tuple[PackFile, ...]:
    common = f"label: {TEXT}, ask: {TEXT}, who: family"
    person = [f"    {name}: {{type: bool, {common}}}" for name in TRUTHS]
    person += [f"    {name}: {{type: integer, unit: month, {common}}}" for name in NUMBERS]
    person += [
        f"    age: {{type: integer, unit: year, {common}}}",
        f"    grade: {{type: grade, {common}}}",
    ]
    home = [f"    {name}: {{type: bool, {common}}}" for name in HOME_TRUTHS]
    grades = ", ".join(f"{grade}: {TEXT}" for grade in GRADES)
    return (
        PackFile(
            "pack.yaml",
            f"id: synthetic\nlanguage: '1'\nversion: '1'\nname: {TEXT}\nvalidity: {{from:"
            f" 2016-01-01, until: 2020-12-31}}\ndomains: {{domain: {TEXT}}}\npayers:"
            f" {{}}\nanswerers: {{family: {TEXT}}}\n",
        ),
        PackFile(
            "sources.yaml", f"sources: {{paper: {{grade: plan, issuer: {TEXT}, title: {TEXT}}}}}\n"
        ),
        PackFile(
            "offices.yaml",
            f"duties: {{desk: {TEXT}}}\noffices: {{counter: {{name: {TEXT}, level: city,"
            f" duties: [{{duty: desk}}], phone: null, address: null, reason: {TEXT}, cite:"
            " [paper]}}\n",
        ),
        PackFile(
            "vocabulary/words.yaml",
            f"enums:\n  grade:\n    members: {{{grades}}}\nfacts:\n  household:\n"
            + "\n".join(home)
            + "\n  person:\n"
            + "\n".join(person)
            + "\n",
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

    return {
        "household": some({name: dice.random() < 0.3 for name in HOME_TRUTHS}),
        "members": [person() for _ in range(members)],
    }
