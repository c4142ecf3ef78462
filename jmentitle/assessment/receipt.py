"""Receipts: what is needed to repeat an assessment, and the digests that show it was repeated."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from importlib import metadata

from jmentitle.assessment.models import Assessment, OverlayReceipt, Receipt
from jmentitle.pack.model import Content
from jmentitle.profile.facts import Facts, Value

PENDING = ""


def package_version() -> str:
    try:
        return metadata.version("jmentitle")
    except metadata.PackageNotFoundError:
        return "unknown"


def input_digest(facts: Facts) -> str:
    """A digest of the known facts, whatever the order or form in which they were written."""

    def known(names: dict[str, int], row: list[Value | None]) -> dict[str, object]:
        return {name: _plain(row[index]) for name, index in names.items() if row[index] is not None}

    return _digest(
        {
            "household": known(facts.order.household, facts.household),
            "members": [known(facts.order.person, row) for row in facts.members],
            "ids": facts.ids,
            "members_complete": facts.members_complete,
        }
    )


def draft_receipt(
    content: Content, pack_digest: str, engine: str, facts: Facts, on: date
) -> Receipt:
    """The receipt of a result that is not finished yet."""
    return Receipt(
        engine=engine,
        package=package_version(),
        pack=content.id,
        pack_version=content.version,
        pack_digest=pack_digest,
        overlays=[
            OverlayReceipt(id=overlay.id, version=overlay.version, digest=overlay.digest)
            for overlay in (*content.overlays, *content.amendments)
        ],
        on=on,
        input_digest=input_digest(facts),
        result_digest=PENDING,
    )


def result_digest(assessment: Assessment) -> str:
    """A digest of everything but the receipt, in the stable JSON form."""
    return (
        "sha256:"
        + hashlib.sha256(assessment.model_dump_json(exclude={"receipt"}).encode()).hexdigest()
    )


def with_result_digest(assessment: Assessment) -> Assessment:
    receipt = assessment.receipt.model_copy(update={"result_digest": result_digest(assessment)})
    return assessment.model_copy(update={"receipt": receipt})


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Value | None) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value
