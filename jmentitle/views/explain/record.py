"""An explanation as plain values with a stable JSON form: numbers as decimal text, dates as
YYYY-MM-DD, truths as true, false or null (unknown).

It holds the facts that decide the answer: personal data, for the caller who asked.
"""

from __future__ import annotations

from datetime import date

from jmentitle.language import tree, units
from jmentitle.language.decimals import decimal_at
from jmentitle.language.evaluator import FALSE, TRUE
from jmentitle.language.values import MemberId
from jmentitle.views.explain.explanation import Explanation
from jmentitle.views.explain.proof import Child, FactUsed, Figure, Proof, parts, walk

_TRUTHS = {TRUE: True, FALSE: False}


def to_record(explanation: Explanation, *, everything: bool = False) -> dict[str, object]:
    """The whole explanation; `everything` adds the parts that do not affect the answer, marked
    `needed: false`."""
    amount = explanation.amount
    roots: list[Child] = [
        *([explanation.proof] if explanation.proof is not None else []),
        *explanation.figures,
    ]
    cited = dict.fromkeys(explanation.benefit.cite)
    for root in roots:
        for node, _ in walk(root, everything=everything):
            cited.update(dict.fromkeys(node.about.cite if isinstance(node, Proof) else node.cite))
    return {
        "item": explanation.benefit.item,
        "benefit": explanation.benefit.name,
        "subject": explanation.subject,
        "on": str(explanation.on),
        "decision": explanation.decision,
        "in_force": explanation.in_force,
        "received": explanation.received,
        "after": list(explanation.after),
        "proof": None if explanation.proof is None else _node(explanation.proof, True, everything),
        "amount": None
        if amount is None
        else {
            "certainty": amount.certainty,
            "low": _decimal(amount.low, 2),
            "high": _decimal(amount.high, 2),
            "unit": units.show(amount.unit),
            "formula": _node(explanation.figures[0], True, everything),
            "cap": _node(explanation.figures[1], True, everything)
            if len(explanation.figures) > 1
            else None,
        },
        "cite": list(explanation.benefit.cite),
        "sources": {text: _source(explanation, text) for text in sorted(cited)},
    }


def _node(node: Child, needed: bool, everything: bool) -> dict[str, object]:
    record: dict[str, object] = {"kind": node.kind, "needed": needed, "member": _id(node)}
    record |= _truth(node) if isinstance(node, Proof) else _number(node)
    facts = [_fact(used, node) for used in node.facts]
    below = [
        _node(child, used, everything)
        for child, used in parts(node, needed=needed, everything=everything)
    ]
    return {
        **record,
        **({"facts": facts} if facts else {}),
        **({"children": below} if below else {}),
    }


def _truth(proof: Proof) -> dict[str, object]:
    about = proof.about
    record: dict[str, object] = {"holds": _TRUTHS.get(proof.bounds)}
    if isinstance(proof.test, tree.Status):
        record["name"] = proof.test.name
    if proof.way is not None:
        record["benefits"] = list(proof.grantors)
    if about.text:
        record["text"] = about.text
    if about.cite:
        record["cite"] = list(about.cite)
    if about.note is not None:
        record["note"] = {"zh": about.note[0], "en": about.note[1]}
    return record


def _number(figure: Figure) -> dict[str, object]:
    low, high = figure.bounds
    record: dict[str, object] = {"low": _end(low, figure.scale), "high": _end(high, figure.scale)}
    if isinstance(figure.node, tree.Fact | tree.Quantity | tree.Parameter):
        record["name"] = figure.node.name
        if isinstance(figure.node.type, tree.Numeric):
            record["unit"] = units.show(figure.node.type.unit)
    if figure.entry is not None:
        window = figure.entry.window
        record |= {
            "from": None if window.start is None else str(window.start),
            "until": None if window.end is None else str(window.end),
        }
        if figure.entry.reason.zh and not figure.exact:
            record["reason"] = figure.entry.reason._asdict()
    if figure.cite:
        record["cite"] = list(figure.cite)
    return record


def _id(node: Child) -> MemberId | None:
    member = node.member
    return None if member is None else node.entity.world.facts.ids[member]


def _fact(used: FactUsed, node: Child) -> dict[str, object]:
    value = used.value
    definition = node.entity.world.ruleset.content.facts.get(
        ("household" if used.member is None else "person", used.name)
    )
    plain: object = value
    if isinstance(value, frozenset):
        plain = sorted(value)
    elif isinstance(value, date):
        plain = str(value)
    elif (
        isinstance(value, int)
        and not isinstance(value, bool)
        and definition is not None
        and isinstance(definition.type, tree.Numeric)
    ):
        plain = _decimal(value, definition.type.scale)
    return {"path": used.path, "name": used.name, "value": plain}


def _source(explanation: Explanation, text: str) -> dict[str, object]:
    id_, _, place = text.partition(" ")
    source = explanation.content.sources[id_]
    return {
        "source": id_,
        "place": place or None,
        "title": source.title._asdict(),
        "issuer": source.issuer._asdict(),
        "number": source.number,
        "date": None if source.date is None else str(source.date),
        "grade": source.grade,
    }


def _end(value: int | date | None, scale: int) -> str | None:
    return str(value) if isinstance(value, date) else _decimal(value, scale)


def _decimal(value: int | None, scale: int) -> str | None:
    return None if value is None else f"{decimal_at(value, scale):f}"
