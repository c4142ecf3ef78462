"""Imports run downward only, and nothing heavy is loaded on the way to a first answer."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.families import shipped

ROOMS = (
    "language", "pack", "profile", "chain", "assessment", "explain", "timeline", "change", "render", "api", "typed", "population", "author", "cli",
    "__main__",
)  # fmt: skip
PACKAGE = Path(__file__).parent.parent / "jmentitle"
# The upward imports: `Pack.assess`, `Assessment.to_text`, what a notebook shows and their like load the rooms above them when they are called.
LATE = {"api", "assessment", "explain", "timeline", "change"}


def imports(path: Path) -> list[tuple[str, bool]]:
    """The rooms that a module imports, and whether it does so inside a function."""
    found = []
    module = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in module.body}
    for node in ast.walk(module):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names] if isinstance(node, ast.Import) else []
        found += [(name.split(".")[1], id(node) not in top) for name in names if name.startswith("jmentitle.")]
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_downward(path: Path) -> None:
    within = path.relative_to(PACKAGE)
    room = within.parts[0] if len(within.parts) > 1 else within.stem
    if room == "__init__":
        return
    assert room in ROOMS, f"{room} has no place among the rooms"
    for imported, late in imports(path):
        if not (late and room in LATE):
            assert ROOMS.index(imported) <= ROOMS.index(room), f"{within} imports {imported}, which lies above it"


def test_a_first_answer_loads_nothing_heavy() -> None:
    program = """
import sys
from datetime import date
from jmentitle import load_pack
load_pack().assess({"members": [{}]}, on=date(2018, 10, 15))
heavy = {"polars", "pandas", "numpy", "pyarrow", "durable", "durable_rules_engine", "hypothesis", "rich", "typer", "jsonschema", "requests"}
print(sorted(heavy & set(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert ran.stdout.strip() == "[]"


def test_importing_the_package_loads_neither_pydantic_nor_yaml() -> None:
    program = "import sys, jmentitle; print(sorted({'pydantic', 'yaml'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert ran.stdout.strip() == "[]"


def test_the_code_knows_nothing_of_jingmen() -> None:
    """A pack for another city is only YAML: outside the generated profile no module names an item or a fact of the pack."""
    content = shipped().content
    words = {*content.items, *content.parameters, *(name for _, name in content.facts if name != "relation")}
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "typed":
            strings = {
                node.value
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
            assert not strings & words, f"{path.name}: {strings & words}"
