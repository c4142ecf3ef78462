"""What the library raises over what it is given.

    JmentitleError (a ValueError)    `diagnostics`: every problem, with code, place and expectation
    ├── PackError                    a pack, an overlay, an amendment, or figures for a city
    ├── InputError                   whatever a caller hands over
    │   ├── HouseholdError           a household file, typed profile or record; frames of many
    │   ├── ArgumentError            an argument of a call or of a command
    │   └── OutputError              a file or folder that cannot be written
    ├── ExtraMissingError            a package or program that is not installed
    └── EngineUnavailableError       an engine that cannot run in this process

Catch JmentitleError for all of them, InputError for what the user of an application can mend.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Never

from jmentitle.language.codes import Code
from jmentitle.language.diagnostics import Diagnostic, shortened


class JmentitleError(ValueError):
    """Raised with every problem at once; `diagnostics` holds them in order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(one.render() for one in self.diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        """Made anew from its diagnostics where it is copied or sent to another process; its args
        hold the text only."""
        return type(self), (self.diagnostics,), self.__dict__


class PackError(JmentitleError):
    """A pack, or something laid over one, that cannot be used."""


class InputError(JmentitleError):
    """Something that a caller handed over and that cannot be used."""


class HouseholdError(InputError):
    """A household, or frames of many, that cannot be used."""


class ArgumentError(InputError):
    """An argument of a call or of a command that cannot be used."""


class OutputError(InputError):
    """A file or folder that cannot be written."""


class ExtraMissingError(JmentitleError):
    """What was asked for needs a package or a program that is not installed."""


class EngineUnavailableError(JmentitleError):
    """An engine that cannot run here."""


class TooManyMistakesError(PackError, HouseholdError):
    """Raised while reading goes on, with the first mistakes of a pack or a household file."""


def fail(
    code: Code,
    message: str,
    *,
    path: str,
    expected: str | None = None,
    suggestion: str | None = None,
    error: type[JmentitleError] = ArgumentError,
) -> Never:
    """Raise an error with one problem. `path` names the argument, fact or file, `suggestion` is the
    nearest right name."""
    problem = Diagnostic(
        code, shortened(message), path=path, expected=expected, suggestion=suggestion
    )
    raise error([problem]) from None
