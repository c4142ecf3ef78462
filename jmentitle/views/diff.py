"""The difference of two recorded assessments: which results changed, and which causes their
receipts show. Facts are never shown: the records hold none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from jmentitle.assessment import display
from jmentitle.assessment.models import (
    Amount,
    Assessment,
    BenefitResult,
    Decision,
    ItemResult,
    Label,
    Model,
    Office,
    OverlayReceipt,
    Receipt,
)
from jmentitle.language import arguments
from jmentitle.language.values import MemberId

Kind = Literal["facts", "day", "pack", "overlay", "package", "engine"]
# Parts of an assessment that are compared item by item, or that every other day or record changes.
_BY_ITEM = {
    "on",
    "pack_name",
    "units",
    "domains",
    "subjects",
    "results",
    "missing",
    "unpublished",
    "sources",
    "hotlines",
    "receipt",
}
_HELD_APART = {"item", "subject", "benefits"}


class Cause(Model):
    """Something in which the receipts differ and which may have changed the results. For `facts`
    only that they differ is known."""

    kind: Kind
    left: str | None
    right: str | None


class BenefitSide(Model):
    """The result of a benefit in one of the records."""

    decision: Decision
    received: bool
    after: list[str]
    amount: Amount | None
    missing: list[str]
    unpublished: list[str]


class BenefitDifference(Model):
    """A benefit of one person or the household; a side is None where the benefit does not exist.
    `differs` names the fields."""

    benefit: str
    name: Label
    left: BenefitSide | None
    right: BenefitSide | None
    differs: list[str]


class ItemDifference(Model):
    """An item for one person or the household. A decision is None where that side has no such item;
    of the offices, those that the other lacks."""

    item: str
    subject: MemberId
    name: Label
    left: Decision | None
    right: Decision | None
    offices_left: list[Office]
    offices_right: list[Office]
    differs: list[str]
    benefits: list[BenefitDifference]


class Diff(Model):
    """What differs between two assessments. With several causes the records cannot tell which of
    them changed what.

    Fields:
        causes: Where the receipts differ: facts, day, pack, overlay, package or engine.
        items: The items that differ, each for one person or the household.
        elsewhere: The other parts of the assessments that differ, such as the pathway.
        names: The names of the items.
        subjects: The names of the persons.
    Example:
        >>> from jmentitle import diff
        >>> difference = diff(assessment, pack.assess(family, "2020-01-01"))
        >>> difference
        <Diff: 84 items differ>
    """

    causes: list[Cause]
    items: list[ItemDifference]
    elsewhere: list[str]
    names: dict[str, Label]
    subjects: dict[str, Label]

    @property
    def same(self) -> bool:
        """Whether the results are the same, whatever the receipts say."""
        return not (self.items or self.elsewhere)

    def _repr_html_(self) -> str:
        return display.html("diff.notebook", self, "zh")

    def __repr__(self) -> str:
        return f"<Diff: {len(self.items)} items differ>"

    __str__ = __repr__


def diff(left: Assessment, right: Assessment) -> Diff:
    """What differs in one assessment from another, item by item in the order of the records.
    Persons are matched by their ids.

    Arguments:
        left: The assessment that is compared with.
        right: The other one.
    Returns:
        The causes and the differences.
    Example:
        >>> [cause.kind for cause in difference.causes]
        ['day']
    """
    for one, path in ((left, "left"), (right, "right")):
        arguments.of_kind(one, Assessment, path, arguments.ASSESSMENT)
    sides = [
        {(result.item, result.subject): result for result in assessment.results}
        for assessment in (left, right)
    ]
    keys = dict.fromkeys((*sides[0], *sides[1]))
    items = [
        difference
        for key in keys
        if (difference := _item(sides[0].get(key), sides[1].get(key))) is not None
    ]
    return Diff(
        causes=list(_causes(left.receipt, right.receipt)),
        items=items,
        elsewhere=_fields(left, right, _BY_ITEM),
        names={
            result.item: result.name
            for assessment in (left, right)
            for result in assessment.results
        },
        subjects={**left.subjects, **right.subjects},
    )


def _causes(left: Receipt, right: Receipt) -> Iterator[Cause]:
    if left.input_digest != right.input_digest:
        yield Cause(kind="facts", left=None, right=None)
    if left.on != right.on:
        yield Cause(kind="day", left=left.on.isoformat(), right=right.on.isoformat())
    if (left.pack, left.pack_version, left.pack_digest) != (
        right.pack,
        right.pack_version,
        right.pack_digest,
    ):
        yield Cause(kind="pack", left=_pack(left), right=_pack(right))
    if left.overlays != right.overlays:
        yield Cause(kind="overlay", left=_overlays(left.overlays), right=_overlays(right.overlays))
    if left.package != right.package:
        yield Cause(kind="package", left=left.package, right=right.package)
    if left.engine != right.engine:
        yield Cause(kind="engine", left=left.engine, right=right.engine)


def _pack(receipt: Receipt) -> str:
    return f"{receipt.pack} {receipt.pack_version} ({_short(receipt.pack_digest)})"


def _overlays(overlays: list[OverlayReceipt]) -> str | None:
    return ", ".join(f"{one.id} {one.version} ({_short(one.digest)})" for one in overlays) or None


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _item(left: ItemResult | None, right: ItemResult | None) -> ItemDifference | None:
    """None when both are the same."""
    some = right or left
    if left == right or some is None:
        return None
    sides = [
        {benefit.benefit: benefit for benefit in result.benefits} if result is not None else {}
        for result in (left, right)
    ]
    names = dict.fromkeys((*sides[0], *sides[1]))
    benefits = [
        difference
        for name in names
        if (difference := _benefit(sides[0].get(name), sides[1].get(name))) is not None
    ]
    offices = [result.offices if result is not None else [] for result in (left, right)]
    return ItemDifference(
        item=some.item,
        subject=some.subject,
        name=some.name,
        left=None if left is None else left.decision,
        right=None if right is None else right.decision,
        offices_left=[office for office in offices[0] if office not in offices[1]],
        offices_right=[office for office in offices[1] if office not in offices[0]],
        differs=_fields(left, right, _HELD_APART),
        benefits=benefits,
    )


def _benefit(left: BenefitResult | None, right: BenefitResult | None) -> BenefitDifference | None:
    some = right or left
    if left == right or some is None:
        return None
    return BenefitDifference(
        benefit=some.benefit,
        name=some.name,
        left=_side(left),
        right=_side(right),
        differs=_fields(left, right, set()),
    )


def _side(result: BenefitResult | None) -> BenefitSide | None:
    return (
        None
        if result is None
        else BenefitSide(**{name: getattr(result, name) for name in BenefitSide.model_fields})
    )


def _fields(left: Model | None, right: Model | None, apart: set[str]) -> list[str]:
    """The names of the fields that differ; empty when one side is missing, since then all do."""
    if left is None or right is None:
        return []
    return [
        name
        for name in type(left).model_fields
        if name not in apart and getattr(left, name) != getattr(right, name)
    ]
