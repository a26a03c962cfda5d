"""One moment of sound: the power of its bands, where its weight lies, its picture for shaders.

Here live the Fourier transform and the bands' edges; never memory, or what is loud in this room.
"""

import numpy as np
from numpy.typing import NDArray

from performer.frame import SPECTRUM, Floats

Samples = NDArray[np.float32]

EDGES = (30.0, 150.0, 1000.0, 4000.0, 20000.0)
"""Hz: bass (kick, low strings), mid (voices, chords), mid-high (attacks, consonants), high (hats).

Below 30 Hz are handling noise and offsets, which no one hears and no feature counts.
"""

SHOWN = 24000.0
"""Hz at the right end of the shown spectrum, at any sample rate."""

LOWEST, HIGHEST = 60.0, 12000.0
"""Hz where the centroid is 0 and 1; logarithmic between."""

FINEST = 24.0
"""Hz: the widest distance of two lines of the transform."""

_TILTED = 200.0  # Hz from which the shown spectrum is raised by 3 dB per octave, as music falls
_SHOWN_RANGE = 60.0  # dB from dark to full
_HEADROOM = 6.0  # dB above the room's reference that a shown line may reach


class Window:
    """Powers of one window of `size` samples at `rate`, with every channel's share.

    Power is mean square: a sine of full scale has ½ (-3 dBFS). Channels are added as powers, so
    the two halves of a balanced line do not cancel.
    """

    def __init__(self, rate: int, size: int) -> None:
        self.lines = 1 << int(np.ceil(np.log2(max(size, rate / FINEST))))
        self.hz: Floats = np.linspace(0.0, rate / 2, self.lines // 2 + 1)
        self.starts = np.searchsorted(self.hz, EDGES)
        """First line of each band, and one past the last band's end."""
        self.size = size
        self._hann = np.hanning(size + 1)[:size].astype(np.float32)
        self._scale = 2.0 / (self.lines * float((self._hann**2).sum()))
        audible = np.clip(self.hz, LOWEST, HIGHEST)
        self._height = (np.log(audible / LOWEST) / np.log(HIGHEST / LOWEST)).astype(np.float32)
        self._tilt = np.sqrt(np.maximum(self.hz / _TILTED, 1.0)).astype(np.float32)
        self._shown = self._columns()

    def _columns(self) -> NDArray[np.intp]:
        """First line of each of the shown spectrum's columns that the rate reaches."""
        edges = np.arange(SPECTRUM) * SHOWN / SPECTRUM
        reached = edges[edges < self.hz[-1]]
        return np.searchsorted(self.hz, reached)

    def powers(self, samples: Samples) -> Samples:
        """Power of each line, shape (lines/2 + 1,), of samples (channels, size), finite."""
        found = np.fft.rfft(samples * self._hann, self.lines, axis=1)
        square = (found.real**2 + found.imag**2).sum(axis=0)
        return (square * np.float32(self._scale)).astype(np.float32, copy=False)

    def bands(self, powers: Samples) -> Floats:
        """Power of the four bands and of all of them, shape (5,)."""
        first, last = self.starts[0], self.starts[-1]
        four = np.add.reduceat(powers[first:last], self.starts[:-1] - first)
        return np.append(four, four.sum()).astype(np.float64)

    def weight(self, amplitudes: Samples) -> tuple[float, float]:
        """Sum of the lines' height (0..1 in log frequency) times amplitude, and of amplitude."""
        lines = slice(self.starts[0], self.starts[-1])
        heard = amplitudes[lines]
        return float(self._height[lines] @ heard), float(heard.sum())

    def shown(self, amplitudes: Samples, reference: float) -> Samples:
        """Linear in frequency and in dB, 0..1, shape (SPECTRUM,); `reference` is an amplitude.

        A sine at the reference reaches 1 - 6/60 and -54 dB beneath it 0.
        """
        columns = np.zeros(SPECTRUM, np.float32)
        highest = np.maximum.reduceat(amplitudes * self._tilt, self._shown)
        below = 20 * np.log10(np.maximum(highest / np.float32(reference), 1e-6)) - _HEADROOM
        columns[: highest.size] = np.clip(1 + below / _SHOWN_RANGE, 0, 1)
        return columns
