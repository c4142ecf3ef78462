"""A value means the same in a frame as in a household of its own: the same verdict and the same
code, whatever brings it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jmentitle import Pack
from jmentitle.errors import JmentitleError
from tests.support.small_pack import ON, small_pack

MONEY, NUMBER, TRUTH, DAY, ENUM, SET = (
    "income",
    "rooms",
    "lives_alone",
    "birth_date",
    "district",
    "illnesses",
)
OBJECT = pl.Object()
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Case:
    """A value of a fact, the type of the column that it comes in, and what is said of it: a code,
    or what is read. `single`: a household takes and refuses it alike; other values are those of the
    type of a column."""

    fact: str
    value: object
    kind: pl.DataType
    verdict: object
    single: bool = True


F, F32, WHOLE, S, B = pl.Float64(), pl.Float32(), pl.Int64(), pl.String(), pl.Boolean()
CASES = [
    Case(MONEY, 900, WHOLE, 90000),
    Case(MONEY, 1.1, F, 110),
    Case(MONEY, 1.1 + 2.2, F, "JM080"),
    Case(MONEY, 0.29, F, 29),
    Case(MONEY, 9_999_999_999.99, F, 999_999_999_999),
    Case(MONEY, float("nan"), F, "JM075"),
    Case(MONEY, float("inf"), F, "JM075"),
    Case(MONEY, 1e300, F, "JM075"),
    Case(MONEY, 1e13 + 0.123, F, "JM080"),
    Case(MONEY, -1, WHOLE, "JM075"),
    Case(MONEY, 1.1, F32, 110),
    Case(MONEY, 0.29, F32, 29),
    Case(MONEY, 1.001, F32, "JM080"),
    Case(MONEY, 2**63 + 5, pl.UInt64(), "JM075"),
    Case(MONEY, 2**100, pl.Int128(), "JM075"),
    Case(MONEY, Decimal("900.50"), pl.Decimal(20, 2), 90050),
    Case(MONEY, Decimal("900.500"), pl.Decimal(20, 3), 90050),
    Case(MONEY, Decimal("900.505"), pl.Decimal(20, 3), "JM080"),
    Case(MONEY, "900.00", S, 90000),
    Case(MONEY, "0.07", S, 7),
    Case(MONEY, "900.001", S, "JM080"),
    Case(MONEY, "-1", S, "JM075"),
    Case(MONEY, "9" * 20, S, "JM075"),
    *(
        Case(MONEY, text, S, "JM072")
        for text in (
            "1_000",
            "９００",
            " 900",
            "900 ",
            "1e3",
            "012",
            "+5",
            "900.",
            ".5",
            "1,000",
            "none today",
        )
    ),
    Case(MONEY, True, B, "JM072"),
    Case(MONEY, date(2018, 1, 1), pl.Date(), "JM072"),
    Case(NUMBER, 2, WHOLE, 2),
    Case(NUMBER, 2.0, F, 2),
    Case(NUMBER, 2.5, F, "JM072"),
    Case(NUMBER, 10, WHOLE, "JM075"),
    Case(NUMBER, "2", S, "JM072"),
    Case(NUMBER, True, B, "JM072"),
    Case(TRUTH, True, B, True),
    Case(TRUTH, 1, WHOLE, "JM072"),
    Case(TRUTH, 0.0, F, "JM072"),
    Case(TRUTH, "true", S, "JM072"),
    Case(TRUTH, "off", S, "JM072"),
    Case(DAY, date(1950, 1, 31), pl.Date(), date(1950, 1, 31)),
    Case(DAY, "1950-01-31", S, date(1950, 1, 31)),
    *(
        Case(DAY, text, S, "JM072")
        for text in (
            "1950-1-31",
            "1950-02-30",
            "19500131",
            "0000-01-01",
            "1950-01-31 ",
            "1950-01-31T00:00:00",
        )
    ),
    Case(DAY, "1850-01-01", S, "JM075"),
    Case(DAY, "2031-01-01", S, "JM074"),
    Case(DAY, date(2031, 1, 1), pl.Date(), "JM074"),
    Case(DAY, datetime(1950, 1, 31), pl.Datetime("us"), date(1950, 1, 31)),
    Case(DAY, datetime(1950, 1, 31), pl.Datetime("ns"), date(1950, 1, 31)),
    Case(DAY, datetime(1950, 1, 31, 12), pl.Datetime("ms"), "JM072"),
    Case(DAY, datetime(1950, 1, 31, tzinfo=UTC), pl.Datetime("us", "UTC"), "JM072"),
    Case(DAY, 0, WHOLE, "JM072"),
    Case(DAY, time(0), pl.Time(), "JM072"),
    Case(ENUM, "north", S, "north"),
    Case(ENUM, "north", pl.Categorical(), "north"),
    Case(ENUM, "north", pl.Enum(["moon", "north"]), "north"),
    Case(ENUM, "moon", S, "JM073"),
    Case(ENUM, "", S, "JM073"),
    Case(ENUM, 1, WHOLE, "JM073"),
    Case(ENUM, True, B, "JM073"),
    Case(SET, ["stroke"], pl.List(pl.String()), frozenset({"stroke"})),
    Case(SET, [], pl.List(pl.String()), frozenset()),
    Case(SET, ["stroke", "moon"], pl.List(pl.String()), "JM073"),
    Case(SET, [None], pl.List(pl.String()), "JM073"),
    Case(SET, [1], pl.List(pl.Int64()), "JM073"),
    Case(SET, "stroke", S, "JM072"),
    *(
        Case(fact, None, kind, UNKNOWN)
        for fact, kind in (
            (MONEY, F),
            (MONEY, S),
            (TRUTH, B),
            (DAY, pl.Datetime("us", "UTC")),
            (ENUM, S),
            (SET, S),
        )
    ),
]
HOUSE_FACTS = {MONEY, ENUM}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


def frames(fact: str, column: object) -> tuple[object, object]:
    """Frames of one household with one member, of pandas where the column is."""
    make = (
        pd.DataFrame
        if isinstance(column, pd.Series)
        else pa.table
        if isinstance(column, pa.Array)
        else pl.DataFrame
    )
    households, members = {"household": ["1"]}, {"household": ["1"], "member": ["a"]}
    (households if fact in HOUSE_FACTS else members)[fact] = column  # type: ignore[assignment]
    return make(households), make(members)


def verdict(pack: Pack, fact: str, households: object, members: object) -> object:
    """What is read of the fact, or the code."""
    try:
        facts = pack.population(households, members, ON).facts(0)
    except JmentitleError as problem:
        (one,) = problem.diagnostics
        assert fact in str(one.path)
        return one.code
    found = facts.value(None if fact in HOUSE_FACTS else 0, fact)
    return UNKNOWN if found is None else found


def alone(pack: Pack, fact: str, value: object) -> object:
    """The same of a household that comes alone."""
    household, member = ({fact: value}, {}) if fact in HOUSE_FACTS else ({}, {fact: value})
    try:
        facts = pack.read({"household": household, "members": [member]}, ON).facts
    except JmentitleError as problem:
        return problem.diagnostics[0].code
    found = facts.value(None if fact in HOUSE_FACTS else 0, fact)
    return UNKNOWN if found is None else found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fact} {case.value!r} {case.kind}")
def test_a_value_in_a_column_is_the_value_alone(pack: Pack, case: Case, tmp_path: Path) -> None:
    column = pl.Series([case.value], dtype=case.kind, strict=False)
    pairs = [frames(case.fact, column)]
    if case.kind not in (pl.Int128(), pl.Time()):
        pairs.append(frames(case.fact, column.to_arrow()))
    for name, frame in zip(("h", "m"), pairs[0], strict=True):
        frame.write_parquet(tmp_path / f"{name}.parquet")  # type: ignore[attr-defined]
    pairs.append((tmp_path / "h.parquet", tmp_path / "m.parquet"))
    assert [verdict(pack, case.fact, *pair) for pair in pairs] == [case.verdict] * len(pairs)
    if case.single:
        assert alone(pack, case.fact, case.value) == case.verdict


PANDAS = [
    (MONEY, pd.Series([1.1 + 2.2]), "JM080"),
    (MONEY, pd.Series([np.float32(1.1)], dtype="float32"), 110),
    (MONEY, pd.Series([float("nan")]), UNKNOWN),
    (MONEY, pd.Series([1.5], dtype="Float64"), 150),
    (MONEY, pd.Series([pd.NA], dtype="Int64"), UNKNOWN),
    (MONEY, pd.Series([5], dtype="Int64"), 500),
    (MONEY, pd.Series(["900.50"], dtype="string"), 90050),
    (MONEY, pd.Series(["1_000"], dtype=object), "JM072"),
    (MONEY, pd.Series([Decimal("900.5")], dtype=object), 90050),
    (MONEY, pd.Series([Decimal("NaN")], dtype=object), "JM075"),
    (MONEY, pd.Series([900], dtype=object), 90000),
    (MONEY, pd.Series([True], dtype=object), "JM072"),
    (MONEY, pd.Series([2**70], dtype=object), "JM075"),
    (MONEY, pd.Series([900.5], dtype=pd.ArrowDtype(pa.float64())), 90050),
    (MONEY, pd.Series([Decimal("1.10")], dtype=pd.ArrowDtype(pa.decimal128(10, 2))), 110),
    (TRUTH, pd.Series([True], dtype="boolean"), True),
    (TRUTH, pd.Series([pd.NA], dtype="boolean"), UNKNOWN),
    (TRUTH, pd.Series([True], dtype=object), True),
    (TRUTH, pd.Series([1], dtype=object), "JM072"),
    (TRUTH, pd.Series([1]), "JM072"),
    (DAY, pd.Series([pd.Timestamp("1950-01-31")]), date(1950, 1, 31)),
    (DAY, pd.Series([pd.Timestamp("1950-01-31 12:00")]), "JM072"),
    (DAY, pd.Series([pd.Timestamp("1950-01-31", tz="Asia/Shanghai")]), "JM072"),
    (DAY, pd.Series([pd.NaT]), UNKNOWN),
    (DAY, pd.Series([date(1950, 1, 31)], dtype=object), date(1950, 1, 31)),
    (DAY, pd.Series(["1950-02-30"], dtype=object), "JM072"),
    (DAY, pd.Series([pd.Period("1950-01")]), "JM072"),
    (ENUM, pd.Series(["north"], dtype="category"), "north"),
    (ENUM, pd.Series([1], dtype="category"), "JM073"),
    (ENUM, pd.Series([np.str_("north")], dtype=object), "north"),
    (ENUM, pd.Series([None], dtype=object), UNKNOWN),
    (SET, pd.Series([["stroke"]]), frozenset({"stroke"})),
    (SET, pd.Series([np.array(["stroke"])], dtype=object), frozenset({"stroke"})),
]


@pytest.mark.parametrize(
    ("fact", "column", "expected"),
    PANDAS,
    ids=lambda one: None if isinstance(one, pd.Series) else repr(one),
)
def test_columns_of_pandas_are_held_to_the_same(
    pack: Pack, fact: str, column: pd.Series, expected: object
) -> None:
    assert verdict(pack, fact, *frames(fact, column)) == expected


LITERALS = [
    *(
        (MONEY, text, fen)
        for text, fen in (
            ("900", 90000),
            ("900.5", 90050),
            ("900.505", "JM080"),
            ("", UNKNOWN),
            ('""', "JM072"),
        )
    ),
    *(
        (MONEY, text, "JM072")
        for text in ("1_000", "1e3", "012", "９００", "none today", "NaN", "true")
    ),
    *(
        (NUMBER, text, read)
        for text, read in (("2", 2), ("2.0", 2), ("2.5", "JM072"), ("two", "JM072"))
    ),
    *(
        (TRUTH, text, read)
        for text, read in (
            ("true", True),
            ("False", False),
            ("1", "JM072"),
            ("yes", "JM072"),
            ("", UNKNOWN),
        )
    ),
    *(
        (DAY, text, read)
        for text, read in (
            ("1950-01-31", date(1950, 1, 31)),
            ("1950-1-31", "JM072"),
            ("0", "JM072"),
            ('""', "JM072"),
        )
    ),
    *(
        (ENUM, text, read)
        for text, read in (
            ("north", "north"),
            ('"north"', "north"),
            ("moon", "JM073"),
            (" north", "JM073"),
            ('""', "JM073"),
        )
    ),
    (SET, "stroke", "JM072"),
]


@pytest.mark.parametrize(("fact", "text", "expected"), LITERALS)
def test_a_cell_of_csv_is_what_its_fact_reads(
    pack: Pack, tmp_path: Path, fact: str, text: str, expected: object
) -> None:
    own = fact in HOUSE_FACTS
    (tmp_path / "h.csv").write_text(
        f"household,{fact}\n1,{text}\n" if own else "household\n1\n", encoding="utf-8"
    )
    (tmp_path / "m.csv").write_text(
        "household,member\n1,a\n" if own else f"household,member,{fact}\n1,a,{text}\n",
        encoding="utf-8",
    )
    assert verdict(pack, fact, tmp_path / "h.csv", tmp_path / "m.csv") == expected


def mixed() -> Iterator[tuple[object, str]]:
    values = [900, "none today", 1.5, Decimal("2.50"), True, None]
    yield pd.DataFrame({"household": list("abcdef"), MONEY: values}), "pandas"
    yield (
        pl.DataFrame(
            [pl.Series("household", list("abcdef")), pl.Series(MONEY, values, dtype=pl.Object)]
        ),
        "Polars",
    )


def test_a_remark_among_numbers_is_named_by_column_and_row_and_not_shown(pack: Pack) -> None:
    members = pl.DataFrame({"household": list("abcdef"), "member": ["x"] * 6})
    for households, _ in mixed():
        with pytest.raises(JmentitleError) as problem:
            pack.population(households, members, ON)
        (one,) = problem.value.diagnostics
        assert (one.code, one.path) == ("JM072", "households.income, row 1 and 1 more")
        assert "none today" not in str(problem.value)
    right = pd.DataFrame(
        {"household": list("abcd"), MONEY: [900, 1.5, Decimal("2.50"), None]}, dtype=object
    )
    found = pack.population(right, members.head(4), ON)
    assert [found.facts(place).value(None, MONEY) for place in range(4)] == [90000, 150, 250, None]


def test_a_float_of_32_bits_is_the_shortest_decimal_of_its_own_type(pack: Pack) -> None:
    fen = np.random.default_rng(1).integers(0, 10**6, 2000)
    households = pl.DataFrame({"household": np.arange(2000), MONEY: (fen / 100).astype(np.float32)})
    members = pl.DataFrame({"household": np.arange(2000), "member": ["a"] * 2000})
    assert pack.population(households, members, ON).households[MONEY].to_list() == fen.tolist()
