"""Every bundled preset in ART's ranges, by the same figures that `rehearse --stats` writes."""

import pytest

from performer.circle.circle import Circle
from performer.journal.stats import Stats
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.files import names
from performer.show.shows import load_show

SIZE, FPS = (160, 90), 15
SETTLED, LIT, MEASURED = 30.0, 3, 6  # s: of the circle, of the guard's rise, of the figures


@pytest.mark.parametrize("preset", names("preset"))
def test_light_colour_and_motion_are_those_of_a_dark_slow_room(
    renderer: Renderer, preset: str
) -> None:
    circle, view, stats = Circle(load_show(preset)), View("master", SIZE), Stats()
    for _ in range(round(SETTLED / 0.25)):
        circle.step(0.25)
    for k in range((LIT + MEASURED) * FPS):
        frame = circle.step(1 / FPS)
        picture = renderer.draw(frame, [view])[view]
        if k >= LIT * FPS:
            stats.see(frame, picture.pixels(), picture.held(), 0.0)
    found = stats.summary()
    assert 0.05 <= found["mean_luminance"] <= 0.20
    assert 0.02 <= found["mean_chroma"] <= 0.10
    assert found["p95_chroma"] <= 0.13
    # Everything breathes and nothing hurries: ΔE_OK and ΔY per second, averaged over the picture.
    assert 0.002 <= found["motion"] <= 0.05
    assert found["light_motion"] <= 0.02
    assert found["held"] <= 0.05
