"""The two ends of PortAudio that sound uses, and what stands in where there is no device.

Sound goes through PortAudio's own rings, filled and emptied from one loop: no Python runs in the
device's thread, so neither Python's lock nor its garbage collector can ever make it late (but for
some streams in JACK, see called.py). What is played is not known here.
"""

import time
from typing import Any, Protocol

import numpy as np
import sounddevice
from numpy.typing import NDArray

from performer.audio import called
from performer.audio.devices import Device
from performer.errors import DeviceError

Samples = NDArray[np.float32]

LATENCY = 0.05  # s; PortAudio rounds its ring up to a power of two: 4096 frames at 48 kHz
EMPTIED = 0.03  # s without change after which a new ring is taken to be empty
STALLED = 1.0  # s without a frame taken or given: the device is gone
LONGEST_READ = 8192  # frames


class Output(Protocol):
    """Where blocks go."""

    name: str
    rate: int

    def room(self) -> int:
        """Frames that can be written without waiting; DeviceError if the device is gone."""
        ...

    def write(self, block: Samples) -> None:
        """Takes a block (n, channels) for which there is room."""
        ...

    def close(self) -> None:
        """Gives the device back."""
        ...


class _Stream:
    """One PortAudio stream, and whether it still moves."""

    def __init__(self, device: Device, way: str, channels: int, rate: int) -> None:
        self.name, self.rate = device.name, _rate(device, way, channels, rate)
        try:
            self.stream = _opened(
                device, way, device=device.number, samplerate=self.rate, channels=channels,
                dtype="float32", latency=LATENCY,
            )  # fmt: skip
            self.stream.start()
        except sounddevice.PortAudioError as error:
            raise DeviceError(f"{device} cannot be opened: {_words(error)}") from None
        self._moved = time.monotonic()

    def watch(self, moves: bool) -> None:
        """DeviceError if it has not moved for too long."""
        now = time.monotonic()
        if moves:
            self._moved = now
        elif now - self._moved > STALLED:
            raise DeviceError(f"{self.name} gives no sign of life")

    def close(self) -> None:
        """Gives the device back, if it is still there."""
        try:
            self.stream.stop(ignore_errors=True)  # what is in the ring, a fade perhaps, is played
            self.stream.close(ignore_errors=True)
        except sounddevice.PortAudioError:  # it has gone already
            return


def _opened(on: Device, way: str, channels: int, **options: Any) -> Any:
    if called.needed(on.api, channels):
        return called.Called(way, channels, **options)
    kind = sounddevice.InputStream if way == "input" else sounddevice.OutputStream
    return kind(channels=channels, **options)


class Speakers:
    """An output device."""

    def __init__(self, device: Device, channels: int, rate: int, foldable: bool = False) -> None:
        """Opens it; DeviceError if it cannot be, or has too few channels.

        `foldable`: all channels may become one, where the device has no more.
        """
        self.folded = foldable and device.outputs == 1 < channels
        """Whether what is written is folded down to mono."""
        if device.outputs < channels and not self.folded:
            raise DeviceError(f"{device} has too few channels: the room needs {channels}")
        self._stream = _Stream(device, "output", 1 if self.folded else channels, rate)
        self.name, self.rate = self._stream.name, self._stream.rate
        self.underruns = 0
        """How often the ring ran empty: somebody heard a gap."""
        self._ring = self._free = self._emptied()
        self._playing = False

    def _emptied(self) -> int:
        """Frames of PortAudio's ring: the room in it once what it was opened with is played."""
        room, begun = -1, time.monotonic()
        since, least = begun, LATENCY * self.rate
        while time.monotonic() - since < EMPTIED or room < least:
            now = int(self._stream.stream.write_available)
            if now != room:
                room, since = now, time.monotonic()
            elif time.monotonic() - begun > STALLED:
                break  # a ring smaller than was asked for
            time.sleep(0.001)
        return room

    def room(self) -> int:
        """Frames that fit into PortAudio's ring now; DeviceError if the device is gone."""
        try:
            free = int(self._stream.stream.write_available)
        except sounddevice.PortAudioError as error:
            raise DeviceError(f"{self.name} is gone: {_words(error)}") from None
        self._stream.watch(free != self._free)  # the ring of a server that is gone stands still
        self._free = free
        if self._playing and free >= self._ring:
            self.underruns += free == self._ring  # more than ever: the ring was larger than known
            self._playing, self._ring = False, free
        return free

    def write(self, block: Samples) -> None:
        """Fills the ring; DeviceError if the device is gone."""
        try:
            self._stream.stream.write(folded(block) if self.folded else block)
            self._playing = True
        except sounddevice.PortAudioError as error:
            raise DeviceError(f"{self.name} is gone: {_words(error)}") from None

    def close(self) -> None:
        """Gives the device back."""
        self._stream.close()


class Microphone:
    """An input device."""

    def __init__(self, device: Device, rate: int) -> None:
        """Opens it with one or two channels; DeviceError if it cannot be."""
        self._stream = _Stream(device, "input", min(2, device.inputs), rate)
        self.name, self.rate = self._stream.name, self._stream.rate

    def read(self) -> Samples:
        """All that has come since, shape (n, channels); DeviceError if the device is gone."""
        try:
            ready = min(int(self._stream.stream.read_available), LONGEST_READ)
            self._stream.watch(ready > 0)
            return self._stream.stream.read(ready)[0]
        except sounddevice.PortAudioError as error:
            raise DeviceError(f"{self.name} is gone: {_words(error)}") from None

    def close(self) -> None:
        """Gives the device back."""
        self._stream.close()


class Nowhere:
    """Stands in for a device: takes blocks as fast as they would be played."""

    name = "nowhere"

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._due = time.monotonic()

    def room(self) -> int:
        """Frames that would have been played since; at most half a second."""
        now = time.monotonic()
        self._due = max(self._due, now - 0.5)
        return int((now - self._due) * self.rate)

    def write(self, block: Samples) -> None:
        """Forgets a block."""
        self._due += len(block) / self.rate

    def close(self) -> None:
        """Nothing is left to do."""


def folded(block: Samples) -> Samples:
    """The mean of all channels, (n, 1): never louder than the loudest, so nothing is limited anew.

    The exposure's budget takes the loudest channel, so it rather over- than underrates this.
    """
    return np.ascontiguousarray(block.mean(axis=1, keepdims=True))


def _rate(device: Device, way: str, channels: int, wanted: int) -> int:
    """The wanted rate if the device can do it, else its own."""
    check: Any = getattr(sounddevice, f"check_{way}_settings")
    try:
        check(device=device.number, channels=channels, dtype="float32", samplerate=wanted)
    except (sounddevice.PortAudioError, ValueError):
        return device.rate
    return wanted


def _words(error: Exception) -> str:
    return str(error.args[0]) if error.args else str(error)
