"""The MIDI process: a child of the desk that holds every MIDI port, and nothing else.

A process of its own because rtmidi calls the MIDI system with Python's lock held: closing a port
while a callback runs, or while a JACK server is stopped, hung for good, and a client of a dead JACK
server crashed. Here that costs a second of MIDI; in the desk it would cost all control.
It ends when the desk does, and starts afresh (the desk sees to it) when its MIDI system has died.
"""

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from performer.controllers.midi.driver import Driver, Input, NoMidiError, Output
from performer.controllers.midi.naming import devices
from performer.controllers.midi.wire import SEND, Alive, Gone, Heard, Here, Lines, Told, line
from performer.priority import come_first

LOOK = 1.0  # s between two looks for ports
RETRY = 5.0  # s between two looks for a MIDI system
HUNG = 12.0  # s without a look after which the process ends itself, with nobody there to do it
LAST = 2.0  # s for closing all ports
MOST = 1 << 16  # lines that may wait for a desk that is busy; the oldest go first

POLL = 0.002  # s between two looks for messages

Tell = Callable[[Told], None]

P = TypeVar("P", Input, Output)
Opened = dict[str, tuple[str, P]]
"""Devices, their port's name and the open port."""


class Ports:
    """All ports of a system, opened as they come. `look` once a second, `hear` all the time."""

    def __init__(self, driver: Driver, tell: Tell) -> None:
        self._driver, self._tell = driver, tell
        self._inputs: Opened[Input] = {}
        self._outputs: Opened[Output] = {}
        self._lock = threading.Lock()

    def look(self) -> None:
        """Closes what has gone, opens what has come, and tells of both."""
        driver = self._driver
        before = self._inputs.keys() | self._outputs.keys()
        came = self._sync(self._inputs, driver.inputs(), driver.open_input)
        came |= self._sync(self._outputs, driver.outputs(), driver.open_output)
        for device in sorted(before - self._inputs.keys() - self._outputs.keys()):
            self._tell(Gone(device))
        for device in sorted(came):
            self._tell(Here(device))

    def _sync(self, opened: Opened[P], ports: list[str], open_: Callable[[str], P]) -> set[str]:
        """Makes `opened` what is there; the devices that were opened."""
        there = devices(ports, self._driver.numbered)
        for device in [d for d, (port, _) in opened.items() if there.get(d) != port]:
            with self._lock:
                opened.pop(device)[1].close()
        came: set[str] = set()
        for device in there.keys() - opened.keys():
            try:
                one = open_(there[device])
            except self._driver.errors:  # gone again, or another program holds it: the next look
                continue
            with self._lock:
                opened[device] = there[device], one
            came.add(device)
        return came

    def hear(self) -> None:
        """Tells of everything that has come since the last time."""
        for device, (_, one) in self._inputs.items():
            for at, data in one.heard():
                self._tell(Heard(device, at, data))

    def close(self) -> None:
        """Closes all ports: a JACK server has trouble with clients that just vanish."""
        with self._lock:
            for _, one in [*self._inputs.values(), *self._outputs.values()]:
                one.close()
            self._inputs.clear()
            self._outputs.clear()
        self._driver.close()

    def send(self, device: str, data: tuple[bytes, ...]) -> None:
        """Sends messages, if the device is there; what cannot be sent is dropped. Any thread."""
        with self._lock:
            _, one = self._outputs.get(device, ("", None))
            if one is None:
                return
            try:
                for message in data:
                    one.send(message)
            except self._driver.errors:
                return


class Pipe:
    """Lines to the desk, written by a thread of its own: MIDI's threads must never wait."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._waiting: deque[bytes] = deque(maxlen=MOST)
        self._some = threading.Event()
        threading.Thread(target=self._write, daemon=True).start()

    def tell(self, message: Told) -> None:
        """Queues a line. From any thread."""
        self._waiting.append(line(message))
        self._some.set()

    def _write(self) -> None:
        while self._some.wait():
            self._some.clear()
            taken: list[bytes] = []
            while self._waiting:
                taken.append(self._waiting.popleft())
            rest = memoryview(b"".join(taken))
            while rest:
                try:
                    rest = rest[os.write(self._to, rest) :]
                except OSError:  # the desk is no more
                    os._exit(0)


def _obey(ports: list[Ports], ending: threading.Event) -> None:
    """Reads what the desk sends, until there is no desk."""
    lines = Lines()
    while chunk := os.read(0, 1 << 16):
        for one in lines.feed(chunk):
            message = SEND.decode(one)
            for p in ports:
                p.send(message.device, message.data)
    _die_after(LAST)
    ending.set()


def _die_after(seconds: float) -> None:
    """Ends the process then, unless it is put off; where nothing hangs with Python's lock held."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody handles it: the system ends us


def _driver(wanted: str, tell: Tell, ending: threading.Event) -> Driver:
    """The MIDI system, waited for; the desk is told what is missing."""
    while True:
        try:
            return Driver(wanted)
        except NoMidiError as error:
            for _ in range(round(RETRY / LOOK)):
                tell(Alive(why=str(error)))
                if ending.wait(LOOK):
                    sys.exit(0)


def main(wanted: str) -> None:
    """Runs until the desk or the MIDI system is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    come_first()  # JACK drops what a client is too late to read
    ending = threading.Event()
    tell = Pipe(1).tell
    ports: list[Ports] = []
    threading.Thread(target=_obey, args=(ports, ending), daemon=True).start()
    driver = _driver(wanted, tell, ending)
    ports.append(Ports(driver, tell))
    while not ending.is_set():
        _die_after(HUNG)
        if not driver.answers():
            os._exit(1)  # not by any function of the dead system
        ports[0].look()
        tell(Alive(driver.system))
        until = time.monotonic() + LOOK
        while time.monotonic() < until and not ending.is_set():
            ports[0].hear()
            time.sleep(POLL)
    ports[0].close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
