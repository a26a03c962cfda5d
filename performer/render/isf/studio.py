"""The studio: any ISF shader drawn alone, as its author meant it: no people, no OKLab, no veil.

For `performer isf try`, for tests, and for whoever wants to see a file before a night does.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from performer.errors import FileError, Problem
from performer.render.isf.atlas import Surface
from performer.render.isf.program import Program
from performer.render.isf.setting import SILENT, Setting, Sound
from performer.render.isf.shared import Shared, uploaded
from performer.render.isf.source import ALONE, TEXELS, value_slots
from performer.render.passes import Target
from performer.show.isf import Shader

Pixels = NDArray[np.uint8]
Given = float | bool | tuple[float, ...]


class Studio:
    """Draws one shader after another. Time is what it is told to be."""

    def __init__(self, gl: moderngl.Context, folder: Path) -> None:
        """`folder` holds the host's own passes."""
        self.gl = gl
        self.shared = Shared(gl, folder)
        self._rows = gl.texture((TEXELS, 1), 4, dtype="f4")
        self._rows.filter = (moderngl.NEAREST, moderngl.NEAREST)

    def sitting(self, shader: Shader, size: tuple[int, int]) -> "Sitting":
        """A shader ready to be drawn frame by frame; FileError if it does not compile."""
        return Sitting(self, shader, size)

    def render(
        self, shader: Shader, size: tuple[int, int], *, frames: int = 1, fps: float = 30.0,
        time: float = 0.0, inputs: Mapping[str, Given] | None = None,
        images: Mapping[str, Pixels] | None = None, sound: Sound = SILENT,
        date: tuple[float, float, float, float] = (1970.0, 1.0, 1.0, 0.0),
    ) -> Pixels:  # fmt: skip
        """The last of so many frames, RGBA (H, W, 4), top row first; the first is at `time` s.

        `images` are RGBA, top row first. FileError if the shader does not compile.
        """
        sitting = self.sitting(shader, size)
        try:
            sitting.give(inputs or {}, images or {})
            for frame in range(frames):
                sitting.draw(time + frame / fps, 1.0 / fps, sound, date)
            return sitting.pixels()
        finally:
            sitting.release()

    def rows(self, time: float, dt: float) -> moderngl.Texture:
        """Nobody's row, at a time."""
        data = np.zeros((TEXELS, 4), np.float32)
        data[0, :2] = time, dt
        self._rows.write(data.tobytes())
        return self._rows

    def release(self) -> None:
        """Gives everything back."""
        self._rows.release()
        self.shared.release()


class Sitting:
    """One shader being drawn."""

    def __init__(self, studio: Studio, shader: Shader, size: tuple[int, int]) -> None:
        self.studio, self.shader = studio, shader
        self.surface = Surface((1, 1), size)
        self.program = Program(studio.gl, shader, studio.shared, ALONE)
        self.target = Target.make(studio.gl, size, "rgba8")
        self.slots = value_slots(shader)
        self.values = [0.0] * max((s.stop for s in self.slots.values()), default=0)
        self.images: dict[str, moderngl.Texture] = {}
        self.index = 0
        for one in shader.inputs:
            if one.name in self.slots:
                self.values[self.slots[one.name]] = one.default

    def give(self, inputs: Mapping[str, Given], images: Mapping[str, Pixels]) -> None:
        """Sets inputs by name. FileError for a name that is none, or the wrong many numbers."""
        problems: list[Problem] = []
        for name, given in inputs.items():
            numbers = tuple(given) if isinstance(given, tuple) else (float(given),)
            slot = self.slots.get(name)
            if slot is None:
                problems.append(Problem(f"has no such input; it has {self._names()}", key=name))
            elif len(numbers) != slot.stop - slot.start:
                told = f"takes {slot.stop - slot.start} numbers, found {len(numbers)}"
                problems.append(Problem(told, key=name))
            else:
                self.values[slot] = [float(n) for n in numbers]
        there = {t.name for t in self.shader.textures if t.kind == "image"}
        for name, pixels in images.items():
            if name not in there:
                told = f"has no such image; it has {', '.join(sorted(there)) or 'none'}"
                problems.append(Problem(told, key=name))
            else:
                if (old := self.images.pop(name, None)) is not None:
                    old.release()
                if (old := self.images.pop(name, None)) is not None:
                    old.release()
                self.images[name] = uploaded(self.studio.gl, pixels)
        if problems:
            raise FileError(self.shader.path, problems)

    def _names(self) -> str:
        return ", ".join(self.slots) or "none"

    def draw(
        self, time: float, dt: float, sound: Sound = SILENT,
        date: tuple[float, float, float, float] = (1970.0, 1.0, 1.0, 0.0),
    ) -> None:  # fmt: skip
        """One more frame, at `time` s."""
        setting = Setting(
            self.studio.rows(time, dt), self.index, 0.0, date, sound, self.images,
            values=tuple(self.values),
        )  # fmt: skip
        self.program.draw((0,), self.surface, self.target, setting)
        self.index += 1

    def resize(self, size: tuple[int, int]) -> None:
        """Goes on at another size; what is remembered is stretched."""
        self.surface = dataclasses.replace(self.surface, tile=size)
        old, self.target = self.target, Target.make(self.studio.gl, size, "rgba8")
        self.target.buffer.use()
        old.release()

    def pixels(self) -> Pixels:
        """What was drawn last: RGBA (H, W, 4), top row first."""
        width, height = self.surface.tile
        found = np.frombuffer(self.target.texture.read(), np.uint8)
        return found.reshape(height, width, 4)[::-1].copy()

    def release(self) -> None:
        """Gives everything back."""
        self.studio.gl.detect_framebuffer(0).use()  # what is bound cannot go; see Target.release
        self.program.release()
        self.target.release()
        for texture in self.images.values():
            texture.release()
