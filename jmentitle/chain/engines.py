"""The engines by name. `native` is the default; the others are imported only when asked for."""

from __future__ import annotations

from datetime import date
from functools import cache

from jmentitle.chain.native import NativeEngine
from jmentitle.chain.outcome import Engine, Outcome
from jmentitle.chain.specification import SpecificationEngine
from jmentitle.language.diagnostics import Collector, ProfileError, nearest
from jmentitle.pack.rules import Rules
from jmentitle.profile.facts import Facts

ENGINES = ("native", "durable", "specification")


@cache
def engine(name: str) -> Engine:
    """The engine called `name`. Raises ProfileError (JM090) with the nearest name for an unknown
    one."""
    if name == "native":
        return NativeEngine()
    if name == "durable":
        from jmentitle.chain.durable import DurableEngine

        return DurableEngine()
    if name == "specification":
        return SpecificationEngine()
    collector = Collector()
    collector.add(
        "JM090",
        "unknown engine",
        path="engine",
        expected=", ".join(ENGINES),
        nearest=nearest(name, ENGINES),
    )
    raise ProfileError(collector.errors)


def decide(rules: Rules, facts: Facts, on: date, engine_name: str = "native") -> Outcome:
    """Decisions only, as layers. Raises ProfileError for a day outside the validity (JM079) and an
    unknown engine (JM090)."""
    return engine(engine_name).run(rules.ruleset(on), facts, on)
