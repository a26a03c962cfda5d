"""The mask φ per pixel and person: as the GPU renders it, and as the circle's formula has it."""

import shutil
from pathlib import Path

import moderngl
import numpy as np

from performer.circle import seats
from performer.frame import Floats, Frame
from performer.render.mask import MASK_UNIFORMS
from performer.render.passes import Pass, Target
from performer.render.renderer import Renderer

from .scenes import PIPELINE, read, rest


class Probe:
    """Reads φ of everybody from the renderer's own ids pass and its own territory.glsl."""

    def __init__(self, gl: moderngl.Context, folder: Path) -> None:
        shutil.copytree(PIPELINE, folder, dirs_exist_ok=True)
        shutil.copy(Path(__file__).parent / "phi.frag.glsl", folder)
        self.gl = gl
        self._pass = Pass(gl, folder, "phi", optional=MASK_UNIFORMS)

    def phi(self, renderer: Renderer, frame: Frame, size: tuple[int, int]) -> Floats:
        """The rendered φ, shape (H, W, C), top row first."""
        renderer.layers.draw(frame, size)
        shared = renderer.mask.draw(frame, renderer.layers, size)
        target = Target.make(self.gl, size, "rgba32f", "rgba32f", "rgba32f")
        uniforms = {**shared, "people": frame.people.capacity}
        self._pass.draw(target, {"ids": renderer.mask.owners.textures[0]}, uniforms)
        phi, who, fifth = (read(target, k).astype(np.float64) for k in range(3))
        rest(self.gl)
        target.release()
        parts = np.concatenate([phi, fifth[..., :1]], axis=-1)
        owners = np.concatenate([who, fifth[..., 1:2]], axis=-1).astype(np.int64)
        parts[np.arange(5) >= fifth[..., 2:3]] = 0.0
        whole = np.zeros((size[1], size[0], frame.people.capacity))
        y, x = np.mgrid[0 : size[1], 0 : size[0]]
        for k in range(5):
            np.add.at(whole, (y, x, owners[..., k]), parts[..., k])
        return whole


def formula(frame: Frame, size: tuple[int, int]) -> Floats:
    """φ by the circle's own numpy, shape (H, W, C), top row first."""
    p, (width, height) = frame.people, size
    rows = np.flatnonzero(p.present > 0.0)
    x = ((np.arange(width) + 0.5) / width - 0.5) * frame.aspect
    y = 0.5 - (np.arange(height) + 0.5) / height
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    moved = seats.wander(points, frame.warp, frame.flow)
    whole = np.zeros((height * width, p.capacity))
    whole[:, rows] = seats.shares(
        points,
        moved,
        p.seat[rows],
        p.weight[rows],
        p.disc[rows],
        p.edge[rows],
        seats.softened(points, frame.tau, frame.flow),
    )
    return whole.reshape(height, width, p.capacity)
