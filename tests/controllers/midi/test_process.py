"""Ports that come and go, on a MIDI system that is made up; and when messages came."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from performer.controllers.midi import driver as drivers
from performer.controllers.midi.driver import Driver, NoMidiError, Stamps
from performer.controllers.midi.process import Ports
from performer.controllers.midi.wire import Gone, Heard, Here, Lines, Send, Told, line


class LostError(Exception):
    """What a port that has gone raises."""


@dataclass
class Port:
    """An open port."""

    name: str
    sent: list[bytes] = field(default_factory=list[bytes])
    closed: bool = False

    def send(self, data: bytes) -> None:
        if self.closed:
            raise LostError
        self.sent.append(data)

    def heard(self) -> list[tuple[float, bytes]]:
        return [(1.0, b"\x90\x00\x01")]

    def close(self) -> None:
        self.closed = True


@dataclass
class System:
    """A MIDI system whose ports tests plug and unplug."""

    there: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    busy: set[str] = field(default_factory=set[str])
    opened: list[Port] = field(default_factory=list[Port])
    numbered: bool = False
    errors: tuple[type[Exception], ...] = (LostError,)

    def plug(self, *names: str) -> None:
        for name in names:
            for ports in self.there:
                ports.append(name)

    def unplug(self, name: str) -> None:
        for ports in self.there:
            ports.remove(name)

    def inputs(self) -> list[str]:
        return list(self.there[0])

    def outputs(self) -> list[str]:
        return list(self.there[1])

    def open_input(self, port: str) -> Port:
        return self.open_output(port)

    def open_output(self, port: str) -> Port:
        if port in self.busy:
            raise LostError
        self.opened.append(Port(port))
        return self.opened[-1]


def rig() -> tuple[System, Ports, list[Told]]:
    system, told = System(), list[Told]()
    made_up: Any = system
    return system, Ports(made_up, told.append), told


def test_a_device_is_opened_once_and_again_when_it_comes_back() -> None:
    system, ports, told = rig()
    system.plug("Fader:Fader 20:0", "Midi Through:Midi Through Port-0 14:0", "Performer:in 129:0")
    ports.look()
    ports.look()
    assert told == [Here("Fader:Fader")]
    assert len(system.opened) == 2  # it is heard and sent to
    system.unplug("Fader:Fader 20:0")
    ports.look()
    assert told[1:] == [Gone("Fader:Fader")]
    assert all(p.closed for p in system.opened)
    system.plug("Fader:Fader 24:0")
    ports.look()
    assert told[2:] == [Here("Fader:Fader")]


def test_a_device_that_was_replugged_between_two_looks_is_opened_anew() -> None:
    system, ports, told = rig()
    system.plug("Fader:Fader 20:0")
    ports.look()
    system.unplug("Fader:Fader 20:0")
    system.plug("Fader:Fader 24:0")
    ports.look()
    assert told == [Here("Fader:Fader")] * 2
    assert [p.name for p in system.opened if not p.closed] == ["Fader:Fader 24:0"] * 2


def test_a_busy_port_is_tried_again_and_disturbs_no_other() -> None:
    system, ports, told = rig()
    system.plug("A 20:0", "B 24:0")
    system.busy = {"A 20:0"}
    ports.look()
    assert told == [Here("B")]
    system.busy = set()
    ports.look()
    assert told == [Here("B"), Here("A")]


def test_what_is_heard_is_told_with_its_device() -> None:
    system, ports, told = rig()
    system.plug("A 20:0")
    ports.look()
    ports.hear()
    assert told[1:] == [Heard("A", 1.0, b"\x90\x00\x01")]


def test_sending_reaches_the_device_and_survives_its_loss() -> None:
    system, ports, _ = rig()
    system.plug("A 20:0")
    ports.look()
    ports.send("A", (b"\x90\x00\x01", b"\x90\x01\x01"))
    ports.send("nobody", (b"\x90\x00\x01",))
    assert system.opened[1].sent == [b"\x90\x00\x01", b"\x90\x01\x01"]
    system.opened[1].closed = True
    ports.send("A", (b"\x90\x00\x02",))


def test_lines_come_whole_however_they_were_cut() -> None:
    sent = [line(Send("a\n", (b"\n\x90",))), line(Here("ü"))]
    lines, found = Lines(), list[bytes]()
    for byte in b"".join(sent):
        found += lines.feed(bytes([byte]))
    assert [f + b"\n" for f in found] == sent


def test_messages_keep_the_drivers_own_times() -> None:
    stamps = Stamps()
    heard = [10.0, 10.031, 10.031, 10.031, 10.04]  # a burst, heard late
    since = [0.0, 0.01, 0.01, 0.01, 0.01]
    found = [stamps.of(s, now) for s, now in zip(since, heard, strict=True)]
    assert found == pytest.approx([10.0, 10.01, 10.02, 10.03, 10.04], abs=0.001)
    assert stamps.of(0.01, 20.0) == 20.0  # a driver whose clock stood still


class NoSystem:
    """An rtmidi with one MIDI system, which does not run."""

    API_LINUX_ALSA, API_UNIX_JACK, API_MACOSX_CORE, API_WINDOWS_MM = 1, 2, 3, 4
    RtMidiError = LostError

    def get_compiled_api(self) -> list[int]:
        return [1, 2]

    def MidiIn(self, api: int, name: str) -> None:  # noqa: N802 - rtmidi's own name
        raise LostError


def test_without_a_midi_system_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "_imported", NoSystem)
    with pytest.raises(NoMidiError, match="no MIDI: its system does not answer"):
        Driver()
    with pytest.raises(NoMidiError, match="no MIDI: UNIX_JACK does not answer"):
        Driver("UNIX_JACK")
