"""MIDI without hardware and for real: JACK's dummy server, devices that are pulled and plugged."""

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest
from mido import Message

from performer.controllers.mapping.mapper import Mapper
from performer.controllers.midi.midi import Midi
from performer.parameters import Value
from tests.controllers.mapping.hands import Desk, controllers

from .jack import Jack, settle
from .midi_devices import Device, lines, wired
from .nights import wait

NAME = "Desk Fader MIDI 1"
OUT = f"{NAME}:out"
MAPS = 'control = "cc 0"\naddress = "/resonance"\ntakeover = "jump"\nfeedback = "value"'


def cc(value: int) -> Message:
    return Message("control_change", control=0, value=value)


class Rig:
    """A server, devices, and MIDI in a loop of its own thread, from before there is any server."""

    def __init__(self, jack: Jack, folder: Path) -> None:
        self.jack, self.devices = jack, list[Device]()
        self.desk = Desk(resonance=0.5)

        def say(address: str, args: Sequence[Value]) -> None: ...

        self.mapper = Mapper(self.desk, controllers(folder, MAPS), say)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.midi = Midi(self.desk, self.mapper, "JACK")
        asyncio.run_coroutine_threadsafe(self.midi.start(), self.loop).result(5)
        wait("the process runs", self.pid)

    def plug(self) -> Device:
        """Plugs the device in, and waits until it is open in both directions."""
        self.devices.append(Device(self.jack, NAME))
        self.here()
        return self.devices[-1]

    def here(self, device: bool = True) -> None:
        """Waits until the device is open, or is not."""
        wait("it is there" if device else "it has gone",
             lambda: (NAME in self.midi.devices) == device)  # fmt: skip
        if device:
            for end in (OUT, f"{NAME}-01:in"):
                wait(f"{end} is connected", lambda end=end: wired(self.jack, end), 5.0)

    def plays(self) -> None:
        """Waits until what the device sends is played. JACK loses some of it while it is busy."""
        self.desk.played.clear()
        values = iter(range(1, 128))

        def played() -> bool:
            self.devices[-1].send([cc(next(values))])
            settle(0.1)
            return bool(self.desk.played)

        wait("it is played", played, 5.0)

    def pid(self) -> int:
        """The process that holds the ports."""
        ports = self.midi._ports  # pyright: ignore[reportPrivateUsage]
        process = ports._process if ports else None  # pyright: ignore[reportPrivateUsage]
        return process.pid if process else 0

    def ours(self) -> list[str]:
        """The server's ports that are ours."""
        return [p for p in lines(self.jack) if p.startswith("Performer")]

    def close(self) -> None:
        """Ends MIDI, then the loop, then devices and server."""
        self.loop.call_soon_threadsafe(self.midi.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()
        for device in self.devices:
            device.unplug()
        self.jack.stop(signal.SIGKILL)  # asked to end, it waits for a client that was killed


@pytest.fixture(scope="module")
def rig(folder: Path) -> Iterator[Rig]:
    # JACK drops what a client that has no real-time priority reads a period too late
    jack = Jack(folder, name="midi", period=1024)
    jack.stop()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in jack.environment.items():
            patch.setenv(name, value)
        one = Rig(jack, folder)
        yield one
        one.close()


def test_a_server_that_starts_after_us_is_found(rig: Rig) -> None:
    assert rig.midi.devices == ()
    rig.jack.start()
    rig.plug()
    assert rig.midi.devices == (NAME,)


def test_five_hundred_control_changes_arrive(rig: Rig) -> None:
    before = rig.midi.received
    values = [*(n % 128 for n in range(499)), 23]
    rig.devices[-1].send([cc(v) for v in values])
    wait("all of them", lambda: rig.midi.received >= before + 500, 5.0)
    assert rig.midi.received == before + 500
    assert rig.desk.heard[-1] == ("/resonance", (pytest.approx(23 / 127),))


def test_a_device_shows_what_it_did_not_set(rig: Rig) -> None:
    rig.desk.values["/resonance"] = (1.0,)
    wait("it is told", lambda: [0xB0, 0, 127] in rig.devices[-1].got, 5.0)


def test_its_clock_is_a_tempo(rig: Rig) -> None:
    rig.desk.played.clear()
    rig.devices[-1].send([Message("start"), *[Message("clock")] * 96], every=60 / 125 / 24)
    wait("it stops", lambda: ("/clock/stop", ()) in rig.desk.heard, 5.0)
    clocks = [args for address, args in rig.desk.heard if address == "/clock"]
    tempo = median(float(str(args[0])) for args in clocks)
    beats = float(str(clocks[-1][1]))
    print(f"\nclock of 125 BPM by JACK: {tempo:.2f} BPM")
    assert tempo == pytest.approx(125.0, rel=0.05)
    assert 3.0 < beats < 6.2  # it went on by itself until the time-out
    assert len(clocks) < 30 * 5


def test_a_lead_that_is_pulled_and_put_back_needs_no_new_port(rig: Rig) -> None:
    ours = wired(rig.jack, OUT)
    assert len(ours) == 1
    for done in ("jack_disconnect", "jack_connect"):
        subprocess.run([done, OUT, ours[0]], check=True, capture_output=True, timeout=5)
    rig.plays()
    assert wired(rig.jack, OUT) == ours


def test_our_own_ports_are_never_opened(rig: Rig) -> None:
    assert rig.midi.devices == (NAME,)
    ours = [p for p in rig.ours() if p.endswith((":in", ":out"))]
    others = [p for one in ours for p in wired(rig.jack, one)]
    assert sorted(others) == [f"{NAME}-01:in", OUT]


def test_an_unplugged_device_comes_back(rig: Rig) -> None:
    rig.devices[-1].unplug()
    rig.here(False)
    assert rig.desk.left[-1].key == f"midi {NAME}"
    rig.plug()
    rig.plays()


def test_a_server_that_dies_and_comes_back_costs_a_few_seconds_of_midi(rig: Rig) -> None:
    rig.jack.stop(signal.SIGKILL)
    rig.devices[-1].process.kill()
    rig.here(False)
    rig.jack.start()
    rig.plug()
    rig.plays()


def test_a_killed_process_is_replaced(rig: Rig) -> None:
    before = rig.pid()
    os.kill(before, signal.SIGKILL)
    rig.here(False)
    rig.here()
    assert rig.pid() != before
    rig.plays()


def test_closing_lets_go_of_every_port(rig: Rig) -> None:
    rig.loop.call_soon_threadsafe(rig.midi.close)
    wait("no port of ours", lambda: not rig.ours(), 5.0)
