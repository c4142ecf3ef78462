"""The commands for whole populations: totals with their money, take-up, indicators and what-if, as
text in both languages and as JSON."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from jmentitle.cli.main import main
from jmentitle.policy.measures.coverage import coverage
from jmentitle.render.columns import aligned
from tests.policy.test_indicators import INDICATORS
from tests.policy.test_whatif import HOUSEHOLDS, MEMBERS, ran
from tests.support.small_pack import ON, small_pack, write

AMENDMENT = "id: richer\nparameters:\n  meal_grant: {scale: '1.5'}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("city")
    write(found / "pack", {"indicators.yaml": INDICATORS})
    HOUSEHOLDS.write_parquet(found / "households.parquet")
    MEMBERS.write_parquet(found / "members.parquet")
    (found / "richer.yaml").write_text(AMENDMENT, encoding="utf-8")
    return found


def run(
    capsys: pytest.CaptureFixture[str], folder: Path, command: str, *more: str
) -> tuple[int, str, str]:
    tables = [str(folder / f"{name}.parquet") for name in ("households", "members")]
    code = main([command, *tables, "--on", str(ON), "--pack", str(folder / "pack"), *more])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_totals_say_what_an_item_comes_to(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    code, text, _ = run(
        capsys, folder, "population", "--out", str(tmp_path / "one"), "--lang", "en"
    )
    assert code == 0
    line = next(line for line in text.splitlines() if "Meals" in line)
    # Three have meals, for 1,200, 1,200 and 960 a year; of one it cannot be told.
    assert line.split() == [
        "3",
        "0",
        "0",
        "1",
        "0",
        "3,360",
        "3,360",
        "1,200",
        "0",
        "1",
        "Meals",
        "(person)",
    ]
    _, printed, _ = run(
        capsys, folder, "population", "--out", str(tmp_path / "two"), "--format", "json"
    )
    benefits = {row["benefit"]: row["yearly_low"] for row in json.loads(printed)["benefits"]}
    assert Decimal(benefits["grant"]) == 3360
    amended = (
        "population",
        "--amend",
        str(folder / "richer.yaml"),
        "--out",
        str(tmp_path / "three"),
        "--lang",
        "en",
    )
    assert "5,040" in run(capsys, folder, *amended)[1]


@pytest.mark.parametrize(
    ("language", "word"), [("zh", "享受率"), ("en", "take-up"), ("zh-Hant", "享受率")]
)
def test_take_up_is_printed_as_the_library_says_it(
    capsys: pytest.CaptureFixture[str], folder: Path, language: str, word: str
) -> None:
    if language == "zh-Hant":
        pytest.importorskip("opencc")
    code, text, _ = run(capsys, folder, "take-up", "--by", "age=30,70", "--lang", language)
    assert code == 0 and word in text
    if language != "zh-Hant":
        assert text == coverage(ran(small_pack()), by="age", bands=[30, 70]).to_text(language)


def test_take_up_is_data_as_well(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = json.loads(
        run(capsys, folder, "take-up", "--item", "meals", "--by", "district", "--format", "json")[1]
    )
    assert (found["pack"], found["on"], found["households"], found["members"]) == (
        "small",
        str(ON),
        5,
        6,
    )
    (north,) = (row for row in found["items"] if row["district"] == "north")
    assert (
        north["eligible"],
        north["undetermined_decisions"],
        north["rate_low"],
        north["rate_high"],
    ) == (2, 1, 0.0, 0.0)


def test_indicators_are_printed_with_what_cannot_be_computed(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    code, text, _ = run(capsys, folder, "indicators", "--lang", "en")
    assert code == 0 and "Older people who live alone" in text and "nobody is asked" in text
    found = json.loads(run(capsys, folder, "indicators", "--by", "district", "--format", "json")[1])
    assert found["cannot"]["readers"] == {"zh": "没有问", "en": "nobody is asked"}
    assert {
        row["district"] for row in found["indicators"] if row["indicator"] == "old_people_alone"
    } == {"north", "south", None}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_if_shows_what_an_amendment_changes(
    capsys: pytest.CaptureFixture[str], folder: Path, language: str
) -> None:
    amendment = ("--amend", str(folder / "richer.yaml"))
    comparison = ran(small_pack()).compare(ran(small_pack().amend(AMENDMENT)))
    code, text, _ = run(capsys, folder, "what-if", *amendment, "--lang", language)
    assert (code, "+ richer" in text, "5,040" in text) == (0, True, True)
    assert text == comparison.to_text(language)  # type: ignore[arg-type]
    _, text, _ = run(
        capsys,
        folder,
        "what-if",
        *amendment,
        "--by",
        "item",
        "--by",
        "age=18,60",
        "--income",
        "income",
        "--lang",
        language,
    )
    shown = comparison.tables("item", age=[18, 60]), comparison.winners_and_losers_report("income")
    assert text == "\n".join(one.to_text(language) for one in shown)  # type: ignore[arg-type]


def test_what_if_is_data_as_well(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    arguments = (
        "--amend",
        str(folder / "richer.yaml"),
        "--by",
        "district",
        "--income",
        "income",
        "--format",
        "json",
    )
    found = json.loads(run(capsys, folder, "what-if", *arguments)[1])
    assert (found["before"]["laid_over"], found["after"]["laid_over"]) == ([], ["richer"])
    assert {row["district"]: Decimal(row["change_low"]) for row in found["groups"]} == {
        "north": 1200,
        "south": 480,
        None: 0,
    }
    assert sum(row["winners"] for row in found["winners"]) == 3
    assert Decimal(found["items"][0]["change_low"]) == 1680


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        ("what-if", (), "--amend: error JM027"),
        ("take-up", ("--item", "meal"), "did you mean: meals"),
        ("take-up", ("--by", "distrikt"), "did you mean: district"),
        ("indicators", ("--by", "age=60,18"), "bands: error JM060"),
        ("indicators", ("--by", "age=young"), "bands: error JM072"),
        ("indicators", ("--by", "age=0.5,x"), "bands: error JM072"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    command: str,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    code, out, err = run(capsys, folder, command, *arguments)
    assert (code, out) == (2, "") and said in err


def test_columns_of_text_stand_under_each_other_whatever_the_characters() -> None:
    assert aligned(["项目", "n"], [["低保", "1,000"], ["aid", "7"]]) == [
        "项目      n",
        "低保  1,000",
        "aid       7",
    ]
    assert aligned(["a", "b"], []) == ["a  b"]


def test_the_day_of_a_what_if_is_that_of_both_runs(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    later = date(2019, 6, 1)
    text = run(
        capsys,
        folder,
        "what-if",
        "--amend",
        str(folder / "richer.yaml"),
        "--on",
        str(later),
        "--lang",
        "en",
    )[1]
    assert text.count(str(later)) == 2


def test_a_household_fact_is_meant_where_it_is_named_so(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    found = json.loads(
        run(capsys, folder, "take-up", "--by", "household.income=1500.5", "--format", "json")[1]
    )
    assert pl.DataFrame(found["items"])["household.income"].unique().sort().to_list() == [
        None,
        "1,500.5+",
        "< 1,500.5",
    ]
