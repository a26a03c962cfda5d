"""The guard of DESIGN.md in numpy: unred, slew limit in linear light, 8-bit sRGB.

It exists to test the judges and the clips before the GPU guard does, and to settle what the GPU
guard has to do. Everything is float32, as in the shader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.float32]

SIGMA = 0.29  # most change of relative luminance per second, DESIGN.md
RED_LIMIT = 0.79  # R/(R+G+B) that no picture exceeds
_ZERO, _ONE = np.float32(0), np.float32(1)
LONGEST = 1 / 30  # a frame never moves further than in this many seconds


def scrubbed(scene: Frame) -> Frame:
    """The scene (..., 3) in 0..1, with NaN as black. Without it the bound does not hold."""
    return np.fmin(np.fmax(scene, _ZERO), _ONE)  # fmax prefers a number to NaN


def unred(scene: Frame, limit: float = RED_LIMIT) -> Frame:
    """Raise G and B equally until R/(R+G+B) <= limit. In gamut if the scene (..., 3) is."""
    r, g, b = scene[..., 0], scene[..., 1], scene[..., 2]
    missing = np.maximum(r * np.float32(1 / limit - 1) - g - b, _ZERO) / np.float32(2)
    return np.stack([r, g + missing, b + missing], axis=-1, dtype=np.float32)


def luminance(linear: Frame) -> Frame:
    """Relative luminance Y (...) of linear RGB (..., 3)."""
    r, g, b = linear[..., 0], linear[..., 1], linear[..., 2]
    y = np.float32(0.2126) * r + np.float32(0.7152) * g + np.float32(0.0722) * b
    return y.astype(np.float32, copy=False)


class Guard:
    """Slew limiter with a state of its own, one picture of linear light (H, W, 3).

    `hue` > 0 is a proposal beyond DESIGN.md: also no channel moves faster than sigma / hue.
    """

    def __init__(
        self,
        height: int,
        width: int,
        sigma: float = SIGMA,
        *,
        start: float = 0.0,
        hue: float = 0.0,
        clean: Callable[[Frame], Frame] = scrubbed,
    ) -> None:
        self.out: Frame = np.full((height, width, 3), start, np.float32)
        self._sigma, self._hue, self._clean = sigma, np.float32(hue), clean

    def step(self, scene: Frame, dt: float) -> Frame:
        """Move towards the scene (H, W, 3), linear light, by at most what dt seconds allow."""
        most = np.float32(self._sigma * min(max(dt, 0.0), LONGEST))
        wanted = unred(self._clean(scene))
        change = np.abs(luminance(wanted) - luminance(self.out))
        if self._hue > 0:
            change = np.maximum(change, self._hue * np.abs(wanted - self.out).max(axis=-1))
        part = np.minimum(most / np.maximum(change, np.float32(1e-6)), 1)[..., None]
        self.out = self.out * (1 - part) + wanted * part
        return self.out


def srgb8(linear: Frame) -> NDArray[np.uint8]:
    """Linear light (...), clipped to 0..1, as rounded 8-bit sRGB (IEC 61966-2-1)."""
    x = np.clip(linear, _ZERO, _ONE)
    coded = x ** np.float32(1 / 2.4)
    coded *= np.float32(1.055 * 255)
    coded -= np.float32(0.055 * 255)
    np.copyto(coded, x * np.float32(12.92 * 255), where=x <= np.float32(0.0031308))
    return np.rint(coded).astype(np.uint8)


def guarded(frames: Iterable[Frame], fps: float, guard: Guard) -> Iterator[NDArray[np.uint8]]:
    """What an eye gets to see of linear frames (H, W, 3) shown at fps."""
    for frame in frames:
        yield srgb8(guard.step(frame, 1 / fps))
