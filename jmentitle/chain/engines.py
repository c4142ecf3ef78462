"""The engines by name. `native` is the default; `durable` is imported only on demand."""

from __future__ import annotations

from datetime import date
from functools import cache

from jmentitle.chain.native import NativeEngine
from jmentitle.chain.outcome import Engine, Outcome
from jmentitle.chain.specification import SpecificationEngine
from jmentitle.errors import fail
from jmentitle.language.diagnostics import nearest_name
from jmentitle.pack.rules import Rules
from jmentitle.profile.facts import Facts

ENGINES = ("native", "durable", "specification")


@cache
def engine(name: str) -> Engine:
    """The engine called `name`. Raises ArgumentError (JM090) with the nearest name for an unknown
    one."""
    if name not in ENGINES:
        fail(
            "JM090",
            "unknown engine",
            path="engine",
            expected=", ".join(ENGINES),
            suggestion=nearest_name(name, ENGINES),
        )
    if name == "durable":
        from jmentitle.chain.durable import DurableEngine

        return DurableEngine()
    return NativeEngine() if name == "native" else SpecificationEngine()


def decide(rules: Rules, facts: Facts, on: date, engine_name: str = "native") -> Outcome:
    """Decisions only, as layers. Raises ArgumentError for a day outside the validity (JM079) and an
    unknown engine (JM090)."""
    name = engine_name if isinstance(engine_name, str) else ""
    return engine(name).run(rules.ruleset(on), facts, on)
