"""The kinds of nodes are closed: those that are handled by tables or tuples of classes, for speed,
are all placed there."""

from __future__ import annotations

import ast
from typing import get_args

import pytest

from jmentitle.author import possible
from jmentitle.chain import emit
from jmentitle.chain.columns import compiler
from jmentitle.language import evaluator, syntax, tree
from jmentitle.pack import sizes
from jmentitle.views.explain import proof
from jmentitle.views.timeline import reasons
from tests.support.paths import ROOT

PACKAGE = ROOT / "jmentitle"
NODES = frozenset(get_args(tree.Node))
TRUTHS, NUMBERS, DAYS = (
    frozenset(get_args(union)) for union in (tree.TruthNode, tree.NumberNode, tree.DayNode)
)
MEMBERS = frozenset(get_args(tree.MemberNode))


def test_every_kind_of_node_is_in_the_union() -> None:
    assert frozenset(tree.NodeBase.__subclasses__()) == NODES
    assert NODES == TRUTHS | NUMBERS | DAYS
    assert MEMBERS <= NODES
    assert (
        frozenset(get_args(tree.Condition))
        | {tree.Fact, tree.Status, tree.Compare, tree.IsOneOf, tree.Overlaps}
        == TRUTHS
    )


def test_every_kind_of_piece_is_in_the_union() -> None:
    # By name: making room for slots makes a second class of each.
    assert {kind.__name__ for kind in syntax.PieceBase.__subclasses__()} == {
        kind.__name__ for kind in get_args(syntax.Piece)
    }


def test_tables_of_kinds_are_complete() -> None:
    assert proof.CONDITION_KINDS.keys() | {tree.Leaf} == TRUTHS
    assert proof.FIGURE_KINDS.keys() | {tree.Rescale, tree.Quotient} == NUMBERS | DAYS
    assert frozenset(proof._JOINED) == frozenset(get_args(tree.Group))
    assert frozenset((*proof._OF_MEMBERS, tree.CountMembers, tree.SumMembers)) == MEMBERS
    assert frozenset((*evaluator._DAYS, tree.Fact)) == DAYS


# Tuples that choose some kinds, each with those that it leaves out. A new kind belongs on one of
# the two sides.
CHOSEN = {
    "proof._ENOUGH": (
        frozenset(proof._ENOUGH),
        {tree.Leaf, tree.Fact, tree.Compare, tree.IsOneOf, tree.Overlaps},
        TRUTHS,
    ),
    "emit.Test": (
        frozenset(get_args(emit.Test)),
        {
            tree.All,
            tree.AnyOf,
            tree.NoneOf,
            tree.Leaf,
            tree.Status,
            tree.AnyMember,
            tree.AllMembers,
        },
        TRUTHS,
    ),
    "emit.Compound": (
        frozenset(get_args(emit.Compound)),
        {
            tree.Fact,
            tree.Quantity,
            tree.Constant,
            tree.Quotient,
            tree.CountMembers,
            tree.SumMembers,
        },
        NUMBERS,
    ),
    "sizes._NUMBERS": (
        frozenset(sizes._NUMBERS),
        {
            *(
                tree.Fact,
                tree.Parameter,
                tree.Constant,
                tree.Quotient,
                tree.Negative,
                tree.Least,
                tree.Greatest,
            ),
            *(tree.Conditional, tree.Elapsed, tree.CountMembers),
        },
        NUMBERS,
    ),
    "possible._INPUTS": (
        frozenset(possible._INPUTS),
        {
            *(
                tree.All,
                tree.AnyOf,
                tree.NoneOf,
                tree.Leaf,
                tree.Compare,
                tree.IsOneOf,
                tree.Overlaps,
                tree.Quantity,
                tree.Parameter,
            ),
            *(
                tree.Constant,
                tree.Sum,
                tree.Difference,
                tree.Product,
                tree.Quotient,
                tree.Negative,
                tree.Rescale,
                tree.Rounded,
            ),
            *(
                tree.Least,
                tree.Greatest,
                tree.Conditional,
                tree.Elapsed,
                tree.DayConstant,
                tree.AssessmentDate,
            ),
        },
        NODES,
    ),
    "reasons._RUNNING": (
        frozenset(reasons._RUNNING),
        {
            *(
                tree.Quantity,
                tree.Parameter,
                tree.Product,
                tree.Quotient,
                tree.Rounded,
                tree.Conditional,
            ),
            *(tree.CountMembers, tree.SumMembers),
        },
        NUMBERS | DAYS,
    ),
    "compiler._COSTLY": (
        frozenset(kind for one in compiler._COSTLY for kind in (get_args(one) or (one,))),
        {
            *(
                tree.Leaf,
                tree.Fact,
                tree.Status,
                tree.Quantity,
                tree.Constant,
                tree.DayConstant,
                tree.AssessmentDate,
            ),
            *(
                tree.Sum,
                tree.Difference,
                tree.Quotient,
                tree.Negative,
                tree.Rescale,
                tree.Least,
                tree.Greatest,
                *MEMBERS,
            ),
        },
        NODES,
    ),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_tuple_of_kinds_leaves_none_out_unseen(name: str) -> None:
    chosen, left, of = CHOSEN[name]
    assert chosen | left == of, "a kind is on neither side"
    assert not chosen & left


def test_no_match_over_nodes_has_an_open_default() -> None:
    """`case _` is for `assert_never` wherever a case before it names a kind of node."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Match) and any(
                "tree." in ast.unparse(case.pattern) for case in node.cases
            ):
                last = node.cases[-1]
                if (
                    isinstance(last.pattern, ast.MatchAs)
                    and last.pattern.pattern is None
                    and last.pattern.name is None
                ):
                    assert "assert_never" in ast.unparse(last.body[0]), (
                        f"{path.name}:{last.pattern.lineno}"
                    )
