"""Whatever brings the frames, and in whatever order their rows come, the same facts make the same
population."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from jmentitle.chain.columns import sets
from jmentitle.errors import InputError
from jmentitle.population.frames import Population
from jmentitle.synthetic.city import City, synthetic_city
from tests.population.test_frames import said
from tests.support.families import shipped


def assert_same(one: Population, other: Population) -> None:
    for name in ("households", "people"):
        assert_frame_equal(getattr(one, name), getattr(other, name))
    assert_series_equal(one.members.of, other.members.of)
    assert one.members.starts.tolist() == other.members.starts.tolist()
    assert [one.household_ids.to_list(), one.member_ids.to_list()] == [
        other.household_ids.to_list(),
        other.member_ids.to_list(),
    ]


def parquet(frame: pl.DataFrame, folder: Path, name: str) -> str:
    frame.write_parquet(folder / f"{name}.parquet", row_group_size=7)
    return str(folder / f"{name}.parquet")


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """What a frame is that knows neither enums nor decimals nor dates."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    decimals = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal)]
    return frame.with_columns(
        pl.col(lists).cast(pl.List(pl.String)),
        pl.col(decimals).cast(pl.Float64),
        pl.col(pl.Enum, pl.Date).cast(pl.String),
    )


WAYS: dict[str, Callable[[pl.DataFrame, Path, str], object]] = {
    "a path of Parquet": parquet,
    "a lazy frame that scans": lambda frame, folder, name: pl.scan_parquet(
        parquet(frame, folder, name)
    ),
    "a lazy frame that works": lambda frame, folder, name: pl.scan_parquet(
        parquet(frame, folder, name)
    ).filter(pl.col("household") > 0),
    "frames put together": lambda frame, _, __: pl.concat([frame[:5], frame[5:]], rechunk=False),
    "pandas": lambda frame, _, __: frame.to_pandas(),
    "Arrow": lambda frame, _, __: frame.to_arrow(),
    "texts": lambda frame, _, __: texts(frame),
    "texts in a file": lambda frame, folder, name: parquet(texts(frame), folder, name),
}


@settings(max_examples=4, deadline=None)
@given(st.integers(1, 30), st.integers(1, 1000), st.sampled_from([0.0, 0.1, 0.5]))
def test_the_same_facts_make_the_same_population_whatever_brings_them(
    count: int, first: int, unknown: float
) -> None:
    city = synthetic_city(shipped(), count, first=first, unknown=unknown)
    expected = shipped().population(city.households, city.members, city.on)
    with TemporaryDirectory() as folder:
        for way in WAYS.values():
            frames = [
                way(frame, Path(folder), name)
                for frame, name in ((city.households, "households"), (city.members, "members"))
            ]
            assert_same(shipped().population(*frames, city.on), expected)


def shuffled(city: City, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    return city.households.sample(fraction=1, shuffle=True, seed=seed), city.members.sample(
        fraction=1, shuffle=True, seed=seed + 1
    )


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 40), st.integers(0, 1000), st.sampled_from([pl.UInt32, pl.Int64, pl.String]))
def test_rows_in_any_order_are_the_rows_in_the_order_of_households(
    count: int, seed: int, kind: type[pl.DataType]
) -> None:
    city = synthetic_city(shipped(), count, unknown=0.1)
    households, members = (
        frame.with_columns(pl.col("household").cast(kind)) for frame in shuffled(city, seed)
    )
    places = households.select("household", place=pl.int_range(pl.len()))
    ordered = members.join(places, on="household").sort("place", maintain_order=True).drop("place")
    assert_same(
        shipped().population(households, members, city.on),
        shipped().population(households, ordered, city.on),
    )


def test_a_lazy_frame_that_works_is_worked_out_once() -> None:
    city, times = synthetic_city(shipped(), 5), []

    def counted(frame: pl.DataFrame) -> pl.DataFrame:
        times.append(frame.height)
        return frame

    shipped().population(
        city.households,
        city.members.lazy().map_batches(counted, schema=city.members.schema),
        city.on,
    )
    assert times == [city.members.height]


def test_the_frames_of_the_user_stay_as_they_are() -> None:
    city = synthetic_city(shipped(), 20, unknown=0.1)
    table, frame = city.members.to_arrow(), city.members.to_pandas()
    for members in (city.members, table, frame):
        shipped().population(city.households, members, city.on)
    assert city.households.width == 1 + len(shipped().row_order.household)
    assert table.num_columns == len(frame.columns) == 2 + len(shipped().row_order.person)


def test_a_file_that_is_damaged_in_the_middle_is_refused(tmp_path: Path) -> None:
    city = synthetic_city(shipped(), 2000)
    path = tmp_path / "members.parquet"
    city.members.write_parquet(path, compression="zstd")
    written = bytearray(path.read_bytes())
    middle = len(written) // 2
    written[middle : middle + 4000] = bytes(4000)
    path.write_bytes(written)
    with pytest.raises(InputError, match="JM100"):
        shipped().population(city.households, path, city.on)


@pytest.mark.parametrize(
    "wages",
    [
        pl.Series([2**64 - 1, None], dtype=pl.UInt64),
        pl.Series([-(2**63), 0], dtype=pl.Int64),
        pl.Series([Decimal(10**30), Decimal(1)], dtype=pl.Decimal(38, 0)),
        pl.Series([1e300, 0.5]),
        pl.Series([float("-inf"), None]),
        pl.Series([float("nan"), None], dtype=pl.Float32),
    ],
)
def test_numbers_beyond_all_bounds_are_out_of_range(wages: pl.Series) -> None:
    members = pl.DataFrame({"household": [1, 1], "member": ["a", "b"], "wage_income": wages})
    assert said(shipped(), pl.DataFrame({"household": [1]}), members).startswith(
        "members.wage_income, row 0: error JM075"
    )


def test_decimals_are_not_rounded() -> None:
    wages = pl.Series([Decimal("0.10"), Decimal("0.1000000001")], dtype=pl.Decimal(38, 10))
    members = pl.DataFrame({"household": [1, 1], "member": ["a", "b"], "wage_income": wages})
    assert said(shipped(), pl.DataFrame({"household": [1]}), members).startswith(
        "members.wage_income, row 1: error JM080"
    )


def test_rows_that_are_wrong_are_counted_as_they_came() -> None:
    households = pl.DataFrame({"household": [7, 5]})
    columns = {
        "wage_income": [-1, 2, -3],
        "disability_types": [["wings"], ["limb"], [None]],
        "birth_date": [None, "1950-02-30", None],
    }
    members = pl.DataFrame({"household": [5, 7, 5], "member": ["a", "b", "c"], **columns})
    found = said(shipped(), households, members)
    assert "members.wage_income, row 0 and 1 more: error JM075" in found
    assert "members.disability_types, row 0 and 1 more: error JM073" in found
    assert "members.birth_date, row 1: error JM072" in found


# sets as words


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 200))
def test_words_hold_the_members_of_each_list(data: st.DataObject, count: int) -> None:
    members = [f"member {place}" for place in range(count)]
    rows = data.draw(
        st.lists(
            st.none() | st.lists(st.sampled_from(members), max_size=8), min_size=1, max_size=30
        )
    )
    words = sets.words(
        "set", sets.Lists.of(pl.Series(rows, dtype=pl.List(pl.Enum(members)))), members
    )
    for row, held in zip(rows, pl.DataFrame(words).rows(), strict=True):
        assert (held[0] is None) == (row is None)
        assert row is None or sets.members_of_words(held, members) == set(row)
    assert [word.dtype for word in words] == [pl.UInt8] * sets.count_of_words(members)


def test_what_an_unknown_list_hides_is_not_read() -> None:
    hidden = pa.ListArray.from_arrays(
        pa.array([0, 2, 3], pa.int32()),
        pa.array(["visual", "wings", "limb"]),
        mask=pa.array([True, False]),
    )
    members = pa.table({"household": [1, 1], "member": ["a", "b"], "disability_types": hidden})
    facts = shipped().population(pl.DataFrame({"household": [1]}), members).facts(0)
    assert [facts.value(member, "disability_types") for member in (0, 1)] == [
        None,
        frozenset({"limb"}),
    ]
