"""Video files: H.264 in fragmented MP4, which a crash shortens by at most a second.

A thread encodes; live a full queue drops and counts, offline it blocks.
"""

import queue
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from performer.errors import DeviceError

Pixels = NDArray[np.uint8]
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "flush_packets": "1"}
QUEUE = 8


def unused(path: Path) -> Path:
    """`path`, or with a number if it holds something: no recording replaces another."""
    there, number = path, 2
    while there.is_file() and there.stat().st_size:
        there, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return there


class Video:
    """One file. `push` takes RGBA pixels (H, W, 4) with the second they belong to."""

    def __init__(
        self, path: Path, size: tuple[int, int], fps: float, live: bool, quality: int = 20
    ) -> None:
        """Opens the file; DeviceError if the folder cannot be written or the size cannot be."""
        self.path, self.live = path, live
        self.dropped = 0
        self.failed: str = ""
        self.size = (size[0] // 2 * 2, size[1] // 2 * 2)  # H.264 halves colour both ways
        self._base = Fraction(1, 90000)
        self._last = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: Any = av.open(str(path), "w", options=FRAGMENTED)
            self._stream = self._open_stream(fps, quality)
        except (OSError, av.error.FFmpegError, ValueError) as error:
            raise DeviceError(f"cannot write the video {path}: {error}") from None
        self._queue: queue.Queue[tuple[float, Pixels] | None] = queue.Queue(QUEUE)
        self._thread = threading.Thread(target=self._encode, name="video", daemon=True)
        self._thread.start()

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

    def push(self, time: float, pixels: Pixels) -> None:
        """One picture at a second of the file. Never waits when live."""
        if self.failed:
            return
        if not self.live:
            self._queue.put((time, pixels))
            return
        try:
            self._queue.put_nowait((time, pixels))
        except queue.Full:
            self.dropped += 1

    def _encode(self) -> None:
        while (item := self._queue.get()) is not None:
            if self.failed:
                continue
            try:
                self._write(*item)
            except (OSError, av.error.FFmpegError) as error:  # a full disk: the show goes on
                self.failed = f"the video {self.path} ends here: {error}"

    def _write(self, time: float, pixels: Pixels) -> None:
        width, height = self.size
        picture = np.ascontiguousarray(pixels[:height, :width, :3])
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        stamp = max(round(time / self._base), self._last + 1)
        frame.pts, frame.time_base = stamp, self._base
        self._last = stamp
        for packet in self._stream.encode(frame):
            self._file.mux(packet)

    def close(self) -> None:
        """Writes what is left; DeviceError if anything could not be written."""
        self._queue.put(None)
        self._thread.join()
        try:
            if not self.failed:
                for packet in self._stream.encode():
                    self._file.mux(packet)
            self._file.close()
        except (OSError, av.error.FFmpegError) as error:
            self.failed = self.failed or f"the video {self.path} ends early: {error}"
        if self.failed:
            raise DeviceError(self.failed)


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
