"""The tree of errors: who is whose kind, which class each door raises, and the names of before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

import jmentitle
from jmentitle import (
    ArgumentError,
    EngineUnavailableError,
    ExtraMissingError,
    HouseholdError,
    InputError,
    JmentitleError,
    OutputError,
    PackError,
    load_pack,
)
from jmentitle.assessment.replay import read_record
from jmentitle.chain import durable
from jmentitle.cli.output import write_file
from jmentitle.errors import TooManyMistakesError, fail
from jmentitle.language.codes import TITLES, WARNINGS, Code
from jmentitle.language.extras import need
from tests.support.small_pack import ON, small_pack

FAMILY = {"members": [{"id": "a", "birth_date": "1950-01-01"}]}
FORMER_NAMES = {
    "DiagnosticsError": JmentitleError,
    "ProfileError": InputError,
    "ExtraMissing": ExtraMissingError,
    "EngineUnavailable": EngineUnavailableError,
}


def test_the_tree() -> None:
    assert JmentitleError.__bases__ == (ValueError,)
    for kind in (PackError, InputError, ExtraMissingError, EngineUnavailableError):
        assert kind.__bases__ == (JmentitleError,)
    for kind in (HouseholdError, ArgumentError, OutputError):
        assert kind.__bases__ == (InputError,)
    assert TooManyMistakesError.__bases__ == (PackError, HouseholdError)


def test_every_code_has_a_title() -> None:
    assert get_args(Code) == tuple(TITLES)
    assert set(TITLES) >= WARNINGS


def test_a_failure_says_all_it_knows() -> None:
    with pytest.raises(ArgumentError) as caught:
        fail("JM093", "unknown item", path="item", expected="an id", suggestion="meals")
    (problem,) = caught.value.diagnostics
    assert problem.to_dict() == {
        "code": "JM093",
        "severity": "error",
        "title": "unknown item",
        "message": "unknown item",
        "path": "item",
        "expected": "an id",
        "suggestion": "meals",
    }
    assert "did you mean: meals" in str(caught.value)


def _many_mistakes() -> object:
    return small_pack().read({"members": [{f"fact{number}": 1 for number in range(300)}]})


def _closed() -> object:
    return small_pack().counterfactuals(FAMILY, "meals", ON).of("b")


DOORS: dict[str, tuple[Callable[[], object], type[JmentitleError], str]] = {
    "pack": (lambda: load_pack("jingman"), PackError, "JM091"),
    "amendment": (lambda: small_pack().amend({"parameter": {}}), PackError, "JM003"),
    "household": (lambda: small_pack().assess({"members": [{"age": 1}]}), HouseholdError, "JM071"),
    "many mistakes": (_many_mistakes, HouseholdError, "JM071"),
    "profile of another pack": (
        lambda: load_pack().assess(small_pack().read(FAMILY), ON),
        HouseholdError,
        "JM082",
    ),
    "frame": (lambda: small_pack().population(5, 5), HouseholdError, "JM100"),
    "item": (lambda: small_pack().item("meal"), ArgumentError, "JM093"),
    "member": (
        lambda: small_pack().explain(FAMILY, "meals", ON, member="b"),
        ArgumentError,
        "JM094",
    ),
    "item of a result": (
        lambda: small_pack().assess(FAMILY, ON).result("meal"),
        ArgumentError,
        "JM093",
    ),
    "subject of a result": (
        lambda: small_pack().assess(FAMILY, ON).result("meals", "b"),
        ArgumentError,
        "JM094",
    ),
    "subject of changes": (_closed, ArgumentError, "JM094"),
    "day": (lambda: small_pack().assess(FAMILY, "2030-01-01"), ArgumentError, "JM079"),
    "engine": (
        lambda: small_pack().assess(FAMILY, ON, engine_name="nativ"),
        ArgumentError,
        "JM090",
    ),
    "language": (lambda: small_pack().assess(FAMILY, ON).to_text("fr"), ArgumentError, "JM073"),
    "overlays": (lambda: load_pack(overlays="mine.yaml"), ArgumentError, "JM072"),
    "record": (lambda: read_record("{}"), ArgumentError, "JM092"),
    "extra": (lambda: need("no_such_module", "plot"), ExtraMissingError, "JM095"),
}


@pytest.mark.parametrize("door", DOORS)
def test_each_door_raises_its_kind(door: str) -> None:
    call, kind, code = DOORS[door]
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.diagnostics[0].code == code


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="JM019"):
        write_file(str(tmp_path / "missing" / "letter.html"), "text")


def test_an_engine_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with pytest.raises(EngineUnavailableError, match="JM090"):
        durable.durable_module()


@pytest.mark.parametrize("former", FORMER_NAMES)
def test_a_former_name_resolves_and_names_the_present_one(former: str) -> None:
    present = FORMER_NAMES[former]
    said = f"`jmentitle.{former}` is now `{present.__name__}`"
    with pytest.warns(DeprecationWarning, match=said) as caught:
        assert getattr(jmentitle, former) is present
    assert caught[0].filename == __file__
    assert former not in jmentitle.__all__
