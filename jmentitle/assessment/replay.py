"""Repeating a recorded assessment: the same bytes, or what differs."""

from __future__ import annotations

from collections.abc import Iterator

from jmentitle.assessment.models import Assessment, Receipt
from jmentitle.assessment.receipt import result_digest
from jmentitle.errors import ArgumentError, fail
from jmentitle.language import arguments
from jmentitle.language.characters import unseen
from jmentitle.language.collector import Collector
from jmentitle.language.values import shown_id

MAX_DIFFERENCES = 50


def as_json(assessment: Assessment) -> str:
    """The stable JSON text of an assessment: what is recorded, and what a replay must equal byte
    for byte.

    Arguments:
        assessment: An assessment.
    Returns:
        JSON, indented, with a line end.
    Example:
        >>> from jmentitle import as_json, read_record
        >>> as_json(pack.assess(family, on)) == as_json(assessment)
        True
    """
    arguments.of_kind(assessment, Assessment, "assessment", arguments.ASSESSMENT)
    return assessment.model_dump_json(indent=2) + "\n"


def read_record(text: str) -> Assessment:
    """A recorded assessment.

    Arguments:
        text: What `as_json` or `jmentitle assess --format json` gave.
    Returns:
        The assessment.
    Raises:
        HouseholdError: JM092 for a text that is no record or was changed since it was made.
    Example:
        >>> read_record(as_json(assessment)) == assessment
        True
    """
    try:
        record = Assessment.model_validate_json(text)
    except ValueError:
        fail(
            "JM092",
            "expected a recorded assessment",
            path="record",
            expected="the JSON that `jmentitle assess --format json` printed",
        )
    collector = Collector()
    if result_digest(record) != record.receipt.result_digest:
        collector.add(
            "JM092",
            "the record does not match its own digest: it was changed after it was made",
            path="record",
        )
    for path, message in _impossible(record):
        collector.add(
            "JM092", message, path=path, expected="the record as `jmentitle assess` printed it"
        )
    if collector.errors:
        raise ArgumentError(collector.errors)
    return record


def _impossible(record: Assessment) -> Iterator[tuple[str, str]]:
    """Whether a record holds text that no assessment prints, though its digest may fit: subjects
    without a name, or characters that control a terminal."""
    subjects = {str(result.subject) for result in record.results}
    if not subjects <= record.subjects.keys():
        yield "subjects", "somebody whom the results are about has no name"
    if any(unseen(text, "\n") for text in _texts(record.model_dump(mode="json"))):
        yield "record", "it holds characters that cannot be seen"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def differences(record: Assessment, repeated: Assessment) -> list[str]:
    """The paths of the differences, without values, since they may be personal. Empty if both are
    equal."""
    for assessment, path in ((record, "record"), (repeated, "repeated")):
        arguments.of_kind(assessment, Assessment, path, arguments.ASSESSMENT)
    paths = [
        f"receipt.{name}"
        for name in Receipt.model_fields
        if getattr(record.receipt, name) != getattr(repeated.receipt, name)
    ]
    left, right = (
        record.model_dump(mode="json", exclude={"receipt"}),
        repeated.model_dump(mode="json", exclude={"receipt"}),
    )
    for path in _differing(left, right, ""):
        paths.append(path)
        if len(paths) >= MAX_DIFFERENCES:
            paths.append("…")
            break
    return paths


def _differing(left: object, right: object, path: str) -> Iterator[str]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}):
            # Subjects are keyed by the ids of members, which may tell who they are.
            name = shown_id(key) if path == "subjects" else key
            inner = f"{path}.{name}" if path else str(name)
            if key in left and key in right:
                yield from _differing(left[key], right[key], inner)
            else:
                yield inner
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (left_part, right_part) in enumerate(zip(left, right, strict=True)):
            yield from _differing(left_part, right_part, f"{path}[{index}]")
    elif left != right:
        yield path
