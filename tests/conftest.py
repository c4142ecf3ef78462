"""Shared by all tests: the shipped pack, and a cache of compiled packs of their own, so that none depends on what lies in a home folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from jmentitle import Pack
from tests.families import shipped

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


@pytest.fixture(scope="session")
def pack() -> Pack:
    return shipped()
