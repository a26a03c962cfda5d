"""A simulated circle with some life: temperaments and slowly wandering feelings.

Everything is a pure function of seed, person number, show time and what the others feel: no state,
no clock, no random generator. So a rehearsal, a replay and a restarted stage meet the same people,
and one more person changes nobody's own. Numbers count from 0 here; somebody who comes back has
the same one in any row. Who is there when is presence.py's. Never here: real people, and what a
person looks like.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from performer.frame import MOST_PEOPLE, Floats, Ints

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
"""Farthest that a feeling goes from its centre, per axis; the steadiest go half as far."""

LEAN = 0.9
"""Part of the way to their neighbours' feelings that the most sociable and tender go."""

QUICKEST, SLOWEST_MOOD = 3.0, 12.0
"""Time constants with which the most restless and the steadiest follow their feelings, s."""

DEEPENING = 0.2
"""Part by which full arousal quickens a breath."""

_PERIODS = (30.0, 180.0)  # of the sines that feelings wander by, s
_WEIGHTS = np.array([0.5, 0.3, 0.2])  # of those sines
_SINES = len(_WEIGHTS)

# One salt per drawn number. Changing one changes every simulated night.
_CLUSTER, _TEMPO, _TEMPO_2, _RATIO, _BREATH, _BREATH_2, _TAIL, _TURN, _DEPTH, _SOCIABLE = range(10)
_RESTLESS, _TENDER = 10, 11
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
    """0 withdrawn .. 1: how much they have to do with others at all."""
    restlessness: Floats
    """0 steady .. 1: how fast and far feelings wander."""
    tenderness: Floats
    """0..1: how easily others move them."""
    p: Floats
    q: Floats

    @property
    def lean(self) -> Floats:
        """Part of the way to the neighbours' feeling that they go, 0..LEAN."""
        return LEAN * self.sociability * (0.4 + 0.6 * self.tenderness)

    @property
    def seconds(self) -> Floats:
        """Time constant with which a feeling shows, s."""
        return SLOWEST_MOOD + (QUICKEST - SLOWEST_MOOD) * self.restlessness


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


def temperament(seed: int, people: Ints) -> Temperament:
    """The temperaments of simulated people of these numbers (n,)."""
    u = uniform(seed, people[:, None], np.arange(_TENDER + 1)).T
    p, q = _ratio(u[_RATIO])
    depth, turn = BASELINE * np.sqrt(u[_DEPTH]), TAU * u[_TURN]
    return Temperament(
        rate=TAU * np.clip(_tempo(u) * p / q, SLOWEST, FASTEST),
        breath_rate=0.1 + 0.12 * (u[_BREATH] + u[_BREATH_2]) / 2 + 0.08 * u[_TAIL] ** 8,
        valence=depth * np.cos(turn),
        arousal=depth * np.sin(turn),
        sociability=u[_SOCIABLE],
        restlessness=u[_RESTLESS],
        tenderness=u[_TENDER],
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


@lru_cache(maxsize=4)
def _everybody(seed: int) -> tuple[Temperament, Floats, Floats]:
    """All who can be: temperaments, and the wandering's periods (s) and phases, (n, 2, sines)."""
    people = np.arange(MOST_PEOPLE)
    own = temperament(seed, people)
    u = uniform(seed, people[:, None], _WANDERS).reshape(len(people), 2, 2, _SINES)
    shortest, longest = _PERIODS
    drawn = u[:, 0] ** (0.5 + own.restlessness)[:, None, None]
    return own, shortest + (longest - shortest) * drawn, u[:, 1]


def feelings(
    seed: int, people: Ints, time: float, valence: Floats, arousal: Floats
) -> tuple[Floats, Floats]:
    """Valence and arousal, shape (n,), inside the unit disc, that people are drawn to at `time`, s.

    Three sines of own periods (30..180 s) per axis around a baseline, mixed with the feeling of
    the neighbours, `valence` and `arousal` (n,), by everybody's own lean: Friedkin & Johnsen's
    social influence (1990) with their own wandering as the stubborn part. With steady neighbours
    neither axis moves faster than 0.063 per second.
    """
    own = _everybody(seed)[0]
    lean = own.lean[people]
    reach = np.maximum(1.0, np.hypot(valence, arousal))
    moved = own.valence[people], own.arousal[people]
    wander = _wander(seed, people, time)
    return (
        (moved[0] + wander[0]) * (1 - lean) + valence / reach * lean,
        (moved[1] + wander[1]) * (1 - lean) + arousal / reach * lean,
    )


def _wander(seed: int, people: Ints, time: float) -> tuple[Floats, Floats]:
    """How far two axes are from their baselines, each within WANDER."""
    own, periods, phases = _everybody(seed)
    far = WANDER * (0.5 + 0.5 * own.restlessness[people])
    sines = np.sin(TAU * (time / periods[people] + phases[people])) @ _WEIGHTS
    return far * sines[:, 0], far * sines[:, 1]


def followed(seed: int, people: Ints, now: Floats, goal: Floats, dt: float) -> Floats:
    """A feeling's axis dt seconds later, shape (n,): everybody follows at their own pace."""
    return now + (goal - now) * -np.expm1(-dt / _everybody(seed)[0].seconds[people])


def breath_rates(seed: int, people: Ints, arousal: Floats) -> Floats:
    """Breaths, Hz, shape (n,): everybody's own, quicker when stirred and slower when calm."""
    return _everybody(seed)[0].breath_rate[people] * (1 + DEEPENING * arousal)
