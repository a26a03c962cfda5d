"""The first judge: WCAG 2.3.1 general and red flashes, counted per region on 8-bit sRGB.

What is counted is *transitions*. A flash is a pair of opposing transitions, so `flashes` is half
their number. Four choices make this judge stricter than WCAG asks, and are meant to:

- **Seven transitions fail.** WCAG forbids more than three flashes in any one second. Seven
  transitions are three and a half flashes; whoever waits for the fourth pair to close lets 3.5 Hz
  pass for ever. IRIS draws the line at the same place.
- **No area is excused.** WCAG lets a quarter of any 10 degree field flash. Here the frame, each
  of 3 x 3 windows and each of 16 x 9 cells must pass alone: seats differ, and one person's
  quarter of the view is another's whole.
- **A transition has no duration.** A change of 0.10 counts however slowly it is reached.
- **Black has no colour**, so it differs from every saturated red whatever u'v' would say.

One second is half-open: two frames share a window when they are less than 1 s apart, so 3 Hz, six
transitions, passes. Source: https://www.w3.org/TR/WCAG22/#dfn-general-flash-and-red-flash-thresholds
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .regions import Regions

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

THETA = 0.10  # smallest change of relative luminance that counts, of a maximum of 1
BRIGHT = 0.80  # a change counts only if its darker state lies below this
RED_SHARE = 0.80  # R/(R+G+B) from which a state is saturated red
RED_FLOOR = 1 / 16  # smallest R-G-B of a saturated red: below it 8-bit rounding decides the share
CHROMA_STEP = 0.20  # distance in CIE 1976 u'v' that a red transition must exceed
BLACK = 0.003  # below sRGB code 10 in all channels a colour cannot be told
MOST = 6  # transitions in one second that still pass: three flashes
LUMA = np.array([0.2126, 0.7152, 0.0722])
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


@dataclass(frozen=True)
class Verdict:
    """Worst counts over all regions and all one-second windows, in transitions (half flashes)."""

    general: int
    red: int
    worst_region: str
    passes: bool

    @property
    def transitions_per_second(self) -> int:
        """Most transitions of either sort in any second: what DESIGN.md's bound speaks of."""
        return max(self.general, self.red)

    @property
    def flashes(self) -> float:
        """Most WCAG flashes of either sort in any second, halves included; above 3 fails."""
        return self.transitions_per_second / 2


class Swings:
    """Zig-zag of many luminance signals: a swing counts once it spans THETA, once per direction.

    `low` and `high` run along the present leg, so `low` is always the darker of its two states.
    """

    def __init__(self, count: int) -> None:
        self._low: Floats = np.full(count, np.inf)
        self._high: Floats = np.full(count, -np.inf)
        self._way = np.zeros(count, np.int8)
        self._counted: Bools = np.zeros(count, np.bool_)

    def push(self, y: Floats) -> Bools:
        """Which signals (regions,) complete a general transition with this sample."""
        self._low, self._high = np.minimum(self._low, y), np.maximum(self._high, y)
        up = (y - self._low >= THETA) & (self._way <= 0)
        down = (self._high - y >= THETA) & (self._way >= 0)
        self._high[up], self._low[down] = y[up], y[down]
        self._way[up], self._way[down] = 1, -1
        self._counted &= ~(up | down)
        hit = (self._way != 0) & ~self._counted & (self._low < BRIGHT)
        self._counted |= hit
        return hit


class RedSwings:
    """Moves into and out of saturated red that differ by more than CHROMA_STEP from a state seen
    since the last counted move, at most one second ago. Only one of the two states can be red:
    the saturated corner of sRGB is 0.14 wide in u'v'.
    """

    def __init__(self, count: int, window: int) -> None:
        self._uv: Floats = np.zeros((window, count, 2))
        self._red: Bools = np.zeros((window, count), np.bool_)
        self._black: Bools = np.zeros((window, count), np.bool_)
        self._seen: Bools = np.zeros((window, count), np.bool_)
        self._way = np.zeros(count, np.int8)
        self._next = 0

    def push(self, rgb: Floats) -> Bools:
        """Which regions complete a red transition with this linear RGB sample (regions, 3)."""
        uv, red, black = chroma(rgb), saturated_red(rgb), rgb.max(axis=1) < BLACK
        way = np.where(red, 1, -1).astype(np.int8)
        hit = np.zeros(len(rgb), np.bool_)
        if red.any() or self._red.any():
            far = np.hypot(*np.moveaxis(self._uv - uv, 2, 0)) > CHROMA_STEP
            pair = self._seen & (self._red ^ red) & (far | self._black | black)
            hit = pair.any(axis=0) & (self._way != way)
        self._way[hit] = way[hit]
        self._seen[:, hit] = False
        k = self._next
        self._uv[k], self._red[k], self._black[k], self._seen[k] = uv, red, black, True
        self._next = (k + 1) % len(self._seen)
        return hit


class Window:
    """The most hits of each region in any one second, of a stream of hits."""

    def __init__(self, count: int, frames: int) -> None:
        self._hits: Bools = np.zeros((frames, count), np.bool_)
        self._sum = np.zeros(count, np.int64)
        self._next = 0
        self.most = np.zeros(count, np.int64)

    def push(self, hit: Bools) -> None:
        """Take the hits (regions,) of the next frame."""
        k = self._next
        self._sum += hit.astype(np.int64) - self._hits[k]
        self._hits[k] = hit
        self._next = (k + 1) % len(self._hits)
        np.maximum(self.most, self._sum, out=self.most)


class Judge:
    """Judges a stream of sRGB frames, keeping one second of region means and no pictures."""

    def __init__(self, fps: float, height: int, width: int) -> None:
        self._regions = Regions(height, width)
        count, frames = len(self._regions.names), math.ceil(fps)
        self._swings, self._red_swings = Swings(count), RedSwings(count, frames)
        self._general, self._red = Window(count, frames), Window(count, frames)

    def push(self, frame: NDArray[np.uint8]) -> None:
        """Take the next frame (H, W, 3), sRGB, 0..255."""
        rgb = self._regions.means(frame)
        self._general.push(self._swings.push(rgb @ LUMA))
        self._red.push(self._red_swings.push(rgb))

    def verdict(self) -> Verdict:
        """What has been seen so far; the largest of equally bad regions is named."""
        general, red = self._general.most, self._red.most
        worst = np.maximum(general, red)
        name = self._regions.names[int(worst.argmax())]
        return Verdict(int(general.max()), int(red.max()), name, bool(worst.max() <= MOST))


def judge(clip: Iterable[NDArray[np.uint8]], fps: float) -> Verdict:
    """Judge a clip: an array (frames, H, W, 3) or any iterable of sRGB frames (H, W, 3)."""
    seen: Judge | None = None
    for frame in clip:
        seen = seen or Judge(fps, *frame.shape[:2])
        seen.push(frame)
    if seen is None:
        raise ValueError("a clip without frames cannot be judged")
    return seen.verdict()


def chroma(rgb: Floats) -> Floats:
    """CIE 1976 u'v' (..., 2) of linear sRGB (..., 3); black becomes (0, 0)."""
    x, y, z = np.moveaxis(rgb @ _XYZ.T, -1, 0)
    below = np.maximum(x + 15 * y + 3 * z, 1e-12)
    return np.stack([4 * x / below, 9 * y / below], axis=-1)


def saturated_red(rgb: Floats) -> Bools:
    """Whether linear RGB (..., 3) is saturated red, and bright enough for 8 bits to tell."""
    r, g, b = np.moveaxis(rgb, -1, 0)
    return (r >= RED_SHARE * (r + g + b)) & (r - g - b >= RED_FLOOR)
