"""How a control without a motor takes hold of a value that stands elsewhere. Pure state machines.

All are about positions 0..1 of the control's own travel. `move(to, present)` returns the position
to play, or None while the control has no hold. `present` is where the value stands now, with the
control's own messages that are still on their way counted as arrived (`echo`); outside 0..1 it is
out of reach, and is met at the end that is nearer.
"""

from dataclasses import dataclass
from typing import Protocol

from performer.show.fitting import Takeover

TOLERANCE = 1 / 256
"""Of the travel: half a step of 7 bits. A value that moved further was moved by another hand."""

ROUNDING = 1e-6


class Machine(Protocol):
    """One control's takeover."""

    def move(self, to: float, present: float | None) -> float | None:
        """The control is at `to` now; None for a `present` that nobody knows."""
        ...


@dataclass
class Crossing:
    """Takes hold when the control passes the value, however fast: nothing jumps.

    The first message only tells where the control is. `step` is the control's finest: a value
    that it meets within one is met. Hold is lost when the value is moved elsewhere.
    """

    step: float
    at: float | None = None
    sent: float | None = None

    def move(self, to: float, present: float | None) -> float | None:
        """Where to go; None until the value is met. Never further than the control itself went."""
        before, self.at = self.at, to
        if present is None:
            self.sent = to
        elif self.sent is not None and abs(present - self.sent) > TOLERANCE:
            self.sent = None
        if self.sent is None and not self._meets(before, to, present):
            return None
        self.sent = to
        return to

    def _meets(self, before: float | None, to: float, present: float | None) -> bool:
        if before is None or present is None:
            return False
        end = min(max(present, 0.0), 1.0)
        met = abs(to - end) <= self.step + ROUNDING
        if end != present:  # out of reach: by going to its end, never by leaving it
            return met and abs(to - end) < abs(before - end)
        return met or (before - end) * (to - end) <= 0.0


@dataclass
class Scaling:
    """The rest of the control's travel is laid out over the rest of the value's, until both end.

    So a step is the control's own, times what is left of the value's range by what is left of the
    travel. The first message only tells where the control is.
    """

    at: float | None = None

    def move(self, to: float, present: float | None) -> float | None:
        """Where to go: the same direction as the control, and to an end together with it."""
        before, self.at = self.at, to
        if present is None:
            return to
        if before is None or to == before:
            return None
        if to in (0.0, 1.0):
            return to
        start = min(max(present, 0.0), 1.0)
        if to > before:
            return start + (to - before) * (1.0 - start) / (1.0 - before)
        return start - (before - to) * start / before


@dataclass
class Jumping:
    """Takes hold at once: for motor faders, pads and whoever wants it."""

    def move(self, to: float, present: float | None) -> float | None:
        """Straight there."""
        return to


def machine(kind: Takeover, step: float) -> Machine:
    """A new state machine of a kind, for a control with that finest step."""
    if kind == "cross":
        return Crossing(step)
    return Scaling() if kind == "scale" else Jumping()
