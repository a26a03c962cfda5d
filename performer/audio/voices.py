"""The voices: one per person and the drone, from Scores to samples, block after block.

    Score ─► tide (gates, notes) ─► smoothing ─► breath, colours ─► partials, air ─► X, drone
                   └► breathing, crossing (phases)
Only rows that sound cost anything. No clock, no randomness; the same Scores give the same bytes.
Where a voice is in the room is panning's matter, how loud the whole is in the end the chain's.
"""

import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM, colours, parts
from performer.audio.air import Air
from performer.audio.breathing import Breathing
from performer.audio.crossing import Crossing
from performer.audio.partials import Amplitudes, Partials
from performer.audio.score import Score
from performer.audio.tide import Tide
from performer.frame import Flags, Floats, Ints
from performer.show.tuning import PARTIALS

Samples = NDArray[np.float32]

TAU = 2 * np.pi

_LOUD = 0.26  # amplitude of a circle's voices together, before panning
_DRONE_LOUD = 0.14
_AIR_LOUD = 0.45
_ALONE = 2.0  # so many voices more make one voice softer than a circle
_SMOOTH = 1.2  # s, time constant of everything that is neither gate, note nor phase
_OPENS = 0.35  # part of the brightness that comes with the breath
_RAMP = np.arange(1, QUANTUM + 1, dtype=np.float32) / np.float32(QUANTUM)
_PLACES: Floats = np.mod(0.6180339887 * np.arange(parts.ROWS), 1.0).astype(
    np.float64
)  # of rows in the loops of air


class Voices:
    """The state of all voices between two blocks: R rows, the drone's and 256 people's."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.drone: Samples = np.zeros(QUANTUM, np.float32)
        """The root beneath everything, in the same block as the voices."""
        self._seconds = QUANTUM / rate
        self._blocks = 0
        self._score: Score | None = None
        self._people = 0  # rows of the newest Score
        self._ids = [""] * parts.ROWS
        self._partials, self._air, self._life = Partials(), Air(rate), colours.Life(parts.ROWS)
        self._tide, self._breathing = Tide(parts.ROWS), Breathing(parts.ROWS)
        self._crossing = Crossing(parts.ROWS)
        self._goal, self._now = (
            np.zeros((parts.ROWS, parts.WIDTH)),
            np.zeros((parts.ROWS, parts.WIDTH)),
        )
        self._turn, self._phase = (
            np.zeros(parts.ROWS),
            np.zeros(parts.ROWS),
        )  # rad: shadows, oscillators
        # Amplitudes at the last block's end, of partials and of the air.
        self._loud: Amplitudes = np.zeros((parts.ROWS, PARTIALS), np.complex64)
        self._breeze: Samples = np.zeros(parts.ROWS, np.float32)
        self._all: Samples = np.zeros((parts.ROWS, QUANTUM), np.float32)
        self._some: Samples = np.zeros((parts.ROWS, QUANTUM), np.float32)
        self._sounded = np.zeros(parts.ROWS, np.bool_)

    # ---- one block ------------------------------------------------------------------------

    def block(self, score: Score) -> Samples:
        """The next QUANTUM frames of every row's voice, shape (C, QUANTUM).

        The array is used again by the next block. The same Score may be played for any time.
        """
        if score is not self._score:
            self._hear(score)
        begun = self._tide.advance(self._seconds)
        self._breathing.begin(begun)
        self._breathing.advance(self._seconds)
        circle, rate = float(self._breathing.phase[0]), float(self._breathing.rate[0])
        self._crossing.begin(begun, circle)
        self._crossing.advance(circle, rate, self._seconds)
        self._follow(begun)
        self._blocks += 1
        self._air.advance()
        sounds = self._tide.busy | self._loud.any(axis=1)
        self._all[self._sounded & ~sounds] = 0.0
        self._sounded = sounds
        rows = np.flatnonzero(sounds)
        if len(rows):
            self._sound(rows)
        people = parts.DRONES + self._people
        np.add(self._all[0], self._all[1], out=self.drone)
        if sounds[people:].any():  # rows that the Score no longer has fade out with the drone
            self.drone += self._all[people:].sum(axis=0)
        return self._all[parts.DRONES : people]

    def _sound(self, rows: Ints) -> None:
        """Adds up the rows that sound, and keeps where their amplitudes are now."""
        now, note, some = self._now[rows], self._tide.note[rows], self._some[: len(rows)]
        pitch = note * 2.0 ** (now[:, parts.CENTS] / 1200.0)
        step = TAU * pitch / self.rate
        gain = self._balance(rows) * self._tide.level[rows] * now[:, parts.STRENGTH]
        breath = self._breaths(rows, now, colours.breath)
        loud = self._amplitudes(rows, now, pitch, breath)
        loud *= (gain * breath).astype(np.float32)[:, None]
        self._partials.add_up(self._phase[rows], step, self._loud[rows], loud, some)
        self._phase[rows] = np.mod(self._phase[rows] + step * QUANTUM, TAU)
        self._loud[rows] = loud
        sigh = self._breaths(rows, now, colours.sigh)
        self._blow(rows, note, _AIR_LOUD * gain * sigh * now[:, parts.AIR], some)
        self._all[rows] = some

    def _balance(self, rows: Ints) -> Floats:
        """What makes notes equally loud, and a larger circle hardly louder, shape (A,)."""
        power = float((self._tide.presence[parts.DRONES :] ** 2).sum())
        loud = np.full(parts.ROWS, _LOUD / np.sqrt(_ALONE + power))
        loud[: parts.DRONES] = _DRONE_LOUD * np.array(parts.DRONE_BALANCE)
        return loud[rows] * colours.weight(self._tide.note[rows])

    def _breaths(self, rows: Ints, now: Floats, kind: colours.Breath) -> Floats:
        """Everybody's own breath, and the group's as far as they breathe with it, shape (A,).

        The wave of a ratio crosses both.
        """
        phase, rate, depth = self._breathing.phase, self._breathing.rate, now[:, parts.DEPTH]
        own = kind(phase[rows], rate[rows], depth)
        breath = own + now[:, parts.TOGETHER] * (kind(phase[:1], rate[:1], depth) - own)
        wave = self._crossing
        return breath * kind(wave.phase[rows], wave.rate[rows], now[:, parts.CROSSING])

    def _amplitudes(self, rows: Ints, now: Floats, pitch: Floats, breath: Floats) -> Amplitudes:
        """Complex amplitudes of all partials at the block's end, shape (A, PARTIALS)."""
        bright = now[:, parts.BRIGHTNESS] * (1.0 - _OPENS + _OPENS * breath)
        loud = colours.partials(now[:, parts.TIMBRE], bright, pitch)
        loud *= colours.audible(pitch, self.rate)
        loud *= self._life.height(rows, self._blocks * self._seconds, now[:, parts.WANDER])
        return self._life.shadowed(rows, loud, self._turn[rows])

    def _blow(self, rows: Ints, note: Floats, air: Floats, out: Samples) -> None:
        """Adds the air; `air` (A,) is its amplitude at the block's end."""
        before, after = self._breeze[rows], air.astype(np.float32)
        blown = (before + after) > 0.0
        if blown.any():
            gain = before[blown, None] + (after - before)[blown, None] * _RAMP
            gain *= self._air.noise(note[blown], _PLACES[rows[blown]])
            out[blown] += gain
        self._breeze[rows] = after

    # ---- what is asked --------------------------------------------------------------------

    def _hear(self, score: Score) -> None:
        """Takes new targets. Of rows that may not sound, nothing but that they may not."""
        new = parts.arranged(score)
        self._score, self._people = score, new.people
        sings = new.amplitude > 0.0
        other = self._others(new.ids)
        self._breathing.forget(other)
        self._breathing.hear(new.theta, new.rate, new.slack, score.time, new.known)
        self._crossing.hear(new.p, new.q, new.known)
        self._tide.hear(new.amplitude, new.note, new.wait, other)
        self._goal[sings] = new.goals[sings]

    def _others(self, ids: tuple[str, ...]) -> Flags:
        """Rows of somebody who is not who sang there last."""
        other = np.zeros(parts.ROWS, np.bool_)
        for row, who in enumerate(ids, parts.DRONES):
            if who and who != self._ids[row]:
                other[row] = bool(self._ids[row])
                self._ids[row] = who
        return other

    def _follow(self, begun: Flags) -> None:
        """Smooths what is neither gate, note nor phase; at once where nothing is heard."""
        way = -np.expm1(-self._seconds / _SMOOTH)
        self._now += (self._goal - self._now) * way
        self._now[begun] = self._goal[begun]
        self._turn = np.mod(self._turn + TAU * self._now[:, parts.BEAT] * self._seconds, TAU)
