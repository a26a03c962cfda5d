"""Waves: functions of show time, beats and a seed, without any memory.

Random ones are hashes of turn, place in the preset and seed: the same night for the same seed.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

import numpy as np
from numpy.typing import NDArray

from performer.frame import Floats
from performer.show.modulating import Modulation, Wave

_Words = NDArray[np.uint64]

WAVES: tuple[str, ...] = get_args(Wave)

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_30, _27, _11 = np.uint64(30), np.uint64(27), np.uint64(11)
_HERE_AND_NEXT = np.array([[0], [1]], dtype=np.uint64)
_TO_TWO = 2.0**-52  # 53 bits, as many as a float64 keeps, to 0..2


@dataclass(frozen=True)
class Waves:
    """W waves as arrays, in the order of WAVES."""

    per_second: Floats
    """Turns per second; 0 for synced ones."""
    per_beat: Floats
    """Turns per beat; 0 for all others."""
    phase: Floats
    """Turns."""
    ends: tuple[int, ...]
    """Where the sines, triangles, saws, squares and walks end."""
    salt: _Words
    """Which noise each walk and hold reads."""

    def at(self, time: float, beat: float, seed: int) -> Floats:
        """Where they are, -1..1, shape (W,), at `time` in s and `beat` beats."""
        wave = self.per_second * time + self.per_beat * beat + self.phase
        sines, triangles, saws, squares, walks = self.ends
        if squares < len(wave):
            wave[squares:] = _hashed(wave[squares:], walks - squares, self.salt, seed)
        if triangles:
            wave[:triangles] = np.sin(wave[:triangles] * (2 * np.pi))
        if sines < triangles:
            wave[sines:triangles] = np.arcsin(wave[sines:triangles]) * (2 / np.pi)
        if triangles < saws:
            wave[triangles:saws] = (wave[triangles:saws] + 0.5) % 1.0 * 2.0 - 1.0
        if saws < squares:
            wave[saws:squares] = np.where(wave[saws:squares] % 1.0 < 0.5, 1.0, -1.0)
        return wave


def waves_of(rows: Sequence[tuple[int, Modulation]]) -> Waves:
    """Waves of rows with their numbers in the preset, which decide what noise each one reads.

    The rows must be in the order of WAVES.
    """
    kinds = [WAVES.index(row.wave) for _, row in rows]
    ends = tuple(bisect_right(kinds, kind) for kind in range(len(WAVES) - 1))
    return Waves(
        per_second=np.array([row.rate or 0.0 for _, row in rows]),
        per_beat=np.array([1.0 / row.beats if row.beats else 0.0 for _, row in rows]),
        phase=np.array([row.phase for _, row in rows]),
        ends=ends,
        salt=np.array([i + 1 for i, _ in rows[ends[3] :]], dtype=np.uint64) * _MIX_1,
    )


def _hashed(turns: Floats, walks: int, salt: _Words, seed: int) -> Floats:
    """A new value in -1..1 each turn: the first `walks` go smoothly from one to the next."""
    cell = np.floor(turns)
    here, there = _noise(cell.astype(np.int64).view(np.uint64) + _HERE_AND_NEXT, salt, seed)
    x = (turns - cell)[:walks]
    here[:walks] += (there - here)[:walks] * (x * x * x * (x * (x * 6.0 - 15.0) + 10.0))
    return here


def _noise(cells: _Words, salt: _Words, seed: int) -> Floats:
    """Integer hash of cell, salt and seed (splitmix64's finisher), as -1..1."""
    z = cells * _STEP + (salt ^ np.uint64(seed & 0xFFFFFFFFFFFFFFFF))
    z ^= z >> _30
    z *= _MIX_1
    z ^= z >> _27
    z *= _MIX_2
    return cast("Floats", (z >> _11) * _TO_TWO - 1.0)  # the high bits need no last round
