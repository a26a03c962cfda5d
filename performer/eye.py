"""What of a fast night is put before an eye.

The show runs faster, its pictures do not: guard, trails, means and the beat of shaders move in the
eye's own time, and what people do to their light by rhythm and feeling follows in about a second
of it. Otherwise a swell of ten seconds would flicker six times a second at sixty times the speed.
"""

import math

import msgspec

from performer.clock import Tick
from performer.frame import Floats, Frame, People, copied

FOLLOWS = 0.8  # s of the eye's time
LIGHT = ("energy", "valence", "arousal", "wave", "answer")
"""Columns of People that a layer's light and colour move with."""


class Eye:
    """Remembers what was shown of everybody. In real time it changes nothing."""

    def __init__(self) -> None:
        self._shown: People | None = None
        self._beat: float | None = None

    def see(self, frame: Frame, tick: Tick) -> Frame:
        """The Frame that the picture of this tick is made of."""
        if tick.pace == 1.0:
            return frame
        people, before = copied(frame.people), self._shown
        self._shown = people
        if before is not None and before.capacity == people.capacity:
            part = 1.0 - math.exp(-tick.picture / FOLLOWS)
            # who left is gone at once, and a row that changed hands remembers nothing
            stayed = (people.joined == before.joined) & ~people.leaving
            for column in LIGHT:
                wanted: Floats = getattr(people, column)
                shown: Floats = getattr(before, column)
                setattr(people, column, wanted + stayed * (1.0 - part) * (shown - wanted))
        self._beat = frame.beat if self._beat is None else self._beat
        self._beat += tick.picture * frame.tempo / 60.0
        return msgspec.structs.replace(frame, dt=tick.picture, people=people, beat=self._beat)
