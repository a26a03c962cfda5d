"""MIDI clock, 24 ticks a beat: tempo and position from when ticks came. Times are given, in s.

The tempo is the slope of a least-squares line through the newest ticks. Of several windows the
longest counts whose slope is the shortest one's, as far as the scatter of that one can tell: a
steady tempo is measured over two beats and a changed one, once that is sure, over half a beat.
Every tick counts one. Those that are late come back to the line; if some are lost, all that follow
stay behind it by the same whole number, and only then the count is put right.
"""

import math
from collections import deque

PER_BEAT = 24
PER_SIXTEENTH = 6  # ticks in one unit of a song position
TIME_OUT = 1.0  # s without a tick, after which the clock has stopped
WINDOWS = (12, 24, 48)  # intervals
AGREE = 0.02  # how far the tempo of a longer window may be from the shortest one's,
SIGMAS = 3.0  # or how many of its standard errors
NEEDED = 8  # intervals before there is a tempo
REST = 1.6  # intervals; a start after so many follows a rest, which is no tempo
DOUBT = 6  # ticks after which a tempo has surely changed
BEHIND = 8  # ticks that must all be behind
SURELY, FLAT = 0.6, 0.6  # intervals: how far at least, and how far apart at most
STEADY = 0.2  # intervals that the ticks before may scatter, else there is nothing to be behind
MOST_LOST = 3  # ticks; more is a rest
SLOWEST, FASTEST = 20.0, 400.0  # BPM that are believed

Tick = tuple[int, float]
"""Index and time, s."""


class Line:
    """The least-squares line through ticks: `slope` in s per tick, and a point on it.

    `scatter` is the standard deviation σ of ticks from it, s; `error` the slope's standard error,
    which for evenly spread ticks is σ·sqrt(12/n³).
    """

    def __init__(self, ticks: list[Tick]) -> None:
        n = len(ticks)
        self.middle = sum(i for i, _ in ticks) / n
        self.mean = sum(t for _, t in ticks) / n
        spread = sum((i - self.middle) ** 2 for i, _ in ticks)
        product = sum((i - self.middle) * (t - self.mean) for i, t in ticks)
        self.slope = product / spread if spread else 0.0
        self.scatter = math.sqrt(sum((t - self.at(i)) ** 2 for i, t in ticks) / max(1, n - 2))
        self.error = self.scatter * math.sqrt(12.0 / n**3)

    def at(self, index: float) -> float:
        """When a tick is due, s."""
        return self.mean + self.slope * (index - self.middle)


class Clock:
    """One device's clock: `tempo` in BPM (None: not known yet), `beats` since the start."""

    def __init__(self) -> None:
        self.tempo: float | None = None
        self._ticks: deque[Tick] = deque(maxlen=max(WINDOWS) + 1)
        self._index = -1  # of the newest tick; the first one of a song is 0
        self._slope = 0.0  # s per tick
        self._anchor: tuple[float, float] = (0.0, 0.0)  # a tick on the line, and when it was
        self._doubt = 0  # ticks for which the longest window has not agreed
        self._moved = True  # no tick has come since it was put somewhere
        self._held: int | None = None  # where it was stopped
        self._told = -math.inf

    def tick(self, now: float) -> None:
        """A tick came."""
        since = now - self._ticks[-1][1] if self._ticks else 0.0
        if since > TIME_OUT or (self._moved and self._slope and since > REST * self._slope):
            self._ticks.clear()
        self._index += 1
        self._moved = False
        self._ticks.append((self._index, now))
        self._recount()
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
        self._ticks = deque(_moved(self._ticks, index - self._index), self._ticks.maxlen)
        self._index, self._moved, self._told = index, True, -math.inf

    def _recount(self) -> None:
        """Counts lost ticks: the newest ones are all behind, and equally so."""
        ticks = list(self._ticks)
        older, newest = ticks[:-BEHIND], ticks[-BEHIND:]
        if len(older) < WINDOWS[0]:
            return
        line = Line(older[-WINDOWS[1] :])
        if line.slope <= 0.0 or line.scatter > STEADY * line.slope:
            return
        behind = [(t - line.at(i)) / line.slope for i, t in newest]
        if min(behind) < SURELY or max(behind) - min(behind) > FLAT:
            return
        lost = round(sum(behind) / BEHIND)
        self._ticks.clear()
        if lost <= MOST_LOST:
            self._index += lost
            self._ticks.extend([*older, *_moved(newest, lost)])
        else:
            self._ticks.extend(newest)

    def _measure(self, now: float) -> None:
        self._anchor = (self._index, now)
        ticks = list(self._ticks)
        if len(ticks) <= NEEDED:
            return
        lines = [Line(ticks[-n - 1 :]) for n in WINDOWS if len(ticks) > n or n == WINDOWS[0]]
        shortest = lines[0]
        if shortest.slope <= 0.0:  # a stalled device let go of everything at once
            return
        near = max(AGREE * shortest.slope, SIGMAS * shortest.error)
        agreeing = [line for line in lines if abs(line.slope - shortest.slope) <= near]
        self._doubt = 0 if agreeing[-1] is lines[-1] else self._doubt + 1
        best = agreeing[-1] if self._doubt > DOUBT else lines[-1]
        tempo = 60.0 / (PER_BEAT * best.slope)
        if SLOWEST <= tempo <= FASTEST:
            self.tempo, self._slope = tempo, best.slope
            self._anchor = (best.middle, best.mean)


def _moved(ticks: "deque[Tick] | list[Tick]", by: int) -> list[Tick]:
    return [(i + by, t) for i, t in ticks]
