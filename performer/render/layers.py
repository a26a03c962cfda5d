"""Everybody's layer, drawn into one atlas: a tile each, one instanced draw per generator.

All tiles together have at most 1.5 times the output's pixels for any number of people, so the
cost does not grow with the circle.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import moderngl

from performer.errors import FileError
from performer.frame import Frame
from performer.render.isf.atlas import Surface, layout
from performer.render.isf.program import Program
from performer.render.isf.setting import Setting
from performer.render.isf.shared import Shared
from performer.render.moment import setting_of
from performer.render.passes import Target
from performer.render.rows import Rows
from performer.show.isf import Shader, load_shader

PLAIN = "plain"  # drawn when a generator cannot be: a soft light in the person's colours


class Layers:
    """The atlas and the programs that fill it. Tiles hold OKLab."""

    def __init__(
        self, gl: moderngl.Context, generators: Mapping[str, Shader], folder: Path
    ) -> None:
        self.gl = gl
        self.generators = {**generators, PLAIN: load_shader(folder / f"{PLAIN}.fs")}
        self.rows = Rows(gl, self.generators)
        self.shared = Shared(gl, folder)
        self.programs: dict[str, Program] = {}
        self.broken: dict[str, FileError] = {}
        self.surface = Surface((1, 1), (8, 8))
        self.atlas = Target.make(gl, (8, 8), "rgba16f")

    @property
    def grid(self) -> tuple[int, int]:
        """Tiles across and down."""
        return self.surface.grid

    @property
    def tile(self) -> tuple[int, int]:
        """A tile's size in pixels."""
        return self.surface.tile

    def warm(self, names: list[str]) -> Iterator[str]:
        """Compiles and draws each generator once into the atlas's format; yields after each."""
        tiny, one = Target.make(self.gl, (1, 1), "rgba16f"), Surface((1, 1), (1, 1))
        for name in [PLAIN, *names]:
            self._program(name).draw((0,), one, tiny, Setting(self.rows.texture))
            self.atlas.buffer.use()
            yield name
        tiny.release()

    def _program(self, name: str) -> Program:
        if name in self.broken or name not in self.generators:
            name = PLAIN
        if name not in self.programs:
            try:
                self.programs[name] = Program(self.gl, self.generators[name], self.shared)
            except FileError as error:
                self.broken[name] = error
                return self._program(PLAIN)
        return self.programs[name]

    def draw(self, frame: Frame, size: tuple[int, int]) -> None:
        """Draws the tile of everybody who is here; who is leaving keeps their last picture."""
        self._fit(frame.people.capacity, size, frame.quality)
        self.rows.upload(frame)
        setting = setting_of(frame, self.rows)
        for name, rows in self.sharing(frame).items():
            self._program(name).draw(tuple(rows), self.surface, self.atlas, setting)

    @staticmethod
    def sharing(frame: Frame) -> dict[str, list[int]]:
        """Rows to draw by generator."""
        p = frame.people
        found: dict[str, list[int]] = {}
        leaving = p.leaving.tolist()  # plain bools: numpy's own are slow one by one
        for row, (name, person) in enumerate(zip(p.generators, p.ids, strict=True)):
            if person and not leaving[row]:
                found.setdefault(name, []).append(row)
        return found

    def _fit(self, capacity: int, size: tuple[int, int], quality: float) -> None:
        """Gives the atlas the shape this frame needs; tiles already drawn move along."""
        surface = layout(capacity, size, quality)
        if surface != self.surface:
            self.atlas = self.shared.mover.moved(self.atlas, self.surface, surface, "rgba16f")
            self.surface = surface

    def release(self) -> None:
        """Gives everything back."""
        for program in self.programs.values():
            program.release()
        self.rows.release()
        self.shared.release()
        self.atlas.release()
