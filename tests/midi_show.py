"""The whole of luna-circle as a Standard MIDI File: what a performer does on any controller.

The file is written through the controller map for devices that nobody knows, so it says what that
map says and nothing is listed twice. A file holds no clock: it has markers `start` and `stop`, and
whoever plays it sends the clock between them, as sequencers do.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import mido

from performer.show.controllers import load_controllers
from performer.show.knobs import Kind
from performer.show.maps import Map
from performer.show.shows import load_show

PULSES = 480  # of the file per beat
BPM = 100.0  # of the file, and so of its clock
TAPPED = 120.0  # BPM
PRESET = 6  # of the show's, counted from 1
MARGIN = 20.0  # s before a phase would end of itself, in which GO comes
CONDENSED = 5.6  # s of every phase
STEP = 0.02  # s between two messages of a fader that moves
SWEEP = 0.5  # s in which a hand takes a fader from end to end

REAL_TIME = {"clock": b"\xf8", "start": b"\xfa", "stop": b"\xfc"}
NOTE_ON, PROGRAM = 0x90, 0xC0  # the high half of the status

Timed = tuple[float, mido.Message | mido.MetaMessage]


@dataclass(frozen=True)
class Moved:
    """A fader goes to `raw` of 127, past the value it has: so it takes hold however it does."""

    at: float
    address: str
    raw: int
    seconds = 3.0 * SWEEP

    @property
    def value(self) -> float:
        """Where the fader of the tree is then, 0..1."""
        return self.raw / 127.0


@dataclass(frozen=True)
class Pressed:
    """A button is pressed, and let go."""

    at: float
    address: str


@dataclass(frozen=True)
class Chosen:
    """A program change, counted from 1 as people do."""

    at: float
    number: int


@dataclass(frozen=True)
class Marked:
    """The sequencer's clock starts or stops."""

    at: float
    text: str


Deed = Moved | Pressed | Chosen | Marked


@dataclass(frozen=True)
class Night:
    """One length of the show: when each phase comes, and everything that is done."""

    lengths: tuple[float, ...]
    """Seconds from each phase to the next, the last to the end."""

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """When each phase comes, s: the first is on anyway, the others by GO."""
        return tuple(1.0 + sum(self.lengths[:i]) for i in range(len(self.lengths)))

    @property
    def seconds(self) -> float:
        """How long all of it is."""
        return 1.0 + sum(self.lengths)

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """All that is done, in order."""
        going = [Pressed(at, "/go") for at in self.starts[1:]]
        return tuple(sorted([*going, *self._hands()], key=lambda deed: deed.at))

    def _hands(self) -> Iterator[Deed]:
        ritual, descent, convergence, dream, waking = (self._in(i) for i in range(5))
        yield Moved(ritual(0.1), "/volume", 95)
        yield Moved(ritual(0.4), "/resonance", 60)
        yield Moved(ritual(0.7), "/macro/1", 76)
        yield Marked(descent(0.1), "start")
        yield Moved(descent(0.6), "/individuality", 64)
        yield Pressed(convergence(0.15), "/participant/#3/solo")
        yield Moved(convergence(0.3), "/coupling", 115)
        yield Pressed(convergence(0.6), "/participant/#3/solo")
        yield Marked(convergence(0.7), "stop")
        yield from (Pressed(dream(0.1) + i * 60.0 / TAPPED, "/tap") for i in range(5))
        yield Chosen(dream(0.68), PRESET)
        yield Moved(dream(0.7), "/macro/2", 38)
        yield Moved(waking(0.1), "/brightness", 70)
        yield Pressed(waking(0.4), "/panic")
        yield Moved(waking(0.6), "/volume", 0)

    def _in(self, phase: int) -> "_Place":
        return _Place(self.starts[phase], self.lengths[phase])


@dataclass(frozen=True)
class _Place:
    start: float
    length: float

    def __call__(self, part: float) -> float:
        return self.start + part * self.length


def whole() -> Night:
    """The show's own length: every GO comes a little before its phase would of itself."""
    return Night(tuple(phase.seconds - MARGIN for phase in load_show("luna-circle").show.phase))


def condensed(seconds: float = CONDENSED) -> Night:
    """The same gestures, phases of a few seconds."""
    return Night((seconds,) * len(load_show("luna-circle").show.phase))


# ---- to MIDI --------------------------------------------------------------------------------


@dataclass
class Surface:
    """A controller under somebody's hands: what plays each address, and where its faders are."""

    maps: Mapping[str, Map]
    faders: dict[str, int] = field(default_factory=dict[str, int])

    @staticmethod
    def generic() -> "Surface":
        """What plays the instrument if nobody knows it."""
        base = load_controllers().of("").base
        assert base is not None, "no controller file is for devices without one"
        return Surface({m.address: m for m in reversed(base.controller.map)})

    def messages(self, deed: Deed) -> Iterator[Timed]:
        """What the controller sends, each message with its second."""
        if isinstance(deed, Moved):
            return self._moved(deed)
        if isinstance(deed, Pressed):
            return self._pressed(deed)
        if isinstance(deed, Chosen):
            return iter([(deed.at, mido.Message("program_change", channel=self._channel("/preset"),
                                                program=deed.number - 1))])  # fmt: skip
        return iter([(deed.at, mido.MetaMessage("marker", text=deed.text))])

    def _channel(self, address: str) -> int:
        return (self.maps[address].channel or 1) - 1

    def _moved(self, deed: Moved) -> Iterator[Timed]:
        """From where the fader is to one end, to the other, and where it is to be."""
        here, time = self.faders.get(deed.address, 0), deed.at
        self._fits(deed.address)
        for goal in (0, 127, deed.raw):
            steps = max(1, round(abs(goal - here) / 127.0 * SWEEP / STEP))
            for i in range(1, steps + 1):
                raw = round(here + (goal - here) * i / steps)
                yield time, self._cc(deed.address, raw)
                time += STEP
            here = goal
        self.faders[deed.address] = here

    def _fits(self, address: str) -> None:
        """Faders here are plain: a position is a value."""
        fitted = self.maps[address].fitted
        found = (self.maps[address].kind, fitted.mode, fitted.low, fitted.high, fitted.curve)
        assert found == (Kind.CC, "absolute", 0.0, 1.0, "linear"), f"{address}: {found}"

    def _pressed(self, deed: Pressed) -> Iterator[Timed]:
        one, channel = self.maps[deed.address], self._channel(deed.address)
        if one.kind is Kind.CC:
            yield deed.at, self._cc(deed.address, 127)
            yield deed.at + 0.1, self._cc(deed.address, 0)
            return
        assert one.kind is Kind.NOTE, f"{deed.address} is no button"
        yield deed.at, mido.Message("note_on", channel=channel, note=one.number, velocity=100)
        yield deed.at + 0.1, mido.Message("note_off", channel=channel, note=one.number)

    def _cc(self, address: str, raw: int) -> mido.Message:
        return mido.Message("control_change", channel=self._channel(address),
                            control=self.maps[address].number, value=raw)  # fmt: skip


def written(night: Night) -> mido.MidiFile:
    """The file: one track, one tempo."""
    surface = Surface.generic()
    timed = [pair for deed in night.deeds for pair in surface.messages(deed)]
    timed.append((night.seconds, mido.MetaMessage("end_of_track")))
    track = mido.MidiTrack([
        mido.MetaMessage("track_name", name="Luna Circle, played by hand"),
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(BPM)),
    ])  # fmt: skip
    last = 0
    for second, message in sorted(timed, key=lambda pair: pair[0]):
        tick = round(second * BPM / 60.0 * PULSES)
        track.append(message.copy(time=tick - last))
        last = tick
    return mido.MidiFile(ticks_per_beat=PULSES, tracks=[track])


def performed(file: mido.MidiFile) -> list[tuple[float, bytes]]:
    """All that a port is sent, the clock included, each message with its second."""
    sent: list[tuple[float, bytes]] = []
    second, beat, since = 0.0, 0.5, 0.0
    for message in cast("Iterable[Any]", file):  # in the order of time, with seconds
        second += float(message.time)
        if message.type == "set_tempo":
            beat = int(message.tempo) / 1e6
        elif message.type == "marker":
            sent.append((second, REAL_TIME[str(message.text)]))
            if message.text == "stop":
                sent += _pulses(since, second, beat)
            since = second
        elif not message.is_meta:
            sent.append((second, bytes(message.bin())))
    return sorted(sent, key=lambda pair: pair[0])


def _pulses(start: float, stop: float, beat: float) -> Iterator[tuple[float, bytes]]:
    """24 in every beat of so many seconds."""
    step = beat / 24.0
    for i in range(int((stop - start) / step)):
        yield start + i * step, REAL_TIME["clock"]
