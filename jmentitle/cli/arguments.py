"""Reading the command line: its mistakes are reported like all others, with the nearest valid word
and never with the typed text."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NoReturn

from jmentitle.errors import ArgumentError, fail
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import nearest_name

_OPTION = re.compile(r"--?[a-z][a-z-]{0,30}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """Raises ArgumentError (JM096) instead of ending the process; options are not abbreviated."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        # Messages of argparse quote the typed text, so they are not shown.
        fail(
            "JM096",
            _QUOTED.sub("…", message),
            path=self.prog,
            expected=f"see `{self.prog} --help`",
        )

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            choices = [str(choice) for choice in action.choices]
            name = (
                action.option_strings[0]
                if action.option_strings
                else str(action.metavar or action.dest)
            )
            fail(
                "JM096",
                "invalid choice",
                path=name,
                expected=", ".join(choices),
                suggestion=nearest_name(str(value), choices),
            )

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options of a command line. Raises ArgumentError (JM096; JM072 for a day)."""
        options, rest = self.parse_known_args(arguments)
        collector = Collector()
        option_names = [
            name for name in options.parser._option_string_actions if name.startswith("--")
        ]
        for word in rest:
            name = word.partition("=")[0]
            if _OPTION.fullmatch(name):
                collector.add(
                    "JM096",
                    "unknown option",
                    path=name,
                    expected=", ".join(sorted(option_names)),
                    suggestion=nearest_name(name, option_names),
                )
            else:
                collector.add(
                    "JM096",
                    "unexpected argument",
                    path=options.parser.prog,
                    expected=f"see `{options.parser.prog} --help`",
                )
        for name in ("on", "until"):
            text = getattr(options, name, None)
            if text is not None:
                setattr(options, name, _day(text, f"--{name}", collector))
        if collector.errors:
            raise ArgumentError(collector.errors)
        return options


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether errors of a command line that cannot be read go out as JSON."""
    joined = " ".join(arguments)
    return re.search(r"(?:^| )--format[= ]json(?: |$)", joined) is not None


def _day(text: str, path: str, collector: Collector) -> date | None:
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        collector.add("JM072", "expected a date", path=path, expected="YYYY-MM-DD")
        return None
