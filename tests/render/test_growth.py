"""Hundreds of random preset changes leave nothing behind: no OpenGL objects, no memory."""

import random
from pathlib import Path

import moderngl

from performer.circle.circle import Circle
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.shows import Library

from .scenes import PIPELINE, rest, send

CHANGES, FRAMES = 500, 3
VIEW = View("master", (64, 36))
MEGABYTES = 40  # a hundredth of what 500 changes would leave that each leave their targets


def resident() -> float:
    """Memory of this process, MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) / 256


def newest(gl: moderngl.Context) -> tuple[int, int]:
    """The numbers that a new texture and a new buffer get; those of lost ones never come back."""
    texture, buffer = gl.texture((1, 1), 4), gl.buffer(reserve=4)
    found = texture.glo, buffer.glo
    texture.release()
    buffer.release()
    return found


def test_five_hundred_preset_changes_leave_nothing_behind(
    gl: moderngl.Context, library: Library
) -> None:
    renderer, circle = Renderer(gl, library.shaders, PIPELINE), Circle(library, 12, 1)
    chance, names = random.Random(7), sorted(library.presets)

    def change() -> None:
        send(circle, "/preset", chance.choice(names), chance.choice([0.0, 0.05, 0.3]))
        for _ in range(FRAMES):
            renderer.draw(circle.step(1 / 30), [VIEW])

    for name in [*names, *names]:  # everything has been there once
        send(circle, "/preset", name, 0.1)
        for _ in range(30):
            renderer.draw(circle.step(1 / 10), [VIEW])
    before, objects, memory = len(renderer.layers.programs), newest(gl), resident()
    for _ in range(CHANGES):
        change()
    assert len(renderer.layers.programs) <= max(before, renderer.layers.programs.most)
    assert max(a - b for a, b in zip(newest(gl), objects, strict=True)) < 20
    assert resident() - memory < MEGABYTES
    assert renderer.broken == {}
    rest(gl)
    renderer.release()
