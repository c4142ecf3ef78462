"""Optional dependencies: the parts of the library that need an extra."""

from __future__ import annotations

from importlib.util import find_spec

from jmentitle.errors import ExtraMissingError, fail


def need(module: str, extra: str, *, path: str | None = None) -> None:
    """Raise ExtraMissingError (JM095) if the module of an extra is not installed. `path` names the
    part that needs it, by default the extra."""
    if find_spec(module) is None:
        fail(
            "JM095",
            f"the package `{module}` is not installed",
            path=path or extra,
            expected=f"`pip install 'jmentitle[{extra}]'`",
            error=ExtraMissingError,
        )
