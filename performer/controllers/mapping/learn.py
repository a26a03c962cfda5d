"""Which control a person means when an address waits to be learnt. Pure: gestures in, one out.

A control counts when it really moves: a key that is pressed, a fader that shows three values or
travels 4 of 127 (a worn one trembles between two), a button that goes all the way and back, an
encoder that repeats its steps (an absolute control never sends one value twice running).
"""

from dataclasses import dataclass, field
from typing import Literal

from performer.controllers.midi.gestures import Gesture
from performer.show.fitting import Coding
from performer.show.knobs import Kind, Knob

TREMBLE = 4 / 127  # of the travel
VALUES = 2  # so many different values may be trembling
TURNS = 3  # messages of an encoder, until it is told from all else

Manner = Literal["fader", "button", "encoder", "key", "program"]

_AHEAD = frozenset({1, 2, 3})
_ENCODED: tuple[tuple[Coding, frozenset[int]], ...] = (
    ("twos", _AHEAD | {125, 126, 127}),
    ("offset", frozenset({61, 62, 63, 65, 66, 67})),
    ("sign", _AHEAD | {65, 66, 67}),
)


@dataclass(frozen=True)
class Found:
    """The control that moved, and how."""

    knob: Knob
    manner: Manner
    value: int
    """Which program, for a program change."""
    encoding: Coding = "twos"


@dataclass
class _Seen:
    values: list[int] = field(default_factory=list[int])
    positions: list[float] = field(default_factory=list[float])

    @property
    def repeats(self) -> bool:
        return any(a == b for a, b in zip(self.values, self.values[1:], strict=False))

    @property
    def travel(self) -> float:
        return max(self.positions) - min(self.positions)


class Learner:
    """Waits for one control."""

    def __init__(self, address: str, since: float) -> None:
        self.address, self.since = address, since
        self._seen: dict[Knob, _Seen] = {}

    def heard(self, gesture: Gesture) -> Found | None:
        """The control, once it has really moved."""
        knob = gesture.knob
        if knob.kind is Kind.PROGRAM:
            return Found(knob, "program", gesture.value)
        if knob.kind is Kind.NOTE:
            return Found(knob, "key", gesture.value) if gesture.pressed else None
        if gesture.steps:
            return Found(knob, "encoder", gesture.value)
        seen = self._seen.setdefault(knob, _Seen())
        if len(seen.values) < 256:
            seen.values.append(gesture.value)
            seen.positions.append(gesture.position)
        return self._moved(knob, seen)

    def _moved(self, knob: Knob, seen: _Seen) -> Found | None:
        last = seen.values[-1]
        coding = _encoding(seen) if knob.kind is Kind.CC else None
        if coding is not None:
            return Found(knob, "encoder", last, coding) if len(seen.values) >= TURNS else None
        if set(seen.positions) == {0.0, 1.0}:
            return Found(knob, "button", last)
        if len(set(seen.values)) > VALUES or seen.travel > TREMBLE:
            return Found(knob, "fader", last)
        return None


def _encoding(seen: _Seen) -> Coding | None:
    """The encoding that all values fit, if they repeat as only an encoder's do."""
    if not seen.repeats:
        return None
    values = set(seen.values)
    return next((c for c, own in _ENCODED if values <= own and values != {127}), None)
