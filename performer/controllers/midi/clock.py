"""MIDI clock, 24 ticks a beat: tempo and position from when ticks came. Times are given, in s.

The tempo is the slope of a least-squares line through the newest ticks. Of several windows the
longest counts that agrees with the shortest, so that a steady tempo is measured over two beats and
a changed one over half a beat. A gap of k ticks counts k, unless what was missing comes in a burst
right after it (then it was late, not lost) or the gaps go on (then the tempo has changed).
"""

import math
from collections import deque

PER_BEAT = 24
PER_SIXTEENTH = 6  # ticks in one unit of a song position
TIME_OUT = 1.0  # s without a tick, after which the clock has stopped
LONG, SHORT = 1.6, 0.4  # intervals, in parts of the usual one: something is missing, or late
WINDOWS = (12, 24, 48)  # intervals
AGREE = 0.04  # how far the tempo of a longer window may be from the shortest one's
NEEDED = 8  # intervals before there is a tempo
SLOWEST, FASTEST = 20.0, 400.0  # BPM that are believed


class Clock:
    """One device's clock: `tempo` in BPM (None: not known yet), `beats` since the start."""

    def __init__(self) -> None:
        self.tempo: float | None = None
        self._ticks: deque[tuple[int, float]] = deque(maxlen=max(WINDOWS) + 1)
        self._index = -1  # of the newest tick; the first one of a song is 0
        self._slope = 0.0  # s per tick
        self._anchor: tuple[float, float] = (0.0, 0.0)  # a tick on the line, and when it was
        self._owed = 0  # ticks counted in a gap that may still come
        self._gap = 0  # how many of them the last interval was given
        self._moved = True  # the next tick is the next one, however late it is
        self._held: int | None = None  # where it was stopped
        self._told = -math.inf

    def tick(self, now: float) -> None:
        """A tick came."""
        if self._ticks and now - self._ticks[-1][1] > TIME_OUT:
            self._ticks.clear()
        self._count(now)
        self._ticks.append((self._index, now))
        self._moved = False
        self._measure(now)

    def start(self) -> None:
        """From the beginning, with the next tick."""
        self._held = None
        self._go_to(-1)

    def go_on(self) -> None:
        """On from where it was stopped, or from the song position that was told since."""
        held, self._held = self._held, None
        if held is not None:
            self._go_to(held)

    def stop(self) -> None:
        """It stands still. Devices go on ticking, which keeps the tempo."""
        if self._held is None:
            self._held = self._index

    def song_position(self, sixteenths: int) -> None:
        """The next tick is the first of this sixteenth (0..16383)."""
        index = sixteenths * PER_SIXTEENTH - 1
        if self._held is not None:
            self._held = index
        else:
            self._go_to(index)

    def running(self, now: float) -> bool:
        """Whether it leads: ticks come, their tempo is known, and it was not stopped."""
        fresh = bool(self._ticks) and now - self._ticks[-1][1] <= TIME_OUT
        return fresh and self._held is None and self.tempo is not None

    def beats(self, now: float) -> float:
        """Beats since the start; never less than told before, unless it was moved."""
        ticks = float(self._index if self._held is None else self._held)
        if self._held is None and self._slope and not self._moved:
            index, at = self._anchor
            ticks = max(ticks - 1.0, index + (now - at) / self._slope)
        self._told = max(self._told, ticks)
        return max(0.0, self._told) / PER_BEAT

    def _go_to(self, index: int) -> None:
        by = index - self._index
        self._ticks = deque(((i + by, t) for i, t in self._ticks), self._ticks.maxlen)
        self._index, self._moved, self._told = index, True, -math.inf
        self._owed = self._gap = 0

    def _count(self, now: float) -> None:
        """Moves the index on: by 1, by k over a gap, by 0 for one that comes late after a gap."""
        usual = self._usual()
        interval = now - self._ticks[-1][1] if self._ticks else 0.0
        gap, self._gap = self._gap, 0
        if usual and interval > LONG * usual:
            if self._moved:
                self._ticks.clear()
            elif gap:
                self._slower(gap)
            else:
                self._gap = self._owed = round(interval / usual) - 1
            self._index += 1 + self._gap
        elif self._owed and interval < SHORT * usual:
            self._owed -= 1
        else:
            self._owed = 0
            self._index += 1

    def _slower(self, gap: int) -> None:
        """A second long interval: nothing was missing, and what was usual no longer is."""
        (_, before), (_, last) = list(self._ticks)[-2:]
        self._index -= gap
        self._ticks.clear()
        self._ticks.extend(((self._index - 1, before), (self._index, last)))
        self._owed = 0

    def _usual(self) -> float:
        """The interval that the next tick is expected after, s; 0 while nobody knows."""
        return self._slope if len(self._ticks) > NEEDED else 0.0

    def _measure(self, now: float) -> None:
        self._anchor = (self._index, now)
        if len(self._ticks) <= NEEDED:
            return
        ticks = list(self._ticks)
        found = [_line(ticks[-n - 1 :]) for n in WINDOWS if len(ticks) > n // 2]
        shortest = found[0][0]
        if not shortest > 0.0:  # a stalled device let go of everything at once
            return
        slope, middle = [f for f in found if abs(f[0] / shortest - 1.0) <= AGREE][-1]
        tempo = 60.0 / (PER_BEAT * slope)
        if SLOWEST <= tempo <= FASTEST:
            self.tempo, self._slope, self._anchor = tempo, slope, middle


def _line(ticks: list[tuple[int, float]]) -> tuple[float, tuple[float, float]]:
    """The least-squares line through (index, time): s per tick, and the point in its middle."""
    n = len(ticks)
    middle = sum(i for i, _ in ticks) / n
    mean = sum(t for _, t in ticks) / n
    spread = sum((i - middle) ** 2 for i, _ in ticks)
    slope = sum((i - middle) * (t - mean) for i, t in ticks) / spread if spread else 0.0
    return slope, (middle, mean)
