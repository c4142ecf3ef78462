"""Contestants of the population benchmark: one file each, imported only when it is asked for, so
that a peer that is not installed is skipped."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from benchmarks.crowd import Crowd
from benchmarks.rules import Rule

BASELINE = "polars_by_hand"
COLUMNS = (
    BASELINE,
    "jmentitle_columns",
    "jmentitle_columns_unknown",
    "numpy_by_hand",
    "policyengine",
    "openfisca",
)
ROWS = (
    "jmentitle_native",
    "jmentitle_native_unknown",
    "datalogic",
    "zen_engine",
    "clips_rules",
    "durable_rules",
    "regorus_rego",
    "json_logic_python",
    "rego_cpp",
)
"""Contestants that take whole populations, and those that take a household or a person at a time,
by module."""
Matrix = NDArray[np.bool_] | NDArray[np.int8]


class Contestant(ABC):
    """`prepare` compiles the rules and brings the facts into the form that the contestant wants;
    only `run` is timed."""

    name: str
    distribution: str
    """What is installed to have it."""
    about: str
    unknown = 0.0
    """The share of the facts that it is not told."""
    sample = 500
    """For those that take a household or a person at a time: how many households are enough to time
    it."""

    @abstractmethod
    def prepare(self, rules: list[Rule], crowd: Crowd) -> None: ...

    @abstractmethod
    def run(self) -> object:
        """Decide all rules for everybody, and give what the contestant itself would give."""

    @abstractmethod
    def matrix(self, found: object) -> Matrix:
        """What `run` gave, as members × rules: 1 true, 0 false, -1 unknown."""

    @property
    def version(self) -> str:
        return version(self.distribution)


def contestant(module: str) -> Contestant:
    """A new contestant. Raises ImportError where it is not installed."""
    found: Contestant = import_module(f"benchmarks.peers.{module}").Peer()
    return found
