"""How alike two stills look, for a test that asks whether a glance tells two dreams apart.

Five traits of a still as seen at 96×54, in OKLab: where it is light, which way its edges run, how
much there is at each scale, how its tones are spread, and which of the person's colours it uses.
Lightness is taken without its mean and contrast, so brightness alone never tells anybody apart.
A still and its mirror image are the same to all five.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lab = NDArray[np.float32]

SIZE = (96, 54)
OCTAVES = 4
DIRECTIONS = 4  # of an edge, from upright to level
BANDS = 3  # top, middle, bottom
SHIFTS = range(-3, 4)  # cells by which a composition may stand aside and still be the same
TONES = (0.02, 0.10, 0.25, 0.50, 0.75, 0.90, 0.98)
SHADES = (0.05, 0.25, 0.50, 0.75, 0.95)

TYPICAL = {"layout": 0.52, "edges": 0.071, "scales": 0.26, "tones": 0.26, "colours": 0.0070}
"""Median distance of two different generators in each trait, when there were twelve of them."""


@dataclass(frozen=True)
class Traits:
    """What is compared of one still."""

    layout: Floats
    """Lightness in cells, (9, 16)."""
    edges: Floats
    """Share of all edges by octave, band and direction."""
    scales: Floats
    """Logarithm of what each octave holds."""
    tones: Floats
    """Quantiles of lightness."""
    colours: Floats
    """Quantiles of OKLab's a and b."""


def traits(lab: Lab) -> Traits:
    """The traits of a still whose size is a multiple of `SIZE`, OKLab (H, W, 3)."""
    seen = _smaller(lab.astype(np.float64), lab.shape[0] // SIZE[1])
    light = seen[..., 0] - seen[..., 0].mean()
    light /= light.std() + 1e-6
    octaves = [light]
    while len(octaves) < OCTAVES:
        octaves.append(_smaller(octaves[-1], 2))
    edges = np.concatenate([_edges(octave) for octave in octaves])
    scales = np.array([_detail(octave) for octave in octaves])
    colours = np.quantile(seen[..., 1:], SHADES, axis=(0, 1)).ravel()
    tones = np.array([float(np.quantile(light, part)) for part in TONES])
    return Traits(_smaller(light, 6), edges, scales, tones, colours)


def _smaller(picture: Floats, by: int) -> Floats:
    """Means of `by` x `by` pixels; what does not fit is left out."""
    height, width = picture.shape[0] // by, picture.shape[1] // by
    whole = picture[: height * by, : width * by]
    return whole.reshape(height, by, width, by, *picture.shape[2:]).mean(axis=(1, 3))


def _edges(light: Floats) -> Floats:
    down, across = np.gradient(light)
    angle = np.arctan2(np.abs(down), np.abs(across)) / (0.5 * np.pi)  # mirrors are the same
    direction = np.minimum((angle * DIRECTIONS).astype(int), DIRECTIONS - 1)
    strength = np.hypot(down, across)
    rows = np.array_split(np.arange(len(light)), BANDS)
    found = [np.bincount(direction[r].ravel(), strength[r].ravel(), DIRECTIONS) for r in rows]
    return np.concatenate(found) / (strength.sum() + 1e-9)


def _detail(light: Floats) -> float:
    coarse = np.kron(_smaller(light, 2), np.ones((2, 2)))
    fine = light[: coarse.shape[0], : coarse.shape[1]] - coarse
    return float(np.log(fine.std() + 1e-3))


def distances(ones: Sequence[Traits], others: Sequence[Traits]) -> Floats:
    """How different each of `ones` looks from each of `others`, (N, M); about 1 for strangers."""
    apart = np.zeros((len(ones), len(others)))
    for name, typical in TYPICAL.items():
        a = np.array([getattr(one, name) for one in ones])
        b = np.array([getattr(other, name) for other in others])
        apart += (_displaced(a, b) if name == "layout" else _plain(a, b)) / typical
    return apart / len(TYPICAL)


def _plain(a: Floats, b: Floats) -> Floats:
    return np.sqrt(((a[:, None] - b[None]) ** 2).mean(axis=-1))


def _displaced(a: Floats, b: Floats) -> Floats:
    """1 − the best correlation of layouts (N, 9, 16) and (M, 9, 16), moved aside or mirrored."""
    width = a.shape[2]
    best = np.full((len(a), len(b)), np.inf)
    for turned in (b, b[:, :, ::-1]):
        for shift in SHIFTS:
            one = _unit(a[:, :, max(0, shift) : width + min(0, shift)])
            other = _unit(turned[:, :, max(0, -shift) : width + min(0, -shift)])
            best = np.minimum(best, 1.0 - one @ other.T)
    return best


def _unit(layouts: Floats) -> Floats:
    flat = layouts.reshape(len(layouts), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9)
