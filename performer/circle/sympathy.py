"""What passes from one person to another: feelings that infect, and dreams that answer each other.

Both look at all pairs, in single precision and in parts that stay in the cache, now and then. Never
here: who may be asked (consent.py), and what a feeling or an answer looks like.
"""

import numpy as np
from numpy.typing import NDArray

from performer.circle.feeling import blocks, nearness
from performer.frame import Floats

Singles = NDArray[np.float32]

FAR = 0.6
"""Distance of seats, plane, at which somebody is half far away."""

NEIGHBOURHOOD = 1.2
"""Distance of seats, in mean cells, at which a neighbour's influence is a quarter."""

STUBBORN = 0.15
"""What weighs against all influence: among people who feel otherwise one stays with oneself."""

PERIOD = 24.0  # s; the sympathetic wave's at one place
CREST = np.array([0.55, 0.3])  # its wave vector, turns per plane unit


def crest(seat: Floats, flow: float) -> Floats:
    """How high the one slow wave stands at these seats, 0..1; `flow` its integrated time, s."""
    height = 0.5 + 0.5 * np.cos(2.0 * np.pi * (flow / PERIOD - seat @ CREST))
    return height * height


def answers(
    valence: Floats, arousal: Floats, confidence: Floats, seat: Floats, height: Floats
) -> Floats:
    """How much wave stands at those far away who feel alike, 0..1, shape (n,).

    answer_i = c_i · Σ_j k_ij c_j far_ij height_j / Σ_j c_j far_ij with k the nearness of feelings,
    c their confidence and far = d²/(d² + FAR²), d the distance of seats in the plane. The sum
    below has no k: whoever is far away and feels otherwise makes the answer weaker. Nobody
    answers themselves, and the silent do not answer.
    """
    v, a, c, h = _singles(valence, arousal, confidence, height)
    x, y = _singles(seat[:, 0], seat[:, 1])
    found = np.zeros(len(c), np.float32)
    for some in blocks(len(c)):
        far = 1 - nearness(x, y, some, FAR)
        far *= c
        most = far.sum(axis=1)
        far *= nearness(v, a, some)
        found[some] = c[some] * (far @ h) / np.maximum(most, np.float32(1e-6))
    return np.clip(found, 0.0, 1.0).astype(np.float64)


def infected(
    valence: Floats, arousal: Floats, confidence: Floats, seat: Floats, cell: float
) -> tuple[Floats, Floats]:
    """The feeling around everybody, valence and arousal, shape (n,) each.

    A mean over the others, weighted by confidence, by how near they feel (bounded confidence:
    who feels otherwise is heard less) and by how near they sit: 1/(1 + (d/l)²)², l
    NEIGHBOURHOOD mean cells, `cell` in plane². One's own feeling counts with STUBBORN.
    """
    v, a, c = _singles(valence, arousal, confidence)
    x, y = _singles(seat[:, 0], seat[:, 1])
    reach = NEIGHBOURHOOD * float(np.sqrt(cell))
    columns = np.stack([c, c * v, c * a], axis=1)
    sums = np.zeros((len(c), 3), np.float32)
    for some in blocks(len(c)):
        weight = nearness(x, y, some, reach)
        weight *= weight
        weight *= nearness(v, a, some)
        sums[some] = weight @ columns
    sums += (STUBBORN - c)[:, None] * np.stack([np.ones_like(v), v, a], axis=1)
    around = (sums[:, 1:] / sums[:, :1]).astype(np.float64)
    return around[:, 0], around[:, 1]


def _singles(*arrays: Floats) -> tuple[Singles, ...]:
    return tuple(array.astype(np.float32) for array in arrays)
