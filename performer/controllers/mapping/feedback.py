"""What goes back to a control: its light, or its motor's place. Rate, hold-off and echoes.

A device, or a port that loops back, may send what it was told: that must not play.
`Face.echoes` knows what was told lately. Nothing here knows what a value means.
"""

from collections import deque
from dataclasses import dataclass, field

from performer.controllers.mapping.playing import FINE
from performer.controllers.midi.gestures import CENTRE, FINEST
from performer.show.knobs import Kind, Knob
from performer.show.maps import Led

RATE = 30.0  # per second and control
HAND = 0.3  # s after which a hand has surely left a control
TRAVEL = 0.3  # s that a motor takes over its way at most
RETURN = 0.1  # s in which a port that loops back returns a light's message
COARSE = 16  # of 16383: a fader that measures itself with 10 bits


@dataclass(frozen=True)
class Signal:
    """One message to a device: `value` in the units of the knob's own messages."""

    device: str
    knob: Knob
    value: int


def raw(kind: Kind, position: float) -> int:
    """A position 0..1 as the control itself would send it."""
    if kind is Kind.PITCH:  # its centre is exactly in the middle, as gestures.bend reads it
        upper = CENTRE + (position - 0.5) * 2.0 * (FINEST - CENTRE)
        return round(position * 2.0 * CENTRE if position <= 0.5 else upper)
    return round(position * (FINEST if kind in FINE else 127))


def light(led: Led, position: float | None, waiting: bool) -> int:
    """What a light shows for a value at `position`, None: there is none."""
    if waiting and led.blink is not None:
        return led.blink
    if position is None:
        return led.off if led.absent is None else led.absent
    return led.on if position >= 0.5 else led.off


@dataclass
class Face:
    """One control's outside: what it shows, and when a hand was on it."""

    kind: Kind
    motor: bool
    fader: bool = False
    """Whether its positions are values: a hand on it may well come by a light's number."""
    shown: int | None = None
    """None: not known."""
    channel: int | None = None
    """The one that the control was last heard on."""
    _sent_at: float = float("-inf")
    _touched: float = float("-inf")
    _again: bool = False
    _target: int = 0
    _told: deque[tuple[float, int, int]] = field(
        default_factory=lambda: deque[tuple[float, int, int]](maxlen=64)
    )
    _lit: deque[tuple[float, int]] = field(
        default_factory=lambda: deque[tuple[float, int]](maxlen=8)
    )

    @property
    def slack(self) -> int:
        """What a control may be off from where it was sent."""
        return COARSE if self.kind in FINE else 0

    def touched(self, value: int, now: float) -> None:
        """A hand is on the control."""
        self._touched, self._again = now, True
        if self.motor:
            self.shown = value

    def echoes(self, value: int, now: float) -> bool:
        """Whether no hand has brought the control there: its motor has, or it returns its light.

        A motor's place is remembered.
        """
        if not self.motor:
            return self._returned(value, now)
        while self._told and now - self._told[0][0] > TRAVEL:
            self._told.popleft()
        if not any(low - self.slack <= value <= high + self.slack for _, low, high in self._told):
            return False
        if abs(value - self._target) <= self.slack:
            self._told.clear()
            self._told.append((now, self._target, self._target))
            self.shown, self._touched = self._target, float("-inf")
        else:
            self.shown, self._touched = value, now  # on its way: look again when it is still
        return True

    def _returned(self, value: int, now: float) -> bool:
        """Whether a light's own message comes back: once for each that was sent.

        Zero is let through: it lets go, which plays nothing that the light does not show already.
        """
        if value == 0 or (self.fader and now - self._touched < HAND):
            return False
        while self._lit and now - self._lit[0][0] > RETURN:
            self._lit.popleft()
        sent = next((one for one in self._lit if one[1] == value), None)
        if sent is None:
            return False
        self._lit.remove(sent)
        return True

    def due(self, wanted: int, now: float) -> bool:
        """Whether the control is to be sent there now; it then counts as sent."""
        if now - self._sent_at < 1.0 / RATE:
            return False
        if now - self._touched >= HAND and self._again:
            self._again = False
            if not self.motor:
                self.shown = None  # devices light their own buttons while they are held
        if self.motor and now - self._touched < HAND:
            return False
        if self.shown is not None and abs(wanted - self.shown) <= (self.slack if self.motor else 0):
            return False
        before = wanted if self.shown is None else self.shown
        low, high = (0, FINEST) if self.shown is None else sorted((before, wanted))
        self._told.append((now, low, high))
        self._lit.append((now, wanted))
        self.shown, self._target, self._sent_at = wanted, wanted, now
        return True
