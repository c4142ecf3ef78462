"""How many cases are tried: few in the suite, as many as wanted by hand.

JMENTITLE_EXAMPLES=20000 python -m pytest tests/chain/test_engines_agree.py
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings

T = TypeVar("T")
ASKED = os.environ.get("JMENTITLE_EXAMPLES")


def cases(count: int) -> settings:
    """The settings of a property over dice: `count` cases, or those asked for.

    A failure is not shrunk: a smaller seed makes no smaller pack.
    """
    return settings(
        max_examples=int(ASKED or count),
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def thinned(all_: Sequence[T], step: int) -> Sequence[T]:
    """One in `step` of a fixed list of cases; all of them in a long run."""
    return all_ if ASKED else all_[::step]
