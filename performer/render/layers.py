"""Everybody's layer, drawn into one atlas: a tile each, one instanced draw per generator.

All tiles together have at most 1.5 times the output's pixels for any number of people, so the
cost does not grow with the circle.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import moderngl

from performer.errors import FileError
from performer.frame import Frame
from performer.render.dressing import Dressing, overlay
from performer.render.isf.atlas import Surface, layout, scene_size
from performer.render.isf.cache import Key, Programs
from performer.render.isf.program import Program
from performer.render.isf.setting import SILENT, Setting
from performer.render.isf.shared import Shared
from performer.render.isf.source import CHAINED, LAYER, UNDER, Wrapping
from performer.render.media import Media
from performer.render.moment import setting_of
from performer.render.passes import Target
from performer.render.rows import Rows
from performer.render.watch import Watch
from performer.show.isf import Shader, load_shader

DONE = object()
PACE = 12  # frames between two shaders that are only expected
PLAIN = "plain"  # drawn when a generator cannot be: a soft light in the person's colours


class Layers:
    """The atlas and the programs that fill it. Tiles hold OKLab."""

    def __init__(
        self, gl: moderngl.Context, shaders: Mapping[str, Shader], folder: Path,
        pictures: tuple[Path, ...] = (),
    ) -> None:  # fmt: skip
        """`shaders`: generators, effects and transitions; `folder` has the host's own.

        `pictures`: folders of people's.
        """
        self.gl = gl
        everything = {**shaders, PLAIN: load_shader(folder / f"{PLAIN}.fs"), **overlay()}
        self.rows = Rows(gl, everything)
        self.shared = Shared(gl, folder)
        self.programs = Programs(gl, everything, self.shared)
        self.dressing = Dressing(gl, folder, self.programs)
        self.watch = Watch(gl)
        self.media = Media(gl, pictures)
        self.surface = Surface((1, 1), (8, 8))
        self.scene = (8, 8)
        """The scene's size in pixels."""
        self.expected: list[Key] = []
        """Shaders that may be needed later; one pass of one of them is warmed now and then."""
        self._warming: Iterator[None] = iter(())
        self.setting = Setting(self.rows.texture)
        """The moment of the last Frame."""
        self.atlas = Target.make(gl, (8, 8), "rgba16f")

    @property
    def broken(self) -> dict[str, FileError]:
        """Shaders that did not compile."""
        return self.programs.broken

    @property
    def grid(self) -> tuple[int, int]:
        """Tiles across and down."""
        return self.surface.grid

    @property
    def tile(self) -> tuple[int, int]:
        """A tile's size in pixels."""
        return self.surface.tile

    def warm(self, names: Iterable[str], keys: Iterable[Key] = ()) -> Iterator[str]:
        """Compiles and draws generators, and what `keys` says, into the atlas's format.

        Yields after each.
        """
        for name, wrapping in [*((n, LAYER) for n in (PLAIN, *names)), *keys]:
            for _ in self._warm(name, wrapping):
                pass
            yield name

    def _warm(self, name: str, wrapping: Wrapping) -> Iterator[None]:
        """A shader's first draw, pass by pass."""
        program = self.programs.get(name, wrapping)
        if program is None:
            return
        surface = self.surface if wrapping.own == "rows" else Surface((1, 1), self.scene)
        given, into = (Target.make(self.gl, surface.whole, "rgba16f") for _ in range(2))
        setting = Setting(self.rows.texture, sound=SILENT, media=self.media.texture,
                          images=dict.fromkeys(CHAINED, given.texture))  # fmt: skip
        for _ in program.warming(surface, into, setting):
            self.atlas.buffer.use()
            yield
        self.dressing.warm(given, into, wrapping)
        self.atlas.buffer.use()
        given.release()
        into.release()

    def _program(self, name: str, frame: Frame, wrapping: Wrapping = LAYER) -> Program:
        """A generator's program, or the plain one's where it is broken or has to rest."""
        found = None if name in frame.resting else self.programs.get(name, wrapping)
        found = found or self.programs.get(PLAIN, wrapping)
        assert found is not None
        return found

    def draw(self, frame: Frame, size: tuple[int, int]) -> None:
        """Draws the tile of everybody who is here; who is leaving keeps their last picture."""
        self.fit(frame.people.capacity, size, frame.quality)
        self.media.update(frame)
        self.rows.upload(frame, self.media.rects)
        self.setting = dataclasses.replace(setting_of(frame, self.rows), media=self.media.texture)
        sharing = self.sharing(frame)
        names = {name for name, _ in sharing}
        self.watch.begin([n for n in names if n not in frame.resting])
        for (name, effect), rows in sharing.items():
            with self.watch.timing(name, len(rows)):
                self._draw(frame, name, effect, tuple(rows))
        self._ahead(frame)
        self.programs.tidy(self.dressing.used(frame) | {PLAIN})

    def _draw(self, frame: Frame, name: str, effect: str, rows: tuple[int, ...]) -> None:
        """The tiles of those who share a generator and an effect, with the preset's effects."""
        worn = self.dressing.on_layers(frame, name, effect)
        under = dataclasses.replace(UNDER, use=effect)  # a memory of their own
        program = self._program(name, frame, under if worn else LAYER)
        if worn:
            self.dressing.draw_layers(frame, program, rows, self.surface, self.atlas,
                                      self.setting, worn)  # fmt: skip
        else:
            program.draw(rows, self.surface, self.atlas, self.setting)

    def _ahead(self, frame: Frame) -> None:
        """Warms at most one pass of what will be needed soon: what people want comes first."""
        if next(self._warming, DONE) is not DONE:
            return
        for name, person in zip(frame.people.wanted, frame.people.ids, strict=True):
            if person and not self.programs.has(name):
                self._warming = self._warm(name, LAYER)
                return
        while self.expected and frame.index % PACE == 0:
            name, wrapping = self.expected.pop(0)
            if not self.programs.has(name, wrapping):
                self._warming = self._warm(name, wrapping)
                return

    @staticmethod
    def sharing(frame: Frame) -> dict[tuple[str, str], list[int]]:
        """Rows to draw by generator and own effect."""
        p = frame.people
        found: dict[tuple[str, str], list[int]] = {}
        leaving = p.leaving.tolist()  # plain bools: numpy's own are slow one by one
        kinds = zip(p.generators, p.effects, strict=True)
        for row, (kind, person) in enumerate(zip(kinds, p.ids, strict=True)):
            if person and not leaving[row]:
                found.setdefault(kind, []).append(row)
        return found

    def fit(self, capacity: int, size: tuple[int, int], quality: float = 1.0) -> None:
        """Gives the atlas the shape this frame needs; tiles already drawn move along."""
        self.scene = scene_size(size, quality)
        surface = layout(capacity, size, quality)
        if surface != self.surface:
            self.atlas = self.shared.mover.moved(self.atlas, self.surface, surface, "rgba16f")
            self.surface = surface

    def renew(self, name: str, shader: Shader) -> FileError | None:
        """Takes a shader's new text; its error, and the last good version goes on."""
        error = self.programs.renew(name, shader)
        if error is None:
            self.rows.learn(name, shader)
        return error

    def release(self) -> None:
        """Gives everything back."""
        for part in (self.programs, self.dressing, self.rows, self.media, self.shared,
                     self.atlas):  # fmt: skip
            part.release()
