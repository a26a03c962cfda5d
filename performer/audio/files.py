"""Audio files: any format PyAV reads, as stereo samples at the rate of the show.

Here live opening, seeking and reading ahead; never packets, or what the sound is used for.
"""

import contextlib
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from performer.audio.decoding import BROKEN, Decoding, Stereo, reason
from performer.errors import FileError, Problem

_MOST_WARNINGS = 20
_MANY = 4096  # frames that are read ahead at a time
_PATIENCE = 0.1  # s after which a full queue's reader may have gone elsewhere


class AudioFile:
    """A file's sound as (frames, 2) float32 at `rate` Hz; full scale is ±1.

    A mono file sounds at its own level in both channels; more than two are mixed down. FileError
    when opened if it is not there, not sound, or empty; later nothing is raised: what cannot be
    decoded is silent, for as long as the file's own times say, and told in `warnings`.
    """

    def __init__(self, path: Path, rate: int, loop: bool = False) -> None:
        self.path, self.rate, self.loop = path, rate, loop
        self.warnings: list[str] = []
        self.seconds: float | None = None
        """Length as the file tells it, if it does."""
        self._container: Any = None
        self._chunks: Iterator[Stereo] = iter(())
        self._ready = np.zeros((0, 2), np.float32)
        self._begin()

    def _begin(self) -> None:
        try:
            self._rewind()
        except FileNotFoundError:
            self._refuse("there is no such file")
        except IsADirectoryError:
            self._refuse("this is a folder, not a file")
        except PermissionError:
            self._refuse("this file may not be read")
        except BROKEN as error:
            self._refuse(f"this is not sound that can be read ({reason(error)})")
        if not self._ready.size:
            found = "; ".join(self.warnings)
            self._refuse(
                f"there is no sound in it ({found})" if found else "there is no sound in it"
            )

    def _refuse(self, message: str) -> None:
        self.close()
        raise FileError(self.path, [Problem(message)]) from None

    def _rewind(self) -> None:
        """Open the file anew and decode its first samples."""
        self.close()
        self._container = av.open(str(self.path), metadata_errors="replace")
        if not self._container.streams.audio:
            self._refuse("there is no sound track in it")
        stream = self._container.streams.audio[0]
        self.seconds = _length(self._container, stream)
        self._chunks = Decoding(self._container, stream, self.rate, self._warn).chunks()
        self._ready = next(self._chunks, self._ready[:0])

    def _warn(self, message: str) -> None:
        if message not in self.warnings and len(self.warnings) < _MOST_WARNINGS:
            self.warnings.append(message)

    @property
    def ended(self) -> bool:
        """Whether every sample was read; never of a file in a loop."""
        return not self._ready.size

    def read(self, n: int) -> Stereo:
        """The next n frames, shape (n, 2); zeros after the end."""
        out = np.zeros((n, 2), np.float32)
        done = 0
        while done < n and self._ready.size:
            taken = min(n - done, len(self._ready))
            out[done : done + taken] = self._ready[:taken]
            self._ready = self._ready[taken:]
            done += taken
            if not self._ready.size:
                self._refill()
        return out

    def _refill(self) -> None:
        self._ready = next(self._chunks, self._ready[:0])
        if not self._ready.size and self.loop:
            self._again()

    def _again(self) -> None:
        """From the beginning; a file that has gone or changed by now has ended."""
        try:
            self._rewind()
        except (*BROKEN, FileError) as error:
            self._ready = self._ready[:0]
            self._warn(f"{self.path} could not be read again: {reason(error)}")

    def seek(self, seconds: float) -> None:
        """Go to the frame at round(seconds · rate), exactly; beyond the end is the end.

        Decodes from the beginning, for a file's own index is exact in few formats: about 1 s for
        5 minutes of MP3.
        """
        looping, self.loop = self.loop, False
        self._again()
        left = round(max(0.0, seconds) * self.rate)
        while left > 0 and not self.ended:
            left -= len(self.read(min(left, self.rate)))
        self.loop = looping

    def close(self) -> None:
        """Let go of the file."""
        self._chunks = iter(())
        if self._container is not None:
            with contextlib.suppress(*BROKEN):
                self._container.close()
            self._container = None


def _length(container: Any, stream: Any) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return float(container.duration) / av.time_base if container.duration is not None else None


class Prefetched:
    """An AudioFile read ahead by a thread of its own, so that `read` and `seek` never decode.

    What is not there in time is silent, counted, and comes afterwards.
    """

    def __init__(self, file: AudioFile, seconds: float = 2.0) -> None:
        self.file, self.seconds = file, file.seconds
        self.starved = 0
        """Frames that were silent because decoding was late."""
        blocks = max(2, round(seconds * file.rate / _MANY))
        self._ahead: queue.Queue[_Block] = queue.Queue(blocks)
        self._block = _Block(0, file.read(_MANY), file.ended)
        self._turn, self._wanted = 0, 0.0  # how often it was sought, and where to
        self._closed = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._decode, name="audio file", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether every sample was read."""
        block = self._block
        return block.last and block.turn == self._turn and not len(block.samples)

    @property
    def warnings(self) -> list[str]:
        """What was wrong with the file so far."""
        return list(self.file.warnings)

    def read(self, n: int) -> Stereo:
        """The next n frames, shape (n, 2), at once; zeros where none are ready."""
        out = np.zeros((n, 2), np.float32)
        done = 0
        while done < n and self._fetched():
            samples = self._block.samples
            taken = min(n - done, len(samples))
            out[done : done + taken] = samples[:taken]
            self._block.samples = samples[taken:]
            done += taken
        self._fetched()  # so that `ended` knows
        if done < n and not self.ended and self._block.turn == self._turn:
            self.starved += n - done
        return out

    def _fetched(self) -> bool:
        """Whether there is something left to read."""
        while self._block.turn != self._turn or not len(self._block.samples):
            if self.ended:
                return False
            try:
                self._block = self._ahead.get_nowait()
            except queue.Empty:
                return False
        return True

    def seek(self, seconds: float) -> None:
        """Go on from there as soon as it is decoded; silent until then."""
        self._wanted = seconds
        self._turn += 1
        self._woken.set()

    def close(self) -> None:
        """End the thread and let go of the file."""
        self._closed = True
        self._woken.set()
        self._thread.join()
        self.file.close()

    def _decode(self) -> None:
        turn = 0
        while not self._closed:
            if turn != self._turn:
                turn = self._turn
                self.file.seek(self._wanted)
            elif self.file.ended:
                self._woken.wait()
                self._woken.clear()
                continue
            self._put(_Block(turn, self.file.read(_MANY), self.file.ended))

    def _put(self, block: "_Block") -> None:
        while not self._closed and block.turn == self._turn:
            with contextlib.suppress(queue.Full):
                self._ahead.put(block, timeout=_PATIENCE)
                return


@dataclass
class _Block:
    turn: int
    samples: Stereo
    last: bool  # nothing comes after it
