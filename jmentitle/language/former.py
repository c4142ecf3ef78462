"""Former names, which this release still answers to with a warning that says the new one."""

from __future__ import annotations

import warnings


def warn(owner: str, name: str, now: str) -> None:
    """Tell whoever used a former name of something of `owner` what it is called now."""
    warnings.warn(f"`{name}` of {owner} is now `{now}`", DeprecationWarning, stacklevel=3)
