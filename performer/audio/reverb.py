"""Reverberation: sound in a room, by convolution with its impulse response, block after block.

Exact and without latency: a block of sound comes back with its own reverberation. Which rooms
there are is impulse.py's matter; how much of them is heard is the preset's.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.impulse import CHARACTERS, impulse_response

Samples = NDArray[np.float32]
Spectra = NDArray[np.complex64]

STEPS = 8
"""Blocks in one large partition."""

CROSSING = 1.5  # s over which one room gives way to another; the first rings out
MOST = 128.0
"""+42 dBFS, the loudest that is believed; more is a fault and would drown seconds of sound."""

_FAINT = 1e-10  # -200 dB: below it there is nothing to reverberate
_ACROSS = math.radians(25)  # how much of the left comes back from the right


class _Line:
    """Products of spectra with those of an impulse response, part for part, summed.

    `spectra` is a ring that is written backwards, so that each part of the response meets the
    sound of its own delay in one product of two contiguous arrays.
    """

    def __init__(self, impulse: Samples, size: int) -> None:
        """`impulse` (2, parts·size), `size` frames of a part."""
        self.parts = impulse.shape[1] // size
        split = impulse.reshape(2, self.parts, size).transpose(1, 0, 2)
        response = np.fft.rfft(split, 2 * size, axis=2).astype(np.complex64)
        self._response = np.concatenate((response, response))  # any turn of it is contiguous
        self._spectra: Spectra = np.zeros_like(response)
        self._product: Spectra = np.empty_like(response)
        self._some: Spectra = np.empty_like(response[0])
        self._place = 0
        self.sum: Spectra = np.zeros_like(response[0])
        """Shape (2, size + 1)."""

    def push(self, spectrum: Any) -> None:
        """Takes the spectrum of the newest two parts of sound; the sum begins anew."""
        self._place = (self._place - 1) % self.parts
        self._spectra[self._place] = spectrum
        self.sum[:] = 0

    def add(self, begin: int, end: int) -> None:
        """Adds some of the products, begin <= number < end <= parts, to the sum."""
        if begin < end:
            turn = self.parts - self._place
            product = self._product[: end - begin]
            response = self._response[turn + begin : turn + end]
            np.multiply(response, self._spectra[begin:end], out=product)
            self.sum += np.add.reduce(product, axis=0, out=self._some)


class Convolver:
    """Convolves left with left and right with right, QUANTUM frames at a time.

    The first 16 blocks of the response are applied in parts of one block. The rest is applied in
    parts of eight (Gardner 1995, "Efficient convolution without input-output delay", JAES 43(3)),
    whose work is spread evenly over the eight blocks there are until it is due.
    """

    def __init__(self, impulse: Samples) -> None:
        """`impulse` (2, frames), any length."""
        large = STEPS * QUANTUM
        head = 2 * large
        rest = max(0, math.ceil((impulse.shape[1] - head) / large))
        whole = np.zeros((2, head + rest * large), np.float32)
        whole[:, : impulse.shape[1]] = impulse
        self._head = _Line(whole[:, :head], QUANTUM)
        self._tail = _Line(whole[:, head:], large) if rest else None
        self._recent: Samples = np.zeros((2, 2 * QUANTUM), np.float32)
        self._large: Samples = np.zeros((2, 2 * large), np.float32)
        self._due: Samples = np.zeros((2, large), np.float32)
        self._step = 0
        self._rings = whole.shape[1] // QUANTUM + 3 * STEPS  # blocks until all is silent
        self._silent = self._rings

    @property
    def rests(self) -> bool:
        """Nothing has come in for so long that nothing comes out any more."""
        return self._silent >= self._rings

    def process(self, sound: Samples) -> Samples:
        """The reverberation (2, QUANTUM) of a block (2, QUANTUM), which must be finite."""
        self._silent = 0 if sound.any() else self._silent + 1
        if self.rests:  # all that is kept is zeros by now
            return np.zeros_like(sound)
        self._recent[:, :QUANTUM] = self._recent[:, QUANTUM:]
        self._recent[:, QUANTUM:] = sound
        self._head.push(np.fft.rfft(self._recent))
        self._head.add(0, self._head.parts)
        wet: Samples = np.fft.irfft(self._head.sum)[:, QUANTUM:].astype(np.float32)
        if self._tail is not None:
            wet += self._late(self._tail, sound)
        return wet

    def _late(self, tail: _Line, sound: Samples) -> Samples:
        """What the tail gives to this block, and its next eighth of the work."""
        step, large = self._step, STEPS * QUANTUM
        here = slice(step * QUANTUM, (step + 1) * QUANTUM)
        late = self._due[:, here].copy()
        if step == 0:
            tail.push(np.fft.rfft(self._large))
            self._large[:, :large] = self._large[:, large:]
        work = STEPS - 2  # the first step has its transform to do, the last has the one back
        begin, end = ((k * tail.parts) // work for k in (max(0, step - 1), min(work, step)))
        tail.add(begin, end)
        self._large[:, large:][:, here] = sound
        if step == STEPS - 1:
            self._due[:] = np.fft.irfft(tail.sum)[:, large:]
        self._step = (step + 1) % STEPS
        return late


class Reverb:
    """All rooms; sound goes into one of them and rings out in the others."""

    def __init__(self, rate: int, seed: int = 0) -> None:
        """Makes the rooms, in about 0.4 s; `rate` in Hz."""
        self._rooms = {n: Convolver(impulse_response(n, rate, seed)) for n in CHARACTERS}
        self._stays = dict.fromkeys(self._rooms, 0.0)  # how far sound has moved into each, 0..1
        self._sends = dict.fromkeys(self._rooms, 0.0)  # amplitude with which it goes in
        self._step = QUANTUM / (CROSSING * rate)
        self._ramp = np.arange(1, QUANTUM + 1, dtype=np.float32) / QUANTUM
        self._before: Samples = np.zeros((2, QUANTUM), np.float32)

    def process(self, sound: Samples, name: str, amount: float) -> Samples:
        """The reverberation (QUANTUM, 2) of a block (QUANTUM, 2) in the room of that name.

        `amount` 0..1 is how much goes in; what is in rings out. What is not finite, or absurdly
        loud, is silence.
        """
        crossed = self._crossed(_clean(sound.T))
        wet = np.zeros_like(crossed)
        for there, room in self._rooms.items():
            begin, end = self._sends[there], self._moved(there, name, amount)
            if begin or end or not room.rests:
                gain = (begin + (end - begin) * self._ramp).astype(np.float32)
                wet += room.process(crossed * gain)
        return wet.T

    def _moved(self, there: str, name: str, amount: float) -> float:
        """Amplitude at this block's end; powers of the rooms sum to the amount's."""
        if not any(self._stays.values()):
            self._stays[name] = 1.0  # the first room is there at once
        stay = self._stays[there] + (self._step if there == name else -self._step)
        self._stays[there] = min(1.0, max(0.0, stay))
        self._sends[there] = amount * math.sin(0.5 * math.pi * self._stays[there])
        return self._sends[there]

    def _crossed(self, sound: Samples) -> Samples:
        """Each side with some of the other, a block later: a room answers from everywhere.

        The delay makes the two parts' powers add, whatever the sound.
        """
        crossed = math.cos(_ACROSS) * sound + math.sin(_ACROSS) * self._before[::-1]
        self._before = sound
        return crossed.astype(np.float32, copy=False)


def _clean(sound: Samples) -> Samples:
    """A copy with exact zeros for what cannot be believed, NaN too, and where nothing is heard."""
    clean = np.where(np.abs(sound) <= MOST, sound, np.float32(0))
    if np.abs(clean).max() < _FAINT:
        clean[:] = 0
    return clean
