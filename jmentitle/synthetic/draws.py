"""Chance that belongs to a row: the same seed, column and row always give the same number, whatever
else is drawn.

A number is the hash of a counter (SplitMix64, Steele, Lea and Flood 2014), so households may be
drawn in any order and in any portion.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
import numpy.typing as npt

from jmentitle.synthetic.marginals import Chances, Shares, Spread

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MEMBERS = 64
"""Keys that a household takes: one for each possible member, the last for itself."""
_WEYL, _FIRST, _SECOND = (
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
_30, _27, _31, _11 = (np.uint64(bits) for bits in (30, 27, 31, 11))


class Draws:
    """Uniform numbers of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, stream: str, keys: Keys) -> Floats:
        """Numbers from 0 up to but not including 1, one for each key; `stream` names what they are
        for."""
        return self._whole(stream, keys).astype(np.float64) * 2.0**-53

    def falls(self, chance: float, stream: str, keys: Keys) -> Mask:
        """Whether the uniform number of each key is below a chance."""
        found: Mask = self._whole(stream, keys) < np.uint64(math.ceil(chance * 2**53))
        return found

    def _whole(self, stream: str, keys: Keys) -> Keys:
        """The uniform numbers, times 2 to the power of 53."""
        digest = hashlib.blake2b(f"{self.seed}/{stream}".encode(), digest_size=8).digest()
        mixed = keys * _WEYL
        mixed += np.uint64(int.from_bytes(digest, "little"))
        mixed ^= mixed >> _30
        mixed *= _FIRST
        mixed ^= mixed >> _27
        mixed *= _SECOND
        mixed ^= mixed >> _31
        mixed >>= _11
        return mixed

    def choice(self, draw: Shares, stream: str, keys: Keys) -> Ints:
        drawn = self.uniform(stream, keys)
        indices = np.zeros(len(keys), dtype=np.int64)
        for upto in draw.upto[:-1]:
            indices += drawn >= upto
        return np.array(draw.codes, dtype=np.int64)[indices]

    def members(self, draw: Chances, stream: str, keys: Keys) -> Ints:
        """Sets as bits."""
        bits = np.zeros(len(keys), dtype=np.int64)
        for index, share in enumerate(draw.shares):
            if share > 0:
                bits |= self.falls(share, f"{stream}/{index}", keys).astype(np.int64) << index
        return bits

    def spread(self, draw: Spread, stream: str, keys: Keys) -> Floats:
        drawn: Floats = np.interp(self.uniform(stream, keys), draw.at, draw.values)
        if draw.step:
            drawn = np.rint(drawn / draw.step) * draw.step
        return drawn
