"""What people read: text, Markdown, HTML, the letter and what notebooks show. `make goldens`
rewrites the golden letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel

from jmentitle import Assessment, Pack
from jmentitle.assessment import models
from jmentitle.assessment.models import Amount, Volume
from jmentitle.cli.main import main
from jmentitle.pack.text import LANGUAGES
from jmentitle.render import html
from jmentitle.render.graph import Box, columns
from jmentitle.render.letter import PAGE_LINES, height, letter_document
from jmentitle.render.markdown import escape, to_markdown
from jmentitle.render.selection import family_document
from jmentitle.render.text import document_text
from jmentitle.render.words import WORDS, say_amount, say_volume
from tests.support.families import FAMILIES, assessed, family, path_of
from tests.support.small_pack import FILES, ON, replaced, small_pack

GOLDEN = Path(__file__).parent / "golden"
LETTERS = {
    "letter_zh.txt": ("registered_poor_family_with_pupils", "zh"),
    "letter_en.txt": ("disabled_veteran", "en"),
}
MARKDOWN = ("almost_nothing_known", "zh")
HOSTILE = '</text></style><script>alert("x")</script>&amp;\'" onload=y <img src=z>'
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "h1",
    "h2",
    "p",
    "span",
    "div",
    "section",
    "footer",
    "ul",
    "li",
}
TAGS |= {
    "details",
    "summary",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "svg",
    "rect",
    "text",
    "path",
    "polygon",
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "class", "open", "xmlns", "role"}
ATTRIBUTES |= {"width", "height", "viewbox", "x", "y", "rx", "fill", "stroke", "points", "d"}


@pytest.fixture(scope="module")
def assessments() -> dict[str, Assessment]:
    return {name: assessed(name) for name in FAMILIES}


# the letter


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FAMILIES)
def test_a_letter_fits_on_its_page_and_says_where_the_rest_is(
    assessments: dict[str, Assessment], name: str, language: str
) -> None:
    assessment = assessments[name]
    document = letter_document(assessment, language)
    assert height(document) <= PAGE_LINES
    assert assessment.receipt.result_digest[7:19] in document.foot[0]
    assert (
        len(next(section for section in document.sections if section.key == "missing").entries) <= 3
    )


def test_a_letter_leaves_out_no_more_than_it_must(assessments: dict[str, Assessment]) -> None:
    """What does not fit is counted: every item that pays is either in the letter or named as left
    out."""
    for assessment in assessments.values():
        text = document_text(letter_document(assessment, "zh"), "zh")
        money = family_document(assessment, "zh").sections[0]
        assert all(entry.title in text for entry in money.entries)
    roomy = letter_document(assessments["almost_nothing_known"], "zh")
    assert not any(section.rest for section in roomy.sections)


def test_a_letter_names_the_same_applications_once_in_whatever_order(
    assessments: dict[str, Assessment],
) -> None:
    document = letter_document(assessments["old_villager_without_supporters"], "zh")
    titles = [
        entry.title
        for section in document.sections
        if section.key == "later"
        for entry in section.entries
    ]
    named = [frozenset(re.findall(r"[^“”、]+", title.partition("”")[0])) for title in titles]
    assert len(set(named)) == len(named) == 3


@pytest.mark.no_cover
def test_a_letter_to_forty_members_fits_too(pack: Pack) -> None:
    members = [
        {"birth_date": "1940-01-01", "hukou_with_household": True, "disability_grade": "grade_1"}
        for _ in range(40)
    ]
    household = {"hukou_county": "dongbao", "residence_county": "dongbao"}
    assessment = pack.assess({"household": household, "members": members}, on=date(2018, 10, 15))
    for language in LANGUAGES:
        assert height(letter_document(assessment, language)) <= PAGE_LINES


def test_a_letter_is_a_page_of_a4_with_its_own_style(assessments: dict[str, Assessment]) -> None:
    page = assessments["disabled_veteran"].letter("en")
    assert "@page{size:A4" in page
    assert '<html lang="en">' in page
    size = re.search(r"font-size:([0-9.]+)pt}\n</style>", page)
    assert size is not None
    assert 10 <= float(size[1]) <= 12


@pytest.mark.parametrize("file", LETTERS)
def test_the_golden_letters(assessments: dict[str, Assessment], file: str) -> None:
    name, language = LETTERS[file]
    assert golden_letter(assessments[name], language) == (GOLDEN / file).read_text(encoding="utf-8")


def test_the_golden_markdown(assessments: dict[str, Assessment]) -> None:
    name, language = MARKDOWN
    assert without_digests(assessments[name].to_markdown(language)) == (
        GOLDEN / "assessment_zh.md"
    ).read_text(encoding="utf-8")


def golden_letter(assessment: Assessment, language: str) -> str:
    return without_digests(document_text(letter_document(assessment, language), language))


def without_digests(text: str) -> str:
    """Digests change with every change of the pack, and the version with every release."""
    return re.sub(r"(程序|package) [\w.+]+", r"\1 0", re.sub(r"\b[0-9a-f]{12}\b", "0" * 12, text))


# one document, three printers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["dibao_family_with_disabled_father", "contradictory_certificates"]
)
def test_text_markdown_and_html_say_the_same(
    assessments: dict[str, Assessment], name: str, language: str
) -> None:
    assessment = assessments[name]
    document = family_document(assessment, language)
    read = Reader(assessment.to_html(language)).text
    text, markdown = assessment.to_text(language), assessment.to_markdown(language)
    for section in document.sections:
        for said in (
            section.title,
            *(entry.title for entry in section.entries),
            *(line.text for entry in section.entries for line in entry.lines),
        ):
            assert said in text
            assert escape(said) in markdown
            assert said in read


def test_nothing_is_said_twice_of_an_item(assessments: dict[str, Assessment]) -> None:
    for assessment in assessments.values():
        document = family_document(assessment, "zh")
        summaries = [
            line.text
            for section in document.sections
            for entry in section.entries
            for line in entry.lines
            if line.kind == "summary"
        ]
        assert len(summaries) == len(set(summaries))
        questions = next(
            (section for section in document.sections if section.key == "missing"), None
        )
        titles = [entry.title for entry in questions.entries] if questions else []
        assert len(titles) == len(set(titles))
        choices = [
            entry.title
            for section in document.sections
            if section.key == "conflicts"
            for entry in section.entries
        ]
        assert len(choices) == len(set(choices))


def test_a_conflict_between_things_that_are_all_received_is_no_choice(pack: Pack) -> None:
    document = family_document(pack.assess(family("veteran_with_left_behind_grandchildren")), "zh")
    assert "conflicts" not in {section.key for section in document.sections}


def test_a_language_without_words_is_refused(assessments: dict[str, Assessment]) -> None:
    one = assessments["disabled_veteran"]
    for render in (
        one.to_text,
        one.to_markdown,
        one.to_html,
        one.letter,
        one.draw_pathway,
        one.show_conflicts,
    ):
        with pytest.raises(ValueError, match="zh, en"):
            render("fr")


def test_every_phrase_is_there_in_both_languages_with_the_same_blanks() -> None:
    for key, (zh, en) in WORDS.items():
        assert (bool(zh), sorted(re.findall(r"{\w+}", zh))) == (
            bool(en),
            sorted(re.findall(r"{\w+}", en)),
        ), key


def test_amounts_and_quantities_in_words() -> None:
    amount = Amount(
        certainty="exact", low=Decimal("13720"), high=Decimal("13720"), currency="CNY", period=None
    )
    assert say_amount("zh", amount) == "一次性13,720元"
    whole = amount.model_copy(update={"lasts_low": 98, "lasts_high": 98, "lasts_unit": "day"})
    assert (say_amount("zh", whole), say_amount("en", whole)) == (
        "13,720元（98天）",
        "13,720 CNY (98 days)",
    )
    monthly = whole.model_copy(update={"period": "month", "lasts_high": 24, "lasts_unit": "month"})
    assert say_amount("zh", monthly) == "每月13,720元，最长24个月"
    units = {
        "visit": models.Label(zh="次", en="visit"),
        "village": models.Label(zh="村", en="village"),
    }
    four = Volume(low=Decimal(4), high=Decimal(4), unit="visit/year")
    assert (say_volume("zh", four, units), say_volume("en", four, units)) == (
        "每年4次",
        "4 visits a year",
    )
    one = Volume(low=Decimal(1), high=Decimal(2), unit="visit/village/month")
    assert (say_volume("zh", one, units), say_volume("en", one, units)) == (
        "每村每月1–2次",
        "1–2 visits a village a month",
    )


def test_an_amount_for_every_week_is_said() -> None:
    weekly = Amount(
        certainty="exact", low=Decimal("30"), high=Decimal("30"), currency="CNY", period="week"
    )
    assert (say_amount("zh", weekly), say_amount("en", weekly)) == ("每周30元", "30 CNY a week")


def test_a_volume_is_said_where_the_rule_has_no_words_for_it() -> None:
    pack = small_pack(replaced("items/care/visits.yaml", "    gives: {zh: 探访, en: visits}\n", ""))
    text = pack.assess(
        {"members": [{"birth_date": "1990-01-01", "illnesses": ["stroke"], "receives": []}]}, on=ON
    ).to_text("zh")
    assert "每年4次" in text


# safety


class Reader(HTMLParser):
    """What a browser makes of a page: its text, its tags and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.attributes = "", set[str](), set[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def hostile(value: object) -> object:
    """The data of an assessment with every free text, id and key made hostile, in the same way
    wherever it stands."""
    if isinstance(value, dict):
        return {
            hostile_text(key) if key not in FIELDS else key: hostile(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [hostile(inner) for inner in value]
    return hostile_text(value) if isinstance(value, str) else value


def hostile_text(text: str) -> str:
    plain = (
        text in FIXED
        or re.fullmatch(r"[-\d.]+", text)
        or text.startswith(("sha256:", "members[", "household."))
        or text == "household"
    )
    return text if plain else f"{text}{HOSTILE}"


ALL_MODELS = [
    one for one in vars(models).values() if isinstance(one, type) and issubclass(one, models.Model)
]
FIELDS = {name for model in ALL_MODELS for name in model.model_fields}
WORDS_OF_MODELS = (models.Decision, models.Certainty, models.Grade)
FIXED = {word for words in WORDS_OF_MODELS for word in get_args(words)} | {
    "apply",
    "decides",
    "helps",
    "due",
    "later",
    "past",
    "unknown",
}
FIXED |= {
    "exclusive",
    "higher",
    "unsettled",
    "day",
    "month",
    "year",
    "cash",
    "fee_waiver",
    "loan",
    "CNY",
}


def produced(assessment: Assessment, language: str) -> Iterator[str]:
    """What every producer of HTML makes of an assessment."""
    yield assessment.to_html(language)
    yield assessment.letter(language)
    yield assessment.draw_pathway(language)
    yield assessment.show_conflicts(language)
    yield assessment._repr_html_()
    yield from (result._repr_html_() for result in assessment.results)


def hostile_pack() -> Pack:
    """The small pack with hostile labels wherever a label is read."""
    quoted = HOSTILE.replace("'", "''")
    return small_pack(
        {
            path: re.sub(
                r"{zh: ([^,{}]+), en: ([^,{}]+)}", rf"{{zh: '\1{quoted}', en: '\2{quoted}'}}", text
            )
            for path, text in FILES.items()
        }
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_texts_and_ids_stay_text(assessments: dict[str, Assessment], language: str) -> None:
    for name in ("dibao_family_with_disabled_father", "contradictory_certificates"):
        assessment = Assessment.model_validate(hostile(assessments[name].model_dump(mode="json")))
        for page in produced(assessment, language):
            read = Reader(page)
            assert read.tags <= TAGS
            assert read.attributes <= ATTRIBUTES
        assert HOSTILE in Reader(assessment.to_html(language)).text
        assert HOSTILE in Reader(assessment.letter(language)).text
        markdown = to_markdown(assessment, language)
        assert "<" not in markdown
        assert "&amp;amp;" in markdown


def test_a_hostile_pack_stays_text() -> None:
    pack = hostile_pack()
    members = [
        {"id": "one", "birth_date": "1950-01-01", "lives_alone": True, "receives": ["visits"]},
        {"id": "two"},
    ]
    assessment = pack.assess(
        {"household": {"district": "north", "income": 1000}, "members": members}, on=ON
    )
    for page in (pack._repr_html_(), *produced(assessment, "zh"), *produced(assessment, "en")):
        read = Reader(page)
        assert read.tags <= TAGS
        assert read.attributes <= ATTRIBUTES
    assert HOSTILE in Reader(pack._repr_html_()).text
    assert HOSTILE in Reader(assessment.show_conflicts("en")).text


def test_helpers_escape_whatever_is_not_html() -> None:
    for made in (
        html.tag("p", HOSTILE, class_=HOSTILE),
        html.table([HOSTILE], [[HOSTILE, html.tag("b", HOSTILE)]]),
        html.notebook_html(HOSTILE),
        html.page(HOSTILE, "zh", HOSTILE),
        html.join([html.tag("b", "x") + HOSTILE]),
    ):
        assert Reader(made).tags <= TAGS | {"b"}
        assert "<script" not in made
    assert html.notebook_html("a")._repr_html_().endswith("a</div>")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# a", "\\# a"),
        ("1. a", "1\\. a"),
        ("12) a", "12\\) a"),
        ("- a", "\\- a"),
        ("a *b* [c](d) `e`", "a \\*b\\* \\[c\\](d) \\`e\\`"),
        ("a\n\n# b", "a # b"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("http://a", "http:&#47;&#47;a"),
    ],
)
def test_markdown_reads_as_itself(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_no_representation_shows_personal_data(pack: Pack) -> None:
    household = family("dibao_family_with_disabled_father")
    assert isinstance(household, dict)
    members = [
        {**member, "id": f"zhang_san_{place}"} for place, member in enumerate(household["members"])
    ]
    assessment = pack.assess({**household, "members": members})
    assert "zhang_san" in assessment.model_dump_json()
    words = ("zhang_san", "eligible", "960", "低保金")
    for model in walk(assessment):
        for show in (repr, str):
            if model is not assessment and not isinstance(model, models.Label):
                assert not any(word in show(model) for word in words), type(model)
            assert "zhang_san" not in show(model)
    for page in (
        *produced(assessment, "zh"),
        *produced(assessment, "en"),
        assessment.to_text("zh"),
        assessment.to_markdown("en"),
    ):
        assert "zhang_san" not in page


def walk(value: object) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from walk(getattr(value, name))
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from walk(inner)


# the picture of what opens after what


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_is_well_formed_and_holds_what_opens_after_what(
    assessments: dict[str, Assessment], language: str
) -> None:
    drawn = assessments["dibao_family_with_disabled_father"].draw_pathway(language)
    svg = ElementTree.fromstring(drawn[drawn.index("<svg") : drawn.index("</svg>") + 6])
    ns = "{http://www.w3.org/2000/svg}"
    boxes = svg.findall(f"{ns}rect")
    left = {box.attrib["x"] for box in boxes}
    assert len(left) >= 2
    assert len(svg.findall(f"{ns}polygon")) >= len(boxes) - 1
    assert all(
        float(box.attrib["x"]) + float(box.attrib["width"]) <= float(svg.attrib["width"])
        for box in boxes
    )
    assert all(
        float(box.attrib["y"]) + float(box.attrib["height"]) <= float(svg.attrib["height"])
        for box in boxes
    )


def test_boxes_stand_after_those_that_they_wait_for() -> None:
    a, b, c, alone = (
        Box("a", (), ()),
        Box("b", ("a",), ()),
        Box("c", ("b",), ()),
        Box("d", ("not listed",), ()),
    )
    assert columns([c, b, a, alone]) == [[a, alone], [b], [c]]
    round_, trip = Box("a", ("b",), ()), Box("b", ("a",), ())
    assert columns([round_, trip]) == [[round_, trip]]


def test_where_nothing_opens_anything_there_is_no_picture(
    assessments: dict[str, Assessment],
) -> None:
    assert "<svg" not in assessments["family_above_every_line"].draw_pathway("zh")


# the command


def test_the_letter_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = str(path_of("disabled_veteran")), tmp_path / "letter.html"
    assert main(["letter", file, "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("<!doctype html>")
    assert main(["letter", file, "--lang", "en", "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text(encoding="utf-8") == printed
    assert main(["letter", file, "--out", str(tmp_path)]) == 2
    assert "JM019" in capsys.readouterr().err


def write_golden(pack: Pack, write: Callable[[str, str], object]) -> None:
    """Rewrite the golden letters; look at the difference before committing it."""
    for file, (name, language) in LETTERS.items():
        write(file, golden_letter(pack.assess(family(name)), language))
    write(
        "assessment_zh.md",
        without_digests(pack.assess(family(MARKDOWN[0])).to_markdown(MARKDOWN[1])),
    )


def test_a_field_is_found_under_its_former_name_with_a_warning(pack: Pack) -> None:
    assessment = pack.assess({"members": [{}]}, date(2018, 10, 15))
    missing = assessment.missing[0]
    with pytest.warns(DeprecationWarning, match="`proof` of MissingFact is now `evidence`"):
        assert missing.proof == missing.evidence  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = missing.quantity  # type: ignore[attr-defined]
