"""The pages of all items are what the pack says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from jmentitle import Pack
from jmentitle.author.tables import items_page
from jmentitle.cli.main import main
from jmentitle.pack.text import Text
from tests.support.families import shipped
from tests.support.paths import ROOT
from tests.support.small_pack import small_pack, write

DOCS = ROOT / "docs"


@pytest.mark.parametrize(("language", "name"), [("en", "items.md"), ("zh", "items.zh.md")])
def test_the_committed_pages_have_not_drifted(pack: Pack, language: str, name: str) -> None:
    drifted = (DOCS / name).read_text(encoding="utf-8") != items_page(pack.content, language)
    assert not drifted, f"docs/{name} is not what the pack says: run `make generated`"


def test_a_page_holds_every_item_with_its_conditions_sources_and_gaps() -> None:
    page = items_page(small_pack().content, "en").splitlines()
    assert (
        "| 1 | [助餐<br>Meals](#meals) | for each person | meal grant | circular (official notice)"
        " | unpublished values: 1 |" in page
    )
    start = page.index("### 1. 助餐 · Meals")
    section = page[start : page.index('<a id="visits"></a>')]
    assert '<a id="meals"></a>' in page
    for line in (
        "- meal grant  [grant] · cash  [circular]",
        "- apply: desk",
        "  - circular: civil affairs bureau · Circular (official notice)",
        "- unpublished values:",
        "  - meal grant [meal_grant] South, East (2019-01-01 – …): not published  → counter",
    ):
        assert line in section
    assert any(line.strip() == "- older person" for line in section)


def test_the_command_prints_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", "--pack", str(write(tmp_path)), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == items_page(small_pack().content, "zh")


def test_no_english_text_of_the_pack_holds_chinese() -> None:
    """Document numbers are written in letters: Cai She [2017] 164."""
    wrong = {
        text.en
        for text in texts(shipped().content, set())
        if re.search("[\u3000-\u9fff\uff00-\uffef]", text.en)
    }
    assert not wrong


def texts(value: object, seen: set[int]) -> Iterator[Text]:
    """Every text below a value, each object once."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner, seen)
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts(getattr(value, one.name), seen)
