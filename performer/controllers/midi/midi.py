"""All of MIDI for the desk: what devices say becomes gestures for the mapper, and clock for all.

port → process.py ─pipe→ ports.Ports → assembly.Assembler → mapping.Mapper → Player
                                     → leading.Leading (clock) → Player
port ← process.py ←pipe─ ports.Ports ← sending.written   ← mapping.Mapper.feedback
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mido import Message

from performer.controllers.mapping.mapper import Mapper
from performer.controllers.midi.assembly import Assembler
from performer.controllers.midi.gestures import Gesture, Knob
from performer.controllers.midi.leading import Leading
from performer.controllers.midi.ports import News, Ports, command, wanted_system
from performer.controllers.midi.sending import written
from performer.controllers.midi.wire import Gone, Heard
from performer.controllers.senders import Player
from performer.parameters import Value
from performer.parameters.patterns import is_pattern

log = logging.getLogger("performer.midi")

TICK = 1.0 / 60.0  # s between two looks at what is to be sent
FLOOD = 64  # gestures in one batch, from which on a fader's newest one is enough


class Port:
    """A device as the desk's `Sender`. MIDI has no words: replies go nowhere."""

    def __init__(self, device: str) -> None:
        self.device, self.key, self.host = device, f"midi {device}", ""

    def reply(self, address: str, args: Sequence[Value]) -> None:
        """Drops it: lights and motors show what values are."""


@dataclass
class Device:
    """One device that is there, and what is known of its messages."""

    port: Port
    assembler: Assembler = field(default_factory=Assembler)
    faders: frozenset[Knob] = frozenset()
    """Whose newest position says all."""
    patterns: frozenset[Knob] = frozenset()
    """Those of them that move many values at once."""


class Midi:
    """Every MIDI device of this machine, played on `player` as `mapper` says.

    `system` is the MIDI system (`ALSA`, `JACK`, …; empty: by MIDO_BACKEND, or the first that
    works). `argv` starts the process that holds the ports.
    """

    def __init__(
        self, player: Player, mapper: Mapper, system: str = "", argv: Sequence[str] = ()
    ) -> None:
        self.player, self.mapper = player, mapper
        self.received = 0
        self._argv = argv or command(wanted_system(system))
        self._devices: dict[str, Device] = {}
        self._leading = Leading()
        self._version = mapper.version
        self._ports: Ports | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that are here, by name."""
        return tuple(self._devices)

    async def start(self) -> None:
        """Begins to look for devices; returns at once, and fails for no lack of MIDI."""
        self._ports = Ports(self.take, self._argv)
        self._ports.start()
        self._tick()

    def close(self) -> None:
        """Lets go of all ports."""
        if self._timer is not None:
            self._timer.cancel()
        if self._ports is not None:
            self._ports.close()

    # ---- in -------------------------------------------------------------------------------

    def take(self, news: Sequence[News], heard: Sequence[Heard]) -> None:
        """What came from the ports: devices first, then messages in the order they came."""
        for one in news:
            (self._gone if isinstance(one, Gone) else self._here)(one.device)
        self.received += len(heard)
        moved: list[tuple[Device, Gesture, float]] = []
        for one in heard:
            device = self._devices.get(one.device)
            gesture = self._gesture(device, one) if device is not None else None
            if device is not None and gesture is not None:
                moved.append((device, gesture, one.at))
        for device, gesture, at in self._newest(moved, flood=len(moved) >= FLOOD):
            self.mapper.moved(device.port.device, gesture, at)

    def _here(self, name: str) -> None:
        device = self._devices.get(name)
        if device is None:
            device = self._devices[name] = Device(Port(name))
        title = self.mapper.connected(name, device.port, time.monotonic())
        self._learn_knobs(name, device)
        log.info("MIDI device %s: %s", name, title)

    def _gone(self, name: str) -> None:
        device = self._devices.pop(name, None)
        if device is not None:
            log.info("MIDI device %s is gone", name)
            self._leading.gone(name)
            self.mapper.gone(name)
            self.player.gone(device.port)

    def _learn_knobs(self, name: str, device: Device) -> None:
        """What the device's maps say of its knobs."""
        device.assembler.use(self.mapper.knobs(name))
        maps = self.mapper.controllers.of(name).maps
        faders = [m for m in maps if m.fitted.mode == "absolute"]
        device.faders = frozenset(k for m in faders for k in m.knobs())
        device.patterns = frozenset(k for m in faders if is_pattern(m.address) for k in m.knobs())

    def _gesture(self, device: Device, heard: Heard) -> Gesture | None:
        try:
            message: Any = Message.from_bytes(heard.data)
        except (ValueError, LookupError, TypeError):  # half a message, or none
            return None
        value = message.pos if message.type == "songpos" else 0
        if self._leading.heard(device.port.device, message.type, value, heard.at):
            return None
        return device.assembler.feed(message)

    def _newest(
        self, moved: list[tuple[Device, Gesture, float]], flood: bool
    ) -> list[tuple[Device, Gesture, float]]:
        """Without those positions of faders that were passed meanwhile.

        All faders in a flood, else those on patterns, each of whose positions costs many values.
        Presses and encoders' steps all count, and whoever learns must hear everything.
        """
        if self.mapper.waiting:
            return moved
        last = {(d.port.device, g.knob): n for n, (d, g, _) in enumerate(moved)}
        return [
            (d, g, at) for n, (d, g, at) in enumerate(moved)
            if g.knob not in (d.faders if flood else d.patterns) or last[d.port.device, g.knob] == n
        ]  # fmt: skip

    # ---- out ------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)
        now = time.monotonic()
        if self._ports is not None:
            self._ports.watch()
        self.look(now)

    def look(self, now: float) -> None:
        """Plays what waited for its time, and sends what devices are to show."""
        for name, device in self._devices.items():
            for gesture in device.assembler.settle():
                self.mapper.moved(name, gesture, now)
        self._say_clock(now)
        if self.mapper.version != self._version:
            self._version = self.mapper.version
            for name, device in self._devices.items():
                self._learn_knobs(name, device)
        for signal in self.mapper.feedback(now):
            data = written(signal.knob, signal.value)
            if self._ports is not None:
                self._ports.send(signal.device, signal.knob, data)

    def _say_clock(self, now: float) -> None:
        leader = self._leading.leader
        said = self._leading.say(now)
        if said is not None:
            self.player.play(Port(self._leading.leader or leader), *said)
