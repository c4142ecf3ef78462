"""Names keep to docs/naming.md, and docs/README.md names every page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jmentitle

PACKAGE = Path(jmentitle.__file__).parent
DOCS = PACKAGE.parent / "docs"


def forbidden() -> set[str]:
    page = (DOCS / "naming.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- `(\w+)`: ", page, re.MULTILINE))


def defined(text: str) -> Iterator[str]:
    """The names that code defines: classes, functions, arguments, variables and attributes."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(asname=str(name)):
                yield name
            case _:
                pass


def test_no_name_is_one_that_was_given_up() -> None:
    words = forbidden()
    assert words
    for path in PACKAGE.rglob("*.py"):
        assert not words & set(defined(path.read_text(encoding="utf-8"))), path


def test_a_name_that_was_given_up_is_seen() -> None:
    for text in ("class Past: pass", "def f(Past): pass", "Past = 1", "x.Past = 1"):
        assert "Past" in set(defined(text))


def test_the_index_of_docs_names_every_page() -> None:
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([\w./]+)\)", page))
    own = {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    folders = {f"{path.parent.name}/README.md" for path in DOCS.glob("*/README.md")}
    assert linked == own | folders
