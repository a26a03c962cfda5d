"""What a rehearsal measured, per second and as a summary. Reads Frames and pixels only."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from performer.circle import seats
from performer.errors import DeviceError
from performer.frame import Floats, Frame
from performer.journal.look import COARSE, Look, Measures, Pixels, means, measured
from performer.parameters import TREE

MASTERS = ("/resonance", "/individuality", "/coupling", "/brightness", "/dissolve")


class Stats:
    """Gathers one Frame and its picture at a time.

    Seconds are the eye's: with `rehearse --speed 60` each holds a minute of the show.
    """

    def __init__(self) -> None:
        self.seconds: list[dict[str, Any]] = []
        self.convergences: list[dict[str, Any]] = []
        self.frames = 0
        self._hash = hashlib.sha256()
        self._lowest: dict[str, float] = {}
        self._below_bound = 0
        self._clamps: dict[str, int] = {}
        self._measures: list[Measures] = []
        self._presets: dict[str, list[Measures]] = {}
        self._lasted: dict[str, float] = {}  # show seconds of each preset
        self._shown, self._until = 0.0, 0.0  # s before the eye, and of the show
        self._converged = 0
        self._before: Look | None = None
        self._since = 0  # first frame of the present second

    def see(self, frame: Frame, pixels: Pixels, held: float, ms: float) -> None:
        """One frame: its RGBA8 pixels (H, W, 4), the share the guard held back, and its cost."""
        self.frames += 1
        self._shown += frame.dt
        self._hash.update(np.ascontiguousarray(pixels).data)
        for clamp in frame.clamps:
            self._clamps[clamp] = self._clamps.get(clamp, 0) + 1
        self._people(frame)
        self._convergence(frame)
        look = Look.of(pixels)
        self._measure(frame, measured(look, self._before, frame.dt, held, ms))
        self._before = look
        if self._shown >= len(self.seconds) + 1.0 - 1e-9:
            self._second(frame, look)

    def _measure(self, frame: Frame, found: Measures) -> None:
        self._measures.append(found)
        self._presets.setdefault(frame.preset, []).append(found)
        passed, self._until = frame.time - self._until, frame.time
        self._lasted[frame.preset] = self._lasted.get(frame.preset, 0.0) + passed

    def _convergence(self, frame: Frame) -> None:
        """Notes when the circle has come together once more."""
        if frame.group.convergences > self._converged:
            self.convergences.append(
                {
                    "time": round(frame.time, 6),
                    "phase": frame.phase,
                    "preset": frame.preset,
                    "corrected_order": frame.group.corrected,
                    "together": _together(frame),
                }
            )
        self._converged = frame.group.convergences

    def _people(self, frame: Frame) -> None:
        p = frame.people
        settled = p.here & (p.present >= 1.0) & ~p.leaving
        for row in np.flatnonzero(settled):
            person, area = p.ids[row], float(p.area[row])
            self._lowest[person] = min(area, self._lowest.get(person, 1.0))
        self._below_bound += int(np.count_nonzero(p.area[settled] < 0.98 * p.bound[settled]))

    def _second(self, frame: Frame, look: Look) -> None:
        p = frame.people
        seen = _deviations(frame, look.luminance)
        self.seconds.append(
            {
                "time": round(frame.time, 6),
                "phase": frame.phase,
                "preset": frame.preset,
                **{a[1:]: float(frame.values[TREE.index[a]]) for a in MASTERS},
                "order": frame.group.order,
                "corrected_order": frame.group.corrected,
                "together": _together(frame),
                "converged": frame.group.converged,
                "clamps": list(frame.clamps),
                **means(self._measures[self._since :]),
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
        self._since = len(self._measures)

    @property
    def digest(self) -> str:
        """SHA-256 over all RGBA8 frames so far."""
        return self._hash.hexdigest()

    def summary(self) -> dict[str, Any]:
        """The night in a few numbers."""
        overall = means(self._measures)
        overall.pop("frame_ms")
        return {
            "frames": self.frames,
            "sha256": self.digest,
            "lowest_area": self._lowest,
            "frames_below_the_disc_bound": self._below_bound,
            "clamps": self._clamps,
            "frame_ms_median": float(np.median([m.frame_ms for m in self._measures] or [0.0])),
            **overall,
            "convergences": self.convergences,
            "presets": {
                name: {**means(rows), "seconds": round(self._lasted[name], 6)}
                for name, rows in self._presets.items()
            },
        }

    def write(self, path: Path, about: Mapping[str, Any]) -> None:
        """Writes everything as JSON; DeviceError if it cannot be written."""
        found = {"about": dict(about), "summary": self.summary(), "seconds": self.seconds}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(found, indent=1), encoding="utf-8")
        except OSError as error:
            raise DeviceError(f"cannot write the statistics {path}: {error.strerror}") from None


def _together(frame: Frame) -> float:
    """|Z|, how much the circle feels alike, 0..1."""
    return float(np.hypot(frame.group.valence, frame.group.arousal))


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
                       seats.softened(points, frame.tau, frame.flow))  # fmt: skip
    owner = phi.argmax(axis=1)
    flat = luminance.reshape(-1)
    found: dict[int, float] = {}
    for k, row in enumerate(rows):
        own = flat[owner == k]
        found[int(row)] = float(own.std()) if len(own) else 0.0
    return found
