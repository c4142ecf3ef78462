"""The cache of compiled packs: the same pack, never a damaged, foreign or stale one, and nothing in
it is executed."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from array import array
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jmentitle import load_pack
from jmentitle.cli.main import main
from jmentitle.pack import cache, compiled, files, loader
from jmentitle.pack.model import Content
from tests.pack.test_hostile_packs import bounded
from tests.support.paths import EXAMPLES, ROOT
from tests.support.random_packs import Random, RandomPack

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


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:40] + b"x" + data[41:],
        lambda _: b"",
        lambda data: b"other" + data,
    ],
)
def test_a_damaged_cache_is_passed_over_and_made_anew(folder: Path, damage: object) -> None:
    loaded = loader.load(RandomPack(Random(2)).files())
    cache.write(loaded)
    path = kept(folder)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert cache.read(loaded.digest) is None
    cache.write(loaded)
    assert cache.read(loaded.digest) == loaded


def planted(folder: Path, payload: bytes, seed: int = 3) -> str:
    """Put other content into the place of a pack, with the right checksum; the digest of the
    pack."""
    loaded = loader.load(RandomPack(Random(seed)).files())
    cache.write(loaded)
    head = cache._MAGIC
    kept(folder).write_bytes(head + hashlib.sha256(payload).digest() + payload)
    return loaded.digest


def attributes() -> dict[type, dict[str, object]]:
    """What stands on the classes of packs."""
    return {cls: dict(vars(cls)) for cls in compiled._records()}


class Hostile:
    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self) -> tuple[object, ...]:
        return self.call


def test_a_pickle_in_a_cache_is_not_read(folder: Path, tmp_path: Path) -> None:
    """Even one with the right place and checksum runs nothing, sets nothing on a class, and takes
    no memory."""
    witness = tmp_path / "executed"
    content = b"\x80\x02cjmentitle.pack.model\nContent\n"
    payloads = (
        pickle.dumps(Hostile(Path.touch, (witness,))),
        pickle.dumps(Hostile(setattr, (Content, "first_day", None))),
        content
        + b"N}X\x09\x00\x00\x00first_dayNs\x86b.",  # BUILD with a state for slots, on a class
        content + b"}X\x0c\x00\x00\x00__setstate__Nsb.",
        b"\x80\x04Nr\xff\xff\xff\x7f.",  # a memo of gigabytes
        pickle.dumps(loader.load(RandomPack(Random(3)).files())),
    )
    before = attributes()
    for payload in payloads:
        digest = planted(folder, payload)
        with bounded():
            assert cache.read(digest) is None
    assert not witness.exists()
    assert attributes() == before


def rows(plain: list[object], *numbers: int, count: int | None = None) -> bytes:
    text, body = json.dumps(plain).encode(), array("I", numbers)
    return b"%d %d\n" % (len(text), len(body) if count is None else count) + text + body.tobytes()


def kind(name: str) -> int:
    return [getattr(maker, "__name__", "") for maker in compiled._MAKERS].index(name)


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no rows": rows([]),
    "a plain value": rows(["a"]),
    "an unknown kind": rows([], 10_000, 0),
    "a part that comes later": rows([], kind("_tuple"), 1, 5),
    "itself": rows([], kind("_tuple"), 1, 0),
    "very many parts": rows([None], kind("_tuple"), 2**32 - 1, 0),
    "half a row": rows([None], kind("_tuple")),
    "more than there is": rows([None], kind("_tuple"), 1, 0, count=2**40),
    "a list": rows([["a"]], kind("_frozenset"), 1, 0),
    "too few fields": rows(["a"], kind("Loaded"), 1, 0),
    "too many fields": rows(["a"], kind("Span"), 5, 0, 0, 0, 0, 0),
    "no day": rows(["a"], kind("_date"), 1, 0),
    "a key without a value": rows(["a"], kind("_dict"), 1, 0),
    "a key that takes for ever": rows(
        [1],
        kind("_tuple"),
        2,
        0,
        0,
        *(n for i in range(60) for n in (kind("_tuple"), 2, i + 1, i + 1)),
        kind("_frozenset"),
        1,
        61,
    ),
    "deep JSON": b"100000 0\n" + b"[" * 100_000,
    "a number of a million digits": b"1000002 0\n[" + b"9" * 1_000_000 + b"]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_data_in_a_cache_is_passed_over(name: str, folder: Path) -> None:
    before = attributes()
    digest = planted(folder, HOSTILE[name])
    with bounded():
        assert cache.read(digest) is None
    assert attributes() == before


def test_only_data_is_written() -> None:
    """Every class that a pack holds is made by its constructor, from the fields that it has;
    nothing else can be named."""
    records = compiled._records()
    assert len({cls.__qualname__ for cls in records}) == len(records)
    loaded = loader.load(RandomPack(Random(8)).files())
    data = compiled.to_bytes(loaded)
    assert compiled.from_bytes(data) == loaded
    assert compiled.to_bytes(compiled.from_bytes(data)) == data


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


def test_the_cache_can_be_turned_off_and_may_lie_where_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = loader.load(RandomPack(Random(7)).files())
    for place in ("", "/proc/nowhere"):
        monkeypatch.setenv("JMENTITLE_CACHE", place)
        cache.write(loaded)
        assert cache.read(loaded.digest) is None


# what machines do


def forged(digest: str) -> None:
    """Plant a pack whose digest is right and whose items are gone."""
    loaded = cache.read(digest)
    assert loaded is not None
    cache.write(replace(loaded, content=replace(loaded.content, items={})))


def test_lint_and_replay_read_the_yaml(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    family = str(EXAMPLES / "dibao_family_with_disabled_father.yaml")
    assert main(["assess", family, "--on", "2018-10-15", "--format", "json"]) == 0
    record = tmp_path / "record.json"
    record.write_text(capsys.readouterr().out, encoding="utf-8")
    forged(load_pack().digest)
    assert not load_pack().content.items
    assert load_pack(from_cache=False).content.items
    forged(load_pack().digest)
    assert main(["replay", str(record), family]) == 0
    assert "equals the record" in capsys.readouterr().out
    forged(load_pack().digest)
    assert main(["lint", "jingmen"]) == 0
    assert "80 items" in capsys.readouterr().out
    assert load_pack().content.items  # what was planted has been written over
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "what",
    [
        "file",
        "pipe",
        "dangling link",
        "link to itself",
        "link to a folder",
        "folder in the place",
        "pipe in the place",
    ],
)
def test_whatever_lies_in_the_place_of_the_cache(what: str, folder: Path, tmp_path: Path) -> None:
    loaded = loader.load(RandomPack(Random(9)).files())
    if what == "file":
        folder.write_text("mine")
    elif what == "pipe":
        os.mkfifo(folder)
    elif what.endswith("in the place"):
        path = cache._path(loaded.digest)
        assert path is not None
        folder.mkdir(mode=0o700)
        path.mkdir() if what.startswith("folder") else os.mkfifo(path)
    else:
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(
            {
                "dangling link": "nowhere",
                "link to itself": "cache",
                "link to a folder": "elsewhere",
            }[what]
        )
    with bounded():
        assert cache.read(loaded.digest) is None
        cache.write(loaded)
        assert cache.read(loaded.digest) in (None, loaded)
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no users here")
def test_the_folder_of_a_stranger_is_not_trusted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = loader.load(RandomPack(Random(10)).files())
    cache.write(loaded)
    monkeypatch.setattr(os, "getuid", lambda: 12_345)
    assert cache.read(loaded.digest) is None
    kept(folder).unlink()
    cache.write(loaded)
    assert not list(folder.iterdir())


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("JMENTITLE_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    assert load_pack().content.items


@pytest.mark.parametrize("step", ["open", "fdopen", "replace", "scandir"])
def test_a_full_disk_leaves_nothing(
    step: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    loaded = loader.load(RandomPack(Random(11)).files())
    monkeypatch.setattr(*((Path, "replace", full) if step == "replace" else (cache.os, step, full)))
    cache.write(loaded)
    monkeypatch.undo()
    assert not [path for path in folder.glob("*") if path.is_file()]


def test_what_killed_writers_leave_is_cleared(folder: Path) -> None:
    program = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from jmentitle import load_pack\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "load_pack()\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT)
    assert ran.returncode == -signal.SIGKILL
    assert len(list(folder.glob("*.part"))) == 1
    mine, old = (
        folder / f"{'a' * 40}.{os.getpid()}-1.part",
        folder / f"{'b' * 40}.{os.getpid()}-1.part",
    )
    for path in (mine, old, folder / "notes.part", folder / "notes.pack"):
        path.touch()
    os.utime(old, (time.time() - 3_600,) * 2)
    load_pack()
    assert sorted(path.name for path in folder.iterdir() if path != kept_pack(folder)) == sorted(
        ("notes.part", "notes.pack", mine.name)
    )


def kept_pack(folder: Path) -> Path:
    (path,) = (path for path in folder.glob("*.pack") if path.stem != "notes")
    return path


def test_old_packs_are_pruned(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for number in range(cache.MAX_KEPT + 20):
        path = folder / f"{number:040x}.pack"
        path.touch()
        os.utime(path, (number, number))
    loaded = loader.load(RandomPack(Random(12)).files())
    cache.write(loaded)
    assert len(list(folder.iterdir())) == cache.MAX_KEPT
    assert not (folder / f"{0:040x}.pack").exists()
    assert cache.read(loaded.digest) == loaded
