"""Test pictures, for shaders that are tried and given none: gradients with a disc, from no file."""

import numpy as np

from performer.render.picture_file import Pixels
from performer.show.isf import Shader

_CORNERS = np.array(
    [[0.95, 0.35, 0.25], [0.98, 0.80, 0.30], [0.15, 0.75, 0.55], [0.20, 0.45, 0.90]]
)
_DISC, _EDGE = np.array([0.97, 0.95, 0.90]), 0.02


def sample_pictures(shader: Shader, size: tuple[int, int]) -> dict[str, Pixels]:
    """A test picture for every image input, each another one."""
    names = [t.name for t in shader.textures if t.kind == "image"]
    return {name: sample_picture(size, turn) for turn, name in enumerate(names)}


def sample_picture(size: tuple[int, int], turn: int = 0) -> Pixels:
    """A soft gradient of four colours with a bright disc, RGBA (H, W, 4), the top row first.

    The first has red top left, yellow top right, green bottom right, blue bottom left, and the disc
    in its middle; with each `turn` the colours go on by a corner, and the disc moves aside.
    """
    width, height = size
    x = ((np.arange(width) + 0.5) / width)[None, :, None]
    y = ((np.arange(height) + 0.5) / height)[:, None, None]
    red, yellow, green, blue = np.roll(_CORNERS, turn, axis=0)
    colour = (1 - y) * ((1 - x) * red + x * yellow) + y * ((1 - x) * blue + x * green)
    middle = 0.5 + (0.0, 0.2, -0.2)[turn % 3]
    away = np.hypot((x - middle) * width / height, y - 0.5)
    disc = np.clip((0.22 - away) / _EDGE + 0.5, 0.0, 1.0)
    colour = colour * (1 - disc) + _DISC * disc
    opaque = np.ones((height, width, 1))
    return np.round(255 * np.concatenate([colour, opaque], axis=2)).astype(np.uint8)
