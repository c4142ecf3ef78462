"""What has been compared so far: counts that are added up batch by batch, and kept in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from jmentitle.chain.columns.passes import ENTITIES
from jmentitle.chain.outcome import NEVER, NOW, split_benefits
from tests.differential.comparing import Beside

KINDS = ("eligible now", "eligible later", "discretionary", "undetermined", "ineligible")


@dataclass
class Tally:
    """Batches of a `pack`, by its digest, a `seed` and a size (`households`) up to `batches`; the
    `sample` is how many households of each the slow engines decide."""

    pack: str
    seed: int
    households: int
    sample: int
    batches: int = 0
    seconds: float = 0.0
    decisions: int = 0
    members: int = 0
    days: list[str] = field(default_factory=list)
    compared: dict[str, int] = field(default_factory=dict)
    """By pair of engines, how many decisions."""
    differing: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    benefits: dict[str, list[int]] = field(default_factory=dict)
    """By benefit, how often it was certain, undetermined and closed."""

    def add(self, beside: Beside) -> None:
        """Count what native decided for a batch."""
        self.batches += 1
        self.decisions += beside.decisions
        self.members += int(beside.starts[-1])
        self.days = sorted({*self.days, str(beside.on)})
        for entity, benefits in zip(ENTITIES, split_benefits(beside.ruleset), strict=True):
            possible, certain = beside.by_native[entity][:, 0], beside.by_native[entity][:, 1]
            optional = np.array(
                [beside.ruleset.benefits[benefit].discretionary for benefit in benefits]
            )
            sure, closed = certain != NEVER, possible == NEVER
            counts = (
                sure & (certain == NOW) & ~optional,
                sure & (certain > NOW) & ~optional,
                sure & optional,
                ~sure & ~closed,
                closed,
            )
            for kind, count in zip(KINDS, counts, strict=True):
                self.kinds[kind] += int(count.sum())
            for place, benefit in enumerate(benefits):
                before = self.benefits.get(benefit, [0, 0, 0])
                now = (sure[:, place], ~sure[:, place] & ~closed[:, place], closed[:, place])
                self.benefits[benefit] = [
                    one + int(mask.sum()) for one, mask in zip(before, now, strict=True)
                ]

    def count(self, pair: str, decisions: int, differing: int) -> None:
        self.compared[pair] = self.compared.get(pair, 0) + decisions
        self.differing[pair] = self.differing.get(pair, 0) + differing

    def decided_both_ways(self, times: int) -> list[str]:
        """The benefits that were certain and closed at least so many times each."""
        return [
            benefit
            for benefit, (sure, _, closed) in self.benefits.items()
            if min(sure, closed) >= times
        ]

    def lines(self) -> Iterator[str]:
        """The whole tally in words."""
        households = self.batches * self.households
        drawn = f"{households:,} households with {self.members:,} members on {len(self.days)} days"
        yield f"{drawn}, {self.seconds:,.0f} s (seed {self.seed})"
        for pair, count in self.compared.items():
            yield f"  {pair:14} {count:15,} decisions compared, {self.differing[pair]:,} differ"
        for kind, count in self.kinds.items():
            yield f"  {kind:14} {count:15,} ({count / max(1, self.decisions):.1%})"
        for times in (1, 10, 100, 1_000):
            both = f"{len(self.decided_both_ways(times))} of {len(self.benefits)} benefits"
            yield f"  {both} were certain and closed at least {times:,} times each"
        rare = [
            benefit
            for benefit, (sure, _, closed) in self.benefits.items()
            if not sure or not closed
        ]
        if rare:
            yield f"  never both: {', '.join(rare)}"

    def save(self, path: Path) -> None:
        """Write all at once: an interruption leaves the file as it was."""
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(asdict(self)), encoding="utf-8")
        part.replace(path)

    @classmethod
    def resume(cls, path: Path, pack: str, seed: int, households: int, sample: int) -> Tally:
        """The tally of a file, or a new one. Raises ValueError where the file was drawn
        otherwise."""
        if not path.exists():
            return cls(pack, seed, households, sample)
        found = cls(**json.loads(path.read_text(encoding="utf-8")))
        if found.pack != pack:
            raise ValueError(f"{path} was drawn from other rules")
        if (found.seed, found.households, found.sample) != (seed, households, sample):
            raise ValueError(
                f"{path} was drawn with --seed {found.seed} --households {found.households}"
                f" --sample {found.sample}"
            )
        return found
