"""What is warm is warm: every pass was drawn before it is lit, with textures of the same kinds.

A driver compiles a pass at its first draw, and again for a texture of another format, filter or
border, or with sides that are powers of two where they were not (Mesa's llvmpipe); 480 ms in all.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import moderngl
import pytest

from performer.circle.circle import Circle
from performer.render.dressing import keys_of
from performer.render.isf.source import LAYER
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.effects import Effect
from performer.show.shows import Library, dressed

from .scenes import PIPELINE, rest, send

VIEW = View("master", (208, 117))
PEOPLE = 12
Kind = tuple[object, ...]


def kind(texture: moderngl.Texture) -> Kind:
    """What a driver compiles for."""
    powers = texture.width & (texture.width - 1) == 0, texture.height & (texture.height - 1) == 0
    filters = tuple(texture.filter)
    return texture.dtype, texture.components, filters, texture.repeat_x, powers


class Seen:
    """Every draw: the program's number, what it draws into, and the textures handed to it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.draws: set[Kind] = set()
        read: dict[int, Kind] = {}
        use, render = moderngl.Texture.use, moderngl.VertexArray.render

        def used(texture: moderngl.Texture, location: int = 0) -> None:
            read[location] = kind(texture)
            use(texture, location)

        def rendered(array: moderngl.VertexArray, *args: Any, **more: Any) -> None:
            into = array.ctx.fbo.color_attachments[0]
            assert isinstance(into, moderngl.Texture)
            program: Any = array.program
            self.draws.add((program.glo, into.dtype, *sorted(read.items())))
            read.clear()
            render(array, *args, **more)

        patch.setattr(moderngl.Texture, "use", used)
        patch.setattr(moderngl.VertexArray, "render", rendered)


def wet(library: Library) -> Library:
    """The library with one more preset, which wears an effect of many passes."""
    bloom = Effect.model_validate({"shader": "bloom"}, context={"name": "wet"})
    preset = library.presets["tidepool"]
    worn = preset.model_copy(update={"effect": (*preset.effect, bloom)})
    presets = {**library.presets, "wet": dressed(worn, library.filters)}
    return replace(library, presets=presets)


@pytest.fixture
def seen() -> Iterator[Seen]:
    with pytest.MonkeyPatch.context() as patch:
        yield Seen(patch)


def test_nothing_is_drawn_for_the_first_time_when_presets_change(
    gl: moderngl.Context, library: Library, seen: Seen
) -> None:
    library = wet(library)
    renderer, circle = Renderer(gl, library.shaders, PIPELINE), Circle(library, PEOPLE, 1)
    renderer.expect(circle.people.capacity, VIEW.size)
    worn = keys_of(library.presets.values(), library.shaders)
    list(renderer.warm(list(library.generators), worn))
    for _ in range(3):  # passes of the scene itself are compiled in the first frames, in the dark
        renderer.draw(circle.step(1 / 30), [VIEW])
    warm = set(seen.draws)
    seen.draws.clear()
    send(circle, "/participant/sim-1/words", "A picture of the album's own kind.")
    for name in ("wet", *sorted(library.presets)):
        send(circle, "/preset", name, 0.2)
        for _ in range(24):
            renderer.draw(circle.step(1 / 10), [VIEW])
    steps = {s.program.glo: (p.shader.name, n) for p in renderer.layers.programs
             for n, s in enumerate(p.steps)}  # fmt: skip
    cold = {(steps.get(int(str(d[0]))), d) for d in seen.draws - warm}
    assert not cold
    assert len({d[0] for d in seen.draws} & steps.keys()) > 2 * len(library.generators)
    rest(gl)
    renderer.release()


def test_a_shader_that_is_saved_while_it_is_warmed_is_no_trouble(
    gl: moderngl.Context, library: Library
) -> None:
    renderer, circle = Renderer(gl, library.shaders, PIPELINE), Circle(library, 2, 1)
    layers, milk = renderer.layers, library.generators["milk"]
    layers.expected = [("milk", LAYER)]
    for _ in range(100):
        renderer.draw(circle.step(1 / 30), [VIEW])
        if layers.programs.has("milk"):
            break
    assert layers.renew("milk", milk) is None  # its first pass is drawn, three are not
    for _ in range(10):
        renderer.draw(circle.step(1 / 30), [VIEW])
    send(circle, "/participant/sim-1/generator", "milk")
    for _ in range(30):
        renderer.draw(circle.step(1 / 10), [VIEW])
    assert "milk" in circle.people.generators
    assert renderer.broken == {}
    rest(gl)
    renderer.release()
