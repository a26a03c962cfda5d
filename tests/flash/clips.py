"""Hostile clips: pictures that must never reach an eye unguarded, and one gentle scene.

Every clip is a function of its seed alone, in linear-light RGB, float32 (90, 160, 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .kinds import BLACK, HEIGHT, KINDS, WHITE, WIDTH, Dice, Frame, Painter, X, Y, painted

FRAME_RATES = (24.0, 25.0, 30.0, 50.0, 60.0, 90.0, 144.0)


@dataclass(frozen=True)
class Clip:
    """A clip that can be played again and again; `make` returns a fresh painter each time."""

    name: str
    fps: float
    seconds: float
    make: Callable[[], Painter]

    @property
    def frames(self) -> Iterator[Frame]:
        """All frames from the first, linear light, float32 (H, W, 3)."""
        paint = self.make()
        return (paint(k / self.fps) for k in range(round(self.seconds * self.fps)))


def hostile(seed: int) -> Clip:
    """The clip of a seed: kinds take turns, everything else is drawn; 3 to 4 s."""
    kind = KINDS[seed % len(KINDS)]
    rng = np.random.default_rng([seed, 231])
    fps = FRAME_RATES[int(rng.integers(len(FRAME_RATES)))]
    seconds = float(rng.uniform(3, 4))
    return Clip(
        f"{kind.__name__}-{seed}-{fps:g}fps",
        fps,
        seconds,
        lambda: kind(Dice(np.random.default_rng([seed, 232]), fps)),
    )


def clips(count: int) -> list[Clip]:
    """The first `count` hostile clips; 40 hold every kind at least twice."""
    return [hostile(seed) for seed in range(count)]


def rounding_swing(fps: float, sigma: float) -> Clip:
    """A grey that moves at sigma or less between two levels that rounding drives apart.

    Codes 222 and 235 differ by 0.1003; levels that just round to them by 0.0926. It is the least
    swing that 8 bits can make a transition of.
    """
    low, high = np.float32(0.734170), np.float32(0.826783)
    step = sigma * min(1 / fps, 1 / 30)
    rise, leg = int(high / step) + 2, int((high - low) / step) + 1

    def paint(t: float) -> Frame:
        turns = (round(t * fps) - rise) // leg
        return painted(BLACK, WHITE, float(low if turns > 0 and turns % 2 else high))

    return Clip(f"rounding-{fps:g}fps", fps, float(high) / sigma + 3, lambda: paint)


def slow_scene(fps: float, seconds: float) -> Clip:
    """Soft lights that rise from black and drift: |dY/dt| < 0.2 per second, no saturated red.

    A correct guard that starts from black passes it unchanged.
    """
    colours = np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.5], [0.3, 0.25, 0.4]], np.float32)
    phases = np.array([0.0, 2.1, 4.2])

    def paint(t: float) -> Frame:
        level = np.float32(0.5 - 0.5 * np.cos(np.pi * min(t / 5, 1)))
        out = np.full((HEIGHT, WIDTH, 3), 0.05, np.float32)
        for colour, phase in zip(colours, phases, strict=True):
            x = WIDTH * (0.5 + 0.3 * np.cos(0.12 * t + phase))
            y = HEIGHT * (0.5 + 0.3 * np.sin(0.15 * t + 2 * phase))
            glow = np.exp(-((X - x) ** 2 + (Y - y) ** 2) / (2 * 30**2))
            out += colour * glow[..., None].astype(np.float32)
        return np.clip(out * level, 0, 1)

    return Clip(f"slow-{fps:g}fps", fps, seconds, lambda: paint)
