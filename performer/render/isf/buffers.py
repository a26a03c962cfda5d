"""The buffers that a shader's passes draw into: an atlas each, with everybody's tile.

A persistent buffer is two atlases that change places, and so is one that several passes draw into;
any other is drawn anew every frame.
"""

import math
from collections.abc import Callable, Mapping

import moderngl
import numpy as np

from performer.render.isf.atlas import Mover, Pair, Surface
from performer.render.isf.setting import Setting
from performer.render.passes import Target
from performer.show.isf import Pass, Shader
from performer.show.isf.expressions import Expression

MOST_SIDE = 4096  # pixels of one tile, whatever an expression says


class Buffer:
    """One target of some passes."""

    def __init__(self, passes: list[Pass]) -> None:
        self.name = passes[0].target
        self.persistent = any(p.persistent for p in passes)
        self.format = "rgba32f" if any(p.floating for p in passes) else "rgba8"
        self.sized = next((p for p in passes if p.width or p.height), passes[0])
        self.surface = Surface((0, 0), (0, 0))
        self.count = 2 if self.persistent or len(passes) > 1 else 1
        self.atlases: list[Target] = []
        self.draws = 0  # in this frame

    @property
    def drawn(self) -> Target:
        """What was drawn last, and what is read."""
        return self.atlases[0]

    def begin(self) -> Target:
        """The atlas to draw into now; what it then shows is read from now on."""
        self.draws += 1
        if len(self.atlases) > 1:
            self.atlases.reverse()
        return self.atlases[0]

    @property
    def before(self) -> moderngl.Texture | None:
        """What the pass that draws into it may read of it: an earlier pass's, the last frame's

        if it is persistent, or nothing.
        """
        return self.atlases[1].texture if self.persistent or self.draws > 1 else None

    def fit(self, gl: moderngl.Context, mover: Mover, surface: Surface) -> None:
        """Begins a frame, in the shape that it needs."""
        self.draws = 0
        if surface == self.surface:
            return
        if self.atlases and self.persistent:
            self.atlases = [mover.moved(a, self.surface, surface, self.format)
                            for a in self.atlases]  # fmt: skip
        else:
            self.release()
            self.atlases = [Target.make(gl, surface.whole, self.format) for _ in range(self.count)]
        for target in self.atlases:
            _smooth(target)
        self.surface = surface

    def clear(self, row: int) -> None:
        """Forgets what it kept of a row."""
        if not self.persistent:
            return
        for target in self.atlases:
            target.buffer.clear(viewport=(*self.surface.corner(row), *self.surface.tile))

    def release(self) -> None:
        """Gives the memory back; the next frame begins with new ones."""
        for target in self.atlases:
            target.release()
        self.atlases, self.surface = [], Surface((0, 0), (0, 0))


def _smooth(target: Target) -> None:
    """Authors read between pixels, from floats too."""
    target.texture.filter = (moderngl.LINEAR, moderngl.LINEAR)


class Buffers:
    """All buffers of one shader."""

    def __init__(self, gl: moderngl.Context, shader: Shader, mover: Mover) -> None:
        self.gl, self.mover = gl, mover
        self.all = {
            name: Buffer([p for p in shader.passes if p.target == name]) for name in shader.targets
        }
        self.slots = shader.slots
        self.defaults = {i.name: i.default[0] for i in shader.inputs if i.floats}

    def fit(self, surface: Surface, setting: Setting, rows: tuple[int, ...],
            values: Mapping[str, float]) -> None:  # fmt: skip
        """Sizes every buffer for this frame; one size for all people, the largest they ask for."""
        for buffer in self.all.values():
            tile = self._tile(buffer.sized, surface, setting, rows, values)
            buffer.fit(self.gl, self.mover, Surface(surface.grid, tile))

    def _tile(self, sized: Pass, surface: Surface, setting: Setting, rows: tuple[int, ...],
              values: Mapping[str, float]) -> Pair:  # fmt: skip
        known = {**self.defaults, **values, "WIDTH": surface.tile[0], "HEIGHT": surface.tile[1]}

        def side(expression: Expression | None, usual: int) -> float:
            if expression is None:
                return usual
            for name in expression.names & self.slots.keys() if setting.own is not None else ():
                assert setting.own is not None
                known[name] = float(np.max(setting.own[list(rows), self.slots[name].start]))
            return _sane(lambda: expression.value(known), usual)

        width, height = side(sized.width, surface.tile[0]), side(sized.height, surface.tile[1])
        return _bounded(width, height, surface)

    @property
    def bytes(self) -> int:
        """Memory of all of them."""
        depth = {"rgba8": 4, "rgba32f": 16}
        return sum(t.size[0] * t.size[1] * depth[b.format]
                   for b in self.all.values() for t in b.atlases)  # fmt: skip

    def release(self) -> None:
        """Gives the memory back."""
        for buffer in self.all.values():
            buffer.release()


def _sane(value: Callable[[], float], usual: int) -> float:
    """An expression's value; the usual size where it has none now."""
    try:
        found = value()
    except ValueError:
        return usual
    return found if math.isfinite(found) and found >= 1.0 else 1.0


def _bounded(width: float, height: float, surface: Surface) -> Pair:
    """A tile's size within its share of pixels: many people share what one alone may have."""
    most = MOST_SIDE**2 if surface.rows == 1 else surface.tile[0] * surface.tile[1]
    scale = min(1.0, math.sqrt(most / width / height), MOST_SIDE / max(width, height))
    across, down = (max(1, int(side * scale + 1e-6)) for side in (width, height))
    across = min(across, max(1, most // down))  # a side of less than a pixel is one
    return across, min(down, max(1, most // across))
