"""Impulse responses of rooms that do not exist: long, dark, soft, the same for the same seed.

Noise, shaped: every octave has its own decay, lows stay longest. Convolution is not known here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Character:
    """What a room is like. Times in s."""

    seconds: float
    """Length; what is left then fades out."""
    lows: float
    """Time in which 125 Hz falls by 60 dB."""
    middle: float
    """The same for 1 kHz."""
    highs: float
    """The same for 8 kHz."""
    before: float
    """Silence until the first of it arrives."""
    swell: float
    """Time in which it builds up."""
    early: float
    """Part of the power that belongs to walls nearby and is gone soon, 0..1."""


CHARACTERS = {
    "near": Character(2.4, lows=2.6, middle=1.9, highs=0.7, before=0.008, swell=0.03, early=0.5),
    "hall": Character(4.8, lows=5.4, middle=3.9, highs=1.0, before=0.02, swell=0.045, early=0.3),
    "deep": Character(6.4, lows=8.0, middle=5.6, highs=0.9, before=0.03, swell=0.06, early=0.15),
}
"""The rooms there are, by the names that presets use."""

LOWEST, HIGHEST = 45.0, 14000.0
"""Hz; a room gives nothing back below and above."""

_TILT = -3.0  # dB per octave above 500 Hz: what walls swallow before anything is heard
_NEARBY = 0.12  # s, in which the early part falls by 60 dB times the middle's
_APART = 0.45  # m between the two ears of the room: lows are in the middle, all else is wide
_SOUND = 343.0  # m/s
_ENDING = 0.2  # part of the length over which the end fades out
_LOUD = (60.0, 4000.0)  # Hz; here pink noise comes back with the power that went in


def impulse_response(name: str, rate: int, seed: int = 0) -> Samples:
    """Left and right of a room, shape (2, frames), for a rate in Hz.

    Pink noise from 60 Hz to 4 kHz has the same power before and after it.
    """
    character = CHARACTERS[name]
    frames = round(character.seconds * rate)
    spectrum = _noise(frames, rate, (seed, list(CHARACTERS).index(name)))
    time = (np.arange(frames) / rate).astype(np.float32)
    sound: Samples = np.zeros((2, frames), np.float32)
    for centre, part in _octaves(frames, rate):
        sound += np.fft.irfft(spectrum * part, frames) * _envelope(character, centre, time)
    return sound / np.float32(_loudness(sound, rate))


def _noise(frames: int, rate: int, seed: tuple[int, int]) -> NDArray[np.complex64]:
    """Spectra of noise left and right, alike in the lows as in the diffuse field of a room.

    Two points d apart in a diffuse field have the coherence sin(kd)/(kd) (Cook et al. 1955, JASA
    27). The noise has no seam, so filtering it round the end does no harm.
    """
    noise = np.random.default_rng(seed).standard_normal((2, frames))
    middle, side = np.fft.rfft(noise)
    frequency = np.fft.rfftfreq(frames, 1 / rate)
    alike = np.sinc(2 * frequency * _APART / _SOUND)
    middle *= np.sqrt((1 + alike) / 2)
    side *= np.sqrt((1 - alike) / 2)
    dark = 10 ** (_TILT / 20 * np.log2(np.maximum(frequency, 500.0) / 500.0))
    return np.array((middle + side, middle - side) * dark, np.complex64)


def _octaves(frames: int, rate: int) -> Iterator[tuple[float, Samples]]:
    """Centre (Hz) and weight over frequency of each octave band; inside the range they sum to 1."""
    place = np.log2(np.maximum(np.fft.rfftfreq(frames, 1 / rate), 1.0) / 1000.0)
    low, high = math.log2(LOWEST / 1000.0), math.log2(HIGHEST / 1000.0)
    inside = _rise(place, low) * (1 - _rise(place, high))
    for octave in range(-4, 5):
        away = np.clip(np.abs(np.clip(place, -4.0, 4.0) - octave), 0.0, 1.0)
        part = inside * (0.5 + 0.5 * np.cos(math.pi * away))
        yield 1000.0 * 2.0**octave, part.astype(np.float32)


def _rise(place: NDArray[np.float64], edge: float) -> NDArray[np.float64]:
    """From 0 to 1 over an octave around an edge."""
    return 0.5 - 0.5 * np.cos(math.pi * np.clip(place - edge + 0.5, 0.0, 1.0))


def _envelope(c: Character, hz: float, time: Samples) -> Samples:
    """Amplitude of an octave over time: silence, swell, the early part into the late one."""
    since = np.maximum(time - np.float32(c.before), np.float32(0))
    late = math.sqrt(1 - c.early) * np.exp(-_decay(_seconds(c, hz)) * since)
    soon = 2 * math.sqrt(c.early) * np.exp(-_decay(c.middle * _NEARBY + 0.1) * since)
    swell = -np.expm1(-np.square(since / (0.5 * c.swell)))
    left = (time[-1] - time) / (_ENDING * c.seconds)
    ending = 0.5 - 0.5 * np.cos(math.pi * np.clip(left, 0.0, 1.0))
    return swell * ending * (late + soon)


def _seconds(c: Character, hz: float) -> float:
    """Time in which a frequency falls by 60 dB, between those that the character gives."""
    known = np.log2([125.0, 1000.0, 8000.0])
    times = np.log([c.lows, c.middle, c.highs])
    return math.exp(float(np.interp(math.log2(hz), known, times)))


def _decay(seconds: float) -> float:
    """Rate (1/s) of an amplitude that falls by 60 dB in so many seconds."""
    return math.log(1000.0) / seconds


def _loudness(sound: Samples, rate: int) -> float:
    """Amplitude that pink noise in the loud range would come back with."""
    frequency = np.fft.rfftfreq(sound.shape[1], 1 / rate)
    power = np.square(np.abs(np.fft.rfft(sound))).mean(axis=0)
    loud = (frequency >= _LOUD[0]) & (frequency <= _LOUD[1])
    return math.sqrt(float(np.average(power[loud], weights=1 / frequency[loud])))
