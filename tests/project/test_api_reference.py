"""Every public name has its section with all parts, its example runs, its frame has the columns of
its table, and the pages are what the docstrings say."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import jmentitle
from jmentitle import public
from jmentitle.author import api_reference, docstrings
from jmentitle.author.api_pages import INTERNAL, PAGES
from jmentitle.author.api_reference import Documented, documented, field_names
from jmentitle.language.codes import TITLES

DOCS = Path(jmentitle.__file__).parent.parent / "docs"
EVERYTHING = [(page, one) for page in PAGES.values() for one in documented(page)]
NAMES = [one for _, one in EVERYTHING]
ERRORS = {name for name, home in public.DOORS["jmentitle"].items() if home == "jmentitle.errors"}


def test_the_committed_pages_have_not_drifted() -> None:
    made = api_reference.pages()
    assert {path.name for path in (DOCS / "api").iterdir()} == made.keys()
    for name, text in made.items():
        same = (DOCS / "api" / name).read_text(encoding="utf-8") == text
        assert same, f"docs/api/{name} is not what the docstrings say: run `make generated`"


def test_every_public_name_stands_on_one_page() -> None:
    listed = [(page.door, name) for page in PAGES.values() for name in page.names]
    assert len(listed) == len(set(listed))
    assert set(listed) == {(door, name) for door, names in public.DOORS.items() for name in names}


@pytest.mark.parametrize("one", NAMES, ids=lambda one: one.name)
def test_a_name_has_all_its_parts(one: Documented) -> None:
    doc = one.doc
    assert doc.text.endswith((".", ":")), "a summary"
    parameters = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    expected = [parameters.get(each.kind, "") + each.name for each in one.parameters]
    assert doc.names("Arguments") == expected
    assert bool(doc.returns) == one.is_call, "`Returns` belongs to calls"
    if inspect.isclass(one.value):
        assert doc.names("Fields") == field_names(one.value)
    if one.is_call or inspect.isclass(one.value):
        assert doc.example, "an example"
    if one.is_call and "DataFrame" in one.signature.rpartition("->")[2]:
        assert doc.names("Columns") or "the columns of `" in doc.returns


@pytest.mark.parametrize("one", NAMES, ids=lambda one: one.name)
def test_errors_are_named_with_their_codes(one: Documented) -> None:
    for entry in one.doc.entries.get("Raises", []):
        assert entry.name in ERRORS
        codes = re.findall(r"\bJM\d{3}\b", entry.text)
        assert set(codes) <= TITLES.keys()
        assert codes or entry.text.startswith("As `")


def test_what_is_internal_exists_and_is_said_once() -> None:
    for name, hidden in INTERNAL.items():
        assert len(hidden) == len(set(hidden)), name


class Same(doctest.OutputChecker):
    """Outputs are compared as they are written."""


def run_page(key: str) -> dict[str, object]:
    """The names after all examples of a page; every frame of an example by the name of its
    section."""
    page = PAGES[key]
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(Same(), verbose=False)
    parser = doctest.DocTestParser()
    frames: dict[str, object] = {}
    if key == "plots":
        from jmentitle.population import plots

        names["plots"] = plots
    for name, example in [("prelude", page.prelude), *examples(key)]:
        test = parser.get_doctest(example, names, name, f"docs/api/{key}.md", 0)
        test.globs = names
        names.pop("frame", None)
        said: list[str] = []
        runner.run(test, out=said.append, clear_globs=False)
        assert not said, "".join(said)
        if "frame" in names:
            frames[name] = names["frame"]
    return frames


def examples(key: str) -> Iterator[tuple[str, str]]:
    for one in documented(PAGES[key]):
        if one.doc.example:
            yield one.name, one.doc.example + "\n"


@pytest.mark.parametrize("key", PAGES)
def test_examples_run_and_frames_have_the_columns_that_are_told(key: str) -> None:
    frames = run_page(key)
    told = {one.name: one.doc for one in documented(PAGES[key]) if one.doc.names("Columns")}
    assert frames.keys() == told.keys()
    for name, frame in frames.items():
        assert isinstance(frame, pl.DataFrame)
        assert columns_differ(frame, told[name]) == [], name


def columns_differ(frame: pl.DataFrame, doc: docstrings.Docstring) -> list[str]:
    """Where a frame is not what its table says. A row `<x>` stands for any number of columns, and a
    type `id` or `any` for any type; an id of a member need not be there for households."""
    entries = list(doc.entries["Columns"])
    wrong = []
    for name, dtype in frame.schema.items():
        while entries and entries[0].name != name and entries[0].name.startswith("<"):
            if not any(entry.name == name for entry in entries):
                break
            entries.pop(0)
        if not entries:
            wrong.append(f"{name} is not in the table")
            continue
        entry = entries[0]
        kind = entry.kind.partition(", ")[0]
        if not entry.name.startswith("<"):
            entries.pop(0)
            if entry.name != name:
                wrong.append(f"{name} stands where {entry.name} should")
        if kind not in ("id", "any", str(dtype.base_type())):
            wrong.append(f"{name} is {dtype.base_type()}, not {kind}")
    return wrong + [f"{one.name} is missing" for one in entries if not one.name.startswith("<")]


def test_a_wrong_table_of_columns_is_seen() -> None:
    frame = pl.DataFrame({"household": [1], "low": [1.5]})
    table = "Columns:\n    household (id): The id.\n    low (Float64, yuan): Money."
    right = docstrings.parse(table)
    assert columns_differ(frame, right) == []
    for changed in (
        table.replace("Float64", "Int64"),
        table.replace("low", "least"),
        table + "\n    high (Float64): Money.",
        table.rpartition("\n")[0],
    ):
        assert columns_differ(frame, docstrings.parse(changed))


def test_a_docstring_is_read_in_its_parts() -> None:
    doc = docstrings.parse(docstrings.__doc__.split("\n\n", 1)[1])
    assert doc.text == "Summary in one sentence.\n\nMore sentences."
    assert doc.names("Columns") == ["name"]
    assert doc.entries["Columns"][0].kind == "type, unit"
    assert doc.returns == "Meaning."
    assert doc.example.startswith(">>> ")


def test_a_line_that_is_no_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="is no entry"):
        docstrings.parse("Summary.\n\nArguments:\n    words without a name\n")
