"""Plots: labels, units and values are there, every character has a glyph, and matplotlib is left as
it was."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import matplotlib
import polars as pl
import pytest
from matplotlib import font_manager, ft2font
from matplotlib.figure import Figure
from matplotlib.text import Text

from jmentitle import load_pack
from jmentitle.errors import ExtraMissingError, InputError
from jmentitle.language import extras
from jmentitle.pack.text import Text as BothLanguages
from jmentitle.policy import plots
from jmentitle.policy.measures.coverage import coverage
from jmentitle.policy.plots import fonts
from jmentitle.policy.plots.dependencies import links
from jmentitle.policy.plots.page import wrapped
from jmentitle.policy.plots.words import WORDS
from jmentitle.population.run import Run
from jmentitle.render.graph import width_of
from jmentitle.synthetic.city import synthetic_city
from tests.support.paths import ROOT
from tests.support.small_pack import replaced, small_pack

DEJAVU = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
CHANGE = pl.DataFrame(
    {
        "group": [2, 1],
        "winners": [10, 60],
        "losers": [30, 0],
        "unchanged": [50, 40],
        "undetermined": [10, 0],
        "mean_change": [-40.4, None],
    }
)
STEPS = pl.DataFrame(
    {
        "income": [0, 500, 1000, 1500, 2000],
        "yearly": [9000, 8000, 8000, 1000, 1000],
        "yearly_high": [9500, 8500, 8500, 1000, 1000],
    }
)


def has_chinese_font() -> bool:
    try:
        return bool(fonts.families("zh"))
    except ExtraMissingError:
        return False


LANGUAGES = [
    "en",
    pytest.param(
        "zh",
        marks=pytest.mark.skipif(
            not has_chinese_font(), reason="no font with Chinese characters is installed"
        ),
    ),
]


@cache
def run() -> Run:
    pack = load_pack("jingmen")
    city = synthetic_city(pack, 600, unknown=0.01)
    return pack.run(pack.population(city.households, city.members, city.on), city.on)


@cache
def drawn(name: str, language: str) -> Figure:
    match name:
        case "coverage":
            return plots.coverage_by(run(), "hukou_county", language=language, synthetic=True)
        case "budget":
            return plots.budget(run(), language=language, synthetic=True)
        case "ages":
            return plots.ages(run(), "age", language=language, synthetic=True)
        case "rule":
            return plots.rule_graph(run().pack, "destitute_support", language=language)
        case "long title":
            return plots.rule_graph(
                run().pack, "disabled_living_and_care_subsidies", language=language
            )
        case "winners":
            return plots.winners_and_losers(
                CHANGE, content=run().pack.content, on=run().on, language=language, synthetic=True
            )
    return plots.cliffs(STEPS, language=language)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["coverage", "budget", "ages", "rule", "winners", "cliffs"])
def test_every_character_has_a_glyph_and_the_foot_says_what_it_is(name: str, language: str) -> None:
    figure = drawn(name, language)
    figure.canvas.draw()  # a missing glyph is a warning, and a warning fails the test
    known: set[int] = set()
    for family in fonts.families(language):
        path = font_manager.findfont(
            font_manager.FontProperties(family=family), fallback_to_default=False
        )
        known |= set(ft2font.FT2Font(path).get_charmap())
    assert not {
        char
        for text in texts(figure)
        for char in text
        if not char.isspace() and ord(char) not in known
    }
    foot = figure.texts[-1].get_text()
    pack = run().pack.content
    if name == "cliffs":
        assert foot.endswith(
            "whether the data are synthetic is not stated"
            if language == "en"
            else "未说明数据是否合成"
        )
    else:
        assert pack.name.in_language(language) in foot
    if name not in ("cliffs", "rule"):
        assert foot.endswith(
            "synthetic data, not about real people"
            if language == "en"
            else "合成数据，不描述任何真实的人"
        )
        assert str(run().on) in foot


@pytest.mark.parametrize(
    "name", ["coverage", "budget", "ages", "rule", "long title", "winners", "cliffs"]
)
def test_nothing_runs_out_of_the_page(name: str) -> None:
    figure = drawn(name, "en")
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox()
    assert (
        box.x0 >= -0.02 and box.y0 >= -0.02 and box.x1 <= width + 0.02 and box.y1 <= height + 0.02
    )
    assert width * 25.4 <= 270 and height * 25.4 <= 270


def test_coverage_shows_what_the_frame_holds() -> None:
    found = coverage(run(), by="hukou_county")
    figure = plots.coverage_by(found, language="en")
    cells = figure.axes[0]
    rows = [label.get_text().replace("\n", " ") for label in cells.get_yticklabels()]
    assert rows == [
        found.content.domains[domain].en for domain in dict.fromkeys(found.domains["domain"])
    ]
    shown = cells.images[0].get_array()
    assert shown is not None
    first = found.domains.row(0, named=True)
    place = list(found.by.labels).index(first["hukou_county"])  # type: ignore[union-attr]
    assert shown[0][place] == pytest.approx(100 * first["rate_known"])
    assert figure.axes[1].get_xlabel() == "share received (%)"
    for ask, code in (
        (lambda: plots.coverage_by(run(), language="en"), "by: error JM027"),
        (lambda: plots.coverage_by(run(), "birth_date", language="en"), "by: error JM012"),
        (lambda: plots.ages(run(), "household_income", language="en"), "by: error JM012"),
        (
            lambda: plots.ages(run(), "age", items=["minimum_living_guarantee"], language="en"),
            "items: error JM031",
        ),
    ):
        with pytest.raises(InputError, match=code):
            ask()


def test_budget_shows_low_and_high_of_every_item_that_costs_something() -> None:
    axes = drawn("budget", "en").axes[0]
    totals = (
        run()
        .totals()
        .filter(pl.col("kind") != "loan")
        .group_by("item")
        .agg(pl.col("yearly_low").sum())
    )
    lows = sorted(float(low) / 1e6 for low in totals["yearly_low"].drop_nulls() if low > 0)
    dots = [
        line.get_xdata()[0]
        for line in axes.lines
        if line.get_marker() == "o" and line.get_markerfacecolor() != "white"
    ]  # type: ignore[index]
    assert sorted(map(float, dots)) == pytest.approx(lows)
    assert axes.get_xlabel() == "million CNY a year (logarithmic)" and axes.get_xscale() == "log"


def test_ages_shows_shares_of_each_band() -> None:
    figure = plots.ages(
        run(), "age", bands=(0, 65), items=["elderly_health_management"], language="en"
    )
    (young, old, *_), *_ = figure.axes[0].images[0].get_array()  # type: ignore[misc, union-attr]
    assert young == 0 and old > 80
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()][:2] == ["0–64", "65+"]


def test_a_grid_without_items_is_an_empty_page() -> None:
    plots.ages(run(), "age", items=[], language="en").canvas.draw()


def test_winners_add_up_to_the_whole() -> None:
    shares, means = drawn("winners", "en").axes
    widths = [[bar.get_width() for bar in group] for group in shares.containers]  # type: ignore[union-attr]
    assert [sum(column) for column in zip(*widths, strict=True)] == pytest.approx([100, 100])
    assert [label.get_text() for label in shares.get_yticklabels()] == ["1", "2"]
    assert [text.get_text() for text in means.texts] == ["?", "−40"]
    assert [text.get_text() for text in shares.texts[-3:]] == ["100", "100", "households"]
    assert (shares.get_xlabel(), means.get_xlabel()) == (
        "share of households (%)",
        "mean change (CNY a year)",
    )


def test_winners_show_the_incomes_of_a_group_where_they_are_told() -> None:
    told = CHANGE.with_columns(
        income_from=pl.Series([1200.4, None]), income_to=pl.Series([5000.0, None])
    )
    shares, _ = plots.winners_and_losers(
        told, label=BothLanguages("人均月收入", "income per head"), language="en"
    ).axes
    assert [label.get_text() for label in shares.get_yticklabels()] == ["1", "2\n1,200–5,000"]
    assert shares.get_ylabel() == "groups by income per head, 1 the lowest"


@pytest.mark.parametrize(
    ("frame", "column"),
    [(CHANGE.drop("losers"), "losers"), (STEPS.rename({"yearly": "year"}), "yearly")],
)
def test_a_frame_without_a_column_is_refused(frame: pl.DataFrame, column: str) -> None:
    draw = plots.winners_and_losers if "winners" in frame.columns else plots.cliffs
    with pytest.raises(InputError, match=f"frame.{column}: error JM100"):
        draw(frame, language="en")


def test_pages_fit_a4_upright_or_on_its_side() -> None:
    for name in ("coverage", "budget", "ages", "long title", "winners", "cliffs"):
        width, height = sorted(drawn(name, "en").get_size_inches() * 25.4)
        assert width <= 200 and height <= 277
    width, height = (
        plots.rule_graph(run().pack, "minimum_living_guarantee", language="en").get_size_inches()
        * 25.4
    )
    assert width <= 277 and height <= 190


def test_cliffs_marks_where_more_income_leaves_less() -> None:
    axes = drawn("cliffs", "en").axes[0]
    assert [text.get_text() for text in axes.texts] == ["−7,000 CNY"]
    assert len(plots.cliffs(STEPS, steepest=0.1, language="en").axes[0].texts) == 2
    many = pl.DataFrame({"income": range(0, 40, 2), "yearly": range(20_000, 0, -1000)})
    assert "11 more falls are not marked." in plots.cliffs(many, language="en").texts[-1].get_text()


def test_rule_shows_what_opens_and_what_closes() -> None:
    pack = small_pack(
        replaced(
            "items/care/visits.yaml",
            "any: [stroke in illnesses,",
            "any: [meals_recipient, stroke in illnesses,",
        )
    )
    joined = links(pack.content, pack.content.items["meals"]).joined
    assert joined[("definitions", "senior"), ("benefits", "grant")] is False
    assert (("facts", "person.birth_date"), ("definitions", "senior")) in joined
    assert (("asked", "household.income"), ("benefits", "grant")) in joined
    assert (("grants", "meals_recipient"), ("opens", "visits")) in joined
    plain = small_pack().content
    assert (
        links(plain, plain.items["visits"]).joined[
            ("definitions", "meals_recipient"), ("benefits", "home")
        ]
        is True
    )
    assert not any(kind == "opens" for kind, _ in links(plain, plain.items["meals"]).boxes)
    assert "Visits" in texts(plots.rule_graph(pack, "meals", language="en"))


# fonts


def test_without_a_font_chinese_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JMENTITLE_FONT", raising=False)
    monkeypatch.setattr(fonts, "FAMILIES", ("No Such Font",))
    with pytest.raises(ExtraMissingError) as caught:
        plots.cliffs(STEPS, language="zh")
    (problem,) = caught.value.diagnostics
    assert problem.code == "JM095" and "apt install fonts-noto-cjk" in str(problem.expected)
    assert fonts.families("en") == ["DejaVu Sans"]


def test_a_font_may_be_named_by_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JMENTITLE_FONT", str(DEJAVU))
    assert fonts.families("zh") == ["DejaVu Sans", "DejaVu Sans"]
    monkeypatch.setenv("JMENTITLE_FONT", "/no/such/font.otf")
    with pytest.raises(ExtraMissingError, match="JMENTITLE_FONT"):
        fonts.families("zh")


def test_a_font_that_was_installed_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JMENTITLE_FONT", raising=False)
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(
        font_manager, "findSystemFonts", lambda: [str(DEJAVU), str(ROOT / "README.md")]
    )
    monkeypatch.setattr(fonts, "FAMILIES", ("DejaVu Sans",))
    assert fonts.families("zh") == ["DejaVu Sans", "DejaVu Sans"]


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissingError, match=r"jmentitle\[plot\]"):
        plots.cliffs(STEPS, language="en")


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language"):
        plots.cliffs(STEPS, language="fr")


def test_every_phrase_is_there_in_both_languages() -> None:
    assert all(zh and en for zh, en in WORDS.values())


# the rest of the process


def test_matplotlib_is_left_as_it_was() -> None:
    before = dict(matplotlib.rcParams)
    drawn("winners", "en").canvas.draw()
    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_never_loaded_and_matplotlib_only_when_something_is_drawn() -> None:
    program = """
import sys
from jmentitle.policy import plots
before = "matplotlib" in sys.modules
import polars as pl
plots.cliffs(pl.DataFrame({"income": [0, 1], "yearly": [5, 5]}), language="en")
print(before, "matplotlib" in sys.modules, "matplotlib.pyplot" in sys.modules)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.split() == ["False", "True", "False"]


@pytest.mark.parametrize(
    ("text", "width", "lines", "expected"),
    [
        ("屈家岭管理区", 10, 2, "屈家岭\n管理区"),
        ("本人户籍地类型（与家庭不同时）", 28, 2, "本人户籍地类型\n（与家庭不同时）"),
        ("Qujialing Administrative Area", 14, 3, "Qujialing\nAdministrative\nArea"),
        ("a long text that has to be cut somewhere", 12, 2, "a long text\nthat has t…"),
        ("short", 12, 2, "short"),
    ],
)
def test_labels_are_broken_into_even_lines(
    text: str, width: int, lines: int, expected: str
) -> None:
    found = wrapped(text, width, lines)
    assert found == expected
    assert all(width_of(line) <= width + 2 for line in found.split("\n"))


def test_a_budget_without_money_is_an_empty_page() -> None:
    figure = plots.budget(run(), ["health_education"], language="en")
    figure.canvas.draw()
    assert figure.axes[0].get_yticklabels() == []


@pytest.mark.parametrize("variable", [None, str(DEJAVU)])
def test_a_collection_of_faces_gives_the_best_of_its_families(
    variable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fonts for Chinese come as collections, of which the simplified face is not the last."""
    known: list[font_manager.FontEntry] = []
    collection = ["Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Mono CJK HK"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", known)
    monkeypatch.setattr(
        font_manager.fontManager,
        "addfont",
        lambda path: known.extend(font_manager.FontEntry(path, 0, name) for name in collection),
    )
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(DEJAVU)])
    if variable is None:
        monkeypatch.delenv("JMENTITLE_FONT", raising=False)
    else:
        monkeypatch.setenv("JMENTITLE_FONT", variable)
    assert fonts.families("zh") == ["Noto Sans CJK SC", "DejaVu Sans"]
