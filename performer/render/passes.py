"""What every pass is made of: a program with a known list of uniforms, and targets to draw into."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import moderngl

from performer.render.glsl import Source, build, flat

Uniform = float | int | tuple[float, ...] | tuple[int, ...]


@dataclass
class Target:
    """One or more textures of one size that a pass draws into."""

    textures: tuple[moderngl.Texture, ...]
    buffer: moderngl.Framebuffer

    @staticmethod
    def make(gl: moderngl.Context, size: tuple[int, int], *formats: str) -> "Target":
        """Formats: `rgba8` 8-bit, `rgba16f`, `rgba32f`, `rg32u`. Cleared to 0."""
        textures = tuple(_texture(gl, size, f) for f in formats)
        buffer = gl.framebuffer(color_attachments=list(textures))
        buffer.clear()
        return Target(textures, buffer)

    @property
    def texture(self) -> moderngl.Texture:
        """The first texture."""
        return self.textures[0]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = cast("tuple[int, int]", self.texture.size)
        return width, height

    def release(self) -> None:
        """Gives the memory back. Never while it is bound: moderngl binds again what was bound

        before, when it makes the next framebuffer, and would find it gone.
        """
        self.buffer.release()
        for texture in self.textures:
            texture.release()


def _texture(gl: moderngl.Context, size: tuple[int, int], format: str) -> moderngl.Texture:
    components = 2 if format.startswith("rg3") else 4
    dtype = {"8": "f1", "16f": "f2", "32f": "f4", "32u": "u4"}[format[components:]]
    texture = gl.texture(size, components, dtype=dtype)
    smooth = dtype in ("f1", "f2")
    mode = moderngl.LINEAR if smooth else moderngl.NEAREST
    texture.filter = (mode, mode)
    texture.repeat_x = texture.repeat_y = False
    return texture


class Pass:
    """A full-screen program. Uniforms it does not have are a mistake, except those named optional.

    `optional` are uniforms that some variants of a shader lose to the compiler.
    """

    def __init__(
        self, gl: moderngl.Context, folder: Path, name: str, *defines: str,
        optional: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.gl = gl
        self.file = folder / f"{name}.frag.glsl"
        vertex = flat(folder / "screen.vert.glsl")
        self.program = build(gl, vertex, flat(self.file, defines), self.file)
        self.array = gl.vertex_array(self.program, [])
        self.optional = optional
        members = {name: self.program[name] for name in self.program}
        self._uniforms = {n: m for n, m in members.items() if isinstance(m, moderngl.Uniform)}
        self._told: dict[str, Uniform] = {}
        if "People" in self.program:
            self.program["People"].binding = 0  # pyright: ignore[reportAttributeAccessIssue]

    def draw(
        self,
        target: Target,
        textures: Mapping[str, moderngl.Texture],
        uniforms: Mapping[str, Uniform],
    ) -> None:
        """Draws over the whole target."""
        target.buffer.use()
        for unit, (name, texture) in enumerate(textures.items()):
            if self._tell(name, unit):
                texture.use(unit)
        for name, value in uniforms.items():
            self._tell(name, value)
        self.array.render(moderngl.TRIANGLES, vertices=3)

    def _tell(self, name: str, value: Uniform) -> bool:
        """Sets a uniform, if it has another value now; False if this variant has lost it."""
        if self._told.get(name) == value:
            return True
        if name in self.optional and name not in self._uniforms:
            return False
        self._uniforms[name].value = value
        self._told[name] = value
        return True

    def release(self) -> None:
        """Gives the program back."""
        self.array.release()
        self.program.release()


def plain(text: str) -> Source:
    """A Source of the host's own text."""
    return Source.of([(line, None) for line in text.splitlines()])
