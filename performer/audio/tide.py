"""Who sings what now: voices that come and go, and notes that change only in silence.

A chord changes like a tide: each row waits a while of its own, sinks, takes its new note and rises.
There is no glissando. How a voice sounds or breathes is not known here.
"""

import numpy as np

from performer.frame import Flags, Floats

COMES = 2.4
"""Seconds in which a voice comes or goes."""

SINKS, RISES, SPREAD = 1.7, 2.0, 8.0
"""Seconds of a change of note, and the time over which all rows begin theirs."""

_SAME = 1e-6  # part by which a note may differ and still be the same


class Tide:
    """Gates and notes of R rows."""

    def __init__(self, rows: int) -> None:
        self.note = np.full(rows, 55.0)
        """Hz."""
        self._here, self._risen = np.zeros(rows), np.ones(rows)
        self._wanted = np.full(rows, 55.0)
        self._target, self._top = np.zeros(rows), np.zeros(rows)
        self._wait, self._due = np.zeros(rows), np.full(rows, np.inf)

    def hear(self, target: Floats, note: Floats, wait: Floats, other: Flags) -> None:
        """Where gates go, 0..1, and what is to be sung, Hz; of a target of 0 nothing more is taken.

        `wait` 0..1 is each row's own place in the tide. `other` rows are somebody else's now.
        """
        sings = target > 0.0
        self._target = target
        self._wanted = np.where(sings, note, self._wanted)
        self._wait = np.where(sings, wait, self._wait)
        self._due[other & sings] = 0.0

    @property
    def silent(self) -> Flags:
        """Which rows are not heard at all."""
        return (self._here <= 0.0) | (self._risen <= 0.0)

    @property
    def busy(self) -> Flags:
        """Which rows are heard or are about to be."""
        return (self._here > 0.0) | (self._target > 0.0)

    @property
    def presence(self) -> Floats:
        """0..1: who is there, changes of note left out."""
        return _eased(self._here)

    @property
    def level(self) -> Floats:
        """0..1, the gate in force."""
        return _eased(self._here) * _eased(self._risen)

    def advance(self, seconds: float) -> Flags:
        """Goes on by `seconds`; True where a row was silent and has begun anew."""
        away = np.abs(self._wanted / self.note - 1.0) > _SAME
        waiting = away | (self._due <= 0.0)
        begins = waiting & np.isinf(self._due)
        self._due = np.where(waiting, np.where(begins, SPREAD * self._wait, self._due), np.inf)
        self._due = np.maximum(self._due - seconds, 0.0)
        sinks = self._due <= 0.0
        change = np.where(sinks, -seconds / SINKS, seconds / RISES)
        self._risen = np.clip(self._risen + change, 0.0, 1.0)
        turned = (sinks & self.silent) | (away & (self._here <= 0.0))
        self.note[turned] = self._wanted[turned]
        self._due[turned] = np.inf
        most, before = seconds / COMES, self._here
        # who has only half come takes as long to go: no voice is ever cut short
        self._here = before + np.clip(self._target - before, -most * self._top, most)
        self._top = np.where(self._target < before, self._top, self._here)
        return turned | ((before <= 0.0) & (self._here > 0.0))


def _eased(gate: Floats) -> Floats:
    """A raised cosine: no corner where a fade begins or ends."""
    return 0.5 - 0.5 * np.cos(np.pi * gate)
