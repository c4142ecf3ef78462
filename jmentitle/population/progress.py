"""A bar for long work, on a terminal or in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from jmentitle.population.deciding import Part, Progress

_DELAY = 2.0
"""Seconds before a bar is shown that nobody asked for."""


def bar(wanted: bool | None) -> Progress | None:
    """None where no bar is wanted; unless said, one is shown on a terminal when the work takes a
    while."""
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        return None
    from tqdm.auto import tqdm

    def with_bar(parts: Iterable[Part], count: int) -> Iterator[Part]:
        return iter(
            tqdm(
                parts, total=count, unit="part", delay=_DELAY if wanted is None else 0, leave=False
            )
        )

    return with_bar
