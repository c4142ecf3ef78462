"""The engines that can run here."""

from __future__ import annotations

from functools import cache

from jmentitle.chain.engines import engine
from jmentitle.chain.native import NativeEngine
from jmentitle.chain.outcome import Engine
from jmentitle.errors import EngineUnavailableError


@cache
def engines() -> tuple[str, ...]:
    """Their names. `durable` is part of them wherever durable-rules exists."""
    try:
        engine("durable")
    except EngineUnavailableError:
        return ("native",)
    return ("native", "durable")


@cache
def compiled_engine(name: str) -> Engine:
    """The engine with everything compiled at once: the first runs of `native` would otherwise be
    the specification itself."""
    return NativeEngine(interpreted=0) if name == "native" else engine(name)
