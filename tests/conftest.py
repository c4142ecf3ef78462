"""Shared by all tests: the shipped pack, and a cache of compiled packs of their own, so that none
depends on what lies in a home folder."""

from __future__ import annotations

import contextlib
import pkgutil
from collections.abc import Generator, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings

import jmentitle
from jmentitle import Pack
from jmentitle.chain import durable
from tests.support.families import shipped

# Machines are noisy: no test is judged by how long it takes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache") / "jmentitle"
    patch = pytest.MonkeyPatch()
    patch.setenv("JMENTITLE_CACHE", str(folder))
    yield folder
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def modules() -> None:
    """Where coverage is measured, all modules, imported at once: the lines of one that is first
    imported in a test marked `no_cover` would count as never run."""
    if Coverage.current() is None:
        return
    for module in pkgutil.walk_packages(jmentitle.__path__, "jmentitle."):
        # What an extra is missing for cannot be measured.
        with contextlib.suppress(ImportError):
            import_module(module.name)


@pytest.fixture(scope="session", autouse=True)
def room_for_random_packs() -> Iterator[None]:
    """The tests decide by hundreds of different packs with `durable`, more than one process may
    keep."""
    patch = pytest.MonkeyPatch()
    patch.setattr(durable, "MOST_RULES", 10**9)
    yield
    patch.undo()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test marked `no_cover` runs untraced.

    pytest-cov stops its own measurement for it. In a process of pytest-xdist an earlier one is
    still started below that, and would go on: tracing makes such tests several times as slow.
    """
    stopped = []
    if item.get_closest_marker("no_cover") is not None:
        while (running := Coverage.current()) is not None:
            running.stop()
            stopped.append(running)
    try:
        return (yield)
    finally:
        for each in reversed(stopped):
            each.start()


@pytest.fixture(scope="session")
def pack() -> Pack:
    return shipped()
