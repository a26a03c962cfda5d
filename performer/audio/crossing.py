"""Waves that cross: for who plays p against the circle's q, a second and slow swell of their voice.

It turns p times while the circle turns q times, in step with the circle's phase, and goes on by its
rate as long as the circle does. Never heard as rhythm: how deep it is, is the Score's to say.
"""

import numpy as np

from performer.frame import Flags, Floats

TAU = 2 * np.pi

_PULL = 0.4  # largest change of a rate by keeping in step, as a part of it
_SETTLING = 0.5  # s, smoothing of a ratio that changes: the wave bends, it never jumps


class Crossing:
    """The waves' phases, of R rows."""

    def __init__(self, rows: int) -> None:
        self.phase = np.zeros(rows)
        """rad, 0..2π."""
        self.rate = np.zeros(rows)
        """rad/s of sounding time."""
        self._p, self._q = np.ones(rows), np.ones(rows)
        self._ratio = np.ones(rows)  # p/q in force

    def hear(self, p: Floats, q: Floats, known: Flags) -> None:
        """Who plays p against q now, whole numbers; rows it does not know go on as they were."""
        self._p, self._q = np.where(known, p, self._p), np.where(known, q, self._q)

    def begin(self, rows: Flags, circle: float) -> None:
        """In step with the circle's phase, rad, at once: for rows that are silent."""
        self._ratio[rows] = (self._p / self._q)[rows]
        self.phase[rows] = np.mod(self._ratio[rows] * circle, TAU)

    def advance(self, circle: float, rate: float, seconds: float) -> None:
        """Goes on by `seconds`, while the circle is at phase `circle` and goes at `rate` rad/s."""
        self._ratio += (self._p / self._q - self._ratio) * -np.expm1(-seconds / _SETTLING)
        self.rate = self._ratio * rate
        # as people do: any of the q places that are in step is as good, and the nearest is taken
        ahead = np.sin(self._p * circle - self._q * self.phase) / self._q
        moved = self.rate + _PULL * np.abs(self.rate) * ahead
        self.phase = np.mod(self.phase + moved * seconds, TAU)
