"""What a rehearsal measured, per second and as a summary. Reads Frames and pixels only."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from performer.circle import palettes, seats
from performer.errors import DeviceError
from performer.frame import Floats, Frame
from performer.parameters import TREE

MASTERS = ("/resonance", "/individuality", "/coupling", "/brightness", "/dissolve")
COARSE = (64, 36)  # points at which a picture's luminance is compared with the mask

Pixels = NDArray[np.uint8]


class Stats:
    """Gathers one Frame and its picture at a time."""

    def __init__(self) -> None:
        self.seconds: list[dict[str, Any]] = []
        self.frames = 0
        self._hash = hashlib.sha256()
        self._lowest: dict[str, float] = {}
        self._below_bound = 0
        self._clamps: dict[str, int] = {}
        self._held: list[float] = []
        self._ms: list[float] = []
        self._light: list[float] = []
        self._since = 0  # first frame of the present second

    def see(self, frame: Frame, pixels: Pixels, held: float, ms: float) -> None:
        """One frame: its RGBA8 pixels (H, W, 4), the share the guard held back, and its cost."""
        self.frames += 1
        self._hash.update(np.ascontiguousarray(pixels).data)
        self._held.append(held)
        self._ms.append(ms)
        for clamp in frame.clamps:
            self._clamps[clamp] = self._clamps.get(clamp, 0) + 1
        self._people(frame)
        if frame.time >= len(self.seconds) + 1.0 - 1e-9:
            self._second(frame, pixels)

    def _people(self, frame: Frame) -> None:
        p = frame.people
        settled = p.here & (p.present >= 1.0) & ~p.leaving
        for row in np.flatnonzero(settled):
            person, area = p.ids[row], float(p.area[row])
            self._lowest[person] = min(area, self._lowest.get(person, 1.0))
        self._below_bound += int(np.count_nonzero(p.area[settled] < 0.98 * p.bound[settled]))

    def _second(self, frame: Frame, pixels: Pixels) -> None:
        p = frame.people
        luminance = _luminance(pixels)
        seen = _deviations(frame, luminance)
        self._light.append(float(luminance.mean()))
        self.seconds.append(
            {
                "time": round(frame.time, 6),
                "phase": frame.phase,
                "preset": frame.preset,
                **{a[1:]: float(frame.values[TREE.index[a]]) for a in MASTERS},
                "order": frame.group.order,
                "corrected_order": frame.group.corrected,
                "together": float(np.hypot(frame.group.valence, frame.group.arousal)),
                "clamps": list(frame.clamps),
                "held": _mean(self._held[self._since :]),
                "frame_ms": _mean(self._ms[self._since :]),
                "mean_luminance": self._light[-1],
                "people": {
                    p.ids[row]: {
                        "area": float(p.area[row]),
                        "bound": float(p.bound[row]),
                        "resonance": float(p.resonance[row]),
                        "deviation": seen.get(int(row), 0.0),
                    }
                    for row in np.flatnonzero(p.here)
                },
            }
        )

        self._since = len(self._held)

    @property
    def digest(self) -> str:
        """SHA-256 over all RGBA8 frames so far."""
        return self._hash.hexdigest()

    def summary(self) -> dict[str, Any]:
        """The night in a few numbers."""
        return {
            "frames": self.frames,
            "sha256": self.digest,
            "lowest_area": self._lowest,
            "frames_below_the_disc_bound": self._below_bound,
            "clamps": self._clamps,
            "held": _mean(self._held),
            "frame_ms_median": float(np.median(self._ms)) if self._ms else 0.0,
            "mean_luminance": _mean(self._light),
        }

    def write(self, path: Path, about: Mapping[str, Any]) -> None:
        """Writes everything as JSON; DeviceError if it cannot be written."""
        found = {"about": dict(about), "summary": self.summary(), "seconds": self.seconds}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(found, indent=1), encoding="utf-8")
        except OSError as error:
            raise DeviceError(f"cannot write the statistics {path}: {error.strerror}") from None


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _luminance(pixels: Pixels) -> Floats:
    """Relative luminance at coarse points, bottom row first, shape (36, 64)."""
    height, width = pixels.shape[:2]
    y = ((np.arange(COARSE[1]) + 0.5) / COARSE[1] * height).astype(int)[::-1]
    x = ((np.arange(COARSE[0]) + 0.5) / COARSE[0] * width).astype(int)
    return palettes.decoded(pixels[np.ix_(y, x)][..., :3] / 255.0) @ palettes.LUMINANCE


def _deviations(frame: Frame, luminance: Floats) -> dict[int, float]:
    """Standard deviation of the luminance inside everybody's own territory, by row."""
    p = frame.people
    rows = np.flatnonzero(p.present > 0.0)
    if not len(rows):
        return {}
    x = ((np.arange(COARSE[0]) + 0.5) / COARSE[0] - 0.5) * frame.aspect
    y = (np.arange(COARSE[1]) + 0.5) / COARSE[1] - 0.5
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    moved = seats.wander(points, frame.warp, frame.flow)
    phi = seats.shares(points, moved, p.seat[rows], p.weight[rows], p.disc[rows], p.edge[rows],
                       frame.tau)  # fmt: skip
    owner = phi.argmax(axis=1)
    flat = luminance.reshape(-1)
    found: dict[int, float] = {}
    for k, row in enumerate(rows):
        own = flat[owner == k]
        found[int(row)] = float(own.std()) if len(own) else 0.0
    return found
