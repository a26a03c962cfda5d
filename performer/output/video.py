"""Video files: H.264 and sound in fragmented MP4 or in Matroska; a crash costs about a second.

A thread encodes; live a full line drops and counts, offline it blocks. Sound that does not come
live is silence, so that what comes later stays beside its pictures. No clock lives here.
"""

import errno
import math
import os
import threading
from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from performer.errors import DeviceError
from performer.output.soundtrack import MATROSKA, Heard, Soundtrack
from performer.output.wav import Samples

Pixels = NDArray[np.uint8]
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "flush_packets": "1"}
WITH_SOUND = {  # delay_moov writes edit lists: both begin at 0, and no player has to guess it
    "movflags": "frag_keyframe+delay_moov+default_base_moof", "flush_packets": "1",
    "frag_duration": "1000000",  # µs: sound reaches the disk while no picture comes, too
}  # fmt: skip
CLUSTERED = {"flush_packets": "1", "fflags": "+bitexact"}  # no random numbers in the file
QUEUE = 8  # pictures that may wait
WAITING = 4.0  # s of sound that may wait
PATIENCE = 1.0  # s that live sound may come after its picture; then it is silence


def unused(path: Path) -> Path:
    """`path`, or with a number if it holds something: no recording replaces another."""
    there, number = path, 2
    while there.is_file() and there.stat().st_size:
        there, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return there


class _Shown(NamedTuple):
    """One picture under way, and its second of the file."""

    time: float
    pixels: Pixels


class _Line:
    """What waits for the encoder, in order, with room of their own for pictures and samples."""

    def __init__(self, live: bool, samples: int) -> None:
        self._live, self._most = live, samples
        self._room: dict[type, int] = {_Shown: QUEUE, Heard: samples}
        self._items: deque[_Shown | Heard | None] = deque()
        self._moved = threading.Condition()

    def _size(self, item: _Shown | Heard) -> int:
        return 1 if isinstance(item, _Shown) else min(len(item.samples), self._most)

    def put(self, item: _Shown | Heard) -> bool:
        """Whether it found room; offline room is waited for."""
        kind, size = type(item), self._size(item)
        with self._moved:
            if self._live and self._room[kind] < size:
                return False
            self._moved.wait_for(lambda: self._room[kind] >= size)
            self._room[kind] -= size
            self._items.append(item)
            self._moved.notify_all()
        return True

    def end(self) -> None:
        """Nothing comes after this."""
        with self._moved:
            self._items.append(None)
            self._moved.notify_all()

    def get(self) -> _Shown | Heard | None:
        """The next in line, waited for; None at the end."""
        with self._moved:
            self._moved.wait_for(lambda: len(self._items) > 0)
            item = self._items.popleft()
            if item is not None:
                self._room[type(item)] += self._size(item)
                self._moved.notify_all()
            return item


class Video:
    """One file. `push` takes RGBA pixels (H, W, 4) with the second they belong to.

    Opened with `sound`, `Video.sound` takes the sound beside them; its first sample is second 0.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], fps: float, live: bool, quality: int = 20,
        sound: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        """Opens the file; `sound` is rate in Hz and channels, the first two of which MP4 keeps.

        DeviceError if the folder cannot be written, or the size or the sound cannot be.
        """
        self.path, self.live, self.fps = path, live, fps
        self.dropped = 0
        self.failed: str = ""
        self.size = (size[0] // 2 * 2, size[1] // 2 * 2)  # H.264 halves colour both ways
        self.channels = sound[1] if sound else 0
        self._base = Fraction(1, 90000)
        self._last = -1
        self._bytes = 0  # of pictures that the file must have room for
        self._lost = 0  # samples that found no room since the last that did
        self._track: Soundtrack | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: Any = av.open(str(path), "w", options=self._options())
            self._stream = self._open_stream(fps, quality)
            if sound is not None:
                self._track = Soundtrack(self._file, path, *sound)
        except (OSError, av.error.FFmpegError, ValueError) as error:
            beside = f" with {sound[1]} channels of {sound[0]} Hz" if sound else ""
            raise DeviceError(f"cannot write the video {path}{beside}: {error}") from None
        self._line = _Line(live, round(WAITING * sound[0]) if sound else 0)
        self._thread = threading.Thread(target=self._encode, name="video", daemon=True)
        self._thread.start()

    def _options(self) -> dict[str, str]:
        if self.path.suffix.lower() in MATROSKA:
            return CLUSTERED
        return WITH_SOUND if self.channels else FRAGMENTED

    def _open_stream(self, fps: float, quality: int) -> Any:
        stream: Any = self._file.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        stream.width, stream.height = self.size
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = self._base
        stream.codec_context.gop_size = max(1, round(fps / 2))
        stream.options = {"preset": "veryfast", "crf": str(quality), "rc-lookahead": "10",
                          "bf": "0",  # pictures that wait for later ones would shift all times
                          "tune": "film"}  # fmt: skip
        return stream

    @property
    def silence(self) -> float:
        """Seconds of silence in the file in place of sound that did not come."""
        return self._track.silence / self._track.rate if self._track else 0.0

    @property
    def late(self) -> float:
        """Seconds of sound that came after its time had been written, and were left out."""
        return self._track.late / self._track.rate if self._track else 0.0

    def push(self, time: float, pixels: Pixels) -> None:
        """One picture at a second of the file. Never waits when live."""
        if not self.failed and not self._line.put(_Shown(time, pixels)):
            self.dropped += 1

    def sound(self, samples: Samples, at: float | None = None) -> None:
        """Sound (n, channels) of full scale ±1, copied. Never waits when live.

        `at` is the second of the file of the first sample; None: it follows the last one. Sound
        less than 50 ms beside its time is moved there too slowly to be heard, other sound by
        silence or by leaving out what is too late. Push what belongs to a picture before it.
        """
        if self._track is None:
            raise ValueError(f"the video {self.path} was opened without sound")
        if samples.ndim != 2 or samples.shape[1] != self.channels:
            raise ValueError(f"sound of shape {samples.shape} for {self.channels} channels")
        if at is not None and not math.isfinite(at):
            raise ValueError(f"sound at second {at}")
        if self.failed:
            return
        kept = np.array(samples[:, : self._track.channels], np.float32)
        found = self._line.put(Heard(at, self._lost, kept))
        self._lost = 0 if found else self._lost + len(samples)

    def _encode(self) -> None:
        while (item := self._line.get()) is not None:
            if self.failed:
                continue
            try:
                self._write(item)
            except (OSError, av.error.FFmpegError) as error:  # a full disk: the show goes on
                self.failed = f"the video {self.path} ends here: {error}"

    def _write(self, item: _Shown | Heard) -> None:
        if isinstance(item, _Shown):
            self._show(*item)
            if self.live:
                self._cover(item.time - PATIENCE)
        elif self._track is not None:
            self._track.take(item)

    def _show(self, time: float, pixels: Pixels) -> None:
        width, height = self.size
        picture = np.ascontiguousarray(pixels[:height, :width, :3])
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        stamp = max(round(time / self._base), self._last + 1)
        frame.pts, frame.time_base = stamp, self._base
        self._last = stamp
        self._mux(self._stream.encode(frame))

    def _mux(self, packets: Any) -> None:
        for packet in packets:
            self._bytes += packet.size
            self._file.mux(packet)

    def _cover(self, time: float) -> None:
        """Sound that has not come for the pictures up to `time` s is silence from here on."""
        if self._track is not None:
            self._track.reach(round(time * self._track.rate))

    def close(self) -> None:
        """Writes what is left; DeviceError if anything could not be written."""
        self._line.end()
        self._thread.join()
        try:
            if not self.failed:
                self._finish()
            self._file.close()
            self._weigh()
        except (OSError, av.error.FFmpegError) as error:
            self.failed = self.failed or f"the video {self.path} ends early: {error}"
        if self.failed:
            raise DeviceError(self.failed)

    def _weigh(self) -> None:
        """FFmpeg loses the error of a header that is only written at the end."""
        packets = self._bytes + (self._track.bytes if self._track else 0)
        if packets and not self.failed and self.path.stat().st_size < packets:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _finish(self) -> None:
        self._mux(self._stream.encode())
        if self._track is not None:
            if self.live and self._last >= 0:
                self._cover(float(self._last * self._base) + 1 / self.fps)
            self._track.close()


def write_still(path: Path, pixels: Pixels) -> None:
    """A PNG of RGBA or RGB pixels, top row first; DeviceError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = np.ascontiguousarray(pixels[..., :3])
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        encoder = av.CodecContext.create("png", "w")
        encoder.width, encoder.height = picture.shape[1], picture.shape[0]  # type: ignore[attr-defined]
        encoder.pix_fmt = "rgb24"  # type: ignore[attr-defined]
        encoder.time_base = Fraction(1, 1)
        data = b"".join(bytes(p) for p in [*encoder.encode(frame), *encoder.encode(None)])  # type: ignore[attr-defined]
        path.write_bytes(data)
    except (OSError, av.error.FFmpegError, ValueError) as error:
        raise DeviceError(f"cannot write the still {path}: {error}") from None
