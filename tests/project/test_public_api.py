"""The declared names exist, are all that a door shows, and are all that the docs import."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import jmentitle
from jmentitle import public
from jmentitle.typed import jingmen

PACKAGE = Path(jmentitle.__file__).parent
ROOT = PACKAGE.parent
NAMES = [(door, name) for door, names in public.DOORS.items() for name in names]
GENERATED = jingmen.__name__
"""The door whose names are the classes that come from a pack."""


def file_of(door: str) -> Path:
    return ROOT.joinpath(*door.split("."), "__init__.py")


@pytest.mark.parametrize(("door", "name"), NAMES)
def test_a_declared_name_exists(door: str, name: str) -> None:
    module, home = import_module(door), import_module(public.DOORS[door][name])
    assert getattr(module, name) is getattr(home, name)
    assert not name.startswith("_")


@pytest.mark.parametrize("door", public.DOORS)
def test_a_door_shows_its_names_and_nothing_else(door: str) -> None:
    module = import_module(door)
    own = {"__version__"} & set(vars(module))
    assert set(dir(module)) == set(module.__all__) == {*public.DOORS[door], *own}


@pytest.mark.parametrize("door", public.DOORS)
def test_checkers_of_types_see_the_same_names(door: str) -> None:
    """The imports for types are those of the list, each under its own name."""
    seen = {
        alias.asname: node.module
        for node in ast.walk(ast.parse(file_of(door).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module not in ("typing", public.__name__)
        for alias in node.names
        if alias.asname == alias.name
    }
    assert seen == public.DOORS[door]


@pytest.mark.parametrize("door", public.DOORS)
def test_no_module_hides_a_name_of_its_door(door: str) -> None:
    """A module of a package becomes its attribute once somebody imports it."""
    within = {path.stem for path in file_of(door).parent.iterdir()}
    assert not within & public.DOORS[door].keys()


@pytest.mark.parametrize("door", public.DOORS)
def test_an_unknown_name_is_refused_as_by_any_module(door: str) -> None:
    module = import_module(door)
    with pytest.raises(
        AttributeError, match=f"module '{door}' has no attribute 'nothing'"
    ) as caught:
        _ = module.nothing
    assert caught.value.name == "nothing"
    assert caught.value.obj is module


def test_doors_import_nothing_before_they_are_asked() -> None:
    program = (
        "import sys, jmentitle, jmentitle.population, jmentitle.render\n"
        "print(*sorted(name for name in sys.modules if name.startswith('jmentitle')))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.split() == sorted([*public.DOORS, public.__name__])


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert jmentitle.__version__ == project["version"]


def pages() -> list[Path]:
    """Everything that shows people how to use the library."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*")]
    return [path for path in found if path.suffix in (".md", ".py", ".ipynb")]


def deep(text: str) -> list[str]:
    """The imports of a text that go past a door, and dotted names of modules behind one."""
    doors = {*public.DOORS, GENERATED}
    wrong = []
    for module, names in re.findall(r"from (jmentitle[\w.]*) import ([\w, ]+|\()", text):
        known = set(getattr(import_module(module), "__all__", ())) if module in doors else set()
        if module == GENERATED:
            continue
        listed = {name.split(" as ")[0].strip() for name in names.split(",")} - {"(", ""}
        if not known or not listed <= known:
            wrong.append(f"{module}: {names}")
    modules = re.findall(
        r"^\s*import (jmentitle[\w.]*)|\b(jmentitle(?:\.\w+)+)", text, re.MULTILINE
    )
    for module in {one or other for one, other in modules}:
        door, _, name = module.rpartition(".")
        whole = module in doors or name in public.DOORS.get(door, {}) or name == "__version__"
        below = door.rpartition(".")
        through = below[2] in public.DOORS.get(below[0], {})
        if not (whole or through or module == "jmentitle"):
            wrong.append(module)
    return wrong


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_people_read_imports_a_deep_path(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    assert deep(commands_aside(text)) == []


def commands_aside(text: str) -> str:
    """Without `python -m jmentitle.x.y`, which the commands of maintainers are."""
    return re.sub(r"python3? -m jmentitle[\w.]*", "", text)


@pytest.mark.parametrize(
    "text",
    [
        "from jmentitle.views.diff import diff",
        "from jmentitle import parse_text, nothing",
        "import jmentitle.api",
        "see `jmentitle.population.scale.stream.Files`",
    ],
)
def test_a_deep_import_is_seen(text: str) -> None:
    assert deep(text)


def test_checkers_of_types_find_the_names_of_every_door(tmp_path: Path) -> None:
    """A program that imports every name passes; one that imports another does not."""
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(
        "import jmentitle\n"
        + "".join(
            f"from {door} import {name} as n{index}\n" for index, (door, name) in enumerate(NAMES)
        )
        + "version: str = jmentitle.__version__\n"
        + "jmentitle.load_pack().assess({}, '2018-10-15').results[0].item.upper()\n"
    )
    bad.write_text("from jmentitle import Ruleset\nfrom jmentitle.population import attribute\n")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file="),
            *("--cache-dir", str(tmp_path / "cache"), str(good), str(bad)),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
    )
    errors = [line for line in ran.stdout.splitlines() if "error" in line]
    own = [line.split(":")[:2] for line in errors if line.startswith(("good", "bad"))]
    assert own == [["bad.py", "1"], ["bad.py", "2"]], ran.stdout
