"""Whether the circle has truly come into step: measured against chance, never staged.

Kept is a sample a second of everybody's rhythm and feeling over the last HISTORY seconds; who has
no unbroken history is not counted. Every LOOK seconds two numbers of that window are compared with
the same numbers of surrogate circles, in which every single person is as they were but nothing is
left between them (pseudo-dyads: Moulder et al. 2018, Psychological Methods 23, 757; time-shifted
phases: Lachaux et al. 1999, Human Brain Mapping 8, 194):

* order: Q = mean over time of |Σ_i e^(i(q θ_i - p ψ))|²/n², ψ that of the people at 1:1, who
  themselves count with e^(i(θ_i - ψ)). A surrogate adds to every phase an angle of its own that
  stays: what shifting a steady rhythm in time by more than we have seen does, without the seam
  that a circular shift makes inside the window. That seam lets a chance meeting of equal tempi
  look short-lived, and so makes chance seem smaller than it is.
* together: W = mean over time of |Σ_i d_i|²/n², d_i a feeling's deviation from its own mean over
  the window; so mean |Z|² = |mean Z|² + W, and only W knows who moves with whom: people who are all
  steadily happy have none. A surrogate turns the sign of everybody's d_i by a coin. Feelings move
  so slowly that a window holds one or two movements, for which a shift in time, with its seam, has
  far too small a chance; the coin has the right one. Still the test is weak, and it cannot tell
  infection from something that moved all of them. So it is told, and decides nothing.

The chance p that surrogates reach what was seen comes from their cube roots, which for such sums
of squares are very nearly normal (Wilson & Hilferty 1931): SURROGATES of them then tell about
chances much smaller than 1/SURROGATES. For n independent steady phases it is e^(-nQ), so eight or
fewer people in step can always be chance, and no meeting is claimed for them.

A meeting needs p <= STRICT and R-hat >= STRONG for ENTERING seconds; it ends when p > LOOSE or
R-hat < WEAK for LEAVING seconds. STRICT is 0.01 over the fifty or so windows of a night that do
not overlap: at most one false alarm in a hundred nights, in which all tempi are nearly equal; none
in practice when they differ or when more than a dozen are there, for then STRONG is out of reach.
"""

import math
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from performer.circle.simulated import uniform
from performer.frame import HISTORY, Flags, Floats, Group, Halves, Ints, People

Phasors = NDArray[np.complex64]

LOOK = 2.0  # s between two comparisons with chance
SURROGATES = 199
FEWEST = 4  # people; fewer are not compared
STRICT, LOOSE = 2e-4, 0.01
STRONG, WEAK = 0.7, 0.5
ENTERING, LEAVING = 8.0, 5.0  # s
ATTACK, RELEASE = 6.0, 15.0  # s; time constants of what the picture answers to
HEARD = 0.25  # confidence from which a feeling is counted

_NOISE = 1e-6  # W below this is rounding: half floats keep a feeling to 0.0005
_PART = 4  # surrogates that are summed at a time; divides SURROGATES + 1
_SALTS = 1 << 20  # the first of this module's salts


@dataclass(frozen=True)
class Evidence:
    """What was seen, against surrogates."""

    seen: float
    ceiling: float
    """What 95 % of surrogates stay below."""
    chance: float
    """p, one-sided, 0..1."""
    counted: int


def nothing(counted: int = 0) -> Evidence:
    """Too little to compare."""
    return Evidence(0.0, 0.0, 1.0, counted)


# ---- keeping a history ----------------------------------------------------------------------


def forget(people: People, beats: Flags, moods: Flags) -> None:
    """Takes away at once what was kept of people who may not be counted any more, (C,) each."""
    for kept, allowed, columns in (
        (people.past_beats, beats, (people.past_theta,)),
        (people.past_moods, moods, (people.past_valence, people.past_arousal)),
    ):
        gone = (kept > 0) & ~allowed
        if gone.any():
            kept[gone] = 0
            for column in columns:
                column[gone] = 0.0


def sample(people: People, beats: Flags, moods: Flags) -> None:
    """Adds the present to the history of those who may be counted, shape (C,) each."""
    _push(people.past_theta, people.theta, beats)
    _push(people.past_valence, people.valence, moods)
    _push(people.past_arousal, people.arousal, moods)
    for kept, counts in ((people.past_beats, beats), (people.past_moods, moods)):
        kept[:] = np.where(counts, np.minimum(kept + 1, HISTORY), 0)


def _push(past: Halves, now: Floats, counts: Flags) -> None:
    past[:, :-1] = past[:, 1:]
    past[:, -1] = np.where(counts, now, 0.0)


# ---- comparing with chance ------------------------------------------------------------------


def order(theta: Halves, p: Floats, q: Floats, draws: Floats) -> Evidence:
    """R-hat of n people's phases over the window, (n, T) rad, at their ratios p, q (n,).

    `draws` (SURROGATES, n), 0..1, are the surrogates' angles in turns.
    """
    n, straight = len(p), p == q
    if np.count_nonzero(straight) < FEWEST:
        return nothing(n)
    turned = np.ones((len(draws) + 1, n), np.complex64)  # the first is what was seen
    turns = (2 * np.pi * draws).astype(np.float32)
    turned.real[1:], turned.imag[1:] = np.cos(turns), np.sin(turns)
    angles = theta.astype(np.float32) * np.where(straight, 1.0, q).astype(np.float32)[:, None]
    sums = _in_step(turned, np.exp(1j * angles), np.where(straight, 0.0, p))
    squares = (sums.real**2 + sums.imag**2).mean(axis=1, dtype=np.float64) / n**2
    r = np.sqrt(np.maximum(0.0, (n * squares - 1) / (n - 1)))
    return _against(squares, r, n)


def _in_step(turned: Phasors, phasors: Phasors, against: Floats) -> Phasors:
    """Σ_i e^(i(q θ - p ψ)) of every surrogate at every time, (S, T); `against` p, or 0 for 1:1."""
    straight = against == 0
    field = _summed(turned[:, straight], phasors[straight])
    size = np.abs(field)
    back = np.conj(field) / np.maximum(size, np.float32(1e-6))
    total = size.astype(np.complex64)
    for p in np.unique(against[~straight]):
        some = against == p
        total += _summed(turned[:, some], phasors[some]) * back ** int(p)
    return total


def _summed(turned: Phasors, paths: Phasors) -> Phasors:
    """Sums over people for every surrogate and time, (S, T), in parts too small for BLAS's threads.

    Waking them costs more than these sums: 4 ms instead of 0.1 on a busy machine.
    """
    parts = turned.reshape(-1, _PART, len(paths)) @ paths
    return parts.reshape(len(turned), -1)


def together(valence: Halves, arousal: Halves, draws: Floats) -> Evidence:
    """|Z| of n people's feelings over the window, (n, T) each; coins from `draws` (S, n), 0..1."""
    n = len(valence)
    if n < FEWEST:
        return nothing(n)
    felt = valence.astype(np.float32) + 1j * arousal.astype(np.float32)
    steady = felt.mean(axis=1, keepdims=True)
    coins = np.ones((len(draws) + 1, n), np.complex64)
    coins[1:] = np.where(draws < 0.5, -1.0, 1.0)
    sums = _summed(coins, felt - steady)
    moved = (sums.real**2 + sums.imag**2).mean(axis=1, dtype=np.float64) / n**2
    shown = np.sqrt(abs(complex(steady.mean())) ** 2 + moved)
    if moved.max() < _NOISE:
        return Evidence(float(shown[0]), float(shown[0]), 1.0, n)
    return _against(moved, shown, n)


def _against(squares: Floats, shown: Floats, n: int) -> Evidence:
    """The first against all others: `squares` for the chance, `shown` for people, (S + 1,)."""
    roots = np.cbrt(squares)
    spread = float(roots[1:].std())
    z = (float(roots[0]) - float(roots[1:].mean())) / spread if spread > 0 else 0.0
    chance = 0.5 * math.erfc(z / math.sqrt(2))
    return Evidence(float(shown[0]), float(np.quantile(shown[1:], 0.95)), chance, n)


def look(people: People, group: Group, seed: int, number: int) -> Group:
    """The group with the evidence of the window as it is now; `number` counts the looks."""
    beats, moods = (np.flatnonzero(k >= HISTORY) for k in (people.past_beats, people.past_moods))
    p, q, past = people.p[beats], people.q[beats], people.past_theta[beats]
    step = order(past, p, q, _draws(seed, beats, number))
    felt = together(people.past_valence[moods], people.past_arousal[moods],
                    _draws(seed, moods, number))  # fmt: skip
    return msgspec.structs.replace(
        group, counted=step.counted, window_order=step.seen, surrogate_order=step.ceiling,
        p_order=step.chance, window_together=felt.seen, surrogate_together=felt.ceiling,
        p_together=felt.chance,
    )  # fmt: skip


def _draws(seed: int, rows: Ints, number: int) -> Floats:
    """0..1 for every surrogate and person, (SURROGATES, n), others at every look."""
    salts = _SALTS + SURROGATES * number + np.arange(SURROGATES)
    return uniform(seed, rows[None, :], salts[:, None])


# ---- deciding -------------------------------------------------------------------------------


def decided(group: Group, dt: float) -> Group:
    """The group dt seconds on: whether it meets, and how far the picture has followed."""
    if group.meeting:
        says, patience = group.p_order <= LOOSE and group.window_order >= WEAK, LEAVING
    else:
        says, patience = group.p_order <= STRICT and group.window_order >= STRONG, ENTERING
    contrary = group.contrary + dt if says != group.meeting else 0.0
    meeting, events = group.meeting, group.convergences
    if contrary >= patience:
        meeting, contrary, events = says, 0.0, events + says
    way = -math.expm1(-dt / (ATTACK if meeting else RELEASE))
    converged = group.converged + (meeting - group.converged) * way
    return msgspec.structs.replace(group, contrary=contrary, meeting=meeting,
                                   convergences=events, converged=converged)  # fmt: skip
