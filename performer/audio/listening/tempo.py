"""How often it begins: tempo and how sure it is, from ten seconds of flux.

Here live autocorrelation, its comb and a prior; never sound itself, or where in a beat we are.
"""

import numpy as np

from performer.audio.listening.levels import share
from performer.frame import Floats

SECONDS = 10.0
"""How much of the past is looked at."""

EVERY = 0.5
"""s between two looks."""

SLOWEST, FASTEST = 50.0, 200.0
"""BPM that can be found; what is outside is told as an octave of it."""

USUAL, SPREAD = 112.0, 0.8
"""BPM believed in where octaves are equally good, and the octaves of one standard deviation."""

_TEETH = np.arange(1.0, 5.0)  # beats back that must have a beat too
_TEMPI = 480  # looked at, evenly in log BPM: 0.3 % apart
_FIRST = 5.0  # s of flux before any guess
_BACKGROUND = 0.25  # s over which flux is averaged, to be left out
_SMOOTH = 7  # hops over which flux is blurred: faster than 20 a second is roughness, not rhythm
_REACH = 0.75  # of what was heard is the longest lag looked at
_SAME = 0.03  # a tempo within this ratio of the last is the same
_PATIENCE = 3  # looks that must agree on another tempo
_LOYAL = 0.15  # by how much the tempo of now is preferred
_BEATEN = 20  # hops of 10 s that must be stronger than what counts as one burst
_BURST = 1.5  # of the flux in the weakest of these is the most that any hop counts
_LATELY = 4.0  # s that must hold beats too
_SETTLE = 0.3  # of the way to a new estimate of the same tempo, each look
_SURE_SECONDS = 1.0
_FORGOTTEN = 0.01  # confidence under which no tempo is told

# Where confidence is 0 and 1, by three measures that all must hold. Measured over 20 s: regularity
# of 12 rhythms at 12 tempi 0.35 and more, of noise 0.11 and less, of chance events 0.2 and less;
# deviation of the blurred flux 0.017 and more, of drones that beat 0.009 and less; its energy at
# beat rates 0.33 and more, of partials that beat at 6 to 27 Hz 0.03 and less.
_REGULAR = (0.2, 0.4)
_STRONG = (0.005, 0.011)
_PACED = (0.08, 0.23)
_STILL = (0.1, 0.4)  # flux of the last seconds as a part of all
_BEAT_RATES = (0.7, 5.5)  # Hz


def _between(x: float, bounds: tuple[float, float]) -> float:
    return min(1.0, max(0.0, (x - bounds[0]) / (bounds[1] - bounds[0])))


class Tempo:
    """Tempo of a flux curve, one value per hop of `dt` seconds.

    The autocorrelation of 10 s is averaged over one to four beats (a comb); that times a
    log-Gaussian prior (Ellis 2007, J. New Music Research 36) chooses, a parabola refines.
    """

    def __init__(self, dt: float) -> None:
        self.bpm = 0.0
        """0 while none is known."""
        self.confidence = 0.0
        """0..1."""
        self._dt = dt
        self._past: Floats = np.zeros(round(SECONDS / dt))
        self._average = 0.0
        self._hops = 0
        self._every = round(EVERY / dt)
        self._lately = round(_LATELY / dt)
        self._shares = share(dt, _BACKGROUND), share(dt, _SURE_SECONDS)
        self._tempi: Floats = np.geomspace(SLOWEST, FASTEST, _TEMPI)
        self._lags: Floats = np.outer(60 / self._tempi / dt, _TEETH)  # hops
        self._prior = np.exp(-0.5 * (np.log2(self._tempi / USUAL) / SPREAD) ** 2)
        blur = np.hanning(_SMOOTH + 2)[1:-1]
        self._blur: Floats = blur / blur.sum()
        self._size = 1 << (2 * self._past.size - 1).bit_length()  # no lag wraps around
        rates = np.fft.rfftfreq(self._size, dt)
        self._slow_lines = rates < _BEAT_RATES[0]
        self._beat_lines = (rates >= _BEAT_RATES[0]) & (rates < _BEAT_RATES[1])
        self._sure = 0.0
        self._dissent: list[float] = []

    def step(self, flux: float) -> None:
        """Take one hop's flux, 0 or more."""
        background, surely = self._shares
        self._average += (flux - self._average) * background
        self._past[:-1] = self._past[1:]
        self._past[-1] = max(0.0, flux - self._average)
        self._hops += 1
        if self._hops % self._every == 0 and self._hops * self._dt >= _FIRST:
            self._look()
        self.confidence += (self._sure - self.confidence) * surely

    def _look(self) -> None:
        curve = np.convolve(self._past[-self._hops :], self._blur, "same")
        curve = np.minimum(curve, _BURST * np.partition(curve, -_BEATEN)[-_BEATEN])
        deviation = float(curve.std())
        if deviation < _STRONG[0]:
            self._give_up()
            return
        spectrum = np.abs(np.fft.rfft(curve - curve.mean(), self._size)) ** 2
        found, regularity = self._comb(np.fft.irfft(spectrum)[: curve.size])
        paced = spectrum[self._beat_lines].sum() / spectrum[~self._slow_lines].sum()
        recent = curve[-self._lately :].mean() / max(curve.mean(), 1e-9)
        sure = _between(regularity, _REGULAR) * _between(deviation, _STRONG)
        sure *= _between(float(paced), _PACED) * _between(float(recent), _STILL)
        self._decide(found, sure)

    def _comb(self, products: Floats) -> tuple[float, float]:
        """BPM and regularity (about 0..1) from the autocorrelation at lags 0, 1, … hops."""
        size = products.size
        lags = np.arange(size)
        correlation: Floats = products / products[0] * (size / (size - lags))
        teeth = self._lags < _REACH * size
        heights = np.zeros_like(self._lags)
        heights[teeth] = np.interp(self._lags[teeth], lags, correlation)
        count = teeth.sum(axis=1)
        regular: Floats = np.where(count >= 2, heights.sum(axis=1) / np.maximum(count, 1), 0.0)
        best = int((regular * self._prior * self._loyalty()).argmax())
        return self._refined(regular, best), float(regular[best])

    def _loyalty(self) -> Floats:
        if self.bpm == 0 or self._sure == 0:
            return np.ones_like(self._tempi)
        away = np.log(self._tempi / self.bpm) / _SAME
        return 1 + _LOYAL * np.exp(-0.5 * away**2)

    def _refined(self, heights: Floats, best: int) -> float:
        """BPM at the top of the parabola through a height and its two neighbours."""
        if not 0 < best < _TEMPI - 1:
            return float(self._tempi[best])
        before, top, after = heights[best - 1 : best + 2]
        bend = before - 2 * top + after
        aside = 0.5 * (before - after) / bend if bend < 0 else 0.0
        ratio = self._tempi[1] / self._tempi[0]
        return float(self._tempi[best] * ratio ** min(1.0, max(-1.0, aside)))

    def _decide(self, found: float, sure: float) -> None:
        """Follow the same tempo smoothly; change to another when several looks agree on it."""
        if sure == 0:
            self._give_up()
            return
        if self.bpm and abs(found / self.bpm - 1) < _SAME:
            self.bpm += (found - self.bpm) * _SETTLE
            self._sure = sure
            self._dissent.clear()
            return
        self._dissent = [b for b in self._dissent if abs(found / b - 1) < _SAME] + [found]
        self._sure = min(self._sure, 0.5 * sure)
        if not self.bpm or len(self._dissent) >= _PATIENCE:
            self.bpm, self._sure = found, sure
            self._dissent.clear()

    def _give_up(self) -> None:
        self._sure = 0.0
        if self.confidence < _FORGOTTEN:
            self.bpm = 0.0
