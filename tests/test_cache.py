"""The cache of compiled packs: the same pack, never a damaged, foreign or stale one, and nothing in it is executed."""

from __future__ import annotations

import hashlib
import pickle
from datetime import date
from pathlib import Path

import pytest

from jmentitle import load_pack
from jmentitle.pack import cache, files, loader
from tests.random_packs import Random, RandomPack

ON = date(2018, 10, 15)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JMENTITLE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def kept(folder: Path) -> Path:
    (path,) = folder.glob("*.pack")
    return path


def test_a_pack_from_the_cache_is_the_pack(folder: Path) -> None:
    texts = RandomPack(Random(1)).files()
    loaded = loader.load(texts)
    cache.write(loaded)
    assert cache.read(loaded.digest) == loaded
    assert kept(folder).stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("folder")
def test_loading_twice_reads_the_yaml_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_pack()
    monkeypatch.setattr(loader, "load", lambda _: pytest.fail("the YAML was read again"))
    second = load_pack()
    assert second.content == first.content
    assert second.digest == first.digest
    raw = {"members": [{"birth_date": "1950-03-01"}]}
    assert second.assess(raw, ON) == first.assess(raw, ON)


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:40] + b"x" + data[41:], lambda _: b"", lambda data: b"other" + data])
def test_a_damaged_cache_is_passed_over_and_made_anew(folder: Path, damage: object) -> None:
    loaded = loader.load(RandomPack(Random(2)).files())
    cache.write(loaded)
    path = kept(folder)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert cache.read(loaded.digest) is None
    cache.write(loaded)
    assert cache.read(loaded.digest) == loaded


def test_nothing_in_a_cache_is_executed(folder: Path, tmp_path: Path) -> None:
    """Even a file with the right place and checksum, that names a function, runs nothing."""
    loaded = loader.load(RandomPack(Random(3)).files())
    cache.write(loaded)
    path, witness = kept(folder), tmp_path / "executed"

    class Hostile:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (witness,)

    payload = pickle.dumps(Hostile())
    head = path.read_bytes()[: path.read_bytes().index(b"\n") + 1]
    path.write_bytes(head + hashlib.sha256(payload).digest() + payload)
    assert cache.read(loaded.digest) is None
    assert not witness.exists()


def test_a_cache_that_others_can_write_is_not_trusted(folder: Path) -> None:
    loaded = loader.load(RandomPack(Random(4)).files())
    cache.write(loaded)
    kept(folder).chmod(0o666)
    assert cache.read(loaded.digest) is None
    kept(folder).chmod(0o600)
    assert cache.read(loaded.digest) == loaded
    folder.chmod(0o777)
    assert cache.read(loaded.digest) is None


@pytest.mark.usefixtures("folder")
def test_another_pack_and_changed_code_have_other_places(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = RandomPack(Random(5)).files(), RandomPack(Random(6)).files()
    cache.write(loader.load(left))
    assert cache.read(files.digest_of(right)) is None
    assert cache.read(files.digest_of(left)) is not None
    monkeypatch.setattr(cache, "_state_of_code", lambda: "other")
    assert cache.read(files.digest_of(left)) is None


def test_the_cache_can_be_turned_off_and_may_lie_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = loader.load(RandomPack(Random(7)).files())
    for place in ("", "/proc/nowhere"):
        monkeypatch.setenv("JMENTITLE_CACHE", place)
        cache.write(loaded)
        assert cache.read(loaded.digest) is None
