"""Plots that can be printed: each function takes a run, a pack or a frame and gives a matplotlib
Figure, without touching anything shared.

from jmentitle.population import plots
plots.budget(run, language="en", synthetic=True).savefig("budget.png")

`language` is zh or en; `synthetic` says at the foot whether the data describe anybody. Needs the
extra `plot` (JM095), and for Chinese a font with Chinese characters (JM095 says what to install).
"""

from __future__ import annotations

from jmentitle.policy.plots.ages import ages
from jmentitle.policy.plots.budget import budget
from jmentitle.policy.plots.cliffs import cliffs
from jmentitle.policy.plots.coverage import coverage_by
from jmentitle.policy.plots.rule import rule_graph
from jmentitle.policy.plots.winners import winners_and_losers

__all__ = ["ages", "budget", "cliffs", "coverage_by", "rule_graph", "winners_and_losers"]
