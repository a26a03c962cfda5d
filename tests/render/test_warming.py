"""What is warm is warm: every pass was drawn before it is lit, with textures of the same kinds.

A driver compiles a pass at its first draw, and again for a texture of another format, filter or
border, or with sides that are powers of two where they were not (Mesa's llvmpipe); 480 ms in all.
"""

from collections.abc import Iterator

import moderngl
import pytest

from performer.circle.circle import Circle
from performer.render.dressing import keys_of
from performer.render.isf.program import Program, Step
from performer.render.passes import Pass
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.shows import Library

from .scenes import PIPELINE, rest, send

VIEW = View("master", (208, 117))
PEOPLE = 12
Draw = tuple[object, ...]


def kind(texture: moderngl.Texture) -> Draw:
    """What a driver compiles for."""
    powers = tuple(side & (side - 1) == 0 for side in texture.size)
    return texture.dtype, texture.components, texture.filter, texture.repeat_x, powers


class Seen:
    """Every draw of a shader's pass, by the pass and the kinds of what it reads and writes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.draws: set[Draw] = set()
        self.passes: set[str] = set()
        self._read: list[Draw] = []
        drawn, bound, passed = Program._draw, Program._bind, Pass.draw

        def bind(program: Program, step: Step, number: int, name: str, *more: object) -> None:
            bound(program, step, number, name, *more)  # pyright: ignore[reportArgumentType]
            textures = more[-1]
            assert isinstance(textures, dict)
            texture, buffer = textures.get(name), program.buffers.all.get(name)
            if buffer is not None:
                texture = buffer.before if name == step.target else buffer.drawn.texture
            self._read.append((name, *kind(texture or program.shared.blank)))

        def draw(program: Program, step: Step, *more: object) -> None:
            self._read = []
            drawn(program, step, *more)  # pyright: ignore[reportArgumentType]
            buffer = program.buffers.all.get(step.target)
            into = "rgba16f" if buffer is None else buffer.format
            number = program.steps.index(step)
            self.draws.add((program.shader.path.stem, program.wrapping, number, into,
                            *self._read))  # fmt: skip

        def run(one: Pass, *more: object) -> None:
            passed(one, *more)  # pyright: ignore[reportArgumentType]
            self.passes.add(one.file.name)

        patch.setattr(Program, "_draw", draw)
        patch.setattr(Program, "_bind", bind)
        patch.setattr(Pass, "draw", run)


@pytest.fixture
def seen() -> Iterator[Seen]:
    with pytest.MonkeyPatch.context() as patch:
        yield Seen(patch)


def test_nothing_is_drawn_for_the_first_time_when_presets_change(
    gl: moderngl.Context, library: Library, seen: Seen
) -> None:
    renderer, circle = Renderer(gl, library.shaders, PIPELINE), Circle(library, PEOPLE, 1)
    renderer.expect(circle.people.capacity, VIEW.size)
    worn = keys_of(library.presets.values(), library.shaders)
    list(renderer.warm(list(library.generators), worn))
    warm, passes = set(seen.draws), set(seen.passes)
    seen.draws.clear()
    for _ in range(3):  # it begins: passes of the scene itself are compiled before it is lit
        renderer.draw(circle.step(1 / 30), [VIEW])
    passes |= seen.passes
    for name in ("tidepool", *sorted(library.presets)):
        send(circle, "/preset", name, 0.2)
        for _ in range(24):
            renderer.draw(circle.step(1 / 10), [VIEW])
    assert len(seen.draws) > 2 * len(library.generators)
    assert seen.draws - warm == set()
    assert seen.passes - passes == set()
    rest(gl)
    renderer.release()
