"""One target for each door: it takes a case, gives the texts that people would see, and raises what
the library raises."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Context, localcontext
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
from pydantic import BaseModel, ValidationError

from jmentitle import InputError, JmentitleError, Pack
from jmentitle.assessment.replay import as_json, differences, read_record
from jmentitle.chain.engines import engine
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.language.values import plain
from jmentitle.pack import files, loader
from jmentitle.pack.overlays import lay_over
from jmentitle.profile.models import household_model
from jmentitle.profile.validation import Profile, parse_text
from jmentitle.render.diff import diff_text
from jmentitle.views.diff import diff
from tests.fuzz.cases import FIFO, Tables
from tests.fuzz.oracle import MARKER, FaultError, NoCaseError, check_error_text, codes_of
from tests.support.columns import outcomes, outcomes_of
from tests.support.engines import engines
from tests.support.families import shipped
from tests.support.small_pack import ON, small_pack

HOUSEHOLD = {
    "household": {"district": "north", "income": 1000},
    "members": [
        {"birth_date": "1950-01-01", "lives_alone": True, "rooms": 2, "illnesses": ["stroke"]}
    ],
}
FAMILY_DAY = date(2018, 10, 15)
_NARROW = Context(prec=4)


@cache
def pack() -> Pack:
    return small_pack()


# households


def household_text(case: bytes) -> Iterator[str]:
    """The text of a household file of the small pack, YAML or JSON."""
    return answered(parse_text(text_of(case)))


def household_values(case: object) -> Iterator[str]:
    """A household as Python values. A typed profile and other decimal contexts come to the same."""
    plain, narrow = (outcome(case, narrow=narrow) for narrow in (False, True))
    if plain != narrow:
        raise FaultError(
            "the caller's decimal context changes the outcome",
            f"{_codes(plain)} and {_codes(narrow)}",
        )
    typed = typed_outcome(case)
    if typed is not None and typed != plain and isinstance(typed, str) | isinstance(plain, str):
        raise FaultError(
            "a typed profile comes to something else",
            f"plain values: {_codes(plain)}, typed: {_codes(typed)}",
        )
    return answered(case)


def family(case: bytes) -> Iterator[str]:
    """The text of a household file of the shipped pack."""
    profile = shipped().read(parse_text(text_of(case)), FAMILY_DAY)
    agree(shipped(), profile, FAMILY_DAY, columns=False)
    yield repr(profile)


def days(case: object) -> Iterator[str]:
    """A day of assessment, in every call that takes one: all come to the same."""
    calls = {
        "assess": lambda: pack().assess(HOUSEHOLD, case),
        "read": lambda: pack().assess(pack().read(HOUSEHOLD, case), case),
        "explain": lambda: pack().explain(HOUSEHOLD, "meals", case),
        "counterfactuals": lambda: pack().counterfactuals(HOUSEHOLD, "meals", case),
        "timeline": lambda: pack().timeline(HOUSEHOLD, case),
        "until": lambda: pack().timeline(HOUSEHOLD, date(2018, 1, 1), case),
        "rule": lambda: pack().rule("meals", case).to_text("en"),
        "population": lambda: pack().population(*frames(), case),
        "run": lambda: pack().run(pack().population(*frames()), case).item_totals(),
        "household file": lambda: pack().assess({**HOUSEHOLD, "on": case}),
    }
    if plain(case) is None:  # to a household file a missing mark is the same as no day
        del calls["household file"]
    # Without a day some calls take today, the household's, or all days.
    found = {
        name: _said(call)
        for name, call in calls.items()
        if not (case is None and name not in ("explain", "until", "rule", "population"))
    }
    # A rule can be read as of any day; a timeline is cut at the end of the pack; a population is
    # bound to a day only when it is run.
    lenient = {
        name
        for name, codes in found.items()
        if codes == "answers" and name in ("rule", "until", "population")
    }
    if (
        set(found.values()) - {"JM079"}
        and len(
            {codes for name, codes in found.items() if name not in lenient or codes != "answers"}
        )
        > 1
    ):
        raise FaultError("calls take the same day differently", str(found))
    calls["assess"]()
    yield "the same"


def answered(raw: object) -> Iterator[str]:
    """What people see of a household on which engines agreed and whose record was repeated."""
    on = None if isinstance(raw, Mapping) and ("on" in raw or True in raw) else ON
    profile = pack().read(raw, on)
    day = on or profile.on or ON
    assessment = pack().assess(raw, day)
    agree(pack(), profile, day)
    record = as_json(assessment)
    if as_json(read_record(record)) != record or as_json(pack().assess(raw, day)) != record:
        raise FaultError("a record cannot be repeated")
    yield from (
        repr(profile),
        repr(assessment),
        assessment.to_text("en"),
        assessment.to_text("zh"),
        record,
    )


def agree(of: Pack, profile: Profile, on: date, *, columns: bool = True) -> None:
    """Raises FaultError where engines disagree."""
    ruleset, facts = of.ruleset(on), profile.facts
    expected = engine("specification").run(ruleset, facts, on)
    for name in engines():
        if engine(name).run(ruleset, facts, on) != expected:
            raise FaultError(f"the engine {name} decides otherwise than the specification")
    if columns and outcomes(ruleset, [facts], on) != [expected]:
        raise FaultError("columns decide otherwise than the specification")


def outcome(case: object, *, narrow: bool = False) -> str | tuple[Diagnostic, ...]:
    """The record of a household, or what is wrong with it."""
    on = None if isinstance(case, Mapping) and ("on" in case or True in case) else ON
    with localcontext(_NARROW if narrow else None):
        try:
            return as_json(pack().assess(case, on))
        except JmentitleError as problem:
            return problem.diagnostics


def typed_outcome(case: object) -> str | tuple[Diagnostic, ...] | None:
    """The same through a typed profile; None where its class refuses the form."""
    if not isinstance(case, Mapping) or not all(isinstance(key, str) for key in case):
        return None
    try:
        profile = household_model(pack().content)(**case)
    except ValidationError as problem:
        if any(MARKER in one["msg"] for one in problem.errors(include_input=False)):
            raise FaultError("a typed profile shows a value") from None
        return None
    except JmentitleError as problem:
        return problem.diagnostics
    check_error_text(repr(profile), "a typed profile")
    return outcome(profile) if not _stated(profile) else outcome_of_stated(profile)


def outcome_of_stated(profile: BaseModel) -> str | tuple[Diagnostic, ...]:
    try:
        return as_json(pack().assess(profile))
    except JmentitleError as problem:
        return problem.diagnostics


def _stated(profile: BaseModel) -> bool:
    return "on" in profile.model_fields_set


def _codes(found: str | tuple[Diagnostic, ...]) -> str:
    return "answers" if isinstance(found, str) else ", ".join(sorted({one.code for one in found}))


def _said(call: Any) -> str:
    try:
        call()
    except JmentitleError as problem:
        return codes_of(problem)
    return "answers"


# packs


def pack_files(case: Mapping[str, bytes]) -> Iterator[str]:
    """The files of a pack by their paths, on disk."""
    with folder() as place:
        write(place, case)
        texts = files.read_files(place)
        found = Pack(loader.load(texts), texts)
    return of_pack(found)


def overlay(case: bytes) -> Iterator[str]:
    """The text of an overlay for the small pack."""
    with folder() as place:
        path = place / "overlay.yaml"
        path.write_bytes(case)
        found = Pack(lay_over(pack()._loaded, [path]), pack().files)
    return of_pack(found)


def amendment_text(case: bytes) -> Iterator[str]:
    """The text of an amendment of the small pack, as a file."""
    with folder() as place:
        path = place / "amendment.yaml"
        path.write_bytes(case)
        found = pack().amend(path)
    return of_pack(found)


def amendment_values(case: Any) -> Iterator[str]:
    """An amendment of the small pack as Python values."""
    return of_pack(pack().amend(case))


def of_pack(found: Pack) -> Iterator[str]:
    """What people see of an accepted pack, which decides alike on every engine."""
    for on in (ON, date(2019, 6, 1)):
        if not found.content.validity.holds(on):
            continue
        try:
            profile = found.read(HOUSEHOLD, on)
        except InputError:  # a pack may have other facts
            profile = found.read({"members": [{}]}, on)
        agree(found, profile, on)
        yield from (found.assess(profile, on).to_text(language) for language in ("en", "zh"))
    yield repr(found)
    yield from (found.rule(item).to_text("en") for item in found.content.items)
    yield from (warning.render() for warning in found.warnings)


# records


def record(case: bytes) -> Iterator[str]:
    """A record as text, for replay and for comparison."""
    read = read_record(text_of(case))
    yield repr(read)
    yield from (
        diff_text(diff(*pair), "en") for pair in ((read, own_record()), (own_record(), read))
    )
    yield "\n".join(
        differences(
            read, pack().assess(HOUSEHOLD, read.receipt.on, engine_name=read.receipt.engine)
        )
    )


@cache
def own_record() -> Any:
    return pack().assess(HOUSEHOLD, ON)


# frames


def frames_of(case: Tables | bytes) -> Iterator[str]:
    """Frames of the small pack: columns decide as the specification does.

    Bytes are a Parquet file of members.
    """
    if isinstance(case, bytes):
        case = Tables("parquet", case)
    with folder() as place:
        population = pack().population(*frames(case, place), ON)
    run = pack().run(population, ON)
    households = [population.facts(at) for at in range(len(population))]
    ruleset = pack().ruleset(ON)
    expected = [engine("specification").run(ruleset, facts, ON) for facts in households]
    if outcomes_of(ruleset, run.layers, households) != expected:
        raise FaultError("columns decide otherwise than the specification")
    id_ = population.household_ids[0]
    assessment = run.assess(id_)
    if any(MARKER in repr(one) for one in (run, population, assessment)):
        raise FaultError("a representation shows a value")
    yield from (repr(run), repr(population), repr(assessment))
    yield assessment.model_dump_json()
    yield from (one.to_text("en") for one in run.explain(id_, "meals"))
    run.decisions()
    run.benefits()


def frames(case: Tables | None = None, place: Path | None = None) -> tuple[object, object]:
    """The two frames of a case; without one, valid ones."""
    if case is None:
        return pl.DataFrame({"household": [1], "income": [1000]}), pl.DataFrame(
            {"household": [1], "member": ["a"], "lives_alone": [True]}
        )
    made = []
    for name, columns in (("households", case.households), ("members", case.members)):
        try:
            made.append(frame(case, columns, name, place))
        except BaseException as problem:  # a library refuses, or panics at, the column itself
            raise NoCaseError from problem
    return made[0], made[1]


def frame(case: Tables, columns: Any, name: str, place: Path | None) -> object:
    if isinstance(columns, bytes):
        assert place is not None
        suffix = "csv" if case.kind == "csv" else "parquet"
        path = place / f"{name}.{suffix}"
        path.write_bytes(columns)
        return path
    if case.kind == "pandas":
        found = pd.DataFrame(columns)
        return found.astype({name: kind for name, kind in case.types.items() if name in found})
    if case.kind == "arrow":
        return pa.table(
            {
                key: pa.array(values, getattr(pa, case.types[key])() if key in case.types else None)
                for key, values in columns.items()
            }
        )
    built = pl.DataFrame(
        [
            pl.Series(key, values, getattr(pl, case.types[key]) if key in case.types else None)
            for key, values in columns.items()
        ]
    )
    if case.kind == "polars":
        return built
    assert place is not None
    path = place / f"{name}.{case.kind}"
    built.write_csv(path) if case.kind == "csv" else built.write_parquet(path)
    return path


# files


def text_of(data: bytes) -> str:
    """What the command line makes of the bytes of a file."""
    from jmentitle.cli.commands import read_input

    with folder() as place:
        path = place / "input"
        path.write_bytes(data)
        return read_input(str(path))


def folder() -> Any:
    class Folder(tempfile.TemporaryDirectory):  # type: ignore[type-arg]
        def __enter__(self) -> Path:  # type: ignore[override]
            return Path(super().__enter__())

    return Folder(prefix="jmentitle-fuzz-", ignore_cleanup_errors=True)


def write(place: Path, case: Mapping[str, bytes | str]) -> None:
    """Write files under a folder; FIFO stands for a pipe."""
    for name, data in case.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data == FIFO:
            os.mkfifo(path)
        else:
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
