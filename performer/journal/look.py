"""What a picture looks like from far away: light and colour of 64×36 cells, and how they move.

Each cell is the mean light of 4×4 pixels spread over it, so grain, which the eye averages too,
counts little, and a large picture costs no more than a small one.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from performer.circle import palettes
from performer.frame import Floats

COARSE = (64, 36)
"""Cells across and down."""
POINTS = 4
"""Pixels across and down in each cell."""

Pixels = NDArray[np.uint8]

_LIGHT = palettes.decoded(np.arange(256) / 255.0)


@dataclass(frozen=True)
class Look:
    """One picture at coarse cells, bottom row first."""

    luminance: Floats
    """Relative luminance Y, shape (36, 64)."""
    lab: Floats
    """OKLab, shape (36, 64, 3)."""

    @staticmethod
    def of(pixels: Pixels) -> "Look":
        """The look of RGB or RGBA pixels (H, W, …), top row first."""
        height, width = pixels.shape[:2]
        across, down = COARSE[0] * POINTS, COARSE[1] * POINTS
        y = ((np.arange(down) + 0.5) / down * height).astype(int)[::-1]
        x = ((np.arange(across) + 0.5) / across * width).astype(int)
        light = _LIGHT[pixels[np.ix_(y, x)][..., :3]]
        cells = light.reshape(COARSE[1], POINTS, COARSE[0], POINTS, 3).mean(axis=(1, 3))
        return Look(cells @ palettes.LUMINANCE, palettes.oklab_of(cells))

    @property
    def chroma(self) -> Floats:
        """OKLab chroma, shape (36, 64)."""
        return np.hypot(self.lab[..., 1], self.lab[..., 2])


class Measures(NamedTuple):
    """What is measured of one picture. Means are taken field by field."""

    mean_luminance: float
    mean_chroma: float
    p95_chroma: float
    light_motion: float
    """Mean |ΔY| per second."""
    motion: float
    """Mean OKLab distance per second."""
    held: float
    """Share of pixels that the guard held back."""
    frame_ms: float


def measured(look: Look, before: Look | None, dt: float, held: float, ms: float) -> Measures:
    """A picture's measures; `before` is the one `dt` s earlier, None if it is the first."""
    chroma = look.chroma
    light = motion = 0.0
    if before is not None and dt > 0.0:
        light = float(np.abs(look.luminance - before.luminance).mean()) / dt
        motion = float(np.linalg.norm(look.lab - before.lab, axis=-1).mean()) / dt
    high = float(np.percentile(chroma, 95.0))
    return Measures(float(look.luminance.mean()), float(chroma.mean()), high, light, motion, held,
                    ms)  # fmt: skip


def means(rows: list[Measures]) -> dict[str, float]:
    """The mean of every field, by its name; 0 of nothing."""
    found = np.array(rows).mean(axis=0) if rows else np.zeros(len(Measures._fields))
    return dict(zip(Measures._fields, found.tolist(), strict=True))
