"""The command line. Errors go to stderr, as JSON with `--format json`.

Exit codes: 0 done, also where the reader of a pipe goes away early; 1 findings; 2 unusable input,
or an output that cannot be written, such as a full disk or a closed standard output; 130 stopped by
Ctrl-C. They hold whatever becomes of standard error.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from jmentitle.chain.engines import ENGINES
from jmentitle.cli import commands, population
from jmentitle.cli.arguments import Parser, wants_json
from jmentitle.cli.output import complain, standard_output
from jmentitle.errors import JmentitleError
from jmentitle.render.traditional import TRADITIONAL, to_traditional

DONE, FINDINGS, UNUSABLE, STOPPED = 0, 1, 2, 130
FORMER = {"nearest": "what-would-open"}
"""Former names of commands, which this release still runs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with standard_output():
            return run(words)
    except JmentitleError as problem:
        report(problem, wants_json(words))
        return UNUSABLE
    except KeyboardInterrupt:
        complain("stopped; nothing was written")
        return STOPPED
    except BrokenPipeError:  # whoever read has read enough
        return DONE


def run(words: Sequence[str]) -> int:
    """Read the command line and do what it says. Raises JmentitleError."""
    if words and words[0] in FORMER:
        complain(f"`{words[0]}` is now `{FORMER[words[0]]}`")
        words = [FORMER[words[0]], *words[1:]]
    try:
        options = parser().read(words)
    except SystemExit:  # help was asked for, and printed
        return DONE
    return in_traditional(options) if options.lang == TRADITIONAL else int(options.run(options))


def in_traditional(options: argparse.Namespace) -> int:
    """Run a command in Simplified Chinese and print its text in traditional characters; data stays
    as it is."""
    options.lang = "zh"
    if options.format == "json":
        return int(options.run(options))
    to_traditional("")
    options.converted = to_traditional
    with redirect_stdout(io.StringIO()) as printed:
        code = int(options.run(options))
    sys.stdout.write(to_traditional(printed.getvalue()))
    return code


def report(problem: JmentitleError, as_json: bool) -> None:
    if as_json:
        complain(
            json.dumps(
                {"errors": [diagnostic.to_dict() for diagnostic in problem.diagnostics]},
                ensure_ascii=False,
                indent=2,
            )
        )
    for diagnostic in () if as_json else problem.diagnostics:
        complain(diagnostic.render())


def parser() -> Parser:
    top = Parser(prog="jmentitle", description="Tells a household what it is entitled to, and why.")
    shared = Parser(add_help=False)
    shared.add_argument(
        "--pack", default="jingmen", help="a pack by name, or its folder (default: jingmen)"
    )
    shared.add_argument(
        "--overlay",
        action="append",
        default=[],
        metavar="FILE",
        help="an overlay to lay over the pack; may be repeated",
    )
    shared.add_argument(
        "--amend",
        action="append",
        default=[],
        metavar="FILE",
        help="an amendment to try on the pack; may be repeated",
    )
    shared.add_argument("--format", choices=("text", "json"), default="text")
    shared.add_argument("--lang", choices=("zh", "en", TRADITIONAL), default="zh")
    subparsers = top.add_subparsers(required=True, metavar="COMMAND", dest="command")

    assess = subparsers.add_parser(
        "assess",
        parents=[shared],
        help="assess a household file (YAML or JSON; - reads standard input)",
    )
    assess.add_argument("file")
    assess.add_argument("--on", help="day of assessment, YYYY-MM-DD")
    assess.add_argument("--engine", choices=ENGINES, default="native")
    assess.set_defaults(run=commands.assess)

    letter = subparsers.add_parser(
        "letter",
        parents=[shared],
        help="write the letter to a family: one printable A4 page of HTML",
    )
    letter.add_argument("file")
    letter.add_argument("--on", help="day of assessment, YYYY-MM-DD")
    letter.add_argument("--out", metavar="FILE", help="write the page to a file")
    letter.set_defaults(run=commands.letter, converted=str)

    for name, text in (
        ("why", "why somebody is entitled to an item"),
        ("why-not", "why somebody is not entitled to an item"),
    ):
        why = subparsers.add_parser(
            name, parents=[shared], help=f"{text}: conditions, facts, values and sources"
        )
        why.add_argument("item")
        why.add_argument("file")
        why.add_argument("--on", help="day of assessment, YYYY-MM-DD")
        why.add_argument("--member", help="only this member, by the id in the household file")
        why.add_argument("--benefit", help="only this benefit of the item")
        why.add_argument(
            "--all", action="store_true", help="also show what the answer does not rest on"
        )
        why.add_argument("--engine", choices=ENGINES, default="native")
        why.set_defaults(run=commands.why, why_not=name == "why-not")

    items = subparsers.add_parser("items", parents=[shared], help="list the items of a pack")
    items.set_defaults(run=commands.items)

    item = subparsers.add_parser(
        "item", parents=[shared], help="show one item: its rule and sources"
    )
    item.add_argument("id")
    item.add_argument("--on", help="the rule as it stands on a day")
    item.set_defaults(run=commands.item)

    facts = subparsers.add_parser(
        "facts", parents=[shared], help="list the facts that a household file may state"
    )
    facts.set_defaults(run=commands.facts)

    schema = subparsers.add_parser(
        "schema", parents=[shared], help="print the JSON Schema of a household file"
    )
    schema.set_defaults(run=commands.schema)

    lint = subparsers.add_parser(
        "lint", parents=[shared], help="check a pack and report every mistake"
    )
    lint.add_argument("folder")
    lint.set_defaults(run=commands.lint)

    examples = subparsers.add_parser(
        "examples", parents=[shared], help="run the examples in the rule files of a pack"
    )
    examples.add_argument("folder", nargs="?")
    examples.add_argument("--engine", choices=ENGINES, default="native")
    examples.add_argument(
        "--coverage",
        action="store_true",
        help="also report conditions never true, false or unknown, and benefits never granted",
    )
    examples.set_defaults(run=commands.examples)

    gaps = subparsers.add_parser(
        "gaps",
        parents=[shared],
        help="list what nobody published or whose text was not seen, and who could settle it",
    )
    gaps.set_defaults(run=commands.gaps)

    table = subparsers.add_parser(
        "table", parents=[shared], help="print all items as one page of Markdown"
    )
    table.set_defaults(run=commands.table)

    replay = subparsers.add_parser(
        "replay", parents=[shared], help="repeat a recorded assessment and say what differs"
    )
    replay.add_argument("record", help="the JSON that `assess --format json` printed")
    replay.add_argument("file", help="the household file")
    replay.set_defaults(run=commands.replay)

    timeline = subparsers.add_parser(
        "timeline",
        parents=[shared],
        help="on which days decisions or amounts of a household change, and why",
    )
    timeline.add_argument("file")
    timeline.add_argument("--on", help="day of assessment, YYYY-MM-DD")
    timeline.add_argument("--until", required=True, help="last day to look at, YYYY-MM-DD")
    timeline.set_defaults(run=commands.timeline)

    open_ = subparsers.add_parser(
        "what-would-open",
        parents=[shared],
        help="what would open an item that is closed: the smallest changes",
    )
    open_.add_argument("item")
    open_.add_argument("file")
    open_.add_argument("--on", help="day of assessment, YYYY-MM-DD")
    open_.add_argument("--member", help="only this member, by the id in the household file")
    open_.add_argument("--benefit", help="only this benefit of the item")
    open_.set_defaults(run=commands.counterfactuals)

    plan = subparsers.add_parser(
        "plan",
        parents=[shared],
        help="where to go, in which order, with what: all applications of a household",
    )
    plan.add_argument("file")
    plan.add_argument("--on", help="day of assessment, YYYY-MM-DD")
    plan.set_defaults(run=commands.plan)

    crowd = subparsers.add_parser(
        "population",
        parents=[shared],
        help="decide everything for all households of two tables, from files to files",
    )
    crowd.add_argument(
        "households",
        help="Parquet (a file or a folder, sorted by household) or CSV: a row for each household",
    )
    crowd.add_argument("members", help="the same: a row for each member")
    crowd.add_argument("--on", required=True, help="day of assessment, YYYY-MM-DD")
    crowd.add_argument(
        "--out",
        metavar="FOLDER",
        required=True,
        help="a new folder for decisions, benefits and totals",
    )
    crowd.add_argument("--replace", action="store_true", help="replace an earlier output")
    crowd.set_defaults(run=population.population)

    tables = Parser(add_help=False)
    tables.add_argument("households", help="Parquet or CSV: a row for each household")
    tables.add_argument("members", help="the same: a row for each member")
    tables.add_argument("--on", required=True, help="day of assessment, YYYY-MM-DD")
    by = (
        "a fact, status or number of the pack, a number with where its bands begin: hukou_county,"
        " age=18,60"
    )

    taken = subparsers.add_parser(
        "take-up",
        parents=[shared, tables],
        help="who receives what is due, item by item, with what cannot be told",
    )
    taken.add_argument(
        "--item", action="append", metavar="ID", help="only this item; may be repeated"
    )
    taken.add_argument("--by", metavar="NAME", help=by)
    taken.set_defaults(run=population.take_up)

    figures = subparsers.add_parser(
        "indicators",
        parents=[shared, tables],
        help="the indicators of the pack, and which cannot be computed, and why",
    )
    figures.add_argument("--by", metavar="NAME", help=by)
    figures.set_defaults(run=population.indicators)

    what_if = subparsers.add_parser(
        "what-if",
        parents=[shared, tables],
        help="what amendments change: who comes and goes, the cost, who wins",
    )
    what_if.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="NAME",
        help=f"{by}; also domain and item; may be repeated",
    )
    what_if.add_argument(
        "--income",
        metavar="NAME",
        help="a number by which winners and losers are shown, in ten groups",
    )
    what_if.set_defaults(run=population.what_if)

    diff = subparsers.add_parser(
        "diff", parents=[shared], help="what differs between two recorded assessments, and why"
    )
    diff.add_argument("left", help="the JSON that `assess --format json` printed")
    diff.add_argument("right", help="another one")
    diff.set_defaults(run=commands.diff)
    for command in subparsers.choices.values():
        command.set_defaults(parser=command)
    return top


if __name__ == "__main__":
    sys.exit(main())
