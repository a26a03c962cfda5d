"""How strong a sound is for this room: slow automatic gain, levels and presence, 0..1.

Here live everything that adapts to loudness and the gate that keeps silence silent; never
frequencies, or when something begins.
"""

import math

import numpy as np

from performer.frame import Floats

GATE = -58.0
"""dBFS (RMS): nothing under it is heard; 8 dB above it all of it is."""

QUIETEST = -50.0
"""dBFS: what is softer than this is not raised further."""

UP, DOWN = 10.0, 20.0
"""Time constants, s, with which the reference follows louder and softer material."""

TILT = np.array([-5.0, -4.0, -10.0, -17.0, 0.0])
"""dB: how much of the whole the four bands, and the whole, hold in most music."""

_OWN = 10.0  # dB that a band's reference may leave the tilt
_AHEAD = 6.0  # dB that sound may stay above the reference: a jump is followed at once
_PAUSE = 24.0  # dB: what is farther below the reference counts as no farther
_OPENING = 8.0  # dB from the gate to all of it
_SLOW = 0.4  # s over which power is averaged before the reference looks at it
_GATE_SECONDS = 0.1
_PRESENT = 1.0  # s over which presence is averaged
_PRESENT_FROM, _PRESENT_TO = -24.0, 10.0  # dB around the tilt where presence is 0 and 1
_ATTACK, _RELEASE = 0.015, 0.18  # s of the levels
_EXPONENT = 1.6  # of the response to amplitude
_LEAST = 1e-12


def share(dt: float, seconds: float) -> float:
    """What a one-pole filter of this time constant takes of the new value in dt."""
    return -math.expm1(-dt / seconds)


def decibels(power: Floats) -> Floats:
    """10 log10 of powers; -120 for nothing."""
    return 10 * np.log10(np.maximum(power, _LEAST))


class Levels:
    """Levels of four bands and the whole (last), one step per hop of `dt` seconds.

    A level is x^n / (1 + x^n) of amplitude over reference (Naka and Rushton 1966, J. Physiol. 185):
    ½ at what is usual here, never quite 1, so nothing sticks at the top. A band's reference is its
    own, but near what music usually holds there: rumble in an empty band is not raised to music.
    """

    def __init__(self, dt: float) -> None:
        self.level: Floats = np.zeros(5)
        self.presence: Floats = np.zeros(5)
        self.gate = 0.0
        self._dt = dt
        self._slow: Floats = np.zeros(5)
        self._present: Floats = np.zeros(5)
        self._quick = 0.0
        self._reference: Floats = -20.0 + TILT  # dBFS; where a first sound is until it is known
        self._heard = 0.0  # s of sound that the reference knows
        self._shares = [share(dt, s) for s in (_SLOW, _GATE_SECONDS, _PRESENT, _ATTACK, _RELEASE)]
        self._up, self._down = share(dt, UP), share(dt, DOWN)

    @property
    def reference(self) -> float:
        """Amplitude (RMS, 1 is full scale) that is usual here."""
        return 10 ** (float(self._reference[-1]) / 20)

    def step(self, powers: Floats) -> None:
        """Take one hop's powers of the four bands and of the whole, shape (5,)."""
        slow, quick, present, attack, release = self._shares
        self._slow += (powers - self._slow) * (slow if self._heard else 1.0)
        self._present += (powers - self._present) * present
        self._quick += (float(powers[-1]) - self._quick) * quick
        self.gate = self._opened()
        if self.gate > 0:
            self._adapt()
        x = np.sqrt(powers * 10 ** (self._reference / -10)) ** _EXPONENT
        wanted = self.gate * x / (1 + x)
        self.level += (wanted - self.level) * np.where(wanted > self.level, attack, release)
        self._follow_presence()

    def _opened(self) -> float:
        loudness = 10 * math.log10(max(self._quick, _LEAST))
        return min(1.0, max(0.0, (loudness - GATE) / _OPENING))

    def _adapt(self) -> None:
        """Move the references: at first like a mean of all that was heard, later slowly."""
        now = decibels(self._slow)
        self._heard += self._dt * self.gate
        apart = np.maximum(now - self._reference, -_PAUSE)
        slowly = np.where(apart > 0, self._up, self._down)
        moved = self._reference + apart * np.maximum(slowly, self._dt / self._heard) * self.gate
        moved = np.maximum(moved, now - _AHEAD)
        whole = max(float(moved[-1]), QUIETEST)
        self._reference = np.clip(moved, whole + TILT - _OWN, whole + TILT + _OWN)
        self._reference[-1] = whole

    def _follow_presence(self) -> None:
        above = decibels(self._present) - float(self._reference[-1]) - TILT
        found = (above - _PRESENT_FROM) / (_PRESENT_TO - _PRESENT_FROM)
        self.presence = np.clip(found, 0.0, 1.0) * self.gate
