"""WAV files of 24-bit PCM that can be read at every moment of being written.

Samples become whole numbers here, for every recording alike. No coding and no clock live here.
"""

import hashlib
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from performer.errors import DeviceError

Samples = NDArray[np.float32]
"""Sound, (frames, channels), full scale ±1."""

WIDTH = 3  # bytes of a sample
LARGEST = 2**32 - 1  # what a size in a RIFF file can say; from there on the file is RF64
_PCM, _EXTENSIBLE = 1, 0xFFFE
_PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")


def pcm24(samples: Samples) -> NDArray[np.int32]:
    """The nearest 24-bit numbers, −2²³ … 2²³−1, same shape; NaN is 0, beyond full scale is cut.

    No dither: float32 carries 24 bits itself, so nothing audible is rounded away, and the same
    sound is the same bytes.
    """
    scaled = np.rint(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0) * 2.0**23)
    return np.clip(scaled, -(2.0**23), 2.0**23 - 1).astype(np.int32)


def _bytes(samples: Samples) -> bytes:
    """Little-endian, three bytes a sample, channels side by side."""
    whole = np.ascontiguousarray(pcm24(samples).astype("<i4"))
    return whole.view(np.uint8).reshape(-1, 4)[:, :WIDTH].tobytes()


class Wav:
    """One file. A crash leaves it readable and costs less than a second.

    The header is corrected after every second of sound. Past 4 GiB it turns into the header of
    RF64 (EBU Tech 3306), for which room is kept.
    """

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        """Opens the file, `rate` in Hz; DeviceError if it cannot be written."""
        self.path, self.rate, self.channels = path, rate, channels
        self.frames = 0
        self.failed = ""
        self._marked = 0
        self._hash = hashlib.sha256()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise DeviceError(f"cannot write the sound {path}: {error}") from None
        try:
            self._mark()
        except OSError as error:
            self._file.close()
            raise DeviceError(f"cannot write the sound {path}: {error}") from None

    @property
    def digest(self) -> str:
        """SHA-256 of the PCM bytes so far, hexadecimal."""
        return self._hash.hexdigest()

    def push(self, samples: Samples) -> None:
        """Appends (n, channels) of full scale ±1. After a full disk nothing more is written."""
        if samples.ndim != 2 or samples.shape[1] != self.channels:
            raise ValueError(f"sound of shape {samples.shape} for {self.channels} channels")
        if self.failed:
            return
        data = _bytes(samples)
        try:
            self._put(data)
            self.frames += len(samples)
            self._hash.update(data)
            if self.frames - self._marked >= self.rate:
                self._mark()
        except OSError as error:  # a full disk: the show goes on
            self.failed = f"the sound {self.path} ends here: {error}"

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]

    def _mark(self) -> None:
        """Writes into the header how much sound there is."""
        self._file.seek(0)
        self._put(self._header())
        self._file.seek(0, 2)
        self._marked = self.frames

    def _header(self) -> bytes:
        size = self.frames * self.channels * WIDTH
        form = self._format()
        whole = 4 + 36 + len(form) + 8 + size + size % 2
        if whole <= LARGEST:
            riff, spare = struct.pack("<4sI4s", b"RIFF", whole, b"WAVE"), b"JUNK"
            sizes, data = bytes(28), struct.pack("<4sI", b"data", size)
        else:
            riff, spare = struct.pack("<4sI4s", b"RF64", 0xFFFFFFFF, b"WAVE"), b"ds64"
            sizes = struct.pack("<QQQI", whole, size, self.frames, 0)
            data = struct.pack("<4sI", b"data", 0xFFFFFFFF)
        return riff + spare + struct.pack("<I", 28) + sizes + form + data

    def _format(self) -> bytes:
        """The plain form for one or two channels, which everything reads, or the extensible one.

        More channels are the room's, not a cinema's: no loudspeaker positions are claimed.
        """
        step, more = self.channels * WIDTH, self.channels > 2
        tag, length = (_EXTENSIBLE, 40) if more else (_PCM, 16)
        form = struct.pack(
            "<4sIHHIIHH", b"fmt ", length, tag, self.channels, self.rate, self.rate * step, step, 24
        )
        return form + struct.pack("<HHI", 22, 24, 0) + _PCM_GUID if more else form

    def close(self) -> None:
        """Completes the file; DeviceError if anything could not be written."""
        if self._file.closed:
            return
        try:
            if not self.failed and self.frames * self.channels % 2:
                self._put(b"\0")  # RIFF chunks have even sizes
            self._mark()
            self._file.close()
        except OSError as error:
            self.failed = self.failed or f"the sound {self.path} ends early: {error}"
        if self.failed:
            raise DeviceError(self.failed)
