"""A delay that can be moved while sound goes through it: sound after picture, without a click."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

LONGEST = 0.5  # s
_MOVES = 0.02  # s from one place to another; a raised cosine, for lows hear the corners of a line


class Delay:
    """Delays blocks of any length by 0 to 500 ms."""

    def __init__(self, channels: int, rate: int) -> None:
        """`rate` in Hz."""
        self.rate = rate
        self._longest = round(LONGEST * rate)
        self._line = np.zeros((self._longest, channels), np.float32)
        self._end = self._longest  # frames of the line that are written
        self._from = self._to = 0  # frames
        self._rise = np.sin(np.linspace(0.0, 0.5 * np.pi, round(_MOVES * rate) + 1)[1:]) ** 2
        self._moved = len(self._rise)  # frames of the way that are done

    def process(self, block: Samples, milliseconds: float) -> Samples:
        """The block from so long ago, shape as `block`; another offset fades in over 20 ms.

        What is told on the way from one to another is taken when that is done.
        """
        wanted = min(max(0, round(milliseconds * 1e-3 * self.rate)), self._longest)
        if self._moved == len(self._rise) and wanted != self._to:
            self._from, self._to, self._moved = self._to, wanted, 0
        self._write(block)
        delayed = self._ago(len(block), self._to).copy()
        if self._moved < len(self._rise):
            part = self._rise[self._moved : self._moved + len(block), None].astype(np.float32)
            self._moved += len(part)
            before = self._ago(len(block), self._from)[: len(part)]
            delayed[: len(part)] = before + (delayed[: len(part)] - before) * part
        return delayed

    def _write(self, block: Samples) -> None:
        """At the line's end; once in a while what is still needed goes back to its beginning."""
        if self._end + len(block) > len(self._line):
            room = np.zeros((max(3 * self._longest, len(block)), block.shape[1]), np.float32)
            kept = self._line[self._end - self._longest : self._end]
            self._line, self._end = np.concatenate([kept, room]), self._longest
        self._line[self._end : self._end + len(block)] = block
        self._end += len(block)

    def _ago(self, frames: int, offset: int) -> Samples:
        """The newest frames but `offset`."""
        end = self._end - offset
        return self._line[end - frames : end]
