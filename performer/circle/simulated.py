"""A simulated circle with some life: temperaments and slowly wandering feelings.

Everything is a pure function of seed, row number and show time: no state, no clock, no random
generator. So a rehearsal, a replay and a restarted stage meet the same people, and one more person
changes nobody. Never here: real people, and what a person looks like.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from performer.frame import Floats, Ints

TAU = 2 * math.pi

TEMPI = (0.080, 0.097, 0.118)
"""Centres of the clusters of rhythms, Hz; with TEMPO_SPREAD they span 0.05..0.16."""

TEMPO_SPREAD = 0.15
"""Standard deviation within a cluster, part of its centre."""

SLOWEST, FASTEST = 0.05, 0.16
"""Bounds of every simulated rhythm, Hz."""

RATIOS = ((0.80, 1, 1), (0.90, 2, 3), (1.0, 3, 4))
"""Up to which draw somebody plays p against the circle's q."""

BASELINE = 0.5
"""Farthest that a feeling's centre is from neutral."""

WANDER = 0.3
"""Farthest that a feeling goes from its centre, per axis."""

LEAN = 0.4
"""Part of the way to the group's feeling that the most sociable go."""

_PERIODS = (30.0, 180.0)  # of the sines that feelings wander by, s
_WEIGHTS = np.array([0.5, 0.3, 0.2])  # of those sines
_SINES = len(_WEIGHTS)

# One salt per drawn number. Changing one changes every simulated night.
_CLUSTER, _TEMPO, _TEMPO_2, _RATIO, _BREATH, _BREATH_2, _TAIL, _TURN, _DEPTH, _SOCIABLE = range(10)
_WANDERS = np.arange(16, 16 + 4 * _SINES)


@dataclass(frozen=True)
class Temperament:
    """What does not change about simulated people, shape (n,) each."""

    rate: Floats
    """Own rhythm, rad/s."""
    breath_rate: Floats
    """Hz, 0.1..0.3, mostly 0.12..0.2."""
    valence: Floats
    arousal: Floats
    """The feeling they wander around, within BASELINE of neutral."""
    sociability: Floats
    """0..1, how far they lean to the group."""
    p: Floats
    q: Floats


def sim_id(i: int) -> str:
    """The id of the i-th simulated person, counted from 1."""
    return f"sim-{i}"


def uniform(seed: int, rows: Ints, salt: int | Ints) -> Floats:
    """Numbers 0 <= u < 1 that depend on seed, row and salt only, shape of rows with salt broadcast.

    Splitmix64 (Steele, Lea & Flood 2014): first of seed and salt, then of that and the row.
    """
    salts = np.atleast_1d(np.asarray(salt, dtype=np.int64)).astype(np.uint64)
    start = _mixed(salts * _GOLDEN + np.uint64(seed & _ALL))
    mixed = _mixed(start + (rows.astype(np.uint64) + np.uint64(1)) * _GOLDEN)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


_ALL = (1 << 64) - 1
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Splitmix64's finaliser, modulo 2^64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def temperament(seed: int, rows: Ints) -> Temperament:
    """The temperaments of simulated people in these rows (n,)."""
    u = uniform(seed, rows[:, None], np.arange(_SOCIABLE + 1)).T
    p, q = _ratio(u[_RATIO])
    depth, turn = BASELINE * np.sqrt(u[_DEPTH]), TAU * u[_TURN]
    return Temperament(
        rate=TAU * np.clip(_tempo(u) * p / q, SLOWEST, FASTEST),
        breath_rate=0.1 + 0.12 * (u[_BREATH] + u[_BREATH_2]) / 2 + 0.08 * u[_TAIL] ** 8,
        valence=depth * np.cos(turn),
        arousal=depth * np.sin(turn),
        sociability=u[_SOCIABLE],
        p=p,
        q=q,
    )


def _tempo(u: Floats) -> Floats:
    """Hz: a cluster's centre with a triangular spread, whose width is sqrt(6) deviations."""
    centre = np.array(TEMPI)[(u[_CLUSTER] * len(TEMPI)).astype(np.int64)]
    return centre * (1 + math.sqrt(6) * TEMPO_SPREAD * (u[_TEMPO] + u[_TEMPO_2] - 1))


def _ratio(u: Floats) -> tuple[Floats, Floats]:
    """p and q per person; their tempo is near p/q of the circle's, or they could never lock."""
    which = np.searchsorted([upto for upto, _, _ in RATIOS[:-1]], u, side="right")
    return (
        np.array([float(p) for _, p, _ in RATIOS])[which],
        np.array([float(q) for _, _, q in RATIOS])[which],
    )


def feelings(
    seed: int, rows: Ints, time: float, group_valence: float, group_arousal: float
) -> tuple[Floats, Floats]:
    """Valence and arousal, shape (n,), inside the unit disc, at show time `time` (s).

    Three sines of own periods (30..180 s) per axis around a baseline, then a lean to the group's
    feeling by sociability. With a steady group neither axis moves faster than 0.063 per second.
    """
    own = temperament(seed, rows)
    valence, arousal = _wander(seed, rows, time)
    lean = LEAN * own.sociability
    reach = max(1.0, math.hypot(group_valence, group_arousal))
    return (
        (own.valence + valence) * (1 - lean) + group_valence / reach * lean,
        (own.arousal + arousal) * (1 - lean) + group_arousal / reach * lean,
    )


def _wander(seed: int, rows: Ints, time: float) -> tuple[Floats, Floats]:
    """How far two axes are from their baselines, each within WANDER."""
    u = uniform(seed, rows[:, None], _WANDERS).reshape(rows.size, 2, 2, _SINES)
    shortest, longest = _PERIODS
    periods = shortest + (longest - shortest) * u[:, 0]
    moved = WANDER * (np.sin(TAU * (time / periods + u[:, 1])) @ _WEIGHTS)
    return moved[:, 0], moved[:, 1]
