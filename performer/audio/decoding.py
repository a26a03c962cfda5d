"""One way through an opened audio file: packets to samples, whatever state they are in.

Here live resampling, damage and gaps; never opening, seeking or reading ahead.
"""

from collections.abc import Callable, Iterator
from typing import Any

import av
import av.error
import numpy as np
from numpy.typing import NDArray

Stereo = NDArray[np.float32]

BROKEN = (av.error.FFmpegError, OSError, ValueError)
"""What PyAV raises for files that are not as they should be."""

_GAP = 0.05  # s: what is missing between two frames of a file and is no rounding of its times
_LONGEST_GAP = 60.0  # s: a longer one is a wrong time, not missing sound


class Decoding:
    """One way through an opened file, packet by packet, whatever its state."""

    def __init__(self, container: Any, stream: Any, rate: int, warn: Callable[[str], None]) -> None:
        self._container, self._stream, self._rate, self._warn = container, stream, rate, warn
        self._resampler: Any = None
        self._mono = False
        self._clock: float | None = None  # s in the file's own time where the next frame belongs

    def chunks(self) -> Iterator[Stereo]:
        """Samples (n, 2), n > 0, to the end of the file."""
        for frame in self._frames():
            gap = self._gap_before(frame)
            if gap > 0:
                self._warn(f"damaged near {self._clock or 0:.1f} s: {gap:.2f} s are silent")
                yield np.zeros((round(gap * self._rate), 2), np.float32)
            self._clock = _end_of(frame, self._clock)
            yield from self._resampled(frame)
        yield from self._flushed()

    def _frames(self) -> Iterator[Any]:
        for packet in self._packets():
            try:
                frames = packet.decode()
            except av.error.EOFError:
                return
            except BROKEN as error:
                self._warn(f"damaged near {self._clock or 0:.1f} s: {reason(error)}")
                continue
            yield from frames

    def _packets(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        try:
            yield from packets
        except BROKEN as error:
            self._warn(f"ends at {self._clock or 0:.1f} s: {reason(error)}")

    def _gap_before(self, frame: Any) -> float:
        if frame.time is None or self._clock is None:
            return 0.0
        gap = float(frame.time) - self._clock
        return gap if _GAP < gap < _LONGEST_GAP else 0.0

    def _resampled(self, frame: Any) -> Iterator[Stereo]:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or self._resampler[0] != shape:
            yield from self._flushed()
            self._mono = frame.layout.nb_channels == 1
            layout = "mono" if self._mono else "stereo"
            self._resampler = shape, av.AudioResampler("flt", layout, self._rate)
        yield from self._converted(frame)

    def _flushed(self) -> Iterator[Stereo]:
        if self._resampler is not None:
            yield from self._converted(None)
            self._resampler = None

    def _converted(self, frame: Any) -> Iterator[Stereo]:
        try:
            found = self._resampler[1].resample(frame)
        except BROKEN as error:
            self._warn(f"damaged near {self._clock or 0:.1f} s: {reason(error)}")
            return
        for piece in found:
            samples = piece.to_ndarray().reshape(-1, 1 if self._mono else 2)
            if samples.size:
                yield np.broadcast_to(samples, (len(samples), 2))


def _end_of(frame: Any, clock: float | None) -> float:
    begin = clock or 0.0 if frame.time is None else float(frame.time)
    return begin + frame.samples / frame.sample_rate


def reason(error: BaseException) -> str:
    """FFmpeg's own words, without its numbers and the path."""
    return str(getattr(error, "strerror", None) or error)
