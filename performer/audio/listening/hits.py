"""What begins: hits in each band and onsets over all of them, by spectral flux.

Here live the flux, its adaptive threshold and how a hit fades; never tempo, or how loud it is.
"""

import numpy as np
from numpy.typing import NDArray

from performer.audio.listening.levels import share
from performer.frame import Floats

Samples = NDArray[np.float32]

FADE = 0.18
"""s in which a hit falls to 37 %."""

APART = 0.06
"""s: two onsets are at least so far apart."""

WEIGHTS = np.array([0.28, 0.27, 0.25, 0.2])
"""Of the bands in the flux of the whole: a kick has few lines and counts as much as a hat."""

_STEEP = 100.0  # how early the logarithm of a line's amplitude begins to count
_MEMORY = 1.0  # s over which flux is averaged for its threshold
_LEAP = 1.5  # by how much one hop may raise the strongest flux: a start is not yet a measure
_PEAK = 5.0  # s in which the flux of the strongest hit is forgotten
_ABOVE = 2.0  # mean deviations over the mean at which a hit begins
_LEAST = np.array([0.3, 0.15, 0.12, 0.1, 0.12])  # flux of a full hit where all hits are weak
_FULL = 0.8  # of the strongest flux is a full hit
_CONTRAST = 3.0  # a full hit has at least so many times the mean flux: noise has no hits
_ONSET = 0.2  # strength from which a hit of the whole is an onset


class Hits:
    """Hits in four bands and of the whole (last), one step per hop of `dt` seconds.

    Flux is the mean rise of ln(1 + 100·a/reference) over a band's lines in two hops, against the
    highest of three neighbouring lines then, so that vibrato is no hit (Böck and Widmer 2013,
    DAFx, "SuperFlux"). Strength is flux over the mean of the last second, in parts of the
    strongest of late.
    """

    def __init__(self, starts: NDArray[np.intp], dt: float) -> None:
        self.hit: Floats = np.zeros(4)
        self.onset = 0.0
        self.count = 0
        """Onsets so far."""
        self.flux: Floats = np.zeros(5)
        self._lines = slice(int(starts[0]), int(starts[-1]))
        self._bands = starts[:-1] - starts[0]
        self._sizes = np.diff(starts).astype(np.float32)
        size = int(starts[-1] - starts[0])
        self._past = np.zeros((2, size + 2), np.float32)  # two hops, a line of padding each side
        self._mean: Floats = np.zeros(5)
        self._deviation: Floats = np.zeros(5)
        self._peak: Floats = _LEAST.copy()
        self._fade = 1 - share(dt, FADE)
        self._memory, self._forget = share(dt, _MEMORY), share(dt, _PEAK)
        self._apart = round(APART / dt)
        self._since = self._apart

    def step(self, amplitudes: Samples, reference: float, gate: float) -> None:
        """Take one hop's line amplitudes; `reference` is what is usual here, `gate` 0..1."""
        self._measure(amplitudes[self._lines] * np.float32(_STEEP / reference))
        strength = self._strength() * gate
        self.hit = np.maximum(self.hit * self._fade, strength[:4])
        self._since += 1
        whole = float(strength[4])
        if whole > _ONSET and self._since > self._apart:
            self.count += 1
            self._since = 0
        begun = self._since < 3  # a strike is still rising in the hops after it was noticed
        self.onset = max(self.onset * self._fade, whole if begun else 0.0)

    def _measure(self, loudness: Samples) -> None:
        now = np.log1p(loudness)
        old = self._past[0]
        before = np.maximum(np.maximum(old[:-2], old[2:]), old[1:-1])
        rise = np.maximum(now - before, 0)
        self.flux[:4] = np.add.reduceat(rise, self._bands) / self._sizes
        self.flux[4] = self.flux[:4] @ WEIGHTS
        self._past[0] = self._past[1]
        self._past[1, 1:-1] = now

    def _strength(self) -> Floats:
        """How far this hop's flux is over its threshold, 0..1, shape (5,)."""
        over = self.flux - self._mean - _ABOVE * self._deviation
        known = np.minimum(self.flux, _LEAP * self._peak)
        self._peak = np.maximum(self._peak + (_LEAST - self._peak) * self._forget, known)
        away = self.flux - self._mean
        self._mean += away * self._memory
        self._deviation += (np.abs(away) - self._deviation) * self._memory
        full = np.maximum(_FULL * self._peak, _CONTRAST * self._mean)
        return np.clip(over / full, 0.0, 1.0)
