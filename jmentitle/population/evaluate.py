"""Conditions and numbers of a pack, evaluated in columns for a whole population."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jmentitle.chain.columns.compiler import Compiler
from jmentitle.chain.columns.graph import run_levels
from jmentitle.chain.columns.numbers import End, Number, as_column
from jmentitle.chain.columns.truths import Truth, as_expression
from jmentitle.language.tree import Entity, Node, Operand, TruthNode
from jmentitle.population.deciding import PART
from jmentitle.population.run import Run

Wanted = Mapping[str, tuple[Node, Entity]]
"""Nodes by the name of the column that they become, each with whose frame it is for."""


def truths(run: Run, wanted: Mapping[str, tuple[TruthNode, Entity]]) -> dict[str, pl.Series]:
    """A boolean for each row of the frame of each condition, null where it is unknown."""
    compiler = _compiler(run, wanted)
    conditions: dict[tuple[Entity, str], Truth] = {
        (entity, name): compiler.truth(node, entity) for name, (node, entity) in wanted.items()
    }
    return {
        name: column
        for (_, name), column in _compute(
            run, compiler, {key: as_expression(truth) for key, truth in conditions.items()}
        ).items()
    }


def numbers(
    run: Run, wanted: Mapping[str, tuple[Operand, Entity]]
) -> dict[str, tuple[pl.Series, pl.Series]]:
    """The lowest and highest value for each row, at the scale of its type; null where that end is
    open."""
    compiler = _compiler(run, wanted)
    ends: dict[tuple[Entity, str], pl.Expr] = {}
    for name, (node, entity) in wanted.items():
        number: Number = compiler.number(node, entity)
        ends |= {
            (entity, f"{name}/low"): _end(number.low),
            (entity, f"{name}/high"): _end(number.high),
        }
    columns = {name: column for (_, name), column in _compute(run, compiler, ends).items()}
    return {name: (columns[f"{name}/low"], columns[f"{name}/high"]) for name in wanted}


def _compiler(run: Run, wanted: Wanted) -> Compiler:
    compiler = Compiler(run.pack.ruleset(run.on), run.on, run.population.columns)
    compiler.count_uses(iter(wanted.values()))
    return compiler


def _compute(
    run: Run, compiler: Compiler, expressions: dict[tuple[Entity, str], pl.Expr]
) -> dict[tuple[Entity, str], pl.Series]:
    """The columns for the whole population, computed part by part as decisions are."""
    # The prefix keeps requested names apart from columns: a fact may be requested by its own name.
    columns = {(entity, name): f"asked {name}" for entity, name in expressions}
    for (entity, name), expression in expressions.items():
        compiler.graph.derive(entity, columns[entity, name], expression)
    levels = compiler.graph.plan((entity, columns[entity, name]) for entity, name in expressions)
    parts: dict[tuple[Entity, str], list[pl.Series]] = {key: [] for key in expressions}
    for part in run.population.parts(PART):
        households, people = run_levels(levels, part.households, part.people, part.members)
        for entity, name in expressions:
            parts[entity, name].append(
                (households if entity == "household" else people)[columns[entity, name]].alias(name)
            )
    return {key: pl.concat(columns) for key, columns in parts.items()}


def _end(end: End) -> pl.Expr:
    return pl.lit(None, dtype=pl.Int64) if end is None else as_column(end).cast(pl.Int64)
