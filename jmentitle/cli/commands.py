"""The commands: each reads, calls the library and prints."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from jmentitle.api import Pack, load_pack
from jmentitle.cli.output import write_file
from jmentitle.errors import PackError, fail
from jmentitle.language.characters import visible
from jmentitle.language.collector import Collector
from jmentitle.language.diagnostics import Diagnostic
from jmentitle.pack import files

DONE, FINDINGS = 0, 1
MAX_INPUT = 2_000_000
# A record holds every item for every member: about 1 MB each.
MAX_RECORD = 60_000_000


def assess(options: Namespace) -> int:
    from jmentitle.assessment.replay import as_json
    from jmentitle.profile.validation import parse_text

    raw = parse_text(read_input(options.file))
    pack = open_pack(options)
    assessment = pack.assess(raw, options.on, engine_name=options.engine)
    if options.format == "json":
        sys.stdout.write(as_json(assessment))
    else:
        sys.stdout.write(assessment.to_text(options.lang))
    return DONE


def letter(options: Namespace) -> int:
    from jmentitle.profile.validation import parse_text

    raw = parse_text(read_input(options.file))
    text = open_pack(options).assess(raw, options.on).letter(options.lang)
    if options.out is not None:
        write_file(options.out, options.converted(text))
    elif options.format == "json":
        print(json.dumps({"html": text}, ensure_ascii=False))
    else:
        sys.stdout.write(text)
    return DONE


def why(options: Namespace) -> int:
    from jmentitle.profile.validation import parse_text

    raw = parse_text(read_input(options.file))
    pack = open_pack(options)
    explanations = pack.explain(
        raw,
        options.item,
        options.on,
        benefit=options.benefit,
        member=options.member,
        engine_name=options.engine,
    )
    if options.format == "json":
        records = [
            explanation.to_dict(why_not=options.why_not, everything=options.all)
            for explanation in explanations
        ]
        print(json.dumps({"explanations": records}, ensure_ascii=False, indent=2))
    else:
        print(
            "\n".join(
                explanation.to_text(options.lang, why_not=options.why_not, everything=options.all)
                for explanation in explanations
            ),
            end="",
        )
    return DONE


def items(options: Namespace) -> int:
    pack = open_pack(options)
    if options.format == "json":
        records = [
            {
                "id": item.id,
                "number": item.number,
                "domain": item.domain,
                "zh": item.name.zh,
                "en": item.name.en,
                "for": item.entity,
            }
            for item in pack.content.items.values()
        ]
        print(json.dumps(records, ensure_ascii=False, indent=2))
        return DONE
    domain = ""
    for item in pack.content.items.values():
        if item.domain != domain:
            domain = item.domain
            print(f"\n{pack.content.domains[domain].in_language(options.lang)}")
        print(f"  {item.number:>2}  {item.id}  {item.name.in_language(options.lang)}")
    return DONE


def item(options: Namespace) -> int:
    text = open_pack(options).rule(options.id, options.on).to_text(options.lang)
    print(
        (
            json.dumps({"id": options.id, "text": text}, ensure_ascii=False)
            if options.format == "json"
            else text
        ),
        end="",
    )
    return DONE


def facts(options: Namespace) -> int:
    from jmentitle.render.vocabulary import vocabulary_lines

    pack = open_pack(options)
    if options.format == "json":
        from jmentitle.profile.schema import household_schema

        print(
            json.dumps(household_schema(pack.content)["properties"], ensure_ascii=False, indent=2)
        )
        return DONE
    for line in vocabulary_lines(pack.content, options.lang):
        print(line)
    return DONE


def schema(options: Namespace) -> int:
    from jmentitle.profile.schema import household_schema

    print(json.dumps(household_schema(open_pack(options).content), ensure_ascii=False, indent=2))
    return DONE


def lint(options: Namespace) -> int:
    try:
        pack = open_pack(options, folder_or_name(options.folder), from_cache=False)
    except PackError as problem:
        print_findings(problem.diagnostics, options.format)
        return FINDINGS
    findings = [*pack.warnings, *examples_unusable(pack)]
    print_findings(findings, options.format)
    if not findings and options.format == "text":
        content = pack.content
        print(
            f"{content.id}: {len(content.items)} items, {len(content.facts)} facts,"
            f" {len(content.sources)} sources: nothing to report"
        )
    return FINDINGS if findings else DONE


def examples(options: Namespace) -> int:
    from jmentitle.author.coverage import coverage_data, coverage_lines, coverage_of
    from jmentitle.author.examples import read_examples, run_example

    pack = open_pack(options, options.folder or options.pack)
    collector = Collector()
    pack_examples = read_examples(pack, collector)
    runs = [run_example(pack, example, collector, options.engine) for example in pack_examples]
    findings = [*collector, *(problem for run in runs for problem in run.problems)]
    coverage = coverage_of(pack, runs) if options.coverage else None
    if options.format == "json":
        measured = {} if coverage is None else {"coverage": coverage_data(coverage)}
        print(
            json.dumps(
                {"findings": [finding.to_dict() for finding in findings], **measured},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        print_findings(findings, options.format)
        for line in () if coverage is None else coverage_lines(coverage):
            print(line)
        failing = sum(bool(run.problems) for run in runs)
        print(f"{len(runs) - failing} of {len(runs)} examples hold")
    return FINDINGS if findings or (coverage is not None and not coverage.complete) else DONE


def gaps(options: Namespace) -> int:
    from jmentitle.author.gaps import gap_data, gap_lines

    content = open_pack(options).content
    if options.format == "json":
        print(json.dumps(gap_data(content), ensure_ascii=False, indent=2))
        return DONE
    for line in gap_lines(content, options.lang):
        print(line)
    return DONE


def table(options: Namespace) -> int:
    from jmentitle.author.tables import items_page

    text = items_page(open_pack(options).content, options.lang)
    print(
        json.dumps({"markdown": text}, ensure_ascii=False) if options.format == "json" else text,
        end="",
    )
    return DONE


def replay(options: Namespace) -> int:
    from jmentitle.assessment.replay import as_json, differences, read_record
    from jmentitle.profile.validation import parse_text

    text = read_input(options.record, MAX_RECORD)
    record = read_record(text)
    pack = open_pack(options, from_cache=False)
    raw = parse_text(read_input(options.file))
    repeated = pack.assess(raw, record.receipt.on, engine_name=record.receipt.engine)
    paths = differences(record, repeated)
    if not paths and as_json(repeated) != text:
        paths = ["the form of the text"]
    if options.format == "json":
        print(json.dumps({"same": not paths, "differences": paths}, ensure_ascii=False, indent=2))
    elif paths:
        print("The replay differs from the record in:")
        for path in paths:
            print(f"  {visible(path)}")
    else:
        print("The replay equals the record byte for byte.")
    return FINDINGS if paths else DONE


def timeline(options: Namespace) -> int:
    from jmentitle.assessment.models import Label
    from jmentitle.profile.validation import parse_text
    from jmentitle.render.timeline import timeline_text

    raw = parse_text(read_input(options.file))
    pack = open_pack(options)
    result = pack.timeline(raw, options.on, options.until)
    if options.format == "json":
        print(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(
            timeline_text(
                result, options.lang, Label(zh=pack.content.name.zh, en=pack.content.name.en)
            )
        )
    return DONE


def counterfactuals(options: Namespace) -> int:
    from jmentitle.profile.validation import parse_text
    from jmentitle.render.counterfactual import counterfactuals_text

    raw = parse_text(read_input(options.file))
    result = open_pack(options).counterfactuals(
        raw, options.item, options.on, benefit=options.benefit, member=options.member
    )
    if options.format == "json":
        print(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(counterfactuals_text(result, options.lang))
    return DONE


def plan(options: Namespace) -> int:
    from jmentitle.assessment.models import Label
    from jmentitle.profile.validation import parse_text
    from jmentitle.render.plan import plan_text
    from jmentitle.views.plan import plan_of

    raw = parse_text(read_input(options.file))
    pack = open_pack(options)
    result = plan_of(pack.assess(raw, options.on))
    if options.format == "json":
        print(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(
            plan_text(result, options.lang, Label(zh=pack.content.name.zh, en=pack.content.name.en))
        )
    return DONE


def diff(options: Namespace) -> int:
    from jmentitle.assessment.replay import read_record
    from jmentitle.render.diff import diff_text
    from jmentitle.views.diff import diff as compare

    left, right = (
        read_record(read_input(name, MAX_RECORD)) for name in (options.left, options.right)
    )
    result = compare(left, right)
    if options.format == "json":
        print(
            json.dumps(
                {"same": result.same, **result.model_dump(mode="json")},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        sys.stdout.write(
            visible(diff_text(result, options.lang), "\n")
        )  # records come from anywhere
    return DONE if result.same else FINDINGS


def open_pack(
    options: Namespace, name_or_folder: str | Path | None = None, *, from_cache: bool = True
) -> Pack:
    """The pack that the command is about, with its overlays and amendments; what proves something
    reads the YAML and not the cache."""
    pack = load_pack(name_or_folder or options.pack, options.overlay, from_cache=from_cache)
    for file in options.amend:
        pack = pack.amend(Path(file))
    return pack


def folder_or_name(name: str) -> str | Path:
    """A folder goes before a pack of the same name."""
    folder = Path(name)
    return folder if files.is_folder(folder) else name


def examples_unusable(pack: Pack) -> list[Diagnostic]:
    """Mistakes in examples that reading alone shows, without running them."""
    from jmentitle.author.examples import read_examples

    collector = Collector()
    read_examples(pack, collector)
    return list(collector)


def print_findings(findings: Iterable[Diagnostic], form: str) -> None:
    diagnostics = list(findings)
    if form == "json":
        print(
            json.dumps(
                {"findings": [diagnostic.to_dict() for diagnostic in diagnostics]},
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    for diagnostic in diagnostics:
        print(diagnostic.render())


def read_input(name: str, most: int = MAX_INPUT) -> str:
    """The text of a file, or of standard input for `-`. Raises ArgumentError (JM012, JM017) when it
    is too large or cannot be read."""
    try:
        data = (
            read_standard_input(most)
            if name == "-"
            else files.read_data(Path(name), most, streams=True)
        )
        if data is not None:
            return data.decode("utf-8-sig")
    except (OSError, ValueError) as problem:
        message = f"the file cannot be read: {files.reason_of(problem)}"
        expected = "a UTF-8 file" if isinstance(problem, UnicodeError) else "a readable file"
        fail("JM017", message, path=name, expected=expected)
    return fail("JM012", "the file is too large", path=name, expected=f"at most {most} bytes")


def read_standard_input(most: int) -> bytes | None:
    """Standard input to its end; None where there are more than `most` bytes. Raises OSError."""
    if sys.stdin is None:
        raise OSError(0, "standard input is closed")
    data = sys.stdin.buffer.read(most + 1) or b""
    return None if len(data) > most else data
