"""Parts of the library that need more than it installs by itself."""

from __future__ import annotations

from importlib.util import find_spec

from jmentitle.errors import ExtraMissingError, fail


def need(module: str, extra: str, *, path: str | None = None) -> None:
    """Raise ExtraMissingError (JM095) where the module of an extra is not installed. `path` names
    what asked for it, the extra unless said."""
    if find_spec(module) is None:
        fail(
            "JM095",
            f"the package `{module}` is not installed",
            path=path or extra,
            expected=f"`pip install 'jmentitle[{extra}]'`",
            error=ExtraMissingError,
        )
