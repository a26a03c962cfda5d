"""Whose territory is where: candidates per screen tile, five owners per quarter pixel.

The weights themselves are computed at full size by the blend; at quarter size they would show as
stairs along every border. See shaders/pipeline/territory.glsl.
"""

from pathlib import Path

import moderngl
import numpy as np

from performer.circle.seats import FAR, WAVES
from performer.frame import MOST_PEOPLE, Floats, Frame
from performer.render.layers import Layers
from performer.render.passes import Pass, Target, Uniform

CANDIDATES = (64, 36)
MEAN_SECONDS = 1.0  # smoothing of every layer's mean colour
MASK_UNIFORMS = frozenset({"people", "wandered", "tau", "warp", "aspect"})


class Mask:
    """Uploads the circle once per frame and finds the owners of every quarter pixel."""

    def __init__(self, gl: moderngl.Context, folder: Path) -> None:
        self.gl = gl
        self.people = gl.buffer(reserve=MOST_PEOPLE * 3 * 16)
        self._data = np.zeros((3, MOST_PEOPLE, 4), np.float32)
        self._means_pass = Pass(gl, folder, "means")
        self._tiles_pass = Pass(gl, folder, "tiles", optional=MASK_UNIFORMS)
        self._ids_pass = Pass(gl, folder, "ids", optional=MASK_UNIFORMS)
        self._means = [Target.make(gl, (MOST_PEOPLE, 1), "rgba32f") for _ in range(2)]
        self._candidates = Target.make(gl, CANDIDATES, "rg32u")
        self.owners = Target.make(gl, (8, 8), "rg32u", "rgba16f")

    @property
    def means(self) -> moderngl.Texture:
        """Mean colours in OKLab, one texel per row."""
        return self._means[0].texture

    def draw(self, frame: Frame, layers: Layers, size: tuple[int, int]) -> dict[str, Uniform]:
        """Runs the three passes; returns the uniforms that every user of the mask needs."""
        self._upload(frame)
        quarter = (max(8, size[0] // 4), max(8, size[1] // 4))
        if self.owners.size != quarter:
            self.owners.release()
            self.owners = Target.make(self.gl, quarter, "rg32u", "rgba16f")
        self._draw_means(frame, layers)
        shared = territory(frame)
        candidates = {"candidates": self._candidates.texture, "means": self.means}
        self._tiles_pass.draw(self._candidates, {}, {"people": frame.people.capacity, **shared})
        here = int(np.count_nonzero(frame.people.present > 0.0))
        self._ids_pass.draw(self.owners, candidates, {"here": here, **shared})
        return shared

    def _upload(self, frame: Frame) -> None:
        p, data = frame.people, self._data
        n = p.capacity
        data[0, :, :2] = 1e4
        data[0, :n, :2] = np.where((p.present > 0.0)[:, None], p.seat, 1e4)
        data[0, :, 2:] = 0.0
        data[0, :n, 2] = p.weight
        data[0, :n, 3] = p.disc
        data[1, :n, 0] = p.edge
        data[1, :n, 1] = p.m
        data[1, :n, 2] = 0.5 / np.maximum(p.reach, 1e-3)
        data[1, :n, 3] = p.objects
        data[2, :n, 0] = gathered(frame)
        data[2, :n, 1] = p.present
        data[2, :n, 2] = p.leaving
        self.people.write(data)
        self.people.bind_to_uniform_block(0)

    def _draw_means(self, frame: Frame, layers: Layers) -> None:
        self._means.reverse()
        now, before = self._means
        textures = {"atlas": layers.atlas.texture, "before": before.texture,
                    "rows": layers.rows.texture}  # fmt: skip
        keep = float(np.exp(-frame.dt / MEAN_SECONDS))
        sizes: dict[str, Uniform] = {"grid": layers.grid, "tile": _floats(layers.tile)}
        self._means_pass.draw(now, textures, {"keep": keep, **sizes})

    def release(self) -> None:
        """Gives everything back."""
        for part in (self._means_pass, self._tiles_pass, self._ids_pass, *self._means,
                     self._candidates, self.owners, self.people):  # fmt: skip
            part.release()


def gathered(frame: Frame) -> Floats:
    """Where resonance gathers the light, shape (C,), -½..½: it is moved, so the mean stays 0.

    From those who feel little like the others to those who feel much like them.
    """
    p = frame.people
    here = p.present > 0.0
    light = p.resonance * p.alike
    light -= float(light[here].mean()) if here.any() else 0.0
    return np.where(here, np.clip(light, -0.5, 0.5), 0.0)


def territory(frame: Frame) -> dict[str, Uniform]:
    """Uniforms of territory.glsl."""
    phases = tuple(float(p) for p in (WAVES[:, 3] * frame.flow) % (2.0 * np.pi))
    return {"tau": min(frame.tau, FAR), "warp": frame.warp, "aspect": frame.aspect,
            "wandered": phases}  # fmt: skip


def _floats(pair: tuple[int, int]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])
