"""What the pictures of the conformance set should be, worked out without any GLSL.

A canvas gives every pixel's place; what is wanted there is written in plain arithmetic of arrays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from performer.render.isf.setting import SILENT, Sound
from performer.render.isf.studio import Given

HERE = Path(__file__).parent / "conformance"

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]
Channel = Floats | float
Colour = tuple[Channel, Channel, Channel, Channel]


@dataclass(frozen=True)
class Canvas:
    """Places of all pixels of a picture, arrays (H, W), the top row first; y counts upwards."""

    width: int
    height: int

    @property
    def x(self) -> Floats:
        """Pixels from the left, counted at their middles."""
        return np.tile(np.arange(self.width, dtype=np.float64) + 0.5, (self.height, 1))

    @property
    def y(self) -> Floats:
        """Pixels from below, counted at their middles."""
        return np.tile(np.arange(self.height, dtype=np.float64)[::-1, None] + 0.5, (1, self.width))

    @property
    def u(self) -> Floats:
        """0..1 from the left."""
        return self.x / self.width

    @property
    def v(self) -> Floats:
        """0..1 from below."""
        return self.y / self.height

    def colour(self, wanted: Colour) -> Floats:
        """(H, W, 4) of what is wanted in each channel."""
        return np.stack([np.broadcast_to(c, (self.height, self.width)) for c in wanted], axis=2)

    def columns(self, *wanted: Colour) -> Floats:
        """A colour per column of pixels; the last one goes on to the right."""
        which = np.minimum(self.x.astype(int), len(wanted) - 1)
        return _chosen(which, [self.colour(w) for w in wanted])

    def rows(self, *wanted: Colour) -> Floats:
        """A colour per row of pixels, from below; the last one goes on upwards."""
        which = np.minimum(self.y.astype(int), len(wanted) - 1)
        return _chosen(which, [self.colour(w) for w in wanted])


def _chosen(which: NDArray[np.int_], layers: list[Floats]) -> Floats:
    return np.take_along_axis(np.stack(layers), which[None, :, :, None], axis=0)[0]


def photo(width: int, height: int) -> Pixels:
    """A picture to give: every pixel is another one, and no axis is like another."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    parts = (x * 9 % 256, y * 17 % 256, (x + 3 * y) * 5 % 256, 255 - x)
    return np.stack(parts, axis=2).astype(np.uint8)


def read(picture: Pixels, u: Channel, v: Channel) -> Colour:
    """What is seen between the pixels of a picture at a place from below left, as GL defines it."""
    pixels = picture[::-1].astype(np.float64) / 255.0
    height, width = pixels.shape[:2]
    x, y = np.broadcast_arrays(np.asarray(u) * width - 0.5, np.asarray(v) * height - 0.5)
    left, below = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - left)[..., None], (y - below)[..., None]

    def at(dx: int, dy: int) -> Floats:
        return pixels[np.clip(below + dy, 0, height - 1), np.clip(left + dx, 0, width - 1)]

    low = at(0, 0) * (1 - fx) + at(1, 0) * fx
    high = at(0, 1) * (1 - fx) + at(1, 1) * fx
    found = low * (1 - fy) + high * fy
    return found[..., 0], found[..., 1], found[..., 2], found[..., 3]


@dataclass(frozen=True)
class Case:
    """One file drawn in one way, and what it should look like."""

    file: str
    wanted: Callable[[Canvas], Floats | Colour]
    note: str = ""
    size: tuple[int, int] = (16, 9)
    inputs: Mapping[str, Given] = field(default_factory=dict[str, Given])
    images: Mapping[str, Pixels] = field(default_factory=dict[str, Pixels])
    frames: int = 1
    fps: float = 30.0
    time: float = 0.0
    sound: Sound = SILENT
    date: tuple[float, float, float, float] = (1970.0, 1.0, 1.0, 0.0)
    within: int = 1
    """Of 255. Reading between pixels is done in 8 bits by some."""

    @property
    def picture(self) -> Floats:
        """What should be seen, 0..1, (H, W, 4)."""
        canvas = Canvas(*self.size)
        wanted = self.wanted(canvas)
        whole = canvas.colour(wanted) if isinstance(wanted, tuple) else wanted
        return np.clip(whole, 0.0, 1.0)


def line(samples: NDArray[np.float32], u: Floats) -> Floats:
    """What is seen between samples that lie side by side, at a place 0..1."""
    places = (np.arange(len(samples)) + 0.5) / len(samples)
    return np.asarray(np.interp(u, places, samples.astype(np.float64)), np.float64)


def pixel(picture: Pixels, x: int, y: int) -> Colour:
    """One pixel of a picture, counted from below left."""
    red, green, blue, alpha = (float(n) / 255 for n in picture[len(picture) - 1 - y, x])
    return red, green, blue, alpha
