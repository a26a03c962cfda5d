"""The Renderer: a function from the sequence of Frames to pictures, and nothing else.

Layers and mask are drawn once per Frame, then each view from them. See performer/README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

import moderngl
import numpy as np
from numpy.typing import NDArray

from performer.errors import FileError
from performer.frame import Frame
from performer.render.isf.cache import Key
from performer.render.layers import Layers
from performer.render.mask import Mask
from performer.render.scene import Passes, Scene, View
from performer.show.isf import Shader

_Kind = TypeVar("_Kind", bound=np.generic)


class Picture:
    """What one view shows now. Pixels are read only if somebody asks."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    @property
    def texture(self) -> moderngl.Texture:
        """The 8-bit picture as a texture."""
        return self._scene.guard.shown.textures[1]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._scene.view.size

    def pixels(self) -> NDArray[np.uint8]:
        """The picture behind the guard, RGBA, shape (H, W, 4), top row first. Waits for the GPU."""
        return _read(self.texture, np.uint8)[::-1]

    def held(self) -> float:
        """The share of pixels that the guard held back in this frame, 0..1. Waits for the GPU."""
        return float(_read(self._scene.guard.shown.texture, np.float32)[..., 3].mean())

    def unguarded(self) -> NDArray[np.float32]:
        """The blend in OKLab before glow and guard, (H, W, 3), top row first; for tests."""
        return _read(self._scene.blend.texture, np.float16)[::-1, :, :3].astype(np.float32)


def _read(texture: moderngl.Texture, kind: type[_Kind]) -> NDArray[_Kind]:
    width, height = cast("tuple[int, int]", texture.size)
    # All four components: three cost four times as much to read
    return np.frombuffer(texture.read(), kind).reshape(height, width, 4)


class Renderer:
    """Everything OpenGL of one show on one context."""

    def __init__(
        self, gl: moderngl.Context, shaders: Mapping[str, Shader], folder: Path,
        pictures: tuple[Path, ...] = (),
    ) -> None:  # fmt: skip
        self.gl = gl
        self.folder = folder
        self.passes = Passes(gl, folder)
        self.layers = Layers(gl, shaders, folder, pictures)
        self.mask = Mask(gl, folder)
        self._scenes: dict[View, Scene] = {}

    @property
    def broken(self) -> dict[str, FileError]:
        """Generators that did not compile; plain ones are drawn in their place."""
        return self.layers.broken

    def expect(self, capacity: int, size: tuple[int, int]) -> None:
        """Says before the first Frame for how many people, and for what picture, to warm."""
        self.layers.fit(capacity, size)

    def warm(self, names: Sequence[str], keys: Sequence[Key] = ()) -> Iterator[str]:
        """Makes each generator's first draw while it is dark, and that of `keys`; yields each."""
        yield from self.layers.warm(names, keys)

    def draw(self, frame: Frame, views: Sequence[View]) -> dict[View, Picture]:
        """Draws every view of one Frame. Views that are no longer asked for are let go."""
        master = views[0].size
        self.layers.draw(frame, master)
        shared = self.mask.draw(frame, self.layers, master)
        for gone in set(self._scenes) - set(views):
            self._scenes.pop(gone).release()
        for view in views:
            self.scene(view).draw(frame, self.layers, self.mask, shared)
        return {view: Picture(self._scenes[view]) for view in views}

    def scene(self, view: View) -> Scene:
        """The scene of a view, made when it is first asked for."""
        if view not in self._scenes:
            self._scenes[view] = Scene(self.gl, self.folder, view, self.passes)
        return self._scenes[view]

    def resize(self, view: View, size: tuple[int, int]) -> View:
        """The same view at another size; what it shows is kept, so nothing flashes."""
        new = View(view.what, size, view.person)
        if new != view and view in self._scenes:
            scene = self._scenes.pop(view)
            scene.view = new
            self._scenes[new] = scene
        return new

    def release(self) -> None:
        """Gives everything back."""
        for scene in self._scenes.values():
            scene.release()
        self._scenes.clear()
        for part in (self.passes, self.layers, self.mask):
            part.release()
