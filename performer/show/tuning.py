"""The notes and the colours there are: just scales, who sings which note, recipes of partials.

Pure data and pure functions of it. How loud or bright anything is, and samples, are not known here.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from performer.frame import Floats

PARTIALS = 12
"""Partials of a voice."""

LOWEST, HIGHEST = 54.9, 900.0
"""Range of the voices' fundamentals, Hz; 55 itself is in it, however it was computed."""

OPEN = 130.0
"""Below this, Hz, only roots and fifths: closer intervals grumble there."""

Scale: TypeAlias = tuple[float, ...]

SCALES: dict[str, Scale] = {
    "otonal": (1, 3 / 2, 5 / 4, 7 / 4, 9 / 8),  # the harmonic series: one wide calm tone
    "nocturne": (1, 3 / 2, 6 / 5, 9 / 5, 9 / 8, 4 / 3),  # nocturnal calm, a soft minor
    "fathom": (1, 3 / 2, 16 / 9, 4 / 3, 9 / 8),  # deep water: fifths only, no third
    "rime": (1, 3 / 2, 5 / 4, 15 / 8, 9 / 8, 45 / 32),  # frost: lydian, clear and far
    "ember": (1, 3 / 2, 7 / 6, 7 / 4, 4 / 3),  # septimal minor, warm and dark
    "orchard": (1, 3 / 2, 5 / 3, 5 / 4, 9 / 8, 15 / 8),  # major with its sixth, ripe
    "lantern": (1, 3 / 2, 5 / 3, 4 / 3, 10 / 9),  # plagal, close, domestic
    "understory": (1, 3 / 2, 7 / 4, 11 / 8, 9 / 8),  # 8:9:11:12:14, strange and tender
    "daybreak": (1, 3 / 2, 5 / 4, 5 / 3, 9 / 8),  # major pentatonic, opening
}
"""Ratios within an octave, in the order in which they enter a chord: the first four people sing
root, fifth, octave and the third ratio here."""


@dataclass(frozen=True)
class Timbre:
    """What a family of voices is made of."""

    partials: tuple[float, ...]
    """Amplitudes of the harmonic partials at full brightness, relative to each other."""
    wander: float
    """How far partials come and go, 0..1."""
    air: float
    """Breath in the voice, relative to the others."""
    beat: float
    """Hz between the voice and its slightly detuned shadow, at the fundamental."""


TIMBRES: dict[str, Timbre] = {
    # Glass rubbed with a wet finger: the double octaves ring.
    "glass": Timbre((1, 0.3, 0.14, 0.6, 0.08, 0.1, 0.06, 0.3, 0.04, 0.05, 0.03, 0.1),
                    wander=0.7, air=0.6, beat=0.07),
    # A soft reed: odd partials, closed.
    "reed": Timbre((1, 0.16, 0.8, 0.2, 0.65, 0.2, 0.45, 0.16, 0.35, 0.1, 0.25, 0.1),
                   wander=0.55, air=1.0, beat=0.05),
    # A bowed string, far away: all partials.
    "string": Timbre((1, 0.9, 0.8, 0.75, 0.6, 0.55, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2),
                     wander=0.6, air=0.5, beat=0.11),
    # Many mouths on one vowel.
    "choir": Timbre((1, 0.85, 0.95, 0.5, 0.25, 0.15, 0.25, 0.3, 0.15, 0.06, 0.04, 0.03),
                    wander=0.5, air=1.2, beat=0.13),
    # What is left of a bell when its strike has gone.
    "bell": Timbre((1, 0.7, 0.12, 0.55, 0.1, 0.6, 0.05, 0.12, 0.4, 0.05, 0.15, 0.35),
                   wander=0.95, air=0.3, beat=0.06),
    # A bottle over water: nearly nothing but root and octave, and breath.
    "water": Timbre((1, 0.55, 0.12, 0.25, 0.05, 0.08, 0.03, 0.1, 0.03, 0.03, 0.02, 0.03),
                    wander=0.7, air=1.5, beat=0.09),
}  # fmt: skip

# (place in the scale, octave above the root) of the first twelve rows. In "otonal" these are the
# partials 2 3 4 5, 6 7 1 9, 8 10 12 and the low fifth.
_FIRST = (
    (0, 1), (1, 1), (0, 2), (2, 2), (1, 2), (3, 2), (0, 0), (4, 3), (0, 3), (2, 3), (1, 3), (1, 0),
)  # fmt: skip
_CROWD = (0.05, 0.22, 0.58)  # parts of further rows below octaves 1, 2, 3: sparse low, dense high
_KNOWN = (2, 3, 4)  # places of the scale that those three octaves have; the highest has all
_PLASTIC = (0.7548776662466927, 0.5698402909980532)  # Roberts' R2: even points in a square
_SETTLED = 0.4  # height at which the octaves above are as they stand


def voicing(scale: Scale, rows: NDArray[np.integer], height: float, root: float = 55.0) -> Floats:
    """Which ratio to the root (Hz) each row sings, shape of `rows`; `height` 0..1.

    A function of the row's number alone, so that nobody's note changes when others come or go. All
    fundamentals lie in LOWEST..HIGHEST.
    """
    slots = [_slot(int(row), len(scale), height) for row in rows]
    degrees = np.array([scale[place] for place, _ in slots])
    octaves = np.array([octave for _, octave in slots], dtype=np.float64)
    colour = np.array([scale[place] not in (1, 3 / 2) for place, _ in slots], dtype=np.bool_)
    return _folded(degrees * 2.0**octaves, np.where(colour, OPEN, LOWEST) / root, HIGHEST / root)


def _slot(row: int, places: int, height: float) -> tuple[int, int]:
    """Place in the scale and octave of a row. The first twelve move together with the height."""
    lift = 2.0 * (height - _SETTLED)
    if row < len(_FIRST):
        place, octave = _FIRST[row]
        return min(place, places - 1), octave + math.floor(lift + 0.5)
    u, v = (math.modf(0.5 + row * step)[0] for step in _PLASTIC)
    octave = sum(u >= part for part in _CROWD)
    known = min((*_KNOWN, places)[octave], places)
    return int(v * known), octave + math.floor(lift + math.modf(row * _PLASTIC[1])[0])


def _folded(ratios: Floats, low: Floats, high: float) -> Floats:
    """The same notes, moved by octaves into their range; `low` shape of `ratios`."""
    up = np.maximum(np.ceil(np.log2(low / ratios)), 0.0)
    ratios = ratios * 2.0**up
    down = np.maximum(np.ceil(np.log2(ratios / high)), 0.0)
    return ratios * 2.0**-down
