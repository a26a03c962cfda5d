"""A cascade of second-order sections that remembers where it was: the filters of the chain.

Which filter it is (band limit, K- or A-weighting, DC block) is not known here.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Samples = NDArray[np.float64]
"""Shape (channels, frames): every channel contiguous, in double precision."""

_FAINT = 1e-30  # -600 dB: below it, numbers of a decaying filter only cost time (denormals)


class Sections:
    """Filters blocks of any length as if they were one signal; the same bits for any split."""

    def __init__(self, sections: NDArray[np.float64], channels: int) -> None:
        """`sections`: (S, 6) rows b0 b1 b2 a0 a1 a2 as scipy has them."""
        self._sections = sections
        self._memory = np.zeros((len(sections), channels, 2))

    def process(self, x: Samples) -> Samples:
        """The filtered block, same shape; `x` must be finite."""
        if not x.shape[1]:
            return x
        filtered = signal.sosfilt(self._sections, x, zi=self._memory)
        y, memory = cast("tuple[Samples, NDArray[np.float64]]", filtered)
        memory[np.abs(memory) < _FAINT] = 0.0
        self._memory = memory
        return y
