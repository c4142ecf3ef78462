"""No decimal context of the caller changes an answer, an error or a byte of a record."""

from __future__ import annotations

import decimal
import json
from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmentitle import InputError, PackError
from jmentitle.assessment.replay import as_json
from jmentitle.language.decimals import decimal_at, digits, whole_at
from jmentitle.pack import loader
from jmentitle.pack.files import read_files
from jmentitle.profile.validation import parse_text
from jmentitle.render.counterfactual import counterfactuals_text
from tests.support.families import shipped
from tests.support.paths import EXAMPLES, ROOT
from tests.support.small_pack import small_pack

ON = date(2018, 10, 15)
FAMILY = (EXAMPLES / "dibao_family_with_disabled_father.yaml").read_text(encoding="utf-8")
HOSTILE = {
    "prec 4": Context(prec=4),
    "prec 1, up": Context(prec=1, rounding=decimal.ROUND_UP),
    "tiny exponents": Context(prec=3, Emin=0, Emax=0, clamp=1, capitals=0),
    "every trap": Context(prec=2, traps=[*decimal.getcontext().traps]),
    "no trap": Context(prec=5, traps=[]),
    "wide": Context(prec=900, rounding=decimal.ROUND_FLOOR),
}


def assessed() -> str:
    return as_json(shipped().assess(parse_text(FAMILY), ON))


def letter() -> str:
    return shipped().assess(parse_text(FAMILY), ON).letter("en")


def explained() -> str:
    found = shipped().explain(parse_text(FAMILY), "minimum_living_guarantee", ON)
    return "".join(one.to_text("en", why_not=True) + json.dumps(one.to_dict()) for one in found)


def nearest() -> str:
    raw = {
        "household": {"hukou_county": "dongbao", "hukou_area": "urban"},
        "members": [{"wage_income": Decimal("1234.56")}, {"wage_income": 999.99}],
    }
    found = shipped().counterfactuals(raw, "minimum_living_guarantee", ON)
    return found.model_dump_json() + counterfactuals_text(found, "en")


def timeline() -> str:
    return shipped().timeline(parse_text(FAMILY), ON, "2018-12-31").model_dump_json()


def refused() -> str:
    raw = {
        "members": [
            {"wage_income": one}
            for one in (0.005, "1e3", 10**12, Decimal("1.001"), Decimal("NaN"), 1e300)
        ]
    }
    text = '{"members": [{"wage_income": 1e99999999999999999999}, {"wage_income": 0.0051}]}'
    said = []
    for given_ in (raw, parse_text(text)):
        with pytest.raises(InputError) as caught:
            shipped().read(given_, ON)
        said.append(str(caught.value))
    return "\n".join(said)


def amended() -> str:
    amendment = {"parameters": {"dibao_urban": {"scale": Decimal("1.1235")}}}
    pack = shipped().amend(amendment)
    return as_json(pack.assess(parse_text(FAMILY), ON)) + pack.digest


def loaded() -> str:
    content = loader.load(read_files(ROOT / "rules/jingmen")).content
    return repr([content.facts, content.parameters, content.indicators])


def refused_pack() -> str:
    with pytest.raises(PackError) as caught:
        small_pack().amend(
            {"parameters": {"meal_grant": {"unit": "CNY/month", "value": Decimal("NaN")}}}
        )
    return str(caught.value)


DOORS: list[Callable[[], str]] = [
    assessed,
    letter,
    explained,
    nearest,
    timeline,
    refused,
    amended,
    refused_pack,
]


@cache
def in_plain_context(door: Callable[[], str]) -> str:
    return door()


@pytest.mark.no_cover
@pytest.mark.parametrize("context", HOSTILE)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_caller_s_context_changes_nothing(door: Callable[[], str], context: str) -> None:
    plain = in_plain_context(door)
    with localcontext(HOSTILE[context]):
        assert door() == plain


def test_a_pack_is_read_alike_from_yaml() -> None:
    plain = loaded()
    with localcontext(HOSTILE["every trap"]):
        assert loaded() == plain


@settings(max_examples=200)
@given(st.integers(-(10**20), 10**20), st.integers(0, 6), st.sampled_from(sorted(HOSTILE)))
def test_numbers_and_decimals_are_the_same_in_any_context(
    number: int, scale: int, context: str
) -> None:
    plain = Decimal(number).scaleb(-scale), digits(Decimal(number).scaleb(-scale))
    with localcontext(HOSTILE[context]):
        assert (decimal_at(number, scale), digits(decimal_at(number, scale))) == plain
        assert whole_at(decimal_at(number, scale), scale) == (number, True)
        assert whole_at(decimal_at(10 * number + 5, scale + 1), scale) == (number, False)
