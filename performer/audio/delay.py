"""A delay that can be moved while sound goes through it: sound after picture, without a click."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

LONGEST = 0.5  # s


class Delay:
    """Delays blocks of any length by 0 to 500 ms."""

    def __init__(self, channels: int, rate: int) -> None:
        self.rate = rate
        self._past = np.zeros((round(LONGEST * rate), channels), np.float32)
        self._offset = 0

    def process(self, block: Samples, milliseconds: float) -> Samples:
        """The block from so long ago, shape as `block`; another offset fades over the block."""
        wanted = min(round(milliseconds * 1e-3 * self.rate), len(self._past))
        if wanted == self._offset == 0:
            self._remember(block)
            return block
        all_ = np.concatenate([self._past, block])
        delayed = self._from(all_, len(block), self._offset)
        if wanted != self._offset:
            part = np.linspace(0.0, 1.0, len(block), dtype=np.float32)[:, None]
            moved = self._from(all_, len(block), wanted)
            delayed = (delayed + (moved - delayed) * part).astype(np.float32)
            self._offset = wanted
        self._past = all_[-len(self._past) :].copy()
        return delayed

    def _remember(self, block: Samples) -> None:
        n = min(len(block), len(self._past))
        self._past[:-n] = self._past[n:].copy()
        self._past[-n:] = block[-n:]

    @staticmethod
    def _from(all_: Samples, frames: int, offset: int) -> Samples:
        end = len(all_) - offset
        return all_[end - frames : end]
