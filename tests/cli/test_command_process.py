"""The command as a process: exit codes whatever becomes of its streams, outputs whole or as they
were, and never a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jmentitle.cli import output
from jmentitle.cli.main import main
from jmentitle.errors import OutputError
from tests.support.paths import EXAMPLES, ROOT

FAMILY = str(EXAMPLES / "dibao_family_with_disabled_father.yaml")
COMMAND = f"{sys.executable} -m jmentitle"
ON = "--on 2018-10-15"


def shell(line: str, **settings: object) -> tuple[int, str, str]:
    """What a line of bash ends with, prints and says; JM stands for the command."""
    line = line.replace("JM ", f"{COMMAND} ", 1)
    ran = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
        **settings,
    )  # type: ignore[call-overload]
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (f"JM assess {FAMILY} {ON} > /dev/full", 2, "JM019"),
        (f"JM assess {FAMILY} {ON} --lang zh-Hant > /dev/full", 2, "JM019"),
        ("JM facts > /dev/full", 2, "JM019"),
        ("JM --help > /dev/full", 2, "JM019"),
        (f"JM assess {FAMILY} {ON} >&-", 2, "JM019"),
        ("JM items --format json >&-", 2, "JM019"),
        (f"JM assess {FAMILY} {ON} > /dev/null 2>&-", 0, ""),
        ("JM assess nowhere.yaml 2>&-", 2, ""),
        ("JM assess nowhere.yaml 2> /dev/full", 2, ""),
        (f"JM assess {FAMILY} {ON} > /dev/full 2> /dev/full", 2, ""),
        ("JM assess nowhere.yaml --format json 2>&- >&-", 2, ""),
        ("JM assess - <&-", 2, "JM017"),
        ("JM assess - < /dev/null", 2, "JM0"),
        ("JM assess - < /dev/zero", 2, "JM012"),
        (f"JM assess {FAMILY} {ON} <&- > /dev/null", 0, ""),
        (f"JM assess {FAMILY} {ON} | true; exit ${{PIPESTATUS[0]}}", 0, ""),
        ("JM lint absent", 1, ""),
        ("JM", 2, "JM096"),
    ],
)
def test_the_exit_code_is_as_documented(line: str, code: int, said: str) -> None:
    found, out, err = shell(line + " " if line == "JM" else line)
    assert (found, "Traceback" in err, "Exception" in err) == (code, False, False), err
    assert said in err
    if code == 2:
        assert "JM" not in out  # errors go to standard error, or nowhere


def test_json_is_said_in_json() -> None:
    for line in (
        f"JM assess {FAMILY} {ON} --format json > /dev/full",
        "JM assess - --format json <&-",
        "JM asses x --format json",
        "JM items --format=json x",
    ):
        _, _, err = shell(line)
        assert json.loads(err)["errors"][0]["code"] in ("JM019", "JM017", "JM096")


def test_what_was_typed_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["assess", "a", "Zhang San"],
        ["assess", "a", "--lang", "Zhang San"],
        ["Zhang San"],
        ["assess", "a", "--Zhang=1"],
        ["items", "--pack=a", "--Z=San"],
    ):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "JM096" in said
        assert "Zhang" not in said
        assert "San" not in said
    assert (
        main(["what-if", "a", "b", "--on", "2018-10-15", "--format", "text", "--engine=x\x1b[31m"])
        == 2
    )
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "day",
    [
        "20181015",
        "2018-W42-1",
        "2018-2-1",
        "2018-02-30",
        "2018-10-15T00:00",
        "２０１８-10-15",
        "",
        "today",
    ],
)
def test_a_day_is_written_in_one_way(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["assess", FAMILY, "--on", day],
        ["timeline", FAMILY, "--until", day],
        ["item", "x", f"--on={day}"],
    ):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert said.splitlines() == [
            f"{'--until' if 'timeline' in words else '--on'}: error JM072: expected a date",
            "  expected: YYYY-MM-DD",
        ]


@pytest.mark.parametrize("encoding", ["cp936", "cp1252", "ascii", "utf-8"])
def test_chinese_prints_in_every_code_page(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(data, encoding=encoding))
    assert main(["items"]) == 0
    assert "最低生活保障" in data.getvalue().decode()


# Ctrl-C


def test_an_interruption_while_the_package_is_imported_ends_with_130() -> None:
    program = """
import runpy, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == interrupted:
            raise KeyboardInterrupt
interrupted, sys.argv = sys.argv[1], ["jmentitle", *sys.argv[2:]]
sys.meta_path.insert(0, Interrupt())
runpy.run_module("jmentitle", run_name="__main__")
"""
    for module in ("jmentitle.cli.main", "jmentitle.api", "jmentitle.language.tree", "pydantic"):
        command = [
            sys.executable,
            "-c",
            program,
            module,
            "assess",
            FAMILY,
            "--on",
            "2018-10-15",
            "--format",
            "json",
        ]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert (ran.returncode, ran.stdout) == (130, "")
        assert "Traceback" not in ran.stderr


def test_an_interruption_at_work_ends_with_130(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow")
    holder = os.open(tmp_path / "slow", os.O_RDWR)  # somebody who writes nothing
    process = subprocess.Popen(
        [sys.executable, "-m", "jmentitle", "assess", str(tmp_path / "slow")],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    os.close(holder)
    assert (process.returncode, err) == (130, "stopped; nothing was written\n")


# files


def letter(out: Path | str) -> int:
    return main(["letter", FAMILY, "--on", "2018-10-15", "--out", str(out)])


def parts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".part")]


def test_a_letter_takes_the_place_of_the_old_one_and_keeps_its_permissions(tmp_path: Path) -> None:
    path, link = tmp_path / "letter.html", tmp_path / "link.html"
    path.write_text("the old letter")
    path.chmod(0o640)
    link.symlink_to(path)
    assert letter(link) == 0
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["letter.html", "link.html"]
    dangling = tmp_path / "dangling.html"
    dangling.symlink_to(tmp_path / "new.html")
    assert letter(dangling) == 0
    assert (tmp_path / "new.html").stat().st_size == path.stat().st_size


@pytest.mark.parametrize("step", ["write", "fsync", "close", "chmod", "rename"])
def test_a_letter_that_fails_leaves_the_old_one(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "letter.html"
    path.write_text("the old letter")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class Full(io.BytesIO):
        def write(self, data: object) -> int:  # type: ignore[override]
            return full() if step == "write" else len(data)  # type: ignore[func-returns-value, return-value, arg-type]

        def close(self) -> None:
            super().close()
            if step == "close":
                full()

    with monkeypatch.context() as patch:
        if step == "fsync":
            patch.setattr(output.os, "fsync", full)
        elif step == "chmod":
            patch.setattr(Path, "chmod", full)
        elif step == "rename":
            patch.setattr(Path, "replace", full)
        else:
            patch.setattr(output.os, "fdopen", lambda *_, **__: Full())
            patch.setattr(output.os, "fsync", lambda _: None)
        with pytest.raises(OutputError) as caught:
            output.write_file(str(path), "the new letter")
    assert [one.code for one in caught.value.diagnostics] == ["JM019"]
    assert path.read_text() == "the old letter"
    assert not parts(tmp_path)
    assert letter(tmp_path) == 2
    assert "it is a folder" in capsys.readouterr().err


def test_a_writer_that_is_killed_leaves_the_old_letter(tmp_path: Path) -> None:
    path = tmp_path / "letter.html"
    path.write_text("the old letter")
    program = (
        "import os, signal, sys\n"
        "from jmentitle.cli import output\n"
        "output.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "output.write_file(sys.argv[1], 'the new letter')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(path)], check=False, cwd=ROOT)
    assert ran.returncode == -signal.SIGKILL
    assert path.read_text() == "the old letter"


def test_a_letter_goes_to_a_device_or_a_pipe(tmp_path: Path) -> None:
    code, expected, _ = shell(f"JM letter {FAMILY} {ON}")
    assert code == 0
    assert shell(f"JM letter {FAMILY} {ON} --out /dev/stdout | cat")[1] == expected
    assert (
        shell(
            f"echo before > {tmp_path}/all; {COMMAND} letter {FAMILY} {ON} --out /dev/stdout >>"
            f" {tmp_path}/all"
        )[0]
        == 0
    )
    assert (tmp_path / "all").read_text(encoding="utf-8") == f"before\n{expected}"
    assert shell(f"JM letter {FAMILY} {ON} --out >(cat > {tmp_path}/through); sleep 0.5")[0] == 0
    assert (tmp_path / "through").read_text(encoding="utf-8") == expected
    os.mkfifo(tmp_path / "nobody")
    for name, reason in (
        (f"{tmp_path}/nobody", "no such device"),
        ("/dev/full", "no space left"),
        (f"{tmp_path}/a/b", "no such file"),
    ):
        code, _, err = shell(f"JM letter {FAMILY} {ON} --out {name}")
        assert code == 2
        assert reason in err
    assert shell(f"JM letter {FAMILY} {ON} --out {tmp_path}/letter >&-")[0] == 0
