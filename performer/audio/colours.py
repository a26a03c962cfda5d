"""What a breath and a colour are, as amplitudes: pure functions of phases, notes and time.

All over the rows at once, and of what is steady within a block. Samples are not known here.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from performer.circle.simulated import uniform
from performer.frame import Floats, Ints
from performer.show.tuning import PARTIALS

TAU = 2 * np.pi

Amplitudes = NDArray[np.complex64]

Breath: TypeAlias = Callable[[Floats, Floats, Floats], Floats]
"""Phase, rate and depth to amplitude."""

TREMBLES = 0.5
"""Hz above which a rhythm loses depth, so that no attack is shorter than half a second."""

_NUMBERS = np.arange(1, PARTIALS + 1, dtype=np.float64)
_LOGS = np.log(_NUMBERS)
_SWELL = 1.3  # how much longer a breath is low than high
_BEFORE = 0.9  # rad by which the air comes before the tone
_MIDDLE = 220.0  # Hz; a note as loud and as bright as it is asked to be
_WEIGHT = 0.1  # low notes are louder by (middle/note)^this: the ear is duller there
_DARK, _CLEAR, _HIGH = 1.5, 1.5, 0.5  # slope of partials; less by brightness; more by octave
_SHADOW = 0.4  # amplitude of a voice's detuned shadow
_SLOW, _QUICK = 0.021, 0.055  # Hz between which partials come and go
_ROOTED = 0.35  # how far the first partial wanders, of the others


def breath(phase: Floats, rate: Floats, depth: Floats) -> Floats:
    """Amplitude of a breath, 0..1, fullest at phase 0; rate in rad/s, depth 0..1."""
    depth = depth * np.clip(2.0 - np.abs(rate) / (TAU * TREMBLES), 0.0, 1.0)
    return 1.0 - depth + depth * (0.5 + 0.5 * np.cos(phase)) ** _SWELL


def sigh(phase: Floats, rate: Floats, depth: Floats) -> Floats:
    """Amplitude of the air in a breath, 0..1: it comes before the tone and goes sooner."""
    return breath(phase + _BEFORE, rate, depth) ** 2


def weight(note: Floats) -> Floats:
    """Amplitude by which a note, Hz, is as loud as another to the ear, roughly."""
    return (_MIDDLE / note) ** _WEIGHT


def partials(recipe: Floats, brightness: Floats, note: Floats) -> Floats:
    """Amplitudes of the partials, (R, PARTIALS), power 1: the recipe's, falling with number.

    `recipe` (R, PARTIALS); brightness 0..1, note in Hz.
    """
    slope = _DARK - _CLEAR * brightness + _HIGH * np.log2(note / _MIDDLE)
    loud = recipe * np.exp(-np.maximum(slope, 0.0)[:, None] * _LOGS)
    return loud / np.sqrt(np.maximum((loud**2).sum(axis=1, keepdims=True), 1e-12))


def audible(note: Floats, rate: int) -> Floats:
    """0..1: partials fade out below 0.45 of the sampling rate; shape (R, PARTIALS)."""
    return np.clip((0.45 - note[:, None] * _NUMBERS / rate) / 0.05, 0.0, 1.0)


class Life:
    """What moves by itself in R voices: partials that come and go, and a shadow that beats."""

    def __init__(self, rows: int) -> None:
        numbers: Ints = np.arange(rows)[:, None]
        chance = [uniform(0, numbers, 300 + n * PARTIALS + np.arange(PARTIALS)) for n in range(5)]
        self._rate = TAU * (_SLOW + (_QUICK - _SLOW) * chance[0])
        self._start = TAU * chance[1]
        self._sway_rate, self._sway_start = 0.31 * self._rate, TAU * chance[2]
        self._shadow = TAU * chance[3][:, 0]
        self._phase = np.exp(1j * TAU * chance[4])  # in step, a chord would be a train of pulses

    def height(self, rows: Ints, time: float, depth: Floats) -> Floats:
        """0..1, shape (A, PARTIALS), at `time` s; depth 0..1, shape (A,)."""
        sway = 1.7 * np.sin(self._sway_rate[rows] * time + self._sway_start[rows])
        wave = 0.5 + 0.5 * np.sin(self._rate[rows] * time + self._start[rows] + sway)
        deep = depth[:, None] * np.where(_NUMBERS == 1, _ROOTED, 1.0)
        return (1.0 - deep + deep * wave) ** 2

    def shadowed(self, rows: Ints, amplitudes: Floats, turn: Floats) -> Amplitudes:
        """Complex amplitudes of the voice with a softer one beside it: slow beating.

        `amplitudes` (A, PARTIALS); `turn` (A,), rad by which the shadow is ahead in the first
        partial, in the others as many times as much.
        """
        ahead = (turn + self._shadow[rows])[:, None] * _NUMBERS
        beside = (1.0 + _SHADOW * np.exp(1j * ahead)) / np.sqrt(1.0 + _SHADOW**2)
        return (amplitudes * beside * self._phase[rows]).astype(np.complex64)
