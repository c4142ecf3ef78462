"""The paper on which plots are drawn: sizes that fit A4, fonts, colours that print in grey, and the
line at the foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jmentitle.errors import fail
from jmentitle.language import arguments, extras
from jmentitle.language.diagnostics import nearest_name
from jmentitle.pack.model import Content, Item
from jmentitle.policy.plots.fonts import families
from jmentitle.policy.plots.words import say
from jmentitle.population.names import title_of
from jmentitle.render.graph import width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 180.0
"""The width that an upright A4 page leaves for a picture, in millimetres."""
BLUE, ORANGE, GREY, DARK = "#0072B2", "#E69F00", "#BBBBBB", "#333333"
"""Blue and orange of Okabe and Ito, distinct for everybody and in grey, where blue is the
darker."""
SCALE = "Blues"
"""For shares: it grows darker evenly, also in grey."""
_INCH = 25.4
_FOOT = 6.0
"""The height of a foot of one line, in millimetres."""
_LINE = 3.5
"""The height of each further line of the foot, in millimetres."""
_TITLE = 2.15
"""The width of a character of half width in the title, in millimetres."""
_HALF = 1.28
"""The width of a character of half width in the foot, in millimetres."""
_LATIN = 1.25
"""The width of a letter, in halves of a Chinese character."""
_CLOSING, _OPENING = frozenset("）、，。；：”》"), frozenset("（“《")


@dataclass(frozen=True)
class Paper:
    """The common part of all plots. `synthetic` is None if nobody said whether the data are."""

    language: str
    synthetic: bool | None
    fonts: Sequence[str]

    @classmethod
    def of(cls, language: str, synthetic: bool | None) -> Paper:
        """Raises ArgumentError (JM073) for a language without words, ExtraMissingError (JM095)
        where the extra or a font is missing."""
        say(language, "pack", name="")
        extras.need("matplotlib", "plot")
        return cls(language, synthetic, families(language))

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def figure(self, height: float, *, width: float = WIDTH) -> Figure:
        """An empty figure of a size in millimetres, belonging to nobody."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width / _INCH, height / _INCH), dpi=150, facecolor="white")
        FigureCanvasAgg(figure)
        return figure

    def item(self, item: Item) -> str:
        """An item by its number in the plan and its name, so that it can be identified if the name
        has to be cut."""
        return f"{item.number} {item.name.in_language(self.language)}"

    def finish(
        self,
        figure: Figure,
        title: str,
        content: Content | None,
        on: date | None,
        note: str = "",
        *,
        size: tuple[int, int] | None = None,
        data: bool = True,
    ) -> Figure:
        """Title, foot and fonts: to be called when everything is drawn. `note` is a line above the
        foot, `size` how many households and people there are; without `data` nothing is said of
        them."""
        from matplotlib.text import Text

        parts = [] if content is None else [self.say("pack", name=title_of(content, self.language))]
        parts += [] if on is None else [self.say("on", on=on)]
        parts += (
            []
            if size is None
            else [self.say("size", households=f"{size[0]:,}", people=f"{size[1]:,}")]
        )
        parts += (
            [
                self.say(
                    {True: "synthetic", False: "not_synthetic", None: "not_said"}[self.synthetic]
                )
            ]
            if data
            else []
        )
        width, height = (size * _INCH for size in figure.get_size_inches())
        wider = 1.0 if self.language == "zh" else _LATIN
        figure.suptitle(
            wrapped(title, int(width / _TITLE / wider), 3),
            x=0.01,
            ha="left",
            fontsize=12,
            fontweight="bold",
        )
        room = int(width / _HALF / wider)
        lines = [
            *(wrapped(note, room, 3).split("\n") if note else []),
            *_fill(parts, " · ", room),
        ]
        foot = (_FOOT + _LINE * (len(lines) - 1)) / height
        figure.set_layout_engine("constrained", rect=(0.0, foot, 1.0, 1.0 - foot))
        figure.text(
            0.01,
            1.5 / height,
            "\n".join(lines),
            fontsize=7,
            color=DARK,
            va="bottom",
            ha="left",
            linespacing=1.4,
        )
        for axes in figure.axes:
            axes.tick_params(labelfontfamily=list(self.fonts))
        for text in figure.findobj(Text):
            text.set_fontfamily(list(self.fonts))
        return figure


def has_columns(frame: pl.DataFrame, names: Iterable[str]) -> None:
    """Raises ArgumentError (JM100) for columns that a frame to be drawn lacks, and (JM072) for
    what is no frame."""
    arguments.of_kind(frame, pl.DataFrame, "frame", "a frame of Polars")
    for name in names:
        arguments.of_kind(name, str, "fact", "the name of a column")
        if name not in frame.columns:
            fail(
                "JM100",
                "missing column",
                path=f"frame.{name}",
                expected=f"a column `{name}`",
                suggestion=nearest_name(name, frame.columns),
            )


def plain(axes: Axes) -> None:
    """Only the axes that are read."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """A text on at most some lines of about the same length, of a width in characters of half
    width; cut with … where it is longer."""
    spaced = width_of(text) < 1.5 * len(text)
    pieces = text.split(" ") if spaced else list(text)
    needed = -(-width_of(text) // width)
    parts = _fill(
        pieces,
        " " if spaced else "",
        min(width, -(-width_of(text) // needed) + (4 if spaced else 1))
        if needed <= lines
        else width,
    )
    if len(parts) > lines:
        parts = _fill(pieces, " " if spaced else "", width)
    if len(parts) > lines:
        last = parts[lines - 1]
        while width_of(last) > width - 2:
            last = last[:-1]
        parts = [*parts[: lines - 1], last + "…"]
    return "\n".join(parts)


def _fill(pieces: Sequence[str], between: str, width: int) -> list[str]:
    """The pieces on lines of a width; no line begins with what closes or ends with what opens."""
    lines: list[str] = []
    for piece in pieces:
        joined = f"{lines[-1]}{between}{piece}" if lines else piece
        if lines and (width_of(joined) <= width or piece in _CLOSING):
            lines[-1] = joined
        elif lines and lines[-1][-1] in _OPENING and len(lines[-1]) > 1:
            opening = lines[-1][-1]
            lines[-1] = lines[-1][:-1]
            lines.append(opening + piece)
        else:
            lines.append(piece)
    return lines
