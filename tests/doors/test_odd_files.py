"""Files that are none, that never end or that are far too large: refused with a code, at once, at
every door."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import pytest

from jmentitle import load_pack
from jmentitle.cli.main import main
from jmentitle.errors import PackError
from jmentitle.language.collector import Collector
from jmentitle.pack import files
from jmentitle.pack.finding import find_pack
from tests.pack.test_hostile_packs import bounded
from tests.support.paths import EXAMPLES, ROOT
from tests.support.small_pack import FILES, small_pack, write

FAMILY = str(EXAMPLES / "dibao_family_with_disabled_father.yaml")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 3_000_000_000)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))


ODD: dict[str, Callable[[Path], None]] = {
    "a pipe": fifo,
    "a pipe behind a link": lambda path: (fifo(path.with_name("pipe")), path.symlink_to("pipe"))[1],
    "zeros without end": lambda path: path.symlink_to("/dev/zero"),
    "three gigabytes": sparse,
    "a folder": Path.mkdir,
    "a socket": listening,
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
}


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name, as sockets want."""
    return tmp_path_factory.mktemp("f")


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_refused_by_every_command(
    name: str, short: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = short / "odd.yaml"
    ODD[name](path)
    odd = str(path)
    for words in (
        ["assess", odd],
        ["letter", odd],
        ["items", "--overlay", odd],
        ["items", "--amend", odd],
        ["diff", odd, odd],
        ["replay", odd, FAMILY],
        ["items", "--pack", odd],
    ):
        with bounded():
            assert main(words) == 2
        said = capsys.readouterr().err
        assert any(code in said for code in ("JM017", "JM012", "JM018", "JM091")), said


@pytest.mark.parametrize("place", ["pack.yaml", "sources.yaml", "items/care/more.yaml"])
@pytest.mark.parametrize("name", [name for name in ODD if name != "a folder"])
def test_a_pack_with_an_odd_file_is_refused(name: str, place: str, short: Path) -> None:
    write(short)
    path = short / place
    path.unlink(missing_ok=True)
    ODD[name](path)
    with bounded(), pytest.raises(PackError) as caught:
        load_pack(short)
    assert {one.code for one in caught.value.diagnostics} <= {"JM017", "JM012", "JM018"}


def test_a_folder_with_very_many_files_is_refused(short: Path) -> None:
    write(short)
    for number in range(files.MAX_ENTRIES):
        (short / f"note_{number}.txt").touch()
    with bounded(), pytest.raises(PackError) as caught:
        load_pack(short)
    assert [one.code for one in caught.value.diagnostics] == ["JM012"]


@pytest.mark.parametrize(
    "name",
    [
        "x" * 5_000,
        "a" * 300 + "/b",
        "a\0b",
        "con",
        r"C:\packs\jingmen",
        "//server/share",
        "\udcff",
        "\x1b[31m",
    ],
)
def test_a_name_that_no_pack_can_have(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(PackError) as caught:
        find_pack(name)
    assert [one.code for one in caught.value.diagnostics] == ["JM091"]
    assert str(caught.value).replace("\n", "").isprintable()
    with pytest.raises(PackError):
        small_pack().amend(Path(f"{name}.yaml"))
    with pytest.raises(PackError):
        load_pack("jingmen", [name])
    assert main(["assess", name]) == 2
    assert main(["lint", name]) == 1
    assert main(["letter", FAMILY, "--on", "2018-10-15", "--out", str(tmp_path / name / "x")]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_pipes_and_devices_with_a_writer_are_read(tmp_path: Path) -> None:
    command = f"{sys.executable} -m jmentitle assess"
    os.mkfifo(tmp_path / "named")
    slow = f"(cat {FAMILY}; sleep 0.5; echo '#')"
    for line in (
        f"{command} <(cat {FAMILY}) --on 2018-10-15",
        f"{command} <{slow} --on 2018-10-15",
        f"{command} /dev/stdin --on 2018-10-15 < {FAMILY}",
        f"{slow} | {command} - --on 2018-10-15",
        f"cat {FAMILY} > {tmp_path}/named & sleep 0.3; {command} {tmp_path}/named --on 2018-10-15",
    ):
        ran = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
        )
        assert (ran.returncode, ran.stderr, len(ran.stdout) > 9_000) == (0, "", True), line


def test_an_endless_file_takes_little_memory() -> None:
    program = (
        "import sys; from jmentitle.cli.main import main; sys.exit(main(['diff', '/dev/zero',"
        " '/dev/zero']))"
    )
    limit = 600_000_000
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (ran.returncode, "JM012" in ran.stderr) == (2, True), ran.stderr


def test_a_folder_that_may_not_be_entered_is_said(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    write(short)
    monkeypatch.setattr(files.os, "scandir", refused)
    with pytest.raises(PackError) as caught:
        load_pack(short)
    assert "the folder cannot be read: permission denied" in str(caught.value)
    monkeypatch.setattr(Path, "is_file", refused)
    monkeypatch.setattr(Path, "is_dir", refused)
    assert not files.is_file(short)
    assert not files.is_folder(short)


# one digest on every machine


def written(folder: Path, form: Callable[[str], bytes]) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(form(text))
    return folder


FORMS: dict[str, Callable[[str], bytes]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "a byte order mark": lambda text: ("\ufeff" + text).encode(),
    "both": lambda text: ("\ufeff" + text.replace("\n", "\r\n")).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_digest_does_not_depend_on_line_ends(form: str, tmp_path: Path) -> None:
    plain = load_pack(written(tmp_path / "plain", str.encode))
    other = load_pack(written(tmp_path / "other", FORMS[form]))
    assert (other.digest, other.content, other.files) == (plain.digest, plain.content, plain.files)
    text = "parameters:\n  home_grant: {scale: '1.1'}\n"
    (tmp_path / "amendment.yaml").write_bytes(FORMS[form](text))
    amended = [
        plain.amend(text),
        plain.amend(FORMS[form](text).decode()),
        plain.amend(tmp_path / "amendment.yaml"),
    ]
    assert {one.digest for one in amended} == {amended[0].digest}
    assert {one.content.amendments[0].digest for one in amended} == {
        amended[0].content.amendments[0].digest
    }


@pytest.mark.parametrize("form", FORMS)
def test_an_overlay_has_one_digest_too(form: str, tmp_path: Path) -> None:
    text = (EXAMPLES / "overlay_fictitious.yaml").read_text(encoding="utf-8")
    (tmp_path / "overlay.yaml").write_bytes(FORMS[form](text))
    plain, other = (
        load_pack("jingmen", [EXAMPLES / "overlay_fictitious.yaml"]),
        load_pack("jingmen", [tmp_path / "overlay.yaml"]),
    )
    assert other.content.overlays == plain.content.overlays


def test_the_digest_of_the_shipped_pack_is_that_of_its_bytes() -> None:
    folder = find_pack("jingmen")
    texts = files.read_files(folder)
    assert [(folder / file.path).read_bytes() for file in texts] == [
        file.text.encode() for file in texts
    ]


def test_checkouts_keep_the_line_ends_of_unix_and_mark_what_is_generated() -> None:
    attributes = (ROOT / ".gitattributes").read_text(encoding="utf-8")
    assert "* text=auto eol=lf" in attributes
    for name in (
        "jmentitle/typed/jingmen.py",
        "docs/items.md",
        "docs/items.zh.md",
        "docs/synthetic_city_figures.md",
        "requirements/*.txt",
    ):
        assert f"{name} linguist-generated" in attributes


# Windows


def test_names_in_a_pack_have_slashes_on_windows() -> None:
    """What `read_files` works out with the paths of Windows."""
    folder = PureWindowsPath(r"C:\packs\small")
    assert (folder / "items" / "care" / "meals.yaml").relative_to(
        folder
    ).as_posix() == "items/care/meals.yaml"


def test_files_are_read_and_written_without_what_only_unix_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jmentitle.cli import output
    from jmentitle.pack import cache

    for name in ("O_NONBLOCK", "O_NOFOLLOW", "getuid", "chown", "set_blocking", "fork"):
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setenv("JMENTITLE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "letter.html"
    for text in ("first", "second"):
        output.write_file(str(path), text)
        assert path.read_text() == text
    loaded = load_pack("jingmen")
    assert cache.read(loaded.digest) is not None
    collector = Collector()
    assert files.read_file(Path(FAMILY), "family", collector) is not None
