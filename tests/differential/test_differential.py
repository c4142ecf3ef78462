"""All engines on a million decisions, of households drawn from what the shipped rules turn on; and
that a fault would be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from jmentitle import Pack
from jmentitle.chain.columns.engine import Layers
from jmentitle.chain.native import NativeEngine
from jmentitle.language import tree
from jmentitle.language.tree import Node
from jmentitle.pack.ruleset import Ruleset
from jmentitle.profile.facts import Facts
from tests.differential import comparing
from tests.differential.__main__ import main
from tests.differential.comparing import PAIRS, Beside
from tests.differential.edges import Edges
from tests.differential.households import Draw, Drawing
from tests.differential.running import run
from tests.differential.shrinking import as_file, differences
from tests.differential.tally import Tally
from tests.support.columns import layers_of
from tests.support.random_packs import RandomPack

DECISIONS, HOUSEHOLDS, SAMPLE = 1_000_000, 380, 12
"""For more, by hand: python -m tests.differential --decisions 1e8"""
ON = date(2018, 10, 15)
TURNED, PAID = (
    "elderly_welfare_subsidy.high_age_allowance",
    "disabled_living_and_care_subsidies.living_subsidy",
)


@pytest.mark.no_cover
def test_engines_agree_on_a_million_decisions(pack: Pack) -> None:
    tally = Tally(pack.digest, 20180906, HOUSEHOLDS, SAMPLE)
    for found in run(pack, tally, DECISIONS):
        assert found is None, f"{found.difference}\n\n{found.test}"
    assert tally.decisions >= DECISIONS
    assert min(tally.compared.values()) > 10_000
    assert set(tally.compared) >= {"columns", "specification", "money", "reasons"}
    assert all(tally.kinds.values())
    turning = {
        item.id
        for item in pack.content.items.values()
        for benefit in item.benefits
        if benefit.when is not None
    }
    both = {benefit.partition(".")[0] for benefit in tally.decided_both_ways(1)}
    assert len(both) > 0.95 * len(turning)


# the households ---------------------------------------------------------------------------------


def test_households_are_such_as_a_file_may_describe(pack: Pack) -> None:
    drawing = Drawing(pack, 1, 60)
    for number in range(3):
        batch = drawing.batch(number)
        for facts in batch.households:
            read = pack.read(as_file(pack.content, facts), batch.on).facts
            assert (read.household, read.members, read.members_complete) == (
                facts.household,
                facts.members,
                facts.members_complete,
            )


def test_the_same_seed_draws_the_same_households(pack: Pack) -> None:
    once, again, other = (Drawing(pack, seed, 20).batch(3) for seed in (1, 1, 2))
    assert once == again != other


@pytest.mark.no_cover
def test_thresholds_are_met_at_their_edges(pack: Pack) -> None:
    """Each comparison in a condition is made strict where it is not, and the other way: forty
    households aimed at a benefit notice most of it.

    A batch of 1,500 households notices 154 of the 163.
    """
    ruleset = pack.ruleset(ON)
    draw = Draw(pack.row_order, Edges(ruleset), ON, Random(1))
    households = draw.many(40)
    seen, unnoticed = 0, []
    for benefit, node in ruleset.conditions.items():
        comparisons = list(dict.fromkeys(_comparisons(node)))
        for facts in households if comparisons else ():
            draw.aim(facts, benefit)
        as_written = _decided(ruleset, benefit, households) if comparisons else None
        for compare in comparisons:
            seen += 1
            if _decided(_turned(ruleset, benefit, compare), benefit, households) == as_written:
                unnoticed.append(benefit)
    assert seen > 150
    assert len(unnoticed) < 0.3 * seen, unnoticed


_OTHER: dict[str, tree.Comparator] = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": ">=",
    "!=": ">",
}


def _comparisons(node: Node | None) -> Iterator[tree.Compare]:
    return (
        (inner for inner in tree.walk(node) if isinstance(inner, tree.Compare))
        if node is not None
        else iter(())
    )


def _turned(ruleset: Ruleset, benefit: str, compare: tree.Compare) -> Ruleset:
    """The rules with a comparison in the condition of a benefit made strict where it is not, and
    the other way."""
    node = ruleset.conditions[benefit]
    assert node is not None
    turned = _replaced(node, compare, replace(compare, comparator=_OTHER[compare.comparator]))
    return replace(ruleset, conditions={**ruleset.conditions, benefit: turned})


def _replaced(node: Node, before: Node, after: Node) -> Node:
    if node == before:
        return after
    if isinstance(node, tree.All | tree.AnyOf | tree.NoneOf):
        return replace(node, parts=tuple(_replaced(part, before, after) for part in node.parts))
    if isinstance(node, tree.Leaf | tree.AnyMember | tree.AllMembers):
        return replace(node, test=_replaced(node.test, before, after))
    return node


def _decided(ruleset: Ruleset, benefit: str, households: list[Facts]) -> object:
    """What native finds with no other benefit there."""
    only = replace(
        ruleset,
        benefits={benefit: ruleset.benefits[benefit]},
        conditions={benefit: ruleset.conditions[benefit]},
    )
    engine = NativeEngine(interpreted=0)
    return [engine.run(only, facts, ON) for facts in households]


# faults -----------------------------------------------------------------------------------------

Find = Callable[[Ruleset, list[Facts], date], Layers]


def one_threshold(ruleset: Ruleset, households: list[Facts], on: date) -> Layers:
    """Columns for which nobody is old enough on the birthday itself."""
    (compare,) = _comparisons(ruleset.conditions[TURNED])
    return layers_of(_turned(ruleset, TURNED, compare), households, on)


def one_fen(ruleset: Ruleset, households: list[Facts], on: date) -> Layers:
    """Columns that pay a fen too much."""
    benefit = ruleset.benefits[PAID]
    assert benefit.pays is not None
    more = replace(
        benefit.pays,
        amount=tree.Sum(benefit.pays.amount, tree.Constant(1, tree.Numeric(benefit.pays.unit, 2))),
    )
    return layers_of(
        replace(ruleset, benefits={**ruleset.benefits, PAID: replace(benefit, pays=more)}),
        households,
        on,
    )


def incomplete_lists(ruleset: Ruleset, households: list[Facts], on: date) -> Layers:
    """Columns that conclude from who is not listed."""
    return layers_of(ruleset, [replace(facts, members_complete=True) for facts in households], on)


@pytest.mark.no_cover
@pytest.mark.parametrize(("fault", "pair"), [(one_fen, "money"), (incomplete_lists, "columns")])
def test_a_planted_fault_is_caught(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, fault: Find, pair: str
) -> None:
    batch = Drawing(pack, 1, 60).batch(0)
    assert not list(PAIRS[pair](Beside(pack.ruleset(batch.on), batch.on, batch.households)))
    monkeypatch.setattr(comparing, "layers_of", fault)
    assert list(PAIRS[pair](Beside(pack.ruleset(batch.on), batch.on, batch.households)))


@pytest.mark.no_cover
def test_a_fault_is_said_as_a_small_test_that_can_be_pasted(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "layers_of", one_threshold)
    found = next(
        found
        for found in run(pack, Tally(pack.digest, 1, 200, 0), DECISIONS, ["columns"])
        if found is not None
    )
    assert found.difference.benefit == TURNED
    names: dict[str, object] = {
        "date": date,
        "differences": differences,
        "Pack": Pack,
        "Decimal": Decimal,
    }
    exec(found.test, names)
    (pasted,) = (value for name, value in names.items() if name.startswith("test_"))
    assert callable(pasted)
    with pytest.raises(AssertionError):
        pasted(pack)
    monkeypatch.undo()
    pasted(pack)
    assert found.test.count("': ") < 12


# the command ------------------------------------------------------------------------------------


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    pack, counts = RandomPack(Random(1)).pack(), tmp_path / "counts.json"
    tally = Tally.resume(counts, pack.digest, 1, 30, 2)
    next(run(pack, tally, 10_000))
    tally.save(counts)
    resumed, straight = Tally.resume(counts, pack.digest, 1, 30, 2), Tally(pack.digest, 1, 30, 2)
    for one in (resumed, straight):
        assert all(found is None for found in run(pack, one, 10_000))
    assert resumed.decisions >= 10_000
    assert replace(resumed, seconds=0) == replace(straight, seconds=0)
    with pytest.raises(ValueError, match="--seed 1 --households 30 --sample 2"):
        Tally.resume(counts, pack.digest, 2, 30, 2)
    with pytest.raises(ValueError, match="other rules"):
        Tally.resume(counts, "sha256:0", 1, 30, 2)


def test_the_command_says_what_was_compared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "tests.differential.__main__.load_pack", lambda _: RandomPack(Random(1)).pack()
    )
    assert (
        main(
            [
                "--decisions",
                "500",
                "--households",
                "30",
                "--sample",
                "2",
                "--resume",
                str(tmp_path / "counts.json"),
            ]
        )
        == 0
    )
    assert "decisions compared, 0 differ" in capsys.readouterr().out
    monkeypatch.setattr(comparing, "layers_of", incomplete_lists)
    assert main(["--decisions", "1e5", "--households", "30", "--sample", "2"]) == 1
    assert "differences(pack," in capsys.readouterr().out
