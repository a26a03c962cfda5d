"""The look-ahead limiter: what goes in may be anything finite, what comes out cannot hurt.

Here live the band limit, the true-peak detector and the limiter. Volume, fades and the budget of
a night (exposure.py) are not known here.

Way of a block: clip at +42 dBFS → band limit → peak of every sample and of the three points after
it at 4x rate, over all channels → gain min(1, ceiling/peak) → exponential release →
sliding minimum over L + 1 → FIR of L + 1 non-negative weights with sum 1 → times x, delayed.

Why |y| ≤ ceiling: the gain of sample i is a weighted mean of minima, and each of these minima
looks at sample i. Why true peaks hold as well, though the gain moves: a product's samples only
show what is between them if the product is band-limited. Without a band limit two 4x filters
disagree by 2 dB and more about white noise, and by 7 dB about a burst at half the rate; so the
signal is limited to 5/12 of the rate first, and the gain's weights are a Hann window, whose
spectrum lies below 0.02 of it. Product and 4x filters then all end before half the rate.
"""

from typing import cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import ndimage, signal

from performer.audio.sections import Samples, Sections

CEILING = float(np.nextafter(np.float32(10 ** (-1 / 20)), np.float32(0)))
"""-1 dBFS: no sample is ever larger, also when rounded to float32."""

MOST = 128.0
"""+42 dBFS: the loudest sample that is believed. Larger ones are a fault and only lengthen the
tails of filters."""

LOOK = 0.005  # s, the gain falls this long before a peak
RELEASE = 0.15  # s, time constant of the gain's way back: a bass note is not to be bent
BAND = 5 / 12, 0.46
"""Pass (0.02 dB) and stop band (100 dB) as part of the rate; 20 and 22.1 kHz at 48 kHz."""

REACH = 16
"""Samples that the detector looks to either side; more changes no reading by 0.03 dB."""

_TARGET = CEILING * (1 - 1e-6)  # leaves room for rounding, so the clamp has nothing to do
_BETA = 6.0  # Kaiser window of the detector
_TOGETHER = 4  # channels interpolated at once: what fits into a cache
_PIECE = 4096  # frames at once: bounds memory and the release's exponents


def _interpolation() -> NDArray[np.float64]:
    """(2·REACH, 3): weights of the samples around i for the points i + ¼, i + ½ and i + ¾."""
    offset = np.arange(-REACH + 1, REACH + 1)[:, np.newaxis]
    distance = np.array((0.25, 0.5, 0.75)) - offset
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (distance / REACH) ** 2, 0, 1)))
    weights = np.sinc(distance) * window
    return weights / weights.sum(axis=0)


_WEIGHTS = _interpolation()


def _between(x: Samples) -> NDArray[np.float64]:
    """Largest of |x| between neighbours at 4x rate and over channels, (frames - 2·REACH + 1,).

    The first value lies between samples REACH - 1 and REACH.
    """
    windows = sliding_window_view(x, 2 * REACH, axis=1)
    most = np.zeros(windows.shape[1])
    for k in range(0, len(x), _TOGETHER):
        some = windows[k : k + _TOGETHER].reshape(-1, 2 * REACH)
        between = np.abs(_WEIGHTS.T @ some.T).reshape(-1, len(most))
        np.maximum(most, between.max(axis=0), out=most)
    return most


def true_peak(block: NDArray[np.float32] | NDArray[np.float64]) -> float:
    """The true peak of a whole signal (frames, channels), 1.0 at 0 dBTP.

    4x oversampling as in ITU-R BS.1770-4, Annex 2.
    """
    x = np.pad(np.asarray(block, np.float64).T, ((0, 0), (2 * REACH, 2 * REACH)))
    return float(max(np.abs(x).max(), _between(x).max()))


def _band_limit() -> NDArray[np.float64]:
    """Elliptic sections of order 8: nothing at all above the stop band's edge."""
    return cast("NDArray[np.float64]", signal.ellip(8, 0.02, 100, 2 * BAND[0], output="sos"))


class Limiter:
    """Holds any finite signal at or below `CEILING`, true peaks below -0.5 dBTP.

    One gain for all channels, so that the picture in space stays. Same output for any split into
    blocks (to rounding in double precision).
    """

    def __init__(self, channels: int, rate: int) -> None:
        """`channels` at least 1, `rate` in Hz."""
        self._look = round(LOOK * rate)
        self.latency = self._look + REACH
        """Frames from input to output, without the band limit's own delay (it has phase)."""
        self.lowest = 1.0
        """The smallest gain of the last block."""
        self.clamped = 0
        """Samples the last line had to clamp; the tests show that it stays 0."""
        weights = np.sin(np.pi * np.arange(1, self._look + 2) / (self._look + 2)) ** 2
        self._weights = weights / weights.sum()
        self._fall = 1.0 / (RELEASE * rate)
        self._band = Sections(_band_limit(), channels)
        self._past: Samples = np.zeros((channels, self.latency))
        self._reduction = 0.0  # 1 - gain of the release
        self._gains = np.ones(self._look)
        self._minima = np.ones(self._look)

    def process(self, x: Samples) -> Samples:
        """The limited block (channels, frames), `latency` frames later than `x`."""
        if x.shape[1] <= _PIECE:
            return self._piece(x)
        pieces = [self._piece(x[:, i : i + _PIECE]) for i in range(0, x.shape[1], _PIECE)]
        return np.concatenate(pieces, axis=1)

    def _piece(self, x: Samples) -> Samples:
        n = x.shape[1]
        if not n:
            return x
        x = self._band.process(np.clip(x, -MOST, MOST))
        x = np.concatenate((self._past, x), axis=1)
        self._past = x[:, n:].copy()
        gain = self._smoothed(self._released(_TARGET / np.maximum(self._peaks(x, n), _TARGET)))
        self.lowest = float(gain.min())
        y = x[:, :n] * gain
        over = np.abs(y) > CEILING
        if over.any():
            self.clamped += int(np.count_nonzero(over))
            np.clip(y, -CEILING, CEILING, out=y)
        return y

    def _peaks(self, x: Samples, n: int) -> NDArray[np.float64]:
        """The peaks at and after each of the n newest samples with REACH samples after them.

        What lies between two samples counts for the earlier one; the window is so smooth that the
        later one gets the same gain within 0.1 %.
        """
        own = np.abs(x[:, self._look : self._look + n]).max(axis=0)
        return np.maximum(own, _between(x[:, -(n + 2 * REACH - 1) :]))

    def _released(self, gain: NDArray[np.float64]) -> NDArray[np.float64]:
        """`gain`, or less where it was lower a while ago: r = max(r·decay, 1 - gain), in one go."""
        growth = np.exp(self._fall * np.arange(1, len(gain) + 1))
        reduction = np.maximum.accumulate((1 - gain) * growth)
        reduction = np.maximum(reduction, self._reduction) / growth
        self._reduction = float(reduction[-1])
        return np.minimum(gain, 1 - reduction)

    def _smoothed(self, gain: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sliding minimum, then the FIR: sums of positive numbers, so small gains stay exact."""
        n, look = len(gain), self._look
        gains = np.concatenate((self._gains, gain))
        lowest = cast(
            "NDArray[np.float64]", ndimage.minimum_filter1d(gains, look + 1, mode="nearest")
        )
        minima = np.concatenate((self._minima, lowest[(look + 1) // 2 :][:n]))
        self._gains, self._minima = gains[n:].copy(), minima[n:].copy()
        return cast("NDArray[np.float64]", np.convolve(minima, self._weights, "valid"))
