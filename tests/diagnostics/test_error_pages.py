"""Every code has its page, and what the page shows is true: `Avoid` gives exactly this code,
`Prefer` gives nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jmentitle.errors import JmentitleError
from jmentitle.language.codes import TITLES
from jmentitle.language.diagnostics import documentation_page
from jmentitle.profile.validation import parse_text
from tests.support.golden_messages import said_by_command
from tests.support.paths import ROOT
from tests.support.small_city import CITY, said_of
from tests.support.small_pack import FILES, ON, diagnostics_of, small_pack

PAGES = ROOT / "docs/errors"
FORM = re.compile(
    r"# (?P<title>.+)\n\n(?P<what>.+)\n\n##"
    r" Avoid\n\n```(?P<bad_kind>yaml|sh)\n(?P<avoid>[^`]+)```\n\n"
    r"## Prefer\n\n```(?P<good_kind>yaml|sh)\n(?P<prefer>[^`]+)```\n\n## Why\n\n(?P<why>.+)\n"
)


def page(code: str) -> re.Match[str]:
    found = FORM.fullmatch((ROOT / documentation_page(code)).read_text(encoding="utf-8"))
    assert found is not None, f"the page of {code} has another form"
    return found


Blocks = list[tuple[str, str]]


def blocks(text: str, indent: int) -> Blocks:
    """The keys of a mapping in block style at this indentation, each with all its lines."""
    found: Blocks = []
    for line in text.splitlines(keepends=True):
        match = re.match(rf" {{{indent}}}([^\s:#-][^\s:]*):", line)
        if match:
            found.append((match.group(1), line))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def laid_over(base: str, snippet: str, indent: int = 0) -> str:
    """The text in which the keys of the snippet stand in place of the same keys; mappings in block
    style are gone into."""
    own, result = blocks(snippet, indent), blocks(base, indent)
    for place, (key, text) in enumerate(own):
        at = [number for number, (name, _) in enumerate(result) if name == key]
        repeated = key in [name for name, _ in own[:place]]
        if not at or repeated:
            following = [
                number
                for number, (name, _) in enumerate(result)
                if name in [later for later, _ in own[place + 1 :]]
            ]
            result.insert(at[-1] + 1 if at else min(following, default=len(result)), (key, text))
        else:
            result[at[0]] = (key, block_over(result[at[0]][1], text, indent))
    return "".join(text for _, text in result)


def block_over(base: str, text: str, indent: int) -> str:
    """One key of the snippet over the same key of the base."""
    head, _, rest = text.partition("\n")
    base_head, _, base_rest = base.partition("\n")
    deeper = indent + 2
    if (
        rest
        and blocks(rest, deeper)
        and blocks(base_rest, deeper)
        and head.endswith(":")
        and base_head.endswith(":")
    ):
        return f"{base_head}\n{laid_over(base_rest, rest, deeper)}"
    return text


def codes(kind: str, snippet: str, folder: Path) -> set[str]:
    """The codes of everything said about a snippet."""
    if kind == "sh":
        return mentioned(said_by_command(snippet.strip(), folder, {}))
    path, _, text = snippet.removeprefix("# ").partition("\n")
    if path == "household.yaml":
        try:
            small_pack().read(parse_text(text), None if "on:" in text else ON)
        except JmentitleError as problem:
            return {one.code for one in problem.diagnostics}
        return set()
    if path == "city.yaml":
        return {one.code for one in said_of(laid_over(CITY, text))}
    laid = {"overlay.yaml": "--overlay", "amendment.yaml": "--amend"}
    if path in laid:
        return mentioned(
            said_by_command(f"jmentitle items {laid[path]} {path}", folder, {path: text})
        )
    meals = "items/care/meals.yaml"
    # The example of the small pack is left out: what a page shows may well change what its rules
    # give.
    unproved: dict[str, str | None] = {meals: FILES[meals].partition("given:")[0]}
    overrides = unproved | {path: laid_over(unproved.get(path) or FILES.get(path, ""), text)}
    return {one.code for one in diagnostics_of(overrides)}


def mentioned(text: str) -> set[str]:
    return set(re.findall(r"(?:error|warning) (JM\d{3}):", text))


def test_there_is_a_page_for_every_code_and_no_other() -> None:
    assert {path.stem for path in PAGES.glob("JM*.md")} == set(TITLES)


def test_the_index_lists_every_page_with_its_title() -> None:
    listed = re.findall(
        r"^- \[(JM\d{3})\]\((JM\d{3})\.md\) (.+)$",
        (PAGES / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert listed == [(code, code, title) for code, title in TITLES.items()]


@pytest.mark.parametrize("code", TITLES)
def test_the_page_is_true(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = page(code)
    assert found["title"] == f"{code}: {TITLES[code]}"
    assert found["avoid"] != found["prefer"]
    assert codes(found["bad_kind"], found["avoid"], tmp_path) == {code}
    assert codes(found["good_kind"], found["prefer"], tmp_path) == set()
