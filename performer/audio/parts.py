"""The parts there are to sing: a Score's people, and before them the drone's two rows.

The drone is sung by the same voices as the people, so it changes its note in the same tide. Only
arranging lives here; nothing moves.
"""

from dataclasses import dataclass

import numpy as np

from performer.audio.score import Score
from performer.circle.rhythm import STRONGEST, TAU
from performer.frame import MOST_PEOPLE, Flags, Floats
from performer.show.tuning import PARTIALS, TIMBRES

DRONES = 2
"""Rows before the people's: root and fifth."""

ROWS = DRONES + MOST_PEOPLE
"""R, the rows of everything that is kept from block to block."""

DRONE_BALANCE = (1.0, 0.5)
"""Amplitudes of root and fifth."""

COLUMNS = ("cents", "depth", "together", "crossing", "strength", "brightness", "air", "wander",
           "beat")  # fmt: skip
"""Fields of a Score that are followed smoothly. After them come the timbre's partials."""

CENTS, DEPTH, TOGETHER, CROSSING, STRENGTH, BRIGHTNESS, AIR, WANDER, BEAT = range(len(COLUMNS))
TIMBRE = slice(len(COLUMNS), len(COLUMNS) + PARTIALS)
WIDTH = len(COLUMNS) + PARTIALS

_LOW = 41.0  # Hz; the drone's root lies in the octave above
_CALM = TAU * 0.08  # rad/s; the drone's breath while nobody has a rhythm
_DRONE = {DEPTH: 0.5, BRIGHTNESS: 0.15, WANDER: 0.5, BEAT: 0.04}


@dataclass(frozen=True)
class Parts:
    """Targets of all R rows, as in a Score; shape (R,) where nothing else is said."""

    ids: tuple[str, ...]
    """Whose part it is, shape (C,): people only."""
    amplitude: Floats
    note: Floats
    wait: Floats
    """0..1, each row's own place in a tide."""
    theta: Floats
    rate: Floats
    slack: Floats
    """rad/s by which others may pull a rhythm off its rate."""
    p: Floats
    q: Floats
    """What is played against the circle; 1:1 where nobody is known."""
    known: Flags
    """Rows whose rhythm the Score tells."""
    goals: Floats
    """Shape (R, WIDTH)."""

    @property
    def people(self) -> int:
        """C, the rows of the Score."""
        return len(self.ids)


def arranged(score: Score) -> Parts:
    """A Score with the drone before it."""
    there = float(score.drone > 0.0)
    sings = _rows(0.0, score.amplitude) > 0.0
    known = sings.copy()
    known[:DRONES] = True
    note = _rows(0.0, score.note)
    note[:DRONES] = drone_notes(score.root)
    return Parts(
        ids=score.ids,
        amplitude=_rows(there, score.amplitude),
        note=note,
        wait=_rows(0.5, score.seed),
        theta=_rows(score.psi, score.theta),
        rate=_rows(score.psi_rate or _CALM, score.rate),
        slack=_rows(0.0, np.full(len(score.ids), STRONGEST)),
        p=np.where(sings, _rows(1.0, score.p), 1.0),
        q=np.where(sings, _rows(1.0, score.q), 1.0),
        known=known,
        goals=_goals(score),
    )


def _rows(drones: float, people: Floats) -> Floats:
    """Values of all rows: one for the drone's, then the people's, then nobody's."""
    rows = np.zeros(ROWS)
    rows[:DRONES] = drones
    rows[DRONES : DRONES + len(people)] = people
    return rows


def _goals(score: Score) -> Floats:
    goals = np.zeros((ROWS, WIDTH))
    people = slice(DRONES, DRONES + len(score.ids))
    for column, name in enumerate(COLUMNS):
        goals[people, column] = getattr(score, name)
    goals[people, TIMBRE] = score.timbre
    for column, value in _DRONE.items():
        goals[:DRONES, column] = value
    goals[:DRONES, STRENGTH] = score.drone
    goals[:DRONES, TIMBRE] = TIMBRES["string"].partials
    return goals


def drone_notes(root: float) -> Floats:
    """Root and fifth, Hz."""
    low = root * 2.0 ** -np.floor(np.log2(root / _LOW))
    return np.array([low, 1.5 * low])
