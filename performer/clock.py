"""Two clocks with one interface: the wall's for the night, an exact one for rehearsals and tests.

A clock yields `dt`, the seconds of show time since the frame before. Nothing else in Performer
makes time; nothing takes an `offline` flag.
"""

import time
from collections.abc import Iterator
from typing import Protocol

LONGEST_STEP = 0.1  # s; a longer gap (a debugger, a suspended laptop) must not fling the scene


class Clock(Protocol):
    """Yields the seconds of show time that each frame covers, for as long as the show lasts."""

    def __iter__(self) -> Iterator[float]:
        """One `dt` in seconds per frame."""
        ...


class ExactClock:
    """`frames` frames of exactly 1/`fps` seconds, as fast as they can be drawn."""

    def __init__(self, fps: float, frames: int) -> None:
        self.fps = fps
        self.frames = frames

    def __iter__(self) -> Iterator[float]:
        """The same `dt` every time."""
        for _ in range(self.frames):
            yield 1.0 / self.fps


class WallClock:
    """Real time at up to `fps` frames per second, each step clamped to 0.1 s.

    Waits for the next frame's due time; a late frame moves the raster instead of rushing after it.
    """

    def __init__(self, fps: float) -> None:
        self.interval = 1.0 / fps
        self.late = 0.0
        """Seconds by which the present frame came too late, for the quality governor."""

    def __iter__(self) -> Iterator[float]:
        """Sleeps until the next frame is due, then yields the measured time since the last."""
        last = time.perf_counter()
        due = last
        while True:
            due += self.interval
            now = time.perf_counter()
            self.late = max(0.0, now - due)
            if now < due:
                time.sleep(due - now)
                now = time.perf_counter()
            else:
                due = now
            yield min(now - last, LONGEST_STEP)
            last = now
