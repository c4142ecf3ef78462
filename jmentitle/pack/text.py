"""Texts in the two languages of a pack."""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("zh", "en")
"""The languages of every text."""


class Text(NamedTuple):
    """A text in the two languages of a pack.

    Fields:
        zh: Simplified Chinese.
        en: English.
    Example:
        >>> pack.item("minimum_living_guarantee").name.en
        'Minimum living guarantee (dibao)'
    """

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in one language.

        Arguments:
            language: `zh` or `en`.
        Returns:
            The text; English for any language but `zh`.
        Example:
            >>> pack.item("minimum_living_guarantee").name.in_language("zh")
            '最低生活保障'
        """
        return self.zh if language == "zh" else self.en


NO_TEXT = Text("", "")
