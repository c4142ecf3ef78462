"""The example families and a short, reviewable summary of what comes of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jmentitle import Assessment, Pack, load_pack
from jmentitle.profile.validation import parse_text
from jmentitle.render.words import say_amount
from tests.support.paths import EXAMPLES, TESTS

GOLDEN = TESTS / "assessment/golden"
_FILES = {
    path.stem: path
    for folder in (EXAMPLES, EXAMPLES / "composite")
    for path in sorted(folder.glob("*.yaml"))
    if "overlay" not in path.stem
}
FAMILIES = tuple(_FILES)
COMPOSITE = tuple(name for name, path in _FILES.items() if path.parent.name == "composite")


def family(name: str) -> object:
    return parse_text(path_of(name).read_text(encoding="utf-8"))


def path_of(name: str) -> Path:
    return _FILES[name]


@cache
def shipped() -> Pack:
    """The shipped pack: one for all tests, so that its rules are compiled once."""
    return load_pack()


@cache
def assessed(name: str) -> Assessment:
    """What comes of a family, worked out once; nothing may be changed in it."""
    return shipped().assess(family(name))


def summary(assessment: Assessment) -> str:
    """One line for everything that is open or received; counts for the rest."""
    lines = [f"on {assessment.on}"]
    rest = {"undetermined": 0, "ineligible": 0}
    for result in assessment.results:
        for benefit in result.benefits:
            if benefit.decision in rest and not benefit.received:
                rest[benefit.decision] += 1
                continue
            words = [f"{result.subject}: {result.item}.{benefit.benefit}", benefit.decision]
            words += ["received"] if benefit.received else []
            words += [f"after {', '.join(benefit.after)}"] if benefit.after else []
            words += (
                [say_amount("en", benefit.amount)]
                if benefit.amount is not None and benefit.decision in ("eligible", "discretionary")
                else []
            )
            lines.append(" | ".join(words))
    lines.append(
        f"{rest['undetermined']} benefits undetermined, {rest['ineligible']} closed;"
        f" {len(assessment.missing)} facts missing"
    )
    lines += [f"conflict: {conflict.id} ({conflict.kind})" for conflict in assessment.conflicts]
    lines += [
        f"discrepancy: {one.subject} {one.status} attested {one.attested}"
        for one in assessment.discrepancies
    ]
    return "\n".join(lines) + "\n"


def write_golden(pack: Pack) -> None:
    """Rewrite the golden summaries; look at the difference before committing it."""
    for name in FAMILIES:
        (GOLDEN / f"{name}.txt").write_text(summary(pack.assess(family(name))), encoding="utf-8")
