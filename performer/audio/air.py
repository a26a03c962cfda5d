"""Air: the noise of breath in a voice. When somebody breathes is not known here.

Noise in a few bands is made once, as loops without a seam; every voice reads the band around its
own note at its own place in the loop, so that any number of voices costs one copy each and no two
of them are alike.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.frame import Floats, Ints

Samples = NDArray[np.float32]

CENTRES = (240.0, 340.0, 480.0, 680.0, 960.0, 1360.0, 1920.0)
"""Middles of the bands, Hz."""

_ABOVE = 2.2  # the air of a voice is this far above its note
_WIDTH = 0.55  # standard deviation of a band, octaves
_LENGTH = 2**18  # samples of a loop: 5 s
_SEED = 20


class Air:
    """The loops for one sampling rate, and where they are read."""

    def __init__(self, rate: int) -> None:
        self._read = np.lib.stride_tricks.sliding_window_view(_loops(rate), QUANTUM, axis=1)
        self._at = 0

    def advance(self) -> None:
        """Goes on by one block."""
        self._at = (self._at + QUANTUM) % _LENGTH

    def noise(self, note: Floats, place: Floats) -> Samples:
        """Blocks of noise of RMS 1 for notes in Hz and places 0..1, shape (A, QUANTUM)."""
        start: Ints = (self._at + (place * _LENGTH).astype(np.int64)) % _LENGTH
        return self._read[_band(note), start]


def _band(note: Floats) -> Ints:
    """The band nearest to where the air of a note is."""
    step = np.log2(CENTRES[1] / CENTRES[0])
    band = np.rint(np.log2(note * _ABOVE / CENTRES[0]) / step)
    return np.clip(band, 0, len(CENTRES) - 1).astype(np.int64)


@lru_cache(maxsize=4)
def _loops(rate: int) -> Samples:
    """All bands, with as much of the beginning after the end as a block reads."""
    random = np.random.Generator(np.random.PCG64(_SEED))
    frequencies: Floats = np.fft.rfftfreq(_LENGTH, 1.0 / rate).astype(np.float64)
    loops = np.stack([_loop(frequencies, centre, random) for centre in CENTRES])
    return np.concatenate((loops, loops[:, :QUANTUM]), axis=1)


def _loop(frequencies: Floats, centre: float, random: np.random.Generator) -> Samples:
    """Noise of RMS 1 around a frequency: random phases under a bell over log frequency."""
    octaves = np.log2(np.maximum(frequencies, 1.0) / centre)
    size = np.exp(-0.5 * (octaves / _WIDTH) ** 2)
    size[0] = 0.0
    phases = np.exp(2j * np.pi * random.random(len(frequencies)))
    loop = np.fft.irfft(size * phases, _LENGTH)
    return (loop / np.sqrt(np.mean(loop**2))).astype(np.float32)
