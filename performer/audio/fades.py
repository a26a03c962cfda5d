"""Gains that move without a click: the master's straight line and the fade guard's cosine.

What they multiply, and why, is chain.py's.
"""

import numpy as np
from numpy.typing import NDArray

START = 0.06
"""s that the output takes to come and to go."""
PANIC = 0.08
"""s from `/panic` to silence."""
AFTER_PANIC = 1.5
"""s from the end of a panic to full sound."""
_RAMP = 0.02  # s in which the master gain reaches a new value


class Ramp:
    """A gain that goes to every new value in a straight line of 20 ms."""

    def __init__(self, rate: int) -> None:
        """`rate` in Hz."""
        self._frames = round(_RAMP * rate)
        self._value = self._goal = self._step = 0.0
        self._left = 0
        self._fresh = True

    def towards(self, goal: float, n: int) -> NDArray[np.float64] | float:
        """The gain of the next n frames; a first value is taken at once."""
        if self._fresh:
            self._value = self._goal = goal
            self._fresh = False
        if goal != self._goal:
            self._goal, self._left = goal, self._frames
            self._step = (goal - self._value) / self._frames
        if not self._left:
            return self._value
        moving = min(n, self._left)
        gains = np.full(n, self._goal)
        gains[:moving] = self._value + self._step * np.arange(1, moving + 1)
        self._left -= moving
        self._value = float(gains[moving - 1]) if self._left else self._goal
        return gains


class Fade:
    """The fade guard: a raised cosine between silence and sound that may turn round midway."""

    def __init__(self, rate: int) -> None:
        """`rate` in Hz; silent at first, and on its way to open."""
        self._rate = rate
        self._at = 0.0  # 0 silent .. 1 open
        self._slow = False  # on the way back from a panic
        self.open = True
        """Where it goes when there is no panic."""

    @property
    def silent(self) -> bool:
        """Whether a way down is complete."""
        return self._at == 0.0

    def next(self, n: int, panic: bool) -> NDArray[np.float64] | float:
        """The gain of the next n frames."""
        up = self.open and not panic
        self._slow = panic or (self._slow and self._at < 1.0)
        if self._at == float(up):
            return self._at
        step = (1 if up else -1) / (self._seconds(up) * self._rate)
        at = np.clip(self._at + step * np.arange(1, n + 1), 0.0, 1.0)
        self._at = float(at[-1])
        return np.sin(np.pi / 2 * at) ** 2

    def _seconds(self, up: bool) -> float:
        if up:
            return AFTER_PANIC if self._slow else START
        return PANIC if self.open else START
