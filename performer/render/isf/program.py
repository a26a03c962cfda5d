"""One ISF shader at work: its passes compiled, its buffers, and the people whom it draws."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import moderngl
import numpy as np

from performer.errors import FileError, Problem
from performer.frame import MOST_PEOPLE
from performer.render.glsl import build
from performer.render.isf.atlas import Surface
from performer.render.isf.buffers import Buffers
from performer.render.isf.complaints import in_authors_words
from performer.render.isf.setting import BEATS, Numbers, Setting
from performer.render.isf.shared import Shared
from performer.render.isf.source import (
    LAYER,
    MOST_IMAGES,
    VALUES,
    Image,
    Wrapping,
    images,
    sources,
    value_slots,
)
from performer.render.passes import Target, Uniform
from performer.show.isf import Shader

MOST_GAP = 30  # frames that a memory outlives without being drawn


@dataclass
class Step:
    """One pass, linked."""

    target: str
    program: moderngl.Program
    array: moderngl.VertexArray
    uniforms: dict[str, moderngl.Uniform]
    """Those that the compiler kept."""
    images: tuple[tuple[int, Image], ...]
    """What it reads, and under which numbers."""
    told: dict[str, Uniform] = field(default_factory=dict[str, Uniform])

    def tell(self, name: str, value: Uniform) -> None:
        """Sets a uniform that the compiler kept, if it has another value now."""
        if self.told.get(name) != value and name in self.uniforms:
            self.uniforms[name].value = value
            self.told[name] = value


class Program:
    """A shader with all its passes. FileError with the author's lines if it does not compile."""

    def __init__(
        self, gl: moderngl.Context, shader: Shader, shared: Shared, wrapping: Wrapping = LAYER
    ) -> None:
        self.gl, self.shader, self.shared, self.wrapping = gl, shader, shared, wrapping
        self.images = images(shader, wrapping)
        if len(self.images) > MOST_IMAGES:
            message = f"has {len(self.images)} images and buffers; the most is {MOST_IMAGES}"
            raise FileError(shader.path, [Problem(message, key="INPUTS")])
        self.imported = shared.pictures(shader)
        self.kinds = {t.name: (t.kind, t.most) for t in shader.textures}
        self.slots = value_slots(shader)
        self.instances = gl.buffer(reserve=MOST_PEOPLE * 8)
        self.steps: list[Step] = []
        try:
            self._link()
        except FileError:
            self.release()
            raise
        self.buffers = Buffers(gl, shader, shared.mover)
        self.stamps: dict[int, tuple[str, float]] = {}
        self.began: dict[int, int] = {}
        self.last = 0
        self.drawn: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())

    def _link(self) -> None:
        """Every pass, and one more that shows the last buffer if the last pass fills one."""
        last = self.shader.passes[-1].target
        for index, one in enumerate(self.shader.passes):
            self.steps.append(self._step(one.target, index))
        if last:
            self.steps.append(self._step("", len(self.shader.passes) - 1, last))

    def _step(self, target: str, index: int, show: str = "") -> Step:
        program = _built(self.gl, self.shader, index, self.wrapping, show)
        kept = [n for n in ("pf_row", "pf_age") if n in program]
        form = "1i 1i/i" if len(kept) == 2 else "1i 1x4/i" if kept == ["pf_row"] else "1x4 1i/i"
        array = self.gl.vertex_array(program, [(self.instances, form, *kept)])
        members = {n: program[n] for n in program}
        uniforms = {n: m for n, m in members.items() if isinstance(m, moderngl.Uniform)}
        read = tuple((n, image) for n, image in enumerate(self.images, 1)
                     if uniforms.keys() & {f"pf_t{n}", f"pf_s{n}"})  # fmt: skip
        return Step(target, program, array, uniforms, read)

    def draw(
        self, rows: tuple[int, ...], surface: Surface, into: Target, setting: Setting,
        seen: bool = True,
    ) -> None:  # fmt: skip
        """Draws the tiles of `rows` into an atlas of that surface.

        A frame that nobody will see is only remembered: what later frames do not read is left out.
        """
        own = self._values(setting)
        self.buffers.fit(surface, setting, rows, own)
        self._instances(rows, setting)
        textures = self._textures(setting)
        for step in self.steps if seen else self.steps[: self.kept]:
            self._draw(step, rows, surface, into, setting, textures)
        into.buffer.use()

    @property
    def kept(self) -> int:
        """How many passes, from the first, later frames depend on."""
        kept = {name for name, buffer in self.buffers.all.items() if buffer.persistent}
        return max((n for n, step in enumerate(self.steps, 1) if step.target in kept), default=0)

    def warming(self, surface: Surface, into: Target, setting: Setting) -> Iterator[None]:
        """The first draw of one pass after the other: a driver compiles in it. Then it forgets.

        A driver may compile anew for another format, or for sides that are powers of two: all is
        as it will be.
        """
        self.buffers.fit(surface, setting, (0,), {})
        self._instances((0,), setting)
        textures = self._textures(setting)
        for step in self.steps:
            self._draw(step, (0,), surface, into, setting, textures)
            yield
            if not self.steps:  # it was given back meanwhile
                return
        self.stamps.clear()
        self.drawn = ((), ())
        into.buffer.use()
        self.buffers.release()

    def _values(self, setting: Setting) -> dict[str, float]:
        if self.wrapping.own == "rows" or not setting.values:
            return {}
        return {n: setting.values[s.start] for n, s in self.slots.items()}

    def _instances(self, rows: tuple[int, ...], setting: Setting) -> None:
        """Who is drawn, and the frame each one's memory is in."""
        if self.shader.remembers:
            if setting.index - self.last > MOST_GAP:
                self.stamps.clear()  # whoever has not been here for a while begins anew
            self.last = setting.index
            for row in rows:
                stamp = setting.stamps.get(row, ("", 0.0))
                if self.stamps.get(row) != stamp or row not in self.drawn[0]:
                    self.stamps[row], self.began[row] = stamp, setting.index
                    for buffer in self.buffers.all.values():
                        buffer.clear(row)
            ages = tuple(setting.index - self.began[row] for row in rows)
        else:
            ages = (setting.index % (1 << 20),) * len(rows)
        if (rows, ages) != self.drawn:
            data = np.array([rows, ages], np.int32).T
            self.instances.write(np.ascontiguousarray(data).tobytes())
            self.drawn = (rows, ages)

    def _textures(self, setting: Setting) -> dict[str, moderngl.Texture]:
        """What every image but the buffers is read from in this frame."""
        found: dict[str, moderngl.Texture] = {}
        for image in self.images:
            kind, most = self.kinds.get(image.name, ("image", 0))
            if image.name in self.imported:
                found[image.name] = self.imported[image.name]
            elif kind != "image":
                found[image.name] = self.shared.heard(setting.sound, kind, most)
            elif image.place == "person" and setting.media is not None:
                found[image.name] = setting.media
            elif image.name in setting.images:
                found[image.name] = setting.images[image.name]
        return found

    def _draw(self, step: Step, rows: tuple[int, ...], surface: Surface, into: Target,
              setting: Setting, textures: dict[str, moderngl.Texture]) -> None:  # fmt: skip
        buffer = self.buffers.all.get(step.target)
        target, here = (into, surface) if buffer is None else (buffer.begin(), buffer.surface)
        step.tell("pf_grid", surface.grid)
        step.tell("pf_rows", 0)
        step.tell("RENDERSIZE", (float(here.tile[0]), float(here.tile[1])))
        step.tell("BEAT", setting.beat % BEATS)  # float32 keeps it to 1/16 000 of a beat
        step.tell("DATE", setting.date)
        step.tell("pf_part", setting.part)
        if "pf_values" in step.uniforms:
            self._tell_values(step, setting.values)
        setting.rows.use(0)
        for number, image in step.images:
            self._bind(step, number, image.name, image.place, surface, textures)
        target.buffer.use()
        step.array.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=len(rows))

    def _bind(self, step: Step, number: int, name: str, place: str, surface: Surface,
              textures: dict[str, moderngl.Texture]) -> None:  # fmt: skip
        texture, buffer = textures.get(name), self.buffers.all.get(name)
        if buffer is not None:
            texture = buffer.before if name == step.target else buffer.drawn.texture
        texture = texture or self.shared.blank
        size = texture.width, texture.height
        if place == "tile":
            size = max(1, size[0] // surface.grid[0]), max(1, size[1] // surface.grid[1])
        texture.use(number)
        step.tell(f"pf_t{number}", number)
        step.tell(f"pf_s{number}", (float(size[0]), float(size[1])))

    def _tell_values(self, step: Step, values: Numbers) -> None:
        if step.told.get("pf_values") == values:
            return
        member = step.uniforms["pf_values"]
        data = np.zeros(VALUES, np.float32)
        data[: len(values)] = values
        member.write(data[: 4 * member.array_length].tobytes())
        step.told["pf_values"] = values

    def release(self) -> None:
        """Gives programs and buffers back."""
        for step in self.steps:
            step.array.release()
            step.program.release()
        self.steps = []
        self.instances.release()
        if hasattr(self, "buffers"):
            self.buffers.release()


def _built(
    gl: moderngl.Context, shader: Shader, index: int, wrapping: Wrapping, show: str
) -> moderngl.Program:
    """A linked pass; a second try takes the author's GLSL less seriously, as some drivers do."""
    try:
        return build(gl, *sources(shader, index, wrapping, show=show), shader.path)
    except FileError as error:
        try:
            return build(gl, *sources(shader, index, wrapping, True, show), shader.path)
        except FileError:
            raise in_authors_words(error, shader) from None
