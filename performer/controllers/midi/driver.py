"""The one place that knows rtmidi: systems, ports, and whether the system still answers.

rtmidi and not mido's ports, because mido hides what is needed here: a client's name makes a
*virtual* port, a message's own time is dropped, and which system is meant cannot be asked.
"""

import time
from typing import Any

from performer.controllers.midi.naming import CLIENT

APART = 0.05  # s; a driver's clock further from ours is set anew
DRIFT = 0.01  # how much of the difference is taken away with each message
QUEUE = 8192  # messages that rtmidi keeps for us
NO_ANSWER = 3  # looks without an answer after which a system is dead

SYSTEMS = {"LINUX_ALSA": "ALSA", "UNIX_JACK": "JACK", "MACOSX_CORE": "CoreMIDI",
           "WINDOWS_MM": "WinMM"}  # fmt: skip


class NoMidiError(Exception):
    """There is no MIDI system; says what to do about it."""


class Stamps:
    """When messages came, by the driver's own times between them: no Python in the way."""

    def __init__(self) -> None:
        self._at = float("-inf")

    def of(self, since: float, now: float) -> float:
        """The time of a message `since` s after the one before, heard of `now`."""
        at = self._at + since
        self._at = now if not abs(now - at) < APART else at + DRIFT * (now - at)
        return self._at


class Input:
    """An open port that is heard.

    It is asked, and does not call: a callback holds up JACK until it gets Python's lock, and what
    comes too late there is lost; and a port that is closed during one hangs for good.
    """

    def __init__(self, port: Any) -> None:
        self._port, self._stamps = port, Stamps()

    def heard(self) -> list[tuple[float, bytes]]:
        """All messages since the last call, with the times at which they came."""
        found: list[tuple[float, bytes]] = []
        while len(found) < QUEUE and (message := self._port.get_message()) is not None:
            data, since = message
            found.append((self._stamps.of(since, time.monotonic()), bytes(data)))
        return found

    def close(self) -> None:
        """Closes the port."""
        self._port.close_port()
        self._port.delete()


class Output:
    """An open port that is sent to."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def send(self, data: bytes) -> None:
        """Sends one message."""
        self._port.send_message(data)

    def close(self) -> None:
        """Closes the port."""
        self._port.close_port()
        self._port.delete()


class Driver:
    """A MIDI system: lists, opens, closes. NoMidiError if there is none of what is wanted.

    `wanted` is a system's name as rtmidi (`UNIX_JACK`) or people (`JACK`) write it; empty: the
    first that works, which is JACK only where ALSA's sequencer is missing.
    """

    def __init__(self, wanted: str = "") -> None:
        self._rtmidi = _imported()
        self.system, self._api, self._listing = self._first(wanted)
        self.numbered = self.system == "WinMM"
        self._pinged: Any = None
        self._silent = 0

    def _first(self, wanted: str) -> tuple[str, int, tuple[Any, Any]]:
        compiled = self._rtmidi.get_compiled_api()
        for key, name in SYSTEMS.items():
            api = getattr(self._rtmidi, f"API_{key}")
            if api not in compiled or (
                wanted and wanted.lower() not in (key.lower(), name.lower())
            ):
                continue
            try:
                pair = self._rtmidi.MidiIn(api, CLIENT), self._rtmidi.MidiOut(api, CLIENT)
            except self._rtmidi.RtMidiError:
                continue
            return name, api, pair
        raise NoMidiError(f"no MIDI: {wanted or 'its system'} does not answer")

    def inputs(self) -> list[str]:
        """Ports that send, ours among them."""
        return self._listing[0].get_ports()

    def outputs(self) -> list[str]:
        """Ports that can be sent to, ours among them."""
        return self._listing[1].get_ports()

    def open_input(self, port: str) -> Input:
        """Opens a port to hear it. LookupError if it has just gone."""
        one = self._rtmidi.MidiIn(self._api, CLIENT, queue_size_limit=QUEUE)
        # the clock is wanted, active sensing (three times a second) and firmware dumps are not
        one.ignore_types(sysex=True, timing=False, active_sense=True)
        return Input(self._open(one, port, "in"))

    def open_output(self, port: str) -> Output:
        """Opens a port to send to it. LookupError if it has just gone."""
        return Output(self._open(self._rtmidi.MidiOut(self._api, CLIENT), port, "out"))

    def _open(self, one: Any, port: str, name: str) -> Any:
        ports: list[str] = one.get_ports()
        if port not in ports:
            raise LookupError(port)
        one.open_port(ports.index(port), name)
        return one

    def close(self) -> None:
        """Leaves the system."""
        for one in self._listing:
            one.close_port()
            one.delete()

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What opening, sending and closing may raise."""
        return (self._rtmidi.RtMidiError, LookupError, ValueError)

    def answers(self) -> bool:
        """Whether the system still passes messages on.

        JACK's library goes on listing the ports of a server that has died, and nothing else tells;
        so a message is sent to ourselves each time, and should be there the next time.
        """
        if self.system != "JACK":
            return True
        into, out = self._listing
        if self._pinged is None:
            self._pinged = f"watch{id(self)}"
            into.open_virtual_port(self._pinged)
            own = next(n for n, p in enumerate(out.get_ports()) if p.endswith(self._pinged))
            out.open_port(own, "ping")
        else:
            self._silent = 0 if into.get_message() else self._silent + 1
        out.send_message([0x90, 0, 0])
        return self._silent < NO_ANSWER


def _imported() -> Any:
    try:
        import rtmidi
    except ImportError as error:
        raise NoMidiError(f"no MIDI: python-rtmidi cannot be loaded ({error})") from None
    return rtmidi
