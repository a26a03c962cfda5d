"""Sympathetic strings: a bank of resonators that answers the chord, and opens it.

Tuned to the preset's scale over four octaves; nobody plays them. How far they are open is the
Score's matter.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.frame import Floats
from performer.show.tuning import OPEN, SCALES

Samples = NDArray[np.float32]
Complex = NDArray[np.complex128]

LOWEST, HIGHEST = 82.0, 2200.0
"""Range of the strings, Hz."""

MOST = 36
"""Strings of a bank; each is a course of two."""

LONGEST, SHORTEST = 6.0, 2.0  # s, in which strings at 55 Hz and at 2.2 kHz fall by 60 dB
_COURSE = 1.3  # cents by which the two of a course are out of tune: they beat, slowly
_WIDE = 0.85  # place -1..1 of the outermost strings
_SHINE = 1.0  # levels rise with this power of the frequency: what voices have little of, sings
_LEVEL, _BRIGHTEST = 1.2, 4.0  # of strings at 200 Hz, and at most, against a partial that meets one
_LOUDEST = 128.0  # +42 dBFS; louder is a fault and not believed
_FAINT = 1e-9  # a string that swings less is still
_RETUNE = 2.0  # s over which sound moves from the old strings to the new
_BANKS = 4  # that ring at once


def tuned(root: float, scale: str) -> Floats:
    """Frequencies of the strings, Hz, from low to high, shape (S,), S <= MOST."""
    ratios = np.array(SCALES[scale])
    octaves = 2.0 ** np.arange(-6, 7)
    notes = root * np.multiply.outer(octaves, ratios)
    calm = (ratios == 1) | (ratios == 1.5)  # close intervals grumble down there
    wanted = (notes >= np.where(calm, LOWEST, OPEN)) & (notes <= HIGHEST)
    return np.sort(notes[wanted])[:MOST]


@dataclass(frozen=True)
class _Tables:
    """What a bank's strings do in one block, whatever is done to them. R resonators."""

    turn: Complex
    """What each state becomes by itself in one block, shape (R,)."""
    rings: Samples
    """Real and imaginary parts of all states to left and right: (2·R, 2·QUANTUM)."""
    answer: NDArray[np.complex64]
    """Spectra of what an impulse gives within the block, shape (2, QUANTUM + 1)."""
    takes: Samples
    """A block of sound to real and imaginary parts of the new states: (QUANTUM, 2·R)."""


@lru_cache(maxsize=32)
def _tables(root: float, scale: str, rate: int) -> _Tables:
    """Of courses in a tuning, at `rate` Hz.

    A resonator is y[n] = p·y[n-1] + x[n], heard as the imaginary part of g·y. With |g| =
    2·(1 - |p|) a sine that meets it comes back as loud as it went in; a course shares that
    between its two.
    """
    notes, out = tuned(root, scale), _COURSE * 0.5 / 1200
    hz = np.concatenate((notes * 2.0**-out, notes * 2.0**out))
    radius = np.exp(-math.log(1000) / (_seconds(hz) * rate))
    pole = radius * np.exp(2j * math.pi * hz / rate)
    level = np.minimum(_LEVEL * (hz / 200.0) ** _SHINE, _BRIGHTEST) * (1 - radius)
    sides = level * _sides(len(notes))
    powers = _powers(pole)  # (R, QUANTUM)
    rings = sides[:, :, None] * (powers * pole[:, None])  # (2, R, QUANTUM)
    rings = np.concatenate((rings.imag, rings.real), axis=1)
    takes = powers[:, ::-1].T
    return _Tables(
        turn=pole**QUANTUM,
        rings=rings.transpose(1, 0, 2).reshape(len(pole) * 2, -1).astype(np.float32),
        answer=np.fft.rfft((sides @ powers).imag, 2 * QUANTUM).astype(np.complex64),
        takes=np.concatenate((takes.real, takes.imag), axis=1).astype(np.float32),
    )


def _seconds(hz: Floats) -> Floats:
    """How long strings ring, s; a power law between the two ends."""
    steep = math.log(LONGEST / SHORTEST) / math.log(HIGHEST / 55.0)
    return LONGEST * (hz / 55.0) ** -steep


def _sides(strings: int) -> Complex:
    """Amplitude and phase left and right of both of every course, shape (2, R).

    Lows are in the middle, highs wide: louder on one side, and up to a quarter turn apart.
    """
    number = np.arange(strings)
    wide = np.sqrt((number + 1) / strings)
    place = _WIDE * wide * np.sin(2.4 * number)  # the golden angle: neighbours are far apart
    angle = (np.concatenate((place, -0.2 * place)) + 1) * (math.pi / 4)
    turn = np.exp(0.25j * math.pi * np.tile(wide * np.cos(2.4 * number), 2))
    return np.array((np.cos(angle) * turn, np.sin(angle) / turn), np.complex128)


def _powers(pole: Complex) -> Complex:
    """pole^n for n < QUANTUM, shape (R, QUANTUM), by far fewer exponentials."""
    fine = 32
    near = np.exp(np.multiply.outer(np.log(pole), np.arange(fine)))
    far = np.exp(np.multiply.outer(np.log(pole), np.arange(0, QUANTUM, fine)))
    return (far[:, :, None] * near[:, None, :]).reshape(len(pole), QUANTUM)


class Bank:
    """Strings of one tuning: a recursion in closed form, a block at a time.

    What rings already, what a block adds within itself, and what it leaves behind, are a product,
    a short convolution and a product: exact, and no loop over samples or strings.
    """

    def __init__(self, root: float, scale: str, rate: int) -> None:
        """`root` and `rate` in Hz, `scale` one of SCALES."""
        self.tuning = root, scale
        self.moved = 0.0
        """How far sound has moved here from other banks, 0..1."""
        self._tables = _tables(root, scale, rate)
        self._states: Complex = np.zeros(len(self._tables.turn), np.complex128)

    @property
    def still(self) -> bool:
        """Nothing rings."""
        return not self._states.any()

    def process(self, sound: Samples) -> Samples:
        """What is heard of them (2, QUANTUM) while a mono block (QUANTUM,) moves them."""
        tables, states = self._tables, self._states
        parts = np.concatenate((states.real, states.imag)).astype(np.float32)
        heard = (parts @ tables.rings).reshape(2, QUANTUM)
        if sound.any():
            answer = np.fft.rfft(sound, 2 * QUANTUM) * tables.answer
            heard += np.fft.irfft(answer)[:, :QUANTUM].astype(np.float32)
            real, imaginary = (sound @ tables.takes).reshape(2, -1)
            self._states = states * tables.turn + real + 1j * imaginary
        else:
            self._states = states * tables.turn
        self._settle()
        return heard

    def _settle(self) -> None:
        """A string that hardly moves is still; strings that broke begin anew."""
        size = np.abs(self._states)
        if not np.isfinite(size.sum()):
            self._states[:] = 0
        else:
            self._states[size < _FAINT] = 0


class Resonators:
    """The strings of the preset, and what still rings of those before."""

    def __init__(self, rate: int) -> None:
        """`rate` in Hz."""
        self._rate = rate
        self._banks: list[Bank] = []  # the newest last
        self._amount = 0.0
        self._step = QUANTUM / (_RETUNE * rate)
        self._ramp = np.arange(1, QUANTUM + 1, dtype=np.float32) / QUANTUM

    def prepare(self, root: float, scale: str) -> None:
        """Makes the tables of a tuning (1 to 8 ms), so that nobody waits when it is wanted."""
        _tables(root, scale, self._rate)

    def process(self, sound: Samples, root: float, scale: str, amount: float) -> Samples:
        """What the strings answer (QUANTUM, 2) to a block (QUANTUM, 2).

        `root` in Hz, `scale` one of SCALES; another tuning takes over while the old one rings out.
        `amount` 0..1 is how far they are open to new sound. What is not finite, or absurdly loud,
        is silence.
        """
        if not self._banks or self._banks[-1].tuning != (root, scale):
            self._retune(root, scale)
        begin, self._amount = self._amount, amount
        mono = _mono(sound) * self._over(begin, amount)
        heard = np.zeros((2, QUANTUM), np.float32)
        for age, bank in enumerate(reversed(self._banks)):
            begin = bank.moved
            bank.moved = _held(begin + (-self._step if age else self._step))
            part = bank.process(mono * self._over(begin, bank.moved))
            heard += part if age < _BANKS else part * self._over(1.0, 0.0)
        self._forget()
        return heard.T

    def _over(self, begin: float, end: float) -> Samples:
        """From one amplitude to another over this block, (QUANTUM,)."""
        return (begin + (end - begin) * self._ramp).astype(np.float32)

    def _retune(self, root: float, scale: str) -> None:
        """Strings that still ring in that tuning are taken up again."""
        known = [bank for bank in self._banks if bank.tuning == (root, scale)]
        bank = known[0] if known else Bank(root, scale, self._rate)
        if not self._banks:
            bank.moved = 1.0  # the first strings are there at once
        self._banks = [b for b in self._banks if b is not bank] + [bank]

    def _forget(self) -> None:
        """Old banks that are still are given up; of too many, the oldest."""
        old = [b for b in self._banks[-_BANKS:-1] if b.moved or not b.still]
        self._banks = [*old, self._banks[-1]]


def _held(part: float) -> float:
    return min(1.0, max(0.0, part))


def _mono(sound: Samples) -> Samples:
    """Both sides as one, with exact zeros for what cannot be believed, NaN too, or heard."""
    mono = np.where(np.abs(sound) <= _LOUDEST, sound, np.float32(0)).sum(axis=1)
    mono *= np.float32(math.sqrt(0.5))
    if np.abs(mono).max() < _FAINT:
        mono[:] = 0
    return mono
