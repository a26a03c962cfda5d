"""What people feel, alone and together: valence (how pleasant) and arousal (how stirred), -1..1.

The plane is Russell's circumplex (1980). Here live its fading, its mean over the circle, and how
much of the resonance each person gets. Never who may be asked (consent.py) and never what a
feeling looks or sounds like. Pure numpy over all rows; `here` says which rows hold a person.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from performer.frame import Flags, Floats

Numbers = NDArray[np.floating[Any]]

SILENCE = 20.0
"""A report has faded to neutral after this time, s."""

HEARTBEAT = 10.0
"""A heart rate has faded after this time, s."""

HEART_TRUST = 0.4
"""Most confidence a heart rate alone can have."""

ATTACK, RELEASE = 4.0, 8.0
"""Time constants of the group's gain upwards and downwards, s."""

SHARING = 4.0
"""Time constant of the shares, s."""

STRONGEST_GAIN = 0.5
"""The most G any caller gets."""

NEAR = 0.5
"""Distance in the plane at which two people's sympathy is half."""

_BLOCK = 16384  # numbers in one part of the n² table: it stays in the cache
_CALM_BPM, _BPM_SPAN = 75.0, 35.0  # an assumption, see _stirred


def felt(
    told_valence: Floats,
    told_arousal: Floats,
    feeling_age: Floats,
    heart: Floats,
    heart_age: Floats,
    use_heart: Flags,
) -> tuple[Floats, Floats, Floats]:
    """Valence, arousal (-1..1) and confidence (0..1) of everybody, shape (C,) each.

    The self-report comes first and fades to neutral, with its confidence, over SILENCE seconds.
    As it fades, the heart (bpm, 0 unknown) takes over as a proxy for arousal only, with at most
    HEART_TRUST, where `use_heart` says there is consent and its own age (s) is fresh.
    """
    report = _fresh(feeling_age, SILENCE)
    beat = (1 - report) * np.where(use_heart & (heart > 0), _fresh(heart_age, HEARTBEAT), 0.0)
    valence = report * np.clip(told_valence, -1.0, 1.0)
    arousal = report * np.clip(told_arousal, -1.0, 1.0) + beat * _stirred(heart)
    return valence, arousal, report + HEART_TRUST * beat


def _fresh(age: Floats, seconds: float) -> Floats:
    """1 at age 0, 0 from `seconds` on, without a kink at either end."""
    t = np.clip(age / seconds, 0.0, 1.0)
    return 1 - t * t * (3 - 2 * t)


def _stirred(bpm: Floats) -> Floats:
    """Arousal from a heart rate: 40 bpm is -1, 75 is 0, 110 is 1.

    A plain assumption about resting adults, not a finding: hearts also follow fitness, age,
    posture and breath. That is why it has little confidence and says nothing about valence.
    """
    return np.clip((bpm - _CALM_BPM) / _BPM_SPAN, -1.0, 1.0)


def together(valence: Floats, arousal: Floats, confidence: Floats) -> complex:
    """Z = valence + i·arousal, the mean feeling weighted by confidence, |Z| <= 1; 0 if silent.

    Rows of nobody must have confidence 0.
    """
    total = float(confidence.sum())
    if total <= 0:
        return 0j
    weight = confidence / np.maximum(1.0, np.hypot(valence, arousal))
    return complex(float(weight @ valence) / total, float(weight @ arousal) / total)


def voices(confidence: Floats) -> float:
    """How many people the mean feeling speaks for: Kish's effective number (sum c)²/sum c².

    This, not the number of people here, is the N of `gain`: one voice in a silent circle of 64
    is not 64 people who agree.
    """
    total, squares = float(confidence.sum()), float(confidence @ confidence)
    return total * total / squares if squares > 0 else 0.0


def gain(z: complex, n: float, strongest: float = STRONGEST_GAIN) -> float:
    """g = 1 + G·max(0, |Z| - 1/sqrt(n)), 1..1.5: what n people who agree add to resonance."""
    if n <= 0:
        return 1.0
    return 1 + min(strongest, STRONGEST_GAIN) * max(0.0, min(1.0, abs(z)) - 1 / math.sqrt(n))


def follow_gain(now: float, wanted: float, dt: float) -> float:
    """The gain dt seconds later: rises with ATTACK, falls with RELEASE, at any frame rate."""
    return now + (wanted - now) * _way(dt, ATTACK if wanted > now else RELEASE)


def _way(dt: float, seconds: float) -> float:
    """The part of the way gone in dt with a time constant; two half steps equal one."""
    return -math.expm1(-dt / seconds)


def shares_by(near: Floats, confidence: Floats, here: Flags, beta: float = 2.0) -> Floats:
    """Shares e of the resonance by everybody's `sympathy`, shape (C,).

    e is proportional to exp(beta·s), s the mean over the circle's feelings of k, each counted with
    its confidence. A person's own confidence blends s with the circle's mean s, so whoever is
    silent gets an ordinary share: silence is neither punished nor, as a place in the middle of the
    plane would, rewarded.
    """
    shares = np.zeros(here.size)
    if here.any():
        s = _blended(near[here], confidence[here])
        e = np.exp(beta * (s - s.max()))
        shares[here] = e / e.sum()
    return shares


def _blended(near: Floats, confidence: Floats) -> Floats:
    """s of everybody, 0..1; equal for the silent."""
    total = float(confidence.sum())
    if total <= 0:
        return np.zeros(confidence.size)
    s = near / total
    mean = float(confidence @ s) / total
    return mean + np.minimum(confidence, 1.0) * (s - mean)


def alike(near: Floats, confidence: Floats, here: Flags) -> Floats:
    """How near the others' feelings are to a person's by `sympathy`, 0..1, shape (C,).

    The mean of k over the others by their confidence, times the own: 0 for the silent, for
    somebody alone, and for rows of nobody.
    """
    others = float(confidence[here].sum()) - confidence
    mean = (near - confidence) / np.maximum(others, 1e-9)
    return np.where(here & (others > 1e-9), np.clip(mean * confidence, 0.0, 1.0), 0.0)


def sympathy(valence: Floats, arousal: Floats, confidence: Floats, here: Flags) -> Floats:
    """The sum over everybody, oneself included, of k·confidence, shape (C,); 0 for nobody.

    k = 1/(1 + (distance/NEAR)²), distance that of two feelings in the plane.
    """
    near = np.zeros(here.size)
    v, a, c = valence[here], arousal[here], confidence[here]
    if c.any():
        sums = [np.einsum("ij,j->i", nearness(v, a, some), c) for some in blocks(v.size)]
        near[here] = np.concatenate(sums)
    return near


def blocks(n: int) -> list[slice]:
    """Rows of an n² table in parts that stay in the cache."""
    step = max(1, _BLOCK // max(n, 1))
    return [slice(i, i + step) for i in range(0, n, step)]


def nearness(x: Numbers, y: Numbers, some: slice, near: float = NEAR) -> Numbers:
    """k of some points with every point of a plane, in place: every pass over n² numbers counts."""
    square = np.subtract.outer(x[some], x)
    square *= square
    across = np.subtract.outer(y[some], y)
    across *= across
    square += across
    square *= square.dtype.type(1 / near**2)
    square += 1
    return np.reciprocal(square, out=square)


def smooth_shares(now: Floats, wanted: Floats, here: Flags, dt: float) -> Floats:
    """Shares dt seconds later, shape (C,): SHARING seconds, sum 1 over `here`, 0 elsewhere.

    Somebody new begins at the wanted share and somebody gone gives theirs to all in proportion:
    so N·e of all others, and their resonance, goes on without a step.
    """
    new = here & (now <= 0)
    old = np.where(here & ~new, now, 0.0)
    total = float(old.sum())
    if total <= 0:
        return np.where(here, wanted, 0.0)
    begun = np.where(new, wanted, 0.0)
    begun += old * ((1 - float(begun.sum())) / total)
    moved = np.where(here, begun + (wanted - begun) * _way(dt, SHARING), 0.0)
    return moved / moved.sum()


def resonances(amplitude: float, gain: float, share: Floats, cap: Floats, here: Flags) -> Floats:
    """A_i = min(A·g·ê, cap), 0..1, shape (C,), 0 for nobody; ê = N·e limited to 0.5..2.

    With equal shares and no gain everybody has A itself, at any N. Nothing exceeds a cap.
    """
    even = np.clip(np.count_nonzero(here) * share, 0.5, 2.0)
    return np.where(here, np.clip(np.minimum(amplitude * gain * even, cap), 0.0, 1.0), 0.0)
