"""What is written for people holds: rules refer to nothing that is missing, and code of pages runs
as printed."""

from __future__ import annotations

import re

import pytest

from tests.support.paths import ROOT


def test_no_rule_refers_to_a_list_that_readers_do_not_have() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.yaml")}
    assert texts
    assert [path.name for path, text in texts.items() if re.search(r"\bX\d+[a-z]?\b", text)] == []


@pytest.mark.parametrize("page", ["amend.md", "explain.md", "timeline.md"])
def test_the_python_of_a_page_runs_as_printed(page: str) -> None:
    """The blocks of a page run in order, in one namespace."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
