"""Phases that run on: each voice's rhythm, and the group's. Never how a breath sounds.

A phase follows the Frame's own softly while Frames come at the pace of the sound, and goes on by
its rate when none come or when they come at another pace. It never jumps while it is heard.
"""

import numpy as np

from performer.frame import Flags, Floats

TAU = 2 * np.pi

AGREES = 1.5
"""Factor up to which the rate seen in Frames may differ from the rate they tell."""

_WINDOW = 1.0  # s over which that is judged
_SEEN = 0.1  # s of Frames before it is judged at all
_PULL = 0.4  # largest change of a rate by following, as a part of it
_SLOWEST = 0.2  # rad/s; following goes on where a rhythm nearly stands
_LONGEST = 2.0  # s of show time between Frames over which a rate can be told
_SETTLING = 0.5  # s, smoothing of rates


class Breathing:
    """Phases of R rows."""

    def __init__(self, rows: int) -> None:
        self.phase = np.zeros(rows)
        """rad, 0..2π."""
        self.rate = np.zeros(rows)
        """rad/s of sounding time."""
        self._theta = np.zeros(rows)  # of the last Frame
        self._known = np.zeros(rows, np.bool_)
        self._wanted, self._told = np.zeros(rows), np.zeros(rows)  # phase and rate to follow
        self._turned, self._passed = np.zeros(rows), np.zeros(rows)  # rad; sounding s
        self._follows = np.zeros(rows, np.bool_)
        self._since, self._time = 0.0, -np.inf

    def forget(self, rows: Flags) -> None:
        """Somebody else has these rows: no rate can be told from what they were."""
        self._known[rows] = False

    def hear(self, theta: Floats, rate: Floats, slack: Floats, time: float, known: Flags) -> None:
        """A new Frame of show time `time`, s; rows it does not know go on as they were.

        `theta` in rad, `rate` in rad per s of show time, from which a rhythm may be pulled by
        `slack` at most.
        """
        shown = time - self._time
        if shown == 0.0:
            return
        again = known & self._known & (0.0 < shown < _LONGEST)
        usual = np.where(again, rate, 0.0) * max(0.0, min(shown, _LONGEST))
        turned = np.where(again, usual + _wrapped(theta - self._theta - usual), 0.0)
        pulled = np.clip(turned / shown - rate, -slack, slack)
        keep = np.exp(-self._since / _WINDOW)
        self._turned = np.where(again, self._turned * keep + turned, 0.0)
        self._passed = np.where(again, self._passed * keep + self._since, 0.0)
        self._told = np.where(known, rate + np.where(again, pulled, 0.0), self._told)
        self._wanted = np.where(known, theta, self._wanted)
        self._follows = known & self._agrees()
        self._theta, self._known = np.where(known, theta, 0.0), known.copy()
        self._time, self._since = time, 0.0

    def _agrees(self) -> Flags:
        """Where Frames turn as fast as they say, or where both hardly turn at all."""
        seen = self._turned / np.maximum(self._passed, 1e-9)
        factor = seen / np.where(self._told == 0.0, np.inf, self._told)
        near = (factor > 1.0 / AGREES) & (factor < AGREES)
        still = np.abs(seen - self._told) < 0.1 * _SLOWEST
        return (self._passed > _SEEN) & (near | still)

    def begin(self, rows: Flags) -> None:
        """Takes phase and rate over at once: for rows that are silent."""
        self.phase[rows], self.rate[rows] = self._wanted[rows], self._told[rows]

    def advance(self, seconds: float) -> None:
        """Goes on by `seconds` of sounding time."""
        self._since += seconds
        self._wanted = np.mod(self._wanted + self._told * seconds, TAU)
        self.rate += (self._told - self.rate) * -np.expm1(-seconds / _SETTLING)
        pull = _PULL * np.maximum(np.abs(self.rate), _SLOWEST) * self._follows
        moved = self.rate + pull * np.sin(self._wanted - self.phase)
        self.phase = np.mod(self.phase + moved * seconds, TAU)


def _wrapped(angle: Floats) -> Floats:
    """The same angle in -π..π."""
    return np.mod(angle + np.pi, TAU) - np.pi
