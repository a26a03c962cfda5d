"""The sound of a video file: put where it belongs, without a hole, encoded and muxed.

Which pictures are beside it, and how long anybody waits for it, is video.py's matter.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from performer.output.wav import Samples, pcm24

MATROSKA = (".mkv", ".mka")
TOLERANCE = 0.05  # s that live sound may lie beside its time without a cut
JOIN = 0.005  # s over which the step at a cut is smoothed
STEADY, EVEN, NUDGE = 5.0, 0.001, 0.1  # s: drift is a mean over, is left alone below, a step per


class Heard(NamedTuple):
    """Sound under way: its second, if that was said, and the samples that were lost before it."""

    at: float | None
    lost: int
    samples: Samples


def _stretched(samples: Samples, count: int) -> Samples:
    """(n, channels) as `count` samples between the same two ends, by straight lines."""
    place = np.linspace(0, len(samples) - 1, count)
    left = np.minimum(place.astype(np.intp), len(samples) - 2)
    share = (place - left)[:, None]
    return np.asarray(samples[left] * (1 - share) + samples[left + 1] * share, np.float32)


class Soundtrack:
    """The sound of one file, without a hole from its first sample on. For the encoder's thread.

    MP4 and MOV: AAC of the first two channels. Matroska: all channels, bit for bit the numbers
    of a WAV file, as FLAC up to eight and as PCM beyond.
    """

    def __init__(self, file: Any, path: Path, rate: int, channels: int) -> None:
        self.rate = rate
        self.exact = path.suffix.lower() in MATROSKA
        self.channels = channels if self.exact else min(channels, 2)
        self.count = self.silence = self.late = 0  # samples in the file, filled in, come too late
        self.bytes = 0  # that the file must have room for
        self._due = 0  # where sound goes on if none is missing
        self._drift, self._since = 0.0, 0  # samples: how much later it should lie; since a nudge
        self._last = np.zeros(self.channels, np.float32)
        self._file = file
        codec = ("flac" if channels <= 8 else "pcm_s24le") if self.exact else "aac"
        self._stream: Any = file.add_stream(codec, rate=rate)
        self._layout = {1: "mono", 2: "stereo"}.get(self.channels, f"{self.channels} channels")
        self._format = "s32" if self.exact else "fltp"
        self._open(self._stream.codec_context)

    def _open(self, context: Any) -> None:
        self._base = self._stream.time_base = context.time_base = Fraction(1, self.rate)
        context.layout, context.format = self._layout, self._format
        if not self.exact:
            context.bit_rate = 128_000 * self.channels
        context.open()

    def take(self, heard: Heard) -> None:
        """Puts sound where it belongs: silence before it, or without what comes too late."""
        due, start, samples = self._due, self._start(heard), heard.samples
        if heard.at is not None and start == due == self.count:
            samples = self._evened(samples, heard.at * self.rate - start)
        self.reach(start)
        late = min(self.count - start, len(samples))
        self.late += late
        self._due = start + len(samples)
        self._write(samples[late:], cut=late > 0 or start != due)

    def _start(self, heard: Heard) -> int:
        """The sample of the file that is the first of this sound."""
        follows = max(self.count, self._due + heard.lost)
        if heard.at is None:
            return follows
        asked = round(heard.at * self.rate)
        flowing = 0 < self.count == self._due
        return follows if flowing and abs(asked - follows) < TOLERANCE * self.rate else asked

    def _evened(self, samples: Samples, off: float) -> Samples:
        """Now and then one sample more or less, while the sound's clock is not the pictures'.

        `off` is by how many samples it should lie later. Two crystals part by 50 ms in a quarter
        of an hour; a cut would be heard, a step of one sample in 100 ms is not.
        """
        self._drift += (off - self._drift) * min(1.0, len(samples) / (STEADY * self.rate))
        self._since += len(samples)
        least, often = EVEN * self.rate, NUDGE * self.rate
        if abs(self._drift) < least or self._since < often or len(samples) < 64:
            return samples
        step = 1 if self._drift > 0 else -1
        self._drift, self._since = self._drift - step, 0
        return _stretched(samples, len(samples) + step)

    def reach(self, count: int) -> None:
        """Silence until `count` samples are in the file, if there are fewer."""
        while self.count < count:
            missing = min(count - self.count, self.rate)
            self.silence += missing
            self._write(np.zeros((missing, self.channels), np.float32), cut=True)

    def _write(self, samples: Samples, cut: bool) -> None:
        if not len(samples):
            return
        if cut:
            samples = self._joined(samples)
        self._last = samples[-1]
        frame: Any = av.AudioFrame.from_ndarray(self._numbers(samples), self._format, self._layout)
        frame.sample_rate, frame.pts, frame.time_base = self.rate, self.count, self._base
        self.count += len(samples)
        self._mux(self._stream.encode(frame))

    def _joined(self, samples: Samples) -> Samples:
        """The same, beginning where the last sample was: no click."""
        count = min(len(samples), round(JOIN * self.rate))
        ramp = np.linspace(1, 0, count, endpoint=False, dtype=np.float32)[:, None]
        joined = samples.copy()
        joined[:count] += (self._last - samples[0]) * ramp
        return joined

    def _numbers(self, samples: Samples) -> NDArray[Any]:
        whole = pcm24(samples)
        if self.exact:
            return np.left_shift(whole, 8).reshape(1, -1)
        return np.ascontiguousarray((whole * np.float32(2.0**-23)).T, np.float32)

    def _mux(self, packets: Any) -> None:
        """Leaves out what lies before second 0: AAC's first packet, its run-up of 1024 samples.

        A file can also declare a run-up, but not every reader listens, and those that do not are
        21 ms out. Without it all agree; the price is that the first 21 ms fade in.
        """
        for packet in packets:
            if packet.pts >= 0:
                self.bytes += packet.size
                self._file.mux(packet)

    def close(self) -> None:
        """Writes what the encoder still holds."""
        self._mux(self._stream.encode())
