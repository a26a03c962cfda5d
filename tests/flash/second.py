"""The second judge: the PyPI package `iris-pse-detection`, a port of Electronic Arts' IRIS.

It shares no code and no author with the first judge. Its quirks, read from version 1.1.2:

- `VideoAnalyser` opens a file, prints, and writes `Results/` into the working directory. Its
  `FlashDetection` inside takes frames directly (BGR, 8 bit), which is what we use: no codec.
- It judges the **mean of the whole picture** only. An area rule drops changes that touch less than
  a quarter of the pixels, but *any* change of a pixel counts as touched. Anti-phase halves are
  invisible to it, so `thirds=True` runs nine more detectors on the 3 x 3 windows.
- It has no hysteresis: each change of sign, however small, starts the sum of changes anew, and
  the sum forgets what is older than a second. So noise hides flashes from it, and a rise that
  pauses and goes on may be counted twice, although nothing opposed it.
- Red is the older rule: (R-G-B) * 320 of pixels with R/(R+G+B) >= 0.8 changes by 20 in the mean.
- The frame rate is an integer. The limit is 6 transitions in a second, or 4 and more in each
  second for 4 s ("extended"), a rule WCAG does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from iris_pse_detection import Configuration
from iris_pse_detection.flash_detection import FlashDetection
from numpy.typing import NDArray


@dataclass(frozen=True)
class Summary:
    """IRIS's worst counts in any second, in transitions, and whether it lets the clip pass."""

    general: int
    red: int
    passes: bool


class SecondJudge:
    """Judges a stream of sRGB frames (H, W, 3), whole and, if asked, in nine windows as well."""

    def __init__(self, fps: float, height: int, width: int, *, thirds: bool = False) -> None:
        self._thirds, self._frame = thirds, 0
        self._general = self._red = 0
        sizes = [part.shape[:2] for part in self._parts(np.zeros((height, width, 3), np.uint8))]
        self._detectors = [FlashDetection(round(fps), size, Configuration()) for size in sizes]

    def push(self, frame: NDArray[np.uint8]) -> None:
        """Take the next frame (H, W, 3), sRGB, 0..255."""
        for detector, part in zip(self._detectors, self._parts(frame), strict=True):
            detector.set_current_frame(cv2.cvtColor(part, cv2.COLOR_RGB2BGR))
            data = detector.analyse_frame(self._frame)
            self._general = max(self._general, data.luminance_transitions)
            self._red = max(self._red, data.red_transitions)
        self._frame += 1

    def summary(self) -> Summary:
        """What has been seen so far."""
        fails = any(d.flash_fail or d.extended_failure for d in self._detectors)
        return Summary(self._general, self._red, not fails)

    def _parts(self, frame: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
        yield frame
        if self._thirds:
            for rows in np.array_split(frame, 3, axis=0):
                yield from np.array_split(rows, 3, axis=1)


def second_judge(clip: Iterable[NDArray[np.uint8]], fps: float, *, thirds: bool = False) -> Summary:
    """IRIS's opinion of a clip: an array (frames, H, W, 3) or any iterable of sRGB frames."""
    seen: SecondJudge | None = None
    for frame in clip:
        seen = seen or SecondJudge(fps, *frame.shape[:2], thirds=thirds)
        seen.push(frame)
    if seen is None:
        raise ValueError("a clip without frames cannot be judged")
    return seen.summary()
