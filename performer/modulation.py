"""Modulation: what is added to faders by slow waves, and by what is listened to.

Waves are a function of show time, beats and a seed; following has its memory in the Frame. So a
rehearsal and a replay move exactly as the night did.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

import numpy as np
from numpy.typing import NDArray

from performer.frame import FEATURES, Floats, Ints
from performer.parameters import TREE
from performer.show.presets import Lfo, Wave
from performer.show.sound import Listening

_Words = NDArray[np.uint64]

WAVES: tuple[str, ...] = get_args(Wave)

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_30, _27, _11 = np.uint64(30), np.uint64(27), np.uint64(11)
_HERE_AND_NEXT = np.array([[0], [1]], dtype=np.uint64)
_TO_TWO = 2.0**-52  # 53 bits, as many as a float64 keeps, to 0..2


@dataclass(frozen=True)
class Modulation:
    """Compiled LFOs, L of them, as arrays in the order sine, triangle, walk, hold."""

    per_second: Floats
    """Turns per second; 0 for synced ones."""
    per_beat: Floats
    """Turns per beat; 0 for all others."""
    phase: Floats
    """Turns."""
    gain: Floats
    """In the target's units."""
    target: Ints
    """Places in the vector of values."""
    ends: tuple[int, int, int]
    """Where the sines, the triangles and the walks end."""
    salt: _Words
    """Which noise each walk and hold reads."""

    def offsets(self, time: float, beat: float, seed: int) -> Floats:
        """What to add to the values, shape (V,), at `time` in s and `beat` beats."""
        wave = self.per_second * time + self.per_beat * beat + self.phase
        if not len(wave):
            return np.zeros(len(TREE.continuous))
        sines, smooth, walks = self.ends
        if smooth < len(wave):
            wave[smooth:] = _hashed(wave[smooth:], walks - smooth, self.salt, seed)
        if smooth:
            wave[:smooth] = np.sin(wave[:smooth] * (2 * np.pi))
        if sines < smooth:
            wave[sines:smooth] = np.arcsin(wave[sines:smooth]) * (2 / np.pi)
        return _summed(self.target, wave * self.gain)


def compile(modulations: Sequence[Lfo]) -> Modulation:
    """LFOs as arrays, once per preset. Their order decides which noise each one reads."""
    rows = sorted(enumerate(modulations), key=lambda row: WAVES.index(row[1].wave))
    lfos = [lfo for _, lfo in rows]
    kinds = [WAVES.index(lfo.wave) for lfo in lfos]
    sines, smooth, walks = (bisect_right(kinds, kind) for kind in range(3))
    target = np.array([TREE.place(lfo.target) for lfo in lfos], dtype=np.int64)
    return Modulation(
        per_second=np.array([lfo.rate or 0.0 for lfo in lfos]),
        per_beat=np.array([1.0 / lfo.beats if lfo.beats else 0.0 for lfo in lfos]),
        phase=np.array([lfo.phase for lfo in lfos]),
        gain=np.array([lfo.amount for lfo in lfos]) * (TREE.high - TREE.low)[target],
        target=target,
        ends=(sines, smooth, walks),
        salt=np.array([i + 1 for i, _ in rows[smooth:]], dtype=np.uint64) * _MIX_1,
    )


def offsets(modulations: Sequence[Lfo], time: float, beat: float, seed: int) -> Floats:
    """The sum of all LFOs in the tree's vector order, shape (V,); for once, not per frame."""
    return compile(modulations).offsets(time, beat, seed)


CURVES = {"root": 0.5, "linear": 1.0, "square": 2.0, "cube": 3.0}
"""The exponents of a followed feature's curves."""


@dataclass(frozen=True)
class Following:
    """Compiled `[[listening]]` rows, shape (L,) each."""

    source: Ints
    """Places in FEATURES."""
    curve: Floats
    attack: Floats
    release: Floats
    gain: Floats
    """In the target's units."""
    target: Ints
    """Places in the vector of values."""

    def follow(self, before: Floats | None, heard: Floats, dt: float) -> Floats:
        """Where the followers are `dt` s after `before` (L,; None: at rest), 0..1, shape (L,)."""
        if before is None or len(before) != len(self.source):
            before = np.zeros(len(self.source))
        wanted = heard[self.source] ** self.curve
        seconds = np.where(wanted > before, self.attack, self.release)
        return before + (wanted - before) * -np.expm1(-dt / seconds)

    def offsets(self, followed: Floats) -> Floats:
        """What to add to the values, shape (V,)."""
        return _summed(self.target, followed * self.gain)


def following(rows: Sequence[Listening]) -> Following:
    """A preset's `[[listening]]` as arrays."""
    target = np.array([TREE.place(r.target) for r in rows], dtype=np.int64)
    return Following(
        source=np.array([FEATURES.index(r.source) for r in rows], dtype=np.int64),
        curve=np.array([CURVES[r.curve] for r in rows]),
        attack=np.array([r.attack for r in rows]),
        release=np.array([r.release for r in rows]),
        gain=np.array([r.amount for r in rows]) * (TREE.high - TREE.low)[target],
        target=target,
    )


def _summed(target: Ints, moves: Floats) -> Floats:
    """Moves of one target add up; shape (V,)."""
    sums = np.bincount(target, moves, minlength=len(TREE.continuous))
    return cast("Floats", sums)  # floats, as weights are given; its stub says otherwise


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
