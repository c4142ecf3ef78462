"""Where things lie, whatever folder a test is in."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
EXAMPLES = ROOT / "examples"
