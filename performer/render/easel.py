"""The easel: one generator drawn alone, at any size, for any person. For galleries and tests.

It is the stage's own way of drawing a layer: the same program, the same row of the people's
texture, the same OKLab in half floats. No mask, no scene, no guard: what is seen here is one dream.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import moderngl
import msgspec
import numpy as np
from numpy.typing import NDArray

from performer.circle import palettes
from performer.circle.circle import Circle
from performer.frame import Frame, copied
from performer.render.isf.atlas import Surface
from performer.render.isf.program import Program
from performer.render.isf.setting import SILENT, Setting, Sound
from performer.render.isf.shared import Shared, uploaded
from performer.render.passes import Target
from performer.render.rows import Rows
from performer.show.files import data_folder
from performer.show.isf import Shader
from performer.show.isf.inputs import COLOURS, FEELING
from performer.show.presets import Preset
from performer.show.shows import Library, Show

MEMORY, RATE, STEPS = 60, 30.0, 3
"""Steps, and steps per second, from which a dream with a memory is made; steps between tiles."""

WHOLE = np.array([[0.0, 0.0, 1.0, 1.0]], np.float32)
Lab = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Sitter:
    """Whom a dream is drawn for: what a generator may know of a person (shaders/README.md)."""

    energy: float = 0.35
    breath: float = 0.5
    wave: float = 0.0
    valence: float = 0.0
    arousal: float = 0.0
    seed: float = 0.37
    time: float = 20.0
    """The layer's own TIME, s."""
    colours: tuple[float, ...] = ()
    """Ground, tone, kin and accent as sRGB 0..1, 12 numbers; none: those of the header."""
    inputs: Mapping[str, tuple[float, ...]] = field(default_factory=dict[str, tuple[float, ...]])
    """The generator's own inputs by name; what is not named keeps its default."""
    picture: Pixels | None = None
    """What they brought along: RGBA (H, W, 4), top row first."""
    sound: Sound = SILENT
    """What is heard."""


class Easel:
    """Draws any of some generators, by name."""

    def __init__(self, gl: moderngl.Context, generators: Mapping[str, Shader]) -> None:
        self.gl, self.generators = gl, generators
        self._rows = Rows(gl, generators)
        self._shared = Shared(gl, data_folder() / "shaders" / "pipeline")
        self._frame = Circle(_studio(generators), people=1).step(1.0 / 60.0)
        self._programs: dict[str, Program] = {}
        self._drawn = 0
        self._target = Target.make(gl, (8, 8), "rgba16f")

    def draw(self, name: str, size: tuple[int, int], sitter: Sitter | None = None) -> Pixels:
        """Encoded sRGB (H, W, 3), top row first; FileError if the generator does not compile."""
        light = palettes.linear_from_oklab(self.oklab(name, size, sitter).astype(np.float64))
        return np.rint(255.0 * palettes.encoded(light)).astype(np.uint8)

    def oklab(self, name: str, size: tuple[int, int], sitter: Sitter | None = None) -> Lab:
        """The tile itself: OKLab (H, W, 3), top row first; FileError as `draw`."""
        return self.film(name, size, sitter or Sitter(), 1)[0]

    def film(self, name: str, size: tuple[int, int], sitter: Sitter, many: int) -> list[Lab]:
        """So many tiles, STEPS steps of 1/RATE s apart; the first is at the sitter's time.

        A dream with a memory is dreamt from its beginning, which is MEMORY steps before.
        """
        program = self._program(name)
        self._fit(size)
        self._drawn += 1  # another sitter's memory is not this one's
        picture = None if sitter.picture is None else uploaded(self.gl, sitter.picture)
        first = 1 - MEMORY if program.shader.remembers else 0
        found: list[Lab] = []
        for step in range(first, STEPS * (many - 1) + 1):
            seen = step >= 0 and step % STEPS == 0
            if seen or program.shader.remembers:
                self._draw(program, name, size, sitter, step, picture, seen)
            if seen:
                found.append(self._read())
        self._target.buffer.use()
        if picture is not None:
            picture.release()
        return found

    def _draw(self, program: Program, name: str, size: tuple[int, int], sitter: Sitter,
              step: int, picture: moderngl.Texture | None, seen: bool) -> None:  # fmt: skip
        sat = self._sat(name, replace(sitter, time=sitter.time + step / RATE), 1.0 / RATE)
        self._rows.upload(sat, None if picture is None else WHOLE)
        setting = Setting(
            self._rows.texture, step + MEMORY, sound=sitter.sound, media=picture,
            own=self._rows.own, stamps={0: (name, float(self._drawn))},
        )  # fmt: skip
        program.draw((0,), Surface((1, 1), size), self._target, setting, seen)

    def _read(self) -> Lab:
        width, height = self._target.size
        found = np.frombuffer(self._target.texture.read(), np.float16)
        return found.reshape(height, width, 4)[::-1, :, :3].astype(np.float32)

    def _program(self, name: str) -> Program:
        if name not in self._programs:
            self._programs[name] = Program(self.gl, self.generators[name], self._shared)
        return self._programs[name]

    def _fit(self, size: tuple[int, int]) -> None:
        if self._target.size != size:
            old, self._target = self._target, Target.make(self.gl, size, "rgba16f")
            self._target.buffer.use()
            old.release()

    def _sat(self, name: str, sitter: Sitter, dt: float) -> Frame:
        """A Frame in which row 0 is the sitter."""
        people = copied(self._frame.people)
        generator = self.generators[name]
        people.generators[0] = name
        for column in (*FEELING, "time"):
            _put(people, column, getattr(sitter, column))
        _put(people, "colours", sitter.colours or _own_colours(generator))
        own = people.inputs[0].copy()
        for key, values in sitter.inputs.items():
            own[generator.slots[key]] = values
        _put(people, "inputs", own)
        return msgspec.structs.replace(self._frame, people=people, dt=dt)

    def release(self) -> None:
        """Gives everything back."""
        for program in self._programs.values():
            program.release()
        self._rows.release()
        self._shared.release()
        self._target.release()


def _studio(generators: Mapping[str, Shader]) -> Library:
    """A show that needs no file: one preset that never changes."""
    name, about = "easel", {"name": "easel"}
    phase = {"name": "sitting", "seconds": 3600.0, "preset": name}
    show = Show.model_validate({"title": name, "phase": [phase]}, context=about)
    look = {"title": name, "generators": [next(iter(generators))]}
    preset = Preset.model_validate(look, context=about)
    return Library(name, Path(), show, {name: preset}, dict(generators))


def _put(people: object, column: str, value: object) -> None:
    """Writes row 0 of a column of a read-only copy of people."""
    array = getattr(people, column).copy()
    array[0] = value
    setattr(people, column, array)


def _own_colours(generator: Shader) -> tuple[float, ...]:
    """The colours that a header gives as its defaults; black for what it does not declare."""
    told = {entry.name: entry.default[:3] for entry in generator.inputs}
    return tuple(n for name in COLOURS for n in told.get(name, (0.0, 0.0, 0.0)))
