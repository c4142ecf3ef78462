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
    from jmentitle.language.diagnostics import Diagnostic, DiagnosticsError, PackError, ProfileError
    from jmentitle.profile.validation import Profile

__all__ = [
    "Assessment",
    "Diagnostic",
    "DiagnosticsError",
    "Pack",
    "PackError",
    "Profile",
    "ProfileError",
    "load_pack",
]

_HOMES = {
    "Assessment": "jmentitle.assessment.models",
    "Diagnostic": "jmentitle.language.diagnostics",
    "DiagnosticsError": "jmentitle.language.diagnostics",
    "Pack": "jmentitle.api",
    "PackError": "jmentitle.language.diagnostics",
    "Profile": "jmentitle.profile.validation",
    "ProfileError": "jmentitle.language.diagnostics",
    "load_pack": "jmentitle.api",
}


def __getattr__(name: str) -> object:
    """Public names are imported when first used, so that importing the package costs nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'jmentitle' has no attribute {name!r}")
