"""Panning: who is heard on which loudspeaker, and how voices become channels without a click.

Seats and a room file in, gains and channels out. What a voice sounds like, the reverberation and
the limiter are not known here.
"""

import math

import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.sections import Sections
from performer.frame import Frame, People
from performer.show.rooms import Room

Samples = NDArray[np.float32]

NEAR = 0.15  # plane; within this distance of a platform everybody is near
FALL = 2.0  # at focus 1 a voice's power at a platform falls with the distance to twice this power
GLIDE = 0.05  # s, time constant with which gains follow: Frames come unevenly, faders jump
_UNCHANGED = 1e-7


class Panning:
    """Gains of all voices. The squares of one voice's gains always sum to 1, in any room."""

    def __init__(self, room: Room) -> None:
        pairs = [(p.left - 1, p.right - 1) for p in room.platform]
        self.channels = room.channels
        self._left, self._right = (np.array(side) for side in zip(*pairs, strict=True))
        self._single = self._left == self._right
        self._at = np.array([p.at for p in room.platform])
        self._persons = [p.person for p in room.platform]
        self._focus = room.focus

    def gains(self, people: People, aspect: float) -> Samples:
        """Amplitude of every voice in every channel, shape (C, channels), low ones 0.

        At individuality 0 everybody is in the middle of every platform, equally; at 1 a platform
        hears everybody from the side where they sit, and who sits near it most.
        """
        away = people.seat[:, None, :] - self._at * (0.5 * aspect, 0.5)  # (C, P, 2)
        away[self._own(people)] = 0.0
        shares = np.sqrt(self._shares(people, away))
        side = np.clip(away[..., 0] / (0.5 * aspect), -1.0, 1.0) * people.m[:, None]
        left, right = pan(side)
        found = np.zeros((people.capacity, self.channels), np.float32)
        found[:, self._left] = shares * left
        found[:, self._right] = np.where(self._single, shares, shares * right)
        return found

    def send(self, people: People, aspect: float) -> Samples:
        """The same for what all platforms share: left and right of the plane, shape (C, 2)."""
        side = np.clip(people.seat[:, 0] / (0.5 * aspect), -1.0, 1.0) * people.m
        return np.stack(pan(side), axis=1).astype(np.float32)

    def spread(self) -> Samples:
        """Amplitude of left and right of a stereo sound in every channel, shape (2, channels).

        It is on all platforms alike, with the power it has on one pair.
        """
        found = np.zeros((2, self.channels), np.float32)
        found[0, self._left] = found[1, self._right] = 1.0
        found[:, self._left[self._single]] = math.sqrt(0.5)
        return found / np.float32(math.sqrt(len(self._left)))

    def _own(self, people: People) -> NDArray[np.bool_]:
        """Which platform is whose, shape (C, P)."""
        own = np.zeros((people.capacity, len(self._persons)), np.bool_)
        for j, person in enumerate(self._persons):
            if (row := people.row(person or "")) is not None:
                own[row, j] = True
        return own

    def _shares(self, people: People, away: NDArray[np.float64]) -> NDArray[np.float64]:
        """Part of every voice's power at every platform, shape (C, P), rows sum to 1."""
        distance = np.square(away).sum(axis=2)
        steep = FALL * self._focus * people.m[:, None]
        near = (NEAR**2 / (NEAR**2 + distance)) ** steep
        return near / near.sum(axis=1, keepdims=True)


def pan(side: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Amplitudes left and right of a place -1..1 between two loudspeakers; squares sum to 1."""
    angle = (side + 1.0) * (math.pi / 4)
    return np.cos(angle), np.sin(angle)


class Mixer:
    """Voices into channels, gains gliding; then what a room adds: lows, gain, delay.

    Blocks are QUANTUM frames. `mix`, then `add` as often as there is something, then `finish`.
    """

    def __init__(self, room: Room, rate: int) -> None:
        """`rate` in Hz."""
        self.panning = Panning(room)
        self.channels = room.channels
        self._spread = self.panning.spread()
        self._middle = self._spread.sum(axis=0) * np.float32(math.sqrt(0.5))
        self._follow = np.float32(-math.expm1(-QUANTUM / (GLIDE * rate)))
        self._ramp = (np.arange(1, QUANTUM + 1, dtype=np.float32) / QUANTUM)[None, :]
        self._frame: Frame | None = None
        self._goal: Samples = np.zeros((0, room.channels + 2), np.float32)
        self._gains: Samples = np.zeros((0, room.channels + 2), np.float32)
        self._ramped: Samples = np.zeros((0, QUANTUM), np.float32)
        self._lows = Lows(room, rate)
        self._trims = Trims(room, rate)

    def mix(self, voices: Samples, drone: Samples, frame: Frame) -> tuple[Samples, Samples]:
        """Mono voices (C, QUANTUM) and one drone (QUANTUM,) that is in the middle of everywhere.

        Returns their channels (QUANTUM, channels) and the stereo that effects get (QUANTUM, 2).
        """
        before, after = self._glide(frame)
        both = voices.T @ before
        if np.abs(after - before).max(initial=0.0) > _UNCHANGED:
            np.multiply(voices, self._ramp, out=self._ramped)
            both += self._ramped.T @ (after - before)
        mixed, send = both[:, :-2].copy(), both[:, -2:].copy()
        mixed += drone[:, None] * self._middle
        send += drone[:, None] * np.float32(math.sqrt(0.5))
        return mixed, send

    def add(self, mixed: Samples, stereo: Samples) -> None:
        """Adds a stereo sound (QUANTUM, 2) to every platform of `mixed`."""
        mixed += stereo @ self._spread

    def finish(self, mixed: Samples) -> Samples:
        """The channels as this room's loudspeakers need them, shape (QUANTUM, channels)."""
        self._lows.add(mixed)
        return self._trims.process(mixed)

    def _glide(self, frame: Frame) -> tuple[Samples, Samples]:
        """Gains at this block's start and end, (C, channels + 2); new rows are there at once."""
        wanted = self._wanted(frame)
        known = min(len(self._gains), len(wanted))
        before = wanted.copy()
        before[:known] = self._gains[:known]
        self._gains = before + (self._follow * (wanted - before)).astype(np.float32)
        return before, self._gains

    def _wanted(self, frame: Frame) -> Samples:
        """Gains and, in the last two columns, the send's, as a Frame wants them."""
        if frame is not self._frame:
            self._frame, people, aspect = frame, frame.people, frame.aspect
            gains, send = self.panning.gains(people, aspect), self.panning.send(people, aspect)
            self._goal = np.hstack((gains, send))
            if len(self._ramped) != len(gains):
                self._ramped = np.zeros((len(gains), QUANTUM), np.float32)
        return self._goal


class Lows:
    """What shakes the boards: the low part of what a platform hears."""

    def __init__(self, room: Room, rate: int) -> None:
        self._groups: list[tuple[NDArray[np.int64], NDArray[np.float64], Sections]] = []
        for hz in sorted({p.low_hz for p in room.platform if p.low}):
            alike = [(p.left - 1, p.right - 1, p.low - 1)
                     for p in room.platform if p.low and p.low_hz == hz]  # fmt: skip
            ends = np.array(alike).T
            half = np.where(ends[0] == ends[1], 0.5, math.sqrt(0.5))
            self._groups.append((ends, half, Sections(linkwitz_riley(hz, rate), len(alike))))

    def add(self, mixed: Samples) -> None:
        """Fills the low channels of `mixed` (frames, channels)."""
        for (left, right, low), half, sections in self._groups:
            heard = (mixed[:, left] + mixed[:, right]) * half
            mixed[:, low] = sections.process(np.ascontiguousarray(heard.T)).T


def linkwitz_riley(hz: float, rate: int) -> NDArray[np.float64]:
    """A low-pass of 24 dB per octave, -6 dB at `hz`, as sections (2, 6): Butterworth twice.

    Linkwitz (1976), "Active crossover networks for noncoincident drivers", JAES 24(1).
    """
    k = math.tan(math.pi * hz / rate)
    norm = 1 + math.sqrt(2) * k + k * k
    once = (k * k, 2 * k * k, k * k, norm, 2 * (k * k - 1), 1 - math.sqrt(2) * k + k * k)
    return np.array((once, once)) / norm


class Trims:
    """Gain and delay of every channel, as the platforms' distances want them."""

    def __init__(self, room: Room, rate: int) -> None:
        self._gain = np.ones(room.channels, np.float32)
        delay = np.zeros(room.channels, np.int64)
        for i, platform in enumerate(room.platform):
            outputs = [c - 1 for c in platform.outputs.values()]
            self._gain[outputs] = platform.amplitude
            delay[outputs] = room.frames(i, rate)
        self._late = np.flatnonzero(delay)
        ring = QUANTUM * (1 + math.ceil(int(delay.max()) / QUANTUM))
        self._past = np.zeros((ring, len(self._late)), np.float32)
        self._reads = np.arange(QUANTUM)[:, None] - delay[self._late]
        self._place = 0  # frame of the ring that is written next

    def process(self, mixed: Samples) -> Samples:
        """The block with gains and delays, shape (QUANTUM, channels)."""
        mixed *= self._gain
        if self._late.size:
            self._past[self._place : self._place + QUANTUM] = mixed[:, self._late]
            frames = (self._reads + self._place) % len(self._past)
            mixed[:, self._late] = self._past[frames, np.arange(self._late.size)]
            self._place = (self._place + QUANTUM) % len(self._past)
        return mixed
