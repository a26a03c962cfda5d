"""What picture tests share: circles to draw, textures to upload, pixels to read."""

from collections.abc import Mapping
from functools import lru_cache

import moderngl
import numpy as np
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.frame import Frame
from performer.parameters import TREE
from performer.render.guard import Guard
from performer.render.passes import Target
from performer.show.files import data_folder

PIPELINE = data_folder() / "shaders" / "pipeline"

Light = NDArray[np.float32]
Pixels = NDArray[np.uint8]


def send(circle: Circle, address: str, *args: object) -> None:
    """One message, checked as the desk does."""
    circle.take(TREE.accept(address, args))


def held(circle: Circle, values: Mapping[str, float]) -> Circle:
    """The same circle with hands on some faders."""
    for address, value in values.items():
        send(circle, address, value)
    return circle


def settled(circle: Circle, frames: int, dt: float = 1 / 30) -> Frame:
    """The Frame after so many steps."""
    for _ in range(frames - 1):
        circle.step(dt)
    return circle.step(dt)


@lru_cache(maxsize=1)
def _resting_place(gl: moderngl.Context) -> moderngl.Framebuffer:
    return gl.simple_framebuffer((1, 1))


def rest(gl: moderngl.Context) -> None:
    """Binds nothing that a test is about to release; see Target.release."""
    _resting_place(gl).use()


def texture(
    gl: moderngl.Context, light: NDArray[np.floating], dtype: str = "f2"
) -> moderngl.Texture:
    """Linear light (H, W, 3), top row first, as a texture of the scene's format."""
    made = gl.texture((light.shape[1], light.shape[0]), 4, dtype=dtype)
    made.filter = (moderngl.LINEAR, moderngl.LINEAR)
    made.repeat_x = made.repeat_y = False
    made.write(bottom_up(light, dtype))
    return made


def bottom_up(light: NDArray[np.floating], dtype: str = "f2") -> bytes:
    """The bytes of a texture of that picture."""
    out = np.ones((*light.shape[:2], 4), np.float16 if dtype == "f2" else np.float32)
    with np.errstate(over="ignore"):  # beyond half floats is infinite, as in the scene itself
        out[..., :3] = light[::-1]
    return out.tobytes()


def read(target: Target, which: int = 0) -> NDArray[np.generic]:
    """All four components of a target's texture, top row first."""
    source = target.textures[which]
    kind = {"f1": np.uint8, "f2": np.float16, "f4": np.float32, "u4": np.uint32}[source.dtype]
    return np.frombuffer(source.read(), kind).reshape(source.height, source.width, -1)[::-1]


class Eye:
    """A guard that is fed with pictures of our own, and what it shows."""

    def __init__(
        self, gl: moderngl.Context, size: tuple[int, int], sigma: float = 0.27, dtype: str = "f2"
    ) -> None:
        self.gl = gl
        self.guard = Guard(gl, PIPELINE, size)
        self.sigma, self.dtype = sigma, dtype
        self.scene = texture(gl, np.zeros((size[1], size[0], 3)), dtype)

    def begin(self, grey: float) -> None:
        """Shows a grey from the start, as if it had been there for long."""
        self.see(np.full((self.scene.height, self.scene.width, 3), grey), 1 / 30, sigma=1e6)

    def see(
        self, light: NDArray[np.floating], dt: float, panic_age: float = 1e9,
        sigma: float | None = None,
    ) -> Pixels:  # fmt: skip
        """The 8-bit picture (H, W, 3) after one frame of `light` (H, W, 3)."""
        self.scene.write(bottom_up(light, self.dtype))
        self.guard.draw(self.scene, dt, self.sigma if sigma is None else sigma, panic_age)
        return self.pixels()

    def pixels(self) -> Pixels:
        """What is shown, sRGB (H, W, 3)."""
        return read(self.guard.shown, 1)[..., :3].astype(np.uint8)

    def light(self) -> Light:
        """What is shown before it is rounded: linear light (H, W, 3)."""
        return read(self.guard.shown)[..., :3].astype(np.float32)

    def held(self) -> float:
        """The share of pixels that were held back."""
        return float(read(self.guard.shown)[..., 3].astype(np.float64).mean())

    def release(self) -> None:
        """Gives everything back."""
        rest(self.gl)
        self.guard.release()
        self.scene.release()
