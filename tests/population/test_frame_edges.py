"""What real callers hand over and what machines do: ids, files that are something else, damage,
forks, full disks."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jmentitle import Pack
from jmentitle.errors import JmentitleError
from jmentitle.pack.model import MAX_MEMBERS
from jmentitle.population.intake import csv_files
from tests.support.paths import ROOT
from tests.support.small_pack import ON, small_pack, write

PEOPLE = {"birth_date": [date(1950, 1, 1)], "lives_alone": [True]}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


def refused(pack: Pack, households: object, members: object) -> str:
    with pytest.raises(JmentitleError) as problem:
        pack.population(households, members, ON)
    return str(problem.value)


def of_ids(household: pl.Series, member: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    own = pl.DataFrame([household.alias("household")]).with_columns(
        district=pl.lit("north"), income=pl.lit(1000)
    )
    return own, pl.DataFrame([household.alias("household"), member.alias("member")]).with_columns(
        birth_date=date(1950, 1, 1), lives_alone=True
    )


# ids

WHOLE = [
    pl.Int8,
    pl.Int16,
    pl.Int32,
    pl.Int64,
    pl.Int128,
    pl.UInt8,
    pl.UInt16,
    pl.UInt32,
    pl.UInt64,
]
IDS = [
    *(pytest.param(pl.Series([1, 7], dtype=kind), id=str(kind)) for kind in WHOLE),
    pytest.param(pl.Series([2**63 + 5, 2**63 + 6], dtype=pl.UInt64), id="beyond i64"),
    pytest.param(pl.Series([2**100, 2**100 + 1], dtype=pl.Int128), id="beyond u64"),
    pytest.param(pl.Series([2**70, 2**71], dtype=pl.Object), id="objects"),
    pytest.param(pl.Series(["0012", "1E5"]), id="texts"),
    pytest.param(pl.Series(["张三", "b"], dtype=pl.Categorical), id="categorical"),
]


@pytest.mark.parametrize("ids", IDS)
def test_ids_are_kept_as_they_came_everywhere(pack: Pack, ids: pl.Series, tmp_path: Path) -> None:
    frames, (one, other) = of_ids(ids, ids), ids.to_list()
    run = pack.run(pack.population(*frames, ON), ON)
    assert run.decisions().filter(item="meals")["household"].to_list() == [one, other]
    assert run.decisions().filter(item="meals")["member"].to_list() == [one, other]
    assessment = run.assess(other)
    assert assessment.result("meals", other).subject == other and list(assessment.subjects) == [
        "household",
        str(other),
    ]
    assert type(assessment.result("meals", other).subject) is type(other)
    assert assessment.to_text("en") and assessment.model_dump_json()
    assert [explained.subject for explained in run.explain(other, "meals")] == [other]
    assert len(run.explain(other, "meals", member=other)) == 1
    if ids.dtype != pl.Object and ids.dtype != pl.Int128:
        for name, frame in zip(("h", "m"), frames, strict=True):
            frame.sort("household").write_parquet(tmp_path / f"{name}.parquet")
        files = pack.run_files(tmp_path / "h.parquet", tmp_path / "m.parquet", tmp_path / "out", ON)
        assert set(files.decisions().collect()["household"].to_list()) == {one, other}


def test_ids_of_csv_are_texts(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("household\n0012\n1E5\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("household,member\n1E5,01\n0012,1\n0012,01\n", encoding="utf-8")
    population = pack.population(tmp_path / "h.csv", tmp_path / "m.csv", ON)
    assert population.household_ids.to_list() == [
        "0012",
        "1E5",
    ] and population.member_ids.to_list() == ["1", "01", "01"]
    assert (
        pack.run_files(tmp_path / "h.csv", tmp_path / "m.csv", tmp_path / "out", ON).receipt[
            "members"
        ]
        == 3
    )
    said = refused(pack, tmp_path / "h.csv", pl.DataFrame({"household": [12], "member": ["a"]}))
    assert (
        "JM101: the ids of households are of different types" in said
        and "texts, as in `households`" in said
    )
    assert "ids in CSV are texts" in refused(
        pack, pl.DataFrame({"household": [12]}), tmp_path / "m.csv"
    )


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        b"x",
        True,
        [1],
        date(2018, 1, 1),
        {"a": 1},
        2**130,
        "",
        "x" * 65,
        "a\u202eb",
        "a\x1b[31m",
        "a\nb",
    ],
    ids=repr,
)
@pytest.mark.parametrize("column", ["household", "member"])
def test_what_is_no_id_is_refused_without_it(pack: Pack, value: object, column: str) -> None:
    kind = {"dtype": pl.Object} if value == 2**130 else {}
    good = pl.Series(["a"])
    bad = pl.Series([value], **kind)  # type: ignore[arg-type]
    households, members = of_ids(
        bad if column == "household" else good, good if column == "household" else bad
    )
    said = refused(pack, households, members)
    assert f"members.{column}" in said and "JM101" in said
    assert not isinstance(value, str) or len(value) < 2 or value not in said
    assert str(2**130) not in said


def test_a_member_is_not_called_household(pack: Pack) -> None:
    said = refused(pack, *of_ids(pl.Series(["a"]), pl.Series(["household"])))
    assert said.startswith(
        "members.member, row 0: error JM101: the member id `household` is reserved"
    )


def test_ids_of_different_widths_meet(pack: Pack) -> None:
    households = pl.DataFrame({"household": pl.Series([2**63 + 5, 3], dtype=pl.UInt64)})
    members = pl.DataFrame(
        {"household": pl.Series([3, 2**63 + 5], dtype=pl.Int128), "member": ["a", "b"]}
    )
    assert pack.population(households, members, ON).member_ids.to_list() == ["b", "a"]
    said = refused(pack, households, pl.DataFrame({"household": [-1], "member": ["a"]}))
    assert "JM101" in said and str(2**63 + 5) not in said


@pytest.mark.parametrize(
    "wanted",
    [2, "1", 1.0, True, None, [1], b"1", 2**200, "Zhang San 4208", date(2018, 1, 1)],
    ids=repr,
)
def test_a_household_that_is_not_there_is_refused_without_its_id(
    pack: Pack, wanted: object
) -> None:
    run = pack.run(pack.population(*of_ids(pl.Series([1]), pl.Series([1])), ON), ON)
    for ask in (run.index_of, run.assess, lambda one: run.explain(one, "meals")):
        with pytest.raises(JmentitleError) as problem:
            ask(wanted)
        assert (
            str(problem.value)
            == "household: error JM094: unknown household\n  expected: an id of its frames, a whole"
            " number"
        )
    assert run.index_of(np.int64(1)) == 0
    with pytest.raises(JmentitleError, match="JM094") as problem:
        run.explain(1, "meals", member="Zhang San")
    assert "Zhang" not in str(problem.value)


# files that are something else

CSV = b"household,district\n1,north\n"
WRONG_FILES = [
    ("a.csv", b"", "the file is empty"),
    ("a.csv", b"\n \n", "the file is empty"),
    ("a.csv", CSV.replace(b",", b";"), "the columns are separated by semicolons"),
    ("a.csv", CSV.replace(b",", b"\t"), "the columns are separated by tabs"),
    ("a.csv", "household,district\n1,东宝\n".encode("gbk"), "it seems to be in GBK or GB18030"),
    ("a.csv", CSV.decode().encode("utf-16"), "it seems to be in UTF-16"),
    ("a.csv", b"PK\x03\x04....", "found an Excel workbook or another archive, not CSV"),
    ("a.CSV", b"PAR1....", "found a Parquet file, not CSV"),
    (
        "a.csv",
        b"household,district,district\n1,north,north\n",
        "households.district: error JM100: duplicate column",
    ),
    (
        "a.csv",
        b"household, district\n1,north\n",
        "households.district: error JM071: the name of the column has spaces around it",
    ),
    ("a.csv", b"household ,district\n1,north\n", "there is `household` with blanks around it"),
    (
        "a.csv",
        b"household,district\n1,north\n2\n3,south,secret\n",
        "households, row 1 and 1 more: error JM100: the rows have more or fewer cells",
    ),
    (
        "a.csv",
        b'household,district\n1,""\n',
        "households.district, row 0: error JM073: cells hold an empty text in quotes",
    ),
    (
        "a.csv",
        b"household,income\n1,900\n2,told us secret\n",
        "households.income, row 1: error JM072: expected numbers",
    ),
    ("a.csv", b"household,Zhang San 420801\n1,2\n", "households.…: error JM071: unknown fact"),
    ("a.csv", b"household,\xe2\x80\xaea\x1b[31m\n1,2\n", "households.…: error JM071: unknown fact"),
    ("a.csv", b"household\n", "the frame is empty"),
    ("a.parquet", b"", "the file is empty"),
    ("a.parquet", CSV, "the file is not Parquet, and its name does not end in .csv"),
    ("a.xlsx", b"PK\x03\x04....", "the file is not Parquet"),
    ("a.parquet", b"PAR1" + b"\x00" * 40, "expected a frame"),
]


@pytest.mark.parametrize(("name", "content", "message"), WRONG_FILES)
def test_a_file_that_is_something_else_is_called_what_it_is(
    pack: Pack, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "m.csv").write_text("household,member\n1,a\n2,a\n3,a\n", encoding="utf-8")
    said = refused(pack, tmp_path / name, tmp_path / "m.csv")
    assert message in said
    for hidden in ("secret", "Zhang", "\u202e", "\x1b", "东宝"):
        assert hidden not in said


def test_a_byte_order_mark_and_windows_lines_are_read(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_bytes(b"\xef\xbb\xbf" + CSV.replace(b"\n", b"\r\n"))
    (tmp_path / "m.csv").write_bytes(b'household,"member"\r\n1,"a"\r\n')
    assert (
        pack.population(tmp_path / "h.csv", tmp_path / "m.csv", ON).facts(0).value(None, "district")
        == "north"
    )


def test_what_never_ends_is_not_opened(pack: Pack, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "pipe.parquet")
    members = pl.DataFrame({"household": ["1"], "member": ["a"]})
    for path in (tmp_path / "pipe.csv", tmp_path / "pipe.parquet", Path("/dev/zero"), "/dev/stdin"):
        assert "found a pipe or device" in refused(pack, path, members)
        with pytest.raises(JmentitleError, match="pipe or device"):
            pack.run_files(path, path, tmp_path / "out", ON)
    (tmp_path / "folder").mkdir()
    assert "the folder has no Parquet file" in refused(pack, tmp_path / "folder", members)
    (tmp_path / "folder.csv").mkdir()
    assert "found a folder" in refused(pack, tmp_path / "folder.csv", members)
    for path in (tmp_path / "absent.csv", tmp_path / "pipe.csv" / "below", "nul\0.parquet"):
        assert "JM100" in refused(pack, path, members)
    with (tmp_path / "huge.csv").open("wb") as huge:
        huge.truncate(3 << 30)
    assert "too large" in refused(pack, tmp_path / "huge.csv", members)
    assert csv_files.MOST_BYTES < 3 << 30


@pytest.mark.parametrize("make", ["pandas", "Arrow", "Parquet"])
def test_a_column_that_stands_twice_is_named(pack: Pack, tmp_path: Path, make: str) -> None:
    table = pa.Table.from_arrays(
        [pa.array(["1"]), pa.array(["north"]), pa.array(["south"])],
        names=["household", "district", "district"],
    )
    pq.write_table(table, tmp_path / "h.parquet")
    twice = {
        "pandas": pd.DataFrame([["1", "north", "south"]], columns=table.schema.names),
        "Arrow": table,
        "Parquet": tmp_path / "h.parquet",
    }
    said = refused(pack, twice[make], pl.DataFrame({"household": ["1"], "member": ["a"]}))
    assert (
        said == "households.district: error JM100: duplicate column\n  expected: each column once"
    )


def test_names_that_may_be_data_are_not_repeated(pack: Pack) -> None:
    members = pl.DataFrame({"household": ["1"], "member": ["a"]})
    for name in ("Zhang San", "420801199001011234", "a\u202eb", "x" * 60):
        said = refused(pack, pl.DataFrame({"household": ["1"], name: ["x"]}), members)
        assert said.startswith("households.…: error JM071") and name not in said
    assert refused(pack, pl.DataFrame({"household": ["1"], "distrct": ["x"]}), members).startswith(
        "households.distrct: error JM071"
    )
    assert "Zhang" not in refused(pack, pl.DataFrame({"household Zhang": ["1"]}), members)


FRAMES = [
    5,
    None,
    object(),
    iter([1]),
    "",
    [],
    {},
    np.zeros(3),
    pl.DataFrame(),
    pd.DataFrame(),
    pa.table({}),
]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: type(frame).__name__)
def test_what_is_no_frame_is_refused(pack: Pack, frame: object) -> None:
    assert "JM100" in refused(pack, frame, pl.DataFrame({"household": ["1"], "member": ["a"]}))
    assert "JM100" in refused(pack, pl.DataFrame({"household": ["1"]}), frame)


def test_only_ids_will_do_and_members_are_bounded(pack: Pack) -> None:
    assert (
        len(
            pack.population(
                pl.DataFrame({"household": [1]}),
                pl.DataFrame({"household": [1], "member": [1]}),
                ON,
            )
        )
        == 1
    )
    assert "the frame is empty" in refused(
        pack,
        pl.DataFrame({"household": [1]}),
        pl.DataFrame(schema={"household": pl.Int64, "member": pl.Int64}),
    )
    for count in (MAX_MEMBERS + 1, 100_000):
        many = pl.DataFrame({"household": np.ones(count, np.int64), "member": np.arange(count)})
        assert "the household has too many members" in refused(
            pack, pl.DataFrame({"household": [1]}), many
        )


# damage


def damaged(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5))):
        bit = chance.randrange(8 * len(found))
        found[bit // 8] ^= 1 << bit % 8
    return bytes(found)


def test_flipped_bits_are_diagnostics_and_nothing_else(
    pack: Pack, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A file that is still one may hold other facts: without a checksum nobody can tell. Anything
    else has a code, and shows no id."""
    secret = [f"420801{number:012}" for number in range(12)]
    own = pl.DataFrame(
        {
            "household": secret,
            "district": ["north", "south", None] * 4,
            "income": [100.5 * number for number in range(12)],
        }
    )
    people = pl.DataFrame({"household": secret, "member": ["a"] * 12}).with_columns(
        birth_date=date(1950, 1, 1),
        lives_alone=True,
        illnesses=pl.Series([["stroke"], [], None] * 4),
    )
    tables = {"h": own, "m": people}
    for name, frame in tables.items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
    whole = {name: (tmp_path / f"{name}.parquet").read_bytes() for name in tables}
    chance, refusals = random.Random(11), 0
    for turn in range(120):
        paths = {name: tmp_path / f"{name}.parquet" for name in tables}
        hit = "hm"[turn % 2]
        paths[hit] = tmp_path / "damaged.parquet"
        paths[hit].write_bytes(damaged(whole[hit], chance))
        doors: list[Callable[[], object]] = [
            lambda paths=paths: pack.population(paths["h"], paths["m"], ON)
        ]  # type: ignore[misc]
        if turn % 3 == 0:
            doors.append(
                lambda paths=paths: pack.run_files(
                    paths["h"], paths["m"], tmp_path / "out", ON, replace=True
                )
            )  # type: ignore[misc]
            doors.append(
                lambda paths=paths: pack.population(*map(pl.scan_parquet, paths.values()), ON)
            )  # type: ignore[misc]
        for door in doors:
            try:
                door()
            except JmentitleError as problem:
                refusals += 1
                assert not any(one in str(problem) for one in secret)
    assert refusals > 80
    assert not any(one in capfd.readouterr().err for one in secret)


# processes

FORKS = """
import multiprocessing, sys
from tests.support.small_pack import ON, small_pack
import polars as pl

pack = small_pack()
frames = pl.DataFrame({"household": [1]}), pl.DataFrame({"household": [1], "member": [1]})
population = pack.population(*frames, ON)
run = pack.run(population, ON)
run.totals()

def child(name):
    from jmentitle.errors import JmentitleError
    doors = {
        "assess": lambda: pack.assess({"members": [{}]}, ON),
        "population": lambda: pack.population(*frames, ON),
        "run": lambda: pack.run(population, ON),
        "totals": run.totals,
        "household": lambda: run.assess(1),
        "facts": lambda: population.facts(0),
        "files": lambda: pack.run_files("h.parquet", "m.parquet", "out", ON),
        "repr": lambda: repr(run),
    }
    try:
        doors[name]()
        print(name, "done", flush=True)
    except JmentitleError as problem:
        print(name, problem.diagnostics[0].code, flush=True)

for name in ("assess", "population", "run", "totals", "household", "facts", "files", "repr"):
    process = multiprocessing.get_context("fork").Process(target=child, args=(name,))
    process.start()
    process.join(20)
    if process.is_alive():
        print(name, "hangs", flush=True)
        process.kill()
"""


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this system does not fork"
)
def test_a_fork_is_refused_and_may_assess_single_households() -> None:
    root = ROOT
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKS],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=root,
        check=True,
    )
    refused_ = ["population", "run", "totals", "household", "facts", "files"]
    assert ran.stdout.splitlines() == [
        "assess done",
        *(f"{name} JM090" for name in refused_),
        "repr done",
    ], ran.stderr


def test_a_population_travels_by_pickle(pack: Pack) -> None:
    population = pack.population(*of_ids(pl.Series([1]), pl.Series([1])), ON)
    copy = pickle.loads(pickle.dumps(population))
    assert pack.run(copy, ON).totals().equals(pack.run(population, ON).totals())


# outputs

LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from jmentitle.cli.main import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    write(tmp_path / "pack")
    own, people = of_ids(pl.Series(range(200)), pl.Series(range(200)))
    own.write_parquet(tmp_path / "h.parquet")
    people.write_parquet(tmp_path / "m.parquet")
    paths = [str(tmp_path / name) for name in ("h.parquet", "m.parquet")]
    return [
        "population",
        *paths,
        "--on",
        str(ON),
        "--pack",
        str(tmp_path / "pack"),
        "--out",
        str(tmp_path / "out"),
    ]


@pytest.mark.parametrize("size", [1, 3000])
def test_a_disk_that_is_full_leaves_nothing(tables: list[str], tmp_path: Path, size: int) -> None:
    before = {one.name for one in tmp_path.iterdir()}
    environment = {**os.environ, "JMENTITLE_CACHE": "", "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = [sys.executable, "-c", textwrap.dedent(LIMITED), str(size), *tables]
    ran = subprocess.run(
        arguments,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    assert ran.returncode == 2, ran.stderr
    assert "JM102: the output cannot be written" in ran.stderr
    assert {one.name for one in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["close", "rename"])
def test_a_disk_that_fills_at_the_very_end_leaves_nothing(
    pack: Pack, tables: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(written: object, *_: object) -> None:
        if getattr(written, "is_open", True):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter if name == "close" else Path, name, full)
    before = {one.name for one in tmp_path.iterdir()}
    with pytest.raises(
        JmentitleError, match="JM102: the output cannot be written: no space left on device"
    ):
        pack.run_files(tables[1], tables[2], tmp_path / "out", ON)
    assert {one.name for one in tmp_path.iterdir()} == before


KILLED = """
import os, signal, sys
from jmentitle.population.scale import output
output._to_disk = lambda path: os.kill(os.getpid(), signal.SIGKILL)
from jmentitle.cli.main import main
main(sys.argv[1:])
"""


def test_a_run_that_is_killed_leaves_no_output_under_its_name(
    tables: list[str], tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, *tables],
        capture_output=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    assert [one for one in tmp_path.iterdir() if one.name.startswith("out.partial-")]
