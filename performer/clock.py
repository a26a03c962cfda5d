"""Two clocks with one interface: the wall's for the night, an exact one for rehearsals and tests.

A clock yields Ticks: how far show time goes, and how much time passes before the eye. The two are
the same but in a fast rehearsal. Nothing else in Performer makes time; nothing takes an `offline`
flag.
"""

import math
import time
from collections.abc import Iterator
from typing import NamedTuple, Protocol

LONGEST_STEP = 0.1  # s; a longer gap (a debugger, a suspended laptop) must not fling the scene
FASTEST = 120.0  # a night of an hour in half a minute


class Tick(NamedTuple):
    """One step of the circle."""

    dt: float
    """Seconds of show time."""
    pace: float
    """Seconds before the eye per second of show time; 1 in real time."""
    picture: float
    """Seconds before the eye since the last picture, for the one of this step; 0: it has none."""


class Clock(Protocol):
    """Yields one Tick per step, for as long as the show lasts."""

    def __iter__(self) -> Iterator[Tick]:
        """The next step, when it is due."""
        ...


class ExactClock:
    """`pictures` of exactly 1/`fps` seconds each, as fast as they can be drawn.

    With a `speed` the show is that much faster: every picture covers `speed`/`fps` seconds of it,
    in steps of at most 0.1 s, so that rhythms and territories move as they do in real time.
    """

    def __init__(self, fps: float, pictures: int, speed: float = 1.0) -> None:
        self.fps, self.pictures, self.speed = fps, pictures, speed

    @property
    def steps(self) -> int:
        """Steps per picture; in real time one, however few pictures there are per second."""
        covered = self.speed / self.fps
        return 1 if self.speed <= 1.0 else math.ceil(covered / LONGEST_STEP - 1e-9)

    def __iter__(self) -> Iterator[Tick]:
        """The same steps for every picture."""
        picture, steps = 1.0 / self.fps, self.steps
        dt = self.speed * picture / steps
        for _ in range(self.pictures):
            for left in reversed(range(steps)):
                yield Tick(dt, 1.0 / self.speed, 0.0 if left else picture)


class WallClock:
    """Real time at up to `fps` frames per second, each step clamped to 0.1 s.

    Waits for the next frame's due time; a late frame moves the raster instead of rushing after it.
    """

    def __init__(self, fps: float) -> None:
        self.interval = 1.0 / fps
        self.late = 0.0
        """Seconds by which the present frame came too late, for the quality governor."""

    def __iter__(self) -> Iterator[Tick]:
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
            dt = min(now - last, LONGEST_STEP)
            yield Tick(dt, 1.0, dt)
            last = now
