"""OpenFisca: a variable with a vectorised formula for each rule."""

from __future__ import annotations

import openfisca_core.indexed_enums as _installed  # noqa: F401

from benchmarks.peers._fisca import FiscaPeer


class Peer(FiscaPeer):
    name, distribution, about = (
        "openfisca-core",
        "openfisca-core",
        "a variable a rule, formulas over arrays, one core",
    )
    package, enum_module = "openfisca_core", "openfisca_core.indexed_enums"
