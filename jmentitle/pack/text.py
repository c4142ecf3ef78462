"""Texts in the two languages of a pack."""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("zh", "en")
"""The languages of every text."""


class Text(NamedTuple):
    """A text in Simplified Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


NO_TEXT = Text("", "")
