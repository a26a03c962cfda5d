"""From MIDI messages to gestures: pairs of 7 bits, NRPN, notes. The state of one port.

Which controllers are the halves of pairs only the map knows; all others are told at once, as they
came. Registered parameters (RPN) are a synthesiser's own business and ignored.
"""

from collections.abc import Callable, Collection
from typing import Any

from mido import Message

from performer.controllers.midi.gestures import FINEST, Gesture, Kind, Knob, bend
from performer.controllers.midi.pairs import Pair

DATA, DATA_LSB, INCREMENT, DECREMENT = 6, 38, 96, 97
NRPN_LSB, NRPN_MSB, RPN_LSB, RPN_MSB = 98, 99, 100, 101
SELECTING = frozenset((NRPN_LSB, NRPN_MSB, RPN_LSB, RPN_MSB))
DATAS = frozenset((DATA, DATA_LSB, INCREMENT, DECREMENT))
NULL = 16383  # the parameter number that selects none
MOST_NRPN = 1024  # values kept; a hostile stream must not grow the desk


class Assembler:
    """Turns one port's messages into gestures. `feed` raises for no sequence of them.

    `knobs` are those that the port's map uses: its `cc14` say which controllers are pairs, and a
    plain `cc` of the numbers that MIDI keeps for NRPN (6, 38, 96..101) is a control like any other.
    """

    def __init__(self, knobs: Collection[Knob] = ()) -> None:
        self._pairs: dict[Knob, Pair] = {}
        self._selected: dict[int, dict[int, int] | None] = {}
        self.use(knobs)

    def use(self, knobs: Collection[Knob]) -> None:
        """The map has changed: these are the knobs it uses now."""
        self._wide = {k for k in knobs if k.kind is Kind.CC14}
        self._plain = {(k.channel, k.number) for k in knobs if k.kind is Kind.CC}

    def feed(self, message: Message) -> Gesture | None:
        """What one message moved, if anything."""
        m: Any = message  # mido sets a message's attributes when it makes it
        if m.type == "control_change":
            return self._controller(m.channel + 1, m.control, m.value)
        told = PLAIN.get(m.type)
        return told(m) if told is not None else None

    def settle(self) -> list[Gesture]:
        """To be called 30 to 60 times a second: what waited in vain for its other half."""
        found = [(knob, pair.settle()) for knob, pair in self._pairs.items()]
        return [_fine(knob, value) for knob, value in found if value is not None]

    def _controller(self, channel: int, number: int, value: int) -> Gesture | None:
        for upper in (number, number - 32):
            if (wide := Knob(Kind.CC14, channel, upper)) in self._wide:
                pair = self._pair(wide)
                half = pair.upper if upper == number else pair.lower
                return _told(wide, half(value))
        if (channel, number) not in self._plain:
            if number in SELECTING:
                self._select(channel, number, value)
                return None
            if number in DATAS and channel in self._selected:
                return self._data(channel, number, value)
        return Gesture(Knob(Kind.CC, channel, number), value / 127.0, value)

    def _select(self, channel: int, number: int, value: int) -> None:
        """One half of a parameter's number; a registered one (RPN) selects none of ours."""
        if number in (RPN_LSB, RPN_MSB):
            self._selected[channel] = None
            return
        halves = self._selected.get(channel) or {}
        self._selected[channel] = {**halves, number: value}

    def _data(self, channel: int, number: int, value: int) -> Gesture | None:
        halves = self._selected[channel]
        if halves is None or len(halves) < 2:
            return None
        if (parameter := halves[NRPN_MSB] << 7 | halves[NRPN_LSB]) == NULL:
            return None
        knob = Knob(Kind.NRPN, channel, parameter)
        pair = self._pair(knob)
        if number in (DATA, DATA_LSB):
            return _told(knob, pair.upper(value) if number == DATA else pair.lower(value))
        by = 1 if number == INCREMENT else -1
        return _fine(knob, pair.step(by), by)

    def _pair(self, knob: Knob) -> Pair:
        if knob not in self._pairs:
            if len(self._pairs) >= MOST_NRPN:
                self._pairs.clear()
            self._pairs[knob] = Pair()
        return self._pairs[knob]


def _told(knob: Knob, value: int | None) -> Gesture | None:
    return None if value is None else _fine(knob, value)


def _fine(knob: Knob, value: int, by: int = 0) -> Gesture:
    return Gesture(knob, value / FINEST, value, steps=by)


def _note_on(m: Any) -> Gesture:
    knob = Knob(Kind.NOTE, m.channel + 1, m.note)
    return Gesture(knob, m.velocity / 127.0, m.velocity, pressed=m.velocity > 0)


def _note_off(m: Any) -> Gesture:
    return Gesture(Knob(Kind.NOTE, m.channel + 1, m.note), 0.0, 0, pressed=False)


def _poly(m: Any) -> Gesture:
    return Gesture(Knob(Kind.POLY, m.channel + 1, m.note), m.value / 127.0, m.value)


def _pressure(m: Any) -> Gesture:
    return Gesture(Knob(Kind.PRESSURE, m.channel + 1), m.value / 127.0, m.value)


def _program(m: Any) -> Gesture:
    return Gesture(Knob(Kind.PROGRAM, m.channel + 1), m.program / 127.0, m.program)


def _pitch(m: Any) -> Gesture:
    value = m.pitch + 8192
    return Gesture(Knob(Kind.PITCH, m.channel + 1), bend(value), value)


PLAIN: dict[str, Callable[[Any], Gesture]] = {
    "note_on": _note_on, "note_off": _note_off, "polytouch": _poly, "aftertouch": _pressure,
    "program_change": _program, "pitchwheel": _pitch,
}  # fmt: skip
"""Messages that are a gesture by themselves, by mido's names."""
