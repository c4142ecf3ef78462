"""Overlays: what they fill in, what they may not touch, how they show in the receipt, and what is
said of a bad one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from jmentitle import load_pack
from jmentitle.api import Pack
from jmentitle.cli.main import main
from jmentitle.errors import PackError
from jmentitle.language.diagnostics import Diagnostic
from tests.support.paths import EXAMPLES
from tests.support.small_pack import FILES, write

HOUSEHOLD = {
    "household": {"district": "south", "income": 1000, "receives": []},
    "members": [{"birth_date": "1950-01-01", "lives_alone": True, "receives": []}],
}
HEAD = "overlay: {id: bureau, version: '3', name: {zh: 我局, en: our bureau}, for: small}\n"
SOURCES = (
    "sources: {letter: {grade: press, issuer: {zh: 局, en: bureau}, title: {zh: 信, en: letter}}}\n"
)
FILLED = "      - {from: 2019-01-01, until: 2019-06-30, value: {south: 95}, cite: [letter]}\n"
COUNTER = "  counter: {phone: '123', hotlines: ['12300'], cite: [letter]}\n"


def values(entries: str, unit: str = "CNY/month") -> str:
    return f"{HEAD}{SOURCES}parameters:\n  meal_grant:\n    unit: {unit}\n    values:\n{entries}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "small")


def laid(folder: Path, *texts: str) -> Pack:
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder.parent / f"overlay_{number}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    return load_pack(folder, overlays=paths)


def problems(folder: Path, *texts: str) -> list[Diagnostic]:
    with pytest.raises(PackError) as raised:
        laid(folder, *texts)
    return list(raised.value.diagnostics)


def amount(pack: Pack, on: date, district: str = "south") -> str:
    household = {**HOUSEHOLD, "household": {**HOUSEHOLD["household"], "district": district}}  # type: ignore[dict-item]
    found = pack.assess(household, on).result("meals", "member_1").benefits[0].amount
    assert found is not None
    return str(found.low) if found.certainty == "exact" else found.certainty


def test_a_value_is_filled_in_on_its_days_and_keys_only(folder: Path) -> None:
    pack = laid(folder, values(FILLED))
    assert [
        amount(pack, day)
        for day in (date(2018, 12, 31), date(2019, 1, 1), date(2019, 6, 30), date(2019, 7, 1))
    ] == [
        "80.00",
        "95.00",
        "95.00",
        "unpublished",
    ]
    assert amount(pack, date(2019, 1, 1), "north") == "120.00"
    assert amount(pack, date(2019, 1, 1), "east") == "unpublished"
    assert amount(load_pack(folder), date(2019, 1, 1)) == "unpublished"


def test_every_engine_uses_it(folder: Path) -> None:
    pack = laid(folder, values(FILLED))
    native, written = (
        pack.assess(HOUSEHOLD, date(2019, 1, 1), engine_name=name)
        for name in ("native", "specification")
    )
    assert native.results == written.results


def test_a_filled_value_rests_on_the_source_of_the_overlay_and_the_others_do_not(
    folder: Path,
) -> None:
    pack = laid(folder, values(FILLED))
    filled = pack.assess(HOUSEHOLD, date(2019, 1, 1)).result("meals", "member_1").benefits[0]
    assert (filled.grade, "letter" in filled.sources) == ("press", True)
    north = {**HOUSEHOLD, "household": {**HOUSEHOLD["household"], "district": "north"}}  # type: ignore[dict-item]
    other = pack.assess(north, date(2019, 1, 1)).result("meals", "member_1").benefits[0]
    assert (other.grade, "letter" in other.sources) == ("notice", False)


def test_a_published_value_is_replaced_only_when_that_is_meant(folder: Path) -> None:
    entry = "      - {from: 2018-06-01, until: 2018-06-30, value: {south: 90}, cite: [letter]}\n"
    (found,) = problems(folder, values(entry))
    assert (
        found.render()
        == f"{folder.parent / 'overlay_0.yaml'}:7:9: error JM066: the pack already publishes a"
        " value of `meal_grant` on 2018-06-01\n  7 |       - {from: 2018-06-01, until:"
        " 2018-06-30, value: {south: 90}, cite: [letter]}\n    |         ^\n  expected: days"
        " or keys without a value, or `replaces: true`"
    )
    pack = laid(folder, values(entry.replace("cite:", "replaces: true, cite:")))
    assert [
        amount(pack, day) for day in (date(2018, 5, 31), date(2018, 6, 1), date(2018, 7, 1))
    ] == ["80.00", "90.00", "80.00"]


def test_a_floor_is_filled_in_freely(folder: Path) -> None:
    texts = FILES["parameters/values.yaml"].replace("outer: 80", "outer: {at_least: 80}")
    (folder / "parameters/values.yaml").write_text(texts, encoding="utf-8")
    pack = laid(folder, values("      - {until: 2018-12-31, value: {outer: 85}, cite: [letter]}\n"))
    assert amount(pack, date(2018, 6, 1)) == "85.00"


def test_steps_are_given_whole(folder: Path) -> None:
    texts = (
        FILES["parameters/values.yaml"]
        + "  room_grant:\n    label: {zh: 房, en: rooms}\n    unit: CNY/month\n    steps_of:"
        " rooms\n    values:\n      - {value: null, reason: {zh: 未公布, en: not published},"
        " cite: []}\n"
    )
    (folder / "parameters/values.yaml").write_text(texts, encoding="utf-8")
    meals = folder / "items/care/meals.yaml"
    meals.write_text(
        FILES["items/care/meals.yaml"].replace("amount: meal_grant", "amount: room_grant"),
        encoding="utf-8",
    )
    pack = laid(
        folder,
        values("      - {value: {0: 10, 3: 30}, cite: [letter]}\n").replace(
            "meal_grant", "room_grant"
        ),
    )
    household = {**HOUSEHOLD, "members": [{**HOUSEHOLD["members"][0], "rooms": 4}]}  # type: ignore[index, dict-item]
    found = pack.assess(household, date(2018, 6, 1)).result("meals", "member_1").benefits[0]
    assert found.amount is not None and str(found.amount.low) == "30.00"
    assert found.grade == "press"


def test_offices_are_completed_and_added(folder: Path) -> None:
    more = (
        "hotlines: {'12300': {name: {zh: 热线, en: hotline}, cite: [letter]}}\noffices:\n" + COUNTER
    )
    added = (
        "  second: {name: {zh: 二号, en: second}, level: city, duties: [{duty: desk, from:"
        " 2019-01-01}], phone: null, address: null,\n    reason: {zh: 无, en: none known}, cite:"
        " [letter]}\n"
    )
    pack = laid(folder, HEAD + SOURCES + more + added)
    assert [
        office.id
        for office in pack.assess(HOUSEHOLD, date(2018, 6, 1)).result("meals", "member_1").offices
    ] == ["counter"]
    first, second = pack.assess(HOUSEHOLD, date(2019, 6, 1)).result("meals", "member_1").offices
    assert (first.phone, first.hotlines, first.name.en, first.address) == (
        "123",
        ["12300"],
        "counter",
        None,
    )
    assert (second.id, second.phone) == ("second", None)


def test_later_overlays_lie_over_earlier_ones(folder: Path) -> None:
    second = (
        values(FILLED.replace("95", "99"))
        .replace("id: bureau", "id: county")
        .replace("letter", "second_letter")
    )
    assert [one.code for one in problems(folder, values(FILLED), second)] == ["JM066"]
    pack = laid(folder, values(FILLED), second.replace("cite:", "replaces: true, cite:"))
    assert amount(pack, date(2019, 1, 1)) == "99.00"
    assert [overlay.id for overlay in pack.content.overlays] == ["bureau", "county"]


def test_the_receipt_lists_overlays_and_the_digest_is_of_the_text(folder: Path) -> None:
    assert load_pack(folder).assess(HOUSEHOLD, date(2019, 1, 1)).receipt.overlays == []
    texts = values(FILLED), values(FILLED), values(FILLED) + "# a remark\n"
    receipts = [laid(folder, text).assess(HOUSEHOLD, date(2019, 1, 1)).receipt for text in texts]
    (first,), (same,), (other,) = (receipt.overlays for receipt in receipts)
    assert (first.id, first.version) == ("bureau", "3")
    assert first.digest == same.digest != other.digest
    assert receipts[0].pack_digest == receipts[2].pack_digest == load_pack(folder).digest


def test_replay_needs_the_same_overlays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laid(folder, values(FILLED))
    overlay, file, record = (
        str(folder.parent / name) for name in ("overlay_0.yaml", "family.json", "record.json")
    )
    Path(file).write_text(json.dumps(HOUSEHOLD), encoding="utf-8")
    with_pack = ["--pack", str(folder)]
    assert (
        main(
            [
                "assess",
                file,
                "--on",
                "2019-01-01",
                "--format",
                "json",
                "--overlay",
                overlay,
                *with_pack,
            ]
        )
        == 0
    )
    Path(record).write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["replay", record, file, "--overlay", overlay, *with_pack]) == 0
    capsys.readouterr()
    assert main(["replay", record, file, "--format", "json", *with_pack]) == 1
    assert "receipt.overlays" in json.loads(capsys.readouterr().out)["differences"]


@pytest.mark.parametrize(
    ("text", "code", "message", "nearest"),
    [
        (
            HEAD.replace("small", "smell"),
            "JM067",
            "the overlay is for the pack `smell`, not for `small`",
            None,
        ),
        (HEAD.replace("version: '3', ", ""), "JM004", "missing key `version`", None),
        (SOURCES, "JM004", "missing key `overlay`", None),
        (
            HEAD + "parametres: {}\n",
            "JM003",
            "unknown key `parametres` in the overlay",
            "parameters",
        ),
        (
            values(FILLED).replace("meal_grant", "meal_grnat"),
            "JM025",
            "unknown parameter `meal_grnat`",
            "meal_grant",
        ),
        (
            values(FILLED, "CNY/year"),
            "JM029",
            "the pack keeps `meal_grant` in CNY/month, not in CNY/year",
            None,
        ),
        (values(FILLED, "CNY/mouth"), "JM034", "unknown unit `mouth`", "month"),
        (values(FILLED.replace("south", "sout")), "JM051", "unknown table key `sout`", "south"),
        (
            values(FILLED.replace("[letter]", "[latter]")),
            "JM043",
            "unknown source `latter`",
            "letter",
        ),
        (
            values(FILLED.replace(", cite: [letter]", "")),
            "JM059",
            "the value cites no source",
            None,
        ),
        (values(FILLED.replace("95", "9.555")), "JM064", "9.555 is not valid in CNY/month", None),
        (
            values(FILLED.replace("2019-06-30", "2018-06-30")),
            "JM048",
            "the days run from 2019-01-01 back to 2018-06-30",
            None,
        ),
        (
            values(FILLED.replace("2019", "2029")),
            "JM048",
            "the value is outside the validity of the pack",
            None,
        ),
        (values(FILLED + FILLED), "JM047", "two values of `meal_grant` apply on 2019-01-01", None),
        (values(FILLED.replace("95", "null")), "JM049", "the null has no reason", None),
        (
            HEAD + SOURCES.replace("letter:", "circular:"),
            "JM040",
            "duplicate source `circular`",
            None,
        ),
        (
            HEAD + SOURCES + "offices: {conter: {phone: '1', cite: [letter]}}\n",
            "JM025",
            "unknown office `conter`",
            "counter",
        ),
        (
            HEAD + SOURCES + "offices: {counter: {phone: '1'}}\n",
            "JM059",
            "the entry cites no source",
            None,
        ),
        (
            HEAD + SOURCES + "offices: {counter: {level: city, cite: [letter]}}\n",
            "JM003",
            "unknown key `level` in the office `counter`",
            None,
        ),
        (HEAD + SOURCES + "offices:\n" + COUNTER, "JM045", "unknown hotline `12300`", None),
        (
            HEAD + "sources: !!python/object:os.system {}\n",
            "JM010",
            "packs cannot use the tag `tag:yaml.org,2002:python/object:os.system`",
            None,
        ),
        (HEAD + "sources: &a {b: *a}\n", "JM009", "packs cannot use anchors or aliases", None),
        (HEAD + "sources: " + "[" * 100 + "]" * 100, "JM011", "the file is nested too deep", None),
        (HEAD + "#" * 1_000_001, "JM012", "the file is too large", None),
        ("", "JM005", "the file is empty", None),
        ("[1]", "JM005", "the overlay is a list", None),
    ],
)
def test_mistakes_are_reported_with_their_place(
    folder: Path, text: str, code: str, message: str, nearest: str | None
) -> None:
    found = problems(folder, text)
    assert [(one.code, one.message, one.suggestion) for one in found] == [(code, message, nearest)]
    assert found[0].span is not None and found[0].span.file == str(folder.parent / "overlay_0.yaml")


def test_all_mistakes_of_all_overlays_come_at_once(folder: Path) -> None:
    first, second = (
        HEAD.replace("for: small", "for: other"),
        values(FILLED).replace("meal_grant", "meal").replace("bureau", "county"),
    )
    assert [one.code for one in problems(folder, first, second)] == ["JM067", "JM025"]


def test_an_overlay_twice_or_absent(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [one.message for one in problems(folder, HEAD, HEAD)] == ["duplicate overlay `bureau`"]
    assert main(["items", "--pack", str(folder), "--overlay", str(folder / "absent.yaml")]) == 2
    assert "JM017" in capsys.readouterr().err


def test_a_value_finer_than_the_pack_keeps_it(folder: Path) -> None:
    texts = (
        FILES["parameters/values.yaml"]
        + "  share:\n    label: {zh: 比例, en: share}\n    unit: none\n    values:\n"
        "      - {value: null, reason: {zh: 未公布, en: not published}, cite: []}\n"
    )
    (folder / "parameters/values.yaml").write_text(texts, encoding="utf-8")
    (found,) = problems(
        folder,
        values("      - {value: 0.5, cite: [letter]}\n", "none").replace("meal_grant", "share"),
    )
    assert (found.code, found.message) == ("JM064", "the pack keeps `share` with 0 decimal places")


def test_the_shipped_example_fits_the_shipped_pack_and_says_that_it_is_fictitious() -> None:
    path = EXAMPLES / "overlay_fictitious.yaml"
    (overlay,) = load_pack(overlays=[path]).content.overlays
    assert "fictitious" in overlay.id and "编造" in overlay.name.zh and "made up" in overlay.name.en
    assert path.read_text(encoding="utf-8").startswith("# FICTITIOUS")
