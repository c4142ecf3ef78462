"""Reading conditions: YAML for structure, expressions for the leaves."""

from __future__ import annotations

from dataclasses import replace

from jmentitle.language import checker, tree
from jmentitle.language.checker import Scope
from jmentitle.language.tree import About, TruthNode
from jmentitle.pack.reading import Fields
from jmentitle.pack.registers import Registers
from jmentitle.pack.yaml_tree import Piece, Scalar, Sequence

CONDITION_KEYS = (
    "all",
    "any",
    "none",
    "any_member",
    "all_members",
    "if",
    "from",
    "until",
    "cite",
    "note",
)
_GROUPS: dict[str, type[tree.All] | type[tree.AnyOf] | type[tree.NoneOf]] = {
    "all": tree.All,
    "any": tree.AnyOf,
    "none": tree.NoneOf,
}


def read_condition(
    piece: Piece, scope: Scope, registers: Registers, cite: tuple[str, ...]
) -> TruthNode | None:
    """A condition with the citations that it inherits; None after reporting what is wrong."""
    if isinstance(piece, Scalar):
        test = checker.check_condition(piece.text, piece.span, scope)
        return None if test is None else tree.Leaf(test, About(piece.span, piece.text, cite))
    if isinstance(piece, Sequence):
        registers.collector.add(
            "JM005",
            "found a list, not a condition",
            piece.span,
            expected="`all:` or `any:` before the list",
        )
        return None
    fields = Fields.open(piece, registers.collector, CONDITION_KEYS, "a condition")
    if fields is None:
        return None
    own = registers.cite(fields) if "cite" in fields else cite
    note = fields.text("note") if "note" in fields else None
    about = About(
        piece.span, "", own, None if note is None else (note.zh, note.en), fields.window()
    )
    parts = [
        part
        for part in (_part(key, fields, scope, registers, own) for key in fields.entries)
        if part is not None
    ]
    if not parts:
        structural = set(fields.entries) & set(CONDITION_KEYS[:6])
        if not structural:
            registers.collector.add(
                "JM004",
                "the condition is empty",
                piece.span,
                expected="`if:`, `all:`, `any:`, `none:`, `any_member:` or `all_members:`",
            )
        return None
    if len(parts) == 1 and isinstance(parts[0], tree.Condition):
        return replace(
            parts[0], about=replace(about, span=parts[0].about.span, text=parts[0].about.text)
        )
    return tree.All(tuple(parts), about)


def _part(
    key: str, fields: Fields, scope: Scope, registers: Registers, cite: tuple[str, ...]
) -> TruthNode | None:
    piece = fields.entries[key]
    if key == "if":
        if isinstance(piece, Scalar):
            return read_condition(piece, scope, registers, cite)
        registers.collector.add(
            "JM005", "`if` takes one expression", piece.span, expected="an expression"
        )
        return None
    if key in _GROUPS:
        parts = [read_condition(part, scope, registers, cite) for part in fields.sequence(key)]
        conditions = tuple(part for part in parts if part is not None)
        if not parts and isinstance(piece, Sequence):
            registers.collector.add(
                "JM052",
                f"the list under `{key}` is empty",
                piece.span,
                expected="at least one condition",
            )
        if key == "none":
            conditions = tuple(tree.ungranted(part) for part in conditions)
        return _GROUPS[key](conditions, About(piece.span, "", cite)) if conditions else None
    if key in ("any_member", "all_members"):
        if scope.within_members:
            registers.collector.add(
                "JM037",
                f"`{key}` inside another member function",
                piece.span,
                expected="a status of the household",
            )
            return None
        inner = Scope(scope.names, "person", scope.collector, within_members=True)
        test = read_condition(piece, inner, registers, cite)
        if test is None:
            return None
        about = About(piece.span, "", cite)
        return tree.AnyMember(test, about) if key == "any_member" else tree.AllMembers(test, about)
    return None
