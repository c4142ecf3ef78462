"""Reading the kinds of families of a synthetic city: their members and the relations of their
ages."""

from __future__ import annotations

from dataclasses import dataclass

from jmentitle.language import tree
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import nearest_name
from jmentitle.pack import reading
from jmentitle.pack.model import MAX_MEMBERS, Content
from jmentitle.pack.order import order_of
from jmentitle.pack.reading import Fields
from jmentitle.pack.yaml_tree import Scalar
from jmentitle.synthetic.figures import read_mark, read_quantiles
from jmentitle.synthetic.marginals import Family, Mark, Member, Spread

FAMILY_KEYS = ("birth_date_fact", "kinds", "where", "share", "cases", "synthetic", "cite", "note")
_MEMBER_KEYS = ("age", "older_than", "by", "partner")


@dataclass(frozen=True)
class Families:
    """The kinds of families; `birth` names the fact that holds the date of birth, `fields` how the
    kinds are spread over households."""

    birth: str
    families: tuple[Family, ...]
    label: Scalar
    fields: Fields


def read_families(fields: Fields, content: Content) -> Families | None:
    """The kinds of families; None after reporting a mistake."""
    collector = fields.collector
    label = fields.scalar("birth_date_fact", required=True)
    dates = [
        name
        for (entity, name), fact in content.facts.items()
        if entity == "person" and isinstance(fact.type, tree.Day)
    ]
    if label is None or not reading.one_of(label, dates, "JM025", "date of a person", collector):
        return None
    mark = read_mark(fields, content, collector) or Mark(False, ())
    families = []
    for name, _, inner in fields.each_named("kinds", ("members",), "the family"):
        family = _family(name, inner, mark, collector)
        families += [] if family is None else [family]
    return Families(label.text, tuple(families), label, fields) if families else None


def _family(name: str, fields: Fields, mark: Mark, collector: Collector) -> Family | None:
    named = {
        label: (scalar, one)
        for label, scalar, one in fields.each_named("members", _MEMBER_KEYS, "the member")
    }
    if not 0 < len(named) <= MAX_MEMBERS:
        collector.add(
            "JM005",
            f"the family has {len(named)} members",
            fields.span,
            expected=f"from 1 to {MAX_MEMBERS}",
        )
        return None
    indices = {label: index for index, label in enumerate(named)}
    members = [_member(label, inner, indices, collector) for label, (_, inner) in named.items()]
    uses = {label: _older_than(inner) for label, (_, inner) in named.items()}
    order = order_of(uses)
    for cycle in order.cycles:
        message = f"circular definition: {' → '.join(cycle)}"
        collector.add(
            "JM041", message, named[cycle[0]][0].span, expected="one member whose `age` is given"
        )
    valid = tuple(member for member in members if member is not None)
    if len(valid) != len(members) or order.cycles:
        return None
    return Family(name, valid, tuple(indices[label] for label in order.names), mark)


def _older_than(fields: Fields) -> set[str]:
    """The member from whom the age is counted, or nobody."""
    relative = fields.scalar("older_than")
    return set() if relative is None else {relative.text}


def _member(
    name: str, fields: Fields, indices: dict[str, int], collector: Collector
) -> Member | None:
    relative = "older_than" in fields
    points = read_quantiles("by" if relative else "age", fields)
    if points is None:
        if ("by" if relative else "age") not in fields:
            collector.add(
                "JM004",
                f"missing age of `{name}`",
                fields.span,
                expected="`age:`, or `older_than:` with `by:`",
            )
        return None
    others = []
    for key in ("older_than", "partner"):
        scalar = fields.scalar(key)
        if scalar is not None and scalar.text not in indices:
            near = nearest_name(scalar.text, indices)
            collector.add(
                "JM025",
                f"unknown member `{scalar.text[:64]}`",
                scalar.span,
                expected=", ".join(indices),
                suggestion=near,
            )
        others.append(None if scalar is None else indices.get(scalar.text))
    spread = Spread(
        tuple(float(at) / 100 for at, _ in points), tuple(float(value) for _, value in points), 0
    )
    return Member(name, spread, others[0], others[1])
