"""Golden pictures of every generator alone, of every preset, and from merged to apart."""

from pathlib import Path

import moderngl
import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.render import context
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.files import names
from performer.show.shows import Library, load_show

from .golden import REFS, check, load
from .scenes import held

SIZE = (160, 90)
RENDERER = "llvmpipe"
Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]


@pytest.fixture
def software(gl: moderngl.Context) -> None:
    """Skips where pictures are made by something else: another driver rounds otherwise."""
    found = context.describe(gl)["renderer"]
    if RENDERER not in found:
        pytest.skip(f"golden pictures are compared on {RENDERER} only, this is {found}")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-refs"))


def shown(renderer: Renderer, circle: Circle, view: View) -> Pixels:
    """The picture after six seconds, of which the last four were drawn: lit, with a past."""
    for _ in range(60):
        circle.step(1 / 30)
    for _ in range(119):
        renderer.draw(circle.step(1 / 30), [view])
    return renderer.draw(circle.step(1 / 30), [view])[view].pixels()[..., :3]


@pytest.mark.usefixtures("software")
@pytest.mark.parametrize("generator", names("generator"))
def test_a_generator_alone(
    renderer: Renderer, library: Library, update: bool, generator: str
) -> None:
    circle = Circle(library, 1, 7)
    circle.people.generators[0] = circle.people.wanted[0] = generator
    held(circle, {"/individuality": 1.0, "/resonance": 0.3, "/brightness": 0.8})
    check(f"solo-{generator}", shown(renderer, circle, View("solo", SIZE, "sim-1")), update)


@pytest.mark.usefixtures("software")
@pytest.mark.parametrize("preset", names("preset"))
def test_a_preset(renderer: Renderer, update: bool, preset: str) -> None:
    circle = Circle(load_show(preset), 12, 7)
    check(f"preset-{preset}", shown(renderer, circle, View("master", SIZE)), update)


@pytest.mark.usefixtures("software")
@pytest.mark.parametrize("individuality", [0.0, 0.5, 1.0])
def test_the_master(
    renderer: Renderer, library: Library, update: bool, individuality: float
) -> None:
    circle = held(Circle(library, 12, 7), {"/individuality": individuality, "/resonance": 0.4})
    picture = shown(renderer, circle, View("master", SIZE))
    check(f"master-{round(100 * individuality):03d}", picture, update)


def test_twelve_dreams_and_eight_presets_have_their_pictures() -> None:
    assert len(names("generator")) >= 12
    assert len(names("preset")) >= 8
    wanted = {f"solo-{g}" for g in names("generator")} | {f"preset-{p}" for p in names("preset")}
    assert wanted <= {path.stem for path in REFS.glob("*.png")}


# ---- the mechanism itself -------------------------------------------------------------------


def gradient() -> Pixels:
    y, x = np.mgrid[0:18, 0:32]
    return np.stack([x * 7, y * 13, x + y], axis=-1).astype(np.uint8)


def test_a_reference_survives_its_file(tmp_path: Path) -> None:
    check("here", gradient(), True, tmp_path)
    assert np.array_equal(load(tmp_path / "here.png"), gradient())
    check("here", gradient(), False, tmp_path)


def test_one_step_is_let_through_and_two_are_shown(tmp_path: Path) -> None:
    check("here", gradient(), True, tmp_path)
    off = gradient()
    off[3, 4, 1] += 1
    check("here", off, False, tmp_path, tmp_path / "diffs")
    assert not (tmp_path / "diffs").exists()
    off[3, 4, 1] += 1
    with pytest.raises(AssertionError, match="differs by up to 2 of 255"):
        check("here", off, False, tmp_path, tmp_path / "diffs")
    apart = load(tmp_path / "diffs" / "here.png")
    assert apart.shape == (18, 96, 3)
    assert apart[3, 64 + 4, 1] == 32
    assert apart[:, 64:].astype(int).sum() == 32


def test_a_missing_reference_and_another_size_are_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="--update-refs"):
        check("nothing", gradient(), False, tmp_path)
    check("here", gradient(), True, tmp_path)
    with pytest.raises(AssertionError, match="is 16x18, the reference is 32x18"):
        check("here", gradient()[:, :16], False, tmp_path)
