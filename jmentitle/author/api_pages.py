"""What each page of `docs/api` holds, and the members of public classes that are no part of it."""

from __future__ import annotations

from dataclasses import dataclass

_PACK = """\
>>> from datetime import date
>>> from jmentitle import load_pack
>>> pack, on = load_pack("jingmen"), date(2018, 10, 15)
>>> family = {
...     "household": {"hukou_county": "dongbao", "hukou_area": "urban"},
...     "members": [
...         {"id": "father", "birth_date": "1972-04-18", "disability_grade": "grade_1"},
...         {"id": "grandmother", "birth_date": "1937-01-01"},
...     ],
... }
"""
_ASSESSMENT = _PACK + ">>> assessment = pack.assess(family, on)\n"
_CITY = """\
>>> from datetime import date
>>> from jmentitle import load_pack
>>> from jmentitle.population import synthetic_city
>>> pack, on = load_pack("jingmen"), date(2018, 10, 15)
>>> city = synthetic_city(pack, 300, seed=1, unknown=0.01)
>>> population = pack.population(city.households, city.members, on)
>>> run = pack.run(population, on)
"""
_CHANGE = (
    _CITY
    + """\
>>> amended = pack.amend({"parameters": {"dibao_urban": {"scale": "2"}}})
>>> comparison = run.compare(amended.run(population, on))
"""
)


@dataclass(frozen=True)
class Page:
    """A page: its title, the door and the names that it describes, a sentence or two, and the lines
    from which its examples go on."""

    title: str
    door: str
    names: tuple[str, ...]
    text: str
    prelude: str = ""


PAGES: dict[str, Page] = {
    "pack": Page(
        "Packs and households",
        "jmentitle",
        ("load_pack", "Pack", "parse_text", "Profile", "Outcome", "household_schema", "Text"),
        "A pack is loaded once and answers for any number of households.",
        _PACK,
    ),
    "assessment": Page(
        "Assessments",
        "jmentitle",
        ("Assessment", "ItemResult", "BenefitResult", "Plan", "as_json", "read_record"),
        "Everything that came of assessing one household on one day. Money is a Decimal in yuan.",
        _ASSESSMENT,
    ),
    "views": Page(
        "Reasons, changes and differences",
        "jmentitle",
        ("Explanation", "Explanations", "Counterfactuals", "Timeline", "Diff", "diff", "Rule"),
        "What can be asked of a household beyond its assessment.",
        _ASSESSMENT,
    ),
    "errors": Page(
        "Errors",
        "jmentitle",
        (
            "JmentitleError",
            "PackError",
            "InputError",
            "HouseholdError",
            "ArgumentError",
            "OutputError",
            "ExtraMissingError",
            "EngineUnavailableError",
            "Diagnostic",
        ),
        "All errors of the library come with every problem at once, and never with a value of a"
        " household. [Errors by code](../errors/README.md) explains each code.",
        _PACK,
    ),
    "population": Page(
        "Populations",
        "jmentitle.population",
        ("Population", "Run", "synthetic_city", "City", "household_files"),
        "Frames are Polars frames. Needs the extra `population`.",
        _CITY,
    ),
    "policy": Page(
        "What-if, coverage and indicators",
        "jmentitle.population",
        (
            "Comparison",
            "sensitivity",
            "Sensitivity",
            "thresholds",
            "Threshold",
            "near",
            "cliffs",
            "Cliffs",
            "population_cliffs",
            "PopulationCliffs",
            "coverage",
            "Coverage",
            "indicators",
            "Indicators",
        ),
        "Questions asked of runs. Needs the extra `population`.",
        _CHANGE,
    ),
    "plots": Page(
        "Plots",
        "jmentitle.population",
        ("plots",),
        "Needs the extras `population` and `plot`.",
        _CHANGE,
    ),
    "scale": Page(
        "Larger than memory, and many machines",
        "jmentitle.population",
        (
            "Files",
            "PackReference",
            "decide_partition",
            "answer_schema",
            "nest",
            "run_spark",
            "nest_spark",
            "spark",
        ),
        "Needs the extra `population`, and for Spark the extra `spark`.",
        _CITY,
    ),
    "render": Page(
        "Pieces of HTML",
        "jmentitle.render",
        (
            "table",
            "tag",
            "notebook_html",
            "document_html",
            "letter_document",
            "say_amount",
            "explanations_html",
            "counterfactuals_html",
            "timeline_html",
            "diff_html",
        ),
        "For notebooks and pages of one's own; results show themselves without them. Every text is"
        " escaped.",
        _ASSESSMENT,
    ),
}

INTERNAL: dict[str, tuple[str, ...]] = {
    "Pack": ("load", "files", "row_order", "items"),
    "Outcome": ("layers_of", "benefits"),
    "Profile": ("facts", "latest"),
    "Model": ("shown",),
    "Explanation": ("entity", "proof", "outcome", "look_for_changes", "figures", "content"),
    "Rule": ("content", "rows"),
    "Population": (
        *("content", "households", "people", "members", "columns", "sizes"),
        *("of_facts", "check", "part", "parts", "facts"),
    ),
    "Run": ("layers", "answers", "items", "index_of", "place_of", "of"),
    "Comparison": ("changed", "fared", "difference", "settled", "worths", "groupings"),
    "Sensitivity": ("pack",),
    "Threshold": ("compared",),
    "Cliffs": ("pack", "fact"),
    "PopulationCliffs": ("comparison", "fact"),
    "Coverage": ("content", "counts", "by"),
    "Indicators": ("content", "by"),
    "PackReference": ("payload",),
    "spark": ("need_java", "run_spark", "nest_spark"),
}
"""Members of public classes that serve other rooms only, by the name of the class."""
