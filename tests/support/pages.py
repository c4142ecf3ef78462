"""The blocks of a page, and how to do what a reader of it would do.

A block may stand under a comment that readers do not see: `<!-- not run: REASON -->`, or
`<!-- file: NAME -->` for one that is kept as a file.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from jmentitle.cli.main import main

_BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>not run|file): (?P<text>[^\n]+) -->\n)?"
    r"```(?P<language>\w*)\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_OUTPUT = "text"
_DONE = {0, 1}
"""What a command of a page ends with: done, or done with findings."""


@dataclass(frozen=True)
class Block:
    """One fenced block. `line` is that of its first line of code; `follows` says that nothing
    stands between it and the block before."""

    language: str
    code: str
    line: int
    mark: str | None
    text: str | None
    follows: bool


def blocks(page: str) -> list[Block]:
    """The blocks of a page, given as its text."""
    found, end = [], 0
    for match in _BLOCK.finditer(page):
        follows = bool(found) and not page[end : match.start()].strip()
        line = page.count("\n", 0, match.start("code")) + 1
        found.append(
            Block(match["language"], match["code"], line, match["mark"], match["text"], follows)
        )
        end = match.end()
    return found


def follow(page: Path) -> None:
    """Do in the current folder what a page says: keep its files, run its Python in one namespace
    and its commands in this process.

    Raises AssertionError where a value or an output is not as printed.
    """
    names: dict[str, object] = {"__name__": "__main__"}
    read, printed = blocks(page.read_text(encoding="utf-8")), ""
    for block in read:
        if block.mark == "file":
            Path(str(block.text)).write_text(block.code, encoding="utf-8")
    for block in read:
        if block.language == _OUTPUT and block.follows:
            assert block.code.strip() in printed, f"{page.name}:{block.line}: another output"
        printed = ""
        if block.mark == "not run":
            continue
        if block.language == "python":
            printed = run_python(block, page, names)
        elif block.language == "sh":
            printed = "".join(run_command(line) for line in commands(block.code))


def run_python(block: Block, page: Path, names: dict[str, object]) -> str:
    """What a block prints. An expression whose comment is a value must have this value."""
    lines = block.code.splitlines()
    with redirect_stdout(StringIO()) as printed:
        for statement in ast.parse(block.code).body:
            ast.increment_lineno(statement, block.line - 1)
            if not isinstance(statement, ast.Expr):
                exec(compile(ast.Module([statement], []), str(page), "exec"), names)
                continue
            value = eval(compile(ast.Expression(statement.value), str(page), "eval"), names)
            comment = lines[statement.end_lineno - block.line].rpartition("#")[2].strip()
            for expected in literal(comment):
                assert value == expected, f"{page.name}:{statement.lineno}: {value!r}"
    return printed.getvalue()


def literal(comment: str) -> Iterator[object]:
    """The value that a comment is, if it is one."""
    try:
        yield ast.literal_eval(comment)
    except (SyntaxError, ValueError):
        return


def commands(code: str) -> Iterator[str]:
    """The commands of a block without comments; a line that ends in a backslash goes on."""
    for line in code.replace("\\\n", " ").splitlines():
        command = line.partition(" #")[0].strip()
        if command:
            yield command


def run_command(line: str) -> str:
    """What a line of shell prints: a call of `jmentitle`, perhaps with its output in a file."""
    command, _, file = line.partition(" > ")
    name, *arguments = shlex.split(command)
    assert name == "jmentitle", f"`{name}` is not run here: mark the block and say why"
    with redirect_stdout(StringIO()) as printed:
        code = main(arguments)
    assert code in _DONE, line
    if file:
        Path(file.strip()).write_text(printed.getvalue(), encoding="utf-8")
        return ""
    return printed.getvalue()
