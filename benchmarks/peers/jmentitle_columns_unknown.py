"""jmentitle over columns, with three facts in ten unknown: what only it and its own row-wise
engines decide."""

from __future__ import annotations

from benchmarks.peers import jmentitle_columns


class Peer(jmentitle_columns.Peer):
    name = "jmentitle, columns, 30 % unknown"
    unknown = 0.3
