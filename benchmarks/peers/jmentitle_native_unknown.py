"""jmentitle, one household at a time, with three facts in ten unknown."""

from __future__ import annotations

from benchmarks.peers import jmentitle_native


class Peer(jmentitle_native.Peer):
    name = "jmentitle, native, 30 % unknown"
    unknown = 0.3
