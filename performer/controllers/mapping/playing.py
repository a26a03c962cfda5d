"""One map at work: a gesture becomes the arguments of a message, or nothing."""

import math
from collections.abc import Sequence

from performer.controllers.mapping.echo import Echo
from performer.controllers.mapping.takeover import machine
from performer.controllers.mapping.travel import Travel
from performer.controllers.midi.gestures import Encoding, Gesture, steps
from performer.parameters import Value
from performer.show.knobs import Kind
from performer.show.maps import Led, Map

FINE = (Kind.CC14, Kind.NRPN, Kind.PITCH)  # of 14 bits; the others have 7
SAME = 1e-9  # positions that differ by less are one


def finest(kind: Kind) -> float:
    """A control's smallest step, as part of its travel."""
    return 1 / 16383 if kind in FINE else 1 / 127


class Playing:
    """The state of one map on one device, from one connection on."""

    def __init__(self, written: Map) -> None:
        self.map = written
        self.fitted, self.kind, self.led = written.fitted, written.kind, written.led or Led()
        self.travel = Travel.of(written.fitted, written.invert)
        self.forget()

    def forget(self) -> None:
        """The device is new: nothing is known of where its controls stand."""
        self._takeover = machine(self.fitted.takeover, finest(self.kind))
        self._echo = Echo(self.travel)
        self._last: int | None = None
        self._down = False

    def args(
        self, gesture: Gesture, read: Sequence[Value] | None, now: float
    ) -> tuple[Value, ...] | None:
        """What the gesture plays, given what the address reads now; None: nothing."""
        mode = self.fitted.mode
        if mode == "trigger":
            return self._trigger(gesture)
        present = self._present(read, now)
        if mode == "absolute":
            to = self._absolute(gesture, present)
        elif mode == "relative":
            to = self._relative(gesture, present)
        else:
            to = self._button(gesture, present)
        return None if to is None else self._sent(to, now)

    def told(self, gesture: Gesture) -> None:
        """The control says where it is, and means nothing by it: its motor moved it."""
        self._last = gesture.value
        self._takeover.move(gesture.position, gesture.position)

    def release(self) -> tuple[Value, ...] | None:
        """What is played when a held control goes away: nobody is there to let go of it."""
        held, self._down = self._down and self.fitted.mode == "momentary", False
        return (*self.map.args, self.travel.value(0.0)) if held else None

    def value_in(self, read: Sequence[Value] | None) -> float | None:
        """The number that the map moves, of all that its address reads."""
        place = len(self.map.args)
        if read is None or len(read) <= place:
            return None
        found = read[place]
        return float(found) if isinstance(found, int | float) and math.isfinite(found) else None

    def stands(
        self, read: Sequence[Value] | None, now: float, presets: Sequence[str] = ()
    ) -> float | None:
        """Where the value stands, 0..1 of the control's travel; None where there is none.

        A trigger stands at 1 while its address reads what it sends, or the one of the `presets`
        that it sends by number.
        """
        if self.fitted.mode == "trigger":
            if not read or not self.map.args:
                return 0.0
            return 1.0 if read[0] == self._named(read[0], presets) else 0.0
        if read is None and self.map.address.startswith("/participant/#"):
            return None
        return self._present(read, now)

    def _named(self, read: Value, presets: Sequence[str]) -> Value:
        """The first argument; a number where a preset's name is read: that preset's name."""
        first = self.map.args[0]
        if isinstance(first, str) or not isinstance(read, str):
            return first
        return presets[int(first) - 1] if 1 <= first <= len(presets) else first

    def _present(self, read: Sequence[Value] | None, now: float) -> float | None:
        return self._echo.present(self.value_in(read), now)

    def _sent(self, position: float, now: float) -> tuple[Value, ...]:
        value = self.travel.value(position)
        self._echo.sent(float(value), position, now)
        return (*self.map.args, value)

    def _trigger(self, gesture: Gesture) -> tuple[Value, ...] | None:
        if not self._pressed(gesture):
            return None
        counts = self.fitted.counts
        return (gesture.value + 1, *self.map.args) if counts else self.map.args

    def _absolute(self, gesture: Gesture, present: float | None) -> float | None:
        if gesture.pressed is False:
            return None
        to = self._takeover.move(gesture.position, present)
        if to is None or (present is not None and abs(to - present) < SAME):
            return None
        return to

    def _relative(self, gesture: Gesture, present: float | None) -> float | None:
        coding = Encoding(self.fitted.encoding)
        moved = gesture.steps or steps(coding, gesture.value)
        if present is None or moved == 0:
            return None
        if (present > 1.0 and moved > 0) or (present < 0.0 and moved < 0):
            return None  # further out than this control goes: not pulled back
        to = min(max(present + moved * self.fitted.step, 0.0), 1.0)
        return None if to == present else to

    def _button(self, gesture: Gesture, present: float | None) -> float | None:
        was_down = self._down
        pressed = self._pressed(gesture)
        if self.fitted.mode == "momentary":
            if pressed:
                return 1.0
            return 0.0 if was_down and not self._down else None
        if not pressed:
            return None
        return 0.0 if present is not None and present >= 0.5 else 1.0

    def _pressed(self, gesture: Gesture) -> bool:
        """Whether this is a press. A control that only repeats itself is pressed each time."""
        if self.kind is Kind.PROGRAM:
            return True
        again = gesture.value == self._last
        was_down, self._last = self._down, gesture.value
        enough = gesture.position >= self.fitted.threshold
        self._down = enough and gesture.value > 0 and gesture.pressed is not False
        return self._down and (not was_down or again)
