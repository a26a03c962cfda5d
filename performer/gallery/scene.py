"""One still of a whole circle: settled, then drawn until the guard has let the light in."""

import numpy as np
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.parameters import TREE
from performer.render import context
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.files import data_folder
from performer.show.shows import Library

Pixels = NDArray[np.uint8]

SETTLE, SETTLING = 120, 0.25  # steps of so many s, in which seats, shares and feelings find a place
STEP = 1.0 / 12.0  # s between two pictures
LEAST, MOST = 48, 84  # pictures until the trails are there, and until patience ends
EVERY = 12  # pictures between two looks at the guard
LET_IN = 0.005  # share of pixels still held back at which the light is said to be there


def settled(library: Library, values: dict[str, float]) -> Circle:
    """The show's circle half a minute into its first phase, with hands on some faders."""
    circle = Circle(library)
    for address, value in values.items():
        circle.take(TREE.accept(address, [value]))
    rested(circle, SETTLE * SETTLING)
    return circle


def rested(circle: Circle, seconds: float) -> None:
    """Lets `seconds` go by, without pictures."""
    for _ in range(round(seconds / SETTLING)):
        circle.step(SETTLING)


def still(circle: Circle, size: tuple[int, int]) -> Pixels:
    """The master's picture, RGB (H, W, 3). FileError of a generator that does not compile.

    On a context of its own: no still depends on what was drawn before it.
    """
    gl = context.headless()
    try:
        renderer = Renderer(gl, circle.library.shaders, data_folder() / "shaders" / "pipeline")
        view = View("master", size)
        for number in range(1, MOST + 1):
            picture = renderer.draw(circle.step(STEP), [view])[view]
            if number >= LEAST and number % EVERY == 0 and picture.held() < LET_IN:
                break
        for error in renderer.broken.values():
            raise error
        pixels = renderer.draw(circle.step(STEP), [view])[view].pixels()[..., :3].copy()
        renderer.release()
        return pixels
    finally:
        gl.release()
