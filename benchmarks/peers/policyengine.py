"""PolicyEngine: a variable with a vectorised formula for each rule."""

from __future__ import annotations

import policyengine_core.enums as _installed  # noqa: F401

from benchmarks.peers._fisca import FiscaPeer


class Peer(FiscaPeer):
    name, distribution, about = (
        "policyengine-core",
        "policyengine-core",
        "a variable a rule, formulas over arrays, one core",
    )
    package, enum_module = "policyengine_core", "policyengine_core.enums"
