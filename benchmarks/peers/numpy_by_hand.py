"""numpy as a person would write it: one line a rule over arrays of one byte an element."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import Atom, Rule, infix


class Peer(Contestant):
    name, distribution, about = "numpy by hand", "numpy", "a line a rule over arrays, one core"

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.crowd = crowd
        lines = [f"        {infix(rule, _leaf, '&', '|', '~')}," for rule in rules]
        source = "\n".join(["def decide(h, p):", "    return [", *lines, "    ]", ""])
        namespace: dict[str, object] = {}
        exec(compile(source, "<numpy by hand>", "exec"), namespace)
        self.decide = namespace["decide"]

    def run(self) -> object:
        home = {name: column[self.crowd.of] for name, column in self.crowd.home.items()}
        return self.decide(home, self.crowd.person)  # type: ignore[operator]

    def matrix(self, found: object) -> Matrix:
        return np.column_stack(cast("list[NDArray[np.bool_]]", found))


def _leaf(atom: Atom) -> str:
    column = f"{'h' if atom.kind == 'home' else 'p'}[{atom.name!r}]"
    if atom.kind == "number":
        return f"({column} {atom.sign} {atom.limit})"
    if atom.kind == "grade":
        return f"({' | '.join(f'({column} == {code})' for code in atom.grade_codes)})"
    return column
