"""A control's own messages, told from changes that came from elsewhere.

What is played reaches the value a little later: until then the value reads as it was. Whoever
compares a control with that old reading fights its own echo, and loses steps of an encoder.
"""

from collections import deque

from performer.controllers.mapping.takeover import TOLERANCE
from performer.controllers.mapping.travel import Travel

LAG = 0.5
"""s after which a message has surely arrived, or was refused."""

BEYOND = 2.0 * TOLERANCE
"""How far past its end a control is told that a value stands which it cannot reach."""


class Echo:
    """What one control played lately."""

    def __init__(self, travel: Travel) -> None:
        self._travel = travel
        self._old: deque[tuple[float, float]] = deque(maxlen=256)  # time, how it may still read
        self._last: tuple[float, float] | None = None  # how it should read, and the position meant
        self._reads: float | None = None

    def sent(self, value: float, position: float, now: float) -> None:
        """The control played a value; `position` is exact where the value was rounded."""
        before = self._last[0] if self._last else self._reads
        if before is not None:
            self._old.append((now, before))
        self._last = (self._place(value), position)

    def present(self, value: float | None, now: float) -> float | None:
        """Where the value stands: the last that was played, unless somebody else moved it.

        None if nobody knows; a little less than 0 or more than 1 where the control cannot reach.
        """
        if value is None:
            return self._last[1] if self._last else None
        self._reads = self._place(value)
        if self._last is not None and self._own(self._reads, now):
            return self._last[1]
        self._last = None
        self._old.clear()
        return self._reads

    def _own(self, at: float, now: float) -> bool:
        while self._old and now - self._old[0][0] > LAG:
            self._old.popleft()
        stood = [place for _, place in self._old]
        return self._last is not None and any(
            abs(at - place) <= TOLERANCE for place in (*stood, self._last[0])
        )

    def _place(self, value: float) -> float:
        position = self._travel.position(value)
        if not self._travel.outside(value, TOLERANCE):
            return position
        return 1.0 + BEYOND if position >= 0.5 else -BEYOND
