"""Random packs and households: the language written by dice, within its rules.

Everything is drawn from one `random.Random`, so that a seed can repeat it: hypothesis draws the
seed, and says it of a case that fails. Dice drawn by hypothesis itself take longer than most of
what is tested with them, and a quarter of the packs grow too large for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from jmentitle.api import Pack
from jmentitle.errors import PackError
from jmentitle.pack import loader
from jmentitle.pack.files import PackFile

ENTITIES = ("household", "person")
COLOURS = ("red", "green", "blue")
FIRST_DAY, LAST_DAY = date(2016, 1, 1), date(2020, 12, 31)
TEXT = "{zh: 文, en: text}"
DICE = st.builds(Random, st.integers(0, 2**32 - 1))


@dataclass
class Names:
    """What may be written in conditions of one entity."""

    truths: list[str] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    """(name, unit)"""
    days: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)


class RandomPack:
    """A pack of a few facts, statuses, quantities, parameters and items."""

    def __init__(self, dice: Random, items: int = 5) -> None:
        self.dice, self.count = dice, items
        self.names = {entity: Names() for entity in ENTITIES}
        self.lines_facts: dict[str, list[str]] = {entity: [] for entity in ENTITIES}
        self.statuses: list[str] = []
        self.quantities: list[str] = []
        self.parameters: list[str] = []
        self.items: list[tuple[str, str]] = []
        self.grantable: dict[str, list[str]] = {entity: [] for entity in ENTITIES}
        self.entity_of_item: dict[str, str] = {}
        self.benefits: dict[str, list[str]] = {}
        for entity in ENTITIES:
            self.facts(entity)
        for number in range(dice.randint(1, 4)):
            self.parameter(number)
        for number in range(dice.randint(1, 4)):
            self.definition(number)
        for number in range(items):
            self.item(number)

    # vocabulary

    def facts(self, entity: str) -> None:
        letter, names, add = entity[0], self.names[entity], self.lines_facts[entity].append
        common = f"label: {TEXT}, ask: {TEXT}, who: family"
        for number in range(self.dice.randint(1, 2)):
            add(f"{letter}_truth_{number}: {{type: bool, {common}}}")
            names.truths.append(f"{letter}_truth_{number}")
        add(f"{letter}_count: {{type: integer, unit: month, min: 0, max: 6, {common}}}")
        names.numbers.append((f"{letter}_count", "month"))
        add(f"{letter}_signed: {{type: integer, unit: month, min: -3, {common}}}")
        names.numbers.append((f"{letter}_signed", "month"))
        add(f"{letter}_money: {{type: money, unit: CNY/month, {common}}}")
        names.numbers.append((f"{letter}_money", "CNY/month"))
        add(f"{letter}_rate: {{type: decimal, decimals: 2, unit: none, {common}}}")
        add(f"{letter}_day: {{type: date, {common}}}")
        names.days.append(f"{letter}_day")
        add(f"{letter}_colour: {{type: colour, {common}}}")
        names.choices.append(f"{letter}_colour")
        add(f"{letter}_colours: {{type: set of colour, {common}}}")
        names.sets.append(f"{letter}_colours")

    def parameter(self, number: int) -> None:
        kind = self.dice.choice(["plain", "table", "person_table", "steps"])
        name = f"parameter_{number}"
        values = []
        change = self.some_day()
        for window in (f"until: {change}", f"from: {change + timedelta(days=1)}"):
            if kind == "steps":
                cells = ", ".join(f"{start}: {self.cell()}" for start in (0, 2, 4))
                value = f"{{{cells}}}"
            elif kind == "plain":
                value = self.cell()
            else:
                value = f"{{red: {self.cell()}, warm_less: {self.cell()}}}"
            values.append(f"      - {{{window}, value: {value}, reason: {TEXT}, cite: [paper]}}")
        by = {
            "table": "    by: [household.h_colour]\n",
            "person_table": "    by: [person.p_colour]\n",
            "steps": "    steps_of: household.h_count\n",
        }
        self.parameters.append(
            f"  {name}:\n    label: {TEXT}\n    unit: CNY/month\n{by.get(kind, '')}    values:\n"
            + "\n".join(values)
            + "\n"
        )
        if kind == "steps":
            # A step parameter is read in the scope of the person, where the household's names carry
            # their prefix.
            self.names["person"].numbers.append((name, "CNY/month"))
        else:
            for entity in ENTITIES if kind != "person_table" else ("person",):
                self.names[entity].numbers.append((name, "CNY/month"))

    def cell(self) -> str:
        number = self.dice.randint(0, 8) * 50
        return self.dice.choice(
            [str(number)] * 3 + ["null", f"{{at_least: {number}}}", f"{{at_most: {number}}}"]
        )

    def definition(self, number: int) -> None:
        entity = self.dice.choice(ENTITIES)
        letter, names = entity[0], self.names[entity]
        if self.dice.random() < 0.3:
            text, unit = self.number(entity, 2)
            name = f"{letter}_quantity_{number}"
            self.quantities.append(
                f"  {name}: {{for: {entity}, label: {TEXT}, value: '{text}', unit: {unit}, cite:"
                " [paper]}\n"
            )
            names.numbers.append((name, unit))
            return
        name = f"{letter}_status_{number}"
        when = f"    when:\n{self.condition(entity, 2, 6)}" if self.dice.random() < 0.7 else ""
        certificate = "    certificate: card\n" if self.dice.random() < 0.5 or not when else ""
        self.statuses.append(
            f"  {name}:\n    for: {entity}\n    label: {TEXT}\n    cite:"
            f" [paper]\n{certificate}{when}"
        )
        names.truths.append(name)
        self.grantable[entity].append(name)

    # expressions

    def some_day(self) -> date:
        return FIRST_DAY + timedelta(days=self.dice.randint(1, (LAST_DAY - FIRST_DAY).days - 1))

    def plain(self, entity: str, pick: str) -> list[str]:
        """Names of one kind, the household's with their prefix where a person asks."""
        own = list(getattr(self.names[entity], pick))
        if entity == "person":
            own += [f"household.{name}" for name in getattr(self.names["household"], pick)]
        return own

    def number(self, entity: str, depth: int) -> tuple[str, str]:
        """A number expression and its unit: months, persons or CNY a month."""
        dice = self.dice
        named = [(name, unit) for name, unit in self.names[entity].numbers]
        if entity == "person":
            named += [
                (name if name.startswith("parameter") else f"household.{name}", unit)
                for name, unit in self.names["household"].numbers
                if not name.startswith("parameter")
            ]
        kind = dice.choice(
            ["name"] * 4
            + ["age", "count", "sum"]
            + (["add", "max", "if", "times", "round", "divide", "minus"] * (depth > 0))
        )
        if kind == "age":
            unit = dice.choice(["year", "month", "day"])
            return f"{unit}s_since({dice.choice(self.plain(entity, 'days'))})", unit
        if kind == "count":
            return f"count_members({self.leaf('person', 0)})", "person"
        if kind == "sum":
            name, unit = dice.choice(self.names["person"].numbers)
            return f"sum_members({name})", unit
        text, unit = dice.choice(named)
        if kind == "add":
            other = dice.choice([name for name, other_unit in named if other_unit == unit])
            return f"({text} {dice.choice('+-')} {other})", unit
        if kind == "max":
            other = dice.choice([name for name, other_unit in named if other_unit == unit])
            return f"{dice.choice(['min', 'max'])}({text}, {other})", unit
        if kind == "if":
            other = dice.choice([name for name, other_unit in named if other_unit == unit])
            return f"if({self.leaf(entity, 0)}, {text}, {other})", unit
        rate = "household.h_rate" if entity == "person" else "h_rate"
        place = "jiao" if unit == "CNY/month" else "whole"
        mode = dice.choice(["up", "down", "half_up"])
        if kind == "times":
            return f"round({text} * {dice.choice([rate, '0.35', '3'])}, {place}, {mode})", unit
        if kind == "round":
            return f"round({text} * 0.4, {'yuan' if place == 'jiao' else 'whole'}, {mode})", unit
        if kind == "divide":
            return f"round({text} / {dice.choice([rate, '3', '0.7'])}, {place}, {mode})", unit
        if kind == "minus":
            return f"-{text}", unit
        return text, unit

    def leaf(self, entity: str, depth: int) -> str:
        dice = self.dice
        kind = dice.choice(
            ["truth"] * 2 + ["choice", "choices", "member", "overlaps", "day", "number", "number"]
        )
        if kind == "truth":
            return dice.choice(self.plain(entity, "truths"))
        if kind == "choice":
            return (
                f"{dice.choice(self.plain(entity, 'choices'))} {dice.choice(['==', '!='])}"
                f" {dice.choice(COLOURS)}"
            )
        if kind == "choices":
            return (
                f"{dice.choice(self.plain(entity, 'choices'))} in"
                f" [{', '.join(dice.sample(COLOURS, 2))}]"
            )
        if kind == "member":
            return f"{dice.choice(COLOURS)} in {dice.choice(self.plain(entity, 'sets'))}"
        if kind == "overlaps":
            return (
                f"{dice.choice(self.plain(entity, 'sets'))} overlaps"
                f" [{', '.join(dice.sample(COLOURS, 2))}]"
            )
        sign = dice.choice(["<", "<=", ">", ">=", "==", "!="])
        if kind == "day":
            other = dice.choice([str(self.some_day()), "assessment_date"])
            return f"{dice.choice(self.plain(entity, 'days'))} {sign} {other}"
        if depth == 0:
            name, unit = dice.choice(self.names[entity].numbers)
        else:
            name, unit = self.number(entity, depth - 1)
        if dice.random() < 0.25:
            same = [other for other, other_unit in self.names[entity].numbers if other_unit == unit]
            if same:
                return f"{name} {sign} {dice.choice(same)}"
        literal = (
            f"{dice.randint(0, 8) * 50} CNY/month"
            if unit == "CNY/month"
            else str(dice.randint(0, 6))
        )
        return f"{name} {sign} {literal}"

    def condition(self, entity: str, depth: int, indent: int, within: bool = False) -> str:
        """A condition as YAML lines at `indent`."""
        pad, dice = " " * indent, self.dice
        lines = []
        for key in dice.sample(["all", "any", "none"], dice.choice([1, 1, 2])):
            lines.append(f"{pad}{key}:")
            for _ in range(dice.randint(1, 3)):
                if depth and dice.random() < 0.3:
                    nested = self.condition(entity, depth - 1, indent + 4, within)
                    lines.append(f"{pad}  -{nested[indent + 3 :].rstrip()}")
                elif depth and not within and dice.random() < 0.2:
                    key_member = dice.choice(["any_member", "all_members"])
                    lines.append(
                        f"{pad}  -"
                        f" {key_member}:\n{self.condition('person', 0, indent + 8, True).rstrip()}"
                    )
                else:
                    lines.append(f"{pad}  - '{self.member_safe_leaf(entity, depth, within)}'")
        return "\n".join(lines) + "\n"

    def member_safe_leaf(self, entity: str, depth: int, within: bool) -> str:
        """Member functions do not stand within each other."""
        while True:
            text = self.leaf(entity, depth)
            if not within or "_members(" not in text:
                return text

    # items

    def item(self, number: int) -> None:
        dice = self.dice
        entity = dice.choice(ENTITIES)
        id_ = f"item_{number}"
        lines = [
            f"id: {id_}",
            f"number: {number + 1}",
            "domain: domain",
            f"name: {TEXT}",
            f"for: {entity}",
            "reach: targeted",
            f"summary: {TEXT}",
            "cite: [paper]",
        ]
        lines.append("benefits:")
        self.benefits[id_] = []
        self.entity_of_item[id_] = entity
        for benefit in range(dice.randint(1, 3)):
            name = f"benefit_{benefit}"
            self.benefits[id_].append(name)
            lines.append(f"  {name}:\n    name: {TEXT}\n    kind: service\n    gives: {TEXT}")
            if dice.random() < 0.95:
                lines.append(f"    when:\n{self.condition(entity, 2, 6).rstrip()}")
            if self.grantable[entity] and dice.random() < 0.5:
                lines.append(f"    grants: [{dice.choice(self.grantable[entity])}]")
            if dice.random() < 0.2:
                lines.append(f"    from: {self.some_day()}")
        lines.append("apply: {at: desk, bring: [card], cite: [paper]}")
        self.items.append((f"items/domain/{id_}.yaml", "\n".join(lines) + "\n"))

    def files(self) -> tuple[PackFile, ...]:
        identity = (
            f"id: dice\nlanguage: '1'\nversion: '1'\nname: {TEXT}\nvalidity: {{from: {FIRST_DAY},"
            f" until: {LAST_DAY}}}\ndomains: {{domain: {TEXT}}}\npayers: {{city:"
            f" {TEXT}}}\nanswerers: {{family: {TEXT}}}\n"
        )
        offices = (
            f"duties: {{desk: {TEXT}}}\noffices:\n  counter: {{name: {TEXT}, level: city,"
            f" duties: [{{duty: desk}}], phone: null, address: null, reason: {TEXT}, cite:"
            " [paper]}\n"
        )
        words = (
            f"enums:\n  colour:\n    members: {{red: {TEXT}, green: {TEXT}, blue: {TEXT}}}\n   "
            " groups: {warm_less: [green, blue]}\nfacts:\n"
        )
        for entity in ENTITIES:
            words += f"  {entity}:\n" + "".join(
                f"    {line}\n" for line in self.lines_facts[entity]
            )
        words += "statuses:\n" + "".join(self.statuses) if self.statuses else ""
        words += "quantities:\n" + "".join(self.quantities) if self.quantities else ""
        files = {
            "pack.yaml": identity,
            "sources.yaml": f"sources: {{paper: {{grade: plan, issuer: {TEXT}, title: {TEXT}}}}}\n",
            "documents.yaml": f"documents: {{card: {TEXT}}}\n",
            "offices.yaml": offices,
            "vocabulary/words.yaml": words,
            "parameters/values.yaml": "parameters:\n" + "".join(self.parameters),
            **dict(self.items),
        }
        return tuple(PackFile(path, text) for path, text in sorted(files.items()))

    def pack(self) -> Pack:
        """The pack; one whose numbers may grow beyond every engine is no pack, and another is drawn
        in its place."""
        files = self.files()
        try:
            return Pack(loader.load(files), files)
        except PackError as problem:
            if {one.code for one in problem.diagnostics if one.severity == "error"} != {"JM068"}:
                raise
            return RandomPack(self.dice, self.count).pack()


def random_day(dice: Random) -> date:
    """A day of the validity, often the first or last of a month."""
    day = FIRST_DAY + timedelta(days=dice.randint(0, (LAST_DAY - FIRST_DAY).days))
    return day.replace(day=1) if dice.random() < 0.2 else day


def random_household(dice: Random, pack: Pack, unknown: float) -> dict[str, object]:
    """A household of one to four members in which each fact is unknown at the given rate."""
    content, order = pack.content, pack.row_order

    def row(entity: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for name in order.of_entity(entity):  # type: ignore[arg-type]
            if dice.random() >= unknown:
                found[name] = _value(dice, content, entity, name)
        return found

    household = row("household")
    if dice.random() < 0.2:
        household["members_complete"] = False
    return {"household": household, "members": [row("person") for _ in range(dice.randint(1, 4))]}


def _value(dice: Random, content: object, entity: str, name: str) -> object:
    if name == "receives":
        items = [item for item in content.items.values() if item.entity == entity]  # type: ignore[attr-defined]
        references = [benefit.reference for item in items for benefit in item.benefits] + [
            item.id for item in items
        ]
        return dice.sample(references, min(len(references), dice.choice([0, 0, 1, 2])))
    fact = name[2:]
    if fact == "count":
        return dice.randint(0, 6)
    if fact == "signed":
        return dice.randint(-3, 6)
    if fact == "money":
        return dice.choice([0, 50, 100, 150, 200, 149.99, 400])
    if fact == "rate":
        return dice.choice([0, 0.35, 1, 1.25, 2.5])
    if fact == "day":
        return str(date(dice.randint(1930, 2015), dice.randint(1, 12), dice.choice([1, 15, 28])))
    if fact == "colour":
        return dice.choice(COLOURS)
    if fact == "colours":
        return dice.sample(COLOURS, dice.randint(0, 2))
    return dice.random() < 0.5
