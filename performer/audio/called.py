"""A stand-in for PortAudio's blocking streams where those are broken: in JACK, but for pairs.

PortAudio's JACK part takes every frame of a blocking stream to be two samples: of four channels it
plays half and then silence, beyond the end of a mono buffer it plays whatever lies there (seen with
19.6; loud enough to hurt). Its callbacks know better. So here a callback copies between the device
and a ring, and does nothing else. It needs Python's lock: a server of long periods is kind to it.
"""

import sys
import time
from typing import Any

import numpy as np
import sounddevice
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SIZE = 4096  # frames, as PortAudio's own ring at 48 kHz
PROMPT = 0.0005  # s after which Python's lock is handed over to a callback that waits for it
DRAINED = 0.3  # s that what is in the ring may take to be played at the end


def needed(api: str, channels: int) -> bool:
    """Whether a blocking stream of so many channels would not do."""
    return "JACK" in api and channels != 2


class Ring:
    """Frames on their way between two threads: one only puts, the other only takes."""

    def __init__(self, size: int, channels: int) -> None:
        self._frames: Samples = np.zeros((size, channels), np.float32)
        self._put = self._taken = 0  # frames so far, each counted by one thread alone

    @property
    def filled(self) -> int:
        """Frames that can be taken."""
        return self._put - self._taken

    @property
    def free(self) -> int:
        """Frames that can be put."""
        return len(self._frames) - self.filled

    def put(self, block: Samples) -> None:
        """Puts what there is room for; the rest is lost."""
        block = block[: self.free]
        begin = self._put % len(self._frames)
        first = min(len(block), len(self._frames) - begin)
        self._frames[begin : begin + first] = block[:first]
        self._frames[: len(block) - first] = block[first:]
        self._put += len(block)

    def take(self, out: Samples) -> None:
        """Fills `out`, with silence where there is nothing."""
        many = min(len(out), self.filled)
        begin = self._taken % len(self._frames)
        first = min(many, len(self._frames) - begin)
        out[:first] = self._frames[begin : begin + first]
        out[first:many] = self._frames[: many - first]
        out[many:] = 0.0
        self._taken += many


class Called:
    """As much of a blocking stream as is used here; `way` is "input" or "output"."""

    def __init__(self, way: str, channels: int, **options: Any) -> None:
        """`options` as of sounddevice's streams."""
        self.ring, self._channels, self._way = Ring(SIZE, channels), channels, way
        kind = sounddevice.InputStream if way == "input" else sounddevice.OutputStream
        call = self._heard if way == "input" else self._asked
        self._stream: Any = kind(channels=channels, callback=call, **options)
        sys.setswitchinterval(PROMPT)

    def _asked(self, out: Samples, _frames: int, _time: object, _flags: object) -> None:
        self.ring.take(out)

    def _heard(self, block: Samples, _frames: int, _time: object, _flags: object) -> None:
        self.ring.put(block)

    @property
    def write_available(self) -> int:
        """Frames that can be written."""
        return self.ring.free

    @property
    def read_available(self) -> int:
        """Frames that can be read."""
        return self.ring.filled

    def write(self, block: Samples) -> None:
        """Takes a block for which there is room."""
        self.ring.put(block)

    def read(self, frames: int) -> tuple[Samples, bool]:
        """So many frames that are available, and whether any were lost; that is not known."""
        block = np.empty((frames, self._channels), np.float32)
        self.ring.take(block)
        return block, False

    def start(self) -> None:
        """Begins."""
        self._stream.start()

    def stop(self, ignore_errors: bool = True) -> None:
        """Ends, once what was written is played."""
        end = time.monotonic() + DRAINED
        while self._way == "output" and self.ring.filled and time.monotonic() < end:
            time.sleep(0.005)
        self._stream.stop(ignore_errors=ignore_errors)

    def close(self, ignore_errors: bool = True) -> None:
        """Gives the device back."""
        self._stream.close(ignore_errors=ignore_errors)
