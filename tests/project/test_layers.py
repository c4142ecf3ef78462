"""Imports run downward only, and nothing heavy is loaded on the way to a first answer."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from jmentitle import public
from jmentitle.assessment import display
from tests.support.families import shipped
from tests.support.paths import ROOT

PACKAGE = ROOT / "jmentitle"
ROOMS = (
    "public",
    "language",
    "pack",
    "profile",
    "chain",
    "assessment",
    "views",
    "render",
    "population",
    "policy",
    "synthetic",
    "author",
    "api",
    "typed",
    "cli",
    "__main__",
)
"""From the bottom to the top: a room knows those before it."""
DOORS = set(public.DOORS)
"""Modules that only name what lies elsewhere, for those who import the package: they stand beside
`api`."""


def modules() -> dict[str, Path]:
    names = {
        ".".join(("jmentitle", *path.relative_to(PACKAGE).with_suffix("").parts)): path
        for path in PACKAGE.rglob("*.py")
    }
    return {name.removesuffix(".__init__"): path for name, path in names.items()}


MODULES = modules()


def imports(path: Path) -> set[str]:
    """The modules of the package that a module imports anywhere: within functions and for types
    only, too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written from the root"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in MODULES else str(node.module) for name in inner}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.split(".")[0] == "jmentitle"}


ARROWS = {name: imports(path) for name, path in MODULES.items()}


def rank(module: str) -> int:
    if module in DOORS:
        return ROOMS.index("api")
    return ROOMS.index("language" if module == "jmentitle.errors" else module.split(".")[1])


def knots(arrows: dict[str, set[str]]) -> list[set[str]]:
    """The groups of modules that import each other, directly or through others."""
    above = {module: reached(module, arrows) for module in arrows}
    groups = [
        frozenset(other for other in above[module] if module in above.get(other, ()))
        for module in arrows
    ]
    return [set(group) for group in dict.fromkeys(groups) if group]


def reached(module: str, arrows: dict[str, set[str]]) -> set[str]:
    found, waiting = set[str](), [module]
    while waiting:
        new = arrows.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_run_downward(module: str) -> None:
    for imported in ARROWS[module]:
        assert imported in MODULES, f"{module} imports {imported}, which does not exist"
        assert rank(imported) <= rank(module), f"{module} imports {imported}, which lies above it"


def test_no_modules_import_each_other() -> None:
    assert knots(ARROWS) == []


def test_a_knot_is_seen() -> None:
    assert knots({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [{"b", "c"}]


@pytest.mark.parametrize("name", sorted(display.FORMS))
def test_every_form_of_a_result_is_found(name: str) -> None:
    assert callable(display.form(name))


def test_a_first_answer_loads_nothing_heavy() -> None:
    program = """
import sys
from datetime import date
from jmentitle import load_pack
load_pack().assess({"members": [{}]}, on=date(2018, 10, 15))
heavy = {"polars", "pandas", "numpy", "pyarrow", "durable", "durable_rules_engine"}
heavy |= {"hypothesis", "rich", "typer", "jsonschema", "requests"}
print(sorted(heavy & set(sys.modules)))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    assert ran.stdout.strip() == "[]"


def test_importing_the_package_loads_neither_pydantic_nor_yaml() -> None:
    program = "import sys, jmentitle; print(sorted({'pydantic', 'yaml'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    assert ran.stdout.strip() == "[]"


def test_the_code_knows_nothing_of_jingmen() -> None:
    """A pack for another city is only YAML: outside the generated profile no module names an item
    or a fact of the pack."""
    content = shipped().content
    words = {
        *content.items,
        *content.parameters,
        *(name for _, name in content.facts if name != "relation"),
    }
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "typed":
            strings = {
                node.value
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
            assert not strings & words, f"{path.name}: {strings & words}"
