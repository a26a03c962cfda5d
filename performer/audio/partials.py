"""Sums of harmonic partials for many voices at once. Which partials, and how loud, is not known.

A voice is Re Σ_k c_k(n) e^{ikφ(n)} with k = 1 … PARTIALS: a steady frequency within a block, and
complex amplitudes c_k that move evenly from its start to its end. Written as n = 32·n₂ + n₁ the
exponential is a product, so a block of a voice is one matrix product of 16 coarse by 32 fine places
in time: two small tables of sines instead of one sine for every sample and partial.
"""

import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.frame import Floats
from performer.show.tuning import PARTIALS

Amplitudes = NDArray[np.complex64]
Samples = NDArray[np.float32]

TAU = 2 * np.pi
_FINE = 32
_COARSE = QUANTUM // _FINE
_TOGETHER = 64  # voices whose tables are made at once: they fit into a core's own cache

_NUMBERS = np.arange(1, PARTIALS + 1, dtype=np.float32)
_STEPS = np.arange(1, _FINE + 1, dtype=np.float32)
_STARTS = _FINE * np.arange(_COARSE, dtype=np.float64)
_COARSE_PART = (_STARTS / QUANTUM).astype(np.float32)[:, None]
_FINE_PART = _STEPS / np.float32(QUANTUM)


class Partials:
    """Room for the tables, made once."""

    def __init__(self) -> None:
        # The contraction runs over (value or slope, partial, real or imaginary).
        self._fine = np.zeros((_TOGETHER, 2, PARTIALS, 2, _FINE), np.float32)
        self._coarse = np.zeros((_TOGETHER, _COARSE, 2, PARTIALS), np.complex64)
        self._angle = np.zeros((_TOGETHER, PARTIALS, _FINE), np.float32)
        self._turn = np.zeros((_TOGETHER, _COARSE, PARTIALS), np.complex64)

    def add_up(
        self, phase: Floats, step: Floats, start: Amplitudes, end: Amplitudes, out: Samples
    ) -> None:
        """Fills `out` (A, QUANTUM) with A voices.

        `phase` (A,) rad before the first sample, `step` (A,) rad per sample; `start` and `end`
        (A, PARTIALS) amplitudes before the first sample and at the last.
        """
        for low in range(0, len(phase), _TOGETHER):
            some = slice(low, low + _TOGETHER)
            coarse, fine = self._tables(phase[some], step[some], start[some], end[some])
            np.matmul(coarse, fine, out=out[some].reshape(len(fine), _COARSE, _FINE))

    def _tables(
        self, phase: Floats, step: Floats, start: Amplitudes, end: Amplitudes
    ) -> tuple[Samples, Samples]:
        """Both factors of the product: (n, 16, 4·PARTIALS) and (n, 4·PARTIALS, 32)."""
        n = len(phase)
        fine, coarse = self._fine[:n], self._coarse[:n]
        angle, turn = self._angle[:n], self._turn[:n]
        per_sample = step.astype(np.float32)[:, None] * _NUMBERS
        np.multiply(per_sample[:, :, None], _STEPS, out=angle)
        np.cos(angle, out=fine[:, 0, :, 0])
        np.negative(np.sin(angle, out=angle), out=fine[:, 0, :, 1])
        np.multiply(fine[:, 0], _FINE_PART, out=fine[:, 1])
        at = np.mod(phase[:, None] + step[:, None] * _STARTS, TAU).astype(np.float32)
        angles = at[:, :, None] * _NUMBERS
        np.cos(angles, out=turn.real)
        np.sin(angles, out=turn.imag)
        slope = (end - start)[:, None]
        np.multiply(slope, turn, out=coarse[:, :, 1])
        np.multiply(start[:, None] + slope * _COARSE_PART, turn, out=coarse[:, :, 0])
        left = coarse.view(np.float32).reshape(n, _COARSE, 4 * PARTIALS)
        return left, fine.reshape(n, 4 * PARTIALS, _FINE)
