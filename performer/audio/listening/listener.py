"""The listener: takes samples in any portions, and tells what was heard.

Here live the hops, their past and how features come together; never how a feature is found.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from performer.audio.listening.hits import Hits
from performer.audio.listening.levels import Levels, share
from performer.audio.listening.tempo import Tempo
from performer.audio.listening.window import Window
from performer.frame import FEATURES, SILENCE, SPECTRUM, Floats, Halves, Heard

HOPS = 93.75
"""Hops per second: 512 samples at 48 kHz."""

WINDOW = 4
"""Hops in a window."""

KEPT = 256
"""Hops whose features `at` still knows: 2.7 s."""

_HIGHEST = 8.0  # a sample beyond 18 dB over full scale is a fault and clipped
_CENTROID = 0.2  # s over which the centroid is averaged
_SHOWN_FALL = 0.1  # s in which a line of the shown spectrum falls to 37 %
_WAVE = 0.25  # height in the shown waveform of what is usual here


class Listener:
    """Features of a stream of samples at `rate` Hz (16000..192000).

    Features are found once a hop, from a window of four hops that ends there, so they do not
    depend on how samples are portioned: `heard` tells the last whole hop.
    """

    def __init__(self, rate: int) -> None:
        self.trim = 0.0
        """dB by which everything fed from now on is raised."""
        self.hop = max(1, round(rate / HOPS))
        """Samples from one hop to the next."""
        self.position = 0
        """Samples fed so far."""
        self.hops = 0
        """Whole hops so far."""
        dt = self.hop / rate
        size = WINDOW * self.hop
        self._window = Window(rate, size)
        self._levels = Levels(dt)
        self._hits = Hits(self._window.starts, dt)
        self._tempo = Tempo(dt)
        self._recent = np.zeros((2, size), np.float32)
        self._filled = 0  # samples of the last hop
        self._centroid = np.zeros(2)
        self._centre, self._fall = share(dt, _CENTROID), 1 - share(dt, _SHOWN_FALL)
        self._shown = np.zeros(SPECTRUM, np.float32)
        self._stride = max(1, round(rate / 48000))
        self._past: deque[Floats] = deque(maxlen=KEPT)

    @property
    def onsets(self) -> int:
        """Onsets so far."""
        return self._hits.count

    @property
    def tempo(self) -> float:
        """BPM, 0 while none is known."""
        return self._tempo.bpm

    def feed(self, samples: NDArray[np.float32]) -> None:
        """Listen to samples (n,) or (n, channels), any n, -1..1; NaN and Inf are heard as 0."""
        pair = self._paired(np.asarray(samples, np.float32))
        start, count = 0, pair.shape[1]
        while start < count:
            taken = min(self.hop - self._filled, count - start)
            to = self._recent.shape[1] - self.hop + self._filled
            self._recent[:, to : to + taken] = pair[:, start : start + taken]
            self._filled += taken
            start += taken
            if self._filled == self.hop:
                self._analyse()
                self._recent[:, : -self.hop] = self._recent[:, self.hop :]
                self._filled = 0
        self.position += count

    def _paired(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Two channels (2, n): the even and the odd ones, or one twice."""
        clean = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        clean = np.clip(clean, -_HIGHEST, _HIGHEST) * np.float32(10 ** (self.trim / 20))
        if clean.ndim == 1:
            clean = clean[:, np.newaxis]
        if clean.shape[1] == 1:
            return np.repeat(clean.T, 2, axis=0)
        return np.stack([clean[:, 0::2].sum(axis=1), clean[:, 1::2].sum(axis=1)])

    def _analyse(self) -> None:
        powers = self._window.powers(self._recent)
        self._levels.step(self._window.bands(powers))
        amplitudes = np.sqrt(powers)
        gate, reference = self._levels.gate, self._levels.reference
        self._hits.step(amplitudes, reference, gate)
        self._tempo.step(float(self._hits.flux[-1]))
        weight = np.array(self._window.weight(amplitudes)) * gate
        self._centroid += (weight - self._centroid) * self._centre
        shown = self._window.shown(amplitudes, reference) * np.float32(gate)
        self._shown = np.maximum(self._shown * np.float32(self._fall), shown)
        self._past.append(self._values())
        self.hops += 1

    def _values(self) -> Floats:
        levels, hits = self._levels, self._hits
        height, whole = self._centroid
        centroid = levels.gate * height / whole if whole > 0 else 0.0
        values = np.array([
            levels.level[-1], *levels.level[:-1], *hits.hit, *levels.presence[:-1],
            hits.onset, centroid, self._tempo.confidence,
        ])  # fmt: skip
        assert values.size == len(FEATURES)
        return values

    def at(self, position: int) -> Floats:
        """FEATURES of the last hop that ended after at most `position` samples.

        Zeros before the first hop's end; the oldest kept hop's for what is longer ago.
        """
        hop = min(position // self.hop, self.hops)
        if hop < 1:
            return SILENCE.values
        return self._past[-min(self.hops - hop + 1, len(self._past))]

    def heard(self) -> Heard:
        """Everything, as of the last whole hop."""
        values = self._past[-1] if self._past else SILENCE.values
        return Heard(
            values, self._shown.astype(np.float16), self._wave(), self.tempo, self.position > 0
        )

    def _wave(self) -> Halves:
        end = self._recent.shape[1] - self.hop
        newest = self._recent[:, end - SPECTRUM * self._stride : end : self._stride].mean(axis=0)
        height = _WAVE / self._levels.reference * self._levels.gate
        return np.clip(newest * height, -1, 1).astype(np.float16)
