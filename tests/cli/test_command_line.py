"""The command line as a person or a script uses it: output, errors on stderr, exit codes."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jmentitle import Pack
from jmentitle.cli import commands
from jmentitle.cli.main import main
from tests.support.engines import engines
from tests.support.families import FAMILIES, assessed, path_of
from tests.support.paths import EXAMPLES, ROOT

FAMILY = str(EXAMPLES / "dibao_family_with_disabled_father.yaml")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", [FAMILIES[0], FAMILIES[-1]])
def test_assess_prints_the_text_of_an_assessment(
    capsys: pytest.CaptureFixture[str], name: str, language: str
) -> None:
    assert run(capsys, "assess", str(path_of(name)), "--lang", language) == (
        0,
        assessed(name).to_text(language),
        "",
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FAMILIES)
def test_the_text_for_a_family_is_whole_and_in_its_language(name: str, language: str) -> None:
    text = assessed(name).to_text(language)
    assert ("荆门市" if language == "zh" else "Jingmen") in text.splitlines()[0]
    assert "None" not in text
    assert "{" not in text
    wrong = set("這個們會對應領補貼殘醫療險業務學員證單時間辦")
    assert not [
        line
        for line in text.splitlines()
        if (re.search(r"[\u4e00-\u9fff]", line) if language == "en" else set(line) & wrong)
    ]


def test_assess_gives_what_opens_after_what(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "assess", FAMILY, "--lang", "zh")
    now, later = out.split("【办成后才能申请】")
    assert "低保金（按差额补足）：每月960元" in now
    assert "困难残疾人生活补贴：每月50元" in later
    assert "先办：最低生活保障" in later
    _, out, _ = run(capsys, "assess", FAMILY, "--lang", "en")
    assert "960 CNY a month" in out.split("## Available after another application")[0]


@pytest.mark.parametrize("engine_name", engines())
def test_assess_json_is_the_same_in_every_engine(
    capsys: pytest.CaptureFixture[str], engine_name: str
) -> None:
    _, native, _ = run(capsys, "assess", FAMILY, "--format", "json")
    _, other, _ = run(capsys, "assess", FAMILY, "--format", "json", "--engine", engine_name)
    left, right = json.loads(native), json.loads(other)
    assert left["receipt"].pop("engine") == "native"
    assert right["receipt"].pop("engine") == engine_name
    assert left == right


def test_assess_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(FAMILY).read_bytes())))
    _, from_stdin, _ = run(capsys, "assess", "-")
    _, from_file, _ = run(capsys, "assess", FAMILY)
    assert from_stdin == from_file


def test_a_bad_household_file_ends_with_2_and_errors_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("members: [{brith_date: 1950-01-01}]\n")
    code, out, err = run(capsys, "assess", str(bad), "--on", "2018-10-15")
    assert (code, out) == (2, "")
    assert err == "members[0].brith_date: error JM071: unknown fact\n  did you mean: birth_date\n"
    code, out, err = run(capsys, "assess", str(bad), "--on", "2018-10-15", "--format", "json")
    assert (code, out) == (2, "")
    assert json.loads(err)["errors"] == [
        {
            "code": "JM071",
            "severity": "error",
            "title": "unknown fact",
            "message": "unknown fact",
            "path": "members[0].brith_date",
            "suggestion": "birth_date",
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("assess", "nowhere.yaml"), "JM017"),
        (("assess", FAMILY, "--on", "2021-01-01"), "a date from 2016-01-01 to 2020-12-31"),
        (("assess", FAMILY, "--pack", "jingman"), "did you mean: jingmen"),
        (("item", "minimum_living_guarante"), "did you mean: minimum_living_guarantee"),
        (("replay", FAMILY, FAMILY), "JM092"),
    ],
)
def test_unusable_input_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_items_lists_the_eighty(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "items", "--format", "json")
    assert code == 0
    assert [item["number"] for item in json.loads(out)] == list(range(1, 81))
    _, out, _ = run(capsys, "items", "--lang", "en")
    assert "Minimum living guarantee (dibao)" in out


def test_item_shows_the_rule_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    for language, words in (("zh", "重度残疾"), ("en", "severely disabled")):
        code, out, _ = run(capsys, "item", "disabled_living_and_care_subsidies", "--lang", language)
        assert code == 0
        assert words in out
        assert "hubei_two_subsidies_2016" in out


def test_every_item_can_be_shown(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "load_pack", lambda *_, **__: pack)
    for id_ in pack.content.items:
        for language in ("zh", "en"):
            code, out, _ = run(capsys, "item", id_, "--lang", language)
            assert code == 0
            assert len(out) > 300


def test_facts_and_schema(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "facts")
    assert "birth_date: YYYY-MM-DD" in out
    _, out, _ = run(capsys, "schema")
    assert json.loads(out)["$schema"].endswith("2020-12/schema")


def test_lint_of_the_shipped_pack_finds_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "lint", "jingmen", "--format", "json")
    assert code == 0, out
    assert json.loads(out) == {"findings": []}


def test_lint_of_a_broken_pack_ends_with_1_and_shows_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.support.random_packs import Random, RandomPack

    for file in RandomPack(Random(3)).files():
        path = tmp_path / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text.replace("kind: service", "kind: servise"), encoding="utf-8")
    code, out, _ = run(capsys, "lint", str(tmp_path))
    assert code == 1
    assert "items/domain/item_0.yaml:" in out
    assert "did you mean: service" in out


def test_replay_says_whether_a_record_can_be_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, record, _ = run(capsys, "assess", FAMILY, "--format", "json")
    path = tmp_path / "record.json"
    path.write_text(record, encoding="utf-8")
    code, out, _ = run(capsys, "replay", str(path), FAMILY)
    assert (code, out) == (0, "The replay equals the record byte for byte.\n")
    code, out, _ = run(
        capsys, "replay", str(path), str(EXAMPLES / "disabled_veteran.yaml"), "--format", "json"
    )
    assert code == 1
    assert "receipt.input_digest" in json.loads(out)["differences"]


def test_the_package_itself_is_the_command() -> None:
    command = [sys.executable, "-m", "jmentitle", "items", "--lang", "en"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "minimum_living_guarantee" in ran.stdout


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m jmentitle.cli.main facts | head -1"
    ran = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.stderr == ""
