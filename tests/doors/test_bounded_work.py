"""What callers hand over costs bounded work: limits are reached at once and have a code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from threading import Barrier, Thread

import pytest

from jmentitle import Pack, load_pack
from jmentitle.assessment.replay import as_json
from jmentitle.chain import durable
from jmentitle.chain.unknowns import Unknowns
from jmentitle.errors import EngineUnavailableError, InputError, JmentitleError, PackError
from jmentitle.pack.plain import plain_copy
from jmentitle.population import cliffs, sensitivity, synthetic_city
from tests.support.families import shipped
from tests.support.random_packs import RandomPack, random_day, random_household
from tests.support.small_pack import ON, small_pack

DAY = date(2018, 10, 15)
FEW = {"members": [{"birth_date": "1950-01-01"}]}


def shared(kind: type, levels: int) -> object:
    """Parts that are shared, so that written out they would be 2 ** levels values."""
    value: object = 1
    for _ in range(levels):
        value = [value, value] if kind is list else {"a": value, "b": value}
    return value


def circle() -> dict[str, object]:
    found: dict[str, object] = {}
    found["a"] = found
    return found


class Endless(Mapping[str, object]):
    def __getitem__(self, key: str) -> object:
        return key

    def __iter__(self) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield str(number)

    def __len__(self) -> int:
        return 1


class Broken(Mapping[str, object]):
    def __getitem__(self, key: str) -> object:
        raise RuntimeError(key)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def __len__(self) -> int:
        return 1


HOSTILE = [
    (shared(list, 20), "JM012"),
    (shared(dict, 20), "JM012"),
    (shared(list, 60), "JM011"),
    (shared(dict, 60), "JM011"),
    (circle(), "JM011"),
    ([1] * 1_000_000, "JM012"),
    (Endless(), "JM012"),
    (Broken(), "JM005"),
    ("x" * 2_000_000, "JM012"),
    (10**1_000_000, "JM012"),
    (Decimal("1e1000000"), "JM012"),
    ("\ud800", "JM005"),
    ({1}, "JM005"),
    (b"1", "JM005"),
    (object(), "JM005"),
]


@pytest.mark.parametrize(("value", "code"), HOSTILE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_hostile_amendment_is_refused(value: object, code: str, depth: int) -> None:
    amendment: dict[str, object] = {"parameters": value}
    if depth:
        amendment = {"parameters": {"meal_grant": value if depth == 1 else {"scale": value}}}
    with pytest.raises(PackError) as raised:
        small_pack().amend(amendment)
    assert [one.code for one in raised.value.diagnostics] == [code]


@pytest.mark.parametrize("value", [None, 1, "x", [], b"", object(), {1}])
def test_what_is_no_amendment_is_refused(value: object) -> None:
    with pytest.raises(PackError):
        small_pack().amend(value)  # type: ignore[arg-type]


def test_values_of_numpy_are_taken_exactly() -> None:
    numpy = pytest.importorskip("numpy")
    values = [
        numpy.float32(1.1),
        numpy.float64(1.1),
        numpy.int64(2),
        numpy.bool_(True),
        numpy.str_("x"),
    ]
    assert plain_copy(values, "amendment") == [Decimal("1.1"), Decimal("1.1"), 2, True, "x"]


def test_a_timeline_of_too_many_days_and_members_is_refused() -> None:
    born = [date(1940, 1, 1) + timedelta(days=397 * number) for number in range(40)]
    household = {"members": [{"birth_date": str(day)} for day in born]}
    with pytest.raises(InputError) as raised:
        load_pack("jingmen").timeline(household, date(2016, 1, 1))
    (one,) = raised.value.diagnostics
    assert (one.code, one.path, one.expected) == (
        "JM012",
        "until",
        "an earlier `until`, or a later `on`",
    )


def test_results_shared_by_members_who_are_alike_are_those_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Members are made different by telling none apart as alike, and unknowns are collected
    anew."""
    cases = []
    for seed in range(25):
        dice = Random(seed)
        pack = RandomPack(dice).pack()
        household, day = random_household(dice, pack, 0.5), random_day(dice)
        members = household["members"]
        assert isinstance(members, list)
        members = [{key: value for key, value in row.items() if key != "id"} for row in members]
        twins = [members[0], members[0]] if members else []
        cases.append((pack, {**household, "members": [*members, *twins]}, day))
    found = [as_json(pack.assess(household, day)) for pack, household, day in cases]
    monkeypatch.setattr(
        "jmentitle.profile.facts.Facts.alike", lambda facts: list(range(len(facts.members)))
    )
    monkeypatch.setattr(Unknowns, "_shared", lambda self, _key, _world, collect: collect(self))
    assert [as_json(pack.assess(household, day)) for pack, household, day in cases] == found


def test_durable_shares_rulesets_and_refuses_more_than_it_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("durable_rules_engine")
    from jmentitle.chain.engines import engine

    pack, household = small_pack(), {"members": [{}]}
    pack.assess(household, ON, engine_name="durable")
    made = dict(engine("durable")._handles)  # type: ignore[attr-defined]
    pack.amend({"parameters": {"meal_grant": {"scale": 2}}}).assess(
        household, ON, engine_name="durable"
    )
    assert engine("durable")._handles == made  # type: ignore[attr-defined]
    monkeypatch.setattr(durable, "MOST_RULES", 0)
    other = pack.amend({"drop": ["meals.grant"]})
    with pytest.raises(EngineUnavailableError) as raised:
        other.assess(household, ON, engine_name="durable")
    assert raised.value.diagnostics[0].code == "JM090"


def test_a_pack_first_used_by_many_threads_gives_the_same_answers() -> None:
    shared_pack, household = small_pack(), {"members": [{"birth_date": "1950-01-01"}, {}]}
    expected = as_json(small_pack().assess(household, ON))
    barrier, found = Barrier(8), list[str]()

    def work() -> None:
        barrier.wait()
        for _ in range(3):
            found.append(as_json(shared_pack.assess(household, ON)))
            shared_pack.explain(household, "meals", ON)
            shared_pack.counterfactuals(household, "meals", ON)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 24


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("JM075", lambda pack: synthetic_city(pack, 10**12)),
        ("JM075", lambda pack: synthetic_city(pack, 0)),
        ("JM075", lambda pack: synthetic_city(pack, 10, first=0)),
        ("JM075", lambda pack: synthetic_city(pack, 10, unknown=1.5)),
        ("JM072", lambda pack: synthetic_city(pack, "10")),
        ("JM072", lambda pack: synthetic_city(pack, 10, seed=None)),
        (
            "JM012",
            lambda pack: cliffs(pack, FEW, DAY, "wage_income", up_to=900_000, step=Decimal("0.01")),
        ),
        ("JM075", lambda pack: cliffs(pack, FEW, DAY, "wage_income", up_to=10**15)),
        (
            "JM012",
            lambda pack: sensitivity(
                pack,
                pack.population({"household": [1]}, {"household": [1], "member": [1]}, on=DAY),
                DAY,
                "minimum_living_guarantee",
                "dibao_urban",
                scales=[1] * 10**6,
            ),
        ),
        ("JM073", lambda pack: pack.read({"members": [{"disability_grade": 10**100_000}]})),
        ("JM072", lambda pack: pack.read({"members": [{"id": 10**100_000}]})),
        ("JM075", lambda pack: pack.read({"members": [{"wage_income": 10**100_000}]})),
        ("JM075", lambda pack: pack.read({"members": [{"wage_income": Decimal("1e999999")}]})),
    ],
)
def test_numbers_without_measure_are_refused_at_once(
    code: str, call: Callable[[Pack], object]
) -> None:
    with pytest.raises(JmentitleError) as caught:
        call(shipped())
    assert {problem.code for problem in caught.value.diagnostics} == {code}
