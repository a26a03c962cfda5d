"""What all ISF shaders of one context share: imported pictures, sound as textures, the mover."""

from pathlib import Path

import moderngl
import numpy as np

from performer.errors import FileError, Problem
from performer.render.isf.atlas import Mover
from performer.render.isf.setting import Sound
from performer.render.picture_file import Pixels, read_picture
from performer.show.isf import Shader


class Shared:
    """Textures by what they hold; each is uploaded once."""

    def __init__(self, gl: moderngl.Context, folder: Path) -> None:
        self.gl = gl
        self.mover = Mover(gl, folder)
        self.blank = gl.texture((1, 1), 4, bytes(4))  # else as pictures are: warm is warm
        self.blank.repeat_x = self.blank.repeat_y = False
        self._files: dict[Path, moderngl.Texture] = {}
        self._sounds: dict[tuple[str, int], tuple[moderngl.Texture, Sound | None]] = {}

    def pictures(self, shader: Shader) -> dict[str, moderngl.Texture]:
        """The pictures that a shader imports; FileError if one cannot be read."""
        found: dict[str, moderngl.Texture] = {}
        for one in shader.imported:
            try:
                found[one.name] = self._file(one.path)
            except FileError as error:
                key = f"IMPORTED.{one.name}.PATH"
                told = error.problems[0].message
                raise FileError(
                    shader.path, [Problem(f"{one.path.name}: {told}", key=key)]
                ) from None
        return found

    def _file(self, path: Path) -> moderngl.Texture:
        if path not in self._files:
            self._files[path] = uploaded(self.gl, read_picture(path))
        return self._files[path]

    def heard(self, sound: Sound, kind: str, most: int) -> moderngl.Texture:
        """A sound as a texture of one row, the same in red, green and blue."""
        numbers = sound.of(kind, most)
        texture, uploaded_ = self._sounds.get((kind, most), (None, None))
        if texture is None or texture.width != len(numbers):
            texture = self.gl.texture((len(numbers), 1), 1, dtype="f4")
            texture.swizzle = "RRR1"
            texture.repeat_x = texture.repeat_y = False
        if uploaded_ is not sound:
            texture.write(np.ascontiguousarray(numbers, np.float32).tobytes())
            self._sounds[kind, most] = (texture, sound)
        return texture

    def release(self) -> None:
        """Gives everything back."""
        for texture in (*self._files.values(), *(t for t, _ in self._sounds.values()), self.blank):
            texture.release()
        self.mover.release()


def uploaded(gl: moderngl.Context, pixels: Pixels) -> moderngl.Texture:
    """A picture, top row first, as a texture, bottom row first."""
    height, width = pixels.shape[:2]
    texture = gl.texture((width, height), 4, np.ascontiguousarray(pixels[::-1]).tobytes())
    texture.repeat_x = texture.repeat_y = False
    return texture
