"""Characters that nobody sees never reach a terminal or a page: packs may not hold them, and what
is said of other files shows them as escapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jmentitle import Pack, PackError
from jmentitle.cli.main import main
from jmentitle.language.characters import unseen, visible
from jmentitle.language.diagnostics import Diagnostic, Span
from tests.support.paths import EXAMPLES
from tests.support.small_pack import FILES, diagnostics_of, replaced, small_pack

UNSEEN = [
    "\x00",
    "\x07",
    "\x1b",
    "\x7f",
    "\x85",
    "\x9b",
    "\u061c",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2028",
    "\u2029",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\U000e0041",
]
TEXTS = ["老年人", "Straße — 60 %", "全角\u3000空格", "\u00a0", "𠮷", "é", ""]


@pytest.mark.parametrize("char", UNSEEN)
def test_what_is_unseen_is_shown_as_an_escape(char: str) -> None:
    escaped = char.encode("unicode_escape").decode()
    assert unseen(f"a{char}b") == [1]
    assert visible(f"a{char}b") == f"a{escaped}b"
    whole = f"x{char}y"
    one = Diagnostic(
        "JM017", whole, Span(whole, 1, 3, 1), whole, whole, whole, excerpt=f"{char}{char}word{char}"
    )
    assert char not in one.render()
    assert char not in json.dumps(one.to_dict(), ensure_ascii=False)
    lines = one.render().splitlines()
    assert lines[2].index("^") == lines[1].index("w")
    assert "\n" not in Diagnostic("JM017", "a\nb", path="a\nb").render()


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_seen_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("char", UNSEEN)
def test_a_pack_holds_none_written_or_escaped(char: str) -> None:
    escaped = f"\\U{ord(char):08x}"
    places = (
        replaced("vocabulary/statuses.yaml", "zh: 老年人", f'zh: "老{escaped}年人"'),
        replaced("vocabulary/statuses.yaml", "zh: 老年人", f"zh: 老{char}年人"),
        {"vocabulary/statuses.yaml": f"# a remark {char}\n" + FILES["vocabulary/statuses.yaml"]},
        replaced("pack.yaml", 'version: "1"', f'version: "1{escaped}"'),
        replaced("items/care/meals.yaml", "number: 1", f'"numb{escaped}er": 1'),
    )
    for overrides in places:
        said = diagnostics_of(overrides)
        assert {one.code for one in said} & {"JM020", "JM001", "JM017"}, said
        assert char not in "".join(one.render() for one in said)


@pytest.mark.parametrize("char", UNSEEN)
def test_an_amendment_holds_none(char: str) -> None:
    for text in (
        f'id: reform\nname: {{zh: "a\\U{ord(char):08x}", en: b}}\n',
        {"id": "reform", "name": {"zh": f"a{char}", "en": "b"}},
    ):
        with pytest.raises(PackError) as caught:
            small_pack().amend(text)
        assert {one.code for one in caught.value.diagnostics} <= {"JM020", "JM001"}
        assert char not in str(caught.value)


def test_a_name_of_two_lines_is_refused_and_a_remark_is_not() -> None:
    name = replaced(
        "items/care/meals.yaml",
        "name: {zh: 助餐, en: Meals}",
        'name: {zh: 助餐, en: "Meals\\nGranted"}',
    )
    assert [one.code for one in diagnostics_of(name)] == ["JM020"]
    summary = replaced(
        "items/care/meals.yaml", "en: Meals for older people.", 'en: "Meals\\nfor older people."'
    )
    assert diagnostics_of(summary) == []


def test_the_shipped_pack_holds_none(pack: Pack) -> None:
    assert not [file.path for file in pack.files if unseen(file.text, "\n")]


@pytest.mark.parametrize("form", ["text", "json"])
def test_keys_and_names_of_files_are_shown_escaped(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(
        json.dumps(
            {
                "members": [{"a\x1b[31m": 1, "x\u202e": 2, "id": "\u2066"}],
                "\u200b": 1,
                "household": {"hukou_county": "\x9b"},
            }
        )
    )
    for words in (
        ["assess", str(bad)],
        ["assess", "no\x1b[31m\u202efile"],
        ["items", "--pack", "\u202e"],
        ["items", "--overlay", "a\x9bb"],
        ["item", "\x1b"],
    ):
        assert main([*words, "--format", form]) == 2
        assert not unseen(capsys.readouterr().err, "\n")


def test_a_record_of_a_stranger_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from jmentitle.assessment.receipt import result_digest
    from jmentitle.assessment.replay import as_json, read_record

    family = str(EXAMPLES / "dibao_family_with_disabled_father.yaml")
    assert main(["assess", family, "--on", "2018-10-15", "--format", "json"]) == 0
    text = capsys.readouterr().out
    assert text.count("最低生活保障")
    forged = read_record(text).model_validate_json(
        text.replace("最低生活保障", "最低\\u001b[31m生活\\u202e保障").replace(
            '"eligible"', '"ineligible"'
        )
    )
    forged = forged.model_copy(
        update={
            "receipt": forged.receipt.model_copy(update={"result_digest": result_digest(forged)})
        }
    )
    left, right = tmp_path / "left.json", tmp_path / "right.json"
    left.write_text(text, encoding="utf-8")
    right.write_text(as_json(forged), encoding="utf-8")
    assert main(["diff", str(left), str(right)]) == 2
    told = capsys.readouterr()
    assert "JM092" in told.err and not unseen(told.out + told.err, "\n")
