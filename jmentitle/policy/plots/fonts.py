"""A font in which Chinese labels can be read: found among those installed, or named by
JMENTITLE_FONT."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from jmentitle.errors import ExtraMissingError, fail
from jmentitle.language import extras

FAMILIES = (
    *(
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "Source Han Sans CN",
        "PingFang SC",
        "Microsoft YaHei",
        "Hiragino Sans GB",
    ),
    *(
        "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei",
        "Droid Sans Fallback",
        "SimHei",
        "Heiti SC",
        "STHeiti",
        "Arial Unicode MS",
    ),
    *(
        "Noto Sans CJK JP",
        "Noto Sans CJK TC",
        "Source Han Sans",
        "Noto Serif CJK SC",
        "Noto Serif CJK JP",
        "Source Han Serif SC",
        "SimSun",
        "Songti SC",
    ),
)
"""Families with Chinese characters, the best first: those without feet before those with, faces for
other regions where there are no others."""
LATIN = "DejaVu Sans"
"""The font that comes with matplotlib."""
_VARIABLE = "JMENTITLE_FONT"


def families(language: str) -> list[str]:
    """The families to set text in, the first that has a character being used. Raises
    ExtraMissingError (JM095) where Chinese could not be read."""
    extras.need("matplotlib", "plot")
    family = _family_of_environment() or next(iter(_installed(FAMILIES)), None)
    if family is None and language == "zh":
        expected = (
            f"apt install fonts-noto-cjk (Debian, Ubuntu), or {_VARIABLE}=/path/to/a/font.otf, for"
            " example Noto Sans SC from fonts.google.com"
        )
        fail(
            "JM095",
            "missing font with Chinese characters",
            path="plot",
            expected=f"{expected}; or language='en'",
            error=ExtraMissingError,
        )
    return [LATIN] if family is None else [family, LATIN] if language == "zh" else [LATIN, family]


def _family_of_environment() -> str | None:
    """The family of the file that the environment names."""
    path = os.environ.get(_VARIABLE)
    if not path:
        return None
    if not Path(path).is_file():
        fail(
            "JM095",
            "font file not found",
            path=_VARIABLE,
            expected="the path of a font file (.otf, .ttf, .ttc)",
            error=ExtraMissingError,
        )
    names = _known_to_matplotlib(path)
    return next((family for family in FAMILIES if family in names), next(iter(names), None))


def _installed(wanted: Iterable[str]) -> Iterable[str]:
    """Those of the families that are installed. matplotlib remembers what it found when it first
    looked; a font that came later is made known."""
    from matplotlib import font_manager

    wanted = tuple(wanted)
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    if not installed & set(wanted):
        files = {entry.fname for entry in font_manager.fontManager.ttflist}
        for path in font_manager.findSystemFonts():
            if path not in files:
                installed.update(_known_to_matplotlib(path))
    return (family for family in wanted if family in installed)


def _known_to_matplotlib(path: str) -> list[str]:
    """The families of a font file, of which a collection has several; matplotlib knows them from
    now on. Empty where the file cannot be read."""
    from matplotlib import font_manager

    try:
        font_manager.fontManager.addfont(path)
    except (OSError, RuntimeError):
        return []
    return [entry.name for entry in font_manager.fontManager.ttflist if entry.fname == path]
