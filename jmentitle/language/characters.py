"""Invisible characters that change the visible text: control, direction, zero-width, line and
paragraph separators, half characters.

A terminal or a browser obeys them. Packs may not contain them, and messages about other files show
them as escapes.
"""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def unseen(text: str, allowed: str = "") -> list[int]:
    """The indices of such characters in a text, except allowed ones."""
    if text.isprintable():  # nearly always, and quick
        return []
    return [
        index
        for index, char in enumerate(text)
        if unicodedata.category(char) in _UNSEEN and char not in allowed
    ]


def visible(text: str, allowed: str = "") -> str:
    r"""The text with such characters as escapes: `\n`, `\x1b`, `\u202e`."""
    if not unseen(text, allowed):
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unseen(char, allowed) else char for char in text
    )
