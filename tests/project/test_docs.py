"""What is written for people holds: rules refer to nothing that is missing, and pages run as
printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jmentitle.synthetic.city import synthetic_city
from tests.support.families import shipped
from tests.support.pages import blocks, follow
from tests.support.paths import EXAMPLES, ROOT

LANGUAGES = {"python", "sh", "yaml", "text", "mermaid"}
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
# `tests/diagnostics` runs the pages of codes: one block of each is a mistake.
# `test_api_reference` runs those of the reference.
PAGES = [page for page in PAGES if page.parent.name not in ("errors", "api")]
RUN = [
    page
    for page in PAGES
    if any(block.language in ("python", "sh") for block in blocks(page.read_text(encoding="utf-8")))
]


def test_no_rule_refers_to_a_list_that_readers_do_not_have() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.yaml")}
    assert texts
    assert [path.name for path, text in texts.items() if re.search(r"\bX\d+[a-z]?\b", text)] == []


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two tables of a population."""
    folder, city = tmp_path_factory.mktemp("tables"), synthetic_city(shipped(), 200, unknown=0.1)
    for name, frame in (("households", city.households), ("members", city.members)):
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


@pytest.fixture
def desk(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a reader has: the repository's examples and rules, a family, tables."""
    for source in (EXAMPLES, ROOT / "rules", *tables.iterdir()):
        (tmp_path / source.name).symlink_to(source)
    family = EXAMPLES / "dibao_family_with_disabled_father.yaml"
    (tmp_path / "family.yaml").write_text(family.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.no_cover
@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_a_page_runs_as_printed(page: Path) -> None:
    follow(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_says_its_language(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(blocks(text)) == len(re.findall(r"^```", text, re.MULTILINE)) / 2
    assert {block.language for block in blocks(text)} <= LANGUAGES


def test_few_blocks_are_not_run() -> None:
    marked = [
        block
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.mark == "not run"
    ]
    assert len(marked) <= 10


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```python\n1 + 1  # 3\n```\n", "page.md:2: 2"),
        ("```sh\njmentitle items --lang en\n```\n\n```text\n81. nothing\n```\n", "another output"),
        ("```sh\nmake test\n```\n", "`make` is not run here"),
        ("```sh\njmentitle assess absent.yaml\n```\n", "absent.yaml"),
    ],
)
def test_what_is_not_as_printed_is_noticed(
    page: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    with pytest.raises(AssertionError, match=message):
        follow(tmp_path / "page.md")


def test_a_page_is_followed_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text(
        "<!-- file: note.yaml -->\n```yaml\nkept: true\n```\n"
        "```python\nfrom pathlib import Path\nprint(Path('note.yaml').read_text())\n```\n"
        "```text\nkept: true\n```\n<!-- not run: needs another machine -->\n```sh\nmake\n```\n",
        encoding="utf-8",
    )
    follow(tmp_path / "page.md")
