"""How people's rhythms pull on each other: Kuramoto's mean field, one phase per person.

Pure numpy over all rows at once, O(N). Here live phase, pull and order; never who may be coupled
(consent.py), what a rhythm looks or sounds like, a clock, or randomness.

Model: Kuramoto (1984), "Chemical Oscillations, Waves, and Turbulence"; Strogatz (2000), Physica D
143, 1-20. The p:q pull is the mean field's Adler equation for the slow angle p·psi - q·theta; the
cap on it is ours and follows from that equation's mean drift, sqrt(detuning² - pull²).
"""

import math

import numpy as np

from performer.frame import Flags, Floats

TAU = 2 * math.pi

STRONGEST = 0.75
"""Pull K at full coupling, rad/s.

Simulated rates deviate by 0.13 rad/s, and R = 1 - (deviation/K)²/2 for locked people. Measured at
m = 0, 12 to 64 people: K 0.5 gives R 0.96, 0.75 gives 0.983 (least of 24 circles 0.975), 1.0 gives
0.991. Order begins near 0.21, so the default /coupling of 0.3 stands at the threshold.
"""

MERGED = 0.25
"""Individuality up to which people may lose their own tempo altogether."""

SLOW = 15.0
"""Time constant of the group's mean rate, s."""

LONGEST_STEP = 0.1
"""The longest dt a live clock lets through, s."""

_FAINT = 1e-3  # an order below this is nobody's direction: keeps the cap finite


def order(theta: Floats, counts: Flags) -> tuple[float, float]:
    """R (0..1) and psi (rad, -pi..pi) with R·e^(i·psi) = mean e^(i·theta) over who counts.

    Count people at 1:1 who are here and may be coupled; nobody gives (0, 0).
    """
    if not counts.any():
        return 0.0, 0.0
    mean = complex(np.exp(1j * theta[counts]).mean())
    return min(1.0, abs(mean)), math.atan2(mean.imag, mean.real)


def corrected(order: float, n: int) -> float:
    """R without what chance alone gives n independent phases (about 1/sqrt(n)), 0..1."""
    if n < 2:
        return 0.0
    return math.sqrt(max(0.0, (n * order**2 - 1) / (n - 1)))


def kept(m: Floats) -> Floats:
    """h: the part of their own detuning that people keep at individuality m; both 0..1."""
    return np.clip((m - MERGED) / (1 - MERGED), 0.0, 1.0)


def pull(
    omega: Floats,
    m: Floats,
    p: Floats,
    q: Floats,
    coupling: float,
    consents: Flags,
    order: float,
    group_rate: float,
) -> Floats:
    """How strongly each person is pulled, rad/s, shape (C,); 0 without consent.

    At most K = coupling·STRONGEST (`coupling` 0..1). Whoever keeps a part h > 0 of their tempo is
    never pulled into step: kappa·R stays below sqrt(1-h²) of their detuning from p/q of the
    group's rate (rad/s), which leaves them a mean drift of h times that detuning.
    """
    h = kept(m)
    detuning = np.abs(omega - p / q * group_rate)
    cap = np.sqrt(1 - h**2) * detuning / max(order, _FAINT)
    strength = np.where(h > 0, np.minimum(coupling * STRONGEST, cap), coupling * STRONGEST)
    return np.where(consents, strength * _within_reach(q * detuning), 0.0)


def _within_reach(beat: Floats) -> Floats:
    """1, falling to 0 where p·psi - q·theta turns half a turn or more in the longest step.

    Such a person is far from any lock, so the pull averages out; but a step would see the beat at
    a false, slow rate and could lock to that.
    """
    fastest = math.pi / LONGEST_STEP
    return np.clip(2 - 2 * beat / fastest, 0.0, 1.0)


def advance(
    theta: Floats,
    omega: Floats,
    kappa: Floats,
    p: Floats,
    q: Floats,
    order: float,
    psi: float,
    dt: float,
) -> tuple[Floats, Floats]:
    """Phases after dt seconds (rad, 0..2 pi) and the rates people really had (rad/s).

    One explicit Euler step is enough: a locked circle is a fixed point of the step itself, at any
    rate, so only the approach has an error (64 people converging for 20 s against dt = 1 ms: 0.02
    rad at 60 frames per second, 0.04 at 30). It is stable while q·kappa·R·dt < 2; the worst case
    here is 9·0.75·0.1 = 0.68. Wrapping at 2 pi changes nothing, for p and q are whole numbers.
    """
    rate = omega + kappa * order * np.sin(p * psi - q * theta)
    return np.mod(theta + rate * dt, TAU), rate


def mean_rate(
    before: float,
    theta: Floats,
    rate: Floats,
    counts: Flags,
    dt: float,
    seconds: float = SLOW,
) -> float:
    """The group's slow mean rate, rad/s, after dt; `before` 0 means not known yet.

    `theta` and `rate` (rad/s) are those of one instant (a frame between them does no harm).
    Follows the rate of psi with a time constant of `seconds`; 0 when nobody counts. It never takes
    a difference of psi, so wrapping cannot touch it; where psi has no meaning (R near the
    1/sqrt(N) of chance) it goes over to the people's mean rate.
    """
    if not counts.any():
        return 0.0
    now = _rate_of_psi(theta[counts], rate[counts])
    if before == 0.0:
        return now
    return before + (now - before) * -math.expm1(-dt / seconds)


def _rate_of_psi(theta: Floats, rate: Floats) -> float:
    """Im(conj(Z)·dZ/dt)/R², with one person's weight 1/N of plain mean mixed in.

    A weighted mean of rates: weights R·cos(theta - psi) + 1/N over R² + 1/N have the mean 1.
    """
    phasors = np.exp(1j * theta)
    mean = complex(phasors.mean())
    chance = 1 / theta.size
    weights = (phasors * mean.conjugate()).real + chance
    return float((weights * rate).mean()) / (abs(mean) ** 2 + chance)
