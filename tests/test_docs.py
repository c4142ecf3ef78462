"""What is written for people holds: every block of the README and of `docs/` runs as printed."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_no_rule_refers_to_a_list_that_readers_do_not_have() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "rules").rglob("*.yaml")}
    assert texts
    assert [path.name for path, text in texts.items() if re.search(r"\bX\d+[a-z]?\b", text)] == []
