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
    """The base of all errors. `diagnostics` holds every problem, in order; the text of the error is
    all of them for a terminal.

    Example:
        >>> from jmentitle import JmentitleError
        >>> try:
        ...     pack.assess({"members": [{"disability_grad": "grade_1"}]}, on)
        ... except JmentitleError as error:
        ...     print(error)
        members[0].disability_grad: error JM071: unknown fact
          did you mean: disability_grade
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(one.render() for one in self.diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        """Made anew from its diagnostics where it is copied or sent to another process; its args
        hold the text only."""
        return type(self), (self.diagnostics,), self.__dict__


class PackError(JmentitleError):
    """A pack, or something laid over one, that cannot be used.

    Example:
        >>> from jmentitle import PackError
        >>> try:
        ...     pack.amend({"parameters": {"dibao_urbn": {"scale": "1.1"}}})
        ... except PackError as error:
        ...     print(error.diagnostics[0].suggestion)
        dibao_urban
    """


class InputError(JmentitleError):
    """Something that a caller handed over and that cannot be used: what the user of an application
    can mend.

    Example:
        >>> from jmentitle import InputError
        >>> issubclass(InputError, ValueError)
        True
    """


class HouseholdError(InputError):
    """A household, or frames of many, that cannot be used.

    Example:
        >>> from jmentitle import HouseholdError
        >>> try:
        ...     pack.read({"members": []})
        ... except HouseholdError as error:
        ...     print(error)
        members: error JM076: the file has no members
          expected: a list with at least one person
    """


class ArgumentError(InputError):
    """An argument of a call or of a command that cannot be used.

    Example:
        >>> from jmentitle import ArgumentError
        >>> try:
        ...     pack.item("legal_ad")
        ... except ArgumentError as error:
        ...     print(error.diagnostics[0].suggestion)
        legal_aid
    """


class OutputError(InputError):
    """A file or folder that cannot be written.

    Example:
        >>> from jmentitle import OutputError
        >>> issubclass(OutputError, InputError)
        True
    """


class ExtraMissingError(JmentitleError):
    """What was asked for needs a package or a program that is not installed; `expected` of its
    diagnostic says how to install it.

    Example:
        >>> from jmentitle import ExtraMissingError
        >>> issubclass(ExtraMissingError, JmentitleError)
        True
    """


class EngineUnavailableError(JmentitleError):
    """An engine that cannot run here.

    Example:
        >>> from jmentitle import EngineUnavailableError
        >>> issubclass(EngineUnavailableError, JmentitleError)
        True
    """


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
