"""From Parquet to Parquet: a stream gives what memory gives, and its output is whole or absent."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import cast

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from jmentitle import InputError, Pack
from jmentitle.cli.main import main
from jmentitle.population.frames import Population
from jmentitle.population.run import Run
from jmentitle.population.scale import stream
from jmentitle.population.scale.batches import Table, batches
from jmentitle.population.scale.stream import Files, run_files
from tests.support.crowd import crowd
from tests.support.families import shipped
from tests.support.small_pack import small_pack, write

ON = date(2018, 10, 15)
Frames = tuple[pl.DataFrame, pl.DataFrame]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


@pytest.fixture(scope="module")
def city() -> Pack:
    return shipped()


@pytest.fixture(scope="module")
def frames(pack: Pack) -> Frames:
    return crowd(pack, 240, ON, seed=7, unknown=0.3)


def written(frames: Frames, folder: Path) -> tuple[Path, Path]:
    households, members = folder / "households.parquet", folder / "members.parquet"
    frames[0].write_parquet(households)
    frames[1].write_parquet(members, row_group_size=100)
    return households, members


def rows(frame: pl.DataFrame) -> pl.DataFrame:
    keys = [
        pl.col(name).cast(pl.String).alias(f"by {name}")
        for name in ("household", "member", "item", "benefit")
        if name in frame.columns
    ]
    return frame.sort(keys)


def equal(files: Files, run: Run) -> None:
    assert_frame_equal(rows(files.decisions().collect()), rows(run.decisions()))
    assert_frame_equal(rows(files.benefits().collect()), rows(run.benefits()))
    assert_frame_equal(files.totals(), run.totals())
    assert_frame_equal(files.item_totals(), run.item_totals())


def test_a_stream_gives_what_memory_gives(city: Pack, tmp_path: Path) -> None:
    households, members = crowd(city, 240, ON, seed=7, unknown=0.3)
    # Many facts are unknown for everybody in the first part, and known later.
    members = members.with_columns(
        pl.when(pl.col("household") >= 230).then(pl.exclude("household", "member"))
    )
    files = run_files(
        city, *written((households, members), tmp_path), tmp_path / "out", ON, part=140
    )
    equal(files, city.run(city.population(households, members, ON), ON))
    again = Files.open(tmp_path / "out")
    assert again.receipt == files.receipt
    assert (again.receipt["households"], again.receipt["members"]) == (240, len(members))
    assert again.receipt["pack_digest"] == city.digest
    assert again.receipt["on"] == "2018-10-15"


def test_tables_may_lie_in_several_files_and_ids_be_texts(
    pack: Pack, frames: Frames, tmp_path: Path
) -> None:
    text = pl.format("h{}", "household").alias("household")
    frames = (
        frames[0].with_columns(text).sort("household"),
        frames[1].with_columns(text).sort("household", maintain_order=True),
    )
    folder, parts = tmp_path / "households", [tmp_path / "b.parquet", tmp_path / "a.parquet"]
    folder.mkdir()
    frames[0][:50].write_parquet(folder / "part-0.parquet")
    frames[0][50:].write_parquet(folder / "part-1.parquet")
    (folder / "_SUCCESS").touch()
    people = frames[1].cast({"illnesses": pl.List(pl.Enum(["stroke", "diabetes"]))})
    people[:333].write_parquet(parts[0], row_group_size=100)
    people[333:].write_parquet(parts[1])
    files = run_files(pack, folder, parts, tmp_path / "out", ON, part=150)
    assert_frame_equal(files.totals(), pack.run(pack.population(*frames, ON), ON).totals())


def test_the_same_input_gives_the_same_files(pack: Pack, frames: Frames, tmp_path: Path) -> None:
    few = frames[0][:20], frames[1].filter(pl.col("household") < 20)
    inputs = written(few, tmp_path)
    first, second = (
        pack.run_files(*inputs, tmp_path / name, ON, progress=False) for name in ("first", "second")
    )
    assert first.receipt == second.receipt


def test_the_receipt_names_an_amendment(pack: Pack, frames: Frames, tmp_path: Path) -> None:
    few = frames[0][:20], frames[1].filter(pl.col("household") < 20)
    amended = pack.amend({"id": "no_visits", "drop": ["visits"]})
    receipt = amended.run_files(
        *written(few, tmp_path), tmp_path / "out", ON, progress=False
    ).receipt
    assert [
        (one["id"], one["version"]) for one in cast("list[dict[str, str]]", receipt["overlays"])
    ] == [("no_visits", "proposal")]


def test_the_command_reads_csv_whole_and_prints_the_totals(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    inputs = [str(tmp_path / "households.csv"), str(tmp_path / "members.csv")]
    Path(inputs[0]).write_text("household\nb\na\n", encoding="utf-8")
    Path(inputs[1]).write_text(
        "household,member,birth_date\na,1,1950-03-01\nb,1,1980-01-01\na,2,2012-05-05\n",
        encoding="utf-8",
    )
    out = str(tmp_path / "out")
    command = [
        "population",
        *inputs,
        "--on",
        "2018-10-15",
        "--out",
        out,
        "--pack",
        str(write(tmp_path / "pack")),
    ]
    assert main([*command, "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Small: 2 households, 3 members\n")
    assert f"{out}/_complete.json" in printed
    assert main([*command, "--replace"]) == 0
    assert capsys.readouterr().out.startswith("小试: 2 户，3 人\n")
    assert main([*command, "--replace", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (len(data["items"]), data["receipt"]["households"]) == (2, 2)
    assert main(command) == 2
    assert "JM102" in capsys.readouterr().err


def refused(pack: Pack, frames: Frames, folder: Path, part: int = 100) -> str:
    """What is said about tables that cannot be used; nothing is written."""
    inputs = written(frames, folder)
    with pytest.raises(InputError) as caught:
        run_files(pack, *inputs, folder / "out", ON, part=part)
    assert {one.name for one in folder.iterdir()} == {one.name for one in inputs}
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda own, people: (own.reverse(), people),
            "households.household, row 1: error JM101: the rows are not sorted by household",
        ),
        (
            lambda own, people: (own, people.reverse()),
            (
                "members.household, row 0|members.household, row [1-9]: error JM101: the rows are"
                " not sorted"
            ),
        ),
        (
            lambda own, people: (pl.concat([own[:5], own[4:]]), people),
            "households.household, row 5: error JM101: duplicate household id",
        ),
        (lambda own, people: (own[:-1], people), "error JM101: unknown household id"),
        (
            lambda own, people: (own[:50].vstack(own[51:]), people),
            "error JM101: unknown household id",
        ),
        (
            lambda own, people: (own, people.filter(pl.col("household") != 150)),
            "household, row 150: error JM101: the household has no member",
        ),
        (
            lambda own, people: (own, people.filter(pl.col("household") < 200)),
            "household, row 200: error JM101: the household has no member",
        ),
        (
            lambda own, people: (
                own.with_columns(pl.when(pl.col("household") != 7).then("household")),
                people,
            ),
            "row 7: error JM101: missing id",
        ),
        (
            lambda own, people: (own.with_columns(pl.col("household").cast(pl.String)), people),
            "JM101: (the ids|the rows)",
        ),
        (
            lambda own, people: (own.cast({"household": pl.Float64}), people),
            "neither whole numbers nor texts",
        ),
        (
            lambda own, people: (own.rename({"household": "househould"}), people),
            "JM100.*missing column `household`",
        ),
        (lambda own, people: (own, people.head(0)), "members: error JM100: the frame is empty"),
        (lambda own, people: (own, people.with_columns(wrong=1)), "members.wrong: error JM071"),
    ],
)
def test_tables_that_do_not_fit_are_refused(
    pack: Pack, frames: Frames, tmp_path: Path, change: object, message: str
) -> None:
    said = refused(pack, change(*frames), tmp_path)  # type: ignore[operator]
    assert re.search(message, said), said


def test_wrong_facts_are_found_with_the_rows_of_the_file(
    pack: Pack, frames: Frames, tmp_path: Path
) -> None:
    later = (
        pl.when(pl.col("household") == 170)
        .then(pl.lit(date(2030, 1, 1)))
        .otherwise("birth_date")
        .alias("birth_date")
    )
    row = frames[1]["household"].search_sorted(170)
    said = refused(pack, (frames[0], frames[1].with_columns(later)), tmp_path)
    assert f"members.birth_date, row {row}" in said
    assert "JM074" in said


def test_what_is_no_table_is_refused(pack: Pack, frames: Frames, tmp_path: Path) -> None:
    households, members = written(frames, tmp_path)
    other = tmp_path / "other.parquet"
    frames[1].select("household", "member").write_parquet(other)
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "absent.parquet", tmp_path / "empty", [], [members, other]):
        with pytest.raises(InputError, match="JM100"):
            run_files(pack, households, source, tmp_path / "out", ON)


def test_batches_are_whole_households(frames: Frames, tmp_path: Path) -> None:
    households, members = written(frames, tmp_path)
    found = list(
        batches(
            Table(households, "households", ["household"]),
            Table(members, "members", ["household", "member"]),
            7,
        )
    )
    assert [len(one.households) for one in found] == [7] * 34 + [2]
    for one in found:
        assert (
            one.members["household"].unique(maintain_order=True).to_list()
            == one.households["household"].to_list()
        )
        assert one.members.equals(
            frames[1][one.first_rows[1] : one.first_rows[1] + len(one.members)]
        )


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interruption_leaves_nothing(
    pack: Pack, frames: Frames, tmp_path: Path, problem: BaseException | type[BaseException]
) -> None:
    seen: list[int] = []

    def interrupted(parts: Iterable[Population], count: int) -> Iterator[Population]:
        for part in parts:
            if len(seen) == 1:
                assert [one for one in tmp_path.iterdir() if ".partial-" in one.name]
                if problem is KeyboardInterrupt:
                    signal.raise_signal(signal.SIGINT)  # what Ctrl-C sends
                raise problem
            seen.append(count)
            yield part

    inputs = written(frames, tmp_path)
    expected = KeyboardInterrupt if problem is KeyboardInterrupt else InputError
    with pytest.raises(expected):
        run_files(pack, *inputs, tmp_path / "out", ON, progress=interrupted, part=100)
    assert seen == [3]
    assert {one.name for one in tmp_path.iterdir()} == {one.name for one in inputs}


def test_the_command_stops_cleanly(
    capsys: pytest.CaptureFixture[str],
    frames: Frames,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stream, "benefit_rows", stopped)
    folder = tmp_path / "frames"
    folder.mkdir()
    inputs = written(frames, folder)
    pack = str(write(tmp_path / "pack"))
    assert (
        main(
            [
                "population",
                *map(str, inputs),
                "--on",
                "2018-10-15",
                "--out",
                str(folder / "out"),
                "--pack",
                pack,
            ]
        )
        == 130
    )
    assert {one.name for one in folder.iterdir()} == {one.name for one in inputs}
    assert "stopped" in capsys.readouterr().err


def test_only_an_earlier_output_is_replaced(pack: Pack, frames: Frames, tmp_path: Path) -> None:
    inputs = written((frames[0][:5], frames[1].filter(pl.col("household") < 5)), tmp_path)
    out = tmp_path / "out"
    pack.run_files(*inputs, out, ON)
    with pytest.raises(InputError, match=r"JM102.*already exists"):
        pack.run_files(*inputs, out, ON)
    pack.run_files(*inputs, out, ON, replace=True, decisions=["eligible"])
    assert Files.open(out).receipt["decisions"] == ["eligible"]
    (out / "notes.txt").write_text("ours", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(out)
    for taken in (out, link, inputs[0], tmp_path):
        with pytest.raises(InputError, match=r"JM102.*not an earlier output"):
            pack.run_files(*inputs, taken, ON, replace=True)
    with pytest.raises(InputError, match=r"JM102.*cannot be made"):
        pack.run_files(*inputs, tmp_path / "absent" / "out", ON)
    with pytest.raises(InputError, match="JM079"):
        pack.run_files(*inputs, tmp_path / "late", date(2031, 1, 1))


@pytest.mark.parametrize("reached", [1, 2])
def test_an_interruption_leaves_the_earlier_output_in_its_place(
    pack: Pack, frames: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reached: int
) -> None:
    inputs = written((frames[0][:5], frames[1].filter(pl.col("household") < 5)), tmp_path)
    earlier = run_files(pack, *inputs, tmp_path / "out", ON, decisions=["eligible"])
    there, rename, renamed = {one.name for one in tmp_path.iterdir()}, Path.rename, []

    def stopped(path: Path, target: Path) -> Path:
        renamed.append(path)
        if len(renamed) == reached:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        run_files(pack, *inputs, tmp_path / "out", ON, replace=True)
    assert {one.name for one in tmp_path.iterdir()} == there
    assert Files.open(tmp_path / "out").receipt == earlier.receipt


def test_an_output_that_is_not_whole_is_not_opened(
    pack: Pack, frames: Frames, tmp_path: Path
) -> None:
    inputs = written((frames[0][:5], frames[1].filter(pl.col("household") < 5)), tmp_path)
    pack.run_files(*inputs, tmp_path / "out", ON)
    (tmp_path / "out" / "totals.parquet").unlink()
    for folder in (tmp_path, tmp_path / "out"):
        with pytest.raises(InputError, match="JM102"):
            Files.open(folder)


def test_lists_that_hide_values_under_unknowns_are_read(city: Pack) -> None:
    hidden = pl.Series("disability_types", [["visual"], ["no such type"]])
    unknown = (
        pl.select(pl.when(pl.Series([True, False])).then(hidden))
        .to_series()
        .alias("disability_types")
    )
    members = pl.DataFrame(
        [pl.Series("household", [1, 2]), pl.Series("member", ["a", "a"]), unknown]
    )
    assert len(city.population(pl.DataFrame({"household": [1, 2]}), members)) == 2


def test_ids_may_be_numbers(pack: Pack) -> None:
    run = pack.run(
        pack.population(
            pl.DataFrame({"household": [1]}), pl.DataFrame({"household": [1], "member": [1]})
        ),
        ON,
    )
    assert run.decisions().schema["member"] == pl.Int64
