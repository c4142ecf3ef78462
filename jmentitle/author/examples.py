"""The examples in the rule files: reading them, running them, and reporting how each differs from
its expectation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from jmentitle.chain.amounts import Amount, amount_of
from jmentitle.chain.engines import decide
from jmentitle.chain.outcome import NEVER, NOW, Outcome
from jmentitle.chain.specification import World, grants_before
from jmentitle.chain.unknowns import Unknowns
from jmentitle.errors import InputError
from jmentitle.language import units
from jmentitle.language.collector import Collector
from jmentitle.language.decimals import decimal_at
from jmentitle.language.diagnostics import Diagnostic, Span
from jmentitle.pack import reading, yaml_tree
from jmentitle.pack.model import Benefit, Item
from jmentitle.pack.reading import Fields
from jmentitle.pack.rules import Rules
from jmentitle.pack.yaml_tree import Piece, Scalar
from jmentitle.profile import validation
from jmentitle.profile.validation import Profile, plain_scalar

EXAMPLE_KEYS = ("name", "on", "household", "members", "member", "expect")
_DECISIONS = ("eligible", "ineligible", "discretionary", "undetermined")
_AMOUNT = re.compile(r"(?:(at least|at most) )?(\d+(?:\.\d{1,2})?) (CNY(?:/(?:day|month|year))?)")


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expectation of an example for one benefit; parts that it does not mention are None."""

    decision: str | None
    amount: str | None
    after: str | None
    unknowns: frozenset[str] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Example:
    item: str
    name: str
    on: date
    household: dict[str, object]
    member: int | None
    expect: dict[str, Expectation]
    span: Span


@dataclass(frozen=True, slots=True)
class Ran:
    """An example that has been run, and the problems found: none when it holds."""

    example: Example
    profile: Profile | None
    outcome: Outcome | None
    problems: tuple[Diagnostic, ...]


def read_examples(pack: Rules, collector: Collector) -> list[Example]:
    """Every example of the pack, in the order of the items."""
    examples: list[Example] = []
    texts = {file.path: file.text for file in pack.files}
    for item in pack.content.items.values():
        piece = yaml_tree.read(texts[item.file], item.file, collector)
        fields = Fields.open(piece, collector, None, "the file")
        if fields is None:
            continue
        if "examples" in fields and list(fields.entries)[-1] != "examples":
            collector.add(
                "JM063",
                "`examples` is not the last key",
                fields.keys["examples"].span,
                expected="the examples at the end of the file",
            )
        given = fields.child("given", ("household", "members"))
        for example in fields.each("examples", EXAMPLE_KEYS, "an example"):
            read = _example(item, example, given, collector)
            if read is not None:
                examples.append(read)
    return examples


def run_example(
    pack: Rules, example: Example, collector: Collector, engine_name: str = "native"
) -> Ran:
    """Assess the household of one example and hold the result against what it expects."""
    findings = Collector(lines=collector.lines)
    try:
        profile = validation.read(pack, example.household, example.on)
        outcome = decide(pack, profile.facts, example.on, engine_name)
    except InputError as problem:
        for diagnostic in problem.diagnostics:
            findings.add(
                "JM061",
                f"{example.name}: {diagnostic.path}: {diagnostic.message}",
                example.span,
                expected=diagnostic.expected,
                suggestion=diagnostic.suggestion,
            )
        return Ran(example, None, None, findings.errors)
    benefits = {benefit.name: benefit for benefit in pack.content.items[example.item].benefits}
    for name, expectation in example.expect.items():
        if name not in benefits:
            reading.one_of(
                Scalar(name, True, expectation.span), benefits, "JM061", "benefit", findings
            )
            continue
        seen = Seen.of(
            pack,
            profile,
            outcome,
            example.on,
            benefits[name],
            example.member,
            chained=expectation.after is not None,
        )
        for expected, actual in seen.differences(expectation):
            findings.add(
                "JM062",
                f"{example.name}: `{name}` is {actual}",
                expectation.span,
                expected=expected,
            )
    return Ran(example, profile, outcome, findings.errors)


@dataclass(frozen=True, slots=True)
class Seen:
    """The result of one benefit."""

    decision: str
    layer: int
    after: frozenset[str]
    amount: Amount | None
    unknowns: Unknowns

    @classmethod
    def of(
        cls,
        pack: Rules,
        profile: Profile,
        outcome: Outcome,
        on: date,
        benefit: Benefit,
        member: int | None,
        *,
        chained: bool,
    ) -> Seen:
        """The result of the benefit now; `chained` also allows results that open once other items
        are granted."""
        rules = pack.ruleset(on)
        if benefit.reference not in rules.benefits:
            return cls("ineligible", NEVER, frozenset(), None, Unknowns())
        result = outcome.layers_of(member)
        index = outcome.benefits(member).index(benefit.reference)
        certain, possible = (
            layers[index] if chained or layers[index] == NOW else NEVER
            for layers in (result.certain, result.possible)
        )
        layer = certain if certain != NEVER else possible
        decision = (
            "ineligible"
            if possible == NEVER
            else "undetermined"
            if certain == NEVER
            else "eligible"
        )
        if decision == "eligible" and benefit.discretionary:
            decision = "discretionary"
        entity = World(rules, profile.facts, on, grants_before(layer, rules, outcome)).of(member)
        unknowns = Unknowns()
        if decision == "undetermined":
            unknowns.of_benefit(benefit.reference, entity)
        amount = (
            amount_of(benefit.pays, entity)
            if benefit.pays is not None and decision != "ineligible"
            else None
        )
        openers = {
            reference.partition(".")[0]
            for (status, _) in entity.world.grants
            for reference in rules.grantors.get(status, ())
        }
        return cls(decision, layer, frozenset(openers), amount, unknowns)

    def differences(self, expectation: Expectation) -> Iterator[tuple[str, str]]:
        """Pairs of (expected, actual)."""
        if expectation.decision is not None and expectation.decision != self.decision:
            yield expectation.decision, self.decision + self.reasons()
        if expectation.amount is not None:
            actual = "no amount" if self.amount is None else show_amount(self.amount)
            if self.decision not in ("eligible", "discretionary"):
                yield expectation.amount, self.decision + self.reasons()
            elif actual != expectation.amount:
                yield expectation.amount, actual
        if expectation.unknowns is not None and self.decision == "undetermined":
            names = {name for _, name in self.unknowns.facts} | set(self.unknowns.parameters)
            if names != expectation.unknowns:
                yield (
                    "undetermined by " + ", ".join(sorted(expectation.unknowns)),
                    "undetermined by " + ", ".join(sorted(names)),
                )
        if expectation.after is not None and (
            self.layer <= NOW or expectation.after not in self.after
        ):
            yield (
                f"open after {expectation.after}",
                "open now"
                if self.layer == NOW
                else "closed"
                if self.layer == NEVER
                else f"open after {', '.join(sorted(self.after))}",
            )

    def reasons(self) -> str:
        names = [name for _, name in self.unknowns.facts] + list(self.unknowns.parameters)
        return f" ({', '.join(names)})" if names else ""


def show_amount(amount: Amount) -> str:
    """An amount as examples write it."""

    def money(value: int | None) -> str:
        number = decimal_at(value or 0, 2)
        return str(int(number)) if number == int(number) else f"{number:f}"

    unit = units.show(amount.unit)
    match amount.certainty:
        case "exact":
            return f"{money(amount.low)} {unit}"
        case "at_least" | "between":
            return f"at least {money(amount.low)} {unit}"
        case "at_most":
            return f"at most {money(amount.high)} {unit}"
        case other:
            return other


def _example(
    item: Item, fields: Fields, given: Fields | None, collector: Collector
) -> Example | None:
    name = fields.plain_text("name", required=True)
    on = fields.day("on", required=True)
    expect = fields.child("expect", None, required=True)
    if name is None or on is None or expect is None:
        return None
    defaults = _mapping(given, "household")
    member_defaults = _mapping(given, "members")
    household = _merged(defaults, _mapping(fields, "household"))
    members = [
        _merged(member_defaults, _values(piece)) for piece in fields.sequence("members")
    ] or [member_defaults]
    number = fields.number("member")
    member = None if item.entity == "household" else 0 if number is None else int(number) - 1
    if member is not None and not 0 <= member < len(members):
        collector.add(
            "JM061",
            f"{name}: unknown member {member + 1}",
            fields.span,
            expected=f"1 to {len(members)}",
        )
        return None
    expectations = {
        key.text: expectation
        for key, piece in expect.items()
        if (expectation := _expectation(key, piece, collector)) is not None
    }
    return Example(
        item.id,
        name,
        on,
        {"household": household, "members": members},
        member,
        expectations,
        fields.span,
    )


def _expectation(key: Scalar, piece: Piece, collector: Collector) -> Expectation | None:
    if isinstance(piece, yaml_tree.Mapping):
        fields = Fields.open(piece, collector, ("undetermined",), "an expectation")
        names = (
            frozenset(scalar.text for scalar in fields.names("undetermined"))
            if fields
            else frozenset()
        )
        return Expectation("undetermined", None, None, names, key.span)
    if not isinstance(piece, Scalar):
        collector.add(
            "JM061",
            "found a list, not an expectation",
            piece.span,
            expected="a decision, an amount or {undetermined: […]}",
        )
        return None
    body, _, after = piece.text.partition("after ")
    body = body.strip()
    after_item = after.strip() or None
    if body in _DECISIONS or (not body and after_item):
        return Expectation(body or None, None, after_item, None, piece.span)
    if body == "unpublished" or _AMOUNT.fullmatch(body):
        return Expectation(None, body, after_item, None, piece.span)
    expected = (
        ", ".join(_DECISIONS)
        + ", `50 CNY/month`, `at least 20 CNY/day`, `unpublished`, `after ITEM`"
    )
    collector.add(
        "JM061", f"unknown expectation `{piece.text[:60]}`", piece.span, expected=expected
    )
    return None


def _mapping(fields: Fields | None, key: str) -> dict[str, object]:
    piece = fields.piece(key) if fields is not None else None
    return {} if piece is None else _values(piece)


def _values(piece: Piece) -> dict[str, object]:
    found = _plain(piece)
    return dict(found) if isinstance(found, Mapping) else {}


def _plain(piece: Piece) -> object:
    if isinstance(piece, yaml_tree.Mapping):
        return {key.text: _plain(value) for key, value in piece.entries}
    if isinstance(piece, yaml_tree.Sequence):
        return [_plain(item) for item in piece.items]
    return plain_scalar(piece)


def _merged(defaults: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Own facts over defaults; `unknown` takes a default away."""
    return {key: value for key, value in {**defaults, **own}.items() if value != "unknown"}
