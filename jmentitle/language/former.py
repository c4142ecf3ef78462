"""Former names, which this release accepts with a warning that gives the new name."""

from __future__ import annotations

import warnings


def warn(owner: str, name: str, now: str) -> None:
    """Warn that the former `name` of an attribute of `owner` is `now` another."""
    warnings.warn(f"`{name}` of {owner} is now `{now}`", DeprecationWarning, stacklevel=3)
