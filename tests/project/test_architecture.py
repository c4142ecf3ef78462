"""The map names every room and draws the imports that there are."""

from __future__ import annotations

import re

from tests.project.test_layers import ARROWS, MODULES, PACKAGE

PAGE = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
DOORS = ("jmentitle", "jmentitle.population")


def room(module: str) -> str:
    name = "doors" if module in DOORS else module.split(".")[1]
    return "language" if name == "errors" else name


def edges() -> dict[str, set[str]]:
    """The rooms that each room imports."""
    found: dict[str, set[str]] = {}
    for module, imported in ARROWS.items():
        if module.partition(".")[2] != "public":
            found.setdefault(room(module), set()).update(map(room, imported))
    return {name: others - {name, "public"} for name, others in found.items()}


def reached(name: str, arrows: dict[str, set[str]], *, without: str) -> set[str]:
    """The rooms that a room imports through others, the direct arrow to one aside."""
    found, waiting = set[str](), [*(arrows[name] - {without})]
    while waiting:
        new = waiting.pop()
        if new not in found:
            found.add(new)
            waiting += arrows[new]
    return found


def test_the_picture_has_the_arrows_that_do_not_follow_from_others() -> None:
    arrows = edges()
    drawn = re.findall(r"^  (\w+) --> (\w+)$", PAGE, re.MULTILINE)
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {
        (name, other)
        for name, others in arrows.items()
        for other in others
        if other not in reached(name, arrows, without=other)
    }


def test_the_table_has_all_imports() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", others)) for name, others in rows}
    assert told == edges()


def test_every_room_and_module_at_the_top_has_a_paragraph() -> None:
    names = {
        path.name.removesuffix(".py")
        for path in PACKAGE.iterdir()
        if path.name not in ("__init__.py", "__pycache__", "py.typed")
    }
    told = set(re.findall(r"(?:^- |; )\*\*`(\w+)`\*\*", PAGE, re.MULTILINE))
    assert told == names


def test_every_module_and_function_that_is_named_exists() -> None:
    """Dotted names such as `pack.loader.load`; `intake` and `scale` lie in `population`."""
    named = re.findall(r"`((?:[a-z_]+\.)+\w+)`", PAGE)
    rooms = {path.stem for path in PACKAGE.iterdir()} | {"intake", "scale"}
    dotted = [name for name in named if name.split(".")[0] in rooms]
    assert len(dotted) > 20
    assert [name for name in dotted if not exists(name)] == []


def exists(name: str) -> bool:
    """Whether a name is a module, or what a module defines."""
    nested = name.startswith(("intake.", "scale."))
    whole = f"jmentitle.population.{name}" if nested else f"jmentitle.{name}"
    home = whole
    while home not in MODULES:
        home = home.rpartition(".")[0]
    if home == "jmentitle":
        return False
    inner = whole.removeprefix(home).lstrip(".").partition(".")[0]
    text = MODULES[home].read_text(encoding="utf-8")
    return not inner or re.search(rf"^(def |class )?{inner}\b", text, re.MULTILINE) is not None


def test_a_name_that_is_gone_is_seen() -> None:
    assert exists("pack.loader.load")
    assert not exists("pack.loader.unload")
    assert not exists("pack.unloader")
