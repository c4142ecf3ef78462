"""The public names: what each door offers, and the module that each name comes from.

These names, and the public methods of what they give, change only with a note in the changelog.
Everything else is private, whatever its name. A door imports a name when it is first used, so that
importing the package costs nothing.
"""

from __future__ import annotations

import sys

DOORS: dict[str, dict[str, str]] = {
    "jmentitle": {
        "ArgumentError": "jmentitle.errors",
        "Assessment": "jmentitle.assessment.models",
        "BenefitResult": "jmentitle.assessment.models",
        "Diagnostic": "jmentitle.language.diagnostics",
        "Diff": "jmentitle.views.diff",
        "EngineUnavailableError": "jmentitle.errors",
        "Explanation": "jmentitle.views.explain.explanation",
        "Explanations": "jmentitle.views.explain.explanation",
        "ExtraMissingError": "jmentitle.errors",
        "HouseholdError": "jmentitle.errors",
        "InputError": "jmentitle.errors",
        "ItemResult": "jmentitle.assessment.models",
        "JmentitleError": "jmentitle.errors",
        "Counterfactuals": "jmentitle.views.counterfactual.models",
        "Outcome": "jmentitle.chain.outcome",
        "OutputError": "jmentitle.errors",
        "Pack": "jmentitle.api",
        "PackError": "jmentitle.errors",
        "Plan": "jmentitle.assessment.models",
        "Profile": "jmentitle.profile.validation",
        "Rule": "jmentitle.render.rule",
        "Text": "jmentitle.pack.text",
        "Timeline": "jmentitle.views.timeline.models",
        "as_json": "jmentitle.assessment.replay",
        "diff": "jmentitle.views.diff",
        "household_schema": "jmentitle.profile.schema",
        "load_pack": "jmentitle.api",
        "parse_text": "jmentitle.profile.validation",
        "read_record": "jmentitle.assessment.replay",
    },
    "jmentitle.population": {
        "City": "jmentitle.synthetic.city",
        "Cliffs": "jmentitle.policy.whatif.cliffs",
        "Comparison": "jmentitle.policy.whatif.compare",
        "Coverage": "jmentitle.policy.measures.coverage",
        "Files": "jmentitle.population.scale.stream",
        "Indicators": "jmentitle.policy.measures.indicators",
        "PackReference": "jmentitle.population.scale.partition",
        "Population": "jmentitle.population.frames",
        "PopulationCliffs": "jmentitle.policy.whatif.population_cliffs",
        "Run": "jmentitle.policy.run",
        "Sensitivity": "jmentitle.policy.whatif.sensitivity",
        "Threshold": "jmentitle.policy.whatif.thresholds",
        "answer_schema": "jmentitle.population.scale.partition",
        "cliffs": "jmentitle.policy.whatif.cliffs",
        "coverage": "jmentitle.policy.measures.coverage",
        "decide_partition": "jmentitle.population.scale.partition",
        "household_files": "jmentitle.synthetic.files",
        "indicators": "jmentitle.policy.measures.indicators",
        "near": "jmentitle.policy.whatif.thresholds",
        "nest": "jmentitle.population.scale.partition",
        "nest_spark": "jmentitle.population.scale.spark",
        "plots": "jmentitle.policy",
        "population_cliffs": "jmentitle.policy.whatif.population_cliffs",
        "run_spark": "jmentitle.population.scale.spark",
        "sensitivity": "jmentitle.policy.whatif.sensitivity",
        "spark": "jmentitle.population.scale",
        "synthetic_city": "jmentitle.synthetic.city",
        "thresholds": "jmentitle.policy.whatif.thresholds",
    },
    "jmentitle.render": {
        "diff_html": "jmentitle.render.outline",
        "document_html": "jmentitle.render.html",
        "explanations_html": "jmentitle.render.outline",
        "letter_document": "jmentitle.render.letter",
        "counterfactuals_html": "jmentitle.render.outline",
        "notebook_html": "jmentitle.render.html",
        "say_amount": "jmentitle.render.words",
        "table": "jmentitle.render.html",
        "tag": "jmentitle.render.html",
        "timeline_html": "jmentitle.render.outline",
    },
}
"""For each door its names, each with the module from which `from module import name` gives it.
`jmentitle.typed.jingmen`, generated from the pack, is a door too: its classes are its names."""

FORMER_NAMES = {
    "jmentitle": {
        "DiagnosticsError": "JmentitleError",
        "EngineUnavailable": "EngineUnavailableError",
        "ExtraMissing": "ExtraMissingError",
        "ProfileError": "InputError",
    },
}
"""Names of earlier releases, each with the present one; they go with the next release."""


def attribute(door: str, name: str) -> object:
    """What a door offers under a name, imported now. Raises AttributeError."""
    present = FORMER_NAMES.get(door, {}).get(name)
    if present is not None:
        from warnings import warn

        message = f"`{door}.{name}` is now `{present}`; the old name goes with the next release"
        warn(message, DeprecationWarning, stacklevel=3)
        name = present
    home = DOORS[door].get(name)
    if home is None:
        raise AttributeError(
            f"module {door!r} has no attribute {name!r}", name=name, obj=sys.modules[door]
        )
    # As `from home import name` does, this also finds a name that is a module.
    return getattr(__import__(home, fromlist=[name]), name)
