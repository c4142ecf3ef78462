"""A pack from a stranger is safe to load: whatever it holds, loading ends in a diagnostic, in
bounded time and memory."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from jmentitle.api import Pack, load_pack
from jmentitle.errors import PackError
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.pack import loader
from jmentitle.pack.order import MAX_LEVELS
from tests.support.small_pack import FILES, ON, pack_files, replaced, small_pack, write

SECONDS, MEGABYTES = 5, 200
STATUSES, QUANTITIES, FACTS = (
    "vocabulary/statuses.yaml",
    "vocabulary/quantities.yaml",
    "vocabulary/facts.yaml",
)
TEXT = "{zh: 文, en: text}"


@contextmanager
def bounded() -> Iterator[None]:
    """Ends what hangs (seconds at work, or waiting), and what takes more memory than there was
    before and some."""

    def stop(_signal: int, _frame: object) -> None:
        raise TimeoutError("this hangs")

    before = signal.signal(signal.SIGALRM, stop), signal.signal(signal.SIGPROF, stop)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(
        resource.RLIMIT_AS, (pages * resource.getpagesize() + MEGABYTES * 1_000_000, limits[1])
    )
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(6 * SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, limits)
        signal.signal(signal.SIGALRM, before[0])
        signal.signal(signal.SIGPROF, before[1])


def refused(overrides: Mapping[str, str | None]) -> tuple[Diagnostic, ...]:
    """What is said of a pack that must not load."""
    with bounded(), pytest.raises(PackError) as caught:
        loader.load(pack_files(overrides))
    assert caught.value.diagnostics
    assert len(str(caught.value)) < 300_000
    return caught.value.diagnostics


def codes(found: tuple[Diagnostic, ...]) -> set[str]:
    return {one.code for one in found}


def senior(when: str) -> dict[str, str | None]:
    """The small pack with another condition of a status."""
    return replaced(STATUSES, "when: age >= 60", f"when: {when}")


def condition(lines: str) -> dict[str, str | None]:
    return replaced(STATUSES, "    when: age >= 60\n", lines)


def parameter(definition: str) -> dict[str, str | None]:
    return {"parameters/values.yaml": FILES["parameters/values.yaml"] + definition}


HOSTILE: dict[str, tuple[Mapping[str, str | None], str]] = {
    "flow sequences, never closed": (senior("[" * 100_000), "JM011"),
    "flow mappings, never closed": (senior("{a: " * 100_000), "JM011"),
    "flow sequences, closed": (senior("[" * 100_000 + "]" * 100_000), "JM011"),
    "block sequences": (senior("\n" + " " * 8 + "- " * 100_000 + "x"), "JM011"),
    "block mappings": (
        condition("    when:\n" + "".join(" " * (6 + depth) + "all:\n" for depth in range(900))),
        "JM011",
    ),
    "alias bomb": (
        {
            STATUSES: (
                "a: &a [x, x]\n"
                + "".join(
                    f"{new}: &{new} [*{old}, *{old}]\n"
                    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
                )
            )
        },
        "JM009",
    ),
    "an alias to itself": (senior("&a [*a]"), "JM009"),
    "merge key": (condition("    <<: {when: lives_alone}\n"), "JM009"),
    "Python tag": (senior("!!python/object/apply:os.system ['exit 1']"), "JM010"),
    "Python name tag": (senior("!!python/name:os.system ''"), "JM010"),
    "own tag": (senior("!run x"), "JM010"),
    "binary tag": (senior("!!binary aGVsbG8="), "JM010"),
    "a million digits": (replaced(FACTS, "max: 9", f"max: {'9' * 900_000}"), "JM008"),
    "a million digits in an expression": (senior(f"age >= {'9' * 900_000}"), "JM023"),
    "a large exponent": (replaced(FACTS, "max: 9", "max: 1e999999999"), "JM008"),
    "sexagesimal number": (replaced(FACTS, "max: 9", "max: 1:59:59"), "JM008"),
    "very many decimal places": (
        replaced(
            FACTS,
            "type: integer, unit: none, max: 9",
            "type: decimal, unit: none, decimals: 99999999",
        ),
        "JM016",
    ),
    "a long expression": (senior("age + " * 150_000 + "1 >= 60"), "JM023"),
    "parentheses": (senior("(" * 190 + "age" + ")" * 190 + " >= 60"), "JM023"),
    "very many parentheses": (senior("(" * 400_000 + "age" + ")" * 400_000), "JM023"),
    "minus signs": (senior("-" * 300 + "age >= 60"), "JM023"),
    "a long sum": (senior("1" + "+1" * 150 + " >= 60"), "JM023"),
    "a product with very many places": (
        {
            QUANTITIES: (
                FILES[QUANTITIES]
                + f"  tiny: {{for: person, label: {TEXT}, value: {'0.0001*' * 20}1, unit: none,"
                " cite: [circular]}\n"
            )
        },
        "JM024",
    ),
    "like a regular expression": (senior("'(a+)+" + "a" * 300 + "!'"), "JM020"),
    "like a regular expression, as a number": (
        replaced(FACTS, "max: 9", f"max: '{'1' * 200_000}!'"),
        "JM008",
    ),
    "a long name": (senior("a" * 390), "JM025"),
    "a name of a megabyte": (
        {STATUSES: FILES[STATUSES] + f"  ? {'a' * 900_000}\n  : {{}}\n"},
        "JM014",
    ),
    "a source of a megabyte": (
        replaced(
            STATUSES, "    when: age >= 60\n    cite: [circular]", f"    cite: [{'a' * 900_000}]"
        ),
        "JM043",
    ),
    "thousands of keys": (
        {
            STATUSES: (
                FILES[STATUSES] + "".join(f"  status_{number}: {{}}\n" for number in range(20_000))
            )
        },
        "JM012",
    ),
    "thousands of unknown keys": (
        condition("".join(f"    key_{number}: 1\n" for number in range(40_000))),
        "JM012",
    ),
    "thousands of duplicate keys": (condition("    when: lives_alone\n" * 20_000), "JM012"),
    "thousands of unknown names": (
        senior("{any: [" + ", ".join(f"senio_{number}" for number in range(30_000)) + "]}"),
        "JM012",
    ),
    "thousands of unknown sources": (
        replaced(
            STATUSES,
            "60\n    cite: [circular]",
            f"60\n    cite: [{', '.join(f'circula_{number}' for number in range(30_000))}]",
        ),
        "JM012",
    ),
    "too many parts": (senior("[" + "a," * 100_001 + "]"), "JM012"),
    "two megabytes": ({STATUSES: "#" * 2_000_000}, "JM012"),
    "a table of millions of cells": (
        {
            "vocabulary/enums.yaml": (
                FILES["vocabulary/enums.yaml"]
                + "  many:\n    members: {"
                + ", ".join(f"m_{number}: {TEXT}" for number in range(200))
                + "}\n"
            ),
            FACTS: (
                FILES[FACTS]
                + "".join(
                    f"    many_{number}: {{type: many, label: {TEXT}, ask: {TEXT}, who: family}}\n"
                    for number in range(3)
                )
            ),
        }
        | parameter(
            f"  table:\n    label: {TEXT}\n    unit: none\n    by: [person.many_0, person.many_1,"
            " person.many_2]\n    values: [{value: 1, cite: [circular]}]\n"
        ),
        "JM012",
    ),
    "a table by a boundless number": (
        replaced(FACTS, "max: 9", "max: 999999999999")
        | parameter(
            f"  table:\n    label: {TEXT}\n    unit: none\n    by: [person.rooms]\n    values:"
            " [{value: 1, cite: [circular]}]\n"
        ),
        "JM012",
    ),
    "thousands of dates": (
        senior(
            "{any: [disabled, "
            + ", ".join(
                f"{{if: disabled, from: 2018-{n % 12 + 1:02}-{n % 28 + 1:02}}}"
                for n in range(9_000)
            )
            + "]}"
        ),
        "JM012",
    ),
    "NUL": (senior("age\0 >= 60"), "JM001"),
    "an escaped NUL": (senior('"age\\0 >= 60"'), "JM020"),
    "control characters": ({STATUSES: "".join(map(chr, range(32))) * 100}, "JM001"),
    "binary garbage": ({STATUSES: bytes(range(256)).decode("latin-1") * 1_000}, "JM001"),
    "a lone surrogate": (senior("age \ud800 >= 60"), "JM017"),
    "an escaped surrogate": (senior('"age \\ud800 >= 60"'), "JM001"),
    "nothing": ({STATUSES: "", "pack.yaml": "\n"}, "JM005"),
    "a bare word": ({STATUSES: "senior"}, "JM005"),
    "a list as key": ({STATUSES: "? [a, b]\n: c\n"}, "JM005"),
    "no identity": ({"pack.yaml": None}, "JM018"),
    "a path out of the pack": ({"../elsewhere.yaml": "a: 1"}, "JM065"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pack_ends_in_a_diagnostic(name: str) -> None:
    overrides, code = HOSTILE[name]
    assert code in codes(refused(overrides))


# definitions that lead to each other


def statuses(count: int, last: str) -> dict[str, str | None]:
    """A chain of statuses, each of which uses the next."""
    values = [*(f"s_{number + 1}" for number in range(count - 1)), last]
    lines = [
        f"  s_{number}: {{for: person, label: {TEXT}, when: {value}, cite: [circular]}}\n"
        for number, value in enumerate(values)
    ]
    return {
        STATUSES: (
            FILES[STATUSES].replace("when: age >= 60", "when: {any: [s_0, age >= 60]}")
            + "".join(lines)
        )
    }


def quantities(count: int, last: str) -> dict[str, str | None]:
    values = [*(f"q_{number + 1} + 1" for number in range(count - 1)), last]
    lines = [
        f"  q_{number}: {{for: person, label: {TEXT}, value: {value}, unit: none, cite:"
        " [circular]}\n"
        for number, value in enumerate(values)
    ]
    return {QUANTITIES: FILES[QUANTITIES] + "".join(lines)} | senior("{any: [q_0 > 3, age >= 60]}")


@pytest.mark.parametrize("count", [1, 2, 5_000])
def test_a_cycle_is_found_whatever_its_length(count: int) -> None:
    assert codes(refused(statuses(count, "s_0"))) == {"JM041"}
    assert codes(refused(quantities(count, "q_0 + 1"))) == {"JM041"}


@pytest.mark.parametrize("count", [MAX_LEVELS + 2, 5_000])
def test_a_long_chain_is_refused(count: int) -> None:
    assert codes(refused(statuses(count, "lives_alone"))) == {"JM011"}
    assert codes(refused(quantities(count, "rooms"))) == {"JM011"}


def test_the_longest_chain_that_is_allowed_can_be_assessed() -> None:
    for overrides in (statuses(MAX_LEVELS - 1, "lives_alone"), quantities(MAX_LEVELS - 1, "rooms")):
        with bounded():
            found = small_pack(overrides).assess(
                {"members": [{"rooms": 9, "lives_alone": True}]}, ON
            )
        assert found.receipt.on == ON


def test_a_cycle_through_statuses_and_quantities_is_found() -> None:
    overrides = quantities(2, "'if(senior, 1, 0)'")
    assert codes(refused(overrides)) == {"JM041"}


def test_every_cycle_is_reported() -> None:
    pairs = "".join(
        f"  {one}: {{for: person, label: {TEXT}, when: {other}, cite: [circular]}}\n"
        for number in range(3)
        for one, other in ((f"a_{number}", f"b_{number}"), (f"b_{number}", f"a_{number}"))
    )
    found = refused({STATUSES: FILES[STATUSES] + pairs})
    assert [one.message for one in found] == [
        f"circular definition: a_{number} → b_{number} → a_{number}" for number in range(3)
    ]


def test_parameters_that_are_steps_of_each_other_are_a_cycle() -> None:
    steps = "".join(
        f"  {one}:\n    label: {TEXT}\n    unit: none\n    steps_of: {other}\n    values: [{{value:"
        " {0: 1}, cite: [circular]}]\n"
        for one, other in (("first", "second"), ("second", "first"))
    )
    assert codes(refused(parameter(steps) | senior("{any: [first > 1, age >= 60]}"))) == {"JM041"}


# files


def refused_folder(folder: Path) -> set[str]:
    with bounded(), pytest.raises(PackError) as caught:
        load_pack(folder)
    return codes(caught.value.diagnostics)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_the_folder_itself_loads(folder: Path) -> None:
    with bounded():
        assert isinstance(load_pack(folder), Pack)


def test_bytes_that_are_not_utf_8(folder: Path) -> None:
    for data in (
        b"\xff\xfe\x00",
        b"a: \xc3\x28",
        "a: 残疾".encode("gb18030"),
        os.urandom(100_000) + b"\xff",
    ):
        (folder / STATUSES).write_bytes(data)
        assert refused_folder(folder) == {"JM017"}


def test_a_file_that_is_too_large(folder: Path) -> None:
    (folder / STATUSES).write_bytes(b"#" * 2_000_000)
    assert refused_folder(folder) == {"JM012"}


def test_too_many_files(folder: Path) -> None:
    for number in range(600):
        (folder / f"vocabulary/more_{number}.yaml").write_text("statuses: {}\n")
    assert refused_folder(folder) == {"JM012"}


def test_files_that_are_too_large_together(folder: Path) -> None:
    for number in range(20):
        (folder / f"vocabulary/more_{number}.yaml").write_text("#" * 900_000)
    assert refused_folder(folder) == {"JM012"}


def test_symlinks_that_lead_round(folder: Path) -> None:
    (folder / "vocabulary/round.yaml").symlink_to("round.yaml")
    assert refused_folder(folder) == {"JM017"}
    (folder / "vocabulary/round.yaml").unlink()
    (folder / "items/up").symlink_to("..")
    with bounded():
        assert isinstance(load_pack(folder), Pack)


def test_devices_and_pipes_are_not_read(folder: Path) -> None:
    (folder / "vocabulary/endless.yaml").symlink_to("/dev/zero")
    assert refused_folder(folder) == {"JM017"}
    (folder / "vocabulary/endless.yaml").unlink()
    os.mkfifo(folder / "vocabulary/silent.yaml")
    assert refused_folder(folder) == {"JM017"}


def test_a_file_astray_is_not_passed_over(folder: Path) -> None:
    for astray in (
        "extra.yaml",
        "vocabulary/more.yml",
        "items/meals.yaml",
        "items/care/old/meals.yaml",
    ):
        (folder / astray).parent.mkdir(exist_ok=True)
        (folder / astray).write_text("id: meals\n")
        assert refused_folder(folder) == {"JM065"}
        (folder / astray).unlink()


def test_folders_nested_without_end(folder: Path) -> None:
    deep = folder / "items"
    for _ in range(1_200):
        deep = deep / "a"
        deep.mkdir()
    with bounded():
        assert isinstance(load_pack(folder), Pack)
    while deep != folder / "items":
        deep.rmdir()
        deep = deep.parent
