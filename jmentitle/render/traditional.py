"""Traditional characters, through OpenCC (extra `hant`): the words of Simplified Chinese, character
by character and phrase by phrase."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol

from jmentitle.language.extras import need

TRADITIONAL = "zh-Hant"


class Converter(Protocol):
    def convert(self, string: str) -> str: ...


def to_traditional(text: str) -> str:
    """The text in traditional characters. Raises ExtraMissingError (JM095) without the extra."""
    need("opencc", "hant", path="lang")
    import opencc

    return _converter(opencc.OpenCC).convert(text)


@cache
def _converter(make: Callable[[str], Converter]) -> Converter:
    # Its dictionaries are read once.
    return make("s2tw")
