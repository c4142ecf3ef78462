"""Traditional characters, through OpenCC (extra `hant`): the words of Simplified Chinese, character by character and phrase by phrase."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol

from jmentitle.language.diagnostics import Collector, DiagnosticsError

TRADITIONAL = "zh-Hant"


class Converter(Protocol):
    def convert(self, string: str) -> str: ...


class ExtraMissing(DiagnosticsError):
    """What was asked for needs a package that is not installed."""


def to_traditional(text: str) -> str:
    """The text in traditional characters. Raises ExtraMissing (JM095) without the extra."""
    try:
        import opencc
    except ImportError:
        collector = Collector()
        collector.add("JM095", "OpenCC is not installed", path="lang", expected="`pip install 'jmentitle[hant]'`, or language `zh`")
        raise ExtraMissing(collector.errors) from None
    return _converter(opencc.OpenCC).convert(text)


@cache
def _converter(make: Callable[[str], Converter]) -> Converter:
    # Its dictionaries are read once.
    return make("s2tw")
