"""Who gets which place in the family of palettes, so that neighbours can be told apart.

Places are given once, when somebody sits down, for whatever presets the night will bring: they are
chosen in one family of moderate width, as far from the neighbours' as they can be, also for eyes
that do not tell red from green. What colours a place gives is said in palettes.py.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from performer.circle import palettes
from performer.frame import Floats, Ints

Distances = NDArray[np.float64]

SLOTS = 60
"""Places that are given out: (k + ½)/60."""

NEIGHBOURS = 7
"""Nearest seats that count: six in a hexagonal arrangement, and one."""

ENOUGH = 0.16
"""ΔE_OK beyond which two palettes are as good as any."""

SWEEPS = 3
"""Times that everybody in a new circle chooses again."""

FAMILY = (60.0, 0.3, 0.44, 0.5, 170.0)
"""Hue, spread, light, chroma and accent of the family in which distances are judged."""

DEUTERANOPE = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
     [-0.011820, 0.042940, 0.968881]]
)  # fmt: skip
"""Linear RGB as somebody without M cones sees it (Machado, Oliveira & Fernandes 2009)."""


def distances(colours: palettes.Colours) -> tuple[Distances, Distances]:
    """ΔE_OK between palettes (C, 12), shape (C, C) each: as most see them, and a deuteranope.

    The larger of the distances of two tones and of two accents.
    """
    light = palettes.decoded(colours.reshape(-1, 4, 3)[:, [1, 3]])
    usual = palettes.oklab_of(light)
    without = palettes.oklab_of(np.clip(light @ DEUTERANOPE.T, 0.0, 1.0))
    apart = [np.linalg.norm(x[:, None] - x, axis=-1).max(axis=-1) for x in (usual, without)]
    return apart[0], apart[1]


@lru_cache(maxsize=1)
def _table() -> Distances:
    """How well two slots go beside each other, shape (SLOTS, SLOTS): 0 to ENOUGH."""
    apart, without = distances(palettes.colours(_place(np.arange(SLOTS)), *FAMILY))
    return np.minimum(np.minimum(apart, 3.0 * without), ENOUGH)  # a deuteranope needs a third


def _place(slot: Ints) -> Floats:
    return (slot + 0.5) / SLOTS


def _slot(place: Floats) -> Ints:
    return np.minimum((place * SLOTS).astype(np.int64), SLOTS - 1)


def _best(near: Ints, all_: Ints) -> int:
    """The slot farthest from those nearby; of equals, one that few have."""
    score = _table()[near].min(axis=0) if len(near) else np.zeros(SLOTS)
    return int(np.argmax(score - 0.002 * np.bincount(all_, minlength=SLOTS)))


def place_beside(seat: Floats, seats: Floats, places: Floats) -> float:
    """A place for somebody at `seat` (2,) beside people at `seats` (N, 2) with `places` (N,)."""
    near = np.argsort(((seats - seat) ** 2).sum(axis=1), kind="stable")[:NEIGHBOURS]
    slots = _slot(places)
    return float(_place(np.array(_best(slots[near], slots))))


def places(seats: Floats) -> Floats:
    """Places for a whole circle at `seats` (N, 2), shape (N,)."""
    square = ((seats[:, None] - seats) ** 2).sum(axis=-1)
    np.fill_diagonal(square, np.inf)
    near = np.argsort(square, axis=1, kind="stable")[:, : min(NEIGHBOURS, len(seats) - 1)]
    slots = np.full(len(seats), -1)
    for _ in range(SWEEPS):
        for i in range(len(seats)):
            seated = slots[near[i]]
            slots[i] = -1
            slots[i] = _best(seated[seated >= 0], slots[slots >= 0])
    return _place(slots)
