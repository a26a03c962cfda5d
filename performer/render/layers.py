"""Everybody's layer, drawn into one atlas: a tile each, one instanced draw per generator.

All tiles together have at most 1.5 times the output's pixels for any number of people, so the
cost does not grow with the circle.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import moderngl
import numpy as np

from performer.errors import FileError
from performer.frame import MOST_PEOPLE, Frame
from performer.render.glsl import build
from performer.render.passes import Pass, Target
from performer.render.rows import Rows
from performer.render.translate import translated
from performer.show.isf import Generator, load_generator

BUDGET = 1.5  # tile pixels, in output pixels
BEATS = 960  # after which BEAT begins anew: a multiple of 1..6, 8, 10, 12, 16, 20, 24, 32 and 64
PLAIN = "plain"  # drawn when a generator cannot be: a soft light in the person's colours


class Program:
    """One generator, compiled, with the list of rows that it draws."""

    def __init__(self, gl: moderngl.Context, generator: Generator) -> None:
        self.program = _compiled(gl, generator)
        self.instances = gl.buffer(reserve=MOST_PEOPLE * 4)
        layout = [(self.instances, "1i/i", "pf_row")]
        self.array = gl.vertex_array(self.program, layout)
        self.rows: tuple[int, ...] = ()
        self.shape = ((0, 0), (0, 0))
        self.beats = "BEAT" in self.program

    def draw(self, rows: tuple[int, ...], grid: tuple[int, int], tile: tuple[int, int],
             beat: float = 0.0) -> None:  # fmt: skip
        """Draws the tiles of `rows` into the bound atlas."""
        if self.beats:
            self.program["BEAT"] = beat % BEATS  # float32 keeps it to 1/16 000 of a beat
        if rows != self.rows:
            self.instances.write(np.array(rows, np.int32).tobytes())
            self.rows = rows
        if (grid, tile) != self.shape:
            self.shape = (grid, tile)
            self.program["pf_rows"] = 0
            self.program["pf_grid"] = grid
            if "RENDERSIZE" in self.program:
                self.program["RENDERSIZE"] = (float(tile[0]), float(tile[1]))
        self.array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=len(rows))

    def release(self) -> None:
        """Gives program and buffers back."""
        self.array.release()
        self.instances.release()
        self.program.release()


def _compiled(gl: moderngl.Context, generator: Generator) -> moderngl.Program:
    try:
        return build(gl, *translated(generator), generator.path)
    except FileError:  # perhaps it writes to an input: give it globals of its own
        return build(gl, *translated(generator, writable=True), generator.path)


def layout(capacity: int, size: tuple[int, int], quality: float) -> tuple[
    tuple[int, int], tuple[int, int]
]:  # fmt: skip
    """Tiles across and down, and a tile's size in pixels, for `capacity` people."""
    across = math.ceil(math.sqrt(capacity))
    down = math.ceil(capacity / across)
    scale = min(1.0, math.sqrt(BUDGET / (across * down))) * quality
    return (across, down), (max(8, int(size[0] * scale)), max(8, int(size[1] * scale)))


class Layers:
    """The atlas and the programs that fill it. Tiles hold OKLab."""

    def __init__(
        self, gl: moderngl.Context, generators: Mapping[str, Generator], folder: Path
    ) -> None:
        self.gl = gl
        self.generators = {**generators, PLAIN: load_generator(folder / f"{PLAIN}.fs")}
        self.rows = Rows(gl, self.generators)
        self.programs: dict[str, Program] = {}
        self.broken: dict[str, FileError] = {}
        self._copy = Pass(gl, folder, "copy")
        self.grid, self.tile = (1, 1), (8, 8)
        self.atlas = Target.make(gl, (8, 8), "rgba16f")

    def warm(self, names: list[str]) -> Iterator[str]:
        """Compiles and draws each generator once into the atlas's format; yields after each."""
        tiny = Target.make(self.gl, (1, 1), "rgba16f")
        for name in [PLAIN, *names]:
            program = self._program(name)
            tiny.buffer.use()
            self.rows.texture.use(0)
            program.draw((0,), (1, 1), (1, 1))
            self.atlas.buffer.use()
            yield name
        tiny.release()

    def _program(self, name: str) -> Program:
        if name in self.broken or name not in self.generators:
            name = PLAIN
        if name not in self.programs:
            try:
                self.programs[name] = Program(self.gl, self.generators[name])
            except FileError as error:
                self.broken[name] = error
                return self._program(PLAIN)
        return self.programs[name]

    def draw(self, frame: Frame, size: tuple[int, int]) -> None:
        """Draws the tile of everybody who is here; who is leaving keeps their last picture."""
        p = frame.people
        self._fit(p.capacity, size, frame.quality)
        self.rows.upload(frame)
        self.atlas.buffer.use()
        self.rows.texture.use(0)
        for name, rows in self.sharing(frame).items():
            self._program(name).draw(tuple(rows), self.grid, self.tile, frame.beat)

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
        grid, tile = layout(capacity, size, quality)
        if (grid, tile) == (self.grid, self.tile):
            return
        old, old_grid, old_tile = self.atlas, self.grid, self.tile
        whole = (grid[0] * tile[0], grid[1] * tile[1])
        self.atlas = Target.make(self.gl, whole, "rgba16f")
        self.grid, self.tile = grid, tile
        for row in range(min(old_grid[0] * old_grid[1], grid[0] * grid[1], capacity)):
            self._move(row, old, old_grid, old_tile)
        old.release()

    def _move(self, row: int, old: Target, grid: tuple[int, int], tile: tuple[int, int]) -> None:
        part = (tile[0] / old.size[0], tile[1] / old.size[1])
        corner = (row % grid[0] * part[0], row // grid[0] * part[1])
        here = (row % self.grid[0] * self.tile[0], row // self.grid[0] * self.tile[1])
        self.atlas.buffer.viewport = (*here, *self.tile)
        self._copy.draw(self.atlas, {"source": old.texture}, {"part": (*corner, *part)})
        self.atlas.buffer.viewport = (0, 0, *self.atlas.size)

    def release(self) -> None:
        """Gives everything back."""
        for program in self.programs.values():
            program.release()
        self.rows.release()
        self._copy.release()
        self.atlas.release()
