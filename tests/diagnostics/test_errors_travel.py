"""Errors cross processes: copied, pickled or raised in a worker, they keep their type, their
diagnostics and their text."""

from __future__ import annotations

import contextlib
import copy
import multiprocessing
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module

import pytest

import jmentitle
from jmentitle import load_pack
from jmentitle.errors import InputError, JmentitleError, PackError
from jmentitle.language import syntax, units
from jmentitle.language.diagnostics import Diagnostic, Span

DIAGNOSTICS = (
    Diagnostic(
        "JM025",
        "unknown name `agee`",
        Span("a.yaml", 3, 4, 5),
        expected="a name",
        suggestion="age",
        excerpt="  x: agee",
    ),
    Diagnostic("JM071", "unknown fact", path="members[0].brith_date", suggestion="birth_date"),
)
OTHERS: dict[str, Callable[[], Exception]] = {
    "ExpressionError": lambda: syntax.ExpressionError(
        "JM020", "unexpected character", 3, 2, "a name"
    ),
    "UnknownUnitError": lambda: units.UnknownUnitError("moon"),
    "_ReportedError": lambda: _of("jmentitle.language.checker", "_ReportedError")(),
    "_StopError": lambda: _of("jmentitle.pack.yaml_tree", "_StopError")(),
    "RefusedValueError": lambda: _of("jmentitle.language.values", "RefusedValueError")(
        "JM072", "this is not a number", "a number"
    ),
}


def _of(module: str, name: str) -> type[Exception]:
    found: type[Exception] = getattr(import_module(module), name)
    return found


def exceptions() -> Iterator[type[BaseException]]:
    """Every exception class that a module of the package defines."""
    for module in pkgutil.walk_packages(jmentitle.__path__, "jmentitle."):
        with contextlib.suppress(ImportError):
            for value in vars(import_module(module.name)).values():
                if (
                    isinstance(value, type)
                    and issubclass(value, BaseException)
                    and value.__module__ == module.name
                ):
                    yield value


CLASSES = sorted(set(exceptions()), key=lambda cls: cls.__qualname__)
COPIES: dict[str, Callable[[object], object]] = {
    **{
        f"pickle {protocol}": lambda one, p=protocol: pickle.loads(pickle.dumps(one, p))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def made(cls: type[BaseException]) -> BaseException:
    """An error of a class; a class that carries something of its own needs a line in `OTHERS`."""
    if issubclass(cls, JmentitleError):
        return cls(DIAGNOSTICS)
    return OTHERS[cls.__qualname__]()


def content(error: BaseException) -> tuple[object, ...]:
    return type(error), str(error), repr(error), error.args, vars(error)


def test_the_classes_are_found() -> None:
    names = {cls.__qualname__ for cls in CLASSES}
    assert names >= {
        "JmentitleError",
        "PackError",
        "InputError",
        "TooManyMistakesError",
        "EngineUnavailableError",
        "ExtraMissingError",
        *OTHERS,
    }


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__qualname__)
def test_a_copy_of_an_error_is_the_same_error(cls: type[BaseException], way: str) -> None:
    error = made(cls)
    error.add_note("a note of the caller")
    other = COPIES[way](error)
    assert isinstance(other, BaseException)
    assert content(other) == content(error)


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize(
    "one", [DIAGNOSTICS[0].span, *DIAGNOSTICS], ids=lambda one: type(one).__name__
)
def test_a_copy_of_a_diagnostic_is_the_same_diagnostic(one: object, way: str) -> None:
    other = COPIES[way](one)
    assert (type(other), other, hash(other), repr(other)) == (type(one), one, hash(one), repr(one))


# in a worker


def refuse(name: str) -> None:
    """What a worker does that is given a wrong pack or a wrong household."""
    if name == "household":
        load_pack().read({"members": [{"brith_date": "1950-01-01"}]})
    load_pack(name)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_an_error_of_a_worker_reaches_the_one_who_waits(method: str) -> None:
    context = multiprocessing.get_context(method)
    with context.Pool(1) as pool:
        with pytest.raises(PackError) as pack:
            pool.map_async(refuse, ["jingman"]).get(60)
        with pytest.raises(InputError) as profile:
            pool.apply_async(refuse, ["household"]).get(60)
    assert [one.suggestion for one in pack.value.diagnostics] == ["jingmen"]
    assert [one.suggestion for one in profile.value.diagnostics] == ["birth_date"]
    assert "did you mean: birth_date" in str(profile.value)
    with ProcessPoolExecutor(1, context) as executor, pytest.raises(PackError) as caught:
        executor.submit(refuse, "jingman").result(60)
    assert caught.value.diagnostics == pack.value.diagnostics


def test_an_error_goes_through_the_serializer_of_spark() -> None:
    cloudpickle = pytest.importorskip("pyspark.cloudpickle")
    for cls in CLASSES:
        error = made(cls)
        assert content(cloudpickle.loads(cloudpickle.dumps(error))) == content(error)


def test_an_error_goes_through_joblib() -> None:
    joblib = pytest.importorskip("joblib")
    with pytest.raises(PackError) as caught:
        joblib.Parallel(n_jobs=2, timeout=60)(
            [joblib.delayed(refuse)("jingman"), joblib.delayed(refuse)("jingman")]
        )
    assert caught.value.diagnostics[0].suggestion == "jingmen"
