"""Shared by all tests: the shipped pack, and a cache of compiled packs of their own, so that none
depends on what lies in a home folder."""

from __future__ import annotations

import contextlib
import pkgutil
import sys
from collections.abc import Generator, Iterator
from importlib import import_module
from pathlib import Path

import pytest
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
    """All modules, imported at once: those first imported in a test that is not measured would
    count as never run."""
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
    """In a worker pytest-cov measures twice, and `no_cover` ends only one of the two."""
    tracer = sys.gettrace()
    if item.get_closest_marker("no_cover") is not None:
        sys.settrace(None)
    try:
        return (yield)
    finally:
        if sys.gettrace() is not tracer:
            sys.settrace(tracer)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return shipped()
