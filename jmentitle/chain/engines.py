"""The engines by name. `native` is the default; the others are imported only when asked for."""

from __future__ import annotations

from functools import cache

from jmentitle.chain.native import NativeEngine
from jmentitle.chain.outcome import Engine
from jmentitle.chain.specification import SpecificationEngine

ENGINES = ("native", "durable", "specification")


@cache
def engine(name: str) -> Engine:
    """The engine called `name`. Raises ValueError for an unknown name."""
    if name == "native":
        return NativeEngine()
    if name == "durable":
        from jmentitle.chain.durable import DurableEngine

        return DurableEngine()
    if name == "specification":
        return SpecificationEngine()
    raise ValueError(name)
