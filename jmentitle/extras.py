"""Parts of the library that need more than it installs by itself."""

from __future__ import annotations

from importlib.util import find_spec

from jmentitle.language.diagnostics import Collector, DiagnosticsError


def need(module: str, extra: str) -> None:
    """Raise DiagnosticsError (JM095) where the module of an extra is not installed."""
    if find_spec(module) is None:
        collector = Collector()
        collector.add("JM095", f"this needs {module}", path=extra, expected=f"pip install 'jmentitle[{extra}]'")
        raise DiagnosticsError(collector.errors)
