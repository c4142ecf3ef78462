"""A dozen explanations of the shipped pack, short enough to read: what
`tests/views/golden/why_*.txt` holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jmentitle import Pack
from jmentitle.pack.text import LANGUAGES
from tests.support.families import family
from tests.support.paths import TESTS

GOLDEN = TESTS / "views/golden"


@dataclass(frozen=True)
class Explained:
    """One benefit for somebody in one of the example families."""

    family: str
    item: str
    benefit: str
    member: str | None = None

    def __str__(self) -> str:
        return "_".join(
            [
                "why",
                self.family.split("_")[0],
                self.benefit,
                *([self.member] if self.member else []),
            ]
        )

    def text(self, pack: Pack, language: str) -> str:
        (found,) = pack.explain(
            family(self.family), self.item, benefit=self.benefit, member=self.member
        )
        return found.to_text(language, why_not=found.decision == "ineligible")


DIBAO, ABOVE, VILLAGER, DISASTER = (
    "dibao_family_with_disabled_father",
    "family_above_every_line",
    "old_villager_without_supporters",
    "disaster_victims",
)
SUBSIDIES, HIGH_SCHOOL = "disabled_living_and_care_subsidies", "senior_high_tuition_waiver"
CASES = (
    Explained(DIBAO, "minimum_living_guarantee", "gap_payment"),
    Explained(ABOVE, "minimum_living_guarantee", "gap_payment"),
    Explained(DIBAO, SUBSIDIES, "living_subsidy", "father"),
    Explained(DIBAO, SUBSIDIES, "care_subsidy", "father"),
    Explained(DIBAO, SUBSIDIES, "care_subsidy", "mother"),
    Explained(VILLAGER, "elderly_welfare_subsidy", "high_age_allowance", "villager"),
    Explained(DIBAO, "elderly_welfare_subsidy", "high_age_allowance", "mother"),
    Explained(DIBAO, HIGH_SCHOOL, "free_tuition", "daughter"),
    Explained(DIBAO, HIGH_SCHOOL, "free_tuition", "father"),
    Explained(VILLAGER, "destitute_support", "basic_living", "villager"),
    Explained(DISASTER, "disaster_relief", "emergency_aid"),
    Explained(DISASTER, "disaster_relief", "winter_spring_aid"),
)


def golden(case: Explained, language: str) -> Path:
    return GOLDEN / f"{case}.{language}.txt"


def write_golden(pack: Pack) -> None:
    """Rewrite the golden files; read the difference before committing it."""
    for case in CASES:
        for language in LANGUAGES:
            golden(case, language).write_text(case.text(pack, language), encoding="utf-8")
