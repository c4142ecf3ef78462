"""jmentitle tells a household what it is owed: services, subsidies and offices, why and why not,
and what is still missing.

from jmentitle import load_pack
pack = load_pack("jingmen")
assessment = pack.assess({"members": [{"birth_date": "1950-03-01"}]}, on=date(2018, 10, 15))
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmentitle.api import Pack, load_pack
    from jmentitle.assessment.models import Assessment
    from jmentitle.errors import (
        ArgumentError,
        EngineUnavailableError,
        ExtraMissingError,
        HouseholdError,
        InputError,
        JmentitleError,
        OutputError,
        PackError,
    )
    from jmentitle.language.diagnostics import Diagnostic
    from jmentitle.profile.validation import Profile

__all__ = [
    "ArgumentError",
    "Assessment",
    "Diagnostic",
    "EngineUnavailableError",
    "ExtraMissingError",
    "HouseholdError",
    "InputError",
    "JmentitleError",
    "OutputError",
    "Pack",
    "PackError",
    "Profile",
    "load_pack",
]

_HOMES = {
    "ArgumentError": "jmentitle.errors",
    "Assessment": "jmentitle.assessment.models",
    "Diagnostic": "jmentitle.language.diagnostics",
    "EngineUnavailableError": "jmentitle.errors",
    "ExtraMissingError": "jmentitle.errors",
    "HouseholdError": "jmentitle.errors",
    "InputError": "jmentitle.errors",
    "JmentitleError": "jmentitle.errors",
    "OutputError": "jmentitle.errors",
    "Pack": "jmentitle.api",
    "PackError": "jmentitle.errors",
    "Profile": "jmentitle.profile.validation",
    "load_pack": "jmentitle.api",
}

_FORMER_NAMES = {
    "DiagnosticsError": "JmentitleError",
    "EngineUnavailable": "EngineUnavailableError",
    "ExtraMissing": "ExtraMissingError",
    "ProfileError": "InputError",
}
"""Names of earlier releases, each with the present one; they go with the next release."""


def __getattr__(name: str) -> object:
    """Public names are imported when first used, so that importing the package costs nothing."""
    if name in _FORMER_NAMES:
        from warnings import warn

        present = _FORMER_NAMES[name]
        message = f"`jmentitle.{name}` is now `{present}`; the old name goes with the next release"
        warn(message, DeprecationWarning, stacklevel=2)
        name = present
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'jmentitle' has no attribute {name!r}")
