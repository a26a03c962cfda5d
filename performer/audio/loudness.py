"""Loudness by ITU-R BS.1770-4 and EBU R 128 / Tech 3341, live: momentary, short-term, integrated.

Measures what it is given and changes nothing. Sound pressure (dB SPL) and what the ear may take
in a night are exposure.py's.

All channels have weight 1. BS.1770's 1.41 for surrounds belongs to a listener in the middle of a
room with loudspeakers behind; ours are stereo or pairs at sleeping platforms, each somebody's
left and right.
"""

import math

import numpy as np
from numpy.typing import NDArray

from performer.audio.sections import Samples, Sections
from performer.audio.weighting import k_weighting

SILENCE = -120.0
"""What the meters show, LUFS, where the formula says minus infinity."""

_BIN = 0.01  # s; windows move in steps of this, finer than the 0.1 s that Tech 3341 asks for
_MOMENTARY, _SHORT, _STEP = 40, 300, 10  # bins: 400 ms, 3 s, and 75 % overlap of gating blocks
_GATE, _BELOW = -70.0, -10.0  # LUFS, and LU below the mean of what passed it
_FINE, _TOP = 0.1, 20.0  # LU per class of the histogram; LUFS of the loudest class


def lufs(power: float) -> float:
    """K-weighted mean square, summed over channels, in LUFS; at least `SILENCE`."""
    return max(SILENCE, -0.691 + 10 * math.log10(max(power, 1e-30)))


class Loudness:
    """A loudness meter of bounded memory, for signals that last a night.

    The integrated loudness counts its gating blocks in classes of 0.1 LU with the power in each:
    the mean is exact, only the relative gate's edge is rounded.
    """

    def __init__(self, channels: int, rate: int) -> None:
        """`channels` at least 1, `rate` in Hz."""
        self._filter = Sections(k_weighting(rate), channels)
        self._frames = round(_BIN * rate)
        self._rest = np.zeros(0)  # weighted squares that do not fill a bin yet
        self._bins = np.zeros(_SHORT)  # mean squares, a ring
        self._count = 0
        classes = round((_TOP - _GATE) / _FINE) + 1
        self._blocks = np.zeros(classes)
        self._powers = np.zeros(classes)

    def process(self, x: Samples) -> NDArray[np.float64]:
        """Takes a block (channels, frames); returns mean squares of the 10 ms it completed, (k,).

        These are K-weighted and summed over channels.
        """
        squares = np.square(self._filter.process(x)).sum(axis=0)
        squares = np.concatenate((self._rest, squares))
        full = len(squares) // self._frames * self._frames
        self._rest = squares[full:].copy()
        done = squares[:full].reshape(-1, self._frames).mean(axis=1)
        for power in done:
            self._add(power)
        return done

    def _add(self, power: float) -> None:
        self._bins[self._count % _SHORT] = power
        self._count += 1
        if self._count % _STEP == 0 and self._count >= _MOMENTARY:
            block = self._mean(_MOMENTARY)
            if lufs(block) > _GATE:
                index = min(int((lufs(block) - _GATE) / _FINE), len(self._blocks) - 1)
                self._blocks[index] += 1
                self._powers[index] += block

    def _mean(self, bins: int) -> float:
        end = self._count % _SHORT
        if bins == _SHORT:
            return float(self._bins.mean())
        return float(self._bins[np.arange(end - bins, end)].mean())  # negative ones wrap

    @property
    def momentary(self) -> float:
        """Of the last 400 ms, LUFS."""
        return lufs(self._mean(_MOMENTARY))

    @property
    def short_term(self) -> float:
        """Of the last 3 s, LUFS."""
        return lufs(self._mean(_SHORT))

    @property
    def integrated(self) -> float:
        """Since the start, with both gates of BS.1770, LUFS."""
        blocks, powers = self._blocks, self._powers
        if not blocks.any():
            return SILENCE
        gate = lufs(float(powers.sum() / blocks.sum())) + _BELOW
        first = max(0, math.ceil((gate - _GATE) / _FINE - 1e-9))
        return lufs(float(powers[first:].sum() / blocks[first:].sum()))
