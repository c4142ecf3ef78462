"""The printed JSON Schema and the validator accept the same, as far as JSON Schema can say it."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from jmentitle import InputError
from jmentitle.language.tree import Choice, ChoiceSet, Day, Numeric
from jmentitle.pack.model import RECEIVES
from jmentitle.profile.models import receivable
from jmentitle.profile.schema import BEYOND, household_schema
from jmentitle.profile.validation import parse_text
from tests.support.families import shipped

ON = date(2018, 10, 15)


@cache
def schema() -> Draft202012Validator:
    return Draft202012Validator(
        json.loads(json.dumps(household_schema(shipped().content))), format_checker=FormatChecker()
    )


def codes(text: str) -> set[str]:
    try:
        shipped().read(parse_text(text), None)
    except InputError as problem:
        return {one.code for one in problem.diagnostics}
    return set()


def fits(raw: object) -> bool:
    return schema().is_valid(raw)


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**16),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "",
            "x",
            "true",
            "900",
            "900.00",
            "-1",
            "-0",
            "1_000",
            "９００",
            "1e3",
            " 9",
            "2018-02-30",
            "2018-02-28",
            "1899-12-31",
            "20180228",
        ]
    ),
    st.sampled_from(["household", "a\u202eb", "x" * 64, "x" * 65, "0012", "李雷"]),
    st.lists(st.sampled_from(["schizophrenia", "x", 1]), max_size=3),
    st.just({}),
)


def right(entity: str, name: str) -> st.SearchStrategy[object]:
    """Mostly values of the kind of a fact."""
    content = shipped().content
    fact = content.facts.get((entity, name))  # type: ignore[arg-type]
    match None if fact is None else fact.type:
        case Choice(enum=enum):
            return st.sampled_from(list(content.enums[enum].members))
        case ChoiceSet(enum=enum):
            return st.lists(st.sampled_from(list(content.enums[enum].members)), max_size=3)
        case Day():
            return st.dates(date(1890, 1, 1), ON).map(str)
        case Numeric(scale=scale):
            return st.integers(-2, 10**8).map(
                lambda number: number / 10**scale if scale else number
            )
    if name == RECEIVES:
        return st.lists(st.sampled_from(receivable(content, entity)), max_size=3)  # type: ignore[arg-type]
    return st.booleans()


def facts_of(entity: str) -> st.SearchStrategy[dict[str, object]]:
    order = shipped().row_order.of_entity(entity)  # type: ignore[arg-type]
    names = st.sampled_from([*order, "brith_date", "id", "members_complete"])
    pairs = names.flatmap(
        lambda name: st.tuples(
            st.just(name), st.one_of(right(entity, name), right(entity, name), odd)
        )
    )
    return st.lists(pairs, max_size=3).map(dict)


files = st.fixed_dictionaries(
    {"members": st.one_of(st.lists(facts_of("person"), min_size=1, max_size=3), odd)},
    optional={
        "household": st.one_of(facts_of("household"), odd),
        "pack": st.sampled_from(["jingmen", "wuhan", None, 1]),
        "on": odd,
        "x": odd,
    },
)


def said_beyond(raw: object, said: set[str]) -> bool:
    """What JSON Schema cannot say, and the schema says so in words: ids that differ (JM077), no
    later date (JM074), the range of money as text (JM075) and decimal places (JM080). To JSON
    Schema 1.0 is a whole number, and so an id (JM072)."""
    id_with_point = re.search(r'"id": -?[0-9]+\.0', json.dumps(raw))
    return said <= {"JM074", "JM075", "JM077", "JM080", *(["JM072"] if id_with_point else [])}


@settings(max_examples=600, deadline=None)
@given(files)
def test_schema_and_validator_accept_the_same(raw: object) -> None:
    said = codes(json.dumps(raw))
    if said:
        assert not fits(raw) or said_beyond(raw, said), said
    else:
        assert fits(raw), list(schema().iter_errors(raw))


def test_every_right_amount_is_right_to_both() -> None:
    """In binary floats 0.01 is no part of most amounts; all of them are amounts all the same."""
    for fen in range(0, 100_000, 13):
        raw = {
            "members": [{"wage_income": fen / 100}, {"wage_income": f"{Decimal(fen) / 100:.2f}"}]
        }
        assert fits(raw), fen
        assert codes(json.dumps(raw)) == set()


@pytest.mark.parametrize(
    "members",
    [
        [{"birth_date": "2018-02-30"}],
        [{"birth_date": "20180228"}],
        [{"birth_date": "1899-12-31"}],
        [{"id": "household"}],
        [{"id": ""}],
        [{"id": "x" * 65}],
        [{"id": True}],
        [{"wage_income": "1_000"}],
        [{"wage_income": True}],
        [{"wage_income": -1}],
        [{"orphan": 1}],
        [],
        {},
    ],
    ids=str,
)
def test_what_is_wrong_is_wrong_to_both(members: object) -> None:
    assert not fits({"members": members})
    assert codes(json.dumps({"members": members}))


@pytest.mark.parametrize(
    "members",
    [
        [{"id": 7}],
        [{"id": "李雷"}],
        [{"diagnoses": ["schizophrenia", "schizophrenia"]}],
        [{"id": None, "sex": None}],
    ],
    ids=str,
)
def test_what_is_right_is_right_to_both(members: object) -> None:
    assert fits({"members": members, "household": None, "pack": "jingmen", "on": None})
    assert (
        codes(json.dumps({"members": members, "household": None, "pack": "jingmen", "on": None}))
        == set()
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"members": [{"id": "a"}, {"id": "a"}]}, "JM077"),
        ({"members": [{"id": 1}, {"id": "1"}]}, "JM077"),
        ({"on": "2018-01-01", "members": [{"birth_date": "2018-01-02"}]}, "JM074"),
        ({"members": [{"wage_income": 0.005}]}, "JM080"),
        ({"members": [{"wage_income": "99999999999999.00"}]}, "JM075"),
    ],
    ids=str,
)
def test_what_json_schema_cannot_say_is_said_in_words(raw: object, code: str) -> None:
    assert fits(raw)
    assert codes(json.dumps(raw)) == {code}
    assert BEYOND in household_schema(shipped().content)["description"]  # type: ignore[operator]
