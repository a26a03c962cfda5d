"""Atlases: one texture, a tile per person, all tiles of one size."""

import math
from dataclasses import dataclass
from pathlib import Path

import moderngl

from performer.render.passes import Pass, Target

BUDGET = 1.5  # tile pixels, in output pixels
LEAST = 8  # pixels of a tile's side

Pair = tuple[int, int]


@dataclass(frozen=True)
class Surface:
    """Where tiles go: how many across and down, and a tile's size in pixels."""

    grid: Pair
    tile: Pair

    @property
    def whole(self) -> Pair:
        """The atlas's size in pixels."""
        return self.grid[0] * self.tile[0], self.grid[1] * self.tile[1]

    def corner(self, row: int) -> Pair:
        """Lower left pixel of a person's tile."""
        return row % self.grid[0] * self.tile[0], row // self.grid[0] * self.tile[1]

    @property
    def rows(self) -> int:
        """How many tiles there are."""
        return self.grid[0] * self.grid[1]


def layout(capacity: int, size: Pair, quality: float) -> Surface:
    """A Surface for `capacity` people beside an output of `size` pixels."""
    across = math.ceil(math.sqrt(capacity))
    down = math.ceil(capacity / across)
    scale = min(1.0, math.sqrt(BUDGET / (across * down))) * quality
    tile = (max(LEAST, int(size[0] * scale)), max(LEAST, int(size[1] * scale)))
    return Surface((across, down), tile)


def scene_size(size: Pair, quality: float) -> Pair:
    """Pixels of a scene that becomes a picture of `size`."""
    return max(16, int(size[0] * quality)), max(16, int(size[1] * quality))


class Mover:
    """Gives an atlas another shape; tiles already drawn move along."""

    def __init__(self, gl: moderngl.Context, folder: Path) -> None:
        self.gl = gl
        self._copy = Pass(gl, folder, "copy")

    def moved(self, old: Target, before: Surface, now: Surface, *formats: str) -> Target:
        """A new atlas with the old one's tiles; the old one is released."""
        new = Target.make(self.gl, now.whole, *formats)
        for row in range(min(before.rows, now.rows)):
            part = (before.tile[0] / old.size[0], before.tile[1] / old.size[1])
            x, y = before.corner(row)
            new.buffer.viewport = (*now.corner(row), *now.tile)
            corner = (x / old.size[0], y / old.size[1])
            self._copy.draw(new, {"source": old.texture}, {"part": (*corner, *part)})
        new.buffer.viewport = (0, 0, *new.size)
        old.release()
        return new

    def release(self) -> None:
        """Gives the program back."""
        self._copy.release()
