"""The bundled shows, left alone: slow, dark enough to lie under, and almost free of the guard."""

import numpy as np
import pytest

from performer.circle import palettes
from performer.circle.circle import Circle
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.files import names
from performer.show.shows import load_show

from .scenes import send

SIZE = (160, 90)
FPS = 30


def test_there_are_three_shows_of_five_phases() -> None:
    nights = {name: load_show(name).show for name in names("show")}
    assert {name: night.seconds / 60 for name, night in nights.items()} == {
        "luna-circle": 45, "dream-symphony": 45, "dreamscapes-of-truth": 20,
    }  # fmt: skip
    arc = ["ritual", "descent", "convergence", "dream", "waking"]
    assert all([p.name for p in night.phase] == arc for night in nights.values())


@pytest.mark.parametrize("phase", range(5))
@pytest.mark.parametrize("show", names("show"))
def test_the_guard_has_almost_nothing_to_do_and_the_light_is_low(
    renderer: Renderer, show: str, phase: int
) -> None:
    library = load_show(show)
    list(renderer.warm(list(library.generators)))
    circle, view = Circle(library), View("master", SIZE)
    send(circle, "/phase/go", phase + 1)
    # from before the fade's end, when most of it changes, to well after it
    for _ in range(int(library.show.phase[phase].fade * 0.6 / 0.25)):
        circle.step(0.25)
    for _ in range(3 * FPS // 2):  # the guard rises from black
        renderer.draw(circle.step(1 / FPS), [view])
    pictures = (renderer.draw(circle.step(1 / FPS), [view])[view] for _ in range(3 * FPS))
    held, pixels = zip(*((p.held(), p.pixels()) for p in pictures), strict=True)
    light = palettes.decoded(pixels[-1][..., :3] / 255.0) @ palettes.LUMINANCE
    assert np.mean(held) <= 0.05
    assert 0.035 < light.mean() < 0.2
    assert (light > 0.75).mean() < 0.01  # white is rare and small
    assert light.std() > 0.02
